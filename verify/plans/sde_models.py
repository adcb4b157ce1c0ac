"""Measured evidence for Lemma 2: trained random-feature scores, the SDE-density that they generate, its divergence."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from theory.exact import exact
from theory.mixture import GaussianMixture
from theory.sde import AbstractLinearSDE, OrnsteinUhlenbeck, VarianceExploding, VariancePreserving
from theory.statement import Claim
from theory.symbols import t
from verify.bridge import schedule
from verify.context import Context
from verify.verdict import Evidence, Verdict, Witness

Values = dict[str, float]

PROCESSES: Mapping[str, tuple[AbstractLinearSDE, sp.Expr]] = {
    "ou": (OrnsteinUhlenbeck(), sp.Integer(3)),
    "vp": (VariancePreserving(sp.Rational(1, 10), 10), sp.S.One),
    "ve": (VarianceExploding(5), sp.S.One),
    "ou-short": (OrnsteinUhlenbeck(), sp.S.Half),
}
"""SDEs and horizons; the divergence is taken at t = 0, where the data are a mixture of positive variances."""

_COUNTS = (24, 32)  # times of two quadratures of the loss, whose difference bounds the coarser one's error
_WIDTHS = (16, 32, 8)


def measured(family: str, width: int, seed: np.random.SeedSequence) -> tuple[Values, Values, dict[str, Any]]:
    """Train random features by the exact flow of L̃(θ; g²): values by symbol name, their errors, and a description.

    Two modes of unequal weight; a random start and training time. Raises ArithmeticError where the score lets the
    reverse SDE's mass escape, so that there is no density to measure.
    """
    from numerics import (  # noqa: PLC0415
        GradientFlow,
        RandomFeatures,
        exponential_embedding,
        kl_divergence,
        population_quadratic,
        sde_density,
    )

    rng = np.random.default_rng(seed)
    sde, horizon = PROCESSES[family]
    data = GaussianMixture.two_modes(int(rng.integers(0, 3)), exact(f"0.{rng.integers(2, 8)}", "weight"))
    features = RandomFeatures.sample(width, 1, exponential_embedding(), rng=rng)
    coarse, fine = (population_quadratic(features, data, schedule(sde, horizon=float(horizon), count=count,
                                                                  weighting="likelihood")) for count in _COUNTS)
    tau = float(10.0 ** rng.uniform(1.5, 4))
    parameters = GradientFlow(fine, rng.normal(size=(1, width))).parameters(tau)
    drift, diffusion = (sp.lambdify(t, expr, "math") for expr in (sde.drift, sde.diffusion))
    variance = sde.prior_variance(horizon)
    density = sde_density(features, parameters, drift=lambda s: float(drift(s)),
                          diffusion=lambda s: float(diffusion(s)), horizon=float(horizon),
                          prior_std=math.sqrt(float(variance)), cells=128, steps=16)
    kl, prior = (kl_divergence(*pair, with_error=True) for pair in (
        (data, density), (data.diffused(sde).at(horizon), GaussianMixture((1,), (0,), (variance,)))))
    loss = fine.loss(parameters)
    values = {"kl_sde": kl.value, "kl_prior": prior.value, "loss_likelihood": loss, "T": float(horizon)}
    errors = {"kl_sde": kl.error, "kl_prior": prior.error, "loss_likelihood": abs(loss - coarse.loss(parameters)),
              "T": 0.0}
    return values, errors, {"sde": family, "width": width, "tau": tau, "mean": str(data.means[-1]),
                            "weight": str(data.weights[-1])}


@dataclass(frozen=True, kw_only=True)
class Trained:
    """Compare a claim about the SDE-density with trained models, every quantity moved by its own error estimate.

    Models whose mass escapes are counted apart: they have no density, and are neither for nor against the claim.
    """

    method: str = "measured"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Train models on several SDEs; only a violation beyond the error estimates refutes."""
        begin = time.perf_counter()
        needed = {str(sym) for sym in claim.symbols}
        ratios: list[float] = []
        escaped = 0
        witness: Witness | None = None
        count = max(len(PROCESSES), context.budget.models // 2)
        for index in range(count):
            family = tuple(PROCESSES)[index % len(PROCESSES)]
            seed = context.at(str(index)).sequence()
            try:
                values, errors, label = measured(family, _WIDTHS[index % len(_WIDTHS)], seed)
            except ArithmeticError:
                escaped += 1
                continue
            low = {**values, "kl_sde": max(values["kl_sde"] - errors["kl_sde"], 0.0)}
            high = {**low, **{name: values[name] + errors[name] for name in ("kl_prior", "loss_likelihood")}}
            result = claim.evaluate(**{name: value for name, value in high.items() if name in needed})
            if result.outcome != "finite" or result.left is None:
                return Evidence(method=self.method, verdict=Verdict.UNDECIDED, seconds=time.perf_counter() - begin,
                                summary=f"{result.outcome} at {label}", details={"model": label})
            left, right = float(result.left), float(result.right)
            ratio = left / right if right > 0 else math.inf
            ratios.append(ratio)
            if left > right and witness is None:
                witness = Witness(instance={**label, "model": index}, left=left, right=right, ratio=ratio,
                                  note="a trained random-feature model")
        details = {"models": count, "densities": len(ratios), "escaped": escaped,
                   "sdes": list(PROCESSES)}
        worst = max(ratios, default=None)
        if witness is not None:
            verdict, summary = Verdict.REFUTED, f"violated by a model: ratio {witness.ratio:.6g}"
        elif 2 * len(ratios) < count:
            verdict, summary = Verdict.UNDECIDED, f"{escaped} of {count} models have no density"
        else:
            verdict = Verdict.SEARCHED
            summary = f"{len(ratios)} trained models, worst ratio {worst:.4g}" + (
                f"; {escaped} without a density" if escaped else "")
        return Evidence(method=self.method, verdict=verdict, worst_ratio=worst, details=details, smallest=witness,
                        worst=witness, summary=summary, seconds=time.perf_counter() - begin)


TRAINED = Trained()
