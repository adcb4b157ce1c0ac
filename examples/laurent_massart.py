"""The upper tail of χ²_k by Laurent and Massart, against the exact tail Γ(k/2, x/2)/Γ(k/2)."""

import sympy as sp
from sympy import gamma, log, sqrt, uppergamma

import verify

k = sp.Symbol("k", integer=True, positive=True)
delta = sp.Symbol("delta", positive=True)
chi2 = sp.Symbol("X", nonnegative=True)

laurent_massart = verify.lemma(
    "χ²_k <= k + 2√(k log(1/δ)) + 2 log(1/δ) with probability 1 − δ.",
    chi2,
    k + 2 * sqrt(k * log(1 / delta)) + 2 * log(1 / delta),
    over={k: (1, 200), delta: ("1e-6", "0.9")},
    with_probability=1 - delta,
    violation=uppergamma(sp.Rational(1, 2) * k, chi2 / 2) / gamma(sp.Rational(1, 2) * k),
    wrong={
        "no-linear-term": k + 2 * sqrt(k * log(1 / delta)),
        "no-root": k + 2 * log(1 / delta),
        "root-two-for-two": k + sqrt(2 * k * log(1 / delta)) + sqrt(2) * log(1 / delta),
    },
    source="Laurent and Massart 2000, Lemma 1",
)
