"""When flows on n data on the line begin to memorise: in infinite width, and with m random features, both exact.

The law is ½N(−1, ¼) + ½N(1, ¼).

Bonnaire, Urfin, Biroli and Mézard (2025) see two times in training: one by which a model generalises, which does not
depend on n, and one from which it memorises, which grows like n. Here: the time at which the population's loss is
least, and the first after it at which that loss exceeds its least by a tenth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from numerics import (
    GradientFlow,
    KernelFlow,
    RandomFeatures,
    Schedule,
    empirical_quadratic,
    exponential_embedding,
    infinite_width_nodes,
    population_quadratic,
)
from theory.sde import OrnsteinUhlenbeck
from verify.bound.schedules import schedule

WORSE = 1.1
"""By which factor the population's loss has risen when memorising counts as begun."""
TAUS = tuple(float(time) for time in np.geomspace(1e-2, 1e10, 241))
"""Training times at which the loss is looked at: twenty in a decade."""
HORIZON, GRADING = 1.0, 3
_FINE, _COARSE = (10, 8), (8, 6)  # times, and nodes per datum and time
_DRAWN = 24  # nodes per component and time for the population's loss


@dataclass(frozen=True, kw_only=True)
class Points:
    """A law with numbers: what `numerics` takes as a mixture."""

    weights: tuple[float, ...]
    means: np.ndarray
    variances: tuple[float, ...]


LAW = Points(weights=(0.5, 0.5), means=np.array([-1.0, 1.0]), variances=(0.25, 0.25))


def _when(count: int) -> Schedule:
    return schedule(OrnsteinUhlenbeck(), horizon=HORIZON, count=count, weighting="song", grading=GRADING)


def _data(count: int, rng: np.random.Generator) -> np.ndarray:
    return rng.choice((-1.0, 1.0), size=count) + 0.5 * rng.standard_normal(count)


def times_of(loss: np.ndarray) -> Mapping[str, float]:
    """Of a loss at the times `TAUS`: ``least``, ``least_tau``, ``begins`` (inf if never), the last over the least."""
    place = int(np.argmin(loss))
    late = np.flatnonzero(loss[place:] > WORSE * loss[place])
    return {
        "least": float(loss[place]),
        "least_tau": TAUS[place],
        "begins": TAUS[place + int(late[0])] if len(late) else math.inf,
        "rise": float(loss[-1] / loss[place]),
    }


def in_infinite_width(n: int, rng: np.random.Generator) -> Mapping[str, float]:
    """The times of the infinite-width flow from 0 on n data, with λ = std²: see `times_of`.

    The loss of the population is a quadrature that no flow is trained on. ``coarse``: when memorising begins with fewer
    nodes behind the flow.
    """
    data, embedding = _data(n, rng), exponential_embedding()
    own = Points(weights=(1 / n,) * n, means=data, variances=(0.0,) * n)
    places, mass, score = infinite_width_nodes(LAW, _when(_FINE[0] + 1), embedding, count=_DRAWN, labels="sm")
    found = []
    for times, nodes in (_FINE, _COARSE):
        # the conditional mean of denoising labels given (x, t) is the score of the diffused data: the same flow
        flow = KernelFlow(*infinite_width_nodes(own, _when(times), embedding, count=nodes, labels="sm"))
        off = np.square(flow.predict(places, np.array(TAUS)) - score)
        found.append(times_of(np.einsum("kpc,p->k", off, mass)))
    return {**found[0], "coarse": found[1]["begins"]}


def at_finite_width(n: int, width: int, rng: np.random.Generator) -> Mapping[str, float]:
    """The times of the flow of m random features from 0 on n data, with λ = std²: see `times_of`.

    Both losses are exact averages over the noise. ``floor``: the least loss of the population with these features.
    """
    features = RandomFeatures.sample(width, 1, exponential_embedding(), rng=int(rng.integers(2**31)))
    when = _when(2 * _FINE[0])
    population = population_quadratic(features, LAW, when)
    flow = GradientFlow(empirical_quadratic(features, _data(n, rng), when), np.zeros((1, width)))
    loss = np.array([population.loss(one) for one in flow.parameters(np.array(TAUS))])
    return {**times_of(loss), "floor": max(population.minimum, 0.0)}
