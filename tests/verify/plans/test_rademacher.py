"""The Rademacher plans against the measured side, linear programmes, and samples enumerated one by one."""

import math
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from flint import arb
from scipy.optimize import linprog

import numerics
from theory.claims import REGISTRY
from theory.statement import Inequality
from theory.symbols import (
    rademacher,
    rademacher_abs,
    rademacher_affine,
    rademacher_frozen,
    rademacher_linear,
    uniform_deviation,
)
from verify.evidence.budget import BUDGETS
from verify.models.sample_laws import COINS, LAWS, SHATTERED, all_levels, coin_levels, coin_sums, samples
from verify.models.sign_sums import as_table, instance, sign_sums, tables, up_to_symmetry
from verify.plans import PLANS
from verify.plans import rademacher_contraction as contraction
from verify.plans import rademacher_linear as linear
from verify.plans import rademacher_networks as networks
from verify.plans import rademacher_products as products

RNG = np.random.default_rng(4)  # the statements hold for every draw: there is no threshold to tune
TABLES = [RNG.integers(-5, 6, (N, n)) for N, n in [(1, 1), (2, 1), (3, 4), (5, 6), (2, 9)]]
EPS = np.finfo(float).eps


def of(experiment, claim_id, at):
    claim = REGISTRY[claim_id]
    return experiment.outcome(claim, experiment.sides(claim), at)


# The measured side ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.shape))
def test_sums_over_signs_are_the_measured_complexities(table):
    plain, barred = sign_sums(as_table(table))
    n = table.shape[1]
    assert plain / n == numerics.rademacher_complexity(table).fraction
    assert barred / n == numerics.rademacher_complexity_abs(table).fraction


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.shape))
def test_linear_classes_are_the_measured_ones(table):
    d, n = table.shape
    at = {"values": table.tolist(), "points": n, "embedding": 3, "radius": 2}
    found = linear._affine_values(REGISTRY["R2:sharp"], at)
    measured = numerics.l1_ball_complexity(table.T, radius=2.0)
    low, high = measured.interval
    assert low <= float(found[rademacher_linear] / n) <= high
    shared = np.hstack([table.T, np.full((n, 4), 3), np.full((n, 1), -2)])  # the length of the embedding is irrelevant
    low, high = numerics.l1_ball_complexity(shared, radius=2.0).interval
    assert low <= float(found[rademacher_affine] / n) <= high
    bound = REGISTRY["R2:massart"].evaluate(ball_radius=2.0, n=n, d=d, point_norm=float(np.abs(table).max())).right
    assert float(bound) == pytest.approx(numerics.l1_ball_bound(table.T, radius=2.0), rel=64 * EPS)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.shape))
def test_frozen_features_are_the_measured_ones(table):
    n = table.shape[1]
    found = networks._frozen_values(REGISTRY["R4:frozen"], {"values": table.tolist(), "points": n, "radius": 3})
    low, high = numerics.l2_ball_complexity(table.T, radius=3.0).interval
    assert low <= float((found[rademacher_frozen] / n).mid()) <= high
    bound = REGISTRY["R4:frozen"].evaluate(ball_radius=3.0, n=n, feature_energy=float((table**2).sum())).right
    assert float(bound) == pytest.approx(numerics.l2_ball_bound(table.T, radius=3.0), rel=64 * EPS)


# Breakpoints ---------------------------------------------------------------------------------------------------------


def best_corner(xs, signs, peak, which="all"):
    return max(networks.neuron_value(xs, signs, w, b) for w, b in networks.corners(xs, peak, which))


@pytest.mark.parametrize("peak", [1, 2, 3])
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_the_measured_supremum_is_the_largest_corner(n, peak):
    xs = RNG.integers(-4, 5, n).tolist()
    patterns = list(product((0, 1), repeat=n))
    found = numerics.ReluClass(points=np.array(xs, float), embedding=np.array([0.5, -peak]))
    measured = found.supremum(2 * np.array(patterns) - 1)
    allowed = 4 * (n + 4) * EPS * sum(max(abs(x), peak) for x in xs)  # the class's own error bound
    exact = [float(best_corner(xs, signs, peak)) for signs in patterns]
    assert np.abs(measured - exact).max() <= allowed


