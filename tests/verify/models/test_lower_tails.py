"""Enumerated levels of what data keep of B+ν: against drawn data, and where the bounds are attained."""

import math
from dataclasses import replace

import numpy as np
import pytest

from theory import claims
from verify.evidence.measured import compare
from verify.models import lower_tails
from verify.models.lower_tails import SPECIAL, MatrixLaw


def ratio(name, law):
    claim = claims[name]
    values = law.measure()
    found = claim.evaluate(**{str(s): values[str(s)] for s in claim.symbols})
    return float(np.max(np.asarray(found.left) / np.asarray(found.right)))


def test_the_levels_of_a_coin_are_those_of_its_enumeration():
    coin = lower_tails._coin(0.1, 0.3, 0.05, 6)
    listed = MatrixLaw(atoms=coin.atoms, chances=coin.chances, ridge=coin.ridge, count=coin.count)
    for name in ("kept", "delta"):
        np.testing.assert_allclose(coin.measure()[name], listed.measure()[name], rtol=1e-12)


def test_the_least_count_of_the_axes_is_that_of_its_enumeration():
    axes = lower_tails._axes(3, 7)
    listed = MatrixLaw(atoms=axes.atoms, chances=axes.chances, ridge=axes.ridge, count=axes.count)
    kept, delta = (listed.measure()[name] for name in ("kept", "delta"))
    for level, chance in zip(axes.measure()["kept"], axes.measure()["delta"], strict=True):
        assert chance == pytest.approx(delta[np.flatnonzero(kept <= level * (1 + 1e-9))[-1]], rel=1e-9)


def test_the_transform_of_a_coin_is_its_own():
    values = SPECIAL[0].measure()
    w = (np.array([0.1, 1.0]) + 0.05) / (0.37 + 0.05)
    at = float(values["laplace_at"][0])
    assert values["log_laplace"][0] == pytest.approx(math.log(0.7 * math.exp(-at * w[0]) + 0.3 * math.exp(-at * w[1])))
    assert values["whitened_square"] == pytest.approx(0.7 * (0.1 / 0.42) ** 2 + 0.3 * (1 / 0.42) ** 2)
    assert values["whitened_variance"] == pytest.approx(0.7 * w[0] ** 2 + 0.3 * w[1] ** 2 - 1)


@pytest.mark.parametrize("name", [name for name in claims if name.startswith("CAP:lower-tail")])
def test_the_bound_holds_at_every_level_and_every_mutant_fails_at_one(name):
    claim = claims[name]
    values = [law.measure() for law in SPECIAL]
    assert not any(compare(claim, each, error=lower_tails.ERROR).violated for each in values)
    for mutant in claim.mutants:
        sides = {side: part for side in ("lhs", "rhs") if (part := getattr(mutant, side)) is not None}
        wrong = replace(claim, relation=replace(claim.relation, **sides), mutants=())
        assert any(compare(wrong, each, error=lower_tails.ERROR).violated for each in values), mutant.name


def test_the_bounds_are_attained_or_nearly():
    assert ratio("CAP:lower-tail-sure", SPECIAL[0]) == pytest.approx(1.0, abs=1e-12)
    assert ratio("CAP:lower-tail", SPECIAL[0]) == pytest.approx(1.0, abs=1e-9)
    assert 0.95 < max(ratio("CAP:lower-tail-moment", law) for law in SPECIAL) <= 1.0
