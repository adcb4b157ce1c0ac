"""The kernel's arithmetic: signs, identities, and where terms are defined. Trusted.

Structure comes first, and SymPy is not believed alone: every sign and every identity that needs more than
multiplying out is also tried in ball arithmetic at points of the domains, and refused where that contradicts it or
cannot be done.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

import sympy as sp

from theory.normal import BivariateNormalCDF
from theory.symbols import REGISTRY
from theory.vocabulary.statements import Fact, Rel, Statement
from theory.vocabulary.terms import Expectation, FixedSample, Named, Object, Sample, is_sample
from verify.balls.enclosures import enclose
from verify.balls.numbers import rational, working_precision
from verify.proofs.terms import INFINITE, ProofError, canonical, is_number, is_unknown, is_variable, opened

_UPPER = MappingProxyType({i.symbol: (i.upper, i.open_upper) for i in REGISTRY.values() if i.upper != sp.oo})
_LARGE = 80


@cache
def _stand_in(term: sp.Basic) -> sp.Dummy:
    """A quantity as a number of the same sign."""
    signs = ("positive", "nonnegative", "negative", "integer")
    return sp.Dummy(str(term)[:40], real=True, **{name: True for name in signs if getattr(term, f"is_{name}")})


@lru_cache(maxsize=65536)
def abstract(expr: Any) -> Any:
    """The expression in numbers only: quantities, derivatives and integrals stand as symbols of their signs."""
    if isinstance(expr, sp.Integral):
        return _stand_in(canonical(expr.func(sp.expand(expr.function), *expr.limits)))  # one form for equal integrands
    if is_unknown(expr) or isinstance(expr, (Expectation, sp.Derivative)):
        return _stand_in(expr)
    parts = tuple(abstract(part) for part in expr.args)
    return expr if parts == expr.args else expr.func(*parts)


@cache
def _domain(symbol: Any, rational_: bool) -> sp.Expr:
    """The symbol's domain, parametrised onto so that signs can be seen: δ = e^{−L} or 1/(1 + L), n = 1 + k."""
    top, strict = _UPPER.get(symbol, (sp.oo, False))
    if top == 1 and symbol.is_positive:
        level = sp.Dummy("L", positive=True) if strict else sp.Dummy("L", nonnegative=True)
        return 1 / (1 + level) if rational_ else sp.exp(-level)
    if symbol.is_integer and symbol.is_positive:
        return 1 + sp.Dummy("k", integer=True, nonnegative=True)
    return symbol


@cache
def inner(use: str, sign: str) -> sp.Dummy:
    """One number of its own for each use: the same one in every call, so that signs found with it are found again.

    It stands inside one question to the arithmetic only, and never in what the kernel derives.
    """
    return sp.Dummy(use, **{"real": True, sign: True})


@cache
def hole_of(signs: frozenset[str]) -> sp.Dummy:
    """A place for a number of these signs."""
    return sp.Dummy("hole", real=True, **dict.fromkeys(signs, True))


def _open_up(expr: Any, given: Sequence[Rel] = (), rational_: bool = False) -> Any:
    """In numbers only, every given relation as a slack, and domains parametrised."""
    terms = [abstract(expr), *(abstract(side) for rel in given for side in rel.parts)]
    for place, rel in enumerate(given):
        low, high = terms[2 * place + 1], terms[2 * place + 2]
        slack = (
            sp.S.Zero if rel.sign == "=" else inner(f"slack {place}", "positive" if rel.sign == "<" else "nonnegative")
        )
        up = high.is_Symbol or not (low.is_Symbol or high.is_number)
        change = {high: low + slack} if up else {low: high - slack}
        terms = [item.xreplace(change) for item in terms]
    expr = terms[0]
    return expr.xreplace({symbol: _domain(symbol, rational_) for symbol in expr.free_symbols})


