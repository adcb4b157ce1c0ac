"""Laws with finitely many values against all samples, one by one."""

from fractions import Fraction
from itertools import product
from math import sqrt

import numpy as np
import pytest

from theory.symbols import M, sigma_Y
from verify.models.finite_laws import OPERATORS, VECTORS, compositions, levels

THIRD = np.array([[1.0, 0.0], [0.5, sqrt(3) / 2], [-0.5, sqrt(3) / 2]])
ATOMS = {  # the same laws as matrices: vectors on a diagonal
    "coin": [np.diag([-1.0]), np.diag([1.0])],
    "lopsided": [np.diag([0.0]), np.diag([1.0])],
    "rare": [np.diag([0.0]), np.diag([1.0]), np.diag([-1.0])],
    "basis": [np.eye(3)[k] for k in range(3)],
    "scalar": [np.diag([0.0]), np.diag([1.0])],
    "axes": [np.outer(e, e) for e in np.eye(4)],
    "frame": [np.outer(v, v) for v in THIRD],
}
NAMES = [name for name in {**VECTORS, **OPERATORS} if name != "diagonal"]


def law_of(name):
    return {**VECTORS, **OPERATORS}[name]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("count", [1, 2, 4])
def test_levels_are_those_of_all_samples(name, count):
    atoms, chances = ATOMS[name], [float(c) for c in law_of(name).chances]
    expected = sum(c * a for c, a in zip(chances, atoms, strict=True))
    found = {}
    for sample in product(range(len(atoms)), repeat=count):
        gap = sum(atoms[k] for k in sample) / count - expected
        size = np.linalg.norm(gap, 2 if gap.ndim == 2 else None)
        key = round(float(size) ** 2, 12)  # levels are fractions with small denominators: no two are that close
        found[key] = found.get(key, 0.0) + np.prod([chances[k] for k in sample])
    exact = levels(name, count)
    assert sorted(found, reverse=True) == pytest.approx([float(level) for level, _ in exact], abs=1e-11)
    assert np.cumsum([found[key] for key in sorted(found, reverse=True)]) == pytest.approx(
        [float(tail) for _, tail in exact], abs=1e-12
    )
    assert exact[-1][1] == 1


@pytest.mark.parametrize("name", NAMES)
def test_laws_grant_their_own_bounds_and_no_less(name):
    law, atoms = law_of(name), ATOMS[name]
    chances = [float(c) for c in law.chances]
    expected = sum(c * a for c, a in zip(chances, atoms, strict=True))
    spread = sqrt(sum(c * np.sum((a - expected) ** 2) for c, a in zip(chances, atoms, strict=True)))
    assert spread * (1 - 1e-14) <= float(law.grants[sigma_Y]) <= spread * 1.001
    assert float(law.grants[M]) == pytest.approx(max(np.linalg.norm(a, 2 if a.ndim == 2 else None) for a in atoms))
    for symbol, granted in law.grants.items():
        if str(symbol) == "diameter":
            gaps = [np.linalg.norm(a - b) for a in atoms for b in atoms]
            assert float(granted) == pytest.approx(max(gaps), rel=1e-14)


def test_many_copies_have_the_largest_deviation():
    one, many = levels("scalar", 3), levels("diagonal", 3)
    assert [level for level, _ in one] == [level for level, _ in many]
    assert [tail for _, tail in many] == [1 - (1 - tail) ** 256 for _, tail in one]


def test_compositions_are_all_there_once():
    assert len(set(compositions(7, 4))) == len(list(compositions(7, 4))) == 120
    assert all(sum(counts) == 7 for counts in compositions(7, 4))


def test_levels_are_fractions():
    assert all(isinstance(part, Fraction) for pair in levels("frame", 3) for part in pair)
