"""Every symbol of the theory, once: its assumptions, its domain, its TeX and MathML name and its meaning.

Values enter the toolkit by symbol name (``evaluate(delta=0.1, d=3)``); `check_value` is the one place that decides
whether a value belongs to a symbol's domain.
"""

from __future__ import annotations

import difflib
import html
import re
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, kw_only=True)
class SymbolInfo:
    """What a symbol means and which numbers it may take.

    ``lower`` and ``upper`` bound the domain; ``open_lower`` and ``open_upper`` exclude the end points.
    """

    symbol: sp.Symbol
    tex: str
    mathml: str
    text: str
    meaning: str
    lower: sp.Expr = -sp.oo
    upper: sp.Expr = sp.oo
    open_lower: bool = False
    open_upper: bool = False
    integer: bool = False

    def __post_init__(self) -> None:
        checks.instance(self.symbol, sp.Symbol, "symbol")
        for part in ("tex", "mathml", "text", "meaning"):
            checks.text(getattr(self, part), part)
        for part in ("open_lower", "open_upper", "integer"):
            checks.instance(getattr(self, part), bool, part)
        for part in ("lower", "upper"):
            end = checks.instance(getattr(self, part), sp.Expr, part)
            if not end.is_extended_real:
                raise ValueError(f"{part} must be a real number or an infinity; got {end}")
        if not (self.lower < self.upper) == True:  # noqa: E712 (a SymPy truth value)
            raise ValueError(f"lower must be less than upper; got [{self.lower}, {self.upper}]")

    @property
    def domain(self) -> str:
        """The domain in words, e.g. ``(0, 1]`` or ``integers >= 1``."""
        if self.integer:
            return f"integers >= {self.lower}"
        left = "(" if self.open_lower or self.lower == -sp.oo else "["
        right = ")" if self.open_upper or self.upper == sp.oo else "]"
        return f"{left}{self.lower}, {self.upper}{right}"


REGISTRY: dict[str, SymbolInfo] = {}

# Unicode for terminals: SymPy's pretty printer keeps a name that is already Unicode.
_REAL = {"real": True}
_POSITIVE = {"positive": True}
_NONNEGATIVE = {"nonnegative": True}


def _define(
    name: str,
    tex: str,
    text: str,
    meaning: str,
    *,
    kind: str = "real",
    upper: int | None = None,
    open_upper: bool = False,
    mathml: str | None = None,
) -> sp.Symbol:
    assumptions: dict[str, bool] = {
        "real": _REAL,
        "positive": _POSITIVE,
        "nonnegative": _NONNEGATIVE,
        "count": {"integer": True, "positive": True},
    }[kind]
    symbol = sp.Symbol(name, **assumptions)
    REGISTRY[name] = SymbolInfo(
        symbol=symbol,
        tex=tex,
        text=text,
        mathml=mathml or f"<mi>{text}</mi>",
        meaning=meaning,
        lower={"real": -sp.oo, "positive": sp.S.Zero, "nonnegative": sp.S.Zero, "count": sp.S.One}[kind],
        upper=sp.oo if upper is None else sp.Integer(upper),
        open_lower=kind == "positive",
        open_upper=open_upper,
        integer=kind == "count",
    )
    return symbol


def _sub(base: str, index: str) -> str:
    return f"<msub><mi>{base}</mi><mrow><mi>{index}</mi></mrow></msub>"


# Time, space, the forward process ------------------------------------------------------------------------------------
t = _define("t", "t", "t", "forward time", kind="nonnegative")
s = _define("s", "s", "s", "an earlier or integration time", kind="nonnegative")
T = _define("T", "T", "T", "terminal forward time (horizon)", kind="positive")
x = _define("x", "x", "x", "a point of the state space (d = 1)")
x0 = _define("x0", "x_0", "x₀", "the initial point x(0) (d = 1)", mathml=_sub("x", "0"))
d = _define("d", "d", "d", "dimension of the state space", kind="count")
n = _define("n", "n", "n", "number of samples", kind="count")
m = _define("m", "m", "m", "width: the number of random features", kind="count")
delta = _define("delta", r"\delta", "δ", "allowed failure probability", kind="positive", upper=1)
r = _define("r", "r", "r", "mean scale r(t) = exp(∫₀ᵗ f)", kind="positive")
v = _define("v", "v", "v", "clock of the forward process, v(t)² = ∫₀ᵗ g²/r² (std = r v)", kind="nonnegative")
r_max = _define("r_max", r"r_{\max}", "r_max", "largest mean scale, max over [0, T] of r(t)", kind="positive",
                mathml=_sub("r", "max"))
v_T = _define("v_T", "v_T", "v(T)", "clock at the horizon, v(T)", kind="nonnegative",  # noqa: N816
              mathml=_sub("v", "T"))
x0_norm = _define("x0_norm", r"\lVert x(0)\rVert_\infty", "‖x(0)‖∞", "sup norm of the initial point",
                  kind="nonnegative")
xt_norm = _define("xt_norm", r"\lVert x(t)\rVert_\infty", "‖x(t)‖∞", "sup norm of the forward process at time t",
                  kind="nonnegative")
