"""What cannot fit is refused before it is allocated, with what would fit."""

from types import SimpleNamespace

import numpy as np
import pytest

import numerics as nm
from numerics.checks import memory
from numerics.random_features import moments


def test_the_available_memory_is_a_positive_number_of_bytes():
    available = nm.available_memory()
    assert available is None or 0 < available < 2**60


def test_a_request_that_fits_passes_and_one_that_does_not_says_what_would(monkeypatch):
    monkeypatch.setattr(memory, "available_memory", lambda: 1000)
    nm.require_memory("this", 1000.0)
    with pytest.raises(ValueError, match=r"this needs about 1001 B, but 1000 B are available; free some memory"):
        nm.require_memory("this", 1001.0)
    with pytest.raises(ValueError, match="width = 11 would fit"):
        nm.require_memory("this", 3200.0, name="width", size=20, cost=lambda m: 8.0 * m * m)
    with pytest.raises(ValueError, match="not even width = 1 would fit"):
        nm.require_memory("this", 1e9, name="width", size=20, cost=lambda m: 1e6 * m)
    monkeypatch.setattr(memory, "available_memory", lambda: None)
    nm.require_memory("this", 1e30)


def test_the_width_that_would_fit_is_accepted(monkeypatch):
    monkeypatch.setattr(memory, "available_memory", lambda: 56 * 50 * 50)
    nm.Quadratic(B=np.eye(50), b=np.zeros((1, 50)), c=0.0)
    with pytest.raises(ValueError, match=r"the decomposition of B needs .* width = 50 would fit"):
        nm.Quadratic(B=np.eye(51), b=np.zeros((1, 51)), c=0.0)


def test_quadratics_and_flows_ask_before_they_allocate(monkeypatch):
    features = nm.RandomFeatures.sample(8, 1, nm.constant_embedding(), rng=np.random.default_rng(0))
    schedule = nm.Schedule(times=[0.5], weights=[1.0], mean_scale=[0.6], std=[0.8], loss_weight=[2.0])
    quadratic = nm.empirical_quadratic(features, [0.5, -0.5], schedule)
    flow = nm.GradientFlow(quadratic, np.zeros((1, 8)))
    monkeypatch.setattr(memory, "available_memory", lambda: 500)
    calls = {
        "width": lambda: nm.empirical_quadratic(features, [0.5], schedule),
        "try width = 1 and number of times = 1": lambda: nm.per_datum_norms(features, [0.5] * 9, schedule),
        "the parts of every datum": lambda: nm.per_datum_norms(features, [0.5], schedule),
        "number of times = 1 would fit": lambda: flow.norm(np.arange(20.0)),
        "number of nodes = 2 would fit": lambda: nm.KernelFlow(np.eye(4), np.ones(4), np.ones((4, 1))),
        "the kernel matrix": lambda: nm.arc_cosine_kernel(np.eye(4)),
        "the matrix E": lambda: nm.relu_gram(np.ones(8), np.ones(8)),
    }
    for message, call in calls.items():
        with pytest.raises(ValueError, match=message):
            call()


