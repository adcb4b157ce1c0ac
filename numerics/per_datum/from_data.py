"""What data alone say of the loss that gradient flow on them leaves: of the law a support and a radius are known."""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import exprel

from numerics import checks
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray
from numerics.checks.memory import require_memory
from numerics.per_datum.constants import per_datum_parts
from numerics.per_datum.datum_law import DatumLaw, enclosing
from numerics.per_datum.lower_tail import Ridge
from numerics.per_datum.noise import Noise
from numerics.random_features.empirical import empirical_quadratic
from numerics.random_features.features import RandomFeatures
from numerics.random_features.flow import GradientFlow
from numerics.random_features.quadratic import require_features
from numerics.random_features.schedule import Schedule

_RIDGES = np.geomspace(1e-7, 1.0, 8)
"""Relative to K, which the support alone gives: every ridge has an equal share of δ, so that the best may be taken."""
_EVENTS = 4  # of each ridge: both tails of B̂, the noise at the minimiser, its spread
_TURNS = 200  # of the fixed point; every one of them is a bound
_CELLS = 512  # of the support, in more than one dimension
_MOST_NODES, _MOST_DIM = 10**4, 4
_SEEN, _MOST_SEEN = 1 << 23, 2048  # numbers in the matrices of the data whose spread is measured, and these data


@dataclass(frozen=True, kw_only=True)
class DataBound:
    """√(L̃(Θ̂(τ))−L*) <= ``total`` with probability 1−δ, at all τ at once, for every law on the support.

    It is ρ ``distance``/√``kept``, where ``distance`` bounds ‖(Θ̂−Θ*)(B̂+ν)^½‖ <= ``bias`` + ``gain`` ``noise``/√kept:
    ``bias`` r sup √(κ+ν) e^{−2τκ} and ``gain`` C = sup (κ+ν)φ_τ(κ) over the eigenvalues κ of B̂, ``noise`` what
    ‖Ĝ*(B+ν)^{−½}‖ exceeds with small probability; or ``sure``, √K(‖Θ̂−Θ₀‖+r), where that is less. ``kept``:
    B̂+ν ⪰ kept (B+ν); ``reach``: sup ‖(B+ν)^{−½}B(x)(B+ν)^{−½}‖, both at the ``ridge`` ν and from the data.
    """

    tau: float
    n: int
    delta: float
    ridge: float
    kept: float
    reach: float
    rho: float
    bias: float
    gain: float
    noise: float
    distance: float
    sure: float

    @property
    def total(self) -> float:
        """The bound on √(L̃(Θ̂(τ))−L*)."""
        return min(self.rho * self.distance / math.sqrt(self.kept), self.sure)


