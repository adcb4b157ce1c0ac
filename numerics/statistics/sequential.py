"""Anytime-valid sequential tests: they may be looked at after every observation and stopped at will.

Each test carries an e-process, a nonnegative process of mean at most 1 under the hypothesis, which by Ville's
inequality (1939) ever reaches 1/α with probability at most α. Fixed-sample tests looked at repeatedly have no such
guarantee.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # whose `special` is loaded when it is used
from numpy.typing import ArrayLike

from numerics import checks
from numerics.checks.aliases import FloatOrArray
from numerics.statistics.intervals import level, outermost, probability

SUPPORTED, REFUTED, UNDECIDED = "supported", "refuted", "undecided"
JEFFREYS = (0.5, 0.5)
# Fractions of the largest admissible bet: halvings, since a bet within a factor 2 of the best one has at least 3/4 of
# its growth rate, down to 2^-20, the best one for deviations of a millionth of the distance to the end of the range.
BETS = np.array([15 / 16, *(2.0**-k for k in range(1, 21))])
BLOCK = 4096  # rows handled at once, to bound memory
EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a sequential test ended: its decision, the observations used, the interval and the error level α."""

    decision: str
    samples: int
    interval: tuple[float, float]
    alpha: float


def log_e_value(
    violations: ArrayLike, trials: ArrayLike, p: float, *, prior: tuple[float, float] = JEFFREYS
) -> FloatOrArray:
    """Logarithm of the beta-mixture e-value against the violation probability p; arrays broadcast.

    M_n(p) = B(a+s, b+n−s) / B(a, b) / (pˢ(1−p)ⁿ⁻ˢ) for s violations in n trials; under p a martingale from 1.
    It is +∞ where p excludes the data (p = 0 and s > 0, p = 1 and s < n). Source: Robbins 1970, with Ville 1939.
    """
    s = np.asarray(violations, dtype=float)
    f = np.asarray(trials, dtype=float) - s
    a, b = prior
    return (
        scipy.special.betaln(a + s, b + f)
        - scipy.special.betaln(a, b)
        - (scipy.special.xlogy(s, p) + scipy.special.xlog1py(f, -p))
    )


def _rounding(trials: float, p: float) -> float:
    """A bound on the rounding error of `log_e_value`: a few ulps of its largest terms."""
    terms = trials * (1 + math.log1p(trials) + (abs(math.log(p)) + abs(math.log1p(-p)) if 0 < p < 1 else 0.0))
    return 16 * EPS * (1 + terms)


def _path_rounding(n: int, m: float) -> float:
    """A bound on the rounding error of a log-capital after n bets: sums in blocks of terms of at most this size."""
    return EPS * (BLOCK + n / BLOCK) * n * (4 + abs(math.log(m)) + abs(math.log1p(-m)))


