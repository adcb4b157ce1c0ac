"""Proofs of Equation 7: denoising and plain score matching."""

from __future__ import annotations

from theory.symbols import loss_weight, r, v
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


@proves("EQ-7:population")
def population(p: Draft) -> Judgement:
    """Both squares expanded; their cross terms are the same, as the marginal score is the kernel's mean."""
    noisy = p.hypothesis("positive-time")
    names = ("square against the kernel's score", "square against the marginal score")
    kernel, marginal = (p.cite(name) for name in names)
    tower, energy = p.cite("the marginal score is a posterior mean"), p.cite("energy of the kernel's score")
    parts = ((loss_weight, kernel), (-loss_weight, marginal), (-2 * loss_weight, tower))
    return p.combine(
        p.goal.says.left, "=", p.goal.says.right, *parts, (loss_weight / (r * v) ** 2, energy), given=noisy
    )
