"""Arguments at the ends of what floats and integers can say: every function answers, or refuses in words.

The calls are those of the tables of bad input (`test_bad_input.py` of every room); their numbers are replaced by
extreme ones, one by one or all of an argument scaled at once. What must come is a result without NaN, or a ValueError,
TypeError or ArithmeticError that names an argument: no warning, no other exception, no hang. Where there is a closed
form, the result is compared with mpmath, and an error or interval that is claimed must contain the truth.

The suite draws a sample with a fixed seed; ``FUZZ_TRIES=1000 FUZZ_SEED=7 pytest tests/fuzz`` draws that many for each
table and each closed form, others for every seed.
"""

import dataclasses
import importlib
import math
import os
import signal
import types
import warnings
from contextlib import contextmanager
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest

import numerics
from tests.bad_input import FINER
from theory import GaussianMixture

TRIES = int(os.environ.get("FUZZ_TRIES", "24"))
"""How many calls are tried per table and per closed form."""
SEED = int(os.environ.get("FUZZ_SEED", "0"))
WORK = {"samples", "sampling", "count", "replicas", "epochs", "steps", "cells", "first_replica", "size"}
"""Counts of work that is done as ordered, however long it takes: these are refused, or left as they are."""
TESTS = Path(__file__).resolve().parents[1]
SECONDS = 60
"""What a call may take; the slowest one found takes a tenth."""

ROOMS = {
    ".".join(path.relative_to(TESTS).parent.parts): importlib.import_module(
        ".".join(("tests", *path.relative_to(TESTS).with_suffix("").parts))
    )
    for path in sorted([*TESTS.glob("numerics/**/test_bad_input.py"), TESTS / "verify/bound/test_bad_input.py"])
}
MEASURED = {"numerics": None, "verify": {"theorem_1_inputs", "schedule", "time_function"}}
"""Of verify, what measures; bounds in exact arithmetic have tables of their own."""

SIZES = [0.0, 5e-324, 1e-310, 2.3e-308, 1e-300, 1e-200, 1e-154, 1e-120, 1e-61, 1e-30, 1e-16, 1e-8, 0.5, 1 - 2**-53, 1.0,
         1 + 2**-52, 3.0, 1e8, 2.0**53, 1e16, 1e30, 1e59, 1e60, 1e61, 1e154, 1e200, 1e308, 1.79e308]  # fmt: skip
COUNTS = [0, 1, 2, 7, 64, 2**31, 2**53 + 1, 10**9, 10**12, 10**18, 2**63, 10**400, -1, -(10**18)]
ODD = [math.nan, math.inf, -math.inf, np.float32(1e30), np.int8(-128), np.uint64(2**64 - 1), np.float16(6e4), 10**400]


def number(rng):
    if rng.random() < 0.1:
        return ODD[rng.integers(len(ODD))]
    size = SIZES[rng.integers(len(SIZES))] if rng.random() < 0.6 else float(10.0 ** rng.uniform(-308, 308))
    return -size if rng.random() < 0.25 else size


def arrays(rng):
    """Arrays of odd sizes and types, some too large for any memory (but of one stored number)."""
    return [
        np.zeros(0), np.zeros((0, 3)), np.zeros((3, 0)), np.array(1.0), np.full(3, number(rng)),
        np.array([1, 2], np.int8),
        np.array([1.0, 2.0], np.float32), np.array([True, False]), np.array([1.0, None]), np.array([1 + 0j]),
        np.broadcast_to(1.0, (10**6, 10**6)), np.broadcast_to(0.5, (10**13,)), np.zeros((1,) * 32),
    ][rng.integers(13)]  # fmt: skip


def extreme(value, rng, chance):
    """``value`` with some of its numbers replaced; objects are made anew from their fields."""
    if isinstance(value, (bool, str, np.random.Generator)) or value is None or callable(value):
        return value
    if isinstance(value, int):
        return COUNTS[rng.integers(len(COUNTS))] if rng.random() < chance else value
    if isinstance(value, float):
        return number(rng) if rng.random() < chance else value
    if isinstance(value, np.ndarray):
        return arrays(rng) if rng.random() < chance / 8 else extreme(value.tolist(), rng, chance)
    if isinstance(value, (list, tuple)):
        if rng.random() < chance / 8:
            return arrays(rng)
        return type(value)(extreme(part, rng, chance) for part in value) if type(value) in (list, tuple) else value
    return rebuilt(value, lambda part: extreme(part, rng, chance))


def scaled(value, factor):
    """``value`` with all of its numbers that are no counts times a factor: what was increasing remains so."""
    if isinstance(value, float):
        return value * factor
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        with np.errstate(all="ignore"):
            return value * factor
    if type(value) in (list, tuple):
        return type(value)(scaled(part, factor) for part in value)
    return rebuilt(value, lambda part: scaled(part, factor))


