"""Expressions as LaTeX, MathML and Unicode text, every symbol under its own name."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from xml.dom import minidom

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.conventions import requires_partial
from sympy.printing.latex import LatexPrinter
from sympy.printing.mathml import MathMLPresentationPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.pretty_symbology import pretty_use_unicode
from sympy.printing.pretty.stringpict import prettyForm

from theory import checks
from theory.symbols.registry import REGISTRY, SymbolInfo


def _registered(sym: sp.Symbol) -> SymbolInfo | None:
    entry = REGISTRY.get(sym.name)
    return entry if entry is not None and entry.symbol == sym else None


class _Latex(LatexPrinter):
    """Brackets around what is differentiated: SymPy prints d/dt a b for d/dt (a b) and for (d/dt a) b.

    A symbol that is not registered is printed as SymPy prints it, letters beyond ASCII spelled as SymPy reads them.
    """

    def _print_Symbol(self, expr: sp.Symbol, style: str = "plain") -> str:
        known = expr.name.isascii() or expr in self._settings["symbol_names"]
        return super()._print_Symbol(expr if known else sp.Symbol(_spelled(expr.name)), style)

    def _print_Derivative(self, expr: sp.Expr) -> str:
        plain = super()._print_Derivative(expr)
        if expr.expr.is_Symbol or isinstance(expr.expr, AppliedUndef):
            return plain
        placed = sp.Derivative(sp.Symbol("PLACE"), *expr.variable_count, evaluate=False)
        head = super()._print_Derivative(placed).removesuffix("PLACE")
        if requires_partial(expr.expr):
            head = head.replace(r"\frac{d", r"\frac{\partial", 1).replace(r"{d ", r"{\partial ", 1)
        return rf"{head}\left({self._print(expr.expr)}\right)"

    def _needs_mul_brackets(self, expr: sp.Expr, first: bool = False, last: bool = False) -> bool:
        return (expr.is_Derivative and not last) or super()._needs_mul_brackets(expr, first, last)


def _spelled(name: str) -> str:
    """A symbol's name in ASCII: Greek letters by their names, lowered and raised characters as indices."""
    text, before = "", ""
    for letter in name:
        kind, _, code = unicodedata.decomposition(letter).partition(" ")
        greek = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(letter, ""))
        if greek:
            word = greek[2].lower()
            text += word if greek[1] == "SMALL" else word.capitalize()
        elif kind in ("<sub>", "<super>"):
            sign = "" if kind == before else "_" if kind == "<sub>" else "__"
            text += sign + _spelled(chr(int(code, 16)))
        else:
            text += letter
        before = kind
    return text


class _MathML(MathMLPresentationPrinter):
    def _print_Symbol(self, sym: sp.Symbol, style: str = "plain"):
        entry = _registered(sym)
        if entry is None:
            return super()._print_Symbol(sym, style)
        return minidom.parseString(entry.mathml).documentElement

    def _print_Derivative(self, e: sp.Expr):
        row = super()._print_Derivative(e)
        if not (e.expr.is_Symbol or isinstance(e.expr, AppliedUndef)):
            row.replaceChild(self.parenthesize(e.expr, PRECEDENCE["Atom"]), row.lastChild)
        return row


class _Pretty(PrettyPrinter):
    def _print_Symbol(self, e: sp.Symbol, bold_name: bool = False):
        entry = _registered(e)
        if entry is not None and "^" in entry.text:  # SymPy would take it apart
            return prettyForm(entry.text)
        return super()._print_Symbol(e if entry is None else sp.Symbol(entry.text), bold_name)

    def _as_ordered_terms(self, expr: sp.Expr, order: str | None = None):
        """What is taken away comes last."""
        return sorted(super()._as_ordered_terms(expr, order=order), key=lambda term: term.could_extract_minus_sign())

    def _print_Max(self, e: sp.Expr):
        return self._helper_print_function(e.func, e.args, func_name=type(e).__name__.lower())

    _print_Min = _print_Max


def latex(expr: sp.Basic) -> str:
    """LaTeX of an expression, every symbol under its own TeX name."""
    names = {entry.symbol: entry.tex for entry in REGISTRY.values()}
    return _Latex({"symbol_names": names}).doprint(checks.instance("expr", expr, sp.Basic))


def mathml(expr: sp.Basic) -> str:
    """Presentation MathML of an expression, every symbol under its own MathML name."""
    text = _MathML().doprint(checks.instance("expr", expr, sp.Basic))
    # XML knows five entities by name; SymPy also prints HTML's, such as &InvisibleTimes;
    return re.sub(r"&(?!amp;|lt;|gt;|quot;|apos;)\w+;", lambda found: html.unescape(found[0]), text)


def unicode(expr: sp.Basic) -> str:
    """Unicode text of an expression for a terminal, on as many lines as it needs."""
    return _pretty(checks.instance("expr", expr, sp.Basic))


def unicode_relation(left: Sequence[sp.Basic], sign: str, right: Sequence[sp.Basic]) -> str:
    """Unicode text of two sums of terms, in their order, with a sign between; SymPy's own sums would evaluate."""
    checks.text("sign", sign)
    return _pretty(*_sum("left", left), f" {sign} ", *_sum("right", right))


def _sum(name: str, terms: Sequence[sp.Basic]) -> Iterator[sp.Basic | str]:
    """The terms with their signs between them."""
    if not terms:
        raise ValueError(f"{name} must have a term; got {checks.shown(terms)}")
    for place, term in enumerate(checks.instance(name, terms, (list, tuple))):
        checks.instance(name, term, sp.Basic)
        less = place > 0 and isinstance(term, sp.Expr) and term.could_extract_minus_sign()
        if place:
            yield " - " if less else " + "
        yield -term if less else term  # type: ignore[operator]


def _pretty(*parts: sp.Basic | str) -> str:
    before = pretty_use_unicode(True)
    try:
        printer = _Pretty({"use_unicode": True, "wrap_line": False})
        form = prettyForm("")
        for part in parts:
            form = prettyForm(*form.right(part if isinstance(part, str) else printer._print(part)))
        return form.render(wrap_line=False)
    finally:
        pretty_use_unicode(before)
