"""Networks at points: what they and their features say there."""

from __future__ import annotations

from theory.vocabulary.features import EmbeddingBound, embedding
from theory.vocabulary.objects import Norm as o_Norm
from theory.vocabulary.terms import Object, quantity, term

network = Object("network")
one, other = Object("x"), Object("x′")  # points, at one time

Point = term("Point")  # of a number: it as a point of the line
ScoreAt = quantity("ScoreAt", real=True)  # (density, number): the derivative of its logarithm there
made = Object("normalised network")
NetworkNorm = quantity("NetworkNorm")  # of a network: ((1/m)Σ‖a_i‖²)^½
FeatureAverage = quantity("FeatureAverage")  # (network, function of a feature): its mean over the network's features
Value = quantity("NetworkValue", real=True)  # (network on the line, point): s(x)
ModesMean = quantity("ModesMean", real=True)  # (μ, function of a number): its mean over ½N(−μ, 1) + ½N(μ, 1)
NormalMean = quantity("NormalMean", real=True)  # (m, function of a number): its mean over N(m, 1)
Activity, Boundary = (
    quantity("Activity"),
    quantity("Boundary"),
)  # (feature, embedding, m): P(active), φ at the kink, N(m, 1)
FisherInformation, ScoreGap = (
    quantity("FisherInformation"),
    quantity("ScoreGap"),
)  # of p₀; (p₀, network): (E‖s − s₀‖²)^½
Combination = quantity("Combination", real=True)  # (network on the line, function of a feature F): (1/m)Σ a_i F(v_i)
Weight, Side = quantity("Weight", real=True), quantity("Side", real=True)  # of a feature on the line: w, sign w
Intercept = quantity("FeatureIntercept", real=True)  # (feature, embedding): u·e
SlopeLeft, SlopeRight = quantity("SlopeLeft", real=True), quantity("SlopeRight", real=True)  # of a network, at −∞ and ∞
InterceptLeft, InterceptRight = quantity("InterceptLeft", real=True), quantity("InterceptRight", real=True)
Response = quantity("Response", real=True)  # (feature, point): σ(w·x + u·e)
Output = quantity("Output")  # (network, point): ‖s(x)‖
Change = quantity("Change")  # (network, point, point): ‖s(x) − s(x′)‖
PointNorm, PointGap = quantity("SupOfPoint"), quantity("SupOfGap")  # ‖x‖∞, ‖x − x′‖∞

__all__ = [
           "Change",
           "EmbeddingBound",
           "FeatureAverage",
           "NetworkNorm",
           "Output",
           "Point",
           "PointGap",
           "PointNorm",
           "Response",
           "ScoreAt",
           "embedding",
           "made",
           "network",
           "o_Norm",
           "one",
           "other",
]  # fmt: skip
