"""Lemmas of my own, each an object that scoregap tries to refute.

scoregap audit FILE.py                  all of them, with their wrong variants
scoregap show FILE.py:pinsker           one in full
pytest --scoregap FILE.py               each lemma a test
scoregap replay FILE.py:pinsker TOKEN   a counterexample again
"""

import numpy as np
import sympy as sp
from scipy.special import digamma
from sympy import Rational, log, sqrt

import verify

# 1. For all values. Both sides are exact SymPy expressions: Rational(1, 2) or "1/2", never 0.5.
p, q = sp.symbols("p q", positive=True)
divergence = p * log(p / q) + (1 - p) * log((1 - p) / (1 - q))

pinsker = verify.lemma(
    "Pinsker's inequality for two Bernoulli laws.",
    2 * (p - q) ** 2,  # left <= right is claimed
    divergence,
    over={p: ("0.01", "0.99"), q: ("0.01", "0.99")},  # every symbol has a range
    given=p < q,  # checked on every instance; leave it out if there is no condition
    wrong={"constant": Rational(9, 10) * divergence},  # right sides that must be refuted
    source="Tsybakov 2009, Lemma 2.5",
)

# 2. With probability 1 - delta. The left side is random: a symbol without a range, and a sample of it.
n = sp.Symbol("n", integer=True, positive=True)
delta = sp.Symbol("delta", positive=True)
deviation = sp.Symbol("D", nonnegative=True)


def deviations(rng, size, n, p):
    """Return ``size`` draws of |S/n - p|, where S counts the successes among n trials."""
    return np.abs(rng.binomial(n, p, size) / n - p)


hoeffding = verify.lemma(
    "Hoeffding's inequality for the mean of n Bernoulli variables.",
    deviation,
    sqrt(log(2 / delta) / (2 * n)),
    over={n: (1, 1000), p: ("0.05", "0.95"), delta: ("0.01", "0.5")},
    with_probability=1 - delta,
    sample=deviations,  # or violation=, the exact P(left > right), as an expression or a function
    wrong={"half": sqrt(log(2 / delta) / (8 * n))},
)

# 3. Up to a constant: what has no closed form is measured, and the constant must not grow along n.
harmonic = sp.Symbol("H", positive=True)


def harmonic_number(n):
    """Return 1 + 1/2 + ... + 1/n as a float, which is trusted to 12 digits; a flint ball would say its own error."""
    return np.euler_gamma + digamma(n + 1)


growth = verify.lemma(
    "The harmonic numbers grow no faster than 1 + log n.",
    harmonic,
    1 + log(n),
    over={},
    measure={harmonic: harmonic_number},
    up_to_constant=(),  # the names that the constant may depend on: none
    along={n: (1, 10**9)},
)
