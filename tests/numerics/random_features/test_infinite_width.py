"""Infinitely many features: the kernel is the expectation that it claims to be, and its flow the limit of networks."""

import math
from types import SimpleNamespace

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import numerics as nm

MIX = SimpleNamespace(weights=[0.4, 0.6], means=[-1.5, 1.5], variances=[0.5, 1.0])


def sphere(m, D, radius, rng):
    v = rng.standard_normal((m, D))
    return radius * v / np.linalg.norm(v, axis=1, keepdims=True)


def schedule(count=3):
    times, weights = nm.gauss_legendre_times(1.0, count, 0.05)
    std = np.sqrt(-np.expm1(-2 * times))
    return nm.Schedule(
        times=times, weights=weights, mean_scale=np.exp(-times), std=std, loss_weight=np.full(count, 2.0)
    )


def exact_kernel(z, w, radius):
    with mp.workdps(60):
        z, w = mp.matrix([mp.mpf(x) for x in z]), mp.matrix([mp.mpf(x) for x in w])
        a, b = mp.norm(z), mp.norm(w)
        theta = mp.acos(max(-1, min(1, (z.T * w)[0] / a / b)))
        value = mp.sin(theta) + (mp.pi - theta) * mp.cos(theta)
        return mp.mpf(radius) ** 2 / len(z) * a * b * value / (2 * mp.pi), mp.pi - theta


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    D=st.integers(1, 5),
    gap=st.sampled_from([0.0, 1e-12, 1e-8, 1e-4, 1e-2, 0.3, 3.0]),
    sign=st.sampled_from([1.0, -1.0]),
    radius=st.sampled_from([0.1, 1.0, 30.0]),
)
def test_the_kernel_agrees_with_sixty_digits_at_every_angle(seed, D, gap, sign, radius):
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(D)
    w = sign * (z * rng.uniform(0.1, 10.0) + gap * rng.standard_normal(D))
    got = nm.arc_cosine_kernel([z], [w], radius=radius)[0, 0]
    exact, delta = exact_kernel(z, w, radius)
    # δ carries a few roundings; the kernel is below δ³ and grows no faster than δ² per unit of δ
    rounding = 16 * 2.0**-52
    scale = radius**2 / D * np.linalg.norm(z) * np.linalg.norm(w) / (2 * math.pi)
    assert abs(got - exact) <= 1e-13 * exact + scale * rounding * (float(delta) + rounding) ** 2
    if delta > 1e-3:
        assert abs(got - exact) <= 1e-11 * exact


def test_the_kernel_is_the_mean_over_the_sphere():
    rng = np.random.default_rng(11)
    z = rng.standard_normal((4, 3))
    v = sphere(200_000, 3, 2.0, rng)
    act = np.maximum(v @ z.T, 0.0)
    products = act[:, :, None] * act[:, None, :]
    # six standard errors of a mean of 2·10⁵ bounded terms: false alarm below 16 · 2e-9
    error = 6 * products.std(axis=0) / math.sqrt(len(v))
    assert (np.abs(products.mean(axis=0) - nm.arc_cosine_kernel(z, radius=2.0)) <= error).all()


def test_parallel_opposite_and_zero_points_are_exact():
    z = np.array([[3.0, 4.0], [-3.0, -4.0], [0.0, 0.0], [1e-200, 0.0]])
    kernel = nm.arc_cosine_kernel(z, radius=2.0)
    assert kernel[0, 0] == pytest.approx(4.0 / 2 * 25 / 2, rel=1e-15)
    assert kernel[0, 1] == 0.0
    assert not kernel[2].any()
    np.testing.assert_array_equal(kernel, nm.arc_cosine_kernel(z, z, radius=2.0))


@pytest.fixture(scope="module")
def flow():
    nodes, weights, labels = nm.infinite_width_nodes(MIX, schedule(), nm.exponential_embedding(), count=12)
    return nm.KernelFlow(nodes, weights, labels, radius=1 / math.sqrt(3))


def test_the_nodes_integrate_polynomials_exactly():
    nodes, weights, labels = nm.infinite_width_nodes(MIX, schedule(), nm.exponential_embedding(), count=12)
    s = schedule()
    w, m, v = (np.asarray(getattr(MIX, name)) for name in ("weights", "means", "variances"))
    second = sum(
        2.0 * q * (w * ((r * m) ** 2 + r * r * v + std**2)).sum()
        for q, r, std in zip(s.weights, s.mean_scale, s.std, strict=True)
    )
    assert weights @ nodes[:, 0] ** 2 == pytest.approx(second, rel=1e-13)
    # Stein: E x s(x) = −1 for the marginal score; the rule is exact for polynomials, tanh-like labels converge fast
    assert weights @ (nodes[:, 0] * labels[:, 0]) == pytest.approx(-2.0, rel=1e-3)
    _, mass, own = nm.infinite_width_nodes(MIX, schedule(), nm.exponential_embedding(), count=12, labels="dsm")
    assert (mass * own[:, 0]).sum() == pytest.approx(0.0, abs=1e-13)


def test_the_kernel_flow_solves_its_equation(flow):
    taus = np.array([0.5, 5.0])
    h = 1e-4
    gram = nm.arc_cosine_kernel(flow.nodes, radius=flow.radius)
    for tau in taus:
        velocity = (flow.outputs(tau + h) - flow.outputs(tau - h)) / (2 * h)
        force = -2 * gram @ (flow.weights[:, None] * (flow.outputs(tau) - flow.labels))
        # central differences: h² times a third derivative of size κ³, κ_max < 1, plus 1e-16/h
        np.testing.assert_allclose(velocity, force, rtol=0, atol=1e-7 * np.abs(force).max() + 1e-10)


