"""The studies behind figures 3–5 and 8–11: their files against their replicas, their verdicts counted again."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter

import numpy as np
import pytest

from numerics.statistics.sequential import BernoulliTest
from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS
from verify.models.two_mode_runs import RATES, Run
from verify.studies import along_training, drawing, files, learned_densities, study, widths
from verify.studies.along_training import CHECKPOINTS
from verify.studies.replicas import replicas_file

WRITTEN = 1e-9  # ten digits are written
CURVES = ("figure-3", "figure-8")
DENSITIES = ("figure-4", "figure-5", "figure-9", "figure-10")
WIDTHS = widths.Size(widths=(4, 32, 64, 1024), every=1, epochs=2, replicas=2)
NAMES = (*CURVES, *DENSITIES, widths.NAME)
ENDINGS = (".csv", ".json", ".png", ".svg")
REPLICAS, SEED = 3, 2
NAN = math.nan


def lines(drawn, path):
    """In a figure's place, to be quick: what its curves go through, and its words."""
    told = [axes.get_title() for axes in drawn.axes]
    curves = [line.get_xydata().tobytes() for axes in drawn.axes for line in axes.lines]
    path.write_bytes(b"".join([*(word.encode() for word in told), *curves]))
    return path


def coarse(drawn, path):
    """Every artist is drawn, on a few pixels, once."""
    if path.suffix == ".png":
        drawn.savefig(path, format="png", dpi=10, metadata={"Software": None})
    else:
        path.write_bytes(b"")
    return path


@pytest.fixture(scope="module")
def little():
    """Studies of a few points and epochs, with no figures drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "save", lines)
        for module in (along_training, learned_densities):
            patch.setattr(module, "QUICK_POINTS", 33)
        patch.setattr(learned_densities, "EPOCHS", (1, 6, 12))
        patch.setattr(widths, "QUICK", WIDTHS)
        patch.setattr(widths, "WHEN", 2)
        patch.setattr(widths, "Run", lambda **options: Run(**{**options, "points": 64}))
        yield


class Made:
    """The files of one study, read again."""

    def __init__(self, out, name, **options):
        self.paths = study(name).run(out, True, SEED, **{"replicas": REPLICAS, **options})
        with self.paths[0].open(encoding="utf-8") as stream:
            self.rows = list(csv.DictReader(stream))
        self.numbers = json.loads(self.paths[1].read_text(encoding="utf-8"))
        kept = replicas_file(out, name).read_text(encoding="utf-8").splitlines()
        self.records = sorted((json.loads(line) for line in kept[1:]), key=lambda record: record["replica"])


@pytest.fixture(scope="module")
def made(little, tmp_path_factory):
    known = {}

    def get(name):
        if name not in known:
            known[name] = Made(tmp_path_factory.mktemp(name), name)
        return known[name]

    return get


def number(text):
    return float(text) if text else NAN


def same(found, expected):
    """Written with ten digits; NaN is NaN."""
    np.testing.assert_allclose(found, np.array(expected, dtype=float), rtol=WRITTEN, atol=0)


def infinite(values):
    """A run that diverged has an infinite divergence; whether one does hangs on a processor's last bits."""
    return np.where(np.isnan(values), math.inf, values)


