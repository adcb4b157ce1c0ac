"""The Rademacher chain inside Theorem 1 of LLZB: products of two classes."""

from __future__ import annotations

import sympy as sp

from theory.claims.rademacher_contraction import CHAIN, CLASSES, REPAIR
from theory.family import Family
from theory.statement import Claim, Hypothesis, Inequality, Mutant
from theory.symbols import (
    rademacher_abs_first,
    rademacher_abs_product,
    rademacher_abs_second,
    rademacher_first,
    rademacher_product,
    rademacher_second,
    sup_first,
    sup_second,
)

_BOUNDED = Hypothesis(name="bounded", statement="sup|F₁| and sup|F₂| bound |f(x_j)| on the samples")


_SUPS = sup_first + sup_second
_CROSS = 2 * sp.sqrt(sup_first * sup_second * rademacher_first * rademacher_second)

CLAIMS = (
    Claim(
        id="R3:printed",
        sentence="Products have complexity at most (sup|F₁| + sup|F₂|)(R̂(F₁) + R̂(F₂)), without |·|.",
        source=CHAIN,
        quantifier=CLASSES,
        hypotheses=(_BOUNDED,),
        relation=Inequality(
            lhs={"product": rademacher_product},
            rhs={"first": _SUPS * rademacher_first, "second": _SUPS * rademacher_second},
        ),
        note="Polarisation and contraction of x² on [−sup|F₁|−sup|F₂|, sup|F₁|+sup|F₂|]. The worst ratio over tables "
        "with entries in {−1, 0, 1} is 1/2, met where one class is {1}; the constant is approached only where F₂ = {s} "
        "and sup|F₁|/s → 0, ratio s/(s + sup|F₁|): see R3:sharp.",
        mutants=(
            Mutant(
                name="sups-multiplied",
                description="sup|F₁| sup|F₂| in place of the sum",
                regime="sup|F₁| = 1/2",
                rhs={
                    "first": sup_first * sup_second * rademacher_first,
                    "second": sup_first * sup_second * rademacher_second,
                },
            ),
            Mutant(
                name="quarter",
                description="a factor 1/4 from the polarisation kept",
                regime="F₂ = {1}",
                rhs={"first": _SUPS * rademacher_first / 4, "second": _SUPS * rademacher_second / 4},
            ),
            Mutant(
                name="own-sup",
                description="each class with its own supremum",
                regime="F₂ = {2}, sup|F₁| = 1",
                rhs={"first": sup_first * rademacher_first, "second": sup_second * rademacher_second},
            ),
            Mutant(
                name="complexities-multiplied",
                description="R̂(F₁)R̂(F₂) in place of the sum",
                regime="F₂ = {1}",
                rhs={"first": _SUPS * rademacher_first * rademacher_second},
            ),
        ),
    ),
    Claim(
        id="R3:abs",
        sentence="Products have complexity at most (sup|F₁| + sup|F₂|)(R̂(F₁) + R̂(F₂)), with |·| on both sides.",
        source=CHAIN,
        quantifier=CLASSES,
        hypotheses=(_BOUNDED,),
        relation=Inequality(
            lhs={"product": rademacher_abs_product},
            rhs={"first": _SUPS * rademacher_abs_first, "second": _SUPS * rademacher_abs_second},
        ),
        note="From R3:printed for ±F₁, no factor 2: contraction with |·| is not needed, and "
        "R̂(F₂) would do on the right. The worst ratio over tables with entries in {−1, 0, 1} is 1/3.",
        mutants=(
            Mutant(
                name="quarter",
                description="a factor 1/4 from the polarisation kept",
                regime="F₂ = {0, 1}",
                rhs={"first": _SUPS * rademacher_abs_first / 4, "second": _SUPS * rademacher_abs_second / 4},
            ),
            Mutant(
                name="no-abs",
                description="the complexities without |·| on the right",
                regime="single functions",
                rhs={"first": _SUPS * rademacher_first, "second": _SUPS * rademacher_second},
            ),
            Mutant(
                name="sups-multiplied",
                description="sup|F₁| sup|F₂|/2 in place of the sum",
                regime="sup|F₁| = 1/2",
                rhs={
                    "first": sup_first * sup_second * rademacher_abs_first / 2,
                    "second": sup_first * sup_second * rademacher_abs_second / 2,
                },
            ),
        ),
    ),
    Claim(
        id="R3:sharp",
        sentence="Products have complexity at most (√(sup|F₁| R̂(F₂)) + √(sup|F₂| R̂(F₁)))², without |·|.",
        source=REPAIR,
        quantifier=CLASSES,
        hypotheses=(_BOUNDED,),
        relation=Inequality(
            lhs={"product": rademacher_product},
            rhs={"first": sup_second * rademacher_first, "second": sup_first * rademacher_second, "cross": _CROSS},
        ),
        note="R3:printed for cF₁ and F₂/c with the best c. Attained where F₂ = {1}; never above R3:printed, "
        "and half of it there for sup|F₁| = 1.",
        mutants=(
            Mutant(
                name="own-sup",
                description="each class with its own supremum",
                regime="F₂ = {2}, sup|F₁| = 1",
                rhs={"first": sup_first * rademacher_first, "second": sup_second * rademacher_second, "cross": _CROSS},
            ),
            Mutant(
                name="half",
                description="half of the bound",
                regime="F₂ = {1}",
                rhs={
                    "first": sup_second * rademacher_first / 2,
                    "second": sup_first * rademacher_second / 2,
                    "cross": _CROSS / 2,
                },
            ),
            Mutant(name="cross-only", description="the cross term alone", regime="F₂ = {1}", rhs={"cross": 2 * _CROSS}),
        ),
    ),
)

FAMILY = Family(key="R3", subject="Rademacher chain: products", claims=CLAIMS)
