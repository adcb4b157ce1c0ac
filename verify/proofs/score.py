"""Proofs of the scores of Gaussian mixtures."""

from __future__ import annotations

from theory.symbols import q
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


@proves("SCORE:mixture", "SCORE:slope")
def mixture(p: Draft) -> Judgement:
    """The derivative of a logarithm."""
    return p.equal(p.goal.says.left, p.goal.says.right)


@proves("SCORE:two-modes")
def two_modes(p: Draft) -> Judgement:
    """The derivative of a logarithm, tanh in exponentials."""
    both = p.hypothesis("two-sided")
    one, two = p.combine(0, "<", q, both), p.combine(0, "<", 1 - q, both)
    return p.equal(p.goal.says.left, p.goal.says.right, [two, one])
