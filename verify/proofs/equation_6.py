"""Proofs of Equation 6: the weightings."""

from __future__ import annotations

import sympy as sp

from theory.normal import normal_cdf, normal_pdf
from theory.symbols import d, r, v
from theory.theorems import places
from theory.theorems.places import level
from theory.theorems.places import number as z
from verify.proofs.kernel import Judgement, regular, tends
from verify.proofs.writing import Draft, proves


def moment(p: Draft) -> Judgement:
    """∫ z²φ(z)/(rv)² dz = 1/(rv)²: the primitive is (Φ − zφ)/(rv)²."""
    scale = 1 / (r * level) ** 2
    primitive, integrand = (
        sp.Lambda(z, scale * (normal_cdf(z) - z * normal_pdf(z))),
        sp.Lambda(z, scale * z**2 * normal_pdf(z)),
    )
    facts = [p.equal(sp.Derivative(primitive.expr, z), integrand.expr), regular(integrand, "continuous")]
    facts += [tends(primitive, scale), tends(primitive, 0, downwards=True)]
    whole = p.cite("integral over the line", {places.F: primitive, places.G: integrand}, low=0, high=scale, by=facts)
    return p.at(whole, {level: v}, p.hypothesis("positive-time"))


@proves("EQ-6:norm")
def norm(p: Draft) -> Judgement:
    """The second moment of a standard normal number."""
    return p.combine(p.goal.says.left, "=", p.goal.says.right, (d, moment(p)), given=p.hypothesis("positive-time"))


@proves("EQ-6:song-weight", "EQ-6:printed-weight")
def weight(p: Draft) -> Judgement:
    """A function of EQ-6:norm's value."""
    return p.equal(p.goal.says.left, p.goal.says.right, [moment(p), p.hypothesis("positive-time")])
