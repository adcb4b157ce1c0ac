"""The law of an Euler chain on a grid against the closed form of linear scores."""

import math

import numpy as np
import pytest

from verify.models.euler_chains import chain_densities, grid_divergence, line_grid, normal_density


def divergence_of_variance(v):
    """KL(N(0, 1)‖N(0, v))."""
    return 0.5 * (1.0 / v - 1.0 + math.log(v))


@pytest.mark.parametrize("step", [0.05, 0.1])
def test_the_stationary_chain_has_the_variance_of_its_step(step):
    """P = π, s = −x: v = 1/(1 − δ/2), KL = ½(1/v − 1 + log v), 6.466e−4 at δ = 0.1."""
    x = line_grid(10.0, 500)
    (q,) = chain_densities(lambda y, _t: -y, x, start=0.01, step=step, counts=[400])
    expected = divergence_of_variance(1.0 / (1.0 - step / 2))
    assert grid_divergence(x, normal_density(x), q) == pytest.approx(expected, rel=1e-9)
    if step == 0.1:
        assert expected == pytest.approx(6.466e-4, abs=5e-8)


def test_every_chain_starts_at_its_own_horizon():
    x, h = line_grid(10.0, 400), 0.1
    found = chain_densities(lambda y, _t: -1.5 * y, x, start=0.5, step=h, counts=[1, 2, 5])
    for count, q in zip((1, 2, 5), found, strict=True):
        v = 1.0
        for _ in range(count):
            v = (1 + h - 3 * h) ** 2 * v + 2 * h
        assert float((x[1] - x[0]) * (q @ x**2)) == pytest.approx(v, rel=1e-10)


def test_a_step_below_the_grid_and_a_chain_that_leaves_it_are_refused():
    x = line_grid(10.0, 100)
    with pytest.raises(ValueError, match="h must be at least"):
        chain_densities(lambda y, _t: -y, x, start=0.1, step=1e-4, counts=[1])
    (q,) = chain_densities(lambda y, _t: 8.0 + 0.0 * y, x, start=0.1, step=0.2, counts=[9])
    with pytest.raises(ArithmeticError, match="left the grid"):
        grid_divergence(x, np.ones_like(x), q)
