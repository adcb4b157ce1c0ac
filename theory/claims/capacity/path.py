"""Capacity: what gradient flow on data loses against the population's, in the norm of B+ν, every constant explicit.

Θ(τ) and Θ̂(τ) are the scaled flows on the population's and on the data's quadratic from one Θ₀, B_ν = B+ν, ξ(s) =
Θ(s)(B̂−B) − (b̂−b), φ_s(k) = (1−e^{−2sk})/k. A ridge ν costs nothing, B̂+ν ⪰ c_ν(B+ν) is all that is asked of B̂.
"""

from __future__ import annotations

import sympy as sp

from theory.claims.lemma_4 import QUADRATIC
from theory.statement import Claim, ForAll, Hypothesis, Inequality, Mutant, Source
from theory.symbols import (
    decay_four,
    decay_two,
    distance_initial,
    distance_ridge,
    gain,
    loss_comparator,
    loss_hat,
    loss_minimum,
    loss_tau,
    noise_end,
    noise_gap,
    noise_path,
    nu,
    share,
    slope_ridge,
    top_B,
)

SOURCE = Source(paper="scoregap", place="capacity: Theorem 1 of LLZB with bounds that bite")
_ALL = ForAll(over="PSD matrices B and B̂, vectors b and b̂, initialisations, ridges ν > 0 and training times τ > 0")
KEPT = Hypothesis(name="lower-tail", statement="B̂+ν ⪰ c_ν(B+ν) and B̂ ⪯ K_B")
_FLOW = {"flow": "scaled"}
RHO = sp.sqrt(top_B / (top_B + nu))
"""What ‖eB^½‖ is of ‖e(B+ν)^½‖ at most."""
ROOT = sp.sqrt(loss_tau - loss_minimum)
_LEFT = {"root of the excess": sp.sqrt(loss_hat - loss_minimum)}
_PATH = {"population": ROOT, "end": RHO * gain * noise_end / share, "path": RHO * noise_path / share}
_COMPARATOR = {
    "comparator": sp.sqrt(loss_comparator - loss_minimum),
    "bias": RHO * distance_initial * sp.sqrt(decay_four / share),
    "noise": RHO * gain * noise_gap / share,
    "slope": RHO * gain * slope_ridge / share,
}
_WEAKLY = {**_COMPARATOR, "bias": RHO * distance_ridge * decay_two / share}


def _with(terms: dict[str, sp.Expr], **changes: sp.Expr) -> dict[str, sp.Expr]:
    """The terms with some changed: for mutants."""
    return {**terms, **changes}


def _without(terms: dict[str, sp.Expr], name: str) -> dict[str, sp.Expr]:
    return {key: term for key, term in terms.items() if key != name}


def _lost(terms: dict[str, sp.Expr], name: str, regime: str) -> Mutant:
    return Mutant(name=f"no-{name}", description=f"the {name} is lost", regime=regime, rhs=_without(terms, name))