def middle(entry, values):
    """An entry's median is the (lower) middle one of the values; null for infinity."""
    expected = np.sort(values)[(len(values) - 1) // 2] if len(values) else math.inf
    same(math.inf if entry["median"] is None else entry["median"], expected)
    assert entry["replicas"] == len(values)


def over(values, references):
    """Ratios of the runs that had not diverged where the reference is taken."""
    return np.array(
        [value / reference for value, reference in zip(values, references, strict=True) if reference < math.inf]
    )


def known(found):
    """What is measured, with null for NaN."""
    return {name: [None if math.isnan(value) else value for value in values] for name, values in found.items()}


def judged(entry, violations):
    """A verdict entry is that of a test that is told these violations one after the other."""
    claim = REGISTRY[entry["claim"]]
    test = BernoulliTest(bound=float(1 - claim.quantifier.at_least), alpha=BUDGETS["quick"].alpha)
    for wrong in violations:
        test.update(int(wrong), 1)
    decided = {"supported": "SUPPORTED", "refuted": "REFUTED", "undecided": "UNDECIDED"}[test.decision]
    assert (entry["verdict"], entry["violations"], entry["replicas"]) == (decided, sum(violations), len(violations))
    assert entry["alpha"] == 1e-9
    assert entry["expected"] == ("REFUTED" if claim.variant == "rise" else "SUPPORTED")
    assert entry["violation probability in"] == pytest.approx(list(test.interval()), rel=1e-8)


# All of them ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_study_writes_four_files_and_its_replicas(made, name):
    found = made(name)
    assert study(name).replicated
    assert [path.name for path in found.paths] == [f"{name}{ending}" for ending in ENDINGS]
    assert {path.name for path in found.paths[0].parent.iterdir()} == {
        *(path.name for path in found.paths),
        f"{name}.replicas.jsonl",
    }
    columns = {
        "figure-11": widths.COLUMNS,
        **dict.fromkeys(CURVES, along_training.COLUMNS),
        **dict.fromkeys(DENSITIES, learned_densities.COLUMNS),
    }[name]
    assert tuple(found.rows[0]) == columns
    assert (found.numbers["study"], found.numbers["seed"]) == (name, SEED)
    assert [record["replica"] for record in found.records] == list(range(REPLICAS))


@pytest.mark.parametrize("name", ["figure-10", "figure-11"])
def test_a_figure_is_written_in_two_formats(made, name, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "save", drawing.save)
    kept = replicas_file(made(name).paths[0].parent, name)
    replicas_file(tmp_path, name).write_bytes(kept.read_bytes())
    paths = study(name).run(tmp_path, True, SEED, replicas=REPLICAS, resume=True)
    assert paths[2].read_bytes().startswith(b"\x89PNG")
    assert "</svg>" in paths[3].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_two_workers_and_a_resumed_half_give_the_same_bytes(made, name, tmp_path):
    whole = made(name).paths
    kept = replicas_file(whole[0].parent, name).read_bytes().splitlines(keepends=True)
    replicas_file(tmp_path, name).write_bytes(b"".join(kept[:2]))
    again = study(name).run(tmp_path, True, SEED, replicas=REPLICAS, workers=2, resume=True)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in whole]


def test_another_seed_and_other_points_are_another_study(little, tmp_path, monkeypatch):
    study("figure-4").run(tmp_path, True, 1, replicas=1)
    with pytest.raises(ValueError, match="seed = 1 "):
        study("figure-4").run(tmp_path, True, 2, replicas=1, resume=True)
    monkeypatch.setattr(learned_densities, "QUICK_POINTS", 34)
    with pytest.raises(ValueError, match=r"settings\.6\.points = 33 .*against 34"):
        study("figure-4").run(tmp_path, True, 1, replicas=1, resume=True)


# Figures 3 and 8 -----------------------------------------------------------------------------------------------------


def curves(found):
    return np.array(
        [[number(row["divergence"]) for row in found.rows if int(row["replica"]) == k] for k in range(REPLICAS)]
    )


@pytest.mark.parametrize("name", CURVES)
def test_a_table_of_curves_holds_the_replicas(made, name):
    found = made(name)
    same(curves(found), [record["kl"] for record in found.records])
    assert [int(row["epoch"]) for row in found.rows] == [*CHECKPOINTS] * REPLICAS
    assert [row["diverged"] == "yes" for row in found.rows] == np.isnan(curves(found)).ravel().tolist()
    optimizer = {"figure-3": "sgd", "figure-8": "adam"}[name]
    run = Run(optimizer=optimizer, learning_rate=RATES[optimizer], checkpoints=CHECKPOINTS, points=33)
    assert found.numbers["set-up"] == run.settings()
    assert found.records[1] == {"replica": 1, **json.loads(json.dumps(known(run.measure(SEED, 1))))}


