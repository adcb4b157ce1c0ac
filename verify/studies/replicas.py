"""Replicas of a measurement: run in threads, kept line by line, resumed after any stop.

The file NAME.replicas.jsonl holds a line that says what was measured, and one line per finished replica, written and
synchronised as each ends. So whatever stops a study costs the replicas in flight and no other.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, TypedDict

import numpy as np

from numerics.backends.backend import Backend
from numerics.backends.choice import in_use, use_backend
from numerics.checks.memory import require_memory
from theory.checks import shown
from verify.evidence.executors import Work, require_executor
from verify.evidence.files import locked, or_null, plain
from verify.studies.files import Output
from verify.studies.progress import Progress

Record = dict[str, Any]
"""What is measured on one replica: numbers and nested lists of them, null for what is not a finite number."""


Form = Mapping[str, Any]
"""What a record must have: by name the shape of an array of numbers, a `Form`, or None for anything.

A name that ends with a question mark may be missing; a length of -1 is any length.
"""
_TOGETHER = 256
"""Replicas that are measured at once, and lost together by a stop, where a backend trains them in one program."""
_RECORD = 2000
"""Bytes that a replica takes at least while a study runs."""


class ReplicaKeywords(TypedDict, total=False):
    """What every study of replicas takes, as in `replicate`."""

    replicas: int | None
    resume: bool
    workers: int
    executor: Executor | None


class ReplicasError(ValueError):
    """A file of replicas that is in the way, is of another study or in use by another process, or is damaged."""


def replicas_file(out: Path, name: str) -> Path:
    """Where a study keeps its replicas."""
    return out / f"{name}.replicas.jsonl"


def require_room(replicas: int) -> None:
    """Refuse more replicas than fit into memory, in ValueError: before any work, also that of the studies before."""
    require_memory(
        f"a study of {replicas} replicas",
        _RECORD * replicas,
        name="replicas",
        size=replicas,
        cost=lambda k: _RECORD * k,
    )


def replicate(
    measure: Callable[[int], Mapping[str, object]],
    *,
    files: Output,
    settings: Mapping[str, object],
    seed: int,
    usual: int = 0,
    replicas: int | None = None,
    resume: bool = False,
    workers: int = 1,
    executor: Executor | None = None,
    form: Callable[[int], Form] = lambda _: {},
    together: Callable[[range], Sequence[Mapping[str, object]]] | None = None,
) -> list[Record]:
    """Measure replicas 0, 1, …, keeping each in NAME.replicas.jsonl as it ends; return all of them in order.

    There are ``replicas`` of them, or ``usual`` where that is None.

    ``measure(k)`` is called in ``workers`` threads, or by any ``executor``, to whose processes it can be sent, and is a
    function of the settings, the seed and k alone. ``together``: the same for a range of replicas, which is called in
    its place, one call after the other here, where the backend in use trains replicas in one program; the precision of
    that backend is kept in the file. With ``resume`` the replicas that the file has are not measured again; without it
    the file must not be there. ``form(k)``: what the record of replica k must have. ReplicasError for a file of other
    settings or another seed, one that is there without ``resume``, one that another process writes to, and one that is
    damaged or lacks something; ValueError for numbers that are not positive, and for more replicas than fit into
    memory; `ExecutorLostError` where the executor fails.
    """
    replicas = usual if replicas is None else replicas
    for name, value in (("replicas", replicas), ("workers", workers)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} must be an integer >= 1; got {shown(value)}")
    require_executor(executor)
    require_room(replicas)
    path = replicas_file(files.out, files.name)
    where = in_use()
    rounded = {} if where.dtype == "float64" else {"dtype": where.dtype}
    head = _line({"study": files.name, "seed": seed, "settings": settings, **rounded})
    if path.exists() and not path.is_file():
        raise ReplicasError(f"out holds {path.name}, which is no file; remove it, or take another directory")
    if path.exists() and not resume:
        raise ReplicasError(
            f"out holds {path.name} with {len(_read(path, head, form)[0])} replicas already; got resume=False: resume "
            "from it (--resume), remove it, or take another directory"
        )
    with _locked(path) as stream, Progress(files.name, replicas) as progress:
        known, size = _read(path, head, form)
        wanted = [k for k in range(replicas) if k not in known]
        stream.truncate(size)
        if size == 0:
            _append(stream, head)
        progress.tell(replicas - len(wanted))
        groups = _runs(wanted) if together is not None and where.numbered else [range(k, k + 1) for k in wanted]
        threads = min(workers, max(len(groups), 1)) if len(groups) == len(wanted) else 1
        own = ThreadPoolExecutor(threads) if executor is None else None
        work = Work(executor or own)  # type: ignore[arg-type]
        left = set(wanted)

        def keep(group: range, found: Sequence[Mapping[str, object]]) -> None:
            for k, one in zip(group, found, strict=True):
                line = _line({"replica": k, **one})
                _append(stream, line)
                known[k] = json.loads(line)
            left.difference_update(group)
            progress.tell(replicas - len(left))

        try:
            for group in groups:
                work.submit(group, _measured, measure, together, group, where if own is None else None)
            for group, found in work.results():
                keep(group, found)
        finally:  # after an interrupt or a failure, what is in flight here is still kept
            work.cancel()
            if own is not None:
                if len(work):
                    sys.stderr.write(f"{files.name}: stopping after the replicas in flight\n")
                own.shutdown(wait=True)
            for group, found in work.finished():
                keep(group, found)
    return [known[k] for k in range(replicas)]


def _measured(
    measure: Callable[[int], Mapping[str, object]],
    together: Callable[[range], Sequence[Mapping[str, object]]] | None,
    group: range,
    where: Backend | None,
) -> Sequence[Mapping[str, object]]:
    """Numbers of replicas; a process of an executor has its own backend in use, so that it is told which."""
    with nullcontext() if where is None else use_backend(where):
        return [measure(k) for k in group] if together is None or len(group) == 1 else together(group)


def _runs(wanted: Sequence[int]) -> list[range]:
    """Increasing numbers as ranges of at most `_TOGETHER` each."""
    found: list[range] = []
    for k in wanted:
        if found and found[-1].stop == k and len(found[-1]) < _TOGETHER:
            found[-1] = range(found[-1].start, k + 1)
        else:
            found.append(range(k, k + 1))
    return found


def column(records: Sequence[Record], name: str) -> np.ndarray:
    """One measured quantity of all replicas as an array, NaN for null."""
    return np.array([record[name] for record in records], dtype=float)


def _line(values: Mapping[str, object]) -> bytes:
    return json.dumps(plain(values, or_null), ensure_ascii=False, allow_nan=False).encode() + b"\n"


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """The file, open for appending, which no other process may write to meanwhile."""
    try:
        with locked(path) as stream:
            yield stream
    except BlockingIOError:
        raise ReplicasError(
            f"{path} is being written to by another process; let it end, or take another directory"
        ) from None


def _append(stream: BinaryIO, line: bytes) -> None:
    stream.write(line)
    stream.flush()
    os.fsync(stream.fileno())


def _read(path: Path, head: bytes, form: Callable[[int], Form]) -> tuple[dict[int, Record], int]:
    """The replicas of a file, and the size of its whole lines: behind them is what a stop has left of one."""
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    lines = whole.splitlines(keepends=True)
    first = lines[0] if lines else content
    if not (first == head if lines else head.startswith(content)):
        raise ReplicasError(
            f"{path} must be of this study, seed and settings; it has {_differences(first, head)}: "
            "remove it, or take another directory"
        )
    known: dict[int, Record] = {}
    for number, line in enumerate(lines[1:], 2):
        record = _record(line)
        if record is None:
            raise ReplicasError(
                f"line {number} of {path} is not a replica; got {shown(_text(line))}: remove that "
                "line, or take another directory"
            )
        misfit = _misfit(form(record["replica"]), record, "")
        if misfit:
            raise ReplicasError(
                f"line {number} of {path} is no replica of this study: {misfit}; remove that line, or take another "
                "directory"
            )
        known.setdefault(record["replica"], record)
    return known, len(whole)


def _record(line: bytes) -> Record | None:
    """The record of a line, None for a line that is none."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    number = record.get("replica") if isinstance(record, dict) else None
    return record if isinstance(number, int) and not isinstance(number, bool) and number >= 0 else None


