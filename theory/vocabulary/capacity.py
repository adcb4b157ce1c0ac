"""Quadratics under a ridge: norms by (B+ν)^{±½}, what flows do to an eigenmode, and how far a sample's matrix falls."""

from __future__ import annotations

from theory.vocabulary.terms import quantity, term

# Functions of an eigenvalue k ------------------------------------------------------------

Damped = term("Damped")  # (r, s): k ↦ e^{−2rk}(1−e^{−2sk})/k, 2s at k = 0
Decay = term("Decay")  # rate: k ↦ e^{−rate·k}

# Quantities ------------------------------------------------------------

Kept = quantity("Kept")  # (Q̂, Q, ν): the largest c with B̂+ν ⪰ c(B+ν)
PathNoise = quantity("PathNoise")  # (Q̂, Q, Θ₀, τ, ν, K): C‖ξ(τ)B_ν^{−½}‖ + ∫₀^τ ω_τ(s)‖ξ'(s)B_ν^{−½}‖ds
FilterSup = quantity("FilterSup")  # (function f, ν, K): the largest (k+ν)f(k) for 0 <= k <= K
Sandwich = quantity("Sandwich")  # (Q̂, Q, ν, f): the operator norm of B_ν^½ f(B̂) B_ν^½
RidgeDistance = quantity("RidgeDistance")  # (Q, ν, Θ, Θ'): ‖(Θ−Θ')B_ν^½‖
WeightedDistance = quantity("WeightedDistance")  # (Q, ν, Θ, Θ'): ‖(Θ−Θ')B_ν^{−½}‖
WeightedResidual = quantity("WeightedResidual")  # (Q̂, Q, Θ₀, ν, s): ‖ξ(s)B_ν^{−½}‖, ξ(s) = Θ(s)(B̂−B) − (b̂−b)
WeightedRate = quantity("WeightedRate")  # the same for ξ'(s) = −2(Θ(s)B−b)(B̂−B)
WeightedGradient = quantity("WeightedGradient")  # (Q', Q, Θ, ν): ‖(ΘB'−b')B_ν^{−½}‖
WeightedGap = quantity("WeightedGap")  # (Q̂, Q, Θ, ν): ‖(Θ(B̂−B) − (b̂−b))B_ν^{−½}‖
