"""Numbers for named terms: checks the values, broadcasts, and keeps NaN and overflow visible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef

from theory import symbols
from theory.checks import shown
from theory.evaluation.floats import compiled

Condition = tuple[sp.Expr, sp.Expr, bool]
"""The two sides of a checked hypothesis, and whether it is strict: ``lesser <= greater``, or ``<``."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The value of every named term that could be evaluated.

    ``left`` is None where a symbol of the left side was not given. ``ratio`` is left / right and ``slack`` right −
    left; ``hypotheses`` tells for each checked hypothesis whether it holds; ``outcome`` names what went wrong
    ("nan", "overflow") or is "finite".
    """

    terms: Mapping[str, np.ndarray]
    left: np.ndarray | None
    right: np.ndarray
    hypotheses: Mapping[str, np.ndarray]

    @property
    def ratio(self) -> np.ndarray | None:
        """Measured quantity over its bound, where the left side is known."""
        if self.left is None:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.divide(self.left, self.right))

    @property
    def slack(self) -> np.ndarray | None:
        """Bound minus measured quantity, where the left side is known."""
        if self.left is None:
            return None
        with np.errstate(invalid="ignore"):  # inf − inf is NaN, and `outcome` says so
            return np.asarray(self.right - self.left)

    @property
    def outcome(self) -> str:
        """``finite``, or ``nan`` or ``overflow`` when any evaluated number is."""
        known = [self.right] if self.left is None else [self.left, self.right]
        numbers = [*self.terms.values(), *known]
        if any(np.isnan(value).any() for value in numbers):
            return "nan"
        return "overflow" if any(np.isinf(value).any() for value in numbers) else "finite"


def _checked(entry: symbols.SymbolInfo, value: object) -> np.ndarray:
    name = f"{entry.symbol} ({entry.meaning})"
    try:
        raw = np.asarray(value)
        if raw.dtype.kind not in "iufO" or raw.size == 0 or isinstance(value, np.ma.MaskedArray):
            raise TypeError
        # object arrays would let None pass as NaN, text and truth values as numbers; so would [True, 0.5]
        if not isinstance(value, np.ndarray) or raw.dtype.kind == "O":
            _require_numbers(value)
        array = np.asarray(raw, dtype=float)
    except Exception:  # foreign objects raise nearly anything when they are converted
        raise ValueError(f"{name} must be a real number or a non-empty array of them; got {shown(value)}") from None
    low, high = float(entry.lower), float(entry.upper)
    below = array <= low if entry.open_lower else array < low
    above = array >= high if entry.open_upper else array > high
    wrong = ~np.isfinite(array) | below | above
    if entry.integer:
        wrong |= array != np.round(array)
    if wrong.any():
        bad = array[wrong].flat[0]
        raise ValueError(f"{name} must lie in {entry.domain}; got {bad:g}; correct the value or leave it out")
    return array


def _require_numbers(value: object) -> None:
    if isinstance(value, (list, tuple, np.ndarray)) and np.ndim(value) > 0:
        for entry in value:
            _require_numbers(entry)
    elif isinstance(value, (bool, np.bool_, str, bytes)) or value is None:
        raise TypeError


def evaluate(
    name: str,
    lhs: Mapping[str, sp.Expr],
    rhs: Mapping[str, sp.Expr],
    values: Mapping[str, object],
    *,
    constants: Mapping[sp.Symbol, sp.Expr],
    conditions: Mapping[str, Condition],
) -> Evaluation:
    """Implement `theory.statement.Claim.evaluate` for the claim ``name``, with its sides, constants and hypotheses."""
    asked = {sym for expr in (*lhs.values(), *rhs.values()) for sym in expr.free_symbols}
    by_name = {str(sym): sym for sym in (*asked, *constants)}
    by_name |= {str(sym): sym for *sides, _ in conditions.values() for side in sides for sym in side.free_symbols}
    unknown = sorted(set(values) - set(by_name))
    if unknown:
        wanted = _listed(asked - set(constants))
        raise ValueError(f"{name} has no symbol {unknown[0]!r}; it takes {wanted}")
    known = {by_name[key]: _checked(symbols.describe(by_name[key]), value) for key, value in values.items()}
    fixed = {sym: value for sym, value in constants.items() if sym not in known}
    known = _broadcast(known)
    shape = next(iter(known.values())).shape if known else ()

    def number(expr: sp.Expr) -> np.ndarray | None:
        expr = _closed(expr).subs(fixed)
        needed = tuple(sorted(expr.free_symbols, key=str))
        if any(sym not in known for sym in needed) or expr.atoms(AppliedUndef, sp.Integral, sp.Derivative):
            return None
        return np.broadcast_to(compiled(expr, needed)(*(known[sym] for sym in needed)), shape).copy()

    missing = {sym for expr in rhs.values() for sym in expr.subs(fixed).free_symbols} - set(known)
    if missing:
        raise ValueError(f"{name} needs values for: {_listed(missing)}")
    right_terms = {term: number(expr) for term, expr in rhs.items()}
    if any(value is None for value in right_terms.values()):
        raise ValueError(
            f"{name} is stated for all functions f and g at once and has no number; give its terms' "
            "f and g values with theory.sde.specialise(expression, sde)"
        )
    left_terms = {term: number(expr) for term, expr in lhs.items()}
    left = None if any(value is None for value in left_terms.values()) else _total(left_terms)
    held = {}
    for hypothesis, (lesser, greater, strict) in conditions.items():
        low, high = number(lesser), number(greater)
        if low is not None and high is not None:
            held[hypothesis] = low < high if strict else low <= high
    terms = {term: value for term, value in {**left_terms, **right_terms}.items() if value is not None}
    return Evaluation(terms=terms, left=left, right=_total(right_terms), hypotheses=held)


def _broadcast(known: Mapping[sp.Symbol, np.ndarray]) -> dict[sp.Symbol, np.ndarray]:
    """All values in one shape: the code for Max needs equal ones."""
    try:
        shape = np.broadcast_shapes(*(array.shape for array in known.values()))
    except ValueError:
        shapes = ", ".join(f"{sym} {array.shape}" for sym, array in known.items())
        raise ValueError(f"the values must broadcast together; their shapes are {shapes}") from None
    return {sym: np.broadcast_to(array, shape) for sym, array in known.items()}


def _listed(wanted: Iterable[sp.Symbol]) -> str:
    """The symbols by name, each with its meaning."""
    return ", ".join(f"{sym} ({symbols.describe(sym).meaning})" for sym in sorted(wanted, key=str))


@lru_cache(maxsize=4096)
def _closed(expr: sp.Expr) -> sp.Expr:
    """The expression with its derivatives and integrals carried out, unless it holds an unknown function."""
    unfinished = expr.atoms(sp.Derivative, sp.Integral) and not expr.atoms(AppliedUndef)
    return expr.doit() if unfinished else expr


def _total(terms: Mapping[str, np.ndarray | None]) -> np.ndarray:
    with np.errstate(all="ignore"):  # what overflows or cancels to NaN is told by `Evaluation.outcome`
        return np.asarray(np.sum([value for value in terms.values() if value is not None], axis=0))
