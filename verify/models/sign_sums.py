"""What the plans of the Rademacher chain share: exact sums over all signs of finite tables of integers.

n times a complexity of integers is a dyadic number, which a ball holds exactly: tight bounds are decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, permutations, product

import sympy as sp
from flint import arb

from theory.statement import Claim
from theory.symbols import n
from verify.evidence.confrontation import Evaluator, Experiment, MeasuredSides, Quantities
from verify.evidence.domain import Array, Domain, Entry, Field, Instance, Integer
from verify.models.finite_laws import ball

LARGE = 100
"""The budget's size from which the larger sets are enumerated."""
Row = tuple[int, ...]
Table = tuple[Row, ...]


@lru_cache(maxsize=1 << 16)
def sign_sums(table: Table) -> tuple[Fraction, Fraction]:
    """E max_i S_i and E max_i |S_i|, S_i = Σ_j ξ_j table_ij, by all 2^n signs; not divided by n."""
    sums = [[0] * len(table)]
    for column in zip(*table, strict=True):
        sums = [[s + sign * a for s, a in zip(row, column, strict=True)] for row in sums for sign in (1, -1)]
    plain, barred = (sum(values) for values in zip(*((max(row), max(map(abs, row))) for row in sums), strict=True))
    return Fraction(plain, len(sums)), Fraction(barred, len(sums))


def as_table(values: Sequence[Sequence[int]]) -> Table:
    """Nested lists as nested tuples, which can be remembered."""
    return tuple(tuple(map(int, row)) for row in values)


Values = Mapping[sp.Symbol, arb | Fraction | int]
Measure = Callable[[Claim, Instance], Values]
"""What an instance gives for each symbol; for a complexity, n times it."""


def sum_sides(complexities: Sequence[sp.Symbol], measure: Measure, *, power: int = 1) -> Callable[[Claim], Evaluator]:
    """Both sides times n^power, each of ``complexities`` entering as a sum over n: exact where the claim is tight."""
    sums = {symbol: sp.Symbol(f"sum_{symbol}", nonnegative=True) for symbol in complexities}

    def scaled(expr: sp.Expr) -> sp.Expr:
        return sp.expand(n**power * expr.subs({symbol: total / n for symbol, total in sums.items()}))

    def sides(claim: Claim) -> Evaluator:
        def measured(instance: Instance) -> Quantities:
            return {
                sums.get(symbol, symbol): value if isinstance(value, arb) else ball(Fraction(value))
                for symbol, value in measure(claim, instance).items()
            }

        return MeasuredSides(left=scaled(claim.left()), right=scaled(claim.right()), measure=measured)

    return sides


def table_experiment(
    name: str,
    complexities: Sequence[sp.Symbol],
    measure: Measure,
    *,
    power: int = 1,
    fields: Mapping[str, Field] | None = None,
) -> Experiment:
    """An experiment on a table ``values`` of integers, functions × points, and further fields."""
    return Experiment(
        name=name,
        sides=sum_sides(complexities, measure, power=power),
        domain=Domain(
            fields={
                "functions": Integer(low=1, high=16),
                "points": Integer(low=1, high=8),
                "values": entries("functions", "points"),
                **(fields or {}),
            }
        ),
        measures="left side over right side, exactly over all signs",
    )


def entries(*shape: str) -> Array:
    """A field of integers of that shape."""
    return Array(shape=shape, element=Integer(low=-9, high=9))


def instance(table: Table, **others: Entry) -> Instance:
    """An instance of a `table_experiment`."""
    return {"functions": len(table), "points": len(table[0]), "values": [list(row) for row in table], **others}


def tables(points: int, largest: int, values: Sequence[int] = (0, 1, -1)) -> Iterator[Table]:
    """All sets of at most ``largest`` different rows with these entries."""
    rows = list(product(values, repeat=points))
    for size in range(1, largest + 1):
        yield from combinations(rows, size)


def up_to_symmetry(found: Iterable[Table]) -> Iterator[Table]:
    """One table of each orbit under permutations of the points and changes of sign of a point."""
    seen: set[tuple[Row, ...]] = set()
    for table in found:
        key = min(
            tuple(
                sorted(
                    zip(*(tuple(f * a for a in column) for f, column in zip(flips, columns, strict=True)), strict=True)
                )
            )
            for columns in _orders(table)
            for flips in product((1, -1), repeat=len(columns))
        )
        if key not in seen:
            seen.add(key)
            yield table


def _orders(table: Table) -> Iterator[tuple[Row, ...]]:
    return permutations(zip(*table, strict=True))
