"""Random numbers by their number are Philox's, fair, and the same in every library, piece and precision."""

import math

import numpy as np
import pytest
from scipy.stats import binomtest, chisquare, kstest

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


# Permutations --------------------------------------------------------------------------------------------------------


def orders(count, n, seed=7):
    words = philox.words(np, (seed, 2), 2, np.arange(count))
    return philox.permutation(np, tuple(word[:, None] for word in words), np.arange(n), n)


def test_the_network_is_a_bijection_for_every_number_of_points():
    for n in range(1, 301):
        np.testing.assert_array_equal(np.sort(orders(3, n), axis=1), np.broadcast_to(np.arange(n), (3, n)))


@pytest.mark.parametrize("n", [1, 2, 3, 10, 99, 1000, 123_457])
def test_the_grid_has_fewer_places_too_many_than_rows(n):
    rows, columns = philox.grid(n)
    assert n <= rows * columns < n + rows
    assert np.unique(orders(1, n)).size == n


def test_the_network_of_integers_is_that_of_the_definition():
    n, (rows, columns) = 23, philox.grid(23)
    words = [int(word[0]) for word in philox.words(np, (7, 2), 2, np.arange(1))]

    def scrambled(x):
        x = (x ^ x >> 16) * 0x7FEB352D % 2**32
        x = (x ^ x >> 15) * 0x846CA68B % 2**32
        return x ^ x >> 16

    def once(place):
        i, j = divmod(place, columns)
        for k in range(12):
            key = words[k % 4] + k * 0x9E3779B9
            if k % 2:
                j = (j + scrambled((i + key) % 2**32)) % columns
            else:
                i = (i + scrambled((j + key) % 2**32)) % rows
        return i * columns + j

    def walked(place):
        place = once(place)
        return place if place < n else walked(place)

    assert orders(1, n)[0].tolist() == [walked(place) for place in range(n)]


def test_places_and_pairs_of_places_are_uniform():
    n, drawn = 22, orders(20_000, 22)
    for place in (0, 9, 21):
        assert chisquare(np.bincount(drawn[:, place], minlength=n)).pvalue > 1e-9
    # two points never go to one place: the others are equally likely
    pairs = np.bincount(drawn[:, 3] * n + drawn[:, 4], minlength=n * n).reshape(n, n)
    assert (np.diag(pairs) == 0).all()
    assert chisquare(pairs[~np.eye(n, dtype=bool)]).pvalue > 1e-9


def test_orders_of_few_points_are_roughly_equally_likely():
    for n, unequal in ((2, 0.01), (3, 0.02), (4, 0.05), (5, 0.15), (6, 0.4)):
        codes = (orders(40_000, n) * n ** np.arange(n)).sum(axis=1)
        counts = np.unique(codes, return_counts=True)[1]
        assert len(counts) == math.factorial(n)
        mean = 40_000 / len(counts)
        # the bias that is stated, and seven standard deviations of a count
        assert np.abs(counts / mean - 1.0).max() <= unequal + 7.0 / math.sqrt(mean)
