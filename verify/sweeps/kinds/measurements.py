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


_ROOM = "verify.studies.grids"
MEASUREMENTS: Mapping[str, Measurement] = {
    "divergence-against-n": Measurement(
        module=f"{_ROOM}.trained_divergence",
        function="divergence_against_n",
        sentence="the least divergence along the training on n data, and at the times that bounds prefer",
    ),
    "divergence-against-m": Measurement(
        module=f"{_ROOM}.trained_divergence",
        function="divergence_against_m",
        sentence="the same with m features that are drawn anew",
    ),
    "effect-of-mu": Measurement(
        module=f"{_ROOM}.two_modes",
        function="effect_of_mu",
        sentence="loss, divergence and norm of the best fit to two modes at ±μ",
    ),
    "three-densities": Measurement(
        module=f"{_ROOM}.two_modes",
        function="three_densities",
        sentence="the divergence to the score-, SDE- and ODE-density of the same network along its training",
    ),
    "theorem-1-links": Measurement(
        module=f"{_ROOM}.theorem_1_links",
        function="theorem_1_links",
        sentence="Theorem 1's bounds, and each of their links, over what is measured",
    ),
    "memorisation-in-infinite-width": Measurement(
        module=f"{_ROOM}.memorisation_time",
        function="in_infinite_width",
        sentence="when the infinite-width flow on n data begins to memorise",
    ),
    "memorisation-at-finite-width": Measurement(
        module=f"{_ROOM}.memorisation_time",
        function="at_finite_width",
        sentence="when the flow of m random features on n data begins to memorise",
    ),
}
