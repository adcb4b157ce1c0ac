"""Steps of proofs about normal laws: integrals of quadratics against the normal density, by their antiderivative."""

from __future__ import annotations

import sympy as sp

from theory.normal import normal_cdf, normal_pdf
from verify.evidence.symbolic import Equal, Step, Tends

z = sp.Symbol("z", real=True)
"""The standard normal variable."""

_TAILS = (
    Tends(name="Φ(z) → 1 as z → ∞", expr=normal_cdf(z), variable=z, point=sp.oo, value=sp.S.One),
    Tends(name="φ(z) → 0 as z → ∞", expr=normal_pdf(z), variable=z, point=sp.oo, value=sp.S.Zero),
    Tends(name="z φ(z) → 0 as z → ∞", expr=z * normal_pdf(z), variable=z, point=sp.oo, value=sp.S.Zero),
)


def quadratic_steps(
    factor: sp.Expr, lower: sp.Expr, value: sp.Expr, upper: sp.Expr | None = None, *, case: str = ""
) -> list[Step]:
    """Steps for ``∫_lower^upper q(z) φ(z) dz = value``, q = ``factor`` of degree <= 2 in z; ``upper`` None is ∞.

    With q = c0 + c1 z + c2 z² an antiderivative is (c0 + c2) Φ(z) − (c1 + c2 z) φ(z).
    """
    c0, c1, c2 = (sp.expand(factor).coeff(z, k) for k in range(3))
    antiderivative = (c0 + c2) * normal_cdf(z) - (c1 + c2 * z) * normal_pdf(z)
    end = c0 + c2 if upper is None else antiderivative.subs(z, upper)
    return [
        Equal(
            name=f"the antiderivative has the integrand as its derivative{case}",
            left=sp.diff(antiderivative, z),
            right=factor * normal_pdf(z),
        ),
        *(_TAILS if upper is None else ()),
        Equal(name=f"its increase is the right side{case}", left=end - antiderivative.subs(z, lower), right=value),
    ]
