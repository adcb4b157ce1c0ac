"""Losses of scores over diffused data against closed forms and against the drop of information.

On the line 1e-9 is ten times the tolerance of the adaptive rule; in space the intervals hold at α = 1e-9.
"""

import math

import numpy as np
import pytest

import numerics as nm

TOLERANCE = 1e-9
SURE = {"alpha": 1e-9, "rng": 1}
POINTS = [-2.0, -0.5, 0.1, 3.0]
LINE = nm.DiffusedData.ornstein_uhlenbeck(POINTS)
PAIR = nm.DiffusedData.ornstein_uhlenbeck([-1.0, 1.0])
SQUARE = nm.DiffusedData.ornstein_uhlenbeck([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])

CUBE = nm.DiffusedData.ornstein_uhlenbeck([[a, b, c] for a in (-1.0, 1.0) for b in (-1.0, 1.0) for c in (-1.0, 1.0)])


def minus_x(x, time):
    return -x


def test_one_datum_at_the_origin_gives_the_closed_form():
    data = nm.DiffusedData.ornstein_uhlenbeck([0.0])
    found = nm.score_losses(minus_x, data=data, start=0.01, horizon=[0.5, 3.0])
    for horizon, explicit, noise in zip((0.5, 3.0), found.explicit, found.noise, strict=True):
        first, last = math.exp(-0.02), math.exp(-2 * horizon)
        expected = 0.5 * ((last + math.log1p(-last)) - (first + math.log1p(-first)))  # ∫ a² / (1 − a) dt
        assert explicit.value == pytest.approx(expected, abs=TOLERANCE)
        assert explicit.interval[0] <= expected <= explicit.interval[1]
        assert noise.value == pytest.approx(0.0, abs=1e-14)


@pytest.mark.parametrize("score", [minus_x, LINE, nm.DiffusedData.ornstein_uhlenbeck([0.0, 1.0])])
def test_denoising_less_explicit_loss_is_the_drop_of_information(score):
    found = nm.score_losses(score, data=LINE, start=0.01, horizon=[0.1, 2.0])
    for k, horizon in enumerate(found.horizons):
        drop = LINE.information(0.01).value - LINE.information(horizon).value
        assert found.denoising[k].value - found.explicit[k].value == pytest.approx(drop, abs=TOLERANCE)
        assert found.noise[k].value == pytest.approx(drop, abs=TOLERANCE)


def test_the_exact_score_has_no_explicit_loss():
    found = nm.score_losses(LINE, data=LINE, start=0.01, horizon=3.0)
    assert found.explicit[0].value <= 1e-14


@pytest.mark.parametrize("process", ["sub-vp", "ve"])
def test_the_clock_needs_no_diffusion_coefficient(process):
    """½ ∫ g² E|s − ŝ|² dt in time, with g, against the clock's integral: one datum at 0, s = −x/(1 + std²)."""
    if process == "ve":
        scale, std, g2 = 1.0, lambda t: np.sqrt((25.0 ** (2 * t) - 1) / (2 * math.log(25.0))), lambda t: 25.0 ** (2 * t)
    else:
        scale, std, g2 = lambda t: np.exp(-t), lambda t: -np.expm1(-2 * t), lambda t: 2 * (1 - np.exp(-4 * t))
    data = nm.DiffusedData(points=[0.0], mean_scale=scale, std=std)
    found = nm.score_losses(lambda x, t: -x / (1 + float(std(t)) ** 2), data=data, start=0.05, horizon=0.9)
    nodes, weights = np.polynomial.legendre.leggauss(200)
    t = 0.05 + 0.425 * (1 + nodes)
    variance = std(t) ** 2
    expected = 0.425 * float(weights @ (0.5 * g2(t) * variance * (1 / variance - 1 / (1 + variance)) ** 2))
    assert found.explicit[0].value == pytest.approx(expected, rel=TOLERANCE)


