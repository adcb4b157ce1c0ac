"""Peak memory is estimated before it is asked for: what cannot fit is refused in words, not by the operating system."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numerics import checks

_CGROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


def _number(path: str) -> int | None:
    try:
        return int(Path(path).read_text(encoding="ascii"))
    except (OSError, ValueError):  # no such file, or the word "max"
        return None


def _system_memory() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:  # other systems: all of the physical memory, the best that is known there
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def available_memory() -> int | None:
    """The bytes that can still be allocated: the least of the system's and of the container's; None if unknown.

    Read from /proc/meminfo (elsewhere the size of the physical memory) and from the limits of control groups.
    """
    bounds = [_system_memory()]
    for limit, used in _CGROUPS:
        most, now = _number(limit), _number(used)
        if most is not None:
            bounds.append(max(most - (now or 0), 0))
    known = [bound for bound in bounds if bound is not None]
    return min(known) if known else None


def _largest(cost: Callable[[int], float], size: int, available: float) -> int:
    """The largest s < size with cost(s) ≤ available, cost increasing; 0 if there is none."""
    low, high = 0, size
    while high - low > 1:
        middle = (low + high) // 2
        if cost(middle) <= available:
            low = middle
        else:
            high = middle
    return low


def _shown(amount: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if amount < 1024.0:
            return f"{amount:.0f} {unit}" if amount >= 100.0 else f"{amount:.3g} {unit}"
        amount /= 1024.0
    return f"{amount:.3g} PiB"


def require_memory(
    what: str, needed: float, *, name: str = "", size: int = 0, cost: Callable[[int], float] | None = None
) -> None:
    """Raise `ValueError` if `needed` bytes, the estimated peak of `what`, exceed the available memory.

    what : what is about to be computed, in words. needed : its estimated peak in bytes. With `name`, `size` and
    `cost` (the peak in bytes as an increasing function of that size) the message says which size would fit. Nothing is
    refused where the available memory is unknown. TypeError for arguments of another kind.
    """
    checks.instance("what", what, str, "name the computation, for the message")
    amount = checks.real("needed", needed, minimum=0.0)
    checks.instance("name", name, str, "name the argument that could be smaller")
    most = checks.integer("size", size, minimum=0)
    if cost is not None and not callable(cost):
        checks.refuse("cost", "be callable", cost, "pass the peak in bytes as a function of the size", TypeError)
    available = available_memory()
    if available is None or amount <= available:
        return
    message = f"{what} needs about {_shown(amount)}, but {_shown(available)} are available"
    if cost is not None:
        fits = _largest(cost, most, available)
        remedy = f"{name} = {fits} would fit" if fits else f"not even {name} = 1 would fit: free some memory"
    else:
        remedy = "free some memory, or ask for less"
    raise ValueError(f"{message}; {remedy}")


def require_quadratic(what: str, width: int, fixed: float = 0.0) -> None:
    """`require_memory` for a quadratic of `width` m: seven m × m arrays (B, its checks, LAPACK's) and `fixed` bytes."""

    def cost(m: Any) -> float:
        return 56.0 * m * m + fixed

    require_memory(what, cost(width), name="width", size=width, cost=cost)
