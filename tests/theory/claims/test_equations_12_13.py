"""Equations 12 and 13 written again by hand."""

SIDES = [
    ("EQ-12/13:homogeneity", {"a": 2, "w": -1, "b": 3, "x": 0.5, "size": 7}, None, 2 * (3 - 0.5)),
    ("EQ-12/13:norm-rescales", {"size": 3, "norm_given": 2}, None, 6),
    ("EQ-12/13:norm-bound", {"size_max": 3, "norm_given": 2}, None, 6),
    ("EQ-12/13:wlog-printed", {"norm_given": 2}, None, 2),
    ("EQ-12/13:homogeneity", {"a": 2, "w": -1, "b": 3, "x": 0.5, "size": 7}, 5, None),
    ("EQ-12/13:norm-bound", {"size_max": 1, "norm_given": 1, "norm_normalised": 0.5}, 0.5, None),
]
KINDS = {row[0]: "∀ ≤" if row[0] == "EQ-12/13:norm-bound" else "∀ =" for row in SIDES}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS
