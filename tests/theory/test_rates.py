"""Optimal stopping: the ledger's exponents by hand, against brute force at a huge n and against exact enumeration."""

from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import rates, symbols
from theory.symbols import alpha, delta, m, mu, n, tau

R = sp.Rational
PRINTED = {"sampling": tau**4 / (m * n), "features": tau**3 / m**2, "training": 1 / tau}
T1 = {**PRINTED, "width": 1 / m}
REPAIRED = {"training": 1 / tau, "sampling": tau / n, "noise": 1 / sp.sqrt(n), "width": 1 / m}


# The ledger ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [R(1, 10), R(1, 3), R(2, 3), R(9, 10), 1, R(3, 2), 3, 100])
@pytest.mark.parametrize("terms", [PRINTED, T1])
def test_the_printed_bound_stops_at_the_smaller_of_two_times(terms, value):
    best = rates.optimal_stopping(terms, value)
    assert best.stopping == min((1 + R(value)) / 5, R(value) / 2)
    assert best.rate == max(-(1 + R(value)) / 5, -R(value) / 2)
    assert best.interval is None
    assert best.vanishes


def test_with_as_many_features_as_samples_the_printed_rate_is_two_fifths():
    best = rates.optimal_stopping(T1, 1)
    assert (best.stopping, best.rate, best.active) == (R(2, 5), R(-2, 5), ("sampling", "training"))
    assert best.floors == {"width": -1}
    # the features' term is then n^{6/5 − 2} = m^{−4/5}, below the rate
    assert (tau**3 / m**2).subs({tau: n**best.stopping, m: n}) == n ** R(-4, 5)


def test_below_as_many_features_as_samples_no_time_attains_the_printed_rate():
    for value in (R(1, 10), R(1, 2), R(2, 3), R(99, 100)):
        assert rates.optimal_stopping(T1, value).rate > max(R(-2, 5), -R(4, 5) * value)
    for value in (1, R(3, 2), 10):
        assert rates.optimal_stopping(T1, value).rate <= max(R(-2, 5), -R(4, 5) * value)


def test_the_phases_of_the_printed_bound():
    diagram = rates.phase_diagram(T1)
    assert diagram.breakpoints == (R(2, 3),)
    narrow, wide = diagram.pieces
    assert (narrow.lower, narrow.upper, wide.lower, wide.upper) == (0, R(2, 3), R(2, 3), sp.oo)
    assert (narrow.stopping, narrow.rate, narrow.active) == (alpha / 2, -alpha / 2, ("features", "training"))
    assert sp.expand(wide.rate + (1 + alpha) / 5) == sp.expand(wide.stopping - (1 + alpha) / 5) == 0
    assert wide.active == ("sampling", "training")
    assert narrow.vanishes
    assert wide.vanishes
    assert diagram.floors == {"width": -alpha}


def test_the_phases_of_the_repaired_bound():
    diagram = rates.phase_diagram(REPAIRED)
    assert diagram.breakpoints == (R(1, 2),)
    narrow, wide = diagram.pieces
    assert (narrow.rate, narrow.active, narrow.interval) == (-alpha, ("width",), (alpha, 1 - alpha))
    assert (wide.stopping, wide.rate, wide.interval) == (R(1, 2), R(-1, 2), None)
    assert wide.active == ("training", "sampling", "noise")
    assert diagram.floors == {"noise": R(-1, 2), "width": -alpha}


def test_the_square_root_of_n_is_always_a_best_time_of_the_repaired_bound():
    # with what ρ(τ)² = … + 4τ L̃(Θ_c) and the last factor add, L̃(Θ_c) of the order 1/m
    whole = {
        **REPAIRED,
        "growth": tau**2 / (n * m),
        "square": tau**2 / n ** R(3, 2),
        "both": tau**3 / (m * n ** R(3, 2)),
    }
    for value in (R(1, 10), R(1, 3), R(1, 2), R(2, 3), 1, 2):
        best = rates.optimal_stopping(whole, value)
        assert best.rate == max(R(-1, 2), -R(value)) == rates.optimal_stopping(REPAIRED, value).rate
        low, high = best.interval or (best.stopping, best.stopping)
        assert low <= R(1, 2) <= high


