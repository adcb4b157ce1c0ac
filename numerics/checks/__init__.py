"""The argument checks that every constructor and function of `numerics` shares.

A bad value raises ``ValueError`` (a wrong kind of object: ``TypeError``) whose message names the argument, echoes the
value and ends with the remedy. Nothing is coerced silently: booleans, strings, complex numbers, masked and object
arrays are refused, and so are NaN, infinities and magnitudes above `LARGEST`, whose products would overflow.
"""

import math
import numbers
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, NoReturn, TypeVar

import numpy as np

from numerics.checks.aliases import FloatArray

type_of = type

T = TypeVar("T")


LARGEST = 1e60
"""Largest magnitude accepted: products of up to five such numbers stay below the overflow threshold 1.8e308."""

_MOST_OBJECTS = 10**8  # numbers that are converted one by one
SUM_TOLERANCE = 1e-12
"""Largest deviation of a sum of weights from 1: the rounding of a sum of some thousand terms, and no typing error."""


def show(value: object) -> str:
    """A short, safe rendering of a refused value (an object's own ``repr`` may be huge, or fail)."""
    if isinstance(value, np.ndarray) and value.size > 6:
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    try:
        text = repr(value)
    except Exception:  # a repr may raise anything: Python's own does for integers of more than 4300 digits
        return f"an unprintable {type(value).__name__}"
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:60]}… ({type(value).__name__})"


def refuse(name: str, must: str, value: object, remedy: str, kind: type[Exception] = ValueError) -> NoReturn:
    """Raise ``kind`` with the message "name must …; got value; remedy"."""
    raise kind(f"{name} must {must}; got {show(value)}; {remedy}") from None


def _scalar(name: str, value: object) -> float:
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf":
        value = value[()]
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        refuse(name, "be a real number", value, "pass a float or an int", TypeError)
    try:
        return float(value)
    except OverflowError:
        refuse(name, f"be at most {LARGEST:g} in magnitude", value, "rescale the problem")
    except Exception:
        refuse(name, "convert to a float", value, "pass a float or an int", TypeError)


def real(
    name: str,
    value: object,
    *,
    minimum: float = -math.inf,
    above: float = -math.inf,
    maximum: float = math.inf,
    below: float = math.inf,
    infinite: bool = False,
) -> float:
    """``value`` as a float within the limits, ``above`` and ``below`` excluded; +inf only where ``infinite`` is set."""
    x = _scalar(name, value)
    if math.isnan(x):
        refuse(name, "be a number", value, "find where the NaN arises before calling")
    if infinite and x == math.inf:
        return x
    if not abs(x) <= LARGEST:
        refuse(name, f"be at most {LARGEST:g} in magnitude", value, "rescale the problem")
    if x < minimum:
        refuse(name, f"be at least {minimum:g}", value, "pass a larger value")
    if x <= above and above != -math.inf:
        refuse(name, f"be greater than {above:g}", value, "pass a larger value")
    if x > maximum:
        refuse(name, f"be at most {maximum:g}", value, "pass a smaller value")
    if x >= below and below != math.inf:
        refuse(name, f"be below {below:g}", value, "pass a smaller value")
    return x


