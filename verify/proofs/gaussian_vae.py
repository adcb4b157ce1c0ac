"""Proofs of the linear Gaussian autoencoder's bounds."""

from __future__ import annotations

import sympy as sp
from sympy import exp, log

from theory.symbols import data_variance, decoder_gain, decoder_variance, encoder_gain, encoder_variance, n, x
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.writing import Draft, proves

_HALF = sp.Rational(1, 2)


@proves("IT8:elbo")
def elbo(p: Draft) -> Judgement:
    """y − 1 − log y >= 0 at y = v_E u/v_G, and (κ²/v_G + c²)u >= 1 as a square, κ = 1 − wc."""
    c, w, v = encoder_gain, decoder_gain, decoder_variance
    margin, rest = v + w**2, 1 - w * c
    ratio = encoder_variance * margin / v
    curve = p.at(taylor(exp(x) - 1 - x, x, both_sides=True), {x: log(ratio)})
    square = p.sign(data_variance * (rest * w - c * v) ** 2 / (v * margin))
    mean = p.sign(rest**2 * data_variance * w**2 / (n * v * margin))
    parts = ((_HALF, curve), (_HALF, square), (_HALF, mean))
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, *parts)
