"""Which backend runs: the one that is named, or the one in use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from numerics import checks
from numerics.backends.backend import Backend, NumpyBackend
from numerics.backends.torch_backend import TorchBackend

BACKENDS: dict[str, type[Backend]] = {"numpy": NumpyBackend, "torch": TorchBackend}

NUMPY = NumpyBackend()

_used: list[Backend] = [NUMPY]


def backend(name: str, *, device: str = "cpu", dtype: str = "float64", memory: int | None = None) -> Backend:
    """A backend, to be passed as ``backend=`` or to `use_backend`.

    ``name``: "numpy" (with Numba) or "torch". ``device``, ``dtype``, ``memory``: see `Backend`. ValueError or TypeError
    for other names, a device that is not there, a dtype that it does not have; where PyTorch is not installed, the
    error says how to get it.
    """
    return BACKENDS[checks.option("backend", name, tuple(BACKENDS))](device=device, dtype=dtype, memory=memory)


def chosen(which: Backend | str | None = None, device: str | None = None, dtype: str | None = None) -> Backend:
    """The backend that three arguments of a function mean; the one in use for three times None."""
    where = {name: value for name, value in (("device", device), ("dtype", dtype)) if value is not None}
    if isinstance(which, Backend):
        for name, value in where.items():
            checks.refuse(name, "be left out beside a Backend", value, "put it into backend(…)", TypeError)
        return which
    if which is None and not where:
        return _used[-1]
    return replace(_used[-1] if which is None else backend(which), **where)


def in_use() -> Backend:
    """The backend that runs where none is named."""
    return _used[-1]


def use(which: Backend | str, *, device: str = "cpu", dtype: str = "float64") -> None:
    """From here on, and in every thread, this backend runs where none is named."""
    _used[:] = [which if isinstance(which, Backend) else backend(which, device=device, dtype=dtype)]


@contextmanager
def use_backend(
    which: Backend | str, *, device: str = "cpu", dtype: str = "float64", memory: int | None = None
) -> Iterator[Backend]:
    """A context in which, in every thread, this backend runs wherever none is named.

    ``which``: a `Backend`, or the name of one with its fields as keywords. Errors as of `backend`. Values made within,
    such as a `Quadratic`, keep their backend.
    """
    made = which if isinstance(which, Backend) else backend(which, device=device, dtype=dtype, memory=memory)
    _used.append(made)
    try:
        yield made
    finally:
        _used.remove(made)
