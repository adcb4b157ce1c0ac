"""Theorem 1 of LLZB, repaired: how far the parts of the data lie from those of the population, and per-datum bounds."""

from __future__ import annotations

import sympy as sp

from theory.claims.theorem_1.chain import REPAIR, without
from theory.statement import Claim, ForAll, Hypothesis, Inequality, Mutant, WithProbability
from theory.symbols import (
    K_B,
    K_G,
    S_B,
    S_G,
    B_norm,
    G_norm,
    K_b,
    b_norm,
    delta,
    deviation_B,
    deviation_G,
    lambda_mean,
    n,
    norm_comparator,
    reach,
)

_DATA = ForAll(over="data in the support of p₀, features and SDEs")
SAMPLE = WithProbability(at_least=1 - delta, over="the n data")
BOUNDED = Hypothesis(
    name="iid-bounded", statement="the data are i.i.d. from p₀; on its support, bounded say, ‖B(x₀)‖ <= K_B"
)
_NARROW = Hypothesis(
    name="iid-bounded", statement="the data are i.i.d. from p₀; on its support, bounded say, ‖G(x₀)−G(x₀′)‖ <= 2K_G"
)
FEATURES_FIXED = Hypothesis(name="fixed", statement="the features do not depend on the data")
FIXED = Hypothesis(name="fixed", statement="features and comparator do not depend on the data")
_STEIN = Hypothesis(name="stein", statement="DSM labels with a bounded weight: b(x₀)_i = −(w_i/√m) E_t λ P(active)")
_UNIT = Hypothesis(name="rows", statement="‖w_i‖₁ + ‖u_i‖₁ <= 1 for every feature")


def _share(expr: sp.Expr) -> sp.Expr:
    """Both concentration events at once: δ/2 for each."""
    return expr.subs(delta, delta / 2)


def operator_deviation(scatter: sp.Expr = S_B, bound: sp.Expr = K_B) -> dict[str, sp.Expr]:
    """HILBERT:operator for the per-datum matrices."""
    return {"mean": scatter / sp.sqrt(n), "fluctuation": bound * sp.sqrt(sp.log(1 / delta) / (2 * n))}


def vector_deviation(scatter: sp.Expr = S_G, bound: sp.Expr = K_G) -> dict[str, sp.Expr]:
    """HILBERT:diameter for the per-datum half-gradients."""
    return {"mean": scatter / sp.sqrt(n), "fluctuation": bound * sp.sqrt(2 * sp.log(1 / delta) / n)}


AT_SAMPLE = {
    deviation_B: _share(sp.Add(*operator_deviation().values())),
    deviation_G: _share(sp.Add(*vector_deviation().values())),
}
"""The two deviations, replaced by what each exceeds with probability δ/2 at most."""

