"""The norm that Theorem 2 of LLZB hides: what it takes to match the score of two far modes."""

from __future__ import annotations

import sympy as sp

from theory.claims.inconsistency import CLASS
from theory.statement import Claim, ForAll, Hypothesis, Inequality, Mutant, Source
from theory.symbols import (
    e_sup,
    fisher,
    mu,
    network_abs,
    network_change,
    norm_comparator,
    point_gap,
    score_gap,
    step,
    x_sup,
)

_OURS = Source(paper="scoregap", place="on LLZB, Theorem 2")
_NETWORKS = ForAll(over="networks of the class, points and times")
_AT_ONE = Hypothesis(name="matches-at-1", statement="s(1) = s₀(1) at t = 0, s₀ the score of ½N(−μ,1) + ½N(μ,1)")
_AT_STEP = Hypothesis(name="matches-at-h", statement="s(h) − s(−h) = s₀(h) − s₀(−h) at t = 0, s₀ as in matches-at-1")
_DATA = Hypothesis(name="two-modes", statement="p₀ = ½N(−μ,1) + ½N(μ,1), J(p_t) taken at t = 0, d = 1")
_REACH = sp.Max(x_sup, e_sup)
_PULL = {"pull to a mode": mu * sp.tanh(mu), "pull to 0": -sp.S.One}
_SLOPE = {"pull to a mode": mu * sp.tanh(mu * step) / step, "pull to 0": -sp.S.One}
_PART = fisher - 1 / (1 + mu**2)
_FEATURE = sp.Max(e_sup, 1 / sp.sqrt(2 * sp.pi)) * mu / (2 * (1 + mu**2))
_MEAN_SQUARE = {"score": _PART, "minus error": -sp.sqrt(_PART) * score_gap}


def _norm(factor: sp.Expr) -> dict[str, sp.Expr]:
    return {"norm": norm_comparator * factor}


