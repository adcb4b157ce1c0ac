"""Sweeps of the house: their specs are read, and what draws them finds the exponents that were put in."""

import numpy as np
import pytest

from verify.studies import trained_divergence
from verify.studies.trained_divergence_drawing import STOPS, exponent
from verify.sweeps.cells import Row
from verify.sweeps.named import NAMED, spec_of
from verify.sweeps.results import Sweep
from verify.sweeps.spec import read


@pytest.mark.parametrize("name", NAMED)
def test_the_spec_of_a_name_is_one(name):
    spec = read(spec_of(name))
    assert spec.name == name
    assert len(spec.cells) > 20


def test_what_is_neither_a_file_nor_a_name_is_refused_with_the_names(tmp_path):
    with pytest.raises(ValueError, match="spec must be a TOML file or one of divergence-against-n"):
        spec_of("divergence-agianst-n")
    assert spec_of("mine.toml").name == "mine.toml"


def test_an_exponent_is_found_with_an_interval_that_holds_it():
    sizes = np.array([10.0, 100.0, 1000.0])
    noise = np.random.default_rng(0).uniform(0.5, 1.5, (40, 3))
    slope, (low, high) = exponent(sizes, noise * sizes**-0.75)
    assert low < -0.75 < high
    assert low < slope < high < low + 0.2
    exact, interval = exponent(sizes, np.tile(2 / sizes, (5, 1)))
    assert (exact, *interval) == pytest.approx((-1, -1, -1), rel=1e-12)


def test_a_sweep_is_summed_up_and_drawn(tmp_path):
    cells = read(spec_of("divergence-against-n")).cells
    rows = tuple(
        Row(
            cell=cell,
            state="done",
            result={
                **{name: 0.25 + 1 / int(cell.parameters["n"]) for name in STOPS},
                "limit": 0.25,
                "capacity_bound": 1.0,
                "capacity_tau": 10.0,
                "best_tau": 100.0,
            },
        )
        for cell in cells
    )
    found = Sweep(name="divergence-against-n", rows=rows, store=tmp_path, computed=0)
    summary = NAMED["divergence-against-n"].summary(found)
    assert summary.numbers["best"]["exponent"] == pytest.approx(-1, rel=1e-9)
    assert summary.numbers["n"] == sorted({cell.parameters["n"] for cell in cells})
    assert len(summary.figure.axes[0].get_lines()) == len(STOPS) + 2


def test_with_more_data_a_trained_score_comes_nearer_to_the_population(monkeypatch):
    monkeypatch.setattr(trained_divergence, "TIMES", (10.0, 1e5))
    few, many = (trained_divergence.divergence_against_n(n, 3, np.random.default_rng(0)) for n in (5, 5000))
    assert many["limit"] == few["limit"]
    assert abs(many["best"] - many["limit"]) < 0.2 * (few["best"] - few["limit"])
    assert few["best"] <= min(few["end"], few["capacity"])
    assert many["capacity"] < many["capacity_bound"] < few["capacity_bound"]
