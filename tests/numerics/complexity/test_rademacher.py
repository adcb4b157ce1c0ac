"""Rademacher complexities equal brute force over all signs; the ReLU supremum is never beaten and always attained.

Floating-point comparisons use the rounding bounds stated in the code (`Estimate.interval`, `ReluClass`); statistical
ones state their false-alarm probability, and the seeds are fixed.
"""

import itertools
import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import binom

import numerics as nm

EPS = 2.0**-52
COORDINATE = st.one_of(st.sampled_from([0.0, 1.0, -1.0, 0.5]), st.floats(-1e3, 1e3, allow_subnormal=False))
POINTS = st.lists(COORDINATE, min_size=1, max_size=7)
EMBEDDING = st.sampled_from([0.0, 1e-3, 0.25, 1.0, 3.0, 1e3])
quick = settings(max_examples=60, deadline=None, database=None, derandomize=True)


def all_signs(n):
    return np.array(list(itertools.product([-1, 1], repeat=n)), dtype=np.int8)


def by_hand(values, absolute):
    """The complexity in fractions, over every sign vector, no symmetry used."""
    rows = [[Fraction(x) for x in row] for row in values]
    n, total = len(rows[0]), Fraction(0)
    for signs in itertools.product([-1, 1], repeat=n):
        sums = [sum(s * x for s, x in zip(signs, row, strict=True)) for row in rows]
        total += max(map(abs, sums)) if absolute else max(sums)
    return total / 2**n / n


def both(values, **options):
    return nm.rademacher_complexity(values, **options), nm.rademacher_complexity_abs(values, **options)


def rounding(points, embedding):
    """The error bound that `ReluClass` states."""
    return 4 * (len(points) + 4) * EPS * float(np.maximum(np.abs(points), embedding).sum())


# Finite classes ------------------------------------------------------------------------------------------------------


@quick
@given(st.integers(1, 4), st.integers(1, 6), st.integers(0, 2**32))
def test_integers_give_the_exact_fraction_of_all_signs(N, n, seed):
    values = np.random.default_rng(seed).integers(-5, 6, size=(N, n))
    for got, absolute in zip(both(values), (False, True), strict=True):
        assert got.fraction == by_hand(values.tolist(), absolute)
        assert got.value == float(got.fraction)
        assert (got.alpha, got.samples) == (0.0, 2 ** (n - 1))


def test_fractions_and_whole_floats_are_exact_too():
    values = [[Fraction(1, 3), Fraction(-2, 7), 1], [Fraction(1, 2), 0, Fraction(5, 6)]]
    assert nm.rademacher_complexity(values).fraction == by_hand(values, False)
    whole = np.array([[1.0, -2.0, 3.0], [0.0, 4.0, -1.0]])
    assert nm.rademacher_complexity_abs(whole).fraction == by_hand(whole.tolist(), True)
    assert nm.rademacher_complexity(whole + 0.5).fraction is None
    assert nm.rademacher_complexity([[2**41, 1]]).fraction is None  # too large for 64-bit sums: floats


@quick
@given(st.integers(1, 4), st.integers(1, 7), st.integers(0, 2**32))
def test_floats_agree_with_fractions_within_the_stated_rounding(N, n, seed):
    values = np.random.default_rng(seed).normal(size=(N, n))
    for got, absolute in zip(both(values), (False, True), strict=True):
        low, high = got.interval
        assert low <= by_hand(values.tolist(), absolute) <= high
        assert high - low <= 300 * EPS * np.abs(values).sum(axis=1).max()


def test_more_than_a_table_of_signs_is_enumerated_correctly():
    values = np.random.default_rng(3).integers(-4, 5, size=(3, 13))
    sums = values @ all_signs(13).T
    plain, absolute = both(values)
    assert plain.fraction == Fraction(int(sums.max(axis=0).sum()), 13 * 2**13)
    assert absolute.fraction == Fraction(int(np.abs(sums).max(axis=0).sum()), 13 * 2**13)


def test_one_function_has_complexity_zero_and_with_the_absolute_value_that_of_a_random_walk():
    plain, absolute = both([[1] * 20])
    assert plain.fraction == 0
    # E |S_20| = 20 C(19, 10) / 2^19 (de Moivre)
    assert absolute.fraction == Fraction(math.comb(19, 10), 2**19)
    assert both([[0.0]])[1].value == 0.0