@pytest.mark.parametrize("name", CURVES)
def test_the_verdicts_on_curves_are_counted_from_the_table(made, name):
    found, kl = made(name), infinite(curves(made(name)))
    first = {"figure-3": 0, "figure-8": 1}[name]
    family = name.upper().replace("FIGURE", "FIG")
    violations = {f"{family}:fall": kl[:, 10] > 0.75 * kl[:, first], f"{family}:rise": kl[:, 10] > kl[:, 20]}
    if name == "figure-3":
        late = kl[:, 10:]
        violations["FIG-3:noise"] = 1.5 * late.min(axis=1) > late.max(axis=1)
    assert [entry["claim"] for entry in found.numbers["verdicts"]] == list(violations)
    for entry in found.numbers["verdicts"]:
        judged(entry, [bool(wrong) for wrong in violations[entry["claim"]]])


@pytest.mark.parametrize("name", CURVES)
def test_the_minimum_is_chosen_on_one_half_and_measured_on_the_other(made, name):
    found, kl = made(name).numbers, infinite(curves(made(name)))
    chosen = int(np.argmin(np.sort(kl[::2], axis=0)[0]))  # the lower median of two
    minimum = found["minimum"]
    assert minimum["epoch of the least median (first half of the replicas)"] == CHECKPOINTS[chosen]
    rise = over(kl[1:2, -1], kl[1:2, chosen])
    middle(minimum["end over the level there (second half)"], rise)
    above = minimum["ends above it (second half)"]
    assert (above["share"], above["replicas"]) == ((float(rise[0] > 1), 1) if len(rise) else (None, 0))
    middle(minimum["end over a run's own least divergence"], over(kl[:, -1], kl.min(axis=1)))
    least = sorted(CHECKPOINTS[k] for k in kl.argmin(axis=1))
    assert minimum["epochs of the runs' own least divergence, quartiles"] == least
    noise = found["noise, of the runs that had not diverged"]
    late = kl[kl[:, -1] < math.inf, 10:]
    middle(noise["largest over least divergence of a run, second half"], late.max(axis=1) / late.min(axis=1))
    middle(noise["first over last divergence"], over(kl[:, 0], kl[:, -1]))
    middle(noise["middle over last divergence"], over(kl[:, 10], kl[:, -1]))
    steps = np.maximum(late[:, 1:] / late[:, :-1], late[:, :-1] / late[:, 1:])
    middle(noise["factor between neighbouring checkpoints, second half"], np.exp(np.median(np.log(steps), axis=1)))
    low, high = found["at the end, nine runs of ten lie in"]
    same([low, math.inf if high is None else high], [kl[:, -1].min(), kl[:, -1].max()])
    assert found["diverged"] == np.isinf(kl[:, -1]).sum()


# Figures 4, 5, 9 and 10 ----------------------------------------------------------------------------------------------


def picked(found, quantity, distance):
    """A quantity at each replica and epoch."""
    rows = [row for row in found.rows if row["quantity"] == quantity and int(row["distance"]) == distance]
    shape = (REPLICAS, 3, *(() if quantity != "density" else (-1,)))
    return np.array([number(row["value"]) for row in rows]).reshape(shape)


@pytest.mark.parametrize("name", DENSITIES)
def test_a_table_of_densities_holds_the_replicas(made, name):
    found, shown = made(name), next(one for one in learned_densities.FIGURES if one.name == name)
    assert shown.distances == ((6,) if name in {"figure-4", "figure-9"} else (6, 30))
    for distance in shown.distances:
        for quantity in ("kl", "mass"):
            same(picked(found, quantity, distance), [record[str(distance)][quantity] for record in found.records])
    density = picked(found, "density", shown.distance)
    same(density, [record[str(shown.distance)]["density"] for record in found.records])
    x = [float(row["x"]) for row in found.rows if row["quantity"] == "density"][: density.shape[2]]
    same(x, np.linspace(-10, 10, 51) if shown.distance == 6 else np.linspace(-22, 22, 111))
    whole = density.sum(axis=2) * (x[1] - x[0])
    np.testing.assert_allclose(whole[~np.isnan(whole)], 1.0, rtol=1e-7)
    kinds = Counter((row["quantity"], int(row["distance"])) for row in found.rows)
    assert kinds == {
        **{(quantity, distance): 3 * REPLICAS for quantity in ("kl", "mass") for distance in shown.distances},
        ("density", shown.distance): density.size,
    }


