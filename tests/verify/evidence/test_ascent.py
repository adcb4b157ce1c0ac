"""Climbs reach optima at every scale, in every basin, spend their budget, and tell the distance from a refutation."""

import math

import hypothesis
import numpy as np
import pytest
import sympy as sp
from flint import arb
from hypothesis import strategies as st

from theory.claims import REGISTRY
from theory.quantifiers import ForAll
from theory.statement import Claim, Inequality, Source
from verify.balls.numbers import working_precision
from verify.evidence.ascent import Hunt, above, climb, hunt_down, relative
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.chart import Chart, Space, scattered
from verify.evidence.confrontation import Experiment, Outcome
from verify.evidence.domain import Array, Choice, Domain, Integer, Real
from verify.evidence.scout import scouted
from verify.evidence.search import Search, named, supported_factor

QUICK = BUDGETS["quick"]
CLAIM = REGISTRY["L4:sharp"]  # any inequality: the experiments below measure their own sides
MIXED = Domain(
    fields={
        "n": Integer(low=1, high=3),
        "wide": Integer(low=1, high=10**6),
        "x": Real(low=0.5, high=2000, log=True),
        "y": Real(low=-3, high=3),
        "z": Real(low=-3, high=3),
        "list": Array(shape=("n", 2), element=Real(low=-1, high=1)),
        "kind": Choice(options=("p", "q")),
    }
)


def search(sides, fields, seed=0, **options):
    trial = Experiment(name="test", domain=Domain(fields=fields), sides=lambda _claim: sides, **options)
    return Search(experiment=trial).run(CLAIM, Context(budget=QUICK, seed=seed))


def hunt(fields, left, right=lambda _i: arb(1), seed=0):
    def visit(instance):
        one, two = left(instance), right(instance)
        return Outcome(left=one, right=two, ratio=math.nan, violated=bool(one > two), equal=bool(one == two))

    return Hunt(space=Space(Domain(fields=fields)), visit=visit, rng=np.random.default_rng(seed))


# What is counted -----------------------------------------------------------------------------------------------------


def kullback(i):
    p, q = arb(i["p"]), arb(i["q"])
    return 2 * (p - q) * (p - q), p * (p / q).log() + (1 - p) * ((1 - p) / (1 - q)).log()


UNIT = {name: Real(low=0.01, high=0.99) for name in ("p", "q")}


def test_instances_where_both_sides_are_equal_are_counted_apart_from_undefined_ones():
    found = search(kullback, UNIT, extremal=({"p": 0.3, "q": 0.3}, {"p": 0.7, "q": 0.7}))
    assert str(found.verdict) == "SEARCHED"
    assert found.details["equal"] >= 2
    assert found.details["undefined"] == 0
    assert f"({found.details['equal']} equal within the ball)" in found.summary


def test_an_undefined_instance_is_named():
    found = search(lambda i: (arb.nan() if i["a"] > 0.9 else arb(0), arb(1)), {"a": Real(low=0, high=1)})
    assert str(found.verdict) == "UNDECIDED"
    assert found.details["unknown"]["a"] > 0.9
    assert f"first a = {found.details['unknown']['a']:.6g}" in found.summary


def test_equality_in_wide_balls_is_undefined():
    found = search(lambda _i: (arb(0), arb(0, 1e-3)), {"a": Real(low=0, high=1)})
    assert str(found.verdict) == "UNDECIDED"
    assert found.details["equal"] == 0


def test_the_distance_from_a_refutation_is_told_with_its_place():
    found = search(kullback, UNIT)
    assert found.nearest.ratio == found.worst_ratio
    assert found.factor == (1.0, 0.9999)
    assert named(found.nearest.instance) in found.summary
    assert "holds with the right side × 1.0000, refuted with × 0.9999" in found.summary
    assert found.to_dict()["factor"] == {"holds": 1.0, "refuted": 0.9999}
    assert found.instances == found.details["accepted"]


@pytest.mark.parametrize(
    ("left", "right", "factor"),
    [
        ("1", "1", (1.0, 0.9999)),
        ("0.99995", "1", (1.0, 0.9999)),
        ("1.00125", "1", (1.0013, 1.0012)),
        ("3", "4", (0.75, 0.7499)),
        ("0.012345", "1", (0.01235, 0.01234)),
        ("2", "0.001", (2000.0, 1999.9)),
        ("0", "1", None),
        ("-1", "1", None),
        ("1", "-1", None),
    ],
)
def test_an_instance_lies_between_two_factors(left, right, factor):
    outcome = Outcome(left=arb(left), right=arb(right), ratio=math.nan, violated=False)
    assert supported_factor(outcome) == (None if factor is None else pytest.approx(factor, rel=1e-12))


