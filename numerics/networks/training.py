"""SGD and Adam on a one-hidden-layer score network, many independent replicas at once."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import checks
from numerics.backends import choice, philox
from numerics.backends.backend import Backend
from numerics.backends.replicas import Numbered, Replicas, fit_in_logs
from numerics.checks.aliases import RNG, FloatArray, Score, TimesFunction
from numerics.checks.memory import require_sizes
from numerics.kernels import network_training
from numerics.networks.draws import INITIAL, NOISE, ORDER, TIMES, Streamed, sources_of
from numerics.networks.optimizer import Optimizer, OptimizerKeywords
from numerics.networks.score_network import ACTIVATIONS, ScoreNetwork, at_times, times_function
from numerics.statistics import streams
from numerics.statistics.streams import Tag

LAYERS = ("all", "last")
DRAWS = ("streams", "numbered")

_CHUNK = 1 << 14  # points drawn at once


class Checkpointed:
    """What trainings of replicas share: whether one had diverged, and which parameters may be read."""

    parameters: FloatArray
    diverged_at: NDArray[np.int64]
    checkpoints: NDArray[np.int64]

    def diverged(self) -> NDArray[np.bool_]:
        """Whether a replica had diverged before a checkpoint, (R, C): those parameters are NaN."""
        return (self.diverged_at[:, None] >= 0) & (self.diverged_at[:, None] < self.checkpoints)

    def parameters_at(self, replica: int, checkpoint: int) -> tuple[int, FloatArray]:
        """The place of a replica, checked, and its parameters (p,) at a checkpoint.

        ValueError for other places, and where it had diverged by then.
        """
        r = checks.integer("replica", replica, minimum=0, maximum=len(self.parameters) - 1)
        c = checks.integer("checkpoint", checkpoint, minimum=0, maximum=len(self.checkpoints) - 1)
        if self.diverged()[r, c]:
            checks.refuse("checkpoint", f"come before epoch {self.diverged_at[r]}, when replica {r} diverged",
                          int(self.checkpoints[c]), "see .diverged()")  # fmt: skip
        return r, self.parameters[r, c]


@dataclass(frozen=True, kw_only=True, eq=False)
class Training(Checkpointed):
    """What `train` returns: R replicas, C checkpoints, E epochs, p parameters.

    parameters (R, C, p), NaN from a replica's divergence on; use `network` to read them. losses (R, E): the mean of an
    epoch's training loss, NaN from the divergence on. diverged_at (R,): how many epochs a replica had completed when
    its loss or a parameter became NaN, infinite or larger than 1e60, −1 where none did. checkpoints (C,): numbers of
    completed epochs. frequencies (R, F/2), frozen. width m, dim d, output_scale κ, activation and std as in
    `ScoreNetwork`.
    """

    parameters: FloatArray
    losses: FloatArray
    diverged_at: NDArray[np.int64]
    checkpoints: NDArray[np.int64]
    frequencies: FloatArray
    width: int
    dim: int
    output_scale: float
    activation: str
    std: TimesFunction

    @property
    def replicas(self) -> int:
        """The number R of replicas."""
        return self.parameters.shape[0]

    def network(self, replica: int, checkpoint: int) -> ScoreNetwork:
        """The network of one replica at one checkpoint, both by their place, counted from 0.

        ValueError for another place, and where the replica had diverged by then.
        """
        (r, theta), m, d = self.parameters_at(replica, checkpoint), self.width, self.dim
        fan = d + 2 * self.frequencies.shape[1]
        ends = np.cumsum([m * fan, m, m, d * m, d])
        rows, b, shift, A, a = np.split(theta, ends[:-1])
        rows = rows.reshape(m, fan)
        return ScoreNetwork(
            input_weight=rows[:, :d], input_bias=b, time_weight=rows[:, d:], time_bias=shift,
            output_weight=A.reshape(d, m), output_bias=a, frequencies=self.frequencies[r],
            output_scale=self.output_scale, std=self.std, activation=self.activation,
        )  # fmt: skip

    def score(self, replica: int, checkpoint: int) -> Score:
        """The learned score of one replica at one checkpoint: a callable, (x, t) -> s(x, t) as in `ScoreNetwork`."""
        return self.network(replica, checkpoint).score


class _Problem(NamedTuple):
    """The checked arguments that all replicas share."""

    data: FloatArray
    width: int
    turns: int
    fourier_scale: float
    mean_scale: TimesFunction
    std: TimesFunction
    start: float
    horizon: float
    swish: bool
    every: bool
    optimizer: Optimizer
    scale: float
    epochs: int
    checkpoints: NDArray[np.int64]
    first_replica: int

    @property
    def size(self) -> int:
        """The number p of parameters."""
        m, d = self.width, self.data.shape[2]
        return m * (d + 2 * self.turns) + 2 * m + d * m + d

    @property
    def batch(self) -> int:
        """Points per step."""
        return min(self.optimizer.batch_size, self.data.shape[1])

    @property
    def chunk(self) -> int:
        """Epochs that are drawn at once."""
        return max(1, min(self.epochs, _CHUNK // (self.data.shape[1] * self.data.shape[2])))

    def initial(self, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Frequencies (F/2,) and parameters (p,) of a fresh replica."""
        m, d, F = self.width, self.data.shape[2], 2 * self.turns
        frequencies = self.fourier_scale * rng.standard_normal(self.turns)
        theta = np.empty(self.size)
        rows, (b, c) = theta[: m * (d + F)].reshape(m, d + F), theta[m * (d + F) :][: 2 * m].reshape(2, m)
        last = theta[m * (d + F) + 2 * m :]
        for values, fan in ((rows[:, :d], d), (b, d), (rows[:, d:], F), (c, F), (last, m)):
            values[...] = (2.0 * rng.random(values.shape) - 1.0) / math.sqrt(fan)
        return frequencies, theta

    def run(self, root: np.random.SeedSequence, place: int, _count: int) -> tuple[Any, ...]:
        """Train the replica with number first_replica + place."""
        number = self.first_replica + place
        sources = sources_of(root, number)
        data, how = self.data[place if len(self.data) > 1 else 0], self.optimizer
        n, d = data.shape
        frequencies, theta = self.initial(sources[INITIAL])
        mean, square = np.zeros((2, len(theta)))
        saved, losses = np.full((len(self.checkpoints), len(theta)), np.nan), np.full(self.epochs, np.nan)
        slots = np.full(self.epochs + 1, -1)
        slots[self.checkpoints] = np.arange(len(self.checkpoints))
        if slots[0] >= 0:
            saved[slots[0]] = theta
        for first in range(0, self.epochs, self.chunk):
            size = min(self.chunk, self.epochs - first)
            order = sources[ORDER].random((size, n))
            times = self.start + (self.horizon - self.start) * sources[TIMES].random(size * n)
            scale = at_times("mean_scale", self.mean_scale, times, above=False)
            std = at_times("std", self.std, times, above=True)
            noise = sources[NOISE].standard_normal((size, n, d))
            step = how.name == "adam", how.learning_rate, *how.betas, how.epsilon, self.batch
            done = network_training.run(
                theta, mean, square, first * -(-n // self.batch), self.width, data, order, times.reshape(size, n),
                scale.reshape(size, n), std.reshape(size, n), noise, frequencies, self.scale, self.swish, self.every,
                *step, slots[first + 1 : first + 1 + size], saved, losses[first : first + size],
            )  # fmt: skip
            if done < size:
                return saved, losses, first + done, frequencies
        return saved, losses, -1, frequencies

    def run_together(
        self, where: Backend, root: np.random.SeedSequence, count: int, numbered: bool
    ) -> list[NDArray[Any]]:
        """Train replicas first_replica, …, in one program: parameters, losses, divergences and frequencies."""
        numbers = range(self.first_replica, self.first_replica + count)
        sources = [sources_of(root, k) for k in numbers]
        initial = [self.initial(own[INITIAL]) for own in sources]
        frequencies, theta = (np.array([one[k] for one in initial]) for k in range(2))
        n, d = self.data.shape[1:]
        drawn = Streamed(sources, (n, d), self.start, self.horizon, self.mean_scale, self.std)
        how = self.optimizer
        problem = Replicas(
            theta, frequencies, self.data, self.width, self.epochs, self.batch, self.scale, self.swish, self.every,
            how.name == "adam", how.learning_rate, how.betas, how.epsilon, self.checkpoints,
            self._numbered(root, numbers, drawn) if numbered else drawn, min(self.chunk, 16),
        )  # fmt: skip
        return [*where.train(problem), frequencies]

    def _numbered(self, root: np.random.SeedSequence, numbers: range, drawn: Streamed) -> Numbered:
        keys = [philox.key_of(streams.child(root, Tag.TRAINING, k)) for k in numbers]
        if self.start == 0.0:
            checks.refuse("start", "be positive for draws='numbered'", self.start, "pass e.g. 1e-5")
        fits = []
        for name in ("mean_scale", "std"):
            if not (drawn.at(name, np.linspace(self.start, self.horizon, 65)) > 0.0).all():
                checks.refuse(name, "be positive for draws='numbered'", getattr(self, name), "pass draws='streams'")
            fit = fit_in_logs(lambda times, name=name: drawn.at(name, times), self.start, self.horizon)
            if fit is None:
                checks.refuse(name, "be smooth in log t for draws='numbered'", getattr(self, name),
                              "pass draws='streams'")  # fmt: skip
            fits.append(fit)
        return Numbered(np.array(keys, dtype=np.int64), fits[0], fits[1], self.start, self.horizon)


def points_of(value: ArrayLike, replicas: int) -> FloatArray:
    """Data as (1, n, d), or (replicas, n, d), checked."""
    points = checks.array("data", value, shape=None)
    if points.ndim not in (1, 2, 3):
        raise ValueError(f"data must have shape (n,), (n, d) or (replicas, n, d); got shape {points.shape}; reshape it")
    if points.ndim == 3 and len(points) != replicas:
        raise ValueError(
            f"data of shape (replicas, n, d) must hold one set per replica; got {len(points)} sets for {replicas} "
            "replicas; pass (n, d) for one set that all of them share"
        )
    return points.reshape(-1, len(points), 1) if points.ndim == 1 else points.reshape(-1, *points.shape[-2:])


def checkpoints_of(value: ArrayLike | None, epochs: int) -> NDArray[np.int64]:
    """Numbers of completed epochs, checked; None: the last one."""
    if value is None:
        return np.array([epochs])
    numbers = checks.increasing("checkpoints", checks.array("checkpoints", value, shape=("k",), minimum=0.0))
    if numbers[-1] > epochs or (numbers != np.floor(numbers)).any():
        checks.refuse("checkpoints", f"be integers from 0 to epochs = {epochs}", value, "count completed epochs")
    return numbers.astype(np.int64)


def train(
    data: ArrayLike, *, optimizer: Optimizer | str, epochs: int, width: int, replicas: int, rng: RNG,
    mean_scale: TimesFunction, std: TimesFunction, output_scale: float | str = "width", activation: str = "swish",
    layers: str = "all", checkpoints: ArrayLike | None = None, fourier_features: int = 4, fourier_scale: float = 30.0,
    start: float = 1e-5, horizon: float = 1.0, first_replica: int = 0, workers: int = 1, draws: str = "streams",
    backend: Backend | str | None = None, device: str | None = None, dtype: str | None = None,
    **how: Unpack[OptimizerKeywords],
) -> Training:  # fmt: skip
    """Train replicas of a one-hidden-layer score network by denoising score matching with λ = std².

    s(x, t) = [A σ(W x + b + V e(t) + c) + a] / (κ std(t)), as in `ScoreNetwork`; for a mini-batch of B points the loss
    is (1/B) Σ ‖std(t) s(x_t, t) + z‖², x_t = mean_scale(t) x + std(t) z, z ~ N(0, I), t ~ U(start, horizon).

    ``data``: (n,), (n, d), or (replicas, n, d) for a set per replica. ``optimizer``: an `Optimizer`; or "sgd" or
    "adam", with its other fields as keywords: learning_rate, betas=(0.9, 0.999), epsilon=1e-8, batch_size=32.
    ``mean_scale``, ``std``: numbers, or callables, times (k,) -> (k,); ``std`` > 0 is a standard deviation.
    ``output_scale`` κ: "width" for m, or a number (the paper's fixed 16). ``activation``: "swish" or "relu".
    ``layers``: "all", or "last" for A and a only (random features). Each epoch visits all points in a fresh random
    order; the last batch may be smaller. ``checkpoints``: numbers of completed epochs, 0 for the initial network
    (default: the last epoch); a log that trains, and then measures when epoch % 100 == 0, has 1, 101, 201, …
    ``fourier_features`` F: sines and cosines together, even; ``fourier_scale``: the standard deviation of ω in turns. W
    and b start as U(±1/√d), V and c as U(±1/√F), A and a as U(±1/√m), PyTorch's default for linear layers.

    ``rng``: an int ≥ 0, a numpy.random.SeedSequence, or a numpy.random.Generator (128 bits are drawn from it). Replica
    first_replica + k has its own streams, SeedSequence(root, spawn_key=(…, 104, replica, stream)): its bits depend
    neither on the number of replicas nor on ``workers``, the threads. (Batch sums may be reassociated, so that a
    processor with other vectors may differ in the last bits.) A replica whose loss or parameters become NaN or infinite
    stops, and says so in .diverged_at.

    ``backend``: "numpy", where each replica is one call of a compiled kernel; or "torch" (on the ``device``, "cpu" when
    None, in the ``dtype``), where all replicas are one program, cut into as many as fit into memory; the one in use
    when None. ``draws``: "streams", the random numbers above on every backend, so that a seed gives the same training
    up to rounding; with "torch" also "numbered", where epochs draw theirs on the device by Philox, by the numbers of
    replica, epoch and point, and need ``mean_scale``, ``std`` > 0 and ``start`` > 0 that are smooth in log t.

    Returns `Training`; ValueError or TypeError for bad arguments. Source: LLZB, section 4 and its published code.
    """
    R, m = checks.integer("replicas", replicas, maximum=10**7), checks.integer("width", width, maximum=10**7)
    points, total = points_of(data, R), checks.integer("epochs", epochs, maximum=10**9)
    n, d = points.shape[1:]
    F = checks.integer("fourier_features", fourier_features, minimum=2, maximum=10**6)
    if F % 2:
        checks.refuse("fourier_features", "be even", fourier_features, "count sines and cosines together")
    chosen = Optimizer.of(optimizer, how)
    checks.option("activation", activation, ACTIVATIONS)
    checks.option("layers", layers, LAYERS)
    begin = checks.real("start", start, minimum=0.0)
    end = checks.real("horizon", horizon)
    if end <= begin:
        checks.refuse("horizon", f"be greater than start = {begin:g}", horizon, "pass a larger horizon")
    if isinstance(output_scale, str):
        checks.option("output_scale", output_scale, ("width",))
    kappa = float(m) if isinstance(output_scale, str) else checks.real("output_scale", output_scale, above=0.0)
    problem = _Problem(
        points, m, F // 2, checks.real("fourier_scale", fourier_scale, minimum=0.0),
        times_function("mean_scale", mean_scale, above=False), times_function("std", std, above=True), begin, end,
        activation == "swish", layers == "all", chosen, kappa, total, checkpoints_of(checkpoints, total),
        checks.integer("first_replica", first_replica, minimum=0),
    )  # fmt: skip
    where = choice.chosen(backend, device, dtype)
    if checks.option("draws", draws, DRAWS) == "numbered" and not where.numbered:
        checks.refuse("draws", "be 'streams' for backend='numpy'", draws, "pass backend='torch' for numbered ones")
    threads = min(streams.threads(workers), R)
    C, root = len(problem.checkpoints), streams.root(rng)
    per_unit = problem.size / m

    def cost(width: int, replicas: int, epochs: int) -> float:
        size = per_unit * width
        worker = 8.0 * (4.0 * size + 2.0 * width * problem.batch + problem.chunk * n * (7 + 2 * d))
        return 16.0 * replicas * (C * size + epochs) + threads * worker

    require_sizes("the training", cost, width=m, replicas=R, epochs=total)
    for name, function in (("mean_scale", problem.mean_scale), ("std", problem.std)):
        at_times(name, function, np.array([begin + 1e-9 * (end - begin), end]), above=name == "std")
    if where.numbered:
        fields = problem.run_together(where, root, R, draws == "numbered")
    else:
        results = list(streams.in_order(problem.run, 1, samples=R, rng=root, workers=threads))
        fields = [np.array([result[k] for result in results]) for k in range(4)]
    for field in fields:
        field.flags.writeable = False
    return Training(
        parameters=fields[0], losses=fields[1], diverged_at=fields[2], checkpoints=problem.checkpoints,
        frequencies=fields[3], width=m, dim=d, output_scale=kappa, activation=activation, std=problem.std,
    )  # fmt: skip
