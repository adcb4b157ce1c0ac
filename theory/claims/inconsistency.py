"""Section 5 of LLZB: the linear regimes of the two-mode score and of a network do not fit together."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.mixture import GaussianMixture
from theory.statement import Claim, ForAll, Hypothesis, Identity, Inequality, Mutant, Source
from theory.symbols import e_sup, intercept_left, intercept_right, m, mu, norm_comparator, q, slope_left, slope_right, x

_SOURCE = Source(paper="LLZB", place="section 3.3, modes shift")
_OURS = Source(paper="scoregap", place="quantitative form of LLZB, section 3.3")
_INSIDE = Hypothesis(
    name="two-sided",
    statement="0 < q < 1: both modes are present",
    lesser=sp.S.Zero,
    greater=sp.Min(q, 1 - q),
    strict=True,
)
CLASS = Hypothesis(
    name="random-features", statement="s = (1/m)Σ a_i σ(w_i·x + u_i·e(t)), ‖w_i‖₁+‖u_i‖₁ <= 1, ‖s‖_H² = (1/m)Σ‖a_i‖²"
)
_REGIMES = Hypothesis(
    name="both-regimes", statement="for large |x| the network is −x + μ on the right and −x − μ on the left"
)
_ODDS = q / (1 - q)
_GAP = {"regime": mu - x, "minus score": -sp.sympify(GaussianMixture.two_modes(mu, q).score)}

a_rise, a_fall, a_flat = sp.symbols("a_1:4", real=True)
w_rise, w_fall = sp.symbols("w_1:3", positive=True)
b_rise, b_fall, b_flat = sp.symbols("b_1:4", real=True)
_BEYOND = Hypothesis(
    name="beyond-the-breakpoints",
    statement="x is beyond every breakpoint −b_i/w_i",
    lesser=sp.Max(sp.Abs(b_rise) / w_rise, sp.Abs(b_fall) / w_fall),
    greater=x,
)
_FEATURES = {
    "rising": a_rise * sp.Max(0, w_rise * x + b_rise) / m,
    "falling": a_fall * sp.Max(0, b_fall - w_fall * x) / m,
    "flat": a_flat * sp.Max(0, b_flat) / m,
}
_LINE = {"slope": a_rise * w_rise / m * x, "intercept": (a_rise * b_rise + a_flat * sp.Max(0, b_flat)) / m}


def _error(rate: sp.Expr, size: sp.Expr = 2 * mu) -> dict[str, sp.Expr]:
    return {"error": size / (1 + _ODDS * sp.exp(rate))}


def _sizes(slopes: sp.Expr, intercepts: sp.Expr) -> dict[str, sp.Expr]:
    return {"slopes": slopes, "intercepts": intercepts}


_SLOPES = sp.Abs(slope_left + slope_right)
_INTERCEPTS = sp.Abs(intercept_right - intercept_left)

CLAIMS = (
    Claim(
        id="INCONSISTENCY:target",
        sentence="The score of two modes misses its right linear regime −x + μ by exactly 2μ/(1 + (q/(1−q))e^{2μx}).",
        source=_SOURCE,
        quantifier=ForAll(over="μ >= 0, weights 0 < q < 1 and points x"),
        hypotheses=(_INSIDE,),
        relation=Identity(lhs=_GAP, rhs=_error(2 * mu * x)),
        note="x → −x gives the left regime. For q = 1/2 it is 2μ/(1 + e^{2μ|x|}) on x's own side of 0, and nearly the "
        "whole 2μ on the other: the bound with |x| holds for each regime on its own side only.",
        mutants=(
            Mutant(
                name="either-side",
                description="|x| in place of x: the bound taken on both sides",
                regime="x < 0",
                rhs=_error(2 * mu * sp.Abs(x)),
            ),
            Mutant(
                name="single-rate", description="e^{μx} in place of e^{2μx}", regime="μ > 0, x ≠ 0", rhs=_error(mu * x)
            ),
            Mutant(name="half", description="μ in place of 2μ", regime="μ > 0", rhs=_error(2 * mu * x, mu)),
            Mutant(
                name="leading-term",
                description="2μ((1−q)/q)e^{−2μx}: the 1 in the denominator is lost",
                regime="x near 0",
                rhs={"error": 2 * mu * sp.exp(-2 * mu * x) / _ODDS},
            ),
        ),
    ),
    Claim(
        id="INCONSISTENCY:network",
        sentence="Beyond its last breakpoint a network is affine, with the slope Σ_{w>0} a w/m.",
        source=_SOURCE,
        quantifier=ForAll(over="features of each sign of w, with b_i = u_i·e(t), and points beyond the breakpoints"),
        hypotheses=(_BEYOND,),
        relation=Identity(lhs=_FEATURES, rhs=_LINE),
        note="By positive homogeneity; sums of any number of features are the same computation. x → −x exchanges the "
        "rising and the falling features: at −∞ slope and intercept come from w < 0.",
        mutants=(
            Mutant(
                name="all-slopes",
                description="the falling feature's slope is counted as well",
                regime="a₂ ≠ 0",
                rhs={**_LINE, "falling line": -a_fall * w_fall / m * x},
            ),
            Mutant(
                name="no-flat",
                description="the features without w are lost",
                regime="b₃ > 0, a₃ ≠ 0",
                rhs={"slope": _LINE["slope"], "intercept": a_rise * b_rise / m},
            ),
            Mutant(
                name="clipped",
                description="σ(b₁) in place of b₁",
                regime="b₁ < 0",
                rhs={
                    "slope": _LINE["slope"],
                    "intercept": (a_rise * sp.Max(0, b_rise) + a_flat * sp.Max(0, b_flat)) / m,
                },
            ),
            Mutant(
                name="all-flat",
                description="the falling feature leaves its intercept",
                regime="a₂ b₂ ≠ 0",
                rhs={**_LINE, "falling line": a_fall * sp.Max(0, b_fall) / m},
            ),
        ),
    ),
    Claim(
        id="INCONSISTENCY:scales",
        sentence="A network's slopes and intercepts at ±∞ obey |slope₋+slope₊| + |c₊−c₋|/sup‖e‖∞ <= ‖s‖_H.",
        source=_OURS,
        quantifier=ForAll(over="networks of the class with d = 1, at any time"),
        hypotheses=(CLASS,),
        relation=Inequality(lhs=_sizes(_SLOPES, _INTERCEPTS / e_sup), rhs={"norm": norm_comparator}),
        note="Slope and intercept of a feature share one budget |w| + ‖u‖₁ <= 1. Sharp: any number of features of the "
        "full budget with a_i sign(w_i) of one sign.",
        mutants=(
            Mutant(
                name="double",
                description="a factor 2 is gained",
                regime="features of the full budget",
                lhs=_sizes(2 * _SLOPES, 2 * _INTERCEPTS / e_sup),
            ),
            Mutant(
                name="no-embedding",
                description="sup‖e‖∞ is lost",
                regime="sup‖e‖∞ > 1",
                lhs=_sizes(_SLOPES, _INTERCEPTS),
            ),
            Mutant(
                name="one-tenth",
                description="the intercepts' term 1/10 larger",
                regime="u alone",
                lhs=_sizes(_SLOPES, sp.Rational(11, 10) * _INTERCEPTS / e_sup),
            ),
            Mutant(
                name="sum-of-intercepts",
                description="|c₊ + c₋| in place of |c₊ − c₋|",
                regime="flat features",
                lhs=_sizes(_SLOPES, sp.Abs(intercept_right + intercept_left) / e_sup),
            ),
        ),
    ),
    Claim(
        id="INCONSISTENCY:modes",
        sentence="A network with both linear regimes of the two-mode score has ‖s‖_H >= 2(1 + μ/sup‖e‖∞).",
        source=_OURS,
        quantifier=ForAll(over="networks of the class with d = 1 and both regimes, at t = 0"),
        hypotheses=(CLASS, _REGIMES),
        relation=Inequality(lhs=_sizes(sp.Integer(2), 2 * mu / e_sup), rhs={"norm": norm_comparator}),
        note="The unmatched scales: a slope of 1 asks for a norm 2, an intercept of μ for 2μ/sup‖e‖∞. Attained by "
        "−(c/2)(σ(ωx−μω) − σ(−ωx−μω)), c = 2/ω = 2(1 + μ/sup‖e‖∞): no smaller norm is possible.",
        mutants=(
            Mutant(
                name="one-per-cent",
                description="1 % more",
                regime="the pair above",
                lhs=_sizes(sp.Rational(202, 100), sp.Rational(202, 100) * mu / e_sup),
            ),
            Mutant(
                name="quadratic",
                description="μ² in place of μ",
                regime="μ > 1",
                lhs=_sizes(sp.Integer(2), 2 * mu**2 / e_sup),
            ),
            Mutant(
                name="no-embedding",
                description="sup‖e‖∞ is lost",
                regime="sup‖e‖∞ > 1",
                lhs=_sizes(sp.Integer(2), 2 * mu),
            ),
        ),
    ),
)

FAMILY = Family(key="INCONSISTENCY", subject="modes shift: linear regimes of score and network", claims=CLAIMS)
