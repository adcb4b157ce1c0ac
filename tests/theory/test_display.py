"""Statements as LaTeX, MathML, HTML and Markdown; text escaped for each."""

import re
import xml.dom.minidom
from pathlib import Path

import pytest
import sympy as sp

from theory import claims
from theory.markup import Table, latex_text, markdown_text
from theory.papers import LITERATURE, PAPERS, bibliography
from theory.symbols import latex

ROOT = Path(__file__).resolve().parents[2]
every_claim = pytest.mark.parametrize("claim_id", list(claims))


def balanced(text):
    """Whether braces and environments of LaTeX are balanced."""
    bare = re.sub(r"\\[{}\\]", "", text)
    depth = 0
    for sign in re.findall(r"[{}]", bare):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    opened = re.findall(r"\\begin\{(\w+)\}", text)
    return depth == 0 and sorted(opened) == sorted(re.findall(r"\\end\{(\w+)\}", text))


@every_claim
def test_every_claim_is_shown_in_a_notebook(claim_id):
    claim = claims[claim_id]
    tree = xml.dom.minidom.parseString(claim._repr_html_())
    assert len(tree.getElementsByTagName("math")) == 1
    assert claim._repr_latex_() == rf"$\displaystyle {claim.latex()}$"
    assert claim._repr_latex_().isascii()
    assert balanced(claim.latex())
    assert claim._repr_markdown_().startswith(f"**{claim_id}** — ")
    assert f"$$\n{claim.latex()}\n$$" in claim._repr_markdown_()


@pytest.mark.parametrize(
    ("claim_id", "parts"),
    [
        ("HILBERT:mean", ["<mi>𝔼</mi>", "<mo>≤</mo>"]),
        ("L1:repaired", ["<mi>ℙ</mi>", "<mo>≥</mo>"]),
        ("L2:up-to-constant", ["<mo>≲</mo>"]),
        ("L3:scaled", ["<mo>=</mo>"]),
    ],
)
def test_the_mathml_says_how_a_claim_is_meant(claim_id, parts):
    assert all(part in claims[claim_id]._repr_html_() for part in parts)


def test_every_sign_of_the_project_has_a_latex_form():
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "theory").rglob("*.py")))
    text += "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "verify").rglob("*.py")))
    drawn = "─│└├"  # of trees for a terminal
    found = {sign: latex_text(sign) for sign in set(text) if sign.isprintable() and sign not in drawn}
    found = {sign: shown for sign, shown in found.items() if not "\u0300" <= sign <= "\u036f"}  # accents of letters
    assert all(shown.isascii() and "U+" not in shown and balanced(shown) for shown in found.values())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("50 % of {a_b} & c#", r"50 \% of \{a\_b\} \& c\#"),
        ("x̂ ≤ σ²", r"\ensuremath{\hat{x}} \ensuremath{\le} \ensuremath{\sigma}\ensuremath{{}^{2}}"),
        ("a <= b", r"a \ensuremath{\le} b"),
        ("Erdős, Łukasz", r"Erd\texttt{U+0151}s, \L{}ukasz"),
        ("½ of é", r"\ensuremath{\tfrac{1}{2}} of \'{e}"),
        ("\\", r"\textbackslash{}"),
    ],
)
def test_text_is_escaped_for_latex(text, shown):
    assert latex_text(text) == shown


def test_text_is_escaped_for_markdown():
    assert markdown_text("a|b_c*d <e> [f]\n$g$") == r"a\|b\_c\*d &lt;e> \[f] \$g\$"


def test_a_table_is_shown_in_three_languages():
    table = Table(header=("a", "b"), rows=[("1 < 2", "x_y")])
    assert table.markdown() == "| a | b |\n| --- | --- |\n| 1 &lt; 2 | x\\_y |\n"
    assert "<td>1 &lt; 2</td>" in table.html()
    assert balanced(table.latex("ll"))
    assert r"1 \ensuremath{<} 2 & x\_y \tabularnewline" in table.latex("ll")
    with pytest.raises(ValueError, match="rows must have 2 cells like the header; row 1 has 1"):
        Table(header=("a", "b"), rows=[("1",)])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("δ", r"\delta"),
        ("ε₀", r"\epsilon_{0}"),
        ("σ²", r"\sigma^{2}"),
        ("Λ", r"\Lambda"),
        ("p₁₂", "p_{12}"),
        ("q_1", "q_{1}"),
    ],
)
def test_a_symbol_that_is_not_registered_has_a_latex_name_in_ascii(name, shown):
    assert latex(sp.Symbol(name)) == shown


def test_papers_are_cited_in_words_and_in_bibtex():
    assert PAPERS["CZS"].startswith("Chen, Zhu and Shkurti, Generalization in VAE")
    text = bibliography(["LLZB", "scoregap", "own", "Boucheron et al. 2013"], "1.0")
    assert re.findall(r"@(\w+)\{(\w+),", text) == [
        ("inproceedings", "LLZB"),
        ("misc", "Boucheronetal2013"),
        ("software", "scoregap"),
    ]
    assert balanced(text)
    assert all(f"eprint    = {{{paper.arxiv}}}" in paper.bibtex() for paper in LITERATURE.values())
    assert {claim.source.paper for claim in claims.values()} <= set(PAPERS)
