"""U-Net score models of images in PyTorch: the network as a function of one vector of parameters, and one such network.

A replica's parameters are one vector, so that many replicas are a matrix, trained in one program (`unet_training`).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.backends.arrays import Array
from numerics.backends.torch_backend import TorchBackend, torch
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray, TimesFunction
from numerics.networks.score_network import at_times

GROUPS = 4
_ROWS = 512  # images that are evaluated at once


class Layers(NamedTuple):
    """The shape of a U-Net: images of height × width pixels, channels of its levels, features of its times."""

    height: int
    width: int
    channels: tuple[int, ...]
    embedding: int
    fourier_features: int

    @property
    def dim(self) -> int:
        """The number of pixels."""
        return self.height * self.width

    @property
    def size(self) -> int:
        """The number of parameters."""
        return sum(math.prod(shape) for _, shape, _ in self.parts())

    def sides(self) -> list[tuple[int, int]]:
        """Height and width at each level: halved, and rounded up."""
        return [(-(-self.height >> k), -(-self.width >> k)) for k in range(len(self.channels))]

    def parts(self) -> Iterator[tuple[str, tuple[int, ...], int]]:
        """The parameters in order: name, shape, and the number of inputs of what they belong to, 0 for a norm's."""
        E, c = self.embedding, self.channels
        yield from _affine("time", E, self.fourier_features)
        for k, out in enumerate(c):
            fan = 9 * (c[k - 1] if k else 1)
            yield f"down {k}", (out, fan // 9, 3, 3), fan
            yield from self._level(f"down {k}", out)
        for k in range(len(c) - 1, 0, -1):
            inputs = c[k] * (1 if k == len(c) - 1 else 2)
            yield f"up {k}", (inputs, c[k - 1], 3, 3), 9 * inputs
            yield from self._level(f"up {k}", c[k - 1])
        last = c[0] * (1 if len(c) == 1 else 2)
        yield "out", (1, last, 3, 3), 9 * last
        yield "out bias", (1,), 9 * last

    def _level(self, name: str, channels: int) -> Iterator[tuple[str, tuple[int, ...], int]]:
        """What follows a convolution: its time's dense layer and its norm."""
        yield from _affine(f"{name} time", channels, self.embedding)
        yield f"{name} gain", (channels,), 0
        yield f"{name} shift", (channels,), 0

    def initial(self, rng: np.random.Generator) -> FloatArray:
        """Fresh parameters (p,): U(±1/√inputs), PyTorch's default for these layers, gains 1 and shifts 0."""
        pieces = []
        for name, shape, fan in self.parts():
            if fan:
                pieces.append((2.0 * rng.random(math.prod(shape)) - 1.0) / math.sqrt(fan))
            else:
                pieces.append(np.full(math.prod(shape), 1.0 if name.endswith("gain") else 0.0))
        return np.concatenate(pieces)

    def named(self, theta: Array) -> dict[str, Array]:
        """Views of a tensor of parameters (p,), by name."""
        found, start = {}, 0
        for name, shape, _ in self.parts():
            found[name] = theta[start : start + math.prod(shape)].reshape(shape)
            start += math.prod(shape)
        return found

    def outputs(self, theta: Array, frequencies: Array, x: Array, level: tuple[Array, Array, Array]) -> Array:
        """std(t) · s(x, t) for points x (B, h w), and ``level``: times, scales r and deviations std (B,): (B, h w).

        With v² = r² + std² it is −(std/v²) x + (r/v) F(x/v, e(t)): what is exact for data N(0, I) where F = 0.
        """
        t, r, std = level
        v = (r * r + std * std).sqrt()[:, None]
        inner = (x / v).reshape(-1, 1, self.height, self.width)
        F = self._network(self.named(theta), inner, t[:, None] * frequencies)
        return (r[:, None] / v) * F.reshape(x.shape) - (std[:, None] / v**2) * x

    def _network(self, p: dict[str, Array], x: Array, turns: Array) -> Array:
        nn = torch().nn.functional
        turns = 2.0 * math.pi * (turns - turns.round())
        e = nn.silu(nn.linear(torch().cat([turns.sin(), turns.cos()], dim=1), p["time"], p["time bias"]))

        def level(name: str, h: Array) -> Array:
            h = h + nn.linear(e, p[f"{name} time"], p[f"{name} time bias"])[:, :, None, None]
            return nn.silu(nn.group_norm(h, GROUPS, p[f"{name} gain"], p[f"{name} shift"]))

        kept, sides = [], self.sides()
        for k in range(len(self.channels)):
            x = level(f"down {k}", nn.conv2d(x, p[f"down {k}"], stride=2 if k else 1, padding=1))
            kept.append(x)
        for k in range(len(self.channels) - 1, 0, -1):
            more = [1 - side % 2 for side in sides[k - 1]]  # 2h − 1 or 2h rows
            x = nn.conv_transpose2d(x, p[f"up {k}"], stride=2, padding=1, output_padding=more)
            x = torch().cat([level(f"up {k}", x), kept[k - 1]], dim=1)
        return nn.conv2d(x, p["out"], p["out bias"], padding=1)


def _affine(name: str, out: int, inputs: int) -> Iterator[tuple[str, tuple[int, ...], int]]:
    yield name, (out, inputs), inputs
    yield f"{name} bias", (out,), inputs


@dataclass(frozen=True, kw_only=True, eq=False)
class UNet(ArrayValue):
    """A U-Net score model of grey images, with a frozen Fourier embedding of time; built by `UNetTraining.network`.

    std(t) s(x, t) = −(std/v²) x + (r/v) F(x/v, e(t)), v² = r² + std²: preconditioned for data of variance 1, so that
    F = 0 is the score of N(0, I). F: convolutions 3 × 3 down through the levels (the first keeps the size, the others
    halve it), each with a dense layer of the time, a group norm of 4 groups and a Swish; transposed ones back up, each
    level joined to the one that came down; a convolution to one channel.

    ``layers``: its shape. parameters (p,), frequencies (F/2,) in turns. ``mean_scale`` r, ``std``: numbers, or
    callables, times (k,) -> (k,). ``where``: the backend that evaluates it. Images are rows of h w pixels.
    Source: LLZB, section 4.2, with the network of Song et al. 2021 for MNIST; preconditioning: Karras et al. 2022.
    """

    layers: Layers
    parameters: FloatArray
    frequencies: FloatArray
    mean_scale: TimesFunction
    std: TimesFunction
    where: TorchBackend

    @property
    def dim(self) -> int:
        """The number of pixels."""
        return self.layers.dim

    def score(self, x: ArrayLike, time: float) -> FloatArray:
        """s(x, t) for images x (k, d) at one time t ≥ 0: (k, d)."""
        points = checks.array("x", x, shape=("k", self.dim))
        return self._evaluated(points, time, np.empty((0, *points.shape)))[0]

    def probed(self, x: ArrayLike, time: float, probes: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """The score (k, d), and vᵀ (∇s) v for probes v (P, k, d): (P, k). See `estimated_log_likelihood`."""
        points = checks.array("x", x, shape=("k", self.dim))
        return self._evaluated(points, time, checks.array("probes", probes, shape=("P", len(points), self.dim)))

    def _evaluated(self, points: FloatArray, time: float, v: FloatArray) -> tuple[FloatArray, FloatArray]:
        t = np.array([checks.real("time", time, minimum=0.0)])
        std = float(at_times("std", self.std, t, above=True)[0])
        r = float(at_times("mean_scale", self.mean_scale, t, above=False)[0])
        score, forms = np.empty(points.shape), np.empty(v.shape[:2])
        with self.where.spoken("the U-Net"):
            theta, frequencies = (self.where.array(value) for value in (self.parameters, self.frequencies))
            for first in range(0, len(points), _ROWS):
                part = slice(first, first + _ROWS)
                rows = self.where.array(points[part]).requires_grad_(len(v) > 0)
                one, two, three = (rows.new_full((len(rows),), value) for value in (float(t[0]), r, std))
                with torch().set_grad_enabled(len(v) > 0):
                    out = self.layers.outputs(theta, frequencies, rows, (one, two, three))
                score[part] = self.where.numpy(out) / std
                for place, probe in enumerate(v[:, part]):
                    given = self.where.array(probe)
                    (pulled,) = torch().autograd.grad(out, rows, given, retain_graph=True)
                    forms[place, part] = self.where.numpy((pulled * given).sum(dim=1)) / std
        return score, forms
