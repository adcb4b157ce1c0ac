"""Equation 8 of LLZB: the Gaussian kernel of a linear SDE, as identities in its drift f and diffusion g."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.kernel import chi, rho
from theory.sde import LinearSDE, OrnsteinUhlenbeck
from theory.statement import Claim, ForAll, Hypothesis, Identity, Mutant, Source
from theory.symbols import d, s, t, x0

_SOURCE = Source(paper="LLZB", place="section 2", equation="8")
_ALL = ForAll(over="continuous f and g, times and initial points")
_SMOOTH = Hypothesis(name="continuous-coefficients", statement="f and g are continuous and real on [0, T]")
_NOISE = Hypothesis(name="noise", statement="noise has entered: the variance P = (rv)² is positive")

SDE = LinearSDE.abstract()
f, g, r, P = SDE.drift, SDE.diffusion, SDE.mean_scale, SDE.variance


def _at(expr: sp.Expr, time: sp.Symbol) -> sp.Expr:
    return expr.subs(t, time)


_RATE = sp.Derivative(P, t)
_LOG_RATE = {
    "normaliser": -d * _RATE / (2 * P),
    "moving mean": sp.Derivative(r, t) / r * chi / P,
    "moving variance": rho * _RATE / (2 * P**2),
}
_LOG_RIGHT = {
    "divergence of the drift": -f * d,
    "transport": f * (rho + chi) / P,
    "Laplacian": -(g**2) * d / (2 * P),
    "squared score": g**2 * rho / (2 * P**2),
}
_inner = sp.Dummy("sigma", nonnegative=True)
STEP_VARIANCE = r**2 * sp.Integral((g / r).subs(t, _inner) ** 2, (_inner, s, t))
"""Variance of x(t) given x(s): r(t)² ∫_s^t g²/r²."""
_TWO_STEPS = {"carried over": (r / _at(r, s)) ** 2 * _at(P, s), "added": STEP_VARIANCE}
_OU = OrnsteinUhlenbeck()

CLAIMS = (
    Claim(
        id="EQ-8:mean",
        sentence="The kernel's mean r x(0) solves the mean equation m' = f m.",
        source=_SOURCE,
        quantifier=_ALL,
        hypotheses=(_SMOOTH,),
        relation=Identity(lhs={"rate of the mean": sp.Derivative(r * x0, t)}, rhs={"drift": f * r * x0}),
        mutants=(
            Mutant(name="half-drift", description="f/2 in place of f", regime="f ≠ 0", rhs={"drift": f * r * x0 / 2}),
            Mutant(name="sign", description="−f in place of f", regime="f ≠ 0", rhs={"drift": -f * r * x0}),
            Mutant(
                name="no-scale", description="x(0) in place of r x(0)", regime="f ≠ 0, t > 0", rhs={"drift": f * x0}
            ),
        ),
    ),
    Claim(
        id="EQ-8:variance",
        sentence="The kernel's variance P = (rv)² solves the variance equation P' = 2fP + g².",
        source=_SOURCE,
        quantifier=_ALL,
        hypotheses=(_SMOOTH,),
        relation=Identity(lhs={"rate of the variance": _RATE}, rhs={"drift": 2 * f * P, "diffusion": g**2}),
        mutants=(
            Mutant(
                name="single-drift",
                description="f P in place of 2fP",
                regime="f ≠ 0",
                rhs={"drift": f * P, "diffusion": g**2},
            ),
            Mutant(
                name="half-diffusion",
                description="g²/2 in place of g²",
                regime="everywhere",
                rhs={"drift": 2 * f * P, "diffusion": g**2 / 2},
            ),
            Mutant(
                name="std-for-variance",
                description="g in place of g²",
                regime="g ≠ 1",
                rhs={"drift": 2 * f * P, "diffusion": g},
            ),
        ),
    ),
    Claim(
        id="EQ-8:fokker-planck",
        sentence="The kernel N(r x(0), P I) solves the Fokker–Planck equation in every dimension.",
        source=_SOURCE,
        quantifier=_ALL,
        hypotheses=(_SMOOTH, _NOISE),
        relation=Identity(lhs=_LOG_RATE, rhs=_LOG_RIGHT),
        note="Divided by the density: ρ = |x − r x(0)|², χ = (x − r x(0))·r x(0), ℓ = log p; the terms are those of "
        "∂ℓ/∂t = −f d − f x·∇ℓ + (g²/2)(Δℓ + |∇ℓ|²).",
        mutants=(
            Mutant(
                name="no-divergence",
                description="−f d is lost",
                regime="f ≠ 0",
                rhs={k: e for k, e in _LOG_RIGHT.items() if k != "divergence of the drift"},
            ),
            Mutant(
                name="full-diffusion",
                description="g² in place of g²/2",
                regime="everywhere",
                rhs={**_LOG_RIGHT, "Laplacian": -(g**2) * d / P, "squared score": g**2 * rho / P**2},
            ),
            Mutant(
                name="no-moving-mean",
                description="the mean's motion is lost",
                regime="f ≠ 0, x(0) ≠ 0",
                lhs={k: e for k, e in _LOG_RATE.items() if k != "moving mean"},
            ),
            Mutant(
                name="no-squared-score",
                description="Δℓ without |∇ℓ|²",
                regime="x ≠ mean",
                rhs={k: e for k, e in _LOG_RIGHT.items() if k != "squared score"},
            ),
        ),
    ),
    Claim(
        id="EQ-8:composition",
        sentence="The kernel from 0 to s followed by the kernel from s to t is the kernel from 0 to t.",
        source=_SOURCE,
        quantifier=_ALL,
        hypotheses=(_SMOOTH,),
        relation=Identity(lhs=_TWO_STEPS, rhs={"one step": P}),
        note="Chapman–Kolmogorov for the variances; the mean scales compose as r(t)/r(s) · r(s) = r(t).",
        mutants=(
            Mutant(
                name="scale-not-squared",
                description="r(t)/r(s) in place of its square",
                regime="f ≠ 0",
                lhs={**_TWO_STEPS, "carried over": r / _at(r, s) * _at(P, s)},
            ),
            Mutant(
                name="variances-add",
                description="variances added without the scale",
                regime="f ≠ 0",
                lhs={**_TWO_STEPS, "carried over": _at(P, s)},
            ),
            Mutant(
                name="clock-only",
                description="v(t)² − v(s)² without r(t)²",
                regime="f ≠ 0",
                lhs={**_TWO_STEPS, "added": STEP_VARIANCE / r**2},
            ),
        ),
    ),
    Claim(
        id="EQ-8:stationary",
        sentence="The Ornstein–Uhlenbeck process keeps N(0, 1): r² + P = 1, with r → 0 and P → 1 as t → ∞.",
        source=_SOURCE,
        quantifier=ForAll(over="times t >= 0"),
        relation=Identity(
            lhs={"initial variance": _OU.mean_scale**2, "added variance": _OU.variance},
            rhs={"prior variance": sp.S.One},
        ),
        mutants=(
            Mutant(
                name="slow-variance",
                description="1 − e^{−t} in place of 1 − e^{−2t}",
                regime="t > 0",
                lhs={"initial variance": _OU.mean_scale**2, "added variance": 1 - sp.exp(-t)},
            ),
            Mutant(
                name="scale-not-squared",
                description="r in place of r²",
                regime="t > 0",
                lhs={"initial variance": _OU.mean_scale, "added variance": _OU.variance},
            ),
            Mutant(
                name="unit-noise",
                description="g = 1 in place of √2",
                regime="t > 0",
                lhs={"initial variance": _OU.mean_scale**2, "added variance": _OU.variance / 2},
            ),
        ),
    ),
)

FAMILY = Family(key="EQ-8", subject="the transition kernel", claims=CLAIMS)
