"""The empirical loss of random features on data: the noise is averaged exactly, given each datum."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.backends.backend import Backend
from numerics.backends.choice import chosen, in_use
from numerics.checks.aliases import FloatArray, Mixture
from numerics.checks.memory import require_quadratic
from numerics.mixtures.mixture import read_mixture
from numerics.random_features.features import RandomFeatures
from numerics.random_features.quadratic import Quadratic, quadratic_of, require_features
from numerics.random_features.schedule import Schedule
from numerics.random_features.second_moments import SecondMoments, SortedData

_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(16)
_SPAN = 9.0  # standard deviations: N(0, 1) has less than 1e-18 beyond
_TOLERANCE = 1e-12
_PANELS = 1 << 17  # at most so many panels for one time


def _data(value: ArrayLike, dim: int) -> FloatArray:
    """Data as (n, dim)."""
    data = checks.array("data", value, shape=None)
    data = data[:, None] if data.ndim == 1 and dim == 1 else data
    if data.ndim != 2 or data.shape[1] != dim:
        raise ValueError(
            f"data must have shape (n, {dim}){' or (n,)' if dim == 1 else ''}; got shape {data.shape}; pass one row "
            "per datum, of the dimension of the features"
        )
    return data


def empirical_quadratic(
    features: RandomFeatures,
    data: ArrayLike,
    schedule: Schedule,
    *,
    labels: str = "dsm",
    mixture: Mixture | None = None,
    backend: Backend | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
) -> Quadratic:
    """The empirical loss on data x⁽¹⁾ … x⁽ⁿ⁾, in expectation over the forward noise, x_t | x_0 ~ N(r x_0, std² I).

    With the mean over the data and the schedule's average E_t, B = E λ h hᵀ, b = E λ s hᵀ and c = E λ ‖s‖² where s is

    "dsm": the kernel's score −(x_t − r x_0)/std². By Stein's identity b_i = −(1/√m) w_i E_t λ P(w_i·x_t + u_i·e > 0),
    which needs no division by std; c = E_t λ d/std². c is inf if std = 0 at a time with λ > 0 — and where times start
    after 0 it is the finite number that belongs to *them*: for λ = g², E_t λ/std² over (0, T) diverges like 1/t, so c
    grows without bound as the quadrature is refined, while B, b and the gradient flow converge.
    "sm": the true score ∇log p_t of ``mixture``, diffused by the same schedule; one-dimensional only. b and c come from
    an adaptive quadrature of p̂_t ∇log p_t to 1e-12 of E λ |∇log p_t| max(|w x_t + u·e|) in absolute terms.

    ``features``: RandomFeatures. ``data``: (n, d), or (n,) for d = 1. ``schedule``: Schedule. ``labels``: "dsm" or
    "sm". ``mixture``: for "sm" only, an object with .weights, .means and .variances. ``backend``, ``device``,
    ``dtype``: where B is computed, as in `population_quadratic`.

    B and the DSM b are exact up to rounding (see `second_moments`; with n data, n 2⁻⁵³ of the sums at worst);
    Cost per time, d = 1: n + m · (cells of half a std within 10 std of a breakpoint) + m²/2: the number of data is not
    multiplied by m. For d > 1: n m²/2 bivariate normals.

    ValueError or TypeError for other shapes or names, a mixture that is missing or not needed, a point mass of the
    mixture without noise, or too little memory. Source: LLZB eqs. (5), (7), (9), (12).
    """
    require_features(features, schedule)
    where = chosen(backend, device, dtype)
    points = _data(data, features.dim)
    checks.option("labels", labels, ("dsm", "sm"))
    if (mixture is not None) != (labels == "sm"):
        checks.refuse("mixture", f"be given for labels='sm' only, where labels={labels!r}", mixture,
                      "pass the law of the data with labels='sm', and no mixture otherwise")  # fmt: skip
    law = None
    if mixture is not None:
        if features.dim != 1:
            raise ValueError(
                f"features must have dim 1 for labels='sm'; got dim {features.dim}, where the mean of a mixture's "
                "score times a feature has no closed form; use labels='dsm': B is the same, and b has the same mean"
            )
        law = read_mixture("mixture", mixture, 1)
    n, (m, d) = len(points), features.weights.shape
    require_quadratic("the empirical quadratic", m, times=len(schedule.times), data=n)
    intercepts = features.intercepts(schedule.times)
    total = SecondMoments(features.weights, where)
    ordered = SortedData(points[:, 0]) if d == 1 else None
    slopes, c = np.zeros((d, m)), 0.0
    for j, t in enumerate(schedule.times):
        scale = float(schedule.weights[j] * schedule.loss_weight[j])
        if scale == 0.0:
            continue
        r, std = float(schedule.mean_scale[j]), float(schedule.std[j])
        if ordered is not None:
            active = total.add_data(scale / m, intercepts[j], ordered, r, std)
        else:
            active = total.add_mixture(scale / m, intercepts[j], np.full(n, 1.0 / n), r * points, np.full(n, std))
        if law is None or ordered is None:
            slopes -= scale * features.weights.T * active
            c += scale * d / std / std if std > 0.0 else math.inf
        else:
            weights, means, variances = law
            variance = r * r * variances + std * std
            if variance.min() < checks.LARGEST**-2:
                raise ValueError(
                    f"schedule must have noise wherever a component of the mixture has none; got variance "
                    f"{variance.min():g} at time {t:g}, where the score does not exist; start the times after 0"
                )
            labelled = _Labelled(ordered, r, std, (weights, r * means[:, 0], variance))
            slopes += scale * labelled.products(features.weights[:, 0], intercepts[j])
            c += scale * labelled.square
    return quadratic_of("features, data and schedule", total.take(), slopes / math.sqrt(m), c, where)


class _Labelled:
    """E[s(x) σ(w x + u)] and E s(x)² for x = r X + std z, X uniform on the data, s the score of a mixture."""

    def __init__(self, data: SortedData, r: float, std: float, law: tuple[FloatArray, FloatArray, FloatArray]):
        weights, means, variances = law
        self.data, self.r, self.std = data, r, std
        self.shift = r * data.centre  # positions are relative to it
        self.weights, self.means, self.stds = weights, means - self.shift, np.sqrt(variances)
        if std > 0.0:
            self._integrate()
        else:  # a panel of width 0 for each datum
            s = self.score(r * data.x)
            self.left, self.width = r * data.x, np.zeros_like(s)
            self.mass, self.lever = s / len(s), np.zeros_like(s)
            self.square = float(np.mean(s * s))
        self._accumulate()

    def score(self, x: FloatArray) -> FloatArray:
        z = (self.means - x[..., None]) / self.stds
        exponent = np.log(self.weights / self.stds) - 0.5 * z * z
        share = np.exp(exponent - exponent.max(axis=-1, keepdims=True))
        return (share * z / self.stds).sum(axis=-1) / share.sum(axis=-1)

    def _panel(self, left: FloatArray, right: FloatArray, anchor: FloatArray) -> FloatArray:
        """∫ p̂ s, ∫ p̂ s (x − anchor), ∫ p̂ s² and ∫ p̂ |s| between left and right, all (k,): shape (4, k)."""
        sums = np.empty((4, len(left)))
        for first in range(0, len(left), 4096):  # bounds the arrays of 16 nodes times the mixture's components
            part = slice(first, first + 4096)
            width = (right[part] - left[part])[:, None]
            x = left[part, None] + width * (0.5 + 0.5 * _NODES)
            density = self.data.density(x.ravel(), self.r, self.std).reshape(x.shape) * (0.5 * width * _NODE_WEIGHTS)
            s = self.score(x)
            f = density * s
            sums[:, part] = (f.sum(1), (f * (x - anchor[part, None])).sum(1), (f * s).sum(1), np.abs(f).sum(1))
        return sums

    def _integrate(self) -> None:
        """Panels of at most one std within reach of a datum, halved until two successive values agree."""
        x, reach = self.r * self.data.x, _SPAN * self.std
        breaks = np.flatnonzero(np.diff(x) > 2.0 * reach)
        low, high = x[np.concatenate([[0], breaks + 1])] - reach, x[np.concatenate([breaks, [len(x) - 1]])] + reach
        count = np.ceil((high - low) / self.std)
        if count.sum() > _PANELS or count.min() < 1.0:  # or noise below a unit in the last place of the data
            raise ValueError(
                f"schedule must have more noise for labels='sm'; got std {self.std:g}, {count.sum():.3g} times smaller "
                "than the region of the data; start the times later"
            )
        edges = [np.linspace(a, b, int(k) + 1) for a, b, k in zip(low, high, count, strict=True)]
        left, right = np.concatenate([e[:-1] for e in edges]), np.concatenate([e[1:] for e in edges])
        coarse = self._panel(left, right, left)
        scale, square = float(coarse[3].sum()), float(coarse[2].sum())
        kept: list[FloatArray] = []
        for _ in range(60):
            middle = 0.5 * (left + right)
            one, two = self._panel(left, middle, left), self._panel(middle, right, middle)
            error = np.abs(one + two - coarse)
            done = (error[0] <= _TOLERANCE * scale) & (error[2] <= _TOLERANCE * square)
            for a, b, value in ((left, middle, one), (middle, right, two)):
                kept.append(np.stack([a, b - a, value[0], value[1], value[2]])[:, done])
            left, right = np.concatenate([left[~done], middle[~done]]), np.concatenate([middle[~done], right[~done]])
            coarse = np.concatenate([one[:, ~done], two[:, ~done]], axis=1)
            if not len(left):
                break
        else:
            raise ArithmeticError("the quadrature of the labels did not converge")
        panels = np.concatenate(kept, axis=1)
        self.left, self.width, self.mass, self.lever, squares = panels[:, np.argsort(panels[0])]
        self.square = float(squares.sum())

    def _accumulate(self) -> None:
        """above_k = ∫ over panels ≥ k of f (1, x − left_k), below_k = ∫ over panels < k of f (1, left_k − x), k ≤ K."""
        K = len(self.left)
        step = np.diff(self.left)
        above, below = np.zeros((2, K + 1)), np.zeros((2, K + 1))
        above[0, :K] = np.cumsum(self.mass[::-1])[::-1]
        above[1, :K] = self.lever
        above[1, : K - 1] += step * above[0, 1:K]
        above[1, :K] = np.cumsum(above[1, :K][::-1])[::-1]
        below[0, 1:] = np.cumsum(self.mass)
        # panel k lies (step_k − (x − left_k)) below left_{k+1}; the last entry is relative to the last left end
        steps = np.append(step, 0.0)
        below[1, 1:] = np.cumsum(steps * below[0, 1:] - self.lever)
        self.above, self.below = above, below

    def products(self, slopes: FloatArray, intercepts: FloatArray) -> FloatArray:
        """E[s(x) σ(w x + u)] for slopes w and intercepts u (m,)."""
        u = slopes * self.shift + intercepts
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            z = np.where(slopes != 0.0, -u / slopes, np.where(u > 0.0, -np.inf, np.inf))
        k = np.searchsorted(self.left, z, side="right") - 1  # the panel that may hold the kink; −1: before all
        inside = np.flatnonzero((k >= 0) & (z < (self.left + self.width)[k]))
        rising = slopes >= 0.0
        # panels with all of their mass on the active side; f's integrals relative to the anchor
        K = len(self.left)
        following = np.minimum(k + 1, K - 1)
        value = np.where(
            rising, slopes * self.above[1, k + 1] + (slopes * self.left[following] + u) * self.above[0, k + 1], 0.0
        )
        whole = np.where(np.isin(np.arange(len(z)), inside), k, k + 1)  # number of panels below the kink
        anchor = np.minimum(whole, K - 1)
        value = np.where(
            rising, value, -slopes * self.below[1, whole] + (slopes * self.left[anchor] + u) * self.below[0, whole]
        )
        if len(inside):
            low, point, high = self.left[k[inside]], z[inside], (self.left + self.width)[k[inside]]
            up = rising[inside]
            part = self._panel(np.where(up, point, low), np.where(up, high, point), point)
            value[inside] += slopes[inside] * part[1]
        return value


def datum_parts(features: RandomFeatures, points: FloatArray, schedule: Schedule) -> Iterator[FloatArray]:
    """B(x_0) and b(x_0) of one row of ``points`` (n, d) after the other, DSM labels, stacked: (m + d, m) each."""
    m, d = features.width, features.dim
    intercepts = features.intercepts(schedule.times)
    total, one = SecondMoments(features.weights, in_use()), np.ones(1)
    scales = schedule.weights * schedule.loss_weight
    for x in points:
        parts, active = np.empty((m + d, m)), np.zeros(m)
        for j in np.flatnonzero(scales > 0.0):
            mean, std = schedule.mean_scale[j] * x[None], schedule.std[j : j + 1]
            active += scales[j] * total.add_mixture(scales[j] / m, intercepts[j], one, mean, std)
        parts[:m] = total.take()
        parts[m:] = features.weights.T * active / -math.sqrt(m)
        yield parts


def read_data(value: ArrayLike, features: RandomFeatures, schedule: Schedule) -> FloatArray:
    """Data as (n, d), after a check that there is memory for one datum's parts after the other."""
    require_features(features, schedule)
    points = _data(value, features.dim)
    require_quadratic("the parts of every datum", features.width, times=len(schedule.times), data=len(points))
    return points


def per_datum_norms(features: RandomFeatures, data: ArrayLike, schedule: Schedule) -> tuple[FloatArray, FloatArray]:
    """‖B(x_0)‖_F and ‖b(x_0)‖_F of the per-datum parts of the DSM loss, arrays (n,) each.

    B(x_0) = E_t λ E[h hᵀ | x_0], b(x_0)_i = −(1/√m) w_i E_t λ P(w_i·x_t + u_i·e > 0 | x_0): `empirical_quadratic` has
    their means, and their suprema over the support of p_0 are the constants K_B and K_b of the repaired Theorem 1.

    features, data, schedule, accuracy and errors as in `empirical_quadratic`; cost n m²/2 times the number of times.
    """
    points, m = read_data(data, features, schedule), features.width
    norms = np.empty((2, len(points)))
    for k, part in enumerate(datum_parts(features, points, schedule)):
        norms[:, k] = np.linalg.norm(part[:m]), np.linalg.norm(part[m:])
    return norms[0], norms[1]
