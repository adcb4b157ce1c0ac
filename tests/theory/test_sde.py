import pickle
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.exact import decide_zero
from theory.sde import (
    DIFFUSION,
    DRIFT,
    LinearSDE,
    OrnsteinUhlenbeck,
    SubVariancePreserving,
    VarianceExploding,
    VariancePreserving,
    exact,
    specialise,
)
from theory.symbols import T, s, t, x

R = sp.Rational
FAMILIES = [
    OrnsteinUhlenbeck(),
    VariancePreserving(R(1, 10), 20),
    VariancePreserving("0.5", 2, horizon=3),
    SubVariancePreserving(R(1, 10), 20),
    VarianceExploding(25),
    VarianceExploding(R(1, 2)),
    VarianceExploding(1),
]
COEFFICIENTS = ("drift", "diffusion", "mean_scale", "variance", "std", "clock")
family = pytest.mark.parametrize("sde", FAMILIES, ids=repr)


@family
def test_mean_scale_and_variance_solve_their_equations(sde):
    assert sp.expand(sde.mean_scale.diff(t) - sde.drift * sde.mean_scale) == 0
    assert sp.simplify(sde.variance.diff(t) - 2 * sde.drift * sde.variance - sde.diffusion**2) == 0
    assert sde.mean_scale.subs(t, 0) == 1
    assert sde.variance.subs(t, 0) == 0


@family
def test_std_and_clock_are_roots_of_the_variance(sde):
    assert sp.expand(sde.std**2 - sde.variance) == 0
    assert decide_zero(sde.mean_scale * sde.clock - sde.std) is True


@family
def test_closed_forms_agree_with_quadrature(sde):
    f, g = (sp.lambdify(t, e, "mpmath") for e in (sde.drift, sde.diffusion))
    with mpmath.workdps(20):

        def scale(time):
            return mpmath.exp(mpmath.quad(lambda a: mpmath.mpf(f(a)), [0, time]))

        clock = mpmath.sqrt(mpmath.quad(lambda a: mpmath.mpf(g(a)) ** 2 / scale(a) ** 2, [0, mpmath.mpf("0.2")]))
        values = sde.at("0.2")
        # 20 working digits, integrands analytic on [0, 0.2]: the quadrature keeps at least 15 of them
        assert mpmath.almosteq(mpmath.mpf(sp.N(values.mean_scale, 20)), scale(mpmath.mpf("0.2")), rel_eps=1e-15)
        assert mpmath.almosteq(mpmath.mpf(sp.N(values.clock, 20)), clock, rel_eps=1e-12)


@family
def test_the_coefficients_at_a_time_are_the_functions_values(sde):
    values = sde.at(sp.Rational(3, 7))
    for name in COEFFICIENTS:
        assert getattr(values, name) == getattr(sde, name).subs(t, sp.Rational(3, 7))


@family
def test_specialising_the_abstract_sde_gives_the_family(sde):
    abstract = LinearSDE.abstract()
    for name in COEFFICIENTS:
        difference = specialise(getattr(abstract, name), sde) - getattr(sde, name)
        assert difference == 0 or sp.simplify(difference) == 0
    assert specialise(abstract.variance.diff(t), sde).subs(t, 1).evalf() == pytest.approx(
        float(sde.variance.diff(t).subs(t, 1)), rel=1e-12
    )


def test_specialise_handles_derivatives_limits_and_other_integrals():
    sde = VariancePreserving(1, 2)
    assert specialise(DRIFT(t).diff(t), sde) == R(-1, 2)
    assert sp.expand(specialise(sp.Integral(3 * DRIFT(s), (s, 1, t)), sde)) == sp.expand(
        -3 * (t + t**2 / 2) / 2 + R(9, 4)
    )
    untouched = specialise(sp.Integral(DIFFUSION(s), (s, 0, t)), sde)
    assert untouched == sp.Integral(sp.sqrt(1 + s), (s, 0, t))
    assert specialise(x + t, sde) == x + t
    with pytest.raises(TypeError, match="sde must be"):
        specialise(x, "OU")


def test_abstract_sde_keeps_its_integrals():
    sde = LinearSDE.abstract()
    assert sde.mean_scale == sp.exp(sp.Integral(DRIFT(s), (s, 0, t)))
    assert sde.drift == DRIFT(t)
    assert sp.expand(sde.variance.diff(t) - 2 * sde.drift * sde.variance - sde.diffusion**2) == 0


