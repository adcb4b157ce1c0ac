"""The flow that is measured in balls is the exact flow of `numerics`."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from flint import arb

from numerics import GradientFlow, Quadratic
from theory import flow
from theory.claims import REGISTRY
from verify.evidence.confrontation import number
from verify.models.spectral_flows import EXPERIMENT as FLOW
from verify.models.spectral_flows import gap, measure
from verify.models.spectral_flows import instance as flow_instance


@pytest.mark.parametrize("parametrization", ["scaled", "A"])
def test_the_flow_measurement_is_the_exact_flow_of_a_rotated_quadratic(parametrization):
    claim = replace(REGISTRY["L4:sharp"], setting={"flow": parametrization}, mutants=())
    rng = np.random.default_rng(75)
    for m in (1, 2, 3):
        for tau in (1e-3, 0.4, 7.0):
            eigen = rng.uniform(0.05, 3, m)
            rotation = np.linalg.qr(rng.normal(size=(m, m)))[0]
            start, best, other = rng.normal(size=(3, 1, m))
            B = rotation @ np.diag(eigen) @ rotation.T
            B, floor = (B + B.T) / 2, float(rng.uniform(0, 2))
            quadratic = Quadratic(B=B, b=best @ B, c=float((best @ B @ best.T).item()) + floor)
            exact = GradientFlow(quadratic, start, parametrization=parametrization)
            instance = {
                "width": m,
                "modes": m,
                "eigenvalues": eigen.tolist(),
                "tau": tau,
                "floor": floor,
                "initial": (start @ rotation)[0].tolist(),
                "minimiser": (best @ rotation)[0].tolist(),
                "comparator": (other @ rotation)[0].tolist(),
            }
            found = {str(sym): number(arb(value)) for sym, value in measure(claim)(instance).items()}
            expected = {
                "loss_tau": exact.loss(tau),
                "loss_initial": quadratic.loss(start),
                "tau": tau,
                "m": m,
                "loss_comparator": quadratic.loss(other),
                "loss_minimum": quadratic.minimum,
                "norm_initial": np.linalg.norm(start),
                "norm_comparator": np.linalg.norm(other),
                "norm_tau": exact.norm(tau),
                "distance_initial": np.linalg.norm(start - other),
                "distance_minimiser": np.linalg.norm(start - best),
                "distance_tau": exact.distance(tau, other),
                "displacement": exact.distance(tau, start),
            }
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-11)


def test_a_flow_instance_is_an_instance():
    assert FLOW.domain.accepts(flow_instance(initial=1.0, tau=0.25))
    assert all(FLOW.domain.accepts(instance) for instance in FLOW.extremal)


def test_a_gap_that_is_not_what_is_measured_is_refused(monkeypatch):
    for name in ("L4:sharp", "L4:repaired-A", "L4:sharp-minimiser", "L5:comparator", "L5:sharp"):
        assert gap(REGISTRY[name]).free_symbols
    right = flow.mode_displacement
    monkeypatch.setattr(flow, "mode_displacement", lambda *arguments: right(*arguments) ** sp.Rational(3, 2))
    with pytest.raises(ArithmeticError, match=r"the gap of a mode is .*, but .* is measured for L5:sharp at"):
        gap(REGISTRY["L5:sharp"])