def test_adding_a_fixed_function_changes_nothing_without_the_absolute_value():
    rng = np.random.default_rng(5)
    values, fixed = rng.integers(-3, 4, (4, 8)), rng.integers(-3, 4, 8)
    one, two = both(values), both(values + fixed)
    assert one[0].fraction == two[0].fraction
    assert one[1].fraction != two[1].fraction
    assert one[1].fraction == nm.rademacher_complexity(np.vstack([values, -values])).fraction


def test_an_enumeration_that_would_not_end_is_refused_with_the_remedy():
    with pytest.raises(ValueError, match=r"n = 60 points; take at most \d+, or method=\"monte-carlo\""):
        nm.rademacher_complexity(np.ones((2, 60)))
    with pytest.raises(ValueError, match="at most") as caught:
        nm.rademacher_complexity(np.ones((1 << 14, 40)))
    most = int(re.findall(r"at most (\d+)", str(caught.value))[0])
    assert (1 << 14) << (most - 1) <= 2**34 < (1 << 14) << most


# Monte Carlo ---------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bits_for_every_number_of_workers():
    rng = np.random.default_rng(0)
    values, relu = rng.normal(size=(3, 40)), nm.ReluClass(points=rng.normal(size=40), embedding=1.0)
    for call in (
        lambda **k: nm.rademacher_complexity(values, method="monte-carlo", samples=9000, **k),
        lambda **k: relu.rademacher_complexity_abs(method="monte-carlo", samples=9000, **k),
        lambda **k: nm.l2_ball_complexity(values.T, method="monte-carlo", samples=9000, **k),
    ):
        results = [call(rng=4, workers=w) for w in (1, 2, 5)]
        assert results[0] == results[1] == results[2]
        assert results[0] != call(rng=5)


def test_monte_carlo_intervals_hold_the_exact_value_at_all_sample_sizes_at_once():
    # 600 sequences, each looked at 6 times: misses at α = 5 % are at most Binomial(600, 0.05) in law; the count 69
    # has a tail below 1e-9
    limit = int(binom.isf(1e-9, 600, 0.05))
    rng, misses = np.random.default_rng(1), 0
    for k in range(600):
        values = rng.normal(size=(3, 6)) if k % 2 else rng.integers(0, 2, size=(2, 9))
        exact = nm.rademacher_complexity(values).value
        missed = False
        for samples in (1, 2, 5, 20, 100, 700):
            got = nm.rademacher_complexity(values, method="monte-carlo", samples=samples, alpha=0.05, rng=k)
            missed |= not got.interval[0] <= exact <= got.interval[1]
            assert got.interval[0] <= got.value <= got.interval[1]
        misses += missed
    assert misses <= limit


def test_monte_carlo_intervals_shrink_like_the_root_of_the_samples():
    values = np.random.default_rng(2).normal(size=(5, 30))
    few, many = (nm.rademacher_complexity_abs(values, method="monte-carlo", samples=n, rng=1) for n in (1000, 100_000))
    widths = [got.interval[1] - got.interval[0] for got in (few, many)]
    assert widths[1] < widths[0] / 8  # 10 but for the logarithm: 9 by the formula of the normal mixture
    # two intervals of error at most α = 1e-9 each that do not meet would be a false alarm below 2e-9
    exact = nm.rademacher_complexity_abs(values[:, :20])
    got = nm.rademacher_complexity_abs(values[:, :20], method="monte-carlo", samples=20_000, alpha=1e-9)
    assert got.interval[0] <= exact.value <= got.interval[1]


# Balls of linear functions -------------------------------------------------------------------------------------------


@quick
@given(st.integers(1, 6), st.integers(1, 5), st.floats(0.0, 10.0), st.integers(0, 2**32))
def test_ball_complexities_are_the_mean_dual_norms_and_lie_below_their_bounds(n, d, radius, seed):
    x = np.random.default_rng(seed).normal(size=(n, d))
    sums = all_signs(n) @ x
    for order, call, bound in (
        (np.inf, nm.l1_ball_complexity, nm.l1_ball_bound),
        (2, nm.l2_ball_complexity, nm.l2_ball_bound),
    ):
        got = call(x, radius=radius)
        expected = radius * np.linalg.norm(sums, ord=order, axis=1).mean() / n
        slack = 100 * (n + d) * EPS * (1 + expected) * (1 + radius)  # rounding of the reference and of QR, n, d ≤ 6
        assert abs(got.value - expected) <= slack
        assert got.value <= bound(x, radius=radius) + slack
    assert nm.l2_ball_bound(x, radius=radius) <= math.sqrt(2) * got.value + slack  # Khintchine–Kahane, sharp for n = 2


