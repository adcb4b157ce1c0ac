"""Variational autoencoders of the digits, trained with and without the generator's term, and what bounds say of them.

The loss is the mean square over the pixels, ‖x − g(z)‖²/d in [0, 1], of a decoder with random weights W ~ N(w, s² I). A
bound is on the loss of fresh images and codes of the prior, which is what the second paper's theorem 4.1 bounds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np

from numerics.mixtures.mixture import Components, posterior_entropy
from numerics.networks.autoencoders.trained import Autoencoder, Training, train
from numerics.statistics import streams
from numerics.statistics.streams import Tag
from verify.models.images import digits

VARIANTS = {"without the term": False, "with the term": True}
"""Whether the generator's term is a part of what training minimises."""
QUANTITIES = (
    "reconstruction",
    "held out",
    "product",
    "held-out gap",
    "product gap",
    "rate",
    "rate against the mixture",
    "weight term",
    "output term",
    "constant R",
    "earlier bound",
    "printed bound",
    "repaired bound",
    "held-out evidence bound",
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How networks are trained, on how many of the 1797 digits, and how many draws measure the losses."""

    training: Training = field(default_factory=Training)
    trained_on: int = 1200
    draws: int = 8

    def plain(self) -> dict[str, object]:
        """The fields as JSON holds them."""
        return asdict(self)


def measure(settings: Settings, seed: int, replica: int) -> dict[str, dict[str, float]]:
    """`QUANTITIES` by variant, on one split of the digits; both variants begin with the same weights."""
    pixels = digits().pixels.reshape(-1, 64) / 16.0
    order = streams.generator(seed, Tag.AUTOENCODER, replica, 0).permutation(len(pixels))
    data, fresh = pixels[order[: settings.trained_on]], pixels[order[settings.trained_on :]]
    found = {}
    for name, weight_term in VARIANTS.items():
        stream = streams.generator(seed, Tag.AUTOENCODER, replica, 1)
        model = train(data, settings.training, weight_term=weight_term, rng=stream)
        stream = streams.generator(seed, Tag.AUTOENCODER, replica, 2)
        found[name] = quantities(model, data, fresh, settings.draws, stream)
    return found


def quantities(
    model: Autoencoder, data: np.ndarray, fresh: np.ndarray, draws: int, rng: np.random.Generator
) -> dict[str, float]:
    """What is measured of a trained model: losses by ``draws`` of weights and codes, rates in nats per datum.

    "rate": mean KL(code of x_i‖prior); "against the mixture": mean KL(code of x_i‖mixture of all codes), with one point
    of each; "weight term": KL of the weights from their first law over n, at least the mean I(W; X_i); "output term":
    mean KL of outputs from those of the first weights, at least I(X̂_i; X_i|Z_i). R² is the mean of the squared loss.
    """
    n, dim = data.shape
    v = model.training.decoder_variance
    losses = {name: [] for name in ("reconstruction", "held out", "product")}
    shifts = []
    for _ in range(draws):
        weights = model.weights(rng)
        for name, x, codes in (
            ("reconstruction", data, _draw(model, data, rng)),
            ("held out", fresh, _draw(model, fresh, rng)),
            ("product", fresh, rng.standard_normal((len(fresh), model.training.code))),
        ):
            out = model.outputs(codes, weights)
            losses[name].append(((x - out) ** 2).mean(axis=1))
            if name == "reconstruction":
                shifts.append(((out - model.outputs(codes, model.initial)) ** 2).sum(axis=1) / (2.0 * v))
    mean = {name: float(np.mean(values)) for name, values in losses.items()}
    found = {
        **mean,
        "held-out gap": mean["held out"] - mean["reconstruction"],
        "product gap": mean["product"] - mean["reconstruction"],
        "rate": _rate(model, data),
        "rate against the mixture": _information(model, data, rng),
        "weight term": model.weight_divergence / n,
        "output term": float(np.mean(shifts)),
        "constant R": math.sqrt(float(np.mean(np.square(losses["product"])))),
        "held-out evidence bound": 0.5 * dim * (math.log(2.0 * math.pi * v) + mean["held out"] / v)
        + _rate(model, fresh),
    }
    return {**found, **bounds(found)}


def bounds(found: Mapping[str, float]) -> dict[str, float]:
    """The earlier bound, √2R√rate, the printed one, which adds √2R√output, and the repaired √(2R²(rate + weights))."""
    factor, base = math.sqrt(2.0) * found["constant R"], found["reconstruction"]
    earlier = base + factor * math.sqrt(found["rate"])
    return {
        "earlier bound": earlier,
        "printed bound": earlier + factor * math.sqrt(found["output term"]),
        "repaired bound": base + factor * math.sqrt(found["rate"] + found["weight term"]),
    }


def _draw(model: Autoencoder, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    means, stds = model.codes(x)
    return means + stds * rng.standard_normal(means.shape)


def _rate(model: Autoencoder, x: np.ndarray) -> float:
    means, stds = model.codes(x)
    return 0.5 * float((means**2 + stds**2 - 1.0 - 2.0 * np.log(stds)).sum(axis=1).mean())


def _information(model: Autoencoder, x: np.ndarray, rng: np.random.Generator) -> float:
    """log n less the mean entropy of the datum given its code."""
    means, stds = model.codes(x)
    n = len(means)
    factors = stds[:, :, None] * np.eye(means.shape[1])
    mixture = Components(np.full(n, 1.0 / n), means, factors)
    codes = means + stds * rng.standard_normal(means.shape)
    return math.log(n) - float(posterior_entropy(mixture.log_terms(codes)).mean())
