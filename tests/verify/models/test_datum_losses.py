"""Flows on losses of a few data against a solver and closed forms, and where the bounds are attained."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import minimize_scalar

from theory import claims
from verify.evidence.measured import compare
from verify.models import datum_losses
from verify.models.datum_losses import SPECIAL

NAMES = [name for name in claims if name.startswith("CAP:self")]


def drawn(seed):
    return datum_losses._drawn(np.random.default_rng(seed))


def test_the_flow_on_the_data_is_the_solution_of_its_equation():
    losses = replace(drawn(4), tau=1.5)
    hat, vector = losses.matrices.mean(axis=0), (losses.best @ losses.matrices).mean(axis=0)
    end = solve_ivp(
        lambda _, y: -2 * (y.reshape(vector.shape) @ hat - vector).ravel(),
        (0, losses.tau),
        losses.initial.ravel(),
        method="DOP853",
        rtol=1e-11,
        atol=1e-12,
    ).y[:, -1]
    gap = end.reshape(vector.shape) - losses.target / losses.values
    assert losses.measure()["loss_hat"] == pytest.approx(float(np.sum(gap**2 * losses.values)), rel=1e-8)


def test_the_residual_is_the_excess_of_the_datas_loss():
    losses = drawn(7)
    hat, vector = losses.matrices.mean(axis=0), (losses.best @ losses.matrices).mean(axis=0)

    def loss(theta):
        return float(np.trace(theta @ hat @ theta.T) - 2 * np.trace(theta @ vector.T))

    least = vector @ np.linalg.pinv(hat, rcond=1e-12, hermitian=True)
    values = losses.measure()
    assert values["residual_hat"] == pytest.approx(loss(losses.comparator) - loss(least), rel=1e-7)
    assert values["residual_hat"] <= values["residual_mean"] * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_suprema_are_those_of_a_minimiser(seed):
    losses = drawn(seed)
    values, most = losses.measure(), float(np.linalg.eigvalsh(losses.matrices.mean(axis=0))[-1])

    def minus(k):
        return -(k + losses.ridge) * k * datum_losses._phi(losses.tau, k) ** 2

    ends = np.linspace(0, most, 50)
    best = min(minimize_scalar(minus, bounds=(a, b), method="bounded", options={"xatol": 1e-12}).fun
               for a, b in pairwise(ends))  # fmt: skip
    assert values["gain_residual"] == pytest.approx(-min(best, minus(most)), rel=datum_losses.ERROR)


@pytest.mark.parametrize("name", NAMES)
def test_the_bound_is_attained_and_every_mutant_fails(name):
    claim, values = claims[name], [losses.measure() for losses in SPECIAL]
    found = [compare(claim, each, error=datum_losses.ERROR) for each in values]
    assert not any(each.violated for each in found)
    assert max(ratio for each in found for ratio in each.ratios) == pytest.approx(1.0, abs=1e-9)
    for mutant in claim.mutants:
        wrong = replace(claim, relation=replace(claim.relation, rhs=mutant.rhs), mutants=())
        assert any(compare(wrong, each, error=datum_losses.ERROR).violated for each in values), mutant.name
