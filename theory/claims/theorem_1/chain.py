"""Theorem 1 of LLZB, repaired: the chain from gradient flow on data to the divergence, every constant explicit.

Θ(τ) and Θ̂(τ) are the scaled flows on the population's and on the data's quadratic from one Θ₀; Θ is any comparator;
e = Θ̂ − Θ(τ) solves e' = −2eB̂ − 2ξ with ξ(s) = Θ(s)(B̂−B) − (b̂−b).
"""

from __future__ import annotations

import sympy as sp

from theory.claims.lemma_4 import QUADRATIC
from theory.flow import GROWTH_CONSTANT
from theory.statement import Claim, Constant, ForAll, Inequality, Mutant, Source
from theory.symbols import (
    deviation_B,
    deviation_G,
    distance_initial,
    distance_tau,
    kappa_star,
    loss_comparator,
    loss_hat,
    loss_minimum,
    parameter_error,
    residual,
    score_error,
    score_error_hat,
    tau,
)

REPAIR = Source(paper="scoregap", place="repair of LLZB, Theorem 1")
_ALL = ForAll(over="PSD matrices B and B̂, vectors b and b̂, initialisations, comparators and training times τ > 0")
_FLOW = {"flow": "scaled"}
KAPPA = {
    "kappa_star": Constant(
        symbol=kappa_star, value=GROWTH_CONSTANT, meaning="max over u > 0 of (1−e^{−2u})²/u = 0.8145…"
    )
}

EXCESS = loss_comparator - loss_minimum
RADIUS = sp.sqrt(distance_initial**2 + tau * EXCESS)
"""Bound on ‖Θ(s)−Θ‖ for s <= τ."""
OPTIMISED = EXCESS + distance_initial**2 / (4 * tau)
"""Bound on L̃(Θ(τ)) − min L̃."""
RESIDUAL = deviation_B * RADIUS + deviation_G
SPREAD = kappa_star * tau + 4 * tau**2 * deviation_B


def loss_terms(spread: sp.Expr = SPREAD, deviation: sp.Expr = RESIDUAL) -> dict[str, sp.Expr]:
    """The bound on L̃(Θ̂(τ)): the least loss plus the square of two roots, multiplied out."""
    return {
        "approximation": loss_minimum,
        "optimisation": OPTIMISED,
        "estimation": spread * deviation**2,
        "cross": 2 * sp.sqrt(OPTIMISED * spread) * deviation,
    }


def without(terms: dict[str, sp.Expr], *names: str) -> dict[str, sp.Expr]:
    """The terms but those named: for mutants."""
    return {name: term for name, term in terms.items() if name not in names}


