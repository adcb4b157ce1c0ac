"""What data alone certify: against a law of atoms, whose loss is known, and against what would have to be refused."""

import itertools
import math

import numpy as np
import pytest
from scipy.stats import binom

import numerics as nm
from numerics.per_datum.datum_law import enclosing

TIMES = np.array([0.05, 0.5, 1.2])
SCHEDULE = nm.Schedule(times=TIMES, weights=[0.2, 0.5, 0.3], mean_scale=np.exp(-TIMES),
                       std=np.sqrt(-np.expm1(-2 * TIMES)), loss_weight=[2.0, 1.0, 3.0])  # fmt: skip
FEATURES = nm.RandomFeatures.sample(5, 1, nm.exponential_embedding(), rng=3)
POINTS = np.linspace(-1.0, 1.0, 7)
LAW = nm.atomic_datum_law(FEATURES, POINTS, SCHEDULE).quadratic
BEST = nm.GradientFlow(LAW, np.zeros((1, 5))).parameters(math.inf)
RADIUS = float(np.linalg.norm(BEST))
PARTS = nm.support_parts(FEATURES, SCHEDULE, [[-1.0, 1.0]], nodes=16)
PLANE = nm.RandomFeatures.sample(4, 2, nm.constant_embedding(), rng=0)


def capacity(data, radius=RADIUS):
    return nm.data_capacity(FEATURES, data, SCHEDULE, support=PARTS, radius=radius)


def excess(theta):
    spectrum = LAW.spectrum
    return math.sqrt(float(np.sum(((theta - BEST) @ spectrum.vectors) ** 2 * spectrum.values)))


def test_bounds_by_data_alone_are_violated_no_more_often_than_stated():
    rng, draws, taus = np.random.default_rng(0), 20, (0.3, 1e4)
    for count in (20, 300):
        violated = 0
        for _ in range(draws):
            made = capacity(rng.choice(POINTS, count))
            violated += any(
                excess(made.flow.parameters(tau)) > made.bound(tau=tau, delta=0.2).total * (1 + 1e-9) for tau in taus
            )
        assert violated <= binom.isf(1e-7, draws, 0.2)


def test_every_tail_and_the_noise_is_what_it_is_said_to_bound():
    made = capacity(np.random.default_rng(1).choice(POINTS, 500))
    basis = made.law.quadratic.spectrum.vectors
    for tau in (1.0, 1e3):
        found = made.bound(tau=tau, delta=0.05)
        nu = found.ridge * np.eye(5)
        values, vectors = np.linalg.eigh(LAW.B + nu)
        root = vectors / np.sqrt(values) @ vectors.T
        hat = basis * made.law.quadratic.spectrum.values @ basis.T
        assert np.linalg.eigvalsh(root @ (hat + nu) @ root)[0] >= found.kept
        parts, _ = nm.per_datum_parts(FEATURES, POINTS, SCHEDULE)
        assert np.linalg.eigvalsh(root @ parts @ root)[:, -1].max() <= found.reach
        gradient = BEST @ made.law.quadratic.B - made.law.quadratic.b
        assert np.linalg.norm(gradient @ root) <= found.noise
        gap = made.flow.parameters(tau) - BEST
        assert np.sqrt(np.trace(gap @ (hat + nu) @ gap.T)) <= found.distance


def test_more_data_say_more_and_the_radius_alone_bounds_what_one_datum_leaves():
    data = np.random.default_rng(2).choice(POINTS, 2000)
    totals = [capacity(data[:n]).bound(tau=100.0, delta=0.05).total for n in (1, 200, 2000)]
    assert totals == sorted(totals, reverse=True)
    one = capacity(data[:1]).bound(tau=100.0, delta=0.05)
    assert one.total <= one.sure < math.inf
    assert capacity(data, 2 * RADIUS).bound(tau=0.5, delta=0.05).total > capacity(data).bound(tau=0.5, delta=0.05).total


def test_parts_in_a_square_are_enclosed_by_those_at_its_middle():
    middle, length = np.array([0.3, -0.2]), 0.25
    narrow, wide = enclosing(SCHEDULE, length, 2)
    low, high = (nm.per_datum_parts(PLANE, middle[None], when)[0][0] for when in (narrow, wide))
    corners = middle + 0.5 * length * np.array(list(itertools.product((-1, 0.3, 1), repeat=2)))
    parts = nm.per_datum_parts(PLANE, corners, SCHEDULE)[0]
    assert np.linalg.eigvalsh(parts - low).min() >= -1e-12
    assert np.linalg.eigvalsh(high - parts).min() >= -1e-12


def test_data_in_the_plane_have_a_bound():
    data = np.random.default_rng(0).uniform(-1, 1, (300, 2))
    made = nm.data_capacity(
        PLANE, data, SCHEDULE, support=nm.support_parts(PLANE, SCHEDULE, [[-1, 1], [-1, 1]]), radius=1.0
    )
    assert 0 < made.bound(tau=1.0, delta=0.1).total < math.inf


@pytest.mark.parametrize(
    ("data", "support", "said"),
    [
        ([0.0, 2.0, 3.0], [[-1, 1]], r"data must lie in the support .* row 1 is the first of 2 outside"),
        ([0.0, math.nan], [[-1, 1]], r"data must hold no NaN"),
        ([[0.0, 1.0]], [[-1, 1]], r"data must have shape \(n, 1\)"),
        ([0.0], [[1, -1]], r"support must have a lower end below the upper one"),
        ([0.0], [[-1, 1], [0, 1]], r"support must have shape"),
    ],
)
def test_data_that_are_not_of_the_support_are_refused(data, support, said):
    with pytest.raises(ValueError, match=said):
        nm.data_capacity(
            FEATURES, data, SCHEDULE, support=nm.support_parts(FEATURES, SCHEDULE, support, nodes=4), radius=1.0
        )
