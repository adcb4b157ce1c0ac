"""The exact gradient flow agrees with integrators and with 50 digits, from 1e-6 to 1e12 and beyond."""

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import numerics as nm

TAUS = np.array([0.0, 1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3, 1e6, 1e9, 1e12])


def problem(seed, m, d, rank):
    """Integer features: B = H Hᵀ/16 and b = R Hᵀ/16 are exact, B exactly of the rank of H, b exactly in its range."""
    rng = np.random.default_rng(seed)
    H = rng.integers(-3, 4, size=(m, rank)).astype(float)
    R = rng.integers(-3, 4, size=(d, rank)).astype(float)
    # c = E s² of the same problem, hence L ≥ 0
    quadratic = nm.Quadratic(B=H @ H.T / 16, b=R @ H.T / 16, c=float(np.sum(R * R) / 16))
    return quadratic, rng.integers(-2, 3, size=(d, m)).astype(float)


class Reference:
    """The flow at 50 digits, by an eigendecomposition in mpmath."""

    def __init__(self, quadratic, initial):
        with mp.workdps(50):
            values, V = mp.eigsy(mp.matrix(quadratic.B.tolist()))
            self.kappa = [mp.mpf(0) if abs(k) < mp.mpf(10) ** -40 else k for k in values]
            self.V, self.V_inverse = V, V.T
            self.b = mp.matrix(quadratic.b.tolist()) * V
            self.y0 = mp.matrix(initial.tolist()) * V
            self.B, self.b_raw, self.c = mp.matrix(quadratic.B.tolist()), mp.matrix(quadratic.b.tolist()), quadratic.c

    def parameters(self, tau):
        with mp.workdps(50):
            y = self.y0.copy()
            for k, kappa in enumerate(self.kappa):
                for i in range(y.rows):
                    if kappa == 0:
                        y[i, k] = self.y0[i, k]  # b is exactly in the range of B
                    else:
                        decay = mp.exp(-2 * kappa * mp.mpf(tau))
                        y[i, k] = self.y0[i, k] * decay + self.b[i, k] * (1 - decay) / kappa
            return y * self.V_inverse

    def loss(self, theta):
        with mp.workdps(50):
            value = mp.mpf(self.c)
            TB = theta * self.B
            for i in range(theta.rows):
                for j in range(theta.cols):
                    value += theta[i, j] * (TB[i, j] - 2 * self.b_raw[i, j])
            return value


@pytest.mark.parametrize(
    ("seed", "m", "d", "rank"), [(0, 6, 1, 3), (1, 6, 2, 6), (2, 8, 3, 2), (3, 1, 1, 1), (4, 12, 2, 9)]
)
def test_the_flow_agrees_with_fifty_digits_on_singular_problems(seed, m, d, rank):
    quadratic, initial = problem(seed, m, d, rank)
    flow, reference = nm.GradientFlow(quadratic, initial), Reference(quadratic, initial)
    kappa = quadratic.spectrum.values
    assert (kappa > 0).sum() == sum(k > 0 for k in reference.kappa)
    # Backward error of the decomposition: δB of norm m 2⁻⁵² κ_max, hence eigenvalues off by that much and
    # 2κτ e^{−2κτ} ≤ 1/e times the relative error δκ/κ in each mode, amplified by the rotation of the eigenvectors.
    condition = kappa.max() / kappa[kappa > 0].min()
    relative = 16 * m * 2.0**-52 * condition
    for tau, theta, loss, norm in zip(TAUS, flow.parameters(TAUS), flow.loss(TAUS), flow.norm(TAUS), strict=True):
        exact = reference.parameters(tau)
        size = float(mp.norm(exact)) + float(np.linalg.norm(initial))
        difference = max(abs(theta[i, j] - exact[i, j]) for i in range(d) for j in range(m))
        assert difference <= relative * size
        assert abs(norm - mp.norm(exact)) <= relative * size
        exact_loss = reference.loss(exact)
        # the minimum is a difference of numbers of size c
        assert abs(loss - exact_loss) <= relative * float(exact_loss) + 16 * m * 2.0**-52 * (1 + quadratic.c)


