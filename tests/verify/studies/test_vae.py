"""The study of autoencoders: its files, what is skipped in words, and what the linear ones say of the bounds."""

import csv
import json
import math

import pytest

from numerics.checks.extras import MissingExtraError
from verify.models.image_autoencoders import QUANTITIES, VARIANTS
from verify.studies import files, vae
from verify.studies.vae import EXACT, LINEAR, QUICK, Size, draw, findings, linear

TINY = Size(counts=(10, 100), settings=QUICK.settings, replicas=6)


@pytest.fixture
def tiny(monkeypatch):
    """A tiny study whose networks are made up; the replicas that were measured."""
    seen = []

    def measure(_settings, seed, k):
        seen.append(k)
        return {
            variant: dict.fromkeys(QUANTITIES, 0.5 + seed) | {"product": 0.1 * k, "rate": 1.0 + k * (name == 0)}
            for name, variant in enumerate(VARIANTS)
        }

    monkeypatch.setattr(vae, "QUICK", TINY)
    monkeypatch.setattr(vae, "measure", measure)
    monkeypatch.setattr(vae, "digits", lambda: None)
    monkeypatch.setattr(vae, "optional", lambda *_: None)
    monkeypatch.setattr(files, "save", lambda drawn, path: (path.write_bytes(b""), path)[1])
    return seen


def test_the_files_hold_every_linear_autoencoder_and_every_replica(tiny, tmp_path):
    paths = vae.run(tmp_path, replicas=7)
    assert [path.suffix for path in paths] == [".csv", ".json", ".png", ".svg"]
    assert sorted(tiny) == list(range(7))
    with paths[0].open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(LINEAR) * len(TINY.counts) * len(EXACT) + 7 * len(VARIANTS) * len(QUANTITIES)
    told = json.loads(paths[1].read_text(encoding="utf-8"))
    assert told["claims"]["IT8:printed"] == "REFUTED"
    found = told["digits"]["without the term"]
    assert found["rate"] == {"median": 4.0, "interval": [1.0, 7.0], "level": 0.95, "replicas": 7}
    assert found["bound holds"]["repaired"]["share"] == pytest.approx(6 / 7)  # 0.5 against 0, 0.1, …, 0.6
    assert told["digits"]["with less without"]["rate"]["median"] == -3.0


def test_a_stopped_study_goes_on_from_its_replicas(tiny, tmp_path):
    vae.run(tmp_path, replicas=2)
    vae.run(tmp_path, replicas=3, resume=True)
    assert sorted(tiny) == [0, 1, 2]


def test_without_pytorch_the_networks_are_skipped_in_words(tiny, tmp_path, monkeypatch, capsys):
    def missing(module, extra, what):
        raise MissingExtraError(extra, what, ImportError(f"No module named '{module}'"))

    monkeypatch.setattr(vae, "optional", missing)
    paths = vae.run(tmp_path)
    assert tiny == []
    told = json.loads(paths[1].read_text(encoding="utf-8"))
    assert "pip install 'scoregap[torch]'" in told["digits"]["SKIPPED"]
    assert "SKIPPED" in capsys.readouterr().err
    assert set(told["linear"]) == set(LINEAR)
    assert not (tmp_path / "vae.replicas.jsonl").exists()


def test_the_earlier_bound_fails_where_the_code_tells_nothing_and_the_repaired_one_nowhere():
    found = {name: vae._of_linear(rows) for name, rows in linear((10, 100, 1000)).items()}
    key = "n at which the gap exceeds the bound"
    assert found["a code that tells nothing"][key]["earlier"] == [10, 100, 1000]
    assert found["a code that tells nothing"][key]["printed"] == [10, 100, 1000]
    for of in found.values():
        assert of[key]["repaired"] == of[key]["sharp"] == []
    slopes = found["a code that tells nothing"]["exponent of n at the last two"]
    assert slopes["gap"] == pytest.approx(-1.0, abs=1e-12)
    assert slopes["repaired_bound"] == pytest.approx(-0.5, abs=0.01)
    assert slopes["held_out_bound"] == pytest.approx(-1.0, abs=0.01)


def test_findings_of_too_few_replicas_have_no_interval():
    record = {variant: dict.fromkeys(QUANTITIES, 1.0) for variant in VARIANTS}
    found = findings([record] * 3)["with the term"]["rate"]
    assert found["interval"] == [-math.inf, math.inf]
    draw(linear((10, 100)), [record] * 3, "").canvas.draw()
