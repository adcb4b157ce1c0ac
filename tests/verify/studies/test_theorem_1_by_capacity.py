"""Early stopping, violations and curves of the bound by capacity: files against what is computed by another way."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

import verify
from verify.models.sdes import FAMILIES
from verify.studies import early_stopping, theorem_1_curves, theorem_1_violations
from verify.studies.replicas import replicas_file
from verify.studies.theorem_1_chain import model_at


@pytest.fixture(autouse=True)
def coarse(monkeypatch):
    monkeypatch.setattr(theorem_1_violations, "NODES", 8)
    monkeypatch.setattr(theorem_1_violations, "_QUICK_DRAWS", 300)
    monkeypatch.setattr(early_stopping, "TIMES", (0.1, 10.0, 1e3))


def ran(module, out, **options):
    paths = module.run(out, True, 0, **options)
    assert [path.name for path in paths] == [f"{module.NAME}{end}" for end in (".csv", ".json", ".png", ".svg")]
    with paths[0].open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == module.COLUMNS
    return rows, json.loads(paths[1].read_text(encoding="utf-8"))


def column(rows, name):
    return np.array([float(row[name]) for row in rows])


# Violations -----------------------------------------------------------------------------------------------------------


def test_the_bound_holds_on_samples_and_its_root_alone_does_not(tmp_path, monkeypatch):
    rows, numbers = ran(theorem_1_violations, tmp_path, replicas=2)
    assert len(rows) == numbers["tests"] == 6
    assert numbers["verdict"] == "SUPPORTED"
    assert numbers["violations"] == 0
    alone = column(rows, "violations without data").sum() / 1800
    assert numbers["share of violations where what data add is left out"] == pytest.approx(alone, rel=1e-8)
    assert alone > 0.2
    assert np.all(column(rows, "without data") <= column(rows, "bound"))
    assert np.all(column(rows, "quantile") <= column(rows, "largest"))
    ratio = column(rows, "bound") / column(rows, "quantile")
    assert numbers["bound over the quantile of 1 - delta"]["least"] == pytest.approx(ratio.min(), rel=1e-8)
    model = replace(model_at(1, 0), nodes=8)
    bound = model.capacity.best(tau=model.tau[2], n=model.count, delta=1e-3).total
    assert float(rows[5]["bound"]) == pytest.approx(bound, rel=1e-9)
    kept = replicas_file(tmp_path, "theorem-1-violations")
    assert kept.read_bytes().count(b"\n") == 3
    monkeypatch.setattr(theorem_1_violations, "excess_of_samples", None)  # what the file has is not measured again
    assert ran(theorem_1_violations, tmp_path, replicas=2, resume=True) == (rows, numbers)


def test_a_bound_that_samples_exceed_is_refuted_by_the_exact_test(tmp_path, monkeypatch):
    true = theorem_1_violations.excess_of_samples

    def half_of_them_worse(*arguments, **options):
        found = true(*arguments, **options)
        found[:, ::2] = 1e30
        return found

    monkeypatch.setattr(theorem_1_violations, "excess_of_samples", half_of_them_worse)
    rows, numbers = ran(theorem_1_violations, tmp_path, replicas=1)
    assert [row["violations"] for row in rows] == ["150"] * 3
    assert numbers["verdict"] == "REFUTED"
    assert numbers["least p-value"] == pytest.approx(binom.sf(149, 300, 1e-3), rel=1e-6)


def test_few_violations_are_no_refutation():
    # 300 tests of 2000 samples each: 13 violations of one are below what all together allow, 14 are not
    level = theorem_1_violations.LEVEL / 300
    p = [theorem_1_violations._p_value(k, 2000) for k in range(20)]
    assert p[0] == 1.0
    assert p[2] == pytest.approx(1 - 0.999**2000 - 2000 * 1e-3 * 0.999**1999, rel=1e-9)
    first = next(k for k in range(20) if p[k] < level)
    assert binom.sf(first - 1, 2000, 1e-3) < level <= binom.sf(first - 2, 2000, 1e-3)


# Early stopping -------------------------------------------------------------------------------------------------------


def test_costs_of_stopping_are_those_of_the_table(tmp_path):
    rows, numbers = ran(early_stopping, tmp_path, replicas=2)
    assert len(rows) == 6
    for name in ("loss", "divergence"):
        values, bound = (column(rows, what).reshape(2, 3) for what in (name, "bound"))
        chosen = values[[0, 1], bound.argmin(axis=1)] / values.min(axis=1)
        assert numbers[name]["where the bound is least"]["largest"] == pytest.approx(chosen.max(), rel=1e-8)
        assert numbers[name]["at the last time"]["largest"] == pytest.approx(
            (values[:, 2] / values.min(axis=1)).max(), rel=1e-8
        )
    assert np.all(column(rows, "divergence") <= column(rows, "bound"))


def test_a_cost_is_over_the_least_of_the_path_and_leaves_out_what_is_not_resolved():
    bound = np.array([[3.0, 1.0, 2.0], [1.0, 2.0, 3.0], [1.0, 1.5, 2.0]])
    measured = np.array([[4.0, 2.0, 1.0], [1.0, np.nan, 3.0], [5.0, 6.0, 10.0]])
    costs = early_stopping._costs(bound, measured)
    assert costs["where the bound is least"].tolist() == [2.0, 1.0]
    assert costs["at the last time"].tolist() == [1.0, 2.0]
    assert costs["at the first time"].tolist() == [4.0, 1.0]


# Curves ---------------------------------------------------------------------------------------------------------------


def test_curves_lie_below_their_bounds_and_bounds_are_those_of_the_command(tmp_path, monkeypatch):
    panels = tuple(replace(panel, curves=dict(list(panel.curves.items())[:1])) for panel in theorem_1_curves.PANELS[:2])
    monkeypatch.setattr(theorem_1_curves, "PANELS", panels)
    rows, numbers = ran(theorem_1_curves, tmp_path, replicas=1)
    assert len(rows) == sum(len(numbers[panel.over][name][panel.over]) for panel in panels for name in panel.curves)
    assert np.all(column(rows, "measured") <= column(rows, "bound"))
    kept = json.loads(replicas_file(tmp_path, "theorem-1-curves").read_text(encoding="utf-8").splitlines()[1])
    assert kept["tau"]["n = 30"][0] == pytest.approx(column(rows, "bound")[: len(kept["tau"]["n = 30"][0])], rel=1e-8)
    features = np.random.SeedSequence(0, spawn_key=(0,)).spawn(2)[0]
    model = theorem_1_curves._model(29, int(features.generate_state(1)[0] >> 1))
    values = verify.capacity_inputs(
        features=model.features,
        law=model.law,
        sde=FAMILIES["ou"],
        horizon=1.0,
        n=int(rows[1]["n"]),
        tau=float(rows[1]["tau"]),
        delta=1e-3,
        initial=model.initial,
        nodes=model.nodes,
    )
    total = float(verify.bound("T1:capacity", values).total)
    assert float(rows[1]["bound"]) == pytest.approx(total, rel=1e-8)
