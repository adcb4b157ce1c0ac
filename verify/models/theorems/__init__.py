"""Numeric models of the theorems that proofs cite, field by field as in `theory.theorems`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from verify.models.theorems import (
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
    gradient_integrals,
    information,
    line_networks,
    moments,
    networks,
    normals,
    polytopes,
    quadratics,
    rademacher,
    random_matrices,
    score_matching,
    shifted_scores,
    stochastic,
    two_modes,
    uniform_deviation,
)
from verify.models.theorems.attack import Model

_FIELDS = (
    concentration,
    quadratics,
    capacity,
    capacity_rates,
    random_matrices,
    gradient_integrals,
    stochastic,
    bounds,
    analysis,
    gaussian,
    features,
    moments,
    divergences,
    information,
    channels,
    generation,
    diffusions,
    networks,
    normals,
    score_matching,
    two_modes,
    line_networks,
    shifted_scores,
    polytopes,
    rademacher,
    uniform_deviation,
)

MODELS: Mapping[str, Model] = MappingProxyType(
    {name: model for field in _FIELDS for name, model in field.MODELS.found.items()}
)
"""The model of each theorem, by the theorem's id."""