CLAIMS = (
    Claim(
        id="T1:norm",
        sentence="Up to time τ the population flow stays within √(‖Θ₀−Θ‖² + τ(L̃(Θ) − min L̃)) of every comparator.",
        source=REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting=_FLOW,
        relation=Inequality(
            lhs={"distance": distance_tau**2}, rhs={"initial distance": distance_initial**2, "growth": tau * EXCESS}
        ),
        note="L5:comparator-sharp with the excess loss in place of the loss, which its proof gives; increasing in τ, "
        "hence a bound for the whole path. Convexity alone gives 2τL̃(Θ).",
        mutants=(
            Mutant(
                name="half-growth",
                description="τ/2 in place of τ",
                regime="κτ small",
                rhs={"initial distance": distance_initial**2, "growth": tau * EXCESS / 2},
            ),
            Mutant(
                name="contraction",
                description="the growth is lost",
                regime="comparator not a minimiser",
                rhs={"initial distance": distance_initial**2},
            ),
            Mutant(
                name="lost-square",
                description="the excess to the power 2",
                regime="excess < 1",
                rhs={"initial distance": distance_initial**2, "growth": tau * EXCESS**2},
            ),
        ),
    ),
    Claim(
        id="T1:residual",
        sentence="The half-gradient deviation along the population flow is at most ‖B̂−B‖ times its radius, plus the "
        "deviation at the comparator.",
        source=REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting=_FLOW,
        relation=Inequality(
            lhs={"residual": residual}, rhs={"curvature": deviation_B * RADIUS, "gradient": deviation_G}
        ),
        note="ξ(s) = (Θ(s)−Θ)(B̂−B) + Θ(B̂−B) − (b̂−b). Without centring at the "
        "comparator it is K_B sup‖Θ(s)‖ + K_b: never smaller, and far larger where Θ nearly solves each datum.",
        mutants=(
            Mutant(
                name="lost-curvature",
                description="the deviation of B is lost",
                regime="b̂ = b, Θ = Θ*, Θ₀ far",
                rhs={"gradient": deviation_G},
            ),
            Mutant(
                name="lost-gradient",
                description="the deviation at the comparator is lost",
                regime="B̂ = B",
                rhs={"curvature": deviation_B * RADIUS},
            ),
            Mutant(
                name="half-radius",
                description="half of the radius",
                regime="Θ = Θ*, τ → 0",
                rhs={"curvature": deviation_B * RADIUS / 2, "gradient": deviation_G},
            ),
        ),
    ),
    Claim(
        id="T1:parameter-error",
        sentence="Empirical and population flow are at most 2τ sup‖ξ‖ apart.",
        source=REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting=_FLOW,
        relation=Inequality(lhs={"error": parameter_error}, rhs={"drift": 2 * tau * residual}),
        note="Duhamel and e^{−2uB̂} <= I; equality for B̂ = 0 and constant ξ.",
        mutants=(
            Mutant(
                name="lost-two",
                description="τ in place of 2τ",
                regime="B̂ small, ξ constant",
                rhs={"drift": tau * residual},
            ),
            Mutant(
                name="root-time",
                description="2√τ in place of 2τ",
                regime="B̂ small, τ > 1",
                rhs={"drift": 2 * sp.sqrt(tau) * residual},
            ),
            Mutant(
                name="lost-root",
                description="sup‖ξ‖² in place of sup‖ξ‖",
                regime="ξ < 1",
                rhs={"drift": 2 * tau * residual**2},
            ),
        ),
    ),
    Claim(
        id="T1:score-error-empirical",
        sentence="Under the empirical law the two scores differ by at most κ⋆τ sup‖ξ‖², squared, and κ⋆ is sharp.",
        source=REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting=_FLOW,
        constants=KAPPA,
        relation=Inequality(lhs={"error": score_error_hat**2}, rhs={"drift": kappa_star * tau * residual**2}),
        note="Cauchy–Schwarz against the weight e^{−2u⋆s/τ} gives Lemma 5's κ⋆ = 0.8145… even for ξ that varies in "
        "time; bounding ‖e^{−2sB̂}B̂^½‖ <= (4es)^{−½}, e = 2.718…, inside the integral gives 4/e = 1.4715….",
        mutants=(
            Mutant(
                name="constant-below",
                description="κ⋆ = 0.8145 in place of 0.81452…",
                regime="κτ near 0.628",
                constants={"kappa_star": sp.Rational(8145, 10000)},
            ),
            Mutant(
                name="lost-root",
                description="sup‖ξ‖ in place of sup‖ξ‖²",
                regime="ξ > 1",
                rhs={"drift": kappa_star * tau * residual},
            ),
            Mutant(name="no-time", description="τ is lost", regime="τ > 1", rhs={"drift": kappa_star * residual**2}),
        ),
    ),
    Claim(
        id="T1:score-error",
        sentence="Under the population's law the two scores differ by at most (κ⋆τ + 4τ²‖B̂−B‖) sup‖ξ‖², squared.",
        source=REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting=_FLOW,
        constants=KAPPA,
        relation=Inequality(
            lhs={"error": score_error**2},
            rhs={"drift": kappa_star * tau * residual**2, "change of law": 4 * tau**2 * deviation_B * residual**2},
        ),
        note="‖eB^½‖² = ‖eB̂^½‖² − tr(e(B̂−B)eᵀ). The first part is attained where B̂ = B, the "
        "second approached where B̂ = 0 and τB is large: not at once.",
        mutants=(
            Mutant(
                name="no-change",
                description="the change of law is lost",
                regime="B̂ = 0, τB large",
                rhs={"drift": kappa_star * tau * residual**2},
            ),
            Mutant(
                name="lost-four",
                description="τ² in place of 4τ²",
                regime="B̂ = 0, τB large",
                rhs={"drift": kappa_star * tau * residual**2, "change of law": tau**2 * deviation_B * residual**2},
            ),
            Mutant(
                name="half-drift",
                description="κ⋆/2 in place of κ⋆",
                regime="B̂ = B",
                rhs={
                    "drift": kappa_star * tau * residual**2 / 2,
                    "change of law": 4 * tau**2 * deviation_B * residual**2,
                },
            ),
        ),
    ),
    Claim(
        id="T1:loss",
        sentence="The population loss of the empirical flow is at most min L̃ plus the square of the root of what "
        "optimisation leaves and the root of what the sample adds.",
        source=REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting=_FLOW,
        constants=KAPPA,
        relation=Inequality(lhs={"loss": loss_hat}, rhs=loss_terms()),
        note="Minkowski in L²(λ p_t dt/T) on the excess over min L̃, so that the least loss has the factor 1; "
        "2a + 2b is never smaller than (√a + √b)², twice as large where one of the two dominates.",
        mutants=(
            Mutant(
                name="no-cross",
                description="a + b in place of (√a + √b)²",
                regime="both parts of one size",
                rhs=without(loss_terms(), "cross"),
            ),
            Mutant(
                name="no-change",
                description="4τ²‖B̂−B‖ is lost",
                regime="B̂ = 0, τB large",
                rhs=loss_terms(spread=kappa_star * tau),
            ),
            Mutant(
                name="half-kappa",
                description="κ⋆/2 in place of κ⋆",
                regime="B̂ = B, κτ near 0.3",
                rhs=loss_terms(spread=SPREAD - kappa_star * tau / 2),
            ),
            Mutant(
                name="no-optimisation",
                description="what optimisation leaves is lost",
                regime="τ small",
                rhs=without(loss_terms(), "optimisation", "cross"),
            ),
            Mutant(
                name="half-distance",
                description="‖Θ₀−Θ‖/2 in place of ‖Θ₀−Θ‖",
                regime="B̂ = B, κτ near 1/4",
                rhs={name: term.subs(distance_initial, distance_initial / 2) for name, term in loss_terms().items()},
            ),
        ),
    ),
)
