"""The terms against the number of data: files, identities of the terms on one sample, and the bound that IT3 states."""

import csv
import json
import math

import numpy as np
import pytest

from numerics import DiffusedData, score_losses
from verify.models.tradeoff_data import START, two_mode_scores
from verify.studies import files, terms_against_n
from verify.studies.terms_against_n import HORIZON, Size, chi_square, key_of, law, on_sample, sample


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    out = tmp_path_factory.mktemp("study")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terms_against_n, "QUICK", Size(counts=(4, 8, 32), learner=4, replicas=4))
        patch.setattr(files, "save", lambda drawn, path: (drawn.canvas.draw(), path.write_bytes(b""), path)[-1])
        paths = terms_against_n.run(out, quick=True, seed=0)
    with paths[0].open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return paths, rows, json.loads(paths[1].read_text(encoding="utf-8"))


def test_the_files_hold_every_term_of_every_sample(written):
    paths, rows, numbers = written
    assert [path.suffix for path in paths] == [".csv", ".json", ".png", ".svg"]
    assert len(rows) == 4 * (9 + 2 * 6)
    assert numbers["terms"]["gap, learner"]["n"] == [4]
    assert numbers["terms"]["prior"]["n"] == [4, 8, 32]


def test_the_excess_falls_with_n_and_lies_below_the_bound(written):
    terms, bounds = written[2]["terms"], written[2]["depends on n alone"]
    for name in ("T", "ε"):
        mean, error = (np.array(terms[f"excess at {name}"][key]) for key in ("mean", "standard error"))
        assert np.all(mean - 6.0 * error <= bounds[f"log(1 + χ²/n) at {name}"])
        assert terms[f"excess at {name}"]["exponent of n"]["exponent"] < 0.0


def test_the_loss_of_the_laws_score_is_what_the_excess_loses():
    data = sample(0, 0, 6)
    losses = score_losses(
        two_mode_scores()["law"], data=DiffusedData.ornstein_uhlenbeck(data), start=START, horizon=HORIZON
    )
    assert on_sample(data, learner=False)["explicit loss, law"] == pytest.approx(losses.explicit[0].value, rel=1e-9)


def test_the_gap_is_that_of_the_denoising_losses_beyond_the_laws_own():
    """Both denoising losses are explicit ones plus the loss of information, which no score changes."""
    data = sample(0, 1, 5)
    found = on_sample(data, learner=True)
    diffused, target = DiffusedData.ornstein_uhlenbeck(data), law()
    score = terms_against_n.blurred(data, terms_against_n.BLUR)
    on_data, on_law, own = (
        score_losses(s, data=of, start=START, horizon=HORIZON)
        for s, of in ((score, diffused), (score, target), (two_mode_scores()["law"], diffused))
    )
    gap = on_law.explicit[0].value - on_data.denoising[0].value + own.denoising[0].value
    assert found["gap, learner"] == pytest.approx(gap, rel=1e-9)


def test_the_chi_square_of_the_channel_is_that_of_nodes_for_the_datum():
    """80 nodes for each mode's datum resolve a kernel of standard deviation 0.93."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    r, variance = math.exp(-HORIZON), -math.expm1(-2.0 * HORIZON)
    y = np.linspace(-16.0, 16.0, 4001)
    total = np.zeros_like(y)
    for sign in (-1.0, 1.0):
        z = y - r * (3.0 * sign + nodes[:, None])
        total += 0.5 * (np.exp(-(z**2) / variance) * weights[:, None]).sum(axis=0) / weights.sum()
    density = 0.5 * sum(np.exp(-0.5 * (y - s * 3.0 * r) ** 2) for s in (-1, 1)) / math.sqrt(2.0 * math.pi)
    expected = (y[1] - y[0]) * float((total / (2.0 * math.pi * variance) / density).sum()) - 1.0
    assert chi_square(HORIZON) == pytest.approx(expected, rel=1e-9)


def test_without_modes_the_chi_square_is_that_of_a_gaussian(monkeypatch):
    monkeypatch.setattr(terms_against_n, "MODES", 0.0)
    for time in (START, HORIZON):
        assert chi_square(time) == pytest.approx(1.0 / math.expm1(2.0 * time), rel=1e-9)


def test_a_sample_is_its_own_for_every_replica_and_n():
    assert not np.array_equal(sample(0, 0, 5), sample(0, 1, 5))
    assert not np.array_equal(sample(0, 0, 5), sample(0, 0, 6)[:5])
    assert np.array_equal(sample(3, 2, 5), sample(3, 2, 5))
    assert key_of("rate", 5) == "rate at n = 5"
