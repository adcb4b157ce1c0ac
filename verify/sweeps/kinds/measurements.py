"""The house's measurements that sweeps may name: where each function lies, and what it measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """A function of parameters, and of a stream, that returns numbers by name."""

    module: str
    function: str
    sentence: str


MEASUREMENTS: Mapping[str, Measurement] = {}
