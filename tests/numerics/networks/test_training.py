"""Training is the textbook's: against gradients by a complex step, PyTorch's optimisers, and an exact quadratic.

Every statistical assertion is an exact tail at level 1e-9.
"""

# ruff: noqa: PLR0917 (the loss has as many arguments as the kernel)

import math
from types import SimpleNamespace

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, chi2

import numerics as nm
from numerics.checks import memory
from numerics.kernels import network_training
from numerics.networks import training
from numerics.statistics import streams

EPS = np.finfo(float).eps
BASE = 25.0


def std(times):
    return np.sqrt(np.expm1(2.0 * times * math.log(BASE)) / (2.0 * math.log(BASE)))


SETUP = {"optimizer": "sgd", "learning_rate": 0.3, "epochs": 3, "width": 5, "replicas": 2, "rng": 7, "std": std,
         "mean_scale": 1.0, "batch_size": 4}  # fmt: skip
REST = {name: SETUP[name] for name in ("epochs", "width", "replicas", "rng", "std", "mean_scale")}
DATA = np.random.default_rng(0).normal(size=11) + 3.0


def network(theta, width, dim, inputs, swish):
    """net of inputs (P, B) without the last division, (dim, B); analytic in theta, so that a complex step works."""
    fan = len(inputs)
    W, b, c, A, a = np.split(theta, np.cumsum([width * fan, width, width, dim * width]))
    z = W.reshape(width, fan) @ inputs + (b + c)[:, None]
    h = z / (1.0 + np.exp(-z)) if swish else z * (z.real > 0)
    return A.reshape(dim, width) @ h + a[:, None]


def loss_of(theta, width, inputs, noise, scale, swish):
    miss = network(theta, width, len(noise), inputs, swish) / scale + noise
    return (miss * miss).sum() / noise.shape[1]


def gradient_of(theta, *args):
    """The derivative by a complex step of 1e-200: no subtraction, rounding only."""
    steps = theta + 1e-200j * np.eye(len(theta))
    return np.array([loss_of(row, *args).imag for row in steps]) / 1e-200


