"""Constants that ``≲`` hides: one that is absolute, and one that depends on n, which its sign may not."""

import numpy as np
import sympy as sp
from scipy.special import digamma
from sympy import log

import verify

n = sp.Symbol("n", integer=True, positive=True)
harmonic = sp.Symbol("H", positive=True)


def harmonic_number(n):
    """1 + 1/2 + … + 1/n."""
    return np.euler_gamma + digamma(n + 1)


absolute = verify.lemma(
    "The harmonic numbers grow no faster than 1 + log n.",
    harmonic,
    1 + log(n),
    over={},
    measure={harmonic: harmonic_number},
    up_to_constant=(),
    along={n: (1, 10**9)},
    wrong={"bounded": sp.S.One},
    source="Euler 1740",
)
