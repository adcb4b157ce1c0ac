"""Climbs towards a violation: the ratio and the signed gap of the two sides are made as large as they get.

Several starts that differ, Nelder–Mead in coordinates that keep what is nearly equal together, doubling steps for
integers, differential evolution, and rays at every scale from the instances where the two sides are equal: a constant
that is too small by little shows there only.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import numpy as np
import scipy
from flint import arb

from verify.evidence.chart import Chart, Slot, Space, scattered
from verify.evidence.confrontation import Outcome
from verify.evidence.domain import Choice, Instance, Integer, Real

Judge = Callable[[Outcome], float]
"""What a climb increases; nan where the two sides are equal or undefined."""
_APART = 0.08
"""A start for a climb is farther than this part of some range from all that is better."""
_MOST = 8
"""Coordinates that one simplex moves at most."""
_NOWHERE = 1e9


class Over(Exception):  # noqa: N818
    """Nothing is left to look for."""


class Spent(Exception):  # noqa: N818
    """The allowance of a phase is spent."""


@dataclass
class Hunt:
    """A search under way: how to visit an instance (None where it is rejected), and all that was seen.

    Visits beyond the allowance raise `Spent`; ``visit`` raises `Over` when nothing is left to look for.
    """

    space: Space
    visit: Callable[[Instance], Outcome | None]
    rng: np.random.Generator
    seen: list[tuple[Instance, Outcome]] = field(default_factory=list)
    allowance: float = math.inf

    def look(self, instance: Instance) -> Outcome | None:
        """Visit an instance at the expense of the allowance."""
        if self.allowance <= 0:
            raise Spent
        self.allowance -= 1
        outcome = self.visit(instance)
        if outcome is not None:
            self.seen.append((instance, outcome))
        return outcome

    @contextmanager
    def allow(self, count: int) -> Iterator[None]:
        """Run a phase with at most ``count`` visits of what is left; it ends with them."""
        before = self.allowance
        self.allowance = granted = min(before, float(count))
        try:
            with suppress(Spent):
                yield
        finally:
            self.allowance += before - granted

    def peaks(self, judge: Judge, count: int, since: int = 0) -> list[tuple[Instance, Outcome]]:
        """The best instances by a judge that are better than their neighbours, so that each stands for a basin.

        The first ``since`` that were seen are left out.
        """
        judged = ((judge(self.seen[k][1]), k) for k in range(since, len(self.seen)))
        scored = [(value, k) for value, k in judged if not math.isnan(value)]
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        better: dict[object, list[np.ndarray]] = {}
        chosen = []
        for _, k in scored:  # from the best down: a peak is what no better one is near to
            kind, place = self._place(self.seen[k][0])
            ahead = better.setdefault(kind, [])
            if not ahead or np.min(np.max(np.abs(np.array(ahead) - place), axis=1, initial=0.0)) >= _APART:
                chosen.append(self.seen[k])
                if len(chosen) == count:
                    break
            ahead.append(place)
        return chosen

    def ties(self, count: int) -> list[tuple[Instance, Outcome]]:
        """Instances at which the two sides are equal, each different from the others."""
        return self.peaks(lambda outcome: 0.0 if outcome.equal else math.nan, count)

    def _place(self, instance: Instance) -> tuple[object, np.ndarray]:
        units = self.space.units(instance)
        return (len(units), *(instance[name] for name in self.space.choices)), np.array(units)


def relative(outcome: Outcome) -> float:
    """The gap relative to the sides: what the ratio is, to full precision near 1."""
    return outcome.gap()


def absolute(outcome: Outcome) -> float:
    """The gap itself, which leads on where the signs of the sides differ."""
    return outcome.excess()


def above(level: arb) -> Judge:
    """The relative gap of what the sides have beyond a level."""
    return lambda outcome: outcome.gap(level)


def hunt_down(hunt: Hunt, effort: int) -> None:
    """Spend about seven times ``effort`` visits, until nothing is left to look for."""
    with suppress(Over):
        if _enumerate(hunt, 70 * effort):
            return
        with hunt.allow(7 * effort):
            with hunt.allow(3 * effort // 2):
                while True:
                    hunt.look(scattered(hunt.space.domain, hunt.rng))
            _climb_all(hunt, ((relative, 4), (absolute, 1), (above(arb(1)), 1)), effort // 3)
            rays(hunt, effort // 2)
            with hunt.allow(3 * effort // 2):
                evolve(hunt, relative)
            while hunt.allowance > 0:
                before = len(hunt.seen)
                with hunt.allow(effort // 3):
                    while True:
                        hunt.look(scattered(hunt.space.domain, hunt.rng))
                _climb_all(hunt, ((relative, 1), (absolute, 1)), effort // 3, since=before)


def _climb_all(hunt: Hunt, starts: Sequence[tuple[Judge, int]], effort: int, since: int = 0) -> None:
    for judge, count in starts:
        for start, _ in hunt.peaks(judge, count, since):
            with hunt.allow(effort):
                climb(hunt, Chart(hunt.space, start), judge)


def _enumerate(hunt: Hunt, most: int) -> bool:
    """Visit a whole finite domain, if it is small enough."""
    entries = hunt.space.domain.fields
    axes: list[Sequence[object]] = []
    for entry in entries.values():
        if isinstance(entry, Integer):
            axes.append(range(entry.low, entry.high + 1))
        elif isinstance(entry, Choice):
            axes.append(entry.options)
        else:
            return False
    if math.prod(map(len, axes)) > most:
        return False
    for values in itertools.product(*axes):
        hunt.look(dict(zip(entries, values, strict=True)))
    return True


# Climbs --------------------------------------------------------------------------------------------------------------


def climb(hunt: Hunt, chart: Chart, judge: Judge) -> None:
    """Increase a judge's value by turns of a simplex and of steps in the integers, as long as either helps."""
    best, loose = -math.inf, chart.loose
    while True:
        found, value = simplex(hunt, chart, judge)
        found, value = leaps(hunt, found, value, judge)
        if math.isinf(value) or value - best <= 1e-9 * abs(value):
            return
        best, loose = value, not loose
        chart = Chart(hunt.space, found, loose=loose)


