"""Proofs of Equations 3 and 4: the reverse processes have the forward marginals."""

from __future__ import annotations

import sympy as sp

from theory.claims.equations_3_4 import f, g
from theory.claims.equations_3_4 import p as density
from theory.symbols import x
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves

_SLOPE, _BEND = sp.Derivative(density, x), sp.Derivative(density, (x, 2))
_CARRIED = f * density + f * x * _SLOPE  # ∂(f x p)/∂x


@proves("EQ-3/4:reverse-sde", "EQ-3/4:probability-flow")
def marginals(p: Draft) -> Judgement:
    """∂(p ∂ log p/∂x)/∂x = ∂²p/∂x², in the forward equation."""
    share = 1 if p.claim.variant.split("~")[0] == "reverse-sde" else sp.Rational(1, 2)
    forward = p.hypothesis("forward-marginal")
    drift = sp.Derivative((f * x - share * g**2 * sp.Derivative(sp.log(density), x)) * density, x)
    back = p.equal(drift, _CARRIED - share * g**2 * _BEND)
    plain = p.equal(sp.Derivative(f * x * density, x), _CARRIED)
    sign = -1 if share == 1 else 1
    return p.combine(p.goal.says.left, "=", p.goal.says.right, (sign, forward), (-sign, plain), (sign, back))
