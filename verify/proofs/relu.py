"""Proofs of the Gaussian moments of ReLU features."""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.normal import normal_cdf, normal_pdf
from theory.symbols import mean_1, std_1
from theory.theorems import places
from theory.theorems.places import number as z
from verify.proofs.kernel import Judgement, regular, tends
from verify.proofs.writing import Draft, proves

_START = -mean_1 / std_1


def _moment(p: Draft, name: str, integrand: Any, primitive: Any, end: Any) -> Judgement:
    """A moment as an integral from −μ/s on, by a primitive that tends to ``end``."""
    whole = p.cite(name, X=mean_1, level=std_1)
    function, density = sp.Lambda(z, primitive), sp.Lambda(z, integrand)
    slope = p.equal(sp.Derivative(primitive, z), integrand)
    facts = [slope, regular(density, "continuous"), tends(function, end)]
    area = p.cite("integral to infinity", {places.F: function, places.G: density}, low=_START, high=end, by=facts)
    return p.combine(p.goal.says.left, "=", p.goal.says.right, whole, area)


@proves("RELU:activation")
def activation(p: Draft) -> Judgement:
    """Φ is the primitive of φ."""
    return _moment(p, "probability of activity", normal_pdf(z), normal_cdf(z), sp.S.One)


@proves("RELU:mean")
def mean(p: Draft) -> Judgement:
    """μΦ − sφ is the primitive of (μ + sz)φ."""
    return _moment(
        p,
        "mean of a ReLU",
        (mean_1 + std_1 * z) * normal_pdf(z),
        mean_1 * normal_cdf(z) - std_1 * normal_pdf(z),
        mean_1,
    )


@proves("RELU:second-moment")
def second_moment(p: Draft) -> Judgement:
    """(μ² + s²)Φ − (2μs + s²z)φ is the primitive of (μ + sz)²φ."""
    size = mean_1**2 + std_1**2
    primitive = size * normal_cdf(z) - (2 * mean_1 * std_1 + std_1**2 * z) * normal_pdf(z)
    return _moment(p, "second moment of a ReLU", (mean_1 + std_1 * z) ** 2 * normal_pdf(z), primitive, size)
