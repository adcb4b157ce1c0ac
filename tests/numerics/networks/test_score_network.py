"""A trained network's score, its density and its divergence on a grid, against quadrature and closed forms."""

import math
from itertools import pairwise
from types import SimpleNamespace

import mpmath as mp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import logsumexp

import numerics as nm

MIX = SimpleNamespace(weights=[0.5, 0.5], means=[-3.0, 3.0], variances=[1.0, 1.0])
DATA = np.random.default_rng(0).normal(size=40) + 3.0
SETUP = {"optimizer": "adam", "learning_rate": 0.05, "epochs": 20, "width": 6, "replicas": 2, "rng": 1,
         "mean_scale": 1.0, "std": lambda t: np.sqrt(t + t * t), "checkpoints": [0, 20]}  # fmt: skip


def by_hand(net, x, time, activation):
    """The score at one point (d,), term by term in high precision."""
    with mp.workdps(30):
        t, total = mp.mpf(time), list(map(mp.mpf, net.output_bias.tolist()))
        angles = [2 * mp.pi * mp.mpf(w) * t for w in net.frequencies.tolist()]
        e = [mp.sin(a) for a in angles] + [mp.cos(a) for a in angles]
        for j in range(net.width):
            z = sum(mp.mpf(w) * mp.mpf(y) for w, y in zip(net.input_weight[j].tolist(), x, strict=True))
            z += sum(mp.mpf(v) * y for v, y in zip(net.time_weight[j].tolist(), e, strict=True))
            z += mp.mpf(float(net.input_bias[j])) + mp.mpf(float(net.time_bias[j]))
            h = z / (1 + mp.exp(-z)) if activation == "swish" else max(z, mp.mpf(0))
            for i in range(net.dim):
                total[i] += mp.mpf(float(net.output_weight[i, j])) * h
        scale = mp.mpf(net.output_scale) * mp.mpf(float(net.std(np.array([time]))[0]))
        return [float(value / scale) for value in total]


@pytest.mark.parametrize("activation", ["swish", "relu"])
@pytest.mark.parametrize("dim", [1, 3])
def test_a_score_is_the_formula(activation, dim):
    data = np.random.default_rng(1).normal(size=(20, dim))
    done = nm.train(data, **SETUP, activation=activation)
    net, x = done.network(1, 1), np.random.default_rng(2).normal(size=(5, dim))
    value = done.score(1, 1)(x, 0.3)
    expected = [by_hand(net, point.tolist(), 0.3, activation) for point in x]
    np.testing.assert_allclose(value, expected, rtol=0, atol=1e-12 * np.abs(expected).max())  # angles of some 60 turns
    if dim == 1:
        np.testing.assert_array_equal(net.score(x[:, 0], 0.3), value[:, 0])


@pytest.mark.parametrize("activation", ["swish", "relu"])
@pytest.mark.parametrize("dim", [1, 4])
def test_a_divergence_is_the_trace_of_the_jacobian(activation, dim):
    data = np.random.default_rng(1).normal(size=(20, dim))
    net = nm.train(data, **SETUP, activation=activation).network(0, 1)
    x, h = np.random.default_rng(3).normal(size=(6, dim)), 1e-4
    slopes = [
        (net.score(x + h * e, 0.3) - net.score(x - h * e, 0.3))[:, i] / (2 * h) for i, e in enumerate(np.eye(dim))
    ]
    # central differences: h² of the third derivative's size, and rounding over h
    size = np.abs(net.output_weight) @ np.abs(net.input_weight) ** 3 / (net.output_scale * net.std(0.3))
    np.testing.assert_allclose(
        net.divergence(x, 0.3),
        np.sum(slopes, axis=0),
        rtol=0,
        atol=h * h * size.sum() + 1e-15 * np.abs(net.score(x, 0.3)).max() * dim / h,
    )
    if dim == 1:
        np.testing.assert_array_equal(net.divergence(x[:, 0], 0.3), net.divergence(x, 0.3))


def test_the_divergence_of_a_swish_network_is_its_derivative_in_the_complex_plane():
    net = nm.train(np.random.default_rng(1).normal(size=(20, 3)), **SETUP).network(1, 1)
    x, shift, h = np.array([0.4, -1.1, 0.7]), net._at(0.2)[0], 1e-30
    total = 0.0
    for i, e in enumerate(np.eye(3)):
        z = net.input_weight @ (x + 1j * h * e) + shift
        total += (net.output_weight[i] @ (z / (1 + np.exp(-z)))).imag / h
    found = net.divergence(x[None], 0.2)[0]
    np.testing.assert_allclose(found, total / net._at(0.2)[1], rtol=1e-12)


def gaussian(slope, std=1.0, *, swish=False):
    """s(x) = slope · x exactly, from two units: σ(x) − σ(−x) = x for ReLU and for Swish."""
    return nm.ScoreNetwork(
        input_weight=[[1.0], [-1.0]], input_bias=[0.0, 0.0], time_weight=np.zeros((2, 2)), time_bias=[0.0, 0.0],
        output_weight=[[slope * 4.0 * std, -slope * 4.0 * std]], output_bias=[0.0], frequencies=[1.0],
        output_scale=4.0, std=std, activation="swish" if swish else "relu",
    )  # fmt: skip


