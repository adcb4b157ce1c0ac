"""Talagrand's transport inequality and the log-Sobolev inequality of N(0, 1), at the normal laws N(m, s²)."""

import sympy as sp
from sympy import Rational, log

import verify

m = sp.Symbol("m", real=True)
s = sp.Symbol("s", positive=True)
divergence = (m**2 + s**2 - 1 - 2 * log(s)) / 2
fisher = m**2 + (s - 1 / s) ** 2

talagrand = verify.lemma(
    "Talagrand's T2: W₂² <= 2 KL, an equality for shifts.",
    m**2 + (s - 1) ** 2,
    2 * divergence,
    over={m: (-10, 10), s: ("0.01", 100)},
    wrong={"one-per-20000": Rational(19999, 10000) * divergence, "half": divergence},
    source="Talagrand 1996",
)

log_sobolev = verify.lemma(
    "Gross' log-Sobolev inequality: KL <= I/2, with the relative Fisher information I; an equality for shifts.",
    divergence,
    fisher / 2,
    over={m: (-10, 10), s: ("0.01", 100)},
    wrong={"one-per-5000": Rational(4999, 10000) * fisher, "quarter": fisher / 4},
    source="Gross 1975",
)
