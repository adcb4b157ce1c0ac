"""Lemma 6 of LLZB: the Monte-Carlo error of finitely many random features [25]–[26]."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import (
    Claim,
    Constant,
    ForAll,
    Hypothesis,
    Inequality,
    Mutant,
    Source,
    UpToConstant,
    WithProbability,
)
from theory.symbols import C, K, M, a_max, a_sup, box_moment, coordinate_moment, d, delta, m, mc_error

_LEMMA = Source(paper="LLZB", place="Lemma 6", equation="25")
_REPAIR = Source(paper="scoregap", place="repair of LLZB, Lemma 6", equation="25")
FEATURES = WithProbability(at_least=1 - delta, over="the sampled features")
SAMPLE = Hypothesis(
    name="sampled-features",
    statement="a_i = a(v_i), v_i = (w_i, u_i) i.i.d. from ρ₀, ‖w‖₁+‖u‖₁ <= 1, and s̄(x, t) = E_v a(v) σ(w·x + u·e(t))",
)
SMALL = Hypothesis(name="likely", statement="δ <= 1/2", lesser=delta, greater=sp.Rational(1, 2))
_FOR_ALL = ForAll(over="laws of x_t, embeddings, weights λ and features")
_LOG = sp.log(1 / delta**2)
_TAIL = sp.sqrt(2 * sp.log(1 / delta))
_ERROR = {"error": mc_error}
_ROOT = {"error": sp.sqrt(mc_error)}
_RATE = M / sp.sqrt(m)
_LEVEL = sp.sqrt(2 * sp.log(2))
_LARGEST = d * a_max**2 * coordinate_moment

CLAIMS = (
    Claim(
        id="L6:printed",
        sentence="The Monte-Carlo error is at most a multiple of d log²(1/δ²)/m.",
        source=_LEMMA,
        quantifier=UpToConstant(depends_on=("T",), inner=FEATURES),
        hypotheses=(SAMPLE,),
        relation=Inequality(lhs=_ERROR, rhs={"bound": K * d * _LOG**2 / m}),
        constants={
            "K": Constant(
                symbol=K,
                value=sp.Integer(10),
                hidden=True,
                meaning="the constant that ≲ hides: it may depend on T, λ, e and sup‖a‖∞",
            )
        },
        note="False near δ = 1 for every K: log²(1/δ²) → 0, while for odd m two features ±1 leave an error >= 1/m² "
        "with probability one. The proof puts a high-probability sup bound inside an L² norm and takes no union over "
        "coordinates; for δ <= 1/2 the statement is true nevertheless, L6:small-delta.",
        mutants=(
            Mutant(
                name="one-log",
                description="log(1/δ²) in place of its square",
                regime="δ → 1",
                rhs={"bound": K * d * _LOG / m},
            ),
            Mutant(
                name="no-dimension",
                description="the dimension is lost",
                regime="d large, and δ → 1",
                rhs={"bound": K * _LOG**2 / m},
            ),
            Mutant(
                name="faster-rate",
                description="1/m² in place of 1/m",
                regime="m large, and δ → 1",
                rhs={"bound": K * d * _LOG**2 / m**2},
            ),
        ),
    ),
    Claim(
        id="L6:repaired",
        sentence="√Err_MC <= (M/√m)(1 + √(2 log(1/δ))), M the largest L² norm of a feature with its outer weight.",
        source=_REPAIR,
        quantifier=FEATURES,
        hypotheses=(SAMPLE,),
        relation=Inequality(lhs=_ROOT, rhs={"mean": _RATE, "fluctuation": _RATE * _TAIL}),
        note="HILBERT:deviation for Y = a(v)σ(v·z) in L²(λ p_t dt/T; R^d): no dimension, no sup over x. "
        "HILBERT:diameter gives σ_Y/√m + diam(Y)√(log(1/δ)/(2m)), never larger.",
        mutants=(
            Mutant(
                name="no-mean",
                description="the expectation M/√m is lost",
                regime="δ near 1",
                rhs={"fluctuation": _RATE * _TAIL},
            ),
            Mutant(
                name="half-log",
                description="√(log(1/δ)/2): differences taken as M/m, not 2M/m",
                regime="δ small",
                rhs={"mean": _RATE, "fluctuation": _RATE * _TAIL / 2},
            ),
            Mutant(
                name="no-log", description="the tail term is lost", regime="δ < P(√Err_MC > M/√m)", rhs={"mean": _RATE}
            ),
            Mutant(
                name="no-root",
                description="the bound of the root taken for the error's",
                regime="m = 1, M > 1",
                lhs=_ERROR,
            ),
            Mutant(
                name="faster-rate",
                description="M/m in place of M/√m",
                regime="m >= 2",
                rhs={"mean": M / m, "fluctuation": M / m * _TAIL},
            ),
        ),
    ),
    Claim(
        id="L6:moment",
        sentence="M² <= sup‖a‖² E[λ max(‖x_t‖∞, ‖e‖∞)²].",
        source=_REPAIR,
        quantifier=_FOR_ALL,
        hypotheses=(SAMPLE,),
        relation=Inequality(lhs={"feature": M**2}, rhs={"bound": a_sup**2 * box_moment}),
        note="Hölder: |w·x + u·e| <= (‖w‖₁+‖u‖₁) max(‖x‖∞, ‖e‖∞). The maximum inside the expectation costs log d; "
        "L6:moment-sharp has it outside.",
        mutants=(
            Mutant(
                name="half",
                description="half: as for a symmetric argument of the ReLU",
                regime="u·e large",
                rhs={"bound": a_sup**2 * box_moment / 2},
            ),
            Mutant(
                name="no-square",
                description="sup‖a‖ in place of its square",
                regime="sup‖a‖ > 1",
                rhs={"bound": a_sup * box_moment},
            ),
            Mutant(
                name="root",
                description="the root of the moment",
                regime="coordinates above 1",
                rhs={"bound": a_sup**2 * sp.sqrt(box_moment)},
            ),
        ),
    ),
    Claim(
        id="L6:moment-sharp",
        sentence="M² <= sup‖a‖² max_k E[λ z_k²], z = (x_t, e(t)): the largest second moment of one coordinate.",
        source=_REPAIR,
        quantifier=_FOR_ALL,
        hypotheses=(SAMPLE,),
        relation=Inequality(lhs={"feature": M**2}, rhs={"bound": a_sup**2 * coordinate_moment}),
        note="Minkowski's inequality in L²(λ p_t dt/T): ‖w·x + u·e‖ <= Σ|w_k|‖x_k‖ + Σ|u_k|‖e_k‖. Free of d for data "
        "in a box. Equality at v = a coordinate of e >= 0; a factor 2 above the truth where x_t is symmetric.",
        mutants=(
            Mutant(
                name="half",
                description="half: as for a symmetric argument of the ReLU",
                regime="e large, or x far from 0",
                rhs={"bound": a_sup**2 * coordinate_moment / 2},
            ),
            Mutant(
                name="no-square",
                description="sup‖a‖ in place of its square",
                regime="sup‖a‖ > 1",
                rhs={"bound": a_sup * coordinate_moment},
            ),
            Mutant(
                name="one-per-cent",
                description="1 % smaller",
                regime="v a coordinate of e",
                rhs={"bound": sp.Rational(99, 100) * a_sup**2 * coordinate_moment},
            ),
        ),
    ),
    Claim(
        id="L6:small-delta",
        sentence="For δ <= 1/2, Err_MC <= C d sup‖a‖∞² max_k E[λ z_k²] log²(1/δ²)/m.",
        source=_REPAIR,
        quantifier=FEATURES,
        hypotheses=(SAMPLE, SMALL),
        relation=Inequality(lhs=_ERROR, rhs={"bound": C * _LARGEST * _LOG**2 / m}),
        constants={
            "C": Constant(
                symbol=C, value=((1 + _LEVEL) / _LEVEL**2) ** 2, meaning="(1+s)²/s⁴ at s = √(2 log 2), where δ = 1/2"
            )
        },
        note="The printed form, away from δ = 1, with its constant explicit and free of d: the statement is right "
        "where its proof is not. One power of the logarithm is enough, with (1+s)²/s² in place of (1+s)²/s⁴.",
        mutants=(
            Mutant(
                name="no-dimension",
                description="the dimension is lost",
                regime="d >= 5, m = 1, δ = 1/2",
                rhs={"bound": C * a_max**2 * coordinate_moment * _LOG**2 / m},
            ),
            Mutant(
                name="no-log", description="the logarithm is lost", regime="δ small", rhs={"bound": C * _LARGEST / m}
            ),
            Mutant(
                name="no-square",
                description="sup‖a‖∞ in place of its square",
                regime="sup‖a‖∞ large",
                rhs={"bound": C * d * a_max * coordinate_moment * _LOG**2 / m},
            ),
            Mutant(
                name="faster-rate",
                description="1/m² in place of 1/m",
                regime="m large, δ near 1/2",
                rhs={"bound": C * _LARGEST * _LOG**2 / m**2},
            ),
            Mutant(
                name="constant-half", description="C = 1/2", regime="m = 1, δ = 1/2", constants={"C": sp.Rational(1, 2)}
            ),
        ),
    ),
)

FAMILY = Family(key="L6", subject="Lemma 6: Monte-Carlo error of random features", claims=CLAIMS)