def test_short_times_lose_no_digits():
    quadratic, initial = problem(5, 5, 2, 3)
    flow = nm.GradientFlow(quadratic, initial)
    for tau in (1e-12, 1e-9):
        step = flow.parameters(tau) - initial
        # −τ∇L up to (τ κ_max)² terms, and the rounding of the difference from `initial` of size 2
        np.testing.assert_allclose(step, -tau * quadratic.gradient(initial), rtol=1e-6, atol=1e-15)
    np.testing.assert_array_equal(flow.parameters(0.0), initial)


def test_a_small_excess_over_the_minimum_keeps_its_relative_accuracy():
    # one mode: L = κθ² − 2βθ + c, excess = (κθ0 − β)²/κ e^{−4κτ}, far below the rounding of c
    quadratic = nm.Quadratic(B=[[0.5]], b=[[1.0]], c=2.0)
    flow = nm.GradientFlow(quadratic, [[0.0]])
    assert quadratic.minimum == 0.0
    for tau in (1.0, 10.0, 100.0):
        # e^{−2τ}: a few roundings of the exponent 200
        assert flow.loss(tau) == pytest.approx(2.0 * math.exp(-2.0 * tau), rel=1e-13)
        assert flow.excess_over(tau, quadratic.minimiser()) == pytest.approx(2.0 * math.exp(-2.0 * tau), rel=1e-13)


@pytest.mark.parametrize("parametrization", ["scaled", "A"])
def test_the_flow_agrees_with_an_ode_integrator(parametrization):
    quadratic, initial = problem(6, 5, 2, 3)
    m = quadratic.width
    speed = 1.0 if parametrization == "scaled" else 1.0 / m

    def field(_, y):
        return -speed * quadratic.gradient(y.reshape(initial.shape)).ravel()

    taus = np.array([0.1, 1.0, 4.0])
    rtol = 1e-10
    path = solve_ivp(field, (0.0, 4.0), initial.ravel(), t_eval=taus, rtol=rtol, atol=rtol, method="DOP853")
    flow = nm.GradientFlow(quadratic, initial, parametrization=parametrization)
    # DOP853 controls the local error; a contraction accumulates at most one such error per step, < 1000 steps
    got = flow.parameters(taus).reshape(3, -1).T
    np.testing.assert_allclose(got, path.y, rtol=0, atol=1000 * rtol)


def test_the_A_flow_is_the_gradient_descent_of_A_and_the_scaled_flow_in_another_time():
    quadratic, initial = problem(7, 4, 1, 4)
    m = quadratic.width
    scaled, A = nm.GradientFlow(quadratic, initial), nm.GradientFlow(quadratic, initial, parametrization="A")
    taus = np.array([0.0, 0.5, 4.0, 1e3, math.inf])
    np.testing.assert_array_equal(A.parameters(m * taus), scaled.parameters(taus))  # m is a power of two: exact
    # dA/dτ = −∇_A L by central differences of L(A/√m), at τ = 1
    h, a = 1e-5, math.sqrt(m) * A.parameters(1.0)
    velocity = math.sqrt(m) * (A.parameters(1.0 + h) - A.parameters(1.0 - h)) / (2 * h)
    for j in range(m):
        shift = np.zeros((1, m))
        shift[0, j] = h
        slope = (quadratic.excess((a + shift) / math.sqrt(m)) - quadratic.excess((a - shift) / math.sqrt(m))) / (2 * h)
        # differences of numbers of size 10 over 2e-5: 1e-10; h² terms below that
        assert velocity[0, j] == pytest.approx(-slope, abs=1e-8)


def test_infinite_time_is_the_limit_and_keeps_the_null_space():
    quadratic, initial = problem(8, 7, 2, 3)
    flow = nm.GradientFlow(quadratic, initial)
    limit = flow.parameters(math.inf)
    # condition of these integer problems is below 100, so e^{−2κ 1e12} is 0
    np.testing.assert_allclose(limit, flow.parameters(1e12), rtol=0, atol=1e-13)
    s = quadratic.spectrum
    null = s.vectors[:, s.values == 0]
    np.testing.assert_allclose(limit @ null, initial @ null, rtol=0, atol=1e-13)
    np.testing.assert_allclose(limit - (limit @ null) @ null.T, quadratic.minimiser(), rtol=0, atol=1e-12)
    assert flow.loss(math.inf) == quadratic.minimum
    assert flow.excess_over(math.inf, limit) == pytest.approx(0.0, abs=1e-20)  # squares of rounding errors


