"""Classes of functions, what they do on points and signs, and their Rademacher complexities."""

from __future__ import annotations

from theory.symbols import n
from theory.vocabulary.terms import FixedSample, Named, Object, Sample, law, quantity, term

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

neuron = Object("neuron")  # (w, u), w a number
Place = term("Place")  # (neuron, embedding): (w, b), b = u·e
SignedSums = term("SignedSums")  # (points, embedding, signs): the function (w, b) ↦ Σ ξ_j σ(w x_j + b)
Diamond = term("Diamond")  # (points, embedding): hull of (±1, 0), (0, ±‖e‖∞), cut by the lines w x_j + b = 0
ALL_CORNERS, BREAKPOINTS = Named("all corners"), Named("corners on the lines and 0")
VERTICES, RIGHT_CORNERS = Named("vertices of the diamond and 0"), Named("corners with w >= 0")

# Quantities ------------------------------------------------------------

Supremum = quantity("Supremum")  # (F, points): sup |f(x_j)|
Signed = quantity("Signed", real=True)  # (F, points, signs): sup Σ ξ_j f(x_j)
AbsSigned = quantity("AbsSigned")  # (F, points, signs): sup |Σ ξ_j f(x_j)|
Mirror = quantity("Mirror", real=True)  # (F, points, signs): sup −Σ ξ_j f(x_j)
SignedSum = quantity("SignedSum", real=True)  # (g, points, signs): Σ ξ_j g(x_j)
Largest = quantity("Largest")  # (points, signs, N): the largest of N signed sums
LargestShared = quantity("LargestShared")  # the same, of the coordinates of points and embedding
CoshSum = quantity("CoshSum")  # (points, embedding, signs, N, γ): 1 + Σ (cosh γS_i − 1) over N signed sums of them
FeatureSum = quantity("FeatureSum")  # (points, signs): ‖Σ ξ_j h(x_j)‖
Energy, FeatureEnergy = quantity("Energy"), quantity("FeatureEnergy")  # Σ g(x_j)², Σ ‖h(x_j)‖²
PlaneValue, VertexMax = (
    quantity("PlaneValue", real=True),
    quantity("VertexMax", real=True),
)  # (function, point or cells)
CornerMax = quantity("CornerMax", real=True)  # (corners, points, embedding, signs): the largest signed sum over corners
PointNorm, InputNorm = quantity("PointNorm"), quantity("InputNorm")  # max ‖x_j‖∞, with the embedding
Complexity, AbsComplexity = quantity("Complexity"), quantity("AbsComplexity")  # (F, points, n): without and with |·|
ExpectedComplexity = law("ExpectedComplexity")  # (F, inputs, n): the mean of AbsComplexity
ExpectedOneSided = law("ExpectedOneSided")  # the mean of Complexity
UniformDeviation = quantity("UniformDeviation")  # (F, inputs, n): sup |Ef − Êf|
OneSidedDeviation = quantity("OneSidedDeviation", real=True)  # sup (Ef − Êf)
