"""Plans for the moments of ReLU features: antiderivatives and Price's theorem, and rigorous integrals beside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import sympy as sp
from flint import acb, arb

from theory.claims.relu import FAMILY
from theory.features import relu_mean
from theory.normal import BivariateNormalCDF, bivariate_normal_pdf
from theory.statement import Claim
from theory.symbols import (
    active,
    ambient,
    angle,
    correlation,
    kernel_value,
    mean_1,
    mean_2,
    norm_other,
    norm_z,
    radius,
    relu_cross,
    relu_first,
    relu_square,
    std_1,
    std_2,
)
from verify.balls.integrals import integral, normal_expectation
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Field, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.symbolic import Argument, Cited, Equal, Step, Tends
from verify.evidence.verdict import Verdict

# Proofs --------------------------------------------------------------------------------------------------------------


def _product_steps(claim: Claim) -> Sequence[Step]:
    """Both sides have the derivative s₁s₂Φ₂ in the correlation and agree at correlation 0."""
    a, b = sp.symbols("a b", real=True)
    q = sp.Symbol("q", real=True)
    right = claim.right().subs({mean_1: a * std_1, mean_2: b * std_2})
    density, both = bivariate_normal_pdf(a, b, correlation), BivariateNormalCDF(a, b, correlation)
    defect = sp.diff(right, correlation) - std_1 * std_2 * both
    return [
        Equal(name="the left side is E σ(X)σ(Y)", left=claim.left(), right=relu_cross),
        Equal(
            name="φ₂ solves ∂φ₂/∂ϱ = ∂²φ₂/∂a∂b",
            left=sp.diff(density, correlation) / density,
            right=sp.diff(density, a, b) / density,
        ),
        Cited(
            theorem="Price's theorem (1958), from that equation by parts",
            use="dE σ(X)σ(Y)/dϱ = s₁s₂ E σ'(X)σ'(Y) = s₁s₂ P(X > 0, Y > 0)",
        ),
        Cited(theorem="Plackett (1954), from that equation", use="P(X > 0, Y > 0) = Φ₂(μ₁/s₁, μ₂/s₂; ϱ)"),
        Equal(
            name="∂/∂ϱ of Φ(a)Φ(b) + ∫_0^ϱ φ₂ is the derivative used for Φ₂",
            left=sp.diff(both.rewrite(sp.Integral), correlation),
            right=sp.diff(both, correlation),
        ),
        Equal(
            name="∂/∂ϱ of the right side is s₁s₂Φ₂ (times (1 − ϱ²)³/φ₂ > 0)",
            left=_merged(defect, density),
            right=sp.S.Zero,
        ),
        Equal(
            name="at ϱ = 0 the right side is E σ(X) E σ(Y)",
            left=right.subs(correlation, q).subs(q, 0),
            right=relu_mean(a * std_1, std_1) * relu_mean(b * std_2, std_2),
        ),
        Cited(theorem="independence of uncorrelated normal variables", use="E σ(X)σ(Y) = E σ(X) E σ(Y) at ϱ = 0"),
        Cited(theorem="RELU:mean", use="E σ(X)"),
    ]


def _merged(expr: sp.Expr, density: sp.Expr) -> sp.Expr:
    """The expression times (1 − ϱ²)³ over the density, each term's exponentials merged into one and cancelled."""
    rest, root = 1 - correlation**2, sp.Dummy("k", positive=True)
    terms = []
    for term in sp.Add.make_args(expr):  # not expanded: that would bury exponentials in denominators
        factors = sp.Mul.make_args(term / density)
        exponent = sp.Add(*(factor.args[0] for factor in factors if isinstance(factor, sp.exp)))
        others = sp.Mul(*(factor for factor in factors if not isinstance(factor, sp.exp)))
        others = others.replace(
            lambda e: e.is_Add and sp.cancel(e / rest).is_number, lambda e: sp.cancel(e / rest) * root**2
        )
        terms.append(others * sp.exp(sp.cancel(exponent)) * root**6)
    return sp.expand(sp.expand(sp.Add(*terms)).subs(root, sp.sqrt(rest)))