def rebuilt(value, change):
    if isinstance(value, GaussianMixture):
        parts = {name: [float(x) for x in getattr(value, name)] for name in ("weights", "means", "variances")}
        return types.SimpleNamespace(weights=parts.pop("weights"), **{name: change(x) for name, x in parts.items()})
    if isinstance(value, numerics.HistogramDensity):
        return numerics.histogram_density(change(value.edges), value.masses)
    made = isinstance(value, numerics.Training)  # a result, which no caller makes
    if not made and dataclasses.is_dataclass(value) and type(value).__module__.startswith("numerics."):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.init}
        # counts in an object are work, as those in WORK are
        return type(value)(**{name: part if isinstance(part, int) else change(part) for name, part in fields.items()})
    return value


def numbers(result):
    """Every number in a result; densities are asked for values at their ends and in the middle."""
    if isinstance(result, numerics.Density):
        if result.normalisable:
            low, high = result.support
            yield from numbers(result.log_pdf(np.clip([low, 0.5 * low + 0.5 * high, high], -1e60, 1e60)))
    elif isinstance(result, (float, np.ndarray, np.floating)):
        array = np.asarray(result)
        if array.dtype.kind == "f":
            yield array
    elif isinstance(result, (tuple, list)):
        for part in result:
            yield from numbers(part)
    elif isinstance(result, dict):
        for part in result.values():
            yield from numbers(part)
    elif isinstance(result, numerics.Training):  # what has diverged is NaN, and is said to have
        assert np.isfinite(result.losses[result.diverged_at < 0]).all()
        yield result.parameters[~result.diverged()]
    elif dataclasses.is_dataclass(result):
        for one in dataclasses.fields(result):
            yield from numbers(getattr(result, one.name))


