"""What audits measure with, compared with exact forms: one file per room of ``numerics``, and who relies on which.

An audit of a claim also reads the instruments of its family where definitions and closed forms tell what they must
read: one that is off makes all that was measured with it worthless, and the audit says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from verify.evidence.calibration import Instrument

_TRAINED = ("networks.NETWORKS", "statistics.TESTS")
_COUNTED = ("statistics.VIOLATIONS", "statistics.TESTS")
_FLOWS = ("random_features.QUADRATICS", "random_features.FLOW")
_FEATURES = ("random_features.QUADRATICS", "statistics.TESTS")
_BOUNDS = (*_FLOWS, "densities.DENSITIES", "reverse.REVERSE", "capacity.CAPACITY")
RELIED_ON: Mapping[str, tuple[str, ...]] = {
    "relu": ("random_features.MOMENTS",),
    "lemma_1": _COUNTED,
    "lemma_2": (*_FLOWS, "densities.DENSITIES", "reverse.REVERSE"),
    "lemma_4": _FLOWS,
    "lemma_5": _FLOWS,
    "lemma_6": _FEATURES,
    "lemma_8": _FEATURES,
    "hilbert": _COUNTED,
    "prior": ("densities.DENSITIES",),
    "theorem_1": _BOUNDS,
    "theorem_2": _BOUNDS,
    "figure_3": _TRAINED,
    "figure_4": _TRAINED,
    "figure_5": _TRAINED,
    "figure_8": _TRAINED,
    "figure_9": _TRAINED,
    "figure_10": _TRAINED,
    "figure_11": _TRAINED,
    "figures_6_7": (*_TRAINED, "reverse.REVERSE"),
}
"""The instruments of every family that measures with ``numerics``, as module.NAME in this room."""


def instruments_of(family: str) -> tuple[Instrument, ...]:
    """The instruments of a family, loaded when they are asked for; none for one that measures without ``numerics``."""
    found = []
    for place in RELIED_ON.get(family, ()):
        module, name = place.split(".")
        found.append(getattr(import_module(f"{__name__}.{module}"), name))
    return tuple(found)
