"""Proofs of the Rademacher chain's uniform deviations."""

from __future__ import annotations

from typing import Any

from sympy import log, sqrt

from theory.symbols import (
    M,
    delta,
    n,
    one_sided_deviation,
    rademacher_abs,
    rademacher_expected,
    rademacher_one_sided,
    uniform_deviation,
    value_range,
)
from theory.vocabulary.classes import inputs
from theory.vocabulary.objects import Y
from theory.vocabulary.terms import E
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


def _tail(p: Draft, statistic: Any, step: Any, moves: Judgement) -> Judgement:
    return p.cite("bounded differences", {Y: inputs}, X=statistic, bound=step, by=moves)


@proves("R6:expected")
def expected(p: Draft) -> Judgement:
    """Bounded differences around the mean, which symmetrisation bounds."""
    D, rest = p(uniform_deviation), 2 * M / n * sqrt(n * log(1 / delta) / 2)
    tail = _tail(p, D, 2 * M / n, p.cite("one sample moves the uniform deviation"))
    return p.calc(
        D,
        ("<=", E(inputs, D) + rest, tail),
        ("<=", 2 * rademacher_expected + rest, (1, p.cite("symmetrisation"))),
        ("=", 2 * rademacher_expected + M * sqrt(2 * log(1 / delta) / n)),
    )


@proves("R6:one-sided")
def one_sided(p: Draft) -> Judgement:
    """The same for one side, by the range."""
    D, rest = p(one_sided_deviation), value_range / n * sqrt(n * log(1 / delta) / 2)
    tail = _tail(p, D, value_range / n, p.cite("one sample moves the one-sided deviation"))
    return p.calc(
        D,
        ("<=", E(inputs, D) + rest, tail),
        ("<=", 2 * rademacher_one_sided + rest, p.cite("symmetrisation, one side")),
        ("=", 2 * rademacher_one_sided + value_range * sqrt(log(1 / delta) / (2 * n))),
    )


@proves("R6:sharp")
def sharp(p: Draft) -> Judgement:
    """Bounded differences for the deviation minus twice the empirical complexity, of mean at most 0."""
    D, R, step = p(uniform_deviation), p(rademacher_abs), 4 * M / n
    parts = [p.cite("one sample moves the uniform deviation"), p.cite("one sample moves the complexity")]
    two: dict[str, Any] = {"X_1": D, "X_2": R, "a": 1, "b": -2}
    moves = p.cite("moves of a combination", {Y: inputs}, **two, bound=2 * M / n, width=M / n, by=parts)
    tail = _tail(p, D - 2 * R, step, moves)
    split = p.cite("linearity of the mean", {Y: inputs}, **two)
    mean = p.combine(
        E(inputs, D - 2 * R), "<=", 0, split, p.cite("symmetrisation"), (-2, p.cite("expected complexity"))
    )
    return p.combine(D, "<=", 2 * R + 2 * M * sqrt(2 * log(1 / delta) / n), tail, mean)


@proves("R6:empirical")
def empirical(p: Draft) -> Judgement:
    """R6:sharp with a larger fluctuation."""
    more = p.rising(sqrt, p.combine(2 * log(1 / delta) / n, "<=", 2 * log(2 / delta) / n))
    bound = 2 * rademacher_abs + 3 * M * sqrt(2 * log(2 / delta) / n)
    return p.combine(uniform_deviation, "<=", bound, p.use("R6:sharp"), (2 * M, more))
