"""What a figure's test makes of replicas: the values of its symbols, violations, the seed."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import numerics
from numerics.backends.backend import NumpyArrays
from theory.claims import REGISTRY
from verify.audit import engine
from verify.audit.tokens import encode
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.verdict import Verdict
from verify.models import replica_tests
from verify.models.two_mode_runs import RATES, Run
from verify.plans import PLANS

OURS = tuple(claim for claim in REGISTRY.values() if re.match(r"FIG-\d+:", claim.id))  # the synthetic runs
SMALL = {"checkpoints": (1, 20), "points": 40}


def small(optimizer="sgd", **options):
    return Run(optimizer=optimizer, learning_rate=RATES[optimizer], **{**SMALL, **options})


def test_a_replica_that_diverges_is_nan_and_then_infinite_without_mass():
    run = Run(optimizer="sgd", learning_rate=1e60, checkpoints=(1, 30), points=40)
    found = run.measure(0, 0, densities=True)
    assert math.isnan(found["kl"][1])
    assert math.isnan(found["mass"][1])
    assert np.isnan(found["density"][1]).all()
    known = replica_tests._measured(run, 0, 0)
    assert (known["kl"][1], known["mass"][1]) == (math.inf, 0.0)


def test_a_backend_that_trains_in_one_program_trains_groups_for_a_test(monkeypatch):
    run, seen = small(checkpoints=(1, 2)), []
    whole = Run.measure_all

    def measure_all(self, seed, group, **options):
        seen.append(group)
        return whole(self, seed, group, **options)

    monkeypatch.setattr(Run, "measure_all", measure_all)
    with numerics.use_backend(NumpyArrays()):
        found = [replica_tests._measured(run, 8, k)["kl"] for k in (3, 15, 16)]
    assert seen == [range(16), range(16, 32)]
    alone = [replica_tests._measured(run, 8, k)["kl"] for k in (3, 15, 16)]
    np.testing.assert_allclose(found, alone, rtol=2.0**-52 * 1e5)  # as in test_two_mode_runs


HERE = {"points": 40, "earlier": 1, "later": 201}


def test_the_values_of_a_curve_are_its_checkpoints():
    run = small(checkpoints=(1, 101, 201))
    kl = run.measure(3, 1)["kl"]
    setting = {"optimizer": "sgd", "distance": "6"}
    assert replica_tests.values(setting, HERE, 3, 1) == {
        "kl_earlier": kl[0],
        "kl_later": kl[2],
        "kl_least": min(kl),
        "kl_most": max(kl),
    }
    later = replica_tests.values(setting, {**HERE, "earlier": 101}, 3, 1)
    assert later == {"kl_earlier": kl[1], "kl_later": kl[2], "kl_least": min(kl[1:]), "kl_most": max(kl[1:])}


def test_the_values_of_widths_distances_and_masses_are_the_runs():
    at = {"points": 40, "epoch": 5}
    widths = replica_tests.values({"optimizer": "adam", "distance": "6"}, {**at, "narrow": 4, "wide": 8}, 3, 1)
    assert widths == {
        f"kl_{name}": small("adam", checkpoints=(5,), width=width).measure(3, 1)["kl"][0]
        for name, width in (("narrow", 4), ("wide", 8))
    }
    far = small("adam", checkpoints=(5,), mode=15.0).measure(3, 1)
    near = small("adam", checkpoints=(5,)).measure(3, 1)
    assert replica_tests.values({"optimizer": "adam"}, at, 3, 1) == {"kl_near": near["kl"][0], "kl_far": far["kl"][0]}
    assert replica_tests.values({"optimizer": "adam", "distance": "30"}, at, 3, 1) == {"mass_smaller": far["mass"][0]}


@pytest.mark.parametrize("claim", OURS, ids=lambda claim: claim.id)
def test_a_claim_has_every_value_that_it_and_its_mutants_ask_for(claim, monkeypatch):
    def measure(_run, _seed, _replica, **_options):
        return {"kl": [0.5] * len(_run.checkpoints), "mass": [0.3] * len(_run.checkpoints)}

    monkeypatch.setattr(replica_tests, "_measured", measure)
    for one in (claim, *(mutant.apply(claim) for mutant in claim.mutants)):
        for at in PLANS[claim.id].methods[0].instances(BUDGETS["deep"]):
            assert replica_tests.violated(one)(replica_tests.values(one.setting, at, 0, 0)) in {True, False}


def test_a_test_of_a_claim_takes_the_replicas_of_the_audits_seed(monkeypatch):
    seen = []

    def values(_setting, _at, seed, replica):
        seen.append((seed, replica))
        return {"kl_earlier": 1.0, "kl_later": 0.1}

    monkeypatch.setattr(replica_tests, "values", values)
    claim = REGISTRY["FIG-3:fall"]
    evidence = PLANS[claim.id].methods[0].run(claim, Context(budget=BUDGETS["quick"], seed=11))
    assert evidence.verdict is Verdict.SUPPORTED
    assert seen == [(11, k) for k in range(len(seen))]
    assert evidence.details["alpha"] == 1e-9


# Replays -------------------------------------------------------------------------------------------------------------

LARGE = {"points": 10**7, "earlier": 1, "later": 1001, "replicas": 10**7, "seed": 7}


def token(claim_id, **instance):
    return encode(claim_id, "replicas", instance)


def test_what_a_replay_may_cost_is_bounded_and_refused_in_words(monkeypatch):
    monkeypatch.setattr(replica_tests, "values", lambda *_args: pytest.fail("it was trained"))
    costly = (
        ("FIG-3:rise", LARGE),
        ("FIG-11:scale", {"points": 10**7, "epoch": 100, "narrow": 1, "wide": 10**5, "replicas": 1, "seed": 7}),
        ("FIG-5:distance", {"points": 1000, "epoch": 1000, "replicas": 10**7, "seed": 7}),
        ("FIG-6/7:farthest", {"epoch": 40, "replicas": 10**7, "seed": 7}),
    )
    for claim_id, instance in costly:
        with pytest.raises(ValueError, match=rf"at most 5e\+08 are replayed; use scoregap audit {claim_id} --seed 7"):
            engine.replay(token(claim_id, **instance))


@pytest.mark.parametrize(
    ("claim_id", "instance"),
    [
        ("FIG-3:rise", {"points": 9, "earlier": 1001, "later": 1, "replicas": 1, "seed": 0}),
        ("FIG-3:rise", {"points": 9, "earlier": 1, "later": 77, "replicas": 1, "seed": 0}),
        ("FIG-11:scale", {"points": 9, "epoch": 1, "narrow": 1, "wide": 10**7, "replicas": 1, "seed": 0}),
        ("FIG-3:rise", {"points": 9, "earlier": 1, "later": 101, "replicas": 1, "seed": 2**128}),
    ],
)
def test_epochs_seeds_and_widths_that_no_run_has_are_outside_the_domain(claim_id, instance):
    with pytest.raises(ValueError, match="lies outside the experiment's domain"):
        engine.replay(token(claim_id, **instance))


@pytest.mark.parametrize("claim", OURS, ids=lambda claim: claim.id)
def test_what_a_quick_audit_trains_can_be_replayed(claim):
    method, *_ = PLANS[claim.id].methods
    for instance in method.instances(BUDGETS["quick"]):
        assert not replica_tests.too_much(claim, {**instance, "seed": 0})
