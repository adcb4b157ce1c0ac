"""The kernel's calculus: derivatives, limits at infinity, signs by derivatives. Trusted."""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.vocabulary.statements import Fact, Rel, Statement
from theory.vocabulary.terms import Expectation
from verify.balls.enclosures import enclose
from verify.balls.numbers import rational
from verify.proofs.arithmetic import defined, inner, same, visible
from verify.proofs.terms import ProofError, canonical, is_number, is_unknown, opened


def differentiated(expr: Any, needs: set[Statement]) -> Any:
    """The term with its derivatives carried out; what must be smooth or continuous for that is added to ``needs``."""
    if not expr.has(sp.Derivative):
        return expr
    parts = tuple(differentiated(part, needs) for part in expr.args)
    if not isinstance(expr, sp.Derivative):
        return expr.func(*parts)
    body, names = parts[0], set(expr.variables)
    for node in sp.preorder_traversal(body):
        if not node.free_symbols & names:
            continue
        if isinstance(node, sp.Integral):
            inner, integrand, _ = opened(node)
            if integrand.free_symbols & names:
                raise ProofError(f"the integrand depends on {names}: cite a theorem to differentiate it")
            needs.add(Fact("continuous", (canonical(sp.Lambda(tuple(inner), integrand)),)))
        elif is_unknown(node):
            dummies = [sp.Dummy("β", real=True) for _ in node.args]
            needs.add(Fact("smooth", (canonical(sp.Lambda(tuple(dummies), node.func(*dummies))),)))
        elif not _smooth_node(node):
            raise ProofError(f"{node} is not visibly smooth: nothing is differentiated across a kink")
    return sp.Derivative(body, *expr.variables).doit(integrals=False)


def _smooth_node(node: Any) -> bool:
    """Whether the node's function is smooth where it is defined, and its argument visibly inside."""
    if isinstance(node, sp.Pow):
        return bool(node.exp.is_Integer) or visible(node.base, strict=True)
    return not isinstance(node, (sp.Abs, sp.Max, sp.Min, Expectation))


def smooth(expr: Any, var: Any) -> bool:
    """Whether an explicit term is visibly smooth in a variable, on all of its domain."""
    nodes = [node for node in sp.preorder_traversal(expr) if node.has(var)]
    opaque = (sp.Integral, sp.Derivative, sp.Lambda)
    return defined(expr) and all(_smooth_node(n) and not (is_unknown(n) or isinstance(n, opaque)) for n in nodes)


def limit_at_infinity(expr: Any, var: Any, point: Any = sp.oo) -> Any:
    """The finite limit of an explicit term, summand by summand, each a factor times a function of ``var`` alone.

    Balls at ``var`` = ±10, ±100 and ±1000 must confirm it: the distance from the limit falls, to 1e-2 at least.
    """
    total = sp.S.Zero
    for part in sp.Add.make_args(sp.expand(expr)):
        factor, rest = part.as_independent(var, as_Add=False)
        if rest.free_symbols - {var}:
            raise ProofError(f"parameters in {rest}: no limit is taken")
        value = rest if not rest.has(var) else sp.limit(rest, var, point)
        if not (value.is_real and value.is_finite):
            raise ProofError(f"{rest} has no finite limit")
        sign = 1 if point == sp.oo else -1
        number = sp.Dummy("at", real=True)
        try:
            points = [rational(sign * 10**k) for k in (1, 2, 3)]
            gaps = [abs(enclose((rest - value).xreplace({var: number}), {number: at}, precision=400)) for at in points]
        except ValueError as error:
            raise ProofError(f"the limit of {rest} cannot be confirmed: {error}") from None
        if rest.has(var) and not (gaps[2] < rational(sp.Rational(1, 100)) and gaps[1].lower() <= gaps[0].upper()):
            raise ProofError(f"balls do not confirm that {rest} tends to {value}")
        total += factor * value
    return total


def has_limit(function: sp.Lambda, value: Any, point: Any) -> bool:
    """Whether an explicit function of one number visibly tends to a value at ±∞."""
    names, body, _ = opened(function)
    return len(names) == 1 and is_regular(function, False) and same(limit_at_infinity(body, names[0], point), value)


def is_regular(function: sp.Lambda, differentiable: bool) -> bool:
    """Whether an explicit function is visibly continuous (smooth) for all real values of its arguments."""
    if not isinstance(function, sp.Lambda) or not is_number(function.expr):
        return False
    names, body, _ = opened(function)
    nodes = [node for node in sp.preorder_traversal(body) if node.has(*names)]
    opaque = any(is_unknown(n) or isinstance(n, (sp.Integral, sp.Derivative, sp.Lambda, Expectation)) for n in nodes)
    fine = all(getattr(name, "is_real", False) for name in names) and defined(body) and not opaque
    return fine and (not differentiable or all(map(_smooth_node, nodes)))


def taylor_sign(expr: Any, var: Any, start: Any, given: tuple[Rel, ...], *, order: int, both_sides: bool) -> bool:
    """Whether f >= 0 beyond ``start`` (on the line, with ``both_sides``) by the first derivative of a visible sign."""
    shift = inner("shift", "real" if both_sides else "nonnegative")
    taken = shift in expr.free_symbols | start.free_symbols | {
        s for rel in given for p in rel.parts for s in p.free_symbols
    }
    current = canonical(expr.xreplace({var: start + shift}))
    if taken or start.has(var) or var.is_integer or not smooth(current, shift):
        return False
    for k in range(order + 1):
        if visible(current, given) and (not both_sides or k == 2):
            return True
        value = current.xreplace({shift: sp.S.Zero})
        if not (same(value, sp.S.Zero, given) or (not both_sides and visible(value, given))):
            return False
        current = sp.diff(current, shift)
    return False


def rises_and_falls(expr: Any, var: Any, positive: Any, falling: Any) -> bool:
    """Whether f' = positive · falling on [0, ∞), ``falling`` falls, and f(0), f(∞) >= 0."""
    rest = inner("rest", "nonnegative")
    f, up, down = (e.xreplace({var: rest}) for e in (expr, positive, falling))
    if any(rest in e.free_symbols for e in (expr, positive, falling)) or not (
        var.is_nonnegative and not var.is_integer and all(smooth(e, rest) for e in (f, up, down))
    ):
        return False
    known = same(sp.diff(f, rest), up * down) and visible(up) and visible(-sp.diff(down, rest))
    return known and visible(f.xreplace({rest: sp.S.Zero})) and visible(limit_at_infinity(f, rest))
