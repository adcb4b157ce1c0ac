"""From an exact expression to a function of floats whose error is bounded, point by point.

`stable` writes the differences that vanish in a limit as functions that have no cancellation: ``1 − e^{−x}`` as
``−expm1(−x)``, ``log(1 + x)`` as ``log1p(x)``, ``cosh x − 1`` as ``2 sinh²(x/2)``. What else may cancel is not guessed
at: with each value goes a first-order bound of its rounding error (Higham 2002, section 3.3), and the values whose
bound exceeds `TOLERANCE` are evaluated again by mpmath, in as many digits as their own bound asks for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
import scipy  # whose `special` is loaded when it is used
import sympy as sp
from numpy.typing import ArrayLike
from sympy.codegen.cfunctions import expm1, log1p
from sympy.core.function import AppliedUndef

TOLERANCE = 2.0**-48
"""Relative error that no finite value exceeds: 16 units in the last place."""
_UNIT, _TINY = 2.0**-53, 2.0**-1074  # the relative error of a rounded operation, and the absolute one of an underflow
_BITS = (128, 512, 2048, 8192)  # precisions that are tried; the last tells 1e-300 from 0 after seven cancellations
_LARGEST = 2.0**30  # arguments of exp, sin, … beyond are left to floats: mpmath would want as many bits

_u, _tiny = sp.Dummy("u", real=True), sp.Dummy("tiny", real=True)
_ELEMENTARY = (sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.sinh, sp.cosh, sp.tanh, sp.erf, sp.erfc, expm1, log1p)


class _UnboundedError(Exception):
    """The expression has a part without a rule for its error."""


# The rewriting -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def stable(expr: sp.Expr) -> sp.Expr:
    """``expr`` with its differences of exponentials, logarithms next to 1 and the like free of cancellation."""
    if not expr.args or isinstance(expr, (sp.Sum, sp.Product, sp.Integral, sp.Derivative, sp.Subs)):
        return expr
    args = [stable(arg) if isinstance(arg, (sp.Expr, sp.logic.boolalg.Boolean)) else arg for arg in expr.args]
    if isinstance(expr, sp.functions.elementary.piecewise.ExprCondPair):
        return expr
    if isinstance(expr, sp.Piecewise):
        return sp.Piecewise(*((stable(value), condition) for value, condition in expr.args))
    if isinstance(expr, sp.Add):
        return _sum(args)
    rebuilt = expr.func(*args)
    if isinstance(rebuilt, sp.log) and isinstance(rebuilt.args[0], sp.Add):
        constant, rest = rebuilt.args[0].as_coeff_Add()
        return log1p(rest) if constant == 1 else rebuilt
    return rebuilt


def _sum(terms: list[sp.Expr]) -> sp.Expr:
    """The sum of terms, where pairs of opposite coefficients are joined."""
    open_, done = [_parts(term) for term in terms], []
    while open_:
        coefficient, power, special = open_.pop()
        for k, (other, exponent, function) in enumerate(open_):
            if other == -coefficient and (joined := _joined(other, exponent, function, power, special)) is not None:
                done.append(joined)
                del open_[k]
                break
        else:
            done.append(coefficient * sp.exp(power) * special if power else coefficient * special)
    return sp.Add(*done)


def _joined(coefficient: sp.Expr, power: sp.Expr, special: sp.Expr, minus: sp.Expr, other: sp.Expr) -> sp.Expr | None:
    """coefficient (e^power special − e^minus other) without cancellation; None where no rule is known."""
    if special == other == 1 and power != minus:
        if not minus:  # e^power − 1
            return coefficient * expm1(power)
        factor = sp.exp(power) if power else sp.S.One
        return -coefficient * factor * expm1(sp.factor_terms(minus - power))
    if power or minus or sp.S.One not in (special, other):
        return None
    sign, function = (1, special) if other == 1 else (-1, other)  # coefficient · sign · (function − 1)
    half = function.args[0] / 2
    rules = {sp.cosh: 2 * sp.sinh(half) ** 2, sp.cos: -2 * sp.sin(half) ** 2, sp.erf: -sp.erfc(2 * half)}
    return coefficient * sign * rules[function.func]


def _parts(term: sp.Expr) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """(c, u, s) with term = c e^u s, s one of cosh, cos, erf or 1; a power of a positive number is an exponential."""
    rest, power, special = [], sp.S.Zero, sp.S.One
    for factor in sp.Mul.make_args(term):
        if isinstance(factor, sp.exp):
            power += factor.args[0]
        elif isinstance(factor, sp.Pow) and factor.base.is_positive and not factor.exp.is_number:
            power += factor.exp * sp.log(factor.base)
        elif special == 1 and isinstance(factor, (sp.cosh, sp.cos, sp.erf)):
            special = factor
        else:
            rest.append(factor)
    return sp.Mul(*rest), power, special


# The error -----------------------------------------------------------------------------------------------------------


class _Steps:
    """An expression as single assignments, each value followed by the bound of its error."""

    def __init__(self, *, rounded: bool) -> None:
        self._rounded = rounded
        self.assignments: list[tuple[sp.Symbol, sp.Expr]] = []
        self._known: dict[sp.Expr, tuple[sp.Expr, sp.Expr]] = {}

    def of(self, expr: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
        """The value and the error of ``expr``, as symbols or numbers."""
        if expr not in self._known:
            self._known[expr] = self._made(expr)
        return self._known[expr]

    def _set(self, value: sp.Expr) -> sp.Expr:
        if value.is_Symbol or value.is_number:
            return value
        name = sp.Dummy(f"v{len(self.assignments):04d}", real=True)  # products are printed in the order of names
        self.assignments.append((name, value))
        return name

    def _made(self, expr: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
        if expr.is_Symbol or (expr.is_number and expr.is_finite and not expr.has(sp.I)):
            if expr.is_Symbol or (expr.is_Rational and _is_dyadic(expr)):
                return expr, sp.S.Zero
            value = sp.Float(expr.evalf(30), 20) if self._rounded else expr
            return value, self._set(_u * sp.Abs(value) * (1 if self._rounded or expr.is_Rational else 8))
        if isinstance(expr, sp.Piecewise):
            return self._piecewise(expr)
        if not isinstance(expr, (sp.Add, sp.Mul, sp.Pow, sp.Function)) or isinstance(expr, AppliedUndef):
            raise _UnboundedError
        found = [self.of(arg) for arg in expr.args]
        return self._operation(expr, [value for value, _ in found], [error for _, error in found])

    def _operation(self, expr: sp.Expr, values: list[sp.Expr], errors: list[sp.Expr]) -> tuple[sp.Expr, sp.Expr]:
        if isinstance(expr, sp.Add):  # from left to right
            value, error = values[0], errors[0]
            for more, wrong in zip(values[1:], errors[1:], strict=True):
                value = self._set(value + more)
                error = self._set(error + wrong + _u * sp.Abs(value))
            return value, error
        value = self._set(expr.func(*values))
        if isinstance(expr, sp.Mul):
            return value, self._product(expr, value, values, errors)
        if isinstance(expr, (sp.Max, sp.Min, sp.Abs)):
            return value, self._set(sp.Max(*errors) if any(errors) else sp.S.Zero)
        return value, self._set(self._passed_on(expr, values, errors) + _rounding(expr) * _u * sp.Abs(value) + _tiny)

    def _product(self, expr: sp.Expr, value: sp.Expr, values: list[sp.Expr], errors: list[sp.Expr]) -> sp.Expr:
        inexact = len(values) - 1 - sum(_is_power_of_two(arg) for arg in expr.args[:1])
        error = inexact * _u * sp.Abs(value) + (_tiny if inexact else 0)
        for k, wrong in enumerate(errors):
            error += wrong * sp.Abs(sp.Mul(*values[:k], *values[k + 1 :]))
        return self._set(error)

    def _passed_on(self, expr: sp.Expr, values: list[sp.Expr], errors: list[sp.Expr]) -> sp.Expr:
        """Σ |∂f/∂x_k| error_k."""
        names = [sp.Dummy("x", real=True) for _ in values]
        total = sp.S.Zero
        for k, wrong in enumerate(errors):
            if wrong != 0:
                slope = expr.func(*names).diff(names[k])
                if slope.has(sp.Derivative, sp.Subs) or (not slope.is_finite and slope.is_number):
                    raise _UnboundedError
                total += wrong * sp.Abs(slope.subs(dict(zip(names, values, strict=True))))
        return total

    def _piecewise(self, expr: sp.Piecewise) -> tuple[sp.Expr, sp.Expr]:
        branches = [(self.of(value), self._condition(condition)) for value, condition in expr.args]
        both = (sp.Piecewise(*((found[k], when) for found, when in branches), evaluate=False) for k in (0, 1))
        value, error = (self._set(one) for one in both)
        return value, error

    def _condition(self, condition: sp.Basic) -> sp.Basic:
        if isinstance(condition, sp.core.relational.Relational):
            return condition.func(*(self.of(side)[0] for side in condition.args), evaluate=False)
        if isinstance(condition, (sp.And, sp.Or, sp.Not)):
            return condition.func(*(self._condition(arg) for arg in condition.args), evaluate=False)
        return condition


def _rounding(expr: sp.Expr) -> int:
    """Units u by which the computed function of exact arguments may differ from the true one."""
    if isinstance(expr, sp.Pow):
        return 1 if expr.exp in (sp.S.Half, 2, -1) else 4
    return 4 if isinstance(expr, _ELEMENTARY) else 64


def _is_safe(expr: sp.Expr) -> bool:
    """Whether no step may cancel or enlarge an error: sums of one sign, products with one factor that varies, roots."""
    if expr.is_Symbol or expr.is_number:
        return bool(expr.is_real)
    if isinstance(expr, sp.Add):
        same = all(arg.is_nonnegative for arg in expr.args) or all(arg.is_nonpositive for arg in expr.args)
        return same and all(map(_is_safe, expr.args))
    if isinstance(expr, sp.Mul):
        varying = [arg for arg in expr.args if not arg.is_number]
        return len(varying) == 1 and all(map(_is_safe, expr.args))
    if isinstance(expr, sp.Pow):
        base, exponent = expr.args
        return (exponent == sp.S.Half and _is_safe(base)) or (base.is_Integer and exponent.is_Symbol)
    return False


def _is_dyadic(number: sp.Rational) -> bool:
    """Whether a rational is a float: a short integer over a power of two."""
    return abs(number.p) < 2**53 and number.q & (number.q - 1) == 0 and number.q < 2**1000


def _is_power_of_two(number: sp.Basic) -> bool:
    return bool(isinstance(number, sp.Rational) and _is_dyadic(number) and abs(number.p) & (abs(number.p) - 1) == 0)


# The function --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def compiled(expr: sp.Expr, arguments: tuple[sp.Symbol, ...]) -> Callable[..., np.ndarray]:
    """``expr`` as a function of arrays of floats in the order of ``arguments``, which must broadcast together.

    A finite value has a relative error of at most `TOLERANCE` (or is subnormal) where every function in it is
    elementary or has a derivative; overflow and what is undefined come as inf and NaN, without warnings.
    """
    plain, modules = stable(expr), [OWN, "scipy", "numpy"]
    try:
        floats = None if _is_safe(plain) else _lambdified(plain, arguments, modules, rounded=True)
    except _UnboundedError:
        floats = None
    alone = sp.lambdify(arguments, plain, modules=modules, cse=True) if floats is None else None
    precise = Precise(expr, arguments)

    def at(*values: ArrayLike) -> np.ndarray:
        columns = [np.asarray(value, dtype=float) for value in values]
        shape = np.broadcast_shapes(*(column.shape for column in columns))
        with np.errstate(all="ignore"):
            if floats is None:
                return np.broadcast_to(np.asarray(alone(*columns), dtype=float), shape)  # type: ignore[misc]
            found, bound = (np.asarray(part) for part in floats(*columns, _UNIT, _TINY))
            if found.dtype.kind == "c":
                return np.broadcast_to(found, shape)
            size = np.abs(found, dtype=float)
            # what is not finite is doubtful too: only a step may have overflowed
            doubtful = ~((bound <= TOLERANCE * size + 4 * _TINY) & (size < np.inf))
        out = np.broadcast_to(np.asarray(found, dtype=float), shape)
        if doubtful.any():
            out = out.copy()
            columns = [np.broadcast_to(column, shape) for column in columns]
            for place in np.argwhere(np.broadcast_to(doubtful, shape)):
                index = tuple(place)
                out[index] = precise(float(out[index]), *(float(column[index]) for column in columns))
        return out

    return at


def number_function(expr: sp.Expr, argument: sp.Symbol) -> Callable[[float], float]:
    """``expr`` as a function of one number: `compiled` for a single argument."""
    if _is_safe(expr):
        plain = sp.lambdify(argument, expr, modules="math")
        return lambda value: float(plain(value))
    call = compiled(expr, (argument,))
    return lambda value: float(call(value))


class Precise:
    """An expression at single points, in as many digits as it takes; its function is made when it is first called."""

    def __init__(self, expr: sp.Expr, arguments: tuple[sp.Symbol, ...]):
        self._expr, self._arguments = expr, arguments
        self._call: Callable[..., Any] | None = None

    def __call__(self, otherwise: float, *values: float) -> float:
        """The value at finite numbers to `TOLERANCE`; ``otherwise`` where mpmath has none."""
        if self._call is None:
            self._call = self._made()
        if not all(map(math.isfinite, values)):
            return otherwise
        for bits in _BITS:
            try:
                with mpmath.workprec(bits):
                    value, bound = self._call(*map(mpmath.mpf, values), mpmath.mpf(2) ** -bits, mpmath.mpf(0))
                    if isinstance(value, (mpmath.mpf, int, float)) and bound <= abs(value) * 2.0**-60:
                        return float(value)
            except ZeroDivisionError:
                continue  # what cancelled to 0 may be told from it by more digits, and so may a negative radicand
            except (ArithmeticError, ValueError, TypeError, NameError, AttributeError):
                break
        return otherwise

    def _made(self) -> Callable[..., Any]:
        try:
            if not all(isinstance(part, (*_ELEMENTARY, sp.Abs, sp.Max, sp.Min, sp.Piecewise))
                       for part in self._expr.atoms(sp.Function, sp.Max, sp.Min)):  # fmt: skip
                raise _UnboundedError  # mpmath may take for ever at large arguments
            expr = self._expr.replace(_is_power, _as_exponential)
            return _lambdified(expr, self._arguments, [_GUARDED, "mpmath"], rounded=False)
        except (_UnboundedError, ValueError, TypeError):

            def missing(*_values: object) -> object:
                raise ValueError

            return missing


def _is_power(expr: sp.Basic) -> bool:
    return bool(isinstance(expr, sp.Pow) and expr.base.is_positive and not expr.exp.is_number)


def _as_exponential(power: sp.Pow) -> sp.Expr:
    return sp.exp(power.exp * sp.log(power.base), evaluate=False)


def _lambdified(
    expr: sp.Expr, arguments: Sequence[sp.Symbol], modules: list[Any], *, rounded: bool
) -> Callable[..., Any]:
    """The function of (arguments, u, tiny) that returns the value and the error bound; constants ``rounded`` or not."""
    steps = _Steps(rounded=rounded)
    ends = list(steps.of(expr))
    return sp.lambdify([*arguments, _u, _tiny], ends, modules=modules, cse=lambda _exprs: (steps.assignments, ends))


def _guarded(name: str) -> Callable[[Any], Any]:
    function = getattr(mpmath, name)

    def at(value: Any) -> Any:
        if abs(value) > _LARGEST:
            raise OverflowError
        return function(value)

    return at


_GUARDED = {name: _guarded(name) for name in ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "erfc")}


# Functions that NumPy and SciPy lack ---------------------------------------------------------------------------------


def _lambert(argument: ArrayLike, branch: int = 0) -> np.ndarray:
    """The real branches of Lambert's W; NaN where they are not defined."""
    value = scipy.special.lambertw(argument, branch)
    return np.where(np.imag(value) == 0, np.real(value), np.nan)