def test_a_message_says_what_would_fit_of_every_size(monkeypatch):
    features = nm.RandomFeatures.sample(8, 1, nm.constant_embedding(), rng=np.random.default_rng(0))
    schedule = nm.Schedule(times=[0.5], weights=[1.0], mean_scale=[0.6], std=[0.8], loss_weight=[2.0])
    rng, mixture = np.random.default_rng(1), SimpleNamespace(weights=[1.0], means=[0.0], variances=[1.0])
    signs = np.ones((30, 100), dtype=np.int8)
    relu = nm.ReluClass(points=np.arange(100.0), embedding=1.0)
    # a quadratic of m = 8 at one time: 56 m² + 64 m = 4096 bytes, and 320 per datum
    cases = [
        (
            8192,
            lambda: nm.empirical_quadratic(features, np.zeros(20), schedule),
            "width = 5 or number of data = 12 wou",
        ),
        (4000, lambda: nm.empirical_quadratic(features, np.zeros(5), schedule), "; width = 6 would fit"),
        (
            100,
            lambda: nm.empirical_quadratic(features, np.zeros(5), schedule),
            "try width = 1 and number of times = 1 a",
        ),
        (9999, lambda: nm.rademacher_complexity(np.ones((80, 3))), "number of functions = 65 would fit"),
        (9999, lambda: nm.rademacher_complexity(np.ones((2, 3)), method="monte-carlo"), "samples = 78 would fit"),
        (9999, lambda: relu.supremum(signs), "number of sign vectors = 27 would fit"),
        (9999, lambda: relu.rademacher_complexity(method="monte-carlo"), "samples = 78 would fit"),
        (9999, lambda: nm.arc_cosine_kernel(np.ones((20, 2))), "number of points = 14 would fit"),
        (9999, lambda: nm.arc_cosine_kernel(np.ones((20, 2)), np.ones((30, 2))), "number of points = 6 would fit"),
        (999, lambda: nm.infinite_width_nodes(mixture, schedule, nm.constant_embedding(), count=9), "count = 6 would"),
        (999, lambda: nm.RandomFeatures.sample(20, 1, nm.constant_embedding(), rng=rng), "width = 10 would fit"),
        (999, lambda: nm.sample_forward([0.0], mean_scale=1.0, std=1.0, samples=99, rng=0), "samples = 62 would fit"),
        (999, lambda: nm.mean_norms(law="sphere", count=2, dim=2, radius=1.0, samples=99, rng=0), "samples = 62 would"),
    ]
    for available, call, message in cases:
        with monkeypatch.context() as patch:
            patch.setattr(memory, "available_memory", lambda available=available: available)
            with pytest.raises(ValueError, match=message):
                call()


def test_the_feature_matrix_asks_where_it_is_large(monkeypatch):
    features = nm.RandomFeatures.sample(1 << 12, 1, nm.constant_embedding(), rng=np.random.default_rng(0))
    monkeypatch.setattr(memory, "available_memory", lambda: 1 << 20)
    features.matrix(np.zeros((8, 1)), 0.0)
    with pytest.raises(ValueError, match="number of points = 32 would fit"):
        features.matrix(np.zeros((1025, 1)), 0.0)


def test_many_data_in_the_plane_are_taken_in_parts(monkeypatch):
    features = nm.RandomFeatures.sample(3, 2, nm.constant_embedding(), rng=np.random.default_rng(0))
    schedule = nm.Schedule(times=[0.5], weights=[1.0], mean_scale=[0.6], std=[0.8], loss_weight=[2.0])
    data = np.random.default_rng(1).standard_normal((25, 2))
    whole = nm.empirical_quadratic(features, data, schedule)
    monkeypatch.setattr(moments, "_COMPONENTS", 12)
    parts = nm.empirical_quadratic(features, data, schedule)
    # sums of 25 positive terms in another order
    np.testing.assert_allclose(parts.B, whole.B, rtol=25 * 2.0**-52)
    np.testing.assert_allclose(parts.b, whole.b, rtol=25 * 2.0**-52)


def test_the_limit_of_a_container_counts(monkeypatch, tmp_path):
    limit, used = tmp_path / "max", tmp_path / "current"
    limit.write_text("1000\n")
    used.write_text("400\n")
    monkeypatch.setattr(memory, "_CGROUPS", ((str(limit), str(used)),))
    assert nm.available_memory() == 600
    limit.write_text("max\n")
    assert nm.available_memory() != 600


def test_the_estimate_of_a_quadratic_bounds_what_python_allocates():
    import tracemalloc  # noqa: PLC0415

    m = 400
    B = np.eye(m)
    tracemalloc.start()
    nm.Quadratic(B=B, b=np.zeros((1, m)), c=0.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 56 * m * m  # the estimate's seven arrays
