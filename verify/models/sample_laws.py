"""Exact violation probabilities of uniform deviations: finite laws by enumeration of samples, coins, a shattered law.

A bound holds with probability >= 1−δ for every δ if no level of deviation − complexity exceeds the fluctuation at
δ = P(at least that level): the levels that a finite law attains decide every δ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb, factorial, prod

import sympy as sp
from flint import arb

from theory.statement import Claim
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
from verify.evidence.confrontation import Evaluator, Experiment, Sides, exact_values, value_of
from verify.evidence.domain import Array, Domain, Instance, Integer, Real
from verify.models.finite_laws import ball, compositions
from verify.models.sign_sums import LARGE, Table, as_table, entries, sign_sums, tables

_RANDOM = (uniform_deviation, one_sided_deviation, rademacher, rademacher_abs)
Counts = tuple[int, ...]


@dataclass(frozen=True)
class Sample:
    """A sample by its counts of atoms: its probability, and the values of the symbols that depend on it."""

    probability: Fraction
    values: Mapping[sp.Symbol, Fraction]


@lru_cache(maxsize=1 << 12)
def samples(table: Table, weights: Counts, count: int) -> tuple[Mapping[Counts, Sample], Mapping[sp.Symbol, Fraction]]:
    """All samples of n = ``count`` atoms, and the expected complexities.

    table (functions, atoms): the values of the functions at the atoms, whose chances are proportional to ``weights``.
    """
    total = sum(weights)
    means = [Fraction(sum(w * a for w, a in zip(weights, row, strict=True)), total) for row in table]
    found: dict[Counts, Sample] = {}
    expected: dict[sp.Symbol, Fraction] = defaultdict(Fraction)
    for counts in compositions(count, len(weights)):
        ways = factorial(count) // prod(map(factorial, counts))
        chance = Fraction(ways * prod(w**c for w, c in zip(weights, counts, strict=True)), total**count)
        drawn = tuple(tuple(a for a, c in zip(row, counts, strict=True) for _ in range(c)) for row in table)
        gaps = [mean - Fraction(sum(row), count) for mean, row in zip(means, drawn, strict=True)]
        plain, barred = (value / count for value in sign_sums(drawn))
        found[counts] = Sample(
            chance,
            {
                uniform_deviation: max(map(abs, gaps)),
                one_sided_deviation: max(gaps),
                rademacher: plain,
                rademacher_abs: barred,
            },
        )
        expected[rademacher_one_sided] += chance * plain
        expected[rademacher_expected] += chance * barred
    return found, dict(expected)


def _levels(claim: Claim) -> Callable[[Sample], Fraction]:
    """The random part of left side − right side, which orders the samples at every δ."""
    gap = claim.left() - claim.right()
    slopes = {symbol: sp.diff(gap, symbol) for symbol in _RANDOM}
    if not all(slope.is_Rational for slope in slopes.values()):
        raise ValueError(f"the sides must be linear in the deviations and complexities; got {gap}")
    exact = {symbol: Fraction(int(slope.p), int(slope.q)) for symbol, slope in slopes.items() if slope != 0}  # type: ignore[attr-defined]
    return lambda sample: sum((slope * sample.values[symbol] for symbol, slope in exact.items()), start=Fraction(0))


def _law_sides(claim: Claim) -> Evaluator:
    left, right, level = claim.left(), claim.right(), _levels(claim)

    def evaluate(instance: Instance) -> Sides:
        table, counts = as_table(instance["values"]), tuple(instance["counts"])
        found, expected = samples(table, tuple(instance["weights"]), sum(counts))
        own = level(found[counts])
        tail = sum((item.probability for item in found.values() if level(item) >= own), start=Fraction(0))
        entries_of = [a for row in table for a in row]
        values = exact_values(
            {n: sum(counts), M: max(map(abs, entries_of)), value_range: max(entries_of) - min(entries_of)}
        )
        values |= {symbol: ball(value) for symbol, value in {**found[counts].values, **expected, delta: tail}.items()}
        return value_of(left, values), value_of(right, values)

    return evaluate


LAWS = Experiment(
    name="laws",
    sides=_law_sides,
    domain=Domain(
        fields={
            "functions": Integer(low=1, high=16),
            "atoms": Integer(low=1, high=4),
            "values": entries("functions", "atoms"),
            "weights": Array(shape=("atoms",), element=Integer(low=1, high=9)),
            "counts": Array(shape=("atoms",), element=Integer(low=0, high=4)),
        },
        require=lambda at: sum(at["counts"]) >= 1,
    ),
    measures="deviation over bound at the sample with these counts, δ = P(a sample at least as bad)",
)


def _law(table: Table, weights: Counts, counts: Counts) -> Instance:
    return {
        "functions": len(table),
        "atoms": len(weights),
        "values": [list(row) for row in table],
        "weights": list(weights),
        "counts": list(counts),
    }


def all_levels(size: int) -> Iterable[Instance]:
    """All samples of laws of two atoms and small classes; one atom marked among four."""
    largest = 3 if size < LARGE else 6
    for values, most in (((1, -1), 3), ((1, 0), 2)):
        for table in tables(2, most, values):
            for weights in ((1, 1), (1, 3)):
                for count in range(1, largest + 1):
                    yield from (_law(table, weights, counts) for counts in compositions(count, 2))
    marked = tuple(tuple(-1 if i == j else 1 for j in range(4)) for i in range(4))
    for count in (1, 2):
        yield from (_law(marked, (1, 1, 1, 1), counts) for counts in compositions(count, 4))


def all_levels_cover(size: int) -> str:
    """What `all_levels` covers, in words."""
    return (
        f"two atoms of chances 1/2 or 1/4, 3/4, classes of up to 3 functions ±1 or 2 functions 0, 1, all samples "
        f"of n <= {3 if size < LARGE else 6}, every δ; one of four atoms marked, n <= 2"
    )


# Fair coins ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def coin_sums(count: int) -> tuple[Sequence[int], Fraction]:
    """The numbers of sign vectors with sum >= count, count − 2, …, −count, and E|S|."""
    tails, reached = [], 0
    for minus in range(count + 1):
        reached += comb(count, minus)
        tails.append(reached)
    size = sum(abs(count - 2 * minus) * comb(count, minus) for minus in range(count + 1))
    return tails, Fraction(size, 2**count)


def _coin_sides(claim: Claim) -> Evaluator:
    """One function, ±1 with equal chances: Ef = 0, R̂ = 0 and R̂|·| = E|S_n|/n whatever the sample."""
    left, right = claim.left(), claim.right()
    sides = 2 if uniform_deviation in left.free_symbols else 1

    def evaluate(instance: Instance) -> Sides:
        count, level = instance["n"], instance["level"]
        tails, size = coin_sums(count)
        deviation, complexity = ball(Fraction(level, count)), ball(size / count)
        tail = min(Fraction(sides * tails[(count - level) // 2], 2**count), Fraction(1))
        values = exact_values({n: count, M: 1, value_range: 2}) | {
            uniform_deviation: deviation,
            one_sided_deviation: deviation,
            rademacher: arb(0),
            rademacher_one_sided: arb(0),
            rademacher_abs: complexity,
            rademacher_expected: complexity,
            delta: ball(tail),
        }
        return value_of(left, values), value_of(right, values)

    return evaluate


COINS = Experiment(
    name="one-coin",
    sides=_coin_sides,
    domain=Domain(
        fields={"n": Integer(low=1, high=10**4), "level": Integer(low=0, high=10**4)},
        require=lambda at: at["level"] <= at["n"] and (at["n"] - at["level"]) % 2 == 0,
    ),
    measures="level of the deviation over the bound at δ = P(deviation >= level), one function of fair ±1 values",
)


def coin_levels(size: int) -> Iterable[Instance]:
    """All levels for small n, the levels of two to five standard deviations for larger ones."""
    for count in range(1, size // 4 + 1):
        yield from ({"n": count, "level": level} for level in range(count % 2, count + 1, 2))
    for count in (100, 1600):
        root = round(count**0.5)
        yield from ({"n": count, "level": k * root // 5 * 2} for k in range(5, 13))


def coin_cover(size: int) -> str:
    """What `coin_levels` covers, in words."""
    return f"fair coins, one function, all n <= {size // 4}, every δ; n = 100, 1600 at 2 to 4.8 standard deviations"


# All functions on many points ----------------------------------------------------------------------------------------


def _shattered_sides(claim: Claim) -> Evaluator:
    """All ±1-valued functions under a law without atoms: a sure deviation of 2 against complexities of 1."""
    left, right = claim.left(), claim.right()
    fixed = exact_values(
        {
            M: 1,
            value_range: 2,
            uniform_deviation: 2,
            one_sided_deviation: 2,
            rademacher: 1,
            rademacher_abs: 1,
            rademacher_expected: 1,
            rademacher_one_sided: 1,
        }
    )

    def evaluate(instance: Instance) -> Sides:
        values = fixed | exact_values({n: instance["n"], delta: instance["delta"]})
        return value_of(left, values), value_of(right, values)

    return evaluate


SHATTERED = Experiment(
    name="shattered",
    sides=_shattered_sides,
    domain=Domain(fields={"n": Integer(low=1, high=10**6), "delta": Real(low=1e-9, high=1 - 2.0**-40)}),
    extremal=({"n": 1, "delta": 1 - 2.0**-40}, {"n": 100, "delta": 0.5}),
    measures="the sure deviation 2 over the bound: all ±1-valued functions, samples without repetition",
)
