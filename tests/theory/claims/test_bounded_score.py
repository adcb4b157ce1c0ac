"""Bounded scores and losses on data, written again by hand, and their floors for two points."""

import math

import numpy as np
import pytest

from verify.models import point_diffusions
from verify.models.point_diffusions import Points
from verify.plans.bounded_score import floors

GROWN = math.log(math.expm1(10) / math.expm1(2))
SIDES = [
    ("IT9:printed", {"explicit_hat": 3.0}, 3.0, 1.0),
    ("IT9:repaired", {"fisher_floor": 2.0, "explicit_hat": 3.0}, 2.0, 3.0),
    (
        "IT9:growth",
        {"explicit_hat": 4.0, "score_limit": 3, "T": 5, "early": 1, "n": 7, "d": 2},
        GROWN,
        math.log(7) + 64.0,
    ),
]
KINDS = {"IT9:printed": "≲ L T ∀ ≤", "IT9:repaired": "∀ ≤", "IT9:growth": "∀ ≤"}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand_and_claimed_as_it_should_be(family, kinds):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}
    assert kinds == KINDS


@pytest.mark.parametrize(("start", "floor"), [(1e-2, 0.0115), (1e-4, 1.2914), (1e-6, 3.4692), (1e-8, 5.7591)])
def test_the_floor_of_two_points_grows_as_the_start_tends_to_zero(start, floor, monkeypatch):
    monkeypatch.setattr(point_diffusions, "_TIMES", 96)  # the positive part has a kink in time
    found, _ = floors(Points((0.5, 0.5), (-1.0, 1.0)), 5.0, start, 1.0)
    assert found == pytest.approx(floor, abs=1e-4)


def test_a_cut_score_costs_at_least_the_floor_and_no_bound_costs_it_exactly(monkeypatch):
    law = Points((0.5, 0.5), (-1.0, 1.0))
    floor, signed = floors(law, 0.0, 1e-3, 1.0)
    assert floor == pytest.approx(signed, rel=1e-14)
    assert floor == pytest.approx(
        point_diffusions.explicit_loss(law, lambda x, _t: np.zeros_like(x), 1e-3, 1.0), rel=1e-12
    )


def test_finer_nodes_move_the_loss_of_a_cut_score_by_less_than_the_error(monkeypatch):
    law = Points((0.5, 0.5), (-1.0, 1.0))
    found = []
    for steps, times in ((8, 16), (64, 128)):
        point_diffusions._deviates.cache_clear()
        monkeypatch.setattr(point_diffusions, "_STEPS", steps)
        monkeypatch.setattr(point_diffusions, "_TIMES", times)
        cut = point_diffusions.explicit_loss(law, lambda x, t: np.clip(law.score(x, t), -4, 4), 1e-3, 1.0)
        found.append((cut, floors(law, 4.0, 1e-3, 1.0)[0]))
    point_diffusions._deviates.cache_clear()
    (coarse, low), (fine, high) = found
    assert abs(coarse - fine) < 0.005 * fine  # kinks: the second order of both rules
    assert abs(low - high) < 0.005 * high
    assert high < 0.9 * fine
