"""Random numbers by their number are Philox's, fair, and the same in every library, piece and precision."""

import math

import numpy as np
import pytest
from scipy.stats import binomtest, kstest

from numerics.backends import counts, philox
from numerics.backends.backend import NumpyArrays

ORACLE = NumpyArrays()
KEY = philox.key_of(np.random.SeedSequence(5))


@pytest.mark.parametrize(
    ("block", "stream", "key", "words"),
    [
        (0, 0, (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (2**64 - 1 - (1 << 64), 0xFFFFFFFF, (0xFFFFFFFF, 0xFFFFFFFF), None),
    ],
)
def test_the_words_are_those_of_the_paper(block, stream, key, words):
    drawn = philox.words(np, key, stream, np.array([block]))
    if words is not None:  # "known answers" of Random123
        assert tuple(int(word[0]) for word in drawn) == words
    assert all(0 <= int(word[0]) < 2**32 for word in drawn)


def test_every_bit_of_counter_and_key_matters():
    base = philox.words(np, (1, 2), 3, np.array([4]))
    for key, stream, block in [((0, 2), 3, 4), ((1, 3), 3, 4), ((1, 2), 2, 4), ((1, 2), 3, 5), ((1, 2), 3, 4 + 2**32)]:
        other = philox.words(np, key, stream, np.array([block]))
        assert all(int(a[0]) != int(b[0]) for a, b in zip(base, other, strict=True))


def test_the_rounds_are_those_of_exact_integers():
    """The wrapped products of int64 against Python's integers, on random counters."""
    rng = np.random.default_rng(0)
    blocks = rng.integers(0, 2**62, size=20)
    key = (0xDEADBEEF, 0xFACEB00C)

    def exact(block):
        a, b, c, d, (one, two) = block % 2**32, block >> 32, 7, 0, key
        for _ in range(10):
            first, second = a * 0xD2511F53, c * 0xCD9E8D57
            a, b, c, d = (second >> 32) ^ b ^ one, second % 2**32, (first >> 32) ^ d ^ two, first % 2**32
            one, two = (one + 0x9E3779B9) % 2**32, (two + 0xBB67AE85) % 2**32
        return a, b, c, d

    drawn = np.stack(philox.words(np, key, 7, blocks), axis=1)
    assert drawn.tolist() == [list(exact(int(block))) for block in blocks]


def test_uniforms_and_normals_have_their_laws():
    blocks = ORACLE.span(0, 50_000)
    uniforms = philox.uniforms(ORACLE, KEY, 0, blocks, 2).ravel()
    normals = philox.normals(ORACLE, KEY, 0, blocks, 2)
    assert kstest(uniforms, "uniform").pvalue > 1e-9
    assert kstest(normals.ravel(), "norm").pvalue > 1e-9
    # both numbers of a block are independent: the quadrants are equally likely
    same = int(np.count_nonzero((normals[:, 0] > 0) == (normals[:, 1] > 0)))
    assert binomtest(same, len(normals), 0.5).pvalue > 1e-9


def test_normals_are_never_infinite():
    class First(NumpyArrays):
        """The words that give the least uniform: all 0."""

    zero = np.zeros(1, dtype=np.int64)
    radius = math.sqrt(-2.0 * math.log(2.0**-53))
    assert radius < 8.6
    assert philox.numbers(First(), zero, zero)[0] == 0.0


@pytest.mark.parametrize("count", [1, 31, 32, 33, 127, 128, 129, 300])
def test_heads_are_the_sums_of_the_bits(count):
    each = philox.bit_blocks_of(count)
    blocks = ORACLE.span(5 * each, 45 * each)
    bits = philox.bits(ORACLE, KEY, 0, blocks, count)
    assert bits.shape == (40, count)
    assert set(np.unique(bits)) <= {0, 1}
    np.testing.assert_array_equal(philox.heads(ORACLE, KEY, 0, blocks, count), bits.sum(axis=1))
    assert binomtest(int(bits.sum()), bits.size, 0.5).pvalue > 1e-9


def test_samples_do_not_depend_on_the_pieces():
    samples = counts.Samples(KEY, 3, 50)
    whole = np.concatenate(list(samples.pieces(NumpyArrays(memory=1 << 20), 2, 1.0)))
    parts = list(samples.pieces(NumpyArrays(memory=1 << 20), 2, float(1 << 17)))
    assert len(parts) == math.ceil(50 / 8)
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    np.testing.assert_array_equal(whole, np.arange(6, 106))
