"""The concentration lemma behind Lemma 6 and Theorem 1: empirical means in a Hilbert space."""

from __future__ import annotations

import sympy as sp

from theory.statement import Claim, Hypothesis, Inequality, InExpectation, Mutant, Source, WithProbability
from theory.symbols import M, delta, mean_deviation, n

_SOURCE = Source(paper="scoregap", place="concentration lemma used by the repairs of LLZB, Lemma 6 and Theorem 1")
_SAMPLE = Hypothesis(name="bounded-iid", statement="Y₁, …, Yₙ are i.i.d. in a separable Hilbert space with ‖Y‖ <= M")
_RATE = M / sp.sqrt(n)
_TAIL = sp.sqrt(2 * sp.log(1 / delta))
_LEFT = {"deviation": mean_deviation}

CLAIMS = (
    Claim(
        id="HILBERT:mean",
        sentence="The empirical mean of bounded i.i.d. vectors deviates by at most M/√n in expectation.",
        source=_SOURCE,
        quantifier=InExpectation(range=(sp.S.Zero, 2 * M), over="the sample"),
        hypotheses=(_SAMPLE,),
        relation=Inequality(lhs=_LEFT, rhs={"mean": _RATE}),
        note="Jensen and independence: E‖·‖² = (E‖Y‖² − ‖EY‖²)/n <= M²/n; equality for n = 1, ‖Y‖ = M, EY = 0.",
        mutants=(
            Mutant(name="faster-rate", description="M/n in place of M/√n", regime="n >= 2", rhs={"mean": M / n}),
            Mutant(name="off-by-one", description="M/√(n+1)", regime="n = 1, ‖Y‖ = M, EY = 0",
                   rhs={"mean": M / sp.sqrt(n + 1)}),
            Mutant(name="half", description="M/(2√n)", regime="EY = 0", rhs={"mean": _RATE / 2}),
        ),
    ),
    Claim(
        id="HILBERT:deviation",
        sentence="The empirical mean of bounded i.i.d. vectors deviates by at most (M/√n)(1 + √(2 log(1/δ))).",
        source=_SOURCE,
        quantifier=WithProbability(at_least=1 - delta, over="the sample"),
        hypotheses=(_SAMPLE,),
        relation=Inequality(lhs=_LEFT, rhs={"mean": _RATE, "fluctuation": _RATE * _TAIL}),
        depends_on=("HILBERT:mean",),
        note="Bounded differences with c = 2M/n around the expectation; no dimension enters.",
        mutants=(
            Mutant(name="no-mean", description="the expectation M/√n is lost", regime="δ near 1",
                   rhs={"fluctuation": _RATE * _TAIL}),
            Mutant(name="half-log", description="√(log(1/δ)/2): differences taken as M/n, not 2M/n",
                   regime="δ small", rhs={"mean": _RATE, "fluctuation": _RATE * _TAIL / 2}),
            Mutant(name="no-fluctuation", description="the tail term is lost", regime="δ < P(deviation > M/√n)",
                   rhs={"mean": _RATE}),
            Mutant(name="faster-rate", description="M/n in place of M/√n", regime="n >= 2",
                   rhs={"mean": M / n, "fluctuation": M / n * _TAIL}),
        ),
    ),
)
