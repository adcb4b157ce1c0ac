"""The expected maximum of m independent normals: at most √(2 log m), and not less by a tenth."""

from functools import lru_cache

import numpy as np
import sympy as sp
from scipy.integrate import quad
from scipy.special import log_ndtr
from sympy import Rational, log, sqrt

import verify

m = sp.Symbol("m", integer=True, positive=True)
largest = sp.Symbol("E_max", nonnegative=True)


@lru_cache(maxsize=4096)
def expected_maximum(m):
    """E max Z_i = ∫_0^∞ (1 − Φ(z)^m) dz − ∫_{−∞}^0 Φ(z)^m dz, with the error that the quadrature claims."""
    above, one = quad(lambda z: -np.expm1(m * log_ndtr(z)), 0, 40, points=[np.sqrt(2 * np.log(m))], epsabs=1e-12)
    below, two = quad(lambda z: np.exp(m * log_ndtr(z)), -40, 0, points=[-5, -2, -1], epsabs=1e-12)
    return above - below, one + two + 1e-11


maximum = verify.lemma(
    "E max(Z_1, …, Z_m) <= √(2 log m) for standard normals, independent or not.",
    largest,
    sqrt(2 * log(m)),
    over={m: (2, 10**9)},
    measure={largest: expected_maximum},
    wrong={"nine-tenths": Rational(9, 10) * sqrt(2 * log(m)), "root-two-lost": sqrt(log(m))},
    source="Boucheron, Lugosi and Massart 2013, Theorem 2.5",
)