def integer(name: str, value: object, *, minimum: int = 1, maximum: int = 10**12) -> int:
    """``value`` as an int between ``minimum`` and ``maximum`` (both included)."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral):
        refuse(name, "be an integer", value, "pass an int", TypeError)
    k = int(value)
    if not minimum <= k <= maximum:
        refuse(name, f"lie between {minimum} and {maximum}", value, "pass an integer of that range")
    return k


def option(name: str, value: object, options: Sequence[str]) -> str:
    """``value`` if it is one of the strings in ``options``."""
    if not isinstance(value, str):
        refuse(name, "be a string", value, f"choose one of {', '.join(map(repr, options))}", TypeError)
    if value not in options:
        refuse(name, "be a known option", value, f"choose one of {', '.join(map(repr, options))}")
    return value


def instance(name: str, value: object, kind: type_of | tuple[type_of, ...], remedy: str) -> None:
    """Raise ``TypeError`` unless ``value`` is an instance of ``kind``."""
    if not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        refuse(name, f"be {' or '.join(k.__name__ for k in kinds)}", value, remedy, TypeError)


def _holds_bool(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_holds_bool(x) for x in value)
    return isinstance(value, (bool, np.bool_))


def _exact_to_float(name: str, value: Any) -> object:
    """Nested sequences of exact real numbers (integers, fractions, constants that convert) as nested floats."""
    if isinstance(value, np.ndarray):
        if value.size > _MOST_OBJECTS:
            refuse(name, f"have at most {_MOST_OBJECTS} entries", value, "pass an array of floats, or fewer of them")
        value = value.tolist()
    if isinstance(value, (str, bytes, bool, np.bool_, complex)):
        refuse(name, "hold real numbers", value, "convert the entries to float", TypeError)
    if isinstance(value, numbers.Real):
        return _scalar(name, value)
    try:
        entries = list(value)
    except Exception:
        entries = None
    if entries is not None:
        return [_exact_to_float(name, x) for x in entries]
    try:
        return float(value)
    except Exception:
        refuse(name, "hold real numbers", value, "convert the entries to float", TypeError)


def _fits(shape: tuple[int, ...], wanted: Sequence[int | str]) -> bool:
    return len(shape) == len(wanted) and all(
        n == k if isinstance(k, int) else n >= 1 for n, k in zip(shape, wanted, strict=True)
    )


def array(
    name: str,
    value: object,
    *,
    shape: Sequence[int | str] | None,
    minimum: float = -math.inf,
    infinite: bool = False,
    exact: bool = False,
) -> FloatArray:
    """``value`` as a new read-only C-ordered float64 array of the given shape.

    ``shape`` has an integer for a fixed length and a string (its name in the message) for any length of at least 1;
    None stands for every shape without an empty axis. ``infinite`` lets +inf pass; ``exact`` also converts entries that
    are not NumPy numbers but convert to float.
    """
    wanted = "any" if shape is None else "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
    if isinstance(value, np.ma.MaskedArray):
        refuse(name, "be a plain array", value, "fill or drop the masked entries", TypeError)
    if exact and not (isinstance(value, np.ndarray) and value.dtype.kind in "iuf"):
        value = _exact_to_float(name, value)
    if _holds_bool(value):
        refuse(name, "hold real numbers", value, "replace the booleans by 0.0 and 1.0", TypeError)
    try:
        raw = np.asarray(value)
    except Exception:
        refuse(name, f"be an array of shape {wanted}", value, "pass a rectangular array of floats")
    if raw.dtype.kind not in "iuf":
        refuse(name, "hold real numbers", value, "convert it with numpy.asarray(…, dtype=float)", TypeError)
    if raw.size == 0 or (shape is not None and not _fits(raw.shape, shape)):
        raise ValueError(f"{name} must have shape {wanted}; got shape {raw.shape}; reshape it, no axis may be empty")
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # an extended-precision entry may overflow: caught below
            out = np.array(raw, dtype=np.float64, order="C")
    except MemoryError:
        refuse(name, "fit into memory", value, f"{8 * raw.size:.1e} bytes do not: pass fewer entries")
    low, high = out.min(), out.max()  # NaN if there is one
    if math.isnan(low):
        refuse(name, "hold no NaN", value, "find where the NaN arises before calling")
    if infinite and high == math.inf:
        high = out.max(initial=0.0, where=out != math.inf)
    if low < -LARGEST or high > LARGEST:
        refuse(name, f"have entries of magnitude at most {LARGEST:g}", value, "rescale the problem")
    if low < minimum:
        refuse(name, f"have entries of at least {minimum:g}", value, f"the smallest is {low:g}: correct it")
    out.flags.writeable = False
    return out


def vector(name: str, value: object, *, minimum: float = -math.inf) -> FloatArray:
    """A number, or an array of shape (k,), as an array of shape (k,)."""
    out = array(name, value, shape=None, minimum=minimum)
    if out.ndim > 1:
        raise ValueError(f"{name} must have shape (k,); got shape {out.shape}; pass one number per component")
    return out.reshape(-1)


def rows(name: str, value: object) -> FloatArray:
    """Points (n, d), from (n, d), from (n,) on the line, or from a number."""
    out = array(name, value, shape=None)
    if out.ndim > 2:
        raise ValueError(f"{name} must have shape (n,) or (n, d); got shape {out.shape}; pass one row per point")
    points = out.reshape(len(out) if out.ndim else 1, -1)
    points.flags.writeable = False
    return points


def failure(name: str, value: object) -> float:
    """The probability δ > 0 with which a bound may fail, as a float; a subnormal one would have no inverse."""
    out = real(name, value, minimum=float(np.finfo(float).tiny))
    if out > 1.0:
        refuse(name, "be at most 1", value, "pass a failure probability")
    return out


def probabilities(name: str, value: object, *, exact: bool = False) -> FloatArray:
    """``value`` as weights (k,), nonnegative and with sum 1 up to `SUM_TOLERANCE`."""
    out = array(name, value, shape=("k",), minimum=0.0, exact=exact)
    total = math.fsum(out)
    if abs(total - 1.0) > SUM_TOLERANCE:
        raise ValueError(
            f"{name} must sum to 1; got {total!r} ({len(out)} components); divide them by their sum"
        ) from None
    return out


def increasing(name: str, value: FloatArray) -> FloatArray:
    """``value`` if its entries increase strictly."""
    if (np.diff(value) <= 0.0).any():
        refuse(name, "increase strictly", value, "sort it and drop repeated entries")
    return value


def given(name: str, kind: type[T], value: T | None, keywords: Mapping[str, object]) -> T:
    """``value`` of the dataclass ``kind``, the argument ``name``, or else an object made of its fields by their names.

    TypeError where both are given, where a field without a default is missing, and for keywords that are no fields.
    """
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    for key, part in keywords.items():
        if key not in known:
            raise TypeError(
                f"{key} must be an argument of the function or a field of {kind.__name__}; got {show(part)}; these are "
                f"{', '.join(known)}"
            )
        if value is not None:
            refuse(key, f"be left out beside {name}", part, f"put it into the {kind.__name__}", TypeError)
    if value is not None:
        instance(name, value, kind, f"build it with {kind.__name__}(…)")
        return value
    for key, field in known.items():
        if key not in keywords and field.default is MISSING:
            raise TypeError(f"{key} must be given; got none; pass {key}=…, or a {kind.__name__} as {name}")
    return kind(**keywords)


class ArrayValue:
    """Equality by content and read-only arrays after unpickling, for frozen dataclasses with array fields."""

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(
            np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b
            for a, b in zip(self._values(), other._values(), strict=True)  # type: ignore[attr-defined]
        )

    def __hash__(self) -> int:
        # adding 0.0 turns -0.0, which equals 0.0, into 0.0
        return hash(tuple((a + 0.0).tobytes() if isinstance(a, np.ndarray) else a for a in self._values()))

    def __setstate__(self, state: dict[str, object]) -> None:
        for value in state.values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False  # pickle and deepcopy forget the flag
        self.__dict__.update(state)

    def _values(self) -> list[Any]:
        known = self.__dataclass_fields__  # type: ignore[attr-defined]
        return [getattr(self, name) for name, field in known.items() if field.compare]