def as_training(net):
    theta = np.concatenate([
        np.concatenate([net.input_weight, net.time_weight], axis=1).ravel(), net.input_bias, net.time_bias,
        net.output_weight.ravel(), net.output_bias,
    ])  # fmt: skip
    return nm.Training(
        parameters=theta[None, None], losses=np.zeros((1, 1)), diverged_at=np.array([-1]), checkpoints=np.array([1]),
        frequencies=net.frequencies[None], width=net.width, dim=1, output_scale=net.output_scale,
        activation=net.activation, std=net.std,
    )  # fmt: skip


@pytest.mark.parametrize("swish", [False, True])
@pytest.mark.parametrize("slope", [-1.0, -0.3, 0.2])
def test_the_grid_divergence_of_a_linear_score_is_the_sum_with_its_primitive(swish, slope):
    x = np.linspace(-10, 10, 51)
    p = sum(0.5 * np.exp(-0.5 * (x - m) ** 2) for m in (-3, 3)) / math.sqrt(2 * math.pi) * 0.4
    log_q = 0.5 * slope * x * x - logsumexp(0.5 * slope * x * x)
    kl = nm.score_grid_kl(as_training(gaussian(slope, 1.7, swish=swish)), MIX)
    assert abs(kl.values[0, 0] - float(np.sum(p * (np.log(p) - log_q)))) <= kl.errors[0, 0] <= 1e-10


def integral(score, low, high, kinks):
    points = kinks if len(kinks) else None
    return quad(lambda y: score([y], 0.2)[0], low, high, points=points, epsabs=1e-13, epsrel=1e-13)


@pytest.mark.parametrize("activation", ["swish", "relu"])
def test_the_grid_divergence_is_the_one_by_quad_and_has_a_true_error(activation):
    done = nm.train(DATA, **{**SETUP, "std": 0.3, "learning_rate": 0.3}, activation=activation, output_scale=16)
    x = np.linspace(-6, 6, 21)
    p = np.exp(-0.5 * (x - 1.0) ** 2 / 2.0) / math.sqrt(4.0 * math.pi) * 0.6
    target = SimpleNamespace(weights=[1.0], means=[1.0], variances=[2.0])
    kl = nm.score_grid_kl(done, target, low=-6.0, high=6.0, points=21, time=0.2)
    for r in range(2):
        for c in range(2):
            net = done.network(r, c)
            kinks = -net._at(0.2)[0] / net.input_weight[:, 0]
            parts = [integral(done.score(r, c), a, b, kinks[(a < kinks) & (kinks < b)]) for a, b in pairwise(x)]
            logs = np.append(0.0, np.cumsum([value for value, _ in parts]))
            expected = float(np.sum(p * (np.log(p) - logs + logsumexp(logs))))
            reference_error = 2 * float(p.sum()) * (sum(error for _, error in parts) + 1e-12 * np.abs(logs).max())
            assert abs(kl.values[r, c] - expected) <= kl.errors[r, c] + reference_error
            assert kl.errors[r, c] < 1e-9


def test_a_narrow_step_of_a_swish_network_is_resolved():
    steep, values = 3e4, []
    for swish in (False, True):
        net = nm.ScoreNetwork(
            input_weight=[[steep], [-steep]], input_bias=[-0.123 * steep, 0.123 * steep], time_weight=np.zeros((2, 2)),
            time_bias=[0.0, 0.0], output_weight=[[-3.0 / steep, 1.0 / steep]], output_bias=[0.0], frequencies=[1.0],
            output_scale=1.0, std=1.0, activation="swish" if swish else "relu",
        )  # fmt: skip
        values.append(nm.score_grid_kl(as_training(net), MIX))
    # ∫|Swish − ReLU| = π²/6, so that S moves by at most (3 + 1) π²/(6 steep²), and the divergence by twice that
    assert abs(values[0].values - values[1].values).max() <= 8 * math.pi**2 / 6 / steep**2 + values[1].errors.max()
    assert values[1].errors.max() < 1e-9


def test_the_score_density_of_a_relu_network_has_its_score():
    done = nm.train(DATA, **{**SETUP, "epochs": 200, "checkpoints": [200]}, activation="relu")
    for replica in range(2):
        net = done.network(replica, 0)
        law = net.density(0.4)
        if law.normalisable:
            x = np.linspace(-4, 8, 30) + 0.0123
            step = 1e-6
            slope = (law.log_pdf(x + step) - law.log_pdf(x - step)) / (2 * step)
            # central difference, with a rounding of some 1e-16 max|log p| / step
            np.testing.assert_allclose(slope, net.score(x, 0.4), atol=1e-8 * max(1.0, np.abs(law.log_pdf(x)).max()))
    exact = gaussian(-1.0, 0.5).density(0.0)
    assert nm.kl_divergence(SimpleNamespace(weights=[1.0], means=[0.0], variances=[1.0]), exact) <= 1e-14
    assert gaussian(0.5).density(0.0).outcome == "both tails not integrable"


def test_closed_pieces_are_refused_for_swish_and_in_more_dimensions():
    with pytest.raises(ValueError, match="activation and dim"):
        gaussian(-1.0, swish=True).density(0.0)
    plane = nm.train(np.ones((4, 2)), **{**SETUP, "epochs": 1, "checkpoints": [1]}, activation="relu")
    with pytest.raises(ValueError, match="activation and dim"):
        plane.network(0, 0).density(0.1)
    with pytest.raises(ValueError, match="one-dimensional"):
        nm.score_grid_kl(plane, MIX)
