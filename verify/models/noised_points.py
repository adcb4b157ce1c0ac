"""Points on the line under the Ornstein–Uhlenbeck process, as a channel: χ², scores and errors, and all data sets."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from verify.models import point_diffusions as pd
from verify.models.point_diffusions import Points


def score_spread(law: Points, t: float) -> float:
    """E(∇log p_{t|0} − ∇log p_t)²."""
    centres = np.exp(-t) * np.asarray(law.places)[:, None]
    gaps = pd.mean_by_point(law, t, lambda x: (law.score(x, t) + (x - centres) / law.variance(t)) ** 2)
    return float(np.dot(law.weights, gaps))


def fisher(law: Points, t: float) -> float:
    """E(∇log p_t)²."""
    return pd.mean(law, t, lambda x: law.score(x, t) ** 2)


def mean_square_error(law: Points, t: float) -> float:
    """E(X − E[X|X_t])²."""
    places = np.asarray(law.places)

    def error(x: np.ndarray) -> np.ndarray:
        terms = law.log_terms(x, t)
        posterior = np.exp(terms - law.log_density(x, t))
        return np.tensordot(places**2, posterior, axes=1) - np.tensordot(places, posterior, axes=1) ** 2

    return pd.mean(law, t, error)


def chi_square(law: Points, other: Points, t: float) -> float:
    """χ² of the law at t from another law at t."""
    return pd.mean(law, t, lambda x: np.exp(law.log_density(x, t) - other.log_density(x, t))) - 1


def channel_chi_square(law: Points, t: float) -> float:
    """E χ²(E_t(X)‖p_t)."""
    points = (Points((1.0,), (place,)) for place in law.places)
    return float(np.dot(law.weights, [chi_square(point, law, t) for point in points]))


def pair_information(law: Points, t: float, factor: float) -> float:
    """−Σw_i log Σw_j e^{−cD_ij}, D_ij = e^{−2t}(x_i − x_j)²/(1 − e^{−2t})."""
    places, weights = np.asarray(law.places), np.asarray(law.weights)
    squares = np.exp(-2 * t) * (places[:, None] - places) ** 2 / -np.expm1(-2 * t)
    return float(-weights @ np.log(np.exp(-factor * squares) @ weights))


def data_sets(law: Points, size: int) -> Iterator[tuple[float, Points]]:
    """Every empirical law of n data from a law of two points, with its chance."""
    first = law.weights[0]
    for count in range(size + 1):
        chance = math.comb(size, count) * first**count * (1 - first) ** (size - count)
        shares = [(count / size, law.places[0]), (1 - count / size, law.places[1])]
        held = [(w, x) for w, x in shares if w > 0]
        yield chance, Points(tuple(w for w, _ in held), tuple(x for _, x in held))


def mean_over_data(law: Points, size: int, function: Callable[[Points], float]) -> float:
    """The mean over all data sets."""
    return sum(chance * function(empirical) for chance, empirical in data_sets(law, size) if chance > 0)