path_norm = _define("path_norm", r"\sup_{t\le T}\lVert x(t)\rVert_\infty", "sup_{t≤T}‖x(t)‖∞",
                    "largest sup norm along the forward path", kind="nonnegative")
xt_abs = _define("xt_abs", r"|x(t)|", "|x(t)|", "modulus of the forward process at time t (d = 1)",
                 kind="nonnegative")
mode_gap = _define("mode_gap", r"\bigl||x(0)|-\mu\bigr|", "||x(0)|−μ|",
                   "distance of |x(0)| from the mode μ (d = 1)", kind="nonnegative")

# Mixtures ------------------------------------------------------------------------------------------------------------
mu = _define("mu", r"\mu", "μ", "half the distance between the two modes at ±μ", kind="nonnegative")
q = _define("q", "q", "q", "weight of the right mode", kind="nonnegative", upper=1)

# Random features and gradient flow -----------------------------------------------------------------------------------
tau = _define("tau", r"\tau", "τ", "training time of the gradient flow", kind="positive")
kappa = _define("kappa", r"\kappa", "κ", "an eigenvalue of B", kind="positive")
u = _define("u", "u", "u", "a dimensionless time", kind="nonnegative")
y = _define("y", "y", "y", "a mode's distance from the minimiser, comparator minus minimiser")
y0 = _define("y0", "y_0", "y₀", "a mode's initial distance from the minimiser", mathml=_sub("y", "0"))
loss_tau = _define("loss_tau", r"\tilde L(\theta(\tau))", "L̃(θ(τ))", "population loss at training time τ",
                   kind="nonnegative")
loss_initial = _define("loss_initial", r"\tilde L(\theta_0)", "L̃(θ₀)", "population loss at initialisation",
                       kind="nonnegative")
loss_comparator = _define("loss_comparator", r"\tilde L(\theta)", "L̃(θ)", "population loss of a comparator θ",
                          kind="nonnegative")
loss_minimum = _define("loss_minimum", r"\min\tilde L", "min L̃", "least population loss", kind="nonnegative")
norm_initial = _define("norm_initial", r"\lVert s_{\theta_0}\rVert_{\mathcal H}", "‖s_θ₀‖_H",
                       "RKHS norm ‖A‖_F/√m of the score at initialisation", kind="nonnegative")
norm_comparator = _define("norm_comparator", r"\lVert s_{\theta}\rVert_{\mathcal H}", "‖s_θ‖_H",
                          "RKHS norm of a comparator", kind="nonnegative")
norm_tau = _define("norm_tau", r"\lVert s_{\theta(\tau)}\rVert_{\mathcal H}", "‖s_θ(τ)‖_H",
                   "RKHS norm of the score at training time τ", kind="nonnegative")
distance_initial = _define("distance_initial", r"\lVert s_{\theta_0}-s_{\theta}\rVert_{\mathcal H}", "‖s_θ₀−s_θ‖_H",
                           "RKHS distance ‖Θ₀−Θ‖_F of the initialisation from a comparator", kind="nonnegative")
distance_minimiser = _define("distance_minimiser", r"\lVert s_{\theta_0}-s_{\theta_*}\rVert_{\mathcal H}",
                             "‖s_θ₀−s_θ*‖_H", "RKHS distance of the initialisation from the set of minimisers",
                             kind="nonnegative")
distance_tau = _define("distance_tau", r"\lVert s_{\theta(\tau)}-s_{\theta}\rVert_{\mathcal H}", "‖s_θ(τ)−s_θ‖_H",
                       "RKHS distance of the score at training time τ from a comparator", kind="nonnegative")
displacement = _define("displacement", r"\lVert s_{\theta(\tau)}-s_{\theta_0}\rVert_{\mathcal H}", "‖s_θ(τ)−s_θ₀‖_H",
                       "RKHS distance moved since the initialisation", kind="nonnegative")
second_variation = _define("second_variation", r"\mathrm{D}^2\tilde L[H,H]", "D²L̃[H,H]",
                           "second derivative of the loss along the direction H")
quadratic_form = _define("quadratic_form", r"\operatorname{tr}(HBH^{\mathsf T})", "tr(HBHᵀ)",
                         "the form (B⊗I)[vec H, vec H]", kind="nonnegative")

# Concentration -------------------------------------------------------------------------------------------------------
M = _define("M", "M", "M", "almost sure bound on the norm of a random vector", kind="positive")
mean_deviation = _define("mean_deviation", r"\bigl\lVert\tfrac1n\sum_i Y_i-\mathbb{E}Y\bigr\rVert",
                         "‖(1/n)ΣYᵢ−EY‖", "deviation of the empirical mean", kind="nonnegative")

# Constants -----------------------------------------------------------------------------------------------------------
K = _define("K", "K", "K", "an unspecified constant (≲)", kind="positive")
C = _define("C", "C", "C", "a named constant", kind="positive")
kappa_star = _define("kappa_star", r"\kappa_\star", "κ⋆", "max over u > 0 of (1−e^{−2u})²/u", kind="positive",
                     mathml=_sub("κ", "⋆"))


