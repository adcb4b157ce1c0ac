"""Plans for the Rademacher chain, one fixed function: all small classes shifted by all small functions, and proofs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product

import sympy as sp

from theory.statement import Claim
from theory.symbols import n, rademacher, rademacher_abs, rademacher_abs_shifted, rademacher_shifted, shift_energy
from verify.evidence.domain import Array, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Step
from verify.evidence.verdict import Verdict
from verify.models.sign_sums import LARGE, Table, Values, as_table, instance, sign_sums, table_experiment, tables


def _shift_values(_claim: Claim, at: Instance) -> Values:
    table, shift = as_table(at["values"]), tuple(at["shift"])
    moved: Table = tuple(tuple(a + g for a, g in zip(row, shift, strict=True)) for row in table)
    scale = Fraction(1, at["divisor"])  # f and g are divided by it
    before, after = sign_sums(table), sign_sums(moved)
    return {
        rademacher: scale * before[0],
        rademacher_abs: scale * before[1],
        rademacher_shifted: scale * after[0],
        rademacher_abs_shifted: scale * after[1],
        shift_energy: scale**2 * sum(g * g for g in shift),
        n: at["points"],
    }


SHIFTS = table_experiment(
    "shifts",
    (rademacher, rademacher_abs, rademacher_shifted, rademacher_abs_shifted),
    _shift_values,
    fields={"shift": Array(shape=("points",), element=Integer(low=-9, high=9)), "divisor": Integer(low=1, high=4)},
)


def _shifts(size: int) -> Iterable[Instance]:
    for points, most in ((1, 3), (2, 2), *(((3, 2),) if size >= LARGE else ())):
        for table in tables(points, most):
            for shift in product((0, 1, -1), repeat=points):
                yield instance(table, shift=list(shift), divisor=1)
    yield from (instance(((0, 0),), shift=[1, 0], divisor=divisor) for divisor in (2, 4))


_ALL_SHIFTS = Exhaustive(
    experiment=SHIFTS,
    elements=_shifts,
    covers=lambda size: (
        "all classes and fixed functions with values in {−1, 0, 1}: three functions on one point, two "
        f"on {'two' if size < LARGE else 'two and three'}"
    ),
)


def _shift_steps(claim: Claim) -> Sequence[Step]:
    """A sign vector and its opposite: the fixed function adds G to one supremum and −G to the other."""
    high, low, G = (sp.Dummy(name, real=True) for name in ("high", "low", "G"))
    pairs = {rademacher_shifted: ((high + G) + (low - G)) / (2 * n), rademacher: (high + low) / (2 * n)}
    return [
        Equal(name="the left side is R̂(F + g)", left=claim.left(), right=rademacher_shifted),
        Equal(name="the right side is R̂(F)", left=claim.right(), right=rademacher),
        Equal(
            name="both are equal on every pair (ξ, −ξ): sup Σξ(f + g) = sup Σξf + G, G = Σξg",
            left=claim.left().subs(pairs),
            right=claim.right().subs(pairs),
        ),
    ]


def _shift_abs_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(theorem="triangle inequality", use="sup|Σξ(f + g)| <= sup|Σξf| + |Σξg|"),
        Cited(theorem="Jensen's inequality and independence", use="(E|Σξ_j g(x_j)|)² <= E(Σξ_j g(x_j))² = Σg(x_j)²"),
        Equal(name="the left side is the change", left=claim.left(), right=rademacher_abs_shifted - rademacher_abs),
        Equal(name="(n · right side)² = Σg(x_j)²", left=(n * claim.right()) ** 2, right=shift_energy),
        Sign(name="the right side is the nonnegative root", expr=claim.right()),
    ]


PLANS = (
    Plan(claim="R5:fixed-function", expected=Verdict.PROVED, methods=(_ALL_SHIFTS, Proof(steps=_shift_steps))),
    Plan(claim="R5:fixed-function-abs", expected=Verdict.REFUTED, methods=(_ALL_SHIFTS,)),
    Plan(claim="R5:abs", expected=Verdict.PROVED, methods=(_ALL_SHIFTS, Proof(steps=_shift_abs_steps))),
)
