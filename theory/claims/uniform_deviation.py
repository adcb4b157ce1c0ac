"""The Rademacher chain inside Theorem 1 of LLZB: uniform deviations of means from expectations."""

from __future__ import annotations

import sympy as sp

from theory.claims.rademacher_contraction import CHAIN, REPAIR
from theory.family import Family
from theory.statement import Claim, Hypothesis, Inequality, Mutant, WithProbability
from theory.symbols import (
    M,
    delta,
    n,
    one_sided_deviation,
    rademacher,
    rademacher_abs,
    rademacher_expected,
    rademacher_one_sided,
    uniform_deviation,
    value_range,
)

_SAMPLE = WithProbability(at_least=1 - delta, over="the sample")
_IID = Hypothesis(name="bounded-iid", statement="i.i.d. samples, and |f| <= M for every f of the class")
_RANGE = Hypothesis(name="range-iid", statement="i.i.d. samples, and all values f(x) lie in an interval of that range")

_TAIL = sp.sqrt(2 * sp.log(1 / delta) / n)
_HALF_TAIL = sp.sqrt(sp.log(1 / delta) / (2 * n))
_TAIL_TWO = sp.sqrt(2 * sp.log(2 / delta) / n)


def _deviation(complexity: sp.Expr, fluctuation: sp.Expr) -> dict[str, sp.Expr]:
    return {"complexity": complexity, "fluctuation": fluctuation}


CLAIMS = (
    Claim(
        id="R6:expected",
        sentence="Uniformly over the class the deviation is at most 2R_n + M√(2 log(1/δ)/n), R_n with |·|.",
        source=CHAIN,
        quantifier=_SAMPLE,
        hypotheses=(_IID,),
        relation=Inequality(lhs={"deviation": uniform_deviation}, rhs=_deviation(2 * rademacher_expected, M * _TAIL)),
        note="Symmetrisation and bounded differences 2M/n. The factor 2 is attained in the limit of all ±M-valued "
        "functions on many points; without |·| the statement is false already for one function.",
        mutants=(
            Mutant(
                name="one-complexity",
                description="R_n in place of 2R_n",
                regime="all ±1-valued functions",
                rhs=_deviation(rademacher_expected, M * _TAIL),
            ),
            Mutant(
                name="no-abs",
                description="R_n without |·|",
                regime="a single function, n = 1",
                rhs=_deviation(2 * rademacher_one_sided, M * _TAIL),
            ),
            Mutant(
                name="half-fluctuation",
                description="differences taken as M/n, not 2M/n",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_expected, M * _TAIL / 2),
            ),
            Mutant(
                name="lost-root",
                description="M · 2 log(1/δ)/n: the root lost",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_expected, M * _TAIL**2),
            ),
        ),
    ),
    Claim(
        id="R6:sharp",
        sentence="Uniformly over the class the deviation is at most 2R̂_n + 2M√(2 log(1/δ)/n), R̂_n with |·|.",
        source=REPAIR,
        quantifier=_SAMPLE,
        hypotheses=(_IID,),
        relation=Inequality(lhs={"deviation": uniform_deviation}, rhs=_deviation(2 * rademacher_abs, 2 * M * _TAIL)),
        note="One application of bounded differences to the deviation minus 2R̂_n: one sample moves R̂_n by M/n only "
        "(it lies between the complexity of the others and that plus M/n), so 2M/n + 2M/n in all, and no union bound.",
        mutants=(
            Mutant(
                name="one-complexity",
                description="R̂_n in place of 2R̂_n",
                regime="all ±1-valued functions",
                rhs=_deviation(rademacher_abs, 2 * M * _TAIL),
            ),
            Mutant(
                name="no-abs",
                description="R̂_n without |·|",
                regime="a single function, n = 1",
                rhs=_deviation(2 * rademacher, 2 * M * _TAIL),
            ),
            Mutant(
                name="quarter",
                description="M/2 in place of 2M",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_abs, M * _TAIL / 2),
            ),
            Mutant(
                name="rate-n",
                description="1/n in place of 1/√n",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_abs, 2 * M * _TAIL / sp.sqrt(n)),
            ),
        ),
    ),
    Claim(
        id="R6:empirical",
        sentence="Uniformly over the class the deviation is at most 2R̂_n + 3M√(2 log(2/δ)/n), R̂_n with |·|.",
        source=CHAIN,
        quantifier=_SAMPLE,
        hypotheses=(_IID,),
        relation=Inequality(
            lhs={"deviation": uniform_deviation}, rhs=_deviation(2 * rademacher_abs, 3 * M * _TAIL_TWO)
        ),
        note="Printed up to constants; this is the usual form with a union bound. R6:sharp has 2M√(2 log(1/δ)/n), "
        "better by a factor above 3/2.",
        mutants=(
            Mutant(
                name="one-complexity",
                description="R̂_n in place of 2R̂_n",
                regime="all ±1-valued functions, n > 12",
                rhs=_deviation(rademacher_abs, 3 * M * _TAIL_TWO),
            ),
            Mutant(
                name="half-bound",
                description="M/2 in place of 3M",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_abs, M * _TAIL_TWO / 2),
            ),
            Mutant(
                name="rate-n",
                description="1/n in place of 1/√n",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_abs, 3 * M * _TAIL_TWO / sp.sqrt(n)),
            ),
            Mutant(
                name="lost-root",
                description="3M · 2 log(2/δ)/n: the root lost",
                regime="fair coins, n = 1600",
                rhs=_deviation(2 * rademacher_abs, 3 * M * _TAIL_TWO**2),
            ),
        ),
    ),
    Claim(
        id="R6:one-sided",
        sentence="Expectations exceed empirical means by at most 2R_n + range(F)√(log(1/δ)/(2n)), R_n without |·|.",
        source=REPAIR,
        quantifier=_SAMPLE,
        hypotheses=(_RANGE,),
        relation=Inequality(
            lhs={"excess": one_sided_deviation}, rhs=_deviation(2 * rademacher_one_sided, value_range * _HALF_TAIL)
        ),
        note="What a generalization bound needs: the side that hurts, the complexity that a fixed function leaves "
        "alone, and the range in place of 2M. For one function it is Hoeffding's inequality.",
        mutants=(
            Mutant(
                name="one-complexity",
                description="R_n in place of 2R_n",
                regime="all ±1-valued functions",
                rhs=_deviation(rademacher_one_sided, value_range * _HALF_TAIL),
            ),
            Mutant(
                name="half-range",
                description="range(F)/2",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_one_sided, value_range * _HALF_TAIL / 2),
            ),
            Mutant(
                name="two-sided",
                description="both sides for the price of one",
                regime="a single function, n = 1",
                lhs={"excess": uniform_deviation},
            ),
            Mutant(
                name="lost-root",
                description="range(F) log(1/δ)/(2n): the root lost",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_one_sided, value_range * _HALF_TAIL**2),
            ),
        ),
    ),
)

FAMILY = Family(key="R6", subject="Rademacher chain: uniform deviation", claims=CLAIMS)
