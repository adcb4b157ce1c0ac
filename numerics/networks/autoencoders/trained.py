"""A small variational autoencoder of pixels in [0, 1] whose decoder has random weights; PyTorch trains it."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from numerics import checks
from numerics.checks.aliases import FloatArray
from numerics.checks.extras import optional

Layers = tuple[FloatArray, ...]
"""Weights and biases, one after the other."""

_WANT = "an autoencoder is trained by PyTorch"


@dataclass(frozen=True, kw_only=True)
class Training:
    """Sizes and rates: codes of ``code`` numbers, tanh layers of ``width`` units, Adam on batches.

    ``decoder_variance`` v: of the output N(σ(…), v I). ``weight_std`` s: the decoder's weights are N(w, s² I) once
    trained and N(w₀, s² I) before; the divergence ‖w − w₀‖²/2s² of these is at least what they know of the data.
    """

    code: int = 8
    width: int = 64
    epochs: int = 150
    batch: int = 100
    learning_rate: float = 3e-3
    decoder_variance: float = 0.05
    weight_std: float = 0.05

    def __post_init__(self):
        for name, value in asdict(self).items():
            if name in ("code", "width", "epochs", "batch"):
                checks.integer(name, value)
            else:
                checks.real(name, value, above=0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Autoencoder:
    """A trained encoder, and a decoder with the mean weights that training began and ended with."""

    training: Training
    encoder: Layers
    initial: Layers
    decoder: Layers

    def codes(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Means and standard deviations of the codes of points (n, d): (n, code) each."""
        inner, inner_bias, mean, mean_bias, spread, spread_bias = self.encoder
        hidden = np.tanh(x @ inner + inner_bias)
        return hidden @ mean + mean_bias, np.exp(hidden @ spread + spread_bias)

    def outputs(self, codes: FloatArray, weights: Layers | None = None) -> FloatArray:
        """The means (n, d) of the outputs for codes (n, code), by the mean weights or those that are given."""
        inner, inner_bias, outer, outer_bias = self.decoder if weights is None else weights
        return 0.5 * (1.0 + np.tanh(0.5 * (np.tanh(codes @ inner + inner_bias) @ outer + outer_bias)))

    def weights(self, rng: np.random.Generator) -> Layers:
        """Weights of the decoder, drawn."""
        return tuple(w + self.training.weight_std * rng.standard_normal(w.shape) for w in self.decoder)

    @property
    def weight_divergence(self) -> float:
        """‖w − w₀‖²/2s², in nats."""
        moved = sum(float(((w - first) ** 2).sum()) for w, first in zip(self.decoder, self.initial, strict=True))
        return moved / (2.0 * self.training.weight_std**2)


def train(data: FloatArray, training: Training, *, weight_term: bool, rng: np.random.Generator) -> Autoencoder:
    """Minimise the mean over the data of −log q(x|z) + KL(code‖prior), with ‖w − w₀‖²/2s²n added or not.

    ``data`` (n, d) in [0, 1]. One draw of codes and weights for each step; all that is random comes from ``rng``.
    `MissingExtraError` without PyTorch. Source: Kingma & Welling 2014; the term of the weights: CZS, theorem 4.1, as
    repaired (claim IT5).
    """
    torch = optional("torch", "torch", _WANT)
    n, d = data.shape
    k, h = training.code, training.width
    first = _layers(rng, (d, h), (h, k), (h, k)), _layers(rng, (k, h), (h, d))
    encoder, decoder = ([torch.tensor(part, requires_grad=True) for part in parts] for parts in first)
    origin = [torch.tensor(part) for part in first[1]]
    adam = torch.optim.Adam([*encoder, *decoder], lr=training.learning_rate)
    points = torch.tensor(data)
    for _ in range(training.epochs):
        order = rng.permutation(n)
        for begin in range(0, n, training.batch):
            x = points[torch.from_numpy(order[begin : begin + training.batch])]
            loss = bound_of(training, (encoder, decoder), x, rng)
            if weight_term:
                moved = sum(((w - start) ** 2).sum() for w, start in zip(decoder, origin, strict=True))
                loss = loss + moved / (2.0 * training.weight_std**2 * n)
            adam.zero_grad()
            loss.backward()
            adam.step()
    ends = (tuple(part.detach().numpy().copy() for part in parts) for parts in (encoder, decoder))
    encoder, decoder = ends
    return Autoencoder(training=training, encoder=encoder, initial=first[1], decoder=decoder)


def bound_of(training: Training, layers: tuple[Any, Any], x: Any, rng: np.random.Generator) -> Any:
    """The mean of −log q + KL over a batch of tensors, but for the constant ½ d log 2πv."""
    torch = optional("torch", "torch", _WANT)
    (inner, inner_bias, mean, mean_bias, spread, spread_bias), decoder = layers
    hidden = torch.tanh(x @ inner + inner_bias)
    means, logs = hidden @ mean + mean_bias, hidden @ spread + spread_bias
    z = means + torch.exp(logs) * torch.from_numpy(rng.standard_normal(tuple(means.shape)))
    noisy = [w + training.weight_std * torch.from_numpy(rng.standard_normal(tuple(w.shape))) for w in decoder]
    out = torch.sigmoid(torch.tanh(z @ noisy[0] + noisy[1]) @ noisy[2] + noisy[3])
    distortion = ((x - out) ** 2).sum() / (2.0 * training.decoder_variance)
    rate = 0.5 * (means**2 + torch.exp(2.0 * logs) - 1.0 - 2.0 * logs).sum()
    return (distortion + rate) / len(x)


def _layers(rng: np.random.Generator, *shapes: tuple[int, int]) -> Layers:
    """Weights N(0, 1/inputs) and biases 0."""
    return tuple(
        part
        for inputs, outputs in shapes
        for part in (rng.standard_normal((inputs, outputs)) / np.sqrt(inputs), np.zeros(outputs))
    )