CLAIMS = (
    Claim(
        id="T1:concentration-B",
        sentence="‖B̂−B‖ is at most S_B/√n + K_B√(log(1/δ)/(2n)).",
        source=REPAIR,
        quantifier=SAMPLE,
        hypotheses=(BOUNDED, FEATURES_FIXED),
        relation=Inequality(lhs={"deviation": deviation_B}, rhs=operator_deviation()),
        note="The operator norm suffices, and two positive semidefinite matrices below K_B differ by K_B at most, half "
        "of what their norms alone give; S_B² <= E‖B(x₀)‖_F².",
        mutants=(
            Mutant(
                name="no-mean",
                description="the mean is lost",
                regime="δ near 1",
                rhs=without(operator_deviation(), "mean"),
            ),
            Mutant(
                name="no-fluctuation",
                description="the fluctuation is lost",
                regime="δ small",
                rhs=without(operator_deviation(), "fluctuation"),
            ),
            Mutant(
                name="faster-rate",
                description="1/n in place of 1/√n",
                regime="n > 1",
                rhs={name: term / sp.sqrt(n) for name, term in operator_deviation().items()},
            ),
            Mutant(
                name="half-scatter",
                description="S_B/2 in place of S_B",
                regime="δ near 1",
                rhs=operator_deviation(scatter=S_B / 2),
            ),
            Mutant(
                name="half-bound",
                description="K_B/2 in place of K_B",
                regime="δ small",
                rhs=operator_deviation(bound=K_B / 2),
            ),
        ),
    ),
    Claim(
        id="T1:concentration-G",
        sentence="The half-gradient at the comparator deviates by at most S_G/√n + K_G√(2 log(1/δ)/n).",
        source=REPAIR,
        quantifier=SAMPLE,
        hypotheses=(_NARROW, FIXED),
        relation=Inequality(lhs={"deviation": deviation_G}, rhs=vector_deviation()),
        note="G(x₀) = ΘB(x₀) − b(x₀) is concentrated as one vector; K_G <= K_B‖Θ‖ + K_b.",
        mutants=(
            Mutant(
                name="no-mean",
                description="the mean is lost",
                regime="δ near 1",
                rhs=without(vector_deviation(), "mean"),
            ),
            Mutant(
                name="no-fluctuation",
                description="the fluctuation is lost",
                regime="δ small",
                rhs=without(vector_deviation(), "fluctuation"),
            ),
            Mutant(
                name="faster-rate",
                description="1/n in place of 1/√n",
                regime="n > 1",
                rhs={name: term / sp.sqrt(n) for name, term in vector_deviation().items()},
            ),
            Mutant(
                name="half-scatter",
                description="S_G/2 in place of S_G",
                regime="δ near 1",
                rhs=vector_deviation(scatter=S_G / 2),
            ),
            Mutant(
                name="half-radius",
                description="K_G/2 in place of K_G",
                regime="δ small",
                rhs=vector_deviation(bound=K_G / 2),
            ),
        ),
    ),
    Claim(
        id="T1:bound-B",
        sentence="Every per-datum matrix has ‖B(x₀)‖_F <= max_k E[λ z_k² | x₀], z = (x_t, e(t)).",
        source=REPAIR,
        quantifier=_DATA,
        hypotheses=(_UNIT,),
        relation=Inequality(lhs={"norm": B_norm}, rhs={"reach": reach}),
        note="‖B‖_F <= tr B = E[λ‖h‖² | x₀], and Minkowski's inequality for w·x_t + u·e. No maximum inside the "
        "expectation, so no log d; convex in x₀, hence largest at a corner of a box.",
        mutants=(
            Mutant(
                name="half",
                description="half of the reach",
                regime="one feature, w = 0, u = 1",
                rhs={"reach": reach / 2},
            ),
            Mutant(
                name="lost-square",
                description="the root of the reach",
                regime="reach > 1",
                rhs={"reach": sp.sqrt(reach)},
            ),
            Mutant(name="squared", description="the reach squared", regime="reach < 1", rhs={"reach": reach**2}),
        ),
    ),
    Claim(
        id="T1:bound-b",
        sentence="Every per-datum vector has ‖b(x₀)‖_F <= E_t λ, λ = g² included.",
        source=REPAIR,
        quantifier=_DATA,
        hypotheses=(_UNIT, _STEIN),
        relation=Inequality(lhs={"norm": b_norm}, rhs={"weight": lambda_mean}),
        note="Stein's identity needs no division by the std; |w_i|₂ <= 1 and probabilities <= 1.",
        mutants=(
            Mutant(
                name="half",
                description="half of the mean weight",
                regime="one feature, w = 1, x₀ > 0",
                rhs={"weight": lambda_mean / 2},
            ),
            Mutant(
                name="squared",
                description="the mean weight squared",
                regime="E_t λ < 1",
                rhs={"weight": lambda_mean**2},
            ),
            Mutant(
                name="root",
                description="the root of the mean weight",
                regime="E_t λ > 1",
                rhs={"weight": sp.sqrt(lambda_mean)},
            ),
        ),
    ),
    Claim(
        id="T1:bound-G",
        sentence="The per-datum half-gradient has ‖G(x₀)‖_F <= K_B‖Θ‖ + K_b.",
        source=REPAIR,
        quantifier=_DATA,
        hypotheses=(_STEIN,),
        relation=Inequality(lhs={"norm": G_norm}, rhs={"curvature": K_B * norm_comparator, "labels": K_b}),
        note="The triangle inequality; it forgets that G is small where the comparator fits the datum's own score.",
        mutants=(
            Mutant(
                name="no-labels",
                description="the labels are lost",
                regime="Θ = 0",
                rhs={"curvature": K_B * norm_comparator},
            ),
            Mutant(name="no-curvature", description="the curvature is lost", regime="Θ large", rhs={"labels": K_b}),
            Mutant(
                name="half-curvature",
                description="K_B/2 in place of K_B",
                regime="Θ along B's first eigenvector",
                rhs={"curvature": K_B * norm_comparator / 2, "labels": K_b},
            ),
        ),
    ),
)