@pytest.mark.parametrize("name", DENSITIES)
def test_the_verdicts_on_densities_are_counted_from_the_table(made, name):
    found, shown = made(name), next(one for one in learned_densities.FIGURES if one.name == name)
    family, mass = shown.family, np.nan_to_num(picked(found, "mass", shown.distance))
    bound = {"figure-4": 1 / 4, "figure-9": 1 / 3}.get(name, 1 / 4)
    factor = {"figure-5": 4, "figure-10": 1}.get(name)
    expected = []
    for place, epoch in enumerate((1, 6, 12)):
        wrong = mass[:, place] < bound if shown.distance == 6 else mass[:, place] > bound
        expected.append((epoch, f"{family}:balance", wrong))
        if factor:
            near, far = (infinite(picked(found, "kl", distance)[:, place]) for distance in (6, 30))
            expected.append((epoch, f"{family}:distance", factor * near > far))
            here = found.numbers["epochs"][str(epoch)]
            middle(here["30 apart over 6 apart, same replica"], over(far, near))
            middle(here["divergence, 6 apart"], near)
            same(here["larger for 30 apart"]["share"], np.mean(far > near))
    assert [(entry["epoch"], entry["claim"]) for entry in found.numbers["verdicts"]] == [row[:2] for row in expected]
    for entry, (_, _, wrong) in zip(found.numbers["verdicts"], expected, strict=True):
        judged(entry, [bool(flag) for flag in wrong])
    kl = infinite(picked(found, "kl", shown.distance))
    later = found.numbers["from epoch 1000 to 1900, runs that had not diverged"]
    rises = over(kl[:, 2], kl[:, 1])
    middle(later["factor of the divergence"], rises)
    same(later["rises"]["share"], np.mean(rises > 1) if len(rises) else None)


# Figure 11 -----------------------------------------------------------------------------------------------------------


def test_the_table_of_widths_holds_the_replicas(made):
    found = made(widths.NAME)
    names = [widths.key(optimizer, scale, width) for optimizer, scale in widths.SERIES for width in WIDTHS.widths]
    assert set(found.records[0]) == {"replica", *names}
    keyed = {
        (row["optimizer"], row["output divided by"], int(row["width"]), int(row["replica"]), int(row["epoch"])): number(
            row["divergence"]
        )
        for row in found.rows
    }
    assert len(keyed) == len(found.rows) == len(names) * REPLICAS * 2
    for optimizer, scale in widths.SERIES:
        for width in WIDTHS.widths:
            for k, record in enumerate(found.records):
                same(
                    [keyed[optimizer, str(scale), width, k, epoch] for epoch in (1, 2)],
                    record[widths.key(optimizer, scale, width)],
                )
    run = Run(optimizer="sgd", learning_rate=0.5, checkpoints=(1, 2), width=32, output_scale="width", points=64)
    assert found.records[2]["sgd/width/32"] == known(run.measure(SEED, 2))["kl"]


def test_the_verdicts_on_widths_are_counted_from_the_replicas(made):
    found = made(widths.NAME)
    last = {
        name: infinite(np.array([record[name][1] for record in found.records], dtype=float))
        for name in found.records[0]
        if "/" in name
    }
    width, scale = found.numbers["verdicts"]
    assert (width["claim"], width["optimizer"], width["narrow"], width["wide"]) == ("FIG-11:width", "adam", 4, 64)
    judged(width, [bool(wrong) for wrong in last["adam/16.0/64"] > last["adam/16.0/4"]])
    assert (scale["claim"], scale["optimizer"], scale["narrow"], scale["wide"]) == ("FIG-11:scale", "sgd", 32, 1024)
    judged(scale, [bool(wrong) for wrong in 10 * last["sgd/16.0/32"] > last["sgd/16.0/1024"]])
    entry = found.numbers["widths"][0]
    assert (entry["optimizer"], entry["output divided by"], entry["width"]) == ("adam", 16.0, 4)
    middle(entry["divergence at epoch 2"], last["adam/16.0/4"])
    assert len(found.numbers["widths"]) == 12


# Runs that diverge ---------------------------------------------------------------------------------------------------


