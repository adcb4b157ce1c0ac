"""One home of random streams: roots, keys, and the tags whose values are the bits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import numerics as nm
from numerics.statistics import streams
from numerics.statistics.streams import Tag


def test_the_tags_are_the_numbers_that_the_bits_were_drawn_with():
    assert {tag.name: int(tag) for tag in Tag} == {
        "ENDPOINT": 1,
        "PATH": 2,
        "MEAN_RADEMACHER": 3,
        "MEAN_SPHERE": 4,
        "MEAN_VERTEX": 5,
        "SIGNS": 16,
        "COMPONENTS": 17,
        "MATCHED_COMPONENTS": 18,
        "DIFFUSED_DATA": 19,
        "REVERSE_PATHS": 20,
        "FORWARD": 101,
        "REVERSE_SDE": 102,
        "PROBABILITY_FLOW": 103,
        "TRAINING": 104,
        "AUTOENCODER": 105,
        "TWO_MODES": 201,
        "CHAIN_PATHS": 202,
        "SAMPLES_AGAINST_N": 203,
        "IMAGE_SPLIT": 301,
        "IMAGE_WEIGHTS": 302,
        "IMAGE_SAMPLES": 303,
        "IMAGE_PROBES": 304,
    }


@given(seed=st.integers(0, 2**128 - 1), key=st.lists(st.integers(0, 2**32 - 1), max_size=3))
def test_a_stream_is_numpys_own_at_the_key(seed, key):
    expected = np.random.SeedSequence(seed, spawn_key=key)
    assert (streams.child(seed, *key).generate_state(4) == expected.generate_state(4)).all()
    below = np.random.SeedSequence(seed, spawn_key=(*key, Tag.SIGNS, 7))
    got = streams.generator(np.random.SeedSequence(seed, spawn_key=key), Tag.SIGNS, 7)
    assert got.bytes(16) == np.random.Generator(np.random.SFC64(below)).bytes(16)


def test_a_generator_gives_a_root_once_and_moves_on():
    rng, twin = np.random.default_rng(3), np.random.default_rng(3)
    first, second = streams.root(rng), streams.root(rng)
    assert list(first.entropy) == twin.integers(0, 1 << 32, size=4).tolist()
    assert list(second.entropy) == twin.integers(0, 1 << 32, size=4).tolist()
    assert first.entropy != second.entropy


@pytest.mark.parametrize("kind", ["integer", "sequence", "generator"])
def test_every_function_takes_every_kind_of_randomness(kind):
    def rng():
        return {"integer": 5, "sequence": np.random.SeedSequence(5), "generator": np.random.default_rng(5)}[kind]

    law = {"drift": -1.0, "diffusion": 1.0, "horizon": 1.0, "prior_std": 1.0}
    calls = [
        lambda: nm.mean_norms(law="sphere", count=2, dim=2, radius=1.0, samples=5, rng=rng()),
        lambda: nm.sample_forward([0.0], mean_scale=1.0, std=1.0, samples=5, rng=rng()),
        lambda: nm.sample_reverse_sde(lambda x, _t: -x, samples=5, steps=3, rng=rng(), **law),
        lambda: nm.sample_probability_flow(lambda x, _t: -x, samples=5, rng=rng(), **law),
        lambda: nm.rademacher_complexity([[1.0, 2.0]], method="monte-carlo", samples=5, rng=rng()).value,
        lambda: nm.ReluClass(points=[0.0, 1.0], embedding=1.0).rademacher_complexity(
            method="monte-carlo", samples=5, rng=rng()
        ).value,
        lambda: nm.ou_information([0.0, 1.0], 1.0, method="monte-carlo", samples=5, rng=rng()).value,
        lambda: nm.RandomFeatures.sample(3, 2, nm.constant_embedding(), rng=rng()).weights,
        lambda: nm.histogram_density([0.0, 1.0], [1.0]).sample(3, rng=rng()),
        lambda: nm.train([0.0, 1.0], optimizer="sgd", learning_rate=0.1, epochs=1, width=2, replicas=1, rng=rng(),
                         mean_scale=1.0, std=1.0).parameters,
    ]  # fmt: skip
    for call in calls:
        np.testing.assert_array_equal(call(), call())


def test_integers_and_their_sequences_give_the_same_bits():
    for call in (
        lambda rng: nm.RandomFeatures.sample(3, 2, nm.constant_embedding(), rng=rng).weights,
        lambda rng: nm.histogram_density([0.0, 1.0], [1.0]).sample(3, rng=rng),
    ):
        np.testing.assert_array_equal(call(7), call(np.random.SeedSequence(7)))
        np.testing.assert_array_equal(call(7), call(np.random.default_rng(7)))