@dataclass(frozen=True, kw_only=True, eq=False)
class DataCapacity(ArrayValue):
    """Data with what encloses their per-datum parts on a support, for gradient flow from one initialisation.

    ``law``: `DatumLaw` of the data: its quadratic is the data's own, the weights are equal at data (the first ones,
    where there are many) and 0 at a grid of the support. ``initial``: Θ_0 (d, m). ``count``: n. ``radius``: r with
    ‖Θ_0−Θ*‖ <= r for a minimiser Θ* of the population's loss, which the data cannot tell. TypeError or ValueError for
    others.
    """

    law: DatumLaw
    initial: FloatArray
    count: int
    radius: float

    def __post_init__(self):
        checks.instance("law", self.law, DatumLaw, "build it with numerics.data_capacity(…)")
        shape = self.law.quadratic.b.shape
        object.__setattr__(self, "initial", checks.array("initial", self.initial, shape=shape))
        object.__setattr__(self, "count", checks.integer("count", self.count))
        object.__setattr__(self, "radius", checks.real("radius", self.radius, minimum=0.0))
        if not self.law.quadratic.spectrum.values.max() > 0.0:
            checks.refuse("data", "make a feature active", 0.0, "with B̂ = 0 there is nothing to learn")

    @cached_property
    def flow(self) -> GradientFlow:
        """The flow on the data, scaled."""
        return GradientFlow(self.law.quadratic, self.initial)

    @cached_property
    def ridges(self) -> tuple[Ridge, ...]:
        """The law whitened by B̂+ν at each ridge: here everything is in the data's own norm."""
        return tuple(Ridge(law=self.law, ridge=float(nu)) for nu in self.law.largest * _RIDGES)

    def bound(self, *, tau: float, delta: float) -> DataBound:
        """The bound at a training time, which may have been chosen by it.

        With ‖Ĝ*(B̂+ν)^{−½}‖ <= ‖Ĝ*(B+ν)^{−½}‖/√kept, an i.i.d. mean of G*(x) = G_Θ̂(x) − (Θ̂−Θ*)B(x), whose spread and
        range are bounded by those of G_Θ̂ and by u = ‖(Θ̂−Θ*)(B̂+ν)^½‖ itself: u is at most the largest fixed point.
        No event depends on τ. ValueError or TypeError for τ <= 0 or δ outside (0, 1].
        """
        end, level = checks.real("tau", tau, above=0.0), checks.failure("delta", delta)
        return min((self._at(ridge, end, level) for ridge in self.ridges), key=lambda bound: bound.total)

    def _at(self, ridge: Ridge, tau: float, delta: float) -> DataBound:
        law, n = self.law, self.count
        kappa, nu, most = law.quadratic.spectrum.values, ridge.ridge, law.largest
        p = delta / (_EVENTS * len(_RIDGES))
        reach, over, kept = self._tails(ridge, p)
        theta = self.flow.parameters(tau)
        weighted = self._gradients(theta) * np.sqrt(ridge.inverse)
        sizes = np.sum(weighted**2, axis=(1, 2))
        seen = int(np.count_nonzero(law.weights))
        spread, range_ = math.sqrt(float(law.weights @ sizes)), math.sqrt(float(sizes.max()))
        bias = self.radius * float((np.sqrt(kappa + nu) * np.exp(-2.0 * tau * kappa)).max())
        gain = float(((kappa + nu) * 2.0 * tau * exprel(-2.0 * tau * kappa)).max())
        away = float(np.linalg.norm(theta - self.initial)) + self.radius
        u, noise = away * math.sqrt(float(kappa.max()) + nu), math.inf
        for _ in range(_TURNS):
            largest = math.sqrt(over) * (range_ + u * ridge.reach)
            root = 0.5 * largest * math.sqrt(2.0 * math.log(1.0 / p) / seen)
            seen_spread = math.sqrt(over) * (spread + u * math.sqrt(ridge.variance))
            wide = min(root + math.hypot(root, seen_spread), largest)
            noise = Noise(spread=wide, weak=wide, range=largest).quantile(n, p)
            nearer = bias + gain * noise / math.sqrt(kept)
            if not nearer < u * (1.0 - 1e-9):
                break
            u = nearer
        return DataBound(
            tau=tau, n=n, delta=delta, ridge=nu, kept=kept, reach=reach, rho=math.sqrt(most / (most + nu)), bias=bias,
            gain=gain, noise=noise, distance=u, sure=math.sqrt(most) * away,
        )  # fmt: skip

    def _gradients(self, theta: FloatArray) -> FloatArray:
        """G(x) = ΘB(x) − b(x) at the data and on the grid, in the basis of B̂: (N, d, m)."""
        turned = theta @ self.law.quadratic.spectrum.vectors
        return np.moveaxis(np.tensordot(turned, self.law.matrices, axes=([-1], [1])), 1, 0) - self.law.vectors

    def _tails(self, ridge: Ridge, failure: float) -> tuple[float, float, float]:
        """L = sup ‖B_ν^{−½}B(x)B_ν^{−½}‖ at most; κ with B̂_ν ⪯ κ B_ν; c with B̂_ν ⪰ c B_ν.

        Surely B_ν ⪰ ω̂B̂_ν and B_ν ⪯ M̂B̂_ν, ω̂ and M̂ the extremes of B̂_ν^{−½}(B(x)+ν)B̂_ν^{−½}. Else κ = 1+√(2Lℓ/n)+Lℓ/(3n)
        and c = 1−√(2Lℓ/n), ℓ = log(m/p), each outside an event of probability p; and L <= L̂κ is solved for L.
        """
        seen, log = ridge.reach, math.log(len(ridge.inverse) / failure)
        a, b = 1.0 - seen * log / (3.0 * self.count), seen * math.sqrt(2.0 * log / self.count)
        omega = max(ridge.omega, 1e-300)
        solved = ((b + math.sqrt(b * b + 4.0 * a * seen)) / (2.0 * a)) ** 2 if a > 0.0 else math.inf
        reach = min(solved, seen / omega, self.law.largest / ridge.ridge)
        shift = np.diag(ridge.ridge * ridge.inverse)
        most = float(np.linalg.eigvalsh(ridge.whitened(self.law.upper) + shift)[:, -1].max())
        side = math.sqrt(2.0 * reach * log / self.count)
        return reach, min(1.0 + side + reach * log / (3.0 * self.count), 1.0 / omega), max(1.0 - side, 1.0 / most)


