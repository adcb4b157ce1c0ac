"""Random features one by one: their norms and moments, and the per-datum parts of a quadratic."""

from __future__ import annotations

from theory.symbols import T
from theory.vocabulary.objects import GradientPart, MatrixPart, Q, Theta, VectorPart, p0, weight
from theory.vocabulary.terms import Object, law, quantity, term

feature = Object("v_i")  # (w, u)
datum = Object("x₀")
point = Object("z")  # the network's input (x_t, e(t)), as a vector of functions in L²(λ p_t dt/T)

At = term("At")  # (map, datum)
Input = term("Input")  # (p₀, weight, horizon): z under a law; (quadratic, datum): given a datum
Argument = term("Argument")  # (feature, input): the function w·x + u·e
Active = term("Active")  # of a function: σ of it
DATUM_MATRIX, DATUM_VECTOR = At(MatrixPart(Q), datum), At(VectorPart(Q), datum)
DATUM_GRADIENT = At(GradientPart(Q, Theta), datum)
Z = Input(p0, weight, T)

Norm = quantity("FunctionNorm")  # of a function in L²(λ p_t dt/T)
LargestNorm = quantity("LargestNorm")  # of an input: max_k ‖z_k‖
NeuronNorm = quantity("NeuronNorm")  # (feature, input): ‖a(v)σ(v·z)‖
Size = quantity("Size")  # of a feature: ‖w‖₁ + ‖u‖₁
OuterNorm, OuterMax = quantity("OuterNorm"), quantity("OuterMax")  # of a feature: ‖a(v)‖, ‖a(v)‖∞
WeightBound, WeightMax = law("WeightBound"), law("WeightMax")  # of sampled features: sup ‖a‖, sup ‖a‖∞
CoordinateMoment = quantity("CoordinateMoment")  # max_k E λ z_k²
BoxMoment = quantity("BoxMoment")  # E λ max(‖x_t‖∞, ‖e‖∞)²
FrobeniusNorm, VectorNorm, OperatorNorm = quantity("FrobeniusNorm"), quantity("VectorNorm"), quantity("OperatorNorm")
MatrixTrace = quantity("MatrixTrace")
FeatureMean = quantity("FeatureMean")  # (quadratic, function of a feature): the mean over its features
StartSquare = quantity("StartSquare")  # of a datum: ‖x₀‖²
DataMean = quantity("DataMean", real=True)  # (p₀, function of a datum): its mean over the law
Reach = quantity("Reach")  # (quadratic, datum): max_k E[λz_k² | x₀]
WeightMean = quantity("WeightMean")  # (weight, horizon): E_t λ
ScaleMoment, NoiseMoment = quantity("ScaleMoment"), quantity("NoiseMoment")  # (weight, horizon): E_t λr², E_t λr²v²
embedding = Object("e")
EmbeddingBound = quantity("EmbeddingBound", positive=True)  # of an embedding: sup ‖e‖∞
LargestMatrix = quantity(
    "LargestMatrix", positive=True
)  # of a quadratic: the least positive number that no ‖B(x₀)‖ exceeds
LargestVector = quantity("LargestVector")  # sup ‖b(x₀)‖_F over the data
