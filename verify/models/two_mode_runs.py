"""The synthetic runs behind figures 3–5 and 8–11: a score network trained on ½N(−μ, 1) + ½N(μ, 1), its divergence.

VE with base 25, t ~ U(1e-5, 1), λ = std², n = 1000 points, batches of 32, one hidden layer of Swish units, every layer
trained, 4 frozen Fourier features of time of scale 30, the output divided by 16 and by the std; KL at t = 0.065 on
points 0.4 apart from −(μ + 7) to μ + 7, which are the 51 points of [−10, 10] for μ = 3. Source: LLZB, section 4.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache

import numpy as np

import numerics
from numerics import Training
from numerics.statistics import streams
from numerics.statistics.streams import Tag
from theory.mixture import GaussianMixture
from theory.sde import VarianceExploding
from verify.bound.schedules import TimeFunction, time_function
from verify.evidence.measured import Values

TIME, SPACING, MARGIN = 0.065, 0.4, 7.0
RATES = {"sgd": 0.5, "adam": 1e-3}
"""The learning rates of the paper's runs."""
OPTIMIZERS = {"sgd": "SGD", "adam": "Adam"}


@dataclass(frozen=True, kw_only=True)
class Run:
    """One way to train; replicas of two runs with the same seed share their data's noise and their initial weights.

    ``mode``: μ, half the distance of the modes. ``checkpoints``: numbers of completed epochs. ``output_scale``: a
    number, or "width" for the width.
    """

    optimizer: str
    learning_rate: float
    checkpoints: tuple[int, ...]
    mode: float = 3.0
    width: int = 16
    output_scale: float | str = 16.0
    points: int = 1000

    def settings(self) -> Values:
        """The fields as JSON holds them."""
        return {**asdict(self), "checkpoints": list(self.checkpoints)}

    def grid(self) -> np.ndarray:
        """The points at which densities are compared."""
        return np.linspace(*_span(self.mode).values())

    def target(self) -> GaussianMixture:
        """The law of the data."""
        return GaussianMixture.two_modes(int(self.mode) if float(self.mode).is_integer() else repr(self.mode))

    def data(self, seed: int, replica: int) -> np.ndarray:
        """The points of one replica, (n, 1)."""
        rng = np.random.Generator(np.random.PCG64DXSM(streams.child(seed, Tag.TWO_MODES, replica)))
        signs = np.where(rng.random(self.points) < 0.5, -1.0, 1.0)
        return (self.mode * signs + rng.standard_normal(self.points))[:, None]

    def train(self, seed: int, replicas: range) -> Training:
        """Train replicas, each on its own data."""
        mean_scale, std = _process()
        return numerics.train(
            np.stack([self.data(seed, k) for k in replicas]),
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            epochs=self.checkpoints[-1],
            width=self.width,
            replicas=len(replicas),
            rng=seed,
            mean_scale=mean_scale,
            std=std,
            output_scale=self.output_scale,
            checkpoints=self.checkpoints,
            first_replica=replicas.start,
        )

    def measure(self, seed: int, replica: int, *, densities: bool = False) -> Values:
        """`measure_all` of one replica."""
        return self.measure_all(seed, range(replica, replica + 1), densities=densities)[0]

    def measure_all(self, seed: int, replicas: range, *, densities: bool = False) -> list[Values]:
        """Of each replica at its checkpoints: divergences ``kl``, masses of the smaller side ``mass``, and ``density``.

        The last one if asked; NaN where the replica had diverged. All are trained in one call of `numerics.train`.
        """
        training, x = self.train(seed, replicas), self.grid()
        # the middle point belongs to both half-lines
        half, found = np.where(x > 0, 1.0, np.where(x == 0, 0.5, 0.0)), []
        for kl, density in zip(self.divergences(training), self.densities(training), strict=True):
            right = np.sum(density * half, axis=1) * (x[1] - x[0])
            one = {"kl": kl.tolist(), "mass": np.minimum(right, 1.0 - right).tolist()}
            found.append({**one, "density": density.tolist()} if densities else one)
        return found

    def divergences(self, training: Training) -> np.ndarray:
        """KL in nats of each replica at each checkpoint, (R, C); NaN where a replica had diverged."""
        return numerics.score_grid_kl(training, self.target(), time=TIME, **_span(self.mode)).values

    def densities(self, training: Training) -> np.ndarray:
        """The learned densities at the points of `grid`, (R, C, points), normalised there; NaN as above."""
        return numerics.score_grid_density(training, time=TIME, **_span(self.mode))


def _span(mode: float) -> Values:
    return {"low": -(mode + MARGIN), "high": mode + MARGIN, "points": round(2 * (mode + MARGIN) / SPACING) + 1}


@cache
def _process() -> tuple[TimeFunction, TimeFunction]:
    sde = VarianceExploding(base=25)
    return time_function(sde.mean_scale), time_function(sde.std)
