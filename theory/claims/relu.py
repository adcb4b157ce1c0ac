"""Moments of ReLU features under normal laws, and the kernel of infinitely many features on a sphere."""

from __future__ import annotations

import sympy as sp

from theory import features
from theory.family import Family
from theory.normal import normal_cdf, normal_pdf
from theory.statement import Claim, ForAll, Hypothesis, Identity, Mutant, Source
from theory.symbols import (
    active,
    ambient,
    angle,
    correlation,
    kernel_value,
    mean_1,
    mean_2,
    norm_other,
    norm_z,
    radius,
    relu_cross,
    relu_first,
    relu_square,
    std_1,
    std_2,
)

_SOURCE = Source(paper="LLZB", place="section 3, the random-feature score", equation="12")
_KERNEL_SOURCE = Source(paper="LLZB", place="section 3, infinitely many features (Cho and Saul 2009)", equation="13")
_ONE = ForAll(over="means and standard deviations s > 0")
_TWO = ForAll(over="means, standard deviations and correlations in (−1, 1)")
_NORMAL = Hypothesis(name="normal", statement="X ~ N(μ₁, s₁²)")
_PAIR = Hypothesis(
    name="jointly-normal", statement="(X, Y) is normal: means μ₁, μ₂, standard deviations s₁, s₂, correlation ϱ"
)
_ONE_LINE, _OTHER_LINE = (
    Hypothesis(
        name="jointly-normal",
        statement=f"(X, Y) is normal: means μ₁, μ₂, standard deviations s₁, s₂, correlation {end}",
    )
    for end in ("1", "−1")
)
_INSIDE = Hypothesis(name="not-degenerate", statement="|ϱ| < 1", lesser=correlation**2, greater=sp.S.One, strict=True)
_ANGLE = Hypothesis(name="angle", statement="ϑ <= π", lesser=angle, greater=sp.pi)
_a, _b = mean_1 / std_1, mean_2 / std_2
_Phi, _phi = normal_cdf(_a), normal_pdf(_a)


def _product(rho: sp.Expr) -> dict[str, sp.Expr]:
    return {name: std_1 * std_2 * term for name, term in features.product_terms(_a, _b, rho).items()}


def _without(terms: dict[str, sp.Expr], name: str) -> dict[str, sp.Expr]:
    return {key: term for key, term in terms.items() if key != name}


_MEAN = {"active": mean_1 * _Phi, "boundary": std_1 * _phi}
_SQUARE = {"active": (mean_1**2 + std_1**2) * _Phi, "boundary": mean_1 * std_1 * _phi}
_CROSS = _product(correlation)
_ALIGNED, _OPPOSED = _product(sp.S.One), _product(sp.S.NegativeOne)
_ANGULAR = sp.sin(angle) + (sp.pi - angle) * sp.cos(angle)
_SCALE = radius**2 * norm_z * norm_other / (2 * sp.pi)

