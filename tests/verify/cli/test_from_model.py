"""``scoregap bound T1:capacity --law …`` as it is typed: inputs computed and told, tables, and what is refused."""

import json
import re

import numpy as np
import pytest
from typer.testing import CliRunner

import numerics
import verify
import verify.cli.main
from theory.sde import OrnsteinUhlenbeck

LAW = ("--law", "cells:-1,0,1:0.3,0.7", "--features", "6", "--horizon", "2")


def run(*arguments):
    result = CliRunner().invoke(verify.cli.main.app, ["bound", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result, re.sub(r"[\s│]+", " ", result.output)


def inputs(**at):
    features = numerics.RandomFeatures.sample(6, 1, numerics.exponential_embedding(), rng=0)
    law = numerics.histogram_density([-1, 0, 1], [0.3, 0.7])
    return verify.capacity_inputs(features=features, law=law, sde=OrnsteinUhlenbeck(), horizon=2.0, **at)


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
    result, text = run("T1:repaired", *LAW, "--set", "n=10")
    assert result.exit_code == 2
    assert "--law goes with T1:capacity" in text
