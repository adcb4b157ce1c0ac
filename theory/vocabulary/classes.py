"""Classes of functions, what they do on points and signs, and their Rademacher complexities."""

from __future__ import annotations

from theory.symbols import n
from theory.vocabulary.terms import FixedSample, Object, Sample, law, quantity, term

# Objects ------------------------------------------------------------

F, F_1, F_2 = Object("F"), Object("F₁"), Object("F₂")  # classes of functions
image = Object("φ∘F")  # the class of the φ(f)
shift = Object("g")  # one function
neurons, network = Object("neurons"), Object("network")  # a class, and one of combinations of its members
sequence = Object("x")  # x_1, x_2, …
First = term("First")  # (sequence, n)
points = First(sequence, n)  # x_1, …, x_n
embedding = Object("e")  # one vector, the same for all points
inputs = Sample("inputs")  # i.i.d. x_1, …, x_n
signs = FixedSample("ξ")  # independent signs ±1

Sum, Difference, Product = term("Sum"), term("Difference"), term("Product")  # the f₁ ± f₂, f₁f₂ of two classes
Squares, Scaled = term("Squares"), term("Scaled")  # the f²; (c, F): the cf
WithZero, Mirrored = term("WithZero"), term("Mirrored")  # F ∪ {0}, F ∪ −F
Shifted = term("Shifted")  # (F, g): the f + g
Linear, Affine = term("Linear"), term("Affine")  # (radius, d): x ↦ w·x, ‖w‖₁ <= radius; with the embedding's u·e
Frozen = term("Frozen")  # radius: x ↦ θ·h(x), ‖θ‖₂ <= radius

# Quantities ------------------------------------------------------------

Supremum = quantity("Supremum")  # (F, points): sup |f(x_j)|
Signed = quantity("Signed", real=True)  # (F, points, signs): sup Σ ξ_j f(x_j)
AbsSigned = quantity("AbsSigned")  # (F, points, signs): sup |Σ ξ_j f(x_j)|
Mirror = quantity("Mirror", real=True)  # (F, points, signs): sup −Σ ξ_j f(x_j)
SignedSum = quantity("SignedSum", real=True)  # (g, points, signs): Σ ξ_j g(x_j)
Largest = quantity("Largest")  # (points, signs, N): the largest of N signed sums
LargestShared = quantity("LargestShared")  # the same, of the coordinates of points and embedding
FeatureSum = quantity("FeatureSum")  # (points, signs): ‖Σ ξ_j h(x_j)‖
Energy, FeatureEnergy = quantity("Energy"), quantity("FeatureEnergy")  # Σ g(x_j)², Σ ‖h(x_j)‖²
PointNorm, InputNorm = quantity("PointNorm"), quantity("InputNorm")  # max ‖x_j‖∞, with the embedding
Complexity, AbsComplexity = quantity("Complexity"), quantity("AbsComplexity")  # (F, points, n): without and with |·|
ExpectedComplexity = law("ExpectedComplexity")  # (F, inputs, n): the mean of AbsComplexity
ExpectedOneSided = law("ExpectedOneSided")  # the mean of Complexity
UniformDeviation = quantity("UniformDeviation")  # (F, inputs, n): sup |Ef − Êf|
OneSidedDeviation = quantity("OneSidedDeviation", real=True)  # sup (Ef − Êf)
