"""Gaussian laws and their divergences."""

from __future__ import annotations

from theory.vocabulary.terms import Object, quantity, term

component = Object("component")  # of a mixture: a normal law
ComponentMean = quantity(
    "ComponentMean", real=True
)  # (p₀, function of a component): its mean with the mixture's weights
MeanNorm = quantity("MeanNorm")  # of a component: ‖m_k‖
Spread = quantity("Spread", positive=True)  # of a component: v_k
SecondMoment = quantity("SecondMoment")  # of a law: E‖x‖²
Generated, Flowed = term("Generated"), term("Flowed")  # (p₀, score, horizon): the SDE-density's, the ODE-density's law
FromNormal = quantity("FromNormal")  # of a law: KL(N(0, I)‖law)
Transition = term("Transition")  # (datum, t): the law of x(t) given x(0)
At = term("AtTime")  # (p₀, t): the law p_t
ToNormal = quantity("ToNormal")  # of a law: KL(law‖N(0, I))
