"""The functions that a lemma is given: called with an instance's values by name, and what they return checked."""

from __future__ import annotations

import inspect
import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, ctx

from theory.checks import shown
from verify.balls.enclosures import enclose
from verify.balls.numbers import rational
from verify.evidence.domain import Instance

TRUST = 2.0**-40
"""Relative error allowed to a float that a function returns: twelve digits are trusted. A ball says its own error."""


class FunctionError(ValueError):
    """A function of a lemma raised, or returned what cannot be used; the message names it, the instance, the remedy."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """A function that a lemma was given as the argument ``name``: called with ``leading`` values, then by keyword.

    ``takes`` are the names of the instance's values that it is called with.
    """

    name: str
    function: Callable[..., Any]
    takes: tuple[str, ...]

    def __call__(self, instance: Mapping[str, Any], *leading: Any, **more: Any) -> Any:
        """What the function returns at an instance; FunctionError if it raises."""
        values = {name: readable(instance[name]) for name in self.takes if name in instance} | more
        try:
            return self.function(*leading, **values)
        except Exception as error:  # a user's function may raise anything
            raise FunctionError(
                f"{self.name} raised {type(error).__name__}: {error}, at {at(instance)}; return a number there, narrow "
                "over, or exclude such instances with given"
            ) from error

    def ball(self, instance: Mapping[str, Any], *leading: Any) -> arb:
        """The returned number as a ball; FunctionError for NaN and for what is no number."""
        value = self(instance, *leading)
        found = as_ball(value)
        if found is None:
            raise FunctionError(
                f"{self.name} must return a real number (a float, an exact number, a flint ball, or a pair (value, "
                f"error)); got {shown(value)} at {at(instance)}"
            )
        if found.is_nan():
            raise FunctionError(
                f"{self.name} must not return NaN; got {shown(value)} at {at(instance)}; narrow over, or exclude such "
                "instances with given"
            )
        return found


def given_function(
    function: Any, name: str, names: Sequence[str], leading: tuple[str, ...] = (), optional: tuple[str, ...] = ()
) -> Given:
    """Read a function, whose first parameters are ``leading``, that may take values of these names by keyword.

    ``optional`` are further keywords that it may take. TypeError for what is no function and for one that does not
    take the leading values, ValueError for a parameter that nothing is called.
    """
    call = f"{name}({', '.join((*leading, '**values'))})"
    if not callable(function):
        raise TypeError(f"{name} must be a function, called as {call}; got {shown(function)}")
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # some built-in functions tell nothing: they are called with everything
        return Given(name=name, function=function, takes=tuple(names))
    kinds = inspect.Parameter
    positional = [p for p in parameters if p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)]
    if len(positional) < len(leading) and not any(p.kind is kinds.VAR_POSITIONAL for p in parameters):
        raise TypeError(f"{name} must take {', '.join(leading)} first, called as {call}; got {shown(function)}")
    own = {p.name for p in positional[: len(leading)]}
    if any(p.kind is kinds.VAR_KEYWORD for p in parameters):
        return Given(name=name, function=function, takes=(*names, *optional))
    keywords = [p for p in parameters if p.kind in (kinds.POSITIONAL_OR_KEYWORD, kinds.KEYWORD_ONLY)]
    keywords = [p for p in keywords if p.name not in own]
    allowed = (*names, *optional)
    for parameter in keywords:
        if parameter.default is kinds.empty and parameter.name not in allowed:
            raise ValueError(
                f"{name} takes {parameter.name!r}, which has no range; add {parameter.name} to over (it has "
                f"{', '.join(names) or 'nothing'}) or give the parameter a default"
            )
    return Given(name=name, function=function, takes=tuple(p.name for p in keywords if p.name in allowed))


def as_ball(value: Any) -> arb | None:
    """A returned value as a ball: a float with the error `TRUST`, exact numbers enclosed; None for anything else."""
    if isinstance(value, tuple) and len(value) == 2:
        middle, error = as_ball(value[0]), as_ball(value[1])
        return None if middle is None or error is None else arb(middle.mid(), abs(error).upper() + middle.rad())
    number: Any = value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value
    if isinstance(number, arb):
        return number
    if isinstance(number, sp.Expr) and not isinstance(number, sp.Float):
        return None if number.free_symbols or number.has(sp.Float) else enclose(number, {}, precision=ctx.prec)
    if isinstance(number, numbers.Rational) and not isinstance(number, bool):
        return rational(f"{number.numerator}/{number.denominator}")
    if isinstance(number, (numbers.Real, sp.Float)) and not isinstance(number, bool):
        near = float(number)
        return arb(near, TRUST * abs(near)) if math.isfinite(near) else arb.nan()
    return None


def readable(value: Any) -> Any:
    """An instance's value as a user's function takes it: an array for nested lists, all else as it is."""
    return np.asarray(value) if isinstance(value, list) else value


def at(instance: Mapping[str, Any]) -> str:
    """An instance for a message."""
    text = ", ".join(f"{name} = {value!r}" for name, value in instance.items())
    return text if len(text) <= 200 else f"{text[:199]}…"


# Samples -------------------------------------------------------------------------------------------------------------

Drawn = dict[str, np.ndarray] | np.ndarray


def draw(sample: Given, instance: Instance, rng: np.random.Generator, size: int, bound: float | None = None) -> Drawn:
    """A sample's values at an instance: an array of ``size`` numbers or truth values, or one for each name.

    FunctionError for a wrong shape, NaN, and what is no number.
    """
    more = {"bound": bound} if "bound" in sample.takes else {}
    value = sample(instance, rng, size, **more)
    if isinstance(value, Mapping):
        return {str(name): _column(sample, item, f"[{name}]", instance, size) for name, item in value.items()}
    return _column(sample, value, "", instance, size)


def _column(sample: Given, value: Any, part: str, instance: Instance, size: int) -> np.ndarray:
    try:
        array = np.asarray(value)
    except Exception:  # ragged lists, foreign objects
        array = np.zeros((), dtype=object)
    if array.dtype.kind not in "biuf":
        raise FunctionError(
            f"{sample.name} must return real numbers or truth values; got {shown(value)}{part} at {at(instance)}"
        )
    if array.shape != (size,):
        raise FunctionError(
            f"{sample.name} must return one value for each of the {size} draws, shape ({size},); got the shape "
            f"{array.shape}{part} at {at(instance)}; reduce over the other axes"
        )
    if array.dtype.kind == "b":
        return array
    array = array.astype(float)
    if not np.isfinite(array).all():
        raise FunctionError(
            f"{sample.name} must return finite numbers; got {array[~np.isfinite(array)][0]}{part} at {at(instance)}; "
            "narrow over, or exclude such instances with given"
        )
    return array
