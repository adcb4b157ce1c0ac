"""Diffusion models: reverse processes that stop early, score matching, informations of noised data."""

from __future__ import annotations

import sympy as sp

from theory.symbols import T, d, early, n
from theory.theorems.places import a, bound, level, number
from theory.vocabulary import diffusions as df
from theory.vocabulary.objects import Prior, data, p0, score
from theory.vocabulary.statements import Fact, Theorem, at_most, below, equals
from theory.vocabulary.terms import E

_TIME = sp.Symbol("time_", positive=True)
_WIDER = sp.Symbol("wider", positive=True)
_EARLIER = below(early, T)
_MOMENT = Fact("second_moment", (p0, d))
_SAMPLE = (Fact("iid", (data, n)), Fact("law", (data, p0)))
_SPAN = (early, T)
_GENERATES = Fact("generates", (df.rule, data, T))

THEOREMS = (
    Theorem(
        id="divergence of a reverse process that stops early",
        sentence="KL(p_ε‖q_ε) <= KL(p_T‖π) + ½∫_ε^T g²E‖s − ∇log p_t‖²dt, q the law of the reverse SDE with s from π",
        source="Song, Durkan, Murray and Ermon 2021, Theorem 1, from ε on; Karatzas and Shreve 1991, Theorem 3.5.1",
        takes=(p0, score, *_SPAN),
        given=(Fact("girsanov_between", (p0, score, *_SPAN)), _EARLIER),
        says=at_most(df.EarlyDivergence(p0, score, *_SPAN), Prior(p0, T) + df.ExplicitLoss(p0, score, *_SPAN)),
    ),
    Theorem(
        id="denoising score matching",
        sentence="∇log p_t is the conditional mean of ∇log p_{t|0}: the denoising loss is the explicit one plus what "
        "no score can undo",
        source="Vincent 2011, section 4.2; Pythagoras for conditional means, Kallenberg 2002, Theorem 6.1",
        takes=(p0, score, *_SPAN, d),
        given=(_MOMENT, _EARLIER),
        says=equals(
            df.DenoisingLoss(p0, score, *_SPAN), df.ExplicitLoss(p0, score, *_SPAN) + df.DenoisingFloor(p0, *_SPAN)
        ),
    ),
    Theorem(
        id="information along a diffusion",
        sentence="I(X; X_t) falls at the rate ½g²E‖∇log p_{t|0} − ∇log p_t‖²",
        source="Guo, Shamai and Verdú 2005, Theorem 1 and section III; Stam 1959 (de Bruijn's identity)",
        takes=(p0, *_SPAN, d),
        given=(_MOMENT, _EARLIER),
        says=equals(df.DenoisingFloor(p0, *_SPAN), df.ChannelInformation(p0, early) - df.ChannelInformation(p0, T)),
    ),
    Theorem(
        id="golden formula along a process",
        sentence="KL(p_T‖π) = E KL(E_T(X)‖π) − I(X; X_T)",
        source="Topsøe 1967; Polyanskiy and Wu 2025, Theorem 4.1",
        takes=(p0, T, d),
        given=(_MOMENT,),
        says=equals(Prior(p0, T), df.Rate(p0, T) - df.ChannelInformation(p0, T)),
    ),
    Theorem(
        id="information in an empirical law",
        sentence="E I(p̂; t) = I(p; t) − E KL(p̂_t‖p_t): the golden formula for p̂, whose mean is p",
        source="Topsøe 1967; Cover and Thomas 2006, Theorem 2.7.4; Polyanskiy and Wu 2025, Theorem 4.1",
        takes=(p0, data, n, _TIME, d),
        given=(*_SAMPLE, _MOMENT),
        says=equals(
            E(data, df.ChannelInformation(df.HAT, _TIME)),
            df.ChannelInformation(p0, _TIME) - E(data, df.LawDivergence(df.HAT, p0, _TIME)),
        ),
    ),
    Theorem(
        id="mean rate of a data set",
        sentence="the mean over data sets of (1/n)ΣKL(E_T(X_i)‖π) is E KL(E_T(X)‖π)",
        source="linearity of the mean; Kallenberg 2002, chapter 1",
        takes=(p0, data, n, T, d),
        given=(*_SAMPLE, _MOMENT),
        says=equals(E(data, df.Rate(df.HAT, T)), df.Rate(p0, T)),
    ),
    Theorem(
        id="generalization by the information on single data",
        sentence="a loss of range b: the mean loss of what is learned from n i.i.d. data exceeds that on them by at "
        "most b√(Ī/2) in the mean, Ī the mean over i of the information that it has on X_i",
        source="Bu, Zou and Veeravalli 2020, Proposition 1 and Jensen; Xu and Raginsky 2017, Theorem 1; "
        "Hoeffding's lemma",
        takes=(df.loss, p0, df.rule, data, n, bound),
        given=(*_SAMPLE, Fact("loss_range", (df.loss, p0, bound))),
        says=at_most(
            E(data, df.MeanLoss(df.loss, p0, df.LEARNED)),
            E(data, df.MeanLoss(df.loss, df.HAT, df.LEARNED))
            + bound * sp.sqrt(df.WeightInformation(df.rule, data) / 2),
        ),
    ),
    Theorem(
        id="denoising loss by data",
        sentence="the denoising loss is the mean of what belongs to one datum",
        source="definition",
        trust="definition",
        takes=(p0, score, *_SPAN),
        given=(_EARLIER,),
        says=equals(df.DenoisingLoss(p0, score, *_SPAN), df.MeanLoss(df.DENOISING, p0, score)),
    ),
    Theorem(
        id="moment of an empirical law",
        sentence="n data have a second moment",
        source="definition",
        trust="definition",
        takes=(p0, data, n, d),
        given=(*_SAMPLE, _MOMENT),
        says=Fact("second_moment", (df.HAT, d)),
    ),
    Theorem(
        id="information of an end and of its path",
        sentence="I(X̂₀; S | X̂_T) <= I(path; S | X̂_T)",
        source="Cover and Thomas 2006, Theorem 2.8.1 (data processing)",
        takes=(df.rule, data, T),
        given=(_GENERATES,),
        says=at_most(df.SamplerInformation(df.rule, data, T), df.PathInformation(df.rule, data, T)),
    ),
    Theorem(
        id="information as a least mean divergence",
        sentence="I(path; S | X̂_T) <= E KL(path given S and X̂_T‖any law of paths that does not know S)",
        source="Polyanskiy and Wu 2025, Corollary 4.2; Topsøe 1967",
        takes=(df.rule, data, df.reference, T),
        given=(_GENERATES, Fact("fixed", (df.reference, data))),
        says=at_most(df.PathInformation(df.rule, data, T), df.PathDivergence(df.rule, data, df.reference, T)),
    ),
    Theorem(
        id="divergence of two samplers",
        sentence="paths of the noise g whose drifts differ by g²(s_θ − s̄) have the mean KL ½∫g²E‖s_θ − s̄‖²dt",
        source="Karatzas and Shreve 1991, Theorem 3.5.1; Léonard 2012, Theorem 2.3",
        takes=(df.rule, data, df.reference, T),
        given=(_GENERATES,),
        says=equals(df.PathDivergence(df.rule, data, df.reference, T), df.PathCost(df.rule, data, df.reference, T)),
    ),
    Theorem(
        id="cost of a bounded score",
        sentence="‖s_θ‖ <= L everywhere: ½∫₀^T 2E‖s_θ‖²dt <= L²T",
        source="monotonicity of the mean; Kallenberg 2002, chapter 1",
        takes=(df.rule, data, bound, T),
        given=(Fact("bounded_score", (df.rule, bound)),),
        says=at_most(df.PathCost(df.rule, data, df.zero, T), bound**2 * T),
    ),
    Theorem(
        id="no score knows no data",
        sentence="the score 0 does not depend on the data",
        source="definition",
        trust="definition",
        takes=(data,),
        says=Fact("fixed", (df.zero, data)),
    ),
    Theorem(
        id="explicit loss over time",
        sentence="under Ornstein–Uhlenbeck the explicit loss is ∫_ε^T E‖s − ∇log p_t‖²dt, here in the time since ε",
        source="definition",
        trust="definition",
        takes=(p0, score, *_SPAN),
        given=(_EARLIER,),
        says=equals(
            df.ExplicitLoss(p0, score, *_SPAN),
            sp.Integral(df.Mismatch(p0, score, early + number), (number, 0, T - early)),
        ),
    ),
    Theorem(
        id="Minkowski, bounded scores",
        sentence="‖s‖ <= L: √E‖∇log p_t‖² <= √E‖s − ∇log p_t‖² + L",
        source="Minkowski's inequality; Rudin 1987, Theorem 3.5",
        takes=(p0, score, bound, _TIME),
        given=(Fact("bounded_by", (score, bound)),),
        says=at_most(sp.sqrt(df.FisherAt(p0, _TIME)), sp.sqrt(df.Mismatch(p0, score, _TIME)) + bound),
    ),
    Theorem(
        id="Minkowski, bounded scores over time",
        sentence="‖s‖ <= L under Ornstein–Uhlenbeck: in the mean square over ε < t < T and the law, ‖∇log p_t‖ is at "
        "most ‖s − ∇log p_t‖ plus L√(T − ε)",
        source="Minkowski's inequality; Rudin 1987, Theorem 3.5",
        takes=(p0, score, bound, *_SPAN),
        given=(Fact("bounded_by", (score, bound)), _EARLIER),
        says=at_most(
            sp.sqrt(df.ExplicitLoss(p0, df.zero, *_SPAN)),
            sp.sqrt(df.ExplicitLoss(p0, score, *_SPAN)) + bound * sp.sqrt(T - early),
        ),
    ),
    Theorem(
        id="denoising loss of no score",
        sentence="under Ornstein–Uhlenbeck E‖∇log p_{t|0}‖² = d/(1 − e^{−2t}), with the integral (d/2)log(e^{2t} − 1)",
        source="Cover and Thomas 2006, section 11.10 (Fisher information of a normal location)",
        takes=(p0, *_SPAN, d),
        given=(_MOMENT, _EARLIER),
        says=equals(
            df.DenoisingLoss(p0, df.zero, *_SPAN), d * sp.log((sp.exp(2 * T) - 1) / (sp.exp(2 * early) - 1)) / 2
        ),
    ),
    Theorem(
        id="more noise, less information",
        sentence="I(X; rX + √w ξ) <= I(X; rX + √v ξ) for v <= w",
        source="Cover and Thomas 2006, Theorem 2.8.1 (data processing: the wider noise is the narrower one and more)",
        takes=(p0, a, level, _WIDER, d),
        given=(_MOMENT, at_most(level, _WIDER)),
        says=at_most(df.Channel(p0, a, _WIDER), df.Channel(p0, a, level)),
    ),
    Theorem(
        id="channel of the Ornstein–Uhlenbeck process",
        sentence="I(X; X_t) is that of e^{−t}X + √(1 − e^{−2t}) ξ",
        source="definition",
        trust="definition",
        takes=(p0, _TIME, d),
        given=(_MOMENT,),
        says=equals(df.ChannelInformation(p0, _TIME), df.Channel(p0, sp.exp(-_TIME), 1 - sp.exp(-2 * _TIME))),
    ),
)
