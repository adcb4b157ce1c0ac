"""What a score generates: the SDE's density and the flow's likelihood, held to Gaussian laws and to an equilibrium."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from numerics import RandomFeatures, bits_per_dim, constant_embedding, kl_divergence, log_likelihood, sde_density
from numerics.kernels.fokker_planck import fitted
from numerics.reverse.process import ReverseKeywords
from verify.evidence.calibration import Instrument, Reading
from verify.models.instruments.quadrature import PlainMixture, panels

_DRIFT, _DIFFUSION, _HORIZON, _PRIOR = -0.5, 1.3, 0.8, 1.2


def _line(slope: float, level: float, place: float) -> tuple[RandomFeatures, np.ndarray]:
    """The score slope · x + level of three features, two of which have their kink at the place."""
    w = np.array([0.5, -0.5, 0.0])
    u = np.array([-0.5 * place, 0.5 * place, 1.0])
    theta = np.array([2.0 * slope, -2.0 * slope, level + slope * place])
    features = RandomFeatures(weights=w[:, None], time_weights=u[:, None], embedding=constant_embedding())
    return features, math.sqrt(3.0) * theta[None]


def _gaussian(slope: float, level: float) -> tuple[float, float]:
    """Mean and variance at the start of dx = (f x − g² s) dt + g dW̄ run back from N(0, prior²), s = slope x + level."""
    rate, square = -_DRIFT + _DIFFUSION**2 * slope, _DIFFUSION**2
    grown = math.expm1(rate * _HORIZON) / rate
    mean = square * level * grown
    variance = _PRIOR**2 * math.exp(2 * rate * _HORIZON) + square * math.expm1(2 * rate * _HORIZON) / (2 * rate)
    return mean, variance


_LAW: ReverseKeywords = {"drift": _DRIFT, "diffusion": _DIFFUSION, "horizon": _HORIZON, "prior_std": _PRIOR}


def _affine() -> Iterator[Reading]:
    """A score that is a line: the SDE-density is Gaussian, whatever the kinks of its features."""
    for slope, level, place in ((-1.5, 0.75, 0.3), (-0.4, -0.5, -1.0)):
        features, theta = _line(slope, level, place)
        mean, variance = _gaussian(slope, level)
        x = mean + math.sqrt(variance) * np.linspace(-4.0, 4.0, 33)
        exact = -0.5 * (x - mean) ** 2 / variance - 0.5 * math.log(2.0 * math.pi * variance)
        fine, rule = panels(mean + math.sqrt(variance) * np.linspace(-8.0, 8.0, 40))
        true = np.exp(-0.5 * (fine - mean) ** 2 / variance) / math.sqrt(2.0 * math.pi * variance)
        made = [
            ("features", sde_density(features, theta, cells=64, steps=16, tail_mass=1e-7, **_LAW)),
            ("a callable", sde_density(_callable(slope, level), cells=64, steps=16, tail_mass=1e-7, **_LAW)),
        ]
        law = PlainMixture(weights=[1.0], means=[mean + 0.25], variances=[variance * 1.5])
        for name, density in made:
            at = f"the SDE-density of {slope} x + {level} by {name}"
            error = 3e-4 * (1.0 + (x - mean) ** 2 / variance)  # what three grids leave, more of it in the tails
            yield Reading(at=at, measured=density.log_pdf(x), exact=exact, error=error)
            yield Reading(at="the mass of " + at, measured=float(rule @ density.pdf(fine)), exact=1.0, error=1e-6)
            yield Reading(at="the error claimed for " + at, measured=density.error, exact=0.0, error=2e-3)
            off = float(rule @ np.abs(density.pdf(fine) - true))
            yield Reading(at="what that covers of " + at, measured=min(density.error / off, 1.0), exact=1.0, error=0.0)
            kl = kl_divergence(law, density, with_error=True)
            exact_kl = 0.5 * (1.5 - 1.0 - math.log(1.5) + 0.25**2 / variance)
            yield Reading(at="KL to " + at, measured=kl.value, exact=exact_kl, error=min(kl.error, 1e-3))
            yield Reading(at="the error claimed for KL to " + at, measured=kl.error, exact=0.0, error=2e-2)


def _callable(slope: float, level: float) -> Callable[[np.ndarray, float], np.ndarray]:
    return lambda x, _t: slope * x + level


def _fluxes() -> Iterator[Reading]:
    """D B(v/D), B(z) = z/(e^z − 1): by expm1 where z is not small, by its series where it is, and its limits."""
    for v, D, exact, error in (
        (0.5, 0.25, 0.25 * 2.0 / math.expm1(2.0), 1e-14),
        (-3.0, 0.5, 0.5 * -6.0 / math.expm1(-6.0), 1e-13),
        (9e-4, 1.0, 1.0 - 4.5e-4 + 9e-4**2 / 12 - 9e-4**4 / 720, 1e-15),
        (-9e-4, 2.0, 2.0 * (1.0 + 2.25e-4 + 4.5e-4**2 / 12 - 4.5e-4**4 / 720), 1e-15),
        (-2.0, 0.0, 2.0, 0.0),
        (2.0, 0.0, 0.0, 0.0),
        (-3.0, 1e-4, 3.0, 0.0),
        (3.0, 1e-4, 0.0, 0.0),
    ):
        yield Reading(at=f"the flux of {v} at {D}", measured=fitted(v, D), exact=exact, error=error)


def _equilibrium() -> Iterator[Reading]:
    """Without drift dx = g² s dt + g dW forgets its start: its law is exp(2 ∫ s), whose kink is between two nodes."""
    place, left, right = 0.37, 1.5, 0.5
    w, u = np.array([0.5, -0.5]), np.array([-0.5 * place, 0.5 * place])
    features = RandomFeatures(weights=w[:, None], time_weights=u[:, None], embedding=constant_embedding())
    theta = math.sqrt(2.0) * np.array([[-2.0 * right, 2.0 * left]])
    density = sde_density(features, theta, cells=64, steps=16, drift=0.0, diffusion=1.5, horizon=8.0, prior_std=_PRIOR)
    x, rule = panels(np.concatenate([np.linspace(-5.0, 7.0, 60), [place]]))
    logs = -np.where(x > place, right, left) * (x - place) ** 2
    logs -= math.log(float(rule @ np.exp(logs)))
    some = logs > -12.0
    yield Reading(at="an equilibrium", measured=density.log_pdf(x[some]), exact=logs[some], error=2e-3)


def _flows() -> Iterator[Reading]:
    """Along dx/dt = f x − ½ g² s with s = −x/v in two dimensions everything grows at one rate."""
    variance = 2.0
    x = np.array([[0.5, -1.0], [2.0, 0.25], [0.0, 0.0]])
    rate = _DRIFT + 0.5 * _DIFFUSION**2 / variance
    ends = x * math.exp(rate * _HORIZON)
    exact = -0.5 * np.sum(ends**2, axis=1) / _PRIOR**2 - 2.0 * math.log(_PRIOR) - math.log(2.0 * math.pi)
    exact += 2.0 * rate * _HORIZON
    found = log_likelihood(
        x,
        lambda y, _t: -y / variance,
        divergence=lambda y, _t: np.full(len(y), -2.0 / variance),
        tolerance=1e-9,
        drift=_DRIFT,
        diffusion=_DIFFUSION,
        horizon=_HORIZON,
        prior_std=_PRIOR,
    )
    yield Reading(at="log-likelihoods of a linear flow", measured=found.nats, exact=exact, error=1e-7)
    yield Reading(at="their errors", measured=found.error, exact=0.0, error=1e-6)
    bits = -exact / (2.0 * math.log(2.0)) + 7.0
    yield Reading(at="bits per dimension", measured=bits_per_dim(found.nats, dim=2, offset=7.0), exact=bits, error=1e-7)


def _reverse() -> Iterator[Reading]:
    yield from _fluxes()
    yield from _affine()
    yield from _equilibrium()
    yield from _flows()


REVERSE = Instrument(name="densities of the reverse process", readings=_reverse)
