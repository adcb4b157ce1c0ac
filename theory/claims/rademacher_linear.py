"""The Rademacher chain inside Theorem 1 of LLZB: linear functions of the ℓ1 ball."""

from __future__ import annotations

import sympy as sp

from theory.claims.rademacher_contraction import CHAIN, REPAIR
from theory.family import Family
from theory.statement import Claim, ForAll, Hypothesis, Inequality, Mutant
from theory.symbols import ball_radius, d, input_norm, n, point_norm, rademacher_affine, rademacher_linear, temperature

_POINTS = ForAll(over="samples, dimensions and radii")
_SHARED = Hypothesis(name="shared-embedding", statement="e(t) is the same vector for all samples, of any dimension")


def _massart(size: sp.Expr, count: sp.Expr) -> dict[str, sp.Expr]:
    return {"bound": ball_radius * size * sp.sqrt(2 * sp.log(count) / n)}


_GROWTH = sp.exp(temperature**2 / 2) - 1


def _arccosh(excess: sp.Expr) -> sp.Expr:
    """arccosh(1 + excess)."""
    return sp.log(1 + excess + sp.sqrt(excess * (excess + 2)))


def _cosh_bound(excess: sp.Expr) -> dict[str, sp.Expr]:
    return {"bound": ball_radius * input_norm * _arccosh(excess) / (sp.sqrt(n) * temperature)}


CLAIMS = (
    Claim(
        id="R2:massart",
        sentence="Linear functions of the ℓ1 ball have complexity at most ρ max‖x_j‖∞ √(2 log(2d)/n).",
        source=CHAIN,
        quantifier=_POINTS,
        relation=Inequality(lhs={"linear": rademacher_linear}, rhs=_massart(point_norm, 2 * d)),
        note="Massart's lemma for the 2d vertices; the class is symmetric, so |·| changes nothing. The worst ratio, "
        "0.8493 = 1/√(2 log 2), is met at n = d = 1 and whenever the 2d coordinate rows are all 2^n sign patterns.",
        mutants=(
            Mutant(
                name="log-d",
                description="log d in place of log(2d): vertices of one sign",
                regime="d = 1",
                rhs=_massart(point_norm, d),
            ),
            Mutant(
                name="half",
                description="√(log(2d)/(2n)): a factor 2 lost",
                regime="n = d = 1",
                rhs={"bound": ball_radius * point_norm * sp.sqrt(sp.log(2 * d) / (2 * n))},
            ),
            Mutant(
                name="rate-n",
                description="1/n in place of 1/√n",
                regime="n >= 4, equal points",
                rhs={"bound": ball_radius * point_norm * sp.sqrt(2 * sp.log(2 * d)) / n},
            ),
            Mutant(
                name="no-root-2",
                description="√(log(2d)/n)",
                regime="n = d = 1",
                rhs={"bound": ball_radius * point_norm * sp.sqrt(sp.log(2 * d) / n)},
            ),
        ),
    ),
    Claim(
        id="R2:sharp",
        sentence="With an embedding that all samples share, the complexity is at most ρ max‖(x_j,e)‖∞ "
        "√(2 log(2(d+1))/n).",
        source=REPAIR,
        quantifier=_POINTS,
        hypotheses=(_SHARED,),
        relation=Inequality(lhs={"affine": rademacher_affine}, rhs=_massart(input_norm, 2 * (d + 1))),
        note="The embedding contributes one sign sum, ‖e‖∞|Σξ_j|, whatever its dimension: d + 1 coordinates in all. "
        "The worst ratio is 0.8493, met at n = 2, d = 1.",
        mutants=(
            Mutant(
                name="log-d",
                description="2d in place of 2(d+1): the embedding forgotten",
                regime="n = 2, d = 1",
                rhs=_massart(input_norm, 2 * d),
            ),
            Mutant(
                name="one-sign",
                description="d + 1 in place of 2(d+1)",
                regime="n = 2, d = 1",
                rhs=_massart(input_norm, d + 1),
            ),
            Mutant(
                name="points-only",
                description="the embedding's size forgotten",
                regime="‖e‖∞ > max‖x_j‖∞",
                rhs=_massart(point_norm, 2 * (d + 1)),
            ),
            Mutant(
                name="rate-n",
                description="1/n in place of 1/√n",
                regime="n >= 5",
                rhs={"bound": ball_radius * input_norm * sp.sqrt(2 * sp.log(2 * (d + 1))) / n},
            ),
        ),
    ),
    Claim(
        id="R2:printed",
        sentence="With an embedding that all samples share, the complexity is at most ρ max‖(x_j,e)‖∞ √(2 log(4d)/n).",
        source=CHAIN,
        quantifier=_POINTS,
        hypotheses=(_SHARED,),
        relation=Inequality(lhs={"affine": rademacher_affine}, rhs=_massart(input_norm, 4 * d)),
        note="True because e(t) is the same for all samples, so that 2(d+1) <= 4d vertices matter; an embedding of "
        "more than d coordinates that varied with the sample would break it. Equal to R2:sharp at d = 1, looser by "
        "√(log(4d)/log(2d+2)) else, at most 1.098 (d = 5).",
        mutants=(
            Mutant(
                name="log-2d", description="2d in place of 4d", regime="n = 2, d = 1", rhs=_massart(input_norm, 2 * d)
            ),
            Mutant(
                name="no-root-2",
                description="√(log(4d)/n)",
                regime="n = 2, d = 1",
                rhs={"bound": ball_radius * input_norm * sp.sqrt(sp.log(4 * d) / n)},
            ),
            Mutant(
                name="points-only",
                description="the embedding's size forgotten",
                regime="‖e‖∞ > max‖x_j‖∞",
                rhs=_massart(point_norm, 4 * d),
            ),
            Mutant(
                name="rate-n",
                description="1/n in place of 1/√n",
                regime="n >= 5",
                rhs={"bound": ball_radius * input_norm * sp.sqrt(2 * sp.log(4 * d)) / n},
            ),
        ),
    ),
    Claim(
        id="R2:cosh",
        sentence="For every γ > 0 the complexity is at most ρ max‖(x_j,e)‖∞ arccosh(1 + (d+1)(e^{γ²/2} − 1))/(γ√n).",
        source=REPAIR,
        quantifier=ForAll(over="samples, dimensions, radii and γ > 0"),
        hypotheses=(_SHARED,),
        relation=Inequality(lhs={"affine": rademacher_affine}, rhs=_cosh_bound((d + 1) * _GROWTH)),
        note="cosh in place of exp: cosh max|S_i| <= 1 + Σ(cosh S_i − 1). Below R2:sharp at the best γ for every d; as "
        "γ → 0 it is ρ max‖(x_j,e)‖∞ √((d+1)/n), which is attained at n = 2, d = 1.",
        mutants=(
            Mutant(
                name="no-embedding",
                description="d in place of d + 1",
                regime="n = 2, d = 1, γ small",
                rhs=_cosh_bound(d * _GROWTH),
            ),
            Mutant(
                name="half-variance",
                description="e^{γ²/4}",
                regime="n = 2, d = 1, γ small",
                rhs=_cosh_bound((d + 1) * (sp.exp(temperature**2 / 4) - 1)),
            ),
            Mutant(
                name="rate-n",
                description="1/n in place of 1/√n",
                regime="n >= 2, γ small",
                rhs={"bound": ball_radius * input_norm * _arccosh((d + 1) * _GROWTH) / (n * temperature)},
            ),
        ),
    ),
)

FAMILY = Family(key="R2", subject="Rademacher chain: the linear class", claims=CLAIMS)
