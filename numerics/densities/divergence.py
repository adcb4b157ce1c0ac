"""KL(p‖q) on the line: closed pieces for a mixture against a score-density, adaptive Gauss–Kronrod for the rest."""

import math
from collections.abc import Callable
from typing import Literal, NamedTuple, overload

import numpy as np

from numerics import checks
from numerics.checks.aliases import FloatArray
from numerics.densities.density import Density, Law, MixtureDensity, UndefinedDivergenceError, as_density
from numerics.densities.histogram import HistogramDensity
from numerics.densities.score_density import ScoreDensity

_EPS = float(np.finfo(float).eps)
_TOLERANCE = 1e-12
_NODES = 4_000_000  # evaluations before an integral is given up; its error estimate then says so

# Gauss–Kronrod 10/21 (QUADPACK): nodes on [0, 1], Kronrod weights, and Gauss weights of every other node
_KRONROD_NODES = np.array([
    0.995657163025808080735527280689003, 0.973906528517171720077964012084452, 0.930157491355708226001207180059508,
    0.865063366688984510732096688423493, 0.780817726586416897063717578345042, 0.679409568299024406234327365114874,
    0.562757134668604683339000099272694, 0.433395394129247190799265943165784, 0.294392862701460198131126603103866,
    0.148874338981631210884826001129720, 0.0,
])  # fmt: skip
_KRONROD_WEIGHTS = np.array([
    0.011694638867371874278064396062192, 0.032558162307964727478818972459390, 0.054755896574351996031381300244580,
    0.075039674810919952767043140916190, 0.093125454583697605535065465083366, 0.109387158802297641899210590325805,
    0.123491976262065851077958109585166, 0.134709217311473325928054001771707, 0.142775938577060080797094273138717,
    0.147739104901338491374841515972068, 0.149445554002916905664936468389821,
])  # fmt: skip
_GAUSS_WEIGHTS = np.array([
    0.066671344308688137593568809893332, 0.149451349150580593145863396957658, 0.219086362515982043995534934228163,
    0.269266719309996355091226921569469, 0.295524224714752870173815619188769,
])  # fmt: skip
GAUSS_KRONROD_NODES = np.concatenate([-_KRONROD_NODES, _KRONROD_NODES[-2::-1]])
_WEIGHTS_21 = np.concatenate([_KRONROD_WEIGHTS, _KRONROD_WEIGHTS[-2::-1]])
_GAUSS_21 = np.zeros(21)
_GAUSS_21[1:10:2] = _GAUSS_WEIGHTS
_GAUSS_21[11:20:2] = _GAUSS_WEIGHTS[::-1]
GAUSS_KRONROD_WEIGHTS = np.stack([_WEIGHTS_21, _WEIGHTS_21 - _GAUSS_21], axis=1)
"""The Kronrod weights of the 21 nodes on [−1, 1], and what they differ by from those of Gauss: (21, 2)."""


class Divergence(NamedTuple):
    """A divergence in nats, and a bound or estimate of its error."""

    value: float
    error: float


Integrand = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray | None]]


def integrate(function: Callable[[FloatArray], FloatArray], edges: FloatArray, tolerance: float) -> tuple[float, float]:
    """∫ function between the first and last of ``edges`` (increasing), split there, and an error estimate.

    Adaptive bisection with the 10/21-point Gauss–Kronrod pair, all intervals of one round in one call. Stops when the
    estimates add up to max(tolerance, tolerance |value|), or at the rounding error of the integrand.
    """
    return _integrate(lambda x, _left: (function(x), None), edges, tolerance)


def _integrate(function: Integrand, edges: FloatArray, tolerance: float) -> tuple[float, float]:
    """`integrate` for a function of points and of the starts of their intervals, with bounds of its rounding errors."""
    low, high = edges[:-1], edges[1:]
    done, done_error, used = 0.0, 0.0, 0
    while True:
        radius = 0.5 * (high - low)
        x = (low + radius)[:, None] + radius[:, None] * GAUSS_KRONROD_NODES
        y, wrong = function(x.reshape(-1), np.repeat(low, x.shape[1]))
        y = y.reshape(x.shape)
        used += x.size
        sums = (y @ GAUSS_KRONROD_WEIGHTS) * radius[:, None]
        size = (np.abs(y) @ _WEIGHTS_21) * radius
        level = sums[:, 0] / (2.0 * radius)
        spread = (np.abs(y - level[:, None]) @ _WEIGHTS_21) * radius
        error = np.abs(sums[:, 1])
        scaled = np.where(spread > 0.0, spread, 1.0)
        error = np.where(spread > 0.0, scaled * np.minimum(1.0, (200.0 * error / scaled) ** 1.5), error)
        floor = 50.0 * _EPS * size
        if wrong is not None:
            floor = np.maximum(floor, (wrong.reshape(x.shape) @ _WEIGHTS_21) * radius)
        # rounding of the nodes: a unit in the last place of x times the variation
        place = np.maximum(np.abs(low), np.abs(high))
        floor += _EPS * place * np.abs(np.diff(y, axis=1)).sum(axis=1)
        tight = np.flatnonzero(radius <= 64.0 * _EPS * place)  # nodes that coincide show no variation: the ends do
        if len(tight):
            ends = [function(end[tight], low[tight])[0][:, None] for end in (low, high)]
            floor[tight] += 2.0 * radius[tight] * np.ptp(np.hstack([y[tight], *ends]), axis=1)
        value = done + math.fsum(sums[:, 0])
        total = done_error + float(np.sum(np.maximum(error, floor)))
        goal = max(tolerance, tolerance * abs(value))
        open_ = (error > floor) & (error > 0.5 * goal / len(error)) & (radius > 4.0 * _EPS * np.abs(low + high))
        if total <= goal or used > _NODES or not open_.any():
            return value, total
        done += math.fsum(sums[~open_, 0])
        done_error += float(np.sum(np.maximum(error, floor)[~open_]))
        middle = 0.5 * (low + high)[open_]
        low, high = np.append(low[open_], middle), np.append(middle, high[open_])


