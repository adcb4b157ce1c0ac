"""Proofs of the term KL(p_T‖π)."""

from __future__ import annotations

import sympy as sp
from sympy import exp

from theory.symbols import T, kl_data, kl_prior
from theory.theorems import places
from theory.theorems.places import time
from theory.vocabulary import objects as o
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


@proves("PRIOR:contraction")
def contraction(p: Draft) -> Judgement:
    """De Bruijn, the log-Sobolev inequality, and Grönwall."""
    now = o.Prior(o.p0, time)
    falls = p.combine(sp.Derivative(now, time), "<=", -2 * now, p.cite("de Bruijn"), p.cite("log-Sobolev"))
    facts = [falls, p.cite("divergence continuous at 0")]
    end = p.cite("Grönwall", {places.F: sp.Lambda(time, now)}, rate=2, by=facts)
    return p.combine(kl_prior, "<=", exp(-2 * T) * kl_data, end)
