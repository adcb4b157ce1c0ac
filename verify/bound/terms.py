"""A bound in numbers: every named term of a claim's right side, the total, and the training time that minimises it."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike

from theory import symbols
from theory.checks import instance, shown
from theory.claims import REGISTRY
from theory.evaluation import Evaluation
from theory.markup import Table
from theory.statement import Claim, Inequality
from theory.symbols import SymbolInfo

TIME = "tau"
LEAST = {
    "loss_minimum": ("loss_comparator", "loss_tau", "loss_initial", "loss_hat", "loss_star"),
    "kl_least": ("kl_earlier", "kl_later", "kl_most"),
}
"""What is the least of others by its definition, and these others."""
SEARCHED = (1e-12, 1e18)
"""The training times among which the best one is looked for."""
_GRID, _ROUNDS, _FLAT = 241, 6, 1e-9
_COUNT = 25
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_RATIO = re.compile(r"([+-]?\d{1,400})/(\d{1,400})")
_POWER = re.compile(r"(\d{1,9})\*\*([+-]?\d{1,4})")


class Stated(Protocol):
    """What states a claim, such as a lemma."""

    @property
    def claim(self) -> Claim:
        """The statement."""
        ...


class MissingSymbolsError(ValueError):
    """Values are needed for these symbols (`SymbolInfo`, each with its meaning and domain)."""

    def __init__(self, claim_id: str, missing: tuple[SymbolInfo, ...]):
        self.missing = missing
        listed = "; ".join(f"{entry.symbol}: {entry.meaning}, in {entry.domain}" for entry in missing)
        super().__init__(f"values: {claim_id} needs values for {listed}")


@dataclass(frozen=True, kw_only=True)
class Bound:
    """The right side of a claim at given values; arrays have the shape of ``over``'s values (or are scalars).

    ``terms`` maps names to values, ``total`` is their sum and ``dominant`` the name of the largest; ``left`` is the
    left side where its symbols were given, else None. ``best_tau`` minimises the total over the training times at which
    the hypotheses hold, all else fixed, and ``best_total`` is the total there; ``trend`` is "interior", or "falls" or
    "rises" where the total does so in τ throughout (``best_tau`` is NaN then); all three are None for a claim without
    τ. ``hypotheses`` tells which checked hypotheses hold. ``outcome`` is "finite", "nan" or "overflow".
    """

    id: str
    claim: Claim = field(repr=False)
    values: Mapping[str, float]
    over: tuple[str, np.ndarray] | None
    terms: Mapping[str, np.ndarray]
    total: np.ndarray
    dominant: np.ndarray
    left: np.ndarray | None
    hypotheses: Mapping[str, np.ndarray]
    outcome: str
    best_tau: np.ndarray | None
    best_total: np.ndarray | None
    trend: np.ndarray | None

    def table(self) -> Table:
        """The terms and the total as a table; over a range, a row for each of its values."""
        if self.over is None:
            rows = [(name, f"{float(value):.6g}") for name, value in self.terms.items()]
            return Table(header=("term", "value"), rows=[*rows, ("total", f"{float(self.total):.6g}")])
        name, values = self.over
        columns = (values, *self.terms.values(), self.total)
        rows = [tuple(f"{float(number):.6g}" for number in row) for row in zip(*columns, strict=True)]
        return Table(header=(name, *self.terms, "total"), rows=rows)

    def _repr_html_(self) -> str:
        return self.claim.statement().html() + self._given() + self.table().html()

    def _repr_markdown_(self) -> str:
        return f"{self.claim.statement().markdown()}\n{self._given()}\n\n{self.table().markdown()}"

    def _repr_latex_(self) -> str:
        right = "" if self.over is not None else rf"\quad ({float(self.total):.6g})"
        return rf"$\displaystyle {self.claim.latex()}{right}$"

    def to_latex(self) -> str:
        """The terms and the total as a LaTeX ``tabular``, in ASCII."""
        table = self.table()
        return table.latex("l" + "r" * (len(table.header) - 1))

    def _given(self) -> str:
        return ", ".join(f"{name} = {value:g}" for name, value in self.values.items())


def bound(
    claim: Claim | str | Stated, values: Mapping[str, object], over: str | Mapping[str, object] | None = None
) -> Bound:
    """Evaluate the right side of an inequality term by term.

    claim: an id, a Claim, or a lemma. values: names of symbols (and of constants, to override them) to numbers or text
    such as "1e3", "1/3", "2**10", read exactly. over: one symbol's range, as ``"tau=1:1e4:log:25"`` (``lin`` for equal
    steps, the count may be left out) or as ``{"tau": array}``. A symbol may be named as it is shown: ``τ``. Raises
    KeyError for an unknown id, `MissingSymbolsError` (a ValueError) where values are missing, ValueError for an
    identity, unknown names (with the nearest ones), values outside their domain, a minimum above what it is the minimum
    of, and text that is no number.
    """
    own = getattr(claim, "claim", claim)
    stated = own if isinstance(own, Claim) else REGISTRY[instance("claim", own, str)]
    if not isinstance(stated.relation, Inequality):
        raise ValueError(f"claim {stated.id} is an identity and bounds nothing; choose one with ≤")
    given: dict[str, Any] = {}
    for written, value in _items("values", values):
        name = known(stated, written, "values")
        if name in given:
            raise ValueError(f"values: {name} is given twice; leave {shown(written)} out")
        given[name] = _value(name, value)
    sweep = None if over is None else _sweep(stated, over)
    if sweep is not None:
        if sweep[0] in given:
            raise ValueError(f"over: {sweep[0]} has a value already; leave it out of values or of over")
        given[sweep[0]] = sweep[1]
    needed = _right_symbols(stated)
    missing = tuple(symbols.describe(symbol) for name, symbol in needed.items() if name not in given)
    if missing:
        raise MissingSymbolsError(stated.id, missing)
    found = stated.evaluate(**given)
    _refuse_less_than_least(given)
    terms = {name: _frozen(found.terms[name]) for name in stated.relation.rhs}
    stacked = np.abs(np.stack([np.nan_to_num(value, nan=np.inf) for value in terms.values()]))
    best = _best(stated, given) if TIME in needed else (None, None, None)
    return Bound(
        id=stated.id,
        claim=stated,
        values={name: float(value) for name, value in given.items() if np.ndim(value) == 0},
        over=sweep,
        terms=terms,
        total=_frozen(found.right),
        dominant=_frozen(np.array(list(terms))[np.argmax(stacked, axis=0)]),
        left=None if found.left is None else _frozen(found.left),
        hypotheses=found.hypotheses,
        outcome=found.outcome,
        best_tau=best[0],
        best_total=best[1],
        trend=best[2],
    )


def swept_range(claim_id: str, over: str) -> tuple[str, np.ndarray]:
    """The name and the values of a range of n or τ that a claim's inputs depend on, as ``tau=1:1e4:log:25``."""
    name, _, text = over.partition("=")
    plain = {"τ": "tau"}.get(name.strip(), name.strip())
    if plain not in ("n", "tau"):
        raise ValueError(f"over: the inputs of {claim_id} are computed for a range of n or tau; got {shown(name)}")
    return plain, _frozen(_range(plain, text, symbols.info(plain)))


