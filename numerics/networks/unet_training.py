"""SGD and Adam on U-Net score models in PyTorch, many independent replicas as one program."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import checks
from numerics.backends import choice
from numerics.backends.arrays import Array
from numerics.backends.backend import Backend
from numerics.backends.replicas import State, followed, step, visited
from numerics.backends.torch_backend import TorchBackend, torch
from numerics.checks.aliases import RNG, FloatArray, TimesFunction
from numerics.checks.memory import require_sizes
from numerics.networks.draws import INITIAL, Streamed, sources_of
from numerics.networks.optimizer import Optimizer, OptimizerKeywords
from numerics.networks.score_network import at_times, times_function
from numerics.networks.training import Checkpointed, checkpoints_of, points_of
from numerics.networks.unet import GROUPS, Layers, UNet
from numerics.statistics import streams

_LIVE = 14  # arrays of the size of each level's activations that a step holds


@dataclass(frozen=True, kw_only=True, eq=False)
class UNetTraining(Checkpointed):
    """What `train_unet` returns: R replicas, C checkpoints, E epochs, p parameters.

    parameters (R, C, p), NaN from a replica's divergence on; use `network` to read them. losses (R, E), diverged_at
    (R,), checkpoints (C,) and frequencies (R, F/2) as in `Training`; layers, mean_scale, std and where as in `UNet`.
    """

    parameters: FloatArray
    losses: FloatArray
    diverged_at: NDArray[np.int64]
    checkpoints: NDArray[np.int64]
    frequencies: FloatArray
    layers: Layers
    mean_scale: TimesFunction
    std: TimesFunction
    where: TorchBackend

    def network(self, replica: int, checkpoint: int) -> UNet:
        """The U-Net of one replica at one checkpoint, both by their place, counted from 0.

        ValueError for another place, and where the replica had diverged by then.
        """
        r, theta = self.parameters_at(replica, checkpoint)
        return UNet(
            layers=self.layers, parameters=theta, frequencies=self.frequencies[r],
            mean_scale=self.mean_scale, std=self.std, where=self.where,
        )  # fmt: skip


class _Problem(NamedTuple):
    """Checked arguments; data (R, n, d) or (1, n, d), theta (R, p), frequencies (R, F/2)."""

    layers: Layers
    data: FloatArray
    theta: FloatArray
    frequencies: FloatArray
    epochs: int
    batch: int
    saved_at: NDArray[np.int64]
    draws: Streamed
    adam: bool
    rate: float
    betas: tuple[float, float]
    epsilon: float

    def bytes_each(self) -> float:
        """An estimate of what one replica holds while it is trained."""
        n, d = self.data.shape[1:]
        sides = zip(self.layers.sides(), self.layers.channels, strict=True)
        live = self.batch * sum(height * width * count for (height, width), count in sides)
        return 8.0 * (self.theta.shape[1] * (len(self.saved_at) + 6) + self.epochs + 6 * n * d + _LIVE * live)

    def train(self, where: TorchBackend, part: slice) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
        """Train some of the replicas in one program."""
        state = State.of(where, self, where.array(np.array(self.theta[part])))
        return followed(where, state, self.saved_at, self.data.shape[1], self._epochs(where, state, part))

    def _epochs(self, where: TorchBackend, state: State, part: slice) -> Iterator[None]:
        data = where.array(self.data if len(self.data) == 1 else self.data[part])
        frequencies, n = where.array(self.frequencies[part]), data.shape[1]

        def loss(theta: Array, frequencies: Array, x: Array, z: Array, level: tuple[Array, Array, Array]) -> Array:
            miss = self.layers.outputs(theta, frequencies, x, level) + z
            return (miss * miss).sum() / len(x)

        gradients = torch().func.vmap(torch().func.grad_and_value(loss))
        for epoch in range(self.epochs):
            order, *rest = self.draws(epoch, 1, part)
            t, r, std, z = (where.array(value)[:, 0] for value in rest)
            x = r[:, :, None] * visited(where.xp, data, where.integers(order)[:, 0]) + std[:, :, None] * z
            state.total[...] = 0.0
            for first in range(0, n, self.batch):
                x_b, z_b, *level = (value[:, first : first + self.batch] for value in (x, z, t, r, std))
                found, lost = gradients(state.theta, frequencies, x_b, z_b, tuple(level))
                state.grad[...] = found
                state.total[...] += lost * x_b.shape[1]
                step(where.xp, self, state, slice(None))
            yield


def _images(value: ArrayLike, replicas: int) -> tuple[FloatArray, tuple[int, int]]:
    images = checks.array("images", value, shape=None)
    if images.ndim not in (3, 4) or min(images.shape) == 0:
        raise ValueError(
            f"images must have shape (n, height, width) or (replicas, n, height, width); got shape {images.shape}; "
            "reshape them"
        )
    if images.ndim == 4 and len(images) != replicas:
        raise ValueError(
            f"images of shape (replicas, n, height, width) must hold one set per replica; got {len(images)} sets for "
            f"{replicas} replicas; pass (n, height, width) for one set that all of them share"
        )
    height, width = images.shape[-2:]
    return points_of(images.reshape(*images.shape[:-2], height * width), replicas), (height, width)


def _channels(value: ArrayLike) -> tuple[int, ...]:
    numbers = checks.array("channels", value, shape=("levels",), minimum=1.0)
    if (numbers % GROUPS != 0.0).any() or numbers.max() > 1 << 14 or len(numbers) > 16:
        checks.refuse("channels", f"be multiples of {GROUPS}, at most 16384 of each and 16 levels", value,
                      "pass e.g. (16, 32, 32)")  # fmt: skip
    return tuple(int(number) for number in numbers)


def _backend(backend: Backend | str | None, device: str | None, dtype: str | None) -> TorchBackend:
    if backend is None and not isinstance(choice.in_use(), TorchBackend):
        backend = TorchBackend() if device is dtype is None else "torch"
    where = choice.chosen(backend, device, dtype)
    if not isinstance(where, TorchBackend):
        checks.refuse("backend", "be 'torch' for a U-Net", where.name, "leave it out, or pass 'torch'")
    return where


def train_unet(
    images: ArrayLike, *, optimizer: Optimizer | str, epochs: int, replicas: int, rng: RNG, mean_scale: TimesFunction,
    std: TimesFunction, channels: ArrayLike = (16, 32, 32), embedding: int = 32, checkpoints: ArrayLike | None = None,
    fourier_features: int = 16, fourier_scale: float = 2.0, start: float = 1e-5, horizon: float = 1.0,
    first_replica: int = 0, backend: Backend | str | None = None, device: str | None = None, dtype: str | None = None,
    **how: Unpack[OptimizerKeywords],
) -> UNetTraining:  # fmt: skip
    """Train replicas of a U-Net score model of grey images by denoising score matching with λ = std², in PyTorch.

    s as in `UNet`; for a mini-batch of B images the loss is (1/B) Σ ‖std(t) s(x_t, t) + z‖², x_t = mean_scale(t) x +
    std(t) z, z ~ N(0, I), t ~ U(start, horizon).

    ``images``: (n, height, width), or (replicas, n, height, width) for a set per replica; of variance 1 or so in each
    pixel. ``channels``: of each level, multiples of 4; LLZB's for MNIST are (32, 64, 128, 256), with ``embedding``
    256. ``fourier_features``: sines and cosines of time together, even; ``fourier_scale``: the standard deviation of
    their frequencies in turns. Other arguments as in `train`: replica first_replica + k has its own streams (NumPy's,
    on every device), so that its numbers depend on nothing but itself, up to the rounding of sums in another order.

    All replicas are one program (torch.func), cut into as many as fit into memory. ``backend``, ``device``, ``dtype``:
    those of PyTorch in use, else "cpu" and "float64"; in "float32" parameters, losses and scores are rounded to 24 bits
    at each operation. Returns `UNetTraining`; ValueError or TypeError for bad arguments, and where PyTorch is not
    installed, with the way to get it. Source: LLZB, section 4.2; network: Song et al. 2021.
    """
    where = _backend(backend, device, dtype)
    R = checks.integer("replicas", replicas, maximum=10**6)
    points, (height, width) = _images(images, R)
    total = checks.integer("epochs", epochs, maximum=10**9)
    F = checks.integer("fourier_features", fourier_features, minimum=2, maximum=10**6)
    if F % 2:
        checks.refuse("fourier_features", "be even", fourier_features, "count sines and cosines together")
    layers = Layers(
        height, width, _channels(channels), checks.integer("embedding", embedding, maximum=10**5), F
    )  # fmt: skip
    chosen = Optimizer.of(optimizer, how)
    begin = checks.real("start", start, minimum=0.0)
    end = checks.real("horizon", horizon)
    if end <= begin:
        checks.refuse("horizon", f"be greater than start = {begin:g}", horizon, "pass a larger horizon")
    scale, deviation = times_function("mean_scale", mean_scale, above=False), times_function("std", std, above=True)
    for name, function in (("mean_scale", scale), ("std", deviation)):
        at_times(name, function, np.array([begin + 1e-9 * (end - begin), end]), above=name == "std")
    marks = checkpoints_of(checkpoints, total)

    def cost(replicas: int, epochs: int) -> float:
        return 16.0 * replicas * (layers.size * (len(marks) + 2.0) + epochs)

    require_sizes("the training", cost, replicas=R, epochs=total)
    turns = checks.real("fourier_scale", fourier_scale, minimum=0.0)
    first = checks.integer("first_replica", first_replica, minimum=0)
    sources = [sources_of(streams.root(rng), first + k) for k in range(R)]
    initial = [(turns * own[INITIAL].standard_normal(F // 2), layers.initial(own[INITIAL])) for own in sources]
    frequencies, theta = (np.array([one[k] for one in initial]) for k in range(2))
    problem = _Problem(
        layers, points, theta, frequencies, total, min(chosen.batch_size, points.shape[1]),
        marks, Streamed(sources, points.shape[1:], begin, end, scale, deviation),
        chosen.name == "adam", chosen.learning_rate, chosen.betas, chosen.epsilon,
    )  # fmt: skip
    rows, parts = where.rows(R, problem.bytes_each()), []
    with where.spoken("the training"):
        for low in range(0, R, rows):
            parts.append(problem.train(where, slice(low, min(low + rows, R))))
    fields: list[Any] = [np.concatenate(values) for values in zip(*parts, strict=True)]
    for field in fields:
        field.flags.writeable = False
    return UNetTraining(
        parameters=fields[0], losses=fields[1], diverged_at=fields[2], checkpoints=problem.saved_at,
        frequencies=frequencies, layers=layers, mean_scale=scale, std=deviation, where=where,
    )  # fmt: skip
