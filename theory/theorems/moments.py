"""Moments of normal numbers as integrals, and second variations of quadratics."""

from __future__ import annotations

import sympy as sp

from theory.normal import normal_pdf
from theory.symbols import m, mu
from theory.theorems.places import X_1, F, G, X, a, b, c, level, number
from theory.vocabulary import features as fe
from theory.vocabulary import moments as mo
from theory.vocabulary.features import datum
from theory.vocabulary.moments import direction, feature_law, pair_law
from theory.vocabulary.objects import MatrixPart, Q, Theta, Value, Variance, data, p0
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, equals
from theory.vocabulary.terms import Image

_NORMAL = Fact("normal", (feature_law, X, level))
_VALUE = X + level * number
OTHER_LEVEL = sp.Symbol("other_level", positive=True)

_START = fe.StartSquare(datum)

THEOREMS = (
    Theorem(
        id="scatter of matrices",
        sentence="E‖B(x₀) − E B(x₀)‖_F² = E‖B(x₀)‖_F² − ‖E B(x₀)‖_F² <= E‖B(x₀)‖_F²",
        source="Boucheron, Lugosi and Massart 2013, section 2.1",
        takes=(Q, p0, data),
        given=(Fact("law", (data, p0)),),
        says=at_most(
            Variance(Image(MatrixPart(Q), data)),
            fe.DataMean(p0, sp.Lambda(datum, fe.FrobeniusNorm(fe.At(MatrixPart(Q), datum)) ** 2)),
        ),
    ),
    Theorem(
        id="monotonicity of a mean over data",
        sentence="F <= G for every datum gives E F <= E G",
        source="Kallenberg 2002, chapter 1",
        formal="Mathlib: MeasureTheory.integral_mono",
        takes=(p0, F, G),
        given=(Every((datum,), at_most(F(datum), G(datum))),),
        says=at_most(fe.DataMean(p0, sp.Lambda(datum, F(datum))), fe.DataMean(p0, sp.Lambda(datum, G(datum)))),
    ),
    Theorem(
        id="moments of two modes",
        sentence="x₀ = ±μ + Z with any weights: E x₀² = μ² + 1 and E x₀⁴ = μ⁴ + 6μ² + 3",
        source="moments of normal laws, E Z² = 1 and E Z⁴ = 3; Kallenberg 2002, chapter 5",
        takes=(p0, mu, a, b, c),
        given=(Fact("two_mode_law", (p0, mu)),),
        says=equals(
            fe.DataMean(p0, sp.Lambda(datum, a * _START**2 + b * _START + c)),
            a * (mu**4 + 6 * mu**2 + 3) + b * (mu**2 + 1) + c,
        ),
    ),
    *(
        Theorem(
            id=name,
            sentence=f"X = μ + s z with z standard normal, which is positive where z > −μ/s: {what} is an integral",
            source="change of variables; Kallenberg 2002, chapter 1",
            takes=(feature_law, X, level),
            given=(_NORMAL,),
            says=equals(measure(feature_law), sp.Integral(integrand * normal_pdf(number), (number, -X / level, sp.oo))),
        )
        for name, what, measure, integrand in (
            ("probability of activity", "P(X > 0)", mo.Active, sp.S.One),
            ("mean of a ReLU", "E σ(X)", mo.ReluMean, _VALUE),
            ("second moment of a ReLU", "E σ(X)²", mo.ReluSquare, _VALUE**2),
        )
    ),
    Theorem(
        id="product of ReLUs at correlation 1",
        sentence="X = μ + s z, Y = μ' + s'z with one standard normal z, both positive where z > −min(μ/s, μ'/s')",
        source="change of variables; Kallenberg 2002, Lemma 1.22",
        takes=(pair_law, X, level, X_1, OTHER_LEVEL),
        given=(Fact("aligned_pair", (pair_law, X, level, X_1, OTHER_LEVEL)),),
        says=equals(
            mo.ReluProduct(pair_law),
            sp.Integral(
                _VALUE * (X_1 + OTHER_LEVEL * number) * normal_pdf(number),
                (number, -sp.Min(X / level, X_1 / OTHER_LEVEL), sp.oo),
            ),
        ),
    ),
    Theorem(
        id="product of ReLUs at correlation −1",
        sentence="X = μ + s z, Y = μ' − s'z with one standard normal z, both positive for −μ/s < z < μ'/s', if at all",
        source="change of variables; Kallenberg 2002, Lemma 1.22",
        takes=(pair_law, X, level, X_1, OTHER_LEVEL),
        given=(Fact("opposed_pair", (pair_law, X, level, X_1, OTHER_LEVEL)),),
        says=equals(
            mo.ReluProduct(pair_law),
            sp.Integral(
                _VALUE * (X_1 - OTHER_LEVEL * number) * normal_pdf(number),
                (number, -X / level, sp.Max(-X / level, X_1 / OTHER_LEVEL)),
            ),
        ),
    ),
    Theorem(
        id="quadratic along a line",
        sentence="L(Θ + εH) = L(Θ) + 2ε⟨ΘB − b, H⟩ + ε² tr(HBHᵀ)",
        source="Horn and Johnson 2013, section 4.1 (expanding a quadratic form)",
        takes=(Q, Theta, direction, number),
        given=(Fact("quadratic_form", (Q,)),),
        says=equals(
            Value(Q, mo.Line(Theta, direction, number)),
            Value(Q, Theta) + 2 * number * mo.Slope(Q, Theta, direction) + number**2 * mo.Form(Q, direction),
        ),
    ),
    Theorem(
        id="second variation along a line",
        sentence="if f(ε) = L(Θ + εH) is a + bε + cε², then D²L[H, H] = f'' = 2c",
        source="Rudin 1976, Theorem 5.3",
        formal="Mathlib: iteratedDeriv_succ",
        takes=(Q, Theta, direction, a, b, c),
        given=(Every((number,), equals(Value(Q, mo.Line(Theta, direction, number)), a + b * number + c * number**2)),),
        says=equals(mo.SecondVariation(Q, direction, mo.IN_SCALED), 2 * c),
    ),
    Theorem(
        id="second variation along a line of A",
        sentence="Θ = A/√m: a direction H of A moves Θ along H/√m; if L(Θ + (ε/√m)H) is a + bε + cε², D²L[H, H] = 2c",
        source="chain rule; Rudin 1976, Theorem 5.5",
        takes=(Q, Theta, direction, a, b, c, m),
        given=(
            Every(
                (number,),
                equals(Value(Q, mo.Line(Theta, direction, number / sp.sqrt(m))), a + b * number + c * number**2),
            ),
        ),
        says=equals(mo.SecondVariation(Q, direction, mo.IN_A), 2 * c),
    ),
)