class BernoulliTest:
    """Test of the claim "violations have probability at most ``bound``", valid under continuous peeking.

    Guarantee, for i.i.d. trials with violation probability p and updates of any size, stopped at will:
    P(`interval` ever misses p) ≤ α; hence P(ever refute a true claim, p ≤ bound) ≤ α and P(ever support a false one,
    p > bound) ≤ α. The e-process is the beta mixture M_n of `log_e_value`: once M_n(bound) ≥ 1/α the claim is
    "supported" if s/n < bound and "refuted" if s/n > bound (M_n(p) is monotone in p on either side of s/n, so that
    every p beyond the bound is excluded with it). The first decision stands; later data still move the interval.
    The claim with bound 1 is true of everything, hence supported from the start; with bound 0 it can only be refuted.
    ``prior`` are the parameters of the beta mixture; they move the power, never the guarantee.
    Source: Ville 1939; Robbins 1970. ValueError unless 0 ≤ bound ≤ 1, 0 < alpha < 1 and the prior is positive.
    """

    def __init__(self, bound: float, alpha: float, *, prior: tuple[float, float] = JEFFREYS) -> None:
        a, b = checks.array("prior", prior, shape=(2,)).tolist()
        if not min(a, b) > 0.0:
            checks.refuse("prior", "be two positive numbers", prior, "(0.5, 0.5) is a good choice")
        self.bound, self.alpha, self.prior = probability("bound", bound), level(alpha), (a, b)
        self.violations = 0
        self.trials = 0
        self._decision = SUPPORTED if bound == 1 else UNDECIDED

    @property
    def samples(self) -> int:
        """The number of trials so far."""
        return self.trials

    @property
    def decision(self) -> str:
        """The first decision reached: "supported" or "refuted"; "undecided" so far."""
        return self._decision

    def update(self, violations: int, trials: int) -> str:
        """Add ``violations`` among ``trials`` new trials and return the decision.

        Raises ValueError or TypeError unless both are integers with 0 ≤ violations ≤ trials.
        """
        more = checks.integer("trials", trials, minimum=0, maximum=1 << 62)
        self.violations += checks.integer("violations", violations, minimum=0, maximum=more)
        self.trials += more
        if self._decision == UNDECIDED and self.trials:
            rate = self.violations / self.trials
            slack = _rounding(self.trials, self.bound)
            if rate != self.bound and self.log_e_value(self.bound) >= math.log(1 / self.alpha) + slack:
                self._decision = SUPPORTED if rate < self.bound else REFUTED
        return self._decision

    def log_e_value(self, p: float) -> float:
        """Logarithm of the e-value M_n(p) against the violation probability p."""
        return float(log_e_value(self.violations, self.trials, p, prior=self.prior))

    def interval(self) -> tuple[float, float]:
        """The anytime confidence interval {p : M_n(p) < 1/α}, rounded outwards; [0, 1] before any trial."""
        if not self.trials:
            return 0.0, 1.0
        rate = self.violations / self.trials
        level = math.log(1 / self.alpha)

        def excluded(p: float) -> bool:
            return self.log_e_value(p) >= level + _rounding(self.trials, p)

        return outermost(excluded, 0.0, rate), outermost(excluded, 1.0, rate)


