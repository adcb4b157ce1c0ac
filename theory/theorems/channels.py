"""The forward process as a channel: informations, mean square errors, χ², and data sets."""

from __future__ import annotations

import sympy as sp

from theory.symbols import d, n
from theory.theorems.places import X, time
from theory.vocabulary import channels as ch
from theory.vocabulary import diffusions as df
from theory.vocabulary import features as fe
from theory.vocabulary import gaussians as gs
from theory.vocabulary.objects import Y, data, p0
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, equals
from theory.vocabulary.terms import E

_OTHER = ch.other
_LEFT = sp.exp(-2 * time)
_OU = Fact("ornstein_uhlenbeck", (p0,))
_MOMENT = Fact("second_moment", (p0, d))
_FINITE = Fact("finite_chi_square", (p0, time))
_SIZE = Fact("size", (data, n))

THEOREMS = (
    Theorem(
        id="rate of the Ornstein–Uhlenbeck process",
        sentence="the rate at t is the mean over x of KL(N(e^{−t}x, (1 − e^{−2t})I)‖N(0, I))",
        source="definition",
        trust="definition",
        takes=(p0, time),
        given=(_OU,),
        says=equals(
            df.Rate(p0, time), fe.DataMean(p0, sp.Lambda(fe.datum, gs.ToNormal(gs.Transition(fe.datum, time))))
        ),
    ),
    Theorem(
        id="rate of information",
        sentence="d/dt I(X; X_t) = −E‖∇log p_{t|0} − ∇log p_t‖² along dx = −x dt + √2 dW",
        source="Guo, Shamai and Verdú 2005, Theorem 1 and section III; Stam 1959 (de Bruijn's identity)",
        takes=(p0, time, d),
        given=(_OU, _MOMENT),
        says=equals(sp.Derivative(df.ChannelInformation(p0, time), time), -ch.ScoreSpread(p0, time)),
    ),
    Theorem(
        id="spread of the kernel's score",
        sentence="∇log p_t is the conditional mean of ∇log p_{t|0}, whose mean square is d/(1 − e^{−2t})",
        source="Vincent 2011, section 4.2; Pythagoras for conditional means, Kallenberg 2002, Theorem 6.1",
        takes=(p0, time, d),
        given=(_OU, _MOMENT),
        says=equals(ch.ScoreSpread(p0, time), d / (1 - _LEFT) - ch.Fisher(p0, time)),
    ),
    Theorem(
        id="Tweedie",
        sentence="∇log p_{t|0} − ∇log p_t = (e^{−t}/(1 − e^{−2t}))(X − E[X|X_t])",
        source="Robbins 1956; Efron 2011, section 2",
        takes=(p0, time, d),
        given=(_OU, _MOMENT),
        says=equals(ch.ScoreSpread(p0, time), _LEFT / (1 - _LEFT) ** 2 * ch.MeanSquareError(p0, time)),
    ),
    Theorem(
        id="divergence by χ²",
        sentence="KL <= log(1 + χ²)",
        source="Gibbs and Su 2002, Theorem 5; Jensen's inequality",
        takes=(_OTHER, p0, time),
        says=at_most(df.LawDivergence(_OTHER, p0, time), sp.log(1 + ch.LawChiSquare(_OTHER, p0, time))),
    ),
    Theorem(
        id="χ² of a data set",
        sentence="E χ²(p̂_t‖p_t) = E χ²(E_t(X)‖p_t)/n: p̂_t is the mean of n independent kernels, whose mean is p_t",
        source="Polyanskiy and Wu 2025, chapter 7; the variance of a mean, point by point",
        takes=(p0, data, n, time),
        given=(Fact("iid", (data, n)), Fact("law", (data, p0)), _FINITE),
        says=equals(E(data, ch.LawChiSquare(df.HAT, p0, time)), ch.ChannelChiSquare(p0, time) / n),
    ),
    Theorem(
        id="Jensen, logarithm",
        sentence="E log(1 + X) <= log(1 + E X) for X >= 0",
        source="Jensen 1906; Rudin 1987, Theorem 3.3",
        formal="Mathlib: ConcaveOn.le_map_integral",
        takes=(X, Y),
        given=(Every((Y,), at_most(0, X)),),
        says=at_most(E(Y, sp.log(1 + X)), sp.log(1 + E(Y, X))),
        statistics=(X,),
    ),
    Theorem(
        id="information by pairs, from below",
        sentence="the information on the component of a mixture of normal laws of one variance is at least "
        "−Σw_i log Σw_j e^{−D_ij/8}, D_ij the squared distance of their means over the variance",
        source="Kolchinsky and Tracey 2017, section 3.2: Bhattacharyya distances",
        takes=(data, n, time),
        given=(_SIZE,),
        says=at_most(ch.PairInformation(df.HAT, time, sp.Rational(1, 8)), df.ChannelInformation(df.HAT, time)),
    ),
    Theorem(
        id="information by pairs, from above",
        sentence="it is at most −Σw_i log Σw_j e^{−D_ij/2}",
        source="Kolchinsky and Tracey 2017, section 3.2: Kullback–Leibler divergences",
        takes=(data, n, time),
        given=(_SIZE,),
        says=at_most(df.ChannelInformation(df.HAT, time), ch.PairInformation(df.HAT, time, sp.Rational(1, 2))),
    ),
    Theorem(
        id="information on one of n",
        sentence="information on which of n it is is at most log n",
        source="Cover and Thomas 2006, Theorem 2.6.4 and section 2.4",
        takes=(data, n, time),
        given=(_SIZE,),
        says=at_most(df.ChannelInformation(df.HAT, time), sp.log(n)),
    ),
)
