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


MEASUREMENTS: Mapping[str, Measurement] = {
    "divergence-against-n": Measurement(
        module="verify.studies.trained_divergence",
        function="divergence_against_n",
        sentence="the least divergence along the training on n data, and at the times that bounds prefer",
    )
}
