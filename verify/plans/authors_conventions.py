"""Plans for the conventions of the authors' code: sets of points by quadrature, schedules in exact sums."""

from __future__ import annotations

import math

import numpy as np
from flint import arb, fmpq

from theory.statement import Claim
from theory.symbols import (
    T,
    bandwidth,
    beta_first,
    beta_last,
    d,
    grid_sum,
    m,
    mean_initial,
    mean_limit,
    sampler_information,
    second_moment,
    spread_at,
    spread_mirrored,
    started_cost,
    variance_initial,
    weighted_loss,
)
from verify.balls.integrals import integral
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Integer, Real
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.measured import Measured, Values
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models import point_diffusions as pd
from verify.models.channel_terms import at, measured
from verify.models.learned_points import ERROR
from verify.models.point_diffusions import Points
from verify.models.two_point_laws import plogp

# A perfect score ------------------------------------------------------------------------------------------------------


def _perfect(instance: Instance) -> Quantities:
    """σ²E(−x_t + ξ/σ)² with x_t = e^{−t}x₀ + σξ, from the coefficients of x₀ and ξ, integrated over t."""
    end = arb(instance["T"])

    def weighted(t, _analytic):  # σ²(e^{−2t} + (1/σ − σ)²) = σ²e^{−2t} + (1 − σ²)²
        kept = (-2 * t).exp()
        return (1 - kept) * kept + kept * kept

    return {T: end, weighted_loss: integral(weighted, arb(0), end) / (2 * end)}


PERFECT = Experiment(
    name="perfect-score",
    domain=Domain(fields={"T": Real(low=0.05, high=6)}),
    extremal=({"T": 0.5}, {"T": 2.0}),
    measures="the weighted denoising loss from the coefficients of datum and noise",
    sides=lambda claim: relation_sides(claim, _perfect),
)

# Sets of points -------------------------------------------------------------------------------------------------------


