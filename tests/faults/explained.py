"""Why a fault that nobody notices is none, or what would have to be looked at: by the fault's id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EQUIVALENT, HOLE = "equivalent", "not seen"

EXPLAINED: Mapping[str, tuple[str, str]] = MappingProxyType({})
"""(equivalent or not seen, the reason)."""
