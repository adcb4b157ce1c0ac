"""Linear algebra of flows on data near the population's minimiser: without a ridge, and from a source wB^r."""

from __future__ import annotations

import sympy as sp

from theory.symbols import K_B, n, nu, share, share_0, tau
from theory.theorems.places import bound, fail, level, mode, rate, time, width
from theory.vocabulary import capacity as ca
from theory.vocabulary import capacity_rates as cr
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Q, Theta, Theta0, data
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, equals
from theory.vocabulary.terms import Image

_HAT = o.Empirical(Q, data)
_BOTH = (Fact("quadratic", (Q,)), Fact("quadratic", (_HAT,)))
_WITHIN = Fact("vanishes_with", (_HAT, Q))
_TRAINED = o.Path(o.scaled, _HAT, Theta0, tau)
_END = ca.Damped(0, tau)
_KEPT = at_most(share_0, cr.WholeKept(_HAT, Q))
_POPULATION = Fact("population", (Q, data))
_FIRST = cr.FirstOrder(_HAT, Q, Theta0, tau)

THEOREMS = (
    Theorem(
        id="flow towards the minimisers",
        sentence="Θ̂(τ) − Θ* = (Θ₀−Θ*)e^{−2τB̂} − (Θ*B̂−b̂)φ_τ(B̂) in the norm of B^½, Θ* the minimiser nearest to Θ₀",
        source="variation of constants; Teschl 2012, chapter 3",
        takes=(Q, data, Theta0, tau),
        given=(*_BOTH, _WITHIN),
        says=at_most(
            sp.sqrt(o.Value(Q, _TRAINED) - o.Least(Q)),
            sp.sqrt(ca.Sandwich(_HAT, Q, 0, ca.Decay(4 * tau))) * o.ToMinimisers(Q, Theta0)
            + ca.Sandwich(_HAT, Q, 0, _END) * cr.MinimumNoise(_HAT, Q, 0),
        ),
    ),
    Theorem(
        id="decay above a part of B",
        sentence="B̂ ⪰ cB: ‖B^½e^{−τB̂}B^½‖ = ‖e^{−τB̂/2}Be^{−τB̂/2}‖ is at most what bounds ke^{−τk}, divided by c",
        source="Bhatia 1997, section V.1 (X ⪯ Y gives ZXZ ⪯ ZYZ) and Theorem VI.5.1's spectral calculus",
        takes=(Q, data, tau, share_0, bound),
        given=(*_BOTH, _KEPT, Every((mode,), at_most(mode * sp.exp(-tau * mode), bound))),
        says=at_most(ca.Sandwich(_HAT, Q, 0, ca.Decay(tau)), bound / share_0),
    ),
    Theorem(
        id="flow above a part of B",
        sentence="B̂ ⪰ cB: ‖B^½φ_τ(B̂)B^½‖ is at most what bounds kφ_τ(k) = 1−e^{−2τk}, divided by c",
        source="Bhatia 1997, section V.1 (X ⪯ Y gives ZXZ ⪯ ZYZ) and Theorem VI.5.1's spectral calculus",
        takes=(Q, data, tau, share_0, bound),
        given=(*_BOTH, _KEPT, Every((mode,), at_most(1 - sp.exp(-2 * tau * mode), bound))),
        says=at_most(ca.Sandwich(_HAT, Q, 0, _END), bound / share_0),
    ),
    Theorem(
        id="half-gradient at the end",
        sentence="Θ̂(∞)B̂ = b̂: (Θ̂(∞)−Θ*)B̂ = −(Θ*B̂−b̂)",
        source="normal equations; Horn and Johnson 2013, section 7.3",
        takes=(Q, data, Theta0),
        given=_BOTH,
        says=equals(cr.Bent(_HAT, Q, cr.Fit(_HAT, Theta0)), cr.MinimumNoise(_HAT, Q, 0)),
    ),
    Theorem(
        id="excess loss from below",
        sentence="B̂ ⪰ cB: c‖eB^½‖ <= ‖eB^½(B^{−½}B̂B^{−½})‖ = ‖eB̂B^{−½}‖, and ‖(Θ−Θ*)B^½‖² is the excess loss",
        source="Horn and Johnson 2013, Theorem 4.2.2 and section 5.6",
        takes=(Q, data, Theta, share_0),
        given=(*_BOTH, _WITHIN, _KEPT),
        statistics=(Theta,),
        says=at_most(share_0 * sp.sqrt(o.Value(Q, Theta) - o.Least(Q)), cr.Bent(_HAT, Q, Theta)),
    ),
    Theorem(
        id="excess loss from above",
        sentence="‖eB̂B^{−½}‖ <= ‖eB^½‖‖B^{−½}B̂B^{−½}‖",
        source="Horn and Johnson 2013, section 5.6",
        takes=(Q, data, Theta),
        given=(*_BOTH, _WITHIN),
        statistics=(Theta,),
        says=at_most(cr.Bent(_HAT, Q, Theta), cr.Stretch(_HAT, Q) * sp.sqrt(o.Value(Q, Theta) - o.Least(Q))),
    ),
    Theorem(
        id="what is mostly kept of B",
        sentence="B̂ ⪰ cB where it is so, which fails with probability p at most",
        source="definition",
        trust="definition",
        takes=(Q, data, share_0, fail),
        given=(Fact("whole_kept_mostly", (data, Q, share_0, fail)),),
        says=_KEPT,
        failure=fail,
    ),
    Theorem(
        id="noise at the minimiser",
        sentence="(Θ*B̂−b̂)(B+ν)^{−½} is the mean of the (Θ*B(x₀)−b(x₀))(B+ν)^{−½}, and their expectation is 0",
        source="definition",
        trust="definition",
        takes=(Q, data, n, width),
        given=(Fact("quadratic", (Q,)), Fact("iid", (data, n)), _POPULATION),
        says=equals(cr.MinimumNoise(_HAT, Q, width), o.Deviation(Image(cr.MinimiserNoise(Q, width), data), n)),
    ),
    Theorem(
        id="noise of a fixed quadratic",
        sentence="the map to a datum's noise at the minimiser does not depend on the data if B(x₀) does not",
        source="definition",
        trust="definition",
        takes=(Q, data, width),
        given=(Fact("fixed", (o.MatrixPart(Q), data)),),
        says=Fact("fixed", (cr.MinimiserNoise(Q, width), data)),
    ),
    Theorem(
        id="Duhamel by parts, twice",
        sentence="f = Θ̂ − Θ(τ) − Ȳ solves f' = −2fB̂ − 2Ȳ(B̂−B) from 0, so that by parts f(τ) = −Ȳ(B̂−B)φ_τ(B̂) + "
        "∫₀^τ Ȳ'(s)(B̂−B)e^{−2(τ−s)B̂}φ_s(B̂)ds: its norm by (B+ν)^½, with ‖X(B̂−B)(B+ν)^{−½}‖ <= ‖X(B+ν)^½‖η₂",
        source="variation of constants, Teschl 2012, chapter 3; integration by parts, Rudin 1976, Theorem 6.22",
        takes=(Q, data, Theta0, tau, nu),
        given=_BOTH,
        says=at_most(
            ca.RidgeDistance(Q, nu, _TRAINED, _FIRST),
            cr.RidgeGap(_HAT, Q, nu)
            * (
                ca.Sandwich(_HAT, Q, nu, _END) * ca.RidgeDistance(Q, nu, _FIRST, o.Path(o.scaled, Q, Theta0, tau))
                + sp.Integral(
                    ca.Sandwich(_HAT, Q, nu, ca.Damped(tau - time, time)) * cr.FirstRate(_HAT, Q, Theta0, nu, time),
                    (time, 0, tau),
                )
            ),
        ),
    ),
    Theorem(
        id="distances are symmetric",
        sentence="‖(Θ−Θ')(B+ν)^½‖ = ‖(Θ'−Θ)(B+ν)^½‖",
        source="definition",
        trust="definition",
        takes=(Q, Theta0, Theta, nu),
        says=equals(ca.RidgeDistance(Q, nu, Theta0, Theta), ca.RidgeDistance(Q, nu, Theta, Theta0)),
    ),
    # from a source, under a ridge
    Theorem(
        id="flow from a source",
        sentence="Θ̂(τ) − Θ* = (Θ₀−Θ*)e^{−2τB̂} − (Θ*B̂−b̂)φ_τ(B̂) in the norm of (B+ν)^½, which is above that of B^½",
        source="variation of constants; Teschl 2012, chapter 3",
        takes=(Q, data, Theta0, tau, nu),
        given=_BOTH,
        says=at_most(
            sp.sqrt(o.Value(Q, _TRAINED) - o.Least(Q)),
            cr.SourceFilter(_HAT, Q, Theta0, nu, ca.Decay(2 * tau))
            + ca.Sandwich(_HAT, Q, nu, _END) * cr.MinimumNoise(_HAT, Q, nu),
        ),
    ),
    Theorem(
        id="Cordes, from a source",
        sentence="Θ₀−Θ* = wB^r with ‖w‖ <= R and r <= ½, B̂+ν ⪰ c(B+ν): with p = r+½ <= 1, ‖(B+ν)^s(B̂+ν)^{−s}‖ <= "
        "c^{−s} for s <= ½ and (k+ν)^pe^{−τk} <= ((k+ν)e^{−τk})^p",
        source="Bhatia 1997, Theorem IX.2.1 (Cordes: ‖A^sB^s‖ <= ‖AB‖^s for s <= 1)",
        takes=(Q, data, Theta0, nu, share, tau, rate, level, bound),
        given=(
            *_BOTH,
            at_most(share, ca.Kept(_HAT, Q, nu)),
            at_most(rate, sp.Rational(1, 2)),
            Fact("source", (Q, Theta0, rate, bound)),
            Every((mode,), at_most((mode + nu) * sp.exp(-tau * mode), level)),
        ),
        says=at_most(
            cr.SourceFilter(_HAT, Q, Theta0, nu, ca.Decay(tau)), bound * (level / share) ** (rate + sp.Rational(1, 2))
        ),
    ),
    Theorem(
        id="largest of what flows do",
        sentence="(k+ν)(1−e^{−2τk}) <= Ck for every k: the largest (k+ν)φ_τ(k) is at most C",
        source="definition",
        trust="definition",
        takes=(nu, K_B, tau, bound),
        given=(Every((mode,), at_most((mode + nu) * (1 - sp.exp(-2 * tau * mode)), bound * mode)),),
        says=at_most(ca.FilterSup(_END, nu, K_B), bound),
    ),
    Theorem(
        id="noise by the effective dimension",
        sentence="E G_*ᵀG_* ⪯ σ²B: E‖G_*(B+ν)^{−½}‖² = tr (B+ν)^{−½}(E G_*ᵀG_*)(B+ν)^{−½} <= σ² tr B(B+ν)^{−1}",
        source="Horn and Johnson 2013, section 7.7 (monotonicity of the trace)",
        takes=(Q, data, nu, bound),
        given=(Fact("quadratic", (Q,)), _POPULATION, Fact("noise_below_matrix", (data, Q, bound))),
        says=at_most(o.Variance(Image(cr.MinimiserNoise(Q, nu), data)), bound**2 * cr.EffectiveDimension(Q, nu)),
    ),
    Theorem(
        id="effective dimension",
        sentence="tr B(B+ν)^{−1} <= Aν^{−β} for every ν > 0",
        source="definition",
        trust="definition",
        takes=(Q, nu, bound, rate),
        given=(Fact("effective_dimension", (Q, bound, rate)),),
        says=at_most(cr.EffectiveDimension(Q, nu), bound * nu**-rate),
    ),
    Theorem(
        id="whitened matrices are bounded",
        sentence="B(x₀) ⪯ K gives B_ν^{−½}B(x₀)B_ν^{−½} ⪯ KB_ν^{−1} ⪯ K/ν",
        source="Bhatia 1997, section V.1 (X ⪯ Y gives ZXZ ⪯ ZYZ)",
        takes=(Q, data, nu, bound),
        given=(Fact("quadratic", (Q,)), Fact("operator_bounded", (o.MATRICES, bound))),
        says=Fact("operator_bounded", (ca.WHITENED, bound / nu)),
    ),
    Theorem(
        id="squares of whitened matrices",
        sentence="0 ⪯ Y ⪯ L gives Y² ⪯ LY, and E Y = B_ν^{−½}BB_ν^{−½} ⪯ 1 for Y = B_ν^{−½}B(x₀)B_ν^{−½}",
        source="Bhatia 1997, section V.1 (X ⪯ Y gives ZXZ ⪯ ZYZ); monotonicity of the mean",
        takes=(Q, data, nu, level),
        given=(
            Fact("quadratic", (Q,)),
            _POPULATION,
            Fact("psd", (o.MATRICES,)),
            Fact("operator_bounded", (ca.WHITENED, level)),
        ),
        says=at_most(ca.SquareNorm(ca.WHITENED), level),
    ),
)
