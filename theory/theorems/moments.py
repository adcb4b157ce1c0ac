"""Moments of normal numbers as integrals, and second variations of quadratics."""

from __future__ import annotations

import sympy as sp

from theory.normal import normal_pdf
from theory.symbols import m
from theory.theorems.places import X, a, b, c, level, number
from theory.vocabulary import moments as mo
from theory.vocabulary.moments import direction, feature_law
from theory.vocabulary.objects import Q, Theta, Value
from theory.vocabulary.statements import Every, Fact, Theorem, equals

_NORMAL = Fact("normal", (feature_law, X, level))
_VALUE = X + level * number

THEOREMS = (
    *(
        Theorem(
            id=name,
            sentence=f"X = μ + s z with z standard normal, which is positive where z > −μ/s: {what} is an integral",
            source="change of variables; Kallenberg 2002, Lemma 1.22",
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
