"""``scoregap bound T1:capacity --data FILE`` as it is typed: what is told, over n and τ, and what is refused."""

import json
import re

import numpy as np
import pytest
from typer.testing import CliRunner

import verify.cli.main
from verify.bound.data_files import read_data

DATA = np.random.default_rng(0).uniform(-1, 1, 200)
MODEL = ("--support", "-1:1", "--features", "5", "--horizon", "2")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "data.csv"
    path.write_text("x\n" + "\n".join(map(repr, DATA.tolist())) + "\n")
    return path


def run(*arguments):
    result = CliRunner().invoke(verify.cli.main.app, ["bound", "T1:capacity", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result, re.sub(r"[\s│]+", " ", result.output)


def test_what_is_certified_is_told_with_every_input_and_its_source_beside_resamples(file):
    result, text = run("--data", file, *MODEL, "--radius", "2")
    assert result.exit_code == 0
    assert "the divergence itself has E λ J(p_t) in it, an entropy of the law, which no data bound" in text
    for told in ("n 200 rows of the file", "T 2 --horizon", "r 2 --radius", "K_B", "of the support, computed"):
        assert told in text
    assert "is that r true? The flow on the data ends" in text


def test_without_a_radius_one_is_assumed_and_told_and_resamples_stay_below(file):
    _, text = run("--data", file, *MODEL)
    assert "assumed: twice ‖Θ̂(100000)−Θ₀‖, since no --radius is given; the bound holds if it is true" in text
    total = float(re.search(r"total (\S+)", text)[1])
    assert 0 < float(re.search(r"of resamples (\S+) median", text)[1]) < total


def test_the_best_training_time_is_the_least_of_a_range_and_more_rows_say_more(file):
    best = json.loads(run("--data", file, *MODEL, "--radius", "2", "--json")[0].output)
    over = json.loads(run("--data", file, *MODEL, "--radius", "2", "--over", "tau=1e-2:1e4:log:3", "--json")[0].output)
    assert best["terms"]["total"] <= min(over["terms"]["total"]) * (1 + 1e-12)
    rows = json.loads(run("--data", file, *MODEL, "--radius", "2", "--over", "n=5:200:log:2", "--json")[0].output)
    assert rows["terms"]["total"][-1] == best["terms"]["total"] < rows["terms"]["total"][0]
    table = run("--data", file, *MODEL, "--radius", "2", "--over", "n=5:200:log:2")[1]
    assert f"{best['terms']['total']:.6g}" in table


def test_a_file_of_an_array_says_the_same_as_its_text(file, tmp_path):
    np.save(tmp_path / "data.npy", DATA)
    found = [
        run("--data", path, *MODEL, "--set", "tau=5", "--json")[0].output for path in (file, tmp_path / "data.npy")
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--features", "5"), "--support is needed"),
        (("--support", "-1:0.5"), "lie in the support"),
        (("--support", "1:-1"), "--support must have its lower end first"),
        (("--support", "-1:1,0:1"), "once or for each of the 1 columns"),
        ((*MODEL, "--radius", "-1"), "--radius must be a number >= 0"),
        ((*MODEL, "--set", "n=10"), "only tau and delta are set; got n"),
        ((*MODEL, "--set", "delta=0"), "delta must lie in (0, 1]"),
        ((*MODEL, "--set", "delta=5e-324"), "Invalid value for --set: delta must lie in (0, 1]"),
        ((*MODEL, "--over", "n=5:1000:log:3"), "has 200; got 1000"),
        ((*MODEL, "--law", "cells:-1,1:1"), "give --law or --data, not both"),
        ((*MODEL, "--plot", "bound.png"), "not drawn"),
        ((*MODEL, "--sde", "growing"), "--sde must be one of"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(file, arguments, said):
    result, text = run("--data", file, *arguments)
    assert result.exit_code == 2
    assert said in text


def test_a_support_without_data_is_refused():
    result, text = run("--support", "-1:1")
    assert result.exit_code == 2
    assert "goes with --data FILE" in text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "", "holds no data"),
        ("a.csv", "x\n", "holds no data"),
        ("a.csv", "1\nnan\n", "must hold finite numbers; row 2"),
        ("a.csv", "1\n2,3\n", "line 2 must hold numbers|line 2 has 2 columns"),
        ("a.csv", "1,2\n3\n", "line 2 has 1 columns, where others have 2"),
        ("a.csv", "1\nyes\n", "line 2 must hold numbers; got 'yes'"),
        ("a.json", "[1]", "must end with .csv"),
        ("a.npy", "1\n", "is no array of numbers"),
    ],
)
def test_files_that_hold_no_data_are_refused_in_words(tmp_path, name, content, said):
    (tmp_path / name).write_text(content)
    with pytest.raises(ValueError, match=said):
        read_data(tmp_path / name)


def test_objects_texts_cubes_and_missing_files_are_refused_in_words(tmp_path):
    for name, array, said in (
        ("objects", np.array([{}], dtype=object), "no array of numbers"),
        ("texts", np.array(["1"]), "must hold an array of numbers"),
        ("cube", np.zeros((2, 2, 2)), "got float64 of shape"),
    ):
        np.save(tmp_path / f"{name}.npy", array, allow_pickle=True)
        with pytest.raises(ValueError, match=said):
            read_data(tmp_path / f"{name}.npy")
    with pytest.raises(ValueError, match="is no file"):
        read_data(tmp_path / "none.csv")


def test_columns_are_read_with_any_mark_and_with_names(tmp_path):
    for text in ("a,b\n1,2\n3,4\n", "1;2\n3;4\n", "1 2\n\n3 4\n", "a\tb\n1\t2\n3\t4\n"):
        (tmp_path / "a.txt").write_text(text)
        assert read_data(tmp_path / "a.txt").tolist() == [[1, 2], [3, 4]]
