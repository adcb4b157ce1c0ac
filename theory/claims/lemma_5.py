"""Lemma 5 of LLZB: the RKHS norm grows at most like √τ along gradient flow, in both parametrizations."""

from __future__ import annotations

import sympy as sp

from theory.claims.lemma_4 import QUADRATIC
from theory.family import Family
from theory.flow import GROWTH_CONSTANT
from theory.statement import Claim, Constant, ForAll, Inequality, Mutant, Source, UpToConstant
from theory.symbols import (
    C,
    K,
    displacement,
    distance_initial,
    distance_tau,
    kappa_star,
    loss_comparator,
    loss_initial,
    m,
    norm_initial,
    norm_tau,
    tau,
)

_LEMMA = Source(paper="LLZB", place="Lemma 5")
_REPAIR = Source(paper="scoregap", place="sharpening of LLZB, Lemma 5")
_ALL = ForAll(over="PSD matrices B, initialisations, comparators and training times τ > 0")
_LOSS_ONLY = UpToConstant(depends_on=("L̃(θ₀)",), inner=_ALL)
_HIDDEN = {"K": Constant(symbol=K, value=sp.S.One, hidden=True, meaning="the constant that ≲ hides")}
_KAPPA = {"kappa_star": Constant(symbol=kappa_star, value=GROWTH_CONSTANT, meaning="max over u > 0 of (1−e^{−2u})²/u")}
_NORM = {"norm": norm_tau}
_WALK = sp.sqrt(kappa_star * tau * loss_initial)


def _printed(walk: sp.Expr) -> dict[str, sp.Expr]:
    return {"initial": K * norm_initial, "growth": K * walk}


