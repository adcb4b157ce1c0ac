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
    source="Euler 1740",
)

logarithm = verify.lemma(
    "log(1 + n) grows no faster than √n.",
    log(1 + n),
    sp.sqrt(n),
    over={},
    up_to_constant=(),
    along={n: (1, 10**12)},
    wrong={"bounded": sp.S.One, "its-own-root": sp.sqrt(log(1 + n))},  # their constants grow with n, without end
    source="l'Hospital's rule",
)
