"""How a statement is shown: LaTeX, Unicode, MathML, and with its sentence and conditions as HTML and Markdown.

Sides are shown term by term, as they stand: SymPy evaluates sums and relations where it can.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sympy as sp

from theory import symbols
from theory.markup import html_text, markdown_text
from theory.quantifiers import InExpectation, Quantifier, UpToConstant, WithProbability
from theory.terms import Terms


@dataclass(frozen=True, kw_only=True)
class Formula:
    """Two sides of named terms, ``equal`` or ``<=``, under a quantifier."""

    lhs: Terms
    rhs: Terms
    equal: bool
    quantifier: Quantifier

    def latex(self) -> str:
        """The formula in LaTeX (math mode)."""
        left, right = (_sum(side, symbols.latex) for side in (self.lhs, self.rhs))
        sign = "=" if self.equal else r"\lesssim" if self._up_to_constant else r"\le"
        inner = self._inner
        if isinstance(inner, WithProbability):
            return rf"\mathbb{{P}}\left[{left} {sign} {right}\right] \ge {symbols.latex(inner.at_least)}"
        if isinstance(inner, InExpectation):
            left = rf"\mathbb{{E}}\left[{left}\right]"
        return f"{left} {sign} {right}"

    def unicode(self) -> str:
        """The relation as Unicode text for a terminal; each side may take several lines."""
        return symbols.unicode_relation(list(self.lhs.values()), self._sign, list(self.rhs.values()))

    def mathml(self) -> str:
        """The formula in presentation MathML, a block that browsers and notebooks typeset themselves."""
        left, right = (_mathml_sum(side) for side in (self.lhs, self.rhs))
        inner, relation = self._inner, f"<mo>{self._sign}</mo>"
        if isinstance(inner, InExpectation):
            left = f"<mi>𝔼</mi><mo>[</mo>{left}<mo>]</mo>"
        body = f"{left}{relation}{right}"
        if isinstance(inner, WithProbability):
            body = f"<mi>ℙ</mi><mo>[</mo>{body}<mo>]</mo><mo>≥</mo>{symbols.mathml(inner.at_least)}"
        return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow>{body}</mrow></math>'

    @property
    def _up_to_constant(self) -> bool:
        return isinstance(self.quantifier, UpToConstant)

    @property
    def _inner(self) -> Quantifier:
        return self.quantifier.inner if isinstance(self.quantifier, UpToConstant) else self.quantifier

    @property
    def _sign(self) -> str:
        return "=" if self.equal else "≲" if self._up_to_constant else "≤"


def _sum(terms: Terms, show: Callable[[sp.Basic], str]) -> str:
    text = ""
    for expr in terms.values():
        shown = show(expr)
        text += shown if not text else f" {shown}" if shown.startswith("-") else f" + {shown}"
    return text


def _mathml_sum(terms: Terms) -> str:
    text = ""
    for expr in terms.values():
        less = bool(text) and expr.could_extract_minus_sign()
        text += ("<mo>−</mo>" if less else "<mo>+</mo>" if text else "") + symbols.mathml(-expr if less else expr)
    return text


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A formula with what a reader needs beside it: its id, its sentence, and ``notes``, one line each."""

    id: str
    sentence: str
    formula: Formula
    notes: Sequence[str]

    def html(self) -> str:
        """An HTML fragment."""
        notes = "".join(f"<li>{html_text(note)}</li>" for note in self.notes)
        return (
            f'<div class="claim"><p><b>{html_text(self.id)}</b> — {html_text(self.sentence)}</p>'
            f"{self.formula.mathml()}<ul>{notes}</ul></div>"
        )

    def markdown(self) -> str:
        """Markdown, the formula in LaTeX between dollars."""
        notes = "\n".join(f"- {markdown_text(note)}" for note in self.notes)
        return f"**{self.id}** — {markdown_text(self.sentence)}\n\n$$\n{self.formula.latex()}\n$$\n\n{notes}\n"
