"""The figures' runs are the paper's set-up, their measurements are quadratures, and their claims test those."""

from __future__ import annotations

import inspect
import math
import re
from itertools import pairwise

import mpmath as mp
import numpy as np
import pytest
from numpy.polynomial.legendre import leggauss

import numerics
import verify
from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.verdict import Verdict
from verify.models import replica_tests
from verify.models.two_mode_runs import OPTIMIZERS, RATES, TIME, Run
from verify.plans import PLANS
from verify.studies import along_training, widths

EPS = np.finfo(float).eps
OURS = tuple(claim for claim in REGISTRY.values() if re.match(r"FIG-\d+:", claim.id))  # the synthetic runs
SMALL = {"checkpoints": (1, 20), "points": 40}


def small(optimizer="sgd", **options):
    return Run(optimizer=optimizer, learning_rate=RATES[optimizer], **{**SMALL, **options})


# The set-up ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def calls(monkeypatch):
    """What `numerics.train` is called with, its defaults filled in."""
    seen, train = [], numerics.train

    def spy(*args, **options):
        bound = inspect.signature(train).bind(*args, **options)
        bound.apply_defaults()
        seen.append(bound.arguments)
        return train(*args, **options)

    monkeypatch.setattr(numerics, "train", spy)
    return seen


def test_a_run_is_the_papers_set_up(calls):
    """Section 4: what the ledger says of the synthetic runs."""
    training = Run(optimizer="sgd", learning_rate=0.5, checkpoints=(1,)).train(0, 0)
    (found,) = calls
    expected = {
        "optimizer": "sgd",
        "learning_rate": 0.5,
        "width": 16,
        "output_scale": 16.0,
        "activation": "swish",
        "layers": "all",
        "batch_size": 32,
        "fourier_features": 4,
        "fourier_scale": 30.0,
        "start": 1e-5,
        "horizon": 1.0,
        "replicas": 1,
        "epochs": 1,
    }
    assert {name: found[name] for name in expected} == expected
    assert np.shape(found["data"]) == (1000,)
    assert (training.width, training.dim, training.output_scale, training.activation) == (16, 1, 16.0, "swish")
    assert training.frequencies.shape == (1, 2)  # a sine and a cosine of each
    with mp.workdps(30):
        for t in (1e-5, 0.065, 0.5, 1.0):
            variance = (mp.mpf(25) ** (2 * mp.mpf(t)) - 1) / (2 * mp.log(25))
            # 25^2t − 1 loses a factor 1/(2t log 25), and the root halves that
            assert found["std"](np.array([t]))[0] == pytest.approx(float(mp.sqrt(variance)), rel=8 * EPS * (1 + 1 / t))
            assert found["mean_scale"](np.array([t]))[0] == 1.0


def test_both_optimisers_have_the_papers_rates():
    assert RATES == {"sgd": 0.5, "adam": 1e-3}
    assert set(OPTIMIZERS) == set(RATES)
    assert TIME == 0.065


def test_the_grid_is_51_points_of_minus_10_to_10_for_modes_6_apart():
    np.testing.assert_array_equal(small().grid(), np.linspace(-10.0, 10.0, 51))
    far = small(mode=15.0).grid()
    assert (far[0], far[-1], len(far)) == (-22.0, 22.0, 111)
    np.testing.assert_allclose(np.diff(far), 0.4, rtol=64 * EPS)


@pytest.mark.parametrize("mode", [3.0, 15.0, 0.5])
def test_the_data_are_two_modes_of_equal_weight_and_variance_one(calls, mode):
    target = small(mode=mode).target()
    assert [float(value) for value in target.means] == [-mode, mode]
    assert [float(value) for value in target.weights] == [0.5, 0.5]
    assert [float(value) for value in target.variances] == [1.0, 1.0]
    for replica in range(3):
        small(mode=mode, points=1000, checkpoints=(1,)).train(7, replica)
    data = np.concatenate([call["data"] for call in calls])
    # each of these fails for a right sampler with P < 1e-9: Hoeffding's 2 exp(−6.6²/2), and Bernstein's inequality for
    # the mean of x² (μ² + 1, deviation √(4μ² + 2) per point, with tails of 4)
    count = len(data)
    assert abs((data > 0).sum() - count / 2) <= 3.3 * math.sqrt(count)
    deviation = math.sqrt((4 * mode**2 + 2) / count)
    assert abs((data**2).mean() - mode**2 - 1) <= 6.6 * deviation + 4 * 22 / count
    if mode > 10:  # no point crosses zero
        noise = np.sort(np.abs(data) * 1.0 - mode)
        gap = np.abs(np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in noise]) - np.arange(count) / count).max()
        assert gap <= math.sqrt(math.log(2e9) / (2 * count)) + 1 / count  # Dvoretzky, Kiefer, Wolfowitz and Massart


