"""Exact violation probabilities of Lemmas 1 and 7 are those of SciPy, of simulations and of the reflection principle.

Every simulation has a fixed seed and an interval of family-wise level 1e-9.
"""

import itertools
import math

import numpy as np
import pytest
from flint import arb
from scipy import integrate, special, stats

from theory.claims import REGISTRY
from verify.evidence.confrontation import number
from verify.plans import lemma_1 as plans_1
from verify.plans.lemma_7 import ANY_MODES, MODE

DRAWS = 200_000
CORNERS = [
    (1, 0.1, 1.0, 1.0, 0.0),
    (4, 0.1, 1.0, 1.0, 0.0),
    (3, 0.5, 2.0, 0.5, 1.5),
    (50, 0.9, 0.3, 2.0, 0.2),
    (2, 0.999, 1.0, 1.0, 10.0),
    (7, 0.01, 5.0, 0.1, 0.3),
]


def agrees_with_simulation(hits, probability, cases):
    """An exact binomial interval at family-wise level 1e-9."""
    return (
        stats.binomtest(int(hits), DRAWS).proportion_ci(1 - 1e-9 / cases, "exact").low
        <= probability
        <= (stats.binomtest(int(hits), DRAWS).proportion_ci(1 - 1e-9 / cases, "exact").high)
    )


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("claim_id", ["L1:printed", "L1:repaired", "L1:sharp"])
def test_the_violation_probability_of_lemma_1_is_that_of_gaussian_boxes(claim_id, corner):
    dim, level, r, v, x0 = corner
    claim = REGISTRY[claim_id]
    values = {"d": dim, "delta": level, "r": r, "v": v, "x0_norm": x0}
    left, right = plans_1.ENDPOINT.sides(claim)(values)
    bound = float(claim.evaluate(**{k: v for k, v in values.items() if k in map(str, claim.symbols)}).right)
    inside = stats.norm.cdf(bound, r * x0, r * v) - stats.norm.cdf(-bound, r * x0, r * v)
    assert number(left) == pytest.approx(-math.expm1(dim * math.log1p(inside - 1)), rel=1e-9, abs=1e-14)
    assert number(right) == level
    if claim_id == "L1:sharp" and x0 == 0:
        assert left.overlaps(right)
    rng = np.random.default_rng(71)
    signs = rng.choice([-1.0, 1.0], size=dim)  # the worst initial points are all alike
    hits = (np.abs(r * x0 * signs + r * v * rng.standard_normal((DRAWS, dim))).max(axis=1) > bound).sum()
    assert agrees_with_simulation(hits, number(left), 3 * len(CORNERS))


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize(
    ("mu", "level", "r", "v"), [(0.0, 0.1, 1.0, 1.0), (5.0, 0.1, 0.5, 0.7), (1.0, 0.9, 2.0, 0.1), (3.0, 0.4, 1.0, 3.0)]
)
def test_the_violation_probability_of_lemma_7_is_that_of_the_mixture_for_every_weight(weight, mu, level, r, v):
    claim = REGISTRY["L7:repaired"]
    left, _ = ANY_MODES.sides(claim)({"mu": mu, "delta": level, "r": r, "v": v})
    bound, std = float(claim.evaluate(mu=mu, delta=level, r=r, v=v).right), r * math.sqrt(1 + v**2)
    exact = sum(
        w * (stats.norm.sf(bound, c, std) + stats.norm.cdf(-bound, c, std))
        for w, c in ((weight, r * mu), (1 - weight, -r * mu))
    )
    assert number(left) == pytest.approx(exact, rel=1e-10)
    rng = np.random.default_rng(72)
    start = np.where(rng.random(DRAWS) < weight, mu, -mu) + rng.standard_normal(DRAWS)
    hits = (np.abs(r * (start + v * rng.standard_normal(DRAWS))) > bound).sum()
    assert agrees_with_simulation(hits, exact, 16)


@pytest.mark.parametrize(("mu", "level"), [(10.0, 0.1), (3.0, 0.02), (0.1, 0.999), (1.0, 0.9), (0.2, 0.5), (0.0, 0.3)])
def test_the_violation_probability_around_a_mode_is_that_of_the_folded_mixture(mu, level):
    claim = REGISTRY["L7:mode"]
    left, _ = MODE.sides(claim)({"mu": mu, "delta": level})
    width = math.sqrt(math.log(1 / level**2))
    normal = stats.norm(mu)
    inner = max(0.0, mu - width)
    exact = normal.sf(mu + width) + normal.cdf(-mu - width) + normal.cdf(inner) - normal.cdf(-inner)
    assert number(left) == pytest.approx(exact, rel=1e-10, abs=1e-15)
    rng = np.random.default_rng(73)
    start = np.abs(rng.choice([-mu, mu], DRAWS) + rng.standard_normal(DRAWS))
    assert agrees_with_simulation((np.abs(start - mu) > width).sum(), exact, 6)


def by_images(start, barrier, clock):
    """P(|start + W(s)| < barrier for s <= clock) by the reflection principle: a sum over images, in Φ."""
    scale = math.sqrt(clock)
    k = 4 * barrier * np.arange(-60, 61)

    def between(centre):
        low, high = (centre - barrier + k) / scale, (centre + barrier + k) / scale
        return np.where(low > 0, special.ndtr(-low) - special.ndtr(-high), special.ndtr(high) - special.ndtr(low))

    return math.fsum(between(-start)) - math.fsum(between(start - 2 * barrier))


@pytest.mark.parametrize(
    ("start", "barrier", "clock"),
    [
        *itertools.product([0.0, 0.5, 0.9, 0.999], [1.0], [0.001, 0.05, 0.3, 1.0, 4.0, 20.0]),
        (10.0, 10.3, 0.01),
        (3.0, 40.0, 100.0),
        (0.0, 1.0, 1e-4),
    ],
)
def test_the_stay_probability_is_that_of_the_reflection_principle(start, barrier, clock):
    ball = plans_1.stay_probability(arb(start), arb(barrier), arb(clock))
    assert ball.rad() < 1e-12
    assert number(ball) == pytest.approx(by_images(start, barrier, clock), abs=1e-12)


def test_the_stay_probability_agrees_with_the_density_of_the_exit_time():
    # P(exit before 1) from 0 by integrating the first-passage density Σ (−1)^k (2k+1) π/2 e^{−(2k+1)²π²t/8}
    k = np.arange(200)

    def density(t):
        return float(np.sum((-1.0) ** k * (2 * k + 1) * math.pi / 2 * np.exp(-(((2 * k + 1) * math.pi) ** 2) * t / 8)))

    later, error = integrate.quad(density, 1.0, 40.0, epsabs=1e-13)
    stay = number(plans_1.stay_probability(arb(0), arb(1), arb(1)))
    assert abs(stay - later) <= error + 1e-12


def test_a_start_at_or_beyond_the_barrier_has_left():
    for start in (1, 2):
        assert plans_1.stay_probability(arb(start), arb(1), arb(1)) == 0
