"""Reads ``sympy.srepr`` text back by an allow-list of constructors, so that a stored certificate runs no code."""

from __future__ import annotations

import ast
from typing import Any

import sympy as sp

from verify.balls.elementary import ELEMENTARY
from verify.balls.enclosures import SUPPORTED

_CALLS: dict[str, Any] = {
    item.__name__: item
    for item in (sp.Add, sp.Mul, sp.Pow, sp.Integer, sp.Rational, sp.Symbol, sp.log, sp.LambertW, *ELEMENTARY)
}
_NAMES = {"pi": sp.pi, "E": sp.E}


def parse(text: str) -> sp.Expr:
    """Read ``sympy.srepr`` text by an allow-list of constructors; nothing is executed, unlike with ``sympify``.

    Raises ValueError naming the part that is not on the list.
    """

    def build(node: ast.AST) -> Any:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | str | bool):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -build(node.operand)
        if isinstance(node, ast.Name) and node.id in _NAMES:
            return _NAMES[node.id]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            keywords: dict[str, Any] = {item.arg: build(item.value) for item in node.keywords if item.arg}
            return _CALLS[node.func.id](*map(build, node.args), **keywords)
        raise ValueError(f"cannot read {ast.unparse(node)!r}: srepr text may contain only {SUPPORTED}")

    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"cannot read {text!r}: not srepr text ({error.msg})") from error
    result = build(tree)
    if not isinstance(result, sp.Expr):
        raise ValueError(f"cannot read {text!r}: not an expression")
    return result
