"""The Rademacher chain, R1 to R6, written again by hand from the ledger in plain floating-point mathematics."""

import math

import numpy as np
import pytest
import sympy as sp

from theory import claims
from theory.statement import ForAll, Identity, Inequality, WithProbability
from theory.symbols import delta

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
LOG = math.log(1 / 0.1)
MINE = {"R1", "R2", "R3", "R4", "R5", "R6"}
BALL = {"ball_radius": 3.0, "n": 50, "d": 4}
PRODUCT = {"sup_first": 2.0, "sup_second": 3.0, "rademacher_first": 0.4, "rademacher_second": 0.1}
BARRED = {"sup_first": 2.0, "sup_second": 3.0, "rademacher_abs_first": 0.4, "rademacher_abs_second": 0.1}
SAMPLE = {"M": 2.0, "n": 50, "delta": 0.1}

# id, values, right side by hand
BOUNDS = [
    ("R1:contraction", {"lipschitz": 3.0, "rademacher": 0.2}, 3.0 * 0.2),
    ("R1:contraction-abs", {"lipschitz": 3.0, "rademacher_abs": 0.2}, 2 * 3.0 * 0.2),
    ("R1:abs-factor-one", {"lipschitz": 3.0, "rademacher_abs": 0.2}, 3.0 * 0.2),
    ("R2:massart", {**BALL, "point_norm": 2.0}, 3 * 2 * math.sqrt(2 * math.log(8) / 50)),
    ("R2:sharp", {**BALL, "input_norm": 2.0}, 3 * 2 * math.sqrt(2 * math.log(10) / 50)),
    ("R2:printed", {**BALL, "input_norm": 2.0}, 3 * 2 * math.sqrt(2 * math.log(16) / 50)),
    (
        "R2:cosh",
        {**BALL, "input_norm": 2.0, "temperature": 1.5},
        3 * 2 * math.acosh(1 + 5 * (math.exp(1.5**2 / 2) - 1)) / (1.5 * math.sqrt(50)),
    ),
    ("R3:printed", PRODUCT, 5 * 0.5),
    ("R3:abs", BARRED, 5 * 0.5),
    ("R3:sharp", PRODUCT, (math.sqrt(2 * 0.1) + math.sqrt(3 * 0.4)) ** 2),
    ("R4:printed", {"ball_radius": 3.0, "rademacher_neuron": 0.2}, 2 * 3 * 0.2),
    ("R4:sharp", {"ball_radius": 3.0, "rademacher_abs_neuron": 0.3}, 3 * 0.3),
    ("R4:frozen", {"ball_radius": 3.0, "n": 50, "feature_energy": 7.0}, 3 * math.sqrt(7) / 50),
    ("R4:khintchine", {"ball_radius": 3.0, "n": 50, "feature_energy": 7.0, "rademacher_frozen": 0.2}, 2 * 0.2**2),
    ("R4:breakpoints", {"breakpoint_max": 2.5}, 2.5),
    ("R5:fixed-function", {"rademacher": 0.2}, 0.2),
    ("R5:fixed-function-abs", {"rademacher_abs": 0.2}, 0.2),
    ("R5:abs", {"n": 50, "shift_energy": 7.0}, math.sqrt(7) / 50),
    ("R6:expected", {**SAMPLE, "rademacher_expected": 0.3}, 0.6 + 2 * math.sqrt(2 * LOG / 50)),
    ("R6:sharp", {**SAMPLE, "rademacher_abs": 0.3}, 0.6 + 4 * math.sqrt(2 * LOG / 50)),
    ("R6:empirical", {**SAMPLE, "rademacher_abs": 0.3}, 0.6 + 6 * math.sqrt(2 * math.log(20) / 50)),
    (
        "R6:one-sided",
        {"n": 50, "delta": 0.1, "value_range": 4.0, "rademacher_one_sided": 0.3},
        0.6 + 4 * math.sqrt(LOG / 100),
    ),
]


def right(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).right)


def left(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).left)


@pytest.mark.parametrize(("claim_id", "values", "expected"), BOUNDS, ids=[row[0] for row in BOUNDS])
def test_the_right_side_is_the_ledgers(claim_id, values, expected):
    assert right(claim_id, **values) == pytest.approx(expected, rel=RTOL)


def test_every_claim_of_the_chain_is_computed_by_hand():
    assert {name for name in claims if claims[name].family in MINE} == {claim_id for claim_id, _, _ in BOUNDS}