def test_rounding_noise_in_B_does_not_make_the_parameters_drift():
    rng = np.random.default_rng(9)
    H, R = rng.normal(size=(30, 4)), rng.normal(size=(1, 4))
    quadratic = nm.Quadratic(B=H @ H.T, b=R @ H.T, c=float(np.sum(R * R)))
    flow = nm.GradientFlow(quadratic, np.zeros((1, 30)))
    assert (quadratic.spectrum.values > 0).sum() == 4
    # Θ(∞) = R (HᵀH)⁻¹ Hᵀ: conditioning of four random vectors in 30 dimensions is below 1e2
    exact = R @ np.linalg.solve(H.T @ H, H.T)
    for tau in (1e6, 1e12, 1e30, math.inf):
        np.testing.assert_allclose(flow.parameters(tau), exact, rtol=0, atol=1e-12)
        assert flow.norm(tau) == pytest.approx(np.linalg.norm(exact), rel=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    sizes=st.tuples(st.integers(1, 7), st.integers(1, 3), st.integers(1, 7)),
    tau=st.floats(1e-6, 1e12),
    ratio=st.floats(1.0, 1e6),
)
def test_loss_decreases_and_distance_to_every_minimiser_too(seed, sizes, tau, ratio):
    m, d, rank = sizes
    quadratic, initial = problem(seed, m, d, min(rank, m))
    flow = nm.GradientFlow(quadratic, initial)
    taus = np.array([0.0, tau, tau * ratio, math.inf])
    loss, gap = flow.loss(taus), flow.distance(taus, quadratic.minimiser())
    slack = 1e-12 * (1.0 + float(np.abs(initial).sum()) + float(np.abs(quadratic.minimiser()).sum()))
    assert (np.diff(loss) <= 0.0).all()  # exact: a sum of decreasing exponentials
    assert (np.diff(gap) <= slack).all()  # rounding of an orthogonal change of basis
    comparator = initial + 1.0
    assert flow.distance(0.0, comparator) == pytest.approx(math.sqrt(d * m), rel=1e-14)
    theta = flow.parameters(tau)
    assert flow.norm(tau) == pytest.approx(np.linalg.norm(theta), rel=1e-12, abs=slack)
    parts = abs(quadratic.loss(theta)) + abs(quadratic.loss(comparator)) + quadratic.c
    difference = quadratic.excess(theta) - quadratic.excess(comparator)
    scale = float(np.abs(quadratic.B).max()) * (1 + float(np.abs(theta).max()) + 3.0) ** 2 * d * m * m
    assert flow.excess_over(tau, comparator) == pytest.approx(difference, abs=1e-14 * (parts + scale))


def test_scalars_and_arrays_of_times_agree():
    quadratic, initial = problem(10, 4, 2, 2)
    flow = nm.GradientFlow(quadratic, initial)
    taus = np.array([0.5, math.inf])
    assert flow.parameters(taus).shape == (2, 2, 4)
    assert isinstance(flow.loss(0.5), float)
    assert isinstance(flow.norm(np.array(0.5)), float)
    for k, tau in enumerate(taus):
        np.testing.assert_allclose(flow.parameters(tau), flow.parameters(taus)[k], rtol=1e-14, atol=1e-15)
        assert flow.loss(tau) == pytest.approx(flow.loss(taus)[k], rel=1e-14)


def descend(quadratic, initial, step, steps):
    theta = initial.copy()
    for _ in range(steps):
        theta = theta - step * quadratic.gradient(theta)
    return theta


