"""Specs: the cells that they name, and what is refused in words."""

import pytest

from verify.sweeps.spec import SpecError, read

BOUND = {"bound": "L4:sharp"}
SET = {"tau": 1, "distance_initial": 1}


def test_a_grid_is_every_combination_in_its_order():
    spec = read({"cells": [{**BOUND, "set": {"tau": 1}, "grid": {"distance_initial": [1, 2, "1/3"]}}]})
    assert [cell.parameters["distance_initial"] for cell in spec.cells] == [1, 2, "1/3"]
    assert all(cell.parameters["tau"] == 1 for cell in spec.cells)


def test_a_family_stands_for_its_claims():
    assert [cell.target for cell in read({"cells": [{"audit": "L3"}]}).cells] == ["L3:scaled", "L3:A", "L3:repaired-A"]


def test_a_file_of_lemmas_stands_for_its_lemmas(tmp_path):
    (tmp_path / "own.py").write_text(
        "import sympy as sp, verify\nx = sp.Symbol('x', positive=True)\n"
        "above = verify.lemma('A.', x, x + 1, over={'x': (1, 2)})\n"
        "square = verify.lemma('B.', x, x**2, over={'x': (1, 2)})\n"
    )
    (tmp_path / "own.toml").write_text('[[cells]]\naudit = ["own.py", "L3:A"]\n')
    assert [cell.target for cell in read(tmp_path / "own.toml").cells] == ["own.py:above", "own.py:square", "L3:A"]
    with pytest.raises(SpecError, match=r"cells\[0\]: .*none.py does not exist; make it with: scoregap new"):
        read({"cells": [{"audit": f"{tmp_path}/none.py"}]})


def test_a_file_gives_its_name_and_its_folder(tmp_path):
    (tmp_path / "mine.toml").write_text('[[cells]]\naudit = "L3"\n')
    spec = read(tmp_path / "mine.toml")
    assert (spec.name, spec.folder, spec.timeout) == ("mine", tmp_path.resolve(), 3600)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "cells must be a list of blocks"),
        ({"cells": []}, "cells must be a list of blocks"),
        ({"cells": "L3"}, "cells must be a list of blocks"),
        ({"cell": []}, "did you mean cells?"),
        ({"cells": [{}]}, r"cells\[0\] must have one of audit, bound, experiment, measure; got none"),
        ({"cells": [{**BOUND, "audit": "L3"}]}, "got audit, bound"),
        ({"cells": [{"bound": 3}]}, "must be a name or a list of names"),
        ({"cells": [{"bound": "L4:shrp"}]}, "unknown claim 'L4:shrp'; the nearest are L4:sharp"),
        ({"cells": [{**BOUND, "set": {"taw": 1}}]}, "has no symbol 'taw'; did you mean tau"),
        ({"cells": [{**BOUND, "gird": {}}]}, "did you mean grid?"),
        ({"cells": [{**BOUND, "grid": {"tau": 1}}]}, r"cells\[0\].grid.tau must be a list of values; got 1"),
        ({"cells": [{**BOUND, "grid": {"tau": []}}]}, "must be a list of values"),
        ({"cells": [{**BOUND, "grid": {"tau": [float("nan")]}}]}, "must be a number, a word, or true or false"),
        ({"cells": [{**BOUND, "set": {"tau": [1]}}]}, "must be a number, a word, or true or false"),
        ({"cells": [{**BOUND, "set": {"tau": 1}, "grid": {"tau": [1]}}]}, "gives tau twice"),
        ({"cells": [{**BOUND, "list": [], "set": SET}]}, "must be a list of mappings"),
        ({"cells": [{**BOUND, "list": [SET], "grid": {"tau": [1]}}]}, "a grid or a list; got both"),
        ({"cells": [{**BOUND, "set": SET, "replicas": 0}]}, "replicas must be an integer >= 1"),
        ({"cells": [{**BOUND, "set": SET}, {**BOUND, "set": SET}]}, "a cell stands twice"),
        ({"cells": [{**BOUND, "grid": {"tau": [1] * 10**4, "distance_initial": [1] * 10**5}}]}, "cells needs about"),
        ({"cells": [{"audit": "L3", "set": {"n": 3}}]}, "an audit takes budget"),
        ({"cells": [{"experiment": "figure-33"}]}, "name must be one of"),
        ({"cells": [{"experiment": "figure-3", "set": {"epochs": 3}}]}, "takes quick and replicas"),
        ({"cells": [{"measure": "nothing"}]}, "measure must be FILE.py:NAME"),
        ({"cells": [{"measure": "nowhere.py:f"}]}, "does not exist; correct the name"),
        ({"cells": [BOUND], "seed": -1}, "seed must be an integer >= 0"),
        ({"cells": [BOUND], "timeout": 0}, "timeout must be a number of seconds"),
        ({"cells": [BOUND], "name": "../x"}, "name must be a word"),
    ],
)
def test_what_is_no_spec_is_refused_in_words(values, words):
    with pytest.raises((SpecError, ValueError), match=words):
        read(values)


def test_a_function_must_take_the_parameters(tmp_path):
    (tmp_path / "f.py").write_text("def f(n, rng): return {}\n\nleft = right\n")
    with pytest.raises(SpecError, match=r"f\.py, line 3: NameError"):
        read({"cells": [{"measure": f"{tmp_path}/f.py:f", "set": {"n": 1}}]})
    (tmp_path / "g.py").write_text("def f(n, rng): return {}\n")
    with pytest.raises(SpecError, match="does not take these parameters"):
        read({"cells": [{"measure": f"{tmp_path}/g.py:f", "set": {"m": 1}}]})
    with pytest.raises(SpecError, match="has no function 'h'"):
        read({"cells": [{"measure": f"{tmp_path}/g.py:h"}]})


def test_a_file_that_is_no_spec_is_refused(tmp_path):
    with pytest.raises(SpecError, match="cannot be read"):
        read(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("cells = [")
    with pytest.raises(SpecError, match="is no TOML file"):
        read(tmp_path / "bad.toml")
