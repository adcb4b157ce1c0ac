"""The concentration lemma behind Lemma 6 and Theorem 1: empirical means in a Hilbert space."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Hypothesis, Inequality, InExpectation, Mutant, Source, WithProbability
from theory.symbols import M, delta, diameter, mean_deviation, n, op_deviation, sigma_Y

_SOURCE = Source(paper="scoregap", place="concentration lemma used by the repairs of LLZB, Lemma 6 and Theorem 1")
_SAMPLE = Hypothesis(name="bounded-iid", statement="Y₁, …, Yₙ are i.i.d. in a separable Hilbert space with ‖Y‖ <= M")
_SPREAD = Hypothesis(
    name="spread-iid",
    statement="Y₁, …, Yₙ are i.i.d. in a separable Hilbert space with "
    "E‖Y−EY‖² <= σ_Y² and ‖Y−Y'‖ <= diam Y for two independent copies",
)
_MOMENT = Hypothesis(
    name="moment-iid",
    statement="Y₁, …, Yₙ are i.i.d. in a separable Hilbert space with E‖Y−EY‖² <= σ_Y²; no bound on ‖Y‖",
)
_POSITIVE = Hypothesis(
    name="positive-iid",
    statement="Y₁, …, Yₙ are i.i.d. Hilbert–Schmidt operators with 0 ⪯ Y ⪯ M·I and E‖Y−EY‖_F² <= σ_Y²",
)
_RATE = M / sp.sqrt(n)
_TAIL = sp.sqrt(2 * sp.log(1 / delta))
_LEFT = {"deviation": mean_deviation}
_WITH_PROBABILITY = WithProbability(at_least=1 - delta, over="the sample")
_HALF_TAIL = sp.sqrt(sp.log(1 / delta) / (2 * n))
_SPREAD_RATE = sigma_Y / sp.sqrt(n)
_CHEBYSHEV = sigma_Y / sp.sqrt(n * delta)

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
            Mutant(
                name="off-by-one",
                description="M/√(n+1)",
                regime="n = 1, ‖Y‖ = M, EY = 0",
                rhs={"mean": M / sp.sqrt(n + 1)},
            ),
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
        note="Bounded differences with c = 2M/n around the expectation; no dimension enters.",
        mutants=(
            Mutant(
                name="no-mean",
                description="the expectation M/√n is lost",
                regime="δ near 1",
                rhs={"fluctuation": _RATE * _TAIL},
            ),
            Mutant(
                name="half-log",
                description="√(log(1/δ)/2): differences taken as M/n, not 2M/n",
                regime="δ small",
                rhs={"mean": _RATE, "fluctuation": _RATE * _TAIL / 2},
            ),
            Mutant(
                name="no-fluctuation",
                description="the tail term is lost",
                regime="δ < P(deviation > M/√n)",
                rhs={"mean": _RATE},
            ),
            Mutant(
                name="faster-rate",
                description="M/n in place of M/√n",
                regime="n >= 2",
                rhs={"mean": M / n, "fluctuation": M / n * _TAIL},
            ),
        ),
    ),
    Claim(
        id="HILBERT:diameter",
        sentence="The empirical mean deviates by at most σ_Y/√n + diam(Y)√(log(1/δ)/(2n)).",
        source=_SOURCE,
        quantifier=_WITH_PROBABILITY,
        hypotheses=(_SPREAD,),
        relation=Inequality(lhs=_LEFT, rhs={"mean": _SPREAD_RATE, "fluctuation": diameter * _HALF_TAIL}),
        note="Bounded differences with c = diam(Y)/n around E‖·‖ <= σ_Y/√n. With σ_Y <= M and diam Y <= 2M it is "
        "HILBERT:deviation; σ_Y <= diam(Y)/√2 always. Fair coins: the exponent of the tail is exact as n → ∞.",
        mutants=(
            Mutant(
                name="half-diameter",
                description="diam(Y)/2: the radius in place of the diameter",
                regime="δ small",
                rhs={"mean": _SPREAD_RATE, "fluctuation": diameter * _HALF_TAIL / 2},
            ),
            Mutant(
                name="half-mean",
                description="σ_Y/(2√n)",
                regime="n = 1, fair coin, δ near 1",
                rhs={"mean": _SPREAD_RATE / 2, "fluctuation": diameter * _HALF_TAIL},
            ),
            Mutant(
                name="no-fluctuation",
                description="the tail term is lost",
                regime="δ < P(deviation > σ_Y/√n)",
                rhs={"mean": _SPREAD_RATE},
            ),
            Mutant(
                name="variance-tail",
                description="2σ_Y in place of diam Y: a tail by the variance alone",
                regime="rare large values",
                rhs={"mean": _SPREAD_RATE, "fluctuation": 2 * sigma_Y * _HALF_TAIL},
            ),
            Mutant(
                name="faster-rate",
                description="1/n in place of 1/√n",
                regime="n >= 2",
                rhs={"mean": sigma_Y / n, "fluctuation": diameter * sp.sqrt(sp.log(1 / delta) / 2) / n},
            ),
        ),
    ),
    Claim(
        id="HILBERT:operator",
        sentence="The mean of positive operators deviates in operator norm by at most σ_Y/√n + M√(log(1/δ)/(2n)).",
        source=_SOURCE,
        quantifier=_WITH_PROBABILITY,
        hypotheses=(_POSITIVE,),
        relation=Inequality(lhs={"deviation": op_deviation}, rhs={"mean": _SPREAD_RATE, "fluctuation": M * _HALF_TAIL}),
        note="−M <= Y−Y' <= M, so one operator moves the norm by M/n, half of what ‖Y‖ <= M alone gives; "
        "E‖·‖_op <= E‖·‖_F; σ_Y² <= E‖Y‖_F². Equality at n = 1, Y = 0 or M on a line, δ → 1. σ_Y cannot be replaced by "
        "M; for operators of high rank and n large a matrix Bernstein bound is smaller.",
        mutants=(
            Mutant(
                name="half-bound",
                description="M/2 in place of M",
                regime="δ small",
                rhs={"mean": _SPREAD_RATE, "fluctuation": M * _HALF_TAIL / 2},
            ),
            Mutant(
                name="half-mean",
                description="σ_Y/(2√n)",
                regime="n = 1, a fair choice of 0 or 1, δ near 1",
                rhs={"mean": _SPREAD_RATE / 2, "fluctuation": M * _HALF_TAIL},
            ),
            Mutant(
                name="operator-mean",
                description="M in place of σ_Y: the dimension is lost",
                regime="operators of high rank",
                rhs={"mean": _RATE, "fluctuation": M * _HALF_TAIL},
            ),
            Mutant(
                name="no-fluctuation",
                description="the tail term is lost",
                regime="δ < P(deviation > σ_Y/√n)",
                rhs={"mean": _SPREAD_RATE},
            ),
            Mutant(
                name="faster-rate",
                description="1/n in place of 1/√n",
                regime="n >= 2",
                rhs={"mean": sigma_Y / n, "fluctuation": M * sp.sqrt(sp.log(1 / delta) / 2) / n},
            ),
        ),
    ),
    Claim(
        id="HILBERT:second-moment",
        sentence="The empirical mean deviates by at most σ_Y/√(nδ), without any bound on ‖Y‖.",
        source=_SOURCE,
        quantifier=_WITH_PROBABILITY,
        hypotheses=(_MOMENT,),
        relation=Inequality(lhs=_LEFT, rhs={"mean": _CHEBYSHEV}),
        note="Chebyshev. Sharp at n = 1 (Y = ±a with probability δ/2 each, else 0), and for every n as the two values "
        "become rare: no logarithm of 1/δ is possible without a bound on ‖Y‖.",
        mutants=(
            Mutant(
                name="half",
                description="σ_Y/√(2nδ)",
                regime="n = 1, rare values",
                rhs={"mean": _CHEBYSHEV / sp.sqrt(2)},
            ),
            Mutant(
                name="log-tail",
                description="σ_Y(1+√(2 log(1/δ)))/√n: a sub-Gaussian tail",
                regime="rare values",
                rhs={"mean": _SPREAD_RATE * (1 + _TAIL)},
            ),
            Mutant(
                name="one-per-cent",
                description="1 % smaller",
                regime="n = 1, rare values",
                rhs={"mean": sp.Rational(99, 100) * _CHEBYSHEV},
            ),
            Mutant(
                name="faster-rate",
                description="σ_Y/(n√δ)",
                regime="n >= 2",
                rhs={"mean": sigma_Y / (n * sp.sqrt(delta))},
            ),
        ),
    ),
)

FAMILY = Family(key="HILBERT", subject="concentration of means in a Hilbert space", claims=CLAIMS)
