"""Score models of two pairs of image clusters, the farthest and the nearest: how figures 6 and 7 are measured.

Pixels are dequantised by uniform noise, x + u with u ~ U[0, 1)^d, and standardised by the mean and the standard
deviation of each pixel over the whole data set, z = (x + u − mean)/std, the same for both pairs and all replicas. So
bits/dim = −log₂ p_z(z)/d + (1/d) Σ_j log₂ std_j, with std in grey levels: on average over u an upper bound of
−log₂ P(x)/d, where the uniform law has log₂ L. p_z is the exact likelihood of the probability flow.

The process is VE, t ~ U(1e-5, 1), λ = std², as in the synthetic runs; its base is 5 in place of 25, which spends most
of the times on noise that hides an image of unit variance (held-out bits/dim of the digits' farthest pair after 800
epochs: 3.1 with base 25, 2.9 with base 5).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

import numerics
from numerics import ReverseProcess, ScoreNetwork, Training
from numerics.checks.aliases import Score
from numerics.statistics import streams
from numerics.statistics.streams import Tag
from theory.sde import VarianceExploding
from verify.bound.schedules import TimeFunction, time_function
from verify.evidence.measured import Values
from verify.models.images import Clusters, Images, cluster, digits

PAIRS = ("farthest", "nearest")
START = 1e-5
SHRINKAGE = (0.02, 0.05, 0.1, 0.2, 0.4, 0.7)
"""Weights of the diagonal in the covariances of the Gaussian reference."""
_LEAST, _LOSSES, _STEPS = 4, 48, 500
_BLOWN_UP = 1e6  # std · s of a network that has diverged but is still finite; of a model it is of the size of 1


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How the clusters are made and the networks trained: one hidden layer of Swish units, Adam.

    ``units``: of the layer, per pixel; with fewer than 1 it could not even pass the noise on. ``side``: images with
    more pixels on a side are summed over blocks, as scikit-learn's digits were. ``checkpoints``: numbers of completed
    epochs at which bits/dim are measured. ``held_out``: the share of the images used that is not trained on. ``most``:
    images of a cluster that are used at most; ``images`` that are clustered at most. ``tolerance``: of the flow behind
    the likelihood. ``samples``: images that replica 0 draws from each model. ``with_gap``: whether bits/dim of training
    images are measured, too.
    """

    checkpoints: tuple[int, ...]
    units: int
    learning_rate: float
    side: int = 8
    held_out: float = 0.2
    clusters: int = 10
    clustering_seed: int = 0
    most: int = 200
    images: int = 10_000
    base: int = 5
    output_scale: float = 4.0
    fourier_features: int = 8
    fourier_scale: float = 1.0
    tolerance: float = 1e-3
    samples: int = 0
    with_gap: bool = True

    def plain(self) -> Values:
        """The fields as JSON holds them."""
        return {**asdict(self), "checkpoints": list(self.checkpoints)}

    def loss_edges(self) -> np.ndarray:
        """The first epochs of the stretches over which the training loss is averaged, and the end: (k + 1,)."""
        last = self.checkpoints[-1] + 1
        return np.unique(np.geomspace(1, last, min(_LOSSES, last)).round().astype(int))