CLAIMS = (
    Claim(
        id="CAP:path",
        sentence="The root of the empirical flow's excess loss is at most the population flow's, plus ρ_ν/c_ν times "
        "what the data's noise is along the path, in the norm of (B+ν)^{−½}.",
        source=SOURCE,
        quantifier=_ALL,
        hypotheses=(QUADRATIC, KEPT),
        setting={**_FLOW, "filter": "damped"},
        relation=Inequality(lhs=_LEFT, rhs=_PATH),
        note="θ and θ̂ start at one Θ₀ and follow θ' = −2(θB−b) and θ̂' = −2(θ̂B̂−b̂); e = θ̂−θ, ρ_ν = √(k₁/(k₁+ν)), "
        "B_ν = B+ν, φ_s(k) = (1−e^{−2sk})/k. The proof: (1) √(L̃(θ̂)−min L̃) <= √(L̃(θ)−min L̃) + ‖eB^½‖, and "
        "‖eB^½‖ <= ρ_ν‖eB_ν^½‖; (2) by parts e(τ) = −ξ(τ)φ_τ(B̂) + ∫ξ'(s)e^{−2(τ−s)B̂}φ_s(B̂)ds, so that the "
        "population's own excess stands in place of a worst-case bias and no logarithm of τ appears; (3) "
        "‖B_ν^½f(B̂)B_ν^½‖ <= sup(k+ν)f(k)/c_ν for each filter f there, since B̂+ν ⪰ c_ν B_ν. C <= 1+2τν. "
        "Equality for one feature: Θ₀ = Θ*, or b̂ = b = 0 and K_B small.",
        mutants=(
            Mutant(
                name="root-of-kept",
                description="c_ν^{−½} in place of c_ν^{−1}",
                regime="c_ν < 1, Θ₀ = Θ*",
                rhs=_with(_PATH, end=RHO * gain * noise_end / sp.sqrt(share), path=RHO * noise_path / sp.sqrt(share)),
            ),
            Mutant(
                name="half-path",
                description="half of the integral",
                regime="Θ₀ far, τk₁ large, B̂ small",
                rhs=_with(_PATH, path=RHO * noise_path / (2 * share)),
            ),
            Mutant(
                name="final-filter",
                description="e^{−2τk} in place of e^{−2(τ−s)k} in ω_τ",
                regime="Θ₀ far, 2τK_B near 1",
                setting={"filter": "final"},
            ),
            Mutant(
                name="rho-squared",
                description="ρ_ν² in place of ρ_ν",
                regime="ν near k₁",
                rhs=_with(_PATH, end=RHO**2 * gain * noise_end / share, path=RHO**2 * noise_path / share),
            ),
            Mutant(
                name="gain-at-most-one",
                description="C = min(C, 1)",
                regime="2τν > 1",
                rhs=_with(_PATH, end=RHO * sp.Min(gain, 1) * noise_end / share),
            ),
            _lost(_PATH, "end", "Θ₀ = Θ*"),
            _lost(_PATH, "path", "Θ₀ far, τk₁ large, B̂ small"),
            _lost(_PATH, "population", "B̂ = B"),
        ),
    ),
    Claim(
        id="CAP:comparator",
        sentence="The root of the empirical flow's excess loss is at most that of any fixed comparator, plus what of "
        "‖Θ₀−Θ‖ is not forgotten, plus the comparator's half-gradient and its noise in the norm of (B+ν)^{−½}.",
        source=SOURCE,
        quantifier=_ALL,
        hypotheses=(QUADRATIC, KEPT),
        setting=_FLOW,
        relation=Inequality(lhs=_LEFT, rhs=_COMPARATOR),
        note="Θ̂(τ)−Θ = (Θ₀−Θ)e^{−2τB̂} − Ĝφ_τ(B̂), Ĝ = ΘB̂−b̂. One norm of one i.i.d. mean is random beside c_ν; "
        "at the population's minimiser G = 0.",
        mutants=(
            Mutant(
                name="root-of-kept",
                description="c_ν^{−½} in place of c_ν^{−1} in the noise",
                regime="c_ν < 1, Θ₀ = Θ = Θ*",
                rhs=_with(_COMPARATOR, noise=RHO * gain * noise_gap / sp.sqrt(share)),
            ),
            Mutant(
                name="no-kept-in-bias",
                description="c_ν is lost in the bias",
                regime="c_ν < 1, Θ₀ far",
                rhs=_with(_COMPARATOR, bias=RHO * distance_initial * sp.sqrt(decay_four)),
            ),
            Mutant(
                name="rho-squared",
                description="ρ_ν² in place of ρ_ν",
                regime="ν near k₁",
                rhs=_with(_COMPARATOR, noise=RHO**2 * gain * noise_gap / share),
            ),
            _lost(_COMPARATOR, "bias", "B̂ small, Θ₀ far"),
            _lost(_COMPARATOR, "noise", "Θ₀ = Θ = Θ*"),
            _lost(_COMPARATOR, "slope", "B̂ small, Ĝ = G, Θ₀ = Θ"),
            _lost(_COMPARATOR, "comparator", "τ small, Θ₀ = Θ"),
        ),
    ),
    Claim(
        id="CAP:comparator-weak",
        sentence="The same with a bias in the norm of (B+ν)^{−½}, which forgets twice as fast for small eigenvalues.",
        source=SOURCE,
        quantifier=_ALL,
        hypotheses=(QUADRATIC, KEPT),
        setting=_FLOW,
        relation=Inequality(lhs=_LEFT, rhs=_WEAKLY),
        note="‖(B+ν)^½e^{−2τB̂}(B+ν)^½‖ <= sup(k+ν)e^{−2τk}/c_ν. Of both biases the smaller may be taken: both are "
        "numbers of the law alone.",
        mutants=(
            Mutant(
                name="twice-the-decay",
                description="e^{−4τk} in place of e^{−2τk}",
                regime="Θ₀ far, 2τK_B near 1",
                rhs=_with(_WEAKLY, bias=RHO * distance_ridge * decay_four / share),
            ),
            Mutant(
                name="root-of-kept",
                description="c_ν^{−½} in place of c_ν^{−1} in the bias",
                regime="c_ν < 1, Θ₀ far",
                rhs=_with(_WEAKLY, bias=RHO * distance_ridge * decay_two / sp.sqrt(share)),
            ),
            Mutant(
                name="rho-squared",
                description="ρ_ν² in place of ρ_ν in the bias",
                regime="ν near k₁",
                rhs=_with(_WEAKLY, bias=RHO**2 * distance_ridge * decay_two / share),
            ),
            _lost(_WEAKLY, "bias", "B̂ small, Θ₀ far"),
        ),
    ),
)
