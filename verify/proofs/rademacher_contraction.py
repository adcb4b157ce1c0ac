"""Proofs of the Rademacher chain's contractions."""

from __future__ import annotations

from theory.symbols import lipschitz, n, rademacher_abs, rademacher_abs_image
from theory.vocabulary import classes as cl
from verify.proofs.kernel import Judgement
from verify.proofs.rademacher_networks import modulus
from verify.proofs.writing import Draft, proves


@proves("R1:contraction")
def contraction(p: Draft) -> Judgement:
    """The contraction principle."""
    return p.cite("contraction")


@proves("R1:contraction-abs")
def contraction_abs(p: Draft) -> Judgement:
    """With the function 0 added, where the two suprema of a modulus have one mean."""
    full, start = cl.WithZero(cl.image), cl.WithZero(cl.F)
    known = p.cite("image with zero")
    bound = p.use("R1:contraction", {cl.F: start, cl.image: full}, by=known)
    return p.calc(
        rademacher_abs_image,
        ("<=", cl.AbsComplexity(full, cl.points, n), p.cite("larger class", {cl.F: cl.image})),
        ("<=", 2 * cl.Complexity(full, cl.points, n), modulus(p, full, p.cite("zero belongs", {cl.F: cl.image}))),
        ("<=", 2 * lipschitz * cl.Complexity(start, cl.points, n), (2, bound)),
        ("<=", 2 * lipschitz * rademacher_abs, p.cite("zero added")),
    )
