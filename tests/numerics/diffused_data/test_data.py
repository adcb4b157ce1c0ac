"""Informations and divergences of diffused data against closed forms of Gaussians and two-point laws.

References are one-dimensional integrals in 30 digits (mpmath) or closed forms; Monte Carlo is held by its own interval
at α = 1e-9 and fixed seeds.
"""

import math
import tracemalloc

import mpmath as mp
import numpy as np
import pytest

import numerics as nm

TOLERANCE = 1e-10  # what the project asks of these numbers
SURE = {"alpha": 1e-9, "rng": 1}
PAIR = nm.DiffusedData.ornstein_uhlenbeck([-1.0, 1.0])
ONE = nm.DiffusedData.ornstein_uhlenbeck([1.0, 1.0])
SQUARE = nm.DiffusedData.ornstein_uhlenbeck([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])

CUBE = nm.DiffusedData.ornstein_uhlenbeck([[a, b, c] for a in (-1.0, 1.0) for b in (-1.0, 1.0) for c in (-1.0, 1.0)])


def two_point_information(time):
    """I(X; rX + sZ) for X = ±1: g² − E log cosh(g² + g Z), g = r/s."""
    with mp.workdps(30):
        a = mp.exp(-2 * mp.mpf(time))
        square = a / (1 - a)
        gain = mp.sqrt(square)

        def integrand(z):
            return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi) * mp.log(mp.cosh(square + gain * z))

        return float(square - mp.quad(integrand, [-14, -gain - 2, -gain, -gain + 2, 14]))


@pytest.mark.parametrize("time", [0.02, 0.1, 0.5, 1.0, 3.0])
def test_the_information_of_two_points_is_its_closed_form(time):
    expected = two_point_information(time)
    assert PAIR.information(time).value == pytest.approx(expected, abs=TOLERANCE)
    low, high = PAIR.information_bounds(time)
    assert low <= expected <= high
    # both encoders are alike, so that each divergence is the information
    assert PAIR.encoder(1.0, time).value == pytest.approx(expected, abs=TOLERANCE)


def test_the_drop_of_information_of_two_points_is_known():
    drop = PAIR.information(0.02).value - PAIR.information(1.0).value
    assert drop == pytest.approx(0.620468993, abs=5e-10)  # the digits that are stated


def test_the_plug_in_prior_of_two_points_over_all_samples_is_known():
    samples = [PAIR, PAIR, ONE, nm.DiffusedData.ornstein_uhlenbeck([-1.0, -1.0])]
    mean = sum(data.prior(0.5).value for data in samples) / 4
    assert mean == pytest.approx(0.1157592, abs=5e-8)
    closed = [float(data.rate(0.5).mean()) - data.information(0.5).value for data in samples]
    assert sum(closed) / 4 == pytest.approx(mean, abs=TOLERANCE)
    truth = PAIR.prior(0.5).value  # p_0 is uniform on ±1
    assert mean - truth == pytest.approx(0.1135784, abs=5e-8)
    # E_S KL(p̂_T‖p_T): half of the samples are one encoder, the other half are p_T itself
    assert mean - truth == pytest.approx(0.5 * PAIR.encoder(1.0, 0.5).value, abs=TOLERANCE)


@pytest.mark.parametrize("time", [1e-6, 0.01, 0.3, 2.0, 17.0, 40.0, 300.0])
@pytest.mark.parametrize("x", [0.0, 1e-3, 2.0])
def test_the_rate_keeps_its_relative_accuracy_at_every_horizon(time, x):
    with mp.workdps(320):
        a = mp.exp(-2 * mp.mpf(time))
        expected = float((a * mp.mpf(x) ** 2 - a - mp.log(1 - a)) / 2)
    got = float(nm.DiffusedData.ornstein_uhlenbeck([x]).rate(time)[0])
    assert got == pytest.approx(expected, rel=1e-12, abs=1e-300)


def test_one_datum_gives_the_divergence_of_gaussians_and_no_information():
    data = nm.DiffusedData(points=[1.5], mean_scale=0.5, std=0.3, prior_std=2.0)
    expected = nm.gaussian_kl(0.75, 0.09, 0.0, 4.0)
    assert data.prior(1.0).value == pytest.approx(expected, abs=TOLERANCE)
    assert float(data.rate(1.0)[0]) == pytest.approx(expected, rel=1e-13)
    assert data.information(1.0).value == 0.0
    far = data.encoder(2.5, 1.0).value
    assert far == pytest.approx(nm.gaussian_kl(1.25, 0.09, 0.75, 0.09), abs=TOLERANCE)


def test_the_mean_of_the_encoders_is_the_information_and_the_rate_splits():
    data = nm.DiffusedData.ornstein_uhlenbeck([-2.0, -0.5, 0.1, 3.0])
    for time in (0.05, 0.4, 2.0):
        encoders = [data.encoder(float(x), time).value for x in data.points[:, 0]]
        assert sum(encoders) / 4 == pytest.approx(data.information(time).value, abs=TOLERANCE)
        whole = data.prior(time).value + data.information(time).value
        assert whole == pytest.approx(float(data.rate(time).mean()), abs=TOLERANCE)


