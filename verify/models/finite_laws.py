"""Laws with finitely many values: every norm of an empirical mean and its exact probability, by enumeration of counts.

A level of a law at n is a value that the norm attains; the claim is violated at it when the level exceeds the bound at
δ = P(norm >= level), for then it is violated for every slightly smaller δ as well. So the levels decide every δ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import comb, factorial, prod

import sympy as sp
from flint import arb, fmpq

from theory.statement import Claim
from theory.symbols import M, delta, diameter, n, sigma_Y
from verify.balls.enclosures import enclose
from verify.evidence.confrontation import Evaluator, Experiment, Sides, exact_values, value_of
from verify.evidence.domain import Choice, Domain, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.models.gaussian_boxes import bound_on

Levels = tuple[tuple[Fraction, Fraction], ...]
"""Attained values of the squared norm, falling, with the probability of at least that value."""


@dataclass(frozen=True, kw_only=True)
class FiniteLaw:
    """The law of Y by its atoms' chances, and ‖(1/n)ΣY − EY‖² as a function of the counts of the atoms.

    ``grants`` are the values of the bounds that the claims' hypotheses ask for, dyadic or with a little to spare where
    a claim is an equality, which balls decide only for numbers that they hold exactly; ``largest`` the largest n
    enumerated.
    ``copies`` independent copies stand on a diagonal, whose norm is the largest of theirs.
    """

    chances: tuple[Fraction, ...]
    square: Callable[[tuple[int, ...]], Fraction]
    grants: Mapping[sp.Symbol, sp.Expr]
    largest: int
    copies: int = 1


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All counts of ``parts`` atoms that sum to ``total``."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)


def _spread(counts: tuple[int, ...]) -> Fraction:
    """‖mean − EY‖² for orthonormal basis vectors with equal chances."""
    total = sum(counts)
    return sum(((Fraction(c, total) - Fraction(1, len(counts))) ** 2 for c in counts), start=Fraction(0))


def _largest_entry(counts: tuple[int, ...]) -> Fraction:
    """‖mean − EY‖_op² for the projectors on the axes, with equal chances."""
    total = sum(counts)
    return max((Fraction(c, total) - Fraction(1, len(counts))) ** 2 for c in counts)


def _frame(counts: tuple[int, ...]) -> Fraction:
    """‖mean − EY‖_op² for the projectors on three lines of the plane at 60°: a traceless symmetric 2×2 matrix."""
    a, b, c = counts
    return Fraction(a * a + b * b + c * c - a * b - b * c - a * c, 4 * (a + b + c) ** 2)


def _two_values(low: int, high: int, chance: Fraction) -> Callable[[tuple[int, ...]], Fraction]:
    """(mean − EY)² for Y = high with the given chance, else low."""
    expected = low + (high - low) * chance
    return lambda counts: (Fraction(low * counts[0] + high * counts[1], sum(counts)) - expected) ** 2


_HALF, _TENTH, _RARE = Fraction(1, 2), Fraction(1, 10), Fraction(1, 128)
VECTORS: Mapping[str, FiniteLaw] = {
    "coin": FiniteLaw(
        chances=(_HALF, _HALF),
        square=_two_values(-1, 1, _HALF),
        largest=400,
        grants={M: sp.S.One, sigma_Y: sp.S.One, diameter: sp.Integer(2)},
    ),
    "lopsided": FiniteLaw(
        chances=(1 - _TENTH, _TENTH),
        square=_two_values(0, 1, _TENTH),
        largest=100,
        grants={M: sp.S.One, sigma_Y: sp.Rational(3, 10), diameter: sp.S.One},
    ),
    "rare": FiniteLaw(
        chances=(1 - 2 * _RARE, _RARE, _RARE),
        largest=40,
        square=lambda counts: Fraction(counts[1] - counts[2], sum(counts)) ** 2,
        grants={M: sp.S.One, sigma_Y: sp.Rational(1, 8), diameter: sp.Integer(2)},
    ),
    "basis": FiniteLaw(
        chances=(Fraction(1, 3),) * 3,
        square=_spread,
        largest=40,
        grants={M: sp.S.One, sigma_Y: sp.Rational(49, 60), diameter: sp.sqrt(2)},
    ),
}
OPERATORS: Mapping[str, FiniteLaw] = {
    "scalar": FiniteLaw(
        chances=(_HALF, _HALF), square=_two_values(0, 1, _HALF), largest=400, grants={M: sp.S.One, sigma_Y: sp.S.Half}
    ),
    "axes": FiniteLaw(
        chances=(Fraction(1, 4),) * 4, square=_largest_entry, largest=16, grants={M: sp.S.One, sigma_Y: sp.sqrt(3) / 2}
    ),
    "frame": FiniteLaw(
        chances=(Fraction(1, 3),) * 3, square=_frame, largest=40, grants={M: sp.S.One, sigma_Y: 1 / sp.sqrt(2)}
    ),
    "diagonal": FiniteLaw(
        chances=(_HALF, _HALF),
        square=_two_values(0, 1, _HALF),
        largest=8,
        copies=256,
        grants={M: sp.S.One, sigma_Y: sp.Integer(8)},
    ),
}
_LAWS = {**VECTORS, **OPERATORS}


@lru_cache(maxsize=512)
def levels(law: str, count: int) -> Levels:
    """The levels of a law at n = ``count``, the largest first."""
    found = _LAWS[law]
    mass: dict[Fraction, Fraction] = defaultdict(Fraction)
    for counts in compositions(count, len(found.chances)):
        ways = factorial(count) // prod(map(factorial, counts))
        mass[found.square(counts)] += ways * prod(map(pow, found.chances, counts))
    tail, out = Fraction(0), []
    for level in sorted(mass, reverse=True):
        tail += mass[level]
        out.append((level, 1 - (1 - tail) ** found.copies))
    return tuple(out)


def ball(value: Fraction) -> arb:
    """An enclosure of a fraction."""
    return arb(fmpq(value.numerator, value.denominator))


def finite_experiment(name: str, laws: Mapping[str, FiniteLaw], measured: sp.Symbol) -> Experiment:
    """Every level of every law against the bound on the measured norm at that level's probability."""

    def within(instance: Instance) -> bool:
        law, count = instance["law"], instance["n"]
        return count <= laws[law].largest and instance["k"] <= len(levels(law, count))

    def sides(claim: Claim) -> Evaluator:
        bound = bound_on(measured, claim.left(), claim.right())

        def evaluate(instance: Instance) -> Sides:
            level, tail = levels(instance["law"], instance["n"])[instance["k"] - 1]
            granted = laws[instance["law"]].grants
            values = {symbol: enclose(value, {}, precision=512) for symbol, value in granted.items()}
            values |= exact_values({n: instance["n"]}) | {delta: ball(tail)}
            left, right = ball(level).sqrt(), value_of(bound, values)
            exact = {**granted, n: instance["n"], delta: sp.Rational(tail.numerator, tail.denominator)}
            square = sp.Rational(level.numerator, level.denominator)
            if left.overlaps(right) and sp.expand(bound.subs(exact) ** 2) == square:
                return left, left  # equality, which balls cannot tell
            return left, right

        return evaluate

    domain = Domain(
        fields={"law": Choice(options=tuple(laws)), "n": Integer(low=1, high=400), "k": Integer(low=1, high=10**4)},
        require=within,
    )
    return Experiment(
        name=name,
        domain=domain,
        sides=sides,
        measures="a level of the deviation's norm over the bound at δ = P(norm >= level)",
    )


