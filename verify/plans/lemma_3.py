"""Plans for Lemma 3: the Hessian of the loss, for all sizes symbolically and in exact fractions on small ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product

import sympy as sp

from theory.claims.lemma_3 import FAMILY
from theory.statement import Claim
from theory.symbols import d, m, quadratic_form, second_variation
from verify.balls.enclosures import enclose
from verify.evidence.confrontation import Evaluator, Experiment, Sides
from verify.evidence.domain import Array, Domain, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict

_ENTRY = Integer(low=-3, high=3)
Matrix = Sequence[Sequence[int]]


def _form(left: Matrix, middle: Matrix, right: Matrix) -> int:
    """tr(L B Rᵀ) in integers."""
    return sum(
        row[i] * middle[i][j] * other[j]
        for row, other in zip(left, right, strict=True)
        for i in range(len(middle))
        for j in range(len(middle))
    )


def _gram(factor: Matrix) -> list[list[int]]:
    """B = Fᵀ F: positive semidefinite with integer entries."""
    columns = range(len(factor[0]))
    return [[sum(row[i] * row[j] for row in factor) for j in columns] for i in columns]


def second_difference(instance: Instance, coordinates: str) -> Fraction:
    """L(X+H) − 2L(X) + L(X−H), the exact second derivative of a quadratic along H, in the trainable coordinates X.

    In "A" the loss is (1/m) tr(ABAᵀ) − (2/√m) tr(Abᵀ) + c: its rational part and the part along 1/√m are differenced
    apart (the latter is linear and must vanish).
    """
    middle, scale = _gram(instance["factor"]), Fraction(1, instance["m"]) if coordinates == "A" else Fraction(1)
    start, step, target = instance["start"], instance["direction"], instance["target"]
    total = linear = Fraction(0)
    for weight, sign in ((1, 1), (-2, 0), (1, -1)):
        point = [[x + sign * h for x, h in zip(row, move, strict=True)] for row, move in zip(start, step, strict=True)]
        total += weight * scale * _form(point, middle, point)
        linear += weight * sum(
            x * y for row, other in zip(point, target, strict=True) for x, y in zip(row, other, strict=True)
        )
    if linear:
        raise ArithmeticError("the linear part of the loss has a second difference; the arithmetic is broken")
    return total


def _sides(claim: Claim) -> Evaluator:
    """Both sides times m², integers wherever the right side is rational, so that equality is decided exactly."""
    left, right = claim.left() * m**2, claim.right() * m**2

    def evaluate(instance: Instance) -> Sides:
        value = second_difference(instance, claim.setting["coordinates"])
        form = _form(instance["direction"], _gram(instance["factor"]), instance["direction"])
        numbers = {
            second_variation: sp.Rational(value.numerator, value.denominator),
            quadratic_form: form,
            m: instance["m"],
            d: instance["d"],
        }
        return enclose(left.subs(numbers), {}), enclose(right.subs(numbers), {})

    return evaluate


_MATRICES = {name: Array(shape=("d", "m"), element=_ENTRY) for name in ("direction", "start", "target")}
EXPERIMENT = Experiment(
    name="second-difference",
    domain=Domain(
        fields={
            "m": Integer(low=1, high=4),
            "d": Integer(low=1, high=3),
            "factor": Array(shape=(2, "m"), element=_ENTRY),
            **_MATRICES,
        }
    ),
    sides=_sides,
    measures="exact second difference against the Hessian form",
)


def _small(size: int) -> Iterable[Instance]:
    """Widths and dimensions up to 2, all factors with entries 0, 1 (one row) and directions with entries −1, 0, 1."""
    top = 2 if size < 100 else 3
    for width, dim in product(range(1, top + 1), (1, 2)):
        for row in product((0, 1), repeat=width):
            for entries in product((-1, 0, 1), repeat=width * dim):
                direction = [list(entries[k * width : (k + 1) * width]) for k in range(dim)]
                yield {
                    "m": width,
                    "d": dim,
                    "factor": [list(row), [1] * width],
                    "direction": direction,
                    "start": [[1] * width] * dim,
                    "target": [[2] * width] * dim,
                }


def _plan(claim_id: str, expected: Verdict) -> Plan:
    return Plan(
        claim=claim_id,
        expected=expected,
        methods=(
            Exhaustive(
                experiment=EXPERIMENT,
                elements=_small,
                covers=lambda size: f"m <= {2 if size < 100 else 3}, d <= 2, entries in {{-1, 0, 1}}",
            ),
            Search(experiment=EXPERIMENT),
        ),
    )


PLANS = tuple(_plan(claim.id, Verdict.REFUTED if claim.id == "L3:A" else Verdict.PROVED) for claim in FAMILY.claims)
