"""Capacity by the data's own residual: noise that is measured in the norm of B̂^{−½}, of which no ridge is asked.

Ĝ = ΘB̂−b̂ is the half-gradient of the data's loss L̂ at a fixed comparator, ‖ĜB̂^{−½}‖² = L̂(Θ) − min L̂. For small n.
"""

from __future__ import annotations

import sympy as sp

from theory.claims.capacity.path import KEPT, RHO, SOURCE
from theory.claims.lemma_4 import QUADRATIC
from theory.statement import Claim, ForAll, Hypothesis, Inequality, Mutant
from theory.symbols import (
    decay_four,
    decay_two,
    distance_initial,
    distance_ridge,
    gain_residual,
    loss_comparator,
    loss_hat,
    loss_minimum,
    residual_hat,
    residual_mean,
    share,
)

_LOSSES = Hypothesis(
    name="losses",
    statement="the loss of the data is the mean of theirs, each with a minimum (so for every random-feature loss)",
)
_ALL = ForAll(over="PSD matrices B and B(x_i), vectors b and b(x_i), initialisations, ridges ν > 0 and times τ > 0")
_LEFT = {"root of the excess": sp.sqrt(loss_hat - loss_minimum)}
_NOISE = RHO * sp.sqrt(gain_residual) * sp.sqrt(residual_mean) / sp.sqrt(share)
_STRONG = {
    "comparator": sp.sqrt(loss_comparator - loss_minimum),
    "bias": RHO * distance_initial * sp.sqrt(decay_four / share),
    "residual": _NOISE,
}
_WEAK = {**_STRONG, "bias": RHO * distance_ridge * decay_two / share}


def _changed(terms: dict[str, sp.Expr], name: str, description: str, regime: str, **changes: sp.Expr) -> Mutant:
    return Mutant(name=name, description=description, regime=regime, rhs={**terms, **changes})


def _wrong(terms: dict[str, sp.Expr], *more: Mutant) -> tuple[Mutant, ...]:
    """What both forms of the bias share."""
    return (
        _changed(
            terms, "no-kept", "c_ν is lost in the noise", "c_ν < 1, Θ₀ = Θ = Θ*", residual=_NOISE * sp.sqrt(share)
        ),
        _changed(terms, "rho-squared", "ρ_ν² in place of ρ_ν in the noise", "ν near k₁", residual=RHO * _NOISE),
        _changed(
            terms,
            "no-ridge-in-gain",
            "1 in place of (k+ν)kφ_τ(k)², what it is at most at ν = 0",
            "ν > k₁",
            residual=_NOISE / sp.sqrt(gain_residual) * sp.sqrt(sp.Min(gain_residual, 1)),
        ),
        _changed(terms, "no-residual", "the noise is lost", "Θ₀ = Θ = Θ*", residual=sp.S.Zero),
        *more,
        _changed(terms, "no-comparator", "the comparator's excess is lost", "B̂ = B, Θ₀ = Θ", comparator=sp.S.Zero),
    )


CLAIMS = (
    Claim(
        id="CAP:self-residual",
        sentence="The squared residual of the data's loss at a comparator is at most the mean of what each datum's "
        "own loss has there above its own minimum.",
        source=SOURCE,
        quantifier=ForAll(over="PSD matrices B(x_i), vectors b(x_i) in their ranges and comparators"),
        hypotheses=(_LOSSES,),
        relation=Inequality(lhs={"residual": residual_hat}, rhs={"mean": residual_mean}),
        note="‖ĜB̂^{−½}‖² = L̂(Θ) − min L̂, and a minimum of a mean is at least the mean of the minima. Equality for "
        "n = 1, or where one parameter is best for every datum. The right side is a mean of n nonnegative numbers.",
        mutants=(
            Mutant(name="half", description="half of the mean", regime="n = 1", rhs={"mean": residual_mean / 2}),
            Mutant(
                name="one-per-cent",
                description="1 % smaller",
                regime="n = 1",
                rhs={"mean": sp.Rational(99, 100) * residual_mean},
            ),
            Mutant(
                name="square",
                description="the mean squared",
                regime="n = 1, a small residual",
                rhs={"mean": residual_mean**2},
            ),
        ),
    ),
    Claim(
        id="CAP:self",
        sentence="The root of the empirical flow's excess loss is at most that of any fixed comparator, plus what of "
        "‖Θ₀−Θ‖ is not forgotten, plus the data's own residual at the comparator.",
        source=SOURCE,
        quantifier=_ALL,
        hypotheses=(QUADRATIC, KEPT, _LOSSES),
        setting={"flow": "scaled"},
        relation=Inequality(lhs=_LEFT, rhs=_STRONG),
        note="‖Ĝφ_τ(B̂)(B+ν)^½‖ <= ‖ĜB̂^{−½}‖ √(sup(k+ν)kφ_τ(k)²/c_ν): c_ν^{−½} where CAP:comparator has c_ν^{−1}: no "
        "deviation of Ĝ from its mean; for small n, where B̂ keeps little of B. Sharp for one feature, Θ₀ = Θ = Θ*.",
        mutants=_wrong(
            _STRONG,
            _changed(
                _STRONG,
                "no-kept-in-bias",
                "c_ν is lost in the bias",
                "c_ν < 1, Θ₀ far",
                bias=RHO * distance_initial * sp.sqrt(decay_four),
            ),
            _changed(_STRONG, "no-bias", "the bias is lost", "B̂ small, Θ₀ far", bias=sp.S.Zero),
        ),
    ),
    Claim(
        id="CAP:self-weak",
        sentence="The same with the bias in the norm of (B+ν)^{−½}.",
        source=SOURCE,
        quantifier=_ALL,
        hypotheses=(QUADRATIC, KEPT, _LOSSES),
        setting={"flow": "scaled"},
        relation=Inequality(lhs=_LEFT, rhs=_WEAK),
        note="As CAP:comparator-weak. The smaller bias may be taken, and the smaller noise.",
        mutants=_wrong(
            _WEAK,
            _changed(
                _WEAK,
                "twice-the-decay",
                "e^{−4τk} in place of e^{−2τk} in the bias",
                "Θ₀ far, 2τK_B near 1",
                bias=RHO * distance_ridge * decay_four / share,
            ),
            _changed(
                _WEAK,
                "root-of-kept",
                "c_ν^{−½} in place of c_ν^{−1} in the bias",
                "c_ν < 1, Θ₀ far",
                bias=RHO * distance_ridge * decay_two / sp.sqrt(share),
            ),
        ),
    ),
)
