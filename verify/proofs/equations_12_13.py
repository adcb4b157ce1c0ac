"""Proofs of Equations 12 and 13: positive homogeneity of ReLU features."""

from __future__ import annotations

from sympy import Max

from theory.claims.equations_12_13 import a, bias, w
from theory.symbols import size, x
from verify.proofs.kernel import Judgement, antisymmetric
from verify.proofs.writing import Draft, proves


@proves("EQ-12/13:homogeneity")
def homogeneity(p: Draft) -> Judgement:
    """c max(0, y/c) = max(0, y) for c > 0, in both directions."""
    scaled, plain = size * Max(0, bias / size + w * x / size), Max(0, bias + w * x)
    both = antisymmetric(p.combine(scaled, "<=", plain), p.combine(plain, "<=", scaled))
    return p.combine(p.goal.says.left, "=", p.goal.says.right, (a, both))