@lru_cache(maxsize=65536)
def _signs_at_points(expr: Any) -> frozenset[str]:
    """The signs that balls establish at a few points of the domains; empty where they cannot be evaluated."""
    draw, seen, names = random.Random(7), set(), sorted(expr.free_symbols, key=str)
    with working_precision(200):
        for _ in range(5 if names else 1):
            at = {}
            for symbol in names:
                value = sp.Integer(draw.randint(1, 9)) if symbol.is_integer else sp.Rational(draw.randint(1, 300), 101)
                unsigned = symbol.is_nonnegative is None and not symbol.is_negative
                at[symbol] = rational(-value if symbol.is_negative or (unsigned and draw.random() < 0.5) else value)
            try:
                ball = enclose(expr, at, precision=200)
            except (ValueError, TypeError, ZeroDivisionError):
                return frozenset()
            if ball.is_finite():
                tight = bool(ball.rad() < rational(sp.Rational(1, 10**20)))
                seen.add("positive" if ball > 0 else "negative" if ball < 0 else "zero" if tight else "unclear")
    return frozenset(seen)


_VIEWS: tuple[Callable[[Any], Any], ...] = (
    sp.expand,
    sp.factor,
    sp.cancel,
    lambda e: sp.expand_log(sp.expand(e)),
    lambda e: sp.factor(sp.expand_log(e)),
)
_RISING = (sp.erf, sp.erfinv, sp.sinh, sp.tanh)


@lru_cache(maxsize=65536)
def _visible(expr: Any, strict: bool, views: bool = True) -> bool:
    """Whether assumptions show ``expr >= 0`` (``> 0``), part by part, or in one of a few forms if it is small."""
    if expr.is_positive or (not strict and expr.is_nonnegative):
        return True
    if not expr.free_symbols:
        return _signs_at_points(expr) == {"positive"}
    if isinstance(expr, sp.Add) and all(_visible(a, False, views) for a in expr.args):
        return not strict or any(_visible(a, True, views) for a in expr.args)
    if isinstance(expr, sp.Add) and "negative" in _signs_at_points(expr):
        return False  # what is negative somewhere has no form that shows it otherwise
    if isinstance(expr, sp.Add) and (_visible_by_kink(expr, strict) or _below_one(expr, strict)):
        return True
    if isinstance(expr, sp.Mul) and all(_visible(a, strict, views) for a in expr.args):
        return True
    if (
        isinstance(expr, sp.Pow)
        and expr.exp.is_real
        and _visible(expr.base, strict or not expr.exp.is_nonnegative, views)
    ):
        return True
    if isinstance(expr, (sp.Max, sp.Min)):
        return (any if isinstance(expr, sp.Max) else all)(_visible(a, strict) for a in expr.args)
    if isinstance(expr, (sp.erfc, sp.cosh)) or (isinstance(expr, _RISING) and _visible(expr.args[0], strict)):
        return True
    if isinstance(expr, sp.log) and _visible(expr.args[0] - 1, strict):
        return True
    if not views or expr.count_ops() > _LARGE or "negative" in _signs_at_points(expr):
        return False
    for view in _VIEWS:
        try:
            shown = view(expr)
        except (AttributeError, TypeError, ValueError, NotImplementedError, sp.PolynomialError):
            continue
        if shown != expr and _visible(shown, strict, False):
            return True
    return False


def _below_one(expr: sp.Add, strict: bool) -> bool:
    """1 − b^p for 0 <= b <= 1 (< 1) and p > 0."""
    power = 1 - expr
    if not (isinstance(power, sp.Pow) and not power.exp.is_number and _visible(power.exp, True)):
        return False
    return _visible(power.base, False) and _visible(1 - power.base, strict)


def _visible_by_kink(expr: sp.Add, strict: bool) -> bool:
    """A sum with c·Max(…) is a largest of sums where c >= 0, a least of them where c <= 0; Min and |·| likewise."""
    for term in expr.args:
        kinks = [part for part in sp.Mul.make_args(term) if isinstance(part, (sp.Max, sp.Min, sp.Abs))]
        if len(kinks) != 1:
            continue
        (kink,), rest = kinks, sp.Add(*(a for a in expr.args if a != term))
        factor = sp.Mul(*(part for part in sp.Mul.make_args(term) if part != kink))
        if not (_visible(factor, False) or _visible(-factor, False)):
            continue
        options = (kink.args[0], -kink.args[0]) if isinstance(kink, sp.Abs) else kink.args
        some = isinstance(kink, sp.Min) != _visible(factor, False)
        return (any if some else all)(_visible(rest + factor * option, strict) for option in options)
    return False


