"""Proofs of the concentration of means in a Hilbert space."""

from __future__ import annotations

from sympy import log, sqrt

from theory.symbols import M, delta, diameter, mean_deviation, n, op_deviation, sigma_Y
from theory.vocabulary.objects import Deviation, Variance, Y
from theory.vocabulary.terms import E
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


@proves("HILBERT:mean")
def mean(p: Draft) -> Judgement:
    """Jensen, and the variance of a mean."""
    D = p(mean_deviation)
    return p.calc(
        E(Y, D),
        ("<=", sqrt(E(Y, D**2)), p.cite("Jensen, root", X=D)),
        ("=", sqrt(Variance(Y) / n), p.cite("variance of a mean")),
        ("<=", sqrt(M**2 / n), p.cite("variance of a bounded vector", bound=M)),
        ("=", M / sqrt(n)),
    )


@proves("HILBERT:deviation")
def deviation(p: Draft) -> Judgement:
    """Bounded differences around the mean."""
    D, step = p(mean_deviation), 2 * M / n
    tail = p.cite("bounded differences", X=D, bound=step, by=p.cite("one vector moves the mean", bound=M))
    return p.calc(
        D,
        ("<=", E(Y, D) + step * sqrt(n * log(1 / delta) / 2), tail),
        ("<=", M / sqrt(n) + step * sqrt(n * log(1 / delta) / 2), p.use("HILBERT:mean")),
    )


def mean_by_spread(p: Draft) -> Judgement:
    """E‖D‖ <= σ/√n."""
    D = Deviation(Y, n)
    return p.calc(
        E(Y, D),
        ("<=", sqrt(E(Y, D**2)), p.cite("Jensen, root", X=D)),
        ("=", sqrt(Variance(Y) / n), p.cite("variance of a mean")),
        ("<=", sqrt(sigma_Y**2 / n), p.cite("spread", bound=sigma_Y)),
    )


@proves("HILBERT:diameter")
def by_diameter(p: Draft) -> Judgement:
    """The same, with the spread and the diameter."""
    D, step = p(mean_deviation), diameter / n
    moves = p.cite("one vector of small diameter moves the mean", bound=diameter)
    tail = p.cite("bounded differences", X=D, bound=step, by=moves)
    return p.calc(
        D,
        ("<=", E(Y, D) + step * sqrt(n * log(1 / delta) / 2), tail),
        ("<=", sqrt(sigma_Y**2 / n) + step * sqrt(n * log(1 / delta) / 2), mean_by_spread(p)),
        ("=", sigma_Y / sqrt(n) + diameter * sqrt(log(1 / delta) / (2 * n))),
    )


@proves("HILBERT:operator")
def operator(p: Draft) -> Judgement:
    """Positive operators move their mean half as far."""
    D, step = p(op_deviation), M / n
    moves = p.cite("one positive operator moves the mean", bound=M)
    tail = p.cite("bounded differences", X=D, bound=step, by=moves)
    return p.calc(
        D,
        ("<=", E(Y, D) + step * sqrt(n * log(1 / delta) / 2), tail),
        ("<=", E(Y, Deviation(Y, n)) + step * sqrt(n * log(1 / delta) / 2), p.cite("operator norm, in the mean")),
        ("<=", sqrt(sigma_Y**2 / n) + step * sqrt(n * log(1 / delta) / 2), mean_by_spread(p)),
        ("=", sigma_Y / sqrt(n) + M * sqrt(log(1 / delta) / (2 * n))),
    )


@proves("HILBERT:second-moment")
def second_moment(p: Draft) -> Judgement:
    """Chebyshev."""
    D = p(mean_deviation)
    return p.calc(
        D,
        ("<=", sqrt(E(Y, D**2) / delta), p.cite("Chebyshev", X=D)),
        ("=", sqrt(Variance(Y) / n / delta), p.cite("variance of a mean")),
        ("<=", sqrt(sigma_Y**2 / n / delta), p.cite("spread", bound=sigma_Y)),
        ("=", sigma_Y / sqrt(n * delta)),
    )
