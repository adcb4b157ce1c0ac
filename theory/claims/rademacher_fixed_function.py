"""The Rademacher chain inside Theorem 1 of LLZB: one fixed function that is added to a class."""

from __future__ import annotations

import sympy as sp

from theory.claims.rademacher_contraction import CHAIN, REPAIR
from theory.family import Family
from theory.statement import Claim, ForAll, Identity, Inequality, Mutant
from theory.symbols import n, rademacher, rademacher_abs, rademacher_abs_shifted, rademacher_shifted, shift_energy

_SHIFTS = ForAll(over="classes of functions, fixed functions and samples")

CLAIMS = (
    Claim(
        id="R5:fixed-function",
        sentence="Adding one fixed function to a class does not change its complexity without |·|.",
        source=CHAIN,
        quantifier=_SHIFTS,
        relation=Identity(lhs={"shifted": rademacher_shifted}, rhs={"class": rademacher}),
        note="E Σ ξ_j g(x_j) = 0.",
        mutants=(
            Mutant(
                name="abs-left",
                description="|·| on the left",
                regime="F = {0}, g = 1",
                lhs={"shifted": rademacher_abs_shifted},
            ),
            Mutant(
                name="added",
                description="√(Σg²)/n added",
                regime="g ≠ 0",
                rhs={"class": rademacher, "shift": sp.sqrt(shift_energy) / n},
            ),
            Mutant(
                name="doubled",
                description="twice the complexity",
                regime="two functions",
                rhs={"class": 2 * rademacher},
            ),
        ),
    ),
    Claim(
        id="R5:fixed-function-abs",
        sentence="Adding one fixed function to a class does not change its complexity with |·|.",
        source=CHAIN,
        quantifier=_SHIFTS,
        relation=Identity(lhs={"shifted": rademacher_abs_shifted}, rhs={"class": rademacher_abs}),
        note="False: F = {0} has complexity 0, F + 1 has 1 at n = 1. R5:abs says by how much at most.",
        mutants=(
            Mutant(
                name="plain-right",
                description="without |·| on the right",
                regime="a single function",
                rhs={"class": rademacher},
            ),
            Mutant(
                name="doubled", description="twice the complexity", regime="f ≠ 0", rhs={"class": 2 * rademacher_abs}
            ),
            Mutant(
                name="added",
                description="√(Σg²)/n added",
                regime="g = −f",
                rhs={"class": rademacher_abs, "shift": sp.sqrt(shift_energy) / n},
            ),
        ),
    ),
    Claim(
        id="R5:abs",
        sentence="Adding one fixed function g changes the complexity with |·| by at most √(Σ g(x_j)²)/n, either way.",
        source=REPAIR,
        quantifier=_SHIFTS,
        relation=Inequality(
            lhs={"shifted": rademacher_abs_shifted, "minus class": -rademacher_abs},
            rhs={"shift": sp.sqrt(shift_energy) / n},
        ),
        note="For F + g and −g it is the bound in the other direction. At most sup|g|/√n; attained by F = {0} where g "
        "lives on one sample. Never below the complexity without |·|, which does not move.",
        mutants=(
            Mutant(
                name="half",
                description="half of the change",
                regime="F = {0}",
                rhs={"shift": sp.sqrt(shift_energy) / (2 * n)},
            ),
            Mutant(
                name="rate",
                description="a spurious 1/√n",
                regime="n = 2, g on one sample",
                rhs={"shift": sp.sqrt(shift_energy) / n ** sp.Rational(3, 2)},
            ),
            Mutant(
                name="lost-root",
                description="Σg² in place of its root",
                regime="Σg² < 1",
                rhs={"shift": shift_energy / n},
            ),
        ),
    ),
)

FAMILY = Family(key="R5", subject="Rademacher chain: one fixed function", claims=CLAIMS)
