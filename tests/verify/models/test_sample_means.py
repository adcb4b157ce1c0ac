"""Enumerated deviations of means of vectors: against drawn data, and where the bounds are attained."""

from dataclasses import replace

import numpy as np
import pytest

from numerics.per_datum.noise import Noise
from theory import claims
from verify.evidence.measured import compare
from verify.models import sample_means
from verify.models.sample_means import SPECIAL, VectorLaw

NAMES = [name for name in claims if name.startswith("CAP:sample")]
VALUES = [law.measure() for law in SPECIAL]


def ratio(name, values):
    return max(compare(claims[name], values, error=0.0).ratios)


def test_levels_are_what_a_sum_over_all_outcomes_gives():
    atoms, chances = np.array([[0.0, 0.0], [1.0, 0.5], [-2.0, 1.0]]), np.array([0.5, 0.3, 0.2])
    norms, delta = VectorLaw(atoms=atoms, chances=chances, count=3).levels()
    outcomes = np.stack(np.meshgrid(*[np.arange(3)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    off = np.linalg.norm(atoms[outcomes].mean(axis=1) - chances @ atoms, axis=1)
    for level, chance in zip(norms, delta, strict=True):
        assert chances[outcomes].prod(axis=1)[off >= level * (1 - 1e-12)].sum() == pytest.approx(chance, rel=1e-12)


def test_equal_deviations_are_one_level():
    norms, delta = SPECIAL[3].levels()
    assert len(norms) == 1
    assert delta[0] == pytest.approx(1.0)


def test_weak_variance_is_the_largest_over_directions():
    values = SPECIAL[4].measure()
    assert values["weak_Y"] ** 2 == pytest.approx(0.5 / 256, rel=1e-12)
    assert values["sigma_Y"] ** 2 == pytest.approx(0.5 - 0.25 / 256, rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_the_bound_holds_at_every_level_and_every_mutant_fails_at_one(name):
    claim = claims[name]
    assert not any(compare(claim, each, error=sample_means.ERROR).violated for each in VALUES)
    for mutant in claim.mutants:
        wrong = replace(claim, relation=replace(claim.relation, rhs=mutant.rhs), mutants=())
        assert any(compare(wrong, each, error=sample_means.ERROR).violated for each in VALUES), mutant.name


def test_every_bound_is_attained_or_nearly_and_no_tail_is_loose():
    best = {name: max(ratio(name, values) for values in VALUES) for name in NAMES}
    assert {name for name, found in best.items() if found > 1 - 1e-9} == {*NAMES} - {"CAP:sample-Pinelis"}
    assert best["CAP:sample-Pinelis"] > 0.98
    assert ratio("CAP:sample-Bousquet", VALUES[1]) > 0.9  # a Gaussian tail


def test_numerics_takes_the_least_that_is_claimed():
    rng = np.random.default_rng(3)
    for _ in range(30):
        weak, spread, radius = np.sort(10.0 ** rng.uniform(-2, 1, 3))
        count, failure = int(10 ** rng.uniform(0, 5)), float(10.0 ** rng.uniform(-6, 0))
        found = Noise(spread=spread, weak=weak, range=radius).quantile(count, failure)
        values = {"n": count, "delta": failure, "sigma_Y": spread, "weak_Y": weak, "radius_Y": radius}
        right = claims["CAP:sample"].evaluate(**values, mean_deviation=0.0).right
        assert found == pytest.approx(float(right), rel=1e-12)
