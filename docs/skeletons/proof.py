"""Proofs of Lemma 9: a convex function and its tangent. (A skeleton: verify/proofs/lemma_9.py.)"""

from __future__ import annotations

from sympy import exp

from theory.symbols import tau, u
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.writing import Draft, proves


@proves("L9:repaired")
def repaired(p: Draft) -> Judgement:
    """u − (1 − e^{−u}) is 0 at u = 0, with a derivative >= 0: say here in words what the lines below derive."""
    tangent = taylor(u - (1 - exp(-u)), u)
    return p.combine(1 - exp(-tau), "<=", tau, p.at(tangent, {u: tau}))
