"""Proofs of the Gaussian moments of ReLU features."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Max, Min

from theory.normal import normal_cdf, normal_pdf
from theory.symbols import mean_1, mean_2, std_1, std_2
from theory.theorems import places
from theory.theorems.places import number as z
from verify.proofs.kernel import Judgement, antisymmetric, cases, regular, tends
from verify.proofs.lemma_5 import integral
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


def _sum_of_ends(p: Draft, one: Any, two: Any) -> Judgement:
    """min(x, y) + max(x, y) = x + y."""
    x, y, found = sp.Symbol("x_", real=True), sp.Symbol("y_", real=True), []
    for small, large in ((x, y), (y, x)):
        order = p.assume(small, "<=", large)
        low = antisymmetric(p.combine(Min(x, y), "<=", small), p.combine(small, "<=", Min(x, y), given=order))
        high = antisymmetric(p.combine(Max(x, y), "<=", large, given=order), p.combine(large, "<=", Max(x, y)))
        found.append(p.combine(Min(x, y) + Max(x, y), "=", x + y, low, high))
    return p.at(cases(found[0], found[1], x, y), {x: one, y: two})


@proves("RELU:product-aligned")
def product_aligned(p: Draft) -> Judgement:
    """(ab + 1)Φ − (a + b + z)φ is the primitive of (a + z)(b + z)φ."""
    a, b, scale = mean_1 / std_1, mean_2 / std_2, std_1 * std_2
    integrand = (mean_1 + std_1 * z) * (mean_2 + std_2 * z) * normal_pdf(z)
    primitive, low = scale * ((a * b + 1) * normal_cdf(z) - (a + b + z) * normal_pdf(z)), -Min(a, b)
    whole = p.cite("product of ReLUs at correlation 1", X=mean_1, level=std_1, X_1=mean_2, other_level=std_2)
    function, density, end = sp.Lambda(z, primitive), sp.Lambda(z, integrand), scale * (a * b + 1)
    facts = [p.equal(sp.Derivative(primitive, z), integrand), regular(density, "continuous"), tends(function, end)]
    area = p.cite("integral to infinity", {places.F: function, places.G: density}, low=low, high=end, by=facts)
    ends = (scale * normal_pdf(Min(a, b)), _sum_of_ends(p, a, b))
    return p.combine(p.goal.says.left, "=", p.goal.says.right, whole, area, (-ends[0], ends[1]))


@proves("RELU:product-opposed")
def product_opposed(p: Draft) -> Judgement:
    """(ab − 1)Φ + (a − b + z)φ is the primitive of (a + z)(b − z)φ."""
    a, b, scale = mean_1 / std_1, mean_2 / std_2, std_1 * std_2
    integrand = (mean_1 + std_1 * z) * (mean_2 - std_2 * z) * normal_pdf(z)
    primitive = scale * ((a * b - 1) * normal_cdf(z) + (a - b + z) * normal_pdf(z))
    whole = p.cite("product of ReLUs at correlation −1", X=mean_1, level=std_1, X_1=mean_2, other_level=std_2)
    area = integral(p, integrand, primitive, -a, Max(-a, b))
    return p.combine(p.goal.says.left, "=", p.goal.says.right, whole, area)
