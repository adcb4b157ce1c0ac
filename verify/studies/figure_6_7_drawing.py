"""The picture of figures 6 and 7 on real images: losses, bits/dim, differences, and images beside samples."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from verify.models.image_pairs import PAIRS, Data, Settings
from verify.studies.drawing import Axes, Figure, Look, figure
from verify.studies.figure_6_7_findings import NETWORK, Found, differences
from verify.studies.replicas import Record, column
from verify.studies.summaries import LEVEL, band, finite, median_interval

_LOOK: Mapping[str, Look] = {
    "farthest": {"color": "black", "marker": "o", "markersize": 4},
    "nearest": {"color": "#0072b2", "marker": "^", "markersize": 4, "markerfacecolor": "white"},
}
_SHADE = {"farthest": "0.55", "nearest": "#56b4e9"}
_WORD = {"farthest": "farthest pair", "nearest": "nearest pair"}
_DIFFERENCES = {
    "held out": ("held-out bits/dim", "black", "o", "-"),
    "gap": ("gap: held-out − training", "#d55e00", "s", "--"),
    "excess": ("excess over the pair's Gaussian", "#009e73", "D", ":"),
}
_GAP = 2  # pixels of white between two images


def draw(found: Found, settings: Settings, data: Data, model: str, beside: Found | None = None) -> Figure:
    """Three panels over the epochs, and under them images of both pairs beside samples of replica 0.

    ``model``: what it is, in words; ``beside``: what the network of one hidden layer finds, drawn thin beside it.
    """
    made = figure(13.0, 6.9)
    parts: Any = made.subfigures(2, 1, height_ratios=(4.5, 2.4))
    top, bottom = parts
    losses, bits, between = top.subplots(1, 3)
    _losses(losses, found, settings)
    _bits(bits, found, settings, data, beside)
    _differences(between, found, settings)
    begin = settings.checkpoints[0]
    for axes, first in ((losses, 1), (bits, begin), (between, begin)):
        axes.set_xscale("log")
        axes.set_xlim(first / 1.2, 1.2 * settings.checkpoints[-1])
        axes.set_xlabel("epochs of training")
        axes.grid(visible=True, alpha=0.25)
        axes.legend(frameon=False, fontsize=7.5)
    for axes in (bits, between):
        ticks = settings.checkpoints[::-1][:: -(-len(settings.checkpoints) // 6)]
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.minorticks_off()
    count = len(found[PAIRS[0]])
    height, width = data.images.shape
    top.suptitle(
        f"{Path(data.images.name).name}, {height} × {width} pixels, {data.images.levels} grey levels; "
        f"per pair {2 * data.trained} images to train on and {2 * data.held_out} held out; "
        f"{model}; N = {count} replicas",
        fontsize=10,
    )
    for axes, which in zip(bottom.subplots(1, 2), PAIRS, strict=True):
        _images(axes, which, found[which][0], data)
    return made


def _losses(axes: Axes, found: Found, settings: Settings) -> None:
    middles = [np.sqrt(first * (after - 1)) for first, after in pairwise(settings.loss_edges())]
    for k, which in enumerate(PAIRS):
        values = finite(column(found[which], "loss"))
        low, high = band(values)
        axes.fill_between(middles, low, high, color=_SHADE[which], alpha=0.35, linewidth=0)
        axes.plot(
            middles,
            median_interval(values)[1],
            label=f"{_WORD[which]}, median",
            markevery=(4 * k, 8),
            linestyle=("-", "--")[k],
            **_LOOK[which],
        )
    axes.fill_between([], [], [], color="0.75", label="bands: nine runs of ten")
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("denoising loss per dimension, ‖std · s + z‖²/d")
    axes.set_title("training loss", fontsize=10)


def _bits(axes: Axes, found: Found, settings: Settings, data: Data, beside: Found | None) -> None:
    epochs = settings.checkpoints
    for which in PAIRS:
        held = finite(column(found[which], "held out"))
        low, middle, high = median_interval(held)
        if np.isfinite(low).all() and np.isfinite(high).all():
            axes.fill_between(epochs, low, high, color=_SHADE[which], alpha=0.5, linewidth=0)
        axes.plot(epochs, middle, label=f"{_WORD[which]}, held out", linestyle="-", **_LOOK[which])
        axes.plot(
            epochs,
            median_interval(finite(column(found[which], "training")))[1],
            linestyle="--",
            label=f"{_WORD[which]}, training images",
            linewidth=1.0,
            **_LOOK[which],
        )
        if beside is not None:
            other = median_interval(finite(column(beside[which], "held out")))[1]
            word = f"{_WORD[which]}, held out, {NETWORK}"
            axes.plot(epochs, other, label=word, linestyle=(0, (1, 1)), linewidth=0.8, **_LOOK[which])
        gaussian = float(median_interval(column(found[which], "gaussian held out"))[1])
        axes.axhline(
            gaussian,
            color=_LOOK[which]["color"],
            linewidth=1.0,
            linestyle={"farthest": ":", "nearest": "-."}[which],
            label=f"{_WORD[which]}, held out, Gaussian fit",
        )
    axes.fill_between([], [], [], color="0.75", label=f"bands: {LEVEL:.0%} pointwise interval of the median")
    axes.plot([], [], linestyle="none", label=f"(the uniform law has {np.log2(data.images.levels):.2f} bits/dim)")
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top + (0.2 if beside is None else 0.9) * (top - bottom))  # room for the legend
    axes.set_ylabel("−log₂ likelihood (bits/dim)")
    axes.set_title(
        f"negative log-likelihood by the {'exact' if beside is None else 'probed'} flow, medians", fontsize=10
    )


def _differences(axes: Axes, found: Found, settings: Settings) -> None:
    for k, (name, values) in enumerate(differences(found).items()):
        word, colour, marker, line = _DIFFERENCES[name]
        low, middle, high = median_interval(finite(values))
        shown = np.isfinite(middle)
        with np.errstate(invalid="ignore"):
            below, above = (np.where(np.isfinite(end), np.abs(end - middle), 0.0) for end in (low, high))
        places = np.array(settings.checkpoints) * 1.05 ** (k - 1)
        axes.errorbar(
            places[shown],
            middle[shown],
            (below[shown], above[shown]),
            color=colour,
            marker=marker,
            markersize=4,
            linestyle=line,
            capsize=2,
            linewidth=1.2,
            markerfacecolor="white" if k else colour,
            label=word,
        )
    axes.axhline(0.0, color="0.4", linewidth=0.8)
    enough = np.isfinite(median_interval(np.zeros(len(found[PAIRS[0]])))[0])
    axes.plot(
        [],
        [],
        linestyle="none",
        label=f"bars: {LEVEL:.0%} interval of the median" if enough else f"too few replicas for {LEVEL:.0%} intervals",
    )
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top + 0.3 * (top - bottom))  # room for the legend
    axes.set_ylabel("farthest − nearest (bits/dim), median")
    axes.set_title("does the farther pair generalise worse?", fontsize=10)


def _images(axes: Axes, which: str, record: Record, data: Data) -> None:
    """A row of training images, and one row of samples per checkpoint that is shown."""
    rows, names = [np.array(record["real"], dtype=float)], ["training\nimages"]
    for drawn, word in _distinct(record["samples"]):
        rows.append(np.array(drawn["levels"], dtype=float))
        names.append(f"samples,\n{word}\n(epoch {drawn['epoch']})")
    height, width = data.images.shape
    sheet = np.full((len(rows) * (height + _GAP) - _GAP, len(rows[0]) * (width + _GAP) - _GAP), np.nan)
    for i, row in enumerate(rows):
        for j, image in enumerate(row[: len(rows[0])]):
            y, x = i * (height + _GAP), j * (width + _GAP)
            sheet[y : y + height, x : x + width] = image.reshape(height, width)
    axes.imshow(
        np.ma.masked_invalid(sheet), cmap="gray_r", vmin=0, vmax=data.images.levels - 1, interpolation="nearest"
    )
    axes.set_yticks([i * (height + _GAP) + height / 2 - 0.5 for i in range(len(rows))], names, fontsize=7.5)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    one, two = data.pairs[which]
    axes.set_title(
        f"{_WORD[which]}: centroids {data.clusters.distances[one, two]:.1f} grey levels apart; replica 0", fontsize=9
    )


def _distinct(samples: Record) -> list[tuple[Record, str]]:
    """The sets of samples that are there and of different epochs, with their names."""
    best, last = samples.get("best"), samples.get("last")
    found = [(best, "least held out")] if best is not None else []
    if last is not None and (best is None or last["epoch"] != best["epoch"]):
        found.append((last, "last"))
    return found