def _value(hunt: Hunt, instance: Instance, judge: Judge) -> float:
    outcome = hunt.look(instance)
    value = math.nan if outcome is None else judge(outcome)
    return -math.inf if math.isnan(value) else value


def simplex(hunt: Hunt, chart: Chart, judge: Judge) -> tuple[Instance, float]:
    """Nelder–Mead in a chart's coordinates; the first simplex points inwards, so that no corner flattens it."""
    best = (chart.start, _value(hunt, chart.start, judge))
    moving = np.arange(len(chart.axes))
    if len(moving) == 0:
        return best
    if len(moving) > _MOST:
        moving = np.sort(hunt.rng.permutation(moving)[:_MOST])
    whole = chart.point

    def badness(part: np.ndarray) -> float:
        nonlocal best
        point = whole.copy()
        point[moving] = part
        instance = chart.instance(point)
        value = _value(hunt, instance, judge)
        if value > best[1]:
            best = (instance, value)
        return -value if math.isfinite(value) else math.copysign(_NOWHERE, -value)

    corners = [whole[moving]]
    for position, k in enumerate(moving):
        axis, corner = chart.axes[k], whole[moving].copy()
        step = axis.step if corner[position] + axis.step <= axis.high else -axis.step
        corner[position] += step
        corners.append(corner)
    limits = [(chart.axes[k].low, chart.axes[k].high) for k in moving]
    scipy.optimize.minimize(
        badness,
        corners[0],
        method="Nelder-Mead",
        bounds=limits,
        options={"initial_simplex": np.array(corners), "maxfev": 60 * len(moving), "xatol": 1e-9, "fatol": 1e-12},
    )
    return best


def leaps(hunt: Hunt, start: Instance, value: float, judge: Judge) -> tuple[Instance, float]:
    """Move every integer by halving steps, and every choice to its other options, keeping what is better."""
    best, current = start, value

    def better(instance: Instance) -> bool:
        nonlocal best, current
        found = _value(hunt, instance, judge)
        if found > current:
            best, current = instance, found
            return True
        return False

    for name, entry in hunt.space.domain.fields.items():
        for option in entry.options if isinstance(entry, Choice) else ():
            if option != best[name]:
                better({**best, name: option})
    groups: dict[Real | Integer, list[int]] = {}
    for k, slot in enumerate(hunt.space.slots(start)):
        if isinstance(slot.entry, Integer) and slot.span:
            groups.setdefault(slot.entry, []).append(k)
            _leap(hunt, [k], slot, lambda: best, better)
    for together in groups.values():  # along a ridge where they are equal none can move alone
        if len(together) > 1:
            _leap(hunt, together, hunt.space.slots(start)[together[0]], lambda: best, better)
    return best, current


