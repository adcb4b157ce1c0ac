"""The divergence and the excess loss along training against n: fitted exponents with their intervals, a figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from verify.studies.drawing import Axes, Figure, figure, style
from verify.studies.files import Numbers
from verify.studies.grids.fits import Columns, Summary, by_size, decay, exponent, levels, numbers_of, only
from verify.studies.grids.trained_divergence import CONSTANTS
from verify.studies.summaries import median_interval

STOPS = {
    "best": "at the best time",
    "capacity": "where T1:capacity's bound is least",
    "power": "at τ = $n^{2/5}$",
    "end": "at the last time, τ = 10⁶",
}
"""Column, and where on the training path it is taken."""
THEORY = {"power": "$n^{2/5}$", "rates": "$n^{1/(1+2r+β)}$"}
"""Stopping times of the theory but for a constant, the paper's and that of CAP:rates."""
RATES = {"n^(-2/5)": -0.4, "n^(-1/2)": -0.5, "n^(-1)": -1.0}
"""Exponents that the paper, its repair and CAP:saturation have; CAP:rates has one for each law and features."""


@dataclass(frozen=True, kw_only=True)
class _Law:
    """What the cells of one data law found."""

    sizes: np.ndarray
    columns: Columns
    limit: float
    rate: Fraction
    noise: float
    best: Mapping[str, float]
    """The constant c, of each time of the theory, with the least divergence in hindsight."""

    def of(self, name: str) -> np.ndarray:
        """A column as (replicas, sizes)."""
        return by_size(self.columns, name, "n")

    def stops(self) -> Mapping[str, tuple[str, str]]:
        """Name, column and label of every time that is looked at."""
        chosen = {name: (f"{name}@{c:g}", f"at τ = {c:g} {THEORY[name]}") for name, c in self.best.items()}
        return {**{name: (name, STOPS[name]) for name in ("best", "capacity")}, **chosen, "end": ("end", STOPS["end"])}


def against_n(columns: Columns) -> Summary:
    """Medians over the replicas for each law and n, and two exponents at each time.

    That of the divergence is of its distance from the population's least one, which has either sign, since the flows
    lower the loss and not the divergence; that of the loss is of the mean excess over the least loss.
    """
    laws = {name: _law(only(columns, "law", name)) for name in dict.fromkeys(map(str, columns["law"]))}
    return Summary(figure=_drawn(laws), numbers={name: _summed(law) for name, law in laws.items()})


def _law(columns: Columns) -> _Law:
    def least(name: str) -> float:
        heights = {c: np.log(np.median(by_size(columns, f"{name}@{c:g}", "n"), axis=0)).mean() for c in CONSTANTS}
        return min(heights, key=lambda c: heights[c])

    return _Law(
        sizes=levels(columns, "n"),
        columns=columns,
        limit=float(numbers_of(columns, "limit")[0]),
        rate=Fraction(str(columns["rate"][0])),
        noise=float(numbers_of(columns, "noise_square")[0]),
        best={name: least(name) for name in THEORY},
    )


def _summed(law: _Law) -> Numbers:
    numbers: Numbers = {
        "n": law.sizes.tolist(),
        "limit": law.limit,
        "constants": dict(law.best),
        "T1:capacity": {name: np.median(law.of(f"capacity_{name}"), axis=0).tolist() for name in ("tau", "bound")},
        "best_tau": np.median(law.of("best_tau"), axis=0).tolist(),
        "best_excess_tau": np.median(law.of("best_excess_tau"), axis=0).tolist(),
        "largest error": float(np.nanmax(law.of("result.error"))),
        "CAP:rates": {
            name: law.columns[name][0]
            for name in ("start", "dimension", "source", "effective", "stopping", "rate", "noise_std", "enough")
        },
        "CAP:saturation": {
            "D(0)": law.noise,
            "n times the mean excess for τ = ∞": (law.sizes * law.of("ever_excess").mean(axis=0)).tolist(),
        },
    }
    for name, (column, _) in law.stops().items():
        numbers[name] = {"divergence": _divergence(law, column), "excess loss": _excess(law, f"{column}_excess")}
    for name in THEORY:
        numbers[f"{name}, by c"] = {f"{c:g}": np.median(law.of(f"{name}@{c:g}"), axis=0).tolist() for c in CONSTANTS}
    return {**numbers, "ever": {"excess loss": _excess(law, "ever_excess")}}


