"""Samples with finitely many outcomes and their exact chances: products of a law, joint laws, counts of a coin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import scipy.special
from numpy.typing import ArrayLike

_EQUAL = 2.0**-40


@dataclass(frozen=True, kw_only=True)
class Draws:
    """``size`` variables with the values ``atoms``: all outcomes, as rows of indices, and their chances.

    ``law`` holds the chances of the atoms for the first variable; ``joint`` those of the outcomes, where the variables
    are not independent copies.
    """

    atoms: np.ndarray
    law: np.ndarray
    size: int
    joint: np.ndarray | None = None

    @cached_property
    def outcomes(self) -> np.ndarray:
        """The indices of the atoms, of shape (outcomes, size)."""
        grids = np.meshgrid(*[np.arange(len(self.law))] * self.size, indexing="ij")
        return np.stack([grid.ravel() for grid in grids], axis=1)

    @cached_property
    def chances(self) -> np.ndarray:
        """The probabilities of the outcomes."""
        return self.law[self.outcomes].prod(axis=1) if self.joint is None else self.joint

    @property
    def values(self) -> np.ndarray:
        """The atoms at each outcome, of shape (outcomes, size, …)."""
        return self.atoms[self.outcomes]

    @property
    def expected(self) -> np.ndarray:
        """The mean of the first variable."""
        return np.tensordot(self.law, self.atoms, axes=1)

    def mean(self, statistic: Any) -> float:
        """The mean of a statistic, an array over the outcomes."""
        return float(self.chances @ np.broadcast_to(statistic, self.chances.shape))

    def image(self, function: Callable[[np.ndarray], np.ndarray]) -> Draws:
        """The sample of the f(Y_i)."""
        return replace(self, atoms=np.stack([np.asarray(function(atom)) for atom in self.atoms]))

    @cached_property
    def changes(self) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of outcomes, of positive chance or not, that differ in one variable."""
        one, two = [], []
        place = len(self.law) ** np.arange(self.size)[::-1]
        for k in range(self.size):
            for shift in range(1, len(self.law)):
                lower = np.flatnonzero(self.outcomes[:, k] + shift < len(self.law))
                one.append(lower)
                two.append(lower + shift * place[k])
        none = np.zeros(0, dtype=int)
        return np.concatenate([none, *one]), np.concatenate([none, *two])

    @cached_property
    def independent(self) -> bool:
        """Whether the variables are independent copies of the first."""
        return bool(np.allclose(self.chances, self.law[self.outcomes].prod(axis=1), rtol=0, atol=_EQUAL))


@dataclass(frozen=True, kw_only=True)
class Coins:
    """``size`` independent fair coins by the number of heads, 0, …, size, for sizes that allow no list of outcomes."""

    size: int

    @cached_property
    def heads(self) -> np.ndarray:
        """The outcomes."""
        return np.arange(self.size + 1)

    @cached_property
    def chances(self) -> np.ndarray:
        """The binomial law, to the relative precision of its logarithm."""
        k, n = self.heads, self.size
        logs = scipy.special.gammaln(n + 1) - scipy.special.gammaln(k + 1) - scipy.special.gammaln(n - k + 1)
        return np.exp(logs - n * np.log(2))

    @property
    def changes(self) -> tuple[np.ndarray, np.ndarray]:
        """One coin turned: one head more or less."""
        return self.heads[:-1], self.heads[1:]

    @property
    def independent(self) -> bool:
        """By construction."""
        return True

    def mean(self, statistic: Any) -> float:
        """The mean of a statistic, small terms first."""
        terms = self.chances * np.broadcast_to(statistic, self.chances.shape)
        return float(np.sort(terms).sum())


@dataclass(frozen=True, kw_only=True)
class Events:
    """One variable of a continuous law, by the exact chances of finitely many events."""

    chances: np.ndarray
    size: int = 1
    changes: tuple[np.ndarray, np.ndarray] = (np.zeros(0, dtype=int), np.zeros(0, dtype=int))
    independent: bool = True

    def mean(self, statistic: Any) -> float:
        """The mean of a statistic that is constant on each event."""
        return float(self.chances @ np.broadcast_to(statistic, self.chances.shape))


Sampled = Draws | Coins | Events
"""A random object: the chances of its outcomes, which of them differ in one variable, whether these are independent."""


def iid(sample: Sampled, size: float) -> bool:
    """The fact iid(Y, n)."""
    return sample.independent and sample.size == size


def moves(statistic: Any, sample: Sampled, bound: float) -> bool:
    """The fact moves(X, Y, c): no change of one variable moves X by more than c, but for rounding."""
    one, two = sample.changes
    x = (
        np.broadcast_to(statistic, (int(max(one.max(initial=0), two.max(initial=0))) + 1,))
        if np.ndim(statistic) == 0
        else statistic
    )
    steps = np.abs(np.asarray(x)[one] - np.asarray(x)[two])
    return bool(steps.max(initial=0.0) <= bound * (1 + _EQUAL) + _EQUAL)


def draws(atoms: ArrayLike, law: ArrayLike, size: int, joint: ArrayLike | None = None) -> Draws:
    """Draws from lists; chances are normalised."""
    weights = np.asarray(law, dtype=float)
    together = None if joint is None else np.asarray(joint, dtype=float) / np.sum(joint)
    return Draws(atoms=np.asarray(atoms, dtype=float), law=weights / np.sum(weights), size=size, joint=together)


def pushed(rows: np.ndarray, chances: np.ndarray) -> Draws:
    """The sample whose outcomes are rows of numbers with these chances."""
    atoms, index = np.unique(rows, return_inverse=True)
    size, count = rows.shape[1], len(atoms)
    joint = np.zeros(count**size)
    np.add.at(joint, index.reshape(rows.shape) @ count ** np.arange(size)[::-1], chances)
    law = np.zeros(count)
    np.add.at(law, index.reshape(rows.shape)[:, 0], chances)
    return Draws(atoms=atoms, law=law, size=size, joint=joint)
