"""The studies that confront claims with numbers: what their files hold, against something independent of them."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.linalg import expm
from scipy.optimize import brentq
from typer.testing import CliRunner

import numerics
import verify.cli.main
from theory import flow
from theory.claims import REGISTRY
from verify.evidence import files as written
from verify.plans import PLANS
from verify.studies import (
    STUDIES,
    lemma_2_horizon,
    memorisation,
    memorising_flows,
    parametrizations,
    phase_diagram,
    score_density,
    theorem_1_chain,
)
from verify.studies.files import Output
from verify.studies.progress import Progress

STUDIED = (lemma_2_horizon, memorisation, parametrizations, score_density, theorem_1_chain)
WRITTEN = 1e-9  # ten digits are written
WRITTEN_SHORT = 1e-5  # six


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Every quick study, made once when it is first asked for."""
    out, known = tmp_path_factory.mktemp("studies"), {}

    def get(module):
        if module not in known:
            paths = module.run(out, True, 0)
            with paths[0].open(encoding="utf-8") as stream:
                known[module] = paths, list(csv.DictReader(stream)), json.loads(paths[1].read_text(encoding="utf-8"))
        return known[module]

    return get


def column(rows, name):
    return np.array([float(row[name] or "nan") for row in rows])


@pytest.mark.parametrize("module", STUDIED)
def test_a_study_writes_a_table_numbers_and_a_figure(made, module):
    paths, rows, numbers = made(module)
    assert [path.name for path in paths] == [f"{module.NAME}{end}" for end in (".csv", ".json", ".png", ".svg")]
    assert paths[2].read_bytes().startswith(b"\x89PNG")
    assert "<dc:date>" not in paths[3].read_text(encoding="utf-8")
    assert rows
    assert tuple(rows[0]) == module.COLUMNS
    assert numbers["study"] == module.NAME
    assert numbers["claims"]
    assert all(PLANS[name].expected == verdict for name, verdict in numbers["claims"].items())
    assert not list(paths[0].parent.glob(".*"))


@pytest.mark.parametrize("module", [lemma_2_horizon, score_density])
def test_exact_studies_give_the_same_bytes_whatever_the_seed(made, module, tmp_path):
    assert [path.read_bytes() for path in module.run(tmp_path, True, 7)] == [
        path.read_bytes() for path in made(module)[0]
    ]


@pytest.mark.parametrize("module", [memorisation, parametrizations, theorem_1_chain])
def test_the_same_seed_gives_the_same_bytes(module, tmp_path, monkeypatch):
    monkeypatch.setattr(
        memorisation,
        "QUICK",
        replace(
            memorising_flows.QUICK, times=6, fine=(6, 6), coarse=(5, 5), divergences=1, grid=(32, 8), score=(41, 11)
        ),
    )
    monkeypatch.setattr(theorem_1_chain, "_QUICK", 1)
    monkeypatch.setattr(parametrizations, "_QUICK", (4, 8))
    runs = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        runs.append([path.read_bytes() for path in module.run(tmp_path / name, True, 3)])
    assert runs[0] == runs[1]


def test_another_seed_gives_another_draw():
    assert memorising_flows.draw(3, 0).means != memorising_flows.draw(3, 1).means
    assert theorem_1_chain.model_at(0, 0) != theorem_1_chain.model_at(0, 1) != theorem_1_chain.model_at(1, 1)
    one, two = (parametrizations.train(4, "A", np.array([1.0]), seed, 4) for seed in (0, 1))
    assert one.norm[0] != two.norm[0]


# Directories and files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [*STUDIED, phase_diagram])
def test_a_directory_that_cannot_be_used_is_refused_before_any_work(module, tmp_path, monkeypatch):
    def work(*_args, **_kwargs):
        raise AssertionError("work began")

    for place, name in (
        (lemma_2_horizon, "horizon_table"),
        (memorisation, "measure"),
        (parametrizations, "train"),
        (score_density, "late_table"),
        (theorem_1_chain, "links"),
        (phase_diagram, "rows"),
    ):
        monkeypatch.setattr(place, name, work)
    (tmp_path / "file").write_text("")
    for bad in (tmp_path / "missing", tmp_path / "file"):
        with pytest.raises(ValueError, match="out must be an existing directory"):
            module.run(bad, True, 0)

    def refuse(*_args, **_kwargs):
        raise PermissionError("read-only")

    monkeypatch.setattr(written.os, "open", refuse)
    with pytest.raises(ValueError, match="out must be a directory in which files can be made"):
        module.run(tmp_path, True, 0)


