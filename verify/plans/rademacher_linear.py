"""Plans for the Rademacher chain, linear functions: all signs of all small sets of points, and proofs."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations_with_replacement, product

from theory.statement import Claim
from theory.symbols import ball_radius, d, input_norm, n, point_norm, rademacher_affine, rademacher_linear, temperature
from verify.evidence.domain import Instance, Integer, Real
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models.sign_sums import LARGE, Table, Values, as_table, instance, sign_sums, table_experiment


def _affine_values(_claim: Claim, at: Instance) -> Values:
    """``values`` holds one row for each coordinate; the embedding is one more row, the same for all points."""
    rows, size = as_table(at["values"]), at["embedding"]
    shared = (*rows, (size,) * at["points"])
    radius, largest = at["radius"], max(abs(a) for row in rows for a in row)
    return {
        rademacher_linear: radius * sign_sums(rows)[1],
        rademacher_affine: radius * sign_sums(shared)[1],
        point_norm: largest,
        input_norm: max(largest, abs(size)),
        ball_radius: radius,
        d: len(rows),
        n: at["points"],
        temperature: Fraction(at.get("temperature", 1)),
    }


_AFFINE_FIELDS = {"embedding": Integer(low=0, high=9), "radius": Integer(low=1, high=4)}
AFFINE = table_experiment("linear", (rademacher_linear, rademacher_affine), _affine_values, fields=_AFFINE_FIELDS)
TEMPERED = table_experiment(
    "linear-tempered",
    (rademacher_affine,),
    _affine_values,
    fields={**_AFFINE_FIELDS, "temperature": Real(low=2.0**-10, high=8.0)},
)


def _half_cube(points: int) -> Table:
    """All sign patterns of the points up to a common sign."""
    return tuple((1, *rest) for rest in product((1, -1), repeat=points - 1))


def _coordinates(size: int) -> Iterable[Table]:
    for points, most in ((1, 2), (2, 3), (3, 2 if size < LARGE else 3), (4, 1 if size < LARGE else 2)):
        rows = [row for row in product((0, 1, -1), repeat=points) if next((a for a in row if a), 1) > 0]
        for dimension in range(1, most + 1):
            yield from combinations_with_replacement(rows, dimension)
    yield from (_half_cube(points) for points in (3, 4, 5))
    yield from (_half_cube(points)[1:] for points in (3, 4, 5))
    yield from (((1,) * points,) for points in (5, 6, 8))


def _linear(size: int) -> Iterable[Instance]:
    for table in _coordinates(size):
        yield instance(table, embedding=1, radius=1)
    yield instance(((1, -1),), embedding=3, radius=2)
    yield instance(((0,),), embedding=1, radius=1)


def _tempered(size: int) -> Iterable[Instance]:
    for at in _linear(size):
        yield from ({**at, "temperature": gamma} for gamma in (2.0**-6, 1.0))


def _linear_cover(size: int) -> str:
    most = "n = 1, 2, 3, 4 with d <= 2, 3, 2, 1" if size < LARGE else "n = 1, 2, 3, 4 with d <= 2, 3, 3, 2"
    return f"all points with coordinates in {{−1, 0, 1}}, {most}; all 2^(n−1) sign patterns, n = 3, 4, 5; equal points"


_ALL_LINEAR = Exhaustive(experiment=AFFINE, elements=_linear, covers=_linear_cover)
_ALL_TEMPERED = Exhaustive(
    experiment=TEMPERED, elements=_tempered, covers=lambda size: f"{_linear_cover(size)}; γ = 1/64, 1"
)


PLANS = (
    Plan(claim="R2:massart", expected=Verdict.PROVED, methods=(_ALL_LINEAR,)),
    Plan(claim="R2:sharp", expected=Verdict.PROVED, methods=(_ALL_LINEAR,)),
    Plan(claim="R2:printed", expected=Verdict.PROVED, methods=(_ALL_LINEAR,)),
    Plan(claim="R2:cosh", expected=Verdict.PROVED, methods=(_ALL_TEMPERED,)),
)