def test_the_gap_keeps_its_sign_and_size_where_the_ratio_rounds_to_1():
    tiny = arb(2) ** -100
    with working_precision(160):
        outcome = Outcome(left=1 - tiny, right=arb(1), ratio=1.0, violated=False)
        shifted = Outcome(left=1 + 3 * tiny, right=1 + 4 * tiny, ratio=1.0, violated=False)
    assert outcome.gap() == pytest.approx(-(2.0**-100))
    assert shifted.gap(arb(1)) == pytest.approx(-0.25)
    order = [(-5, 1), (-1, 1), (0, 1), (1, 2), (2, 1), (2, -1), (9, -1)]
    gaps = [Outcome(left=arb(a), right=arb(b), ratio=math.nan, violated=a > b).gap() for a, b in order]
    assert gaps == sorted(gaps)


# Climbs --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corner", [{"x": 4.0, "y": 4.0}, {"x": -4.0, "y": 4.0}, {"x": -4.0, "y": -4.0}])
def test_a_climb_from_a_corner_does_not_degenerate(corner):
    seen = hunt(
        {name: Real(low=-4, high=4) for name in "xy"}, lambda i: 1 - (arb(i["x"]) - 1) ** 2 - (arb(i["y"]) + 2) ** 2
    )
    with seen.allow(150):
        climb(seen, Chart(seen.space, corner), relative)
    assert len(seen.seen) > 30
    best = max(seen.seen, key=lambda pair: pair[1].excess() if not pair[1].equal else 0.0)[0]
    assert (best["x"], best["y"]) == (pytest.approx(1, abs=0.05), pytest.approx(-2, abs=0.05))


def test_integers_are_climbed_by_halving_steps():
    seen = hunt(
        {"n": Integer(low=1, high=10**6), "m": Integer(low=1, high=10**6)},
        lambda i: -arb(abs(i["n"] - 31415) + abs(i["m"] - i["n"])),
    )
    with seen.allow(600):
        climb(seen, Chart(seen.space, {"n": 900_000, "m": 3}), relative)
    assert any(pair[0] == {"n": 31415, "m": 31415} for pair in seen.seen)


@pytest.mark.parametrize("seed", range(5))
def test_a_vanishing_scale_is_reached_from_ties(seed):
    def left(i):  # cosh λ against exp(λ²/2.000001), wrong for |λ| < 0.0025 of a range of 60, and equal at λ = 0
        return arb(i["lam"]).cosh()

    seen = hunt({"lam": Real(low=-30, high=30)}, left, lambda i: (arb(i["lam"]) ** 2 / arb("2.000001")).exp(), seed)
    hunt_down(seen, QUICK.polish)
    assert any(outcome.violated for _, outcome in seen.seen)


def test_peaks_stand_for_basins_and_not_for_neighbours():
    def hills(i):
        x = arb(i["x"])
        return (-(x * x)).exp() + arb("0.9") * (-100 * (x - 4) * (x - 4)).exp()

    seen = hunt({"x": Real(low=-5, high=5)}, hills)
    with seen.allow(400):
        while True:
            seen.look(scattered(seen.space.domain, seen.rng))
    first, second = (pair[0]["x"] for pair in seen.peaks(relative, 2))
    assert abs(first) < 0.2
    assert abs(second - 4) < 0.2


def test_the_whole_budget_is_spent_and_no_more():
    seen = hunt(
        {name: Real(low=0, high=1) for name in "abc"},
        lambda i: arb(i["a"]) * arb(i["b"]) * arb(i["c"]),
        lambda _i: arb(2),
    )
    hunt_down(seen, 100)
    assert len(seen.seen) == 700
    with seen.allow(3), seen.allow(5):  # an inner allowance is part of the outer one
        while True:
            seen.look({"a": 0.5, "b": 0.5, "c": 0.5})
    assert len(seen.seen) == 703


def test_a_small_finite_domain_is_visited_whole():
    seen = hunt({"n": Integer(low=1, high=50), "kind": Choice(options=("p", "q"))}, lambda i: arb(i["n"]) / 100)
    hunt_down(seen, 100)
    assert len({repr(instance) for instance, _ in seen.seen}) == len(seen.seen) == 100