def visible(expr: Any, given: Sequence[Rel] = (), *, strict: bool = False) -> bool:
    """Whether ``expr >= 0`` (``> 0``) is visible on all of the domains, on the strength of the given relations."""
    return _visible_given(expr, tuple(given), strict)


@lru_cache(maxsize=65536)
def _visible_given(expr: Any, given: tuple[Rel, ...], strict: bool) -> bool:
    for known in dict.fromkeys([given, ()]):
        ways = dict.fromkeys(_open_up(expr, known, way) for way in (False, True))
        if not any("negative" in _signs_at_points(way) for way in ways) and any(_visible(way, strict) for way in ways):
            return True
    return False


_REDUCTIONS: tuple[Callable[[Any], Any], ...] = (
    sp.cancel,
    lambda e: sp.expand(sp.expand_log(e)),
    sp.simplify,
    lambda e: sp.simplify(sp.expand(e.rewrite(sp.exp))),
    lambda e: sp.simplify(sp.powdenest(sp.expand(e, power_base=True))),
)


@lru_cache(maxsize=65536)
def _vanishes(expr: Any) -> bool:
    if expr == 0:
        return True
    signs = _signs_at_points(expr)
    if signs & {"positive", "negative"}:  # balls show that it does not, which costs less than to multiply out
        return False
    return sp.expand(expr) == 0 or (signs == {"zero"} and any(reduced(expr) == 0 for reduced in _REDUCTIONS))


def same(left: Any, right: Any, given: Sequence[Rel] = ()) -> bool:
    """Whether two terms are equal on all of their domains."""
    return left == right or _same(left, right, tuple(given))


@lru_cache(maxsize=65536)
def _same(left: Any, right: Any, given: tuple[Rel, ...]) -> bool:
    return is_number(left) and is_number(right) and _vanishes(_open_up(left - right, given))


def same_statement(one: Statement, two: Statement) -> bool:
    """Whether two statements are the same up to identities between numbers."""
    if type(one) is not type(two) or len(one.parts) != len(two.parts):
        return False
    alike = one.name == two.name if isinstance(one, Fact) else one.sign == two.sign  # type: ignore[union-attr]
    return alike and all(same(a, b) for a, b in zip(one.parts, two.parts, strict=True))


@lru_cache(maxsize=65536)
def defined(expr: Any, given: tuple[Rel, ...] = ()) -> bool:
    """Whether a term visibly has a value everywhere: no pole, no root or logarithm off its domain."""
    if isinstance(expr, sp.Pow):
        base, power = expr.base, expr.exp
        fine = bool(power.is_Integer and power.is_nonnegative) or visible(base, given, strict=True)
        fine = fine or (visible(power, given, strict=True) and visible(base, given))
        if not (fine or (power.is_Integer and visible(-base, given, strict=True))):
            return False
    elif (
        (isinstance(expr, sp.log) and not (len(expr.args) == 1 and visible(expr.args[0], given, strict=True)))
        or (isinstance(expr, sp.erfinv) and not all(visible(1 + k * expr.args[0], given, strict=True) for k in (1, -1)))
        or (isinstance(expr, BivariateNormalCDF) and not visible(1 - expr.args[2] ** 2, given, strict=True))
        or (isinstance(expr, sp.LambertW) and not (expr.is_number and _signs_at_points(expr)))
    ):
        return False
    return all(defined(part, given) for part in expr.args if part not in INFINITE)


def need_defined(given: tuple[Rel, ...], *terms: sp.Basic) -> None:
    """ProofError for a term that may have no value."""
    for term in terms:
        if not defined(term, given):
            raise ProofError("not visibly defined (a pole, or a root or logarithm off its domain): {}", term)


