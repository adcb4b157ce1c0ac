"""The plans of the figures: instances, levels, and a refutation that is trained again from its token."""

from __future__ import annotations

import re

import pytest

import verify
from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS
from verify.evidence.verdict import Verdict
from verify.models import replica_tests
from verify.models.two_mode_runs import Run
from verify.plans import PLANS

OURS = tuple(claim for claim in REGISTRY.values() if re.match(r"FIG-\d+:", claim.id))  # the synthetic runs


@pytest.mark.parametrize("claim", OURS, ids=lambda claim: claim.id)
def test_quick_instances_are_a_prefix_of_deep_ones(claim):
    sizes = {name: PLANS[claim.id].methods[0].instances(budget) for name, budget in BUDGETS.items()}
    bare = {name: [{key: at[key] for key in at if key != "replicas"} for at in found] for name, found in sizes.items()}
    assert len(sizes["quick"]) == 1
    assert bare["deep"][: len(bare["standard"])] == bare["standard"]
    assert bare["standard"][:1] == bare["quick"]
    assert all(at["points"] == 1000 for at in bare["deep"][1:])  # the paper's
    counts = [{at["replicas"] for at in sizes[name]} for name in ("quick", "standard", "deep")]
    assert counts == [{200}, {1000}, {5000}]


def test_the_share_that_may_violate_is_one_less_the_claims_probability():
    for claim in OURS:
        method, *_ = PLANS[claim.id].methods
        assert method.bound({}) == (0.1 if claim.variant == "rise" else 0.5)
        assert PLANS[claim.id].expected is (Verdict.REFUTED if claim.variant == "rise" else Verdict.SUPPORTED)
    with pytest.raises(TypeError, match="L4:sharp"):
        replica_tests.level(REGISTRY["L4:sharp"])


def test_the_refuted_rise_replays_from_its_token():
    result = verify.check("FIG-8:rise", mutants=False, seed=2)
    assert result.verdict is Verdict.REFUTED
    assert result.token is not None
    smallest = result.smallest
    assert smallest is not None
    again = verify.replay(result.token)
    assert (again.left, again.right, again.ratio) == pytest.approx((smallest.left, smallest.right, smallest.ratio))
    at = smallest.instance
    run = Run(optimizer="adam", learning_rate=1e-3, points=250, checkpoints=tuple(range(1, 2002, 100)))
    curves = [run.measure(2, k)["kl"] for k in range(2)]
    seen = [replica_tests.values({"optimizer": "adam", "distance": "6"}, at, 2, k) for k in range(2)]
    assert [(one["kl_earlier"], one["kl_later"]) for one in seen] == [(kl[10], kl[20]) for kl in curves]
    counted = [replica_tests.values({"optimizer": "adam", "distance": "6"}, at, 2, k) for k in range(at["replicas"])]
    assert again.left == sum(one["kl_earlier"] > one["kl_later"] for one in counted) / at["replicas"]
