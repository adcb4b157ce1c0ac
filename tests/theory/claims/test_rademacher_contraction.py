"""R1 written again by hand: what a Lipschitz map does to a Rademacher complexity."""

from theory import claims

SIDES = [
    ("R1:contraction", {"lipschitz": 3.0, "rademacher": 0.2}, None, 3.0 * 0.2),
    ("R1:contraction-abs", {"lipschitz": 3.0, "rademacher_abs": 0.2}, None, 2 * 3.0 * 0.2),
    ("R1:abs-factor-one", {"lipschitz": 3.0, "rademacher_abs": 0.2}, None, 3.0 * 0.2),
    ("R1:contraction", {"lipschitz": 1, "rademacher": 1, "rademacher_image": 0.5}, 0.5, None),
    ("R1:contraction-abs", {"lipschitz": 1, "rademacher_abs": 1, "rademacher_abs_image": 0.5}, 0.5, None),
]
KINDS = {"R1:contraction": "∀ ≤", "R1:contraction-abs": "∀ ≤", "R1:abs-factor-one": "∀ ≤"}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_constant_is_two():
    assert claims["R1:contraction-abs"].constants["C"].value == 2


def test_a_constant_map_leaves_no_complexity():
    assert float(claims["R1:contraction-abs"].evaluate(lipschitz=0, rademacher_abs=1).right) == 0