@contextmanager
def in_time():
    def late(*_):
        raise TimeoutError(f"took more than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def fault_of(call, names, make):
    """What is wrong with the answer to the arguments that ``make`` gives, or None."""
    try:
        with warnings.catch_warnings(), in_time():
            warnings.simplefilter("error")
            result = call(**make())
            if isinstance(result, types.GeneratorType):
                result = next(result)
            if any(np.isnan(part).any() for part in numbers(result)):
                return f"has NaN in {result!r:.200}"
    except (ValueError, TypeError, ArithmeticError) as error:
        plain = type(error) in (ValueError, TypeError, ArithmeticError) or isinstance(error, FINER)
        if not plain and not type(error).__module__.startswith(("numerics.", "verify.", "theory.")):
            return f"raised {type(error).__name__}: {error}"
        return (
            None
            if any(name in str(error) for name in (*names, "needs about"))
            else f"names no argument: {error!s:.200}"
        )
    except Exception as error:  # warnings and time among them
        return f"raised {type(error).__name__}: {error!s:.200}"
    return None


def cases_of(room):
    chosen = MEASURED[room.split(".")[0]]
    return {
        name: case for name, case in ROOMS[room].CASES.items()
        if case.valid and not case.slow and (chosen is None or name in chosen)
    }  # fmt: skip


def words(value, name):
    """An argument's name and those of what it is made of."""
    yield name
    for part in ("weights", "means", "variances", "edges", "masses"):
        if hasattr(value, part):
            yield part
    if dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from words(getattr(value, one.name), one.name)


@pytest.mark.parametrize("room", ROOMS)
def test_extreme_arguments_are_answered_without_nan_or_refused_by_name(room):
    cases, faults = cases_of(room), {}
    for place, name in enumerate(cases):
        case = cases[name]
        names = {word for key, value in case.valid.items() for word in words(value, key)} | set(case.names.values()) - {
            ""
        }
        for trial in range(max(1, TRIES // len(cases))):
            rng = np.random.default_rng([SEED, place, trial])

            def make(rng=rng, case=case):
                chance, valid = rng.choice([0.0, 0.15, 0.5, 1.0]), dict(case.valid)
                for key in rng.permutation(sorted(set(valid) - WORK))[: rng.integers(1, len(valid) + 1)]:
                    value = valid[key]
                    valid[key] = (
                        extreme(value, rng, chance) if chance else scaled(value, 10.0 ** rng.integers(-300, 300))
                    )
                return valid

            found = fault_of(case.call, names, make)
            if found:
                faults[f"{name}, trial {trial}"] = found
    assert not faults


# Closed forms ---------------------------------------------------------------------------------------------------------


def law(*parts):
    return types.SimpleNamespace(**dict(zip(("weights", "means", "variances"), parts, strict=True)))


def gaussian_divergence(m1, v1, m2, v2):
    m1, v1, m2, v2 = map(mp.mpf, (m1, v1, m2, v2))
    return (v1 / v2 - 1 - mp.log(v1 / v2)) / 2 + (m1 - m2) ** 2 / (2 * v2)


def within(value, error, truth):
    """Whether a number with an error is the truth; one beyond the largest float may be infinite."""
    return abs(mp.mpf(value) - truth) <= error if abs(truth) < 1e300 else value > 1e299


def check_kl_divergence(m1, v1, m2, v2):
    truth = gaussian_divergence(m1, v1, m2, v2)
    found = numerics.kl_divergence(law([1.0], [m1], [v1]), law([1.0], [m2], [v2]), with_error=True)
    return within(found.value, found.error, truth) and found.error <= 1e-12 * (1 + found.value)


def check_split_kl_divergence(m1, v1, m2, v2):
    """The same by quadrature; the points of a law narrower than a unit in the last place of its mean are rounded."""
    p, q = law([0.25, 0.75], [m1, m1], [v1, v1]), law([1.0], [m2], [v2])
    found = numerics.kl_divergence(p, q, with_error=True)
    return within(found.value, found.error, gaussian_divergence(m1, v1, m2, v2))


def check_gaussian_kl(m1, v1, m2, v2):
    truth = gaussian_divergence(m1, v1, m2, v2)
    # v1/v2 is rounded before its logarithm is taken; next to 1 nothing cancels
    return within(numerics.gaussian_kl(m1, v1, m2, v2), 1e-13 * (1 + abs(truth)), truth)


def check_mixture_kl(m1, v1, m2, v2):
    low, high = numerics.mixture_kl(law([0.25, 0.75], [m1, m1], [v1, v1]), law([1.0], [m2], [v2])).interval
    return low <= gaussian_divergence(m1, v1, m2, v2) <= high


def check_mixture_entropy(m1, v1, _m2, _v2):
    low, high = numerics.mixture_entropy(law([0.5, 0.5], [m1, m1], [v1, v1])).interval
    return low <= mp.log(2 * mp.pi * mp.e * mp.mpf(v1)) / 2 <= high


def check_channel_information(m1, v1, _m2, v2):
    low, high = numerics.channel_information(law([1.0], [m1], [v1]), mean_scale=1.0, std=math.sqrt(v2)).interval
    truth = mp.log1p(mp.mpf(v1) / mp.mpf(math.sqrt(v2)) ** 2) / 2
    slack = 1e-14 * truth  # of log1p and of the squares of floats
    return low - slack <= truth <= high + slack


def check_fisher_information(m1, v1, _m2, _v2):
    truth = 1 / mp.mpf(v1)
    return within(
        numerics.fisher_information(means=[m1, m1], variances=[v1, v1], weights=[0.5, 0.5]), 1e-9 * truth, truth
    )


def check_histogram(m1, v1, m2, v2):
    """The density of a blurred cell at the distance of m2, and KL from the Gaussian of its noise."""
    width, std = math.sqrt(v1), math.sqrt(v2)
    edges = [m1, m1 + width]
    x = m1 + std * max(min(m2, 30.0), -30.0)
    found = numerics.histogram_density(edges, [1.0]).diffused(1.0, std).log_pdf(x)
    a, b = ((mp.mpf(x) - mp.mpf(edge)) / mp.mpf(std) / mp.sqrt(2) for edge in edges)
    share = mp.erfc(b) - mp.erfc(a) if a + b > 0 else mp.erfc(-a) - mp.erfc(-b)  # of the smaller tail
    truth = mp.log(share / 2 / (mp.mpf(edges[1]) - mp.mpf(edges[0])))
    z = float(min(abs(a), abs(b)))
    unit = 2.0**-52 * (1 + z) * (abs(x) + abs(m1)) / std  # x − edge where both are rounded
    return within(found, 256 * 2.0**-52 * (1 + z * z + abs(float(truth))) + 8 * unit, truth)


CLOSED = {name.removeprefix("check_"): check for name, check in list(globals().items()) if name.startswith("check_")}


@pytest.mark.parametrize("name", CLOSED)
def test_closed_forms_hold_at_every_scale(name):
    faults = []
    for trial in range(TRIES):
        rng = np.random.default_rng([SEED, len(name), trial])
        scale = float(10.0 ** rng.uniform(-25, 25)) if trial % 2 else float(10.0 ** rng.uniform(-2, 2))
        v1 = scale**2 * float(10.0 ** rng.uniform(-4, 4))
        v2 = v1 * float(rng.choice([1.0, 1 + 2**-50, 1 + 1e-9, 1 - 1e-5, 1.01, 10.0 ** rng.uniform(-6, 6)]))
        m1 = scale * float(rng.choice([0.0, 1.0, -30.0, 1e4])) + scale * float(rng.normal())
        m2 = m1 + math.sqrt(v1) * float(10.0 ** rng.uniform(-17, 2)) * float(rng.choice([-1, 0, 1]))
        with mp.workdps(60), warnings.catch_warnings(), in_time():
            warnings.simplefilter("error")
            try:
                right = CLOSED[name](m1, v1, m2, v2)
            except (ValueError, ArithmeticError) as error:
                right = any(word in str(error) for word in ("edges", "other must be within", "variances"))
        if not right:
            faults.append((trial, m1, v1, m2, v2))
    assert not faults
