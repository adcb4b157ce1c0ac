"""Closed forms of linear SDEs: right where parameters coincide, proved on every branch, or refused in words."""

import mpmath as mp
import pytest
import sympy as sp

from theory.sde import LinearSDE
from theory.symbols import t

R = sp.Rational
a, b, c = sp.symbols("a b c", positive=True)
k = sp.Symbol("k", real=True)
STEP = sp.Piecewise((-1, t < 1), (-3, True))


def test_the_variance_is_right_where_two_rates_coincide():
    sde = LinearSDE(-b, sp.exp(c - a * t))
    assert sp.simplify(sde.variance.subs(a, b) - t * sp.exp(2 * c - 2 * b * t)) == 0
    assert sp.simplify(sde.variance.subs({a: 3, b: 3}) - t * sp.exp(2 * c - 6 * t)) == 0
    assert sp.simplify(sde.clock.subs(a, b) ** 2 - t * sp.exp(2 * c)) == 0


@pytest.mark.parametrize(
    ("drift", "diffusion", "values", "variance"),
    [
        (-k, 1, {k: 0}, t),
        (-a, sp.sqrt(2 * a) * sp.exp(-b * t), {a: b}, 2 * b * t * sp.exp(-2 * b * t)),
        (0, sp.sqrt(2 * t) * a**t, {a: 1}, t**2),
        (0, a * (b / a) ** t, {a: 2, b: 2}, 4 * t),
        (-sp.exp(-k * t), sp.sqrt(2) * sp.exp(-k * t / 2), {k: 0}, 1 - sp.exp(-2 * t)),
    ],
)
def test_every_degenerate_case_of_the_parameters_has_its_own_variance(drift, diffusion, values, variance):
    assert sp.simplify(LinearSDE(drift, diffusion).variance.subs(values) - variance) == 0


def test_the_general_case_agrees_with_quadrature():
    sde, point = LinearSDE(0, a * (b / a) ** t), {a: R(1, 2), b: 3}
    with mp.workdps(30):
        wanted = mp.quad(lambda u: (mp.mpf("0.5") * mp.mpf(6) ** u) ** 2, [0, mp.mpf("0.75")])
        found = mp.mpf(sp.N(sde.variance.subs(point).subs(t, R(3, 4)), 30))
        assert mp.almosteq(found, wanted, rel_eps=1e-20)  # the integrand is entire: the quadrature keeps 30 digits


def test_a_drift_with_a_step_is_integrated_across_it():
    sde = LinearSDE(STEP, sp.sqrt(2))
    assert sde.at(2).mean_scale == sp.exp(-4)
    by_hand = LinearSDE(STEP, 1, mean_scale=sp.Piecewise((sp.exp(-t), t < 1), (sp.exp(2 - 3 * t), True)))
    assert by_hand.at(R(1, 2)).mean_scale == sp.exp(-R(1, 2))


OU = {"mean_scale": sp.exp(-t), "variance": 1 - sp.exp(-2 * t)}
WRONG_SOMEWHERE = {
    "a step of the drift after the points": (STEP, sp.sqrt(2), OU),
    "a maximum": (-sp.Max(1, t), sp.sqrt(2), OU),
    "a modulus": (-(1 + sp.Abs(t - 2) - 2 + t) / 1, sp.sqrt(2), {**OU, "mean_scale": sp.exp(t)}),
    "a step of the diffusion": (-1, sp.sqrt(2 + 2 * sp.Heaviside(t - 1)), OU),
    "a jump of the mean scale": (STEP, 1, {"mean_scale": sp.Piecewise((sp.exp(-t), t < 1), (sp.exp(-3 * t), True))}),
    "a jump through a pole": (
        -1 / ((t - 1) ** 2 + 1),
        1,
        {"mean_scale": sp.exp(sp.atan(1 / (t - 1)) + sp.pi / 4), "variance": t},
    ),
    "a saw tooth": (-1, sp.sqrt(2), {**OU, "mean_scale": sp.exp(-sp.atan(sp.tan(t)))}),
    "a case of a parameter": (
        -b,
        sp.exp(-a * t),
        {
            "variance": sp.Piecewise(
                ((sp.exp(-2 * a * t) - sp.exp(-2 * b * t)) / (2 * (b - a)), sp.Ne(a, b)), (t * sp.exp(-b * t), True)
            )
        },
    ),
}


@pytest.mark.parametrize("what", WRONG_SOMEWHERE)
def test_a_closed_form_wrong_on_one_branch_is_refused(what):
    drift, diffusion, given = WRONG_SOMEWHERE[what]
    with pytest.raises(ValueError, match=r"(does not satisfy|could not be shown to).*pass (mean_scale|variance)"):
        LinearSDE(drift, diffusion, **given)


def test_a_kink_right_on_both_sides_is_accepted():
    scale = sp.Piecewise((sp.exp(-t), t < 1), (sp.exp(-(t**2) / 2 - R(1, 2)), True))
    assert LinearSDE(-sp.Max(1, t), sp.exp(-t) * scale, mean_scale=scale).mean_scale == scale


def test_what_sympy_gives_up_on_is_a_value_error_with_a_remedy():
    for drift, diffusion in ((0, sp.Symbol("p") ** (t * sp.Symbol("q")) + sp.zeta(1 + t)), (-sp.floor(t), sp.gamma(t))):
        with pytest.raises(ValueError, match=r"pass|give mean_scale="):
            LinearSDE(drift, diffusion)


def test_a_diffusion_that_cancels_is_refused():
    with pytest.raises(ValueError, match="diffusion must not be identically 0"):
        LinearSDE(-1, sp.sin(t) ** 2 + sp.cos(t) ** 2 - 1)