def test_the_command_refuses_an_unknown_study_and_a_read_only_directory(tmp_path, monkeypatch):
    unknown = CliRunner().invoke(verify.cli.main.app, ["experiment", "lemma"])
    assert unknown.exit_code == 2
    words = "".join(unknown.output.replace("│", " ").split())
    assert all(name in words for name in STUDIES)

    def refuse(*_args, **_kwargs):
        raise PermissionError("read-only")

    monkeypatch.setattr(written.os, "open", refuse)
    blocked = CliRunner().invoke(verify.cli.main.app, ["experiment", "score-density", "--out", str(tmp_path)])
    assert blocked.exit_code == 2
    assert "--out" in blocked.output
    assert not list(tmp_path.iterdir())


def test_files_are_whole_or_not_there(tmp_path):
    files = Output(tmp_path, "name")

    def rows():
        yield 1.0, "a"
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        files.table(("x", "y"), rows())
    assert not list(tmp_path.iterdir())
    table = files.table(("x", "y", "z"), [(1 / 3, True, math.nan), (np.float64(2e-300), np.bool_(False), "a,b")])
    assert table.read_text(encoding="utf-8") == 'x,y,z\n0.3333333333,yes,\n2e-300,no,"a,b"\n'
    numbers = files.numbers({"a": math.inf, "b": [np.int64(3), np.float64(1 / 3)], "c": {"d": True, "e": None}})
    assert json.loads(numbers.read_text()) == {"a": None, "b": [3, 0.3333333333], "c": {"d": True, "e": None}}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["name.csv", "name.json"]


def test_progress_is_told_every_few_seconds_only(capsys):
    with Progress("work", 9, seconds=1000.0) as line:
        line.tell(1)
        assert capsys.readouterr().err == ""
        line._next = 0.0
        line.tell(2)
        line.tell(3)
        assert re.fullmatch(r"work: 2 of 9, about \d+ s left\n", capsys.readouterr().err)


# Lemma 2 --------------------------------------------------------------------------------------------------------------


def test_the_horizon_table_holds_the_closed_ratios(made):
    _, rows, numbers = made(lemma_2_horizon)
    for family in lemma_2_horizon.FAMILIES:
        chosen = [row for row in rows if row["family"] == family]
        T = column(chosen, "horizon")
        printed, repaired = (
            (T * -np.expm1(-2 * T) / 2, -np.expm1(-2 * T))
            if family == "shift"
            else (1 / (2 * -np.expm1(-2 * T) / T + np.exp(-2 * T)), np.ones_like(T))
        )
        np.testing.assert_allclose(column(chosen, "divergence over printed bound"), printed, rtol=WRITTEN)
        np.testing.assert_allclose(column(chosen, "divergence over repaired bound"), repaired, rtol=WRITTEN)
        found = numbers["families"][family]
        assert found["largest ratio, printed"] == pytest.approx(printed.max(), rel=WRITTEN)
        assert (T.min(), T.max()) == (0.5, 20.0)
    # the stationary family reaches its bound at T = 2 exactly
    assert numbers["families"]["stationary"]["last horizon without violation"] == 2.0
    assert numbers["printed is violated"]
    assert not numbers["repaired is violated"]
    low, high = map(float, numbers["threshold of the shift family, certified"])
    root = brentq(lambda T: T * -math.expm1(-2 * T) - 2, 1, 3, xtol=1e-14)
    assert low - 1e-13 <= root <= high + 1e-13


