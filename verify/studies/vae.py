"""Autoencoders against the bounds on them: the linear Gaussian one exactly, networks of the digits measured.

The linear one needs nothing; the networks need the extras torch and digits, and without them are SKIPPED in words.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np

from numerics import LinearAutoencoder
from numerics.checks.extras import MissingExtraError, optional
from numerics.networks.autoencoders.trained import Training
from verify.models.image_autoencoders import QUANTITIES, VARIANTS, Settings, measure
from verify.models.images import digits
from verify.studies.drawing import Axes, Figure, figure, style
from verify.studies.files import Numbers, Output
from verify.studies.replicas import Record, ReplicaKeywords, replicate
from verify.studies.summaries import median, median_interval, share, verdicts

NAME = "vae"
COLUMNS = ("part", "model", "n", "replica", "quantity", "value")
CLAIMS = ("IT8:printed", "IT8:repaired", "IT8:sharp", "IT5:printed", "IT5:repaired")


def _line(gains: tuple[float, float], variances: tuple[float, float]) -> Callable[[int], LinearAutoencoder]:
    """One coordinate of variance 1: gains of encoder and decoder, and their variances."""
    (c, w), (noise, v) = (tuple(np.array([x]) for x in pair) for pair in (gains, variances))
    return lambda n: LinearAutoencoder(
        data_variance=np.ones(1), encoder_gain=c, encoder_variance=noise, decoder_gain=w, decoder_variance=v, count=n
    )


LINEAR: Mapping[str, Callable[[int], LinearAutoencoder]] = {
    "a code that tells nothing": _line((0.0, 0.0), (1.0, 1.0)),
    "a code that tells half": _line((0.5, 0.7), (0.5, 0.5)),
    "the best code, σ² = 4, 1, ¼": lambda n: LinearAutoencoder.optimal([4.0, 1.0, 0.25], decoder_variance=0.5, count=n),
}
"""Linear autoencoders of n data."""
EXACT = (
    "reconstruction", "held_out", "product", "rate", "code_information", "weight_information", "output_information",
    "gap", "earlier_bound", "printed_bound", "repaired_bound", "sharp_bound", "held_out_gap", "held_out_bound",
    "divergence", "elbo_bound",
)  # fmt: skip
_BOUNDS = ("earlier", "printed", "repaired")


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is computed: numbers of data of the linear ones, how networks are trained, on how many replicas."""

    counts: tuple[int, ...]
    settings: Settings
    replicas: int


FULL = Size(counts=(2, 10, 30, 100, 300, 1000, 3000, 10_000), settings=Settings(), replicas=12)
QUICK = Size(counts=(10, 100, 1000), settings=Settings(training=Training(epochs=40)), replicas=6)
Exact = Mapping[str, Mapping[int, Mapping[str, float]]]
"""Linear autoencoder -> n -> property -> value."""


def run(out: Path, quick: bool = True, seed: int = 0, **how: Unpack[ReplicaKeywords]) -> tuple[Path, ...]:
    """Write vae.csv, .json, .png, .svg and the replicas into an existing directory and return their paths.

    ``quick`` takes fewer n, replicas and epochs; ``replicas``, ``resume``, ``workers`` and ``executor`` as in
    `replicate`. Without PyTorch or scikit-learn the networks are left out, which the numbers and a line on standard
    error say.
    """
    files, size = Output(out, NAME), QUICK if quick else FULL
    exact = linear(size.counts)
    records, skipped = _networks(files, size, seed, how)
    told = {"SKIPPED": skipped} if skipped else {**findings(records), "set-up": size.settings.plain()}
    numbers = {
        "study": NAME,
        "seed": seed,
        "claims": verdicts(*CLAIMS),
        "linear": {name: _of_linear(found) for name, found in exact.items()},
        "digits": told,
    }
    return (
        files.table(COLUMNS, _rows(exact, records, size)),
        files.numbers(numbers),
        *files.figure(draw(exact, records, skipped)),
    )


def linear(counts: Sequence[int]) -> Exact:
    """Every property of every linear autoencoder at each n."""
    return {name: {n: {key: getattr(model(n), key) for key in EXACT} for n in counts} for name, model in LINEAR.items()}


def _networks(files: Output, size: Size, seed: int, how: ReplicaKeywords) -> tuple[list[Record], str]:
    """The replicas, and why there are none."""
    try:
        optional("torch", "torch", "an autoencoder is trained by PyTorch")
        digits()
    except MissingExtraError as error:
        sys.stderr.write(f"{NAME}: the networks are SKIPPED: {error}\n")
        return [], str(error)
    records = replicate(
        partial(measure, size.settings, seed),
        files=files,
        settings=size.settings.plain(),
        seed=seed,
        usual=size.replicas,
        form=lambda _: {variant: dict.fromkeys(QUANTITIES, ()) for variant in VARIANTS},
        **how,
    )
    return records, ""


def _rows(exact: Exact, records: Sequence[Record], size: Size) -> Iterator[tuple[object, ...]]:
    for name, by_count in exact.items():
        for n, found in by_count.items():
            for quantity, value in found.items():
                yield "linear", name, n, "", quantity.replace("_", " "), value
    for k, record in enumerate(records):
        for variant in VARIANTS:
            for quantity in QUANTITIES:
                value = record[variant][quantity]
                yield "digits", variant, size.settings.trained_on, k, quantity, math.nan if value is None else value


