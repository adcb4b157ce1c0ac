"""Models of the theorems of gradient flows that are integrated: the gradients along both flows, by quadrature."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from theory.theorems import quadratics as stated
from theory.vocabulary import objects as o
from verify.evidence.domain import Instance, Real
from verify.models.theorems.attack import Models
from verify.models.theorems.interpretation import World
from verify.models.theorems.quadratics import SIZES, Array, Quadratic, pair, path, world

MODELS = Models()
_FLOW = next(theorem for theorem in stated.THEOREMS if theorem.id == "gradients of the features").takes[0]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
Rate = Callable[[Quadratic, Array], Array]
"""From a loss and parameters to what is integrated."""


def _integrated(rate: Rate, flow: Any, hat: Quadratic, q: Quadratic, *at: Any) -> float:
    """‖∫₀^τ rate(Q̂, Θ̂(s)) − rate(Q, Θ(s)) ds‖, by Gauss's rule; ``at``: Θ₀ and τ."""
    start, until = at
    times = until * (_NODES + 1) / 2
    gaps = [rate(hat, path(flow, hat, start, s)) - rate(q, path(flow, q, start, s)) for s in times]
    return float(np.linalg.norm(np.tensordot(_WEIGHTS, np.stack(gaps), axes=1)) * until / 2)


def _half_gradient(q: Quadratic, theta: Array) -> Array:
    """ΘB − b."""
    return theta @ q.matrix - q.vector


def _feature_gradients(q: Quadratic, theta: Array) -> Array:
    """2E[(s_θ − s)σ_i] for all features, example by example; σ = √m h."""
    features, targets, weights = q.examples  # type: ignore[misc]
    errors = features @ theta.T - targets
    return 2 * (errors * weights[:, None]).T @ (features * np.sqrt(features.shape[1]))


@MODELS.of(
    "gradient flow integrated",
    "gradient flow of A integrated",
    "gradients of the features",
    fields={**SIZES, "tau": Real(low=0.05, high=0.5)},
)
def _flows(i: Instance) -> World:
    q, hat, start, _ = pair(i)
    integral = cache(lambda flow: _integrated(_half_gradient, flow, hat, q, start, i["tau"]))
    heads: dict[str, Callable[..., Any]] = {
        "GradientIntegral": lambda flow, *_: integral(flow),
        "FeatureGradients": lambda flow, *_: _integrated(_feature_gradients, flow, hat, q, start, i["tau"]) ** 2,
    }
    found = world(q, data=hat, Theta0=start, tau=i["tau"], m=i["width"], heads=heads)
    return found.at({_FLOW: o.scaled if i["seed"] % 2 else o.A})
