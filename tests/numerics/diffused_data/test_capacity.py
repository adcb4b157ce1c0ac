"""The capacity of a path: linear scores have it in closed form, chain by chain."""

import math

import numpy as np
import pytest

import numerics as nm

STEPS, HORIZON = 40, 2.0
PROCESS = {"drift": -1.0, "diffusion": math.sqrt(2.0), "horizon": HORIZON, "prior_std": 1.0}


def test_a_linear_score_has_the_capacity_of_its_chain():
    """s = −2x against s̄ = −x: E x² follows v ← (1 + h − 4h)² v + 2h, and the summand is h v."""
    h, v, expected = HORIZON / STEPS, 1.0, 0.0
    for _ in range(STEPS):
        expected += h * v
        v = (1 + h - 4 * h) ** 2 * v + 2 * h
    found = nm.path_capacity(
        lambda x, t: -2 * x, reference=lambda x, t: -x, dim=2, steps=STEPS,
        sampling=nm.Sampling(samples=20_000, alpha=1e-9, rng=0), **PROCESS,
    )  # fmt: skip
    assert found.interval[0] <= 2 * expected <= found.interval[1]
    assert found.error <= 0.05 * found.value


def test_a_bounded_difference_has_the_capacity_of_its_bound():
    found = nm.path_capacity(lambda x, t: -x + 3.0, reference=lambda x, t: -x, steps=STEPS,
                             sampling=nm.Sampling(samples=64), **PROCESS)  # fmt: skip
    assert found.value == pytest.approx(9.0 * HORIZON, rel=1e-12)  # (L²/2) ∫ 2 dt


def test_workers_do_not_change_a_bit():
    one, two = (
        nm.path_capacity(lambda x, t: -x, reference=lambda x, t: np.sin(x), steps=5,
                         sampling=nm.Sampling(samples=64, workers=workers), **PROCESS)
        for workers in (1, 3)
    )  # fmt: skip
    assert one == two


def test_a_path_from_given_points_begins_there():
    """s = −2x from ±2 with noise ½: E x² begins with 4.25 and follows v ← (1 + h − 4h)² v + 2h; the summand is 4hv."""
    h, v, expected = HORIZON / STEPS, 4.25, 0.0
    for _ in range(STEPS):
        expected += 4 * h * v
        v = (1 + h - 4 * h) ** 2 * v + 2 * h
    found = nm.path_capacity(
        lambda x, t: -2 * x, reference=lambda x, t: 0 * x, steps=STEPS, initial=[-2.0, 2.0], initial_std=0.5,
        sampling=nm.Sampling(samples=20_000, alpha=1e-9, rng=0), **PROCESS,
    )  # fmt: skip
    assert found.interval[0] <= expected <= found.interval[1]
    assert found.error <= 0.1 * found.value