def _kernel_steps(claim: Claim) -> Sequence[Step]:
    """v = R g/‖g‖ with g normal: in the plane of z and z′, g = r (cos φ, sin φ) has the density r e^{−r²/2}/(2π)."""
    phi, distance = sp.Symbol("phi", real=True), sp.Symbol("r", nonnegative=True)
    primitive = phi * sp.cos(angle) / 2 + sp.sin(2 * phi - angle) / 4
    radial = -(distance**2 + 2) * sp.exp(-(distance**2) / 2)
    ends = primitive.subs(phi, sp.pi / 2) - primitive.subs(phi, angle - sp.pi / 2)
    return [
        Equal(name="the left side is the kernel", left=claim.left(), right=kernel_value),
        Cited(theorem="polar decomposition", use="E σ(v·z)σ(v·z′) = (R²/E‖g‖²) E σ(g·z)σ(g·z′), E‖g‖² = D"),
        Equal(
            name="an antiderivative of cos φ cos(φ − ϑ)",
            left=sp.expand_trig(sp.diff(primitive, phi)),
            right=sp.expand_trig(sp.cos(phi) * sp.cos(phi - angle)),
        ),
        Equal(
            name="an antiderivative of r³ e^{−r²/2}",
            left=sp.diff(radial, distance),
            right=distance**3 * sp.exp(-(distance**2) / 2),
        ),
        Tends(name="it vanishes at ∞", expr=radial, variable=distance, point=sp.oo, value=sp.S.Zero),
        Equal(
            name="(R²/D)‖z‖‖z′‖ (1/2π) ∫ r³e^{−r²/2} dr ∫ cos φ cos(φ − ϑ) dφ is the right side",
            left=radius**2
            / ambient
            * norm_z
            * norm_other
            / (2 * sp.pi)
            * -radial.subs(distance, 0)
            * sp.expand_trig(ends),
            right=claim.right(),
        ),
    ]


# Measured sides ------------------------------------------------------------------------------------------------------


def _moment(degree: int) -> Callable[[Instance], arb]:
    def value(instance: Instance) -> arb:
        mean, std = arb(instance["mean_1"]), arb(instance["std_1"])
        size = (abs(mean) + std) ** degree  # |mean + std z|^k <= (|mean| + std)^k z² for |z| >= 1, k <= 2
        return normal_expectation(lambda x, _: x**degree, mean, std, growth=(arb(0), size), above=arb(0))

    return value


def _cross(instance: Instance) -> arb:
    """E σ(X) E[σ(Y) | X]: Y given X is normal, and its mean ReLU is RELU:mean."""
    mu, s, nu, q, rho = (arb(instance[name]) for name in ("mean_1", "std_1", "mean_2", "std_2", "correlation"))
    rest, root = q * (1 - rho**2).sqrt(), arb(2).sqrt()
    slope = rho * q / s

    def product(x: acb, _: bool) -> acb:
        mean = nu + slope * (x - mu)
        u = mean / rest
        return x * (mean * (1 + (u / root).erf()) / 2 + rest * (-u * u / 2).exp() / (2 * arb.pi()).sqrt())

    a, b, c = abs(mu), abs(nu) + q, q
    return normal_expectation(product, mu, s, growth=(a * b, a * c + b * s + s * c), above=arb(0))


def _degenerate(sign: int) -> Callable[[Instance], arb]:
    def value(instance: Instance) -> arb:
        mu, s, nu, q = (arb(instance[name]) for name in ("mean_1", "std_1", "mean_2", "std_2"))
        kink = -nu / q * sign  # Y = nu + sign·q·z is positive above (sign = 1) or below (−1) this z
        low, high = (arb.max(-mu / s, kink), None) if sign > 0 else (-mu / s, kink)
        size = (abs(mu) + s) * (abs(nu) + q)
        return normal_expectation(
            lambda z, _: (mu + s * z) * (nu + sign * q * z),
            arb(0),
            arb(1),
            growth=(arb(0), size),
            above=low,
            below=high,
        )

    return value


