"""What a method is run with: a budget, and reproducible streams of randomness keyed by cell."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How much work each method may do.

    ``examples``: instances drawn by a search; ``polish``: evaluations of the optimiser; ``samples``: Monte-Carlo
    samples of a sequential test before it is left undecided; ``cells``: boxes of a certificate; ``size``: the largest
    finite set that an enumeration visits; ``alpha``: the error level of one sequential test. An audit runs fewer than
    1000 of them, so that its family-wise level stays below 1000 · alpha.
    """

    name: str
    examples: int
    polish: int
    samples: int
    cells: int
    size: int
    models: int
    alpha: float = 1e-9


BUDGETS = {
    "quick": Budget(name="quick", examples=60, polish=150, samples=200_000, cells=20_000, size=40, models=6),
    "standard": Budget(
        name="standard", examples=500, polish=1000, samples=2_000_000, cells=100_000, size=120, models=40
    ),
    "deep": Budget(name="deep", examples=5000, polish=5000, samples=20_000_000, cells=1_000_000, size=400, models=480),
}


_WORDS = {
    "examples": "instances for each search",
    "samples": "samples for each statistical test",
    "size": "as the size of enumerations",
    "cells": "boxes for each certificate",
    "models": "trained models",
}


def longer_budgets(name: str) -> list[str]:
    """What each longer budget would add to an audit, in words; empty for the longest."""
    own, names = budget_named(name), list(BUDGETS)
    return [
        f"--budget {other} would use "
        + ", ".join(
            f"{getattr(BUDGETS[other], field):,} {text} (now {getattr(own, field):,})" for field, text in _WORDS.items()
        )
        for other in names[names.index(name) + 1 :]
    ]


def budget_named(name: str) -> Budget:
    """The budget of a name; raises ValueError for an unknown one."""
    if name not in BUDGETS:
        raise ValueError(f"budget must be one of {', '.join(BUDGETS)}; got {name!r}")
    return BUDGETS[name]


@dataclass(frozen=True, kw_only=True)
class Context:
    """Budget and root seed of a run, and the path of keys that leads to this cell of work.

    With ``first_refutation`` a method may stop at its first violation, unshrunk: enough to kill a mutant.
    """

    budget: Budget
    seed: int = 0
    path: tuple[str, ...] = ()
    first_refutation: bool = False

    def at(self, *keys: str) -> Context:
        """The context of a sub-cell; its streams are independent of every other cell's."""
        return replace(self, path=(*self.path, *keys))

    def sequence(self) -> np.random.SeedSequence:
        """The cell's SeedSequence: a function of the root seed and the path alone, not of the order of work."""
        return np.random.SeedSequence(self.seed, spawn_key=tuple(zlib.crc32(key.encode()) for key in self.path))

    def integer(self) -> int:
        """The cell's seed as one 64-bit integer."""
        return int(self.sequence().generate_state(1, np.uint64)[0])
