"""Bounds for samplers of N(m, 1) by the reversed Ornstein–Uhlenbeck process, where both sides are known exactly.

From N(0, 1), with the score off by the constant ε, the reverse SDE ends in N(m(1 − e^{−2T}) + 2ε(1 − e^{−T}), 1). Its
exponential integrator of step h, with the exact score of N(0, I_d), has the stationary variance (e^h + 1)/(3 − e^h).
"""

import sympy as sp
from sympy import Abs, erf, exp, log, sqrt

import verify

m, T, eps = sp.symbols("m T epsilon", positive=True)
shift = Abs(m * exp(-2 * T) - 2 * eps * (1 - exp(-T)))
prior = m / sqrt(2) * exp(-T)  # √KL(q‖γ) e^{−T} with KL(q‖γ) = m²/2

chen = verify.lemma(
    "The shape of Chen et al.: TV <= √KL(q‖γ) e^{−T} + ε√T.",
    erf(shift / sqrt(8)),
    prior + eps * sqrt(T),
    over={m: ("0.001", 20), T: ("0.001", 20), eps: ("0.0001", 10)},
    wrong={
        "no-score-error": prior,
        "no-prior": eps * sqrt(T),
        "half-score-error": prior + eps * sqrt(T) / 2,
        "faster": m / sqrt(2) * exp(-3 * T) + eps * sqrt(T),
    },
    source="Chen, Chewi, Li, Li, Salim and Zhang 2023, Theorem 2",
)

d = sp.Symbol("d", integer=True, positive=True)
h = sp.Symbol("h", positive=True)
variance = (exp(h) + 1) / (3 - exp(h))

benton = verify.lemma(
    "The shape of Benton et al.: what the steps cost in KL is of order d h² at stationarity, linear in d.",
    d / 2 * (1 / variance - 1 + log(variance)),
    d * h**2,
    over={h: ("0.001", "0.9")},
    up_to_constant=(),
    along={d: (1, 10**12)},
    wrong={"without-d": h**2},
    source="Benton, De Bortoli, Doucet and Deligiannidis 2024, Theorem 1",
)
