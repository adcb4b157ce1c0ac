"""The named objects of the claims, and the quantities of them that the claims measure."""

from __future__ import annotations

from theory.symbols import T
from theory.vocabulary.terms import Image, Named, Object, Sample, law, quantity, term

# Objects ------------------------------------------------------------

Q = Object("Q")  # a quadratic loss: its matrix B, vector b and constant
Theta0, Theta = Object("Θ₀"), Object("Θ")  # an initialisation, a comparator
scaled, A = Named("scaled flow"), Named("flow of A")
data = Sample("data")
features, p0, weight, score = Object("features"), Object("p₀"), Object("λ"), Object("s")
g_squared = Named("g²")
sampled = Sample("v")  # the sampled features of Lemma 6
Y = Sample("Y")  # the sample of the Hilbert-space lemmas

# Objects made of objects ------------------------------------------------------------

Along = term("Along")  # (quadratic, Θ, Θ'): the unit direction of (Θ − Θ')B^½
Path = term("Path")  # (flow, quadratic, initialisation, time): the parameters then
Empirical = term("Empirical")  # (quadratic, data): the quadratic of the data in place of the population
MatrixPart = term("MatrixPart")  # of a quadratic: datum ↦ B(x₀)
GradientPart = term("GradientPart")  # (quadratic, parameters): datum ↦ ΘB(x₀) − b(x₀)
VectorPart = term("VectorPart")  # of a quadratic: datum ↦ b(x₀)
FeatureLoss = term("FeatureLoss")  # (features, p₀, weight, horizon): the population's quadratic
Score = term("Score")  # (features, parameters): the network
SampledWeights = term("SampledWeights")  # of sampled features: the comparator with a_i = a(v_i)
Neuron = term("Neuron")  # (p₀, weight, horizon): v ↦ a(v)σ(v·z) in L²(λ p_t dt/T)

# Quantities ------------------------------------------------------------

Value, Least = quantity("Value"), quantity("Least")  # of a quadratic: at parameters, its minimum
Distance, Norm = quantity("Distance"), quantity("Norm")  # ‖Θ − Θ'‖, ‖Θ‖
ToMinimisers = quantity("ToMinimisers")  # (quadratic, parameters): distance from the minimisers
ScoreDistance = quantity("ScoreDistance")  # (quadratic, Θ, Θ'): ‖(Θ − Θ')B^½‖
MatrixGap, GradientGap = quantity("MatrixGap"), quantity("GradientGap")  # ‖B̂ − B‖; ‖Θ(B̂−B) − (b̂−b)‖
Residual = quantity("Residual")  # (Q̂, Q, Θ₀, time): sup of ‖ξ(s)‖ up to the time
SpectralMean = quantity(
    "SpectralMean"
)  # (Q̂, direction, function): its mean over Q̂'s eigenvalues, weights of the direction
Trace, LargestEigenvalue = quantity("Trace"), quantity("LargestEigenvalue")  # of a quadratic's matrix
GradientIntegral = quantity("GradientIntegral")  # (flow, Q̂, Q, Θ₀, time): ‖∫₀^τ (Θ̂B̂ − b̂) − (ΘB − b) ds‖ on the flow
FeatureGradients = quantity("FeatureGradients")  # there: Σ‖∫₀^τ 2(Ê − E)[λ(s_θ − s)σᵢ] ds‖² over the features
Deviation, OperatorDeviation = quantity("Deviation"), quantity("OperatorDeviation")  # (Y, n): ‖(1/n)ΣY_i − EY‖
Variance = law("Variance")  # E‖Y − EY‖²
NormBound = law("NormBound", positive=True)  # the least positive number that ‖Y‖ does not exceed
Diameter = law("Diameter", positive=True)  # the same for ‖Y − Y'‖
RelativeFisher = quantity("RelativeFisher")  # (p₀, time): I(p_t‖π)
Divergence = quantity("Divergence")  # (p₀, score, horizon): KL(p₀‖SDE-density)
FlowDivergence = quantity("FlowDivergence")  # (p₀, score, horizon): KL(p₀‖ODE-density)
Prior = quantity("Prior")  # (p₀, time): KL(p_t‖π)
ScoreLoss = quantity("ScoreLoss")  # (p₀, score, weight, horizon)
PathDivergence = quantity(
    "PathDivergence"
)  # (p₀, score, horizon): KL of the law of forward paths and of the reverse SDE
DriftDivergence = quantity(
    "DriftDivergence"
)  # the mean, over where they start at the horizon, of that of paths from there
Between = quantity("Between")  # (p₀, score, horizon, time): KL(p_t‖q_t), q the law of the reverse SDE
MismatchRate, LossRate = quantity("MismatchRate"), quantity("LossRate")  # there: g²E‖s − ∇log q_t‖², g²E‖s − ∇log p_t‖²
Mismatch = quantity("Mismatch")  # (p₀, score, horizon)
LimitLoss = quantity("LimitLoss")  # (p₀, weight, horizon): L̄, the loss of the infinite-width network

EMPIRICAL = Empirical(Q, data)
MATRICES, GRADIENTS = Image(MatrixPart(Q), data), Image(GradientPart(Q, Theta), data)
NEURONS = Image(Neuron(p0, weight, T), sampled)
