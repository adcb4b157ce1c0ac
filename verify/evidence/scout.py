"""Where to look: a claim in closed form evaluated in floats at thousands of instances at once.

Floats decide nothing here: they name instances that are then visited in balls. So a narrow hill, or one integer among a
million, does not have to be met by a few hundred draws.
"""

from __future__ import annotations

import numpy as np
import scipy

from theory.statement import Claim
from verify.evidence.chart import OCTAVES, Slot
from verify.evidence.domain import Domain, Instance, Integer, Real

MOST = 2**20
"""A domain of one integer field is looked at as a whole up to this many values."""
_NEIGHBOURS = 12
_NOISE = 1e-11
"""Relative gaps nearer to 0 are rounding errors of floats, as far as can be told without balls."""
_NAMED, _TIES = 12, 4
_RANKED = 2**15
"""Of more instances only the best are compared with their neighbours."""


def scouted(claim: Claim, domain: Domain, rng: np.random.Generator, count: int) -> list[Instance]:
    """The instances of ``count`` at which floats say that the claim is violated, or nearer to it than around them.

    A few at which floats cannot tell the sides apart are named with them.

    Empty where the domain holds arrays or choices, or the claim cannot be evaluated in floats.
    """
    entries = {name: entry for name, entry in domain.fields.items() if isinstance(entry, Real | Integer)}
    if len(entries) < len(domain.fields):
        return []
    slots = {name: Slot(name, None, entry) for name, entry in entries.items()}
    columns = _columns(slots, rng, count)
    try:
        found = claim.evaluate(**{name: _allowed(claim, name, column) for name, column in columns.items()})
    except ValueError:  # no closed form, or numbers outside a symbol's domain
        return []
    if found.left is None:
        return []
    gaps = _gaps(found.left, found.right)
    for met in found.hypotheses.values():
        gaps = np.where(met, gaps, np.nan)
    finite = np.isfinite(gaps)
    known, ties = (np.flatnonzero(finite & which) for which in (np.abs(gaps) > _NOISE, np.abs(gaps) <= _NOISE))
    if len(known) > _RANKED:
        known = known[np.argsort(-gaps[known], kind="stable")[:_RANKED]]
    places = np.stack([slot.units(columns[name][known]) for name, slot in slots.items()], axis=1)
    chosen = [*known[_peaks(places, gaps[known])], *rng.permutation(ties)[:_TIES]]
    return [{name: slots[name].fit(float(columns[name][k])) for name in slots} for k in chosen]


def _allowed(claim: Claim, name: str, column: np.ndarray) -> np.ndarray:
    symbol = next((symbol for symbol in claim.symbols if str(symbol) == name), None)
    return np.maximum(column, np.finfo(float).tiny) if symbol is not None and symbol.is_positive else column


def _gaps(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The relative gap as in `Outcome.gap`: its order where the signs differ, its sign everywhere."""
    with np.errstate(all="ignore"):
        difference = left - right
        relative = difference / np.maximum(np.abs(left), np.abs(right))
        return np.where(left * right > 0, relative, np.copysign(1 + np.log1p(np.abs(difference)), difference))


def _peaks(places: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """The highest points that are higher than their neighbours and all within four times the usual distance."""
    if len(gaps) <= _NEIGHBOURS:
        return np.argsort(-gaps, kind="stable")[:_NAMED]
    _, near = scipy.spatial.cKDTree(places).query(places, k=_NEIGHBOURS)
    peaks = np.flatnonzero(gaps >= np.max(gaps[near], axis=1))
    order = np.argsort(-gaps, kind="stable")
    ranks = np.empty(len(gaps), dtype=int)
    ranks[order] = np.arange(len(gaps))  # floats that are equal are told apart by their order
    chosen: list[int] = []
    apart = 4 * len(gaps) ** (-1 / places.shape[1])
    for k in peaks[np.argsort(ranks[peaks])]:
        distance = np.max(np.abs(places[order[: ranks[k]]] - places[k]), axis=1, initial=0.0)
        if distance.min(initial=1.0) >= apart:
            chosen.append(int(k))
            if len(chosen) == _NAMED:
                break
    return np.array(chosen, dtype=int)


def _columns(slots: dict[str, Slot], rng: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    """Numbers for every field: half of the instances spread over the ranges, half at every scale as in `scattered`."""
    if len(slots) == 1:
        (name, slot), *_ = slots.items()
        if isinstance(slot.entry, Integer) and slot.span < MOST:
            return {name: np.arange(slot.entry.low, slot.entry.high + 1, dtype=float)}
    spread, out = rng.random(count) < 0.5, {}
    for name, slot in slots.items():
        low, high = float(slot.entry.low), float(slot.entry.high)
        near = slot.span * 2.0 ** (-OCTAVES * rng.random(count))
        alike = [column for other, column in out.items() if slots[other].entry == slot.entry]
        around = alike[rng.integers(len(alike))] + rng.choice((-1.0, 1.0), count) * near if alike else low + near
        origin = np.where(rng.random(count) < 0.5, near, -near) if low < 0 < high else high - near
        kind = rng.integers(4, size=count)
        scales = np.choose(kind, (low + near, origin, around, np.full(count, np.nan)))
        bulk = slot.column(rng.random(count))
        column = np.where(spread | np.isnan(scales), bulk, np.clip(scales, low, high))
        out[name] = np.round(column) if isinstance(slot.entry, Integer) else column
    return out
