"""Streams, counts of violations and sequential tests, held to exact probabilities and to their definitions."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr

from numerics import EndpointViolation, MeanNormViolation, PathViolation, mean_norms, violation_blocks
from numerics.kernels.violations import path_counts
from numerics.statistics import streams
from numerics.statistics.sequential import BernoulliTest, BoundedMeanTest
from numerics.statistics.streams import Tag
from verify.evidence.calibration import Instrument, Reading

SIGMAS = 6.5
"""Standard deviations that a count may be off: the draws are the same in every audit."""
SAMPLES = 1 << 14


def _chance(count: float, samples: int, exact: float, at: str) -> Reading:
    """A frequency and its probability."""
    spread = SIGMAS * math.sqrt(max(exact * (1.0 - exact), 1.0 / samples) / samples)
    return Reading(at=at, measured=count / samples, exact=exact, error=spread)


def _streams() -> Iterator[Reading]:
    """A stream is NumPy's own at the key below the root's; every sample has its numbers, whatever the pieces are."""
    top = np.random.SeedSequence(7, spawn_key=(3, 1))
    for key in ((), (5,), (2, 9, 4)):
        exact = np.random.SeedSequence(7, spawn_key=(3, 1, *key)).generate_state(4)
        yield Reading(at=f"the key {key}", measured=streams.child(top, *key).generate_state(4), exact=exact, error=0.0)
    whole = streams.generator(5, Tag.PATH, 1).standard_normal((40, 1000))
    pieces = [part.copy() for _, part in streams.normals(streams.generator(5, Tag.PATH, 1), 40, 1000)]
    yield Reading(at="normals in pieces", measured=np.concatenate(pieces), exact=whole, error=0.0)
    blocks = streams.in_order(lambda _root, block, count: (block, count), 7, samples=23, rng=0, workers=1)
    yield Reading(at="blocks of samples", measured=list(blocks), exact=[(0, 7), (1, 7), (2, 7), (3, 2)], error=0.0)
    numbers = list(streams.in_order(_first, 1, samples=3, rng=11, workers=1))
    yield Reading(at="blocks apart", measured=len(set(numbers)), exact=3, error=0.0)


def _first(root: np.random.SeedSequence, block: int, _count: int) -> float:
    return float(streams.generator(root, Tag.ENDPOINT, block, 0).random())


STREAMS = Instrument(name="random streams", readings=_streams)

# Violations ----------------------------------------------------------------------------------------------------------


def _endpoints() -> Iterator[Reading]:
    for start, scale, std, bound in (([0.5], 0.8, 1.2, 1.5), ([1.0, -2.0, 0.25], 0.5, 0.7, 1.25)):
        shift = scale * np.array(start)
        inside = ndtr((bound - shift) / std) - ndtr((-bound - shift) / std)
        event = EndpointViolation(initial=np.array(start), mean_scale=scale, std=std, bound=bound)
        blocks = list(violation_blocks(event, samples=SAMPLES, rng=1))
        yield _chance(sum(block.lower for block in blocks), SAMPLES, 1.0 - float(inside.prod()), f"an end from {start}")


def _one_cell() -> Iterator[Reading]:
    """Bridges from x to y over one cell of length Δ cross ±a with probability e^{−2(a−x)(a−y)/Δ} + the same below."""
    barrier, bound = 1.0, 1.0
    for x, y, length in ((0.5, 0.7, 0.3), (-0.5, -0.7, 0.3), (0.0, 0.25, 2.5), (0.9, 0.9, 0.01), (-0.75, -0.5, 0.04)):
        normals = np.full((SAMPLES, 1, 1), (y - x) / math.sqrt(length))
        one = np.array([length]), np.ones(2), np.array([barrier])
        lower, upper = path_counts(normals, np.uint64(12345), 0, np.array([x]), *one, bound)
        both = (2.0 * (barrier - x) * (barrier - y) / length, 2.0 * (barrier + x) * (barrier + y) / length)
        yield Reading(at=f"ends inside from {x}", measured=lower, exact=0, error=0.0)
        exact = min(sum(math.exp(-part) for part in both), 1.0)
        yield _chance(upper, SAMPLES, exact, f"a bridge from {x} to {y} in {length}")


def _paths() -> Iterator[Reading]:
    """Two coordinates, three cells: each path is walked again with its own normals."""
    start, clock, scale, bound = [0.4, -0.2], [0.3, 0.7, 1.5], [0.9, 0.75, 0.5], 1.1
    event = PathViolation(initial=np.array(start), clock=np.array(clock), mean_scale=np.array(scale), bound=bound)
    samples = min(event.block_size, SAMPLES)
    block = event.run(np.random.SeedSequence(3), 0, samples)
    rng = streams.generator(np.random.SeedSequence(3), Tag.PATH, 0, 0)
    rng.integers(0, 1 << 64, dtype=np.uint64)
    steps, r = np.diff([0.0, *clock]), np.array([1.0, *scale])
    walk = np.cumsum(rng.standard_normal((samples, 3, 2)) * np.sqrt(steps)[:, None], axis=1) + start
    places = np.concatenate([np.broadcast_to(start, (samples, 1, 2)), walk], axis=1)
    outside = (r[:, None] * np.abs(places) > bound).any(axis=(1, 2))
    yield Reading(at="paths outside at a grid time", measured=block.lower, exact=int(outside.sum()), error=0.0)
    a, x, y = (bound / np.maximum(r[:-1], r[1:]))[:, None], places[:, :-1], places[:, 1:]
    with np.errstate(over="ignore"):
        cross = np.exp(-2.0 * (a - x) * (a - y) / steps[:, None]) + np.exp(-2.0 * (a + x) * (a + y) / steps[:, None])
    beyond = (np.abs(x) >= a) | (np.abs(y) >= a)
    stays = np.where(beyond, 0.0, 1.0 - np.minimum(cross, 1.0)).prod(axis=(1, 2))
    exact = float(np.where(outside, 1.0, 1.0 - stays).mean())
    yield _chance(block.upper, samples, exact, "paths that cross a barrier")


def _means() -> Iterator[Reading]:
    """E‖mean − E‖² is M²/n for signs and for the sphere, (1 − 1/d) M²/n for vertices."""
    for law, part in (("rademacher", 1.0), ("sphere", 1.0), ("vertex", 1.0 - 1.0 / 3)):
        norms = mean_norms(law=law, count=5, dim=3, radius=2.0, samples=SAMPLES, rng=2)
        squares, exact = norms**2, part * 4.0 / 5
        error = SIGMAS * float(squares.std()) / math.sqrt(SAMPLES)
        yield Reading(at=f"the mean of {law} vectors", measured=squares.mean(), exact=exact, error=error)
        yield Reading(at=f"its largest norm, {law}", measured=float(norms.max() > 2.0 + 1e-12), exact=0.0, error=0.0)
        single = mean_norms(law=law, count=1, dim=3, radius=2.0, samples=50, rng=2)
        error = 1e-13
        yield Reading(at=f"one {law} vector", measured=single, exact=2.0 * math.sqrt(part), error=error)
        event = MeanNormViolation(law=law, count=5, dim=3, radius=2.0, bound=1.0)
        count = sum(block.lower for block in violation_blocks(event, samples=SAMPLES, rng=2))
        yield Reading(at=f"violations of {law}", measured=count, exact=int((norms > 1.0).sum()), error=0.0)


def _violations() -> Iterator[Reading]:
    yield from _streams()
    yield from _endpoints()
    yield from _one_cell()
    yield from _paths()
    yield from _means()


VIOLATIONS = Instrument(name="counts of violations", readings=_violations)

# Sequential tests ----------------------------------------------------------------------------------------------------


def _log_mixture(count: int, trials: int, p: float) -> float:
    """log of ∫ q^s (1−q)^f dBeta(½, ½)(q) over p^s (1−p)^f."""
    f = trials - count
    mixed = math.lgamma(count + 0.5) + math.lgamma(f + 0.5) - math.lgamma(trials + 1.0) - math.log(math.pi)
    return mixed - count * math.log(p) - f * math.log1p(-p)


def _coins() -> Iterator[Reading]:
    alpha = 1e-3
    for count, trials, p in ((3, 40, 0.05), (30, 40, 0.5), (0, 500, 0.05), (7, 1000, 0.05)):
        test = BernoulliTest(p, alpha)
        test.update(count, trials)
        exact, at = _log_mixture(count, trials, p), f"{count} of {trials} against {p}"
        yield Reading(at=at, measured=test.log_e_value(p), exact=exact, error=1e-11 * trials)
        verdict = "undecided" if exact < math.log(1 / alpha) else "supported" if count < p * trials else "refuted"
        yield Reading(at=f"the decision on {at}", measured=float(test.decision == verdict), exact=1.0, error=0.0)
        ends = [end for end in test.interval() if 0.0 < end < 1.0]
        found = [_log_mixture(count, trials, end) for end in ends]
        yield Reading(at=f"the interval of {at}", measured=found, exact=math.log(1 / alpha), error=1e-6)
        yield Reading(at=f"its ends at {at}", measured=len(ends), exact=1 + (count > 0), error=0.0)


def _log_capital(values: np.ndarray, mean: float, side: int) -> float:
    """log of the average over the fractions 15/16 and 2^−k of the products of 1 + c (x − m)/m, or of the mirrored."""
    return float(_log_capitals(values, mean, side)[-1])


def _log_capitals(values: np.ndarray, mean: float, side: int) -> np.ndarray:
    bets = np.array([15 / 16, *(2.0**-k for k in range(1, 21))])[:, None]
    gains = (values - mean) / mean if side == 0 else (mean - values) / (1.0 - mean)
    return np.log(np.mean(np.cumprod(1.0 + bets * gains, axis=1), axis=0))


def _means_of_ranges() -> Iterator[Reading]:
    rng, alpha = np.random.default_rng(8), 0.01
    low, high = -1.0, 3.0
    for shape, bound in ((0.3, 1.0), (3.0, 1.0), (0.9, 1.0)):
        values = low + (high - low) * rng.beta(2.0, 2.0 * shape, 300)
        test = BoundedMeanTest(low, high, bound, alpha)
        for part in np.split(values, 3):
            test.update(part)
        unit, mean = (values - low) / (high - low), (bound - low) / (high - low)
        capital = [_log_capital(unit, mean, side) for side in (0, 1)]
        at = f"values of mean {values.mean():.3f} against {bound}"
        yield Reading(at=at, measured=test.log_e_values(bound), exact=capital, error=1e-9)
        crossed = [
            int(np.argmax(np.append(_log_capitals(unit, mean, side) >= math.log(2 / alpha), True))) for side in (0, 1)
        ]
        verdict = "undecided" if min(crossed) == 300 else "refuted" if crossed[0] < crossed[1] else "supported"
        yield Reading(at=f"the decision on {at}", measured=float(test.decision == verdict), exact=1.0, error=0.0)
        ends = test.interval()
        found = [_log_capital(unit, (end - low) / (high - low), side) for side, end in enumerate(ends)]
        yield Reading(at=f"the interval of {at}", measured=found, exact=math.log(2 / alpha), error=1e-5)


def _tests() -> Iterator[Reading]:
    yield from _coins()
    yield from _means_of_ranges()


TESTS = Instrument(name="sequential tests", readings=_tests)
