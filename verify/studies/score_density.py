"""Lemma 2 with the score-density [11]: the loss vanishes and the divergence stays, exactly.

s_θ = −x + c(1 − t/ε)₊ against p₀ = N(0, 1) under Ornstein–Uhlenbeck: L̃ = 2c²ε/(3T), KL = c²/2.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from verify.studies.counterexamples import LateRow, late_table
from verify.studies.drawing import Figure, figure, style
from verify.studies.files import Output
from verify.studies.summaries import verdicts

NAME = "score-density"
COLUMNS = ("epsilon", "loss", "divergence", "divergence over loss")
HORIZON = PUSH = 1.0
_SMALLEST = -8


def run(out: Path, quick: bool = True, seed: int = 0) -> tuple[Path, ...]:
    """Write score-density.csv, .json, .png and .svg into an existing directory and return their paths.

    ``quick`` takes fewer values of ε; ``seed`` changes nothing: every number is exact. ValueError for a directory that
    cannot be used.
    """
    files = Output(out, NAME)
    rows = late_table(np.logspace(0, _SMALLEST, 9 if quick else 33).tolist(), horizon=HORIZON, push=PUSH)
    last = rows[-1]
    numbers = {
        "study": NAME,
        "claims": verdicts("L2:score-density"),
        "horizon T": HORIZON,
        "push c": PUSH,
        "epsilon": [row.epsilon for row in rows],
        "smallest loss": last.loss,
        "divergence": last.divergence,
        "constant needed at the smallest epsilon": last.divergence / last.loss,
        "exponent of the needed constant in epsilon": _slope(rows),
    }
    return (
        files.table(COLUMNS, [(*row, row.divergence / row.loss) for row in rows]),
        files.numbers(numbers),
        *files.figure(_draw(rows)),
    )


def _slope(rows: Sequence[LateRow]) -> float:
    logs = np.log([(row.epsilon, row.divergence / row.loss) for row in rows])
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


def _draw(rows: Sequence[LateRow]) -> Figure:
    made = figure(6.4, 4.2)
    axes = made.subplots()
    epsilon = [row.epsilon for row in rows]
    for k, name in enumerate(LateRow._fields[1:]):
        label = {"loss": "loss L̃(θ; g²) = 2c²ε/(3T)", "divergence": "KL(p₀ ‖ score-density) = c²/2"}[name]
        axes.loglog(
            epsilon,
            [getattr(row, name) for row in rows],
            label=label,
            **{**style(k), "marker": "os"[k], "markevery": max(len(rows) // 9, 1)},
        )
    axes.set_xlabel("ε   (time up to which the score is wrong, T = 1)")
    axes.set_ylabel("loss, divergence   (nats)")
    axes.set_title("s = −x + c(1 − t/ε)₊, p₀ = N(0, 1), c = 1: no constant bounds KL by the loss", fontsize=10)
    axes.grid(visible=True, alpha=0.25)
    axes.legend(frameon=False)
    return made
