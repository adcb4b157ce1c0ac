"""The one place that configures Numba.

Numba does not notice that a callee in *another* file has changed, nor an imported constant. So each kernel keeps its
callees in its own file and takes constants as arguments, and the cache directory carries a hash of all files of
kernels: any edit of one starts a fresh cache.

Numba is loaded when the first kernel is called, so that the modules that use kernels may be imported for nothing.
"""

import functools
import hashlib
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_lock = threading.Lock()
_waiting: dict[str, list["Kernel"]] = {}  # kernels by module, until one of them is called
_cache: list[str | None] = []  # the directory, once decided; None inside means: no cache can be written


def source_hash() -> str:
    """Hash (16 hexadecimal digits) of every file of kernels, names included: nothing else is compiled."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _candidates() -> list[Path]:
    own = os.environ.get("NUMBA_CACHE_DIR")
    if own:
        return [Path(own)]  # a user's choice is kept even when it cannot be written: then nothing is cached
    if sys.platform == "win32":
        user = os.environ.get("LOCALAPPDATA", "~/AppData/Local")
    else:
        user = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return [Path(__file__).parent / "__pycache__", Path(user).expanduser() / "scoregap"]


def find_cache_directory() -> str | None:
    """The first directory, keyed by `source_hash`, that can be written; None if there is none."""
    try:
        key = f"numba-{source_hash()}"
    except OSError:  # sources that cannot be read, as in a zip file
        return None
    for base in _candidates():
        try:
            path = base / key
            path.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=path).close()
        except (OSError, RuntimeError):
            continue
        return str(path)
    return None


class Kernel:
    """A function that Numba compiles when it, or another kernel of its module, is first called.

    At that moment every kernel of the module takes its function's place there, callees before callers as they were
    defined: a caller finds compiled callees in the globals of its module.
    """

    def __init__(self, function: Callable[..., Any], flags: frozenset[str]):
        functools.update_wrapper(self, function)
        self.function, self.flags, self._compiled = function, flags, None
        _waiting.setdefault(function.__module__, []).append(self)

    def __call__(self, *arguments: Any) -> Any:
        """The function's value, from compiled code."""
        return self.compiled(*arguments)

    @property
    def compiled(self) -> Any:
        """Numba's dispatcher."""
        with _lock:
            for kernel in _waiting.pop(self.function.__module__, []):
                kernel._compiled = _dispatcher(kernel.function, kernel.flags)
                kernel.function.__globals__[kernel.function.__name__] = kernel._compiled
        return self._compiled


def jit(function: F) -> F:
    """Compile ``function`` with Numba in nopython mode, releasing the GIL; cached on disk where that is possible.

    Division follows NumPy (no exception on 0/0), and floating-point semantics are strict. Where no directory can be
    written, the function is compiled anew in each process. ``NUMBA_CACHE_DIR`` moves the cache.
    """
    return Kernel(function, frozenset())  # type: ignore[return-value]


def jit_relaxed(*flags: str) -> Callable[[F], F]:
    """`jit` with some of LLVM's fast-math flags, which a kernel must need and state: "contract", "reassoc"."""
    return lambda function: Kernel(function, frozenset(flags))  # type: ignore[return-value]


def _dispatcher(function: Callable[..., Any], flags: frozenset[str]) -> Any:
    numba = import_module("numba")
    if not _cache:
        _cache.append(find_cache_directory())
    # Numba reads the directory while it decorates; a user's own kernels must not end up in ours.
    before = numba.config.CACHE_DIR
    if _cache[0] is not None:
        numba.config.CACHE_DIR = _cache[0]
    try:
        return _decorated(function, flags, cache=_cache[0] is not None)
    finally:
        numba.config.CACHE_DIR = before


def _decorated(function: Callable[..., Any], flags: frozenset[str], *, cache: bool) -> Any:
    njit = import_module("numba").njit
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": set(flags) or False}
    try:
        return njit(cache=cache, **options)(function)
    except (RuntimeError, OSError):  # Numba found no place for its cache after all
        if not cache:
            raise
        return njit(**options)(function)
