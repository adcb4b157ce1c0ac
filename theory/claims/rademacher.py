"""The Rademacher chain inside Theorem 1 of LLZB, first half: contraction, linear classes, products."""

from __future__ import annotations

import sympy as sp

from theory.statement import Claim, Constant, ForAll, Hypothesis, Inequality, Mutant, Source
from theory.symbols import (
    C,
    ball_radius,
    d,
    input_norm,
    lipschitz,
    n,
    point_norm,
    rademacher,
    rademacher_abs,
    rademacher_abs_first,
    rademacher_abs_image,
    rademacher_abs_product,
    rademacher_abs_second,
    rademacher_affine,
    rademacher_first,
    rademacher_image,
    rademacher_linear,
    rademacher_product,
    rademacher_second,
    sup_first,
    sup_second,
    temperature,
)

CHAIN = Source(paper="LLZB", place="proof of Theorem 1, Rademacher chain")
REPAIR = Source(paper="scoregap", place="sharpening of LLZB, proof of Theorem 1")
_CLASSES = ForAll(over="classes of functions, maps and samples")
_POINTS = ForAll(over="samples, dimensions and radii")
_LIPSCHITZ = Hypothesis(name="lipschitz", statement="every map φ_j is Lipschitz with the constant Lip(φ)")
_FIXED_ZERO = Hypothesis(name="zero-fixed", statement="φ_j(0) = 0 for every j")
_SHARED = Hypothesis(name="shared-embedding", statement="e(t) is the same vector for all samples, of any dimension")
_BOUNDED = Hypothesis(name="bounded", statement="sup|F₁| and sup|F₂| bound |f(x_j)| on the samples")


def _massart(size: sp.Expr, count: sp.Expr) -> dict[str, sp.Expr]:
    return {"bound": ball_radius * size * sp.sqrt(2 * sp.log(count) / n)}


_GROWTH = sp.exp(temperature**2 / 2) - 1


def _arccosh(excess: sp.Expr) -> sp.Expr:
    """arccosh(1 + excess)."""
    return sp.log(1 + excess + sp.sqrt(excess * (excess + 2)))


def _cosh_bound(excess: sp.Expr) -> dict[str, sp.Expr]:
    return {"bound": ball_radius * input_norm * _arccosh(excess) / (sp.sqrt(n) * temperature)}


_SUPS = sup_first + sup_second
_CROSS = 2 * sp.sqrt(sup_first * sup_second * rademacher_first * rademacher_second)

