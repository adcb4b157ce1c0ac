"""What the tests of claims share: both sides of a family's claims, written again by hand, and how each is claimed.

A file tests the family of its name (``test_lemma_3`` that of ``theory/claims/lemma_3.py``). Its ``SIDES`` are rows (id,
values, left side, right side) with None for a side that a row leaves out; ``close`` computes a row.
"""

from pathlib import Path

import numpy as np
import pytest

from theory import claims
from theory.claims import FAMILIES
from theory.statement import Identity, InExpectation, UpToConstant, WithProbability
from theory.symbols import delta

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders


def pytest_generate_tests(metafunc):
    if "row" in metafunc.fixturenames:
        rows = metafunc.module.SIDES
        metafunc.parametrize("row", rows, ids=[f"{row[0]}-{k}" for k, row in enumerate(rows)])


@pytest.fixture
def family(request):
    """The family whose name the file has."""
    return FAMILIES[Path(request.module.__file__).stem.removeprefix("test_")]


@pytest.fixture
def close():
    """Assert that the sides of a row are what the claim computes, to a relative and an absolute tolerance."""

    def check(row, *, rel=RTOL, absolute=0.0):
        claim_id, values, *sides = row
        found = claims[claim_id].evaluate(**values)
        for computed, expected in zip((found.left, found.right), sides, strict=True):
            if expected is not None:
                assert float(computed) == pytest.approx(expected, rel=rel, abs=absolute)

    return check


@pytest.fixture
def kinds(family):
    """How each claim of the family is claimed, by its id, in the words of `kind`."""
    return {claim.id: kind(claim) for claim in family.claims}


def kind(claim):
    """``≲`` and what its constant may depend on, then ∀, E or P (with its level, unless 1 − δ), then = or ≤."""
    quantifier, words = claim.quantifier, []
    if isinstance(quantifier, UpToConstant):
        words = ["≲", *quantifier.depends_on]
        quantifier = quantifier.inner
    if isinstance(quantifier, WithProbability):
        words += ["P"] if quantifier.at_least == 1 - delta else ["P", str(quantifier.at_least)]
    else:
        words += ["E" if isinstance(quantifier, InExpectation) else "∀"]
    return " ".join([*words, "=" if isinstance(claim.relation, Identity) else "≤"])