@dataclass(frozen=True, kw_only=True, eq=False)
class SupportParts(ArrayValue):
    """The per-datum parts at a grid of a ``support`` (d, 2), (k, m, m) and (k, d, m), and what encloses them in it."""

    support: FloatArray
    matrices: FloatArray
    vectors: FloatArray
    lower: FloatArray
    upper: FloatArray


def support_parts(features: RandomFeatures, schedule: Schedule, support: ArrayLike, *, nodes: int = 64) -> SupportParts:
    """The parts on a box ``support`` (d, 2): ``nodes`` cells of the line, some 500 in more dimensions, 4 at most."""
    require_features(features, schedule)
    box, dim = checks.array("support", support, shape=(features.dim, 2)), features.dim
    if (box[:, 0] >= box[:, 1]).any():
        checks.refuse("support", "have a lower end below the upper one in every row", support, "pass [[low, high], …]")
    if dim > _MOST_DIM:
        checks.refuse("support", f"have at most {_MOST_DIM} rows", dim, "the grid would be too coarse")
    count = checks.integer("nodes", nodes, minimum=2, maximum=_MOST_NODES)
    each = count if dim == 1 else max(4, int(_CELLS ** (1.0 / dim)))
    require_memory("the parts of the support", 32.0 * each**dim * features.width * (features.width + dim))
    widths = (box[:, 1] - box[:, 0]) / each
    places = [low + width * (np.arange(each) + 0.5) for low, width in zip(box[:, 0], widths, strict=True)]
    grid = np.array(list(product(*places)))
    narrow, wide = enclosing(schedule, float(widths.max()), dim)
    ends = np.array(list(product(*box)))
    matrices, vectors = per_datum_parts(features, np.concatenate([grid, ends]), schedule)
    lower, upper = (per_datum_parts(features, grid, when)[0] for when in (narrow, wide))
    return SupportParts(support=box, matrices=matrices, vectors=vectors, lower=lower, upper=upper)


def data_capacity(
    features: RandomFeatures,
    data: ArrayLike,
    schedule: Schedule,
    *,
    support: SupportParts,
    radius: float,
    initial: ArrayLike | None = None,
) -> DataCapacity:
    """What bounds the excess loss of gradient flow on ``data`` (n, d) by them alone.

    ``support``: `support_parts` of the box that the law is on, of the same features and schedule; between its points
    B(x) is enclosed, and the range of the gradients is the largest at these and at the data. ``radius``: r >= ‖Θ_0−Θ*‖.
    ``initial``: Θ_0, 0 when None. ValueError naming data outside the support, and as `per_datum_parts`.
    """
    require_features(features, schedule)
    points = checks.array("data", data, shape=None)
    points = points[:, None] if points.ndim == 1 else points
    loss = empirical_quadratic(features, points, schedule)
    checks.instance("support", support, SupportParts, "build it with numerics.support_parts(…)")
    box = support.support
    checks.array("support", support.vectors, shape=("k", features.dim, features.width))
    outside = np.flatnonzero(((points < box[:, 0]) | (points > box[:, 1])).any(axis=1))
    if len(outside):
        row = int(outside[0])
        checks.refuse(
            "data", f"lie in the support {box.tolist()}", points[row].tolist(),
            f"row {row} is the first of {len(outside)} outside; pass a larger support",
        )  # fmt: skip
    m = features.width
    seen = points[: min(max(64, _SEEN // m**2), _MOST_SEEN)]
    B, b = per_datum_parts(features, seen, schedule)
    basis = loss.spectrum.vectors
    weights = np.concatenate([np.full(len(seen), 1.0 / len(seen)), np.zeros(len(support.matrices))])
    law = DatumLaw(
        quadratic=loss,
        weights=weights,
        matrices=basis.T @ np.concatenate([B, support.matrices]) @ basis,
        vectors=np.concatenate([b, support.vectors]) @ basis,
        lower=basis.T @ support.lower @ basis,
        upper=basis.T @ support.upper @ basis,
    )
    start = np.zeros((features.dim, m)) if initial is None else checks.array("initial", initial, shape=loss.b.shape)
    return DataCapacity(law=law, initial=start, count=len(points), radius=radius)
