"""Violation counts repeat bit for bit, and match exact probabilities.

Every statistical assertion is an exact binomial tail at level 1e-9 (and the seeds are fixed).
"""

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import beta, binom

import numerics as nm

LEVEL = 1e-9


def not_above(count, samples, probability):
    """Whether `count` is no evidence against a success probability ≤ `probability`."""
    return binom.sf(count - 1, samples, probability) > LEVEL


def not_below(count, samples, probability):
    return binom.cdf(count, samples, probability) > LEVEL


def leaves_interval(a):
    """P(sup_{s ≤ 1} |W(s)| > a); forty terms leave nothing for a > 0.2."""
    return 1 - 4 / math.pi * sum(
        (-1) ** k / (2 * k + 1) * math.exp(-((2 * k + 1) ** 2) * math.pi**2 / (8 * a * a)) for k in range(40)
    )


EXPERIMENTS = [
    nm.EndpointViolation(initial=np.linspace(-1, 1, 40), mean_scale=0.5, std=0.8, bound=2.0),
    nm.PathViolation(initial=[0.0, 0.5], clock=np.linspace(0.1, 1, 30), mean_scale=np.linspace(1, 0.5, 30), bound=1.5),
    nm.MeanNormViolation(law="rademacher", count=9, dim=3, radius=2.0, bound=0.6),
    nm.MeanNormViolation(law="sphere", count=9, dim=3, radius=2.0, bound=0.6),
    nm.MeanNormViolation(law="vertex", count=9, dim=3, radius=2.0, bound=0.4),
]


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: getattr(e, "law", type(e).__name__))
def test_the_same_seed_gives_the_same_bits_for_every_number_of_workers(experiment):
    samples = 3 * experiment.block_size + 17
    runs = [list(nm.violation_blocks(experiment, samples=samples, rng=5, workers=k)) for k in (1, 2, 5)]
    assert runs[0] == runs[1] == runs[2]
    assert [block.samples for block in runs[0]] == [experiment.block_size] * 3 + [17]
    assert all(0 <= block.lower <= block.upper <= block.samples for block in runs[0])
    assert sum(block.lower for block in runs[0]) > 0
    assert runs[0] != list(nm.violation_blocks(experiment, samples=samples, rng=6))
    assert runs[0][0] != runs[0][1]  # blocks have their own streams


def test_more_samples_extend_the_same_sequence():
    arguments = {"law": "sphere", "count": 3, "dim": 2, "radius": 1.0, "rng": 1}
    short, long = nm.mean_norms(samples=50, **arguments), nm.mean_norms(samples=40_000, workers=2, **arguments)
    np.testing.assert_array_equal(short, long[:50])
    assert len(long) == 40_000
    count = nm.mean_norm_violations(samples=40_000, bound=0.5, **arguments)
    assert count == np.count_nonzero(long > 0.5)


def test_a_seed_sequence_with_another_key_is_another_stream():
    arguments = {"law": "rademacher", "count": 100, "dim": 2, "radius": 1.0, "samples": 20}
    root = np.random.SeedSequence(1)
    np.testing.assert_array_equal(nm.mean_norms(rng=1, **arguments), nm.mean_norms(rng=root, **arguments))
    other = np.random.SeedSequence(1, spawn_key=(3,))
    assert (nm.mean_norms(rng=other, **arguments) != nm.mean_norms(rng=root, **arguments)).any()


def test_blocks_can_be_abandoned_early():
    experiment = EXPERIMENTS[0]
    for workers in (1, 2):
        blocks = nm.violation_blocks(experiment, samples=10**9, rng=0, workers=workers)
        first = list(itertools.islice(blocks, 2))
        blocks.close()
        assert first == list(nm.violation_blocks(experiment, samples=2 * experiment.block_size, rng=0))


@pytest.mark.parametrize("dim", [1, 4, 50])
def test_endpoint_counts_match_the_exact_probability(dim):
    # x0 = 0: P(‖std Z‖_∞ > bound) = 1 − (1 − 2Q(bound/std))^d; LLZB (18) with constant 1 at δ = 0.1
    samples, bound = 40_000, math.sqrt(math.log(100))
    exact = 1 - (1 - 2 * ndtr(-bound / 0.8)) ** dim
    count = nm.endpoint_violations(
        initial=np.zeros(dim), mean_scale=0.6, std=0.8, bound=bound, samples=samples, rng=1, workers=2
    )
    assert not_above(count, samples, exact)
    assert not_below(count, samples, exact)


def test_endpoint_counts_see_the_shifted_start():
    samples = 40_000
    exact = 1 - (ndtr((1 - 0.5) / 0.5) - ndtr((-1 - 0.5) / 0.5))
    count = nm.endpoint_violations(initial=[1.0], mean_scale=0.5, std=0.5, bound=1.0, samples=samples, rng=2)
    assert not_above(count, samples, exact)
    assert not_below(count, samples, exact)
    # without noise the answer is certain, and a value on the bound is no violation
    for bound, expected in ((0.5, 0), (0.49, 10)):
        got = nm.endpoint_violations(initial=[1.0], mean_scale=0.5, std=0.0, bound=bound, samples=10, rng=2)
        assert got == expected


