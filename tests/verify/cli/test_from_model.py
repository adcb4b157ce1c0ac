"""``scoregap bound T1:capacity --law …`` as it is typed: inputs computed and told, tables, and what is refused."""

import json
import re

import numpy as np
import pytest
from typer.testing import CliRunner

import numerics
import theory
import verify
import verify.cli.main
from theory.sde import OrnsteinUhlenbeck

LAW = ("--law", "cells:-1,0,1:0.3,0.7", "--features", "6", "--horizon", "2")
TWO = ("--law", "two-modes:3", "--features", "6", "--horizon", "2")


def run(*arguments):
    result = CliRunner().invoke(verify.cli.main.app, ["bound", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result, re.sub(r"[\s│]+", " ", result.output)


CELLS, MODES = numerics.histogram_density([-1, 0, 1], [0.3, 0.7]), theory.GaussianMixture.two_modes(3)


def computed(call, law, **at):
    features = numerics.RandomFeatures.sample(6, 1, numerics.exponential_embedding(), rng=0)
    return call(features=features, law=law, sde=OrnsteinUhlenbeck(), horizon=2.0, **at)


def inputs(**at):
    return computed(verify.capacity_inputs, CELLS, **at)


def moments(**at):
    return computed(verify.moment_capacity_inputs, MODES, **at)


def test_inputs_are_computed_and_told_with_where_they_come_from_beside_what_is_measured():
    result, text = run("T1:capacity", *LAW, "--set", "n=200", "--set", "τ=5")
    assert result.exit_code == 0
    values = inputs(n=200, tau=5.0, delta=0.05)
    bound = verify.bound("T1:capacity", values)
    for name, value in values.items():
        assert f"{name} {value:.6g}" in text
    for name, value in {**bound.terms, "total": bound.total}.items():
        assert f"{name} {float(value):.6g}" in text
    assert "n 200 --set" in text
    assert "delta 0.05 where none is set" in text
    measured = float(re.search(r"KL\(p₀‖p_θ̂\(τ\)\) (\S+) of the same sample", text)[1])
    assert 0 < measured < float(bound.total)


def all_told(text, values):
    return all(f"{name} {float(value):.6g}" in text for name, value in values.items())


def test_a_law_of_unbounded_support_goes_with_theorem_2_by_second_moments():
    result, text = run("T2:capacity", *TWO, "--set", "n=200", "--set", "τ=5")
    assert result.exit_code == 0
    values = moments(n=200, tau=5.0, delta=0.05)
    bound = verify.bound("T2:capacity", values)
    assert all_told(text, {**values, **bound.terms, "total": bound.total})
    for source in ("S_B", "of the law, by quadrature", "lower tail: ", "above B̂ but for δ/3", "n 200 --set"):
        assert source in text
    loss = float(re.search(r"L̃\(θ̂\(τ\)\) (\S+) of one sample", text)[1])
    assert values["loss_minimum"] < loss < float(bound.total)


@pytest.mark.parametrize(("claim", "options", "law"), [("T1:repaired", LAW, CELLS), ("T2:repaired", TWO, MODES)])
def test_the_repaired_theorems_compute_their_inputs_at_the_comparator_of_the_same_time(claim, options, law):
    result, text = run(claim, *options, "--set", "n=200", "--set", "tau=2", "--set", "delta=1/10")
    assert result.exit_code == 0
    values = computed(verify.theorem_1_inputs, law, n=200, tau=2.0, delta=0.1, comparator=2.0)
    bound = verify.bound(claim, values)
    assert all_told(text, {**values, **bound.terms, "total": bound.total})
    assert "at the comparator Θ(τ), on the population's flow" in text
    assert "optimal tau" not in text


def test_a_range_of_n_or_tau_has_inputs_of_its_own_for_two_modes():
    found = json.loads(run("T2:capacity", *TWO, "--over", "n=10:1000:log:3", "--set", "tau=3", "--json")[0].output)
    for n, total in zip((10, 100, 1000), found["total"], strict=True):
        values = moments(n=n, tau=3.0, delta=0.05)
        assert total == pytest.approx(float(verify.bound("T2:capacity", values).total), rel=1e-12)
    table = run("T2:capacity", *TWO, "--set", "n=50", "--over", "tau=1:100:log:3")[1]
    values = moments(n=50, tau=10.0, delta=0.05)
    assert f"{float(verify.bound('T2:capacity', values).total):.6g}" in table


def test_a_sample_that_would_take_long_is_not_drawn():
    result, text = run("T1:capacity", *LAW, "--set", "n=1e12", "--set", "tau=3")
    assert result.exit_code == 0
    assert "not measured beside it: a sample of more than 1000000 data" in text


def test_without_a_training_time_the_best_by_the_bound_is_taken():
    _, text = run("T1:capacity", *LAW, "--set", "n=20", "--json")
    best = json.loads(run("T1:capacity", *LAW, "--set", "n=20", "--json")[0].output)["total"]
    assert text
    for tau in (1e-3, 0.1, 10.0, 1e5):
        total = float(verify.bound("T1:capacity", inputs(n=20, tau=tau, delta=0.05)).total)
        assert best <= total * (1 + 1e-9)


def test_a_range_is_a_table_of_terms_with_a_ridge_for_each_value():
    result, text = run("T1:capacity", *LAW, "--set", "n=50", "--set", "delta=1/10", "--over", "tau=1:100:log:3")
    assert result.exit_code == 0
    for tau in (1.0, 10.0, 100.0):
        total = float(verify.bound("T1:capacity", inputs(n=50, tau=tau, delta=0.1)).total)
        assert f"{total:.6g}" in text
    found = json.loads(run("T1:capacity", *LAW, "--over", "n=10:1000:log:3", "--set", "tau=3", "--json")[0].output)
    assert found["over"]["values"] == [10, 100, 1000]
    assert np.all(np.diff(found["total"]) < 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--law", "two-modes:3", "--set", "n=10"), "unbounded support, where T1:capacity has no bound"),
        (("--law", "two-modes:3", "--set", "n=10"), "take T2:capacity"),
        (("--law", "two-modes:-1", "--set", "n=10"), "two-modes:MU with MU from 0 to 1000"),
        (("--law", "cells:1,0:1", "--set", "n=10"), "edges must"),
        (("--law", "heap", "--set", "n=10"), "--law must look like cells:EDGES:MASSES"),
        ((*LAW, "--set", "tau=3"), "n, the number of data, is needed"),
        ((*LAW, "--set", "n=0"), "n must be an integer from 1"),
        ((*LAW, "--set", "n=10", "--set", "delta=2"), "delta must lie in (0, 1]"),
        ((*LAW, "--set", "n=10", "--set", "tau=0"), "tau must be positive"),
        ((*LAW, "--set", "n=10", "--set", "K_B=1"), "only n, tau and delta are set; got K_B"),
        ((*LAW, "--set", "n=10", "--sde", "growing"), "--sde must be one of ou, vp, sub-vp, ve"),
        ((*LAW, "--set", "n=10", "--horizon", "0"), "--horizon must lie in (0, 100]"),
        ((*LAW, "--set", "n=10", "--features", "0"), "--features must be from 1"),
        ((*LAW, "--set", "n=10", "--over", "delta=0.1:0.2:lin"), "for a range of n or tau; got 'delta'"),
        ((*LAW, "--set", "n=10", "--plot", "bound.png"), "not drawn"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(arguments, said):
    result, text = run("T1:capacity", *arguments)
    assert result.exit_code == 2
    assert said in text


def test_a_law_goes_with_the_claim_whose_inputs_are_computed():
    for claim, law, said in (
        ("L4:sharp", LAW, "--law goes with T1:capacity, T1:repaired, T2:capacity, T2:repaired; got 'L4:sharp'"),
        ("T1:repaired", TWO, "unbounded support, where T1:repaired has no bound: its B(x₀) are not bounded; take T2:"),
        ("T2:capacity", LAW, "has bounded support, where T1:capacity says more than T2:capacity does"),
        ("T2:repaired", LAW, "take T1:repaired, or two-modes:3"),
    ):
        result, text = run(claim, *law, "--set", "n=10")
        assert result.exit_code == 2
        assert said in text