@pytest.mark.parametrize(
    ("drift", "diffusion", "reference"),
    [
        (-1, sp.sqrt(2), OrnsteinUhlenbeck()),
        (R(-1, 4) - t / 4, sp.sqrt(R(1, 2) + t / 2), VariancePreserving(R(1, 2), 1)),
        (0, 3**t, VarianceExploding(3)),
        (0, 1, VarianceExploding(1)),
    ],
)
def test_integrated_sde_agrees_with_its_family(drift, diffusion, reference):
    sde = LinearSDE(drift, diffusion)
    assert decide_zero(sde.mean_scale - reference.mean_scale) is True
    assert decide_zero(sde.variance - reference.variance) is True
    assert sde.prior_variance(1) == sde.variance.subs(t, 1)


def test_brownian_bridge_drift_and_symbolic_rate_are_integrated():
    bridge = LinearSDE(-1 / (1 - t), 1)
    assert sp.expand(bridge.variance - t * (1 - t)) == 0
    rate = sp.Symbol("k", positive=True)
    ou = LinearSDE(-rate, 1)
    assert sp.simplify(ou.variance - (1 - sp.exp(-2 * rate * t)) / (2 * rate)) == 0


def test_an_integral_that_sympy_cannot_do_is_named_and_a_given_closed_form_accepted():
    noise = sp.Function("h", real=True)
    with pytest.raises(ValueError, match=r"clock² = ∫_0\^t g²/r².*integrand is .*give mean_scale= and variance="):
        LinearSDE(-1, noise(t))
    variance = sp.exp(-2 * t) * sp.Integral(noise(s) ** 2 * sp.exp(2 * s), (s, 0, t))
    assert LinearSDE(-1, noise(t), variance=variance).mean_scale == sp.exp(-t)


@pytest.mark.parametrize(
    ("closed", "equation"),
    [
        ({"mean_scale": sp.exp(-2 * t)}, "mean_scale' = drift"),
        ({"mean_scale": 2 * sp.exp(-t)}, r"mean_scale\(0\) = 1"),
        ({"mean_scale": sp.exp(-t), "variance": 1 - sp.exp(-t)}, "variance' = 2"),
        ({"variance": 1 + sp.exp(-2 * t)}, r"variance\(0\) = 0"),
    ],
)
def test_a_wrong_closed_form_is_refused(closed, equation):
    with pytest.raises(ValueError, match=f"does not satisfy {equation}"):
        LinearSDE(-1, sp.sqrt(2), **closed)


def test_priors_are_standard_except_for_variance_exploding():
    assert [sde.prior_variance(T) for sde in FAMILIES[:4]] == [1, 1, 1, 1]
    assert VarianceExploding(25).prior_variance(1) == R(624, 2) / sp.log(25)
    with pytest.raises(ValueError, match="horizon must be > 0; got 0"):
        OrnsteinUhlenbeck().prior_variance(0)


def test_variance_exploding_is_continuous_in_its_base_at_one():
    base = sp.Symbol("b", positive=True)
    assert VarianceExploding(base).variance.subs(t, 1).limit(base, 1) == VarianceExploding(1).variance.subs(t, 1)


def test_sdes_are_values():
    assert VariancePreserving("0.1", 20) == VariancePreserving(R(1, 10), beta_max=20)
    assert hash(VarianceExploding(25)) == hash(VarianceExploding(base=25))
    assert pickle.loads(pickle.dumps(VarianceExploding(25))) == VarianceExploding(25)
    assert repr(VarianceExploding(25)) == "VarianceExploding(base=25)"
    assert [sde.name for sde in FAMILIES[:5]] == ["OU", "VP", "VP", "sub-VP", "VE"]
    with pytest.raises(AttributeError):
        OrnsteinUhlenbeck().drift = sp.S.Zero


