"""Networks at points: what they and their features say there."""

from __future__ import annotations

from theory.vocabulary.features import EmbeddingBound, embedding
from theory.vocabulary.objects import Norm as o_Norm
from theory.vocabulary.terms import Object, quantity

network = Object("network")
one, other = Object("x"), Object("x′")  # points, at one time

Response = quantity("Response", real=True)  # (feature, point): σ(w·x + u·e)
Output = quantity("Output")  # (network, point): ‖s(x)‖
Change = quantity("Change")  # (network, point, point): ‖s(x) − s(x′)‖
PointNorm, PointGap = quantity("SupOfPoint"), quantity("SupOfGap")  # ‖x‖∞, ‖x − x′‖∞

__all__ = ["Change", "EmbeddingBound", "Output", "PointGap", "PointNorm", "Response", "embedding", "network", "o_Norm",
           "one", "other"]  # fmt: skip