def _sphere(instance: Instance) -> arb:
    """The mean over the sphere itself: sin t = the length of a unit vector's projection on the plane of z and z′."""
    dim, theta = instance["ambient"], arb(instance["angle"])
    if bool(theta > arb.pi()):  # no angle between two vectors: that of the second one turned so far
        theta = theta.cos().acos()
    angular = integral(lambda p, _: p.cos() * (p - theta).cos(), theta - arb.pi() / 2, arb.pi() / 2) / (2 * arb.pi())
    radial = (
        arb(1)
        if dim == 2
        else integral(lambda p, _: (dim - 2) * p.sin() ** 3 * p.cos() ** (dim - 3), arb(0), arb.pi() / 2)
    )
    return arb(instance["radius"]) ** 2 * instance["norm_z"] * instance["norm_other"] * radial * angular


_MEAN, _STD = Real(low=-5, high=5), Real(low=0.01, high=10, log=True)
_ONE = {"mean_1": _MEAN, "std_1": _STD}
_TWO = {**_ONE, "mean_2": _MEAN, "std_2": _STD}
_BY_NAME = {
    str(symbol): symbol
    for symbol in (mean_1, std_1, mean_2, std_2, correlation, ambient, angle, radius, norm_z, norm_other)
}


def _experiment(
    name: str,
    fields: Mapping[str, Field],
    measured: sp.Symbol,
    value: Callable[[Instance], arb],
    extremal: tuple[Instance, ...] = (),
    *,
    beyond: tuple[Instance, ...] = (),
) -> Experiment:
    def measure(instance: Instance) -> Quantities:
        return {_BY_NAME[key]: entry for key, entry in instance.items()} | {measured: value(instance)}

    return Experiment(
        name=name,
        domain=Domain(fields=fields),
        extremal=extremal,
        beyond=beyond,
        sides=lambda claim: relation_sides(claim, measure),
        measures="a rigorous integral over the closed form",
    )


def _pair(rho: float | None = None, mean_2: float = -0.5) -> Instance:
    pair: Instance = {"mean_1": 1.0, "std_1": 2.0, "mean_2": mean_2, "std_2": 0.25}
    return pair if rho is None else {**pair, "correlation": rho}


_SPHERE: Instance = {"ambient": 3, "radius": 2.0, "norm_z": 1.0, "norm_other": 1.0}
_SPHERE_FIELDS = {
    "ambient": Integer(low=2, high=9),
    "angle": Real(low=0, high=math.pi),
    "radius": _STD,
    "norm_z": Real(low=0, high=5),
    "norm_other": Real(low=0, high=5),
}
_EXPERIMENTS = {
    "RELU:activation": _experiment("activation", _ONE, active, _moment(0)),
    "RELU:mean": _experiment("mean", _ONE, relu_first, _moment(1)),
    "RELU:second-moment": _experiment("second-moment", _ONE, relu_square, _moment(2)),
    "RELU:product": _experiment(
        "product",
        {**_TWO, "correlation": Real(low=-0.999, high=0.999)},
        relu_cross,
        _cross,
        (_pair(0.5), _pair(-0.75), _pair(0.999), _pair(-0.999, 3.0)),
        beyond=(_pair(1.0),),
    ),
    "RELU:product-aligned": _experiment("aligned", _TWO, relu_cross, _degenerate(1), (_pair(), _pair(None, 3.0))),
    "RELU:product-opposed": _experiment("opposed", _TWO, relu_cross, _degenerate(-1), (_pair(), _pair(None, 3.0))),
    "RELU:arc-cosine": _experiment(
        "sphere",
        _SPHERE_FIELDS,
        kernel_value,
        _sphere,
        ({**_SPHERE, "angle": 1.0}, {**_SPHERE, "angle": math.pi}),
        beyond=({**_SPHERE, "angle": 3.2}, {**_SPHERE, "angle": 5.0}),
    ),
}
_STEPS: dict[str, Callable[[Claim], Sequence[Step]]] = {
    "RELU:product": _product_steps,
    "RELU:arc-cosine": _kernel_steps,
}

_GAP = "moments of two correlated features are no terms of the kernel"

PLANS = tuple(
    Plan(
        claim=claim.id,
        expected=Verdict.ARGUED if claim.id in _STEPS else Verdict.PROVED,
        methods=(
            Search(experiment=_EXPERIMENTS[claim.id]),
            *(Argument(steps=steps, gap=_GAP) for steps in (_STEPS.get(claim.id),) if steps),
        ),
    )
    for claim in FAMILY.claims
)
