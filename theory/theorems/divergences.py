"""Divergences of Gaussian laws from N(0, I), and the laws along an Ornstein–Uhlenbeck process."""

from __future__ import annotations

import sympy as sp

from theory.symbols import d
from theory.theorems.places import X, level
from theory.vocabulary.gaussians import At, ToNormal
from theory.vocabulary.objects import Prior, p0
from theory.vocabulary.statements import Fact, Theorem, equals
from theory.vocabulary.terms import Object

_LAW = Object("law")
_TIME = sp.Symbol("time_", nonnegative=True)

THEOREMS = (
    Theorem(
        id="Gaussian along an Ornstein–Uhlenbeck process",
        sentence="N(m, vI) becomes N(e^{−t}m, (1 + (v − 1)e^{−2t})I)",
        source="variation of constants; Karatzas and Shreve 1991, section 5.6",
        takes=(p0, X, level, d, _TIME),
        given=(Fact("ornstein_uhlenbeck", (p0,)), Fact("gaussian", (p0, X, level, d))),
        says=Fact("gaussian", (At(p0, _TIME), sp.exp(-_TIME) * X, 1 + (level - 1) * sp.exp(-2 * _TIME), d)),
    ),
    Theorem(
        id="divergence of a Gaussian from N(0, I)",
        sentence="KL(N(m, vI)‖N(0, I)) = ½(‖m‖² + d(v − 1 − log v))",
        source="Cover and Thomas 2006, Theorem 8.4.1 (entropy of normal laws)",
        takes=(_LAW, X, level, d),
        given=(Fact("gaussian", (_LAW, X, level, d)),),
        says=equals(ToNormal(_LAW), (X**2 + d * (level - 1 - sp.log(level))) / 2),
    ),
    Theorem(
        id="prior term",
        sentence="KL(p_t‖π) with π = N(0, I)",
        source="definition",
        trust="definition",
        takes=(p0, _TIME),
        given=(Fact("ornstein_uhlenbeck", (p0,)),),
        says=equals(Prior(p0, _TIME), ToNormal(At(p0, _TIME))),
    ),
)