def _points(_claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """Points at random, or two far apart at a short time, where the informations are near log m."""
    rng = np.random.default_rng(seed)
    places = np.array([-1.0, 1.0]) if index == 0 else np.sort(rng.normal(scale=2, size=int(rng.integers(2, 7))))
    end = 0.01 if index == 0 else float(rng.uniform(0.01, 1.5) if index % 2 else rng.uniform(2, 4))
    kept, left = math.exp(-end), -math.expm1(-2 * end)
    law = Points(tuple([1 / len(places)] * len(places)), tuple(places.tolist()))
    rates = np.array([pd.rate(Points((1.0,), (place,)), end) for place in places])
    exact = pd.channel(law, kept, left)
    values = {
        "information_data": exact,
        "information_wide": pd.channel(law, kept, math.sqrt(left)),
        "information_mixed": pd.channel(law, kept, math.sqrt(left), left),
        "mean_root_rate": float(np.sqrt(rates).mean()),
        "rate_hat": pd.rate(law, end),
        "mean_size": float(np.abs(places).mean()),
        "second_moment": float(np.square(places).mean()),
        "T": end,
    }
    return values, {"places": places.tolist(), "T": end}


POINTS = Measured(
    measure=_points,
    error=ERROR,
    noun="set",
    many="sets of points",
    note="points on the line, informations by quadrature",
)

BATCHES = measured((at(count=2, horizon=0.3, size=2.0), at(count=4, horizon=0.3, size=2.5)), sets=True)

# Reverse paths --------------------------------------------------------------------------------------------------------


def _started(instance: Instance) -> Quantities:
    """E‖e^{−t}x + √(1 − e^{−2t})ξ‖² integrated over the path's time t."""
    end, square, dim = arb(instance["T"]), arb(instance["second_moment"]), arb(instance["d"])
    cost = integral(lambda t, _analytic: (-2 * t).exp() * square - (-2 * t).expm1() * dim, arb(0), end)
    return {T: end, second_moment: square, d: dim, started_cost: cost}


STARTED = Experiment(
    name="started-at-data",
    domain=Domain(
        fields={
            "T": Real(low=0.05, high=6),
            "second_moment": Real(low=0.1, high=50, log=True),
            "d": Integer(low=1, high=100),
        }
    ),
    extremal=({"T": 1.0, "second_moment": 10.0, "d": 1},),
    measures="the mean square of the reverse path from the coefficients of datum and noise",
    sides=lambda claim: relation_sides(claim, _started),
)


def _rare(instance: Instance) -> Quantities:
    """s = L with the chance q by the data, else 0: the information is at least that of the best guess from X̂₀.

    X̂₀ is normal with two means that are 2L(1 − e^{−T}) apart, and the variance V = 1 − e^{−2T}: a guess by the nearer
    one errs with the chance e = erfc(L(1 − e^{−T})/√(2V))/2, and I >= H(q) − H(e), by Fano's inequality.
    """
    end, limit, chance = arb(instance["T"]), arb(instance["limit"]), arb(instance["chance"])
    error = (limit * -(-end).expm1() / (2 * -(-2 * end).expm1()).sqrt()).erfc() / 2
    least = plogp(error) + plogp(1 - error) - plogp(chance) - plogp(1 - chance)
    return {T: end, mean_limit: chance * limit, sampler_information: least if least > 0 else arb(0)}


RARE = Experiment(
    name="rare-scores",
    domain=Domain(
        fields={
            "T": Real(low=0.01, high=3),
            "limit": Real(low=0.1, high=30),
            "chance": Real(low=0.001, high=0.5, log=True),
        }
    ),
    extremal=({"T": 1.0, "limit": 5.0, "chance": 0.01}, {"T": 0.1, "limit": 20.0, "chance": 0.01}),
    measures="a lower bound of the information of a score that is rarely not 0, by Fano's inequality",
    sides=lambda claim: relation_sides(claim, _rare),
)

# Schedules ------------------------------------------------------------------------------------------------------------


def _schedule(instance: Instance) -> Quantities:
    """The sum itself, in fractions."""
    steps, first, last, end = (instance[name] for name in ("steps", "first", "last", "T"))
    total = sum((fmpq(first) + fmpq((last - first) * k, steps) for k in range(steps + 1)), start=fmpq(0))
    found = {m: fmpq(steps), beta_first: fmpq(first), beta_last: fmpq(last), T: fmpq(end)}
    return {symbol: arb(value) for symbol, value in {**found, grid_sum: total * end / steps}.items()}


SCHEDULES = Experiment(
    name="schedules",
    domain=Domain(
        fields={
            "steps": Integer(low=1, high=4096),
            "first": Integer(low=0, high=100),
            "last": Integer(low=0, high=100),
            "T": Integer(low=1, high=100),
        }
    ),
    measures="the sum in fractions",
    sides=lambda claim: relation_sides(claim, _schedule),
)
_SUMS = Exhaustive(
    experiment=SCHEDULES,
    elements=lambda size: (
        {"steps": 2**k, "first": first, "last": last, "T": 2}
        for k in range(size.bit_length())
        for first in (0, 2)
        for last in (0, 20)
    ),
    covers=lambda size: f"N = 1, 2, 4, …, {2 ** (size.bit_length() - 1)}, β₀ in {{0, 2}}, β₁ in {{0, 20}}, T = 2",
)

# Closed forms ---------------------------------------------------------------------------------------------------------

_NAMES = {str(symbol): symbol for symbol in (spread_at, spread_mirrored, mean_initial, variance_initial, bandwidth)}


def _named(instance: Instance) -> Quantities:
    return {_NAMES[name]: value for name, value in instance.items()}


SPREADS = Experiment(
    name="spreads",
    domain=Domain(fields={name: Real(low=0.01, high=100, log=True) for name in ("spread_at", "spread_mirrored")}),
    extremal=({"spread_at": 2.0, "spread_mirrored": 2.125}, {"spread_at": 0.25, "spread_mirrored": 4.0}),
    measures="both rates at two variances",
    sides=lambda claim: relation_sides(claim, _named),
)
ESTIMATES = Experiment(
    name="density-estimates",
    domain=Domain(
        fields={
            "mean_initial": Real(low=-3, high=3),
            "variance_initial": Real(low=0.05, high=5, log=True),
            "bandwidth": Real(low=0.05, high=2),
        }
    ),
    extremal=({"mean_initial": 1.0, "variance_initial": 1.0625, "bandwidth": 0.5},),
    measures="the divergences of normal laws before and after a convolution",
    sides=lambda claim: relation_sides(claim, _named),
)

PLANS = (
    Plan(claim="IT14:mirrored-time", expected=Verdict.PROVED, methods=(Search(experiment=SPREADS),)),
    Plan(claim="IT14:smoothing", expected=Verdict.PROVED, methods=(Search(experiment=ESTIMATES),)),
    Plan(claim="IT14:weighted-loss", expected=Verdict.SEARCHED, methods=(Search(experiment=PERFECT),)),
    Plan(claim="IT14:wide-kernel", expected=Verdict.PROVED, methods=(POINTS,)),
    Plan(claim="IT14:mixed-kernel", expected=Verdict.SEARCHED, methods=(POINTS,)),
    Plan(claim="IT14:batches", expected=Verdict.SEARCHED, methods=(BATCHES,)),
    Plan(claim="IT14:mean-sup", expected=Verdict.REFUTED, methods=(Search(experiment=RARE),)),
    Plan(claim="IT14:started-at-data", expected=Verdict.SEARCHED, methods=(Search(experiment=STARTED),)),
    Plan(claim="IT14:mean-root", expected=Verdict.SEARCHED, methods=(POINTS,)),
    Plan(claim="IT14:grid", expected=Verdict.EXHAUSTIVE, methods=(_SUMS,)),
)