@pytest.mark.parametrize("cells", [1, 4, 64])
@pytest.mark.parametrize("bound", [0.8, 1.5, 2.5])
def test_path_counts_bracket_the_exact_probability(cells, bound):
    samples, exact = 20_000, leaves_interval(bound)
    counts = nm.path_violations(
        initial=[0.0],
        clock=np.linspace(0, 1, cells + 1)[1:],
        mean_scale=np.ones(cells),
        bound=bound,
        samples=samples,
        rng=3,
        workers=2,
    )
    assert counts.lower <= counts.upper
    assert not_above(counts.lower, samples, exact)
    assert not_below(counts.upper, samples, exact)
    if cells == 1:  # the lower count sees the end point only
        end = 2 * ndtr(-bound)
        assert not_above(counts.lower, samples, end)
        assert not_below(counts.lower, samples, end)
    if bound == 2.5:  # the union bound is sharp there: crossing both barriers has probability below 4Q(7.5)
        assert not_above(counts.upper, samples, exact + 4 * ndtr(-7.5))


def test_skipping_what_stays_away_from_the_barriers_changes_no_count():
    # the same walks with all tests at each of their steps
    from numerics.kernels import violations  # noqa: PLC0415

    rng = np.random.default_rng(2)
    samples, cells, dim = 3000, 12, 3
    normals, initial, key = rng.standard_normal((samples, cells, dim)), np.array([0.0, 0.4, -0.9]), np.uint64(77)
    steps, scale = rng.uniform(0.01, 0.1, cells), rng.uniform(0.5, 1.0, cells + 1)
    roots = np.sqrt(steps)
    for bound in (0.7, 1.5, 3.0):
        barrier = bound / np.maximum(scale[:-1], scale[1:])
        lower = upper = 0
        for s in range(samples):
            seen, crossed = False, violations._uniform(~key, s) < cells * dim * 2.0**-53
            for i in range(dim):
                if not seen:
                    number = s * cells * dim + i
                    seen, crossed = violations._walk(
                        normals[s, :, i], key, number, dim, initial[i], steps, roots, scale, barrier, bound, crossed
                    )
            lower, upper = lower + seen, upper + (seen or crossed)
        assert violations.path_counts(normals, key, 0, initial, steps, scale, barrier, bound) == (lower, upper)
        assert 0 < lower <= upper


@pytest.mark.parametrize("bound", [0.8, 1.2])
def test_the_upper_count_of_one_cell_has_its_exact_probability(bound):
    # given the end point y it is min(1, e^{−2a(a−y)} + e^{−2a(a+y)}), and 1 beyond the box
    def integrand(y):
        crossing = math.exp(-2 * bound * (bound - y)) + math.exp(-2 * bound * (bound + y))
        return min(1.0, crossing) * math.exp(-y * y / 2) / math.sqrt(2 * math.pi)

    samples, kink = 100_000, math.acosh(max(1.0, math.exp(2 * bound**2) / 2)) / (2 * bound)
    exact = 2 * ndtr(-bound) + sum(
        quad(integrand, *piece)[0] for piece in itertools.pairwise((-bound, -kink, kink, bound))
    )
    counts = nm.path_violations(
        initial=[0.0], clock=[1.0], mean_scale=[1.0], bound=bound, samples=samples, rng=13, workers=2
    )
    assert not_above(counts.upper, samples, exact)
    assert not_below(counts.upper, samples, exact)


def test_coordinates_of_a_path_are_independent():
    samples, dim = 10_000, 5
    exact = 1 - (1 - leaves_interval(2.5)) ** dim
    counts = nm.path_violations(
        initial=np.zeros(dim), clock=[0.5, 1.0], mean_scale=[1.0, 1.0], bound=2.5, samples=samples, rng=4
    )
    assert not_above(counts.upper, samples, exact + dim * 4 * ndtr(-7.5))
    assert not_below(counts.upper, samples, exact)


@pytest.mark.parametrize("bound", [1.2, 2.0])
def test_a_decaying_scale_is_bracketed_from_coarse_to_fine_grids(bound):
    # Ornstein–Uhlenbeck: r = e^{−t}, v² = e^{2t} − 1. Independent runs: the one-sided Clopper–Pearson limits at level
    # 1e-9 of what one run gives from below and the other from above may not contradict each other.
    samples, results = 20_000, {}
    for cells in (4, 200):
        t = np.linspace(0, 1, cells + 1)
        results[cells] = nm.path_violations(
            initial=[0.7],
            clock=np.expm1(2 * t),
            mean_scale=np.exp(-t),
            bound=bound,
            samples=samples,
            rng=cells,
            workers=2,
        )
    for one, two in itertools.permutations(results.values()):
        low = beta.ppf(LEVEL, one.lower, samples - one.lower + 1)
        high = beta.isf(LEVEL, two.upper + 1, samples - two.upper)
        assert low <= high
    # refining narrows the bracket: the widths differ here by more than a factor of two
    assert results[200].upper - results[200].lower < (results[4].upper - results[4].lower) / 2


