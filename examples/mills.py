"""Mills' ratio: the normal tail Q(x) against the density φ(x), from both sides."""

import sympy as sp
from sympy import Rational, erfc, exp, pi, sqrt

import verify

x = sp.Symbol("x", positive=True)
tail = erfc(x / sqrt(2)) / 2
density = exp(-(x**2) / 2) / sqrt(2 * pi)

above = verify.lemma(
    "Q(x) <= φ(x)/x.",
    tail,
    density / x,
    over={x: ("0.01", 30)},
    wrong={"one-per-cent": Rational(99, 100) * density / x, "half": density / (2 * x)},
    source="Gordon 1941",
)

below = verify.lemma(
    "x φ(x)/(1 + x²) <= Q(x).",
    x * density / (1 + x**2),
    tail,
    over={x: ("0.01", 30)},
    wrong={"one-per-cent": Rational(99, 100) * tail, "half": tail / 2},
    source="Gordon 1941",
)