@pytest.mark.parametrize("time", [1e-4, 0.01, 0.05, 0.5, 4.0])
def test_in_the_plane_independent_coordinates_add(time):
    """Twice the information on the line; the claimed error is that of a rule of half as many points, far above."""
    single = PAIR.information(time).value
    got = SQUARE.information(time)
    assert got.value == pytest.approx(2 * single, rel=1e-7)
    assert got.interval[0] <= 2 * single <= got.interval[1]
    assert got.alpha == 0.0
    assert SQUARE.rate(time) == pytest.approx(2 * PAIR.rate(time)[0], rel=1e-14)
    prior = SQUARE.prior(time)
    assert prior.interval[0] <= 2 * PAIR.prior(time).value <= prior.interval[1]


def test_in_the_plane_turned_and_moved_data_have_the_same_information():
    angle, moved = 0.3, np.array([1e3, -20.0])
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    turned = nm.DiffusedData.ornstein_uhlenbeck(SQUARE.points @ turn + moved)
    for time in (0.05, 0.5):
        expected = 2 * PAIR.information(time).value
        assert turned.information(time).value == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("time", [0.05, 0.5, 4.0])
def test_in_space_independent_coordinates_add(time):
    single = PAIR.information(time).value
    got = CUBE.information(time, **SURE)
    assert got.interval[0] <= 3 * single <= got.interval[1]
    assert got.error <= 0.05 * single + 1e-3
    prior = CUBE.prior(time, **SURE)
    assert prior.interval[0] <= 3 * PAIR.prior(time).value <= prior.interval[1]
    encoder = CUBE.encoder([1.0, -1.0, 1.0], time, **SURE)
    assert encoder.interval[0] <= 3 * PAIR.encoder(1.0, time).value <= encoder.interval[1]
    outside = nm.DiffusedData.ornstein_uhlenbeck([[-1.0, 0.0], [1.0, 0.0]]).encoder([0.5, 2.0], time, **SURE)
    r, s = PAIR.at(time)
    expected = PAIR.encoder(0.5, time).value + 0.5 * (2.0 * r / s) ** 2
    assert outside.interval[0] <= expected <= outside.interval[1]


def test_directions_without_data_add_to_the_rate_and_nothing_to_the_information():
    """P on a k-plane in R^d: (d − k) ½ (−a − log(1 − a)) more for every datum."""
    line = nm.DiffusedData.ornstein_uhlenbeck([-2.0, 0.5, 1.0])
    plane = nm.DiffusedData.ornstein_uhlenbeck(np.pad(line.points, ((0, 0), (0, 3))))
    for time in (0.05, 0.7):
        a = math.exp(-2 * time)
        assert plane.rate(time) == pytest.approx(line.rate(time) + 1.5 * (-a - math.log1p(-a)), rel=1e-12)
        assert plane.information_bounds(time) == pytest.approx(line.information_bounds(time), rel=1e-12)
        low, high = plane.information(time, **SURE).interval
        assert low <= line.information(time).value <= high


def test_workers_do_not_change_a_bit():
    one, four = (CUBE.information(0.3, samples=1024, workers=workers) for workers in (1, 4))
    assert one == four


def test_the_score_is_the_gradient_of_the_log_density():
    data, time, h = nm.DiffusedData.ornstein_uhlenbeck([[0.0, 1.0], [1.0, -1.0], [3.0, 0.5]]), 0.3, 1e-6
    r, s = data.at(time)

    def log_density(x):
        return math.log(sum(math.exp(-0.5 * float(((x - r * y) ** 2).sum()) / s**2) for y in data.points))

    x = np.array([0.7, 0.2])
    steps = h * np.eye(2)
    gradient = [(log_density(x + e) - log_density(x - e)) / (2 * h) for e in steps]
    assert data.score(x[None], time)[0] == pytest.approx(gradient, abs=1e-8)  # h² and eps/h
    slopes = [
        (data.score(x[None] + e, time) - data.score(x[None] - e, time))[0, i] / (2 * h) for i, e in enumerate(steps)
    ]
    assert data.divergence(x[None], time)[0] == pytest.approx(sum(slopes), abs=1e-7)
    line = nm.DiffusedData.ornstein_uhlenbeck([2.0])
    assert line.score([1.0, 2.0], time) == pytest.approx((r * 2.0 - np.array([1.0, 2.0])) / s**2)


@pytest.mark.parametrize("shift", [1e3, 1e9])
def test_data_far_from_zero_have_the_score_of_data_at_zero(shift):
    points, at, std = np.array([-1.0, 0.3125, 2.0]), np.array([0.3125 + 2**-6, 0.65625]), 0.015625
    here, there = (nm.DiffusedData(points=points + s, mean_scale=1.0, std=std) for s in (0.0, shift))
    for name in ("score", "divergence"):
        expected = getattr(here, name)(at, 1.0)
        # x − mean is exact here but for the mean of the data, which is rounded to 2⁻⁵² of the shift
        assert getattr(there, name)(at + shift, 1.0) == pytest.approx(expected, rel=1e-12, abs=2**-51 * shift / std**2)


def test_five_thousand_points_in_784_dimensions_stay_within_the_stated_memory():
    points = np.random.default_rng(0).standard_normal((5000, 784))
    data = nm.DiffusedData.ornstein_uhlenbeck(points)
    tracemalloc.start()
    try:
        early = data.information(0.5, samples=16, rng=0)
        late = data.information(6.0, samples=16, rng=0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 160 * 2**20  # 100 MiB beside a second, centred copy of the data, which takes 30
    assert early.value == pytest.approx(math.log(5000), abs=1e-12)  # all distances are near √1568: one datum is seen
    assert 0.0 < late.value < math.log(5000)
