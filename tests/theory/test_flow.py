import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import flow
from theory.symbols import kappa, m, tau, u, y, y0

R = sp.Rational
rationals = st.fractions(min_value=-5, max_value=5, max_denominator=20)
rates = st.fractions(min_value=0, max_value=4, max_denominator=20)


@pytest.mark.parametrize(("parametrization", "rate"), [("scaled", 1), ("A", 1 / m)])
def test_the_mode_solves_its_gradient_flow(parametrization, rate):
    position = flow.mode_solution(parametrization=parametrization)
    assert sp.expand(position.diff(tau) + rate * 2 * kappa * position) == 0
    assert flow.mode_solution(kappa, 0, parametrization, m) == y0
    assert flow.mode_loss(parametrization=parametrization) == kappa * position**2
    assert sp.expand(flow.mode_displacement(parametrization=parametrization) - (position - y0) ** 2) == 0
    assert sp.expand(flow.mode_distance_to(parametrization=parametrization) - (position - y) ** 2) == 0


def test_the_a_flow_is_the_scaled_flow_at_time_tau_over_m():
    assert flow.mode_solution(kappa, tau, "A", m) == flow.mode_solution(kappa, tau / m)


def test_the_mode_agrees_with_a_numeric_ode():
    with mpmath.workdps(20):
        solution = mpmath.odefun(lambda time, position: -2 * mpmath.mpf(3) / 2 * position, 0, 2)
        value = flow.mode_solution(R(3, 2), R(1, 3), initial=2)
        # odefun is a Taylor method at 20 working digits
        assert mpmath.almosteq(solution(mpmath.mpf(1) / 3), mpmath.mpf(sp.N(value, 20)), rel_eps=1e-16)


def test_the_lyapunov_function_dissipates_a_sum_of_squares():
    assert sp.expand(flow.lyapunov().diff(tau) + flow.lyapunov_dissipation()) == 0
    scaled = flow.lyapunov(parametrization="A").diff(tau) + flow.lyapunov_dissipation(parametrization="A") / m
    assert sp.expand(scaled) == 0
    assert all(term.is_nonnegative for term in sp.Add.make_args(flow.lyapunov_dissipation()))
    assert flow.lyapunov(tau=0) == (y0 - y) ** 2 / 2


def test_the_growth_maximiser_solves_its_equation_to_40_digits():
    with mpmath.workdps(60):
        root = mpmath.findroot(lambda a: mpmath.exp(2 * a) - 1 - 4 * a, mpmath.mpf("0.63"))
        best = (1 - mpmath.exp(-2 * root)) ** 2 / root
        assert abs(root - mpmath.mpf(str(sp.N(flow.GROWTH_MAXIMISER, 55)))) < mpmath.mpf(10) ** -40
        assert abs(best - mpmath.mpf(str(sp.N(flow.GROWTH_CONSTANT, 55)))) < mpmath.mpf(10) ** -40
    assert str(sp.N(flow.GROWTH_CONSTANT, 12)) == "0.814528755178"


def test_the_minimiser_constant_is_the_maximum_of_its_profile():
    profile = u * sp.exp(-4 * u)
    assert sp.solve(profile.diff(u), u) == [R(1, 4)]
    assert profile.subs(u, R(1, 4)) == flow.MINIMISER_CONSTANT
    assert sp.simplify(flow.mode_loss() * tau / y0**2 - profile.subs(u, kappa * tau)) == 0


def test_profiles_start_at_the_constants():
    a = sp.Symbol("a", positive=True)
    for profile, start in ((flow.loss_profile, 1), (flow.growth_profile, 0), (flow.comparator_profile, 1)):
        assert profile(0) == start == profile(a).limit(a, 0)
    assert sp.Integer(4) * flow.LOSS_CONSTANT == 1
    assert flow.COMPARATOR_CONSTANT == 1


@settings(max_examples=25, deadline=None)
@given(st.fractions(min_value=R(1, 100), max_value=20, max_denominator=100))
def test_profiles_stay_below_their_sharp_constants(point):
    value = R(point.numerator, point.denominator)
    assert bool(flow.loss_profile(value) < 1)
    assert bool(flow.comparator_profile(value) < 1)
    assert bool(sp.N(flow.growth_profile(value), 30) < sp.N(flow.GROWTH_CONSTANT, 30))


def test_the_loss_profile_is_the_supremum_over_comparators():
    position = sp.exp(-u)
    ratio = u * (position - y**2) / (1 - y) ** 2
    assert sp.simplify(ratio.diff(y).subs(y, position)) == 0
    assert sp.simplify(ratio.subs(y, position) - flow.loss_profile(u)) == 0


def test_the_comparator_profile_is_the_supremum_over_initialisations():
    decay = sp.exp(-2 * u)
    gain = (decay * y0 - 1) ** 2 - (y0 - 1) ** 2
    assert sp.simplify(gain.diff(y0).subs(y0, 1 / (1 + decay))) == 0
    assert sp.simplify((gain.subs(y0, 1 / (1 + decay)) / u - flow.comparator_profile(u)).rewrite(sp.exp)) == 0


@settings(max_examples=25, deadline=None)
@given(rates, rates, rationals, rationals)
def test_no_mode_violates_a_sharp_inequality(rate, time, start, comparator):
    given_mode = (rate, time)
    rate, time, start, comparator = (R(a.numerator, a.denominator) for a in (rate, time, start, comparator))
    loss = flow.mode_loss(*given_mode, initial=start)
    initial_loss, other_loss = rate * start**2, rate * comparator**2
    distance = flow.mode_distance_to(comparator, *given_mode, initial=start)
    tiny = R(1, 10**25)  # 30 digits of numbers below 10^4
    assert sp.N((loss - other_loss) * time - flow.LOSS_CONSTANT * (start - comparator) ** 2, 30) <= tiny
    assert sp.N(loss * time - flow.MINIMISER_CONSTANT * start**2, 30) <= tiny
    moved = flow.mode_displacement(*given_mode, initial=start)
    assert sp.N(moved - flow.GROWTH_CONSTANT * time * initial_loss, 30) <= tiny
    assert sp.N(distance - (start - comparator) ** 2 - flow.COMPARATOR_CONSTANT * time * other_loss, 30) <= tiny


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: flow.mode_solution(0.5), TypeError, "kappa must be exact"),
        (lambda: flow.mode_solution(-1), ValueError, "kappa must be >= 0; got -1"),
        (lambda: flow.mode_loss(1, -1), ValueError, "tau must be >= 0; got -1"),
        (lambda: flow.mode_displacement(1, 1, "a"), ValueError, "parametrization must be 'scaled' or 'A'; got 'a'"),
        (lambda: flow.mode_distance_to(1, 1, 1, "A", 0), ValueError, "width must be > 0; got 0"),
        (lambda: flow.mode_solution(1, 1, initial=sp.nan), ValueError, "initial must be finite"),
        (lambda: flow.lyapunov("?"), ValueError, "comparator must be a number"),
        (lambda: flow.loss_profile(-1), ValueError, "u must be >= 0; got -1"),
        (lambda: flow.growth_profile(0.5), TypeError, "u must be exact"),
        (lambda: flow.comparator_profile(sp.I), ValueError, "u must be real"),
    ],
)
def test_invalid_modes_are_refused_by_name(make, error, message):
    with pytest.raises(error, match=message):
        make()
