"""Proofs of Lemma 3: the second variation of the loss."""

from __future__ import annotations

from sympy import sqrt

from theory.symbols import m
from theory.theorems.places import number
from theory.vocabulary.moments import Form, Slope, direction
from theory.vocabulary.objects import Q, Theta, Value
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves

_SLOPE = 2 * Slope(Q, Theta, direction)


@proves("L3:scaled")
def scaled(p: Draft) -> Judgement:
    """The quadratic along a line, differentiated twice."""
    values = {"a": Value(Q, Theta), "b": _SLOPE, "c": Form(Q, direction)}
    return p.cite("second variation along a line", **values, by=p.cite("quadratic along a line"))


@proves("L3:repaired-A")
def repaired_A(p: Draft) -> Judgement:
    """The same along a line of A, on which Θ moves by 1/√m."""
    line = p.at(p.cite("quadratic along a line"), {number: number / sqrt(m)})
    values = {"a": Value(Q, Theta), "b": _SLOPE / sqrt(m), "c": Form(Q, direction) / m}
    return p.cite("second variation along a line of A", **values, by=line)