CLAIMS = (
    Claim(
        id="RELU:activation",
        sentence="A feature with X ~ N(μ₁, s₁²) is active with probability Φ(μ₁/s₁).",
        source=_SOURCE,
        quantifier=_ONE,
        hypotheses=(_NORMAL,),
        relation=Identity(lhs={"probability": active}, rhs={"value": _Phi}),
        note="s₁ → 0 leaves the indicator of μ₁ > 0, and any value at μ₁ = 0 (the toolkit takes 0).",
        mutants=(
            Mutant(name="no-scale", description="Φ(μ₁)", regime="s₁ ≠ 1, μ₁ ≠ 0", rhs={"value": normal_cdf(mean_1)}),
            Mutant(
                name="sign", description="Φ(−μ₁/s₁): the inactive side", regime="μ₁ ≠ 0", rhs={"value": normal_cdf(-_a)}
            ),
            Mutant(
                name="variance",
                description="Φ(μ₁/s₁²)",
                regime="s₁ ≠ 1, μ₁ ≠ 0",
                rhs={"value": normal_cdf(mean_1 / std_1**2)},
            ),
        ),
    ),
    Claim(
        id="RELU:mean",
        sentence="The mean of a ReLU feature is μ₁ Φ(μ₁/s₁) + s₁ φ(μ₁/s₁).",
        source=_SOURCE,
        quantifier=_ONE,
        hypotheses=(_NORMAL,),
        relation=Identity(lhs={"mean": relu_first}, rhs=_MEAN),
        note="Tends to max(0, μ₁) as s₁ → 0; s₁/√(2π) at μ₁ = 0.",
        mutants=(
            Mutant(
                name="no-boundary", description="s₁ φ is lost", regime="everywhere", rhs=_without(_MEAN, "boundary")
            ),
            Mutant(
                name="half-boundary",
                description="s₁ φ/2",
                regime="everywhere",
                rhs={**_MEAN, "boundary": std_1 * _phi / 2},
            ),
            Mutant(
                name="variance",
                description="s₁² φ: the variance for the standard deviation",
                regime="s₁ ≠ 1",
                rhs={**_MEAN, "boundary": std_1**2 * _phi},
            ),
            Mutant(
                name="sign",
                description="μ₁Φ − s₁φ: the truncated normal's other side",
                regime="everywhere",
                rhs={**_MEAN, "boundary": -std_1 * _phi},
            ),
        ),
    ),
    Claim(
        id="RELU:second-moment",
        sentence="The second moment of a ReLU feature is (μ₁² + s₁²) Φ(μ₁/s₁) + μ₁ s₁ φ(μ₁/s₁).",
        source=_SOURCE,
        quantifier=_ONE,
        hypotheses=(_NORMAL,),
        relation=Identity(lhs={"second moment": relu_square}, rhs=_SQUARE),
        note="s₁²/2 at μ₁ = 0; the limit ϱ → 1 of RELU:product with equal laws.",
        mutants=(
            Mutant(
                name="no-boundary", description="μ₁ s₁ φ is lost", regime="μ₁ ≠ 0", rhs=_without(_SQUARE, "boundary")
            ),
            Mutant(
                name="one-variance",
                description="μ₁² without s₁²",
                regime="everywhere",
                rhs={**_SQUARE, "active": mean_1**2 * _Phi},
            ),
            Mutant(
                name="squared-scale",
                description="μ₁ s₁² φ",
                regime="s₁ ≠ 1, μ₁ ≠ 0",
                rhs={**_SQUARE, "boundary": mean_1 * std_1**2 * _phi},
            ),
        ),
    ),
    Claim(
        id="RELU:product",
        sentence="The mean product of two ReLU features is closed in φ, Φ, φ₂ and Φ₂.",
        source=_SOURCE,
        quantifier=_TWO,
        hypotheses=(_PAIR, _INSIDE),
        relation=Identity(lhs={"mean product": relu_cross}, rhs=_CROSS),
        note="Φ₂(a, b; ϱ) = Φ(a)Φ(b) + ∫_0^ϱ φ₂(a, b; q) dq. The ends ϱ = ±1 are RELU:product-aligned and -opposed.",
        mutants=(
            Mutant(
                name="independent-orthant",
                description="Φ(a)Φ(b) in place of Φ₂",
                regime="ϱ ≠ 0, ab + ϱ ≠ 0",
                rhs={**_CROSS, "both active": std_1 * std_2 * (_a * _b + correlation) * _Phi * normal_cdf(_b)},
            ),
            Mutant(
                name="no-corner",
                description="(1 − ϱ²) φ₂ is lost",
                regime="everywhere",
                rhs=_without(_CROSS, "both at 0"),
            ),
            Mutant(
                name="root-corner",
                description="√(1 − ϱ²) φ₂: a root of 1 − ϱ² too many",
                regime="ϱ ≠ 0",
                rhs={**_CROSS, "both at 0": _CROSS["both at 0"] / sp.sqrt(1 - correlation**2)},
            ),
            Mutant(
                name="swapped",
                description="a φ(a) Φ((b − ϱa)/√(1−ϱ²)) in place of b φ(a) Φ(·)",
                regime="a ≠ b",
                rhs={**_CROSS, "first at 0": _CROSS["first at 0"] * mean_1 * std_2 / (mean_2 * std_1)},
            ),
        ),
    ),
    Claim(
        id="RELU:product-aligned",
        sentence="At correlation 1 the mean product is s₁s₂[(ab + 1)Φ(min(a, b)) + max(a, b) φ(min(a, b))].",
        source=_SOURCE,
        quantifier=ForAll(over="means and standard deviations"),
        hypotheses=(_ONE_LINE,),
        relation=Identity(lhs={"mean product": relu_cross}, rhs=_ALIGNED),
        note="a = μ₁/s₁, b = μ₂/s₂; for X = Y it is RELU:second-moment.",
        mutants=(
            Mutant(
                name="max-for-min",
                description="Φ(max(a, b))",
                regime="a ≠ b",
                rhs={**_ALIGNED, "both active": std_1 * std_2 * (_a * _b + 1) * normal_cdf(sp.Max(_a, _b))},
            ),
            Mutant(
                name="min-factor",
                description="min(a, b) φ",
                regime="a ≠ b",
                rhs={**_ALIGNED, "boundary": std_1 * std_2 * sp.Min(_a, _b) * normal_pdf(sp.Min(_a, _b))},
            ),
            Mutant(
                name="no-covariance",
                description="ab in place of ab + 1",
                regime="everywhere",
                rhs={**_ALIGNED, "both active": std_1 * std_2 * _a * _b * normal_cdf(sp.Min(_a, _b))},
            ),
        ),
    ),
    Claim(
        id="RELU:product-opposed",
        sentence="At correlation −1 the features are active together only between the two kinks, where a + b > 0.",
        source=_SOURCE,
        quantifier=ForAll(over="means and standard deviations"),
        hypotheses=(_OTHER_LINE,),
        relation=Identity(lhs={"mean product": relu_cross}, rhs=_OPPOSED),
        note="s₁s₂[(ab − 1)(Φ(b) − Φ(−a)) + aφ(b) + bφ(a)] for a + b > 0 and 0 otherwise.",
        mutants=(
            Mutant(
                name="no-covariance",
                description="ab in place of ab − 1",
                regime="a + b > 0",
                rhs={
                    **_OPPOSED,
                    "both active": std_1 * std_2 * _a * _b * (normal_cdf(sp.Max(_b, -_a)) - normal_cdf(-_a)),
                },
            ),
            Mutant(
                name="no-lower-boundary",
                description="b φ(a) is lost",
                regime="b ≠ 0",
                rhs=_without(_OPPOSED, "lower boundary"),
            ),
            Mutant(
                name="never-empty",
                description="no case a + b <= 0",
                regime="a + b < 0",
                rhs={
                    "both active": std_1 * std_2 * (_a * _b - 1) * (normal_cdf(_b) - normal_cdf(-_a)),
                    "upper boundary": std_1 * std_2 * _a * normal_pdf(_b),
                    "lower boundary": std_1 * std_2 * _b * normal_pdf(_a),
                },
            ),
        ),
    ),
    Claim(
        id="RELU:arc-cosine",
        sentence="For v uniform on the sphere of radius R in R^D the kernel is the arc-cosine kernel of order 1.",
        source=_KERNEL_SOURCE,
        quantifier=ForAll(over="z and z′ in R^D, dimensions and radii"),
        hypotheses=(Hypothesis(name="uniform", statement="v is uniform on the sphere ‖v‖₂ = R of R^D"), _ANGLE),
        relation=Identity(lhs={"kernel": kernel_value}, rhs={"value": _SCALE * _ANGULAR / ambient}),
        note="Cho and Saul's kernel of order 1 has the factor 1/π, for Gaussian v and twice the mean. A radius up to "
        "1/√D keeps ‖v‖₁ <= 1.",
        mutants=(
            Mutant(
                name="cho-saul",
                description="the factor 1/π of Cho and Saul",
                regime="everywhere",
                rhs={"value": 2 * _SCALE * _ANGULAR / ambient},
            ),
            Mutant(
                name="gaussian",
                description="v ~ N(0, R² I): 1/D is lost",
                regime="D >= 2",
                rhs={"value": _SCALE * _ANGULAR},
            ),
            Mutant(
                name="angle",
                description="ϑ cos ϑ in place of (π − ϑ) cos ϑ",
                regime="ϑ ≠ π/2",
                rhs={"value": _SCALE * (sp.sin(angle) + angle * sp.cos(angle)) / ambient},
            ),
            Mutant(
                name="radius",
                description="R in place of R²",
                regime="R ≠ 1",
                rhs={"value": _SCALE * _ANGULAR / (ambient * radius)},
            ),
        ),
    ),
)

FAMILY = Family(key="RELU", subject="Gaussian moments of ReLU features", claims=CLAIMS)
