"""``pytest --scoregap my_lemmas.py``: each lemma of a file is a test, and a refutation fails with its witness."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from verify.audit import engine
from verify.audit.results import ClaimResult
from verify.audit.words import witness_text
from verify.evidence.budget import budget_named
from verify.lemma.files import LemmaFileError, lemmas_in
from verify.lemma.lemma import Lemma

PATTERN = "*lemmas.py"
"""The files that are collected from a directory; a file that is named is collected whatever its name."""


def pytest_configure(config: pytest.Config) -> None:
    """Refuse an unknown budget before anything is collected."""
    option: Any = config.getoption
    try:
        budget_named(option("--scoregap-budget"))
    except ValueError as error:
        raise pytest.UsageError(f"--scoregap-budget: {error}") from None
    if option("--scoregap-seed") < 0:
        raise pytest.UsageError(f"--scoregap-seed must be >= 0; got {option('--scoregap-seed')}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> LemmaFile | None:
    """Collect a Python file that was named, or whose name says that it holds lemmas."""
    if file_path.suffix == ".py" and (parent.session.isinitpath(file_path) or file_path.match(PATTERN)):
        return LemmaFile.from_parent(parent, path=file_path)
    return None


class LemmaFile(pytest.File):
    """A file of lemmas."""

    def collect(self) -> Iterator[LemmaItem]:
        """Its lemmas, in their order."""
        path = self.path
        shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        try:
            found = lemmas_in(shown)
        except LemmaFileError as error:
            raise self.CollectError(str(error)) from None
        for name, lemma in found.items():
            yield LemmaItem.from_parent(self, name=name, lemma=lemma)


class LemmaItem(pytest.Item):
    """A lemma as a test."""

    def __init__(self, *, lemma: Lemma, **more: Any) -> None:
        super().__init__(**more)
        self.lemma = lemma

    def runtest(self) -> None:
        """Check the lemma with its wrong variants."""
        option: Any = self.config.getoption
        result = engine.check(self.lemma, budget=option("--scoregap-budget"), seed=option("--scoregap-seed"))
        if result.faults:
            raise LemmaError(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The statement, its witness and the replay line in place of a traceback."""
        if isinstance(excinfo.value, LemmaError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the lemma stands."""
        return self.path, None, self.name


class LemmaError(AssertionError):
    """A lemma is not what its file says that it is."""

    def __init__(self, result: ClaimResult) -> None:
        lines = [f"{result.id} is {result.verdict}: {result.sentence}"]
        if result.smallest is not None:
            lines.append(f"witness  {witness_text(result.smallest)}")
        if result.replay_line:
            lines.append(f"replay   {result.replay_line}")
        lines += [f"{item.method}: {item.summary}" for item in result.evidence]
        lines += [f"NOT AS EXPECTED  {fault}" for fault in result.faults]
        super().__init__("\n".join(lines))