CLAIMS = (
    Claim(
        id="T2:pointwise",
        sentence="Every network of the class has ‖s(x)‖ <= ‖s‖_H max(‖x‖∞, sup‖e‖∞).",
        source=_OURS,
        quantifier=_NETWORKS,
        hypotheses=(CLASS,),
        relation=Inequality(lhs={"value": network_abs}, rhs=_norm(_REACH)),
        note="Cauchy–Schwarz over the features. Equality for one feature, w or u a unit vector.",
        mutants=(
            Mutant(name="no-embedding", description="the embedding is lost", regime="‖x‖∞ < sup‖e‖∞", rhs=_norm(x_sup)),
            Mutant(name="no-point", description="the point is lost", regime="‖x‖∞ > sup‖e‖∞", rhs=_norm(e_sup)),
            Mutant(
                name="one-per-cent",
                description="1 % smaller",
                regime="one feature of the full budget",
                rhs=_norm(sp.Rational(99, 100) * _REACH),
            ),
        ),
    ),
    Claim(
        id="T2:lipschitz",
        sentence="Every network of the class has ‖s(x) − s(x′)‖ <= ‖s‖_H ‖x − x′‖∞.",
        source=_OURS,
        quantifier=_NETWORKS,
        hypotheses=(CLASS,),
        relation=Inequality(lhs={"change": network_change}, rhs=_norm(point_gap)),
        note="|σ(y) − σ(y′)| <= |y − y′|, then Cauchy–Schwarz. Equality for one feature with ‖w‖₁ = 1, both points on "
        "its active side.",
        mutants=(
            Mutant(
                name="half",
                description="half the Lipschitz constant",
                regime="one active feature",
                rhs=_norm(point_gap / 2),
            ),
            Mutant(name="square", description="the squared distance", regime="close points", rhs=_norm(point_gap**2)),
            Mutant(
                name="one-per-cent",
                description="1 % smaller",
                regime="one active feature",
                rhs=_norm(sp.Rational(99, 100) * point_gap),
            ),
        ),
    ),
    Claim(
        id="T2:hidden-norm",
        sentence="Matching the two-mode score at x = 1 takes ‖s‖_H max(1, sup‖e‖∞) >= μ tanh μ − 1.",
        source=_OURS,
        quantifier=_NETWORKS,
        hypotheses=(CLASS, _AT_ONE),
        relation=Inequality(lhs=_PULL, rhs=_norm(sp.Max(1, e_sup))),
        note="s₀(1) = μ tanh μ − 1, about μ − 1: from Θ₀ = 0 the term printed as 1/τ is of the order μ²/τ.",
        mutants=(
            Mutant(
                name="square",
                description="μ² tanh μ",
                regime="μ > 1",
                lhs={"pull to a mode": mu**2 * sp.tanh(mu), "pull to 0": -sp.S.One},
            ),
            Mutant(name="no-pull", description="−1 is lost", regime="μ > 1", lhs={"pull to a mode": mu * sp.tanh(mu)}),
            Mutant(
                name="saturated",
                description="μ in place of μ tanh μ",
                regime="μ near 1",
                lhs={"pull to a mode": mu, "pull to 0": -sp.S.One},
            ),
            Mutant(name="no-embedding", description="sup‖e‖∞ is lost", regime="sup‖e‖∞ > 1", rhs=_norm(sp.S.One)),
        ),
    ),
    Claim(
        id="T2:hidden-slope",
        sentence="Matching the two-mode score at ±h takes ‖s‖_H >= μ tanh(μh)/h − 1, which tends to μ² − 1 as h → 0.",
        source=_OURS,
        quantifier=_NETWORKS,
        hypotheses=(CLASS, _AT_STEP),
        relation=Inequality(lhs=_SLOPE, rhs=_norm(sp.S.One)),
        note="The steep piece between the two regimes: matching it pointwise takes μ² − 1, so that 1/τ hides μ⁴. "
        "Sharp as h → 0. The data hardly visit it; in mean square μ is enough, T2:hidden-mean-square.",
        mutants=(
            Mutant(
                name="one-per-cent",
                description="the mode's pull 1 % larger",
                regime="h small, many features",
                lhs={**_SLOPE, "pull to a mode": sp.Rational(101, 100) * _SLOPE["pull to a mode"]},
            ),
            Mutant(
                name="limit",
                description="μ² − 1 for every h",
                regime="μh large",
                lhs={"pull to a mode": mu**2, "pull to 0": -sp.S.One},
            ),
            Mutant(
                name="no-pull",
                description="−1 is lost",
                regime="h small, μ near 1",
                lhs={"pull to a mode": _SLOPE["pull to a mode"]},
            ),
        ),
    ),
    Claim(
        id="T2:hidden-mean-square",
        sentence="A mean-square error ε takes ‖s‖_H max(sup‖e‖∞, 1/√(2π)) μ/(2(1+μ²)) >= V − √V ε, V = J − 1/(1+μ²).",
        source=_OURS,
        quantifier=_NETWORKS,
        hypotheses=(CLASS, _DATA),
        relation=Inequality(lhs=_MEAN_SQUARE, rhs=_norm(_FEATURE)),
        note="Test against ψ = s₀ + x/(1+μ²), the score without its linear part: no feature has a correlation above "
        "sup‖e‖∞ μ/(2(1+μ²)) with it, while E s₀ψ = E ψ² = J − 1/(1+μ²), near 1. The norm is at least "
        "2(1−ε)μ/sup‖e‖∞ for far modes: 1/τ hides 4μ² even in mean square. Within 3 %: kinks at ±(μ−4).",
        mutants=(
            Mutant(name="no-error", description="the error is lost", regime="s = 0", lhs={"score": _PART}),
            Mutant(
                name="double",
                description="a factor 2 is gained",
                regime="kinks at ±(μ−4), μ large",
                rhs=_norm(_FEATURE / 2),
            ),
            Mutant(
                name="quadratic",
                description="μ² in place of μ: the pointwise scale",
                regime="kinks at ±(μ−4)",
                rhs=_norm(_FEATURE / mu),
            ),
            Mutant(
                name="squared-error",
                description="the error's square in place of the error",
                regime="s near 0",
                lhs={"score": _PART, "minus error": -sp.sqrt(_PART) * score_gap**2 / 2},
            ),
        ),
    ),
)
