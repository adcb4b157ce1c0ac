"""The checks that the values of `theory.statement` and `theory.symbols` share: each names the argument it refuses.

A value of the wrong kind raises TypeError, a wrong value ValueError: "name must …; got value; remedy".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

Kind = TypeVar("Kind")


def shown(value: object) -> str:
    """A short rendering of a refused value with its type; never fails."""
    try:
        text = repr(value)
    except Exception:  # Python's own repr fails for integers of more than 4300 digits
        text = "unprintable value"
    return f"{text[:60]}{'…' if len(text) > 60 else ''} ({type(value).__name__})"


def instance(value: Any, kinds: type[Kind] | tuple[type[Any], ...], name: str) -> Any:
    """`value` if it is of one of the kinds, else TypeError."""
    if isinstance(value, bool) and bool not in (kinds if isinstance(kinds, tuple) else (kinds,)):
        raise TypeError(f"{name} must not be a truth value; got {shown(value)}")
    if not isinstance(value, kinds):
        wanted = " or ".join(kind.__name__ for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))
        raise TypeError(f"{name} must be of type {wanted}; got {shown(value)}")
    return value


def text(value: Any, name: str, *, empty: bool = False) -> str:
    """`value` if it is a string with something in it (with ``empty``, any string)."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string; got {shown(value)}")
    if not empty and not value.strip():
        raise ValueError(f"{name} must not be empty; got {shown(value)}")
    return value


def sequence(values: Any, kinds: type[Kind] | tuple[type[Any], ...], name: str) -> tuple[Any, ...]:
    """`values`, a tuple or list of values of one of the kinds, as a tuple."""
    if not isinstance(values, (tuple, list)):
        raise TypeError(f"{name} must be a tuple; got {shown(values)}")
    return tuple(
        text(value, f"{name}[{k}]") if kinds is str else instance(value, kinds, f"{name}[{k}]")
        for k, value in enumerate(values)
    )


def mapping(values: Any, name: str) -> dict[str, Any]:
    """`values` as a dict whose keys are non-empty strings."""
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} must be a mapping; got {shown(values)}")
    return {text(key, f"every key of {name}"): value for key, value in values.items()}