class BoundedMeanTest:
    """Test of the claim "E X ≤ ``bound``" for X in [``lower``, ``upper``], valid under continuous peeking.

    Guarantee, for i.i.d. values (or any with conditional mean μ given the past), stopped at will:
    P(`interval` ever misses μ) ≤ α; P(ever refute a true claim) ≤ α/2 and P(ever support a false one) ≤ α/2. With X
    rescaled to [0, 1], two betting e-processes, each a uniform mixture over the fixed fractions c of `BETS`, have
    level α/2: K⁺_n(m) = mean_c Π(1 + c(Xᵢ − m)/m) speaks for μ > m, K⁻_n(m) = mean_c Π(1 + c(m − Xᵢ)/(1 − m)) for
    μ < m. K⁺ falls and K⁻ rises in m, so that one bound settles everything beyond it. Both are examined after every
    single value; the first decision stands. All values are kept (8 bytes each) for the inversion in `interval`, whose
    cost grows with their number. Source: Waudby-Smith & Ramdas 2024; Ville 1939.
    ValueError unless lower < bound < upper are finite and 0 < alpha < 1.
    """

    def __init__(self, lower: float, upper: float, bound: float, alpha: float) -> None:
        self.lower, self.upper, self.alpha = checks.real("lower", lower), checks.real("upper", upper), level(alpha)
        self.bound = checks.real("bound", bound)
        if not self.lower < self.bound < self.upper:
            checks.refuse("bound", f"lie inside (lower, upper) = ({self.lower:g}, {self.upper:g})", bound,
                          "a mean outside the range needs no test")  # fmt: skip
        self._values: list[np.ndarray] = []
        self._samples = 0
        self._capital = np.zeros((2, BETS.size))  # log-capitals of the bets on a larger and on a smaller mean
        self._decision = UNDECIDED

    @property
    def samples(self) -> int:
        """The number of values so far."""
        return self._samples

    @property
    def decision(self) -> str:
        """The first decision reached: "supported" or "refuted"; "undecided" so far."""
        return self._decision

    def update(self, values: ArrayLike) -> str:
        """Add a batch of values, in their order, and return the decision; an array of booleans counts as 0 and 1.

        Raises ValueError or TypeError for none, for NaN and for a value outside [lower, upper]; nothing is added then.
        """
        if isinstance(values, np.ndarray) and values.dtype == np.bool_:
            values = values.astype(float)
        batch = checks.array("values", values, shape=None).ravel()
        if batch.min() < self.lower or batch.max() > self.upper:
            checks.refuse("values", f"lie in [{self.lower:g}, {self.upper:g}]", batch,
                          "state the true range, the guarantee rests on it")  # fmt: skip
        scaled = np.clip((batch - self.lower) / (self.upper - self.lower), 0.0, 1.0)
        level = math.log(2 / self.alpha)
        mean = (self.bound - self.lower) / (self.upper - self.lower)
        for start in range(0, scaled.size, BLOCK):
            part = scaled[start : start + BLOCK]
            paths = self._capital[:, None, :] + np.cumsum(_log_factors(part, mean, (0, 1)), axis=1)
            if self._decision == UNDECIDED:
                slack = _path_rounding(self._samples + start + part.size, mean)
                crossed = _log_mean_exp(paths) >= level + slack
                first = np.where(crossed.any(axis=1), crossed.argmax(axis=1), BLOCK)
                if first.min() < BLOCK:
                    self._decision = REFUTED if first[0] < first[1] else SUPPORTED
            self._capital = paths[:, -1, :]
        self._values.append(scaled)
        self._samples += scaled.size
        return self._decision

    def log_e_values(self, mean: float) -> tuple[float, float]:
        """Logarithms of K⁺_n and K⁻_n at a candidate ``mean`` inside (lower, upper)."""
        value = checks.real("mean", mean, above=self.lower, below=self.upper)
        scaled = (value - self.lower) / (self.upper - self.lower)
        return self._log_e_value(scaled, 0), self._log_e_value(scaled, 1)

    def interval(self) -> tuple[float, float]:
        """The anytime confidence interval {m : K⁺_n(m) < 2/α and K⁻_n(m) < 2/α}, rounded outwards.

        Each end comes from 30 bisections (a billionth of the range), each a pass over all values.
        """
        if not self._samples:
            return self.lower, self.upper
        level = math.log(2 / self.alpha)
        average = float(np.concatenate(self._values).mean())
        ends = []
        for side, outer in ((0, 0.0), (1, 1.0)):
            # At an outer end other than the average the capital is infinite: that end is excluded without a look.
            def excluded(m: float, side: int = side) -> bool:
                return self._log_e_value(m, side) >= level + _path_rounding(self._samples, m)

            ends.append(outermost(excluded, outer, average, steps=30))
        width = self.upper - self.lower
        low, high = self.lower + width * ends[0], self.lower + width * ends[1]
        margin = 4 * EPS * (abs(self.lower) + abs(self.upper))  # of the rescaling
        return max(low - margin, self.lower), min(high + margin, self.upper)

    def _log_e_value(self, m: float, side: int) -> float:
        capital = np.zeros((1, BETS.size))
        for values in self._values:
            for start in range(0, values.size, BLOCK):
                capital += _log_factors(values[start : start + BLOCK], m, (side,)).sum(axis=1)
        return float(_log_mean_exp(capital)[0])