def test_the_late_error_costs_a_divergence_that_the_loss_does_not_see(made):
    _, rows, numbers = made(score_density)
    for row in rows:
        late = float(row["epsilon"])
        loss = quad(lambda t, late=late: 2 * (1 - t / late) ** 2, 0, late)[0]
        assert float(row["loss"]) == pytest.approx(loss, rel=1e-8)
    gap = quad(lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi) * ((x - 1) ** 2 - x * x) / 2, -12, 12)[0]
    np.testing.assert_allclose(column(rows, "divergence"), gap, rtol=1e-8)
    assert numbers["constant needed at the smallest epsilon"] == pytest.approx(0.75 / 1e-8, rel=WRITTEN)
    assert numbers["exponent of the needed constant in epsilon"] == pytest.approx(-1, rel=WRITTEN)


# Lemmas 4 and 5 -------------------------------------------------------------------------------------------------------


def test_each_flow_needs_a_growing_constant_in_one_lemma(made):
    _, rows, numbers = made(parametrizations)
    power = numbers["exponent of the needed K in the width"]
    assert all(abs(power[name]) < 0.15 for name in ("L4:printed-scaled", "L5:printed-A"))
    assert power["L4:printed-A"] == pytest.approx(1, abs=0.15)
    assert power["L5:printed-scaled"] == pytest.approx(0.5, abs=0.15)
    assert not numbers["sharp bounds are violated"]
    hidden = {"4": 0.5, "5": 1.0}
    for path in numbers["paths"]:
        chosen = [row for row in rows if (row["flow"], int(row["width"])) == (path["flow"], path["width"])]
        for lemma, left in (("4", "excess loss"), ("5", "norm")):
            need = hidden[lemma] * np.max(column(chosen, left) / column(chosen, f"lemma {lemma} printed"))
            assert path[f"needed K of lemma {lemma}"] == pytest.approx(need, rel=1e-8)
            assert np.all(column(chosen, left) <= column(chosen, f"lemma {lemma} sharp"))


@pytest.mark.parametrize("kind", ["scaled", "A"])
def test_the_paths_solve_their_differential_equation(kind):
    times, width = np.array([1.0, 30.0]), 4
    path = parametrizations.train(width, kind, times, 0, 64)
    embedding = numerics.exponential_embedding()
    every = numerics.RandomFeatures.sample(64, 1, embedding, rng=np.random.default_rng(0))
    features = numerics.RandomFeatures(
        weights=every.weights[:width], time_weights=every.time_weights[:width], embedding=embedding
    )
    sde = parametrizations.OrnsteinUhlenbeck()
    loss = numerics.population_quadratic(
        features,
        parametrizations.GaussianMixture.two_modes(2),
        verify.schedule(sde, horizon=1, count=24, weighting="song"),
    )
    # in the outer weights A = √m Θ: dA/dτ = −∇_A L̃ for the flow of A, −m ∇_A L̃ for the scaled one
    speed = width if kind == "scaled" else 1.0
    solved = solve_ivp(
        lambda _, A: -speed * 2 * (loss.B @ A / width - loss.b[0] / math.sqrt(width)),
        (0, 30),
        np.zeros(width),
        t_eval=times,
        rtol=1e-10,
        atol=1e-12,
    ).y / math.sqrt(width)
    np.testing.assert_allclose(path.norm, np.linalg.norm(solved, axis=0), rtol=1e-7)
    excess = [loss.loss(theta[None]) for theta in solved.T]
    np.testing.assert_allclose(np.diff(path.excess), np.diff(excess), rtol=1e-6)


# Theorem 1 as printed -------------------------------------------------------------------------------------------------


def of(rows, weight, labels):
    return [row for row in rows if (row["weight"], row["labels"]) == (weight, labels)]