def test_the_l2_bound_is_sharp_for_orthogonal_points_and_off_by_root_two_for_two_equal_ones():
    # orthogonal: the norm of the sum is the same for all signs
    assert nm.l2_ball_complexity(np.eye(5)).value == pytest.approx(nm.l2_ball_bound(np.eye(5)), rel=20 * EPS)
    equal = np.ones((2, 1))
    assert nm.l2_ball_bound(equal) == pytest.approx(math.sqrt(2) * nm.l2_ball_complexity(equal).value, rel=20 * EPS)


def test_frozen_features_have_the_complexity_of_the_ball_of_their_parameters():
    rng = np.random.default_rng(8)
    features = nm.RandomFeatures.sample(12, 2, nm.constant_embedding(), rng=rng)
    h, signs = features.matrix(rng.normal(size=(5, 2)), 0.5), all_signs(5)
    expected = 2.0 * np.linalg.norm(signs @ h, axis=1).mean() / 5
    assert nm.l2_ball_complexity(h, radius=2.0).value == pytest.approx(expected, rel=1e3 * EPS)


# The ReLU class ------------------------------------------------------------------------------------------------------


def objective(points, signs, w, b):
    """Σ_j ξ_j σ(w x_j + b) for arrays w and b."""
    return np.maximum(np.multiply.outer(w, points) + np.asarray(b)[..., None], 0.0) @ np.asarray(signs, float)


def exact_supremum(points, embedding, signs):
    """The supremum and the infimum in fractions: the largest value over every corner, from the definition."""
    x, E = [Fraction(p) for p in points], Fraction(embedding)
    corners = [(Fraction(s), Fraction(0)) for s in (-1, 1)] + [(Fraction(0), s * E) for s in (-1, 0, 1)]
    for p in x:
        if E > 0:
            w = E / (E + abs(p))
            corners += [(w, -w * p), (-w, w * p)]
    values = [sum(s * max(w * p + b, 0) for s, p in zip(signs, x, strict=True)) for w, b in corners]
    return max(values), min(values)


@quick
@given(POINTS, EMBEDDING, st.integers(0, 2**32))
def test_the_supremum_is_the_best_corner_in_exact_fractions(points, embedding, seed):
    signs = (2 * np.random.default_rng(seed).integers(0, 2, (5, len(points))) - 1).astype(np.int8)
    family, tolerance = nm.ReluClass(points=points, embedding=embedding), rounding(points, embedding)
    for row, got, got_abs in zip(signs, family.supremum(signs), family.supremum_abs(signs), strict=True):
        high, low = exact_supremum(points, embedding, row.tolist())
        assert abs(got - high) <= tolerance
        assert abs(got_abs - max(high, -low)) <= tolerance


@quick
@given(POINTS, EMBEDDING, st.integers(0, 2**32))
def test_no_function_of_a_fine_grid_exceeds_the_supremum(points, embedding, seed):
    points, signs = np.array(points), 2 * np.random.default_rng(seed).integers(0, 2, (1, len(points))) - 1
    angle = np.linspace(0.0, 4.0, 4001)
    corner = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]], float)
    w, b = (np.interp(angle, range(5), corner[:, k]) for k in (0, 1))
    values = objective(points, signs[0], w, embedding * b)
    family, tolerance = nm.ReluClass(points=points, embedding=embedding), 2 * rounding(points, embedding)
    assert values.max() <= family.supremum(signs)[0] + tolerance
    assert np.abs(values).max() <= family.supremum_abs(signs)[0] + tolerance


@quick
@given(POINTS, st.lists(st.sampled_from([0.0, 0.5, -2.0, 1.0]), min_size=1, max_size=3), st.integers(0, 2**32))
def test_the_maximiser_is_in_the_ball_and_attains_the_supremum(points, embedding, seed):
    family, e = nm.ReluClass(points=points, embedding=embedding), np.array(embedding)
    signs = 2 * np.random.default_rng(seed).integers(0, 2, (6, len(points))) - 1
    w, u = family.maximiser(signs)
    assert w.shape == (6,)
    assert u.shape == (6, len(e))
    assert (np.abs(w) + np.abs(u).sum(axis=1) <= 1 + 8 * EPS).all()
    for row, top, w_i, u_i in zip(signs, family.supremum(signs), w, u, strict=True):
        assert objective(np.array(points), row, w_i, u_i @ e) == pytest.approx(
            top, rel=0, abs=4 * rounding(points, family.peak)
        )