BAD = [
    (
        lambda: VariancePreserving(0.1, 20),
        TypeError,
        r"beta_min must be exact; got the float 0.1; pass Rational\(1, 10\) or the string '0.1'",
    ),
    (lambda: VariancePreserving(0, float("nan")), TypeError, "beta_max must be exact"),
    (lambda: VariancePreserving(-1, 2), ValueError, "beta_min must be >= 0; got -1"),
    (lambda: VariancePreserving(0, 0), ValueError, "beta_max must be > 0; got 0"),
    (lambda: VariancePreserving(2, 1), ValueError, "beta_max must be >= beta_min; got beta_max=1.*swap"),
    (lambda: SubVariancePreserving(0, 1, horizon=0), ValueError, "horizon must be > 0; got 0"),
    (lambda: SubVariancePreserving(t, 1), ValueError, "beta_min must not depend on t"),
    (lambda: VarianceExploding(0), ValueError, "base must be > 0; got 0"),
    (lambda: VarianceExploding(sp.nan), ValueError, "base must be finite; got nan"),
    (lambda: VarianceExploding("2x"), ValueError, "base must be a number; got the string '2x'"),
    (lambda: VarianceExploding(sp.oo), ValueError, "base must be finite; got oo"),
    (lambda: VarianceExploding(None), TypeError, "base must be an exact number"),
    (lambda: VarianceExploding(True), TypeError, "base must be an exact number"),
    (lambda: LinearSDE(-0.5 * t, 1), TypeError, r"drift must be exact; .*float -0.5.*Rational\(-1, 2\)"),
    (lambda: LinearSDE(x, 1), ValueError, "drift must not depend on x"),
    (lambda: LinearSDE(sp.Symbol("t"), 1), ValueError, "another symbol named t"),
    (lambda: LinearSDE(-1, sp.I), ValueError, "diffusion must be real"),
    (lambda: LinearSDE(-1, sp.sqrt(t - 1)), ValueError, "diffusion must be real and finite next to t = 0"),
    (lambda: LinearSDE(-1, 0), ValueError, "diffusion must not be identically 0; got 0"),
    (lambda: LinearSDE(-1, t - t), ValueError, "diffusion must not be identically 0"),
    (lambda: LinearSDE(1 / t, 1), ValueError, "SymPy found no finite value for the integral log mean_scale"),
    (lambda: OrnsteinUhlenbeck().at(-1), ValueError, "time must be >= 0; got -1"),
]


@pytest.mark.parametrize(("make", "error", "message"), BAD)
def test_invalid_mathematics_is_refused_by_name(make, error, message):
    with pytest.raises(error, match=message):
        make()


@settings(max_examples=25, deadline=None)
@given(st.floats())
def test_no_float_enters(value):
    for make in (VarianceExploding, lambda v: VariancePreserving(v, 1), lambda v: LinearSDE(v, 1)):
        with pytest.raises(TypeError, match=r"must be exact; got the float .*pass"):
            make(value)


@settings(max_examples=25, deadline=None)
@given(st.fractions())
def test_exact_reads_ints_fractions_and_strings_exactly(value):
    expected = R(value.numerator, value.denominator)
    assert exact("a", value) == exact("a", f"{value.numerator}/{value.denominator}") == exact("a", expected) == expected


@settings(max_examples=25, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**6), max_value=10**6))
def test_decimal_strings_are_exact(value):
    assert exact("a", str(value)) == R(*value.as_integer_ratio())


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=6))
def test_other_strings_are_refused_by_name(text):
    try:
        Fraction(text)
    except (ValueError, ZeroDivisionError):
        with pytest.raises(ValueError, match="argument must be a number"):
            exact("argument", text)


def test_numpy_integers_are_exact_and_numpy_floats_refused():
    assert exact("a", np.int64(3)) == 3
    with pytest.raises(TypeError, match="a must be exact"):
        exact("a", np.float32(0.5))


def test_a_vanishing_but_unsimplified_identity_is_decided_numerically():
    a = sp.Symbol("a", positive=True)
    assert decide_zero(sp.sqrt(1 + a**2) * sp.sqrt(1 + a) - sp.sqrt((1 + a**2) * (1 + a))) is True
    assert decide_zero(sp.exp(a) - 1 - a - a**2 / 2) is False


@settings(max_examples=10, deadline=None)
@given(st.fractions(min_value=0, max_value=5), st.fractions(min_value=0, max_value=5))
def test_every_linear_schedule_solves_its_equations(low, increment):
    high = low + increment
    if high > 0:
        for sde in (VariancePreserving(low, high), SubVariancePreserving(low, high, horizon=2)):
            assert sp.expand(sde.variance.diff(t) - 2 * sde.drift * sde.variance - sde.diffusion**2) == 0


@pytest.mark.parametrize("horizon", [1, 3, sp.Rational(1, 7)])
@pytest.mark.parametrize(("low", "high"), [("0.1", 20), (0, 1), (2, 2)])
def test_the_rate_of_a_schedule_runs_linearly_from_its_least_to_its_largest(low, high, horizon):
    for made in (VariancePreserving, SubVariancePreserving):
        sde = made(low, high, horizon=horizon)
        rate = -2 * sde.drift
        assert sp.simplify(rate.subs(t, 0) - sp.Rational(str(low))) == 0
        assert sp.simplify(rate.subs(t, horizon) - high) == 0
        assert sp.diff(rate, t, 2) == 0
        assert sp.simplify(sp.diff(sp.log(sde.mean_scale), t) + rate / 2) == 0