def info(name: str | sp.Symbol) -> SymbolInfo:
    """Return the registry entry of a symbol.

    Raises TypeError for what is neither a name nor a symbol, ValueError (with the nearest names) for an unknown name
    and for a symbol that only shares its name with the registry's.
    """
    checks.instance(name, (str, sp.Symbol), "name")
    key = str(name)
    if key not in REGISTRY:
        raise ValueError(f"name: unknown symbol {key!r}{_nearest(key)}")
    if isinstance(name, sp.Symbol) and name != REGISTRY[key].symbol:
        raise ValueError(f"name: the symbol {key!r} has other assumptions than theory.symbols.{key}; use that one")
    return REGISTRY[key]


def describe(symbol: sp.Symbol) -> SymbolInfo:
    """Return `info` of a registered symbol; for any other one (an index such as w_1), what its assumptions say."""
    checks.instance(symbol, sp.Symbol, "symbol")
    entry = REGISTRY.get(str(symbol))
    if entry is not None and entry.symbol == symbol:
        return entry
    return SymbolInfo(symbol=symbol, tex=sp.latex(symbol), text=str(symbol), mathml=f"<mi>{symbol}</mi>",
                      meaning="a parameter of the statement", integer=bool(symbol.is_integer),
                      lower=sp.S.Zero if symbol.is_nonnegative else -sp.oo, open_lower=bool(symbol.is_positive))


def _nearest(key: str) -> str:
    close = difflib.get_close_matches(key, REGISTRY, n=3)
    return f"; did you mean {', '.join(close)}?" if close else f"; the symbols are {', '.join(sorted(REGISTRY))}"


def _registered(sym: Any) -> SymbolInfo | None:
    entry = REGISTRY.get(sym.name)
    return entry if entry is not None and entry.symbol == sym else None


class _Latex(LatexPrinter):
    """Brackets around what is differentiated: SymPy prints d/dt a b for d/dt (a b) and for (d/dt a) b."""

    def _print_Derivative(self, expr: Any) -> str:
        plain = super()._print_Derivative(expr)
        if expr.expr.is_Symbol or isinstance(expr.expr, AppliedUndef):
            return plain
        placed = sp.Derivative(sp.Symbol("PLACE"), *expr.variable_count, evaluate=False)
        head = super()._print_Derivative(placed).removesuffix("PLACE")
        if requires_partial(expr.expr):
            head = head.replace(r"\frac{d", r"\frac{\partial", 1).replace(r"{d ", r"{\partial ", 1)
        return rf"{head}\left({self._print(expr.expr)}\right)"

    def _needs_mul_brackets(self, expr: Any, first: bool = False, last: bool = False) -> bool:
        return (expr.is_Derivative and not last) or super()._needs_mul_brackets(expr, first, last)


class _MathML(MathMLPresentationPrinter):
    def _print_Symbol(self, sym: sp.Symbol, style: str = "plain"):
        import xml.dom.minidom  # noqa: PLC0415

        entry = _registered(sym)
        if entry is None:
            return super()._print_Symbol(sym, style)
        return xml.dom.minidom.parseString(entry.mathml).documentElement

    def _print_Derivative(self, e: Any):
        row = super()._print_Derivative(e)
        if not (e.expr.is_Symbol or isinstance(e.expr, AppliedUndef)):
            row.replaceChild(self.parenthesize(e.expr, PRECEDENCE["Atom"]), row.lastChild)
        return row


class _Pretty(PrettyPrinter):
    def _print_Symbol(self, e: sp.Symbol, bold_name: bool = False):
        entry = _registered(e)
        return super()._print_Symbol(e if entry is None else sp.Symbol(entry.text), bold_name)

    def _print_Max(self, e: Any):
        return self._helper_print_function(e.func, e.args, func_name=type(e).__name__.lower())

    _print_Min = _print_Max  # noqa: N815


def latex(expr: sp.Basic) -> str:
    """LaTeX of an expression, every symbol under its own TeX name."""
    names = {entry.symbol: entry.tex for entry in REGISTRY.values()}
    return _Latex({"symbol_names": names}).doprint(checks.instance(expr, sp.Basic, "expr"))


def mathml(expr: sp.Basic) -> str:
    """Presentation MathML of an expression, every symbol under its own MathML name."""
    text = _MathML().doprint(checks.instance(expr, sp.Basic, "expr"))
    # XML knows five entities by name; SymPy also prints HTML's, such as &InvisibleTimes;
    return re.sub(r"&(?!amp;|lt;|gt;|quot;|apos;)\w+;", lambda found: html.unescape(found[0]), text)


def unicode(expr: sp.Basic) -> str:
    """Unicode text of an expression for a terminal, on as many lines as it needs."""
    return _pretty(checks.instance(expr, sp.Basic, "expr"))


def unicode_relation(left: sp.Basic, sign: str, right: sp.Basic) -> str:
    """Unicode text of two expressions with a sign between them; SymPy's own relations would evaluate."""
    checks.text(sign, "sign")
    return _pretty(checks.instance(left, sp.Basic, "left"), f" {sign} ", checks.instance(right, sp.Basic, "right"))


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
