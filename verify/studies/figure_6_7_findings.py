"""What the replicas of figures 6 and 7 say: bits/dim of the models of both pairs, and their differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from verify.models.image_pairs import PAIRS, SHRINKAGE, Settings
from verify.studies.files import Numbers
from verify.studies.replicas import Record, column
from verify.studies.summaries import finite, judge, median, median_interval, share

NETWORK = "one hidden layer"
Found = Mapping[str, Sequence[Record]]
"""What `verify.models.image_pairs.measure` found on every replica, by pair."""


def differences(found: Found) -> dict[str, np.ndarray]:
    """Farthest minus nearest, by replica and checkpoint (N, C): held-out bits/dim, its gap, its excess."""
    far, near = (found[which] for which in PAIRS)
    held = [finite(column(records, "held out")) for records in (far, near)]
    gap = [a - column(records, "training") for a, records in zip(held, (far, near), strict=True)]
    excess = [a - column(records, "gaussian held out")[:, None] for a, records in zip(held, (far, near), strict=True)]
    with np.errstate(invalid="ignore"):  # both diverged
        return {"held out": held[0] - held[1], "gap": gap[0] - gap[1], "excess": excess[0] - excess[1]}


def findings(found: Found, settings: Settings) -> Numbers:
    """What the replicas say of both models and of their difference, with the claim's verdict at every checkpoint."""
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
            "largest integration error in bits/dim": _largest(records, "error"),
            **(
                {"largest standard error of a replica's held-out bits/dim by the probes": _largest(records, "probes")}
                if "probes" in records[0]
                else {}
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


def _largest(records: Sequence[Record], name: str) -> float:
    values = column(records, name)
    return float(np.max(values, initial=0.0, where=np.isfinite(values)))


def compared(found: Found, beside: Found) -> Numbers:
    """Held-out bits/dim of the U-Net minus those of the one hidden layer on the same splits, by pair and epoch."""
    between = {}
    for which in PAIRS:
        one, other = (finite(column(records[which], "held out")) for records in (found, beside))
        with np.errstate(invalid="ignore"):  # both diverged
            difference = one - other
        between[which] = [
            {"difference": median(values), "the U-Net is better": share(values < 0)} for values in difference.T
        ]
    return {"U-Net minus one hidden layer, held out, by epoch": between}


def _minimum(held: np.ndarray, settings: Settings) -> Numbers:
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