def _misfit(form: object, value: object, name: str) -> str:
    """What a value lacks of a form, in words; nothing where it fits."""
    if form is None:
        return ""
    if isinstance(form, Mapping):
        if not isinstance(value, Mapping):
            return f"{name} must be an object; got {shown(value)}"
        for key, inner in form.items():
            own = key.removesuffix("?")
            place = f"{name}.{own}" if name else own
            if own not in value:
                if own == key:
                    return f"{place} is missing"
                continue
            found = _misfit(inner, value[own], place)
            if found:
                return found
        return ""
    return "" if _has_shape(value, form) else f"{name} must hold numbers of shape {form}; got {shown(value)}"


def _has_shape(value: object, shape: Any) -> bool:
    if not shape:
        return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
    return (
        isinstance(value, list)
        and shape[0] in (-1, len(value))
        and all(_has_shape(entry, shape[1:]) for entry in value)
    )


def _differences(line: bytes, head: bytes) -> str:
    """What the first line of a file has, and what it should have."""
    try:
        found = _flat(json.loads(line))
    except ValueError:
        return shown(_text(line))
    wanted = _flat(json.loads(head))
    names = [name for name in {**found, **wanted} if found.get(name) != wanted.get(name)]
    return ", ".join(f"{name} = {shown(found.get(name))} against {shown(wanted.get(name))}" for name in names[:4])


def _flat(value: object, name: str = "") -> dict[str, object]:
    """Nested settings as one mapping of dotted names."""
    if not isinstance(value, Mapping):
        return {name: value}
    return {
        key: entry
        for part, inner in value.items()
        for key, entry in _flat(inner, f"{name}.{part}" if name else str(part)).items()
    }


def _text(line: bytes) -> str:
    return line.decode(errors="replace").strip()
