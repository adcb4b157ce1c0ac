"""The information of the forward process: its course in time, its part between two losses, its bounds by pairs."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, ForAll, Hypothesis, Identity, Inequality, Mutant, Source
from theory.symbols import (
    T,
    batch_information,
    d,
    denoising_hat,
    denoising_law,
    early,
    excess_data,
    explicit_hat,
    explicit_law,
    fisher_end,
    information_data,
    information_early,
    information_hat,
    information_law,
    information_slope,
    mean_information_data,
    mmse,
    n,
    pair_eighth,
    pair_half,
)

_OWN = Source(paper="scoregap", place="the information terms of CZS, Theorem 6.2")
_OU = Hypothesis(name="ornstein-uhlenbeck", statement="dx = −x dt + √2 dW and π = N(0, I)")
_MOMENT = Hypothesis(name="second-moment", statement="E‖x(0)‖² is finite")
_EARLY = Hypothesis(name="early", statement="ε < T", lesser=early, greater=T, strict=True)
_DATA = Hypothesis(name="iid", statement="the data X₁, …, Xₙ are i.i.d. from P")
_SIZE = Hypothesis(name="size", statement="p̂ is the empirical law of n data")
_ALL = ForAll(over="laws of the data and horizons")
_TIMES = ForAll(over="laws of the data, scores and times ε < T")
_SETS = ForAll(over="data sets and horizons")
_LEFT_OVER = sp.exp(-2 * T)
_SPREAD = 1 - _LEFT_OVER


def _slope(factor: sp.Expr) -> dict[str, sp.Expr]:
    return {"kernel": -factor * d / _SPREAD, "marginal": factor * fisher_end}


CLAIMS = (
    Claim(
        id="IT4:slope",
        sentence="d/dT I(X; X_T) = −(d/(1 − e^{−2T}) − J(p_T)).",
        source=_OWN,
        quantifier=_ALL,
        hypotheses=(_OU, _MOMENT),
        relation=Identity(lhs={"slope": information_slope}, rhs=_slope(sp.S.One)),
        note="−(β/2)(d/(rv)² − J(p_T)) with β = 2. The difference is what no score can undo in denoising.",
        mutants=(
            Mutant(name="twice", description="β in place of β/2", regime="every law", rhs=_slope(sp.Integer(2))),
            Mutant(name="lost-fisher", description="J(p_T) is lost", regime="every law", rhs={"kernel": -d / _SPREAD}),
            Mutant(
                name="std",
                description="√(1 − e^{−2T}) in place of 1 − e^{−2T}",
                regime="every law",
                rhs={"kernel": -d / sp.sqrt(_SPREAD), "marginal": fisher_end},
            ),
        ),
    ),
    Claim(
        id="IT4:mmse",
        sentence="d/dT I(X; X_T) = −(r²/(rv)⁴) E‖X − E[X|X_T]‖², r = e^{−T}, (rv)² = 1 − e^{−2T}.",
        source=_OWN,
        quantifier=_ALL,
        hypotheses=(_OU, _MOMENT),
        relation=Identity(lhs={"slope": information_slope}, rhs={"error": -_LEFT_OVER / _SPREAD**2 * mmse}),
        note="Guo, Shamai and Verdú in the clock of the process.",
        mutants=(
            Mutant(
                name="twice",
                description="β in place of β/2",
                regime="every law but a point",
                rhs={"error": -2 * _LEFT_OVER / _SPREAD**2 * mmse},
            ),
            Mutant(
                name="first-power",
                description="r²/(rv)² in place of r²/(rv)⁴",
                regime="every law but a point",
                rhs={"error": -_LEFT_OVER / _SPREAD * mmse},
            ),
            Mutant(
                name="no-scale",
                description="1/(rv)⁴ in place of r²/(rv)⁴",
                regime="every law but a point",
                rhs={"error": -mmse / _SPREAD**2},
            ),
        ),
    ),
    Claim(
        id="IT4:decreasing",
        sentence="The information does not grow in time: I(X; X_T) <= I(X; X_ε) for ε < T.",
        source=_OWN,
        quantifier=ForAll(over="laws of the data and times ε < T"),
        hypotheses=(_EARLY, _MOMENT),
        relation=Inequality(lhs={"later": information_law}, rhs={"earlier": information_early}),
        note="Equality for one point.",
        mutants=(
            Mutant(
                name="one-per-cent",
                description="1 % less",
                regime="ε near T",
                rhs={"earlier": sp.Rational(99, 100) * information_early},
            ),
            Mutant(
                name="reversed",
                description="it does not fall",
                regime="every law but a point",
                lhs={"earlier": information_early},
                rhs={"later": information_law},
            ),
            Mutant(
                name="contracted",
                description="it falls like e^{−2T}, as a divergence from π does",
                regime="points far apart",
                rhs={"earlier": sp.exp(-2 * (T - early)) * information_early},
            ),
        ),
    ),
    Claim(
        id="IT4:losses",
        sentence="L_DSM − L_ESM = I(X; X_ε) − I(X; X_T), for every score.",
        source=_OWN,
        quantifier=_TIMES,
        hypotheses=(_EARLY, _MOMENT),
        relation=Identity(
            lhs={"denoising": denoising_law, "explicit": -explicit_law},
            rhs={"earlier": information_early, "later": -information_law},
        ),
        note="So the printed bound's information term and its loss are one: −Î_T + L̂_ESM = L̂_DSM − Î_ε. Points ±1, "
        "from t = 0.02 to 1: 0.620468993 on both sides.",
        mutants=(
            Mutant(
                name="twice",
                description="β for β/2 in the losses",
                regime="every law but a point",
                lhs={"denoising": 2 * denoising_law, "explicit": -2 * explicit_law},
            ),
            Mutant(
                name="lost-early",
                description="I(X; X_ε) alone: the losses do not end at T",
                regime="T small",
                rhs={"earlier": information_early},
            ),
            Mutant(
                name="exchanged",
                description="I(X; X_T) − I(X; X_ε)",
                regime="every law but a point",
                rhs={"earlier": -information_early, "later": information_law},
            ),
        ),
    ),
    Claim(
        id="IT4:losses-data",
        sentence="On a data set L̂_DSM − L̂_ESM = Î_ε − Î_T, for every score.",
        source=_OWN,
        quantifier=_TIMES,
        hypotheses=(_EARLY, _DATA, _MOMENT),
        relation=Identity(
            lhs={"denoising": denoising_hat, "explicit": -explicit_hat},
            rhs={"earlier": information_hat, "later": -information_data},
        ),
        mutants=(
            Mutant(
                name="exchanged",
                description="Î_T − Î_ε",
                regime="every data set but one point",
                rhs={"earlier": -information_hat, "later": information_data},
            ),
            Mutant(name="lost-later", description="Î_ε alone", regime="T small", rhs={"earlier": information_hat}),
            Mutant(
                name="of-the-law",
                description="the informations of the law in place of the data's",
                regime="data that are not the law",
                rhs={"earlier": information_early, "later": -information_law},
            ),
        ),
    ),
    Claim(
        id="IT4:below",
        sentence="Î_T is at least −(1/n)Σ_i log (1/n)Σ_j e^{−D_ij/8}, D_ij = a‖x_i−x_j‖²/(1−a), a = e^{−2T}.",
        source=_OWN,
        quantifier=_SETS,
        hypotheses=(_SIZE,),
        relation=Inequality(lhs={"pairs": pair_eighth}, rhs={"information": information_data}),
        note="Bhattacharyya distances of the kernels. Equality for one point, and for points far apart.",
        mutants=(
            Mutant(
                name="half",
                description="D/2 in place of D/8",
                regime="every data set but one point",
                lhs={"pairs": pair_half},
            ),
            Mutant(
                name="double",
                description="twice the sum of logarithms",
                regime="every data set but one point",
                lhs={"pairs": 2 * pair_eighth},
            ),
            Mutant(
                name="one-more",
                description="n + 1 for n in the mean of the e^{−D_ij/8}",
                regime="one point",
                lhs={"pairs": pair_eighth, "size": sp.log((n + 1) / n)},
            ),
        ),
    ),
    Claim(
        id="IT4:above",
        sentence="Î_T is at most −(1/n)Σ_i log (1/n)Σ_j e^{−D_ij/2}.",
        source=_OWN,
        quantifier=_SETS,
        hypotheses=(_SIZE,),
        relation=Inequality(lhs={"information": information_data}, rhs={"pairs": pair_half}),
        note="Divergences of the kernels from one another. Equality for one point, and for points far apart.",
        mutants=(
            Mutant(
                name="eighth",
                description="D/8 in place of D/2",
                regime="every data set but one point",
                rhs={"pairs": pair_eighth},
            ),
            Mutant(name="half", description="half of it", regime="points far apart", rhs={"pairs": pair_half / 2}),
            Mutant(
                name="one-per-cent",
                description="1 % less",
                regime="points far apart",
                rhs={"pairs": sp.Rational(99, 100) * pair_half},
            ),
        ),
    ),
    Claim(
        id="IT4:largest",
        sentence="Î_T is at most log n.",
        source=_OWN,
        quantifier=_SETS,
        hypotheses=(_SIZE,),
        relation=Inequality(lhs={"information": information_data}, rhs={"size": sp.log(n)}),
        note="It tends to log n as T → 0 for n different data.",
        mutants=(
            Mutant(name="batch", description="log(n/2)", regime="T small", rhs={"size": sp.log(n / 2)}),
            Mutant(
                name="one-per-cent",
                description="1 % less",
                regime="T small",
                rhs={"size": sp.Rational(99, 100) * sp.log(n)},
            ),
            Mutant(name="root", description="½ log n", regime="T small", rhs={"size": sp.log(n) / 2}),
        ),
    ),
    Claim(
        id="IT4:data",
        sentence="In the mean over data sets Î_T is I(X; X_T) − E KL(p̂_T‖p_T).",
        source=_OWN,
        quantifier=ForAll(over="laws of the data, horizons and numbers of data"),
        hypotheses=(_DATA, _MOMENT),
        relation=Identity(
            lhs={"information": mean_information_data}, rhs={"law": information_law, "excess": -excess_data}
        ),
        note="A batch of b data tells at most log b: batches of 128, as in the authors' code, at most 4.852.",
        mutants=(
            Mutant(
                name="batch",
                description="Î_T within a batch of half of the data",
                regime="n >= 2",
                lhs={"information": batch_information},
            ),
            Mutant(
                name="lost-excess",
                description="the excess is lost",
                regime="every law but a point",
                rhs={"law": information_law},
            ),
            Mutant(
                name="plus",
                description="+ E KL(p̂_T‖p_T)",
                regime="every law but a point",
                rhs={"law": information_law, "excess": excess_data},
            ),
        ),
    ),
)

FAMILY = Family(key="IT4", subject="the information of the forward process", claims=CLAIMS)
