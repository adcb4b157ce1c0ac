"""Proofs of Equations 12 and 13: positive homogeneity of ReLU features."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Max, sqrt

from theory.claims.equations_12_13 import a, bias, w
from theory.symbols import norm_given, norm_normalised, size, size_max, x
from theory.theorems import places
from theory.vocabulary.features import OuterNorm, Size, feature
from verify.proofs.kernel import Judgement, antisymmetric
from verify.proofs.writing import Draft, proves

_WEIGHT = OuterNorm(feature)


@proves("EQ-12/13:homogeneity")
def homogeneity(p: Draft) -> Judgement:
    """c max(0, y/c) = max(0, y) for c > 0, in both directions."""
    scaled, plain = size * Max(0, bias / size + w * x / size), Max(0, bias + w * x)
    both = antisymmetric(p.combine(scaled, "<=", plain), p.combine(plain, "<=", scaled))
    return p.combine(p.goal.says.left, "=", p.goal.says.right, (a, both))


def _average(p: Draft, larger: Judgement, *sides: Any) -> Judgement:
    """Σ F <= Σ G over the features."""
    functions = {places.F: sp.Lambda(feature, sides[0]), places.G: sp.Lambda(feature, sides[1])}
    return p.cite("monotonicity of an average over features", functions, by=larger)


def _scaled(p: Draft, factor: Any) -> Judgement:
    """Σ cF = c Σ F for the squared outer weights."""
    return p.cite("scaled average over features", {places.F: sp.Lambda(feature, _WEIGHT**2)}, a=factor)


@proves("EQ-12/13:norm-rescales")
def norm_rescales(p: Draft) -> Judgement:
    """Each outer weight is multiplied by c."""
    square, left, right = (
        p.rising(lambda z: z**2, p.cite("common size", level=size)),
        (Size(feature) * _WEIGHT) ** 2,
        size**2 * _WEIGHT**2,
    )
    up = _average(p, p.combine(left, "<=", right, (_WEIGHT**2, square)), left, right)
    down = _average(p, p.combine(right, "<=", left, (-(_WEIGHT**2), square)), right, left)
    both, old, new = _scaled(p, size**2), p.cite("norm of a network"), p.cite("norm of a normalised network")
    whole = p.combine(
        norm_normalised**2, "=", size**2 * norm_given**2, new, antisymmetric(up, down), both, (-(size**2), old)
    )
    return p.rising(sqrt, whole)


@proves("EQ-12/13:norm-bound")
def norm_bound(p: Draft) -> Judgement:
    """Each outer weight is multiplied by at most the largest size."""
    square, left, right = (
        p.rising(lambda z: z**2, p.cite("largest size", level=size_max)),
        (Size(feature) * _WEIGHT) ** 2,
        size_max**2 * _WEIGHT**2,
    )
    up = _average(p, p.combine(left, "<=", right, (_WEIGHT**2, square)), left, right)
    both, old, new = _scaled(p, size_max**2), p.cite("norm of a network"), p.cite("norm of a normalised network")
    whole = p.combine(norm_normalised**2, "<=", size_max**2 * norm_given**2, new, up, both, (-(size_max**2), old))
    return p.rising(sqrt, whole)
