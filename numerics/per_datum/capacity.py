"""Bounds on the population loss of gradient flow on data by the capacity of the features."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from numerics import checks
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray
from numerics.per_datum import filters
from numerics.per_datum.datum_law import DatumLaw
from numerics.per_datum.lower_tail import Kept, Ridge
from numerics.per_datum.noise import Noise, noise_of
from numerics.random_features.flow import GradientFlow

_RIDGES = 15
_WIDEST, _NARROWEST = 1.0, 1e-7
"""Ridges, relative to the largest eigenvalue of B."""
_TRIED = 3  # ridges at which the sharpest lower tail is taken
_PATH = 48  # times of the path that are graded towards its start
COMPARATORS = (0.1, math.inf)
"""Comparators that are tried: on the population's flow at multiples of τ, and its limit."""


@dataclass(frozen=True, kw_only=True)
class CapacityBound:
    """√(L̃(Θ̂(τ))−L*) <= ``root`` + ρ_ν ``gain``/(1−η) · (quantile of ``noise``), with probability 1−δ.

    ``route``: "path" or "comparator". ``root``: what no data add, √(L̃(Θ(τ))−L*) on the path; ``rho`` = ρ_ν; ``kept`` =
    1−η by the ``branch`` of the lower tail, at the ``ridge`` ν; ``gain``: C for a comparator, and 1 on the path, whose
    noise has C and ω_τ in it; ``time``: the comparator's on the population's flow. Lower tail and noise have δ/2 each.
    """

    route: str
    tau: float
    n: int
    delta: float
    root: float
    rho: float
    gain: float
    ridge: float
    kept: float
    branch: str
    noise: Noise
    time: float

    @property
    def added(self) -> float:
        """What the sample adds to the root."""
        if self.kept <= 0.0:
            return math.inf
        return self.rho * self.gain / self.kept * self.noise.quantile(self.n, 0.5 * self.delta)

    @property
    def total(self) -> float:
        """The bound on √(L̃(Θ̂(τ))−L*)."""
        return self.root + self.added


class _Route(Protocol):
    """One way to a bound at a training time, with the noise of every ridge: cheaply from above, or in full."""

    def bound(self, k: int, n: int, delta: float, kept: Kept, *, full: bool) -> CapacityBound:
        """The bound at the k-th ridge."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Capacity(ArrayValue):
    """The capacity of a data law for gradient flow from one initialisation: what no n, δ or τ changes is kept.

    ``law``: a `DatumLaw`; ``initial``: Θ_0 (d, m). `bounds` gives those on √(L̃(Θ̂(τ))−L*) at n, δ and τ. Every ridge of
    a geometric grid is tried; ridge, branch and comparator are chosen by the law alone, so that no union over them
    is due. TypeError or ValueError for another law, a Θ_0 of another shape, or features that are never active.
    """

    law: DatumLaw
    initial: FloatArray

    def __post_init__(self):
        checks.instance("law", self.law, DatumLaw, "build it with numerics.histogram_datum_law(…)")
        shape = self.law.quadratic.b.shape
        object.__setattr__(self, "initial", checks.array("initial", self.initial, shape=shape))
        if not self.law.quadratic.spectrum.values.max() > 0.0:
            checks.refuse("law", "have features that are active", 0.0, "with B = 0 there is nothing to learn")

    @cached_property
    def ridges(self) -> tuple[Ridge, ...]:
        """The law whitened at each ridge of the grid."""
        top = float(self.law.quadratic.spectrum.values.max())
        return tuple(Ridge(law=self.law, ridge=top * nu) for nu in np.geomspace(_NARROWEST, _WIDEST, _RIDGES))

    @cached_property
    def flow(self) -> GradientFlow:
        """The population's flow, scaled."""
        return GradientFlow(self.law.quadratic, self.initial)

    @cached_property
    def inverses(self) -> FloatArray:
        """1/(κ+ν), a row per ridge."""
        return np.stack([ridge.inverse for ridge in self.ridges])

    def bounds(
        self, *, tau: float, n: int, delta: float, comparators: Sequence[float] = COMPARATORS
    ) -> list[CapacityBound]:
        """The bounds at one training time, the least first: along the path, and by comparators Θ(s).

        ``comparators``: their times s as multiples of τ, inf for the minimiser. Of each the best ridge is returned.
        ValueError or TypeError for τ <= 0, n < 1 or δ outside (0, 1].
        """
        end, count = checks.real("tau", tau, above=0.0), checks.integer("n", n)
        level = checks.failure("delta", delta)
        checks.instance("comparators", comparators, (tuple, list), "pass multiples of τ, as a tuple")
        places = [checks.real("comparators", at, minimum=0.0, infinite=True) for at in comparators]
        routes: list[_Route] = [AlongPath(self, end), *(_Comparator(self, end, at) for at in places)]
        return sorted((self._least(route, count, level) for route in routes), key=lambda bound: bound.total)

    def root(self, time: float) -> float:
        """√(L̃(Θ(time)) − L*)."""
        excess = self.flow.excess_over(time, self.flow.parameters(math.inf))
        return math.sqrt(max(float(np.asarray(excess)), 0.0))

    def _least(self, route: _Route, n: int, delta: float) -> CapacityBound:
        """Over the ridges and the branches: all of them cheaply, then a few in full."""

        def at(k: int, full: bool) -> CapacityBound:
            kept = self.ridges[k].kept(n, 0.5 * delta, sharpest=full)
            return route.bound(k, n, delta, kept, full=full)

        order = sorted(range(len(self.ridges)), key=lambda k: at(k, False).total)
        return min((at(k, True) for k in order[:_TRIED]), key=lambda bound: bound.total)


