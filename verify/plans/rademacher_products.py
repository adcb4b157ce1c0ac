"""Plans for the Rademacher chain, products: all signs of all small pairs of classes, and proofs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product

import sympy as sp

from theory.claims import REGISTRY
from theory.statement import Claim
from theory.symbols import (
    lipschitz,
    n,
    rademacher,
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
from verify.evidence.symbolic import Cited, Equal, Proof, Step, Tends
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


def _product_steps(claim: Claim) -> Sequence[Step]:
    a, b, h = sp.symbols("a b h", real=True)
    contraction = REGISTRY["R1:contraction"]
    classes = contraction.right().subs(
        {lipschitz: 2 * (sup_first + sup_second), rademacher: rademacher_first + rademacher_second}
    )
    return [
        Equal(name="polarisation: ab = ((a + b)² − (a − b)²)/4", left=a * b, right=((a + b) ** 2 - (a - b) ** 2) / 4),
        Equal(
            name="a² − b² = (a − b)(a + b), so squares of |a|, |b| <= s are Lipschitz with 2s",
            left=a**2 - (a + h) ** 2,
            right=-h * (2 * a + h),
        ),
        Cited(theorem="symmetry of the signs", use="R̂(−F) = R̂(F), and R̂(F₁ ± F₂) = R̂(F₁) + R̂(F₂)"),
        Cited(theorem="R1:contraction", use="for the squares of F₁ + F₂ and F₁ − F₂, with s = sup|F₁| + sup|F₂|"),
        Equal(name="the left side is R̂(F₁F₂)", left=claim.left(), right=rademacher_product),
        Equal(name="the right side is (1/4) of two contracted complexities", left=claim.right(), right=2 * classes / 4),
    ]


def _product_abs_steps(claim: Claim) -> Sequence[Step]:
    printed = REGISTRY["R3:printed"]
    return [
        Cited(
            theorem="R3:printed",
            use="for F₁ ∪ −F₁ and F₂: R̂(±F₁·F₂) = R̂|·|(F₁F₂), R̂(±F₁) = R̂|·|(F₁), and the "
            "suprema are those of F₁ and F₂",
        ),
        Cited(theorem="inclusion", use="R̂(F₂) <= R̂|·|(F₂)"),
        Equal(name="the left side is R̂|·|(F₁F₂)", left=claim.left(), right=rademacher_abs_product),
        Equal(
            name="the right side is that of R3:printed with |·|",
            left=claim.right(),
            right=printed.right().subs(
                {rademacher_first: rademacher_abs_first, rademacher_second: rademacher_abs_second}
            ),
        ),
    ]


def _product_sharp_steps(claim: Claim) -> Sequence[Step]:
    """R3:printed for cF₁ and F₂/c, at c⁴ = sup|F₂| R̂(F₂)/(sup|F₁| R̂(F₁)), and as c → ∞ or 0 where that is ∞ or 0."""
    c = sp.Dummy("c", positive=True)
    positive = {
        symbol: sp.Dummy(str(symbol), positive=True)
        for symbol in (sup_first, sup_second, rademacher_first, rademacher_second)
    }
    s1, s2, r1, r2 = positive.values()
    scaled = (
        REGISTRY["R3:printed"]
        .right()
        .subs(
            {
                sup_first: c * sup_first,
                rademacher_first: c * rademacher_first,
                sup_second: sup_second / c,
                rademacher_second: rademacher_second / c,
            },
            simultaneous=True,
        )
    )
    best = (s2 * r2 / (s1 * r1)) ** sp.Rational(1, 4)
    limit = scaled.subs(sup_first, 0)
    moving = sp.expand(limit - claim.right().subs(sup_first, 0))
    return [
        Cited(theorem="R3:printed", use="for cF₁ and F₂/c, whose products are F₁F₂, for every c > 0"),
        Equal(name="the left side is R̂(F₁F₂)", left=claim.left(), right=rademacher_product),
        Equal(
            name="at the best c it is the right side",
            left=scaled.subs(positive).subs(c, best),
            right=claim.right().subs(positive),
        ),
        Equal(
            name="where sup|F₁| = 0 it exceeds the right side by sup|F₂| R̂(F₂)/c² (and so on by symmetry)",
            left=moving,
            right=sup_second * rademacher_second / c**2,
        ),
        Tends(name="1/c² → 0", expr=1 / c**2, variable=c, point=sp.oo, value=sp.S.Zero),
    ]


PLANS = (
    Plan(claim="R3:printed", expected=Verdict.PROVED, methods=(_ALL_PAIRS, Proof(steps=_product_steps))),
    Plan(claim="R3:abs", expected=Verdict.PROVED, methods=(_ALL_PAIRS, Proof(steps=_product_abs_steps))),
    Plan(claim="R3:sharp", expected=Verdict.PROVED, methods=(_ALL_PAIRS, Proof(steps=_product_sharp_steps))),
)
