"""Every backend gives the same numbers as NumPy with Numba, up to the rounding that is derived for each kernel.

The backends: the array code on NumPy, on PyTorch in both precisions, and on PyTorch in the smallest pieces.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact, norm

import numerics as nm
from numerics.backends.backend import NumpyArrays
from numerics.checks.extras import MissingExtraError

EPS = 2.0**-52
PIECE = 1 << 20  # bytes
TIMES = np.linspace(0.05, 1.0, 6)
SCHEDULE = nm.Schedule(
    times=TIMES, weights=np.full(6, 1 / 6), mean_scale=np.exp(-TIMES), std=np.sqrt(-np.expm1(-2 * TIMES)),
    loss_weight=1.0 + TIMES,
)  # fmt: skip
EMBEDDING = nm.exponential_embedding()
FEATURES = nm.RandomFeatures.sample(90, 1, EMBEDDING, rng=1)
PLANE = nm.RandomFeatures.sample(40, 2, EMBEDDING, rng=2)


def torch(**fields):
    try:
        return nm.backend("torch", **fields)
    except MissingExtraError as error:
        return pytest.param(None, marks=pytest.mark.skip(reason=str(error)))


DOUBLE = [NumpyArrays(), NumpyArrays(memory=PIECE), torch(), torch(memory=PIECE)]
SINGLE = [NumpyArrays(dtype="float32"), torch(dtype="float32")]


def named(backend):
    return f"{type(backend).__name__}-{backend.dtype}-{backend.memory}" if backend else "none"


every = pytest.mark.parametrize("backend", [*DOUBLE, *SINGLE], ids=named)
double = pytest.mark.parametrize("backend", DOUBLE, ids=named)


def law(rng, dim, count=3):
    weights = rng.dirichlet(np.ones(count))
    means = 2.0 * rng.standard_normal((count, dim))
    return SimpleNamespace(weights=weights / weights.sum(), means=means, variances=rng.uniform(0.2, 2.0, count))


def spread(features, mixture):
    """(E λ Y_i²)^½/√m, which bounds what the terms of an entry's sum are: α² and a² E x'² are at most E Y²."""
    total = np.zeros(features.width)
    for t, w, lam, r, std in zip(
        TIMES, SCHEDULE.weights, SCHEDULE.loss_weight, SCHEDULE.mean_scale, SCHEDULE.std, strict=True
    ):
        for p, m, v in zip(mixture.weights, mixture.means, mixture.variances, strict=True):
            mean = features.weights @ (r * m) + features.intercepts([t])[0]
            total += w * lam * p * (mean**2 + (features.weights**2).sum(axis=1) * (r * r * v + std**2))
    return np.sqrt(total / features.width)


@every
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=4, deadline=None)
def test_the_gram_matrix_on_the_line(backend, seed):
    mixture = law(np.random.default_rng(seed), 1)
    ours = nm.population_quadratic(FEATURES, mixture, SCHEDULE)
    theirs = nm.population_quadratic(FEATURES, mixture, SCHEDULE, backend=backend)
    # four products of table entries, each at most the product of the spreads, with eight roundings, in both; six laws
    bound = 2.0 * 4.0 * (8.0 + 6.0) * backend.eps * np.outer(*[spread(FEATURES, mixture)] * 2)
    assert (np.abs(ours.B - theirs.B) <= bound).all()
    np.testing.assert_array_equal(ours.b, theirs.b)
    assert ours.c == theirs.c
    assert theirs.backend == backend


@every
def test_the_gram_matrix_of_data(backend):
    data = np.random.default_rng(0).standard_normal(50)
    mixture = SimpleNamespace(weights=np.full(50, 1 / 50), means=data[:, None], variances=np.zeros(50))
    ours = nm.empirical_quadratic(FEATURES, data, SCHEDULE)
    theirs = nm.empirical_quadratic(FEATURES, data, SCHEDULE, backend=backend)
    bound = 2.0 * 4.0 * (8.0 + 6.0) * backend.eps * np.outer(*[spread(FEATURES, mixture)] * 2)
    assert (np.abs(ours.B - theirs.B) <= bound).all()


@double
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=2, deadline=None)
def test_the_gram_matrix_in_the_plane(backend, seed):
    rng = np.random.default_rng(seed)
    mixture = law(rng, 2, 2)
    rows = np.concatenate([PLANE.weights, -PLANE.weights[:3], PLANE.weights[3:6] + 1e-3 * PLANE.weights[6:9]])
    times = np.concatenate([PLANE.time_weights, PLANE.time_weights[:6]])
    size = np.abs(rows).sum(axis=1) + np.abs(times).sum(axis=1)
    features = nm.RandomFeatures(
        weights=rows / size[:, None], time_weights=times / size[:, None], embedding=EMBEDDING
    )  # correlations at −1 and near 1
    ours = nm.population_quadratic(features, mixture, SCHEDULE, constant=1.0)
    theirs = nm.population_quadratic(features, mixture, SCHEDULE, constant=1.0, backend=backend)
    # both are within 1e-12 of the geometric mean of the diagonal (see `relu_gram_gaussian`)
    size = np.sqrt(np.diag(ours.B))
    assert (np.abs(ours.B - theirs.B) <= 2e-12 * np.outer(size, size)).all()


@every
def test_the_flow(backend):
    mixture = law(np.random.default_rng(3), 1)
    q = nm.population_quadratic(FEATURES, mixture, SCHEDULE)
    other = nm.Quadratic(B=q.B, b=q.b, c=q.c, backend=backend)
    start = np.random.default_rng(4).standard_normal(q.b.shape)
    tau = np.array([0.0, 0.3, 1.0, 5.0])
    ours, theirs = nm.GradientFlow(q, start), nm.GradientFlow(other, start)
    # eigh is backward stable: it decomposes B + E with |E| ≤ m ε κ_max, null space included (4 m ε κ_max), and along
    # the flow of length τ an E moves Θ by at most 2 τ |E| (|Θ| + τ |b|)
    size = np.linalg.norm(start) + 2.0 * tau[-1] * np.linalg.norm(q.b)
    error = 5.0 * q.width * backend.eps * q.spectrum.values[-1] * 2.0 * tau[-1]
    moved = theirs.parameters(tau) - ours.parameters(tau)
    assert np.abs(moved).max() <= 2.0 * (error + q.width * backend.eps) * size
    # of second order at the minimum, of first beside it: |∇L| |δΘ| + κ |δΘ|²
    slope = 2.0 * np.linalg.norm(start @ q.B - q.b) + 1.0
    assert np.abs(theirs.loss(tau) - ours.loss(tau)).max() <= 2.0 * slope * (error + q.width * backend.eps) * size
    assert theirs.norm(1.0) == pytest.approx(ours.norm(1.0), abs=2.0 * error * size + q.width * backend.eps * size)


@every
def test_feature_matrices(backend):
    x = np.random.default_rng(0).standard_normal((300, 2))
    ours, theirs = PLANE.matrix(x, 0.4), PLANE.matrix(x, 0.4, backend=backend)
    size = (np.abs(x) @ np.abs(PLANE.weights.T) + np.abs(PLANE.intercepts([0.4]))) / math.sqrt(PLANE.width)
    assert (np.abs(ours - theirs) <= 2.0 * 6.0 * backend.eps * size).all()


@every
def test_the_kernel_of_infinite_width(backend):
    z = np.random.default_rng(0).standard_normal((60, 3))
    ours, theirs = nm.arc_cosine_kernel(z), nm.arc_cosine_kernel(z, backend=backend)
    # absolute, relative to |z| |z'|: unit vectors, the angle, its sine and cosine, each within some ε; 2π below it
    size = np.outer(*[np.linalg.norm(z, axis=1)] * 2) / 3.0
    assert (np.abs(ours - theirs) <= 2.0 * 16.0 * backend.eps * size).all()
    weights, labels = np.full(60, 1 / 60), z[:, :1]
    flows = [nm.KernelFlow(z, weights, labels, backend=where) for where in (None, backend)]
    # the loss falls from |labels|²/n; an error of M of n ε κ_max changes it by 4 τ times that
    bound = 4.0 * 2.0 * 5.0 * 60 * backend.eps * flows[0].eigenvalues[-1] * float(np.sum(labels**2))
    assert abs(flows[0].loss(2.0) - flows[1].loss(2.0)) <= bound
    assert flows[1].predict(z[:5], 2.0) == pytest.approx(flows[0].predict(z[:5], 2.0), abs=10.0 * bound)


@every
def test_the_log_sums_over_pairs_of_data(backend):
    points = np.random.default_rng(0).standard_normal((400, 3))
    gains = np.array([0.1, 1.0, 30.0])
    distances = ((points[:, None] - points) ** 2).sum(axis=2)
    exact = np.log(np.exp(-gains[:, None, None] * distances).sum(axis=2)).T
    theirs = backend.log_pair_sums(points, gains)
    # a distance is off by some ε (|x| + |y|)², which the gain multiplies; each sum lies between the factors of that
    bound = 16.0 * backend.eps * (gains * 4.0 * (points**2).sum(axis=1).max() + 400)
    assert (np.abs(theirs - exact) <= bound).all()
    data = nm.DiffusedData.ornstein_uhlenbeck(points)
    ours, others = data.information_bounds(0.3), data.information_bounds(0.3, backend=backend)
    assert np.abs(np.subtract(ours, others)).max() <= bound[2] + 128 * backend.eps


@double
def test_the_likelihood_in_the_plane(backend):
    rng = np.random.default_rng(0)
    x, theta = rng.standard_normal((80, 2)), 0.3 * rng.standard_normal((2, PLANE.width))
    process = {"drift": -1.0, "diffusion": math.sqrt(2.0), "horizon": 1.0, "prior_std": 1.0, "start": 0.01}
    ours = nm.log_likelihood(x, PLANE, theta, **process)
    theirs = nm.log_likelihood(x, PLANE, theta, backend=backend, **process)
    # the same steps, each with some tens of roundings of numbers of order 10 at most
    assert np.abs(ours.nats - theirs.nats).max() <= 8192 * 100 * 10 * EPS
    assert np.abs(ours.error - theirs.error).max() <= 8192 * 100 * 10 * EPS


# Counts: the same samples everywhere, and the law of NumPy's own ------------------------------------------------------

ENDPOINT = {"initial": [0.5, -0.2, 0.1], "mean_scale": 0.8, "std": 0.6, "bound": 1.5, "samples": 30_011, "rng": 3}
CLOCK = np.linspace(0.0, 1.0, 7)[1:]
PATH = {"initial": [0.5, -0.2], "clock": CLOCK, "mean_scale": np.exp(-CLOCK), "bound": 1.4, "samples": 5_003, "rng": 3}
MEAN = {"count": 37, "dim": 3, "radius": 2.0, "bound": 0.4, "samples": 3_001, "rng": 3}
LAWS = ("rademacher", "sphere", "vertex")


@double
def test_counts_are_the_same_on_any_device_and_in_any_pieces(backend):
    oracle = NumpyArrays()
    assert nm.endpoint_violations(**ENDPOINT, backend=backend) == nm.endpoint_violations(**ENDPOINT, backend=oracle)
    assert nm.path_violations(**PATH, backend=backend) == nm.path_violations(**PATH, backend=oracle)
    for name in LAWS:
        mean = {**MEAN, "law": name, "backend": backend}
        assert nm.mean_norm_violations(**mean) == nm.mean_norm_violations(**{**mean, "backend": oracle})
        del mean["bound"]
        ours, theirs = nm.mean_norms(**{**mean, "backend": oracle}), nm.mean_norms(**mean)
        # sums of n terms of size 1/n, and the roundings of a logarithm, a sine and a root
        np.testing.assert_allclose(theirs, ours, rtol=0.0, atol=2.0 * (37 + 16) * EPS)


def test_counts_have_the_laws_of_numpys_own():
    oracle, x = NumpyArrays(), 0.8 * np.array([0.5, -0.2, 0.1])
    inside = np.prod(norm.cdf((1.5 - x) / 0.6) - norm.cdf((-1.5 - x) / 0.6))
    count = nm.endpoint_violations(**ENDPOINT, backend=oracle)
    assert binomtest(count, ENDPOINT["samples"], 1.0 - inside).pvalue > 1e-9

    def alike(one, two, samples):
        return fisher_exact([[one, samples - one], [two, samples - two]])[1] > 1e-9

    ours, theirs = nm.path_violations(**PATH), nm.path_violations(**PATH, backend=oracle)
    assert theirs.lower <= theirs.upper
    assert all(alike(a, b, PATH["samples"]) for a, b in zip(ours, theirs, strict=True))
    for name in LAWS:
        mean = {**MEAN, "law": name}
        assert alike(nm.mean_norm_violations(**mean), nm.mean_norm_violations(**mean, backend=oracle), MEAN["samples"])


def test_more_samples_extend_the_same_sequence():
    some = {**MEAN, "law": "sphere", "backend": NumpyArrays()}
    del some["bound"]
    np.testing.assert_array_equal(nm.mean_norms(**{**some, "samples": 100}), nm.mean_norms(**some)[:100])


@every
def test_rademacher_averages(backend):
    values = np.random.default_rng(0).standard_normal((20, 30))
    how = {"method": "monte-carlo", "rng": 2, "samples": 20_000}
    for complexity in (nm.rademacher_complexity, nm.rademacher_complexity_abs):
        oracle, theirs = complexity(values, **how, backend=NumpyArrays()), complexity(values, **how, backend=backend)
        largest = np.abs(values).sum(axis=1).max() / 30
        assert abs(oracle.value - theirs.value) <= 2.0 * (30 + 4) * backend.eps * largest
        ours = complexity(values, **how)  # both intervals miss with probability 0.01 for this seed, and do not
        assert max(ours.interval[0], theirs.interval[0]) <= min(ours.interval[1], theirs.interval[1])