class AlongPath:
    """CAP:path: ξ(τ) and ξ' = −2G(s)(B̂−B) along the population's flow, weighted by C and ω_τ up to ``largest`` or K."""

    def __init__(self, of: Capacity, tau: float, largest: float | None = None):
        law, spectrum = of.law, of.law.quadratic.spectrum
        most = law.largest if largest is None else largest
        self.of, self.tau, self.root = of, tau, of.root(tau)
        self.end = law.deviations(of.flow.parameters(tau) @ spectrum.vectors)  # ξ(τ), (N, d, m)
        times = filters.path_times(tau, most, _PATH)
        slope = (of.initial @ spectrum.vectors) * spectrum.values - spectrum.slopes  # G(0)
        gradient = slope * np.exp(-2.0 * times[:, None, None] * spectrum.values)  # G(s), (k, d, m)
        self.rate = -2.0 * np.moveaxis(np.tensordot(gradient, law.centred, axes=([-1], [1])), 2, 0)  # (N, k, d, m)
        squares = np.sum(self.rate**2, axis=2) @ of.inverses.T  # (N, k, r)
        self.spread = np.sqrt(np.tensordot(law.weights, squares, axes=1)).T
        self.furthest = np.sqrt(squares.max(axis=0)).T
        ridges = np.array([ridge.ridge for ridge in of.ridges])
        self.level = filters.largest_damped(times, tau, ridges, most)
        self.weights, self.errors = filters.chord_weights(times, self.level)
        # G between two times lies so far from its chord at most, mode by mode
        chord = np.abs(gradient[:-1]) * filters.interpolation_error(np.diff(times), spectrum.values)[:, None, :]
        self.chord = np.sqrt(np.sum(chord**2, axis=1))  # (k − 1, m)
        last = np.sum(self.end**2, axis=1) @ of.inverses.T  # (N, r)
        self.last = np.sqrt(law.weights @ last), np.sqrt(last.max(axis=0))
        self.full: dict[int, Noise] = {}

    def noise(self, k: int, full: bool) -> Noise:
        """The noise of the bracket C‖ξ(τ)B_ν^{−½}‖ + ∫ω_τ‖ξ'(s)B_ν^{−½}‖ds, its norms added up with these weights."""
        gain, weights = float(self.level[k, -1]), self.weights[k]
        spread = gain * float(self.last[0][k]) + float(weights @ self.spread[k])
        furthest = gain * float(self.last[1][k]) + float(weights @ self.furthest[k])
        if not full:
            return Noise(spread=spread, weak=spread, range=furthest)
        if k not in self.full:
            ridge, law = self.of.ridges[k], self.of.law
            diagonal, mean, most = ridge.row_squares
            more = 2.0 * float(self.errors[k] @ np.sqrt(self.chord**2 @ diagonal))
            scaled = np.sqrt(law.weights)[:, None, None, None] * self.rate * np.sqrt(ridge.inverse)
            flat = np.moveaxis(scaled, 0, 1).reshape(scaled.shape[1], len(scaled), -1)
            if flat.shape[1] > flat.shape[2]:
                flat = flat.transpose(0, 2, 1)
            weak = np.sqrt(np.maximum(np.linalg.eigvalsh(flat @ flat.transpose(0, 2, 1))[:, -1], 0.0))
            last = noise_of(law.weights, self.end * np.sqrt(ridge.inverse))
            self.full[k] = Noise(
                spread=spread + more * math.sqrt(mean),
                weak=gain * last.weak + float(weights @ weak) + more * math.sqrt(mean),
                range=furthest + more * math.sqrt(most),
            )
        return self.full[k]

    def bound(self, k: int, n: int, delta: float, kept: Kept, *, full: bool) -> CapacityBound:
        """The bound at the k-th ridge."""
        ridge = self.of.ridges[k]
        return CapacityBound(
            route="path", tau=self.tau, n=n, delta=delta, root=self.root, rho=ridge.rho, gain=1.0, ridge=ridge.ridge,
            kept=kept.share, branch=kept.branch, noise=self.noise(k, full), time=self.tau,
        )  # fmt: skip


