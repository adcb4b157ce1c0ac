"""The trade-off in the diffusion time: files, known values, and what choosing T by the bound gains."""

import csv
import json
import math

import pytest

from verify.models.tradeoff_data import two_modes
from verify.studies import files, time_tradeoff
from verify.studies.time_tradeoff import COLUMNS, STEP, Size, findings

TINY = Size(every=1, samples=64, held_out=3, tolerance=1e-2, paths=4)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    out = tmp_path_factory.mktemp("study")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time_tradeoff, "QUICK", TINY)
        patch.setattr(time_tradeoff, "LINE_TIMES", (40,))
        patch.setattr(time_tradeoff, "STEPS", 8)
        patch.setattr(time_tradeoff, "_CELLS", 600)
        patch.setattr(time_tradeoff, "ROLL_TIMES", (20,))
        patch.setattr(time_tradeoff, "DIGIT_TIMES", (20,))
        patch.setattr(time_tradeoff, "PATH_STEPS", {"swiss roll": 800, "digits": 80})
        patch.setattr(files, "save", lambda drawn, path: (path.write_bytes(b""), path)[1])
        paths = time_tradeoff.run(out, quick=True, seed=0)
    with paths[0].open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return paths, rows, json.loads(paths[1].read_text(encoding="utf-8"))


def number(row, name):
    return float(row[name]) if row[name] else math.nan


def test_the_files_hold_every_horizon_and_every_term(written):
    paths, rows, _ = written
    assert [path.suffix for path in paths] == [".csv", ".json", ".png", ".svg"]
    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == 3 + 1 + 1
    for row in rows:
        assert number(row, "two data terms") == pytest.approx(
            number(row, "prior") + number(row, "explicit loss"), rel=1e-8
        )
        truth = "divergence" if row["data"] == "two modes" else "held-out nats"
        assert all(math.isfinite(number(row, truth + kind)) for kind in ("", ", fixed step", ", fixed count"))


def test_eight_steps_on_the_roll_cost_more_than_twenty_do(written):
    """At T = 1.01, by 0.2 nats of held-out likelihood; both cost more than continuous time."""
    row = next(r for r in written[1] if r["data"] == "swiss roll")
    error = number(row, "standard error of fixed count less fixed step")
    assert number(row, "held-out nats, fixed count") > number(row, "held-out nats, fixed step") > 0.0
    assert 0.0 < number(row, "half the draws add") < error


def test_the_exact_score_of_the_law_forgets_its_prior_and_a_step_costs_what_it_costs(written):
    row = next(r for r in written[1] if r["score"] == "law")
    assert number(row, "divergence") == pytest.approx(2.44e-5, rel=0.01)  # at T = 2.01
    # near the end of a long chain the step's error is that of a Gaussian mode: δ²/16 to leading order is 1.6e−4
    assert STEP**2 / 16 < number(row, "divergence, fixed step") < 0.01


def test_the_figure_is_drawn_with_every_artist(written):
    rows = [
        {name: (number(row, name) if name not in ("data", "score") else row[name]) for name in COLUMNS if row[name]}
        for row in written[1]
    ]
    drawn = time_tradeoff.draw(rows)
    assert len(drawn.axes) == 10
    drawn.canvas.draw()


def test_the_findings_compare_the_bounds_choice_with_the_longest_horizon():
    rows = [
        {"data": "d", "score": "s", "T": 1.0, "two data terms": 2.0, "divergence": 0.1,
         "divergence, fixed step": 0.2, "divergence, fixed count": 0.3},
        {"data": "d", "score": "s", "T": 9.0, "two data terms": 1.0, "divergence": 0.4,
         "divergence, fixed step": 0.5, "divergence, fixed count": 0.2},
    ]  # fmt: skip
    found = findings(rows)["d, s"]
    assert (found["T by the two data terms"], found["best T"]) == (9.0, 1.0)
    assert found["loss by the bound against the longest T"] == 0.0
    assert found["possible gain over the longest T"] == pytest.approx(0.3)
    assert found["best T, divergence, fixed count"] == 9.0


def test_the_printed_times_do_not_depend_on_the_score(written):
    times = written[2]["printed best times"]
    assert times["two modes"]["exact"] == pytest.approx(4.367 / 2, abs=5e-4)
    assert abs(sum(two_modes())) < 1e-9
