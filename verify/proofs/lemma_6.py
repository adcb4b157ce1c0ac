"""Proofs of Lemma 6: the Monte-Carlo error of finitely many random features."""

from __future__ import annotations

from sympy import log, sqrt

from theory.symbols import M, T, delta, m, mc_error, n
from theory.vocabulary import objects as o
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


@proves("L6:repaired")
def repaired(p: Draft) -> Judgement:
    """HILBERT:deviation for the sampled features."""
    fixed = p.cite("features are fixed maps")
    sample = p.cite("image of a sample", {o.Y: o.sampled, n: m}, map=o.Neuron(o.p0, o.weight, T), by=fixed)
    facts = [sample, p.cite("features have a largest norm")]
    tail = p.use("HILBERT:deviation", {o.Y: o.NEURONS, n: m, M: p(M)}, by=facts)
    return p.calc(
        sqrt(mc_error),
        ("=", o.Deviation(o.NEURONS, m)),
        ("<=", M / sqrt(m) + M / sqrt(m) * sqrt(2 * log(1 / delta)), tail),
    )
