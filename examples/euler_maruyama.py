"""Euler–Maruyama for the Ornstein–Uhlenbeck process: its variance is off by the order of the step h.

dx = −x dt + √2 dW from 0 has the variance 1 − e^{−2t}; n Euler steps give (1 − (1 − h)^{2n})/(1 − h/2).
"""

import sympy as sp
from sympy import Abs, exp

import verify

n = sp.Symbol("n", integer=True, positive=True)
h = sp.Symbol("h", positive=True)
euler = (1 - (1 - h) ** (2 * n)) / (1 - h / 2)
exact = 1 - exp(-2 * n * h)

weak_order = verify.lemma(
    "The variance after any number of steps is off by at most (1 + e^{−2}) h, an equality at one step of h = 1.",
    Abs(euler - exact),
    (1 + exp(-2)) * h,
    over={h: ("0.001", 1), n: (1, 1000)},
    wrong={"first-version": h, "second-order": h**2},
    source="Kloeden and Platen 1992, chapter 9",
)

one_step = verify.lemma(
    "The same after one step: one variable is left.",
    2 * h - 1 + exp(-2 * h),
    (1 + exp(-2)) * h,
    over={h: (0, 1)},
    wrong={"first-version": h, "second-order": h**2},
    source="Kloeden and Platen 1992, chapter 9",
)

stationary = verify.lemma(
    "The stationary variance 1/(1 − h/2) is off by at most h.",
    h / (2 - h),
    h,
    over={h: (0, 1)},
    wrong={"half": h / 2, "second-order": h**2},
    source="Kloeden and Platen 1992, chapter 9",
)
