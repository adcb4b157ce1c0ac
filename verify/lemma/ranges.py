"""Reads what a lemma ranges over and under which conditions: ranges into fields, conditions into hypotheses."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb

from theory import symbols
from theory.checks import shown
from theory.exact import exact
from theory.statement import Hypothesis
from verify.balls.numbers import certainly_nonnegative, certainly_positive, working_precision
from verify.evidence.confrontation import PRECISION, value_of
from verify.evidence.domain import Array, Choice, Domain, Field, Instance, Integer, Real

FAR, FARTHER = 10**6, 10**12
"""How far a range that is given up to infinity is searched, and followed as one of ``along``."""
WIDE = 1000
"""A positive range whose ends differ by this factor is searched on a logarithmic scale."""


@dataclass(frozen=True, kw_only=True)
class Range:
    """What one name ranges over: its field, its symbol if it is a number of the expressions, and the exact ends.

    ``high`` is infinite where the statement is made for a half-line, of which the field is the part that is searched.
    """

    field: Field
    symbol: sp.Symbol | None
    low: sp.Expr | None = None
    high: sp.Expr | None = None


def read_ranges(name: str, over: Any, used: Mapping[str, sp.Symbol]) -> dict[str, Range]:
    """Read ``over`` (or ``along``): each key a symbol or its name, each value a pair, a tuple of names or a field."""
    if not isinstance(over, Mapping):
        raise TypeError(f"{name} must map symbols to ranges, e.g. {{n: (1, 100)}}; got {shown(over)}")
    found: dict[str, Range] = {}
    for key, value in over.items():
        if not isinstance(key, (sp.Symbol, str)) or not str(key).strip():
            raise TypeError(f"every key of {name} must be a symbol, or a name; got {shown(key)}")
        text = str(key)
        if not text.isidentifier():
            raise ValueError(f"{name}[{text}] must be named as functions can take it, by letters, digits and _")
        if text in found:
            raise ValueError(f"{name}[{text}] is given twice, as a symbol and as a name; keep one of them")
        symbol = used.get(text)
        if isinstance(key, sp.Symbol) and symbol is not None and symbol != key:
            raise ValueError(
                f"{name}[{text}]: the expressions have another symbol called {text}, with the assumptions "
                f"{_assumed(symbol)}; the one in {name} has {_assumed(key)}; use one symbol in both places"
            )
        found[text] = _range(f"{name}[{text}]", value, symbol or (key if isinstance(key, sp.Symbol) else None))
    return found


def _assumed(symbol: sp.Symbol) -> str:
    names = [name for name in ("integer", "positive", "nonnegative", "negative") if symbol.assumptions0.get(name)]
    return ", ".join(names) or ("real" if symbol.is_real else "none")


def _range(name: str, value: Any, symbol: sp.Symbol | None) -> Range:
    if isinstance(value, (Real, Integer)):
        _fits(value.low, value.high, name, symbol)
        if symbol is not None and symbol.is_integer and isinstance(value, Real):
            raise ValueError(f"{name} must be an Integer field, for {symbol} is an integer; got {value}")
        return Range(field=value, symbol=symbol, low=_exact(name, value.low), high=_exact(name, value.high))
    if isinstance(value, (Choice, Array)):
        return Range(field=value, symbol=None)
    if not isinstance(value, (tuple, list)) or not value:
        raise TypeError(
            f"{name} must be a pair (low, high), a tuple of names, or a field of a domain such as Real(low=0, high=1); "
            f"got {shown(value)}"
        )
    if all(isinstance(item, str) and not _is_number(item) for item in value):
        return Range(field=Choice(options=tuple(value)), symbol=None)
    if len(value) != 2:
        raise ValueError(f"{name} must be a pair (low, high) or a tuple of names; got {shown(value)}")
    return _interval(name, value, symbol)


def _interval(name: str, value: Sequence[Any], symbol: sp.Symbol | None) -> Range:
    low = _exact(f"{name}, its low end,", value[0])
    high = sp.oo if _infinite(value[1]) else _exact(f"{name}, its high end,", value[1])
    if low > high:
        raise ValueError(f"{name} must be (low, high) with low <= high; got the empty range ({low}, {high}); swap them")
    _fits(low, high, name, symbol)
    far = FARTHER if name.startswith("along") else FAR
    if symbol is not None and symbol.is_integer:
        for end in (low, high):
            if end is not sp.oo and not end.is_Integer:
                raise ValueError(f"{name} must have integer ends, for {symbol} is an integer; got ({low}, {high})")
        top = max(far, 1000 * int(low)) if high is sp.oo else int(high)
        return Range(field=Integer(low=int(low), high=top), symbol=symbol, low=low, high=high)
    bottom, top = _inside(low, up=True), _inside(max(sp.Integer(far), far * low) if high is sp.oo else high, up=False)
    if bottom > top:
        raise ValueError(f"{name} must hold a floating-point number; got ({low}, {high}); widen it")
    return Range(
        field=Real(low=bottom, high=top, log=bottom > 0 and top >= WIDE * bottom), symbol=symbol, low=low, high=high
    )


def _inside(value: sp.Expr, *, up: bool) -> float:
    """The float nearest to an exact end that does not lie outside of it."""
    near = float(value)
    if up and sp.Rational(near) < value:
        return math.nextafter(near, math.inf)
    return math.nextafter(near, -math.inf) if not up and sp.Rational(near) > value else near


def _fits(low: Any, high: Any, name: str, symbol: sp.Symbol | None) -> None:
    """Refuse a range that leaves the domain that its symbol's assumptions, or the registry of symbols, give it."""
    if symbol is None:
        return
    entry = symbols.describe(symbol)
    if low < entry.lower or high > entry.upper or (high == entry.lower and entry.open_lower):
        raise ValueError(
            f"{name} must lie in {entry.domain}, where the symbol {symbol} is declared; got ({low}, {high}); narrow "
            "the range, or declare the symbol otherwise"
        )


