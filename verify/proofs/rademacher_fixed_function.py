"""Proofs of the Rademacher chain's fixed function."""

from __future__ import annotations

from sympy import Abs, sqrt

from theory.symbols import n, rademacher, rademacher_abs, rademacher_abs_shifted, rademacher_shifted, shift_energy
from theory.vocabulary import classes as cl
from theory.vocabulary.objects import Y
from theory.vocabulary.terms import E
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves

_SUM = cl.SignedSum(cl.shift, cl.points, cl.signs)
_AT = {cl.F: cl.Shifted(cl.F, cl.shift)}


@proves("R5:fixed-function")
def fixed_function(p: Draft) -> Judgement:
    """The fixed function leaves the supremum, and its signed sum has the mean 0."""
    sup = p.cite("supremum of a shifted class")
    split = p.cite("linearity of the mean", {Y: cl.signs}, X_1=cl.Signed(cl.F, cl.points, cl.signs), X_2=_SUM, a=1, b=1)
    return p.calc(
        rademacher_shifted,
        ("=", E(cl.signs, sup.left) / n, p.cite("complexity", _AT)),
        ("=", E(cl.signs, sup.right) / n, sup),
        ("=", split.right / n, (1 / n, split)),
        ("=", rademacher, (1 / n, p.cite("mean of a signed sum")), (-1, p.cite("complexity"))),
    )


@proves("R5:abs")
def fixed_function_abs(p: Draft) -> Judgement:
    """With |·| it costs at most its own signed sum, by Jensen and signs that do not correlate."""
    sup, size = p.cite("supremum of a shifted modulus"), Abs(_SUM)
    mean = p.cite("monotonicity of the mean", {Y: cl.signs}, X_1=sup.left, X_2=sup.right, by=sup)
    modulus = cl.AbsSigned(cl.F, cl.points, cl.signs)
    split = p.cite("linearity of the mean", {Y: cl.signs}, X_1=modulus, X_2=size, a=1, b=1)
    root = p.calc(
        E(cl.signs, size),
        ("<=", sqrt(E(cl.signs, _SUM**2)), p.cite("Jensen, root", {Y: cl.signs}, X=size)),
        ("=", sqrt(shift_energy), p.cite("square of a signed sum")),
    )
    whole = (p.cite("complexity with modulus", _AT), (1 / n, mean), (1 / n, split), (1 / n, root))
    goal = rademacher_abs + sqrt(shift_energy) / n
    full = p.combine(rademacher_abs_shifted, "<=", goal, *whole, (-1, p.cite("complexity with modulus")))
    return p.combine(rademacher_abs_shifted - rademacher_abs, "<=", sqrt(shift_energy) / n, full)
