"""Equation 6 of LLZB: the kernel's expected squared score, and the weightings λ that are made from it."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, ForAll, Hypothesis, Identity, Mutant, Source
from theory.symbols import d, r, v

_SOURCE = Source(paper="LLZB", place="section 2", equation="6")
_ALL = ForAll(over="mean scales r > 0, clocks v > 0 and dimensions d")
_NOISY = Hypothesis(
    name="positive-time", statement="v > 0, so that the kernel has a density", lesser=sp.S.Zero, greater=v, strict=True
)
_z = sp.Symbol("z", real=True)
SQUARED_SCORE = d * sp.Integral((_z / (r * v)) ** 2 * sp.exp(-(_z**2) / 2) / sp.sqrt(2 * sp.pi), (_z, -sp.oo, sp.oo))
"""E‖∇log p_{t|0}‖²: the score is −z/(rv) with z ~ N(0, I_d)."""

CLAIMS = (
    Claim(
        id="EQ-6:norm",
        sentence="The kernel's expected squared score is d/(rv)².",
        source=_SOURCE,
        quantifier=_ALL,
        hypotheses=(_NOISY,),
        relation=Identity(lhs={"expected squared score": SQUARED_SCORE}, rhs={"value": d / (r * v) ** 2}),
        mutants=(
            Mutant(name="no-dimension", description="d is lost", regime="d >= 2", rhs={"value": 1 / (r * v) ** 2}),
            Mutant(
                name="std",
                description="d/(rv): the standard deviation for the variance",
                regime="rv ≠ 1",
                rhs={"value": d / (r * v)},
            ),
            Mutant(name="clock", description="d/v²: the mean scale is lost", regime="r ≠ 1", rhs={"value": d / v**2}),
        ),
    ),
    Claim(
        id="EQ-6:song-weight",
        sentence="The weighting 1/E‖∇log p_{t|0}‖² of Song et al. (2021) is (rv)²/d.",
        source=Source(paper="LLZB", place="section 2, after Song et al. (2021)", equation="6"),
        quantifier=_ALL,
        hypotheses=(_NOISY,),
        relation=Identity(lhs={"weight": 1 / SQUARED_SCORE}, rhs={"value": (r * v) ** 2 / d}),
        mutants=(
            Mutant(
                name="printed-form",
                description="rv/√d: the root of the weight",
                regime="(rv)² ≠ d",
                rhs={"value": r * v / sp.sqrt(d)},
            ),
            Mutant(name="no-dimension", description="d is lost", regime="d >= 2", rhs={"value": (r * v) ** 2}),
            Mutant(name="clock", description="v²/d: the mean scale is lost", regime="r ≠ 1", rhs={"value": v**2 / d}),
        ),
    ),
    Claim(
        id="EQ-6:printed-weight",
        sentence="The weighting as printed, 1/√E‖∇log p_{t|0}‖², is rv/√d: the root of Song et al.'s.",
        source=_SOURCE,
        quantifier=_ALL,
        hypotheses=(_NOISY,),
        relation=Identity(lhs={"weight": 1 / sp.sqrt(SQUARED_SCORE)}, rhs={"value": r * v / sp.sqrt(d)}),
        note="The printed formula is not the weighting of the paper it is taken from; both are offered, and g².",
        mutants=(
            Mutant(
                name="song-form",
                description="(rv)²/d: the square of the weight",
                regime="(rv)² ≠ d",
                rhs={"value": (r * v) ** 2 / d},
            ),
            Mutant(name="no-root", description="rv/d", regime="d >= 2", rhs={"value": r * v / d}),
            Mutant(name="variance", description="(rv)²/√d", regime="rv ≠ 1", rhs={"value": (r * v) ** 2 / sp.sqrt(d)}),
        ),
    ),
)

FAMILY = Family(key="EQ-6", subject="the weighting λ(t)", claims=CLAIMS)
