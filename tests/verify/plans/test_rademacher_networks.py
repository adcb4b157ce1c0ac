"""The plans of R4 against the measured complexities and linear programmes."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

import numerics
from theory.claims import REGISTRY
from theory.symbols import rademacher_frozen
from verify.plans import PLANS
from verify.plans import rademacher_networks as networks

RNG = np.random.default_rng(4)  # the statements hold for every draw: there is no threshold to tune
TABLES = [RNG.integers(-5, 6, (N, n)) for N, n in [(1, 1), (2, 1), (3, 4), (5, 6), (2, 9)]]
EPS = np.finfo(float).eps


def of(experiment, claim_id, at):
    claim = REGISTRY[claim_id]
    return experiment.outcome(claim, experiment.sides(claim), at)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.shape))
def test_frozen_features_are_the_measured_ones(table):
    n = table.shape[1]
    found = networks._frozen_values(REGISTRY["R4:frozen"], {"values": table.tolist(), "points": n, "radius": 3})
    low, high = numerics.l2_ball_complexity(table.T, radius=3.0).interval
    assert low <= float((found[rademacher_frozen] / n).mid()) <= high
    bound = REGISTRY["R4:frozen"].evaluate(ball_radius=3.0, n=n, feature_energy=float((table**2).sum())).right
    assert float(bound) == pytest.approx(numerics.l2_ball_bound(table.T, radius=3.0), rel=64 * EPS)


def best_corner(xs, signs, peak, which="all"):
    return max(networks.neuron_value(xs, signs, w, b) for w, b in networks.corners(xs, peak, which))


@pytest.mark.parametrize("peak", [1, 2, 3])
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_the_measured_supremum_is_the_largest_corner(n, peak):
    xs = RNG.integers(-4, 5, n).tolist()
    patterns = list(product((0, 1), repeat=n))
    found = numerics.ReluClass(points=np.array(xs, float), embedding=np.array([0.5, -peak]))
    measured = found.supremum(2 * np.array(patterns) - 1)
    allowed = 4 * (n + 4) * EPS * sum(max(abs(x), peak) for x in xs)  # the class's own error bound
    exact = [float(best_corner(xs, signs, peak)) for signs in patterns]
    assert np.abs(measured - exact).max() <= allowed


@pytest.mark.parametrize("signs", list(product((0, 1), repeat=4)))
def test_linear_programmes_find_no_larger_neuron(signs):
    """For each set A of active points of sign +, Σ_A z_j − Σ_{sign −} s_j with s_j >= max(z_j, 0) is linear."""
    xs, peak = [-3, -1, 1, 2], 2
    minus = [j for j in range(4) if not signs[j]]
    plus = [j for j in range(4) if signs[j]]
    best = 0.0
    for chosen in product((0, 1), repeat=len(plus)):
        active = [j for j, take in zip(plus, chosen, strict=True) if take]
        # variables: w⁺, w⁻, b⁺, b⁻, s
        cost = [-sum(xs[j] for j in active), sum(xs[j] for j in active), -len(active), len(active), *[1] * len(minus)]
        rows = [[xs[j], -xs[j], 1, -1, *(-1 if j == k else 0 for k in minus)] for j in minus]
        rows.append([1, 1, 1 / peak, 1 / peak, *[0] * len(minus)])
        solved = linprog(cost, A_ub=rows, b_ub=[0] * len(minus) + [1], bounds=(0, None), method="highs")
        assert solved.status == 0
        best = max(best, -solved.fun)
    assert float(best_corner(xs, signs, peak)) == pytest.approx(best, abs=1e-6)  # HiGHS allows 1e-7 in each row


def test_the_grid_of_neurons_meets_every_corner():
    """Hence the plan compares the corners with neurons among which they are: a lost corner shows."""
    (plan,) = (method for method in PLANS["R4:breakpoints"].methods if method.method == "exhaustive")
    for at in list(plan.elements(40))[::7]:
        outcome = of(networks.NEURONS, "R4:breakpoints", at)
        assert outcome.left == outcome.right
        assert outcome.left.is_exact()
