"""What bounds by capacity are computed from, held to its definitions in the basis of the features."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy.linalg import expm

from numerics import (
    Capacity,
    DatumLaw,
    atomic_datum_law,
    datum_constants,
    histogram_datum_law,
    histogram_density,
    per_datum_parts,
)
from numerics.per_datum import filters
from numerics.per_datum.lower_tail import Ridge
from numerics.per_datum.noise import Noise, noise_of
from verify.evidence.calibration import Instrument, Reading
from verify.models.instruments.random_features import FEATURES, WHEN

_ONCE = 1e-9
"""Relative error of matrices that are turned and turned back."""


def _filters() -> Iterator[Reading]:
    """Suprema over the spectrum by trying many eigenvalues."""
    end, most = 3.0, 2.0
    kappa = np.concatenate([[0.0], np.geomspace(1e-9, most, 20001)])
    times, ridges = np.array([1e-3, 0.2, 1.5, 2.9, 3.0]), np.array([1e-3, 0.1, 5.0])
    safe = np.where(kappa > 0.0, kappa, 1.0)
    shares = [np.where(kappa > 0.0, -np.expm1(-2.0 * s * kappa) / safe, 2.0 * s) for s in times]
    courses = np.array([share * np.exp(-2.0 * (end - s) * kappa) for s, share in zip(times, shares, strict=True)])
    exact = np.array([[float(((kappa + nu) * course).max()) for course in courses] for nu in ridges])
    found = filters.largest_damped(times, end, ridges, most)
    yield Reading(at="the largest damped mode", measured=found, exact=exact, error=1e-6 * exact)
    found = filters.damped(times, end, kappa[1::4000])
    yield Reading(at="damped modes", measured=found, exact=courses[:, 1::4000], error=1e-12)
    for rate, nu in ((0.1, 0.5), (2.0, 0.05), (1.0, 3.0), (8.0, 1e-3)):
        best = float(((kappa + nu) * np.exp(-rate * kappa)).max())
        yield Reading(at="the largest decay", measured=filters.largest_decay(rate, nu, most), exact=best, error=1e-6)
    widths, some = np.array([1e-4, 0.3, 2.0]), np.array([1e-3, 0.4, 2.0])
    share = np.linspace(0.0, 1.0, 20001)
    gaps = [
        [float((1.0 + share * math.expm1(-2.0 * h * k) - np.exp(-2.0 * h * k * share)).max()) for k in some]
        for h in widths
    ]
    found = filters.interpolation_error(widths, some)
    yield Reading(at="chords of exponentials", measured=found, exact=gaps, error=1e-8 + 2e-3 * np.array(gaps))
    at = filters.path_times(end, 5.0, 12)
    ends = [at[0], at[-1], at[1], float(np.diff(at).min() > 0.0)]
    yield Reading(at="times of a path", measured=ends, exact=[0.0, end, 2e-4, 1.0], error=1e-15)
    late = end * (1.0 - np.geomspace(1e-4, 0.5, 4))
    yield Reading(at="its late times", measured=np.isin(late, at), exact=1.0, error=0.0)
    level, values = np.array([[1.0, 2.0, 0.5], [3.0, 1.0, 1.0]]), np.array([0.5, 2.0, 1.5])
    grid = np.array([0.0, 0.5, 2.0])
    weights, errors = filters.chord_weights(grid, level)
    fine = np.linspace(0.0, 2.0, 4001)
    both = np.array([np.interp(fine, grid, row) for row in level]) * np.interp(fine, grid, values)
    yield Reading(at="products of chords", measured=weights @ values, exact=np.trapezoid(both, fine), error=1e-5)
    exact = [[0.5 * h * (a + b) for h, a, b in zip(np.diff(grid), row[:-1], row[1:], strict=True)] for row in level]
    yield Reading(at="integrals of chords", measured=errors, exact=exact, error=1e-14)


def _noises() -> Iterator[Reading]:
    rng = np.random.default_rng(5)
    for count in (4, 9):
        weights = rng.random(count)
        weights /= weights.sum()
        values = rng.normal(size=(count, 2, 3))
        values -= np.tensordot(weights, values, axes=1)
        flat = values.reshape(count, -1)
        covariance = (flat.T * weights) @ flat
        made = noise_of(weights, values)
        exact = [
            math.sqrt(np.trace(covariance)),
            math.sqrt(np.linalg.norm(covariance, 2)),
            np.linalg.norm(flat, axis=1).max(),
        ]
        found = [made.spread, made.weak, made.range]
        yield Reading(at=f"the noise of {count} vectors", measured=found, exact=exact, error=1e-12)
    D = 4.0
    for n, p, v, R in (
        (3, 0.4, 0.5, 20.0),
        (50, 0.01, 0.5, 20.0),
        (2000, 0.3, 0.5, 20.0),
        (400, 1e-6, 0.5, 20.0),
        (10**6, 1e-3, 0.5, 20.0),
        (64, 1e-4, 4.0, 2.0),
    ):
        x, mean = -math.log(p), math.sqrt(D / n)
        bousquet = mean + math.sqrt(2 * x / n * (v + 2 * R * mean)) + R * x / (3 * n)
        pinelis = R * math.sqrt(2 * math.log(2 / p) / n)
        exact = min(bousquet, mean + R * math.sqrt(2 * x / n), pinelis, mean / math.sqrt(p), R)
        made = Noise(spread=math.sqrt(D), weak=math.sqrt(v), range=R)
        yield Reading(at=f"a quantile at n = {n}", measured=made.quantile(n, p), exact=exact, error=1e-12)
        exact = min(exact, mean + math.sqrt(2 * x * v / n))
        yield Reading(at=f"its leading part at n = {n}", measured=made.leading(n, p), exact=exact, error=1e-12)


# Laws ----------------------------------------------------------------------------------------------------------------

_POINTS, _MASSES = np.array([-1.0, 0.25, 1.5]), np.array([0.5, 0.3, 0.2])
_START = np.array([[0.5, -1.0, 0.75, 0.25, -0.5]])


def _root(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors / np.sqrt(values)) @ vectors.T


def _ridges() -> Iterator[Reading]:
    """The whitened law of three points, by matrices B + ν that are turned into no basis."""
    law = atomic_datum_law(FEATURES, _POINTS, WHEN, weights=_MASSES)
    parts, vectors = per_datum_parts(FEATURES, _POINTS, WHEN)
    B, one = np.tensordot(_MASSES, parts, axes=1), np.eye(FEATURES.width)
    b = np.tensordot(_MASSES, vectors, axes=1)
    top = float(np.linalg.norm(B, 2))
    largest = float(max(np.linalg.norm(part, 2) for part in parts))
    yield Reading(at="the largest per-datum matrix", measured=law.largest, exact=largest, error=_ONCE)
    for nu in (0.02, 0.5):
        root = _root(B + nu * one)
        white = np.array([root @ part @ root for part in parts])
        mean = root @ B @ root
        W = np.array([part + nu * root @ root for part in white])
        made, at = Ridge(law=law, ridge=nu), f" at the ridge {nu}"
        second = np.tensordot(_MASSES, white @ white, axes=1)
        omega = float(min(np.linalg.eigvalsh(part)[0] for part in W))
        reach = float(max(np.linalg.norm(part, 2) for part in white))
        spread = float(np.linalg.norm(second - mean @ mean, 2))
        exact = {
            "omega": omega,
            "reach": reach,
            "variance": float(np.linalg.norm(second, 2)),
            "centred_variance": spread,
            "dimension": float(np.trace(mean)),
            "rho": math.sqrt(top / (top + nu)),
        }
        for name, value in exact.items():
            yield Reading(at=name + at, measured=getattr(made, name), exact=value, error=1e-8)
        squares = np.array([(part - B) @ root @ root @ (part - B) for part in parts])
        turned = np.linalg.eigh(B)[1]
        total = turned.T @ np.tensordot(_MASSES, squares, axes=1) @ turned
        scale = 1.0 / np.sqrt(np.diag(total))
        tops = [np.linalg.norm(turned.T @ part @ turned * scale[:, None] * scale) for part in squares]
        exact_rows = [float(np.linalg.eigvalsh(total * scale[:, None] * scale)[-1]), float(max(tops))]
        yield Reading(at="rows" + at, measured=made.row_squares[1:], exact=exact_rows, error=1e-6)
        for n, p in ((20, 0.1), (500, 0.01), (10**5, 1e-3)):
            yield from _kept(made, exact, W, n, p)
        yield from _routes(law, parts, vectors, B, b)


def _kept(made: Ridge, of: dict[str, float], W: np.ndarray, n: int, p: float) -> Iterator[Reading]:
    """The best of the five lower tails, each from its formula; what is solved for is solved again."""
    log, omega = math.log(FEATURES.width / p), of["omega"]
    room, reach = 1.0 - omega, of["reach"] + 1.0 - omega
    t = np.linspace(0.0, 1.0 - 1e-12, 400001)
    enough = (t + (1.0 - t) * np.log1p(-t)) * n * room / reach >= log
    chernoff = 1.0 - room * float(t[np.argmax(enough)]) if enough.any() else omega
    shares = [
        omega,
        1.0 - math.sqrt(2.0 * of["variance"] * log / n),
        1.0 - math.sqrt(2.0 * of["centred_variance"] * log / n) - room * log / (3.0 * n),
        chernoff,
    ]
    at = f" of n = {n}, p = {p} at {made.ridge}"
    cheap = min(max(*shares, 0.0), 1.0)
    yield Reading(at="the lower tail" + at, measured=made.kept(n, p, sharpest=False).share, exact=cheap, error=1e-5)
    for k in range(18):
        theta = 2.0 ** (k - 4)
        moment = np.tensordot(_MASSES, np.array([expm(-theta * part) for part in W]), axes=1)
        logs = n * np.log(np.maximum(np.linalg.eigvalsh(moment), 1e-300))
        trace = float(logs.max()) + math.log(float(np.exp(logs - logs.max()).sum()))
        if theta < 200.0:  # beyond, the moments underflow
            shares.append((math.log(p) - trace) / (theta * n))
    sharp = min(max(*shares, 0.0), 1.0)
    yield Reading(at="the sharpest lower tail" + at, measured=made.kept(n, p).share, exact=sharp, error=1e-5)


def _routes(law: DatumLaw, parts: np.ndarray, vectors: np.ndarray, B: np.ndarray, b: np.ndarray) -> Iterator[Reading]:
    """Noise at comparators and along the path: C‖ξ(τ)B_ν^{−½}‖ + ∫ ω_τ ‖ξ'(s)B_ν^{−½}‖ ds, ξ(s) = Ĝ − G at Θ(s)."""
    tau, n, delta = 1.5, 200, 0.05
    capacity = Capacity(law=law, initial=_START)
    bounds = {
        item.route + str(item.time): item
        for item in capacity.bounds(tau=tau, n=n, delta=delta, comparators=[0.0, math.inf])
    }
    path, still, best = bounds[f"path{tau}"], bounds["comparator0.0"], bounds["comparatorinf"]
    optimum = np.linalg.lstsq(B, b[0], rcond=None)[0][None]
    values, basis = np.linalg.eigh(B)

    def theta(s: float) -> np.ndarray:
        return optimum + (_START - optimum) @ (basis * np.exp(-2.0 * s * values)) @ basis.T

    def excess(s: float) -> float:
        gap = theta(s) - optimum
        return math.sqrt(float((gap @ B @ gap.T).item()))

    def noise(vectors_: np.ndarray, nu: float) -> tuple[float, float, float]:
        flat = vectors_[:, 0] @ _root(B + nu * np.eye(len(B)))
        covariance = (flat.T * _MASSES) @ flat
        return (
            math.sqrt(np.trace(covariance)),
            math.sqrt(np.linalg.norm(covariance, 2)),
            float(np.linalg.norm(flat, axis=1).max()),
        )

    def gain(s: float, nu: float) -> float:
        kappa = np.geomspace(1e-9, law.largest, 4001)
        return float(((kappa + nu) * -np.expm1(-2 * s * kappa) / kappa * np.exp(-2 * (tau - s) * kappa)).max())

    def gap(at: np.ndarray) -> np.ndarray:
        return at @ parts - vectors - (at @ B - b)

    ridges = [ridge.ridge for ridge in capacity.ridges]
    exact = values[-1] * np.geomspace(1e-7, 1.0, 15)
    yield Reading(at="the grid of ridges", measured=ridges, exact=exact, error=1e-9 * exact)
    yield Reading(at="the root of the path", measured=path.root, exact=excess(tau), error=1e-8)
    for name, item, place in (("start", still, _START), ("minimiser", best, optimum)):
        exact = noise(gap(place), item.ridge)
        found = [item.noise.spread, item.noise.weak, item.noise.range]
        yield Reading(at=f"noise at the {name}", measured=found, exact=exact, error=1e-7 * max(exact))
        whiten = _root(B + item.ridge * np.eye(len(B)))
        kappa = np.concatenate([[0.0], np.geomspace(1e-9, law.largest, 20001)])
        decay = [float(((kappa + item.ridge) * np.exp(-rate * tau * kappa)).max()) for rate in (4.0, 2.0)]
        bias = min(
            float(np.linalg.norm(_START - place)) * math.sqrt(decay[0] / item.kept),
            float(np.linalg.norm((_START - place) @ whiten)) * decay[1] / item.kept,
        )
        steep = (
            gain(tau, item.ridge) / item.kept * float(np.linalg.norm((place @ B - b) @ whiten))
            if name == "start"
            else 0.0
        )
        rho = math.sqrt(values[-1] / (values[-1] + item.ridge))
        exact_root = (excess(0.0) if name == "start" else 0.0) + rho * (bias + steep)
        yield Reading(at=f"the root at the {name}", measured=item.root, exact=exact_root, error=1e-5 * exact_root)
        added = rho * gain(tau, item.ridge) / item.kept * item.noise.quantile(n, delta / 2)
        yield Reading(at=f"what data add at the {name}", measured=item.added, exact=added, error=1e-5 * added)
        yield Reading(at=f"the bound at the {name}", measured=item.total, exact=exact_root + added, error=1e-4 * added)
    times = tau * np.concatenate([np.linspace(0.0, 1.0, 241) ** 3, 1.0 - np.geomspace(1e-5, 0.2, 80)])
    times = np.unique(times)
    courses = np.array([
        np.array(noise(-2.0 * (theta(s) @ B - b) @ (parts - B), path.ridge)) * gain(s, path.ridge) for s in times
    ])  # fmt: skip
    exact = gain(tau, path.ridge) * np.array(noise(gap(theta(tau)), path.ridge)) + np.trapezoid(courses, times, axis=0)
    found = [path.noise.spread, path.noise.weak, path.noise.range]
    yield Reading(at="noise along the path", measured=found, exact=exact, error=0.02 * exact)


