"""Families of claims: what one must be, and how they are gathered into the registry."""

from dataclasses import FrozenInstanceError, replace

import pytest

from theory import claims
from theory.claims import FAMILIES, ORDER, gather
from theory.family import Family, files

LEMMA_3 = FAMILIES["lemma_3"]


def test_the_registry_is_the_families_one_after_the_other():
    assert tuple(claims) == tuple(claim.id for family in FAMILIES.values() for claim in family.claims)
    assert tuple(FAMILIES)[: len(ORDER)] == ORDER
    assert all(claims[claim.id] is claim for family in FAMILIES.values() for claim in family.claims)


def test_a_family_is_a_frozen_value():
    with pytest.raises(FrozenInstanceError):
        LEMMA_3.subject = "other"
    assert replace(LEMMA_3) == LEMMA_3
    assert replace(LEMMA_3, claims=list(LEMMA_3.claims)).claims == LEMMA_3.claims


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"key": ""}, ValueError, "key must not be empty"),
        ({"subject": " "}, ValueError, "subject must not be empty"),
        ({"claims": ()}, ValueError, "claims of the family L3 must not be empty"),
        ({"claims": "L3:A"}, TypeError, "claims must be a tuple"),
        ({"claims": ("L3:A",)}, TypeError, r"claims\[0\] must be of type Claim"),
        ({"claims": (claims["L4:sharp"],)}, ValueError, "must have ids 'L3:variant'; got L4:sharp"),
        ({"claims": (claims["L3:A"],) * 2}, ValueError, "must have different ids; got L3:A twice"),
    ],
)
def test_a_family_refuses_what_is_none(changes, error, message):
    with pytest.raises(error, match=message):
        replace(LEMMA_3, **changes)


def test_two_families_of_one_key_cannot_be_gathered():
    with pytest.raises(ValueError, match="two families have the key L3"):
        gather([LEMMA_3, Family(key="L3", subject="again", claims=LEMMA_3.claims[:1])])


def test_private_files_are_no_families(tmp_path):
    for name in ("lemma_9.py", "_shared.py", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "theorem_9").mkdir()
    (tmp_path / "theorem_9" / "__init__.py").touch()
    assert files([str(tmp_path)]) == ("lemma_9", "theorem_9")