# What was found ------------------------------------------------------------------------------------------------------


def _of_linear(found: Mapping[int, Mapping[str, float]]) -> Numbers:
    """Where the gap exceeds a bound, and the exponents of n between the last two numbers of data."""
    last = sorted(found)[-2:]

    def exponent(name: str) -> float:
        one, two = (found[n][name] for n in last)
        return math.log(two / one) / math.log(last[1] / last[0]) if one > 0.0 and two > 0.0 else math.nan

    return {
        "n at which the gap exceeds the bound": {
            name: [n for n, row in found.items() if row["gap"] > row[f"{name}_bound"] * (1.0 + 1e-12)]
            for name in (*_BOUNDS, "sharp")
        },
        "exponent of n at the last two": {
            name: exponent(name)
            for name in ("gap", "repaired_bound", "sharp_bound", "held_out_gap", "held_out_bound", "output_information")
        },
        "at the last n": {name.replace("_", " "): value for name, value in found[last[1]].items()},
    }


def values_of(records: Sequence[Record], variant: str, quantity: str) -> np.ndarray:
    """One quantity of one variant on all replicas, (N,), NaN for null."""
    return np.array([record[variant][quantity] for record in records], dtype=float)


def findings(records: Sequence[Record]) -> Numbers:
    """Medians with intervals over the replicas, of each variant and of their difference; how often a bound holds."""
    variants, found = list(VARIANTS), {}
    for variant in variants:
        of = {name: values_of(records, variant, name) for name in QUANTITIES}
        found[variant] = {
            **{name: median(values) for name, values in of.items()},
            "bound holds": {name: share(of[f"{name} bound"] >= of["product"]) for name in _BOUNDS},
            "bound says something": {name: share(of[f"{name} bound"] < 1.0) for name in _BOUNDS},
        }
    without, with_term = variants
    found["with less without"] = {
        name: median(values_of(records, with_term, name) - values_of(records, without, name)) for name in QUANTITIES
    }
    return found


# The figure ----------------------------------------------------------------------------------------------------------

_LINES = {
    "gap": "gap",
    "earlier_bound": "earlier bound",
    "printed_bound": "as printed",
    "repaired_bound": "repaired",
    "sharp_bound": "at its best λ",
    "held_out_gap": "gap to a fresh datum, own code",
    "held_out_bound": "bound on it, in excess",
}
_PANELS = {
    "mean square per pixel": (
        "reconstruction", "held out", "product", "earlier bound", "printed bound", "repaired bound",
    ),
    "nats per datum": ("rate", "rate against the mixture", "weight term", "output term"),
    "held out less reconstruction": ("held-out gap",),
}  # fmt: skip


def draw(exact: Exact, records: Sequence[Record], skipped: str) -> Figure:
    """Above: the linear autoencoders over n; below: the networks, with the intervals of the medians."""
    made = figure(15.0, 8.0)
    grid = made.subplots(2, 3, squeeze=False)
    for axes, (name, found) in zip(grid[0], exact.items(), strict=True):
        _over_n(axes, found)
        axes.set_title(name, fontsize=10)
    grid[0, 0].set_ylabel("nats")
    grid[0, 0].legend(frameon=False, fontsize=8)
    for axes, (unit, names) in zip(grid[1], _PANELS.items(), strict=True):
        if skipped:
            axes.set_axis_off()
            axes.text(0.5, 0.5, f"SKIPPED:\n{skipped}", ha="center", va="center", wrap=True, fontsize=8)
            continue
        _medians(axes, records, names)
        axes.set_ylabel(unit)
    if not skipped:
        grid[1, 0].legend(frameon=False, fontsize=8)
        grid[1, 1].set_title(
            f"digits: medians of N = {len(records)} replicas, with 95 % intervals; dots: each", fontsize=10
        )
    return made


def _over_n(axes: Axes, found: Mapping[int, Mapping[str, float]]) -> None:
    counts = sorted(found)
    for k, (key, label) in enumerate(_LINES.items()):
        values = np.array([found[n][key] for n in counts])
        axes.plot(counts, np.where(values > 0.0, values, np.nan), label=label, **{**style(k), "markevery": 1})
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("number n of data")
    axes.grid(visible=True, alpha=0.25)


def _medians(axes: Axes, records: Sequence[Record], names: Sequence[str]) -> None:
    for k, variant in enumerate(VARIANTS):
        for place, name in enumerate(names):
            values = values_of(records, variant, name)
            low, middle, high = (float(end) for end in median_interval(values))
            x, colour = place + 0.25 * (k - 0.5), style(k + 1)["color"]
            axes.plot([x], [middle], marker="os"[k], linestyle="none", color=colour, label="" if place else variant)
            axes.plot(np.full(len(values), x + 0.06), values, marker=".", linestyle="none", color=colour, alpha=0.4)
            if math.isfinite(low) and math.isfinite(high):
                axes.plot([x, x], [low, high], color=colour)
    axes.set_xticks(range(len(names)), [name.replace(" against the ", "\nagainst the\n") for name in names], fontsize=8)
    for text in axes.get_xticklabels():
        text.set_rotation(20)
    if len(names) > 1:
        axes.set_yscale("log")
    else:
        axes.set_xlim(-0.5, 0.5)
    axes.grid(visible=True, alpha=0.25)
