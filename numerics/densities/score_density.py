"""The density whose score is a ReLU network of one variable: log p is piecewise quadratic, its integrals closed."""

# ruff: noqa: PLR0917 (pieces are arrays that belong together, passed in one order)

import math
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import dawsn, erf, erfcx, log_ndtr

from numerics import checks
from numerics.checks.aliases import FloatArray, FloatOrArray
from numerics.densities.density import NORMALISABLE, Density
from numerics.kernels import piecewise_scores
from numerics.random_features.features import RandomFeatures

_FARTHEST = 1e100  # knots beyond this cannot be squared safely
_EPS = 2.0**-52
_TALL = 8.0  # a mode that much above the knots gets one of its own, lest its height cancels
_DEPTH = 100.0  # the support reaches down to e^{-100} of the maximum
_FOUR = np.polynomial.legendre.leggauss(4)
_FEW = np.polynomial.legendre.leggauss(6)
_MANY = np.polynomial.legendre.leggauss(12)
_BELL = np.array([-9.0, -6.5, -4.5, -3.0, -1.5, 0.0, 1.5, 3.0, 4.5, 6.5, 9.0])
_DECAY = np.array([1.5, 4.0, 9.0, 20.0, 45.0])
_HALF_LOG_PI_2 = 0.5 * math.log(math.pi / 2.0)


def log_tail_integral(h: float, s: float, a: float) -> float:
    """log ∫_0^∞ exp(h + s u + a u²/2) du; inf where it diverges."""
    if a > 0.0 or (a == 0.0 and s >= 0.0):
        return math.inf
    if a == 0.0:
        return h - math.log(-s)
    root = math.sqrt(-a)
    z = -s / root
    if z >= 0.0:
        return h + _HALF_LOG_PI_2 - math.log(root) + math.log(float(erfcx(z / math.sqrt(2.0))))
    if -z > 1e150:
        return math.inf
    return h + 0.5 * z * z + 0.5 * math.log(2.0 * math.pi) - math.log(root) + float(log_ndtr(-z))


def log_piece_integrals(
    width: FloatArray, h_l: FloatArray, h_r: FloatArray, s_l: FloatArray, s_r: FloatArray, a: FloatArray
) -> FloatArray:
    """log ∫_0^width exp(h_l + s_l u + a u²/2) du for pieces (n,), from values and slopes at both ends; −inf if empty.

    Where the exponent varies little by a Gauss–Legendre rule whose error is below 1e-16 relative; else erf or erfcx
    (a < 0), Dawson's function (a > 0) or an exponential (a = 0), arranged so that nothing cancels or overflows.
    """
    out = np.empty(len(width))
    piecewise_scores.narrow_integrals(out, width, h_l, h_r, s_l, s_r, a, *_FOUR, *_FEW, *_MANY)
    wide = np.isnan(out)
    if wide.any():
        out[wide] = _wide(*(v[wide] for v in (width, h_l, h_r, s_l, s_r, a)))
    return out


def _wide(
    width: FloatArray, h_l: FloatArray, h_r: FloatArray, s_l: FloatArray, s_r: FloatArray, a: FloatArray
) -> FloatArray:
    """The pieces of `log_piece_integrals` along which the exponent varies by more than about 4."""
    out = np.empty(len(a))
    top, gap = np.maximum(h_l, h_r), -np.abs(h_r - h_l)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        root = np.sqrt(np.abs(a))
        y_l, y_r = s_l / root / math.sqrt(2.0), s_r / root / math.sqrt(2.0)
        # a < 0: the slope falls from s_l to s_r
        bell = (a < 0.0) & (s_l > 0.0) & (s_r < 0.0)
        peak = np.where(h_l > h_r, h_l + y_l * y_l, h_r + y_r * y_r)
        value = peak + _HALF_LOG_PI_2 - np.log(root) + np.log(erf(y_l) + erf(-y_r))
        out[bell] = value[bell]
        near = np.where(s_l <= 0.0, -y_l, y_r)  # distance of the higher end from the peak, and of the lower one
        far = np.where(s_l <= 0.0, -y_r, y_l)
        side = (a < 0.0) & ~bell
        value = top + _HALF_LOG_PI_2 - np.log(root) + np.log(erfcx(near) - np.exp(gap) * erfcx(far))
        out[side] = value[side]
        # a > 0: each end carries its own mass, with the sign of its distance from the trough
        convex = a > 0.0
        value = top + 0.5 * math.log(2.0) - np.log(root)
        value += np.log(np.exp(h_r - top) * dawsn(y_r) - np.exp(h_l - top) * dawsn(y_l))
        out[convex] = value[convex]
        line = (a == 0.0) | (root == 0.0)
        value = top + np.log(-np.expm1(gap)) - np.log(np.abs(s_l))
        out[line] = value[line]
    return out


