"""Numeric models of the theorems that proofs cite, field by field as in `theory.theorems`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from verify.models.theorems import analysis, bounds, concentration, divergences, moments, networks, quadratics
from verify.models.theorems.attack import Model

_FIELDS = (concentration, quadratics, bounds, analysis, moments, divergences, networks)

MODELS: Mapping[str, Model] = MappingProxyType(
    {name: model for field in _FIELDS for name, model in field.MODELS.found.items()}
)
"""The model of each theorem, by the theorem's id."""
