"""Laws of samples against their samples, one by one."""

import math
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import numerics
from theory.claims import REGISTRY
from theory.statement import Inequality
from theory.symbols import rademacher, rademacher_abs, uniform_deviation
from verify.models.sample_laws import LAWS, all_levels, coin_sums, samples
from verify.models.sign_sums import as_table


@pytest.mark.parametrize("weights", [(1, 1, 1), (1, 2, 5)])
def test_laws_are_their_samples_one_by_one(weights):
    table, n = ((1, -1, 2), (0, 1, -1)), 3
    found, expected = samples(table, weights, n)
    total = sum(weights)
    chances = {atom: Fraction(w, total) for atom, w in enumerate(weights)}
    seen, mean = {}, Fraction(0)
    for drawn in product(range(3), repeat=n):
        chance = math.prod(chances[atom] for atom in drawn)
        counts = tuple(drawn.count(atom) for atom in range(3))
        seen[counts] = seen.get(counts, 0) + chance
        gaps = [sum(chances[a] * row[a] for a in range(3)) - Fraction(sum(row[a] for a in drawn), n) for row in table]
        assert found[counts].values[uniform_deviation] == max(map(abs, gaps))
        measured = numerics.rademacher_complexity(np.array([[row[a] for a in drawn] for row in table])).fraction
        assert found[counts].values[rademacher] == measured
        mean += chance * measured
    assert {counts: sample.probability for counts, sample in found.items()} == seen
    assert sum(seen.values()) == 1
    assert mean in expected.values()


def test_symmetrisation_holds_exactly_on_every_enumerated_law():
    seen = set()
    for at in all_levels(40):
        key = (as_table(at["values"]), tuple(at["weights"]), sum(at["counts"]))
        if key in seen:
            continue
        seen.add(key)
        found, _ = samples(*key)
        deviation = sum(item.probability * item.values[uniform_deviation] for item in found.values())
        complexity = sum(item.probability * item.values[rademacher_abs] for item in found.values())
        assert deviation <= 2 * complexity


def test_coin_tails_are_binomial():
    tails, size = coin_sums(4)
    assert list(tails) == [1, 5, 11, 15, 16]
    assert size == Fraction(2 * 4 + 8 * 2, 16)


def test_all_functions_on_many_points_deviate_as_the_experiment_says():
    """All ±1 functions on K equally likely points, n different ones seen: 2(1 − n/K) → 2, complexity 1."""
    points, n = 4, 2
    table = tuple(product((1, -1), repeat=points))
    found, _ = samples(table, (1,) * points, n)
    distinct = found[1, 1, 0, 0]
    assert distinct.values[uniform_deviation] == 2 * (1 - Fraction(n, points))
    assert distinct.values[rademacher_abs] == 1


def test_a_law_refuses_sides_that_are_not_linear():
    bent = replace(
        REGISTRY["R6:sharp"],
        mutants=(),
        relation=Inequality(lhs={"deviation": uniform_deviation**2}, rhs=dict(REGISTRY["R6:sharp"].relation.rhs)),
    )
    with pytest.raises(ValueError, match="linear"):
        LAWS.sides(bent)