def _leap(
    hunt: Hunt, moving: list[int], slot: Slot, best: Callable[[], Instance], better: Callable[[Instance], bool]
) -> None:
    def moved(step: int) -> bool:
        values = hunt.space.numbers(best())
        if moving[-1] >= len(values):  # an array has become shorter
            return False
        targets = [slot.fit(values[k] + step) for k in moving]
        if targets == [values[k] for k in moving]:
            return False
        for k, target in zip(moving, targets, strict=True):
            values[k] = target
        return better(hunt.space.with_numbers(best(), values))

    step = 2 ** max(int(slot.span).bit_length() - 2, 0)
    while step:
        for sign in (step, -step):
            if moved(sign):
                while moved(sign):
                    pass
                break
        step //= 2


# Rays from ties ------------------------------------------------------------------------------------------------------


def rays(hunt: Hunt, effort: int) -> None:
    """Leave instances of equality along each number at many scales, and climb from the best, counting from there."""
    for origin, tie in hunt.ties(3):
        level = tie.right.mid()
        judge = above(level)
        before = len(hunt.seen)
        with hunt.allow(effort // 2):
            for instance in _around(hunt.space, origin, hunt.rng):
                hunt.look(instance)
        for start, _ in hunt.peaks(judge, 1, before):
            with hunt.allow(effort // 2):
                climb(hunt, Chart(hunt.space, start, origin), judge)


def _around(space: Space, origin: Instance, rng: np.random.Generator) -> Iterator[Instance]:
    own, values = space.slots(origin), space.numbers(origin)
    free = [k for k, slot in enumerate(own) if slot.span > 0]
    for octave in (6, 1, 12, 20, 3, 30):
        for k in rng.permutation(free):
            for sign in (1, -1):
                moved = list(values)
                slot = own[k]
                moved[k] = slot.fit(values[k] + sign * max(slot.span * 2.0**-octave, isinstance(slot.entry, Integer)))
                if moved[k] != values[k]:
                    yield space.with_numbers(origin, moved)


# Differential evolution ----------------------------------------------------------------------------------------------


def evolve(hunt: Hunt, judge: Judge, size: int = 16) -> None:
    """Differential evolution (rand/1/bin, Storn and Price 1997) of a population of the best that differ.

    The differences of its members set the steps, so that they shrink with it and follow its valleys.
    """
    members = [(instance, judge(outcome)) for instance, outcome in hunt.peaks(judge, size)]
    while len(members) < size:
        instance = scattered(hunt.space.domain, hunt.rng)
        members.append((instance, _value(hunt, instance, judge)))
    while True:
        for k in range(size):
            others = hunt.rng.permutation(size - 1)[:3]
            parents = [members[int(j) + (int(j) >= k)][0] for j in others]
            child = _bred(hunt.space, members[k][0], parents, hunt.rng)
            value = _value(hunt, child, judge)
            if value >= members[k][1]:
                members[k] = (child, value)


def _bred(space: Space, target: Instance, parents: Sequence[Instance], rng: np.random.Generator) -> Instance:
    base = parents[0]
    own = space.slots(base)
    own_units, *units = [space.units(item) for item in (target, *parents)]
    if any(len(item) != len(own) for item in (own_units, *units)):  # arrays of other lengths
        return scattered(space.domain, rng)
    factor = 0.4 + 0.5 * rng.random()
    kept = rng.random(len(own)) < 0.2
    if len(own):
        kept[rng.integers(len(own))] = False
    values = space.numbers(target)
    for k in np.flatnonzero(~kept):
        unit = units[0][k] + factor * (units[1][k] - units[2][k])
        if unit < 0:
            unit = units[0][k] * rng.random()
        elif unit > 1:
            unit = 1 - (1 - units[0][k]) * rng.random()
        values[k] = own[k].at(unit)
    donor = target if rng.random() < 0.5 else base
    return space.with_numbers({**base, **{name: donor[name] for name in space.choices}}, values)
