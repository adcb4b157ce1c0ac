"""Peak memory is estimated before it is asked for: what cannot fit is refused in words, not by the operating system."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

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


def shown_bytes(amount: float) -> str:
    """An amount of memory in words."""
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if amount < 1024.0:
            return f"{amount:.0f} {unit}" if amount >= 100.0 else f"{amount:.3g} {unit}"
        amount /= 1024.0
    return f"{amount:.3g} PiB"


def require_memory(
    what: str, needed: float, *, name: str = "", size: int = 0, cost: Callable[[int], float] | None = None
) -> None:
    """Raise ``ValueError`` if ``needed`` bytes, the estimated peak of ``what``, exceed the available memory.

    ``what``: what is about to be computed, in words. ``needed``: its estimated peak in bytes. With ``name``, ``size``
    and ``cost`` (the peak in bytes as an increasing function of that size) the message says which size would fit.
    Nothing is refused where the available memory is unknown. TypeError for arguments of another kind.
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
    if cost is None:
        _refuse(what, amount, available, "free some memory, or ask for less")
    fits = _largest(cost, most, available)
    remedy = f"{name} = {fits} would fit" if fits else f"not even {name} = 1 would fit: free some memory"
    _refuse(what, amount, available, remedy)


def _refuse(what: str, amount: float, available: float, remedy: str) -> NoReturn:
    raise ValueError(f"{what} needs about {shown_bytes(amount)}, but {shown_bytes(available)} are available; {remedy}")


def require_sizes(what: str, cost: Callable[..., float], **sizes: int) -> None:
    """`require_memory` for several sizes: cost(**sizes) bytes, increasing in each; the message has a fit for each."""
    available, amount = available_memory(), cost(**sizes)
    if available is None or amount <= available:
        return
    fits = []
    for name, size in sizes.items():
        most = _largest(lambda k, name=name: cost(**{**sizes, name: k}), size, available)
        fits += [f"{name.replace('_', ' ')} = {most}"] if most else []
    few = " and ".join(f"{name.replace('_', ' ')} = 1" for name in sizes)
    _refuse(what, amount, available, f"{' or '.join(fits)} would fit" if fits else
            f"no smaller one of them alone would fit, try {few}, or free some memory" if len(sizes) > 1 else
            f"not even {few} would fit: free some memory")  # fmt: skip


def require_quadratic(what: str, width: int, *, times: int = 0, data: int = 0) -> None:
    """`require_sizes` for a quadratic: seven m × m arrays (B, its checks, LAPACK's), tables per time and per datum."""

    def cost(width: int, number_of_times: int = 0, number_of_data: int = 0) -> float:
        return 56.0 * width * width + 64.0 * number_of_times * width + 320.0 * number_of_data

    sizes = {"width": width, "number_of_times": times, "number_of_data": data}
    require_sizes(what, cost, **{name: size for name, size in sizes.items() if size})
