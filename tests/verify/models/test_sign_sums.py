"""Sums over all signs against the measured complexities; tables up to symmetry."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import numerics
from theory.claims import REGISTRY
from verify.models.sign_sums import as_table, sign_sums, tables, up_to_symmetry
from verify.plans import PLANS

RNG = np.random.default_rng(4)  # the statements hold for every draw: there is no threshold to tune
TABLES = [RNG.integers(-5, 6, (N, n)) for N, n in [(1, 1), (2, 1), (3, 4), (5, 6), (2, 9)]]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.shape))
def test_sums_over_signs_are_the_measured_complexities(table):
    plain, barred = sign_sums(as_table(table))
    n = table.shape[1]
    assert plain / n == numerics.rademacher_complexity(table).fraction
    assert barred / n == numerics.rademacher_complexity_abs(table).fraction


def test_one_sample_moves_the_complexity_by_half_of_what_it_moves_the_deviation():
    moved = Fraction(0)
    for table in tables(3, 2):
        largest = max(abs(a) for row in table for a in row)
        for j in range(3):
            for swap in product((-largest, 0, largest), repeat=len(table)):
                other = tuple((*row[:j], new, *row[j + 1 :]) for row, new in zip(table, swap, strict=True))
                change = abs(sign_sums(table)[1] - sign_sums(other)[1])
                assert change <= largest
                moved = max(moved, change / largest if largest else 0)
    assert moved == 1  # M/n, and no less


def test_symmetry_leaves_one_table_of_each_orbit():
    small = list(tables(2, 2))
    kept = list(up_to_symmetry(small))
    orbits = {
        frozenset(
            frozenset(tuple(f * row[k] for f, k in zip(flips, order, strict=True)) for row in table)
            for flips in product((1, -1), repeat=2)
            for order in ((0, 1), (1, 0))
        )
        for table in small
    }
    assert len(kept) == len(orbits)


def test_every_element_lies_in_its_experiments_domain():
    for claim_id in (name for name in REGISTRY if name.split(":")[0] in {"R1", "R2", "R3", "R4", "R5", "R6"}):
        for method in PLANS[claim_id].methods:
            elements = getattr(method, "elements", None)
            if elements is not None:
                assert all(method.experiment.domain.accepts(at) for at in list(elements(40))[::5])
