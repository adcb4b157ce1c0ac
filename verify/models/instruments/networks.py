"""Trained networks, held to a training in plain NumPy with the same random numbers, and to the network's formula."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from numerics import Training, score_grid_density, score_grid_kl, train
from numerics.statistics import streams
from numerics.statistics.streams import Tag
from theory.mixture import GaussianMixture
from verify.evidence.calibration import Instrument, Reading
from verify.models.instruments.quadrature import normal_density, panels

_START, _HORIZON, _TURNS, _SCALE, _WIDTH = 1e-5, 1.0, 2, 16.0, 5
_EPOCHS, _BATCH, _SEED = 3, 2, 9
_DATA = {1: np.array([[-1.0], [0.5], [2.0], [0.25], [-0.75]]), 2: np.array([[0.5, -1.0], [1.5, 0.25], [-2.0, 1.0]])}


def _mean_scale(times: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * times)


def _std(times: np.ndarray) -> np.ndarray:
    return 0.1 + times


def _activated(z: np.ndarray, swish: bool) -> tuple[np.ndarray, np.ndarray]:
    """σ(z) and σ'(z)."""
    if not swish:
        return np.maximum(z, 0.0), (z > 0.0) * 1.0
    gate = 1.0 / (1.0 + np.exp(-z))
    return z * gate, gate * (1.0 + z * (1.0 - gate))


class _Plain:
    """The training of one replica, from the description of it."""

    def __init__(self, dim: int, optimizer: str, swish: bool, every: bool):
        self.data, self.swish, self.every, self.adam = _DATA[dim], swish, every, optimizer == "adam"
        n, d, F, m = len(self.data), dim, 2 * _TURNS, _WIDTH
        first, second, third, fourth = (streams.generator(_SEED, Tag.TRAINING, 0, k) for k in range(4))
        self.frequencies = 30.0 * first.standard_normal(_TURNS)
        shapes = [((m, d), d), ((m,), d), ((m, F), F), ((m,), F), ((d * m + d,), m)]
        W, b, V, c, last = ((2.0 * first.random(shape) - 1.0) / math.sqrt(fan) for shape, fan in shapes)
        self.parts = [np.hstack([W, V]), b, c, last[: d * m].reshape(d, m), last[d * m :]]
        self.uniforms = second.random((_EPOCHS, n))
        self.times = (_START + (_HORIZON - _START) * third.random(_EPOCHS * n)).reshape(_EPOCHS, n)
        self.noise = fourth.standard_normal((_EPOCHS, n, d))
        self.mean, self.square = ([np.zeros_like(part) for part in self.parts] for _ in range(2))
        self.steps, self.losses = 0, []
        for epoch in range(_EPOCHS):
            self.losses.append(self._epoch(epoch))

    def _epoch(self, epoch: int) -> float:
        n = len(self.data)
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            k = int(self.uniforms[epoch, i] * (i + 1))
            order[i], order[k] = order[k], order[i]
        total = 0.0
        for first in range(0, n, _BATCH):
            part = slice(first, min(first + _BATCH, n))
            t, z = self.times[epoch, part], self.noise[epoch, part]
            moved = _mean_scale(t)[:, None] * self.data[order[part]] + _std(t)[:, None] * z
            turns = 2.0 * math.pi * np.outer(t, self.frequencies)
            loss, slopes = self._gradient(np.hstack([moved, np.sin(turns), np.cos(turns)]), z)
            total += loss * len(t)
            self._step(slopes)
        return total / n

    def _gradient(self, inputs: np.ndarray, z: np.ndarray) -> tuple[float, list[np.ndarray]]:
        rows, b, c, A, a = self.parts
        hidden, slope = _activated(inputs @ rows.T + b + c, self.swish)
        miss = (hidden @ A.T + a) / _SCALE + z
        back = 2.0 * miss / (_SCALE * len(z))
        inner = (back @ A) * slope
        level = inner.sum(axis=0)
        return float(np.sum(miss**2)) / len(z), [inner.T @ inputs, level, level, back.T @ hidden, back.sum(axis=0)]

    def _step(self, slopes: list[np.ndarray]) -> None:
        self.steps += 1
        for k, slope in enumerate(slopes):
            if not self.every and k < 3:
                continue
            if not self.adam:
                self.parts[k] = self.parts[k] - 0.5 * slope
                continue
            self.mean[k] = 0.9 * self.mean[k] + 0.1 * slope
            self.square[k] = 0.999 * self.square[k] + 0.001 * slope**2
            mean, square = self.mean[k] / (1.0 - 0.9**self.steps), self.square[k] / (1.0 - 0.999**self.steps)
            self.parts[k] = self.parts[k] - 0.01 * mean / (np.sqrt(square) + 1e-8)

    @property
    def theta(self) -> np.ndarray:
        return np.concatenate([part.ravel() for part in self.parts])

    def score(self, x: np.ndarray, time: float) -> tuple[np.ndarray, np.ndarray]:
        """s and div s at points (k, d)."""
        rows, b, c, A, a = self.parts
        turns, d = 2.0 * math.pi * self.frequencies * time, x.shape[1]
        features = np.concatenate([np.sin(turns), np.cos(turns)])
        hidden, slope = _activated(x @ rows[:, :d].T + rows[:, d:] @ features + b + c, self.swish)
        scale = _SCALE * float(_std(np.array(time)))
        return (hidden @ A.T + a) / scale, slope @ np.einsum("ik,ki->k", A, rows[:, :d]) / scale