def number(name: str, text: str) -> Fraction:
    """Read "1000", "1e3", "1/3" or "2**10" exactly; ValueError, with the name, for anything else."""
    stripped = instance(name, text, str).strip()
    power, ratio = _POWER.fullmatch(stripped), _RATIO.fullmatch(stripped)
    try:
        if power:
            found = Fraction(int(power[1])) ** int(power[2])
        elif ratio:
            found = Fraction(int(ratio[1]), int(ratio[2]))
        elif len(stripped) <= 400 and _DECIMAL.fullmatch(stripped):
            found = Fraction(stripped)
        else:
            raise ValueError
        if not math.isfinite(float(found)):
            raise ValueError
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ValueError(f"{name} must be a number such as 1000, 1e3, 1/3 or 2**10; got {shown(text)}") from None
    return found


# Values --------------------------------------------------------------------------------------------------------------


def _items(name: str, values: object) -> list[tuple[Any, Any]]:
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} must map symbol names to numbers; got {shown(values)}")
    return list(values.items())


def _frozen(array: ArrayLike) -> np.ndarray:
    copied = np.array(array)
    copied.flags.writeable = False
    return copied


def _right_symbols(claim: Claim) -> dict[str, sp.Symbol]:
    """The symbols of the right side by name, those of its constants' values included."""
    return {str(symbol): symbol for symbol in sorted(claim.right().free_symbols, key=str)}


def symbols_of(claim: Claim) -> dict[str, sp.Symbol]:
    """The symbols that a value can be given for, by name: of both sides, of constants, of the hypotheses."""
    constants = (constant.symbol for constant in claim.constants.values())
    conditions = (symbol for item in claim.hypotheses for symbol in item.free_symbols())
    return {str(symbol): symbol for symbol in (*claim.symbols, *constants, *conditions)}


def known(claim: Claim, name: object, argument: str) -> str:
    """The name of a claim's symbol, from its name or from what it is shown as (``τ``); ValueError for another one."""
    if not isinstance(name, str):
        raise TypeError(f"{argument} must have names of symbols as keys; got {shown(name)}")
    takes = symbols_of(claim)
    if name in takes:
        return name
    as_shown = [own for own, symbol in takes.items() if _folded(symbols.describe(symbol).text) == _folded(name)]
    if len(as_shown) == 1:
        return as_shown[0]
    lowered = {other.lower(): other for other in takes}
    close = [lowered[other] for other in difflib.get_close_matches(name.lower(), lowered, n=3, cutoff=0.5)]
    remedy = f"did you mean {', '.join(close)}?" if close else f"it takes {', '.join(takes)}"
    raise ValueError(f"{argument}: {claim.id} has no symbol {name[:60]!r}; {remedy}")


def _folded(name: str) -> str:
    """A name whatever the code points that a keyboard makes of it: the micro sign is μ."""
    return unicodedata.normalize("NFKC", name)


