"""Plans for the Rademacher chain, products: all signs of all small pairs of classes."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product

from theory.statement import Claim
from theory.symbols import (
    n,
    rademacher_abs_first,
    rademacher_abs_product,
    rademacher_abs_second,
    rademacher_first,
    rademacher_product,
    rademacher_second,
    sup_first,
    sup_second,
)
from verify.evidence.domain import Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models.sign_sums import (
    LARGE,
    Table,
    Values,
    as_table,
    entries,
    instance,
    sign_sums,
    table_experiment,
    tables,
    up_to_symmetry,
)


def _product_values(_claim: Claim, at: Instance) -> Values:
    first, second = as_table(at["values"]), as_table(at["others"])
    scale = Fraction(1, at["divisor"])  # F₁ is divided by it
    products = tuple(dict.fromkeys(tuple(a * b for a, b in zip(f, g, strict=True)) for f in first for g in second))
    one, two, both = sign_sums(first), sign_sums(second), sign_sums(products)
    return {
        rademacher_first: scale * one[0],
        rademacher_abs_first: scale * one[1],
        rademacher_second: two[0],
        rademacher_abs_second: two[1],
        rademacher_product: scale * both[0],
        rademacher_abs_product: scale * both[1],
        sup_first: scale * max(abs(a) for row in first for a in row),
        sup_second: max(abs(a) for row in second for a in row),
        n: at["points"],
    }


PRODUCTS = table_experiment(
    "products",
    (
        rademacher_first,
        rademacher_second,
        rademacher_product,
        rademacher_abs_first,
        rademacher_abs_second,
        rademacher_abs_product,
    ),
    _product_values,
    fields={
        "seconds": Integer(low=1, high=16),
        "others": entries("seconds", "points"),
        "divisor": Integer(low=1, high=4),
    },
)


def _pair(first: Table, second: Table, divisor: int = 1) -> Instance:
    return instance(first, seconds=len(second), others=[list(row) for row in second], divisor=divisor)


def _pairs(size: int) -> Iterable[Instance]:
    """A sign of a point may be moved from F₂ to ξ, so that both classes count up to the signs of the points."""
    for points, most in ((1, 3), (2, 2 if size < LARGE else 3)):
        small = list(tables(points, most))
        for first in up_to_symmetry(small):
            yield from (_pair(first, second) for second in _flips(small))
    signs = ((1,), (-1,))
    yield from (
        _pair(first, second, divisor)
        for divisor in (2, 4)
        for first in (signs, ((1,), (0,)))
        for second in (((1,),), ((2,),), signs)
    )


def _flips(found: Iterable[Table]) -> Iterable[Table]:
    seen: set[Table] = set()
    for table in found:
        key = min(
            tuple(sorted(tuple(f * a for f, a in zip(flips, row, strict=True)) for row in table))
            for flips in product((1, -1), repeat=len(table[0]))
        )
        if key not in seen:
            seen.add(key)
            yield table


def _pairs_cover(size: int) -> str:
    most = "two functions each on two points" if size < LARGE else "three functions each on two points"
    return f"all pairs of classes with values in {{−1, 0, 1}}: three functions each on one point, {most}"


_ALL_PAIRS = Exhaustive(experiment=PRODUCTS, elements=_pairs, covers=_pairs_cover)


PLANS = (
    Plan(claim="R3:printed", expected=Verdict.PROVED, methods=(_ALL_PAIRS,)),
    Plan(claim="R3:abs", expected=Verdict.PROVED, methods=(_ALL_PAIRS,)),
    Plan(claim="R3:sharp", expected=Verdict.PROVED, methods=(_ALL_PAIRS,)),
)
