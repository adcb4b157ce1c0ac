"""Text and tables as Markdown, HTML and LaTeX: what each would read as markup escaped."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from theory import checks

_SIGNS = r"""
α \alpha β \beta γ \gamma δ \delta ε \epsilon ζ \zeta η \eta θ \theta ι \iota κ \kappa λ \lambda μ \mu ν \nu ξ \xi π \pi
ρ \rho σ \sigma τ \tau υ \upsilon φ \phi χ \chi ψ \psi ω \omega ϑ \vartheta ϱ \varrho ς \varsigma ℓ \ell
Γ \Gamma Δ \Delta Θ \Theta Λ \Lambda Ξ \Xi Π \Pi Σ \Sigma Υ \Upsilon Φ \Phi Ψ \Psi Ω \Omega
± \pm ∓ \mp × \times ÷ \div · \cdot ⋅ \cdot ∘ \circ ⊗ \otimes ⋆ \star ⋯ \cdots − - √ \surd ° {}^\circ ′ {}'
≤ \le ≥ \ge ≲ \lesssim ≪ \ll ≫ \gg ≠ \ne ≈ \approx ≡ \equiv ∝ \propto ⪯ \preceq ⪰ \succeq < < > > | |
∈ \in ∉ \notin ⊂ \subset ⊆ \subseteq ∪ \cup ∩ \cap ∅ \emptyset ∀ \forall ∃ \exists ⊢ \vdash
→ \to ← \gets ↦ \mapsto ⇒ \Rightarrow ∞ \infty ∂ \partial ∇ \nabla ∫ \int ∑ \sum ∏ \prod
‖ \Vert ⟨ \langle ⟩ \rangle ℜ \Re ℝ \mathbb{R} ℙ \mathbb{P} 𝔼 \mathbb{E} ℕ \mathbb{N}
"""
_LETTERS = r"""
\ \textbackslash{} { \{ } \} $ \$ & \& # \# % \% _ \_ ^ \^{} ~ \~{}
– -- — --- … \dots{} “ `` ” '' ’ ' ‘ ` Ø \O{} ø \o{} ß \ss{} ł \l{} Ł \L{}
"""


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_MATH, _TEXT = _pairs(_SIGNS), {**_pairs(_LETTERS), "\u00a0": "~"}
_OVER = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0307": "dot", "\u0308": "ddot"}
_ACCENTS = dict(zip("\u0300\u0301\u0302\u0303\u0304\u0308\u030a\u0327", "`'^~=\"rc", strict=True))


def latex_text(text: str) -> str:
    """Text for LaTeX in text mode, in ASCII: Greek and mathematical signs in math mode, the unknown as ``U+XXXX``."""
    composed = unicodedata.normalize("NFC", checks.text("text", text, empty=True))
    composed = composed.replace("<=", "≤").replace(">=", "≥")
    # an accent belongs to the letter before it
    return "".join(map(_latex_part, re.findall(r".[\u0300-\u0308]?", composed, re.DOTALL)))


def _latex_part(part: str) -> str:
    letter, accent = part[0], part[1:]
    if accent in _OVER:
        inner = _MATH.get(letter, letter if letter.isascii() else rf"\text{{{_latex_part(letter)}}}")
        return rf"\ensuremath{{\{_OVER[accent]}{{{inner}}}}}"
    if letter in _TEXT:
        return _TEXT[letter]
    if letter in _MATH:
        return rf"\ensuremath{{{_MATH[letter]}}}"
    return letter if letter.isascii() else _decomposed(letter)


def _decomposed(letter: str) -> str:
    """A raised, lowered or accented letter, or a fraction, by its parts."""
    kind, *codes = unicodedata.decomposition(letter).split() or [""]
    parts = [_MATH.get(chr(int(code, 16)), chr(int(code, 16))) for code in codes]
    if kind == "<fraction>":
        above, below = "".join(parts).split("\u2044")
        return rf"\ensuremath{{\tfrac{{{above}}}{{{below}}}}}"
    if kind in ("<super>", "<sub>") and "".join(parts).isascii():
        return rf"\ensuremath{{{{}}{'^' if kind == '<super>' else '_'}{{{''.join(parts)}}}}}"
    base, *accents = unicodedata.normalize("NFD", letter)
    if base.isascii() and len(accents) == 1 and accents[0] in _ACCENTS:
        return rf"\{_ACCENTS[accents[0]]}{{{base}}}"
    return rf"\texttt{{U+{ord(letter):04X}}}"


def markdown_text(text: str) -> str:
    """Text for Markdown on one line."""
    text = " ".join(text.split())
    for sign in "\\*_`[|$":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("<", "&lt;")


def html_text(text: str) -> str:
    """Text for HTML."""
    return html.escape(text)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of texts, every row as long as the header."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.header):
                raise ValueError(
                    f"rows must have {len(self.header)} cells like the header; row {number} has {len(row)}"
                )

    def markdown(self) -> str:
        """A Markdown table."""
        lines = [self.header, ["---"] * len(self.header), *([markdown_text(cell) for cell in row] for row in self.rows)]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"

    def html(self) -> str:
        """An HTML table."""
        head = "".join(f"<th>{html_text(cell)}</th>" for cell in self.header)
        rows = "".join("<tr>" + "".join(f"<td>{html_text(cell)}</td>" for cell in row) + "</tr>" for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def latex(self, columns: str, environment: str = "tabular") -> str:
        r"""A ``tabular`` (or ``longtable``) of the given columns, e.g. ``lrp{8cm}``."""
        # \\ would take a bracket at the start of the next row for its argument
        lines = [" & ".join(map(latex_text, line)) + r" \tabularnewline" for line in (self.header, *self.rows)]
        body = "\n".join([r"\hline", lines[0], r"\hline", *lines[1:], r"\hline"])
        return f"\\begin{{{environment}}}{{{columns}}}\n{body}\n\\end{{{environment}}}\n"