def test_loss_norm_and_predictions_belong_together(flow):
    taus = np.array([0.0, 0.3, 30.0, 1e5])
    out, alpha = flow.outputs(taus), flow.parameters(taus)
    gram = nm.arc_cosine_kernel(flow.nodes, radius=flow.radius)
    for k in range(len(taus)):
        gap = out[k] - flow.labels
        assert flow.loss(taus)[k] == pytest.approx(float(flow.weights @ (gap * gap).sum(axis=1)), rel=1e-10)
        square = float(np.sum(alpha[k] * (gram @ alpha[k])))
        assert flow.norm(taus)[k] ** 2 == pytest.approx(square, rel=1e-8, abs=1e-14)
        np.testing.assert_allclose(gram @ alpha[k], out[k], rtol=0, atol=1e-9)
        np.testing.assert_allclose(flow.predict(flow.nodes, taus[k]), out[k], rtol=0, atol=1e-9)
    assert flow.norm(0.0) == 0.0
    assert (np.diff(flow.loss(taus)) < 0).all()
    assert flow.loss(math.inf) <= flow.loss(1e5)
    assert flow.distance(0.3, flow.parameters(0.3)) == pytest.approx(0.0, abs=1e-7)


def test_a_flow_continues_from_its_own_coefficients(flow):
    later = nm.KernelFlow(flow.nodes, flow.weights, flow.labels, radius=flow.radius, initial=flow.parameters(2.0))
    np.testing.assert_allclose(later.parameters(0.0), flow.parameters(2.0), rtol=0, atol=1e-11)
    np.testing.assert_allclose(later.outputs(3.0), flow.outputs(5.0), rtol=0, atol=1e-11)
    assert later.loss(3.0) == pytest.approx(flow.loss(5.0), rel=1e-11)


def test_a_finite_network_is_the_same_flow_with_the_empirical_kernel(flow):
    # no Monte-Carlo error: the network's own kernel on the same nodes, by its m × m quadratic
    rng = np.random.default_rng(5)
    v = sphere(40, 3, flow.radius, rng)
    H = np.maximum(flow.nodes @ v.T, 0.0) / math.sqrt(len(v))
    weighted = H * flow.weights[:, None]
    c = float(np.sum(flow.weights[:, None] * flow.labels**2))
    quadratic = nm.Quadratic(B=H.T @ weighted, b=flow.labels.T @ weighted, c=c)
    network = nm.GradientFlow(quadratic, np.zeros((1, 40)))
    root = np.sqrt(flow.weights)
    M = root[:, None] * (H @ H.T) * root
    kappa, V = np.linalg.eigh(M)
    rho = V.T @ (root[:, None] * flow.labels)
    for tau in (0.1, 3.0, 100.0):
        loss = float(np.sum((rho * np.exp(-2 * kappa[:, None] * tau)) ** 2))
        # the network's loss is min + excess: rounding of c
        assert network.loss(tau) == pytest.approx(loss, abs=1e-13 * c)


def test_a_wide_network_is_close_to_the_kernel_flow(flow):
    m, tau = 4000, 3.0
    rng = np.random.default_rng(17)
    v = sphere(m, 3, flow.radius, rng)
    H = np.maximum(flow.nodes @ v.T, 0.0)
    gram = H @ H.T / m
    # the network's flow on the nodes depends on its kernel matrix alone
    root = np.sqrt(flow.weights)
    kappa, V = np.linalg.eigh(root[:, None] * gram * root)
    residual = V.T @ (root[:, None] * flow.labels)
    network = flow.labels - (V @ (np.exp(-2 * kappa * tau)[:, None] * residual)) / root[:, None]
    # ‖e^{−2M'τ} − e^{−2Mτ}‖ ≤ 2τ‖M' − M‖ (both ⪰ 0), and ‖M' − M‖_F ≤ (sup‖h‖²/√m)(1 + √(2 log(1/δ))) with
    # probability 1 − δ (concentration in a Hilbert space), δ = 1e-9, ‖h‖² = Σ_j weights_j σ(v·z_j)² ≤ R² Σ weights |z|²
    size = flow.radius**2 * float(flow.weights @ np.sum(flow.nodes**2, axis=1))
    deviation = size / math.sqrt(m) * (1 + math.sqrt(2 * math.log(1e9)))
    bound = 2 * tau * deviation * float(np.linalg.norm(root[:, None] * flow.labels))
    error = float(np.linalg.norm(root[:, None] * (network - flow.outputs(tau))))
    assert error <= bound
    assert error <= 0.1 * float(np.linalg.norm(root[:, None] * flow.outputs(tau)))


def test_memorisation_needs_the_labels_of_the_kernel():
    # two data: the DSM labels are fitted ever better, norm growing; the SM loss of the same law is another
    data = SimpleNamespace(weights=[0.5, 0.5], means=[-1.0, 1.0], variances=[0.0, 0.0])
    flow = nm.KernelFlow(*nm.infinite_width_nodes(data, schedule(), nm.exponential_embedding(), count=6, labels="dsm"))
    taus = np.logspace(0, 6, 7)
    assert (np.diff(flow.loss(taus)) < 0).all()
    assert (np.diff(flow.norm(taus)) > 0).all()


def test_bad_nodes_are_refused_in_words():
    with pytest.raises(ValueError, match="weights must be positive"):
        nm.KernelFlow([[1.0]], [0.0], [[1.0]])
    with pytest.raises(ValueError, match="noise wherever a component has none"):
        nm.infinite_width_nodes(
            SimpleNamespace(weights=[1.0], means=[0.0], variances=[0.0]),
            nm.Schedule(times=[0.0], weights=[1.0], mean_scale=[1.0], std=[0.0], loss_weight=[1.0]),
            nm.constant_embedding(),
            count=3,
        )