def _trained(dim: int, optimizer: str, swish: bool, every: bool) -> Training:
    return train(
        _DATA[dim],
        optimizer=optimizer,
        learning_rate=0.5 if optimizer == "sgd" else 0.01,
        batch_size=_BATCH,
        epochs=_EPOCHS,
        width=_WIDTH,
        replicas=1,
        rng=_SEED,
        mean_scale=_mean_scale,
        std=_std,
        output_scale=_SCALE,
        activation="swish" if swish else "relu",
        layers="all" if every else "last",
        checkpoints=[0, _EPOCHS],
        start=_START,
        horizon=_HORIZON,
    )


def _networks() -> Iterator[Reading]:
    x = {1: np.array([[-1.5], [0.0], [0.75], [40.0]]), 2: np.array([[0.5, -1.0], [-3.0, 2.0]])}
    for dim, optimizer, swish, every in (
        (1, "sgd", True, True), (2, "adam", True, True), (1, "adam", False, True), (2, "sgd", False, False),
    ):  # fmt: skip
        made, plain = _trained(dim, optimizer, swish, every), _Plain(dim, optimizer, swish, every)
        at = f"{optimizer} in {dim} dimensions, {'swish' if swish else 'relu'}"
        yield Reading(at=f"parameters of {at}", measured=made.parameters[0, -1], exact=plain.theta, error=1e-10)
        yield Reading(at=f"losses of {at}", measured=made.losses[0], exact=plain.losses, error=1e-10)
        network = made.network(0, 1)
        score, divergence = plain.score(x[dim], 0.3)
        yield Reading(at=f"the score, {at}", measured=network.score(x[dim], 0.3), exact=score, error=1e-9)
        yield Reading(
            at=f"its divergence, {at}", measured=network.divergence(x[dim], 0.3), exact=divergence, error=1e-9
        )
        if dim == 1:
            yield from _grid(made, plain, at)


def _grid(made: Training, plain: _Plain, at: str) -> Iterator[Reading]:
    """exp ∫ s on a grid, and its divergence from two modes."""
    grid = {"low": -4.0, "high": 5.0, "points": 31}
    x = np.linspace(-4.0, 5.0, 31)
    rows, b, c, _, _ = plain.parts
    turns = 2.0 * math.pi * plain.frequencies * 0.3
    level = rows[:, 1:] @ np.concatenate([np.sin(turns), np.cos(turns)]) + b + c
    cells = [
        float(rule @ plain.score(nodes[:, None], 0.3)[0][:, 0])
        for low, high in pairwise(x)
        for nodes, rule in [panels([low, high, *(k for k in -level / rows[:, 0] if low < k < high)])]
    ]
    logs = np.append(0.0, np.cumsum(cells))
    q = np.exp(logs - logs.max())
    q /= q.sum()
    density = score_grid_density(made, time=0.3, **grid)[0, -1]
    yield Reading(at=f"the density on a grid, {at}", measured=density, exact=q / 0.3, error=1e-8 * (q / 0.3).max())
    p = 0.3 * 0.5 * (normal_density(x, -2.0, 1.0) + normal_density(x, 2.0, 1.0))
    found = score_grid_kl(made, GaussianMixture.two_modes(2), time=0.3, **grid)
    exact = float(np.sum(p * (np.log(p) - np.log(q))))
    yield Reading(at=f"KL on a grid, {at}", measured=found.values[0, -1], exact=exact, error=1e-8)
    yield Reading(at=f"its error, {at}", measured=found.errors[0, -1], exact=0.0, error=1e-8)


NETWORKS = Instrument(name="trained networks", readings=_networks)