@pytest.fixture
def diverging(little, monkeypatch):
    """Replicas that diverge: 0 from the start, 1 after the first checkpoint; replica 2 never."""

    def measure(self, _seed, replica, *, densities=False):
        count, alive = len(self.checkpoints), {0: 0, 1: 1}.get(replica, len(self.checkpoints))
        grid = self.grid()
        found = {"kl": [2.0 / (1 + place) for place in range(count)], "mass": [0.2] * count}
        if densities:
            found["density"] = [np.full(len(grid), 1 / (grid[-1] - grid[0] + 0.4)).tolist()] * count
        lost = {"kl": NAN, "mass": NAN, "density": [NAN] * len(grid)}
        return {name: values[:alive] + [lost[name]] * (count - alive) for name, values in found.items()}

    def measure_all(self, seed, group, *, densities=False):
        return [measure(self, seed, replica, densities=densities) for replica in group]

    monkeypatch.setattr(Run, "measure_all", measure_all)


def test_a_run_that_diverged_counts_as_infinite_along_training(diverging, tmp_path):
    found = Made(tmp_path, "figure-3")
    kl = curves(found)
    assert np.isnan(kl).sum(axis=1).tolist() == [21, 20, 0]
    assert Counter(row["diverged"] for row in found.rows) == {"yes": 41, "no": 22}
    assert found.numbers["diverged"] == 2
    fall = next(entry for entry in found.numbers["verdicts"] if entry["claim"] == "FIG-3:fall")
    judged(fall, [False, True, False])  # of two infinite ones neither is above the other
    noise = found.numbers["noise, of the runs that had not diverged"]
    for entry, value in (
        ("first over last divergence", 21.0),
        ("middle over last divergence", 21 / 11),
        ("largest over least divergence of a run, second half", 21 / 11),
    ):
        assert noise[entry]["replicas"] == 1
        same(noise[entry]["median"], value)
    assert found.numbers["at the end, nine runs of ten lie in"][1] is None
    minimum = found.numbers["minimum"]
    assert minimum["epoch of the least median (first half of the replicas)"] == 2001
    assert minimum["ends above it (second half)"] == {
        "share": None,
        "interval": [0.0, 1.0],
        "level": 0.95,
        "replicas": 0,
    }  # it had diverged before
    own = minimum["end over a run's own least divergence"]
    assert (own["median"], own["replicas"]) == (1.0, 2)  # of 1 and infinity


def test_a_run_that_diverged_has_no_mode_and_is_never_averaged(diverging, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(files, "save", lambda made, path: drawn.append(made) or lines(made, path))
    found = Made(tmp_path, "figure-5")
    density = picked(found, "density", 30)
    for axes, lost in zip(drawn[0].axes, (1, 2, 2), strict=True):
        assert axes.get_title().endswith(f"N = {3 - lost}, {lost} diverged")
        (mean,) = (line.get_ydata() for line in axes.lines if line.get_label() == "mean of the runs")
        same(mean, density[2, 0])  # the density of every run that is left
    assert np.isnan(density).all(axis=2).tolist() == [[True] * 3, [False, True, True], [False] * 3]
    here = found.numbers["epochs"]["6"]
    assert here["diverged"] == 2
    assert here["divergence"]["median"] is None
    assert here["mass of the smaller side"]["median"] == 0.0
    modes = [entry for entry in found.numbers["verdicts"] if entry["claim"] == "FIG-5:balance"]
    mass = picked(found, "mass", 30)
    for place, entry in enumerate(modes):
        judged(entry, [bool(value > 0.25) for value in np.nan_to_num(mass[:, place])])


def test_a_study_of_runs_that_all_diverge_is_still_written(little, tmp_path, monkeypatch):
    monkeypatch.setitem(RATES, "sgd", 1e60)
    monkeypatch.setattr(files, "save", coarse)
    for name in ("figure-3", "figure-5", widths.NAME):
        found = Made(tmp_path, name, replicas=2)
        assert len(found.paths) == 4
    last = [record["sgd/width/4"][1] for record in found.records]
    assert last == [None, None]
    assert all(entry["diverged"] == 2 for entry in found.numbers["widths"] if entry["optimizer"] == "sgd")


def test_a_single_replica_is_a_study(little, tmp_path):
    found = Made(tmp_path, "figure-8", replicas=1)
    assert found.numbers["minimum"]["ends above it (second half)"]["replicas"] == 1
    assert all(entry["verdict"] == "UNDECIDED" for entry in found.numbers["verdicts"])