def _supports() -> Iterator[Reading]:
    """Per-datum constants of a histogram by many data; enclosures lie on their sides, and near."""
    law = histogram_density([-1.0, 0.0, 1.0], [0.6, 0.4])
    theta = np.array([[0.5, -1.0, 2.0, 0.25, -3.0]])
    made = datum_constants(FEATURES, law, WHEN, theta, nodes=40)
    x, w = np.polynomial.legendre.leggauss(24)
    points = np.concatenate([-0.5 + 0.5 * x, 0.5 + 0.5 * x])
    mass = np.concatenate([0.3 * w, 0.2 * w])
    B, b = per_datum_parts(FEATURES, points, WHEN)
    G = (theta @ B - b)[:, 0]
    scatters = [
        math.sqrt(float(mass @ np.sum((item - np.tensordot(mass, item, axes=1)) ** 2, axis=tuple(range(1, item.ndim)))))
        for item in (B, G)
    ]
    found = [made.matrix_scatter, made.gradient_scatter]
    yield Reading(at="scatters", measured=found, exact=scatters, error=2e-3 * np.array(scatters))
    ends, slopes = per_datum_parts(FEATURES, np.linspace(-1.0, 1.0, 41), WHEN)
    slopes = (theta @ ends - slopes)[:, 0]
    suprema = [
        float(np.linalg.norm(ends, 2, axis=(1, 2)).max()) + made.matrix_slack,
        0.5 * float(np.linalg.norm(slopes[:, None] - slopes[None], axis=2).max()) + made.gradient_slack,
        float(np.linalg.norm(slopes, axis=1).max()) + made.gradient_slack,
    ]
    found = [made.matrix_bound, made.gradient_radius, made.gradient_size]
    yield Reading(at="suprema", measured=found, exact=suprema, error=1e-9)
    rate, m = WHEN.weights * WHEN.loss_weight, FEATURES.width
    length, half = float(np.linalg.norm(FEATURES.weights)) / math.sqrt(m), 1.0 / 40
    size = max(float(np.trace(ends[0])), float(np.trace(ends[-1])))
    slack = 2.0 * half * length * math.sqrt(float(rate @ WHEN.mean_scale**2) * size)
    steep = half * length * float(rate @ (WHEN.mean_scale / WHEN.std)) / math.sqrt(2.0 * math.pi)
    exact = [slack, slack * float(np.linalg.norm(theta)) + steep]
    yield Reading(at="slacks", measured=[made.matrix_slack, made.gradient_slack], exact=exact, error=1e-10)
    enclosed = histogram_datum_law(FEATURES, law, WHEN, nodes=40)
    yield Reading(
        at="the mean of a law",
        measured=np.trace(enclosed.quadratic.B),
        exact=float(mass @ np.trace(B, axis1=1, axis2=2)),
        error=1e-9,
    )
    turned = enclosed.quadratic.spectrum.vectors
    parts = turned.T @ per_datum_parts(FEATURES, (np.linspace(-1.0, 1.0, 41)[:-1] + 1 / 40), WHEN)[0] @ turned
    for name, sign, ends_ in (("lower", 1.0, enclosed.lower), ("upper", -1.0, enclosed.upper)):
        least = float(np.linalg.eigvalsh(sign * (parts - ends_)).min())
        yield Reading(at=f"the {name} enclosure", measured=min(least, -1e-12), exact=-1e-12, error=1e-12)
        near = float(np.abs(np.trace(ends_ - parts, axis1=1, axis2=2)).max() / np.trace(parts, axis1=1, axis2=2).max())
        yield Reading(at=f"how near the {name} enclosure is", measured=near, exact=0.05, error=0.04)
    edges = turned.T @ per_datum_parts(FEATURES, np.linspace(-1.0, 1.0, 41), WHEN)[0] @ turned
    gaps = [np.linalg.eigvalsh(sign * (edges[k : k + 40] - ends_)).min() for k in (0, 1)
            for sign, ends_ in ((1.0, enclosed.lower), (-1.0, enclosed.upper))]  # fmt: skip
    yield Reading(at="enclosures at the ends of cells", measured=np.minimum(gaps, 0.0), exact=0.0, error=1e-12)


def _capacity() -> Iterator[Reading]:
    yield from _filters()
    yield from _noises()
    yield from _ridges()
    yield from _supports()


CAPACITY = Instrument(name="the capacity of features", readings=_capacity)
