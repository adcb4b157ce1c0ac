"""Quadratics under a ridge: norms by (B+ν)^{±½}, what flows do to an eigenmode, and how far a sample's matrix falls."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sympy as sp

from theory import symbols as sym
from theory.symbols import nu
from theory.vocabulary.objects import EMPIRICAL, LargestEigenvalue, Least, Q, Theta, Theta0, Value, data
from theory.vocabulary.terms import Image, Named, law, quantity, term

# Random matrices ------------------------------------------------------------

ZERO, ONE = Named("0"), Named("1")  # the matrices 0 and 1
LogLaplace = law("LogLaplace", real=True)  # (Y, D, θ, n): log tr exp(−θnD + n log E e^{−θY})
LeastOfMean = quantity("LeastOfMean", real=True)  # (Y, D, n): the least eigenvalue of (1/n)ΣY_i + D
Lowest = law("Lowest")  # of positive semidefinite Y: the least eigenvalue that it takes
EigenvalueRange = law("EigenvalueRange", positive=True)  # of Y: the least positive number h with Y ⪯ Lowest(Y) + h
SquareNorm = law("SquareNorm", positive=True)  # of Y: the least positive number that ‖EY²‖ does not exceed

# Whitened matrices ------------------------------------------------------------

WhitenedPart = term("WhitenedPart")  # (Q, ν): datum ↦ B_ν^{−½}B(x₀)B_ν^{−½}
RidgedPart = term("RidgedPart")  # (Q, ν): datum ↦ W = B_ν^{−½}(B(x₀)+ν)B_ν^{−½}
CentredPart = term("CentredPart")  # (Q, ν): datum ↦ B_ν^{−½}(B(x₀)−B)B_ν^{−½}
RidgeShift = term("RidgeShift")  # (Q, ν): νB_ν^{−1}
WHITENED, RIDGED, CENTRED = (Image(part(Q, nu), data) for part in (WhitenedPart, RidgedPart, CentredPart))

# Functions of an eigenvalue k ------------------------------------------------------------

Damped = term("Damped")  # (r, s): k ↦ e^{−2rk}(1−e^{−2sk})/k, 2s at k = 0
Decay = term("Decay")  # rate: k ↦ e^{−rate·k}
DampedSquare = term("DampedSquare")  # s: k ↦ k((1−e^{−2sk})/k)²

# Quantities ------------------------------------------------------------

Kept = quantity("Kept")  # (Q̂, Q, ν): the largest c with B̂+ν ⪰ c(B+ν)
PathNoise = quantity("PathNoise")  # (Q̂, Q, Θ₀, τ, ν, K): C‖ξ(τ)B_ν^{−½}‖ + ∫₀^τ ω_τ(s)‖ξ'(s)B_ν^{−½}‖ds
PathSpread = law("PathSpread")  # (Q, data, Θ₀, τ, ν, K): the same of √E‖ξ_x(τ)B_ν^{−½}‖² and √E‖ξ'_x(s)B_ν^{−½}‖²
FilterSup = quantity("FilterSup")  # (function f, ν, K): the largest (k+ν)f(k) for 0 <= k <= K
Sandwich = quantity("Sandwich")  # (Q̂, Q, ν, f): the operator norm of B_ν^½ f(B̂) B_ν^½
RidgeDistance = quantity("RidgeDistance")  # (Q, ν, Θ, Θ'): ‖(Θ−Θ')B_ν^½‖
WeightedDistance = quantity("WeightedDistance")  # (Q, ν, Θ, Θ'): ‖(Θ−Θ')B_ν^{−½}‖
WeightedResidual = quantity("WeightedResidual")  # (Q̂, Q, Θ₀, ν, s): ‖ξ(s)B_ν^{−½}‖, ξ(s) = Θ(s)(B̂−B) − (b̂−b)
WeightedRate = quantity("WeightedRate")  # the same for ξ'(s) = −2(Θ(s)B−b)(B̂−B)
WeightedGradient = quantity("WeightedGradient")  # (Q', Q, Θ, ν): ‖(ΘB'−b')B_ν^{−½}‖
MeanLoss, MeanLeast = quantity("MeanLoss"), quantity("MeanLeast")  # (Q, data, Θ), (Q, data): means of ℓ_i(Θ), min ℓ_i
MeanExcess = quantity("MeanExcess")  # (Q, data, Θ): the mean of ℓ_i(Θ) − min ℓ_i
WeightedGap = quantity("WeightedGap")  # (Q̂, Q, Θ, ν): ‖(Θ(B̂−B) − (b̂−b))B_ν^{−½}‖

# What the data keep of B+ν ------------------------------------------------------------


BEST = ("sure", "moment", "master")
"""The branches that no other is above."""


def tail_level(failure: sp.Expr) -> sp.Expr:
    """ℓ/n, ℓ = log(m/p)."""
    return sp.log(sym.m / failure) / sym.n


def gaussian_loss(variance: sp.Expr, level: sp.Expr) -> sp.Expr:
    """√(2vℓ/n)."""
    return sp.sqrt(2 * variance * level)


def chord(at: sp.Expr, reach: sp.Expr = sym.ridged_range) -> sp.Expr:
    """ω + (1−ω)(1−e^{−ςL′})/(ςL′)."""
    return sym.omega + (1 - sym.omega) * (1 - sp.exp(-at * reach)) / (at * reach)


def lower_tails(failure: sp.Expr) -> dict[str, sp.Expr]:
    """What is kept but for an event of this probability, branch by branch, in the symbols of the claims."""
    level = tail_level(failure)
    return {
        "sure": sym.omega,
        "moment": 1 - gaussian_loss(sym.whitened_square, level),
        "Bernstein": 1 - gaussian_loss(sym.whitened_variance, level) - (1 - sym.omega) * level / 3,
        "Chernoff": chord(sym.laplace_chord) - level / sym.laplace_chord,
        "master": (sp.log(failure) - sym.log_laplace) / (sym.laplace_at * sym.n),
    }


def best_tail(failure: sp.Expr) -> sp.Expr:
    """The greatest of three: Bernstein's and Chernoff's are below the transform itself at their own ς."""
    return sp.Max(*(lower_tails(failure)[name] for name in BEST), evaluate=False)


MEANINGS: Mapping[sp.Symbol, sp.Expr] = MappingProxyType(
    {
        sym.top_B: LargestEigenvalue(Q),
        sym.gain: FilterSup(Damped(0, sym.tau), nu, sym.K_B),
        sym.noise_end: WeightedResidual(EMPIRICAL, Q, Theta0, nu, sym.tau),
        sym.noise_gap: WeightedGap(EMPIRICAL, Q, Theta, nu),
        sym.slope_ridge: WeightedGradient(Q, Q, Theta, nu),
        sym.distance_ridge: WeightedDistance(Q, nu, Theta0, Theta),
        sym.decay_four: FilterSup(Decay(4 * sym.tau), nu, sym.K_B),
        sym.decay_two: FilterSup(Decay(2 * sym.tau), nu, sym.K_B),
        sym.gain_residual: FilterSup(DampedSquare(sym.tau), nu, sym.K_B),
        sym.residual_hat: Value(EMPIRICAL, Theta) - Least(EMPIRICAL),
        sym.residual_mean: MeanExcess(Q, data, Theta),
        sym.kept: Kept(EMPIRICAL, Q, nu),
        sym.path_spread: PathSpread(Q, data, Theta0, sym.tau, nu, sym.K_B),
        sym.omega: Lowest(RIDGED),
        sym.ridged_range: EigenvalueRange(RIDGED),
        sym.whitened_square: SquareNorm(WHITENED),
        sym.whitened_variance: SquareNorm(CENTRED),
        sym.log_laplace: LogLaplace(RIDGED, ZERO, sym.laplace_at, sym.n),
    }
)
"""What the measured symbols of capacity mean."""