@pytest.mark.parametrize("seed", range(5))
def test_no_optimiser_exceeds_the_supremum_and_some_start_reaches_it(seed):
    rng = np.random.default_rng(seed)
    points, signs = np.round(rng.normal(size=60), 1), 2 * rng.integers(0, 2, (1, 60)) - 1  # with duplicates

    def loss(angle):  # the boundary of the ball, as one turn of length 4
        turn = float(angle[0]) % 4.0
        w = abs(turn - 2.0) - 1.0
        b = (1.0 - abs(w)) * (1.0 if turn < 2.0 else -1.0)
        return -float(objective(points, signs[0], np.array(w), np.array(b)))

    found = max(
        -minimize(loss, [s], method="Nelder-Mead", options={"xatol": 1e-12, "fatol": 1e-12}).fun
        for s in np.linspace(0, 4, 60, endpoint=False)
    )
    top = nm.ReluClass(points=points, embedding=1.0).supremum(signs)[0]
    assert found <= top + rounding(points, 1.0)
    assert found >= 0.97 * top  # the optimiser ends in local maxima; near the best one from sixty starts


def test_the_complexity_of_the_relu_class_is_the_mean_of_exact_suprema():
    points, embedding = [0.0, 1.0, 1.0, -0.5, 3.0], 0.5
    extremes = [exact_supremum(points, embedding, row.tolist()) for row in all_signs(5)]
    family = nm.ReluClass(points=points, embedding=embedding)
    for got, values in (
        (family.rademacher_complexity(), [high for high, _ in extremes]),
        (family.rademacher_complexity_abs(), [max(high, -low) for high, low in extremes]),
    ):
        assert got.interval[0] <= sum(values) / len(values) / 5 <= got.interval[1]
        assert got.error <= 1e-13


def test_the_complexity_of_the_relu_class_with_many_points_has_an_interval():
    # α = 1e-9 for either: two intervals around one number that do not meet are a false alarm below 2e-9
    family = nm.ReluClass(points=np.linspace(-1, 1, 16), embedding=[0.5, -1.0])
    exact = family.rademacher_complexity()
    got = family.rademacher_complexity(method="monte-carlo", samples=5000, alpha=1e-9)
    assert got.interval[0] <= exact.value <= got.interval[1]
    many = nm.ReluClass(points=np.linspace(-1, 1, 3000), embedding=1.0).rademacher_complexity(
        method="monte-carlo", samples=200
    )
    linear = math.sqrt(2 * math.log(4) / 3000)  # contraction (σ is 1-Lipschitz) and the ℓ1 ball in d + 1 = 2
    assert 0 < many.interval[0] < linear


def test_duplicates_zeros_and_a_vanishing_embedding_are_handled():
    signs = np.array([[1, -1, 1], [1, 1, 1], [-1, -1, -1]], dtype=np.int8)
    family = nm.ReluClass(points=[2.0, 2.0, 0.0], embedding=0.0)
    np.testing.assert_array_equal(family.supremum(signs), [0.0, 4.0, 0.0])
    np.testing.assert_array_equal(family.supremum_abs(signs), [0.0, 4.0, 4.0])
    zero = nm.ReluClass(points=[0.0, 0.0, 0.0], embedding=3.0)
    np.testing.assert_array_equal(zero.supremum(signs), [3.0, 9.0, 0.0])
    np.testing.assert_array_equal(zero.maximiser(signs)[1], [[1.0], [1.0], [0.0]])


def test_any_number_of_sign_vectors_and_any_type_of_signs_gives_the_same_values():
    rng = np.random.default_rng(11)
    family = nm.ReluClass(points=rng.normal(size=300), embedding=1.0)
    signs = (2 * rng.integers(0, 2, (71, 300)) - 1).astype(np.int8)
    together = family.supremum(signs)
    np.testing.assert_array_equal(together, np.concatenate([family.supremum(row[None]) for row in signs]))
    np.testing.assert_array_equal(together, family.supremum(signs.astype(float)))
    np.testing.assert_array_equal(together, family.supremum(np.asfortranarray(signs)))
