"""``scoregap bound`` as it is typed: names as they are shown, a range beside a value, tables, curves, the undefined."""

from __future__ import annotations

import re

import numpy as np
import pytest
from typer.testing import CliRunner

import verify
import verify.cli.main
from verify.cli import bound as command
from verify.cli.bound import draw, sweep_tables

GIVEN = ("--set", "a1=1", "--set", "b1=1/2", "--set", "n=1e4")
THEOREM_1 = {
    "n": 1e4,
    "tau": 10,
    "delta": "1/20",
    "T": 1,
    "S_B": 1,
    "K_B": 1,
    "S_G": 1,
    "K_G": 1,
    "distance_initial": 1,
    "kl_prior": "1/10",
    "loss_minimum": "1/2",
}


def run(*arguments):
    result = CliRunner().invoke(verify.cli.main.app, ["bound", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result, re.sub(r"[\s│]+", " ", result.output)


def options(values):
    return [word for name, value in values.items() for word in ("--set", f"{name}={value}")]


# Names ---------------------------------------------------------------------------------------------------------------


def test_a_symbol_may_be_named_as_it_is_shown():
    plain, _ = run("EARLY-STOP:repaired", *GIVEN, "--set", "tau=20")
    for name in ("τ", "\U0001d70f", " τ "):  # also the mathematical italic that a keyboard may make of it
        shown, _ = run("EARLY-STOP:repaired", *GIVEN, "--set", f"{name}=20")
        assert (shown.exit_code, shown.output) == (0, plain.output)
    assert verify.bound("EARLY-STOP:repaired", {"τ": 20, "n": 9, "a₁": 1, "b1": 1}).values["tau"] == 20


def test_a_symbol_that_is_named_in_both_ways_is_given_twice():
    with pytest.raises(ValueError, match="values: tau is given twice"):
        verify.bound("EARLY-STOP:repaired", {"τ": 20, "tau": 20, "n": 9, "a1": 1, "b1": 1})
    result, text = run("EARLY-STOP:repaired", *GIVEN, "--set", "tau=3", "--set", "τ=4")
    assert result.exit_code == 2
    assert "tau is given twice" in text


# Ranges --------------------------------------------------------------------------------------------------------------


def test_a_range_takes_the_place_of_a_value_as_in_the_readme(tmp_path):
    ranged, _ = run("EARLY-STOP:repaired", *GIVEN, "--over", "tau=1:1e4:log")
    both, text = run(
        "EARLY-STOP:repaired", *GIVEN, "--set", "tau=30", "--over", "τ=1:1e4:log", "--plot", tmp_path / "bound.png"
    )
    assert both.exit_code == 0
    assert "tau runs over its range; tau = 30 is not used" in text
    rows = [line for line in ranged.output.splitlines() if line.startswith("│")]
    assert [line for line in both.output.splitlines() if line.startswith("│")] == rows
    assert len(rows) == 25


@pytest.mark.parametrize("width", [200, 80, 40, 20, 1])
def test_tables_hold_every_number_in_whatever_width(width):
    values = {**THEOREM_1, "loss_comparator": 0.625}
    del values["n"]
    found = verify.bound("T1:repaired", values, over="n=12345:98765432:log:3")
    tables = sweep_tables(found, width)
    assert all(str(table.columns[0].header) == "n" for table in tables)
    cells = {str(cell) for table in tables for column in table.columns for cell in column.cells}
    numbers = [found.over[1], *found.terms.values(), found.total]
    assert {f"{number:.6g}" for column in numbers for number in column} <= cells
    assert {str(column.header) for table in tables for column in table.columns} >= {
        *found.terms,
        "total",
        "optimal tau",
    }
    assert len(tables) == (1 if width == 200 else len(tables))
    assert width > 40 or len(tables) > 2


def test_a_drawn_curve_is_smooth_and_has_the_optimum_on_it(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(command, "save", lambda made, _path: drawn.append(made))
    found = verify.bound("EARLY-STOP:repaired", {"a1": 1, "b1": 0.5, "n": 1e4}, over="tau=1:1e4:log:3")
    draw(found, tmp_path / "x.png", logarithmic=True)
    lines = {line.get_label(): line for line in drawn[0].axes[0].get_lines()}
    x, y = lines["total"].get_data()
    assert len(x) > 500
    assert np.abs(np.diff(np.log(y))).max() < 0.02  # nine decades of slope at most 1 over 600 points
    best = next(line for name, line in lines.items() if name.startswith("optimal"))
    place, least = (float(value[0]) for value in best.get_data())
    assert place == pytest.approx(np.sqrt(2e4), rel=1e-6)
    assert least == y.min() == y[list(x).index(place)]
    assert set(found.over[1]) <= set(x)


def test_a_curve_over_a_count_is_drawn_at_integers(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(command, "save", lambda made, _path: drawn.append(made))
    found = verify.bound("EARLY-STOP:repaired", {"a1": 1, "b1": 0.5, "tau": 3}, over="n=1:90:lin")
    draw(found, tmp_path / "x.png", logarithmic=False)
    assert drawn[0].axes[0].get_lines()[0].get_xdata().tolist() == list(range(1, 91))


# What is undefined ---------------------------------------------------------------------------------------------------


def test_a_minimum_above_what_it_is_the_minimum_of_is_refused_without_a_total():
    result, text = run("T1:repaired", *options({**THEOREM_1, "loss_comparator": "1/10"}))
    assert result.exit_code == 2
    assert "loss_comparator must be >= loss_minimum (least population loss); got 0.1 and 0.5" in text
    assert "total" not in text
    assert "nan" not in text.lower()


def test_a_minimum_that_is_attained_is_no_error():
    result, text = run("T1:repaired", *options({**THEOREM_1, "loss_comparator": "1/2"}))
    assert result.exit_code == 0
    assert "total" in text


def test_a_range_that_leaves_the_possible_is_refused():
    result, text = run("T1:repaired", *options(THEOREM_1), "--over", "loss_comparator=0.1:1:lin")
    assert result.exit_code == 2
    assert "loss_comparator must be >= loss_minimum" in text


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_bound_that_is_no_finite_number_is_refused_and_its_terms_are_named(more):
    values = {**THEOREM_1, "loss_comparator": 1, "distance_initial": "1e200"}
    result, text = run("T1:repaired", *options(values), *more)
    assert result.exit_code == 2
    assert "is not a finite number at these values (optimisation, estimation, cross)" in text
    assert "total" not in text
