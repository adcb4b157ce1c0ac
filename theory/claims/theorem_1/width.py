"""Theorem 1 of LLZB, repaired: a comparator that samples an infinite-width network, Lemma 6 in the chain."""

from __future__ import annotations

import sympy as sp

from theory.claims.lemma_6 import FEATURES, SAMPLE
from theory.claims.theorem_1.bound import CLAIMS as BOUNDS
from theory.claims.theorem_1.chain import REPAIR, without
from theory.statement import Claim, Hypothesis, Inequality, Mutant, WithProbability
from theory.symbols import M, T, delta, kl_learned, loss_bar, loss_comparator, loss_minimum, m

_ROOT = M / sp.sqrt(m) * (1 + sp.sqrt(2 * sp.log(1 / delta)))
_TERMS = {"infinite width": loss_bar, "features": _ROOT**2, "cross": 2 * sp.sqrt(loss_bar) * _ROOT}
_SIMPLE = next(claim for claim in BOUNDS if claim.id == "T1:simple")
_APART = Hypothesis(name="apart", statement="the sampled features are independent of the data")
_SHARE = {delta: delta / 3}
"""The sampled features and the two deviations of the data fail with probability δ/3 each."""


def _sampled(terms: dict[str, sp.Expr] = _TERMS) -> dict[str, sp.Expr]:
    """T1:simple without its gain from the least loss, at T1:width's bound on the comparator's loss."""
    width = {name: term.subs(_SHARE) for name, term in terms.items()}
    loss = sp.Add(*width.values())
    rest = {
        name: term.subs({delta: 2 * delta / 3}).subs({loss_minimum: 0, loss_comparator: loss})
        for name, term in _SIMPLE.relation.rhs.items()
        if name != "approximation"
    }
    return {name: T * term for name, term in width.items()} | rest


CLAIMS = (
    Claim(
        id="T1:width",
        sentence="With probability 1−δ a comparator Θ of m sampled features has L̃(Θ) <= "
        "(√L̄ + (M/√m)(1 + √(2 log(1/δ))))², L̄ the loss of the network that it samples.",
        source=REPAIR,
        quantifier=FEATURES,
        hypotheses=(SAMPLE,),
        relation=Inequality(lhs={"loss": loss_comparator}, rhs=_TERMS),
        note="Minkowski with L6:repaired: the term 1/m of Theorem 1. The factor 1 in front of L̄ replaces the 2 of "
        "2a + 2b; with T1:repaired and T1:concentration the events take δ/3 each.",
        mutants=(
            Mutant(
                name="no-cross",
                description="a + b in place of (√a + √b)²",
                regime="L̄ large",
                rhs=without(_TERMS, "cross"),
            ),
            Mutant(
                name="no-infinite-width",
                description="L̄ is lost",
                regime="L̄ > M²",
                rhs=without(_TERMS, "infinite width", "cross"),
            ),
            Mutant(
                name="no-log",
                description="the logarithm is lost",
                regime="δ small, L̄ = 0",
                rhs={"infinite width": loss_bar, "features": M**2 / m, "cross": 2 * M * sp.sqrt(loss_bar / m)},
            ),
            Mutant(
                name="faster-rate",
                description="1/m² in place of 1/m",
                regime="m >= 2, L̄ = 0",
                rhs={**_TERMS, "features": _ROOT**2 / m, "cross": 2 * sp.sqrt(loss_bar / m) * _ROOT},
            ),
        ),
    ),
    Claim(
        id="T1:sampled",
        sentence="With probability 1−δ over features and data, Theorem 1 with all of its terms: T(√L̄ + (M/√m)ℓ)² for m "
        "sampled features, ‖Θ₀−Θ‖²T/(4τ), what the data add to these features, and KL(p_T‖π).",
        source=REPAIR,
        quantifier=WithProbability(at_least=1 - delta, over="the sampled features and the n data"),
        hypotheses=(SAMPLE, _APART, *_SIMPLE.hypotheses),
        setting=_SIMPLE.setting,
        constants=_SIMPLE.constants,
        relation=Inequality(lhs={"divergence": kl_learned}, rhs=_sampled()),
        note="ℓ = 1 + √(2 log(3/δ)). S_B, K_B, S_G, K_G and ‖Θ₀−Θ‖ are those of the sampled features: random as "
        "these are, numbers once they are drawn. Leading behaviour L̄ + 1/m + 1/τ + τ/n + n^{−1/2}: with τ = Θ(√n) the "
        "rate is n^{−1/2} + 1/m, where the printed bound has n^{−2/5} + m^{−4/5}. Twice as large as needed where one "
        "part dominates: T1:repaired with T1:width keeps the roots together.",
        mutants=(
            Mutant(
                name="average-for-integral",
                description="1/2 in place of T, as Lemma 2 is printed",
                regime="T > 4, τ small",
                rhs={name: term / (2 * T) if name != "prior" else term for name, term in _sampled().items()},
            ),
            Mutant(
                name="no-comparator",
                description="the comparator's loss is lost",
                regime="n and τ large",
                rhs=without(_sampled(), *_TERMS),
            ),
            Mutant(
                name="no-optimisation",
                description="‖Θ₀−Θ‖²/τ is lost",
                regime="τ small, Θ₀ far from Θ",
                rhs=without(_sampled(), "optimisation"),
            ),
        ),
    ),
)
