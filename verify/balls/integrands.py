"""Integrands: SymPy expressions compiled to operations on complex balls, which know where they are analytic.

On the real line an integrand is the real function; it is nan where that is not defined, though its complex extension
may be. Functions with kinks and jumps extend by the real part of their argument.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce
from operator import add, mul
from typing import Any

import sympy as sp
from flint import acb, arb

from verify.balls.conditions import branches, compared, possible
from verify.balls.spans import Span, hull
from verify.balls.sums import LimitError, places, the_integer, unfolded

Complex = Callable[[acb, bool], acb]
"""An integrand: (x, analytic) -> f(x); with ``analytic`` it must return nan where f is not analytic on the ball x."""
Node = Callable[..., acb]
"""An operation: (analytic, *arguments) -> value."""

_NAN = acb(arb.nan())


def _meromorphic(name: str) -> Node:
    """Not finite at balls that reach a pole."""
    return lambda _, x: getattr(x, name)()


def _branched(name: str, analytic: bool, value: acb) -> acb:
    """A root or logarithm; nan at negative numbers, where the real function is undefined and the complex one is not."""
    return _NAN if _negative(value) else getattr(value, name)(analytic=analytic)


def _negative(value: acb) -> bool:
    return value.imag.is_zero() and bool(value.real < 0)


def _whole(value: acb) -> bool:
    return value.imag.is_zero() and value.real.is_integer()


def _cut(function: Callable[..., acb], *slits: Callable[..., acb]) -> Node:
    """A function that is analytic where every slit(x) avoids (−∞, 0], and real where it is >= 0."""

    def apply(analytic: bool, *x: acb) -> acb:
        for slit in slits:
            value = slit(*x)
            if _negative(value) or (analytic and not value.is_zero() and not value.sqrt(analytic=True).is_finite()):
                return _NAN
        return function(*x)

    return apply


def _bessel(name: str, entire: bool, analytic: bool, order: acb, x: acb) -> acb:
    """J and I of a whole order are entire; all others have a cut along the negative numbers."""
    if entire and _whole(order):
        return getattr(x, name)(order)
    return _cut(lambda nu, z: getattr(z, name)(nu), lambda _, z: z)(analytic, order, x)


def _heaviside(analytic: bool, x: acb, at_zero: acb) -> acb:
    if x.is_zero():  # a parameter that is 0: on the line of integration the value at one point does not matter
        return at_zero
    return x.real_heaviside(analytic=analytic)


def _chosen(n: acb, k: acb) -> acb:
    return (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()


def _rough(name: str) -> Node:
    """A function with kinks or jumps, of one argument or folded over several."""

    def apply(analytic: bool, first: acb, *others: acb) -> acb:
        if not others:
            return getattr(first, name)(analytic=analytic)
        return reduce(lambda a, b: getattr(a, name)(b, analytic=analytic), others, first)

    return apply


_FUNCTIONS: dict[Any, Node] = {
    **{
        getattr(sp, name): _meromorphic(name)
        for name in ("exp", "erf", "erfc", "erfi", "sin", "cos", "tan", "sinh", "cosh", "tanh", "gamma")
    },
    sp.log: partial(_branched, "log"),
    sp.atan: _cut(lambda z: z.atan(), lambda z: 1 + z * z),
    sp.asinh: _cut(lambda z: z.asinh(), lambda z: 1 + z * z),
    sp.asin: _cut(lambda z: z.asin(), lambda z: 1 - z * z),
    sp.acos: _cut(lambda z: z.acos(), lambda z: 1 - z * z),
    sp.atanh: _cut(lambda z: z.atanh(), lambda z: 1 - z * z),
    sp.acosh: _cut(lambda z: z.acosh(), lambda z: z - 1),
    sp.LambertW: _cut(lambda z: z.lambertw(), lambda z: z * arb.const_e() + 1),
    sp.loggamma: _cut(lambda z: z.lgamma(), lambda z: z),
    sp.polygamma: lambda _, order, z: z.polygamma(order) if _whole(order) else _NAN,
    sp.lowergamma: _cut(lambda s, z: z.gamma_lower(s), lambda _, z: z),
    sp.uppergamma: _cut(lambda s, z: z.gamma_upper(s), lambda _, z: z),
    sp.expint: _cut(lambda s, z: z.expint(s), lambda _, z: z),
    sp.beta: lambda _, a, b: a.gamma() * b.gamma() * (a + b).rgamma(),
    sp.factorial: lambda _, n: (n + 1).gamma(),
    sp.binomial: lambda _, n, k: _chosen(n, k),
    sp.RisingFactorial: lambda _, x, n: (x + n).gamma() * x.rgamma(),
    sp.FallingFactorial: lambda _, x, n: (x + 1).gamma() * (x - n + 1).rgamma(),
    sp.besselj: partial(_bessel, "bessel_j", True),
    sp.besseli: partial(_bessel, "bessel_i", True),
    sp.besselk: partial(_bessel, "bessel_k", False),
    sp.bessely: partial(_bessel, "bessel_y", False),
    sp.Abs: _rough("real_abs"),
    sp.sign: _rough("real_sgn"),
    sp.floor: _rough("real_floor"),
    sp.ceiling: _rough("real_ceil"),
    sp.Max: _rough("real_max"),
    sp.Min: _rough("real_min"),
    sp.Heaviside: _heaviside,
}
for _kind, _regularized in ((sp.betainc, 0), (sp.betainc_regularized, 1)):
    _FUNCTIONS[_kind] = _cut(
        lambda a, b, x, y, regularized=_regularized: y.beta_lower(a, b, regularized) - x.beta_lower(a, b, regularized),
        lambda a, b, x, y: x,
        lambda a, b, x, y: y,
        lambda a, b, x, y: 1 - x,
        lambda a, b, x, y: 1 - y,
    )
_CONSTANTS: dict[Any, Callable[[], arb]] = {sp.pi: arb.pi, sp.E: arb.const_e}
SUPPORTED = "rational numbers, pi, E, symbols, Add, Mul, Pow, Piecewise, finite Sum and Product, " + ", ".join(
    kind.__name__ for kind in _FUNCTIONS
)


class Integrand:
    """An expression compiled to complex operations; ``at(values, analytic)`` takes the balls of ``symbols`` in order.

    Raises ValueError for a node outside the allow-list.
    """

    def __init__(self, expr: sp.Expr, symbols: Sequence[sp.Symbol]) -> None:
        self._slots: list[acb] = [_NAN] * len(symbols)
        self._symbols = tuple(symbols)
        self._code: list[tuple[int, Node, tuple[int, ...]]] = []
        self._index: dict[Any, int] = {symbol: i for i, symbol in enumerate(symbols)}
        self._result = self._visit(expr)

    def at(self, values: Sequence[acb], analytic: bool) -> acb:
        """The value at complex balls."""
        slots = self._slots.copy()
        slots[: len(values)] = values
        for target, operation, arguments in self._code:
            slots[target] = operation(analytic, *(slots[i] for i in arguments))
        return slots[self._result]

    def _visit(self, expr: Any) -> int:
        if expr not in self._index:
            self._index[expr] = self._node(expr)
        return self._index[expr]

    def _emit(self, operation: Node, *arguments: int) -> int:
        self._slots.append(_NAN)
        self._code.append((len(self._slots) - 1, operation, arguments))
        return len(self._slots) - 1

    def _constant(self, value: acb) -> int:
        self._slots.append(value)
        return len(self._slots) - 1

    def _node(self, expr: Any) -> int:
        if isinstance(expr, sp.Rational) and expr.is_finite:
            return self._constant(acb(int(expr.p)) / int(expr.q))
        if expr in _CONSTANTS:
            return self._constant(acb(_CONSTANTS[expr]()))
        if isinstance(expr, sp.Pow):
            return self._power(*expr.args)
        if isinstance(expr, (sp.Add, sp.Mul)):
            join = add if isinstance(expr, sp.Add) else mul
            return self._emit(lambda _, *x: reduce(join, x), *map(self._visit, expr.args))
        if isinstance(expr, (sp.Piecewise, sp.Sum, sp.Product)):
            made = _piecewise if isinstance(expr, sp.Piecewise) else _series
            return self._emit(made(expr, self._symbols), *range(len(self._symbols)))
        if expr.func in _FUNCTIONS and (expr.func not in (sp.log, sp.LambertW) or len(expr.args) == 1):
            return self._emit(_FUNCTIONS[expr.func], *map(self._visit, expr.args))
        raise ValueError(
            f"cannot enclose the node {expr!r} ({type(expr).__name__}) of an integrand; supported are "
            f"{SUPPORTED}: rewrite the integrand in these"
        )

    def _power(self, base: Any, exponent: Any) -> int:
        inner = self._visit(base)
        if isinstance(exponent, sp.Integer):
            return self._emit(partial(_integer_power, int(exponent)), inner)
        if isinstance(exponent, sp.Rational) and exponent.q == 2:
            root = self._emit(partial(_branched, "sqrt"), inner)
            return self._emit(partial(_integer_power, int(exponent.p)), root)
        return self._emit(_general_power, inner, self._visit(exponent))


def _integer_power(n: int, _: bool, x: acb) -> acb:
    # 1/x rather than x^(−1) at balls that reach 0: both are infinite there
    power = x ** abs(n)
    return power if n > 0 else 1 / power


def _general_power(analytic: bool, base: acb, exponent: acb) -> acb:
    if _whole(exponent) and not base.real > 0:
        return _integer_power(int(exponent.real.unique_fmpz() or 0), analytic, base)
    if not analytic and base.imag.is_zero() and base.real.contains(0) and bool(exponent.real > 0):
        top = base.real.upper()  # x^p is in [0, top^p] where it is defined
        return acb(arb(0).union((exponent.real * top.log()).exp())) if top > 0 else acb(0)
    return (exponent * _branched("log", analytic, base)).exp()


def _piecewise(expr: sp.Piecewise, symbols: tuple[sp.Symbol, ...]) -> Node:
    """Analytic where one branch is taken for the real parts of the whole ball."""
    listed = [(Integrand(item, symbols), condition) for item, condition in branches(expr)]
    programs = {item: Integrand(item, symbols) for _, condition in listed for item in compared(condition)}

    def apply(analytic: bool, *values: acb) -> acb:
        found: list[acb] = []
        for run, condition in listed:
            truth = possible(condition, lambda item: _real_span(programs[item].at(values, False)))
            if truth is None or (analytic and len(truth) > 1):
                return _NAN
            if True in truth:
                found.append(run.at(values, analytic))
            if False not in truth:
                return reduce(lambda x, y: x.union(y), found)
        return _NAN

    return apply


def _real_span(value: acb) -> Span | None:
    return hull(value.real, value.real)


def _series(expr: Any, symbols: tuple[sp.Symbol, ...]) -> Node:
    """A finite sum or product, term by term."""
    term, limits = unfolded(expr)
    indices = tuple(index for index, _, _ in limits)
    run = Integrand(term, (*indices, *symbols))
    bounds = [
        [(Integrand(end, (*indices[:depth], *symbols)), bool(end.is_integer)) for end in limit[1:]]
        for depth, limit in enumerate(limits)
    ]

    def apply(analytic: bool, *values: acb) -> acb:
        def between(place: tuple[int, ...]) -> tuple[int, int] | None:
            at = (*map(acb, place), *values)
            low, high = (the_integer(_real_span(end.at(at, False)), known) for end, known in bounds[len(place)])
            return None if low is None or high is None else (low, high)

        total = acb(1 if isinstance(expr, sp.Product) else 0)
        try:
            for place, forwards in places([between] * len(limits)):
                here = run.at((*map(acb, place), *values), analytic)
                if isinstance(expr, sp.Product):
                    total = total * here if forwards else total / here
                else:
                    total = total + here if forwards else total - here
        except LimitError:
            return _NAN
        return total

    return apply
