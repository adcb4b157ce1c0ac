import pickle
import re
import xml.etree.ElementTree as ET

import pytest
import sympy as sp

from tests.for_every import for_every
from theory import claims, symbols
from theory.symbols import REGISTRY, d, mu, r, t, v, x, x0_norm

every_symbol = for_every("name", sorted(REGISTRY))
RAW = [name for name in REGISTRY if "_" in name or (name.isalpha() and len(name) > 2)]
every_term = for_every("expr", [expr for claim in claims.values() for expr in claim.terms.values()])


@every_symbol
def test_a_symbol_is_itself_wherever_it_is_looked_up(name):
    entry = symbols.info(name)
    assert str(entry.symbol) == name
    assert getattr(symbols, name) is entry.symbol
    assert symbols.info(entry.symbol) is symbols.describe(entry.symbol) is entry
    assert pickle.loads(pickle.dumps(entry)) == entry


@every_symbol
def test_a_domain_follows_from_the_assumptions(name):
    entry = symbols.info(name)
    assert entry.symbol.is_real
    assert bool(entry.symbol.is_integer) == entry.integer
    assert (entry.lower == -sp.oo) == (entry.symbol.is_nonnegative is None)
    assert bool(entry.symbol.is_positive) == (entry.open_lower or entry.integer)
    assert entry.lower < entry.upper
    assert entry.meaning.strip() == entry.meaning


def test_domains_read_as_intervals():
    shown = {name: symbols.info(name).domain for name in ("delta", "d", "mu", "x", "tau", "q")}
    assert shown == {
        "delta": "(0, 1]",
        "d": "integers >= 1",
        "mu": "[0, oo)",
        "x": "(-oo, oo)",
        "tau": "(0, oo)",
        "q": "[0, 1]",
    }


@pytest.mark.parametrize("field", ["tex", "text", "mathml"])
def test_no_two_symbols_look_alike(field):
    shown = [getattr(entry, field) for entry in REGISTRY.values()]
    assert len(set(shown)) == len(shown)


def test_nearest_names_are_offered():
    with pytest.raises(ValueError, match=r"unknown symbol 'delt'; did you mean delta"):
        symbols.info("delt")
    with pytest.raises(ValueError, match=f"unknown symbol 'zzzz'; the symbols are {', '.join(sorted(REGISTRY))}"):
        symbols.info("zzzz")


def test_a_namesake_with_other_assumptions_is_not_taken_for_the_symbol():
    with pytest.raises(ValueError, match="other assumptions"):
        symbols.info(sp.Symbol("d"))
    assert symbols.describe(sp.Symbol("d")).meaning == "a parameter of the statement"
    assert symbols.latex(sp.Symbol("x0_norm")) == "x_{0 norm}"


@pytest.mark.parametrize(
    ("given", "domain"), [({}, "(-oo, oo)"), ({"positive": True}, "(0, oo)"), ({"nonnegative": True}, "[0, oo)")]
)
def test_an_unregistered_symbol_is_described_by_its_assumptions(given, domain):
    assert symbols.describe(sp.Symbol("w_1", real=True, **given)).domain == domain


# Printing ------------------------------------------------------------------------------------------------------------


def balanced(text):
    """Whether TeX braces match, and \\left with \\right."""
    depth = 0
    for token in re.findall(r"\\.|[{}]", text):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth < 0:
            return False
    return depth == 0 and len(re.findall(r"\\left\b", text)) == len(re.findall(r"\\right\b", text))


@every_symbol
def test_every_tex_name_is_balanced(name):
    assert balanced(symbols.info(name).tex)
    assert symbols.latex(symbols.info(name).symbol) == symbols.info(name).tex


@every_symbol
def test_every_mathml_name_is_well_formed(name):
    assert ET.fromstring(symbols.info(name).mathml).tag in {"mi", "msub"}


@every_term
def test_mathml_is_well_formed_and_shows_no_raw_name(expr):
    text = symbols.mathml(expr)
    shown = ["".join(node.itertext()) for node in ET.fromstring(text).iter() if node.tag in {"mi", "mo", "mn"}]
    assert shown
    assert not {name for name in RAW if name in shown}


@every_term
def test_latex_of_every_term_is_balanced_and_shows_no_raw_name(expr):
    text = symbols.latex(expr)
    assert balanced(text)
    # a name that is its own TeX (v_T) is no raw name
    assert not [name for name in RAW if "_" in name and name in text and symbols.info(name).tex != name]


@every_term
def test_unicode_of_every_term_shows_no_raw_name(expr):
    text = symbols.unicode(expr)
    assert not [
        name for name in RAW if "_" in name and re.search(rf"\b{name}\b", text) and symbols.info(name).text != name
    ]
    assert "Max(" not in text


def test_known_expressions_are_shown_as_expected():
    assert symbols.latex(r * x0_norm) == r"r \lVert x(0)\rVert_\infty"
    assert symbols.unicode(r * x0_norm) == "r⋅‖x(0)‖∞"
    assert symbols.unicode(sp.Max(r, r * v)) == "max(r, r⋅v)"
    assert symbols.unicode(sp.Min(r, v)) == "min(r, v)"
    assert ET.fromstring(symbols.mathml(mu**2)).findtext("mi") == "μ"


def test_a_derivative_of_a_product_is_not_a_product_with_a_derivative():
    f = sp.Function("f")(t)
    of_product, with_derivative = sp.Derivative(f * x, t), sp.Derivative(f, t) * x
    assert symbols.latex(of_product) == r"\frac{\partial}{\partial t} \left(x f{\left(t \right)}\right)"
    assert symbols.latex(with_derivative) == r"x \frac{d}{d t} f{\left(t \right)}"
    assert symbols.latex(sp.Derivative(f**2, (t, 2))) == r"\frac{d^{2}}{d t^{2}} \left(f^{2}{\left(t \right)}\right)"
    assert r"\left(\frac{d}{d t} f{\left(t \right)}\right)" in symbols.latex(sp.Derivative(f, t) * sp.Integral(f, t))
    for show in (symbols.mathml, symbols.unicode, symbols.latex):
        assert show(of_product) != show(with_derivative)
    opened = [node.text for node in ET.fromstring(symbols.mathml(of_product)).iter("mo")]
    assert "(" in opened[:4] or ET.fromstring(symbols.mathml(of_product)).find(".//mfenced") is not None


def test_printing_unicode_leaves_sympys_own_setting_alone():
    before = sp.pretty(d**2, use_unicode=False)
    symbols.unicode(d**2)
    assert sp.pretty(d**2, use_unicode=False) == before


def test_relations_are_printed_without_being_evaluated():
    assert symbols.unicode(sp.Le(x, x, evaluate=False)) == "x ≤ x"
    assert symbols.unicode(sp.Eq(mu**2, mu**2, evaluate=False)).count("μ") == 2