def _refuse_less_than_least(given: Mapping[str, Any]) -> None:
    for least, others in LEAST.items():
        for other in (name for name in others if least in given and name in given):
            low, high = np.broadcast_arrays(*(np.asarray(given[name], dtype=float) for name in (least, other)))
            wrong = low > high
            if wrong.any():
                raise ValueError(
                    f"values: {other} must be >= {least} ({symbols.info(least).meaning}); got {high[wrong].flat[0]:g} "
                    f"and {low[wrong].flat[0]:g}; correct one of them"
                )


def _value(name: str, value: object) -> object:
    if isinstance(value, str):
        return float(number(f"value of {name}", value))
    if isinstance(value, (list, tuple, np.ndarray)) and np.ndim(np.asarray(value, dtype=object)) != 0:
        raise ValueError(f"values: {name} must be one number; got {shown(value)}; give a range with over")
    return value


def _sweep(claim: Claim, over: object) -> tuple[str, np.ndarray]:
    if isinstance(over, str):
        raw_name, _, text = over.partition("=")
        name = known(claim, raw_name.strip(), "over")
        return name, _frozen(_range(name, text, symbols.describe(symbols_of(claim)[name])))
    items = _items("over", over)
    if len(items) != 1:
        raise ValueError(f"over must name one symbol; got {len(items)}: {shown(over)}")
    name = known(claim, items[0][0], "over")
    try:
        array = np.asarray(items[0][1], dtype=float)
    except Exception:  # foreign objects raise nearly anything when they are converted
        array = np.zeros((0, 0))
    if array.ndim != 1 or not array.size:
        raise ValueError(f"over: the values of {name} must be a non-empty list of numbers; got {shown(items[0][1])}")
    return name, _frozen(array)


def _range(name: str, text: str, entry: SymbolInfo) -> np.ndarray:
    parts = text.split(":")
    if len(parts) not in (3, 4) or parts[2] not in ("log", "lin"):
        raise ValueError(
            f"over must look like {name}=1:1e4:log or {name}=0:10:lin, with :count if need be; got "
            f"{shown(f'{name}={text}')}"
        )
    low, high = (float(number(f"over: an end of the range of {name}", part)) for part in parts[:2])
    count = number("over: the count", parts[3]) if len(parts) == 4 else Fraction(_COUNT)
    if count.denominator != 1 or not 2 <= count <= 10_000:
        raise ValueError(f"over: the count must be an integer from 2 to 10000; got {shown(parts[3])}")
    if not low < high or (parts[2] == "log" and low <= 0):
        raise ValueError(f"over: the range of {name} must rise (and start above 0 for log); got {low:g} to {high:g}")
    made = (np.geomspace if parts[2] == "log" else np.linspace)(low, high, int(count))
    return np.unique(np.round(made)) if entry.integer else made


# The best training time ----------------------------------------------------------------------------------------------


def _best(claim: Claim, given: Mapping[str, ArrayLike]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Minimise the total over τ on a logarithmic grid that is refined around its least value."""
    rest = {name: value for name, value in given.items() if name != TIME}
    shape = np.broadcast_shapes(*(np.shape(value) for value in rest.values()))
    low, high = (np.full(shape, math.log(end)) for end in SEARCHED)
    steps = np.linspace(0, 1, _GRID).reshape(-1, *(1,) * len(shape))
    trend = np.full(shape, "interior")
    place = least = np.zeros(shape)
    for turn in range(_ROUNDS):
        grid = low + (high - low) * steps
        totals = _totals(claim, {**rest, TIME: np.exp(grid)})
        index = np.argmin(totals, axis=0)[None]
        least = np.take_along_axis(totals, index, 0)[0]
        place = np.take_along_axis(grid, index, 0)[0]
        if turn == 0:
            trend = np.where(
                totals[-1] <= least * (1 + _FLAT),
                "falls",
                np.where(totals[0] <= least * (1 + _FLAT), "rises", "interior"),
            )
        low = np.take_along_axis(grid, np.maximum(index - 1, 0), 0)[0]
        high = np.take_along_axis(grid, np.minimum(index + 1, _GRID - 1), 0)[0]
    found = (trend == "interior") & np.isfinite(least)
    return (_frozen(np.where(found, np.exp(place), np.nan)), _frozen(np.where(found, least, np.nan)), _frozen(trend))


def _totals(claim: Claim, values: Mapping[str, ArrayLike]) -> np.ndarray:
    """The total on a grid of times; infinite where it is undefined or a hypothesis about τ does not hold."""
    found = claim.evaluate(**values)
    return np.where(np.isnan(found.right) | ~_admissible(claim, found), np.inf, found.right)


def _admissible(claim: Claim, found: Evaluation) -> np.ndarray:
    about = [item.name for item in claim.hypotheses if TIME in map(str, item.free_symbols())]
    held = [found.hypotheses[name] for name in about if name in found.hypotheses]
    return np.logical_and.reduce([np.ones_like(found.right, dtype=bool), *held])
