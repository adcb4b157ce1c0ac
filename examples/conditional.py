"""A hypothesis that matters: x <= x² holds from 1 on, and fails below."""

import sympy as sp

import verify

x = sp.Symbol("x", positive=True)

beyond_one = verify.lemma(
    "x <= x² for x >= 1.",
    x,
    x**2,
    over={x: ("0.01", 100)},
    given=x >= 1,
    wrong={"one-per-cent": sp.Rational(99, 100) * x**2},
    source="arithmetic",
)