def test_both_distances_have_the_same_noise_and_the_same_initial_weights(calls):
    near, far = (small(mode=mode, checkpoints=(0, 1)).train(5, 2) for mode in (3.0, 15.0))
    first, second = (call["data"] for call in calls)
    signs = np.sign(second)  # 15 standard deviations from zero
    # a sum with ±15 rounds to half a unit of 32 · 2⁻⁵³
    np.testing.assert_allclose(first - 3.0 * signs, second - 15.0 * signs, rtol=0, atol=2.0**-48)
    np.testing.assert_array_equal(near.parameters[0, 0], far.parameters[0, 0])
    np.testing.assert_array_equal(near.frequencies, far.frequencies)


def test_a_replica_is_a_function_of_the_seed_and_its_number():
    one = small().measure(0, 3)
    assert small().measure(0, 3) == one
    assert small().measure(0, 4)["kl"] != one["kl"]
    assert small().measure(1, 3)["kl"] != one["kl"]
    many = numerics.train(
        np.zeros(4),
        optimizer="sgd",
        learning_rate=0.1,
        epochs=1,
        width=16,
        replicas=2,
        rng=np.random.SeedSequence(9),
        mean_scale=1.0,
        std=1.0,
        checkpoints=(0,),
        first_replica=2,
    )
    alone = small(checkpoints=(0, 1)).train(9, 3)
    np.testing.assert_array_equal(many.parameters[1, 0], alone.parameters[0, 0])


def test_settings_hold_every_field_as_json_does():
    run = small(output_scale="width", mode=15.0, width=4)
    assert run.settings() == {
        "optimizer": "sgd",
        "learning_rate": 0.5,
        "checkpoints": [1, 20],
        "mode": 15.0,
        "width": 4,
        "output_scale": "width",
        "points": 40,
    }
    assert set(run.settings()) == set(Run.__dataclass_fields__)


# What is measured ----------------------------------------------------------------------------------------------------


