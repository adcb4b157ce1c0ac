"""Hypothesis' draws under settings of our own: the same seed gives the same instances in every environment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any, cast

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.internal.conjecture import providers as _providers


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
    a process that has imported more. Other threads wait.
    """
    name, providers = "_get_local_constants", cast(Any, _providers)
    original = getattr(providers, name, None)
    if original is None:  # an older Hypothesis
        yield
        return
    cache = getattr(providers.CONSTANTS_CACHE, "cache", providers.CONSTANTS_CACHE)
    none = providers.Constants()
    with _CONSTANTS:
        setattr(providers, name, lambda: none)
        cache.clear()
        try:
            yield
        finally:
            setattr(providers, name, original)
            cache.clear()