@pytest.mark.parametrize("signs", list(product((0, 1), repeat=4)))
def test_linear_programmes_find_no_larger_neuron(signs):
    """For each set A of active points of sign +, Σ_A z_j − Σ_{sign −} s_j with s_j >= max(z_j, 0) is linear."""
    xs, peak = [-3, -1, 1, 2], 2
    minus = [j for j in range(4) if not signs[j]]
    plus = [j for j in range(4) if signs[j]]
    best = 0.0
    for chosen in product((0, 1), repeat=len(plus)):
        active = [j for j, take in zip(plus, chosen, strict=True) if take]
        # variables: w⁺, w⁻, b⁺, b⁻, s
        cost = [-sum(xs[j] for j in active), sum(xs[j] for j in active), -len(active), len(active), *[1] * len(minus)]
        rows = [[xs[j], -xs[j], 1, -1, *(-1 if j == k else 0 for k in minus)] for j in minus]
        rows.append([1, 1, 1 / peak, 1 / peak, *[0] * len(minus)])
        solved = linprog(cost, A_ub=rows, b_ub=[0] * len(minus) + [1], bounds=(0, None), method="highs")
        assert solved.status == 0
        best = max(best, -solved.fun)
    assert float(best_corner(xs, signs, peak)) == pytest.approx(best, abs=1e-6)  # HiGHS allows 1e-7 in each row


def test_the_grid_of_neurons_meets_every_corner():
    """Hence the plan compares the corners with neurons among which they are: a lost corner shows."""
    plan = PLANS["R4:breakpoints"].methods[0]
    for at in list(plan.elements(40))[::7]:
        outcome = of(networks.NEURONS, "R4:breakpoints", at)
        assert outcome.left == outcome.right
        assert outcome.left.is_exact()


# Worst ratios that the notes state -----------------------------------------------------------------------------------


def worst(method, claim_id):
    return method.run(REGISTRY[claim_id], SimpleContext).worst_ratio


class SimpleContext:
    """What an enumeration reads of a context."""

    budget = BUDGETS["quick"]


def test_the_linear_bounds_lose_at_least_a_factor_that_is_known():
    known = 1 / math.sqrt(2 * math.log(2))
    for claim_id in ("R2:massart", "R2:sharp", "R2:printed"):
        assert worst(PLANS[claim_id].methods[0], claim_id) == pytest.approx(known, rel=1e-12)
    for points in (3, 4, 5):  # all sign patterns
        at = instance(linear._half_cube(points), embedding=1, radius=1)
        assert of(linear.AFFINE, "R2:massart", at).ratio == pytest.approx(known, rel=1e-12)


def test_the_cosh_bound_is_attained_as_its_parameter_vanishes():
    at = instance(((1, -1),), embedding=1, radius=1)
    ratios = [of(linear.TEMPERED, "R2:cosh", {**at, "temperature": 2.0**-k}).ratio for k in (2, 4, 6, 8)]
    assert ratios == sorted(ratios)
    assert 1 - 1e-5 < ratios[-1] < 1


@pytest.mark.parametrize("size", [1, 2, 8])
def test_the_printed_product_bound_is_approached_where_one_class_is_large_and_constant(size):
    at = products._pair(((1,), (-1,)), ((size,),))
    assert of(products.PRODUCTS, "R3:printed", at).ratio == pytest.approx(size / (size + 1), rel=1e-12)
    assert of(products.PRODUCTS, "R3:sharp", at).ratio == 1


def test_the_factor_two_of_contraction_with_moduli_is_attained():
    at = instance(((1, 1), (-1, -1)), maps=[1, 0], lipschitz=1)
    outcome = of(contraction.IMAGES, "R1:contraction-abs", at)
    assert outcome.left == outcome.right == arb(2)
    assert of(contraction.IMAGES, "R1:abs-factor-one", at).ratio == 2


@pytest.mark.parametrize(("kind", "expected"), [(1, Fraction(4, 3)), (2, Fraction(7, 6))])
def test_one_map_for_all_points_already_breaks_the_factor_one(kind, expected):
    three = ((0, 1, 1), (1, 0, 1), (1, -1, 0))
    at = instance(three, maps=[kind] * 3, lipschitz=1)
    assert of(contraction.IMAGES, "R1:abs-factor-one", at).ratio == pytest.approx(float(expected), rel=1e-12)


# Uniform deviations --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weights", [(1, 1, 1), (1, 2, 5)])
def test_laws_are_their_samples_one_by_one(weights):
    table, n = ((1, -1, 2), (0, 1, -1)), 3
    found, expected = samples(table, weights, n)
    total = sum(weights)
    chances = {atom: Fraction(w, total) for atom, w in enumerate(weights)}
    seen, mean = {}, Fraction(0)
    for drawn in product(range(3), repeat=n):
        chance = math.prod(chances[atom] for atom in drawn)
        counts = tuple(drawn.count(atom) for atom in range(3))
        seen[counts] = seen.get(counts, 0) + chance
        gaps = [sum(chances[a] * row[a] for a in range(3)) - Fraction(sum(row[a] for a in drawn), n) for row in table]
        assert found[counts].values[uniform_deviation] == max(map(abs, gaps))
        measured = numerics.rademacher_complexity(np.array([[row[a] for a in drawn] for row in table])).fraction
        assert found[counts].values[rademacher] == measured
        mean += chance * measured
    assert {counts: sample.probability for counts, sample in found.items()} == seen
    assert sum(seen.values()) == 1
    assert mean in expected.values()