def panels(score, edges, count):
    """∫ of a score over the cells of edges by Gauss–Legendre, on ``count`` panels each, and again on half as many."""
    nodes, weights = leggauss(16)

    def cells(number):
        found = []
        for a, b in pairwise(edges):
            ends = np.linspace(a, b, number + 1)
            half = 0.5 * np.diff(ends)[:, None]
            found.append(float(np.sum(half * weights * score(0.5 * (ends[1:] + ends[:-1])[:, None] + half * nodes))))
        return np.array(found)

    return cells(count), cells(count // 2)


@pytest.mark.parametrize(("optimizer", "mode"), [("sgd", 3.0), ("adam", 3.0), ("adam", 15.0)])
def test_divergence_mass_and_density_are_those_of_the_scores_exponential(optimizer, mode):
    run = small(optimizer, mode=mode, checkpoints=(2, 30))
    found, training, x = run.measure(1, 2, densities=True), run.train(1, 2), run.grid()
    kl = numerics.score_grid_kl(training, run.target(), time=0.065, low=x[0], high=x[-1], points=len(x))
    assert found["kl"] == kl.values[0].tolist()
    assert np.shape(found["density"]) == (2, len(x))
    p = (np.exp(-0.5 * (x - mode) ** 2) + np.exp(-0.5 * (x + mode) ** 2)) / math.sqrt(8 * math.pi)
    for place in range(2):
        network = training.network(0, place)

        def score(points, network=network):
            return network.score(points.reshape(-1), 0.065).reshape(points.shape)

        fine, coarse = panels(score, x, 4)
        logs = np.append(0.0, np.cumsum(fine))
        q = np.exp(logs - logs.max())
        q /= q.sum()
        # a normalised logarithm moves by at most twice what an integral does
        error = 2 * np.abs(fine - coarse).sum() + 64 * EPS * np.abs(logs).max() + kl.errors[0, place]
        assert error < 1e-7
        np.testing.assert_allclose(np.log(found["density"][place]), np.log(q / 0.4), rtol=0, atol=2 * error)
        expected = float(np.sum(0.4 * p * (np.log(0.4 * p) - np.log(q))))
        assert found["kl"][place] == pytest.approx(expected, abs=2 * error)
        right = q[x > 1e-9].sum() + q[np.abs(x) <= 1e-9].sum() / 2
        assert found["mass"][place] == pytest.approx(min(right, 1 - right), abs=2 * error)


def test_a_replica_that_diverges_is_nan_and_then_infinite_without_mass():
    run = Run(optimizer="sgd", learning_rate=1e60, checkpoints=(1, 30), points=40)
    found = run.measure(0, 0, densities=True)
    assert math.isnan(found["kl"][1])
    assert math.isnan(found["mass"][1])
    assert np.isnan(found["density"][1]).all()
    known = replica_tests._measured(run, 0, 0)
    assert (known["kl"][1], known["mass"][1]) == (math.inf, 0.0)


# The claims ----------------------------------------------------------------------------------------------------------

HERE = {"points": 40, "earlier": 1, "later": 201}


def test_the_values_of_a_curve_are_its_checkpoints():
    run = small(checkpoints=(1, 101, 201))
    kl = run.measure(3, 1)["kl"]
    setting = {"optimizer": "sgd", "distance": "6"}
    assert replica_tests.values(setting, HERE, 3, 1) == {
        "kl_earlier": kl[0],
        "kl_later": kl[2],
        "kl_least": min(kl),
        "kl_most": max(kl),
    }
    later = replica_tests.values(setting, {**HERE, "earlier": 101}, 3, 1)
    assert later == {"kl_earlier": kl[1], "kl_later": kl[2], "kl_least": min(kl[1:]), "kl_most": max(kl[1:])}


def test_the_values_of_widths_distances_and_masses_are_the_runs():
    at = {"points": 40, "epoch": 5}
    widths = replica_tests.values({"optimizer": "adam", "distance": "6"}, {**at, "narrow": 4, "wide": 8}, 3, 1)
    assert widths == {
        f"kl_{name}": small("adam", checkpoints=(5,), width=width).measure(3, 1)["kl"][0]
        for name, width in (("narrow", 4), ("wide", 8))
    }
    far = small("adam", checkpoints=(5,), mode=15.0).measure(3, 1)
    near = small("adam", checkpoints=(5,)).measure(3, 1)
    assert replica_tests.values({"optimizer": "adam"}, at, 3, 1) == {"kl_near": near["kl"][0], "kl_far": far["kl"][0]}
    assert replica_tests.values({"optimizer": "adam", "distance": "30"}, at, 3, 1) == {"mass_smaller": far["mass"][0]}


@pytest.mark.parametrize("claim", OURS, ids=lambda claim: claim.id)
def test_quick_instances_are_a_prefix_of_deep_ones(claim):
    sizes = {name: PLANS[claim.id].methods[0].instances(budget) for name, budget in BUDGETS.items()}
    bare = {name: [{key: at[key] for key in at if key != "replicas"} for at in found] for name, found in sizes.items()}
    assert len(sizes["quick"]) == 1
    assert bare["deep"][: len(bare["standard"])] == bare["standard"]
    assert bare["standard"][:1] == bare["quick"]
    assert all(at["points"] == 1000 for at in bare["deep"][1:])  # the paper's
    counts = [{at["replicas"] for at in sizes[name]} for name in ("quick", "standard", "deep")]
    assert counts == [{200}, {1000}, {5000}]


@pytest.mark.parametrize("claim", OURS, ids=lambda claim: claim.id)
def test_a_claim_has_every_value_that_it_and_its_mutants_ask_for(claim, monkeypatch):
    def measure(_run, _seed, _replica, **_options):
        return {"kl": [0.5] * len(_run.checkpoints), "mass": [0.3] * len(_run.checkpoints)}

    monkeypatch.setattr(replica_tests, "_measured", measure)
    for one in (claim, *(mutant.apply(claim) for mutant in claim.mutants)):
        for at in PLANS[claim.id].methods[0].instances(BUDGETS["deep"]):
            assert replica_tests.violated(one)(replica_tests.values(one.setting, at, 0, 0)) in {True, False}


def test_the_share_that_may_violate_is_one_less_the_claims_probability():
    for claim in OURS:
        (method,) = PLANS[claim.id].methods
        assert method.bound({}) == (0.1 if claim.variant == "rise" else 0.5)
        assert PLANS[claim.id].expected is (Verdict.REFUTED if claim.variant == "rise" else Verdict.SUPPORTED)
    with pytest.raises(TypeError, match="L4:sharp"):
        replica_tests.level(REGISTRY["L4:sharp"])


def test_the_refuted_rise_replays_from_its_token():
    result = verify.check("FIG-8:rise", mutants=False, seed=2)
    assert result.verdict is Verdict.REFUTED
    assert result.token is not None
    smallest = result.smallest
    assert smallest is not None
    again = verify.replay(result.token)
    assert (again.left, again.right, again.ratio) == pytest.approx((smallest.left, smallest.right, smallest.ratio))
    at = smallest.instance
    run = Run(optimizer="adam", learning_rate=1e-3, points=250, checkpoints=tuple(range(1, 2002, 100)))
    curves = [run.measure(2, k)["kl"] for k in range(2)]
    seen = [replica_tests.values({"optimizer": "adam", "distance": "6"}, at, 2, k) for k in range(2)]
    assert [(one["kl_earlier"], one["kl_later"]) for one in seen] == [(kl[10], kl[20]) for kl in curves]
    counted = [replica_tests.values({"optimizer": "adam", "distance": "6"}, at, 2, k) for k in range(at["replicas"])]
    assert again.left == sum(one["kl_earlier"] > one["kl_later"] for one in counted) / at["replicas"]


def test_a_test_of_a_claim_takes_the_replicas_of_the_audits_seed(monkeypatch):
    seen = []

    def values(_setting, _at, seed, replica):
        seen.append((seed, replica))
        return {"kl_earlier": 1.0, "kl_later": 0.1}

    monkeypatch.setattr(replica_tests, "values", values)
    claim = REGISTRY["FIG-3:fall"]
    evidence = PLANS[claim.id].methods[0].run(claim, Context(budget=BUDGETS["quick"], seed=11))
    assert evidence.verdict is Verdict.SUPPORTED
    assert seen == [(11, k) for k in range(len(seen))]
    assert evidence.details["alpha"] == 1e-9


# What the studies make of curves --------------------------------------------------------------------------------------


def test_a_quick_study_of_widths_says_nothing_of_the_wide_ones():
    kl = {
        widths.key(optimizer, scale, width): np.ones((2, 20))
        for optimizer, scale in widths.SERIES
        for width in widths.QUICK.widths
    }
    found = widths._numbers(kl, widths.QUICK)
    assert [entry["claim"] for entry in found["verdicts"]] == ["FIG-11:width"]
    assert {widths.WHEN} <= set(widths.QUICK.checkpoints) & set(widths.FULL.checkpoints)
    assert widths.FULL.widths == (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)


def test_the_first_epoch_is_the_first_checkpoint_with_a_tenth_of_a_nat():
    size = widths.Size(widths=(2,), every=10, epochs=40, replicas=1)
    curves = np.array(
        [
            [1.0, 0.2, 0.1, 0.05],
            [0.05, 0.5, 0.5, 0.5],
            [1.0, 0.11, 0.2, 0.3],
            [math.inf] * 4,
            [0.4, 0.09, math.inf, math.inf],
            [1.0, 0.2, 0.10000001, 0.1],
        ]
    )
    assert widths.first_epochs(curves, size).tolist() == [30, 10, math.inf, math.inf, 20, 40]


def test_the_symbols_of_a_claim_are_taken_between_its_epochs():
    line = np.arange(21.0) % 7 + 1
    (found,) = along_training.symbols(line[None], 101, 1001)
    assert found == {"kl_earlier": 2.0, "kl_later": 4.0, "kl_least": 1.0, "kl_most": 7.0}
    assert along_training.FIGURE_3.family == "FIG-3"
    claim = REGISTRY["FIG-3:fall"]
    assert replica_tests.violated(claim)(found) == (4.0 > 0.75 * 2.0)
