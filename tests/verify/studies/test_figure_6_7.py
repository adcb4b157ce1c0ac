"""Figures 6 and 7: bits/dim against closed forms, splits, the reference, and the study on small files."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import multivariate_normal

import numerics
from numerics.checks.extras import MissingExtraError
from verify.models import image_pairs, image_unets
from verify.models.image_pairs import PAIRS, Data, Settings, measure, prepare
from verify.models.image_unets import UNets
from verify.models.images import Images, cluster
from verify.studies import figure_6_7
from verify.studies.drawing import figure
from verify.studies.figure_6_7_findings import differences

TINY = Settings(checkpoints=(1, 3), units=2, learning_rate=1e-2, clusters=3, tolerance=1e-2, samples=3)


def images(count=12, seed=0):
    """Three groups of images of 2 × 3 pixels and 32 levels, two of them close to each other."""
    rng = np.random.default_rng(seed)
    corners = np.array([[2, 2, 2, 2, 2, 2], [9, 2, 9, 2, 9, 2], [26, 28, 26, 28, 5, 28]])
    rows = np.repeat(corners, (count, count + 5, count + 2), axis=0)
    rows = rows + rng.integers(-2, 3, rows.shape)
    return Images(pixels=rows.reshape(-1, 2, 3), levels=32, name="blobs", labels=rng.integers(0, 4, len(rows)))


@pytest.fixture(scope="module")
def data():
    return prepare(images(), TINY)


def gaussian_in_levels(data):
    """log-density of z and of x + u, in nats, for x + u ~ N(mean + 1, diag (2 std)²)."""
    rng = np.random.default_rng(1)
    z = rng.standard_normal((9, data.images.dim))
    law = multivariate_normal(data.mean + 1.0, np.diag((2.0 * data.std) ** 2))
    scaled = multivariate_normal(1.0 / data.std, 4.0 * np.eye(data.images.dim))
    return scaled.logpdf(z), law.logpdf(z * data.std + data.mean)


# Bits per dimension ---------------------------------------------------------------------------------------------------


def test_the_offset_is_that_of_the_change_of_variables(data):
    of_z, of_levels = gaussian_in_levels(data)
    np.testing.assert_allclose(data.bits(of_z), -of_levels / (data.images.dim * math.log(2)), rtol=1e-12)


def test_the_uniform_law_has_the_logarithm_of_the_levels(data):
    # density 1/L^d of x + u in the cube of L^d, so ∏ std / L^d of z
    nats = np.sum(np.log(data.std)) - data.images.dim * math.log(32)
    assert abs(float(data.bits(nats)) - 5.0) < 1e-12


def test_dequantised_bits_bound_those_of_the_discrete_law():
    # one pixel, 32 levels: E_u[−log₂ p(x + u)] ≥ −log₂ ∫ p(x + u) du, by Jensen
    one = Images(pixels=np.arange(32).repeat(2).reshape(-1, 1, 1), levels=32, name="pixel")
    found = prepare(one, replace(TINY, held_out=0.4))
    law = multivariate_normal(0.3, 0.25)
    u = (np.arange(4000) + 0.5) / 4000
    for x in (3.0, 16.0, 30.0):
        z = (x + u - found.mean[0]) / found.std[0]
        mass = multivariate_normal.cdf([(x + k - found.mean[0]) / found.std[0] for k in (0.0, 1.0)], 0.3, 0.25)
        assert np.mean(found.bits(law.logpdf(z))) >= -math.log2(mass[1] - mass[0]) - 1e-6


def test_the_flow_gives_the_likelihood_of_a_gaussian_in_closed_form(data):
    v, d = 0.7, data.images.dim
    _, std, _ = image_pairs.process(TINY.base)
    network = SimpleNamespace(
        score=lambda x, t: -x / (v + float(std(np.array(t))) ** 2),
        divergence=lambda x, t: np.full(len(x), -d / (v + float(std(np.array(t))) ** 2)),
    )
    training = SimpleNamespace(diverged=lambda: np.array([[False]]), network=lambda _r, _c: network)
    z = np.random.default_rng(2).standard_normal((8, d))
    nats, error = image_pairs._likelihood(replace(TINY, tolerance=1e-8), training, 0, z)
    first, last = (v + float(std(np.array(t))) ** 2 for t in (image_pairs.START, 1.0))
    exact = multivariate_normal(np.zeros(d), (last - v) * first / last * np.eye(d)).logpdf(z)
    np.testing.assert_allclose(nats, exact, atol=float(error.max()) + 1e-6)
    assert error.max() < 1e-4


def test_a_run_that_diverged_has_no_bits(data):
    training = SimpleNamespace(diverged=lambda: np.array([[True]]))
    nats, error = image_pairs._likelihood(TINY, training, 0, np.zeros((2, 6)))
    assert np.isnan(nats).all()
    assert np.isnan(error).all()


def test_the_gaussian_reference_is_the_normal_law_of_scipy(data):
    rng = np.random.default_rng(4)
    train, held = rng.standard_normal((20, 6)), rng.standard_normal((7, 6))
    cov = np.cov(train.T)
    candidates = []
    for weight in image_pairs.SHRINKAGE:
        law = multivariate_normal(train.mean(axis=0), (1 - weight) * cov + weight * np.diag(np.diag(cov)))
        candidates.append([float(data.bits(law.logpdf(x)).mean()) for x in (held, train)])
    np.testing.assert_allclose(image_pairs._gaussian(train, held, data), min(candidates), rtol=1e-10)


# Splits and replicas --------------------------------------------------------------------------------------------------


def test_both_pairs_have_the_same_numbers_of_images(data):
    sizes = data.clusters.sizes
    used = data.trained + data.held_out
    assert used == min(sizes[k] for pair in data.pairs.values() for k in pair) == 12
    assert data.held_out == image_pairs._LEAST
    assert prepare(images(50), TINY).held_out == 10
    for which, pair in data.pairs.items():
        train, held = data.split(which, np.random.default_rng(5))
        assert (len(train), len(held)) == (2 * data.trained, 2 * data.held_out)
        assert len({*train.tolist(), *held.tolist()}) == 2 * used
        for places in (train, held):
            members = data.clusters.membership[places]
            np.testing.assert_array_equal(members, np.tile(pair, len(places) // 2))


def test_scaling_is_undone(data):
    places = np.arange(len(data.images))
    z = data.scaled(places, np.random.default_rng(6))
    np.testing.assert_array_equal(data.levels(z), data.images.rows())
    # u has mean 1/2 and variance 1/12: over the whole set z has mean 0 and variance 1, up to its noise
    assert np.abs(z.mean(axis=0)).max() <= 0.5 / data.std.min()
    assert data.levels(np.full((1, 6), 1e6)).max() == 31
    assert data.levels(np.full((1, 6), -1e6)).min() == 0


def test_many_images_are_thinned_and_few_are_refused():
    some = prepare(images(), replace(TINY, images=30, held_out=0.4))
    assert len(some.images) == 30
    assert some.images.labels is not None
    assert len(some.images.labels) == 30
    assert prepare(images(), replace(TINY, most=10, held_out=0.5)).trained == 5
    with pytest.raises(ValueError, match=r"images must leave 4 to train on and 4 to hold out .* of blobs has 6"):
        prepare(images(6), TINY)


def test_large_images_are_summed_over_blocks(tiny, undrawn, source, tmp_path):
    found = images().summed(2)
    assert (found.shape, found.levels) == ((1, 2), 4 * 31 + 1)
    pixels = images().pixels.astype(int)
    np.testing.assert_array_equal(found.pixels[:, 0, 0], pixels[:, :, :2].sum(axis=(1, 2)))
    np.testing.assert_array_equal(found.pixels[:, 0, 1], pixels[:, :, 2].sum(axis=1))
    same = images()
    assert same.summed(3) is same
    with pytest.raises(ValueError, match="side must be an integer >= 1"):
        images().summed(0)
    numbers = json.loads(figure_6_7.run(tmp_path, replicas=1, images=source, side=2)[1].read_text(encoding="utf-8"))
    assert numbers["data"]["shape"] == [1, 2]
    assert numbers["data"]["bits/dim of the uniform law"] == pytest.approx(math.log2(4 * 255 + 1))


def test_a_replica_depends_on_its_number_alone(data):
    one, again, other, seeded = (measure(TINY, seed, k, data) for seed, k in ((0, 3), (0, 3), (0, 4), (1, 3)))
    assert json.dumps(plain(one)) == json.dumps(plain(again))
    values = [found["farthest"]["held out"][-1] for found in (one, other, seeded)]
    assert len(set(values)) == 3
    assert "samples" not in one["farthest"]
    for which in PAIRS:
        assert len(one[which]["held out"]) == len(one[which]["training"]) == len(one[which]["error"]) == 2
        assert len(one[which]["loss"]) == len(TINY.loss_edges()) - 1
        assert np.isfinite(one[which]["held out"]).all()


def plain(value):
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return np.asarray(value).tolist()


def test_the_loss_is_the_mean_of_the_epochs(data):
    rng = np.random.default_rng(np.random.SeedSequence(0, spawn_key=(301, 2, 0)))
    places, _ = data.split("farthest", rng)
    training = image_pairs._train(TINY, data.scaled(places, rng), 0, 2)
    found = measure(TINY, 0, 2, data)["farthest"]["loss"]
    np.testing.assert_allclose(found, training.losses[0] / data.images.dim, rtol=1e-12)  # three stretches of one epoch
    long = replace(TINY, checkpoints=(300,)).loss_edges()
    assert (long[0], long[-1]) == (1, 301)
    assert (np.diff(long) > 0).all()


def test_replica_0_draws_samples_within_the_levels(data):
    found = measure(TINY, 0, 0, data)
    for which in PAIRS:
        for drawn in found[which]["samples"].values():
            assert drawn["levels"].shape == (3, 6)
            assert drawn["levels"].min() >= 0
            assert drawn["levels"].max() <= 31
        rows = data.images.rows().astype(int).tolist()
        assert all(row in rows for row in found[which]["real"].tolist())


def test_differences_are_farthest_minus_nearest():
    far = [{"held out": [3.0, None], "training": [2.5, None], "gaussian held out": 2.75}]
    near = [{"held out": [2.5, 2.0], "training": [2.25, 1.0], "gaussian held out": 3.0}]
    found = differences({"farthest": far, "nearest": near})
    assert found["held out"].tolist() == [[0.5, math.inf]]  # a run that diverged is worse than one that did not
    assert found["gap"][0, 0] == 0.25
    assert found["excess"].tolist() == [[0.75, math.inf]]


# The study ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def tiny(monkeypatch):
    monkeypatch.setattr(figure_6_7, "QUICK", TINY)


@pytest.fixture
def undrawn(monkeypatch):
    """An empty figure in the place of the picture, which takes longest."""
    monkeypatch.setattr(figure_6_7, "draw", lambda *_found: figure(1.0, 1.0))


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("images") / "blobs.npz"
    np.savez(path, images=images().pixels, labels=images().labels)
    return path


def test_the_study_writes_its_files(tiny, source, tmp_path):
    files = figure_6_7.run(tmp_path, replicas=3, images=source, workers=2)
    assert [path.name for path in files] == [f"figure-6-7{ending}" for ending in (".csv", ".json", ".png", ".svg")]
    numbers = json.loads(files[1].read_text(encoding="utf-8"))
    assert numbers["replicas"] == 3
    assert numbers["data"]["bits/dim of the uniform law"] == 8.0
    assert sum(sum(part.values()) for part in numbers["data"]["pairs"]["farthest"]["labels"]) == sum(
        numbers["data"]["cluster sizes"][k] for k in numbers["data"]["pairs"]["farthest"]["clusters"]
    )
    with files[0].open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == list(figure_6_7.COLUMNS)
    held = {
        (row["replica"], row["pair"], row["epoch"]): float(row["value"])
        for row in rows
        if row["quantity"] == "held out"
    }
    assert len(held) == 3 * 2 * 2
    middle = sorted(held[str(k), "farthest", "3"] for k in range(3))[1]
    assert math.isclose(numbers["models"]["farthest"]["by epoch"][1]["held out"]["median"], middle, rel_tol=1e-9)
    worse = [held[str(k), "farthest", "3"] > held[str(k), "nearest", "3"] for k in range(3)]
    assert numbers["farthest minus nearest"]["held out"][1]["farthest is larger"]["share"] == pytest.approx(
        np.mean(worse)
    )


def test_the_study_is_resumed_with_the_same_images_only(tiny, undrawn, source, tmp_path):
    first = figure_6_7.run(tmp_path, replicas=2, images=source)
    more = figure_6_7.run(tmp_path, replicas=3, images=source, resume=True)
    whole = tmp_path / "whole"
    whole.mkdir()
    once = figure_6_7.run(whole, replicas=3, images=source)
    assert [path.read_bytes() for path in more] == [path.read_bytes() for path in once]
    assert first == more
    other = tmp_path / "other.npz"
    np.savez(other, images=images(seed=1).pixels)
    with pytest.raises(ValueError, match=r"must be of this study, seed and settings; it has settings\.digest"):
        figure_6_7.run(tmp_path, replicas=3, images=other, resume=True)


def test_runs_that_diverge_are_drawn_and_counted(tiny, source, tmp_path, monkeypatch):
    monkeypatch.setattr(figure_6_7, "QUICK", replace(TINY, learning_rate=1e59))
    files = figure_6_7.run(tmp_path, replicas=2, images=source)
    numbers = json.loads(files[1].read_text(encoding="utf-8"))
    assert [numbers["models"][which]["diverged or not integrated"] for which in PAIRS] == [2, 2]
    assert numbers["models"]["farthest"]["by epoch"][-1]["held out"]["median"] is None


def test_labels_need_images_and_the_files_must_be_there(tmp_path):
    with pytest.raises(ValueError, match="labels must come with images"):
        figure_6_7.run(tmp_path, labels=tmp_path / "labels")
    with pytest.raises(ValueError, match="images must be an existing IDX or npz file"):
        figure_6_7.run(tmp_path, images=tmp_path / "nope")


# The digits -----------------------------------------------------------------------------------------------------------


def test_the_small_version_measures_the_digits():
    found = image_pairs.small(0, 0)
    assert set(found) == {"bits_far", "bits_near"}
    data = image_pairs.digits_data(image_pairs.SMALL)
    assert isinstance(data, Data)
    assert cluster(data.images, 10).pair("nearest") == data.pairs["nearest"]
    # a model that has learned something: better than the uniform law by half a bit per pixel
    assert all(2.0 < value < math.log2(17) - 0.5 for value in found.values())
    assert numerics.bits_per_dim(0.0, dim=64, offset=data.offset) == data.offset


# U-Nets ---------------------------------------------------------------------------------------------------------------


def test_the_unets_verdicts_stand_beside_those_of_the_one_hidden_layer(tiny, source, tmp_path, monkeypatch):
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'scoregap[torch]'")
    assert UNets.of((16, 8)).words == "U-Net of 16, 32, 32 channels"
    assert UNets.of((28, 28)).channels == (32, 64, 128, 256)
    small = UNets(shape=(2, 3), channels=(4, 4), embedding=4, probes=2)
    monkeypatch.setattr(UNets, "of", lambda shape, *, probes: replace(small, shape=shape, probes=probes))
    files = figure_6_7.run(tmp_path, replicas=2, images=source, model="unet")
    assert [path.name for path in files] == [f"figure-6-7-unet{end}" for end in (".csv", ".json", ".png", ".svg")]
    numbers = json.loads(files[1].read_text(encoding="utf-8"))
    assert numbers["model"] == "U-Net of 4, 4 channels"
    for found in (numbers, numbers["one hidden layer"]):
        assert [verdict["epoch"] for verdict in found["verdicts"]] == [1, 3]
        assert found["replicas"] == 2
    with files[0].open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    held = {
        model: {tuple(row.values())[1:4]: float(row["value"]) for row in rows if row["model"] == model
                and row["quantity"] == "held out"}
        for model in ("U-Net", "one hidden layer")
    }  # fmt: skip
    assert len(held["U-Net"]) == len(held["one hidden layer"]) == 2 * 2 * 2
    beside = numbers["read beside"]["U-Net minus one hidden layer, held out, by epoch"]["nearest"][1]
    differences = [
        held["U-Net"][str(k), "nearest", "3"] - held["one hidden layer"][str(k), "nearest", "3"] for k in (0, 1)
    ]
    assert beside["difference"]["median"] == pytest.approx(min(differences), rel=1e-6)  # the lower of two
    errors = [float(row["value"]) for row in rows if row["quantity"] == "probes"]
    assert len(errors) == 8
    assert all(0.0 < error < 1.0 for error in errors)
    # the network beside it is the one of the study without U-Nets, on the same splits
    alone = tmp_path / "alone"
    alone.mkdir()
    monkeypatch.setattr(figure_6_7, "draw", lambda *_found: figure(1.0, 1.0))
    other = json.loads(figure_6_7.run(alone, replicas=2, images=source)[1].read_text(encoding="utf-8"))
    assert other["models"] == numbers["one hidden layer"]["models"]
    assert other["verdicts"] == numbers["one hidden layer"]["verdicts"]


def test_the_bits_of_a_unet_are_within_their_errors_of_the_exact_flows(data):
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'scoregap[torch]'")
    unets = UNets(shape=(2, 3), channels=(4, 4), embedding=4, probes=32)
    z = np.random.default_rng(3).standard_normal((16, data.images.dim))
    training = unets.model.train(replace(TINY, checkpoints=(2,)), z, 0, 0)
    nats, error, spread = unets.model.likelihood(TINY, training, 0, z, 0)
    network, unit = training.network(0, 0), np.eye(data.images.dim)

    def divergence(x, t):
        probes = np.repeat(unit[:, None], len(x), axis=1)  # unit vectors: the exact trace
        return network.probed(x, t, probes)[1].sum(axis=0)

    law = image_pairs.reverse_process(TINY, network.score, divergence)
    exact = numerics.log_likelihood(z, law, tolerance=1e-2)
    # 16 independent estimates: 7 standard errors are exceeded with probability below 1e-11
    bound = 7.0 * float(np.linalg.norm(spread)) + float(np.sum(error + exact.error))
    assert abs(float(np.sum(nats - exact.nats))) <= bound
    assert bound < 16.0 * 3.0


def test_another_model_is_refused_and_without_pytorch_the_words_say_how_to_get_it(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="model must be one of network, unet; got 'gan'"):
        figure_6_7.run(tmp_path, model="gan")

    def missing():
        raise MissingExtraError("torch", "backend='torch' needs PyTorch", ImportError("none"))

    monkeypatch.setattr(image_unets, "TorchBackend", missing)
    with pytest.raises(
        ValueError, match=r"model must be 'network' where there is no PyTorch.*pip install 'scoregap\[torch\]'"
    ):
        UNets.of((8, 8))