def test_the_repaired_rate_is_the_better_one_where_the_width_does_not_cap_it():
    for value in (R(1, 10), R(2, 3), 1, R(7, 5)):
        assert rates.optimal_stopping(REPAIRED, value).rate < rates.optimal_stopping(T1, value).rate
    assert rates.optimal_stopping(REPAIRED, R(3, 2)).rate == rates.optimal_stopping(T1, R(3, 2)).rate
    # without end in m alone, at fixed n: the fault of the printed bound
    assert rates.optimal_stopping(T1, 10).rate < rates.optimal_stopping(REPAIRED, 10).rate


def test_what_ones_own_flow_gives_does_not_vanish():
    # the printed steps redone in one parametrization: a term τ·τ/… of order 1 at every time
    stuck = {"sampling": tau, "training": 1 / tau}
    best = rates.optimal_stopping(stuck, 1)
    assert (best.stopping, best.rate, best.vanishes) == (0, 0, False)
    assert not rates.phase_diagram(stuck).pieces[0].vanishes


# Corner cases --------------------------------------------------------------------------------------------------------


def test_constants_are_dropped():
    a = sp.Symbol("a")
    scaled = {
        "sampling": 7 * a * tau**4 / (m * n),
        "features": sp.log(1 / delta) * tau**3 / m**2,
        "training": sp.sqrt(a) / (3 * tau),
    }
    assert rates.optimal_stopping(scaled, 1) == rates.optimal_stopping(PRINTED, 1)


def test_roots_of_products_are_monomials():
    best = rates.optimal_stopping({"root": sp.sqrt(tau / (n * mu)), "training": (1 / tau**3) ** R(1, 3)}, 1, beta=2)
    assert (best.stopping, best.rate) == (1, -1)  # s/2 − 3/2 = −s


def test_the_modes_distance_slows_the_rate_by_its_exponent():
    modes = {"sampling": mu**4 * tau / n, "training": 1 / tau, "width": mu**2 / m}
    assert rates.optimal_stopping(modes, 1).rate == R(-1, 2)
    assert rates.optimal_stopping(modes, 1, beta=R(1, 20)).rate == R(-2, 5)
    assert not rates.optimal_stopping(modes, 1, beta=R(1, 4)).vanishes


def test_time_at_least_one_or_free():
    early = {"rising": n * tau**2, "training": 1 / tau}
    assert rates.optimal_stopping(early, 1).stopping == 0
    best = rates.optimal_stopping(early, 1, free=True)
    assert (best.stopping, best.rate) == (R(-1, 3), R(1, 3))
    assert not best.vanishes


@pytest.mark.parametrize(
    ("terms", "free", "interval", "stopping", "active"),
    [
        ({"training": 1 / tau, "floor": 1 / n}, False, (1, sp.oo), 1, ("floor",)),
        ({"rising": tau, "floor": n**2}, False, (0, 2), 0, ("floor",)),
        ({"rising": tau, "floor": n**2}, True, (-sp.oo, 2), 2, ("floor",)),
        ({"floor": 1 / n}, False, (0, sp.oo), 0, ("floor",)),
        ({"floor": 1 / n}, True, (-sp.oo, sp.oo), 0, ("floor",)),
    ],
)
def test_where_a_term_without_tau_dominates_the_best_times_form_an_interval(terms, free, interval, stopping, active):
    best = rates.optimal_stopping(terms, 1, free=free)
    assert (best.interval, best.stopping, best.active) == (interval, stopping, active)
    assert rates.phase_diagram(terms, free=free).pieces[0].interval == interval


@pytest.mark.parametrize(
    ("terms", "free"),
    [({"training": 1 / tau}, False), ({"a": tau, "b": tau**2 / n}, True), ({"a": 1 / tau, "b": n / tau**2}, False)],
)
def test_terms_without_a_best_time_are_refused(terms, free):
    for call in (lambda: rates.optimal_stopping(terms, 1, free=free), lambda: rates.phase_diagram(terms, free=free)):
        with pytest.raises(ValueError, match=r"terms must not all move the same way.*no time is optimal"):
            call()