def test_the_first_cell_reaches_back_to_time_zero():
    common = {"initial": [0.9], "bound": 1.0, "samples": 2000, "rng": 5}
    with_zero = nm.path_violations(clock=[0.0, 1.0], mean_scale=[1.0, 0.5], **common)
    assert nm.path_violations(clock=[1.0], mean_scale=[0.5], **common) == with_zero
    # a start outside the box is a violation, and a scale of 0 afterwards changes nothing
    outside = {**common, "initial": [1.1]}
    assert nm.path_violations(clock=[1.0], mean_scale=[0.0], **outside) == (2000, 2000)
    still = nm.path_violations(clock=[0.0, 1e-30], mean_scale=[0.0, 0.0], **common)
    assert still == (0, 0)


def test_path_counts_fall_with_the_bound_sample_by_sample():
    counts = [
        nm.path_violations(initial=[0.0, 0.0], clock=[0.3, 1.0], mean_scale=[1.0, 0.8], bound=b, samples=3000, rng=6)
        for b in (0.0, 0.5, 1.0, 2.0, 4.0)
    ]
    assert counts[0] == (3000, 3000)
    assert all(one.lower >= two.lower and one.upper >= two.upper for one, two in itertools.pairwise(counts))


@pytest.mark.parametrize(
    ("law", "dim", "exact"),
    [
        ("rademacher", 7, 3.0),
        ("sphere", 7, 3.0),
        ("sphere", 1, 3.0),
        ("vertex", 4, 3.0 * math.sqrt(3 / 4)),
        ("vertex", 1, 0.0),
    ],
)
def test_one_vector_has_its_exact_distance_from_the_mean(law, dim, exact):
    norms = nm.mean_norms(law=law, count=1, dim=dim, radius=3.0, samples=100, rng=7)
    np.testing.assert_allclose(norms, exact, rtol=1e-14, atol=1e-15)  # a sum of at most seven squares


@pytest.mark.parametrize("law", ["rademacher", "sphere", "vertex"])
@pytest.mark.parametrize(("count", "dim"), [(5, 3), (200, 2), (3, 100)])
def test_the_mean_square_is_the_variance_over_n(law, count, dim):
    samples, M = 4000, 2.0
    squares = nm.mean_norms(law=law, count=count, dim=dim, radius=M, samples=samples, rng=8, workers=2) ** 2
    centre = M * M / dim if law == "vertex" else 0.0
    exact = (M * M - centre) / count
    # Hoeffding: squares lie in [0, 2M²] (vertices are at most √2 M apart, the others have norm ≤ M)
    assert abs(squares.mean() - exact) <= 2 * M * M * math.sqrt(math.log(2 / LEVEL) / (2 * samples))


def test_rademacher_counts_match_the_enumeration_of_all_signs():
    samples, n, dim, bound = 40_000, 3, 2, 0.7
    signs = np.array(list(itertools.product([-1, 1], repeat=n * dim))).reshape(-1, n, dim)
    exact = np.mean(np.linalg.norm(signs.mean(axis=1) / math.sqrt(dim), axis=1) > bound)
    count = nm.mean_norm_violations(law="rademacher", count=n, dim=dim, radius=1.0, bound=bound, samples=samples, rng=9)
    assert not_above(count, samples, exact)
    assert not_below(count, samples, exact)


def test_sphere_counts_match_the_law_of_two_points_on_a_circle():
    # |Y_1 + Y_2|/2 = |cos(φ/2)| with φ uniform: P(> b) = (2/π) arccos b
    samples, bound = 40_000, 0.3
    exact = 2 / math.pi * math.acos(bound)
    count = nm.mean_norm_violations(law="sphere", count=2, dim=2, radius=1.0, bound=bound, samples=samples, rng=10)
    assert not_above(count, samples, exact)
    assert not_below(count, samples, exact)


def test_vertex_counts_match_the_binomial_of_two_vertices():
    # dim 2: the mean is M/√2 |2K/n − 1| away, K ~ Binomial(n, 1/2)
    samples, n = 40_000, 10
    exact = binom.cdf(2, n, 0.5) + binom.sf(7, n, 0.5)  # |2K/10 − 1| > 1/2
    count = nm.mean_norm_violations(
        law="vertex", count=n, dim=2, radius=1.0, bound=0.5 / math.sqrt(2) + 1e-9, samples=samples, rng=11
    )
    assert not_above(count, samples, exact)
    assert not_below(count, samples, exact)


def test_a_sample_larger_than_a_block_is_drawn_in_pieces():
    norms = nm.mean_norms(law="sphere", count=3000, dim=100, radius=1.0, samples=3, rng=12)
    # E norm² = 1/3000; McDiarmid: norm − E norm > 2 √(log(1/level)/(2·3000)) has probability below level
    assert (norms <= (1 + math.sqrt(2 * math.log(3 / LEVEL))) / math.sqrt(3000)).all()
    assert (norms > 0.5 / math.sqrt(3000)).all()  # 100 dimensions: norm² concentrates at 1/3000 within 30 %
