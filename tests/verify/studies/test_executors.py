"""Replicas by any executor: the same as in threads, and work that can be sent to another process."""

import pickle
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from verify.evidence.executors import ExecutorLostError
from verify.studies import STUDIES, along_training, study
from verify.studies.files import Output
from verify.studies.replicas import column, replicas_file, replicate


class Sent(Executor):
    """Computes what has been through a pipe, so to speak; after so many pieces its scheduler is gone."""

    def __init__(self, good=100):
        self.good, self._client, self.sizes = good, SimpleNamespace(status="running"), []

    def submit(self, fn, /, *args, **kwargs):
        self.good -= 1
        if self.good < 0:
            self._client.status = "closed"
            return Future()
        sent = pickle.dumps((fn, args))
        self.sizes.append(len(sent))
        function, given = pickle.loads(sent)
        future = Future()
        future.set_result(function(*given))
        return future


@pytest.mark.parametrize("name", [entry.name for entry in STUDIES.values() if entry.replicated])
def test_every_study_of_replicas_hands_them_to_the_executor_that_it_is_given(name, tmp_path):
    if name in ("vae", "figure-6-7"):
        pytest.importorskip("sklearn", reason="pip install 'scoregap[digits]'")
    if name == "vae":
        pytest.importorskip("torch", reason="pip install 'scoregap[torch]'")
    with pytest.raises(ExecutorLostError):
        study(name).run(tmp_path, executor=Sent(good=0))


def test_a_figure_by_an_executor_is_that_of_threads(tmp_path, monkeypatch):
    monkeypatch.setattr(along_training, "QUICK_POINTS", 60)
    made = []
    for name, more in (("sent", {"executor": Sent()}), ("threads", {"workers": 2})):
        (tmp_path / name).mkdir()
        study("figure-3").run(tmp_path / name, replicas=2, **more)
        made.append((tmp_path / name / "figure-3.json").read_bytes())
    assert made[0] == made[1]


@pytest.mark.parametrize("name", ["figure-4", "figure-6-7", "figure-8", "figure-11"])
def test_every_study_of_replicas_can_be_sent(tmp_path, name):
    class Takes(Sent):
        def submit(self, fn, /, *args, **kwargs):
            self.sizes.append(len(pickle.dumps((fn, args))))
            raise OSError("enough")

    taking = Takes()
    with pytest.raises(ExecutorLostError, match=r"the executor failed \(OSError: enough\)"):
        study(name).run(tmp_path, replicas=3, executor=taking)
    assert 0 < taking.sizes[0] < 1e6


def squared(k):
    return {"value": k * k}


def test_replicas_that_were_done_before_a_scheduler_went_away_are_kept(tmp_path):
    place = {"files": Output(tmp_path, "name"), "settings": {}, "seed": 0, "replicas": 5}
    with pytest.raises(ExecutorLostError, match="the connection to the scheduler is closed"):
        replicate(squared, executor=Sent(3), **place)
    assert replicas_file(tmp_path, "name").read_bytes().count(b"\n") == 4
    with ThreadPoolExecutor(2) as pool:
        records = replicate(squared, executor=pool, resume=True, **place)
        assert pool.submit(int, "3").result() == 3  # it is the caller's, and goes on
    assert column(records, "value").tolist() == [0, 1, 4, 9, 16]