def test_the_sign_of_the_rate_is_a_breakpoint():
    diagram = rates.phase_diagram({"wide": m * tau / n**2, "training": 1 / tau})
    assert diagram.breakpoints == (2,)
    assert [(piece.rate, piece.vanishes) for piece in diagram.pieces] == [(alpha / 2 - 1, True), (alpha - 2, False)]


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (tau + 1, "expand it"),
        (sp.log(n) / tau, "rational exponents"),
        (tau**alpha, "rational exponents"),
        (n ** sp.sqrt(2), "rational exponents"),
        (-tau, "must be positive"),
        (sp.S.Zero, "must be positive"),
        (1 / sp.Symbol("n"), "other assumptions"),
        (sp.exp(-tau), "rational exponents"),
    ],
)
def test_what_is_no_positive_monomial_is_refused(term, words):
    with pytest.raises(ValueError, match=words):
        rates.optimal_stopping({"good": 1 / tau, "bad": term}, 1)


# Brute force ---------------------------------------------------------------------------------------------------------

EXPONENTS = st.fractions(-3, 3, max_denominator=3)
SUMS = st.lists(st.tuples(EXPONENTS, EXPONENTS, EXPONENTS), min_size=1, max_size=5)
WIDTHS = st.fractions(0, 4, max_denominator=6)


def monomials(rows):
    return {f"t{k}": tau ** R(t) * n ** R(c) * m ** R(b) for k, (t, c, b) in enumerate(rows)}


def lines(rows, width):
    return [(t, c + b * width) for t, c, b in rows]


def solvable(rows, free):
    slopes = {(t > 0) - (t < 0) for t, _, _ in rows}
    return 0 in slopes or {1, -1} <= slopes or (1 in slopes and not free)


def fraction(value):
    return Fraction(int(value.p), int(value.q))


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(rows=SUMS, width=WIDTHS, free=st.booleans())
def test_the_optimum_is_that_of_exact_enumeration(rows, width, free):
    if not solvable(rows, free):
        with pytest.raises(ValueError, match="no time is optimal"):
            rates.optimal_stopping(monomials(rows), width, free=free)
        return
    best = rates.optimal_stopping(monomials(rows), width, free=free)
    straight = lines(rows, width)

    def worst(s):
        return max(t * s + c for t, c in straight)

    # a convex piecewise linear function has its minimum at a crossing, at the end 0, or everywhere
    corners = {(e - c) / (t - u) for t, c in straight for u, e in straight if t != u} | {Fraction(0)}
    corners = {s for s in corners if free or s >= 0}
    assert fraction(best.rate) == min(map(worst, corners)) == worst(fraction(best.stopping))
    grid = [Fraction(k, 12) for k in range(-60 if free else 0, 61)]
    assert all(worst(s) >= fraction(best.rate) for s in grid)
    low, high = best.interval or (best.stopping, best.stopping)
    for s in {*corners, *grid}:
        assert (worst(s) == fraction(best.rate)) == bool(low <= R(s) <= high)
    inside = [s for s in {*corners, *grid} if low < R(s) < high] or [fraction(best.stopping)]
    everywhere = [
        k for k, (t, c) in enumerate(straight) if all(t * s + c == worst(s) == worst(inside[0]) for s in inside)
    ]
    if low == high or len(inside) > 1:
        assert best.active == tuple(f"t{k}" for k in everywhere)
    assert best.floors == {f"t{k}": R(c) for k, (t, c) in enumerate(straight) if t == 0}


@settings(max_examples=100, deadline=None, database=None, derandomize=True)
@given(rows=SUMS, free=st.booleans(), widths=st.lists(WIDTHS.filter(bool), min_size=1, max_size=4))
def test_the_phase_diagram_is_the_optimum_at_every_width(rows, free, widths):
    if not solvable(rows, free):
        return
    diagram = rates.phase_diagram(monomials(rows), free=free)
    pieces = diagram.pieces
    assert (pieces[0].lower, pieces[-1].upper) == (0, sp.oo)
    assert [first.upper for first, _ in pairwise(pieces)] == list(diagram.breakpoints)
    assert [second.lower for _, second in pairwise(pieces)] == list(diagram.breakpoints)
    slopes = [sp.diff(piece.rate, alpha) for piece in pieces]
    assert slopes == sorted(slopes)  # the rate is convex in α
    assert all(
        (a.rate, a.stopping, a.active, a.interval, a.vanishes) != (b.rate, b.stopping, b.active, b.interval, b.vanishes)
        for a, b in pairwise(pieces)
    )
    for width in [*map(R, widths), *diagram.breakpoints]:
        best = rates.optimal_stopping(monomials(rows), width, free=free)
        for piece in pieces:
            if piece.lower <= width <= piece.upper:
                assert piece.rate.subs(alpha, width) == best.rate
                inside = piece.lower < width < piece.upper
                if inside:
                    assert piece.active == best.active
                    assert piece.stopping.subs(alpha, width) == best.stopping
                    assert piece.vanishes == best.vanishes
                    assert (piece.interval is None) == (best.interval is None)
                else:  # at a breakpoint the optimal set only grows
                    low, high = best.interval or (best.stopping, best.stopping)
                    assert low <= piece.stopping.subs(alpha, width) <= high


