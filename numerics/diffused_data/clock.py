"""Integrals over the diffusion time in the clock u = log(std²/mean_scale²): there ½ ∫ g² f dt = ½ ∫ std² f du.

For every linear SDE d(std²/mean_scale²) = (g²/mean_scale²) dt, hence g² dt = std² du; and in u the integrands of the
second paper are smooth at scale 1 from the first noise to the last trace of the data.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from numerics import checks
from numerics.checks.aliases import FloatArray, IntArray, TimesFunction
from numerics.densities.divergence import GAUSS_KRONROD_NODES, GAUSS_KRONROD_WEIGHTS
from numerics.networks.score_network import at_times

_WIDTH = 2.5  # of first panels: the nearest pole of 1/(1 + e^u) is π away, and the Gauss rule has 10 nodes
_MOST_PANELS = 64
_ROUNDS = 24
_BISECTIONS = 64
_LEAST = 1e-15  # nats: below, integrands are rounding
_MOST_AT_ONCE = 1 << 10  # panels: beyond, the error estimate says what is left


class Nodes(NamedTuple):
    """Times with mean scale and std, all (k,)."""

    times: FloatArray
    mean_scale: FloatArray
    std: FloatArray


Values = tuple[FloatArray, FloatArray]
"""Values (j, m) at j times, and their errors (j, m)."""


class Clock:
    """The clock of a forward process between ``start`` and the last of the horizons."""

    def __init__(self, mean_scale: TimesFunction, std: TimesFunction, start: float, horizons: FloatArray):
        self.mean_scale, self.std = mean_scale, std
        ends = np.concatenate([[start], horizons])
        self.ends = self._at(ends)
        if (np.diff(self.ends) <= 0.0).any():
            checks.refuse("std", "grow faster than mean_scale", std, "pass those of a forward process with noise")
        self.start, self.horizon = start, float(ends[-1])

    def _at(self, times: FloatArray) -> FloatArray:
        r, s = forward_at(self.mean_scale, self.std, times)
        if r.min() < 1.0 / checks.LARGEST:
            checks.refuse("horizon", f"leave a mean scale of {1 / checks.LARGEST:g}", times[-1], "pass a smaller one")
        return 2.0 * (np.log(s) - np.log(r))

    def nodes(self, clock: FloatArray) -> Nodes:
        """The times at which the clock shows given values (k,), by bisection of the logarithm of time."""
        low = np.full(len(clock), np.log(self.start))
        high = np.full(len(clock), np.log(self.horizon))
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            early = self._at(np.exp(middle)) < clock
            low, high = np.where(early, middle, low), np.where(early, high, middle)
        times = np.clip(np.exp(0.5 * (low + high)), self.start, self.horizon)
        return Nodes(times, *forward_at(self.mean_scale, self.std, times))

    def panels(self, width: float) -> tuple[FloatArray, FloatArray, IntArray]:
        """Low and high ends of panels between the horizons, and the number of the horizon that each comes before."""
        lengths = np.diff(self.ends)
        width = max(width, float(lengths.sum()) / _MOST_PANELS)
        lows, highs, owners = [], [], []
        for k, length in enumerate(lengths):
            edges = np.linspace(self.ends[k], self.ends[k + 1], max(1, round(np.ceil(length / width))) + 1)
            lows += edges[:-1].tolist()
            highs += edges[1:].tolist()
            owners += [k] * (len(edges) - 1)
        return np.array(lows), np.array(highs), np.array(owners, dtype=np.intp)

    def integrals(
        self, function: Callable[[Nodes], Values], tolerance: float, *, width: float = _WIDTH
    ) -> tuple[FloatArray, FloatArray]:
        """½ ∫ g² f dt from the start to every horizon, (k, m), with estimates of the errors, (k, m).

        ``function``: nodes of j times -> values (j, m) and their errors (j, m), which are integrated too. Panels whose
        10/21-point Gauss–Kronrod pair differs by more than ``tolerance`` of the whole are halved; the first ones are
        as wide as ``width``.
        """
        low, high, owner = self.panels(width)
        done: list[tuple[IntArray, FloatArray, FloatArray]] = []
        whole = None
        for turn in range(_ROUNDS + 1):
            radius = 0.5 * (high - low)
            at = self.nodes((low[:, None] + radius[:, None] * (1.0 + GAUSS_KRONROD_NODES)).reshape(-1))
            f, wrong = (
                (0.5 * at.std[:, None] ** 2 * part).reshape(len(low), len(GAUSS_KRONROD_NODES), -1)
                for part in function(at)
            )
            sums = np.einsum("pkm,kw->pmw", f, GAUSS_KRONROD_WEIGHTS) * radius[:, None, None]
            value, error = sums[..., 0], np.abs(sums[..., 1])
            inner = np.einsum("pkm,k->pm", wrong, GAUSS_KRONROD_WEIGHTS[:, 0]) * radius[:, None]
            if whole is None:
                whole = np.abs(value).sum(axis=0)
            good = (error <= tolerance * (np.abs(value) + 0.1 * whole) + _LEAST).all(axis=1)
            if turn == _ROUNDS or len(low) > _MOST_AT_ONCE:
                good[:] = True
            done.append((owner[good], value[good], (error + inner)[good]))
            if good.all():
                break
            bad = ~good
            middle = 0.5 * (low + high)[bad]
            low, high, owner = (
                np.concatenate([low[bad], middle]),
                np.concatenate([middle, high[bad]]),
                np.concatenate([owner[bad], owner[bad]]),
            )
        owners, values, errors = (np.concatenate(part) for part in zip(*done, strict=True))
        count = len(self.ends) - 1
        total, slack = np.zeros((count, values.shape[1])), np.zeros((count, values.shape[1]))
        np.add.at(total, owners, values)
        np.add.at(slack, owners, errors)
        return total.cumsum(axis=0), slack.cumsum(axis=0)


def forward_at(mean_scale: TimesFunction, std: TimesFunction, times: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean scale and std > 0 at times (k,), checked: (k,) each."""
    return at_times("mean_scale", mean_scale, times, above=False), at_times("std", std, times, above=True)
