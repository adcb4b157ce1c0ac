"""Sweeps of the house by name: a spec that lies in ``specs``, and what draws and sums up its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from theory.checks import shown
from verify.sweeps.results import Sweep

_SPECS = Path(__file__).with_name("specs")


@dataclass(frozen=True, kw_only=True)
class Named:
    """A committed spec, and the function of its table's columns that draws it.

    ``module``: of the room ``grids`` of the studies; ``function``: its name there.
    """

    name: str
    sentence: str
    module: str
    function: str

    @property
    def spec(self) -> Path:
        """The spec's file."""
        return _SPECS / f"{self.name}.toml"

    def summary(self, found: Sweep) -> Any:
        """The figure and the numbers of a sweep of this spec."""
        columns, rows = found.table()
        drawn = getattr(
            import_module(f"verify.studies.grids.{self.module}"), self.function
        )  # loaded when a sweep has ended
        return drawn({name: [row[k] for row in rows] for k, name in enumerate(columns)})


NAMED: Mapping[str, Named] = {
    entry.name: entry
    for entry in (
        Named(
            name="divergence-against-n",
            sentence="divergence and excess loss against n, at the best time and times of the theory; fitted exponents",
            module="divergence_against_n",
            function="against_n",
        ),
        Named(
            name="divergence-against-m",
            sentence="the same against the number of features, which are drawn anew",
            module="divergence_against_m",
            function="against_m",
        ),
        Named(
            name="effect-of-mu",
            sentence="two modes further and further apart: divergence, and the norm of the best fit",
            module="effect_of_mu",
            function="effect",
        ),
        Named(
            name="theorem-1-links",
            sentence="T1:capacity, T1:repaired and each link over what is measured, for a grid of n, m, τ, T and μ",
            module="theorem_1_links_drawing",
            function="over_the_grid",
        ),
        Named(
            name="three-densities",
            sentence="score-, SDE- and ODE-density of the same network along its training",
            module="three_densities_drawing",
            function="along_training",
        ),
        Named(
            name="memorisation-time",
            sentence="when flows on n data begin to memorise, in infinite width and at finite width",
            module="memorisation_time_drawing",
            function="against_data",
        ),
    )
}


def spec_of(text: str) -> Path:
    """The spec of a name, or the file as it is called; ValueError, with the names, for what is neither."""
    if text in NAMED:
        return NAMED[text].spec
    path = Path(text)
    if not path.suffix and not path.exists():
        raise ValueError(f"spec must be a TOML file or one of {', '.join(NAMED)}; got {shown(text)}")
    return path
