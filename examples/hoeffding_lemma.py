"""Hoeffding's lemma: E exp(λ(X − E X)) <= exp(λ²/8) for X in [0, 1], at its extreme laws, the Bernoulli ones."""

import sympy as sp
from sympy import Rational, exp

import verify

p = sp.Symbol("p", positive=True)
lam = sp.Symbol("lambda", real=True)

hoeffding_lemma = verify.lemma(
    "The moment-generating function of a centred Bernoulli variable is at most exp(λ²/8).",
    p * exp(lam * (1 - p)) + (1 - p) * exp(-lam * p),
    exp(lam**2 / 8),
    over={p: ("0.001", "0.999"), lam: (-20, 20)},
    wrong={
        "over-801-per-100": exp(lam**2 * Rational(100, 801)),
        "over-9": exp(lam**2 / 9),
        "linear": exp(sp.Abs(lam) / 8),
    },
    source="Boucheron, Lugosi and Massart 2013, Lemma 2.2",
)