@dataclass(frozen=True, kw_only=True, eq=False)
class Data:
    """The images that are clustered, their clusters, both pairs, and how many of each cluster are used for what."""

    images: Images
    clusters: Clusters
    trained: int
    held_out: int
    mean: np.ndarray
    std: np.ndarray

    @property
    def offset(self) -> float:
        """The bits per dimension that dequantisation and standardisation add."""
        return float(np.mean(np.log2(self.std)))

    @property
    def pairs(self) -> Mapping[str, tuple[int, int]]:
        """Both pairs of clusters."""
        return {which: self.clusters.pair(which) for which in PAIRS}

    @property
    def digest(self) -> str:
        """A hash of the images (16 hexadecimal digits)."""
        return hashlib.sha256(np.ascontiguousarray(self.images.pixels).tobytes()).hexdigest()[:16]

    def split(self, which: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Places of a pair's training and held-out images, (2 n,) and (2 h,): alternately of one cluster, the other."""
        used = self.trained + self.held_out
        chosen = np.stack([rng.permutation(self.clusters.members(k))[:used] for k in self.pairs[which]], axis=1)
        return chosen[: self.trained].ravel(), chosen[self.trained :].ravel()

    def scaled(self, places: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Dequantised and standardised images, (k, d)."""
        rows = self.images.rows(places)
        return (rows + rng.random(rows.shape) - self.mean) / self.std

    def levels(self, z: np.ndarray) -> np.ndarray:
        """Standardised images (k, d) back as grey levels (k, d)."""
        return np.clip(np.floor(z * self.std + self.mean), 0, self.images.levels - 1).astype(int)

    def bits(self, nats: np.ndarray) -> np.ndarray:
        """Bits per dimension of log-densities of standardised images in nats."""
        return numerics.bits_per_dim(nats, dim=self.images.dim, offset=self.offset)


def prepare(images: Images, settings: Settings) -> Data:
    """Cluster images (at most ``settings.images`` of them, drawn at random) and fix what is used of both pairs.

    ValueError where the smallest of the pairs' clusters has too few images.
    """
    images = images.summed(settings.side)
    if len(images) > settings.images:
        rng = np.random.default_rng(settings.clustering_seed)
        kept = np.sort(rng.choice(len(images), settings.images, replace=False))
        labels = None if images.labels is None else images.labels[kept]
        images = Images(pixels=images.pixels[kept], levels=images.levels, name=images.name, labels=labels)
    found = cluster(images, settings.clusters, seed=settings.clustering_seed)
    concerned = sorted({k for which in PAIRS for k in found.pair(which)})
    used = min(int(found.sizes[concerned].min()), settings.most)
    held_out = max(round(settings.held_out * used), _LEAST)
    if used - held_out < _LEAST:
        raise ValueError(
            f"images must leave {_LEAST} to train on and {_LEAST} to hold out in each cluster of a pair; "
            f"the smallest cluster of {images.name} has {used}; pass more images, or ask for fewer "
            "clusters"
        )
    rows = images.rows()
    return Data(
        images=images,
        clusters=found,
        trained=used - held_out,
        held_out=held_out,
        mean=rows.mean(axis=0) + 0.5,
        std=np.sqrt(rows.var(axis=0) + 1 / 12),
    )


@lru_cache(maxsize=8)
def digits_data(settings: Settings) -> Data:
    """`prepare` of scikit-learn's digits; ValueError where that is not installed."""
    return prepare(digits(), settings)


@dataclass(frozen=True, kw_only=True)
class Model:
    """A kind of score model: how it is trained and what is computed from it; a training has ``losses``, ``diverged()``.

    ``train``: settings, images (n, d), seed, replica -> a training. ``likelihood``: settings, a training, the place of
    a checkpoint, images (k, d), seed -> nats (k,) and errors of these (k,), NaN for one that diverged: of the
    integration, and where there is a second one, the standard error of random probes. ``reverse``: settings, a
    training, the place of a checkpoint -> the reverse process.
    """

    train: Callable[[Settings, np.ndarray, int, int], Any]
    likelihood: Callable[[Settings, Any, int, np.ndarray, int], tuple[np.ndarray, ...]]
    reverse: Callable[[Settings, Any, int], ReverseProcess]


def measure(
    settings: Settings, seed: int, replica: int, data: Data | None = None, model: Model | None = None
) -> Values:
    """Train a model of either pair on a split of its own; what is found depends on the arguments alone.

    By pair: "loss" (per dimension, averaged over `Settings.loss_edges`); "held out", "training" (on as many training
    images) and "error" in bits/dim at each checkpoint, NaN for a run that diverged, and "probes", the standard error
    of "held out" where probes estimate it; "gaussian held out" and "gaussian training", the reference's. Replica 0 also
    draws "samples", if the settings ask for some. ``data``: the digits. ``model``: `NETWORK`.
    """
    data = digits_data(settings) if data is None else data
    return {which: _of_pair(which, settings, (seed, replica), data, model or NETWORK) for which in PAIRS}


def _of_pair(which: str, settings: Settings, run: tuple[int, int], data: Data, model: Model) -> Values:
    seed, replica = run
    rng = np.random.default_rng(streams.child(seed, Tag.IMAGE_SPLIT, replica, PAIRS.index(which)))
    places, others = data.split(which, rng)
    train, held = data.scaled(places, rng), data.scaled(others, rng)
    training = model.train(settings, train, seed, replica)
    edges = settings.loss_edges()
    sums = np.add.reduceat(training.losses[0], edges[:-1] - 1)
    found: Values = {"loss": sums / np.diff(edges) / data.images.dim, "held out": [], "training": [], "error": []}
    part = train[: len(held) if settings.with_gap else 0]
    for place in range(len(settings.checkpoints)):
        nats, error, *probes = model.likelihood(settings, training, place, np.concatenate([held, part]), seed)
        bits = nats if np.isnan(nats).any() else data.bits(nats)
        found["held out"].append(float(bits[: len(held)].mean()))
        found["training"].append(float(bits[len(held) :].mean()) if len(part) else float("nan"))
        unit = data.images.dim * np.log(2)
        found["error"].append(float(error.mean() / unit))
        for each in probes:  # independent from image to image
            found.setdefault("probes", []).append(float(np.linalg.norm(each[: len(held)]) / len(held) / unit))
    found["gaussian held out"], found["gaussian training"] = _gaussian(train, held, data)
    if settings.samples and replica == 0:
        best = np.array(found["held out"])
        found["samples"] = _samples(settings, lambda k: model.reverse(settings, training, k), best, seed, data)
        found["real"] = data.images.rows(places[: settings.samples]).astype(int)
    return found


@cache
def process(base: int) -> tuple[TimeFunction, TimeFunction, Callable[[float], float]]:
    """Mean scale, standard deviation and diffusion of VE."""
    sde = VarianceExploding(base=base)
    diffusion = time_function(sde.diffusion)
    return time_function(sde.mean_scale), time_function(sde.std), lambda t: float(diffusion(np.array(t)))


def _train(settings: Settings, points: np.ndarray, seed: int, replica: int) -> Training:
    mean_scale, std, _ = process(settings.base)
    return numerics.train(
        points,
        optimizer="adam",
        learning_rate=settings.learning_rate,
        epochs=settings.checkpoints[-1],
        width=settings.units * points.shape[1],
        replicas=1,
        rng=streams.child(seed, Tag.IMAGE_WEIGHTS),
        mean_scale=mean_scale,
        std=std,
        output_scale=settings.output_scale,
        checkpoints=settings.checkpoints,
        fourier_features=settings.fourier_features,
        fourier_scale=settings.fourier_scale,
        start=START,
        first_replica=replica,
    )


def reverse_process(settings: Settings, score: Score, divergence: Score | None = None) -> ReverseProcess:
    """The reverse process of a learned score."""
    _, std, diffusion = process(settings.base)
    return ReverseProcess(
        score=score,
        divergence=divergence,
        drift=0.0,
        diffusion=diffusion,
        horizon=1.0,
        prior_std=float(std(np.array(1.0))),
        start=START,
    )


def blown_up(settings: Settings, training: Any, place: int, score: Callable[[], Score], points: np.ndarray) -> bool:
    """Whether a run had diverged by a checkpoint, or its score is as large as no model's; ``score``: of the others."""
    if training.diverged()[0, place]:
        return True
    _, std, _ = process(settings.base)
    return bool(np.abs(score()(points, START)).max() * float(std(np.array(START))) > _BLOWN_UP)


def _reversed(settings: Settings, training: Training, place: int) -> ReverseProcess:
    network: ScoreNetwork = training.network(0, place)
    return reverse_process(settings, network.score, network.divergence)


def _likelihood(
    settings: Settings, training: Training, place: int, points: np.ndarray, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    del seed  # the divergence is exact
    nothing = np.full(len(points), np.nan)
    if blown_up(settings, training, place, lambda: training.network(0, place).score, points):
        return nothing, nothing
    try:
        return numerics.log_likelihood(
            points, _reversed(settings, training, place), tolerance=settings.tolerance
        )  # fmt: skip
    except ArithmeticError:
        return nothing, nothing


NETWORK = Model(train=_train, likelihood=_likelihood, reverse=_reversed)
"""One hidden layer of Swish units."""


def _gaussian(train: np.ndarray, held: np.ndarray, data: Data) -> tuple[float, float]:
    """Held-out and training bits/dim of the Gaussian fitted to the training images.

    Its covariance is moved towards its diagonal by the one of `SHRINKAGE` that is best on the held-out images: the
    reference is favoured.
    """
    mean, cov = train.mean(axis=0), np.cov(train.T)
    found = []
    for weight in SHRINKAGE:
        matrix = (1 - weight) * cov + weight * np.diag(np.diag(cov))
        factor = np.linalg.cholesky(matrix)
        log_det = 2.0 * np.log(np.diag(factor)).sum() + len(mean) * np.log(2 * np.pi)
        both = [-0.5 * (np.sum(np.linalg.solve(factor, (x - mean).T) ** 2, axis=0) + log_det) for x in (held, train)]
        found.append(tuple(float(data.bits(nats).mean()) for nats in both))
    return min(found)


def _samples(
    settings: Settings, drawing: Callable[[int], ReverseProcess], held_out: np.ndarray, seed: int, data: Data
) -> Values:  # fmt: skip
    """Grey levels of samples of the reverse SDE at the checkpoint of the least held-out bits/dim, and at the last."""
    drawn: Values = {}
    best = int(np.argmin(np.where(np.isnan(held_out), np.inf, held_out)))
    for name, place in (("best", best), ("last", len(settings.checkpoints) - 1)):
        if np.isnan(held_out[place]):
            continue
        z = numerics.sample_reverse_sde(
            drawing(place),
            dim=data.images.dim,
            samples=settings.samples,
            rng=streams.child(seed, Tag.IMAGE_SAMPLES),
            steps=_STEPS,
        )
        drawn[name] = {"epoch": settings.checkpoints[place], "levels": data.levels(z)}
    return drawn


SMALL = Settings(checkpoints=(40,), units=1, learning_rate=1e-2, held_out=0.5, tolerance=1e-2, with_gap=False)
"""What an audit measures: few epochs, half of the images held out, so that few replicas decide."""


def small(seed: int, replica: int) -> dict[str, float]:
    """The symbols of the figure's claim on one replica of the small version on the digits, by name."""
    found = measure(SMALL, seed, replica)
    return {f"bits_{name}": found[which]["held out"][-1] for name, which in (("far", "farthest"), ("near", "nearest"))}
