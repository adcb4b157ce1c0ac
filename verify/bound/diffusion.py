"""The bound of a diffusion model by its training data, term by term, each with its uncertainty (IT12)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from numerics import DiffusedData, Estimate, RandomFeatures, ScoreNetwork, checks, score_losses
from numerics.statistics.sampling import SamplingKeywords
from theory import symbols
from theory.evaluation import number_function
from theory.markup import Table
from theory.sde import AbstractLinearSDE
from verify.bound.printed import Conventions, Ingredients, Printed, printed_bound
from verify.bound.schedules import require_sde, time_function
from verify.bound.terms import Bound, bound

AnyScore = RandomFeatures | ScoreNetwork | DiffusedData | object
"""A score as `numerics.score_losses` takes it."""

CLAIM = "IT12:repaired"
IN_TOTAL = ("prior", "explicit_loss", "generalization")
_SLACK = 4.0  # intervals that a random identity may be off by: at α = 1 % and Student's tails beyond 1e-6


@dataclass(frozen=True, kw_only=True)
class DiffusionBound(Bound):
    """`Bound` of IT12:repaired at measured values, with the uncertainty of every term.

    ``terms`` are the three that add up to ``total``. ``estimates`` holds these, the total, and what overlaps with them:
    rate, the mean over the data of KL(E_T(x_i)‖π); root_rate, the mean of the roots; information, Î_T;
    information_start, Î_ε; denoising_loss, L̂_DSM. ``defect`` is rate + denoising_loss − information_start less
    prior + explicit_loss, which is 0 but for the errors of the terms. ``printed``: the bound as printed (IT10), None
    unless a bound of the score was given.
    """

    estimates: Mapping[str, Estimate] = field(repr=False)
    defect: float
    printed: Printed | None

    def table(self) -> Table:
        """Every term with its interval, and whether it is a part of the total."""
        rows = [
            (name, f"{value.value:.8g}", f"{value.interval[0]:.8g}", f"{value.interval[1]:.8g}", _part(name))
            for name, value in self.estimates.items()
        ]
        return Table(header=("term", "value", "from", "to", "in the total"), rows=rows)


def _part(name: str) -> str:
    return "yes" if name in IN_TOTAL else "" if name == "total" else "no"


def read_data(data: ArrayLike) -> np.ndarray:
    """Data (n, d) of at least two points, not all the same; ValueError otherwise."""
    points = checks.array("data", data, shape=None)
    if points.ndim not in (1, 2):
        raise ValueError(f"data must have shape (n,) or (n, d); got shape {points.shape}; pass one row per point")
    points = points.reshape(len(points), -1)
    if len(points) < 2:
        raise ValueError(f"data must have at least 2 points; got {len(points)}; a bound in n needs a sample")
    if (points == points[0]).all():
        raise ValueError(
            f"data must not be all the same; got {len(points)} times one point; their law has no density to learn"
        )
    return points


def diffused(data: ArrayLike, sde: AbstractLinearSDE, horizon: float) -> DiffusedData:
    """The data under an SDE of theory, with its prior at the horizon; errors name data, sde or horizon."""
    points = read_data(data)
    require_sde(sde)
    last = checks.real("horizon", horizon, above=0.0)
    variance = number_function(sde.prior_variance(symbols.T), symbols.T)(last)
    return DiffusedData(
        points=points,
        mean_scale=time_function(sde.mean_scale),
        std=time_function(sde.std),
        prior_std=math.sqrt(variance),
    )


def read_times(start: float, horizon: float) -> tuple[float, float]:
    """0 < start < horizon; ValueError otherwise."""
    first, last = checks.real("start", start, above=0.0), checks.real("horizon", horizon, above=0.0)
    if last <= first:
        checks.refuse("horizon", f"be greater than start = {first:g}", horizon, "pass T > ε")
    return first, last


def diffusion_bound(
    data: ArrayLike,
    score: AnyScore,
    parameters: ArrayLike | None = None,
    *,
    sde: AbstractLinearSDE,
    horizon: float,
    start: float,
    loss_range: float,
    weight_information: ArrayLike,
    score_bound: float | None = None,
    conventions: Conventions | None = None,
    **how: Unpack[SamplingKeywords],
) -> DiffusionBound:
    """Evaluate E KL(P_ε‖Q_θ) ≤ E[KL(p̂_T‖π) + L̂_ESM(θ)] + b √(Ī/2) for a score and its training data.

    ``data`` (n, d) or (n,): what the score was trained on; one sample stands for the expectation. ``score``,
    ``parameters``: as in `numerics.score_losses`. ``horizon`` T > ``start`` ε > 0. ``loss_range`` b ≥ 0: of ℓ_θ(x),
    what belongs to a datum in L_DSM. ``weight_information``: I(θ; X_i) in nats, a number ≥ 0 or one for every datum
    (n,), whose mean is Ī. ``score_bound``: L ≥ ‖s‖, for which the bound as printed is put beside it, with R = b/2,
    under ``conventions``. In d > 1 dimensions: samples, alpha, rng, workers, as in `numerics.DiffusedData`.

    Raises TypeError or ValueError naming the argument: for one datum, for identical data, for T ≤ ε, for a score whose
    values are not finite or have the wrong shape; ArithmeticError where rate + L̂_DSM − Î_ε and KL(p̂_T‖π) + L̂_ESM, which
    are equal, differ by more than their errors. Source: IT12:repaired and IT12:split, the repair of CZS, theorem 6.2.
    """
    first, last = read_times(start, horizon)
    law = diffused(data, sde, last)
    b = checks.real("loss_range", loss_range, minimum=0.0)
    information = checks.vector("weight_information", weight_information, minimum=0.0)
    if len(information) not in (1, law.count):
        raise ValueError(
            f"weight_information must have shape ({law.count},) or be a number; got shape {information.shape}; pass "
            "I(θ; X_i) for every datum"
        )
    toggles = Conventions() if conventions is None else conventions
    checks.instance("conventions", toggles, Conventions, "pass verify.Conventions(…)")
    limit = None if score_bound is None else checks.real("score_bound", score_bound, minimum=0.0)
    losses = score_losses(score, parameters, data=law, start=first, horizon=last, **how)  # type: ignore[arg-type]
    rates = law.rate(last)
    measured = {
        "rate": exact_estimate(float(rates.mean())),
        "root_rate": exact_estimate(float(np.sqrt(rates).mean())),
        "information": law.information(last, **how),
        "information_start": law.information(first, **how),
        "denoising_loss": losses.denoising[0],
        "prior": law.prior(last, **how),
        "explicit_loss": losses.explicit[0],
    }
    defect = split_defect(measured)
    found = bound(
        CLAIM,
        {
            "mean_prior": measured["prior"].value,
            "mean_explicit": measured["explicit_loss"].value,
            "loss_range": b,
            "weight_information": float(information.mean()),
        },
    )
    measured["generalization"] = exact_estimate(float(found.terms["generalization"]))
    measured["total"] = added(*(measured[name] for name in IN_TOTAL))
    if limit is None:
        printed = None
    else:
        printed = printed_bound(
            Ingredients(
                law=law,
                losses=losses,
                rates=rates,
                information=measured["information"].value,
                sde=sde,
                half_range=0.5 * b,
                score=score,
                parameters=parameters,
                score_bound=limit,
                how=how,
            ),
            toggles,
        )
    return DiffusionBound(
        **{item.name: getattr(found, item.name) for item in fields(found)},
        estimates=MappingProxyType(measured),
        defect=defect,
        printed=printed,
    )


def split_defect(measured: Mapping[str, Estimate]) -> float:
    """rate + L̂_DSM − Î_ε − KL(p̂_T‖π) − L̂_ESM; ArithmeticError where the errors of the terms do not explain it."""
    names = ("rate", "denoising_loss", "information_start", "prior", "explicit_loss")
    rate, denoising, information, prior, explicit = (measured[name] for name in names)
    defect = (rate.value - information.value - prior.value) + (denoising.value - explicit.value)
    random = any(measured[name].alpha > 0.0 for name in names)
    allowed = sum(measured[name].error for name in names) * (_SLACK if random else 1.0) + 1e-13 * (1.0 + rate.value)
    if not abs(defect) <= allowed:
        raise ArithmeticError(
            f"rate + denoising_loss − information_start and prior + explicit_loss must be equal; they differ by "
            f"{defect:.3g}, errors allow {allowed:.3g}: the score is too rough for the quadrature, smooth it"
        )
    return defect


def exact_estimate(value: float) -> Estimate:
    """A number without an error beyond rounding."""
    return Estimate(value=value, interval=(value, value), alpha=0.0, samples=0)


def added(*parts: Estimate) -> Estimate:
    """The sum, with the sum of the intervals, which misses no oftener than they do together."""
    low, high = (math.fsum(part.interval[k] for part in parts) for k in (0, 1))
    value = math.fsum(part.value for part in parts)
    return Estimate(
        value=value,
        interval=(min(low, value), max(high, value)),
        alpha=min(0.99, math.fsum(part.alpha for part in parts)),
        samples=max(part.samples for part in parts),
    )
