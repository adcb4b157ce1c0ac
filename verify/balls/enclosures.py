"""Enclosures of SymPy expressions in ball arithmetic: an allow-list walk from the tree to rigorous bounds.

Inside the walk a value is a *span*, its two ends as exact balls, rather than one ball: a ball has a 30-bit radius, so a
ball around [0, 1/3] leaks below 0 (where a square root is undefined), and it cannot hold a half-line. A span that is
``None`` is undefined: somewhere in it the expression may leave its domain. It absorbs everything it meets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import lru_cache, partial
from threading import RLock
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from theory.normal import BivariateNormalCDF

Span = tuple[arb, arb]
Exact = int | Fraction | sp.Rational | str

ZERO, ONE, TWO, INF = arb(0), arb(1), arb(2), arb("inf")
_PRECISION = RLock()


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Compute with ``bits`` bits inside the block and restore the caller's precision afterwards, errors included.

    The precision belongs to the whole process: other threads wait for the end of the block.
    """
    if not isinstance(bits, int) or isinstance(bits, bool) or bits < 24:
        raise ValueError(f"precision must be an integer number of bits, at least 24; got {bits!r}")
    with _PRECISION:
        before = ctx.prec
        ctx.prec = bits
        try:
            yield
        finally:
            ctx.prec = before


def exact(value: Exact, name: str = "value") -> Fraction:
    """Read an exact rational: an int, a Fraction, a SymPy Rational or text such as ``"0.1"`` or ``"1/3"``.

    Raises ValueError for a float (it has already been rounded) and for everything that is not a finite rational.
    """
    number: Any = value
    if isinstance(value, sp.Rational) and number.is_finite:
        return Fraction(int(number.p), int(number.q))
    if isinstance(value, int | Fraction | str) and not isinstance(value, bool):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            pass
    raise ValueError(
        f"{name} must be an exact rational; got {value!r}: pass an int, a Fraction, a sympy.Rational or "
        'text such as "0.1"'
    )


def rational(value: Exact) -> arb:
    """Enclose an exact rational number, to the current precision; errors as for `exact`."""
    number = exact(value)
    return arb(fmpq(number.numerator, number.denominator))


def ball(lower: Exact, upper: Exact) -> arb:
    """Cover the interval [lower, upper] of exact rationals by one ball; ValueError if lower > upper."""
    if exact(lower, "lower") > exact(upper, "upper"):
        raise ValueError(f"lower must not exceed upper; got lower={lower}, upper={upper}")
    return rational(lower).union(rational(upper))


def certainly_nonnegative(b: arb) -> bool:
    """Whether every number in the ball is >= 0; False for a nan ball."""
    return not b.is_nan() and bool(b >= 0)


def certainly_positive(b: arb) -> bool:
    """Whether every number in the ball is > 0; False for a nan ball."""
    return not b.is_nan() and bool(b > 0)


def certainly_negative(b: arb) -> bool:
    """Whether every number in the ball is < 0; False for a nan ball."""
    return not b.is_nan() and bool(b < 0)


def sign(b: arb) -> str:
    """The sign that a ball establishes: positive, negative, nonnegative, nonpositive, zero, unknown, or nan."""
    tests = (
        ("nan", b.is_nan()),
        ("zero", b.is_zero()),
        ("positive", b > 0),
        ("negative", b < 0),
        ("nonnegative", b >= 0),
        ("nonpositive", b <= 0),
    )
    return next((name for name, holds in tests if holds), "unknown")


# Operations on spans -------------------------------------------------------------------------------------------------


def _span(low: arb, high: arb) -> Span | None:
    return None if low.is_nan() or high.is_nan() else (low.lower(), high.upper())


def _add(*terms: Span) -> Span | None:
    low, high = terms[0]
    for term in terms[1:]:
        low, high = low + term[0], high + term[1]
    return _span(low, high)


def _times(x: arb, y: arb) -> arb:
    # 0·∞ = 0 is right for the ends of a span, whose infinite end is never attained.
    return ZERO if x.is_zero() or y.is_zero() else x * y


def _contains_zero(x: Span) -> bool:
    return bool(x[0] <= 0) and bool(x[1] >= 0)


def _at_infinity(x: Span) -> bool:
    return not x[0].is_finite() and bool(x[0] == x[1])