def direction(expr: Any, var: sp.Symbol, reads: Sequence[Any], given: Sequence[Rel]) -> int | None:
    """+1, −1, 0 where ``expr`` visibly rises, falls, stands still as ``var`` rises; None where that is not visible.

    ``reads`` are ways to write ``var`` (its lower end plus a slack, its upper end minus one), for signs of parts.
    """
    if var not in expr.free_symbols:
        return 0
    if expr == var:
        return 1

    def sure(part: Any, strict: bool = False) -> bool:
        return any(visible(part.xreplace({var: read}), given, strict=strict) for read in reads)

    ways = [direction(part, var, reads, given) for part in expr.args]
    moving = {way for way in ways if way != 0}
    if None in moving:
        return None
    if isinstance(expr, (sp.Add, sp.exp, sp.log, sp.erf, sp.sinh, sp.tanh, sp.Max, sp.Min)):
        return moving.pop() if len(moving) == 1 else None
    if isinstance(expr, sp.erfc):
        return -moving.pop()  # type: ignore[operator]
    if isinstance(expr, sp.Mul) and len(moving) == 1:
        still = sp.Mul(*(a for a, way in zip(expr.args, ways, strict=True) if way == 0))
        turn = 1 if sure(still) else -1 if sure(-still) else None
        parts = [a for a, way in zip(expr.args, ways, strict=True) if way != 0]
        if turn is None or not (len(parts) == 1 or all(map(sure, parts))):
            return None
        return turn * moving.pop()  # type: ignore[operator]
    if isinstance(expr, sp.Pow) and expr.exp.is_number and expr.exp.is_real:
        way, power = moving.pop(), expr.exp
        if power.is_positive:
            return way if sure(expr.base) or (power.is_Integer and power.is_odd) else None
        return -way if sure(expr.base, True) else None  # type: ignore[operator]
    return None


# Values put in ------------------------------------------------------------


def admitted(at: Mapping[Any, Any], given: tuple[Rel, ...]) -> dict[Any, Any]:
    """Values for symbols and function variables in canonical form; ProofError for one not visibly in the domain."""
    out: dict[Any, Any] = {}
    for key, raw in at.items():
        if key is raw:
            out[key] = raw
            continue
        value = out[key] = canonical(sp.sympify(raw))
        if isinstance(key, (Named, FixedSample)):
            raise ProofError(f"{key} is one fixed object: nothing may stand for it")
        if isinstance(key, Object):
            fits = is_sample(value) if isinstance(key, Sample) else isinstance(value, Object) or is_unknown(value)
            if not fits or is_number(value):
                raise ProofError(f"{value} is no {'sample' if isinstance(key, Sample) else 'object'}, as {key} is")
        elif is_variable(key):
            _admit_function(key, value, given)
        elif isinstance(key, sp.Symbol) and is_number(value):
            _admit_number(key, value, given)
        else:
            raise ProofError(f"{value} may not stand for {key}")
    return out


def _admit_function(key: Any, value: Any, given: tuple[Rel, ...]) -> None:
    if not isinstance(value, sp.Lambda) or not is_number(value.expr):
        raise ProofError(f"{key} is a function of numbers: pass a Lambda, not {value}")
    names, body, _ = opened(value)
    sign = key(*names)
    if not defined(body, given) or (sign.is_nonnegative and not visible(body, given, strict=bool(sign.is_positive))):
        raise ProofError(f"{value} is not visibly defined and of the sign that {key} has")


def _admit_number(symbol: Any, value: Any, given: tuple[Rel, ...]) -> None:
    if not defined(value, given):
        raise ProofError(f"{value} is not visibly defined")
    if symbol.is_integer and not value.is_integer:
        raise ProofError(f"{value} is not visibly an integer, as {symbol} is")
    top, open_ = _UPPER.get(symbol, (sp.oo, False))
    ends = [(value, bool(symbol.is_positive))] if symbol.is_nonnegative else []
    ends += [(top - value, open_)] if top != sp.oo else []
    for part, strict in ends:
        if not visible(part, given, strict=strict):
            raise ProofError(f"{part} is not visibly {'> 0' if strict else '>= 0'}: {value} may not stand for {symbol}")


def bounded_above(symbol: Any) -> bool:
    """Whether a symbol's domain ends."""
    return symbol in _UPPER
