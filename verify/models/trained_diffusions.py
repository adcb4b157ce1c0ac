"""Measured evidence for Lemma 2: trained random-feature scores, the SDE-density that they generate, its divergence."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import sympy as sp

from numerics import (
    GradientFlow,
    RandomFeatures,
    exponential_embedding,
    kl_divergence,
    population_quadratic,
    sde_density,
)
from theory.evaluation import number_function
from theory.exact import exact
from theory.mixture import GaussianMixture
from theory.sde import AbstractLinearSDE, OrnsteinUhlenbeck, VarianceExploding, VariancePreserving
from theory.statement import Claim
from theory.symbols import t
from verify.bound.schedules import schedule
from verify.evidence.measured import Measured, Values

PROCESSES: Mapping[str, tuple[AbstractLinearSDE, sp.Expr]] = {
    "ou": (OrnsteinUhlenbeck(), sp.Integer(3)),
    "vp": (VariancePreserving(sp.Rational(1, 10), 10), sp.S.One),
    "ve": (VarianceExploding(5), sp.S.One),
    "ou-short": (OrnsteinUhlenbeck(), sp.S.Half),
}
"""SDEs and horizons; the divergence is taken at t = 0, where the data are a mixture of positive variances."""

_COUNTS = (24, 32)  # times of two quadratures of the loss, whose difference bounds the coarser one's error
_WIDTHS = (16, 32, 8)


def measured(family: str, width: int, seed: np.random.SeedSequence) -> tuple[Values, Values, Values]:
    """Train random features by the exact flow of L̃(θ; g²): values by symbol name, their errors, and a description.

    Two modes of unequal weight; a random start and training time. Raises ArithmeticError where the score lets the
    reverse SDE's mass escape, so that there is no density to measure.
    """
    rng = np.random.default_rng(seed)
    sde, horizon = PROCESSES[family]
    data = GaussianMixture.two_modes(int(rng.integers(0, 3)), exact("weight", f"0.{rng.integers(2, 8)}"))
    features = RandomFeatures.sample(width, 1, exponential_embedding(), rng=rng)
    coarse, fine = (
        population_quadratic(features, data, schedule(sde, horizon=float(horizon), count=count, weighting="likelihood"))
        for count in _COUNTS
    )
    tau = float(10.0 ** rng.uniform(1.5, 4))
    parameters = GradientFlow(fine, rng.normal(size=(1, width))).parameters(tau)
    drift, diffusion = (number_function(expr, t) for expr in (sde.drift, sde.diffusion))
    variance = sde.prior_variance(horizon)
    density = sde_density(
        features,
        parameters,
        drift=drift,
        diffusion=diffusion,
        horizon=float(horizon),
        prior_std=math.sqrt(float(variance)),
        cells=128,
        steps=16,
    )
    kl, prior = (
        kl_divergence(*pair, with_error=True)
        for pair in ((data, density), (data.diffused(sde).at(horizon), GaussianMixture((1,), (0,), (variance,))))
    )
    loss = fine.loss(parameters)
    values = {"kl_sde": kl.value, "kl_prior": prior.value, "loss_likelihood": loss, "T": float(horizon)}
    errors = {
        "kl_sde": kl.error,
        "kl_prior": prior.error,
        "loss_likelihood": abs(loss - coarse.loss(parameters)),
        "T": 0.0,
    }
    return (
        values,
        errors,
        {"sde": family, "width": width, "tau": tau, "mean": str(data.means[-1]), "weight": str(data.weights[-1])},
    )


def _draw(_claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """A model with every quantity moved by its own error estimate, in the claim's favour."""
    values, errors, label = measured(tuple(PROCESSES)[index % len(PROCESSES)], _WIDTHS[index % len(_WIDTHS)], seed)
    values["kl_sde"] = max(values["kl_sde"] - errors["kl_sde"], 0.0)
    return values | {name: values[name] + errors[name] for name in ("kl_prior", "loss_likelihood")}, label


TRAINED = Measured(
    measure=_draw,
    error=0.0,
    count=lambda models: max(len(PROCESSES), models // 2),
    lacking="density",
    details={"sdes": list(PROCESSES)},
)
"""Trained models against a claim about the SDE-density; where the mass escapes there is none."""