def test_above_a_level_only_what_is_left_counts():
    judge = above(arb(1))
    assert judge(Outcome(left=arb("1.5"), right=arb(2), ratio=0.75, violated=False)) == pytest.approx(-0.5)


# Instances as points -------------------------------------------------------------------------------------------------


@hypothesis.settings(database=None, derandomize=True, max_examples=60, deadline=None)
@hypothesis.given(st.integers(0, 2**32), st.floats(-2, 2))
def test_charts_and_draws_stay_in_the_domain(seed, shift):
    rng = np.random.default_rng(seed)
    start, origin = scattered(MIXED, rng), scattered(MIXED, rng)
    assert MIXED.accepts(start)
    space = Space(MIXED)
    for chart in (Chart(space, start), Chart(space, start, origin)):
        same = chart.instance(chart.point)
        assert MIXED.accepts(same)
        assert np.array(space.numbers(same)) == pytest.approx(np.array(space.numbers(start)), rel=1e-9, abs=1e-9)
        assert MIXED.accepts(chart.instance(chart.point + shift))
    units = space.units(start)
    assert all(0 <= unit <= 1 for unit in units)
    back = [slot.at(unit) for slot, unit in zip(space.slots(start), units, strict=True)]
    assert back == pytest.approx(space.numbers(start), rel=1e-9, abs=1e-9)


def test_numbers_that_are_nearly_equal_move_together():
    space = Space(Domain(fields=UNIT))
    chart = Chart(space, {"p": 0.3, "q": 0.3 + 2.0**-20})
    moved = chart.instance(chart.point + np.array([0.4, 0.0]))
    assert moved["p"] == pytest.approx(0.7)
    assert moved["q"] - moved["p"] == pytest.approx(2.0**-20, rel=1e-6)


def test_an_array_follows_the_integer_that_is_its_length():
    space = Space(MIXED)
    instance = {"n": 1, "wide": 5, "x": 1.0, "y": 0.0, "z": 0.0, "list": [[0.25, 0.5]], "kind": "p"}
    longer = space.with_numbers(instance, [2, *space.numbers(instance)[1:]])
    assert longer["list"] == [[0.25, 0.5], [0.25, 0.5]]
    assert MIXED.accepts(longer)
    assert space.with_numbers(longer, [1, *space.numbers(longer)[1:]])["list"] == [[0.25, 0.5]]


# Floats scout, balls decide ------------------------------------------------------------------------------------------

n = sp.Symbol("n", integer=True, positive=True)
x, y = sp.symbols("x y", real=True)


def stated(left, right):
    return Claim(
        id="S:s",
        sentence="s",
        source=Source(paper="test", place="here"),
        quantifier=ForAll(),
        relation=Inequality(lhs={"left": left}, rhs={"right": right}),
    )


def test_floats_name_a_needle_among_a_million_integers():
    claim = stated(sp.Max(0, 1 - (n - 424242) ** 2), sp.Rational(1, 2))
    rng = np.random.default_rng(0)
    assert scouted(claim, Domain(fields={"n": Integer(low=1, high=10**6)}), rng, 1000)[0] == {"n": 424242}


def test_floats_name_both_hills_and_none_of_what_they_cannot_evaluate():
    hills = sp.exp(-(x**2) - y**2) + sp.Rational(9, 10) * sp.exp(-100 * (x - 3) ** 2 - 100 * (y - 3) ** 2)
    box = Domain(fields={"x": Real(low=-5, high=5), "y": Real(low=-5, high=5)})
    found = scouted(stated(hills, sp.Integer(2)), box, np.random.default_rng(0), 20_000)
    assert {round(i["x"]) for i in found} >= {0, 3}
    unknown = sp.Function("f")(x)
    assert (
        scouted(
            stated(unknown, sp.Integer(2)), Domain(fields={"x": Real(low=0, high=1)}), np.random.default_rng(0), 100
        )
        == []
    )
    assert scouted(stated(x, x + 1), MIXED, np.random.default_rng(0), 100) == []


def test_the_rounding_errors_of_floats_refute_nothing():
    left, right = sp.expm1(x) if hasattr(sp, "expm1") else sp.exp(x) - 1, sp.exp(x) - 1
    trial = Experiment(
        name="same",
        domain=Domain(fields={"x": Real(low=0, high=1)}),
        sides=lambda _claim: lambda i: (arb(i["x"]).expm1(), arb(i["x"]).exp() - 1),
        closed_form=True,
    )
    assert str(Search(experiment=trial).run(stated(left, right), Context(budget=QUICK)).verdict) == "SEARCHED"