CLAIMS = (
    Claim(
        id="R1:contraction",
        sentence="A Lipschitz map multiplies the complexity without |·| by at most its Lipschitz constant.",
        source=CHAIN,
        quantifier=_CLASSES,
        hypotheses=(_LIPSCHITZ,),
        relation=Inequality(lhs={"image": rademacher_image}, rhs={"bound": lipschitz * rademacher}),
        note="Talagrand's contraction, one coordinate at a time; φ(0) = 0 is not needed; equality for φ(x) = Lip·x.",
        mutants=(
            Mutant(
                name="below",
                description="0.99 of the bound",
                regime="φ(x) = Lip·x",
                rhs={"bound": sp.Rational(99, 100) * lipschitz * rademacher},
            ),
            Mutant(
                name="root",
                description="√Lip in place of Lip",
                regime="Lip > 1",
                rhs={"bound": sp.sqrt(lipschitz) * rademacher},
            ),
            Mutant(
                name="abs-image",
                description="|·| on the left only",
                regime="a single function f ≠ 0",
                lhs={"image": rademacher_abs_image},
            ),
        ),
    ),
    Claim(
        id="R1:contraction-abs",
        sentence="With |·| a Lipschitz map that fixes 0 multiplies the complexity by at most 2 Lip, and 2 is attained.",
        source=CHAIN,
        quantifier=_CLASSES,
        hypotheses=(_LIPSCHITZ, _FIXED_ZERO),
        relation=Inequality(lhs={"image": rademacher_abs_image}, rhs={"bound": C * lipschitz * rademacher_abs}),
        constants={"C": Constant(symbol=C, value=sp.S(2), meaning="attained for two functions on two points")},
        depends_on=("R1:contraction",),
        note="2 is attained by F = {(1,1), (−1,−1)} with φ₁(x) = |x| and φ₂(x) = x. With one map for all points the "
        "worst ratio on tables with entries in {−1, 0, 1}, three functions on three points, is 4/3 for |x| and 7/6 for "
        "ReLU.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 1.999 in place of 2",
                regime="F = {(1,1), (−1,−1)}",
                constants={"C": sp.Rational(1999, 1000)},
            ),
            Mutant(
                name="root",
                description="√Lip in place of Lip",
                regime="Lip > 1",
                rhs={"bound": C * sp.sqrt(lipschitz) * rademacher_abs},
            ),
            Mutant(
                name="no-abs",
                description="the complexity without |·| on the right",
                regime="a single function",
                rhs={"bound": C * lipschitz * rademacher},
            ),
        ),
    ),
    Claim(
        id="R1:abs-factor-one",
        sentence="With |·| a Lipschitz map that fixes 0 multiplies the complexity by at most Lip.",
        source=CHAIN,
        quantifier=_CLASSES,
        hypotheses=(_LIPSCHITZ, _FIXED_ZERO),
        relation=Inequality(lhs={"image": rademacher_abs_image}, rhs={"bound": lipschitz * rademacher_abs}),
        note="False by a factor up to 2: F = {(1,1), (−1,−1)}, φ₁(x) = |x|, φ₂(x) = x has complexity 1/2 before "
        "the maps, 1 after them.",
        mutants=(
            Mutant(
                name="three-halves",
                description="1.5 Lip",
                regime="F = {(1,1), (−1,−1)}",
                rhs={"bound": sp.Rational(3, 2) * lipschitz * rademacher_abs},
            ),
            Mutant(
                name="no-abs",
                description="the complexity without |·| on the right",
                regime="a single function",
                rhs={"bound": lipschitz * rademacher},
            ),
            Mutant(
                name="root",
                description="2√Lip",
                regime="Lip > 1",
                rhs={"bound": sp.Rational(2) * sp.sqrt(lipschitz) * rademacher_abs},
            ),
        ),
    ),
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
        depends_on=("R2:massart",),
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
        depends_on=("R2:sharp",),
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
    Claim(
        id="R3:printed",
        sentence="Products have complexity at most (sup|F₁| + sup|F₂|)(R̂(F₁) + R̂(F₂)), without |·|.",
        source=CHAIN,
        quantifier=_CLASSES,
        hypotheses=(_BOUNDED,),
        relation=Inequality(
            lhs={"product": rademacher_product},
            rhs={"first": _SUPS * rademacher_first, "second": _SUPS * rademacher_second},
        ),
        depends_on=("R1:contraction",),
        note="Polarisation and contraction of x² on [−sup|F₁|−sup|F₂|, sup|F₁|+sup|F₂|]. The worst ratio over tables "
        "with entries in {−1, 0, 1} is 1/2, met where one class is {1}; the constant is approached only where F₂ = {s} "
        "and sup|F₁|/s → 0, ratio s/(s + sup|F₁|): see R3:sharp.",
        mutants=(
            Mutant(
                name="sups-multiplied",
                description="sup|F₁| sup|F₂| in place of the sum",
                regime="sup|F₁| = 1/2",
                rhs={
                    "first": sup_first * sup_second * rademacher_first,
                    "second": sup_first * sup_second * rademacher_second,
                },
            ),
            Mutant(
                name="quarter",
                description="a factor 1/4 from the polarisation kept",
                regime="F₂ = {1}",
                rhs={"first": _SUPS * rademacher_first / 4, "second": _SUPS * rademacher_second / 4},
            ),
            Mutant(
                name="own-sup",
                description="each class with its own supremum",
                regime="F₂ = {2}, sup|F₁| = 1",
                rhs={"first": sup_first * rademacher_first, "second": sup_second * rademacher_second},
            ),
            Mutant(
                name="complexities-multiplied",
                description="R̂(F₁)R̂(F₂) in place of the sum",
                regime="F₂ = {1}",
                rhs={"first": _SUPS * rademacher_first * rademacher_second},
            ),
        ),
    ),
    Claim(
        id="R3:abs",
        sentence="Products have complexity at most (sup|F₁| + sup|F₂|)(R̂(F₁) + R̂(F₂)), with |·| on both sides.",
        source=CHAIN,
        quantifier=_CLASSES,
        hypotheses=(_BOUNDED,),
        relation=Inequality(
            lhs={"product": rademacher_abs_product},
            rhs={"first": _SUPS * rademacher_abs_first, "second": _SUPS * rademacher_abs_second},
        ),
        depends_on=("R3:printed",),
        note="From R3:printed for ±F₁, no factor 2: contraction with |·| is not needed, and "
        "R̂(F₂) would do on the right. The worst ratio over tables with entries in {−1, 0, 1} is 1/3.",
        mutants=(
            Mutant(
                name="quarter",
                description="a factor 1/4 from the polarisation kept",
                regime="F₂ = {0, 1}",
                rhs={"first": _SUPS * rademacher_abs_first / 4, "second": _SUPS * rademacher_abs_second / 4},
            ),
            Mutant(
                name="no-abs",
                description="the complexities without |·| on the right",
                regime="single functions",
                rhs={"first": _SUPS * rademacher_first, "second": _SUPS * rademacher_second},
            ),
            Mutant(
                name="sups-multiplied",
                description="sup|F₁| sup|F₂|/2 in place of the sum",
                regime="sup|F₁| = 1/2",
                rhs={
                    "first": sup_first * sup_second * rademacher_abs_first / 2,
                    "second": sup_first * sup_second * rademacher_abs_second / 2,
                },
            ),
        ),
    ),
    Claim(
        id="R3:sharp",
        sentence="Products have complexity at most (√(sup|F₁| R̂(F₂)) + √(sup|F₂| R̂(F₁)))², without |·|.",
        source=REPAIR,
        quantifier=_CLASSES,
        hypotheses=(_BOUNDED,),
        relation=Inequality(
            lhs={"product": rademacher_product},
            rhs={"first": sup_second * rademacher_first, "second": sup_first * rademacher_second, "cross": _CROSS},
        ),
        depends_on=("R3:printed",),
        note="R3:printed for cF₁ and F₂/c with the best c. Attained where F₂ = {1}; never above R3:printed, "
        "and half of it there for sup|F₁| = 1.",
        mutants=(
            Mutant(
                name="own-sup",
                description="each class with its own supremum",
                regime="F₂ = {2}, sup|F₁| = 1",
                rhs={"first": sup_first * rademacher_first, "second": sup_second * rademacher_second, "cross": _CROSS},
            ),
            Mutant(
                name="half",
                description="half of the bound",
                regime="F₂ = {1}",
                rhs={
                    "first": sup_second * rademacher_first / 2,
                    "second": sup_first * rademacher_second / 2,
                    "cross": _CROSS / 2,
                },
            ),
            Mutant(name="cross-only", description="the cross term alone", regime="F₂ = {1}", rhs={"cross": 2 * _CROSS}),
        ),
    ),
)