def test_random_features_are_integrated_across_their_kinks():
    rng = np.random.default_rng(3)
    features = nm.RandomFeatures.sample(5, 1, nm.polynomial_embedding(2, 1.0), rng=rng)
    theta = rng.standard_normal((1, 5))
    found = nm.score_losses(features, theta, data=PAIR, start=0.2, horizon=0.7)

    def callable_score(x, t):
        h = np.maximum(x @ features.weights.T + features.intercepts([t])[0], 0.0) / math.sqrt(5)
        return h @ theta.T  # Θ = A/√m

    again = nm.score_losses(callable_score, data=PAIR, start=0.2, horizon=0.7)
    assert found.explicit[0].value == pytest.approx(again.explicit[0].value, rel=1e-7)
    drop = PAIR.information(0.2).value - PAIR.information(0.7).value
    assert found.denoising[0].value - found.explicit[0].value == pytest.approx(drop, abs=TOLERANCE)


def test_a_trained_network_is_taken_as_it_is():
    network = nm.ScoreNetwork(
        input_weight=[[1.0], [-0.5]], input_bias=[0.1, 0.2], time_weight=np.full((2, 2), 0.1), time_bias=[0.0, 0.1],
        output_weight=[[0.5, -1.0]], output_bias=[0.0], frequencies=[0.2], output_scale=2.0,
        std=lambda t: np.sqrt(-np.expm1(-2 * t)),
    )  # fmt: skip
    found = nm.score_losses(network, data=PAIR, start=0.1, horizon=1.0)
    again = nm.score_losses(network.score, data=PAIR, start=0.1, horizon=1.0)
    assert found == again


def test_in_the_plane_independent_coordinates_add():
    single = nm.score_losses(minus_x, data=PAIR, start=0.05, horizon=[0.4, 2.0])
    found = nm.score_losses(minus_x, data=SQUARE, start=0.05, horizon=[0.4, 2.0])
    for name in ("explicit", "denoising", "noise"):
        for one, two in zip(getattr(single, name), getattr(found, name), strict=True):
            assert two.value == pytest.approx(2 * one.value, rel=1e-6)
            assert two.interval[0] <= 2 * one.value <= two.interval[1]
            assert two.alpha == 0.0


def test_in_space_independent_coordinates_add():
    single = nm.score_losses(minus_x, data=PAIR, start=0.05, horizon=[0.4, 2.0])
    found = nm.score_losses(minus_x, data=CUBE, start=0.05, horizon=[0.4, 2.0], samples=4096, **SURE)
    for name in ("explicit", "denoising", "noise"):
        for one, three in zip(getattr(single, name), getattr(found, name), strict=True):
            assert three.interval[0] <= 3 * one.value <= three.interval[1]
            assert three.error <= 0.2 * three.value
    errors = nm.score_errors(minus_x, data=CUBE, times=[0.1, 1.0], **SURE)
    lines = nm.score_errors(minus_x, data=PAIR, times=[0.1, 1.0])
    for one, three in zip(sum(lines, ()), sum(errors, ()), strict=True):
        assert three.interval[0] <= 3 * one.value <= three.interval[1]


def test_a_distance_to_the_exact_score_is_the_explicit_loss():
    found = nm.score_distance(minus_x, LINE, data=LINE, start=0.1, horizon=1.0)
    explicit = nm.score_losses(minus_x, data=LINE, start=0.1, horizon=1.0).explicit
    assert found[0].value == pytest.approx(explicit[0].value, abs=TOLERANCE)
    # E‖x‖² = d for ±1 in every coordinate at every time: ½ ∫ 2 d dt
    for data in (SQUARE, CUBE):
        far = nm.score_distance(minus_x, lambda x, t: 0.0 * x, data=data, start=0.1, horizon=1.0, samples=1024, **SURE)
        assert far[0].interval[0] <= data.dim * 0.9 <= far[0].interval[1]


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (lambda x, t: np.full(x.shape, np.nan), "not finite"),
        (lambda x, t: x[:, 0], "shape"),
        (lambda x, t: np.zeros((len(x), 2)), "shape"),
        (lambda x, t: 1 / 0, "ZeroDivisionError"),
        (lambda x, t: np.where(x > 1.0, np.nan, -x), "not finite"),
    ],
)
def test_a_score_that_returns_nonsense_is_refused_in_words(score, words):
    with pytest.raises(ValueError, match="score must") as caught:
        nm.score_losses(score, data=PAIR, start=0.1, horizon=1.0)
    assert words in str(caught.value)
