"""Measured evidence for Lemmas 4 and 5: real random-feature models, trained exactly, next to the claim's bound."""

from __future__ import annotations

import numpy as np

from numerics import GradientFlow, RandomFeatures, constant_embedding, population_quadratic
from theory.mixture import GaussianMixture
from theory.statement import Claim
from verify.bound.schedules import schedule
from verify.evidence.measured import Measured, Values
from verify.models.sdes import FAMILIES

RELATIVE_ERROR = 1e-9
"""Error allowed to each side relative to its largest term: the flow's accuracy on rank-deficient problems."""


def measured(claim: Claim, width: int, family: str, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """Draw a model, run the claim's flow exactly, and return (values by symbol name, description).

    The features are drawn on the l1 sphere, the data are two modes, the loss is the exact population loss, λ = std²;
    five training times over ten decades and a random comparator.
    """
    rng = np.random.default_rng(seed)
    features = RandomFeatures.sample(width, 1, constant_embedding(), rng=rng)
    mode = int(rng.integers(0, 4))
    quadratic = population_quadratic(
        features, GaussianMixture.two_modes(mode), schedule(FAMILIES[family], horizon=1, count=16, weighting="song")
    )
    initial, other = rng.normal(size=(2, 1, width))
    if rng.random() < 0.5:
        other = quadratic.minimiser()
    flow = GradientFlow(quadratic, initial, parametrization=claim.setting["flow"])
    tau = np.logspace(-4, 6, 5)
    best = quadratic.minimiser()
    moving = initial - (initial - best) @ _null(quadratic.B)
    # a loss is >= 0; where it is 0 exactly, rounding may leave a few ulps below
    least, compared, start = (
        max(loss, 0.0) for loss in (quadratic.minimum, quadratic.loss(other), quadratic.loss(initial))
    )
    values = {
        "loss_tau": np.maximum(flow.loss(tau), 0.0),
        "loss_initial": start,
        "loss_comparator": compared,
        "loss_minimum": least,
        "norm_initial": _norm(initial),
        "norm_comparator": _norm(other),
        "norm_tau": flow.norm(tau),
        "distance_initial": _norm(initial - other),
        "distance_minimiser": _norm(moving - best),
        "distance_tau": flow.distance(tau, other),
        "displacement": flow.distance(tau, initial),
        "tau": tau,
        "m": width,
    }
    return values, {"width": width, "sde": family, "mu": mode}


def _null(matrix: np.ndarray) -> np.ndarray:
    """The projector onto the numerical null space, where nothing moves."""
    values, vectors = np.linalg.eigh(matrix)
    null = vectors[:, values <= values[-1] * len(values) * np.finfo(float).eps]
    return null @ null.T


def _norm(matrix: np.ndarray) -> float:
    return float(np.linalg.norm(matrix))


def _draw(claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    return measured(claim, (2, 8, 32, 5, 64, 16)[index % 6], ("ou", "ve", "vp")[index % 3], seed)


MODELS = Measured(
    measure=_draw,
    error=RELATIVE_ERROR,
    many="trained models × 5 times",
    details={"widths": "2 to 64", "relative error": RELATIVE_ERROR},
)
