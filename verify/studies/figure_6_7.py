"""LLZB's figures 6 and 7 on real images: does the model of the farther pair of clusters generalise worse?

For the farthest and the nearest pair of k-means clusters, with the same number of images: training loss, bits/dim on
held-out and on training images, samples, over replicas of split, dequantisation, initial weights and noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from verify.models.image_pairs import PAIRS, SHRINKAGE, Data, Settings, digits_data, measure, prepare
from verify.models.images import read_images
from verify.studies.files import Output
from verify.studies.replicas import Record, column, replicate
from verify.studies.summaries import finite, judge, median, median_interval, share

NAME = "figure-6-7"
COLUMNS = ("replica", "pair", "epoch", "quantity", "unit", "value")
REPLICAS, QUICK_REPLICAS = 100, 6
FULL = Settings(checkpoints=(10, 20, 40, 80, 120, 180, 270, 400, 600, 1000), units=4, learning_rate=2e-3, samples=10)
QUICK = Settings(checkpoints=(10, 30, 80), units=1, learning_rate=1e-2, tolerance=1e-2, samples=10)
_QUANTITIES = {"held out": "bits/dim", "training": "bits/dim", "error": "bits/dim"}
_REFERENCES = ("gaussian held out", "gaussian training")
Found = Mapping[str, Sequence[Record]]
"""What `measure` found on every replica, by pair."""


def run(
    out: Path,
    quick: bool = True,
    seed: int = 0,
    *,
    replicas: int | None = None,
    resume: bool = False,
    workers: int = 1,
    images: Any = None,
    labels: Any = None,
    side: int = 8,
) -> tuple[Path, ...]:
    """Write figure-6-7.csv, .json, .png, .svg and the replicas into an existing directory and return their paths.

    ``images``, ``labels``: paths of IDX or npz files (default: scikit-learn's digits); images with more than ``side``
    pixels on a side are summed over blocks. ``quick`` trains fewer, smaller models; ``replicas``, ``resume`` and
    ``workers`` as in `replicate`. ValueError for what cannot be used.
    """
    from verify.studies.figure_6_7_drawing import draw  # noqa: PLC0415

    if images is None and labels is not None:
        raise ValueError(f"labels must come with images; got {labels} without; the digits have their own")
    files, settings = Output(out, NAME), replace(QUICK if quick else FULL, side=side)
    data = digits_data(settings) if images is None else prepare(read_images(images, labels), settings)
    records = replicate(
        lambda k: measure(settings, seed, k, data),
        files=files,
        seed=seed,
        settings={**settings.plain(), "digest": data.digest},
        replicas=replicas or (QUICK_REPLICAS if quick else REPLICAS),
        resume=resume,
        workers=workers,
    )
    found = {which: [record[which] for record in records] for which in PAIRS}
    numbers = {
        "study": NAME,
        "seed": seed,
        "set-up": settings.plain(),
        "data": _data(data, settings),
        **_numbers(found, settings),
    }
    return (
        files.table(COLUMNS, _rows(found, settings)),
        files.numbers(numbers),
        *files.figure(draw(found, settings, data)),
    )


def _rows(found: Found, settings: Settings) -> Any:
    edges = settings.loss_edges()
    middles = [0.5 * (first + after - 1) for first, after in pairwise(edges)]
    for which, records in found.items():
        for k, record in enumerate(records):
            for epoch, value in zip(middles, record["loss"], strict=True):
                yield k, which, epoch, "training loss per dimension", "1", _number(value)
            for quantity, unit in _QUANTITIES.items():
                for epoch, value in zip(settings.checkpoints, record[quantity], strict=True):
                    yield k, which, epoch, quantity, unit, _number(value)
            for quantity in _REFERENCES:
                yield k, which, "", quantity, "bits/dim", record[quantity]


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _data(data: Data, settings: Settings) -> dict[str, Any]:
    """What was trained on."""
    labels = data.images.labels
    pairs = {}
    for which, (one, two) in data.pairs.items():
        pairs[which] = {
            "clusters": [one, two],
            "distance of the centroids in grey levels": float(data.clusters.distances[one, two]),
        }
        if labels is not None:
            kinds = [np.unique(labels[data.clusters.members(k)], return_counts=True) for k in (one, two)]
            pairs[which]["labels"] = [
                dict(zip(map(str, kind.tolist()), count.tolist(), strict=True)) for kind, count in kinds
            ]
    return {
        "name": data.images.name,
        "digest": data.digest,
        "images": len(data.images),
        "shape": data.images.shape,
        "levels": data.images.levels,
        "cluster sizes": data.clusters.sizes,
        "inertia": data.clusters.inertia,
        "pairs": pairs,
        "trained on, of each cluster": data.trained,
        "held out, of each cluster": data.held_out,
        "bits/dim of the uniform law": float(np.log2(data.images.levels)),
        "offset in bits/dim": data.offset,
        "clustered at most": settings.images,
    }


def differences(found: Found) -> dict[str, np.ndarray]:
    """Farthest minus nearest, by replica and checkpoint (N, C): held-out bits/dim, its gap, its excess."""
    far, near = (found[which] for which in PAIRS)
    held = [finite(column(records, "held out")) for records in (far, near)]
    gap = [a - column(records, "training") for a, records in zip(held, (far, near), strict=True)]
    excess = [a - column(records, "gaussian held out")[:, None] for a, records in zip(held, (far, near), strict=True)]
    with np.errstate(invalid="ignore"):  # both diverged
        return {"held out": held[0] - held[1], "gap": gap[0] - gap[1], "excess": excess[0] - excess[1]}


def _numbers(found: Found, settings: Settings) -> dict[str, Any]:
    models = {}
    for which, records in found.items():
        held, training = finite(column(records, "held out")), finite(column(records, "training"))
        models[which] = {
            "by epoch": [
                {"epoch": epoch, "held out": median(held[:, k]), "training": median(training[:, k])}
                for k, epoch in enumerate(settings.checkpoints)
            ],
            "gaussian held out": median(column(records, "gaussian held out")),
            "gaussian training": median(column(records, "gaussian training")),
            "diverged or not integrated": int(np.isinf(held[:, -1]).sum()),
            "largest integration error in bits/dim": float(
                np.max(column(records, "error"), initial=0.0, where=np.isfinite(column(records, "error")))
            ),
            **_minimum(held, settings),
        }
    between = {
        name: [
            {"epoch": epoch, "difference": median(values[:, k]), "farthest is larger": share(values[:, k] > 0)}
            for k, epoch in enumerate(settings.checkpoints)
        ]
        for name, values in differences(found).items()
    }
    bits = {which: finite(column(records, "held out")) for which, records in found.items()}
    verdicts = [
        {
            "epoch": epoch,
            **judge(
                "FIG-6/7:farthest",
                [
                    {"bits_far": far, "bits_near": near}
                    for far, near in zip(bits["farthest"][:, k], bits["nearest"][:, k], strict=True)
                ],
            ),
        }
        for k, epoch in enumerate(settings.checkpoints)
    ]
    return {
        "verdicts": verdicts,
        "replicas": len(found[PAIRS[0]]),
        "models": models,
        "farthest minus nearest": between,
        "read": {
            "held out": "bits/dim of images not trained on, mean over a replica's held-out images",
            "gap": "held-out minus training bits/dim; the entropies of the clusters cancel in it",
            "excess": "held-out bits/dim minus those of the pair's Gaussian, whose covariance is moved to its diagonal "
            f"by the best on the held-out images of the weights {list(SHRINKAGE)}",
            "intervals": "each for itself; over splits, dequantisation, initial weights and noise, for these clusters",
        },
    }


def _minimum(held: np.ndarray, settings: Settings) -> dict[str, Any]:
    """The epoch of the least median on one half of the replicas, and the rise behind it on the other half."""
    chosen = int(np.argmin(median_interval(held[::2])[1]))
    rest = held[1::2] if len(held) > 1 else held
    with np.errstate(invalid="ignore"):  # a run that had diverged there already
        rise = rest[:, -1] - rest[:, chosen]
    return {
        "epoch of the least held-out median (first half of the replicas)": settings.checkpoints[chosen],
        "held out there (second half)": median(rest[:, chosen]),
        "rise from there to the end (second half)": median(rise),
    }