def _exact(name: str, value: Any) -> sp.Expr:
    """An end of a range as a rational; a float by its decimal digits, as it was typed."""
    if isinstance(value, sp.Float) or (
        isinstance(value, numbers.Real) and not isinstance(value, (numbers.Rational, bool))
    ):
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(f"{name} must be a finite number; got {shown(value)}; only a high end may be infinite")
        return sp.Rational(repr(number))
    found = exact(name, value)
    if isinstance(found, sp.Rational):
        return found
    if not found.is_number:
        raise ValueError(f"{name} must be a number; got {found}; state a relation between symbols with given")
    return sp.Rational(repr(float(found)))


def _infinite(value: Any) -> bool:
    return value is sp.oo or (isinstance(value, float) and value == math.inf)


def _is_number(text: str) -> bool:
    try:
        exact("text", text)
    except (TypeError, ValueError):
        return False
    return True


# Conditions ----------------------------------------------------------------------------------------------------------


def read_conditions(given: Any) -> tuple[Hypothesis, ...]:
    """Read ``given``: SymPy inequalities, which are checked on every instance, and text, which is assumed."""
    items = [given] if isinstance(given, (str, sp.Basic, bool, Hypothesis)) else given
    if not isinstance(items, (tuple, list)):
        raise TypeError(f"given must be a tuple of conditions such as p < q; got {shown(given)}")
    flat: list[Any] = []
    for item in items:
        flat += item.args if isinstance(item, sp.And) else [item]
    return tuple(_condition(item, number) for number, item in enumerate(flat, 1))


def _condition(item: Any, number: int) -> Hypothesis:
    name = f"given-{number}"
    if isinstance(item, Hypothesis):
        return item
    if isinstance(item, str):
        return Hypothesis(name=name, statement=item)
    if item in (True, sp.true):
        raise ValueError(f"given holds a condition that SymPy finds always true (number {number}); leave it out")
    if item in (False, sp.false):
        raise ValueError(f"given holds a condition that SymPy finds never true (number {number}); correct it")
    if not isinstance(item, (sp.Le, sp.Lt, sp.Ge, sp.Gt)):
        raise TypeError(
            f"given must hold inequalities such as p < q, or text for what is assumed; got {shown(item)}; substitute "
            "an equation into the two sides"
        )
    lesser, greater = exact(f"given, number {number},", item.lts), exact(f"given, number {number},", item.gts)
    strict = isinstance(item, (sp.Lt, sp.Gt))
    text = f"{sp.sstr(lesser)} {'<' if strict else '<='} {sp.sstr(greater)}"
    return Hypothesis(name=name, statement=text, lesser=lesser, greater=greater, strict=strict)


Values = Callable[[Instance], Mapping[sp.Symbol, arb]]


@dataclass(frozen=True, kw_only=True)
class Requires:
    """Whether an instance lies in its symbols' domains and certainly meets the checked hypotheses."""

    positive: tuple[str, ...]
    hypotheses: tuple[Hypothesis, ...]
    values: Values

    def __call__(self, instance: Mapping[str, Any]) -> bool:
        """Evaluate the conditions in balls."""
        if any(not instance[name] > 0 for name in self.positive):
            return False
        if not self.hypotheses:
            return True
        with working_precision(PRECISION):
            values = self.values(dict(instance))
            return all(_holds(item, values) for item in self.hypotheses)


def _holds(item: Hypothesis, values: Mapping[sp.Symbol, arb]) -> bool:
    if item.lesser is None or item.greater is None:
        return True
    gap = value_of(item.greater - item.lesser, values)
    return certainly_positive(gap) if item.strict else certainly_nonnegative(gap)


def domain_of(ranges: Mapping[str, Range], hypotheses: Iterable[Hypothesis], values: Values) -> Domain:
    """The domain of the ranges, under the checked hypotheses."""
    positive = tuple(name for name, item in ranges.items() if item.symbol is not None and item.symbol.is_positive)
    checked = tuple(item for item in hypotheses if item.checked)
    return Domain(
        fields={name: item.field for name, item in ranges.items()},
        require=Requires(positive=positive, hypotheses=checked, values=values),
    )