@pytest.mark.parametrize(
    ("claim_id", "values", "expected"),
    [
        ("R1:contraction", {"lipschitz": 1, "rademacher": 1, "rademacher_image": 0.5}, 0.5),
        ("R1:contraction-abs", {"lipschitz": 1, "rademacher_abs": 1, "rademacher_abs_image": 0.5}, 0.5),
        ("R2:printed", {**BALL, "input_norm": 1, "rademacher_affine": 0.5}, 0.5),
        ("R3:sharp", {**PRODUCT, "rademacher_product": 0.5}, 0.5),
        ("R4:printed", {"ball_radius": 1, "rademacher_neuron": 1, "rademacher_network": 0.5}, 0.5),
        ("R4:khintchine", {"ball_radius": 3, "n": 50, "feature_energy": 7, "rademacher_frozen": 0.2}, 9 * 7 / 2500),
        ("R5:abs", {"n": 1, "shift_energy": 1, "rademacher_abs_shifted": 0.75, "rademacher_abs": 0.5}, 0.25),
        ("R6:sharp", {**SAMPLE, "rademacher_abs": 0, "uniform_deviation": 0.5}, 0.5),
        (
            "R6:one-sided",
            {"n": 1, "delta": 0.5, "value_range": 1, "rademacher_one_sided": 0, "one_sided_deviation": -0.5},
            -0.5,
        ),
    ],
)
def test_the_left_side_is_the_ledgers(claim_id, values, expected):
    assert left(claim_id, **values) == pytest.approx(expected, rel=RTOL)


def test_quantifiers_and_relations_are_the_ledgers():
    for name, claim in claims.items():
        if claim.family not in MINE:
            continue
        if claim.family == "R6":
            assert isinstance(claim.quantifier, WithProbability)
            assert claim.quantifier.at_least == 1 - delta
        else:
            assert isinstance(claim.quantifier, ForAll)
        assert isinstance(claim.relation, Identity if name.startswith("R5:fixed") else Inequality)


def test_constants_are_the_ledgers():
    for name in ("R1:contraction-abs", "R4:printed", "R4:khintchine"):
        assert claims[name].constants["C"].value == sp.S(2)


# Edge cases and the order of the bounds ------------------------------------------------------------------------------


def test_certain_failure_leaves_the_complexity_alone():
    at = {"M": 2.0, "n": 50, "delta": 1}
    assert right("R6:expected", **at, rademacher_expected=0.3) == 0.6
    assert right("R6:sharp", **at, rademacher_abs=0.3) == 0.6


@pytest.mark.parametrize("count", [1, 10, 10**6])
def test_the_empirical_bound_with_a_union_is_looser_by_more_than_three_halves(count):
    for level in (1e-9, 0.1, 0.9, 1):
        at = {"M": 1, "n": count, "delta": level, "rademacher_abs": 0}
        assert right("R6:empirical", **at) >= 1.5 * right("R6:sharp", **at)


def test_the_printed_logarithm_costs_at_most_a_tenth():
    many = np.arange(1, 10**5)
    at = {"ball_radius": 1, "n": 10, "input_norm": 1, "d": many}
    loss = claims["R2:printed"].evaluate(**at).right / claims["R2:sharp"].evaluate(**at).right
    assert loss[0] == pytest.approx(1, rel=RTOL)
    assert loss.argmax() + 1 == 5
    assert 1.097 < loss.max() < 1.098


@pytest.mark.parametrize("dim", [1, 2, 3, 10, 1000])
def test_the_hyperbolic_cosine_beats_the_exponential(dim):
    at = {"ball_radius": 1, "n": 10, "input_norm": 1, "d": dim}
    best = math.sqrt(2 * math.log(2 * (dim + 1)))
    assert right("R2:cosh", **at, temperature=best) < right("R2:sharp", **at)
    small = right("R2:cosh", **at, temperature=1e-3)
    assert small == pytest.approx(math.sqrt((dim + 1) / 10), rel=1e-3)  # to the order of the squared parameter times d


def test_the_sharp_product_bound_is_never_above_the_printed_one():
    grid = np.meshgrid([0, 0.1, 1, 7], [0, 0.2, 1, 5], [0, 0.3, 1], [0, 0.4, 1])
    values = dict(zip(PRODUCT, grid, strict=True))
    sharp, printed = (claims[name].evaluate(**values).right for name in ("R3:sharp", "R3:printed"))
    assert (sharp <= printed * (1 + RTOL)).all()
    assert right("R3:sharp", sup_first=1, sup_second=3, rademacher_first=0.5, rademacher_second=0) == 1.5


def test_nothing_has_no_complexity():
    assert right("R1:contraction-abs", lipschitz=0, rademacher_abs=1) == 0
    assert right("R2:massart", ball_radius=0, n=1, d=1, point_norm=1) == 0
    assert right("R4:frozen", ball_radius=1, n=1, feature_energy=0) == 0