@pytest.mark.parametrize("parametrization", ["scaled", "A"])
@pytest.mark.parametrize("fraction", [0.01, 0.5, 0.9, 1.0, 1.3])
def test_gradient_descent_is_the_iteration(parametrization, fraction):
    quadratic, initial = problem(6, 5, 2, 3)
    speed = 1.0 if parametrization == "scaled" else 1.0 / quadratic.width
    # fraction 0.5: the largest mode arrives in one step; above 1 it diverges
    step = fraction / float(quadratic.spectrum.values.max()) / speed
    descent = nm.GradientDescent(quadratic, initial, step=step, parametrization=parametrization)
    assert descent.stable == (step * speed * quadratic.spectrum.values.max() < 1.0)
    steps = np.array([0, 1, 2, 7, 40])
    size = max(1.0, (2 * fraction - 1) ** 40) * float(np.abs(initial).sum() + np.abs(quadratic.minimiser()).sum())
    for k, theta, loss, norm in zip(
        steps, descent.parameters(steps), descent.loss(steps), descent.norm(steps), strict=True
    ):
        exact = descend(quadratic, initial, step * speed, int(k))
        # forty steps of a rounding each, amplified at most by the growth of the largest mode (counted in size)
        np.testing.assert_allclose(theta, exact, rtol=0, atol=1e-12 * size)
        assert norm == pytest.approx(np.linalg.norm(exact), abs=1e-12 * size)
        scale = 1.0 + float(np.abs(quadratic.B).max()) * float(np.abs(exact).sum() + 1.0) ** 2
        assert loss == pytest.approx(quadratic.loss(exact), abs=1e-12 * scale)
        assert descent.distance(int(k), exact) <= 1e-12 * size * 10


def test_small_steps_of_gradient_descent_follow_the_flow():
    quadratic, initial = problem(7, 6, 1, 3)
    flow, tau = nm.GradientFlow(quadratic, initial), 0.7
    gaps = []
    for step in (1e-3, 1e-4, 1e-7):
        descent = nm.GradientDescent(quadratic, initial, step=step)
        gaps.append(descent.distance(round(tau / step), flow.parameters(tau)))
    # first order: the gap is τ step κ² ‖…‖ to leading order; 1e-7 leaves its digits above the rounding 1e-14
    assert gaps[1] == pytest.approx(gaps[0] / 10, rel=0.02)
    assert gaps[2] == pytest.approx(gaps[1] / 1000, rel=0.02)


def test_any_number_of_steps_costs_the_same_and_ends_at_the_minimum():
    quadratic, initial = problem(8, 7, 2, 3)
    descent = nm.GradientDescent(quadratic, initial, step=0.5 / float(quadratic.spectrum.values.max()))
    flow = nm.GradientFlow(quadratic, initial)
    np.testing.assert_allclose(descent.parameters(2**53), flow.parameters(math.inf), rtol=0, atol=1e-13)
    assert descent.loss(2**53) == quadratic.minimum
    assert descent.excess_over(2**53, flow.parameters(math.inf)) == pytest.approx(0.0, abs=1e-20)


def test_a_divergent_step_is_reported_as_infinite_and_not_as_a_number():
    quadratic, initial = problem(9, 4, 1, 2)
    descent = nm.GradientDescent(quadratic, initial, step=10.0)
    assert not descent.stable
    assert descent.loss(10**6) == math.inf
    assert descent.norm(10**6) == math.inf
    assert descent.distance(10**6, initial) == math.inf
    with pytest.raises(OverflowError, match="take a smaller step"):
        descent.parameters(10**6)
    # a start at the minimum stays there however large the step: its slope is 0
    still = nm.GradientDescent(nm.Quadratic(B=np.eye(2), b=[[1.0, 2.0]], c=5.0), [[1.0, 2.0]], step=10.0)
    assert still.loss(10**6) == 0.0
    np.testing.assert_array_equal(still.parameters(10**6), [[1.0, 2.0]])


@pytest.mark.parametrize("steps", [0.5, [1, 2.5], -1, 2.0**54, [[1, 2], [3, 4]]])
def test_steps_are_counted_in_whole_numbers(steps):
    quadratic, initial = problem(9, 4, 1, 2)
    with pytest.raises(ValueError, match="steps"):
        nm.GradientDescent(quadratic, initial, step=0.1).loss(steps)
