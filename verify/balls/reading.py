"""Reads ``sympy.srepr`` text back by an allow-list of constructors, so that a stored certificate runs no code."""

from __future__ import annotations

import ast
from typing import Any

import sympy as sp
from sympy.functions.elementary.piecewise import ExprCondPair

from theory.normal import BivariateNormalCDF
from verify.balls.conditions import READABLE
from verify.balls.enclosures import COMPOUND, FUNCTIONS, SUPPORTED

_NAMED = (sp.Symbol, sp.Dummy)
_CALLS: dict[str, Any] = {
    item.__name__: item
    for item in (
        *_NAMED,
        *(sp.Add, sp.Mul, sp.Pow, sp.Integer, sp.Rational, sp.log, sp.LambertW, BivariateNormalCDF),
        *(sp.Tuple, ExprCondPair, *READABLE, *FUNCTIONS, *COMPOUND),
    )
}
_NAMES = {"pi": sp.pi, "E": sp.E, "oo": sp.oo, "true": sp.true, "false": sp.false}


def parse(text: str) -> sp.Expr:
    """Read ``sympy.srepr`` text by an allow-list of constructors; nothing is executed, unlike with ``sympify``.

    Raises ValueError naming the part that is not on the list.
    """

    def constant(node: ast.AST, *kinds: type) -> bool:
        return isinstance(node, ast.Constant) and type(node.value) in kinds

    def build(node: ast.AST) -> Any:
        if isinstance(node, ast.Constant) and constant(node, int, bool):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -build(node.operand)
        if isinstance(node, ast.Name) and node.id in _NAMES:
            return _NAMES[node.id]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            kind = _CALLS[node.func.id]
            keywords: dict[str, Any] = {item.arg: build(item.value) for item in node.keywords if item.arg}
            if kind not in _NAMED:
                return kind(*map(build, node.args), **keywords)
            if len(node.args) == 1 and constant(node.args[0], str):  # text nowhere else: SymPy would evaluate it
                return kind(ast.literal_eval(node.args[0]), **keywords)
        raise ValueError(f"cannot read {ast.unparse(node)!r}: srepr text may contain only {SUPPORTED}")

    try:
        result = build(ast.parse(text, mode="eval").body)
    except SyntaxError as error:
        raise ValueError(f"cannot read {text!r}: not srepr text ({error.msg})") from error
    except TypeError as error:
        raise ValueError(f"cannot read {text!r}: {error}") from error
    if not isinstance(result, sp.Expr):
        raise ValueError(f"cannot read {text!r}: not an expression")
    return result