def test_symmetrisation_holds_exactly_on_every_enumerated_law():
    seen = set()
    for at in all_levels(40):
        key = (as_table(at["values"]), tuple(at["weights"]), sum(at["counts"]))
        if key in seen:
            continue
        seen.add(key)
        found, _ = samples(*key)
        deviation = sum(item.probability * item.values[uniform_deviation] for item in found.values())
        complexity = sum(item.probability * item.values[rademacher_abs] for item in found.values())
        assert deviation <= 2 * complexity


def test_one_sample_moves_the_complexity_by_half_of_what_it_moves_the_deviation():
    moved = Fraction(0)
    for table in tables(3, 2):
        largest = max(abs(a) for row in table for a in row)
        for j in range(3):
            for swap in product((-largest, 0, largest), repeat=len(table)):
                other = tuple((*row[:j], new, *row[j + 1 :]) for row, new in zip(table, swap, strict=True))
                change = abs(sign_sums(table)[1] - sign_sums(other)[1])
                assert change <= largest
                moved = max(moved, change / largest if largest else 0)
    assert moved == 1  # M/n, and no less


def test_coin_tails_are_binomial():
    tails, size = coin_sums(4)
    assert list(tails) == [1, 5, 11, 15, 16]
    assert size == Fraction(2 * 4 + 8 * 2, 16)


def test_all_functions_on_many_points_deviate_as_the_experiment_says():
    """All ±1 functions on K equally likely points, n different ones seen: 2(1 − n/K) → 2, complexity 1."""
    points, n = 4, 2
    table = tuple(product((1, -1), repeat=points))
    found, _ = samples(table, (1,) * points, n)
    distinct = found[1, 1, 0, 0]
    assert distinct.values[uniform_deviation] == 2 * (1 - Fraction(n, points))
    assert distinct.values[rademacher_abs] == 1


def test_a_violation_needs_a_probability_above_delta():
    """A fluctuation of nothing is violated by every coin, and the printed ones by none."""
    wrong = next(m for m in REGISTRY["R6:expected"].mutants if m.name == "no-abs").apply(REGISTRY["R6:expected"])
    evaluate = COINS.sides(wrong)
    assert COINS.outcome(wrong, evaluate, {"n": 1, "level": 1}).violated
    for claim_id in ("R6:expected", "R6:sharp", "R6:empirical", "R6:one-sided"):
        assert not any(of(COINS, claim_id, at).violated for at in coin_levels(8))


@pytest.mark.parametrize("claim_id", ["R6:expected", "R6:sharp", "R6:one-sided"])
def test_the_factor_two_of_symmetrisation_is_approached(claim_id):
    outcome = of(SHATTERED, claim_id, {"n": 10**6, "delta": 1 - 2.0**-40})
    assert not outcome.violated
    assert outcome.ratio > 1 - 1e-8


def test_every_element_lies_in_its_experiments_domain():
    for claim_id in (name for name in REGISTRY if name.split(":")[0] in {"R1", "R2", "R3", "R4", "R5", "R6"}):
        for method in PLANS[claim_id].methods:
            elements = getattr(method, "elements", None)
            if elements is not None:
                assert all(method.experiment.domain.accepts(at) for at in list(elements(40))[::5])


def test_a_law_refuses_sides_that_are_not_linear():
    bent = replace(
        REGISTRY["R6:sharp"],
        mutants=(),
        relation=Inequality(lhs={"deviation": uniform_deviation**2}, rhs=dict(REGISTRY["R6:sharp"].relation.rhs)),
    )
    with pytest.raises(ValueError, match="linear"):
        LAWS.sides(bent)


def test_symmetry_leaves_one_table_of_each_orbit():
    small = list(tables(2, 2))
    kept = list(up_to_symmetry(small))
    orbits = {
        frozenset(
            frozenset(tuple(f * row[k] for f, k in zip(flips, order, strict=True)) for row in table)
            for flips in product((1, -1), repeat=2)
            for order in ((0, 1), (1, 0))
        )
        for table in small
    }
    assert len(kept) == len(orbits)
