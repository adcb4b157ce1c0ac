"""Equations 3 and 4 of LLZB: the reverse SDE and the probability-flow ODE have the forward marginals."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.sde import LinearSDE
from theory.statement import Claim, ForAll, Hypothesis, Identity, Mutant, Source
from theory.symbols import t, x

_ALL = ForAll(over="continuous f and g, times, points, and Gaussian-mixture initial laws")
_MARGINAL = Hypothesis(
    name="forward-marginal",
    statement="p is the forward marginal: it solves ∂p/∂t = −∂(f x p)/∂x + (g²/2) ∂²p/∂x² "
    "(for a Gaussian mixture p(·, 0) this is checked)",
)
SDE = LinearSDE.abstract()
f, g = SDE.drift, SDE.diffusion
p = sp.Function("p", positive=True)(x, t)
_SCORE = sp.Derivative(sp.log(p), x)


def _divergence(velocity: sp.Expr) -> sp.Expr:
    return sp.Derivative(velocity * p, x)


_SPREAD = g**2 / 2 * sp.Derivative(p, (x, 2))
_TIME = {"rate": sp.Derivative(p, t)}
_BACK = {"rate of the reversed law": -sp.Derivative(p, t)}

CLAIMS = (
    Claim(
        id="EQ-3/4:reverse-sde",
        sentence="The reverse SDE dx = (f x − g² ∇log p) dt + g dW̄, run backward, has the forward marginals.",
        source=Source(paper="LLZB", place="section 2", equation="3"),
        quantifier=_ALL,
        hypotheses=(_MARGINAL,),
        relation=Identity(lhs=_BACK, rhs={"drift": _divergence(f * x - g**2 * _SCORE), "diffusion": _SPREAD}),
        mutants=(
            Mutant(
                name="half-score",
                description="½g² in front of the score",
                regime="everywhere",
                rhs={"drift": _divergence(f * x - g**2 * _SCORE / 2), "diffusion": _SPREAD},
            ),
            Mutant(
                name="forward-drift",
                description="the drift f x with the wrong sign",
                regime="f ≠ 0",
                rhs={"drift": _divergence(-f * x - g**2 * _SCORE), "diffusion": _SPREAD},
            ),
            Mutant(
                name="no-noise",
                description="the reverse noise is lost",
                regime="everywhere",
                rhs={"drift": _divergence(f * x - g**2 * _SCORE)},
            ),
        ),
    ),
    Claim(
        id="EQ-3/4:probability-flow",
        sentence="The probability-flow ODE dx/dt = f x − ½ g² ∇log p transports the forward marginals.",
        source=Source(paper="LLZB", place="section 2", equation="4"),
        quantifier=_ALL,
        hypotheses=(_MARGINAL,),
        relation=Identity(lhs=_TIME, rhs={"transport": -_divergence(f * x - g**2 * _SCORE / 2)}),
        mutants=(
            Mutant(
                name="full-score",
                description="g² in place of ½g²",
                regime="everywhere",
                rhs={"transport": -_divergence(f * x - g**2 * _SCORE)},
            ),
            Mutant(
                name="sign",
                description="+½g² in front of the score",
                regime="everywhere",
                rhs={"transport": -_divergence(f * x + g**2 * _SCORE / 2)},
            ),
            Mutant(
                name="no-drift",
                description="the drift f x is lost",
                regime="f ≠ 0",
                rhs={"transport": -_divergence(-(g**2) * _SCORE / 2)},
            ),
        ),
    ),
)

FAMILY = Family(key="EQ-3/4", subject="reverse SDE and probability-flow ODE", claims=CLAIMS)
