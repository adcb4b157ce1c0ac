"""`ReverseProcess` is another way in: the same bits as the keywords, and errors that name the argument."""

import math
import pickle

import numpy as np
import pytest

import numerics as nm

FEATURES = nm.RandomFeatures.sample(12, 1, nm.constant_embedding(), rng=3)
THETA = -4.0 * FEATURES.weights.T
LAW = {"drift": lambda t: -1.0 - 0.1 * t, "diffusion": math.sqrt(2.0), "horizon": 1.0, "prior_std": 1.2, "start": 0.05}
CALLABLE = {"score": lambda x, _t: -x, "divergence": lambda x, _t: -np.ones(len(x))}
LINE, POINTS = np.linspace(-2, 2, 7), np.linspace(-2, 2, 7)[:, None]
CALLS = {
    "sde_density": lambda *args, **law: nm.sde_density(*args, cells=64, steps=8, **law).log_pdf(LINE),
    "ode_density": lambda *args, **law: nm.ode_density(*args, tolerance=1e-3, **law).log_pdf(LINE),
    "log_likelihood": lambda *args, **law: np.array(nm.log_likelihood(POINTS, *args, tolerance=1e-3, **law)),
    "sample_reverse_sde": lambda *args, **law: nm.sample_reverse_sde(*args, samples=9, steps=5, rng=1, **law),
    "sample_probability_flow": lambda *args, **law: nm.sample_probability_flow(*args, samples=9, rng=1, **law),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@every_call
def test_the_object_and_the_keywords_give_the_same_bits(call):
    process = nm.ReverseProcess(score=FEATURES, parameters=THETA, **LAW)
    expected = call(FEATURES, THETA, **LAW)
    np.testing.assert_array_equal(call(process), expected)
    np.testing.assert_array_equal(call(score=FEATURES, parameters=THETA, **LAW), expected)
    known = nm.ReverseProcess(**CALLABLE, **LAW)
    np.testing.assert_array_equal(call(known), call(CALLABLE["score"], divergence=CALLABLE["divergence"], **LAW))


@every_call
def test_an_argument_beside_the_process_is_refused_by_name(call):
    process = nm.ReverseProcess(score=FEATURES, parameters=THETA, **LAW)
    with pytest.raises(TypeError, match="horizon must be left out beside score"):
        call(process, horizon=2.0)
    with pytest.raises(TypeError, match="parameters must be left out beside score"):
        call(process, THETA)


@every_call
@pytest.mark.parametrize("name", ["drift", "diffusion", "horizon", "prior_std"])
def test_a_missing_argument_is_named(call, name):
    rest = {key: value for key, value in LAW.items() if key != name}
    with pytest.raises(TypeError, match=f"{name} must be given; got none; pass {name}=…, or a ReverseProcess as score"):
        call(FEATURES, THETA, **rest)


@every_call
def test_an_unknown_argument_is_named(call):
    with pytest.raises(TypeError, match="horizont must be an argument of the function or a field of ReverseProcess"):
        call(FEATURES, THETA, horizont=1.0, **LAW)


@pytest.mark.parametrize("name", ["ode_density", "log_likelihood"])
def test_a_log_density_of_the_flow_asks_for_the_divergence_of_a_callable(name):
    process = nm.ReverseProcess(score=CALLABLE["score"], **LAW)
    with pytest.raises(TypeError, match="divergence must be given for a callable score"):
        CALLS[name](process)


def test_a_process_is_a_value():
    law = {**LAW, "drift": -1.0}
    process = nm.ReverseProcess(score=FEATURES, parameters=THETA, **law)
    assert process == nm.ReverseProcess(score=FEATURES, parameters=THETA.tolist(), **law)
    assert process != nm.ReverseProcess(score=FEATURES, parameters=2 * THETA, **law)
    clone = pickle.loads(pickle.dumps(process))
    assert clone == process
    with pytest.raises(ValueError, match="read-only"):
        clone.parameters[0, 0] = 1.0


def test_a_complex_score_is_refused_rather_than_cast():
    score = {"score": lambda x, _t: -x + 1j * x, "divergence": lambda x, _t: -np.ones(len(x))}
    with pytest.raises(ValueError, match="score must take points and a time; it raised TypeError: complex"):
        nm.sample_probability_flow(nm.ReverseProcess(**score, **LAW), samples=9, rng=1)


@pytest.mark.parametrize(("start", "horizon"), [(0.0, 0.1), (0.02, 0.1), (1.0, 30.0)])
def test_coefficients_are_read_at_the_ends_and_in_the_middle_of_the_process_only(start, horizon):
    asked = []

    def diffusion(t):
        asked.append(t)
        return 1.0

    law = {**LAW, "diffusion": diffusion, "horizon": horizon, "start": start}
    nm.ReverseProcess(score=FEATURES, parameters=THETA, **law)
    assert asked == [start, pytest.approx((start + horizon) / 2), horizon]


def test_a_score_is_tried_in_the_middle_of_the_process():
    asked = []

    def score(x, t):
        asked.append(t)
        return -x

    law = {**LAW, "horizon": 0.1, "start": 0.02}
    nm.ReverseProcess(score=score, **law).in_dimension(1)
    assert asked == [pytest.approx(0.06)]
