"""The kernel's terms: an allow-list, bound variables in one form, and replacement without capture. Trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef, UndefinedFunction

from theory.normal import BivariateNormalCDF
from theory.vocabulary.statements import Every, Fact, Rel, Statement, Theorem
from theory.vocabulary.terms import (
    Expectation,
    FixedSample,
    Law,
    Named,
    Object,
    Quantity,
    Sample,
    Term,
    is_sample,
    randomness,
)


class ProofError(Exception):
    """A rule does not apply; what is told has a place {} for each of ``parts``, which are written when it is read."""

    def __init__(self, told: str, *parts: object):
        super().__init__(told, *parts)

    def __str__(self) -> str:
        told, *parts = self.args
        return told.format(*parts) if parts else told


_NUMBERS = {type(number) for number in (sp.S.Zero, sp.S.One, sp.S.NegativeOne, sp.S.Half, sp.Integer(7), sp.pi, sp.E)}
_FUNCTIONS = {sp.exp, sp.log, sp.erf, sp.erfc, sp.erfinv, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.tanh, sp.Abs, sp.Max}
_FUNCTIONS |= {sp.Min, sp.LambertW, BivariateNormalCDF, Expectation, sp.Add, sp.Mul, sp.Pow}
_BINDERS = (sp.Lambda, sp.Integral)
_ALLOWED = {*_NUMBERS, *_FUNCTIONS, *_BINDERS, sp.Rational, sp.Tuple, sp.Derivative}
INFINITE = (sp.oo, -sp.oo)


class _Bound(sp.Symbol):
    """A bound number, numbered from the inside: terms that are equal up to names are equal."""


class _BoundObject(Object):
    """A bound object."""


_SYMBOLS = (sp.Symbol, sp.Dummy, Object, Sample, FixedSample, Named, _Bound, _BoundObject)


_KINDS = ("real", "nonnegative", "positive")
_DOMAINS = [sp.Symbol("k", **{kind: True, "integer": whole}) for kind in _KINDS for whole in (True, None)]


@cache
def _of_known_domain(symbol: Any) -> bool:
    """Whether a symbol assumes what is checked of a value for it: real, >= 0 or > 0, or an integer of these."""
    return any(symbol.assumptions0 == kind.assumptions0 for kind in _DOMAINS)


def _allowed(node: sp.Basic) -> bool:
    if type(node) in _SYMBOLS:
        return isinstance(node, Object) or _of_known_domain(node)
    return type(node) in _ALLOWED or is_unknown(node) or node in INFINITE


def is_unknown(node: sp.Basic) -> bool:
    """Whether a node is the value of a named function: a quantity, a law, an object, a function variable."""
    return isinstance(node, AppliedUndef) and type(type(node)) is UndefinedFunction


def is_variable(function: Any) -> bool:
    """Whether a function is a variable, for which a function may be put in; names with a meaning are not."""
    return type(function) is UndefinedFunction and not issubclass(function, (Quantity, Law, Term))


def canonical(expr: sp.Basic) -> sp.Basic:
    """The term with its bound variables in one form; ProofError for a node outside the allow-list."""
    if not isinstance(expr, sp.Basic):
        raise ProofError(f"not an exact term: {expr!r}")
    return _canonical(expr)


@lru_cache(maxsize=65536)
def _canonical(expr: sp.Basic) -> sp.Basic:
    wrong = next((node for node in sp.preorder_traversal(expr) if not _allowed(node)), None)
    if wrong is not None:
        raise ProofError(f"{wrong} ({type(wrong).__name__}) may not stand in a term: {expr}")
    return _renamed(expr)


def _renamed(expr: Any) -> Any:
    if not expr.has(*_BINDERS):
        if expr.has(*INFINITE):
            raise ProofError(f"not a number: {expr}")
        return expr
    if not isinstance(expr, _BINDERS):
        return expr.func(*map(_renamed, expr.args))
    names, body, ends = opened(expr)
    body = _renamed(body)
    first = 1 + max((int(b.name[1:]) for b in body.atoms(_Bound, _BoundObject)), default=0)
    kinds = {
        v: _BoundObject(f"β{i}") if isinstance(v, Object) else _Bound(f"β{i}", real=True)
        for i, v in enumerate(names, first)
    }
    return _closed(
        expr, list(kinds.values()), body.xreplace(kinds), [e if e in INFINITE else _renamed(e) for e in ends]
    )


def opened(binder: Any) -> tuple[list[Any], Any, list[Any]]:
    """The bound variables made fresh, the body in them, and the ends of an integral."""
    if isinstance(binder, sp.Lambda):
        names, ends, body = list(binder.signature), [], binder.expr
    elif len(binder.limits) == 1 and len(binder.limits[0]) == 3:
        names, ends, body = [binder.limits[0][0]], list(binder.limits[0][1:]), binder.function
    else:
        raise ProofError(f"an integral has one variable and two ends here: {binder}")
    fresh = [_fresh(v) for v in names]
    return fresh, body.xreplace(dict(zip(names, fresh, strict=True))), ends


_COUNTER = iter(range(1 << 62))


def _fresh(like: Any) -> Any:
    return Object(f"fresh object {next(_COUNTER)}") if isinstance(like, Object) else sp.Dummy("β", real=True)


def _closed(binder: Any, names: Sequence[Any], body: Any, ends: Sequence[Any]) -> Any:
    return sp.Lambda(tuple(names), body) if isinstance(binder, sp.Lambda) else sp.Integral(body, (names[0], *ends))


def replaced(expr: Any, at: Mapping[Any, Any]) -> Any:
    """Values put in for symbols and function variables, all at once and without capture."""
    if expr in at:
        return at[expr]
    if isinstance(expr, _BINDERS):
        names, body, ends = opened(expr)
        return _closed(expr, names, replaced(body, at), [replaced(e, at) for e in ends])
    args = tuple(replaced(part, at) for part in expr.args)
    if is_unknown(expr) and expr.func in at:
        names, body, _ = opened(at[expr.func])
        if len(names) != len(args):
            raise ProofError(f"{expr.func} takes {len(args)} arguments, not {len(names)}")
        return replaced(body, dict(zip(names, args, strict=True)))
    if isinstance(expr, sp.Derivative):
        _keep_derivative(expr, at)
    return expr if args == expr.args else expr.func(*args)


def _keep_derivative(expr: Any, at: Mapping[Any, Any]) -> None:
    """A derivative's variable may be renamed, and nothing that holds it may be put in: it would be differentiated."""
    names = {v: at.get(v, v) for v in expr.variables}
    others = (expr.free_symbols | {f.func for f in expr.atoms(AppliedUndef)}) - set(names)
    beside = set().union(*(at.get(o, o).free_symbols for o in others if isinstance(o, sp.Symbol) or o in at))
    if len(set(names.values())) != len(names) or any(
        not isinstance(v, sp.Symbol) or v in beside for v in names.values()
    ):
        raise ProofError(f"carry out the derivative before such a value is put in: {expr}")


