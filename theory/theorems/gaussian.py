"""Gaussian variables: tails, linear stochastic equations, paths."""

from __future__ import annotations

import sympy as sp

from theory.symbols import d, mu, r, u, v
from theory.theorems.places import X, bound, fail, stay
from theory.vocabulary import processes as pr
from theory.vocabulary.objects import Y
from theory.vocabulary.processes import forward, index, noise, start
from theory.vocabulary.statements import Every, Fact, Theorem, at_most
from theory.vocabulary.terms import Object

_LINEAR = Fact("linear_sde", (start, noise, d))
_Z, _TIME = pr.Component(pr.Normal(noise), index), pr.AT_TIME
_VECTOR = Object("vector")
_MODES = Fact("two_modes", (forward, mu))

THEOREMS = (
    Theorem(
        id="normal tail",
        sentence="P(|Z| > u) = erfc(u/√2) for a standard normal Z",
        source="definition of erfc; Boucheron, Lugosi and Massart 2013, section 2.2",
        takes=(X, Y, u),
        given=(Fact("standard_normal", (X, Y)),),
        says=at_most(sp.Abs(X), u),
        failure=sp.erfc(u / sp.sqrt(2)),
        statistics=(X,),
    ),
    Theorem(
        id="union over coordinates",
        sentence="if each of d coordinates exceeds c with probability at most f, the largest does with at most df",
        source="Boole's inequality; Boucheron, Lugosi and Massart 2013, section 2.1",
        formal="Mathlib: MeasureTheory.measure_biUnion_finset_le",
        takes=(_VECTOR, Y, bound, fail, d),
        given=(
            Fact("dimension", (_VECTOR, d)),
            Every((index,), at_most(sp.Abs(pr.Component(_VECTOR, index)), bound), (), fail),
        ),
        says=at_most(pr.SupNorm(_VECTOR), bound),
        failure=d * fail,
        statistics=(_VECTOR,),
    ),
    Theorem(
        id="independent coordinates",
        sentence="if each of d independent coordinates stays below c with probability p at least, all do with p^d",
        source="independence; Kallenberg 2002, chapter 3",
        formal="Mathlib: ProbabilityTheory.iIndepSet.meas_biInter",
        takes=(_VECTOR, Y, bound, stay, d),
        given=(
            Fact("dimension", (_VECTOR, d)),
            Fact("independent_coordinates", (_VECTOR, Y)),
            Every((index,), at_most(sp.Abs(pr.Component(_VECTOR, index)), bound), (), 1 - stay),
        ),
        says=at_most(pr.SupNorm(_VECTOR), bound),
        failure=1 - stay**d,
        statistics=(_VECTOR,),
    ),
    Theorem(
        id="solution of a linear SDE",
        sentence="x_i(t) = r x_i(0) + r v Z_i, Z_i standard normal: |x_i(t)| <= r‖x(0)‖∞ + r v|Z_i|",
        source="variation of constants; Karatzas and Shreve 1991, section 5.6",
        takes=(start, noise, index, r, v, d),
        given=(_LINEAR,),
        says=at_most(sp.Abs(pr.Component(_TIME, index)), r * pr.StartNorm(start) + r * v * sp.Abs(_Z)),
    ),
    Theorem(
        id="noise of a linear SDE",
        sentence="Z_i = W_i(v²)/v is standard normal",
        source="variation of constants; Karatzas and Shreve 1991, section 5.6",
        takes=(start, noise, index, d),
        given=(_LINEAR,),
        says=Fact("standard_normal", (_Z, noise)),
    ),
    Theorem(
        id="coordinates of a linear SDE",
        sentence="the coordinates of W are independent",
        source="definition of a Brownian motion; Karatzas and Shreve 1991, definition 2.5.1",
        takes=(start, noise, r, v, d),
        given=(_LINEAR,),
        says=Fact("independent_coordinates", (_TIME, noise)),
    ),
    Theorem(
        id="dimension of a linear SDE",
        sentence="x(t) has d coordinates",
        source="definition",
        trust="definition",
        takes=(start, noise, r, v, d),
        given=(_LINEAR,),
        says=Fact("dimension", (_TIME, d)),
    ),
    Theorem(
        id="dimension of a Brownian path",
        sentence="W has d coordinates",
        source="definition",
        trust="definition",
        takes=(pr.sde, start, noise, d),
        given=(_LINEAR,),
        says=Fact("dimension", (pr.Brownian(pr.sde, noise), d)),
    ),
    Theorem(
        id="reflection principle",
        sentence="P(sup_{s <= v²} |W_i(s)| > v u) <= 2P(|Z| > u)",
        source="Karatzas and Shreve 1991, section 2.6.A; for |W_i| by the union over both signs",
        takes=(pr.sde, start, noise, index, u, d),
        given=(_LINEAR,),
        says=at_most(sp.Abs(pr.Component(pr.Brownian(pr.sde, noise), index)), pr.LastClock(pr.sde) * u),
        failure=2 * sp.erfc(u / sp.sqrt(2)),
    ),
    Theorem(
        id="time change of a linear SDE",
        sentence="x(t) = r(t)(x(0) + W(v(t)²)): sup ‖x(t)‖∞ <= max r · (‖x(0)‖∞ + sup ‖W‖∞)",
        source="Dambis, Dubins and Schwarz; Karatzas and Shreve 1991, Theorem 3.4.6",
        takes=(pr.sde, start, noise, d),
        given=(_LINEAR,),
        says=at_most(
            pr.PathNorm(pr.PATH),
            pr.LargestScale(pr.sde) * (pr.StartNorm(start) + pr.SupNorm(pr.Brownian(pr.sde, noise))),
        ),
    ),
    Theorem(
        id="two noisy modes",
        sentence="x(t) = r(±μ) + r√(1 + v²)G with G standard normal: independent normal numbers add up",
        source="Kallenberg 2002, chapter 5 (convolution of normal laws)",
        takes=(forward, mu, r, v),
        given=(_MODES,),
        says=at_most(pr.Position(forward, r, v), r * mu + r * sp.sqrt(1 + v**2) * sp.Abs(pr.Gaussian(forward, r, v))),
    ),
    Theorem(
        id="noise of two modes",
        sentence="G is standard normal",
        source="Kallenberg 2002, chapter 5 (convolution of normal laws)",
        takes=(forward, mu, r, v),
        given=(_MODES,),
        says=Fact("standard_normal", (pr.Gaussian(forward, r, v), forward)),
    ),
    Theorem(
        id="distance from the modes",
        sentence="x(0) = ±μ + Z: ||x(0)| − μ| <= |Z|, Z standard normal",
        source="triangle inequality",
        takes=(forward, mu),
        given=(_MODES,),
        says=at_most(pr.ModeGap(forward, mu), sp.Abs(pr.Gaussian(forward, 1, 0))),
    ),
)
