"""Pinsker's inequality, 2 TV² <= KL, for two Bernoulli laws and for two normal ones."""

import sympy as sp
from sympy import Rational, erf, log, sqrt

import verify

p, q = sp.symbols("p q", positive=True)
m = sp.Symbol("m", positive=True)
divergence = p * log(p / q) + (1 - p) * log((1 - p) / (1 - q))

bernoulli = verify.lemma(
    "Pinsker's inequality for Bernoulli laws; they are equal at p = q, where it is tight to second order.",
    2 * (p - q) ** 2,
    divergence,
    over={p: ("0.001", "0.999"), q: ("0.001", "0.999")},
    wrong={"one-per-20000": Rational(19999, 20000) * divergence, "half": divergence / 2},
    source="Tsybakov 2009, Lemma 2.5",
)

gaussian = verify.lemma(
    "Pinsker's inequality for N(0, 1) and N(m, 1), whose total variation is erf(m/√8).",
    2 * erf(m / sqrt(8)) ** 2,
    m**2 / 2,
    over={m: ("1e-6", 20)},
    wrong={"63-per-cent": m**2 / 2 * Rational(63, 100), "TV-for-TV-squared": m / 2},
    source="Tsybakov 2009, Lemma 2.5",
)
