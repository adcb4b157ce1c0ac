"""Numbers for the terms of a claim: checks the values, broadcasts, and keeps NaN and overflow visible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef

from theory import symbols
from theory.checks import shown

if TYPE_CHECKING:
    from theory.statement import Claim


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


@lru_cache(maxsize=4096)
def _compiled(expr: sp.Expr, arguments: tuple[sp.Symbol, ...]) -> Any:
    return sp.lambdify(arguments, expr, modules=[_OWN, "scipy", "numpy"], cse=True)


def _lambert(argument: Any, branch: int = 0) -> Any:
    """The real branches of Lambert's W; NaN where they are not defined."""
    from scipy.special import lambertw  # noqa: PLC0415

    value = lambertw(argument, branch)
    return np.where(np.imag(value) == 0, np.real(value), np.nan)


def _bivariate_normal_cdf(a: Any, b: Any, correlation: Any) -> Any:
    """``Φ₂(a, b; ρ)`` by Owen's T; NaN unless −1 < ρ < 1.

    ``Φ₂ = ½Φ(a) + ½Φ(b) − T(a, (b − ρa)/(a√(1−ρ²))) − T(b, (a − ρb)/(b√(1−ρ²))) − ½ [ab < 0, or ab = 0 > a + b]``
    (Owen 1956); a vanishing argument is moved to 1e-200, which changes nothing that a float could show.
    """
    from scipy.special import ndtr, owens_t  # noqa: PLC0415

    a, b, rho = np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in (a, b, correlation)))
    a, b = (np.where(part == 0, 1e-200, part) for part in (a, b))
    root = np.sqrt((1 - rho) * (1 + rho))
    with np.errstate(divide="ignore", invalid="ignore"):
        corners = owens_t(a, (b - rho * a) / (a * root)) + owens_t(b, (a - rho * b) / (b * root))
        value = (ndtr(a) + ndtr(b)) / 2 - corners
    return np.where(root > 0, value - np.where((a < 0) != (b < 0), 0.5, 0.0), np.nan)


_OWN = {"LambertW": _lambert, "BivariateNormalCDF": _bivariate_normal_cdf}


def check_value(name: str, value: Any) -> np.ndarray:
    """Return a value as a float array after checking it against its symbol's domain.

    Raises ValueError that names the symbol, the value and the domain: for non-numbers, truth values, text, complex
    numbers, NaN, infinities, fractions where a count is meant, and values outside the domain.
    """
    return _checked(symbols.info(name), value)


def _checked(entry: symbols.SymbolInfo, value: Any) -> np.ndarray:
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


def _require_numbers(value: Any) -> None:
    if isinstance(value, (list, tuple, np.ndarray)) and np.ndim(value) > 0:
        for entry in value:
            _require_numbers(entry)
    elif isinstance(value, (bool, np.bool_, str, bytes)) or value is None:
        raise TypeError


def evaluate(claim: Claim, values: Mapping[str, Any]) -> Evaluation:
    """Implement `theory.statement.Claim.evaluate`."""
    if not isinstance(values, Mapping):
        raise TypeError(f"values must map symbol names to numbers; got {shown(values)}")
    constants = {constant.symbol: constant.value for constant in claim.constants.values()}
    by_name = {str(symbol): symbol for symbol in claim.relation.free_symbols()}
    by_name |= {str(symbol): symbol for hypothesis in claim.hypotheses for symbol in hypothesis.free_symbols()}
    unknown = sorted(set(values) - set(by_name) - {name for name, c in claim.constants.items()})
    if unknown:
        wanted = ", ".join(f"{sym} ({symbols.describe(sym).meaning})" for sym in claim.symbols)
        raise ValueError(f"{claim.id} has no symbol {unknown[0]!r}; it takes {wanted}")
    known: dict[sp.Symbol, np.ndarray] = {}
    for name, value in values.items():
        symbol = claim.constants[name].symbol if name in claim.constants else by_name[name]
        known[symbol] = _checked(symbols.describe(symbol), value)
        constants.pop(symbol, None)
    try:
        shape = np.broadcast_shapes(*(array.shape for array in known.values())) if known else ()
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in known.items())
        raise ValueError(f"the values must broadcast together; their shapes are {shapes}") from None
    known = {sym: np.broadcast_to(array, shape) for sym, array in known.items()}  # the code for Max needs equal shapes

    def number(expr: sp.Expr) -> np.ndarray | None:
        expr = _closed(expr).subs(constants)
        needed = tuple(sorted(expr.free_symbols, key=str))
        if any(sym not in known for sym in needed) or expr.atoms(AppliedUndef, sp.Integral, sp.Derivative):
            return None
        with np.errstate(all="ignore"):
            out = _compiled(expr, needed)(*(known[sym] for sym in needed))
        return np.broadcast_to(np.asarray(out, dtype=float), shape).copy()

    relation = claim.relation
    missing = sorted(
        {sym for expr in relation.rhs.values() for sym in expr.subs(constants).free_symbols} - set(known), key=str
    )
    if missing:
        listed = ", ".join(f"{sym} ({symbols.describe(sym).meaning})" for sym in missing)
        raise ValueError(f"{claim.id} needs values for: {listed}")
    right_terms = {name: number(expr) for name, expr in relation.rhs.items()}
    if any(value is None for value in right_terms.values()):
        raise ValueError(
            f"{claim.id} is stated for all functions f and g at once and has no number; give its terms' "
            "f and g values with theory.sde.specialise(expression, sde)"
        )
    left_terms = {name: number(expr) for name, expr in relation.lhs.items()}
    left = None if any(value is None for value in left_terms.values()) else _total(left_terms)
    held = {}
    for hypothesis in claim.hypotheses:
        if hypothesis.checked:
            low, high = number(hypothesis.lesser), number(hypothesis.greater)  # type: ignore[arg-type]
            if low is not None and high is not None:
                held[hypothesis.name] = low < high if hypothesis.strict else low <= high
    terms = {name: value for name, value in {**left_terms, **right_terms}.items() if value is not None}
    return Evaluation(terms=terms, left=left, right=_total(right_terms), hypotheses=held)


@lru_cache(maxsize=4096)
def _closed(expr: sp.Expr) -> sp.Expr:
    """The expression with its derivatives and integrals carried out, unless it holds an unknown function."""
    unfinished = expr.atoms(sp.Derivative, sp.Integral) and not expr.atoms(AppliedUndef)
    return expr.doit() if unfinished else expr


def _total(terms: Mapping[str, np.ndarray | None]) -> np.ndarray:
    with np.errstate(all="ignore"):  # what overflows or cancels to NaN is told by `Evaluation.outcome`
        return np.asarray(np.sum([value for value in terms.values() if value is not None], axis=0))
