"""The checks that the values of `theory` share: each names the argument that it refuses, as ``name, value``.

A value of the wrong kind raises TypeError, a wrong value ValueError: "name must …; got value; remedy".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

Kind = TypeVar("Kind")
Value = TypeVar("Value")


def shown(value: object) -> str:
    """A short rendering of a refused value with its type; never fails."""
    try:
        text = repr(value)
    except Exception:  # Python's own repr fails for integers of more than 4300 digits
        text = "unprintable value"
    return f"{text[:60]}{'…' if len(text) > 60 else ''} ({type(value).__name__})"


def instance(name: str, value: object, kinds: type[Kind] | tuple[type[Kind], ...]) -> Kind:
    """`value` if it is of one of the kinds, else TypeError."""
    allowed = kinds if isinstance(kinds, tuple) else (kinds,)
    if isinstance(value, bool) and not any(kind is bool for kind in allowed):
        raise TypeError(f"{name} must not be a truth value; got {shown(value)}")
    if not isinstance(value, kinds):
        wanted = " or ".join(kind.__name__ for kind in allowed)
        raise TypeError(f"{name} must be of type {wanted}; got {shown(value)}")
    return cast(Kind, value)


def text(name: str, value: object, *, empty: bool = False) -> str:
    """`value` if it is a string with something in it (with ``empty``, any string)."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string; got {shown(value)}")
    if not empty and not value.strip():
        raise ValueError(f"{name} must not be empty; got {shown(value)}")
    return value


def sequence(name: str, values: object, kinds: type[Kind] | tuple[type[Kind], ...]) -> tuple[Kind, ...]:
    """`values`, a tuple or list of values of one of the kinds, as a tuple."""
    return tuple(instance(f"{name}[{k}]", value, kinds) for k, value in enumerate(_listed(name, values)))


def texts(name: str, values: object) -> tuple[str, ...]:
    """`values`, a tuple or list of strings with something in them, as a tuple."""
    return tuple(text(f"{name}[{k}]", value) for k, value in enumerate(_listed(name, values)))


def _listed(name: str, values: object) -> Sequence[object]:
    if not isinstance(values, (tuple, list)):
        raise TypeError(f"{name} must be a tuple; got {shown(values)}")
    return values


def mapping(name: str, values: Mapping[str, Value]) -> dict[str, Value]:
    """`values` as a dict whose keys are non-empty strings."""
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} must be a mapping; got {shown(values)}")
    return {text(f"every key of {name}", key): value for key, value in values.items()}