class _Comparator:
    """CAP:comparator at Θ(s) of the population's flow."""

    def __init__(self, of: Capacity, tau: float, multiple: float):
        spectrum = of.law.quadratic.spectrum
        self.of, self.tau, self.time = of, tau, multiple * tau
        theta = of.flow.parameters(self.time)
        self.root = of.root(self.time)
        self.start = (of.initial - theta) @ spectrum.vectors
        rotated = theta @ spectrum.vectors
        ended = not math.isfinite(self.time)
        self.slope = np.zeros_like(rotated) if ended else rotated * spectrum.values - spectrum.slopes  # G
        self.parts = of.law.deviations(rotated)
        squares = np.sum(self.parts**2, axis=1) @ of.inverses.T  # (N, r)
        self.spread, self.furthest = np.sqrt(of.law.weights @ squares), np.sqrt(squares.max(axis=0))
        ridges = np.array([ridge.ridge for ridge in of.ridges])
        self.gains = filters.largest_damped(np.array([tau]), tau, ridges, of.law.largest)[:, 0]
        self.full: dict[int, Noise] = {}

    def noise(self, k: int, full: bool) -> Noise:
        """The noise of (Ĝ−G)B_ν^{−½}."""
        if not full:
            return Noise(spread=self.spread[k], weak=self.spread[k], range=self.furthest[k])
        if k not in self.full:
            self.full[k] = noise_of(self.of.law.weights, self.parts * np.sqrt(self.of.ridges[k].inverse))
        return self.full[k]

    def bound(self, k: int, n: int, delta: float, kept: Kept, *, full: bool) -> CapacityBound:
        """The bound at the k-th ridge."""
        ridge, most = self.of.ridges[k], self.of.law.largest
        share, root = max(kept.share, 1e-150), np.sqrt(ridge.inverse)
        bias = min(
            float(np.linalg.norm(self.start))
            * math.sqrt(filters.largest_decay(4.0 * self.tau, ridge.ridge, most) / share),
            float(np.linalg.norm(self.start * root)) * filters.largest_decay(2.0 * self.tau, ridge.ridge, most) / share,
        )
        gain = float(self.gains[k])
        steep = gain / share * float(np.linalg.norm(self.slope * root))
        return CapacityBound(
            route="comparator", tau=self.tau, n=n, delta=delta, root=self.root + ridge.rho * (bias + steep),
            rho=ridge.rho, gain=gain, ridge=ridge.ridge, kept=kept.share, branch=kept.branch,
            noise=self.noise(k, full), time=self.time,
        )  # fmt: skip