def batches(setup, data, replica):
    """The numbers of each step, drawn anew from the replica's streams: (inputs, noise) with points as columns."""
    root, n, d = streams.root(setup["rng"]), *data.shape
    sources = [streams.generator(root, streams.Tag.TRAINING, replica, k) for k in range(4)]
    frequencies = setup.get("fourier_scale", 30.0) * sources[0].standard_normal(setup.get("fourier_features", 4) // 2)
    for _ in range(setup["epochs"]):
        uniforms, order = sources[1].random(n), list(range(n))
        for i in reversed(range(1, n)):
            k = int(uniforms[i] * (i + 1))
            order[i], order[k] = order[k], order[i]
        times, noise = 1e-5 + (1.0 - 1e-5) * sources[2].random(n), sources[3].standard_normal((n, d))
        x = setup["mean_scale"] * data[order] + setup["std"](times)[:, None] * noise
        turns = 2.0 * np.pi * np.remainder(np.outer(frequencies, times), 1.0)
        inputs = np.concatenate([x.T, np.sin(turns), np.cos(turns)])
        for k in range(0, n, setup["batch_size"]):
            part = slice(k, k + setup["batch_size"])
            yield inputs[:, part], noise.T[:, part], x[part], times[part], frequencies


def textbook(how, theta, gradients, first=0):
    """SGD, or Adam as its paper has it: bias-corrected means, ε added to the root. `gradients` : θ -> g, in turn."""
    a, b = how.betas
    theta, m, v = theta.copy(), 0.0, 0.0
    for k, gradient in enumerate(gradients, start=1):
        g = gradient(theta)
        m, v = a * m + (1.0 - a) * g, b * v + (1.0 - b) * g * g
        step = g if how.name == "sgd" else m / (1.0 - a**k) / (np.sqrt(v / (1.0 - b**k)) + how.epsilon)
        theta[first:] -= how.learning_rate * step[first:]
    return theta


# The kernels ---------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 7), st.integers(1, 3), st.integers(1, 3), st.integers(1, 9), st.booleans(), st.integers(0, 2**32))
def test_the_gradient_is_the_complex_steps_for_every_shape(width, dim, turns, batch, swish, seed):
    rng, fan = np.random.default_rng(seed), dim + 2 * turns
    theta = rng.normal(size=width * (fan + 2 + dim) + dim)
    inputs, noise, scale = rng.normal(size=(fan, batch)), rng.normal(size=(dim, batch)), rng.uniform(0.5, 20.0)
    work = np.empty((width, batch)), np.empty((width, batch)), np.empty((dim, batch))
    grad = np.full(len(theta), np.nan)
    loss = network_training.gradient(theta, width, dim, inputs, noise, scale, swish, True, *work, grad)
    args = width, inputs, noise, scale, swish
    size = 1.0 + np.abs(theta).max() ** 2 * np.abs(inputs).max() ** 2 * width * fan  # of the terms of every sum
    np.testing.assert_allclose(loss, loss_of(theta, *args), rtol=0, atol=64 * EPS * size**2)
    np.testing.assert_allclose(grad, gradient_of(theta, *args), rtol=0, atol=64 * EPS * size**2)
    last = np.full(len(theta), np.nan)
    network_training.gradient(theta, width, dim, inputs, noise, scale, swish, False, *work, last)
    first = width * (fan + 2)
    assert np.isnan(last[:first]).all()
    np.testing.assert_array_equal(last[first:], grad[first:])


def test_swish_is_good_to_rounding_and_keeps_nan():
    z = np.concatenate([np.linspace(-40, 40, 801), [-1e300, -720.0, -708.5, -0.0, 0.0, 708.5, 1e300, np.nan]])
    work = np.empty((1, len(z))), np.empty((1, len(z))), np.empty((1, len(z)))
    theta = np.array([1.0, 0.0, 0.0, 1.0, 0.0])
    network_training.forward(theta, 1, 1, z[None, :], True, *work)
    assert np.isnan(work[0][0, -1])
    assert np.isnan(work[1][0, -1])
    with mp.workdps(40):
        for k, x in enumerate(map(mp.mpf, z[:-1].tolist())):
            gate = 1 / (1 + mp.exp(-x))
            # below −708 the exponential is held at e^{−708}: what is lost is below 1e-300 |z|
            assert abs(work[0][0, k] - x * gate) <= 6 * EPS * abs(x * gate) + 1e-300 * abs(x)
            assert abs(work[1][0, k] - gate * (1 + x * (1 - gate))) <= 16 * EPS + 1e-300 * abs(x)


def test_the_fourier_embedding_is_good_to_rounding():
    omega, times = np.array([0.0, 0.125, -61.7, 90.1, 1e6]), np.array([0.0, 1e-5, 0.25, 0.3, 0.5, 0.75, 1.0])
    out = np.empty((10, 7))
    network_training.fourier(omega, times, out)
    with mp.workdps(40):
        for f, w in enumerate(omega.tolist()):
            for s, t in enumerate(times.tolist()):
                angle = 2 * mp.pi * mp.mpf(w) * mp.mpf(t)
                bound = 2 * EPS + 2 * math.pi * EPS * abs(w * t)  # the product ω t is rounded once
                assert abs(out[f, s] - mp.sin(angle)) <= bound
                assert abs(out[5 + f, s] - mp.cos(angle)) <= bound


def test_the_order_of_an_epoch_is_uniform():
    rng, counts, order = np.random.default_rng(1), {}, np.empty(3, np.int64)
    for uniforms in rng.random((6000, 3)):
        network_training.shuffle(uniforms, order)
        counts[tuple(order)] = counts.get(tuple(order), 0) + 1
    assert sorted(counts) == [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    for count in counts.values():
        assert binom.cdf(count, 6000, 1 / 6) > 1e-10
        assert binom.sf(count - 1, 6000, 1 / 6) > 1e-10


# Whole runs ----------------------------------------------------------------------------------------------------------


HOW = [
    nm.Optimizer(name="sgd", learning_rate=0.02, batch_size=4),
    nm.Optimizer(name="adam", learning_rate=0.02, batch_size=4),
    nm.Optimizer(name="adam", learning_rate=0.02, betas=(0.5, 0.25), epsilon=0.125, batch_size=4),
]


@pytest.mark.parametrize("how", HOW, ids=["sgd", "adam", "another adam"])
@pytest.mark.parametrize(("activation", "layers"), [("swish", "all"), ("relu", "all"), ("swish", "last")])
@pytest.mark.parametrize("dim", [1, 2])
def test_a_run_is_the_textbooks_on_the_same_numbers(how, activation, layers, dim):
    data = np.random.default_rng(3).normal(size=(11, dim))
    done = nm.train(
        data, **{**REST, "optimizer": how}, output_scale=2.5, activation=activation, layers=layers, checkpoints=[0, 3]
    )
    for replica in range(2):
        gradients = [
            lambda theta, inputs=inputs, noise=noise: gradient_of(theta, 5, inputs, noise, 2.5, activation == "swish")
            for inputs, noise, *_ in batches(SETUP, data, replica)
        ]
        first = 0 if layers == "all" else 5 * (dim + 6)
        expected = textbook(how, done.parameters[replica, 0], gradients, first)
        # nine steps; Adam divides by the root of the mean square, whose relative error is that of the gradient
        np.testing.assert_allclose(done.parameters[replica, 1], expected, rtol=0, atol=1e-11)
        assert np.abs(expected - done.parameters[replica, 0])[first:].max() > 1e-3
        np.testing.assert_array_equal(done.parameters[replica, 1, :first], done.parameters[replica, 0, :first])


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize(("activation", "layers"), [("swish", "all"), ("relu", "all"), ("swish", "last")])
@pytest.mark.parametrize("epochs", [1, 5])
def test_one_step_and_some_epochs_are_pytorchs(optimizer, activation, layers, epochs):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'scoregap[torch]'")
    rate, scale = {"SGD": 0.1, "Adam": 1e-3}[optimizer], 16.0
    data = np.random.default_rng(4).normal(size=(32, 1))
    setup = {**SETUP, "optimizer": optimizer.lower(), "learning_rate": rate, "width": 16, "epochs": epochs,
             "batch_size": 32 if epochs == 1 else 10}  # fmt: skip
    done = nm.train(data, **setup, output_scale=scale, activation=activation, layers=layers, checkpoints=[0, epochs])
    start = done.network(1, 0)
    names = ("input_weight", "input_bias", "time_weight", "time_bias", "output_weight", "output_bias")
    values = {name: torch.tensor(getattr(start, name).copy(), dtype=torch.float64) for name in names}
    trained = [values[name].requires_grad_() for name in names if layers == "all" or name.startswith("output")]
    descent = getattr(torch.optim, optimizer)(trained, lr=rate)
    linear = torch.nn.functional.linear
    for _, noise, x, times, frequencies in batches(setup, data, 1):
        u = torch.tensor(times)[:, None] * torch.tensor(frequencies)[None, :] * 2 * np.pi
        e = torch.cat([torch.sin(u), torch.cos(u)], dim=-1)
        h = linear(torch.tensor(x), values["input_weight"], values["input_bias"])
        h = h + linear(e, values["time_weight"], values["time_bias"])
        h = h * torch.sigmoid(h) if activation == "swish" else torch.relu(h)
        sigma = torch.tensor(std(times))[:, None]
        score = linear(h, values["output_weight"], values["output_bias"]) / scale / sigma
        loss = torch.mean(torch.sum((score * sigma + torch.tensor(noise.T)) ** 2, dim=1))
        descent.zero_grad()
        loss.backward()
        descent.step()
    end = done.network(1, 1)
    for name in names:
        np.testing.assert_allclose(getattr(end, name), values[name].detach().numpy(), rtol=0, atol=1e-12, err_msg=name)


def test_the_last_layer_alone_takes_the_step_of_the_exact_quadratic():
    setup = {**SETUP, "epochs": 1, "batch_size": 11, "learning_rate": 0.7}
    done = nm.train(DATA, **setup, output_scale=3.0, layers="last", checkpoints=[0, 1], activation="relu")
    inputs, noise, *_ = next(batches(setup, DATA[:, None], 0))
    rows = np.eye(6)
    frozen = done.parameters[0, 0, :-6]
    h = np.stack([network(np.append(frozen, row), 5, 1, inputs, swish=False)[0] for row in rows]) / 3.0
    quadratic = nm.Quadratic(B=h @ h.T / 11, b=-noise @ h.T / 11, c=float(np.mean(noise**2)))
    step = nm.GradientDescent(quadratic, done.parameters[0, 0, -6:][None, :], step=0.7)
    np.testing.assert_allclose(done.parameters[0, 1, -6:], step.parameters([1])[0, 0], rtol=0, atol=1e-13)
    np.testing.assert_allclose(done.losses[0, 0], step.loss([0])[0], rtol=1e-13)


def test_a_replica_has_the_same_bits_alone_and_among_others():
    several = nm.train(DATA, **{**SETUP, "replicas": 5}, checkpoints=[0, 1, 3])
    for workers, first, count in ((2, 0, 5), (1, 3, 2), (4, 4, 1)):
        part = nm.train(DATA, **{**SETUP, "replicas": count}, checkpoints=[3], workers=workers, first_replica=first)
        np.testing.assert_array_equal(part.parameters[:, 0], several.parameters[first : first + count, 2])
        np.testing.assert_array_equal(part.losses, several.losses[first : first + count])
    assert len({row.tobytes() for row in several.parameters[:, 0]}) == 5


def test_the_size_of_what_is_drawn_at_once_changes_nothing(monkeypatch):
    whole = nm.train(DATA, **{**SETUP, "optimizer": "adam", "epochs": 7}, checkpoints=[2, 7])
    monkeypatch.setattr(training, "_CHUNK", 25)
    parts = nm.train(DATA, **{**SETUP, "optimizer": "adam", "epochs": 7}, checkpoints=[2, 7])
    np.testing.assert_array_equal(whole.parameters, parts.parameters)
    np.testing.assert_array_equal(whole.losses, parts.losses)


def test_every_replica_may_have_its_own_data_and_processes_may_be_numbers():
    data = np.random.default_rng(2).normal(size=(2, 6, 1))
    both = nm.train(data, **SETUP)
    second = nm.train(data[1], **{**SETUP, "replicas": 1}, first_replica=1)
    np.testing.assert_array_equal(both.parameters[1], second.parameters[0])
    constant = nm.train(DATA, **{**SETUP, "mean_scale": 0.5, "std": 2.0})
    called = nm.train(DATA, **{**SETUP, "mean_scale": lambda t: 0.5 + 0.0 * t, "std": lambda t: 2.0 + 0.0 * t})
    np.testing.assert_array_equal(constant.parameters, called.parameters)
    assert constant.output_scale == SETUP["width"]


def test_the_object_and_the_keywords_give_the_same_bits():
    for how in ({"learning_rate": 0.3}, {"learning_rate": 0.01, "betas": (0.5, 0.9), "epsilon": 0.1, "batch_size": 3}):
        for name in ("sgd", "adam"):
            one = nm.train(DATA, optimizer=name, **how, **REST)
            two = nm.train(DATA, optimizer=nm.Optimizer(name=name, **how), **REST)
            np.testing.assert_array_equal(one.parameters, two.parameters)
            np.testing.assert_array_equal(one.losses, two.losses)


def test_an_argument_beside_the_optimizer_is_refused_by_name():
    with pytest.raises(TypeError, match="batch_size must be left out beside optimizer"):
        nm.train(DATA, optimizer=nm.Optimizer(name="sgd", learning_rate=0.1), batch_size=3, **REST)
    with pytest.raises(TypeError, match="learning_rate must be given"):
        nm.train(DATA, optimizer="sgd", **REST)
    with pytest.raises(TypeError, match="momentum must be an argument of"):
        nm.train(DATA, optimizer="sgd", learning_rate=0.1, momentum=0.9, **REST)


def test_seeds_may_be_integers_sequences_or_generators():
    one = nm.train(DATA, **SETUP)
    two = nm.train(DATA, **{**SETUP, "rng": np.random.SeedSequence(7)})
    np.testing.assert_array_equal(one.parameters, two.parameters)
    rng = np.random.default_rng(1)
    first, second = (nm.train(DATA, **{**SETUP, "rng": rng}) for _ in range(2))
    again = nm.train(DATA, **{**SETUP, "rng": np.random.default_rng(1)})
    np.testing.assert_array_equal(first.parameters, again.parameters)
    assert not (first.parameters == second.parameters).any()


def test_the_first_network_is_pytorchs_default():
    done = nm.train(DATA, **{**SETUP, "replicas": 300, "width": 50, "epochs": 1}, checkpoints=[0], fourier_features=6)
    nets = [done.network(k, 0) for k in range(300)]
    for name, fan in (("input_weight", 1), ("input_bias", 1), ("time_weight", 6), ("time_bias", 6),
                      ("output_weight", 50), ("output_bias", 50)):  # fmt: skip
        values = np.concatenate([getattr(net, name).ravel() for net in nets]) * math.sqrt(fan)
        assert np.abs(values).max() <= 1.0
        for c in (-0.5, 0.0, 0.9):
            count = int((values < c).sum())
            assert binom.cdf(count, len(values), (1 + c) / 2) > 1e-9
            assert binom.sf(count - 1, len(values), (1 + c) / 2) > 1e-9
    total = float(np.sum((done.frequencies / 30.0) ** 2))
    assert 1e-9 < chi2.cdf(total, done.frequencies.size) < 1 - 1e-9


def test_divergence_is_recorded_by_replica_and_epoch_and_never_averaged():
    ends = np.array([[-1.0], [1.0], [-1.0], [1.0]])
    data = np.array([1e50 * ends, ends])  # features of 1e50: each step multiplies by some 1e97 what is trained
    setup = {**SETUP, "epochs": 6, "learning_rate": 1e-3, "layers": "last"}
    with np.errstate(all="raise"):
        done = nm.train(data, **setup, checkpoints=[0, 1, 6])
    when = done.diverged_at[0]
    assert 0 <= when < 6
    assert done.diverged_at[1] == -1
    assert np.isnan(done.losses[0, when:]).all()
    assert np.isfinite(done.losses[0, :when]).all()
    assert np.isfinite(done.losses[1]).all()
    np.testing.assert_array_equal(done.diverged()[:, [0, 2]], [[False, True], [False, False]])
    np.testing.assert_array_equal(np.isnan(done.parameters).all(axis=2), done.diverged())
    with pytest.raises(ValueError, match="diverged"):
        done.network(0, 2)
    kl = nm.score_grid_kl(done, SimpleNamespace(weights=[1.0], means=[0.0], variances=[1.0]))
    np.testing.assert_array_equal(np.isnan(kl.values), done.diverged())


def test_what_does_not_fit_into_memory_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(memory, "available_memory", lambda: 10_000_000)
    with pytest.raises(ValueError, match=r"the training needs about .* would fit"):
        nm.train(DATA, **{**SETUP, "replicas": 100_000, "epochs": 1000})


def test_the_noise_of_many_data_counts_as_memory(monkeypatch):
    n = 50_000
    monkeypatch.setattr(memory, "available_memory", lambda: 8 * n * 2)  # an epoch's times and noise alone take as much
    with pytest.raises(ValueError, match="the training needs about"):
        nm.train(np.zeros(n), **{**SETUP, "replicas": 1, "epochs": 1, "width": 1})


def test_the_parameters_of_wide_networks_count_as_memory(monkeypatch):
    width = 10_000
    monkeypatch.setattr(memory, "available_memory", lambda: 8 * width * 3)  # three parameters a unit, once
    with pytest.raises(ValueError, match=r"the training needs about .*width = \d+ would fit"):
        nm.train(DATA, **{**SETUP, "replicas": 1, "width": width, "batch_size": 1})
    monkeypatch.setattr(memory, "available_memory", lambda: 8 * width * 100)
    nm.train(DATA, **{**SETUP, "replicas": 1, "width": width, "batch_size": 1})


def test_a_run_whose_parameters_blew_up_while_finite_has_diverged():
    how = {"optimizer": "sgd", "learning_rate": 1e6, "epochs": 5, "width": 4, "replicas": 1, "rng": 0}
    trained = nm.train(np.linspace(-1, 1, 20), **how, mean_scale=1.0, std=0.5)
    assert trained.diverged().all()
    with pytest.raises(ValueError, match="when replica 0 diverged"):
        trained.network(0, 0)
