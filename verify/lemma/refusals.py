"""The arguments of a lemma, and what cannot be meant by them: refused in words that name argument, value and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from verify.evidence.domain import Choice
from verify.lemma.ranges import Range

_RESERVED = ("rng", "size", "bound")


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """The arguments of `verify.lemma` as they were given."""

    sentence: Any
    left: Any
    right: Any
    over: Any
    given: Any = ()
    measure: Any = None
    with_probability: Any = None
    violation: Any = None
    sample: Any = None
    expectation: Any = None
    up_to_constant: Any = None
    along: Any = None
    wrong: Any = None
    proof: Any = None
    source: Any = None
    id: Any = None


def by_name(exprs: Iterable[sp.Expr]) -> dict[str, sp.Symbol]:
    """The symbols of expressions by name; ValueError where two symbols share one."""
    found: dict[str, sp.Symbol] = {}
    symbols: set[Any] = {symbol for expr in exprs for symbol in expr.free_symbols}
    for symbol in sorted(symbols, key=str):
        if str(symbol) in found:
            raise ValueError(
                f"the expressions hold two symbols called {symbol}, with different assumptions; make it once "
                "and use it everywhere"
            )
        found[str(symbol)] = symbol
    return found


def refuse_names(ranges: Mapping[str, Range], used: Mapping[str, sp.Symbol]) -> None:
    """Refuse names that functions are called with, and names without a number in the place of numbers."""
    for name, item in ranges.items():
        if name in _RESERVED:
            raise ValueError(
                f"over[{name}] has a name that functions are called with ({', '.join(_RESERVED)}); rename it"
            )
        if item.symbol is None and name in used:
            raise ValueError(
                f"over[{name}] is {'a choice of names' if isinstance(item.field, Choice) else 'an array'} and has no "
                f"number, but {name} stands in the expressions; give it a range (low, high), or measure what depends "
                "on it"
            )


def refuse_idle(ranges: Mapping[str, Range], used: Mapping[str, sp.Symbol], taken: set[str]) -> None:
    """Refuse a range of what neither an expression nor a function asks for."""
    shapes = {n for item in ranges.values() for n in getattr(item.field, "shape", ()) if isinstance(n, str)}
    for name in ranges:
        if name not in used and name not in taken and name not in shapes:
            raise ValueError(
                f"over[{name}] stands nowhere: not in left, right or given, and no function takes it; leave it out, or "
                "correct its name"
            )


def refuse_unknown(
    a: Arguments,
    sides: tuple[sp.Expr, sp.Expr],
    conditions: Iterable[sp.Expr],
    others: Iterable[sp.Expr],
    known: set[str],
) -> None:
    """Refuse a symbol without a range, unless it is the randomness of the left side (or of both, for a sample)."""
    left, right = sides
    random = {str(symbol) for symbol in left.free_symbols} - known
    chance = a.with_probability is not None or a.expectation is not None
    if chance and not random:
        raise ValueError(
            f"left must hold the random quantity as a symbol without a range; got {left}, whose symbols all have one"
        )
    sampled = a.sample is not None and a.violation is None and a.with_probability is not None
    for where, exprs, allowed in (
        ("left", (left,), chance),
        ("right", (right,), sampled),
        ("given", tuple(conditions), False),
        ("an argument", tuple(others), chance),
    ):
        for symbol in sorted(set(by_name(exprs)) - known):
            if not allowed or (where == "an argument" and symbol not in random):
                raise ValueError(
                    f"over must give every symbol a range; {symbol} ({where}) has none: add {symbol}: (low, high) to "
                    f"over, or measure it; there are {', '.join(sorted(known)) or 'none'}"
                )


def refuse_tail(left: sp.Expr, tail: Any) -> None:
    """Refuse a tail that is not written in the left side's symbol."""
    if isinstance(tail, sp.Expr) and (not isinstance(left, sp.Symbol) or left not in tail.free_symbols):
        raise ValueError(
            f"violation must be P({left} > x) with {left} in the place of x, for a left side that is a symbol; got "
            f"{tail}; or pass a function, called as violation(bound, **values)"
        )


def refuse_combinations(a: Arguments) -> None:
    """Refuse arguments that do not go together, or that lack another one."""
    has = {name: getattr(a, name) is not None for name in Arguments.__dataclass_fields__}
    limits = isinstance(a.expectation, (tuple, list))
    for wrong, message in (
        (
            has["with_probability"] and has["expectation"],
            "with_probability and expectation must not be given both; state two lemmas",
        ),
        (
            has["violation"] and not has["with_probability"],
            "violation needs with_probability, e.g. with_probability=1 - delta",
        ),
        (
            has["with_probability"] and not (has["violation"] or has["sample"]),
            "with_probability needs violation= (the exact probability that left > right) or sample=",
        ),
        (limits and not has["sample"], "expectation as a range (low, high) of the left side needs sample="),
        (
            has["sample"] and not (has["with_probability"] or has["expectation"] or has["measure"]),
            "sample must come with with_probability, with expectation, or with a measure that it checks",
        ),
        (
            has["sample"]
            and has["measure"]
            and not (has["with_probability"] or has["expectation"])
            and len(a.measure) != 1,
            "sample beside measure must check one measured symbol, whose mean it has; leave it out, or measure one",
        ),
        (has["along"] and not has["up_to_constant"], "along needs up_to_constant, e.g. up_to_constant=()"),
        (
            has["up_to_constant"] and (limits or (has["with_probability"] and not has["violation"])),
            "up_to_constant needs exact numbers: give violation= or expectation=, and sample= beside them as a check",
        ),
    ):
        if wrong:
            raise ValueError(message)
