"""Diffusion models from ε to T: losses, rates and informations of a law, of a data set, and of what is learned from it.

A law is the data's own or the empirical one of a data set; the process and its prior π are the claim's.
"""

from __future__ import annotations

from theory.symbols import T, early
from theory.vocabulary.objects import data
from theory.vocabulary.terms import Named, Object, law, quantity, term

rule, loss = Object("rule"), Object("loss")  # how a score is learned from data; the loss of one datum
EmpiricalLaw = term("EmpiricalLaw")  # of data: the law p̂ that gives each datum the weight 1/n
Trained = term("Trained")  # (rule, data): the learned score
DenoisingPart = term("DenoisingPart")  # (ε, T): the denoising loss of one datum

EarlyDivergence = quantity("EarlyDivergence")  # (law, score, ε, T): KL(law at ε‖reverse SDE from π at T, at ε)
ExplicitLoss = quantity("ExplicitLoss")  # (law, score, ε, T): ½∫β E‖s − ∇log p_t‖² dt
DenoisingLoss = quantity("DenoisingLoss")  # (law, score, ε, T): ½∫β E‖s − ∇log p_{t|0}‖² dt
DenoisingFloor = quantity("DenoisingFloor")  # (law, ε, T): ½∫β E‖∇log p_{t|0} − ∇log p_t‖² dt
Rate = quantity("Rate")  # (law, T): E KL(E_T(X)‖π), E_T(x) the kernel from x
ChannelInformation = quantity("ChannelInformation")  # (law, t): I(X; X_t)
LawDivergence = quantity("LawDivergence")  # (law, law, t): KL between the laws at t
MeanLoss = quantity("MeanLoss", real=True)  # (loss, law, score): its mean under a law
WeightInformation = law("WeightInformation")  # (rule, data): the mean over i of I(learned; X_i)

HAT, LEARNED = EmpiricalLaw(data), Trained(rule, data)
DENOISING = DenoisingPart(early, T)

reference, zero = Object("s̄"), Named("no score")  # a score that knows no data; the score 0
SamplerInformation = law("SamplerInformation")  # (rule, data, T): I(X̂₀; S | X̂_T)
PathInformation = law("PathInformation")  # (rule, data, T): I(generated path; S | X̂_T)
PathDivergence = law("MeanPathDivergence")  # (rule, data, reference, T): its mean KL from the path of the reference
PathCost = law("PathCost")  # (rule, data, reference, T): ½∫β E‖s_θ − s̄‖² dt on the generated path

Mismatch = quantity("ScoreMismatch")  # (law, score, t): E‖s − ∇log p_t‖²
FisherAt = quantity("FisherAt")  # (law, t): E‖∇log p_t‖²

Channel = quantity("Channel")  # (law, r, v): I(X; rX + √v ξ) with a standard normal ξ
