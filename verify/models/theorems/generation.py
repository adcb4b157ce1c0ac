"""Models of the theorems of generation: data, latents, encoders and generators with few values, and normal laws."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from theory.vocabulary import generation as gn
from theory.vocabulary import information as it
from verify.evidence.domain import Choice, Instance, Real
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.information import relative
from verify.models.theorems.interpretation import World

MODELS = Models()
Array = np.ndarray
_KINDS = {"kind": Choice(options=("any", "no latent", "point", "other"))}


# Channels ------------------------------------------------------------


@MODELS.of(
    "convexity of the divergence over channels",
    fields={"kind": Choice(options=("any", "one encoder", "tells"))},
    extremal=({"kind": "one encoder"},),
    needs=("conditionally_independent",),
)
def _channels(i: Instance) -> World:
    """(U, V, W, K) with two values each; "tells": V is told to W, although K tells nothing of it."""
    rng = generator(i)
    apart = rng.dirichlet(np.ones(8)).reshape(2, 2, 2)  # U, W, K
    if i["kind"] == "one encoder":
        apart = np.stack([apart.sum(axis=2), np.zeros((2, 2))], axis=2)
    law = apart[:, None] * np.moveaxis(rng.dirichlet(np.ones(2), size=(2, 2)), 2, 1)[:, :, None, :]  # U, V, W, K
    if i["kind"] == "tells":
        law = np.zeros((2, 2, 2, 2))
        for u, v, k in itertools.product(range(2), repeat=3):
            law[u, v, v, k] = 1 / 8
    rho, axes = rng.dirichlet(np.ones(2)), {"U": 0, "V": 1, "W": 2, "K": 3}

    def conditional(_v: str, _u: str, given: str, prior: Array) -> float:
        held = law.sum(axis=axes["K" if given == "W" else "W"])
        return relative(held, held.sum(axis=1, keepdims=True) * prior[None, :, None])

    def independent(_v: str, _w: str, _u: str, _k: str) -> bool:
        both = law.sum(axis=(1, 2), keepdims=True) * law
        return bool(np.allclose(both, law.sum(axis=2, keepdims=True) * law.sum(axis=1, keepdims=True)))

    return World(
        values={it.U: "U", it.V: "V", it.W: "W", gn.encoder: "K", it.reference: rho},
        heads={"ConditionalDivergence": conditional},
        facts={"conditionally_independent": independent},
    )


@MODELS.of("chain rule against a channel")
@MODELS.of(
    "convexity of the divergence over encoders",
    fields={"kind": Choice(options=("any", "one encoder"))},
    extremal=({"kind": "one encoder"},),
)
def _outputs(i: Instance) -> World:
    """(U, V, X) with two values each: X an output, or an encoder; a channel from V."""
    rng = generator(i)
    law, rho, channel = rng.dirichlet(np.ones(8)).reshape(2, 2, 2), rng.dirichlet(np.ones(2)), rng.dirichlet([1, 1], 2)
    if i.get("kind") == "one encoder":
        law = np.stack([law.sum(axis=2), np.zeros((2, 2))], axis=2)
    pair = law.sum(axis=2)

    def conditional(_v: str, _u: str, *given: Any) -> float:
        held = pair if len(given) == 1 else law
        return relative(held, held.sum(axis=1, keepdims=True) * given[-1].reshape((1, 2) + (1,) * (held.ndim - 2)))

    heads: dict[str, Callable[..., Any]] = {
        "Joint": lambda *_names: law,
        "Through": lambda _u, prior, made: np.einsum("u,v,vx->uvx", law.sum(axis=(1, 2)), prior, made),
        "RelativeEntropy": relative,
        "ConditionalDivergence": conditional,
        "OutputDivergence": lambda _o, _u, _v, made: relative(law, pair[:, :, None] * made),
    }
    values = {it.U: "U", it.V: "V", gn.output: "O", gn.encoder: "K", gn.mean_channel: channel, it.reference: rho}
    return World(values=values, heads=heads)


# Distances and log-losses ------------------------------------------------------------


@MODELS.of("distance by an independent coupling", fields=_KINDS, extremal=({"kind": "point"},), needs=("distance",))
@MODELS.of("distance from the best point", fields=_KINDS, extremal=({"kind": "point"},), needs=("distance",))
def _distances(i: Instance) -> World:
    """Points on the line, two latents, and two generators that make of each a point."""
    rng = generator(i)
    law, places = rng.dirichlet(np.ones(3)), np.sort(rng.normal(size=3))
    rho, learned = rng.dirichlet(np.ones(2)), rng.dirichlet(np.ones(2))
    made = (
        np.full((2, 2), places[int(np.searchsorted(np.cumsum(law), 0.5))]) if i["kind"] in ("point", "other") else None
    )
    made = rng.normal(size=(2, 2)) if made is None else made  # generator, latent
    claimed = 0.3 if i["kind"] == "other" else 1.0

    def product(_law: Any, factor: float) -> float:
        gaps = np.abs(places[:, None, None] - made)
        return factor * float(np.einsum("u,g,z,ugz->", law, learned, rho, gaps))

    def transport(_u: Any, _rho: Any, _w: Any) -> float:
        """∫|F − G| on the line."""
        total = 0.0
        for share, row in zip(learned, made, strict=True):
            ends = np.sort(np.concatenate([places, row]))
            one = np.array([law[places <= x].sum() - rho[row <= x].sum() for x in ends[:-1]])
            total += share * float(np.abs(one) @ np.diff(ends))
        return total

    heads: dict[str, Callable[..., Any]] = {
        "Beside": lambda *parts: parts,
        "MeanUnder": product,
        "MeanTransport": transport,
        "LeastDistance": lambda _u: min(float(law @ np.abs(places - c)) for c in places),
    }
    facts = {"distance": lambda factor, _u, _w: factor == 1.0}
    return World(values={it.U: "U", it.W: "W", it.reference: "ρ", it.loss: claimed}, heads=heads, facts=facts)


@MODELS.of("log-loss of a mixture", fields=_KINDS, extremal=({"kind": "no latent"},), needs=("log_loss",))
@MODELS.of(
    "evidence lower bound", fields=_KINDS, extremal=({"kind": "no latent"}, {"kind": "point"}), needs=("log_loss",)
)
def _log_losses(i: Instance) -> World:
    """Three points, two latents, two generators and an encoder: the posterior of one of them ("point"), or any."""
    rng = generator(i)
    law, rho, learned = rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(2)), rng.dirichlet(np.ones(2))
    made = rng.dirichlet(np.ones(3), size=(2, 2))  # generator, latent, point
    encoder = rng.dirichlet(np.ones(2), size=3)
    if i["kind"] in ("no latent", "point"):
        made[:, 1] = made[:, 0] if i["kind"] == "no latent" else made[:, 1]
        learned = np.array([1.0, 0.0])
        joint = rho[:, None] * made[0]
        encoder = (joint / joint.sum(axis=0)).T
    if i["kind"] == "no latent":
        encoder = np.tile(rho, (3, 1))
    scale = 1e-3 if i["kind"] == "other" else 1.0
    losses = -np.log(made)
    heads: dict[str, Callable[..., Any]] = {
        "Beside": lambda *parts: parts,
        "MeanUnder": lambda _law, factor: factor * float(np.einsum("u,g,z,gzu->", law, learned, rho, losses)),
        "MeanDivergence": lambda *_names: sum(
            share * relative(law, rho @ rows) for share, rows in zip(learned, made, strict=True)
        ),
        "OwnLoss": lambda *_names: scale * float(np.einsum("u,g,uz,gzu->", law, learned, encoder, losses)),
        "ConditionalDivergence": lambda *_names: sum(
            share * relative(row, rho) for share, row in zip(law, encoder, strict=True)
        ),
        "Entropy": lambda _u: -float(law @ np.log(law)),
    }
    values = {it.U: "U", it.V: "V", it.W: "W", gn.encoder: "K", it.reference: "ρ", it.loss: scale}
    return World(values=values, heads=heads, facts={"log_loss": lambda factor, _u, _w: factor == 1.0})


# Normal laws ------------------------------------------------------------


def gaussian_transport(mean: float, std: float, other_mean: float, other_std: float) -> float:
    """W₂ of two normal laws on the line."""
    return math.hypot(mean - other_mean, std - other_std)


@MODELS.of(
    "Talagrand",
    fields={"mean": Real(low=0.1, high=3), "variance": Real(low=0.2, high=3), "width": Real(low=0.2, high=3)},
    extremal=({"mean": 1.0, "variance": 1.0, "width": 1.0}, {"mean": 2.0, "variance": 2.0, "width": 2.0}),
    needs=("narrow_gaussian",),
)
def _normals(i: Instance) -> World:
    """μ = N(m, v) and ν = N(0, u)."""
    one, other = (i["mean"], i["variance"]), (0.0, i["width"])

    def divergence(law: tuple[float, float], to: tuple[float, float]) -> float:
        return (law[1] / to[1] - 1 - math.log(law[1] / to[1]) + (law[0] - to[0]) ** 2 / to[1]) / 2

    heads = {
        "RelativeEntropy": divergence,
        "Transport2": lambda a, b: gaussian_transport(a[0], math.sqrt(a[1]), b[0], math.sqrt(b[1])),
    }
    facts = {"narrow_gaussian": lambda _law, to: to[1] <= 1}
    return World(values={it.first: one, it.second: other}, heads=heads, facts=facts)