@settings(max_examples=40, deadline=None, database=None, derandomize=True)
@given(rows=SUMS, width=WIDTHS)
def test_the_rate_is_that_of_the_sum_minimised_at_a_huge_n(rows, width):
    if not solvable(rows, False):
        return
    best = rates.optimal_stopping(monomials(rows), width)
    with mpmath.workdps(60):
        size = mpmath.mpf(10) ** 2000
        log = mpmath.log(size)

        def total(s):
            return mpmath.fsum(
                mpmath.exp(
                    log * (mpmath.mpf(t.numerator) / t.denominator * s + mpmath.mpf(c.numerator) / c.denominator)
                )
                for t, c in lines(rows, width)
            )

        low, high = mpmath.mpf(0), mpmath.mpf(200)
        for _ in range(300):  # the logarithm of the sum is convex in s
            left, right = low + (high - low) / 3, high - (high - low) / 3
            low, high = (low, right) if total(left) <= total(right) else (left, high)
        found = mpmath.log(total((low + high) / 2)) / log
        rate = mpmath.mpf(int(best.rate.p)) / int(best.rate.q)
        # the largest term and the sum of k terms differ by a factor k at most
        assert rate - mpmath.mpf(10) ** -40 <= found <= rate + mpmath.log(len(rows)) / log + mpmath.mpf(10) ** -40
        if best.interval is None:  # every slope of the maximum around its only minimum is at least 1/3
            assert abs((low + high) / 2 - mpmath.mpf(int(best.stopping.p)) / int(best.stopping.q)) <= (
                3 * mpmath.log(len(rows)) / log + mpmath.mpf(10) ** -30
            )


def test_the_width_is_a_symbol_of_the_registry():
    assert symbols.info("alpha").symbol == alpha
    assert alpha.is_nonnegative


# Capacity ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("beta", [R(1, 7), R(1, 2), R(1)])
@pytest.mark.parametrize("r", [R(0), R(1, 3), R(1, 2)])
def test_capacity_stops_where_start_and_noise_fall_alike_until_the_width_is_too_small(r, beta):
    exponent = (1 + 2 * r) / (1 + 2 * r + beta)
    diagram = rates.phase_diagram(rates.capacity_terms(r, beta))
    assert diagram.breakpoints == (exponent,)
    assert [piece.rate for piece in diagram.pieces] == [-alpha, -exponent]
    assert diagram.pieces[1].stopping == 1 / (1 + 2 * r + beta)
    assert R(1, 2) <= exponent <= 1


def test_the_rate_of_capacity_is_above_the_printed_two_fifths_whatever_r_and_beta_are():
    slowest = rates.optimal_stopping(rates.capacity_terms(0, 1), 1)
    assert slowest.rate == -R(1, 2) < rates.optimal_stopping(T1, 1).rate


def test_without_capacity_every_late_time_has_the_rate_of_saturation():
    best = rates.optimal_stopping(rates.capacity_terms(0, 0), 2)
    assert (best.rate, best.interval) == (-1, (1, sp.oo))


@pytest.mark.parametrize(("r", "beta", "name"), [(R(2, 3), 0, "source"), (-1, 0, "source"), (0, 2, "capacity")])
def test_a_source_or_capacity_out_of_range_is_refused(r, beta, name):
    with pytest.raises(ValueError, match=f"{name} must be between 0 and"):
        rates.capacity_terms(r, beta)