def required_samples(
    bound: float,
    truth: float,
    alpha: float,
    *,
    power: float = 0.95,
    prior: tuple[float, float] = JEFFREYS,
    max_samples: int = 10**12,
) -> int:
    """How many trials `BernoulliTest` needs in order to decide rightly with probability at least ``power``.

    Looked at after N trials, the test is decided rightly with a probability ≥ power that is computed exactly, as a
    binomial tail. Earlier looks add chances to decide, and a chance of at most α to decide wrongly on the way. N grows
    like log(√N/α)/KL(truth‖bound); the search starts at log(1/α)/KL, doubles, and ends within 1/1000 of the least N.
    Raises ValueError when truth = bound (no sample size decides), for numbers outside [0, 1], and beyond max_samples.
    """
    test = BernoulliTest(bound, alpha, prior=prior)
    if probability("truth", truth) == test.bound:
        checks.refuse("truth", f"differ from the bound {bound}", truth, "at equality no sample size decides")
    checks.real("power", power, above=0.0, below=1.0)
    if test.decision == SUPPORTED:
        return 0

    def reaches(n: int) -> bool:
        return _decides_at(n, test, truth) >= power

    divergence = _bernoulli_kl(truth, bound)
    n = max(1, math.ceil(min(math.log(1 / alpha) / divergence, max_samples))) if divergence else 1
    low = 0
    while not reaches(n):
        if n >= max_samples:
            raise ValueError(f"more than max_samples={max_samples} trials are needed to tell {truth} from {bound}")
        low, n = n, min(2 * n, max_samples)
    while n - low > max(1, n // 1000):  # the probability saws up and down with n: a near-minimal N is enough
        middle = (low + n) // 2
        low, n = (low, middle) if reaches(middle) else (middle, n)
    return n


def run(test: BernoulliTest | BoundedMeanTest, blocks: Iterable[Any], max_samples: int) -> Outcome:
    """Feed blocks to a test until it decides, ``max_samples`` observations are reached or the blocks end.

    A block is a pair (violations, trials) for a `BernoulliTest` and an array for a `BoundedMeanTest`; no further block
    is drawn after a decision. The last block may overshoot max_samples.
    """
    checks.integer("max_samples", max_samples)
    source = iter(blocks)
    while test.decision == UNDECIDED and test.samples < max_samples:
        block = next(source, None)
        if block is None:
            break
        if isinstance(test, BernoulliTest):
            test.update(*block)
        else:
            test.update(block)
    return Outcome(decision=test.decision, samples=test.samples, interval=test.interval(), alpha=test.alpha)


def _log_factors(values: np.ndarray, m: float, sides: tuple[int, ...]) -> np.ndarray:
    """Log-factors of all bets, shape (sides, n, bets): side 0 bets on a larger mean, side 1 on a smaller one."""
    gains = [(values - m) / m, (m - values) / (1 - m)]
    return np.log1p(np.stack([gains[side] for side in sides])[:, :, None] * BETS)


def _log_mean_exp(capital: np.ndarray) -> np.ndarray:
    top = capital.max(axis=-1)
    return top + np.log(np.exp(capital - top[..., None]).mean(axis=-1))


def _bernoulli_kl(p: float, q: float) -> float:
    return float(scipy.special.rel_entr(p, q) + scipy.special.rel_entr(1 - p, 1 - q))


def _decides_at(n: int, test: BernoulliTest, truth: float) -> float:
    """P(the test decides rightly when it is looked at after n trials): a binomial tail.

    M_n(bound) is log-convex in s and below 1 at s = n·bound, so that each decision is a tail of the counts.
    """
    level = math.log(1 / test.alpha) + _rounding(n, test.bound)

    def decides(s: int) -> bool:
        return s != n * test.bound and float(log_e_value(s, n, test.bound, prior=test.prior)) >= level

    below = truth < test.bound
    edge = math.floor(n * test.bound) if below else math.ceil(n * test.bound)  # not decided there
    far = 0 if below else n
    if not decides(far):
        return 0.0
    while abs(far - edge) > 1:
        middle = (far + edge) // 2
        far, edge = (middle, edge) if decides(middle) else (far, middle)
    if below:
        return 1.0 if far == n else float(1 - scipy.special.betainc(far + 1, n - far, truth)) if truth > 0 else 1.0
    return 1.0 if far == 0 else float(scipy.special.betainc(far, n - far + 1, truth))