def _edges(*laws: Density) -> FloatArray:
    supports = [law.support for law in laws]
    low, high = min(a for a, _ in supports), max(b for _, b in supports)
    inner = np.concatenate([law.knots for law in laws] + [np.array(s) for s in supports])
    return np.concatenate([[low], np.unique(inner[(inner > low) & (inner < high)]), [high]])


def _rounding(law: Density, log_p: FloatArray) -> FloatArray:
    """A bound of the rounding errors of values of a log-density: units of what they are sums of."""
    size = np.abs(log_p)
    size[size == np.inf] = 0.0
    size += law.largest_log + 1.0
    size *= 8.0 * _EPS
    return size


def _excess(p: Density, q: Density, log_p: FloatArray, log_q: FloatArray) -> tuple[FloatArray, FloatArray]:
    """p (e^t − 1 − t), t = log q − log p, and a bound of its error from those of log p and log q.

    Its derivatives by log p and log q are −p t and q − p; the second ones are p or −p − p t, next to t = 0.
    """
    t, density = log_q - log_p, np.exp(log_p)
    with np.errstate(over="ignore", invalid="ignore"):
        close = t < 1.0
        gap = np.where(close, density * np.expm1(np.minimum(t, 1.0)), np.exp(log_q) - density)
        shift = np.where(log_p == -np.inf, 0.0, density * t)  # outside of a bounded support
        one, two = _rounding(p, log_p), _rounding(q, log_q)
        return gap - shift, np.abs(shift) * one + np.abs(gap) * two + density * (one * one + two * two)


def _general(p: Density, q: Density) -> tuple[float, float]:
    """∫ p (e^t − 1 − t), t = log q − log p: KL for two probabilities, with an integrand that is never negative."""

    def integrand(x: FloatArray, left: FloatArray) -> tuple[FloatArray, FloatArray]:
        return _excess(p, q, p._log_pdf_from(x, left), q._log_pdf_from(x, left))

    if p.bounds[0] < q.bounds[0] or p.bounds[1] > q.bounds[1]:
        return math.inf, 0.0  # p has mass where q has none
    noise = p.noise + q.noise
    edges = _edges(p, q)
    left, middle = edges[:-1], edges[:-1] + 0.5 * np.diff(edges)
    if ((q._log_pdf_from(middle, left) == -np.inf) & (p._log_pdf_from(middle, left) > -np.inf)).any():
        return math.inf, 0.0  # q is below every float there
    value, error = _integrate(integrand, edges, max(_TOLERANCE, noise))
    # the truncated tails carry less than e^{-80}; densities that are normalised up to an error only shift the result
    return value, error + noise + p.mass_error + q.mass_error


def _entropy(p: MixtureDensity) -> tuple[float, float]:
    """E log p for a mixture."""
    if len(p.weights) == 1:
        value = -0.5 - 0.5 * math.log(2.0 * math.pi * float(p.variances[0]))
        return value, 4.0 * _EPS * (abs(value) + 1.0)

    def integrand(x: FloatArray) -> FloatArray:
        log_p = p._log_pdf(x)
        return np.exp(log_p) * log_p

    value, error = integrate(integrand, _edges(p), 0.1 * _TOLERANCE)
    # rounding of log p by 8 units of |log p| + L + 1, times |log p| + 1: |log p| ≤ L + log K + z²/2, E z⁴ = 3
    return value, error + 16.0 * _EPS * (p.largest_log + math.log(len(p.weights)) + 2.0) ** 2


