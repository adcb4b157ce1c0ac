"""Read-only mappings of names: the named terms of a statement's sides, constants and settings.

SymPy evaluates relations and merges terms of equal shape, so that the terms of a side are kept apart by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from theory import checks
from theory.exact import exact


class ReadOnly(dict[str, Any]):
    """A read-only mapping from names to values."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> Any:
        raise TypeError("this mapping is read-only; make a new one instead")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = __ior__ = _refuse  # type: ignore[assignment]

    def __reduce__(self):
        return (type(self), (dict(self),))

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


class Terms(ReadOnly):
    """A read-only mapping of term names to exact expressions.

    Made from a mapping or from pairs of names and numbers or expressions. Raises ValueError for floating-point numbers,
    infinities, NaN, empty or repeated names and for no terms at all, TypeError for what is no expression.
    """

    def __init__(self, terms: Mapping[str, Any] | Iterable[tuple[str, Any]]):
        checked: dict[str, sp.Expr] = {}
        for name, raw in _pairs(terms):
            if checks.text(name, "every name of terms") in checked:
                raise ValueError(f"terms must have different names; got {name!r} twice")
            checked[name] = exact(raw, f"term {name!r}", strings=False)
        if not checked:
            raise ValueError("terms must not be empty; a side that vanishes is {'zero': 0}")
        super().__init__(checked)

    def total(self) -> sp.Expr:
        """The sum of the terms."""
        return sp.Add(*self.values())


def _pairs(terms: Any) -> list[tuple[Any, Any]]:
    try:
        return [(name, raw) for name, raw in (terms.items() if isinstance(terms, Mapping) else terms)]
    except (TypeError, ValueError):
        raise TypeError(f"terms must map names to expressions; got {checks.shown(terms)}") from None
