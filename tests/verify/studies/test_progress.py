"""How far a study is: a line every few seconds with the time left, on a terminal a bar."""

import sys
from types import ModuleType, SimpleNamespace

from verify.studies import progress as module
from verify.studies.progress import Progress


class Clock:
    def __init__(self, monkeypatch):
        self.now = 100.0
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self.now))


def test_progress_tells_the_time_left_from_what_was_done_since_the_first_call(monkeypatch, capsys):
    clock = Clock(monkeypatch)
    with Progress("work", 100, _begin=clock.now) as progress:
        progress.tell(40)  # 40 were there already
        clock.now += 4
        progress.tell(41)
        assert capsys.readouterr().err == ""  # not yet five seconds
        clock.now += 6
        progress.tell(50)
        assert capsys.readouterr().err == "work: 50 of 100, about 50 s left\n"  # 10 in 10 s, 50 to go
        clock.now += 1
        progress.tell(51)
        assert capsys.readouterr().err == ""
        clock.now += 189
        progress.tell(80)
        assert capsys.readouterr().err == "work: 80 of 100, about 100 s left\n"
        clock.now += 1000
        progress.tell(81)
        assert capsys.readouterr().err == "work: 81 of 100, about 9 min left\n"  # 1200 s / 41 × 19 = 556 s
        clock.now += 10
        progress.tell(100)
        assert capsys.readouterr().err == "work: 100 of 100\n"


def test_progress_knows_no_time_left_before_the_first_new_one(monkeypatch, capsys):
    clock = Clock(monkeypatch)
    with Progress("work", 10, _begin=clock.now) as progress:
        clock.now += 60
        progress.tell(3)
        assert capsys.readouterr().err == "work: 3 of 10\n"


def test_a_notebook_gets_a_bar_that_is_not_updated_more_often_than_it_can_be_seen(monkeypatch, capsys):
    clock, shown = Clock(monkeypatch), []
    handle = SimpleNamespace(update=shown.append)
    notebook = ModuleType("IPython")
    notebook.get_ipython = lambda: SimpleNamespace(kernel=object())
    notebook.display = SimpleNamespace(HTML=str, display=lambda made, display_id: shown.append(made) or handle)
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    with Progress("a < b", 100, _begin=clock.now) as progress:
        progress.tell(0)
        for done in range(1, 101):
            clock.now += 0.1
            progress.tell(done)
    assert shown[0] == 'a &lt; b <progress value="0" max="100"></progress> 0/100'
    assert "about 5 s left" in shown[1] or "left" in shown[2]
    assert shown[-1].endswith("100/100")
    assert len(shown) < 25
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar(monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Progress("work", 3) as progress:
        progress.tell(1)
        assert progress._bar.tasks[0].completed == 1
        assert progress._bar.tasks[0].total == 3
    assert progress._bar.live.is_started is False
