"""Plans for the Rademacher chain, one fixed function: all small classes shifted by all small functions."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product

from theory.statement import Claim
from theory.symbols import n, rademacher, rademacher_abs, rademacher_abs_shifted, rademacher_shifted, shift_energy
from verify.evidence.domain import Array, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
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


PLANS = (
    Plan(claim="R5:fixed-function", expected=Verdict.PROVED, methods=(_ALL_SHIFTS,)),
    Plan(claim="R5:fixed-function-abs", expected=Verdict.REFUTED, methods=(_ALL_SHIFTS,)),
    Plan(claim="R5:abs", expected=Verdict.PROVED, methods=(_ALL_SHIFTS,)),
)
