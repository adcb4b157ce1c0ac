"""Hoeffding's inequality for the mean of n Bernoulli variables: by the exact binomial law, and from samples alone."""

import sympy as sp
from flint import arb
from sympy import log, sqrt

import verify

n = sp.Symbol("n", integer=True, positive=True)
p, delta = sp.symbols("p delta", positive=True)
excess = sp.Symbol("D", real=True)
bound = sqrt(log(1 / delta) / (2 * n))
wrong = {"third": sqrt(log(1 / delta) / (6 * n)), "n-for-its-root": sqrt(log(1 / delta) / 2) / n}


def binomial_tail(bound, n, p):
    """P(S/n − p > bound), the binomial tail as a sum of balls."""
    least = n * (arb(p) + bound)
    terms, ratio = arb(0), arb(p) / (1 - arb(p))
    mass = (1 - arb(p)) ** n
    for k in range(n + 1):
        if not bool(k <= least):
            terms += mass
        mass *= ratio * (n - k) / (k + 1)
    return arb.min(terms, arb(1))


def draws(rng, size, n, p):
    """Draws of S/n − p."""
    return rng.binomial(n, p, size) / n - p


exact = verify.lemma(
    "S/n − p <= √(log(1/δ)/(2n)) with probability 1 − δ.",
    excess,
    bound,
    over={n: (1, 60), p: ("0.01", "0.99"), delta: ("0.001", "0.9")},
    with_probability=1 - delta,
    violation=binomial_tail,
    wrong=wrong,
    source="Hoeffding 1963, Theorem 1",
)

sampled = verify.lemma(
    "The same, from samples alone.",
    excess,
    bound,
    over={n: (1, 1000), p: ("0.05", "0.95"), delta: ("0.01", "0.5")},
    with_probability=1 - delta,
    sample=draws,
    wrong=wrong,
    source="Hoeffding 1963, Theorem 1",
)