def _multiply(*factors: Span) -> Span | None:
    result = factors[0]
    for other in factors[1:]:
        (a, b), (c, d) = result, other
        if (_at_infinity(result) and _contains_zero(other)) or (_at_infinity(other) and _contains_zero(result)):
            return None  # the limit ∞·0 is indeterminate
        if a >= 0 and c >= 0:
            low, high = _times(a, c), _times(b, d)
        else:
            corners = _times(a, c), _times(a, d), _times(b, c), _times(b, d)
            low, high = min(p.lower() for p in corners), max(p.upper() for p in corners)
        product = _span(low, high)
        if product is None:
            return None
        result = product
    return result


def _reciprocal(x: Span) -> Span | None:
    return None if _contains_zero(x) else _span(ONE / x[1], ONE / x[0])


def _absolute(x: Span) -> Span:
    low, high = x
    if low >= 0:
        return x
    return (-high, -low) if high <= 0 else (ZERO, max(-low, high))


def _clip(x: Span) -> Span | None:
    return None if x[1] < 0 else (max(x[0], ZERO), x[1])


def _integer_power(n: int, x: Span) -> Span | None:
    """The power n >= 1, exact in its range: [−1, 2]² is [0, 4], and 0 is never divided by."""

    def at(p: arb) -> arb:
        return p if not p.is_finite() else (-((-p) ** n) if p < 0 else p**n)  # n is odd wherever p < 0

    low, high = _absolute(x) if n % 2 == 0 else x
    return _span(at(low), at(high))


def _rational_power(p: int, q: int, x: Span) -> Span | None:
    """The power p/q > 0 of numbers >= 0; undefined on a span that reaches below 0."""

    def at(z: arb) -> arb:
        if z.is_zero() or not z.is_finite():
            return z
        return z.sqrt() ** p if q == 2 else (z.log() * p / q).exp()

    return _span(at(x[0]), at(x[1])) if x[0] >= 0 else None


def _monotone(
    name: str,
    *,
    bottom: arb = -INF,
    top: arb = INF,
    falling: bool = False,
    above: arb | None = None,
    below: arb | None = None,
    branch: int | None = None,
) -> Callable[[Span], Span | None]:
    """A monotone function on a span, from its values at the ends; the range is (bottom, top), limits included."""

    def at(x: arb) -> arb:
        if not x.is_finite():
            return top if bool(x > 0) != falling else bottom
        return getattr(x, name)() if branch is None else x.lambertw(branch)

    def apply(x: Span) -> Span | None:
        if (above is not None and not x[0] > above) or (below is not None and not x[1] < below):
            return None
        low = at(x[1] if falling else x[0])
        result = _span(low, low if x[0] is x[1] else at(x[0] if falling else x[1]))
        return None if result is None else (max(result[0], bottom), min(result[1], top))

    return apply


def _wave(name: str, x: Span) -> Span | None:
    if not (x[0].is_finite() and x[1].is_finite()):
        return (-ONE, ONE)
    value = getattr(x[0].union(x[1]), name)()
    result = _span(value, value)
    return None if result is None else (max(result[0], -ONE), min(result[1], ONE))


def _least(*items: Span) -> Span:
    return min(low for low, _ in items), min(high for _, high in items)


def _greatest(*items: Span) -> Span:
    return max(low for low, _ in items), max(high for _, high in items)


_exp, _log = _monotone("exp", bottom=ZERO), _monotone("log", above=ZERO)
_expm1, _log1p = _monotone("expm1", bottom=-ONE), _monotone("log1p", above=-ONE)
_erf, _erfc = _monotone("erf", bottom=-ONE, top=ONE), _monotone("erfc", bottom=ZERO, top=TWO, falling=True)
_cosh = _monotone("cosh", bottom=ONE)
_lambert = {
    0: _monotone("lambertw", bottom=-ONE, above=-ONE, branch=0),
    -1: _monotone("lambertw", top=-ONE, falling=True, above=-ONE, below=ZERO, branch=-1),
}


def _cosh_of(x: Span) -> Span | None:
    return _cosh(_absolute(x))


def _general_power(base: Span, exponent: Span) -> Span | None:
    if base[0].is_zero() and exponent[0] > 0:  # 0 to a positive power is 0
        top = (ZERO, ZERO) if base[1].is_zero() else _general_power((base[1], base[1]), exponent)
        return None if top is None else (ZERO, top[1])
    logarithm = _log(base)
    product = None if logarithm is None else _multiply(exponent, logarithm)
    return None if product is None else _exp(product)