def test_denoising_labels_memorise_and_true_scores_do_not(made):
    _, rows, numbers = made(memorisation)
    for weight, text in memorising_flows.WEIGHTS.items():
        dsm, sm = (numbers["flows"][f"{labels}, {text}"] for labels in ("dsm", "sm"))
        loss, tau = column(of(rows, weight, "dsm"), "loss"), column(of(rows, weight, "dsm"), "time")
        assert dsm["least loss"] == loss.min()
        assert dsm["time of the least loss"] == tau[loss.argmin()]
        assert dsm["last over least loss"] == pytest.approx(loss[-1] / loss.min(), rel=WRITTEN_SHORT)
        assert dsm["last over least loss"] > 2
        assert not dsm["falls all the way"]
        assert sm["falls all the way"]
        assert np.all(np.diff(column(of(rows, weight, "sm"), "loss")) < 0)
    dsm, sm = (numbers["flows"][f"{labels}, λ = g²"] for labels in ("dsm", "sm"))
    needed = [entry["constant needed in print"] for entry in dsm["divergence"]]
    assert needed == sorted(needed)
    assert needed[-1] > 100 * needed[0]
    values = [entry["value"] for entry in sm["divergence"]]
    assert values == sorted(values, reverse=True)
    # by Girsanov, KL <= (T/2) L̃ + KL(p_T‖π), the loss with λ = g² and T = 1
    floor = numbers["flows"]["population, λ = g²"]["last loss"]
    first, last = numbers["printed right side at time 1 and at the last"]
    prior = first - 1 - 2 * floor
    for flow_ in (dsm, sm):
        for entry in flow_["divergence"]:
            row = next(row for row in of(rows, "likelihood", flow_["labels"]) if float(row["time"]) == entry["time"])
            gap = abs(float(row["loss"]) - float(row["loss on the coarser quadrature"]))
            assert entry["value"] <= 0.5 * (float(row["loss"]) + gap) + prior + entry["error"]
    assert first - last == pytest.approx(1, abs=WRITTEN_SHORT)


def test_the_true_score_is_that_of_the_diffused_law():
    places, _, score = memorising_flows.nodes(memorising_flows.LAW, "song", 5, 8, "population")
    t, x = places[:, 2] * memorising_flows.HORIZON, places[:, 0]

    def log_density(x):
        variance = 0.25 * np.exp(-2 * t) - np.expm1(-2 * t)
        return np.log(sum(np.exp(-((x - c * np.exp(-t)) ** 2) / (2 * variance)) for c in (-1, 1)))

    step = 1e-5
    np.testing.assert_allclose(score[:, 0], (log_density(x + step) - log_density(x - step)) / (2 * step), rtol=1e-6)
    np.testing.assert_allclose(memorising_flows._true_score()(x, t), score[:, 0], rtol=1e-10)


def test_the_losses_are_those_of_the_linear_differential_equation(made):
    """f_τ at the nodes is (I − e^{−2KΩτ}) labels; elsewhere K(·, nodes) times what solves for it."""
    _, rows, _ = made(memorisation)
    size = memorising_flows.QUICK
    data = memorising_flows.draw(size.data, 0)
    tau = 10.0
    tests, mass, score = memorising_flows.nodes(
        memorising_flows.LAW, "likelihood", size.fine[0] + 1, size.population, "population"
    )
    for labels in ("dsm", "sm", "dsm, own labels"):
        places, weights, label = memorising_flows.nodes(data, "likelihood", *size.fine, labels)
        joint = numerics.arc_cosine_kernel(np.concatenate([places, tests]), places) * weights
        # augmented with the labels as a constant: all outputs at once
        n, every = len(places), len(joint)
        system = np.zeros((every + 1, every + 1))
        system[:every, :n], system[:every, -1] = -2 * joint, 2 * joint @ label[:, 0]
        found = expm(system * tau)[:every, -1]
        loss = float(mass @ (found[n:] - score[:, 0]) ** 2)
        row = next(row for row in of(rows, "likelihood", labels) if math.isclose(float(row["time"]), tau))
        assert float(row["loss"]) == pytest.approx(loss, rel=WRITTEN_SHORT)


# Theorem 1, repaired --------------------------------------------------------------------------------------------------


