"""Densities on the line and their divergences, held to integrals of their definitions and to Gaussian closed forms."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from scipy.special import ndtr

from numerics import (
    RandomFeatures,
    constant_embedding,
    gaussian_kl,
    histogram_density,
    kl_divergence,
    mixture_kl,
    score_density,
)
from numerics.kernels import piecewise_scores
from verify.evidence.calibration import Instrument, Reading
from verify.models.instruments.quadrature import PlainMixture, mixture_rule, normal_density, panels

Function = Callable[[np.ndarray], np.ndarray]
_GAUSS = PlainMixture(weights=[1.0], means=[0.5], variances=[2.25])
_OTHER = PlainMixture(weights=[1.0], means=[-0.25], variances=[1.0])
_MODES = PlainMixture(weights=[0.3, 0.7], means=[-2.0, 1.5], variances=[0.5, 1.25])


def _pdf(law: PlainMixture) -> Function:
    parts = list(zip(law.weights, law.means, np.sqrt(law.variances), strict=True))
    return lambda x: sum((w * normal_density(x, m, s) for w, m, s in parts), start=np.zeros_like(x))


def _divergence(p: Function, log_q: Function, edges: np.ndarray) -> float:
    """∫ p log(p/q) by panels; where p underflows nothing is left."""
    x, rule = panels(edges)
    density = p(x)
    some = density > 1e-300
    return float(rule[some] @ (density[some] * (np.log(density[some]) - log_q(x[some]))))


# Score densities -----------------------------------------------------------------------------------------------------


def _piecewise(theta: np.ndarray, w: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, Function]:
    """The kinks, and ∫₀ˣ s of s(x) = Σ θ_i σ(w_i x + b_i) in closed form: ½ θ_i [σ(·)²/w_i] between 0 and x."""

    def potential(x: np.ndarray) -> np.ndarray:
        inner = np.asarray(x)[:, None] * w + b
        return 0.5 * ((np.maximum(inner, 0.0) ** 2 - np.maximum(b, 0.0) ** 2) / w) @ theta

    return -b / w, potential


def _networks() -> Iterator[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    """Scores with few wide pieces, with steep ones, with a level tail, and with many narrow pieces of every kind."""
    yield "four", np.array([-1.5, 2.0, 0.75, -0.5]), np.array([0.5, -0.5, -0.25, 0.6]), np.array([0.2, 0.1, 0.5, -0.4])
    yield (
        "steep",
        np.array([-40.0, 55.0, 30.0, -25.0]),
        np.array([0.5, -0.5, 0.5, -0.6]),
        np.array([0.3, 0.4, -0.5, 0.2]),
    )
    yield (
        "convex",
        np.array([30.0, -80.0, -25.0, 70.0]),
        np.array([0.5, 0.5, -0.5, -0.5]),
        np.array([0.0, -0.4, 0.1, -0.45]),
    )
    rng = np.random.default_rng(4)
    for name, count, reach in (("narrow", 400, 0.4), ("medium", 120, 0.5), ("wider", 24, 0.75)):
        w = np.where(rng.random(count) < 0.5, -0.25, 0.25)
        b = -w * rng.uniform(-reach, reach, count) * 4.0
        theta = -np.sign(w) * (0.5 + rng.random(count)) * 60.0 / count
        yield name, theta, w, b


def _pieces() -> Iterator[Reading]:
    """The functions that pieces are made of, at the ends of their ranges."""
    y = np.array([-0.06, -0.03, 1e-4, 0.045, 0.06])
    found = [piecewise_scores.small_exp(float(each)) for each in y]
    yield Reading(at="small exponentials", measured=found, exact=np.exp(y), error=1e-15)
    for low, high in ((-1.0, 0.5), (1.0, 2.5), (-4.0, -2.0), (6.0, 7.0)):
        x, rule = panels([low, 0.5 * (low + high), high])
        exact = float(rule @ normal_density(x, 0.0, 1.0))
        found = piecewise_scores.normal_interval(low, high)
        yield Reading(at=f"a normal law between {low} and {high}", measured=found, exact=exact, error=1e-13 * exact)


def _scores() -> Iterator[Reading]:
    for name, theta, w, b in _networks():
        root = math.sqrt(len(w))
        features = RandomFeatures(weights=w[:, None], time_weights=b[:, None], embedding=constant_embedding())
        density = score_density(features, root * theta[None], 0.0)
        kinks, potential = _piecewise(theta, w, b)
        places = np.linspace(-8.0, 8.0, 4001)
        top = float(potential(places).max())
        live = places[potential(places) > top - 60.0]
        step = places[1] - places[0]
        inner = kinks[(kinks > live[0]) & (kinks < live[-1])]
        ends = np.linspace(live[0] - step, live[-1] + step, 160)
        x, rule = panels(np.concatenate([ends, inner]))
        total = top + math.log(float(rule @ np.exp(potential(x) - top)))
        at = f"the density of a score, {name}"
        points = np.concatenate([x[:: max(1, len(x) // 200)], kinks[:50]])
        yield Reading(at=at, measured=density.log_pdf(points), exact=potential(points) - total, error=1e-9)
        for law in (_OTHER, _MODES):
            nodes, mass, _ = mixture_rule(law.weights, law.means, np.sqrt(law.variances), kinks)
            own = float(mass @ np.log(_pdf(law)(nodes)))
            exact = own - float(mass @ (potential(nodes) - total))
            found = kl_divergence(law, density)
            yield Reading(at="KL to " + at, measured=found, exact=exact, error=1e-9 * (1.0 + abs(exact)))


# Histograms ----------------------------------------------------------------------------------------------------------

_EDGES, _MASSES = np.array([-1.0, -0.5, 0.25, 1.5]), np.array([0.25, 0.5, 0.25])


def _blurred(r: float, std: float) -> tuple[Function, Function]:
    """The density of r X + std Z and its derivative."""
    levels, ends = _MASSES / np.diff(_EDGES) / r, r * _EDGES

    def value(x: np.ndarray) -> np.ndarray:
        z = (x[:, None] - ends) / std
        low, high = z[:, :-1], z[:, 1:]
        flip = low + high > 0.0
        return np.where(flip, ndtr(-high) - ndtr(-low), ndtr(low) - ndtr(high)).__abs__() @ levels

    def slope(x: np.ndarray) -> np.ndarray:
        bells = normal_density(x[:, None], ends, std)
        return (bells[:, :-1] - bells[:, 1:]) @ levels

    return value, slope


def _histograms() -> Iterator[Reading]:
    law = histogram_density(_EDGES, _MASSES)
    level = np.array([0.0, 0.125, 0.25, 0.5, 0.75, 0.9, 1.0])
    exact = np.interp(level, np.concatenate([[0.0], np.cumsum(_MASSES)]), _EDGES)
    yield Reading(at="quantiles of a histogram", measured=law.quantile(level), exact=exact, error=1e-14)
    inside = np.array([-0.75, 0.0, 1.0])
    yield Reading(at="a histogram", measured=law.pdf(inside), exact=_MASSES / np.diff(_EDGES), error=1e-13)
    for r, std in ((0.9, 0.2), (0.5, 1.5), (1e-3, 1.0), (0.95, 0.01)):
        value, slope = _blurred(r, std)
        made, at = law.diffused(r, std), f"a histogram scaled by {r} and blurred by {std}"
        grid = (r * _EDGES[:, None] + std * np.linspace(-8.5, 8.5, 35)).ravel()
        error = 1e-9 if r > 0.01 else 1e-7  # the differences of the definition cancel where cells are narrow
        yield Reading(at=at, measured=made.pdf(grid), exact=value(grid), error=error * value(grid) + 1e-13 / std)
        x, rule = panels(grid)
        some = value(x) > 1e-14 / std
        scores = slope(x[some]) / value(x[some])
        near = np.abs(scores) < 1e6
        measured = made.score(x[some][near])
        bound = (1e-6 if r > 0.01 else 1e-3) * (np.abs(scores[near]) + 1.0 / std)
        far = value(x[some][near]) > 1e-9 / std
        yield Reading(at=f"the score of {at}", measured=measured[far], exact=scores[near][far], error=bound[far])
        information = float(rule[some] @ (slope(x[some]) * scores))
        error = (1e-8 if r > 0.01 else 1e-6) * information
        yield Reading(at=f"information of {at}", measured=made.fisher_information(), exact=information, error=error)
        exact = _divergence(value, lambda y: np.log(_pdf(_GAUSS)(y)), grid)
        yield Reading(at=f"KL from {at}", measured=kl_divergence(made, _GAUSS), exact=exact, error=1e-7 * exact)
    other = histogram_density([-1.0, 0.0, 2.0], [0.6, 0.4])
    exact = float(np.sum([m * math.log(m / w / q) for m, w, q in ((0.25, 0.5, 0.6), (1 / 3, 0.5, 0.6),
                                                                 (1 / 6, 0.25, 0.2), (0.25, 1.25, 0.2))]))  # fmt: skip
    yield Reading(at="KL of histograms", measured=kl_divergence(law, other), exact=exact, error=1e-12)
    edges = np.concatenate([np.linspace(a, b, 9) for a, b in pairwise(_EDGES)])
    exact = _divergence(law.pdf, lambda y: np.log(_pdf(_MODES)(y)), edges)
    yield Reading(at="KL from a histogram", measured=kl_divergence(law, _MODES), exact=exact, error=1e-9)


# Mixtures ------------------------------------------------------------------------------------------------------------


def _mixtures() -> Iterator[Reading]:
    exact = 0.5 * (2.25 / 1.0 - 1.0 - math.log(2.25) + 0.75**2 / 1.0)
    for name, found in (
        ("kl_divergence", kl_divergence(_GAUSS, _OTHER)),
        ("mixture_kl", float(mixture_kl(_GAUSS, _OTHER))),
        ("gaussian_kl", gaussian_kl(0.5, 2.25, -0.25, 1.0)),
    ):
        yield Reading(at=f"two Gaussians by {name}", measured=found, exact=exact, error=1e-10)
    near = PlainMixture(weights=[1.0], means=[0.5], variances=[2.25 * (1 + 1e-3)])
    exact = 0.5 * (1e-3 - math.log1p(1e-3))
    yield Reading(
        at="two close Gaussians", measured=gaussian_kl(0.5, 2.25 * (1 + 1e-3), 0.5, 2.25), exact=exact, error=1e-12
    )
    yield Reading(
        at="two close Gaussians as mixtures", measured=float(mixture_kl(near, _GAUSS)), exact=exact, error=1e-11
    )
    for p, q in ((_MODES, _GAUSS), (_GAUSS, _MODES), (_MODES, _OTHER)):
        x, mass, _ = mixture_rule(p.weights, p.means, np.sqrt(p.variances))
        exact = float(mass @ (np.log(_pdf(p)(x)) - np.log(_pdf(q)(x))))
        at = f"mixtures of {len(p.weights)} and {len(q.weights)}"
        yield Reading(at=f"KL of {at}", measured=kl_divergence(p, q), exact=exact, error=1e-9)
        yield Reading(at=f"mixture_kl of {at}", measured=float(mixture_kl(p, q)), exact=exact, error=1e-9)


def _densities() -> Iterator[Reading]:
    yield from _mixtures()
    yield from _histograms()
    yield from _pieces()
    yield from _scores()


DENSITIES = Instrument(name="densities and divergences", readings=_densities)
