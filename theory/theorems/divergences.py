"""Divergences of Gaussian laws from N(0, I), and the laws along an Ornstein–Uhlenbeck process."""

from __future__ import annotations

import sympy as sp

from theory.symbols import T, d
from theory.theorems.places import F, G, X, a, b, c, level, number
from theory.vocabulary import features as fe
from theory.vocabulary import gaussians as gs
from theory.vocabulary.gaussians import At, ToNormal
from theory.vocabulary.objects import Divergence, FlowDivergence, Prior, ScoreLoss, g_squared, p0, score
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, equals
from theory.vocabulary.terms import Object

_LAW = Object("law")
_TIME = sp.Symbol("time_", nonnegative=True)
_LATER = sp.Symbol("later", positive=True)

_SHIFT = sp.Function("c", real=True)
_SHIFTED = Fact("shifted_score", (p0, score, sp.Lambda(number, _SHIFT(number))))

THEOREMS = (
    Theorem(
        id="Gaussian along an Ornstein–Uhlenbeck process",
        sentence="N(m, vI) becomes N(e^{−t}m, (1 + (v − 1)e^{−2t})I)",
        source="variation of constants; Karatzas and Shreve 1991, section 5.6",
        takes=(p0, X, level, d, _TIME),
        given=(Fact("ornstein_uhlenbeck", (p0,)), Fact("gaussian", (p0, X, level, d))),
        says=Fact("gaussian", (At(p0, _TIME), sp.exp(-_TIME) * X, 1 + (level - 1) * sp.exp(-2 * _TIME), d)),
    ),
    Theorem(
        id="divergence of a Gaussian from N(0, I)",
        sentence="KL(N(m, vI)‖N(0, I)) = ½(‖m‖² + d(v − 1 − log v))",
        source="Cover and Thomas 2006, Theorem 8.4.1 (entropy of normal laws)",
        takes=(_LAW, X, level, d),
        given=(Fact("gaussian", (_LAW, X, level, d)),),
        says=equals(ToNormal(_LAW), (X**2 + d * (level - 1 - sp.log(level))) / 2),
    ),
    Theorem(
        id="convexity of the divergence of a mixture",
        sentence="KL(p_t‖π) of a mixture is at most the mean of KL(·‖π) over its components' laws at t",
        source="Cover and Thomas 2006, Theorem 2.7.2; the law at t is linear in that at 0",
        takes=(p0, _TIME, d),
        given=(Fact("ornstein_uhlenbeck", (p0,)), Fact("gaussian_mixture", (p0, d))),
        says=at_most(
            Prior(p0, _TIME), gs.ComponentMean(p0, sp.Lambda(gs.component, ToNormal(At(gs.component, _TIME))))
        ),
    ),
    Theorem(
        id="components of a mixture",
        sentence="its components are the N(m_k, v_k I)",
        source="definition",
        trust="definition",
        takes=(p0, gs.component, d),
        given=(Fact("gaussian_mixture", (p0, d)),),
        says=Fact("gaussian", (gs.component, gs.MeanNorm(gs.component), gs.Spread(gs.component), d)),
    ),
    Theorem(
        id="components follow the process",
        sentence="each component moves by the same equation",
        source="definition",
        trust="definition",
        takes=(p0, gs.component),
        given=(Fact("ornstein_uhlenbeck", (p0,)),),
        says=Fact("ornstein_uhlenbeck", (gs.component,)),
    ),
    Theorem(
        id="mean over components",
        sentence="Σw_k(aF_k + bG_k + c) = aΣw_kF_k + bΣw_kG_k + c",
        source="linearity of the mean; Kallenberg 2002, chapter 1",
        takes=(p0, F, G, a, b, c),
        says=equals(
            gs.ComponentMean(p0, sp.Lambda(gs.component, a * F(gs.component) + b * G(gs.component) + c)),
            a * gs.ComponentMean(p0, sp.Lambda(gs.component, F(gs.component)))
            + b * gs.ComponentMean(p0, sp.Lambda(gs.component, G(gs.component)))
            + c,
        ),
    ),
    Theorem(
        id="monotonicity of a mean over components",
        sentence="F_k <= G_k for every component gives Σw_kF_k <= Σw_kG_k",
        source="monotonicity of the mean; Kallenberg 2002, chapter 1",
        takes=(p0, F, G),
        given=(Every((gs.component,), at_most(F(gs.component), G(gs.component))),),
        says=at_most(
            gs.ComponentMean(p0, sp.Lambda(gs.component, F(gs.component))),
            gs.ComponentMean(p0, sp.Lambda(gs.component, G(gs.component))),
        ),
    ),
    Theorem(
        id="second moment of a mixture",
        sentence="E‖x‖² = Σw_k(‖m_k‖² + d v_k)",
        source="moments of normal laws; Kallenberg 2002, chapter 5",
        takes=(p0, d),
        given=(Fact("gaussian_mixture", (p0, d)),),
        says=equals(
            gs.SecondMoment(p0),
            gs.ComponentMean(p0, sp.Lambda(gs.component, gs.MeanNorm(gs.component) ** 2 + d * gs.Spread(gs.component))),
        ),
    ),
    Theorem(
        id="convexity of the divergence over starting points",
        sentence="KL(p_t‖π) is at most the mean over x(0) of KL(·‖π) of the law at t given x(0)",
        source="Cover and Thomas 2006, Theorem 2.7.2; Polyanskiy and Wu 2025, chapter 5",
        takes=(p0, _LATER, d),
        given=(Fact("ornstein_uhlenbeck", (p0,)), Fact("second_moment", (p0, d))),
        says=at_most(
            Prior(p0, _LATER), fe.DataMean(p0, sp.Lambda(fe.datum, ToNormal(gs.Transition(fe.datum, _LATER))))
        ),
    ),
    Theorem(
        id="transition of the Ornstein–Uhlenbeck process",
        sentence="given x(0), x(t) is N(e^{−t}x(0), (1 − e^{−2t})I)",
        source="variation of constants; Karatzas and Shreve 1991, section 5.6",
        takes=(p0, X, fe.datum, _LATER, d),
        given=(
            Fact("ornstein_uhlenbeck", (p0,)),
            Fact("second_moment", (p0, d)),
            equals(X**2, fe.StartSquare(fe.datum)),
        ),
        says=Fact("gaussian", (gs.Transition(fe.datum, _LATER), sp.exp(-_LATER) * X, 1 - sp.exp(-2 * _LATER), d)),
    ),
    Theorem(
        id="mean of the squared start",
        sentence="E(a‖x(0)‖² + b) = aE‖x(0)‖² + b",
        source="definition; Kallenberg 2002, chapter 1",
        takes=(p0, a, b, d),
        given=(Fact("second_moment", (p0, d)),),
        says=equals(
            fe.DataMean(p0, sp.Lambda(fe.datum, a * fe.StartSquare(fe.datum) + b)), a * gs.SecondMoment(p0) + b
        ),
    ),
    Theorem(
        id="law generated with a shifted score",
        sentence="backward from N(0, 1), dx = (−x + 2c)dt + √2dW in reverse time: a normal law of variance 1 and mean "
        "2∫₀^T e^{−t}c(t)dt",
        source="variation of constants; Karatzas and Shreve 1991, section 5.6",
        takes=(p0, score, _SHIFT, T),
        given=(_SHIFTED,),
        says=Fact(
            "gaussian",
            (
                gs.Generated(p0, score, T),
                2 * sp.Integral(sp.exp(-number) * _SHIFT(number), (number, 0, T)),
                sp.S.One,
                sp.S.One,
            ),
        ),
    ),
    Theorem(
        id="law of the flow with a shifted score",
        sentence="backward from N(0, 1), x' = −x − (−x + c) = −c: a normal law of variance 1 and mean ∫₀^T c(t)dt",
        source="integration; Rudin 1976, Theorem 6.21",
        takes=(p0, score, _SHIFT, T),
        given=(_SHIFTED,),
        says=Fact(
            "gaussian", (gs.Flowed(p0, score, T), sp.Integral(_SHIFT(number), (number, 0, T)), sp.S.One, sp.S.One)
        ),
    ),
    *(
        Theorem(
            id=f"divergence of N(0, 1) from the {name}",
            sentence=f"with p₀ = N(0, 1) the divergence from the {name} is KL(N(0, 1)‖·)",
            source="definition",
            trust="definition",
            takes=(p0, score, _SHIFT, T),
            given=(_SHIFTED,),
            says=equals(measure(p0, score, T), gs.FromNormal(law(p0, score, T))),
        )
        for name, measure, law in (
            ("SDE-density", Divergence, gs.Generated),
            ("ODE-density", FlowDivergence, gs.Flowed),
        )
    ),
    Theorem(
        id="divergence of N(0, I) from a shifted one",
        sentence="KL(N(0, I)‖N(m, I)) = ½‖m‖²",
        source="Cover and Thomas 2006, Theorem 8.4.1 (entropy of normal laws)",
        takes=(_LAW, X, d),
        given=(Fact("gaussian", (_LAW, X, sp.S.One, d)),),
        says=equals(gs.FromNormal(_LAW), X**2 / 2),
    ),
    Theorem(
        id="loss of a shifted score",
        sentence="N(0, 1) is kept, its score is −x: T times the loss of weight g² = 2 is ∫₀^T 2c(t)²dt",
        source="definition",
        trust="definition",
        takes=(p0, score, _SHIFT, T),
        given=(_SHIFTED,),
        says=equals(T * ScoreLoss(p0, score, g_squared, T), 2 * sp.Integral(_SHIFT(number) ** 2, (number, 0, T))),
    ),
    Theorem(
        id="prior term",
        sentence="KL(p_t‖π) with π = N(0, I)",
        source="definition",
        trust="definition",
        takes=(p0, _TIME),
        given=(Fact("ornstein_uhlenbeck", (p0,)),),
        says=equals(Prior(p0, _TIME), ToNormal(At(p0, _TIME))),
    ),
)