def test_every_link_holds_on_random_models_and_the_counts_are_those_of_the_table(made):
    _, rows, numbers = made(theorem_1_chain)
    assert numbers["violations"] == 0
    assert tuple(numbers["links"]) == tuple(theorem_1_chain.LINKS)
    for link, found in numbers["links"].items():
        chosen = [row for row in rows if row["link"] == link]
        measured, bound, slack = (column(chosen, name) for name in ("measured", "bound", "slack"))
        resolved = np.isfinite(measured) & np.isfinite(bound)
        assert found["instances"] == len(chosen) == (4 if link in theorem_1_chain._PER_SAMPLE else 12)
        assert found["resolved"] == resolved.sum() == found["instances"] - found["unresolved"]
        assert [row["resolved"] == "yes" for row in chosen] == resolved.tolist()
        assert np.all(measured[resolved] <= bound[resolved] + slack[resolved])
        ratios = np.sort(bound[resolved & (measured > 0)] / measured[resolved & (measured > 0)])
        assert found["bound over measured"]["least"] == pytest.approx(ratios[0], rel=1e-8)
        assert found["bound over measured"]["largest"] == pytest.approx(ratios[-1], rel=1e-8)
        assert ratios[0] >= 1 - 1e-3  # the error of a density


def test_the_bounds_of_the_chain_are_recomputed_by_hand(made):
    _, rows, _ = made(theorem_1_chain)
    model = theorem_1_chain.model_at(0, 0)
    values = theorem_1_chain.measure(model, np.random.SeedSequence(0, spawn_key=(0, 1)))
    mine = {
        link: [row for row in rows if row["model"] == "0" and row["link"] == link] for link in theorem_1_chain.LINKS
    }
    tau, excess = np.array(model.tau), values["loss_comparator"] - values["loss_minimum"]
    radius = values["distance_initial"] ** 2 + tau * excess
    residual = values["deviation_B"] * np.sqrt(radius) + values["deviation_G"]
    spread = float(flow.GROWTH_CONSTANT) * tau + 4 * tau**2 * values["deviation_B"]
    optimised = excess + values["distance_initial"] ** 2 / (4 * tau)
    expected = {
        "norm": radius,
        "flow error": 2 * tau * residual,
        "score error": spread * residual**2,
        "loss": values["loss_minimum"] + (np.sqrt(optimised) + np.sqrt(spread) * residual) ** 2,
        "divergence": model.horizon / 2 * values["loss_hat"] + values["kl_prior"],
    }
    for link, bound in expected.items():
        np.testing.assert_allclose(column(mine[link], "bound"), bound, rtol=1e-8)
    full, simple = (column(mine[link], "bound") for link in ("total", "total, simple"))
    assert np.all(full <= simple * (1 + WRITTEN))
    assert np.all(simple - values["kl_prior"] <= 2 * (full - values["kl_prior"]) * (1 + WRITTEN))
    result = REGISTRY["T1:repaired"].evaluate(
        **theorem_1_chain._known("T1:repaired", {name: value for name, value in values.items() if name != "parameters"})
    )
    np.testing.assert_allclose(full, result.right, rtol=1e-8)


def test_a_violation_is_counted(tmp_path, monkeypatch):
    true = theorem_1_chain.measure

    def worse(model, seed):
        values = true(model, seed)
        return {**values, "loss_hat": 1e30 + values["loss_hat"]}

    monkeypatch.setattr(theorem_1_chain, "measure", worse)
    paths = theorem_1_chain.run(tmp_path, replicas=1)
    numbers = json.loads(paths[1].read_text(encoding="utf-8"))
    assert [numbers["links"][link]["violations"] for link in ("loss", "loss, capacity")] == [3, 3]
    assert numbers["violations"] == 6


def test_a_divergence_that_is_not_resolved_is_counted_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(theorem_1_chain.Model, "learned", lambda *_: (math.nan, math.nan))
    paths = theorem_1_chain.run(tmp_path, replicas=1)
    links = json.loads(paths[1].read_text(encoding="utf-8"))["links"]
    for link in ("divergence", "total", "total, simple"):
        assert links[link]["unresolved"] == links[link]["instances"] == 3
        assert links[link]["bound over measured"] == {}
        assert links[link]["violations"] == 0
