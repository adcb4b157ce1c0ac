"""Theorem 1 of LLZB, repaired: a comparator that samples an infinite-width network, Lemma 6 in the chain."""

from __future__ import annotations

import sympy as sp

from theory.claims.lemma_6 import FEATURES, SAMPLE
from theory.claims.theorem_1 import without
from theory.statement import Claim, Inequality, Mutant, Source
from theory.symbols import M, delta, loss_bar, loss_comparator, m

_ROOT = M / sp.sqrt(m) * (1 + sp.sqrt(2 * sp.log(1 / delta)))
_TERMS = {"infinite width": loss_bar, "features": _ROOT**2, "cross": 2 * sp.sqrt(loss_bar) * _ROOT}

CLAIMS = (
    Claim(
        id="T1:width",
        sentence="With probability 1−δ a comparator Θ of m sampled features has L̃(Θ) <= "
        "(√L̄ + (M/√m)(1 + √(2 log(1/δ))))², L̄ the loss of the network that it samples.",
        source=Source(paper="scoregap", place="repair of LLZB, Theorem 1"),
        quantifier=FEATURES, hypotheses=(SAMPLE,),
        relation=Inequality(lhs={"loss": loss_comparator}, rhs=_TERMS),
        depends_on=("L6:repaired",),
        note="Minkowski with L6:repaired: the term 1/m of Theorem 1. The factor 1 in front of L̄ replaces the 2 of "
        "2a + 2b; with T1:repaired and T1:concentration the events take δ/3 each.",
        mutants=(
            Mutant(name="no-cross", description="a + b in place of (√a + √b)²", regime="L̄ large",
                   rhs=without(_TERMS, "cross")),
            Mutant(name="no-infinite-width", description="L̄ is lost", regime="L̄ > M²",
                   rhs=without(_TERMS, "infinite width", "cross")),
            Mutant(name="no-log", description="the logarithm is lost", regime="δ small, L̄ = 0",
                   rhs={"infinite width": loss_bar, "features": M**2 / m, "cross": 2 * M * sp.sqrt(loss_bar / m)}),
            Mutant(name="faster-rate", description="1/m² in place of 1/m", regime="m >= 2, L̄ = 0",
                   rhs={**_TERMS, "features": _ROOT**2 / m, "cross": 2 * sp.sqrt(loss_bar / m) * _ROOT}),
        )),
)
