"""The kinds of terms: objects and samples, quantities of them, functions that a theorem is made for all of.

A *quantity* is a number that objects have (``QL(Q, Θ)``, the value of a quadratic at parameters); its name has one
meaning, and it is finite wherever a theorem speaks of it. A *law* is a quantity of a sample's distribution: it is no
random number, although it names a sample. A *sample* is what randomness comes from; ``Image(f, Y)`` is the sample of
the f(Y_i), random as Y is.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef, UndefinedFunction


class Object(sp.Symbol):
    """Any object of a kind (a matrix, a network, a point): a variable, and never a number."""

    def _sympystr(self, _printer: Any) -> str:
        return self.name


class Sample(Object):
    """A random object: an i.i.d. sample, the noise of a process."""


class FixedSample(Sample):
    """One fixed random object, such as independent signs: no variable either."""


class Named(Object):
    """One fixed object, such as the scaled flow: no variable, so that nothing may be put in its place."""


class Quantity(AppliedUndef):
    """A number that objects and numbers determine."""


class Law(AppliedUndef):
    """A number that the distribution of a sample determines."""


class Term(AppliedUndef):
    """An object that other objects and numbers determine, such as a flow at a time."""


class Variable(AppliedUndef):
    """A function of numbers or objects with numbers as values, for all of which a theorem is made."""


class Expectation(sp.Function):
    """``E(Y, X)``: the mean of X over the randomness of Y, all else fixed; of X's sign."""

    nargs = 2

    def _sympystr(self, printer: Any) -> str:
        return f"E[{printer.doprint(self.args[1])}]"

    def _eval_is_extended_real(self) -> bool:
        return True

    def _eval_is_finite(self) -> bool:
        return True

    def _eval_is_extended_nonnegative(self) -> bool | None:
        return True if self.args[1].is_nonnegative else None  # type: ignore[attr-defined]


E = Expectation
Image = UndefinedFunction("Image", bases=(Term,))


def quantity(name: str, **signs: bool) -> Any:
    """A quantity by name; ``real=True`` for one that may be negative, nonnegative without."""
    return UndefinedFunction(name, bases=(Quantity,), **(signs or {"nonnegative": True}))


def law(name: str, **signs: bool) -> Any:
    """A quantity of a distribution; signs as `quantity`."""
    return UndefinedFunction(name, bases=(Law,), **(signs or {"nonnegative": True}))


def term(name: str) -> Any:
    """A function whose values are objects."""
    return UndefinedFunction(name, bases=(Term,))


def variable(name: str) -> Any:
    """A function of real values that a theorem is made for all of."""
    return UndefinedFunction(name, bases=(Variable,), real=True)


def randomness(sample: sp.Basic) -> frozenset[sp.Basic]:
    """The samples whose randomness a random object has; ValueError for an object that is not random."""
    if isinstance(sample, Sample):
        return frozenset([sample])
    if isinstance(sample, Image):
        return randomness(sample.args[1])
    raise ValueError(f"{sample} is not a sample: pass a Sample or an Image of one")


def is_sample(term_: sp.Basic) -> bool:
    """Whether a term is a random object."""
    return isinstance(term_, Sample) or (isinstance(term_, Image) and is_sample(term_.args[1]))


def sources(expr: sp.Basic) -> frozenset[sp.Basic]:
    """The samples that the value of a term depends on; what a mean or a law integrates out is none of them."""
    if isinstance(expr, Sample):
        return frozenset([expr])
    found = [sources(part) for part in expr.args]
    if isinstance(expr, Expectation):
        return found[0].union(found[1]) - randomness(expr.args[0])
    if isinstance(expr, Law):
        found = [
            all_ - (randomness(part) if is_sample(part) else set()) for part, all_ in zip(expr.args, found, strict=True)
        ]
    return frozenset().union(*found)