def _bivariate_normal_cdf(a: ArrayLike, b: ArrayLike, correlation: ArrayLike) -> np.ndarray:
    """``Φ₂(a, b; ρ)`` by Owen's T; NaN unless −1 < ρ < 1.

    ``Φ₂ = ½Φ(a) + ½Φ(b) − T(a, (b − ρa)/(a√(1−ρ²))) − T(b, (a − ρb)/(b√(1−ρ²))) − ½ [ab < 0, or ab = 0 > a + b]``
    (Owen 1956); a vanishing argument is moved to 1e-200, which changes nothing that a float could show.
    """
    a, b, rho = np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in (a, b, correlation)))
    a, b = (np.where(part == 0, 1e-200, part) for part in (a, b))
    root = np.sqrt((1 - rho) * (1 + rho))
    with np.errstate(divide="ignore", invalid="ignore"):
        corners = scipy.special.owens_t(a, (b - rho * a) / (a * root)) + scipy.special.owens_t(
            b, (a - rho * b) / (b * root)
        )
        value = (scipy.special.ndtr(a) + scipy.special.ndtr(b)) / 2 - corners
    return np.where(root > 0, value - np.where((a < 0) != (b < 0), 0.5, 0.0), np.nan)


OWN = {
    "LambertW": _lambert,
    "BivariateNormalCDF": _bivariate_normal_cdf,
    "expm1": np.expm1,  # SciPy has slower ones of these names
    "log1p": np.log1p,
}
"""Functions by the names that SymPy prints."""