def every_level(laws: Mapping[str, FiniteLaw]) -> Callable[[int], Iterable[Instance]]:
    """The instances of all levels of all laws for n = 1, …, 12, and at two larger n, as far as the budget reaches."""

    def elements(size: int) -> Iterable[Instance]:
        for law, found in laws.items():
            for count in sorted({*range(1, 13), size, 5 * size}):
                if count <= found.largest:
                    yield from ({"law": law, "n": count, "k": k + 1} for k in range(len(levels(law, count))))

    return elements


def covers(laws: Mapping[str, FiniteLaw]) -> Callable[[int], str]:
    """What `every_level` covers, in words."""
    return lambda size: f"the laws {', '.join(laws)}, all n <= 12 (and {size}, {5 * size} where enumerable), every δ"


def coin_tail(count: int, level: int) -> Fraction:
    """P(|S_n| >= level) for the sum of n fair ±1 coins, exactly."""
    hits = sum(comb(count, heads) for heads in range(count + 1) if abs(2 * heads - count) >= level)
    return Fraction(hits, 2**count)


def renamed(
    laws: Mapping[str, FiniteLaw], names: Mapping[sp.Symbol, Callable[[Mapping[sp.Symbol, sp.Expr]], sp.Expr]]
) -> Mapping[str, FiniteLaw]:
    """The laws of the concentration lemma, with what they grant under the names of Theorem 1."""
    return {
        name: replace(law, grants={symbol: value(law.grants) for symbol, value in names.items()})
        for name, law in laws.items()
    }


def enumerated(name: str, laws: Mapping[str, FiniteLaw], measured: sp.Symbol) -> Exhaustive:
    """Every level of every law at small n."""
    return Exhaustive(
        experiment=finite_experiment(name, laws, measured), elements=every_level(laws), covers=covers(laws)
    )
