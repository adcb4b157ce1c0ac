"""The first order of the data: its equation, that the rest is of the second order, and where the bound is attained."""

import dataclasses

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from theory import claims
from verify.models.linearised_flows import SPECIAL, values_of
from verify.models.ridged_flows import _flow, _made


@pytest.mark.parametrize("index", [20, 33])
def test_divided_differences_solve_the_equation_of_the_first_order(index):
    pair = dataclasses.replace(_made(index, index), tau=0.7)
    k, shape = pair.values, pair.initial.shape
    change, shift = pair.hat - np.diag(k), pair.target_hat - pair.target

    def slope(s, y):
        here = _flow(pair.initial, k, pair.target, np.array([s]))[0]
        return (-2 * y.reshape(shape) * k - 2 * (here @ change - shift)).ravel()

    end = solve_ivp(slope, (0, 0.7), np.zeros(pair.initial.size), method="DOP853", rtol=1e-11, atol=1e-12).y[:, -1]
    first = _flow(pair.initial, k, pair.target, np.array([0.7]))[0] + end.reshape(shape)
    gap = first - pair.target / k
    assert values_of(pair)["loss_first"] == pytest.approx(float(np.sum(gap**2 * k)), rel=1e-8)


def test_what_the_first_order_leaves_is_of_the_second():
    pair = dataclasses.replace(_made(25, 25), tau=1.0)
    gaps = []
    for size in (1e-2, 1e-3):
        near = dataclasses.replace(
            pair,
            hat=np.diag(pair.values) + size * (pair.hat - np.diag(pair.values)),
            target_hat=pair.target + size * (pair.target_hat - pair.target),
        )
        found = values_of(near)
        gaps.append(abs(np.sqrt(found["loss_hat"]) - np.sqrt(found["loss_first"])))
    assert gaps[1] < 0.02 * gaps[0]


def test_half_of_the_diagonal_is_half_of_what_the_matrix_of_one_feature_does():
    pair = SPECIAL[-1]
    found = values_of(pair)
    here = float(_flow(pair.initial, pair.values, pair.target, np.array([pair.tau]))[0, 0, 0])
    whole, half = np.sqrt(found["loss_first"]), np.sqrt(found["loss_half_diagonal"])
    assert half - here == pytest.approx(0.5 * (whole - here), rel=1e-12)


def test_one_feature_attains_the_bound():
    ratios = []
    for pair in SPECIAL:
        values, claim = values_of(pair), claims["CAP:linear"]
        found = claim.evaluate(**{str(s): values[str(s)] for s in claim.symbols})
        ratios.append(float(found.left) / float(found.right))
    assert 0.999 < max(ratios) <= 1 + 1e-5
