"""The trained autoencoder: what is minimised, written again in NumPy, and what the term of the weights does."""

import numpy as np
import pytest

from numerics.networks.autoencoders.trained import Autoencoder, Training, bound_of, train

TINY = Training(code=2, width=5, epochs=30, batch=7, learning_rate=0.02, decoder_variance=0.05, weight_std=0.1)
DATA = np.random.default_rng(3).random((20, 4))


def trained(weight_term):
    pytest.importorskip("torch")
    return train(DATA, TINY, weight_term=weight_term, rng=np.random.default_rng(0))


def by_hand(model, x, rng):
    means, stds = model.codes(x)
    z = means + stds * rng.standard_normal(means.shape)
    out = model.outputs(z, model.weights(rng))
    rate = 0.5 * (means**2 + stds**2 - 1 - 2 * np.log(stds)).sum()
    return (((x - out) ** 2).sum() / (2 * TINY.decoder_variance) + rate) / len(x)


def test_what_is_minimised_is_the_evidence_bound_with_random_weights():
    torch = pytest.importorskip("torch")
    model = trained(weight_term=False)
    layers = tuple(tuple(map(torch.tensor, part)) for part in (model.encoder, model.decoder))
    loss = bound_of(TINY, layers, torch.tensor(DATA), np.random.default_rng(5))
    assert float(loss) == pytest.approx(by_hand(model, DATA, np.random.default_rng(5)), rel=1e-12)


def test_training_lowers_the_bound_and_its_term_keeps_the_weights_near_where_they_began():
    free, held = trained(weight_term=False), trained(weight_term=True)
    first = Autoencoder(training=TINY, encoder=free.encoder, initial=free.initial, decoder=free.initial)
    losses = [np.mean([by_hand(model, DATA, np.random.default_rng(k)) for k in range(20)]) for model in (free, first)]
    assert losses[0] < losses[1]
    assert all(np.array_equal(a, b) for a, b in zip(free.initial, held.initial, strict=True))
    assert 0.0 < held.weight_divergence < 0.5 * free.weight_divergence
    assert first.weight_divergence == 0.0


def test_the_same_stream_trains_the_same_model():
    one, two = trained(weight_term=True), trained(weight_term=True)
    assert all(np.array_equal(a, b) for a, b in zip(one.decoder, two.decoder, strict=True))


def test_sizes_and_rates_that_cannot_be_are_refused():
    for name, value in (("code", 0), ("epochs", 1.5), ("weight_std", 0.0), ("learning_rate", -1.0)):
        with pytest.raises((TypeError, ValueError), match=name):
            Training(**{name: value})
