"""Lemma 2 against the horizon: where the printed bound fails, exactly, and that the repaired one is attained.

Two families under Ornstein–Uhlenbeck with exact divergences (`verify.studies.counterexamples.horizon_table`): "shift",
p₀ = N(0, 1) and s = −x + c e^{−t}, and "stationary", p₀ = N(1, 1) and s = −x.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from verify.studies.counterexamples import horizon_table, shift_threshold
from verify.studies.drawing import Figure, figure, style
from verify.studies.files import Numbers, Output
from verify.studies.summaries import verdicts

NAME = "lemma-2-horizon"
COLUMNS = ("family", "horizon", "divergence over printed bound", "divergence over repaired bound")
FAMILIES = {"shift": "p₀ = N(0, 1), s = −x + c e$^{-t}$", "stationary": "p₀ = N(1, 1), s = −x"}
STATIONARY_THRESHOLD = 2.0
_LOWEST, _HIGHEST = 0.5, 20.0
_THRESHOLD_DIGITS = 12


def run(out: Path, quick: bool = True, seed: int = 0) -> tuple[Path, ...]:
    """Write lemma-2-horizon.csv, .json, .png and .svg into an existing directory and return their paths.

    ``quick`` takes fewer horizons; ``seed`` changes nothing: every number is exact. ValueError for a directory that
    cannot be used.
    """
    files = Output(out, NAME)
    grid = np.geomspace(_LOWEST, _HIGHEST, 13 if quick else 79).round(4)
    horizons = np.unique([*grid, STATIONARY_THRESHOLD]).tolist()
    tables = {family: np.array(horizon_table(horizons, family=family)) for family in FAMILIES}
    low, high = shift_threshold(_THRESHOLD_DIGITS)
    rows = [(family, *row) for family, table in tables.items() for row in table]
    return (
        files.table(COLUMNS, rows),
        files.numbers(_numbers(tables, float(low), float(high))),
        *files.figure(_draw(tables, float(low))),
    )


def _numbers(tables: dict[str, np.ndarray], low: float, high: float) -> Numbers:
    found: Numbers = {
        family: {
            "largest ratio, printed": table[:, 1].max(),
            "at horizon": table[table[:, 1].argmax(), 0],
            "largest ratio, repaired": table[:, 2].max(),
            "last horizon without violation": table[table[:, 1] <= 1, 0].max(),
            "first horizon with violation": table[table[:, 1] > 1, 0].min(),
        }
        for family, table in tables.items()
    }
    return {
        "study": NAME,
        "claims": verdicts("L2:printed", "L2:repaired"),
        "families": found,
        "printed is violated": any(bool((table[:, 1] > 1).any()) for table in tables.values()),
        "repaired is violated": any(bool((table[:, 2] > 1).any()) for table in tables.values()),
        "threshold of the shift family, certified": [f"{end:.{_THRESHOLD_DIGITS}f}" for end in (low, high)],
    }


def _draw(tables: dict[str, np.ndarray], threshold: float) -> Figure:
    made = figure(6.4, 4.4)
    axes = made.subplots()
    marks = {"shift": "o", "stationary": "s"}
    for k, (family, table) in enumerate(tables.items()):
        for column, bound in ((1, "printed"), (2, "repaired")):
            axes.plot(
                table[:, 0],
                table[:, column],
                label=f"{bound}: {FAMILIES[family]}",
                **{**style(2 * k + column - 1), "marker": marks[family], "markevery": max(len(table) // 14, 1)},
            )
    axes.axhline(1.0, color="0.4", linewidth=0.8)
    axes.annotate(
        "violated above this line", (20.0, 1.0), xytext=(0, 3), textcoords="offset points", ha="right", fontsize=8
    )
    axes.axvline(threshold, color="0.4", linewidth=0.8, linestyle=":")
    axes.annotate(
        f"T = {threshold:.5f}… (shift), 2 (stationary)",
        (threshold, 0.27),
        xytext=(4, 0),
        textcoords="offset points",
        fontsize=8,
    )
    axes.set_yscale("log")
    axes.set_xlabel("horizon T   (time of the forward process)")
    axes.set_ylabel("divergence / bound   (no unit)")
    axes.set_title("Lemma 2: KL(p₀ ‖ SDE-density) over its bound, exact")
    axes.grid(visible=True, alpha=0.25)
    axes.legend(frameon=False, fontsize=8)
    return made
