"""First order: what is linear in the data's noise, Ȳ, and how little else the data do to the flow.

Ȳ' = −2ȲB − 2ξ from 0; in the eigenbasis of B, with ξ* = Θ*(B̂−B) − (b̂−b), Ȳ_j is −ξ*_jφ_τ(k_j) less the sum of
(Θ₀−Θ*)_i(B̂−B)_ijM_ij, M_ij = (e^{−2τk_j}−e^{−2τk_i})/(k_i−k_j), 2τe^{−2τk_i} on the diagonal: a mean over the data.
"""

from __future__ import annotations

import sympy as sp

from theory.claims.capacity.path import KEPT, RHO, SOURCE
from theory.claims.lemma_4 import QUADRATIC
from theory.statement import Claim, ForAll, Inequality, Mutant
from theory.symbols import (
    deviation_ridge,
    first_end,
    first_path,
    gain,
    loss_first,
    loss_half_diagonal,
    loss_hat,
    loss_minimum,
    loss_mirrored,
    share,
)

_ALL = ForAll(over="PSD matrices B and B̂, vectors b and b̂, initialisations, ridges ν > 0 and training times τ > 0")
_HAT, _FIRST = sp.sqrt(loss_hat - loss_minimum), sp.sqrt(loss_first - loss_minimum)
_MIRRORED = sp.sqrt(loss_mirrored - loss_minimum)
_HALF = sp.sqrt(loss_half_diagonal - loss_minimum)


def _rest(eta: sp.Expr = deviation_ridge, rho: sp.Expr = RHO, kept: sp.Expr = share) -> dict[str, sp.Expr]:
    """What is of the second order in the data's noise."""
    return {"end": rho * eta * gain * first_end / kept, "path": rho * eta * first_path / kept}


def _claim(name: str, sentence: str, left: sp.Expr, right: sp.Expr) -> Claim:
    def mutant(called: str, description: str, regime: str, main: sp.Expr = right, **terms: sp.Expr) -> Mutant:
        return Mutant(name=called, description=description, regime=regime, rhs={"first order": main, **terms})

    rest = _rest()

    def misplaced(called: str, description: str, regime: str, first: sp.Expr) -> Mutant:
        """Another first order, on the side that has one."""
        below = left == _FIRST
        return Mutant(
            name=called,
            description=description,
            regime=regime,
            lhs={"root of the excess": first if below else left},
            rhs={"first order": right if below else first, **rest},
        )

    return Claim(
        id=name,
        sentence=sentence,
        source=SOURCE,
        quantifier=_ALL,
        hypotheses=(QUADRATIC, KEPT),
        setting={"flow": "scaled"},
        relation=Inequality(lhs={"root of the excess": left}, rhs={"first order": right, **rest}),
        note="f = Θ̂−Θ(τ)−Ȳ solves f' = −2fB̂−2Ȳ(B̂−B), CAP:path's equation with Ȳ(B̂−B) for ξ; ‖Ȳ(B̂−B)B_ν^{−½}‖ <= "
        "η₂‖ȲB_ν^½‖. What is left is of the second order in the noise.",
        mutants=(
            mutant("eta-squared", "η₂² in place of η₂", "η₂ < 1", **_rest(eta=deviation_ridge**2)),
            mutant("root-of-kept", "c_ν^{−½} in place of c_ν^{−1}", "c_ν < 1", **_rest(kept=sp.sqrt(share))),
            mutant("rho-squared", "ρ_ν² in place of ρ_ν", "ν near k₁", **_rest(rho=RHO**2)),
            mutant("no-end", "the end is lost", "Ȳ' small", path=rest["path"]),
            mutant("no-path", "the integral is lost", "Ȳ far along the path", end=rest["end"]),
            mutant("first-order-alone", "all of the second order is lost", "η₂ > 0"),
            misplaced("wrong-sign", "Θ(τ)−Ȳ in place of Θ(τ)+Ȳ", "η₂ small", _MIRRORED),
            misplaced("half-diagonal", "τe^{−2τk_i} for 2τe^{−2τk_i} on the diagonal of M", "η₂ small", _HALF),
        ),
    )


CLAIMS = (
    _claim(
        "CAP:linear",
        "The root of the empirical flow's excess loss is at most that of the population's flow with the data's "
        "first-order term, plus ρ_νη₂/c_ν times what that term is along the path, in the norm of (B+ν)^½.",
        _HAT,
        _FIRST,
    ),
    _claim(
        "CAP:linear-below",
        "And it is at least that of the population's flow with the data's first-order term, minus the same.",
        _FIRST,
        _HAT,
    ),
)