def _gaussians(p: MixtureDensity, q: MixtureDensity) -> tuple[float, float]:
    """KL of two Gaussians, ½(ρ − 1 − log ρ) + (m_p − m_q)²/(2 v_q) with ρ = v_p/v_q."""
    excess = float((p.variances[0] - q.variances[0]) / q.variances[0])
    shape = excess - (math.log1p(excess) if excess > -0.5 else math.log(float(p.variances[0] / q.variances[0])))
    if abs(excess) < 1e-2:  # the series of x − log(1 + x), where the difference would cancel
        shape = excess**2 * math.fsum((-excess) ** k / (k + 2) for k in range(10))
    value = 0.5 * shape + 0.5 * float((p.means[0] - q.means[0]) ** 2 / q.variances[0])
    return value, 16.0 * _EPS * (value + min(abs(excess), excess**2))


def _histograms(p: HistogramDensity, q: HistogramDensity) -> tuple[float, float]:
    """KL of two piecewise constant densities: a sum over the cells of both."""
    if p.bounds[0] < q.bounds[0] or p.bounds[1] > q.bounds[1]:
        return math.inf, 0.0
    edges = np.union1d(p.edges, q.edges)
    left, width = edges[:-1], np.diff(edges)
    log_p, log_q = p._log_pdf_from(left, left), q._log_pdf_from(left, left)
    with np.errstate(divide="ignore"):
        log_width = np.log(width)
    parts, wrong = _excess(p, q, log_p + log_width, log_q + log_width)
    return math.fsum(parts), math.fsum(wrong) + 4.0 * _EPS * math.fsum(parts)


def _estimate(p: Density, q: Density) -> tuple[float, float]:
    if isinstance(p, HistogramDensity) and isinstance(q, HistogramDensity):
        return _histograms(p, q)
    if isinstance(p, MixtureDensity):
        if isinstance(q, MixtureDensity) and len(p.weights) == len(q.weights) == 1:
            return _gaussians(p, q)
        if isinstance(q, ScoreDensity):
            inner, inner_error = _entropy(p)
            cross, cross_error = q.expected_log_pdf(p.weights, p.means, p.stds)
            return inner - cross, inner_error + cross_error
    return _general(p, q)


@overload
def kl_divergence(p: Law, q: Law, *, with_error: Literal[False] = False) -> float: ...


@overload
def kl_divergence(p: Law, q: Law, *, with_error: Literal[True]) -> Divergence: ...


def kl_divergence(p: Law, q: Law, *, with_error: bool = False) -> float | Divergence:
    """KL(p‖q) = ∫ p log(p/q) in nats between one-dimensional laws.

    ``p``, ``q``: densities (from `score_density`, `sde_density` or `ode_density`), or mixtures: objects with .weights,
    .means and .variances. A mixture against a score-density is a sum of closed truncated moments less a quadrature of
    the mixture's entropy; any other pair is an adaptive Gauss–Kronrod quadrature of p (e^t − 1 − t), t = log(q/p),
    split at the breakpoints and modes of both.

    Returns a float ≥ 0, or with ``with_error=True`` a named tuple (value, error): the error covers quadrature and
    rounding (1e-10 and mostly 1e-12 relative to max(1, value)), and for densities with a discretisation error the
    difference from the next coarser grid (of the integrands, so that it cannot cancel). math.inf when p has a point
    mass and q none, or mass outside of q's support.

    UndefinedDivergenceError when either density is not normalisable; ValueError for a q with a point mass; TypeError
    for anything else.
    """
    if not isinstance(with_error, bool):
        checks.refuse("with_error", "be True or False", with_error, "pass a bool", TypeError)
    one, two = as_density("p", p), as_density("q", q)
    for name, law in (("p", one), ("q", two)):
        if law is not None:
            law.require(name, UndefinedDivergenceError)
    if two is None:
        raise ValueError("q must have positive variances; got a point mass, which has no density; diffuse the mixture")
    if one is None:
        return Divergence(math.inf, 0.0) if with_error else math.inf
    value, error = _estimate(one, two)
    if with_error and value < math.inf:
        error += sum(_distance((one, two), pair) for pair in _coarser(one, two))
    result = Divergence(max(float(value), 0.0), max(float(error), -float(value)))
    return result if with_error else result.value


def _distance(pair: tuple[Density, Density], other: tuple[Density, Density]) -> float:
    """∫ |difference of the integrands of `_general`| for two pairs, by one rule on their knots."""
    edges = _edges(*pair, *other)
    left, radius = edges[:-1], 0.5 * np.diff(edges)
    x = (left + radius)[:, None] + radius[:, None] * GAUSS_KRONROD_NODES
    places, starts = x.reshape(-1), np.repeat(left, x.shape[1])
    one, two = (
        _excess(p, q, p._log_pdf_from(places, starts), q._log_pdf_from(places, starts))[0].reshape(x.shape)
        for p, q in (pair, other)
    )
    return float(np.sum((np.abs(one - two) @ _WEIGHTS_21) * radius))


def _coarser(p: Density, q: Density) -> list[tuple[Density, Density]]:
    """The same pair with one of the two on its coarser grid."""
    pairs = [] if p.coarse is None else [(p.coarse, q)]
    return pairs if q.coarse is None else [*pairs, (p, q.coarse)]
