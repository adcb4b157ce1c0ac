"""IT9, the hypotheses of CZS, Theorems 6.2 and 6.3: a bounded score, and a finite explicit loss on the data."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Inequality, Mutant, Source, UpToConstant
from theory.symbols import (
    C,
    K,
    T,
    d,
    early,
    explicit_hat,
    fisher_floor,
    fisher_floor_law,
    fisher_floor_signed,
    n,
    score_limit,
)

_PRINTED = Source(paper="CZS", place="Theorem 6.3 with Theorem 6.2 [r: ‖s‖ <= L, and L̂_ESM from 0 on]")
_REPAIR = Source(paper="scoregap", place="repair of CZS, Theorems 6.2 and 6.3")
_BOUNDED = Hypothesis(name="bounded", statement="‖s(x, t)‖ <= L for all x and t, L fixed; n different data points")
_EARLY = Hypothesis(name="early", statement="ε < T", lesser=early, greater=T, strict=True)
_LIMIT = Hypothesis(name="bounded", statement="Ornstein–Uhlenbeck, and ‖s(x, t)‖ <= L for all x and t")
_MOMENT = Hypothesis(name="second-moment", statement="E‖x(0)‖² is finite")
_DATA = Hypothesis(name="iid", statement="the data X₁, …, Xₙ are i.i.d. from P")
_SIZE = Hypothesis(name="size", statement="p̂ is the empirical law of n data")
_LOG = sp.log(1 / early) / 2
_GROWTH = d * sp.log((sp.exp(2 * T) - 1) / (sp.exp(2 * early) - 1)) / 2
_LIMITED = score_limit * sp.sqrt(T - early)
_NEEDED = {"points": sp.log(n), "score": (sp.sqrt(explicit_hat) + _LIMITED) ** 2}

CLAIMS = (
    Claim(
        id="IT9:printed",
        sentence="A bounded score has an explicit loss on the data that is bounded as ε → 0.",
        source=_PRINTED,
        quantifier=UpToConstant(depends_on=("L", "T"), inner=ForAll(over="times ε and data sets")),
        hypotheses=(_BOUNDED,),
        relation=Inequality(lhs={"loss": explicit_hat}, rhs={"constant": K}),
        constants={"K": Constant(symbol=K, value=sp.S.One, hidden=True, meaning="a finite L̂_ESM")},
        note="False: J(p̂_t) is d/(1 − e^{−2t}) nearly, so that the loss of every score with ‖s‖ <= L grows like "
        "(d/2)log(1/ε), and the two hypotheses exclude each other. Points ±1, T = 1, L = 5: at least 0.0115, 1.2914, "
        "3.4692, 5.7591 at ε = 10⁻², 10⁻⁴, 10⁻⁶, 10⁻⁸. The repair keeps ε > 0 (IT12:repaired), or lets L depend on t.",
        mutants=(
            Mutant(
                name="fourth-root",
                description="up to a constant times the fourth root of log(1/ε)",
                regime="ε → 0",
                rhs={"constant": K * _LOG ** sp.Rational(1, 4)},
            ),
            Mutant(
                name="root",
                description="up to a constant times √log(1/ε)",
                regime="ε → 0",
                rhs={"constant": K * sp.sqrt(_LOG)},
            ),
            Mutant(
                name="two-thirds",
                description="up to a constant times log(1/ε)^{2/3}",
                regime="ε → 0",
                rhs={"constant": K * _LOG ** sp.Rational(2, 3)},
            ),
        ),
    ),
    Claim(
        id="IT9:repaired",
        sentence="A score with ‖s‖ <= L has an explicit loss of at least ½∫β(√J(p̂_t) − L)₊² dt on the data.",
        source=_REPAIR,
        quantifier=ForAll(over="data sets, bounds L, and times 0 < ε < T"),
        hypotheses=(_EARLY, _LIMIT),
        relation=Inequality(lhs={"floor": C * fisher_floor}, rhs={"loss": explicit_hat}),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="attained by L = 0")},
        note="Minkowski: √E‖s − ∇log p̂_t‖² >= √J(p̂_t) − L. The score that comes nearest is ∇log p̂_t cut at L.",
        mutants=(
            Mutant(
                name="no-positive-part",
                description="(·)₊ is dropped",
                regime="√J < L",
                lhs={"floor": C * fisher_floor_signed},
            ),
            Mutant(name="no-half", description="∫β in place of ½∫β", regime="L = 0", constants={"C": sp.Integer(2)}),
            Mutant(name="tenth", description="a tenth more", regime="L = 0", constants={"C": sp.Rational(11, 10)}),
            Mutant(
                name="of-the-law",
                description="J(p_t) of the law in place of the data's",
                regime="data that are spread wider than the law",
                lhs={"floor": C * fisher_floor_law},
            ),
        ),
    ),
    Claim(
        id="IT9:growth",
        sentence="The explicit loss of a score with ‖s‖ <= L grows at least like (d/2)log(1/ε): (d/2)log((e^{2T} − 1)/"
        "(e^{2ε} − 1)) is at most log n + (√L̂_ESM + L√(T − ε))².",
        source=_REPAIR,
        quantifier=ForAll(over="data sets, bounds L, and times 0 < ε < T"),
        hypotheses=(_EARLY, _LIMIT, _SIZE, _DATA, _MOMENT),
        relation=Inequality(lhs={"growth": _GROWTH}, rhs=_NEEDED),
        note="The left side is the denoising loss of the score 0, ½∫β d/(1 − e^{−2t}): its explicit loss, ½∫βJ(p̂_t), "
        "is less by Î_ε − Î_T <= log n. Equality for one datum and L = 0.",
        mutants=(
            Mutant(
                name="twice",
                description="d log(1/ε) in place of (d/2)log(1/ε)",
                regime="one datum, ε small",
                lhs={"growth": 2 * _GROWTH},
            ),
            Mutant(
                name="no-points",
                description="log n is lost",
                regime="L = 0, different data",
                rhs={"score": _NEEDED["score"]},
            ),
            Mutant(
                name="squares",
                description="L̂_ESM + L²(T − ε) in place of the square of the sum",
                regime="L below √J",
                rhs={"points": sp.log(n), "score": explicit_hat + _LIMITED**2},
            ),
        ),
    ),
)

FAMILY = Family(key="IT9", subject="bounded scores and finite losses on data", claims=CLAIMS)
