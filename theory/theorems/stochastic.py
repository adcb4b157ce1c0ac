"""Stochastic calculus: reverse-time equations, divergences of path laws, the heat semigroup."""

from __future__ import annotations

import sympy as sp

from theory.symbols import T, m, n
from theory.theorems.places import F, number, rate, time
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Theta, data, features, p0, sampled, score, weight
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, equals

_GIRSANOV = Fact("girsanov", (p0, score, T))
_REGULAR = Fact("regular", (p0, score, T))
_FEATURE_LOSS = o.FeatureLoss(features, p0, o.g_squared, T)

THEOREMS = (
    Theorem(
        id="data processing",
        sentence="the paths' ends at time 0 diverge no more than the paths: KL(p₀‖SDE-density) <= KL(P‖Q)",
        source="Cover and Thomas 2006, Theorem 2.8.1; Polyanskiy and Wu 2025, chapter 7",
        takes=(p0, score, T),
        given=(_GIRSANOV,),
        says=at_most(o.Divergence(p0, score, T), o.PathDivergence(p0, score, T)),
    ),
    Theorem(
        id="chain rule of divergence",
        sentence="KL of path laws is KL of where they start, p_T and π, plus the mean KL of the paths from there",
        source="Cover and Thomas 2006, Theorem 2.5.3; Polyanskiy and Wu 2025, chapter 2",
        takes=(p0, score, T),
        given=(_GIRSANOV,),
        says=equals(o.PathDivergence(p0, score, T), o.Prior(p0, T) + o.DriftDivergence(p0, score, T)),
    ),
    Theorem(
        id="Girsanov",
        sentence="paths of the noise g whose drifts differ by g²(s − ∇log p_t) have KL = ½∫₀^T g²E‖s − ∇log p_t‖²dt; "
        "in reverse time the forward process has the drift of the reverse SDE with its own score",
        source="Karatzas and Shreve 1991, Theorem 3.5.1; Léonard 2012, Theorem 2.3; Anderson 1982 for the reversal",
        takes=(p0, score, T),
        given=(_GIRSANOV,),
        says=equals(2 * o.DriftDivergence(p0, score, T), sp.Integral(o.LossRate(p0, score, T, number), (number, 0, T))),
    ),
    Theorem(
        id="loss of a network",
        sentence="the score-matching loss of a network is the quadratic of its features at its parameters",
        source="definition",
        trust="definition",
        takes=(p0, features, Theta, T),
        given=(Fact("finite_minimum", (p0, T)),),
        says=equals(o.ScoreLoss(p0, o.Score(features, Theta), o.g_squared, T), o.Value(_FEATURE_LOSS, Theta)),
    ),
    Theorem(
        id="random-feature loss",
        sentence="the loss of random features with the weight g² is a quadratic with b in the range of B",
        source="LLZB [19]: L = E‖Θh − s‖² with s in L², B = E hhᵀ, b = E shᵀ",
        takes=(p0, features, T),
        given=(Fact("finite_minimum", (p0, T)),),
        says=Fact("quadratic", (_FEATURE_LOSS,)),
    ),
    Theorem(
        id="empirical loss",
        sentence="so is the empirical one, with DSM labels",
        source="LLZB [9]: a mean over n data of such quadratics; b̂, finite by Stein's identity, is orthogonal to every "
        "combination of features that vanishes",
        takes=(p0, features, T, data, n),
        given=(Fact("iid", (data, n)),),
        says=Fact("quadratic", (o.Empirical(_FEATURE_LOSS, data),)),
    ),
    Theorem(
        id="population of the data",
        sentence="B and b of the law of the data are the means of the per-datum parts, by the tower property",
        source="Kallenberg 2002, Theorem 6.1; denoising labels: Vincent 2011",
        takes=(p0, features, T, data),
        given=(Fact("law", (data, p0)), Fact("fixed", (o.MatrixPart(_FEATURE_LOSS), data))),
        says=Fact("population", (_FEATURE_LOSS, data)),
    ),
    Theorem(
        id="entropy of a diffusion against a reverse law",
        sentence="d/dt KL(p_t‖q_t) = ½g²(E‖s − ∇log q_t‖² − E‖s − ∇log p_t‖²) along the forward laws p_t and the laws "
        "q_t of the reverse SDE with s, where the fluxes vanish at infinity",
        source="Song, Durkan, Murray and Ermon 2021, proof of Theorem 1; Bogachev, Krylov, Röckner and Shaposhnikov "
        "2015, chapter 7",
        takes=(p0, score, T, number),
        given=(_REGULAR, at_most(0, number), at_most(number, T)),
        says=equals(
            sp.Derivative(o.Between(p0, score, T, number), number),
            o.MismatchRate(p0, score, T, number) / 2 - o.LossRate(p0, score, T, number) / 2,
        ),
    ),
    *(
        Theorem(
            id=f"continuity of the {name}",
            sentence=f"the {name} is a continuous function of time",
            source="Bogachev, Krylov, Röckner and Shaposhnikov 2015, chapter 7",
            takes=(p0, score, T),
            given=(_REGULAR,),
            says=Fact("continuous", (sp.Lambda(number, rate_(p0, score, T, number)),)),
        )
        for name, rate_ in (("mismatch", o.MismatchRate), ("loss", o.LossRate))
    ),
    *(
        Theorem(
            id=name,
            sentence=sentence,
            source="definition",
            trust="definition",
            takes=(p0, score, T),
            says=equals(left, right),
        )
        for name, sentence, left, right in (
            (
                "loss over time",
                "T times the loss of weight g² is the integral of its rate",
                T * o.ScoreLoss(p0, score, o.g_squared, T),
                sp.Integral(o.LossRate(p0, score, T, number), (number, 0, T)),
            ),
            (
                "mismatch over time",
                "twice the mismatch is the integral of its rate",
                2 * o.Mismatch(p0, score, T),
                sp.Integral(o.MismatchRate(p0, score, T, number), (number, 0, T)),
            ),
            ("reverse law at the start", "q_T = π", o.Between(p0, score, T, T), o.Prior(p0, T)),
            (
                "reverse law at the end",
                "q₀ is the SDE-density",
                o.Between(p0, score, T, sp.S.Zero),
                o.Divergence(p0, score, T),
            ),
        )
    ),
    Theorem(
        id="features have a largest norm",
        sentence="‖a(v)σ(v·z)‖ in L²(λ p_t dt/T) is at most its supremum over the features",
        source="definition",
        trust="definition",
        takes=(sampled, p0, weight, T),
        given=(Fact("features", (sampled,)),),
        says=Fact("bounded", (o.NEURONS, o.NormBound(o.NEURONS))),
    ),
    Theorem(
        id="features are fixed maps",
        sentence="the map from a feature v to a(v)σ(v·z) is the same for all of them",
        source="definition",
        trust="definition",
        takes=(sampled, p0, weight, T),
        given=(Fact("features", (sampled,)),),
        says=Fact("fixed", (o.Neuron(p0, weight, T), sampled)),
    ),
    Theorem(
        id="Minkowski, sampled features",
        sentence="the root of the sampled network's loss is at most that of the network that it samples, plus the norm "
        "of their difference: the mean of the features minus its expectation",
        source="Minkowski's inequality; Rudin 1987, Theorem 3.5",
        takes=(sampled, p0, weight, T, m),
        given=(Fact("iid", (sampled, m)), Fact("features", (sampled,))),
        says=at_most(
            sp.sqrt(o.Value(o.FeatureLoss(sampled, p0, weight, T), o.SampledWeights(sampled))),
            sp.sqrt(o.LimitLoss(p0, weight, T)) + o.Deviation(o.NEURONS, m),
        ),
    ),
    Theorem(
        id="de Bruijn",
        sentence="d/dt KL(p_t‖N(0, I)) = −I(p_t‖N(0, I)) at t > 0 along the Ornstein–Uhlenbeck semigroup: where KL is "
        "finite at 0 so is the second moment, and p_t, smoothed by a normal law, has no flux p_t|∇log p_t| at infinity",
        source="Barron 1984; Bakry, Gentil and Ledoux 2014, Proposition 5.2.2",
        takes=(p0, time),
        given=(Fact("ornstein_uhlenbeck", (p0,)), Fact("finite_divergence", (p0,))),
        says=equals(sp.Derivative(o.Prior(p0, time), time), -o.RelativeFisher(p0, time)),
    ),
    Theorem(
        id="log-Sobolev",
        sentence="I(p‖N(0, I)) >= 2 KL(p‖N(0, I))",
        source="Gross 1975; Bakry, Gentil and Ledoux 2014, Proposition 5.5.1",
        takes=(p0, time),
        says=at_most(2 * o.Prior(p0, time), o.RelativeFisher(p0, time)),
    ),
    Theorem(
        id="Grönwall",
        sentence="F' <= −cF on (0, ∞), F continuous at 0, gives F(T) <= e^{−cT}F(0)",
        source="Grönwall 1919; Teschl 2012, Lemma 2.7",
        formal="Mathlib: le_gronwallBound_of_liminf_deriv_right_le",
        takes=(F, rate, T),
        given=(
            Every((time,), at_most(sp.Derivative(F(time), time), -rate * F(time))),
            Fact("continuous_at_0", (sp.Lambda(time, F(time)),)),
        ),
        says=at_most(F(T), sp.exp(-rate * T) * F(0)),
    ),
    Theorem(
        id="divergence continuous at 0",
        sentence="KL(p_t‖N(0, I)) tends to KL(p₀‖N(0, I)) as t falls to 0",
        source="Bakry, Gentil and Ledoux 2014, section 5.2; lower semicontinuity of KL",
        takes=(p0,),
        given=(Fact("ornstein_uhlenbeck", (p0,)), Fact("finite_divergence", (p0,))),
        says=Fact("continuous_at_0", (sp.Lambda(time, o.Prior(p0, time)),)),
    ),
)