CLAIMS = (
    Claim(
        id="L5:printed-A",
        sentence="On the flow of A the RKHS norm is at most a multiple of ‖s_θ₀‖ + √(τ/m).",
        source=_LEMMA,
        quantifier=_LOSS_ONLY,
        hypotheses=(QUADRATIC,),
        setting={"flow": "A"},
        relation=Inequality(lhs=_NORM, rhs=_printed(sp.sqrt(loss_initial * tau / m))),
        constants=_HIDDEN,
        note="The dependence on the initial loss is made explicit (√L̃(θ₀) in front of √(τ/m)); true with K = 1, and "
        "√κ⋆ = 0.9025… suffices in front of the growth term.",
        mutants=(
            Mutant(
                name="scaled-flow",
                description="the flow of A/√m in place of A",
                regime="m large",
                setting={"flow": "scaled"},
            ),
            Mutant(
                name="slower-growth",
                description="τ^{1/4} in place of √τ",
                regime="τ large, flat spectrum",
                rhs=_printed(sp.sqrt(loss_initial / m) * tau ** sp.Rational(1, 4)),
            ),
            Mutant(
                name="no-initial",
                description="the initial norm is lost",
                regime="τ → 0",
                rhs={"growth": K * sp.sqrt(loss_initial * tau / m)},
            ),
        ),
    ),
    Claim(
        id="L5:printed-scaled",
        sentence="On the scaled flow the RKHS norm is at most a multiple of ‖s_θ₀‖ + √(τ/m).",
        source=_LEMMA,
        quantifier=_LOSS_ONLY,
        hypotheses=(QUADRATIC,),
        setting={"flow": "scaled"},
        relation=Inequality(lhs=_NORM, rhs=_printed(sp.sqrt(loss_initial * tau / m))),
        constants=_HIDDEN,
        note="Off by a factor √m: the smallest constant is √(κ⋆m), so no constant free of m exists. Lemma 4 is true as "
        "printed for this flow only, Lemma 5 for the other only: no single parametrization makes both true.",
        mutants=(
            Mutant(
                name="quarter-m",
                description="m^{1/4} gained, still off",
                regime="m large",
                rhs=_printed(sp.sqrt(loss_initial * tau) / m ** sp.Rational(1, 4)),
            ),
            Mutant(
                name="slower-growth",
                description="τ^{1/4} in place of √τ",
                regime="τ large, flat spectrum",
                rhs=_printed(sp.sqrt(loss_initial / m) * tau ** sp.Rational(1, 4)),
            ),
            Mutant(
                name="no-initial",
                description="the initial norm is lost",
                regime="τ → 0",
                rhs={"growth": K * sp.sqrt(loss_initial * tau / m)},
            ),
        ),
    ),
    Claim(
        id="L5:repaired-scaled",
        sentence="On the scaled flow the RKHS norm is at most ‖s_θ₀‖ + √(κ⋆ τ L̃(θ₀)), κ⋆ = 0.8145….",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting={"flow": "scaled"},
        relation=Inequality(lhs=_NORM, rhs={"initial": norm_initial, "growth": _WALK}),
        constants=_KAPPA,
        note="Cauchy–Schwarz alone gives the constant 1.",
        mutants=(
            Mutant(
                name="constant-below",
                description="κ⋆ = 0.8145 in place of 0.81452…",
                regime="κτ near 0.628, Θ₀ = 0",
                constants={"kappa_star": sp.Rational(8145, 10000)},
            ),
            Mutant(
                name="width-gained",
                description="√(τ/m) in place of √τ",
                regime="m >= 2",
                rhs={"initial": norm_initial, "growth": _WALK / sp.sqrt(m)},
            ),
            Mutant(name="no-initial", description="the initial norm is lost", regime="τ → 0", rhs={"growth": _WALK}),
            Mutant(
                name="lost-root",
                description="κ⋆τL̃ in place of its root",
                regime="κ⋆τL̃ < 1",
                rhs={"initial": norm_initial, "growth": _WALK**2},
            ),
        ),
    ),
    Claim(
        id="L5:sharp",
        sentence="On the scaled flow ‖Θ(τ)−Θ₀‖² <= κ⋆ τ L̃(θ₀), and κ⋆ = max (1−e^{−2u})²/u = 0.81452875… is attained.",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting={"flow": "scaled"},
        relation=Inequality(lhs={"displacement": displacement**2}, rhs={"growth": _WALK**2}),
        constants=_KAPPA,
        note="κ⋆ = 16u⋆e^{−4u⋆} with e^{2u⋆} = 1 + 4u⋆, a Lambert W value; equality at κτ = u⋆ = 0.6282….",
        mutants=(
            Mutant(
                name="constant-below",
                description="κ⋆ = 0.8145 in place of 0.81452…",
                regime="κτ near 0.628",
                constants={"kappa_star": sp.Rational(8145, 10000)},
            ),
            Mutant(name="width-gained", description="τ/m in place of τ", regime="m >= 2", rhs={"growth": _WALK**2 / m}),
            Mutant(
                name="no-square",
                description="‖Θ(τ)−Θ₀‖ in place of its square",
                regime="displacement < 1",
                lhs={"displacement": displacement},
            ),
        ),
    ),
    Claim(
        id="L5:comparator",
        sentence="The squared distance to any comparator grows by at most 2τ times the comparator's loss.",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting={"flow": "scaled"},
        relation=Inequality(
            lhs={"distance": distance_tau**2},
            rhs={"initial distance": distance_initial**2, "growth": C * tau * loss_comparator},
        ),
        constants={"C": Constant(symbol=C, value=sp.Integer(2), meaning="from convexity; 1 is sharp")},
        note="Convexity gives the factor 2; for a quadratic half of it suffices.",
        mutants=(
            Mutant(
                name="half-sharp",
                description="C = 1/2, half of the sharp constant",
                regime="κτ small",
                constants={"C": sp.Rational(1, 2)},
            ),
            Mutant(
                name="contraction",
                description="the growth term is lost",
                regime="comparator not a minimiser",
                rhs={"initial distance": distance_initial**2},
            ),
            Mutant(
                name="no-time",
                description="τ is lost",
                regime="τ large, comparator not a minimiser",
                rhs={"initial distance": distance_initial**2, "growth": C * loss_comparator},
            ),
        ),
    ),
    Claim(
        id="L5:comparator-sharp",
        sentence="‖Θ(τ)−Θ‖² <= ‖Θ₀−Θ‖² + τ L̃(Θ) for every comparator, and the constant 1 is sharp.",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting={"flow": "scaled"},
        relation=Inequality(
            lhs={"distance": distance_tau**2},
            rhs={"initial distance": distance_initial**2, "growth": C * tau * loss_comparator},
        ),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="sup over u > 0 of tanh(u)/u")},
        note="Needs only tanh u <= u per eigenvalue, u = κτ: half of what convexity alone gives.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 0.999",
                regime="κτ < 0.05",
                constants={"C": sp.Rational(999, 1000)},
            ),
            Mutant(
                name="contraction",
                description="the growth term is lost",
                regime="comparator not a minimiser",
                rhs={"initial distance": distance_initial**2},
            ),
            Mutant(
                name="width-gained",
                description="τ/m in place of τ",
                regime="m >= 2",
                rhs={"initial distance": distance_initial**2, "growth": C * tau * loss_comparator / m},
            ),
        ),
    ),
)

FAMILY = Family(key="L5", subject="Lemma 5: growth of the norm in training", claims=CLAIMS)