def canonical_statement(statement: Statement) -> Statement:
    """A statement in canonical form; ProofError for what is none."""
    if type(statement) is Rel:
        sides = [sp.sympify(side) for side in statement.parts]
        for side in sides:
            if not is_number(side):
                raise ProofError(f"not a real number: {side}")
        return Rel(canonical(sides[0]), statement.sign, canonical(sides[1]))  # type: ignore[arg-type]
    if type(statement) is Fact and type(statement.name) is str and type(statement.args) is tuple:
        return statement.map(canonical)
    raise ProofError(f"not a statement: {statement}")


def is_number(term: Any) -> bool:
    """Whether a term is a number, rather than an object or a function."""
    if isinstance(term, (Object, sp.Lambda, sp.Tuple, Term)) or term in INFINITE:
        return False
    if term.is_Symbol or not term.args or is_unknown(term):
        return True
    if isinstance(term, Expectation):
        return is_sample(term.args[0]) and is_number(term.args[1])
    if isinstance(term, (sp.Integral, sp.Derivative)):
        return is_number(term.args[0])
    return all(map(is_number, term.args))


def law_samples(expr: sp.Basic) -> frozenset[sp.Basic]:
    """The samples whose law a term speaks of: nothing that depends on them may be put in beside them."""
    named = expr.args if isinstance(expr, Law) else expr.args[:1] if isinstance(expr, Expectation) else ()
    own: frozenset[sp.Basic] = frozenset().union(*(randomness(part) for part in named if is_sample(part)))
    return own.union(*map(law_samples, expr.args))


def free(statements: Any) -> set[Any]:
    """The free symbols of statements."""
    return {symbol for s in statements for part in s.parts for symbol in part.free_symbols}


def well_made(theorem: Any) -> None:
    """Refuse a theorem whose hypotheses or conclusion hold more than it takes."""
    if type(theorem) is not Theorem:
        raise ProofError(f"not a theorem: {theorem}")
    bound = {
        v for need in theorem.given if isinstance(need, Every) for v in need.variables if not isinstance(v, Sample)
    }
    loose = free([theorem.says]) | theorem.failure.free_symbols
    loose |= free(need.says if isinstance(need, Every) else need for need in theorem.given) - bound
    loose = {symbol for symbol in loose if not isinstance(symbol, (Named, FixedSample))} - set(theorem.takes)
    if loose or bound & set(theorem.takes):
        raise ProofError(f"{theorem.id} speaks of {loose or bound}, which it does not take")
