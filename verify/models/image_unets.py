"""The U-Net as a model of image clusters, beside the network of one hidden layer: how it is trained and evaluated.

Its divergence has no closed form that is cheap: likelihoods are Hutchinson's estimates, with their standard errors.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

import numerics
from numerics import ReverseProcess, UNetTraining
from numerics.backends.torch_backend import TorchBackend
from numerics.checks.extras import MissingExtraError
from numerics.statistics import streams
from numerics.statistics.streams import Tag
from verify.evidence.measured import Values
from verify.models.image_pairs import START, Model, Settings, blown_up, process, reverse_process

_SMALL = 16  # pixels on a side, up to which the small U-Net is taken


@dataclass(frozen=True, kw_only=True)
class UNets:
    """How U-Nets are built, trained by Adam and evaluated; other settings are those of the one hidden layer.

    ``channels`` and ``embedding`` as in `numerics.train_unet`; ``probes``: of Hutchinson's estimator.
    """

    shape: tuple[int, int]
    channels: tuple[int, ...]
    embedding: int
    learning_rate: float = 2e-3
    probes: int = 4

    @classmethod
    def of(cls, shape: tuple[int, ...], *, probes: int = 4) -> UNets:
        """A small one for images of at most 16 pixels on a side, which a processor trains; else the paper's for MNIST.

        ValueError where PyTorch is not installed.
        """
        try:
            TorchBackend()
        except MissingExtraError as error:
            raise ValueError(
                f"model must be 'network' where there is no PyTorch, which a U-Net needs: {error}"
            ) from None
        height, width = shape
        if max(shape) <= _SMALL:
            return cls(shape=(height, width), channels=(16, 32, 32), embedding=32, probes=probes)
        return cls(shape=(height, width), channels=(32, 64, 128, 256), embedding=256, learning_rate=1e-3, probes=probes)

    def plain(self) -> Values:
        """The fields as JSON holds them."""
        return {**asdict(self), "shape": list(self.shape), "channels": list(self.channels)}

    @property
    def words(self) -> str:
        """What it is, for a title."""
        return f"U-Net of {', '.join(map(str, self.channels))} channels"

    @property
    def model(self) -> Model:
        """What `verify.models.image_pairs.measure` takes."""
        return Model(train=self._train, likelihood=self._likelihood, reverse=_reverse)

    def _train(self, settings: Settings, points: np.ndarray, seed: int, replica: int) -> UNetTraining:
        mean_scale, std, _ = process(settings.base)
        return numerics.train_unet(
            points.reshape(-1, *self.shape),
            optimizer="adam",
            learning_rate=self.learning_rate,
            epochs=settings.checkpoints[-1],
            replicas=1,
            rng=streams.child(seed, Tag.IMAGE_WEIGHTS),
            mean_scale=mean_scale,
            std=std,
            channels=self.channels,
            embedding=self.embedding,
            checkpoints=settings.checkpoints,
            start=START,
            first_replica=replica,
        )

    def _likelihood(
        self, settings: Settings, training: UNetTraining, place: int, points: np.ndarray, seed: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        nothing = np.full(len(points), np.nan)
        if blown_up(settings, training, place, lambda: training.network(0, place).score, points):
            return nothing, nothing, nothing
        _, std, diffusion = process(settings.base)
        try:
            found = numerics.probed_log_likelihood(
                points,
                training.network(0, place).probed,
                drift=0.0,
                diffusion=diffusion,
                horizon=1.0,
                prior_std=float(std(np.array(1.0))),
                start=START,
                rng=streams.child(seed, Tag.IMAGE_PROBES, place),
                probes=self.probes,
                tolerance=settings.tolerance,
            )
        except ArithmeticError:
            return nothing, nothing, nothing
        return found.nats, found.error, found.standard_error


def _reverse(settings: Settings, training: UNetTraining, place: int) -> ReverseProcess:
    return reverse_process(settings, training.network(0, place).score)
