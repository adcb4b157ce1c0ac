"""Moments of ReLU features, quadratic losses and gradient flow, held to the claims' closed forms and to integrals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import sympy as sp
from scipy.special import ndtr

from numerics import (
    GradientFlow,
    Quadratic,
    RandomFeatures,
    Schedule,
    activation_probability,
    constant_embedding,
    empirical_quadratic,
    exponential_embedding,
    gauss_legendre_times,
    per_datum_parts,
    population_quadratic,
    relu_gram,
    relu_gram_gaussian,
    relu_mean,
    relu_product_mean,
)
from theory import flow
from theory.claims import REGISTRY
from theory.symbols import kappa, tau, y, y0
from verify.evidence.calibration import Instrument, Reading
from verify.models.instruments.quadrature import PlainMixture, mixture_rule, normal_density

CLOSE = 1e-12
"""What the moments promise, relative to (E σ(Y_i)² E σ(Y_j)²)^½."""
INTEGRATED = 1e-11
"""The same with the rounding of some thousand nodes."""


def _claim(claim_id: str, **values: object) -> np.ndarray:
    return np.asarray(REGISTRY[claim_id].evaluate(**values).right, dtype=float)


# Moments -------------------------------------------------------------------------------------------------------------

_SLOPES = np.array([1.25, -0.75, 2.0, -1.5, 0.5, -0.125, 1.0, 3.0, -3.0])
_INTERCEPTS = np.array([0.25, 1.0, -4.0, -0.5, 0.0, 2.0, -2.5, 9.0, -9.0])
_MEAN, _STD = 0.5, 1.5


def _one_feature() -> Iterator[Reading]:
    law = {"means": _MEAN, "variances": _STD**2}
    inner, std = _SLOPES * _MEAN + _INTERCEPTS, np.abs(_SLOPES) * _STD
    for name, found in (
        ("RELU:mean", relu_mean(_SLOPES, _INTERCEPTS, **law)),
        ("RELU:activation", activation_probability(_SLOPES, _INTERCEPTS, **law)),
        ("RELU:second-moment", np.diag(relu_gram(_SLOPES, _INTERCEPTS, **law))),
    ):
        exact = _claim(name, mean_1=inner, std_1=std)
        yield Reading(at=f"{name}, nine features", measured=found, exact=exact, error=1e-9 * np.abs(exact))


def _along_a_line() -> Iterator[Reading]:
    i, j = (index.ravel() for index in np.indices((len(_SLOPES), len(_SLOPES))))
    off = i != j
    i, j = i[off], j[off]
    inner, std = _SLOPES * _MEAN + _INTERCEPTS, np.abs(_SLOPES) * _STD
    values = {"mean_1": inner[i], "std_1": std[i], "mean_2": inner[j], "std_2": std[j]}
    aligned = _SLOPES[i] * _SLOPES[j] > 0
    exact = np.where(
        aligned, _claim("RELU:product-aligned", **values), _claim("RELU:product-opposed", **values)
    )  # each of the two is computed everywhere, and taken where it is true
    squares = _claim("RELU:second-moment", mean_1=inner, std_1=std)
    error = CLOSE * np.sqrt(squares[i] * squares[j]) + 1e-14 * np.abs(values["mean_1"] * values["mean_2"])
    law = {"means": _MEAN, "variances": _STD**2}
    pairs = relu_product_mean(_SLOPES[i], _INTERCEPTS[i], _SLOPES[j], _INTERCEPTS[j], **law)
    yield Reading(at="pairs along a line", measured=pairs, exact=exact, error=error)
    gram = relu_gram(_SLOPES, _INTERCEPTS, **law)
    yield Reading(at="the matrix of pairs along a line", measured=gram[i, j], exact=exact, error=error)


def _in_the_plane() -> Iterator[Reading]:
    """Pairs of every correlation, at centres on all sides of the kinks; near ±1 the remainder is another integral."""
    angles = np.array([0.05, 0.3, 1.0, 1.6, 2.2, 2.8, 3.09])
    directions = np.concatenate([[[1.5, 0.0]], 0.8 * np.column_stack([np.cos(angles), np.sin(angles)])])
    stds, rho = np.linalg.norm(directions, axis=1) * math.sqrt(2.0), np.cos(angles)
    for centre in ((0.5, 1.0), (-1.5, 0.25), (2.0, -3.0), (-0.5, -0.5)):
        for shifts in ((0.25, -0.5), (-1.0, 2.0), (6.0, 3.0)):
            intercepts = np.array([shifts[0], *[shifts[1]] * len(angles)])
            gram = relu_gram_gaussian(directions, intercepts, means=np.array(centre), variances=2.0)
            inner = directions @ centre + intercepts
            sizes = np.sqrt(_claim("RELU:second-moment", mean_1=inner, std_1=stds))
            error = 1e-11 * sizes[0] * sizes[1:]
            at = f"pairs in the plane around {centre}, intercepts {shifts}"
            exact = _conditioned(inner[0], stds[0], inner[1:], stds[1:], rho)
            yield Reading(at=at, measured=gram[0, 1:], exact=exact, error=error)
            if shifts[1] == 2.0:
                some = {"mean_1": inner[0], "std_1": stds[0], "mean_2": inner[2:5], "std_2": stds[2:5]}
                exact = _claim("RELU:product", **some, correlation=rho[1:4])
                yield Reading(at="RELU:product, " + at, measured=gram[0, 2:5], exact=exact, error=error[1:4])


def _conditioned(mean: float, std: float, means: np.ndarray, stds: np.ndarray, rho: np.ndarray) -> np.ndarray:
    """E σ(X) E[σ(Y) | X] for Y of each mean, standard deviation and correlation with X ~ N(mean, std²)."""
    spread = stds * np.sqrt(1.0 - rho**2)
    slope = rho * stds / std
    kinks = mean - means / np.where(slope == 0.0, 1.0, slope)
    near = (kinks[:, None] + (spread / np.abs(slope))[:, None] * np.linspace(-9.0, 9.0, 19)).ravel()
    x, mass, _ = mixture_rule([1.0], [mean], [std], [0.0, *near])
    active = x > 0.0
    inner = means[:, None] + slope[:, None] * (x[active] - mean)
    u = inner / spread[:, None]  # RELU:mean, which is confronted on its own
    given = inner * ndtr(u) + spread[:, None] * normal_density(u, 0.0, 1.0)
    return given @ (mass[active] * x[active])


def _moments() -> Iterator[Reading]:
    yield from _one_feature()
    yield from _along_a_line()
    yield from _in_the_plane()


MOMENTS = Instrument(name="moments of ReLU features", readings=_moments)

# Quadratics ----------------------------------------------------------------------------------------------------------

_LAW = PlainMixture(weights=[0.3, 0.7], means=[-1.0, 2.0], variances=[0.25, 1.5])
_W = np.array([[0.4], [-0.7], [0.1], [0.0], [-0.2]])
_U = np.array([[0.3, 0.2], [0.1, -0.2], [-0.5, 0.4], [0.6, -0.1], [-0.4, 0.3]])
FEATURES = RandomFeatures(weights=_W, time_weights=_U, embedding=exponential_embedding())
WHEN = Schedule(
    times=np.array([0.125, 0.5, 1.5]),
    weights=np.array([0.25, 0.5, 0.25]),
    mean_scale=np.array([0.9, 0.6, 0.2]),
    std=np.array([0.4, 0.8, 1.1]),
    loss_weight=np.array([2.0, 1.0, 0.5]),
)


def _hidden(x: np.ndarray, time: float) -> np.ndarray:
    """h(x, t) from its definition, (n, m)."""
    inner = np.asarray(x)[:, None] * _W[:, 0] + _U @ np.array([1.0, math.exp(-time)])
    return np.maximum(inner, 0.0) / math.sqrt(len(_W))


def _by_integration(components: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, float]:
    """B, b and c of a mixture by quadrature of their definitions."""
    m = len(_W)
    B, b, c = np.zeros((m, m)), np.zeros((1, m)), 0.0
    for time, share, r, std, rate in zip(
        WHEN.times, WHEN.weights, WHEN.mean_scale, WHEN.std, WHEN.loss_weight, strict=True
    ):
        level = _U @ np.array([1.0, math.exp(-time)])
        kinks = [-u / w for w, u in zip(_W[:, 0], level, strict=True) if w != 0.0]
        stds = np.sqrt((r * components["stds"]) ** 2 + std**2)
        x, mass, score = mixture_rule(components["weights"], r * components["means"], stds, kinks)
        h = _hidden(x, time)
        B += share * rate * (h.T * mass) @ h
        b += share * rate * (mass * score) @ h
        c += share * rate * float(mass @ score**2)
    return B, b, c


def _population() -> Iterator[Reading]:
    exact = _by_integration(
        {"weights": np.array([0.3, 0.7]), "means": np.array([-1.0, 2.0]), "stds": np.sqrt([0.25, 1.5])}
    )
    loss = population_quadratic(FEATURES, _LAW, WHEN)
    for name, found, value in zip("Bbc", (loss.B, loss.b, loss.c), exact, strict=True):
        yield Reading(at=f"{name} of a mixture", measured=found, exact=value, error=INTEGRATED * np.abs(value).max())
    theta = np.array([[0.5, -1.0, 2.0, 0.25, -3.0]])
    value = float((theta @ exact[0] @ theta.T).item() - 2.0 * (theta @ exact[1].T).item() + exact[2])
    yield Reading(at="the loss of a score", measured=loss.loss(theta), exact=value, error=1e-10 * value)
    best = loss.minimiser()
    yield Reading(
        at="the slope at the minimiser", measured=best @ exact[0], exact=exact[1], error=1e-8 * np.abs(exact[1]).max()
    )
    yield Reading(at="the least loss", measured=loss.minimum, exact=loss.loss(best), error=1e-9 * exact[2])
    yield Reading(
        at="a score",
        measured=FEATURES.score(theta, [[-1.0], [0.5], [3.0]], 0.5)[:, 0],
        exact=_hidden(np.array([-1.0, 0.5, 3.0]), 0.5) @ theta[0],
        error=1e-14,
    )


_DATA = (
    np.array([-1.75, -0.5, -0.25, 0.25, 1.0, 2.0, 2.125]),
    np.array([-30.0, -29.9, -8.0, -3.0, 0.1, 0.2, 5.0, 21.0, 21.5, 40.0]),  # kinks are out of the reach of most
)


def _empirical() -> Iterator[Reading]:
    """Data are a mixture without variance: the kernel's labels give its B and b, and c the noise's information."""
    labels = float(WHEN.weights @ (WHEN.loss_weight / WHEN.std**2))
    for data in _DATA:
        exact = _by_integration(
            {"weights": np.full(len(data), 1 / len(data)), "means": data, "stds": np.zeros(len(data))}
        )
        loss, at = empirical_quadratic(FEATURES, data, WHEN), f" of {len(data)} data"
        for name, found, value in zip("Bbc", (loss.B, loss.b, loss.c), (*exact[:2], labels), strict=True):
            yield Reading(at=name + at, measured=found, exact=value, error=INTEGRATED * np.abs(value).max())
    data = _DATA[0]
    B, b = per_datum_parts(FEATURES, data, WHEN)
    for k, datum in ((0, data[0]), (5, data[5])):
        one = _by_integration({"weights": np.ones(1), "means": np.array([datum]), "stds": np.zeros(1)})
        for name, found, value in (("B", B[k], one[0]), ("b", b[k], one[1])):
            error = INTEGRATED * np.abs(value).max()
            yield Reading(at=f"{name} of the datum {datum}", measured=found, exact=value, error=error)


def _in_more_dimensions() -> Iterator[Reading]:
    """In the plane: B by RELU:product, b by RELU:activation, c along the line of the means and across it."""
    W = np.array([[0.5, 0.1], [-0.3, 0.4], [0.2, -0.6]])
    U = np.array([[0.3], [-0.2], [0.1]])
    features = RandomFeatures(weights=W, time_weights=U, embedding=constant_embedding())
    line, r, std = np.array([0.6, -0.8]), 0.75, 0.6
    means, weights = np.outer([0.0, 1.0, -2.5], line) + np.array([0.5, 0.25]), np.array([0.5, 0.3, 0.2])
    law = PlainMixture(weights=weights, means=means, variances=[0.5] * 3)
    when = Schedule(
        times=np.ones(1), weights=np.ones(1), mean_scale=np.array([r]), std=np.array([std]), loss_weight=np.array([1.5])
    )
    loss = population_quadratic(features, law, when)
    spread = math.sqrt(0.5 * r**2 + std**2)
    lengths = np.linalg.norm(W, axis=1)
    B, b = np.zeros((3, 3)), np.zeros(3)
    for weight, centre in zip(weights, means, strict=True):
        inner = r * W @ centre + U[:, 0]
        b -= weight * _claim("RELU:activation", mean_1=inner, std_1=lengths * spread)
        for i in range(3):
            B[i, i] += weight * _claim("RELU:second-moment", mean_1=inner[i], std_1=lengths[i] * spread)
            for j in range(i):
                product = _claim(
                    "RELU:product",
                    mean_1=inner[i],
                    std_1=lengths[i] * spread,
                    mean_2=inner[j],
                    std_2=lengths[j] * spread,
                    correlation=float(W[i] @ W[j] / lengths[i] / lengths[j]),
                )
                B[i, j] += weight * product
                B[j, i] += weight * product
    _, mass, score = mixture_rule(weights, r * (means - means[0]) @ line, [spread] * 3)
    exact = 1.5 * B / 3, 1.5 * (W.T * b) / math.sqrt(3), 1.5 * (float(mass @ score**2) + spread**-2)
    for name, found, value in zip("Bbc", (loss.B, loss.b, loss.c), exact, strict=True):
        yield Reading(at=f"{name} in the plane", measured=found, exact=value, error=1e-10 * np.abs(value).max())


def _times() -> Iterator[Reading]:
    for start, horizon, count in ((0.0, 2.0, 3), (0.5, 0.75, 8)):
        times, weights = gauss_legendre_times(horizon, count, start=start)
        powers = np.arange(2 * count)
        exact = (horizon ** (powers + 1) - start ** (powers + 1)) / ((powers + 1) * (horizon - start))
        found = (times[:, None] ** powers).T @ weights
        yield Reading(at=f"powers of t over ({start}, {horizon})", measured=found, exact=exact, error=1e-13 * exact)


def _quadratics() -> Iterator[Reading]:
    yield from _population()
    yield from _empirical()
    yield from _in_more_dimensions()
    yield from _times()


QUADRATICS = Instrument(name="quadratic losses of random features", readings=_quadratics)

# Gradient flow -------------------------------------------------------------------------------------------------------

_TIMES = np.array([0.0, 1e-6, 0.1, 0.7, 3.0, 40.0])
_RATES = np.array([2.0, 0.5, 1e-3])


def _flow() -> Iterator[Reading]:
    """Three modes in a rotated basis: each flows as `theory.flow` says."""
    basis = np.linalg.qr(np.array([[1.0, 2.0, 2.0], [0.0, 1.0, -1.0], [3.0, 0.0, 1.0]]))[0]
    optimum, start, other = np.array([[0.75, -1.0, 0.5], [2.0, 0.5, -1.5], [-0.5, 0.25, 1.0]])
    B, b = (basis * _RATES) @ basis.T, ((optimum * _RATES) @ basis.T)[None]
    loss = Quadratic(B=B, b=b, c=1.0 + float(_RATES @ optimum**2))
    above = float(_RATES @ other**2)
    initial, comparator = ((optimum + gap) @ basis.T for gap in (start, other))
    for name in ("scaled", "A"):
        moving, at = GradientFlow(loss, initial[None], parametrization=name), f", {name}"
        solution, energy, distance = _course(name, start, other)
        place = optimum + solution
        for what, measured, exact in (
            ("the parameters", moving.parameters(_TIMES)[:, 0] @ basis, place),
            ("the loss", moving.loss(_TIMES), 1.0 + energy.sum(axis=1)),
            ("the excess over a comparator", moving.excess_over(_TIMES, comparator[None]), energy.sum(axis=1) - above),
            ("the distance to it", moving.distance(_TIMES, comparator[None]) ** 2, distance.sum(axis=1)),
            ("the norm", moving.norm(_TIMES) ** 2, np.sum(place**2, axis=1)),
        ):
            yield Reading(at=what + at, measured=measured, exact=exact, error=1e-12)


def _course(name: str, start: np.ndarray, other: np.ndarray) -> list[np.ndarray]:
    """Offset, excess loss and squared distance to the comparator of every mode at every time, (times, modes)."""
    found = []
    for course in (flow.mode_solution, flow.mode_loss, flow.mode_distance_to):
        at = sp.lambdify((kappa, tau, y0, y), course(parametrization=name, width=3), "math")
        found.append(
            np.array([[at(*mode) for mode in zip(_RATES, [s] * 3, start, other, strict=True)] for s in _TIMES])
        )
    return found


FLOW = Instrument(name="gradient flow", readings=_flow)
