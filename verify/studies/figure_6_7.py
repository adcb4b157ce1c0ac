"""LLZB's figures 6 and 7 on real images: does the model of the farther pair of clusters generalise worse?

For the farthest and the nearest pair of k-means clusters, with the same number of images: training loss, bits/dim on
held-out and on training images, samples, over replicas of split, dequantisation, initial weights and noise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import Unpack

import numpy as np

from theory.checks import shown
from verify.evidence.measured import Values
from verify.models.image_pairs import PAIRS, Data, Settings, digits_data, measure, prepare
from verify.models.image_unets import UNets
from verify.models.images import read_images
from verify.studies.figure_6_7_drawing import draw
from verify.studies.figure_6_7_findings import NETWORK, Found, compared, findings
from verify.studies.files import Numbers, Output
from verify.studies.replicas import Form, ReplicaKeywords, replicate

NAME = "figure-6-7"
COLUMNS = ("model", "replica", "pair", "epoch", "quantity", "unit", "value")
MODELS = ("network", "unet")
REPLICAS, QUICK_REPLICAS = 100, 6
UNET_REPLICAS, UNET_PROBES, QUICK_PROBES = 20, 4, 2
FULL = Settings(checkpoints=(10, 20, 40, 80, 120, 180, 270, 400, 600, 1000), units=4, learning_rate=2e-3, samples=10)
QUICK = Settings(checkpoints=(10, 30, 80), units=1, learning_rate=1e-2, tolerance=1e-2, samples=10)
_QUANTITIES = {"held out": "bits/dim", "training": "bits/dim", "error": "bits/dim"}
_REFERENCES = ("gaussian held out", "gaussian training")


def run(
    out: Path,
    quick: bool = True,
    seed: int = 0,
    *,
    images: str | Path | None = None,
    labels: str | Path | None = None,
    key: str | None = None,
    side: int = 8,
    model: str = "network",
    **how: Unpack[ReplicaKeywords],
) -> tuple[Path, ...]:
    """Write figure-6-7.csv, .json, .png, .svg and the replicas into an existing directory and return their paths.

    ``images``, ``labels``: paths of IDX or npz files (default: scikit-learn's digits), ``key`` as in `read_images`;
    images with more than ``side`` pixels on a side are summed over blocks. ``quick`` trains fewer, smaller models;
    ``replicas``, ``resume``, ``workers`` and ``executor`` as in `replicate`. ``model``: "network", of one hidden layer;
    or "unet", where U-Nets are trained, too, on the same splits, and figure-6-7-unet.* has their verdicts beside the
    network's. ValueError for what cannot be used.
    """
    if model not in MODELS:
        raise ValueError(f"model must be one of {', '.join(MODELS)}; got {shown(model)}")
    if images is None and labels is not None:
        raise ValueError(f"labels must come with images; got {labels} without; the digits have their own")
    if images is None and key is not None:
        raise ValueError(f"key must come with images; got {shown(key)} without; leave it out")
    settings = replace(QUICK if quick else FULL, side=side)
    data = digits_data(settings) if images is None else prepare(read_images(images, labels, key=key), settings)
    unets = UNets.of(data.images.shape, probes=QUICK_PROBES if quick else UNET_PROBES) if model == "unet" else None
    files = Output(out, NAME if unets is None else f"{NAME}-unet")

    def form(k: int) -> Form:
        one: Form = {which: _form(settings, k, data.images.dim) for which in PAIRS}
        if unets is None:
            return one
        probes: Form = {"probes": (len(settings.checkpoints),)}
        return {**{which: {**shape, **probes} for which, shape in one.items()}, NETWORK: one}

    full = REPLICAS if unets is None else UNET_REPLICAS
    records = replicate(
        partial(_measured, settings, seed, data, unets),
        files=files,
        seed=seed,
        settings={**settings.plain(), "digest": data.digest, **({} if unets is None else {"unet": unets.plain()})},
        usual=QUICK_REPLICAS if quick else full,
        form=form,
        **how,
    )
    found = {which: [record[which] for record in records] for which in PAIRS}
    beside = None if unets is None else {which: [record[NETWORK][which] for record in records] for which in PAIRS}
    numbers = {
        "study": NAME,
        "seed": seed,
        "model": NETWORK if unets is None else unets.words,
        "set-up": {**settings.plain(), **({} if unets is None else {"unet": unets.plain()})},
        "data": _data(data, settings),
        **findings(found, settings),
        **({} if beside is None else {NETWORK: findings(beside, settings), "read beside": compared(found, beside)}),
    }
    rows = _rows(NETWORK if unets is None else "U-Net", found, settings)
    words = f"{settings.units * data.images.dim} hidden units" if unets is None else unets.words
    return (
        files.table(COLUMNS, rows if beside is None else chain(rows, _rows(NETWORK, beside, settings))),
        files.numbers(numbers),
        *files.figure(draw(found, settings, data, words, beside)),
    )


def _measured(settings: Settings, seed: int, data: Data, unets: UNets | None, replica: int) -> Values:
    """What is found on one replica; the network of one hidden layer beside the U-Net, where there is one."""
    network = measure(settings, seed, replica, data)
    return network if unets is None else {**measure(settings, seed, replica, data, unets.model), NETWORK: network}


def _form(settings: Settings, replica: int, dim: int) -> Form:
    """What is measured on a replica of one pair."""
    numbers: Form = {name: (len(settings.checkpoints),) for name in _QUANTITIES} | dict.fromkeys(_REFERENCES, ())
    drawn = {"epoch": (), "levels": (-1, dim)}
    pictures = {"samples": {"best?": drawn, "last?": drawn}, "real": (-1, dim)} if settings.samples else {}
    return {**numbers, "loss": (len(settings.loss_edges()) - 1,), **(pictures if replica == 0 else {})}


def _rows(model: str, found: Found, settings: Settings) -> Iterator[tuple[object, ...]]:
    edges = settings.loss_edges()
    middles = [0.5 * (first + after - 1) for first, after in pairwise(edges)]
    for which, records in found.items():
        for k, record in enumerate(records):
            for epoch, value in zip(middles, record["loss"], strict=True):
                yield model, k, which, epoch, "training loss per dimension", "1", _number(value)
            probed = {"probes": "bits/dim"} if "probes" in record else {}
            for quantity, unit in (_QUANTITIES | probed).items():
                for epoch, value in zip(settings.checkpoints, record[quantity], strict=True):
                    yield model, k, which, epoch, quantity, unit, _number(value)
            for quantity in _REFERENCES:
                yield model, k, which, "", quantity, "bits/dim", record[quantity]


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _data(data: Data, settings: Settings) -> Numbers:
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