class ScoreDensity(Density):
    """A density with a piecewise quadratic logarithm, given by knots, and by h = log p + const and h' there."""

    def __init__(self, knots: FloatArray, slopes: FloatArray, scores: FloatArray, logs: FloatArray, outcome: str):
        self._knots, self._slopes, self._scores, self._logs = knots, slopes, scores, logs
        self.outcome = outcome
        self._log_total = math.nan
        if outcome == NORMALISABLE:
            self._integrate()

    def _integrate(self) -> None:
        x, h, s, a = self._knots, self._logs, self._scores, self._slopes
        pieces = np.empty(len(x) + 1)
        pieces[0] = log_tail_integral(float(h[0]), -float(s[0]), float(a[0]))
        pieces[-1] = log_tail_integral(float(h[-1]), float(s[-1]), float(a[-1]))
        pieces[1:-1] = log_piece_integrals(np.diff(x), h[:-1], h[1:], s[:-1], s[1:], a[1:-1])
        top = float(pieces.max())
        if not math.isfinite(top):
            self.outcome = "normaliser not representable"
            return
        mass = np.exp(pieces - top)
        self._log_total = top + math.log(float(mass.sum()))
        self._mass = mass / mass.sum()
        self.largest_log = abs(self._log_total)
        self._anchor = np.arange(-1, len(x))  # the end of each piece where h is higher
        self._anchor[0] = 0
        inner = np.arange(1, len(x))
        self._anchor[1:-1] = np.where(h[:-1] >= h[1:], inner - 1, inner)

    @property
    def knots(self) -> FloatArray:
        """The breakpoints within the support, and points that grade the pieces along which p varies much, (k,)."""
        low, high = self.support
        x, s, a = self._knots, self._scores, self._slopes
        ends = np.concatenate([[low], x, [high]])
        left, right = np.append(0, np.arange(len(x))), np.append(np.arange(len(x)), len(x) - 1)
        width = np.diff(ends)
        turn = np.maximum(np.abs(s[left]), np.abs(s[right])) * width
        long = np.flatnonzero((width > 0.0) & ((turn > 6.0) | (np.abs(a) * width**2 > 8.0)))
        graded = []
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            scale = 1.0 / np.sqrt(np.abs(a[long]))
            near = np.where(np.abs(s[right[long]]) < np.abs(s[left[long]]), right[long], left[long])
            vertex = x[near] - s[near] / a[long]
            graded.append((vertex[:, None] + scale[:, None] * _BELL).reshape(-1))
            for end, sign in ((left, 1.0), (right, -1.0)):
                scale = 1.0 / (np.abs(s[end[long]]) + np.sqrt(np.abs(a[long])))
                graded.append((x[end[long], None] + sign * scale[:, None] * _DECAY).reshape(-1))
            inside = np.concatenate([x, *(self._within(points, long, ends) for points in graded)])
        return np.unique(inside[(inside > low) & (inside < high)])

    @staticmethod
    def _within(points: FloatArray, pieces: NDArray[np.intp], ends: FloatArray) -> FloatArray:
        """Those of the points, an equal number per piece, that lie inside their piece."""
        if len(pieces) == 0:
            return points
        table = points.reshape(len(pieces), -1)
        kept = (table > ends[pieces, None]) & (table < ends[pieces + 1, None])
        return table[kept]

    @property
    def log_normaliser(self) -> float:
        """log ∫ exp(h), where h is normalised to 0 at its highest knot; NotNormalisableError where it is infinite."""
        self.require("the score")
        return self._log_total

    @property
    def normaliser(self) -> float:
        """∫ exp(h), as in ``log_normaliser``."""
        return math.exp(self.log_normaliser)

    @property
    def support(self) -> tuple[float, float]:
        """Where h exceeds its maximum over the knots less 100."""
        self.require("the score")
        x, h, s, a = self._knots, self._logs, self._scores, self._slopes
        top = float(h.max())
        kept = np.flatnonzero(h >= top - _DEPTH)
        first, last = (int(kept[0]), int(kept[-1])) if len(kept) else (len(x) // 2, len(x) // 2)
        low = float(x[first - 1]) if first > 0 else x[0] - _reach(float(h[0]) - top, -float(s[0]), float(a[0]))
        high = float(x[last + 1]) if last < len(x) - 1 else x[-1] + _reach(float(h[-1]) - top, s[-1], float(a[-1]))
        return float(low), float(high)

    def _log_pdf(self, x: FloatArray) -> FloatArray:
        piece = np.searchsorted(self._knots, x, side="left")
        end = self._anchor[piece]
        with np.errstate(over="ignore"):
            u = x - self._knots[end]
            value = self._logs[end] + u * (self._scores[end] + 0.5 * self._slopes[piece] * u)
        return value - self._log_total

    def cdf(self, x: ArrayLike) -> FloatOrArray:
        """P(X ≤ x) for a number or an array of any shape; accurate relative to 1, errors as in `log_pdf`."""
        points = checks.array("x", x, shape=None)
        self.require("the density")
        t = points.reshape(-1)
        knots, h, s, a = self._knots, self._logs, self._scores, self._slopes
        below = np.append(0.0, np.cumsum(self._mass))
        piece = np.searchsorted(knots, t, side="left")
        value = np.empty(len(t))
        for i in np.flatnonzero((piece == 0) | (piece == len(knots))):
            k = 0 if piece[i] == 0 else len(knots) - 1
            u, bend, sign = float(t[i] - knots[k]), float(a[piece[i]]), 1.0 if k or piece[i] else -1.0
            here, slope = float(h[k]) + u * (float(s[k]) + 0.5 * bend * u), float(s[k]) + bend * u
            tail = math.exp(min(log_tail_integral(here, sign * slope, bend) - self._log_total, 0.0))
            value[i] = 1.0 - tail if sign > 0.0 else tail
        inner = np.flatnonzero((piece > 0) & (piece < len(knots)))
        p = piece[inner]
        u = t[inner] - knots[p - 1]
        end = self._log_pdf(t[inner]) + self._log_total
        part = log_piece_integrals(u, h[p - 1], end, s[p - 1], s[p - 1] + a[p] * u, a[p])
        value[inner] = below[p] + np.exp(part - self._log_total)
        value = np.clip(value, 0.0, 1.0).reshape(points.shape)
        return value if points.shape else float(value)

    def expected_log_pdf(self, weights: FloatArray, means: FloatArray, stds: FloatArray) -> tuple[float, float]:
        """E log p(X) for X ~ Σ_j weights_j N(means_j, stds_j²), and a bound of its rounding error."""
        value, size = piecewise_scores.expected_log(
            weights, means, stds, self._knots, self._scores, self._slopes, self._logs, *_FOUR, *_FEW, *_MANY
        )
        return value - self._log_total, 16.0 * _EPS * (size + abs(self._log_total) + 1.0)


def _reach(height: float, slope: float, bend: float) -> float:
    """How far a tail from ``height`` (relative to the top) with slope ≤ or > 0 goes before it is `_DEPTH` below."""
    drop = max(height + _DEPTH, 0.0)
    if bend == 0.0:
        return drop / -slope
    root = math.sqrt(slope * slope - 2.0 * bend * drop)
    return (slope + root) / -bend if slope > 0.0 else 2.0 * drop / (root - slope) if root > slope else 0.0


def _exact_sum(one: FloatArray, two: FloatArray) -> float:
    """Σ one_i two_i with an exact sign: in floats, double-double numbers or fractions, the first that decides."""
    size = float(np.abs(one) @ np.abs(two))
    value = float(one @ two)
    if abs(value) > 1e-8 * size:  # a sum of 1e8 terms is not that wrong
        return value
    value = piecewise_scores.dot(one, two)[0]
    if abs(value) > 1e-20 * size:
        return value
    exact = sum((Fraction(float(a)) * Fraction(float(b)) for a, b in zip(one, two, strict=True)), Fraction(0))
    return float(exact) or (math.copysign(5e-324, exact) if exact else 0.0)


def _tail(theta: FloatArray, w: FloatArray, b: FloatArray, sign: float) -> tuple[bool, float]:
    """Whether exp(∫s) is integrable at sign·∞, and the slope of √m s there; both without rounding of the sums."""
    active = sign * w > 0.0
    slope = _exact_sum(theta[active], w[active])
    if slope != 0.0:
        return slope < 0.0, slope
    active |= (w == 0.0) & (b > 0.0)
    return sign * _exact_sum(theta[active], b[active]) < 0.0, 0.0


def score_density(features: RandomFeatures, parameters: ArrayLike, time: float) -> ScoreDensity:
    """The density p with ∇log p(x) = s_Θ(x, t) for a one-dimensional network.

    s is piecewise linear with at most m breakpoints −u_i·e(t)/w_i, so log p is piecewise quadratic, and normaliser,
    distribution function and `kl_divergence` from a mixture are sums of closed pieces.

    ``features``: RandomFeatures with dim 1. ``parameters``: Θ, (1, m). ``time`` t ≥ 0.

    Returns a density with .outcome: "normalisable", or "left tail not integrable", "right tail not integrable", "both
    tails not integrable" (decided by exact signs: the score's slope, or its limit where that is 0), or "normaliser not
    representable" in double precision. Where it is not "normalisable", .pdf, .log_pdf, .cdf and .normaliser raise
    NotNormalisableError. Values are accumulated in double-double arithmetic: log p has a relative error of some units
    in the last place of max(|h|, |log normaliser|), h relative to the mode. ValueError for another dimension or
    shape, or a breakpoint beyond 1e100. Source: LLZB eq. (11) at t = 0.
    """
    checks.instance("features", features, RandomFeatures, "build it with RandomFeatures.sample(…)")
    if features.dim != 1:
        raise ValueError(f"features must have dim 1; got dim {features.dim}; a score-density is one-dimensional")
    theta = checks.array("parameters", parameters, shape=(1, features.width))[0]
    t = checks.real("time", time, minimum=0.0)
    w, b = features.weights[:, 0], features.intercepts([t])[0]
    moving = (w != 0.0) & (theta != 0.0)
    knots = np.zeros(int(moving.sum()) + 1)  # the last one is the anchor 0, without a kink
    with np.errstate(over="ignore", under="ignore"):
        np.divide(-b[moving], w[moving], out=knots[:-1])
    if not (np.abs(knots) <= _FARTHEST).all():
        raise ValueError(
            f"features must have breakpoints of magnitude at most {_FARTHEST:g} at the time {t:g}; got "
            f"{np.abs(knots).max():g}; set such weights to 0"
        )
    size = np.append(np.abs(w[moving]), 0.0)
    strength = np.append(theta[moving], 0.0)
    falling = np.append(w[moving] < 0.0, False)
    left, left_slope = _tail(theta, w, b, -1.0)
    right, right_slope = _tail(theta, w, b, 1.0)
    names = {(False, True): "left tail", (True, False): "right tail", (False, False): "both tails"}
    outcome = NORMALISABLE if left and right else f"{names[left, right]} not integrable"
    start = theta[b > 0.0], b[b > 0.0]
    table = _table(knots, strength, size, falling, start)
    if outcome == NORMALISABLE:
        table = _anchored_at_mode(knots, strength, size, falling, start, table)
    x, slopes, scores, logs = table
    for k, slope in ((0, left_slope), (-1, right_slope)):  # the sums' exact signs, where the recurrence lost them
        if slope == 0.0 or slope * slopes[k] <= 0.0:
            slopes[k] = slope
    scale = 1.0 / math.sqrt(features.width)
    return ScoreDensity(x, slopes * scale, scores * scale, logs * scale, outcome)


Table = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def _table(
    knots: FloatArray, strength: FloatArray, size: FloatArray, falling: FloatArray, start: tuple[FloatArray, FloatArray]
) -> Table:
    """Sorted knots, slopes, scores and logs (0 at the highest knot) without the factor 1/√m."""
    order = np.argsort(knots, kind="stable")
    x = knots[order]
    zero = int(np.searchsorted(x, 0.0))
    left = np.where(falling, knots >= 0.0, knots < 0.0)  # active just left of the anchor
    signed = np.where(falling, -size, size)
    slope = piecewise_scores.dot(strength[left], signed[left])
    slopes, (scores, logs, tails) = np.empty(len(x) + 1), np.empty((3, len(x)))
    piecewise_scores.tabulate(
        x, strength[order], size[order], zero, piecewise_scores.dot(*start), slope, scores, slopes, logs, tails
    )
    top = int(np.argmax(logs))
    return x, slopes, scores, (logs - logs[top]) + (tails - tails[top])


def _anchored_at_mode(
    knots: FloatArray,
    strength: FloatArray,
    size: FloatArray,
    falling: FloatArray,
    start: tuple[FloatArray, FloatArray],
    table: Table,
) -> Table:
    """The table with a knot at the highest point of h, where that is far above all knots: heights count from there."""
    x, slopes, scores, logs = table
    left = np.append(math.inf, scores)  # the score at the left and right ends of each piece
    right = np.append(scores, -math.inf)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        end = np.where(left < -right, np.append(0, np.arange(len(x))), np.minimum(np.arange(len(x) + 1), len(x) - 1))
        shift = scores[end] / -slopes
        height = np.where((left > 0.0) & (right < 0.0) & (slopes < 0.0), logs[end] + 0.5 * scores[end] * shift, -np.inf)
    best = int(np.argmax(height))
    if not height[best] > _TALL or not abs(mode := float(x[end[best]] + shift[best])) <= _FARTHEST:
        return table
    return _table(
        np.append(knots, mode), np.append(strength, 0.0), np.append(size, 0.0), np.append(falling, False), start
    )
