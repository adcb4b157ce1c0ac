"""Read-only mappings of names: the named terms of a statement's sides, constants and settings.

SymPy evaluates relations and merges terms of equal shape, so that the terms of a side are kept apart by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeVar

import sympy as sp

from theory import checks
from theory.exact import Exact, exact

Value = TypeVar("Value")


class ReadOnly(dict[str, Value]):
    """A read-only mapping from names to values."""

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise TypeError("this mapping is read-only; make a new one instead")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = __ior__ = _refuse  # type: ignore[assignment]

    def __reduce__(self):
        return (type(self), (dict(self),))

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


class Terms(ReadOnly[sp.Expr]):
    """A read-only mapping of term names to exact expressions.

    Made from a mapping or from pairs of names and numbers or expressions. Raises ValueError for floating-point numbers,
    infinities, NaN, empty or repeated names and for no terms at all, TypeError for what is no expression.
    """

    def __init__(self, terms: Mapping[str, Exact] | Iterable[tuple[str, Exact]]):
        checked: dict[str, sp.Expr] = {}
        for name, raw in _pairs(terms):
            if checks.text("every name of terms", name) in checked:
                raise ValueError(f"terms must have different names; got {name!r} twice")
            checked[name] = exact(f"term {name!r}", raw, strings=False)
        if not checked:
            raise ValueError("terms must not be empty; a side that vanishes is {'zero': 0}")
        super().__init__(checked)

    def total(self) -> sp.Expr:
        """The sum of the terms."""
        return sp.Add(*self.values())


def _pairs(terms: Any) -> list[tuple[str, Exact]]:
    try:
        return [(name, raw) for name, raw in (terms.items() if isinstance(terms, Mapping) else terms)]
    except (TypeError, ValueError):
        raise TypeError(f"terms must map names to expressions; got {checks.shown(terms)}") from None
