"""Moments of features of normal numbers, and second derivatives of quadratics."""

from __future__ import annotations

from theory.vocabulary.terms import Named, Object, quantity, term

feature_law = Object("X")  # a normal number, by its mean and standard deviation
Active, ReluMean, ReluSquare = quantity("Active"), quantity("ReluMean"), quantity("ReluSquare")  # of a law
pair_law = Object("(X, Y)")  # two jointly normal numbers
ReluProduct = quantity("ReluProduct")  # of a pair: E σ(X)σ(Y)
direction = Object("H")
IN_SCALED, IN_A = Named("coordinates Θ"), Named("coordinates A")
Line = term("Line")  # (parameters, direction, number): Θ + εH, the direction in the coordinates named
SecondVariation = quantity("SecondVariation", real=True)  # (quadratic, direction, coordinates): D²L[H, H]
Form, Slope = quantity("Form"), quantity("Slope", real=True)  # tr(HBHᵀ); half of the first variation

__all__ = [
           "IN_A",
           "IN_SCALED",
           "Active",
           "Form",
           "Line",
           "ReluMean",
           "ReluProduct",
           "ReluSquare",
           "SecondVariation",
           "Slope",
           "direction",
           "feature_law",
           "pair_law",
]  # fmt: skip
