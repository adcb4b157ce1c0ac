"""Exact expressions as functions of floats, against mpmath in as many digits as it takes."""

import math

import mpmath as mp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import LinearSDE, OrnsteinUhlenbeck, SubVariancePreserving, VarianceExploding, VariancePreserving
from theory.evaluation import compiled, number_function
from theory.evaluation.floats import TOLERANCE, stable
from theory.kernel import WEIGHTINGS, weighting
from theory.symbols import mu, t

SDES = {
    "OU": OrnsteinUhlenbeck(),
    "VP": VariancePreserving(sp.Rational(1, 10), 20),
    "VP from 0": VariancePreserving(0, 20),
    "sub-VP": SubVariancePreserving(sp.Rational(1, 10), 20),
    "VE": VarianceExploding(25),
    "VE below 1": VarianceExploding(sp.Rational(1, 3)),
    "variance of order t³": LinearSDE(sp.Integer(-1), t),
    "two rates": LinearSDE(sp.Integer(-2), sp.exp(-t)),
    "drift 1/(1 + t)": LinearSDE(1 / (1 + t), sp.S.One),
    "score_sde's VE": LinearSDE(sp.S.Zero, sp.Rational(1, 100) * sp.Integer(5000) ** t),
}
PARTS = ("drift", "diffusion", "mean_scale", "variance", "std", "clock", *WEIGHTINGS)
TIMES = np.concatenate([10.0 ** np.linspace(-300, 3, 41), np.random.default_rng(0).uniform(0, 3, 12)])
LEAST, MOST = 2.3e-308, 1.7e308


def part(sde, name):
    return weighting(sde, name, 1) if name in WEIGHTINGS else getattr(sde, name)


def check(expr, symbol, places):
    """Every value within `TOLERANCE` of the exact one, or the overflow or underflow that it is."""
    found = compiled(expr, (symbol,))(places)
    exact = sp.lambdify(symbol, expr, "mpmath")
    with mp.workprec(9000):  # 1e-300³ beside 1 takes 3000 bits
        for place, value in zip(places.tolist(), found.tolist(), strict=True):
            try:
                truth = exact(mp.mpf(place))
            except OverflowError:
                continue
            if abs(truth) > MOST:
                assert math.isinf(value)
            elif abs(truth) < LEAST:
                assert abs(value) < 2 * LEAST
            else:
                assert abs(value - truth) <= TOLERANCE * abs(truth), (expr, place)


@pytest.mark.parametrize("name", SDES)
def test_every_coefficient_of_every_family_is_right_from_1e_minus_300_to_1000(name):
    for which in PARTS:
        check(part(SDES[name], which), t, TIMES)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(name=st.sampled_from(sorted(SDES)), which=st.sampled_from(PARTS), time=st.floats(5e-324, 1e3))
def test_a_coefficient_is_right_at_any_time(name, which, time):
    check(part(SDES[name], which), t, np.array([time]))


CANCELLING = [
    1 - sp.exp(-t),
    sp.exp(t) - sp.exp(-t),
    (1 - sp.exp(-t)) / t,
    sp.log(1 + t),
    sp.log(1 + t) - t,
    sp.cosh(t) - 1,
    1 - sp.cos(t),
    1 - sp.erf(t),
    sp.sinh(t) - t,
    sp.sqrt(1 + t) - 1,
    (1 + t) ** 3 - 1,
    1 - 3 * sp.exp(-t) + 3 * sp.exp(-2 * t) - sp.exp(-3 * t),
    sp.Rational(1, 3) - sp.exp(-t) / 3,
    sp.sqrt(2) * 3**t - sp.sqrt(2) * 2**t,
    sp.Max(1 - sp.exp(-t), 2 * t),
    sp.Piecewise((1 - sp.exp(-t), t < 1), (sp.exp(-t) - sp.exp(-2 * t), True)),
]


@pytest.mark.parametrize("expr", CANCELLING, ids=str)
def test_what_vanishes_at_0_keeps_its_digits(expr):
    check(expr, t, np.array([1e-290, 1e-100, 1e-18, 1e-12, 1e-8, 1e-3, 0.3, 1.0, 5.0, 30.0]))


def test_a_difference_of_exponentials_is_rewritten():
    text = str(stable(1 - sp.exp(-2 * t)))
    assert text == "-expm1(-2*t)"
    assert str(stable(sp.log(1 + t))) == "log1p(t)"
    assert str(stable(sp.Integer(25) ** (2 * t) - 1)) == "expm1(2*t*log(25))"
    assert str(stable(2 - sp.exp(-t))) == "2 - exp(-t)"  # nothing cancels at 0
    for expr in CANCELLING:
        for place in (sp.Rational(1, 7), sp.Integer(2)):
            assert abs(sp.N(stable(expr).subs(t, place) - expr.subs(t, place), 30)) < 1e-28


def test_what_is_not_finite_stays_so_and_warns_not():
    found = compiled(sp.exp(t) / t, (t,))(np.array([0.0, 1e3, math.inf, 1e200, math.nan]))
    assert np.isinf(found[:2]).all()
    assert np.isnan(found[[2, 4]]).all()  # ∞/∞
    assert math.isnan(compiled(sp.sqrt(-1 - t), (t,))(0.5))
    assert math.isnan(compiled(sp.log(t) * sp.sin(1 / t), (t,))(0.0))
    ratio = sp.exp(t**2) / (1 + sp.exp(t**2))  # only its parts overflow
    assert compiled(ratio, (t,))(1e3) == 1


def test_several_arguments_broadcast():
    both = compiled(sp.exp(-mu) - sp.exp(-t), (mu, t))
    found = both(np.array([[1.0], [2.0]]), np.array([1.0, 1.0 + 1e-15, 3.0]))
    assert found.shape == (2, 3)
    assert found[0, 0] == 0
    shift = (1.0 + 1e-15) - 1.0  # exact in floats
    assert found[0, 1] == pytest.approx(-math.exp(-1) * math.expm1(-shift), rel=2**-48)


def test_a_function_of_one_number_is_the_same_function():
    for sde in SDES.values():
        for expr in (sde.drift, sde.diffusion, sde.std):
            at = number_function(expr, t)
            for time in (1e-12, 0.3, 2.0):
                assert at(time) == pytest.approx(float(compiled(expr, (t,))(time)), rel=2 * TOLERANCE)
