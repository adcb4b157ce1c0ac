"""A cell of a sweep: what is computed, at which parameters, from which seed; as text the same for the same cell."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from verify.evidence.files import Json


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: ``kind`` and ``target`` say what is computed, ``parameters`` (what JSON holds) where.

    ``replica`` tells repetitions apart, ``seed`` is the root of the sweep's streams.
    """

    kind: str
    target: str
    parameters: Mapping[str, Json] = field(default_factory=dict)
    replica: int = 0
    seed: int = 0

    @property
    def text(self) -> str:
        """The cell as canonical JSON."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    def key(self, code: str) -> str:
        """The hash of the cell, its seed and the version of the code that computes it."""
        return hashlib.sha256(f"{self.text}\n{code}".encode()).hexdigest()

    def rng(self) -> np.random.Generator:
        """The cell's own stream: a function of the cell and the root seed, not of the order of work."""
        digest = hashlib.sha256(self.text.encode()).digest()
        words = tuple(int.from_bytes(digest[k : k + 4], "big") for k in range(0, len(digest), 4))
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=words))


@dataclass(frozen=True, kw_only=True)
class Row:
    """What became of a cell: ``state`` is done, failed, timed out, killed or not run; ``result`` its numbers by name.

    ``error`` says in words why a cell is not done; ``seconds`` is the time that it took.
    """

    cell: Cell
    state: str
    result: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    seconds: float = 0.0

    @property
    def done(self) -> bool:
        """Whether the cell has its numbers."""
        return self.state == DONE


DONE, FAILED, LATE, KILLED, NOT_RUN = "done", "failed", "timed out", "killed", "not run"
"""The states of a cell; but for the first, the next run tries again."""
