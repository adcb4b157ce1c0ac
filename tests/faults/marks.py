"""What compiled functions can do to say that they were run: a byte of memory for each, set to 1.

A tracer does not see what Numba compiles, and such code calls nothing in Python; but it may store.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

NAMES: list[str] = []
_HITS = np.zeros(4096, np.uint8)


def place(name: str) -> int:
    """The address of the byte of a function, which is named once and for all."""
    if len(NAMES) == len(_HITS):
        raise ValueError(f"{len(NAMES)} kernels have been marked: make _HITS longer")
    NAMES.append(name)
    return _HITS.ctypes.data + len(NAMES) - 1


def hits() -> Sequence[str]:
    """The functions that were run since they were asked for last."""
    found = [name for name, hit in zip(NAMES, _HITS, strict=False) if hit]
    _HITS[:] = 0
    return found


@intrinsic
def mark(_context: Any, address: Any) -> Any:
    """Set the byte at an address."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        byte = context.get_value_type(types.uint8)
        builder.store(byte(1), builder.inttoptr(arguments[0], byte.as_pointer()))
        return context.get_dummy_value()

    return types.void(types.intp), generate
