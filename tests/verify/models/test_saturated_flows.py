"""Flows trained to their end: the limit is the data's minimiser, and one feature attains every bound."""

import dataclasses

import numpy as np
import pytest

from theory import claims
from verify.models.ridged_flows import _made
from verify.models.saturated_flows import SPECIAL, measure, values_of


def ratio(name, values):
    claim = claims[name]
    found = claim.evaluate(**{str(s): values[str(s)] for s in claim.symbols})
    return float(found.left) / float(found.right) if found.left else 0.0


@pytest.mark.parametrize("index", range(20, 26))
def test_a_long_flow_ends_at_the_minimiser_of_the_datas_loss(index):
    late = dataclasses.replace(_made(index, index), tau=1e7)
    found = values_of(late)
    assert found["loss_hat"] == pytest.approx(found["loss_fit"], rel=1e-6)


def test_what_is_kept_and_stretched_are_the_extreme_ratios_of_both_forms():
    pair = _made(30, 30)
    found, v = values_of(pair), np.random.default_rng(1).normal(size=(500, len(pair.values)))
    ratios = np.einsum("ni,ij,nj->n", v, pair.hat, v) / (v**2 @ pair.values)
    assert found["share_0"] <= ratios.min() * (1 + 1e-12)
    assert ratios.max() <= found["stretch"] * (1 + 1e-12)


@pytest.mark.parametrize("name", ["CAP:saturation", "CAP:saturation-limit", "CAP:saturation-floor"])
def test_one_feature_attains_the_bound(name):
    assert max(ratio(name, values_of(pair)) for pair in SPECIAL) == pytest.approx(1.0, abs=1e-9)


def test_one_pair_is_measured_for_every_claim():
    seed = np.random.SeedSequence(3)
    one, two = (measure(claims[name], 9, seed)[0] for name in ("CAP:saturation", "CAP:saturation-limit"))
    assert one is two
