"""The theorems of the literature that proofs rest on, as typed values: hypotheses, conclusion, reference.

A theorem here names its literature and speaks of no symbol of one paper; what a name means is a "definition". Each is
attacked in a numeric model, in which it must hold and its right side × 0.99 must fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from theory.theorems import (
    analysis,
    bounds,
    capacity,
    capacity_rates,
    channels,
    concentration,
    diffusions,
    divergences,
    features,
    gaussian,
    generation,
    information,
    moments,
    networks,
    normals,
    polytopes,
    quadratics,
    rademacher,
    random_matrices,
    score_matching,
    stochastic,
    two_modes,
)
from theory.vocabulary.statements import Theorem

FIELDS = MappingProxyType(
    {
        "concentration": concentration.THEOREMS,
        "random matrices": random_matrices.THEOREMS,
        "linear algebra": (*quadratics.THEOREMS, *capacity.THEOREMS, *capacity_rates.THEOREMS),
        "stochastic calculus": stochastic.THEOREMS,
        "suprema": bounds.THEOREMS,
        "analysis": analysis.THEOREMS,
        "Gaussian variables": (*gaussian.THEOREMS, *normals.THEOREMS),
        "random features": features.THEOREMS,
        "moments": moments.THEOREMS,
        "divergences": divergences.THEOREMS,
        "information": information.THEOREMS,
        "channels": channels.THEOREMS,
        "generation": generation.THEOREMS,
        "diffusion models": diffusions.THEOREMS,
        "networks": networks.THEOREMS,
        "score matching": score_matching.THEOREMS,
        "two modes": two_modes.THEOREMS,
        "polytopes": polytopes.THEOREMS,
        "Rademacher complexity": rademacher.THEOREMS,
    }
)
"""The theorems by field."""


def _collected() -> dict[str, Theorem]:
    found: dict[str, Theorem] = {}
    for theorem in (theorem for theorems in FIELDS.values() for theorem in theorems):
        if theorem.id in found:
            raise ValueError(f"two theorems have the id {theorem.id!r}")
        found[theorem.id] = theorem
    return found


THEOREMS: Mapping[str, Theorem] = MappingProxyType(_collected())
"""Every theorem by id."""
