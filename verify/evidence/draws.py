"""Hypothesis' draws under settings of our own: the same seed gives the same instances in every environment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import RLock
from typing import Any, cast

from hypothesis import HealthCheck, Phase, Verbosity, settings


def settled(examples: int, *phases: Phase) -> settings:
    """Settings with every field given that a profile (CI's, say) could change."""
    return settings(
        max_examples=examples,
        phases=phases,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=cast(Any, tuple(HealthCheck)),
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        backend="hypothesis",
    )


_CONSTANTS = RLock()


@contextmanager
def settled_constants() -> Iterator[None]:
    """Keep Hypothesis from mixing numbers out of the source of whatever modules happen to be loaded into its draws.

    It does so since version 6.131, and has no setting against it; with it the same seed would give other instances in
    a process that has imported more. This is the only place that touches what is private to Hypothesis; where it finds
    nothing of the kind (older versions, perhaps later ones) it does nothing. Other threads wait.
    """
    with _CONSTANTS:
        providers = _providers()
        if providers is None:
            yield
            return
        original, none = providers._get_local_constants, providers.Constants()
        cache = getattr(providers.CONSTANTS_CACHE, "cache", providers.CONSTANTS_CACHE)
        providers._get_local_constants = lambda: none
        cache.clear()
        try:
            yield
        finally:
            providers._get_local_constants = original
            cache.clear()


def _providers() -> Any:
    """The module of Hypothesis that mixes constants in, None for a version that has none, or another one."""
    try:
        found = import_module("hypothesis.internal.conjecture.providers")
    except ImportError:
        return None
    return (
        found
        if all(hasattr(found, name) for name in ("_get_local_constants", "Constants", "CONSTANTS_CACHE"))
        else None
    )