UNARY: dict[Any, Callable[[Span], Span | None]] = {
    sp.exp: _exp,
    sp.erf: _erf,
    sp.erfc: _erfc,
    sp.sinh: _monotone("sinh"),
    sp.cosh: _cosh_of,
    sp.tanh: _monotone("tanh", bottom=-ONE, top=ONE),
    sp.erfinv: _monotone("erfinv", above=-ONE, below=ONE),
    sp.sin: partial(_wave, "sin"),
    sp.cos: partial(_wave, "cos"),
    sp.Abs: _absolute,
}
NARY: dict[Any, Callable[..., Span | None]] = {sp.Max: _greatest, sp.Min: _least}
SUPPORTED = (
    "rational numbers, pi, E, symbols, Add, Mul, Pow, exp, log, sqrt, erf, erfc, erfinv, sin, cos, sinh, "
    "cosh, tanh, Abs, Max, Min, LambertW (branches 0 and -1), BivariateNormalCDF and integrals over intervals"
)


# The walk ------------------------------------------------------------------------------------------------------------


class Program:
    """An expression compiled to a list of span operations, one per distinct subexpression.

    ``run(spans)`` takes one span per symbol, in the order of ``symbols``, and returns a span that contains every value
    of the expression there, or None where the expression may be undefined. It computes at the current precision; the
    constants carry the precision of the moment when the program was made. Raises ValueError for a node outside the
    allow-list.
    """

    def __init__(self, expr: sp.Expr, symbols: Sequence[sp.Symbol]) -> None:
        self.symbols = tuple(symbols)
        missing = sorted(str(item) for item in expr.free_symbols - set(symbols))
        if missing:
            raise ValueError(f"no interval was given for {', '.join(missing)}: give one for every symbol of {expr}")
        self._slots: list[Span | None] = [None] * len(self.symbols)
        self._code: list[tuple[int, Callable[..., Span | None], tuple[int, ...]]] = []
        self._index: dict[Any, int] = {symbol: i for i, symbol in enumerate(self.symbols)}
        self._varies = set(range(len(self.symbols)))
        self._result = self._visit(expr)

    def run(self, spans: Sequence[Span]) -> Span | None:
        """The span of the expression's values on the product of the given spans."""
        slots = self._slots.copy()
        slots[: len(spans)] = spans
        for target, operation, arguments in self._code:
            values = [slots[i] for i in arguments]
            slots[target] = None if None in values else operation(*values)
        return slots[self._result]

    def _emit(self, operation: Callable[..., Span | None], *arguments: int) -> int:
        target = len(self._slots)
        if self._varies.isdisjoint(arguments):  # a constant subexpression: evaluated once, now
            values = [self._slots[i] for i in arguments]
            self._slots.append(None if None in values else operation(*values))
        else:
            self._slots.append(None)
            self._varies.add(target)
            self._code.append((target, operation, arguments))
        return target

    def _constant(self, value: arb) -> int:
        self._slots.append(_span(value, value))
        return len(self._slots) - 1

    def _visit(self, expr: sp.Basic) -> int:
        if expr not in self._index:
            self._index[expr] = self._node(expr)
        return self._index[expr]

    def _node(self, expr: Any) -> int:  # noqa: PLR0911
        if isinstance(expr, sp.Rational) and expr.is_finite:
            return self._constant(rational(expr))
        if expr is sp.pi or expr is sp.E:
            return self._constant(arb.pi() if expr is sp.pi else arb.const_e())
        if isinstance(expr, sp.Add):
            return self._sum(expr)
        if isinstance(expr, sp.Mul):
            return self._emit(_multiply, *map(self._visit, expr.args))
        if isinstance(expr, sp.Pow):
            return self._power(expr)
        kind: Any = expr.func
        arguments: tuple[Any, ...] = expr.args
        if kind is sp.log:
            return self._logarithm(arguments[0])
        if kind is sp.LambertW and arguments[1:] in ((), (0,), (-1,)):
            return self._emit(_lambert[int(sum(arguments[1:]))], self._visit(arguments[0]))
        if kind in UNARY:
            return self._emit(UNARY[kind], self._visit(arguments[0]))
        if kind in NARY:
            return self._emit(NARY[kind], *map(self._visit, arguments))
        if kind is BivariateNormalCDF:
            return self._visit(expr.rewrite(sp.Integral))
        if isinstance(expr, sp.Integral):
            from verify.balls.integrals import spanned_integral  # noqa: PLC0415

            return self._emit(spanned_integral(expr, _free_symbols(expr)), *map(self._visit, _free_symbols(expr)))
        if isinstance(expr, sp.Float):
            raise ValueError(
                f"cannot enclose the Float {expr}: it is already rounded; write Rational('{expr}') or an "
                "exact expression"
            )
        raise ValueError(
            f"cannot enclose the node {expr!r} ({type(expr).__name__}); supported are {SUPPORTED}: "
            "rewrite the expression in these"
        )

    def _sum(self, expr: sp.Add) -> int:
        """A sum, with k eˣ − k as k·expm1(x), k − k·erf(x) as k·erfc(x) and k − k·erfc(x) as k·erf(x)."""
        constant = next((term for term in expr.args if isinstance(term, sp.Rational)), None)
        if constant is None:
            return self._emit(_add, *map(self._visit, expr.args))
        for term in expr.args:
            factor, rest = term.as_coeff_Mul()
            for kind, operation, flip in ((sp.exp, _expm1, 1), (sp.erf, _erfc, -1), (sp.erfc, _erf, -1)):
                if isinstance(rest, kind) and factor == -constant:
                    merged = self._emit(operation, self._visit(rest.args[0]))
                    scaled = self._emit(_multiply, self._visit(factor * flip), merged)
                    others = [self._visit(item) for item in expr.args if item not in (constant, term)]
                    return self._emit(_add, scaled, *others) if others else scaled
        return self._emit(_add, *map(self._visit, expr.args))

    def _logarithm(self, argument: Any) -> int:
        if isinstance(argument, sp.Add) and sp.S.One in argument.args:
            return self._emit(_log1p, self._visit(sp.Add(argument, sp.S.NegativeOne)))
        return self._emit(_log, self._visit(argument))

    def _power(self, expr: Any) -> int:
        base, exponent = expr.args
        inner = self._visit(base)
        if not isinstance(exponent, sp.Rational):
            return self._emit(_general_power, inner, self._visit(exponent))
        p, q = abs(int(exponent.p)), int(exponent.q)
        if q == 1:
            result = self._emit(partial(_integer_power, p), inner)
        else:
            if base.is_nonnegative:  # known from the symbols' assumptions; overestimation must not undo it
                inner = self._emit(_clip, inner)
            result = self._emit(partial(_rational_power, p, q), inner)
        return self._emit(_reciprocal, result) if exponent.is_negative else result


