"""Lemma 7 of LLZB: the forward process started from a symmetric two-mode mixture [39]–[40]."""

from __future__ import annotations

import sympy as sp

from theory.claims.lemma_1 import C_T, PRINTED_TAIL
from theory.family import Family
from theory.statement import Claim, Constant, Hypothesis, Inequality, Mutant, Source, UpToConstant, WithProbability
from theory.symbols import K, delta, mode_gap, mu, r, v, xt_abs

_LEMMA = Source(paper="LLZB", place="Lemma 7", equation="39")
_REPAIR = Source(paper="scoregap", place="repair of LLZB, Lemma 7", equation="39")
_RANDOM = WithProbability(at_least=1 - delta, over="x(0) and the noise of the forward process")
_MODES = Hypothesis(name="two-modes", statement="x(0) ~ (1−q) N(−μ, 1) + q N(μ, 1), any weight q in [0, 1], d = 1")
_TAIL = sp.sqrt(2 * sp.log(1 / delta))
_STD = r * sp.sqrt(1 + v**2)

CLAIMS = (
    Claim(
        id="L7:printed",
        sentence="The forward process from two modes is bounded by a multiple of C_T(μ + √log(1/δ²)).",
        source=_LEMMA,
        quantifier=UpToConstant(depends_on=("T",), inner=_RANDOM),
        hypotheses=(_MODES,),
        relation=Inequality(lhs={"position": xt_abs}, rhs={"modes": K * C_T * mu, "noise": K * C_T * PRINTED_TAIL}),
        constants={"K": Constant(symbol=K, value=sp.sqrt(2), hidden=True, meaning="the constant that ≲ hides")},
        note="Printed for μ > √log(1/δ²); true with K = √2 for every μ >= 0, where √2 is sharp (μ = 0, v = 1, δ → 0).",
        mutants=(
            Mutant(
                name="no-modes",
                description="the term in μ is lost",
                regime="μ large",
                rhs={"noise": K * C_T * PRINTED_TAIL},
            ),
            Mutant(
                name="log-mu",
                description="log(1+μ) in place of μ",
                regime="μ large",
                rhs={"modes": K * C_T * sp.log(1 + mu), "noise": K * C_T * sp.sqrt(sp.log(1 + mu))},
            ),
            Mutant(
                name="root-mu",
                description="√μ in place of μ",
                regime="μ large",
                rhs={"modes": K * C_T * sp.sqrt(mu), "noise": K * C_T * PRINTED_TAIL},
            ),
        ),
    ),
    Claim(
        id="L7:repaired",
        sentence="|x(t)| <= r(μ + √(1+v²)√(2 log(1/δ))) for every μ >= 0.",
        source=_REPAIR,
        quantifier=_RANDOM,
        hypotheses=(_MODES,),
        relation=Inequality(lhs={"position": xt_abs}, rhs={"modes": r * mu, "noise": _STD * _TAIL}),
        note="x(t) is a mixture of N(±rμ, r²(1+v²)); 2Q(u) <= exp(-u²/2).",
        mutants=(
            Mutant(
                name="no-data-variance",
                description="√(1+v²) → v: the modes' own variance is lost",
                regime="v small",
                rhs={"modes": r * mu, "noise": r * v * _TAIL},
            ),
            Mutant(
                name="no-two",
                description="√log(1/δ): the factor 2 is lost",
                regime="δ small",
                rhs={"modes": r * mu, "noise": _STD * sp.sqrt(sp.log(1 / delta))},
            ),
            Mutant(name="no-modes", description="the term in μ is lost", regime="μ > 0", rhs={"noise": _STD * _TAIL}),
            Mutant(
                name="adds-std",
                description="(1+v)/√2 in place of √(1+v²): Jensen the wrong way",
                regime="v ≠ 1",
                rhs={"modes": r * mu, "noise": r * (1 + v) / sp.sqrt(2) * _TAIL},
            ),
        ),
    ),
    Claim(
        id="L7:mode",
        sentence="|x(0)| lies within √log(1/δ²) of μ with probability at least 1−δ.",
        source=Source(paper="LLZB", place="Lemma 7", equation="40"),
        quantifier=_RANDOM,
        hypotheses=(_MODES,),
        relation=Inequality(lhs={"gap": mode_gap}, rhs={"width": PRINTED_TAIL}),
        note="Printed for μ > √log(1/δ²), which only keeps the interval away from 0; true for every μ >= 0.",
        mutants=(
            Mutant(
                name="no-square",
                description="√log(1/δ): the square is lost",
                regime="δ small",
                rhs={"width": sp.sqrt(sp.log(1 / delta))},
            ),
            Mutant(
                name="one-sided",
                description="√(2 log(1/(2δ))): the tail of one side",
                regime="δ <= 1/2",
                rhs={"width": sp.sqrt(2 * sp.log(sp.Max(1, 1 / (2 * delta))))},
            ),
            Mutant(
                name="half-width", description="half the width", regime="everywhere", rhs={"width": PRINTED_TAIL / 2}
            ),
        ),
    ),
)

FAMILY = Family(key="L7", subject="Lemma 7: forward perturbation of two modes", claims=CLAIMS)