def _divergence(law: _Law, column: str) -> Numbers:
    found = law.of(column)
    low, middle, high = median_interval(found)
    return {
        "median": middle.tolist(),
        "interval": [low.tolist(), high.tolist()],
        "mean distance": (found - law.limit).mean(axis=0).tolist(),
        "standard deviation": found.std(axis=0, ddof=1).tolist(),
        **_told(law, exponent(law.sizes, found - law.limit)),
    }


def _excess(law: _Law, column: str) -> Numbers:
    found = law.of(column)
    return {"mean": found.mean(axis=0).tolist(), **_told(law, decay(law.sizes, found))}


def _told(law: _Law, fitted: tuple[float, tuple[float, float]]) -> Numbers:
    slope, (low, high) = fitted
    rates: Mapping[str, Any] = {**RATES, f"CAP:rates, n^({law.rate})": float(law.rate)}
    return {
        "exponent": slope,
        "exponent interval": [low, high],
        "interval holds": [name for name, value in rates.items() if low <= value <= high],
    }


def _drawn(laws: Mapping[str, _Law]) -> Figure:
    made = figure(5.2 * len(laws), 8.6)
    panels = made.subplots(2, len(laws), squeeze=False)
    for k, (name, law) in enumerate(laws.items()):
        above, below = panels[:, k]
        _medians(above, law)
        _means(below, law)
        above.set_title(name, fontsize=10)
        for axes in (above, below):
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.grid(visible=True, alpha=0.3)
        above.legend(*(found[-2:] for found in above.get_legend_handles_labels()), frameon=False, fontsize=8)
        below.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2)
        below.set_xlabel("n")
    panels[0, 0].set_ylabel("KL(p₀ ‖ generated), median of replicas")
    panels[1, 0].set_ylabel("loss less the least loss, mean of replicas")
    return made


def _medians(axes: Axes, law: _Law) -> None:
    for k, (column, label) in enumerate(law.stops().values()):
        low, middle, high = median_interval(law.of(column))
        axes.plot(law.sizes, middle, label=label, **style(k + 1))
        axes.fill_between(law.sizes, low, high, color="0.85", linewidth=0)
    bound = np.median(law.of("capacity_bound"), axis=0)
    axes.plot(law.sizes, bound, label="T1:capacity's bound at its own time", color="0.5", linewidth=3)
    axes.axhline(
        law.limit, color="black", linewidth=0.8, linestyle=":", label="least along the population's flow, n = ∞"
    )


def _means(axes: Axes, law: _Law) -> None:
    for k, (column, label) in enumerate(law.stops().values()):
        axes.plot(law.sizes, law.of(f"{column}_excess").mean(axis=0), label=label, **style(k + 1))
    axes.plot(law.sizes, law.of("ever_excess").mean(axis=0), label="trained for ever", **style(7))
    axes.plot(law.sizes, law.noise / law.sizes, color="0.5", linewidth=3, label="D(0)/n, CAP:saturation", zorder=0)
    middle = len(law.sizes) // 2
    height = law.of("best_excess").mean(axis=0)[middle]
    for line, (name, rate) in zip(
        ("-", "--", ":"),
        {"CAP:rates": law.rate, "a repaired sum's": Fraction(-1, 2), "the paper's": Fraction(-2, 5)}.items(),
        strict=True,
    ):
        fall = height * (law.sizes / law.sizes[middle]) ** float(rate)
        axes.plot(law.sizes, fall, color="0.6", linewidth=1, ls=line, label=f"n^({rate}), {name} rate")