@lru_cache(maxsize=512)
def compiled(expr: sp.Expr, symbols: tuple[sp.Symbol, ...], precision: int) -> Program:
    """The program of an expression with its constants at ``precision`` bits, made once per process."""
    with working_precision(precision):
        return Program(expr, symbols)


@lru_cache(maxsize=2048)
def _free_symbols(expr: sp.Expr) -> tuple[sp.Symbol, ...]:
    return tuple(sorted(expr.free_symbols, key=str))  # type: ignore[arg-type]


def enclose(expr: sp.Expr, values: Mapping[sp.Symbol, arb], *, precision: int = 128) -> arb:
    """Enclose every value that an expression takes when each symbol ranges over its ball.

    The result contains {expr(x) : xᵢ in values[i]}; it is nan where the expression may be undefined (a logarithm of a
    ball that reaches 0), never a guess. Symbols' assumptions are believed: a ball that lies outside its symbol's
    domain raises ValueError, as does a node outside the allow-list or a symbol without a ball. Source: the inclusion
    property of interval arithmetic (Moore 1966); Arb (Johansson 2017) for the elementary functions.
    """
    expr = sp.sympify(expr)
    free = _free_symbols(expr)
    symbols = tuple(symbol for symbol in free if symbol in values)
    with working_precision(precision):
        spans = []
        for symbol in symbols:
            value = values[symbol]
            if not isinstance(value, arb):
                raise ValueError(f"the value of {symbol} must be a ball; got {value!r}: use ball(lower, upper)")
            if value.is_nan():
                return arb.nan()
            if symbol.is_nonnegative and value < 0:
                raise ValueError(
                    f"{symbol} is declared nonnegative; got the ball {value}: use a symbol without that assumption"
                )
            # a nonnegative symbol's ball may leak below 0 by its radius: that part is not in the symbol's domain
            low = value.lower()
            spans.append((max(low, ZERO) if symbol.is_nonnegative else low, value.upper()))
        result = compiled(expr, symbols, precision).run(spans)
        if result is None:
            return arb.nan()
        return result[0].union(result[1]) if result[0].is_finite() and result[1].is_finite() else arb(0, INF)
