"""The exact flows of Theorem 1 against solvers, and its sharp constant against forcings that vary in time."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from theory.flow import GROWTH_CONSTANT, GROWTH_MAXIMISER
from theory.symbols import (
    deviation_B,
    deviation_G,
    distance_tau,
    loss_hat,
    loss_tau,
    parameter_error,
    residual,
    score_error,
    score_error_hat,
)
from verify.models import perturbed_flows

SOLVER = {"method": "DOP853", "rtol": 1e-11, "atol": 1e-12}
REL = 1e-8  # of the solver
KAPPA_STAR = float(GROWTH_CONSTANT)


def floats(values):
    return {symbol: float(value.mid()) for symbol, value in values.items()}


def path(matrix, target, start, times):
    """Θ(s) of Θ' = −2(ΘB − b) by an ODE solver."""
    return solve_ivp(lambda _, y: -2 * (y @ matrix - target), (0, times[-1]), start, t_eval=times, **SOLVER).y.T


@pytest.mark.parametrize("seed", range(6))
def test_the_perturbed_flows_are_the_solutions_of_their_equations(seed):
    rng = np.random.default_rng(seed)
    instance = perturbed_flows.perturbed(
        eigenvalues=rng.uniform(0, 3, 2).tolist(),
        tau=float(10 ** rng.uniform(-2, 0.7)),
        floor=0.5,
        factor=rng.normal(size=(2, 2)).tolist(),
        **{name: rng.normal(size=2).tolist() for name in ("minimiser", "initial", "comparator", "target")},
    )
    found = floats(perturbed_flows.measure_perturbed(instance))
    law, factor = np.diag(instance["eigenvalues"]), np.array(instance["factor"])
    best, start, other, target = (np.array(instance[name]) for name in ("minimiser", "initial", "comparator", "target"))
    times = np.linspace(0, instance["tau"], 5)
    flow, flow_hat = path(law, best @ law, start, times), path(factor.T @ factor, target, start, times)
    change, shift, error = factor.T @ factor - law, target - best @ law, flow_hat[-1] - flow[-1]

    def loss(theta):
        return (theta - best) @ law @ (theta - best) + 0.5

    exact = {
        loss_hat: loss(flow_hat[-1]),
        loss_tau: loss(flow[-1]),
        distance_tau: np.linalg.norm(flow[-1] - other),
        deviation_B: np.linalg.norm(change, 2),
        deviation_G: np.linalg.norm(other @ change - shift),
        residual: np.linalg.norm(flow @ change - shift, axis=1).max(),
        parameter_error: np.linalg.norm(error),
        score_error: math.sqrt(error @ law @ error),
        score_error_hat: np.linalg.norm(factor @ error),
    }
    for symbol, value in exact.items():
        assert found[symbol] == pytest.approx(value, rel=REL, abs=1e-9), symbol


@pytest.mark.parametrize("seed", range(6))
def test_the_forced_flow_is_the_solution_of_its_equation(seed):
    rng = np.random.default_rng(seed)
    values = [0.0 if seed == 0 else float(rng.uniform(0, 3)), float(rng.uniform(0, 3))]
    instance = perturbed_flows.forced(
        eigenvalues=values,
        factor=rng.normal(size=(2, 2)).tolist(),
        forcing=rng.normal(size=(2, 2)).tolist(),
        early=0.3,
        tau=1.7,
    )
    found = floats(perturbed_flows.measure_forced(instance))
    one, two = np.array(instance["forcing"])
    error = np.zeros(2)
    for span, push in ((0.51, one), (1.19, two)):
        error = solve_ivp(lambda _, y, push=push: -2 * np.array(values) * y - 2 * push, (0, span), error, **SOLVER).y[
            :, -1
        ]
    factor = np.array(instance["factor"])
    assert found[parameter_error] == pytest.approx(np.linalg.norm(error), rel=REL)
    assert found[score_error] == pytest.approx(np.linalg.norm(factor @ error), rel=REL)
    assert found[score_error_hat] == pytest.approx(math.sqrt(error @ (np.array(values) * error)), rel=REL)
    assert found[residual] == pytest.approx(max(np.linalg.norm(one), np.linalg.norm(two)), rel=1e-14)


def worst(spectrum, edges, sweeps, rng):
    """max ‖e B̂^½‖² over ‖ξ‖ <= 1 constant on the pieces, by turning each piece to the gradient (a convex function)."""
    decay = np.exp(-2 * spectrum[None] * (edges[-1] - edges[:, None]))
    with np.errstate(divide="ignore", invalid="ignore"):
        gains = np.where(spectrum > 0, np.diff(decay, axis=0) / spectrum, 2 * np.diff(edges)[:, None])  # ∫ 2e^{−2κu}
    gains = gains * np.sqrt(spectrum)
    force = rng.normal(size=gains.shape)
    for _ in range(sweeps):
        force /= np.linalg.norm(force, axis=1, keepdims=True)
        end = (gains * force).sum(axis=0)
        force = gains * end
    return float(end @ end)


def test_no_forcing_that_varies_in_time_exceeds_the_sharp_constant_and_one_approaches_it():
    rng = np.random.default_rng(0)
    ratios = []
    for _ in range(150):
        modes, pieces = int(rng.integers(1, 6)), int(rng.integers(1, 30))
        spectrum = 10.0 ** rng.uniform(-2, 1.5, modes)
        edges = np.append(0.0, np.cumsum(rng.dirichlet(np.full(pieces, 0.5))))
        ratios.append(max(worst(spectrum, edges, 30, rng) for _ in range(3)))
    assert max(ratios) <= KAPPA_STAR * (1 + 1e-12)
    star = float(GROWTH_MAXIMISER)
    assert worst(np.array([star]), np.array([0.0, 1.0]), 3, rng) == pytest.approx(KAPPA_STAR, rel=1e-12)
    # turning in time does not help, but several modes at once come near
    assert worst(star * np.array([0.9, 1.0, 1.1]), np.linspace(0, 1, 20), 300, rng) > 0.99 * KAPPA_STAR
