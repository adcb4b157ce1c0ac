"""Proofs of Theorem 2: second moments in place of suprema."""

from __future__ import annotations

from sympy import Max, sqrt

from theory.symbols import S_B, S_G, delta, deviation_B, deviation_G, e_sup, n, point_gap, sigma_Y, x_sup
from theory.vocabulary import objects as o
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


@proves("T2:concentration-B")
def concentration_B(p: Draft) -> Judgement:
    """HILBERT:second-moment for the matrices of the data."""
    sample = p.cite("image of a sample", {o.Y: o.data}, map=o.MatrixPart(o.Q))
    facts = [sample, p.cite("own spread", {o.Y: o.MATRICES})]
    bound = p.use("HILBERT:second-moment", {o.Y: o.MATRICES, sigma_Y: S_B}, by=facts)
    return p.calc(
        deviation_B,
        ("=", o.OperatorDeviation(o.MATRICES, n), p.cite("empirical matrix")),
        ("<=", o.Deviation(o.MATRICES, n), p.cite("operator norm", {o.Y: o.MATRICES})),
        ("<=", S_B / sqrt(n * delta), bound),
    )


@proves("T2:concentration-G")
def concentration_G(p: Draft) -> Judgement:
    """HILBERT:second-moment for the half-gradients of the data at the comparator."""
    fixed = p.cite("parts of a fixed quadratic")
    sample = p.cite("image of a sample", {o.Y: o.data}, map=o.GradientPart(o.Q, o.Theta), by=fixed)
    facts = [sample, p.cite("own spread", {o.Y: o.GRADIENTS})]
    bound = p.use("HILBERT:second-moment", {o.Y: o.GRADIENTS, sigma_Y: S_G}, by=facts)
    return p.calc(
        deviation_G,
        ("=", o.Deviation(o.GRADIENTS, n), p.cite("empirical half-gradient")),
        ("<=", S_G / sqrt(n * delta), bound),
    )


@proves("T2:pointwise")
def pointwise(p: Draft) -> Judgement:
    """Cauchy–Schwarz over the features, Hölder for each."""
    reach = Max(x_sup, e_sup)
    return p.cite("Cauchy–Schwarz over features", bound=reach, by=p.cite("Hölder for a feature"))


@proves("T2:lipschitz")
def lipschitz(p: Draft) -> Judgement:
    """The same for differences."""
    return p.cite(
        "Cauchy–Schwarz over changes of features", bound=point_gap, by=p.cite("Hölder for a change of a feature")
    )
