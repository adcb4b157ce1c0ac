"""`Sampling` is another way to say samples, alpha, rng and workers: the same bits, and errors by name."""

import types

import numpy as np
import pytest

import numerics as nm

VALUES = np.sin(np.arange(30.0)).reshape(5, 6)
RELU = nm.ReluClass(points=[0.0, 1.0, 3.0], embedding=1.0)
P = types.SimpleNamespace(weights=[0.5, 0.5], means=[[0.0, 1.0], [2.0, 0.0]], variances=[1.0, 0.5])
Q = types.SimpleNamespace(weights=[0.3, 0.7], means=[[0.0, 1.0], [1.0, 1.0]], variances=[1.0, 1.5])
CALLS = {
    "rademacher_complexity": lambda **how: nm.rademacher_complexity(VALUES, method="monte-carlo", **how),
    "rademacher_complexity_abs": lambda **how: nm.rademacher_complexity_abs(VALUES, method="monte-carlo", **how),
    "l1_ball_complexity": lambda **how: nm.l1_ball_complexity(VALUES, method="monte-carlo", **how),
    "l2_ball_complexity": lambda **how: nm.l2_ball_complexity(VALUES, method="monte-carlo", **how),
    "ReluClass": lambda **how: RELU.rademacher_complexity(method="monte-carlo", **how),
    "ReluClass abs": lambda **how: RELU.rademacher_complexity_abs(method="monte-carlo", **how),
    "mixture_entropy": lambda **how: nm.mixture_entropy(P, method="monte-carlo", **how),
    "mixture_kl": lambda **how: nm.mixture_kl(P, Q, method="monte-carlo", **how),
    "channel_information": lambda **how: nm.channel_information(
        [0.0, 1.0], mean_scale=0.5, std=0.5, method="monte-carlo", **how
    ),
    "ou_information": lambda **how: nm.ou_information([0.0, 1.0], 0.5, method="monte-carlo", **how),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@every_call
def test_the_object_and_the_keywords_give_the_same_bits(call):
    how = {"samples": 500, "alpha": 0.05, "rng": 3, "workers": 2}
    assert call(sampling=nm.Sampling(**how)) == call(**how)
    assert call(sampling=nm.Sampling()) == call()


@every_call
def test_an_argument_beside_the_object_is_refused_by_name(call):
    for name, value in (("samples", 10), ("alpha", 0.5), ("rng", 1), ("workers", 1)):
        with pytest.raises(TypeError, match=f"{name} must be left out beside sampling"):
            call(sampling=nm.Sampling(), **{name: value})


@every_call
def test_an_unknown_argument_is_refused_by_name(call):
    with pytest.raises(TypeError, match="sampels must be an argument of the function or a field of Sampling; got 5"):
        call(sampels=5)
    with pytest.raises(TypeError, match="seed must be an argument of"):
        call(seed=5)


def test_two_ways_to_take_the_same_average_are_equal():
    assert nm.Sampling(rng=1) == nm.Sampling(rng=1, samples=10_000)
    assert nm.Sampling(rng=1) != nm.Sampling(rng=2)


def test_a_generator_is_asked_when_the_object_is_made_and_never_again():
    rng = np.random.default_rng(0)
    sampling = nm.Sampling(rng=rng, samples=100)
    state = rng.bit_generator.state
    one, two = (CALLS["rademacher_complexity"](sampling=sampling) for _ in range(2))
    assert one == two
    assert rng.bit_generator.state == state
