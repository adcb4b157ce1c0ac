"""Flows on two quadratics against a solver, the path's integral against a finer one, where bounds are attained."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from theory import claims
from verify.models import ridged_flows
from verify.models.ridged_flows import SPECIAL, Pair

PATH = claims["CAP:path"]


def drawn(index):
    return ridged_flows._made(index, index)


def test_the_flow_on_the_data_is_the_solution_of_its_equation():
    pair = drawn(40)
    shape = pair.initial.shape
    end = solve_ivp(
        lambda _, y: -2 * (y.reshape(shape) @ pair.hat - pair.target_hat).ravel(),
        (0, pair.tau),
        pair.initial.ravel(),
        method="DOP853",
        rtol=1e-11,
        atol=1e-12,
    ).y[:, -1]
    gap = end.reshape(shape) - pair.target / pair.values
    assert pair.measure(False)["loss_hat"] == pytest.approx(float(np.sum(gap**2 * pair.values)), rel=1e-8)


@pytest.mark.parametrize("index", range(20, 32))
def test_the_paths_integral_is_known_to_its_error(index, monkeypatch):
    pair = drawn(index)
    found = pair.measure(False)["noise_path"]
    monkeypatch.setattr(ridged_flows, "_PANELS", 120)
    assert found == pytest.approx(pair.measure(False)["noise_path"], rel=ridged_flows.ERROR)


def test_what_is_kept_of_a_ridge_is_an_eigenvalue():
    values = drawn(30).measure(False)
    pair = drawn(30)
    k, nu = pair.values, pair.ridge
    gap = pair.hat + nu * np.eye(len(k)) - values["share"] * np.diag(k + nu)
    assert abs(np.linalg.eigvalsh(gap)[0]) < 1e-12


def test_the_bound_along_the_path_is_attained_by_one_feature():
    ratios = []
    for pair in SPECIAL:
        found = PATH.evaluate(**{str(s): pair.measure(False)[str(s)] for s in PATH.symbols})
        ratios.append(float(found.left) / float(found.right))
    assert max(ratios[:4]) == pytest.approx(1.0, abs=1e-5)
    assert max(ratios) <= 1 + 1e-5


def test_pairs_are_the_same_for_every_claim_and_seedless_of_its_name():
    seed = np.random.SeedSequence(5)
    one, two = (ridged_flows.measure(claims[name], 33, seed)[0] for name in ("CAP:path", "CAP:comparator"))
    assert one == two
    assert isinstance(drawn(33), Pair)
