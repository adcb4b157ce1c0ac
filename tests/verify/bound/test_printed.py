"""The conventions of the authors' code that need a path or samples: each against a value found otherwise."""

import math

import numpy as np
import pytest

import theory
import verify
from verify.bound.printed import _STEPS

START, HORIZON, L, COUNT = 0.1, 1.1, 5.0, 4
POINTS = [-2.0, -2.0, 2.0, 2.0]
STEP = (HORIZON - START) / _STEPS
TIMES = HORIZON - STEP * np.arange(_STEPS)


def printed(score, *, samples=64, **conventions):
    return verify.diffusion_bound(
        POINTS, score, sde=theory.OrnsteinUhlenbeck(), horizon=HORIZON, start=START, loss_range=2.0,
        weight_information=0.1, score_bound=L, conventions=verify.Conventions(**conventions), samples=samples,
    ).printed  # fmt: skip


def third(information):
    """T3 with R = 1."""
    return math.sqrt(2 * information / COUNT)


def rising(x, time):
    """A score that does not depend on x."""
    return np.full_like(x, 1.0 + time)


def steep(x, _time):
    return -2.0 * x


def chain(second_moment):
    """½ Σ h g² E s² and the largest E s² for s = −2x under OU, from the recursion of E x²."""
    v, total, largest = second_moment, 0.0, 0.0
    for _ in range(_STEPS):
        total, largest = total + STEP * 4 * v, max(largest, 4 * v)
        v = (1 + STEP - 4 * STEP) ** 2 * v + 2 * STEP
    return total, largest


def test_a_mirrored_score_is_taken_at_the_paths_running_time():
    plain = printed(rising, path="prior")
    assert plain.terms["T3"] == pytest.approx(third(STEP * ((1 + TIMES) ** 2).sum()), rel=1e-9)
    mirrored = STEP * ((1 + START + HORIZON - TIMES) ** 2).sum()
    for conventions in ({"mirrored": True}, {"mirrored": True, "path": "prior"}):
        found = printed(rising, **conventions)
        assert found.terms["T3"] == pytest.approx(third(mirrored), rel=1e-9)
    assert found.prices["mirrored"] == pytest.approx(third(mirrored) - third(L**2 * HORIZON), rel=1e-9)
    assert found.prices["path"] == pytest.approx(plain.terms["T3"] - third(L**2 * HORIZON), rel=1e-9)


def test_the_largest_norm_and_the_code_s_sum_join_a_path():
    top = printed(rising, path="prior", mean_norm=True)
    assert top.terms["T3"] == pytest.approx(third((1 + HORIZON) ** 2 * HORIZON), rel=1e-9)
    summed = printed(rising, path="prior", nodes=10)
    assert summed.terms["T3"] == pytest.approx(third(1.1 * STEP * ((1 + TIMES) ** 2).sum()), rel=1e-9)


@pytest.mark.parametrize(("path", "second"), [
    ("prior", 1.0), ("encoder", 4 * math.exp(-2 * HORIZON) - math.expm1(-2 * HORIZON)), ("datum", 4.0)
])  # fmt: skip
def test_a_path_has_the_norms_of_where_it_starts(path, second):
    total, largest = chain(second)
    how = {"samples": 4096, "path": path}
    # the mean of 4096 squares has a relative error of 2.2 %, of a whole path less: six of them, and the root halves it
    assert printed(steep, **how).terms["T3"] == pytest.approx(third(total), rel=0.07)
    assert printed(steep, mean_norm=True, **how).terms["T3"] == pytest.approx(third(largest * HORIZON), rel=0.07)


def test_the_mean_rate_stands_for_the_mean_of_the_roots():
    found = printed(steep, mean_rate=True)
    rate = 0.5 * (4 * math.exp(-2 * HORIZON) - math.exp(-2 * HORIZON) - math.log1p(-math.exp(-2 * HORIZON)))
    assert found.terms["T2"] == pytest.approx(math.sqrt(2) * rate, rel=1e-12)
    assert found.prices["mean_rate"] == pytest.approx(math.sqrt(2) * (rate - math.sqrt(rate)), rel=1e-9)


def test_two_density_estimates_stand_beside_the_bound_and_change_nothing_in_it():
    plain, found = printed(steep), printed(steep, samples=8192, density_estimates=0.5)
    assert plain.divergence is None
    assert (found.total, found.prices) == (plain.total, plain.prices)
    # s = −2x generates N(0, v): its fixed point is 2h/(1 − (1 − 3h)²) → ⅓, reached to e^{−6}
    spread = 1 / 3 + (1 - 1 / 3) * math.exp(-6.0) + 0.25
    own = np.log(np.exp(-0.5 * (np.subtract.outer(POINTS, POINTS) / 0.5) ** 2).mean(axis=1) / 0.5)
    exact = float((own + 0.5 * np.log(spread) + 0.5 * np.square(POINTS) / spread).mean())
    assert found.divergence == pytest.approx(exact, abs=0.2)  # 8192 samples: 3 %, six times
    assert len(found.table().rows) == len(plain.table().rows) + 1
