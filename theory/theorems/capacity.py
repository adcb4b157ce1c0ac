"""Linear algebra of quadratics under a ridge: filters, and flows on two quadratics in the norm of one of them."""

from __future__ import annotations

import sympy as sp

from theory.symbols import n, nu, share, tau
from theory.theorems.places import a, bound, fail, time, width
from theory.vocabulary import capacity as ca
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Q, Theta, Theta0, data
from theory.vocabulary.statements import Fact, Theorem, at_most, equals
from theory.vocabulary.terms import E, Image, Object

FILTER = Object("f")
_HAT = o.Empirical(Q, data)
_QUADRATIC = Fact("quadratic", (Q,))
_BOTH = (_QUADRATIC, Fact("quadratic", (_HAT,)))
_PATH, _TRAINED = o.Path(o.scaled, Q, Theta0, tau), o.Path(o.scaled, _HAT, Theta0, tau)
_END, _ALONG = ca.Damped(0, tau), ca.Damped(tau - time, time)
_TOP = o.LargestEigenvalue(Q)
_STRONG = sp.sqrt(ca.Sandwich(_HAT, Q, nu, ca.Decay(4 * tau))) * o.Distance(Theta0, Theta)
_WEAK = ca.Sandwich(_HAT, Q, nu, ca.Decay(2 * tau)) * ca.WeightedDistance(Q, nu, Theta0, Theta)
_TO_COMPARATOR = ca.Sandwich(_HAT, Q, nu, _END) * ca.WeightedGradient(_HAT, Q, Theta, nu)

THEOREMS = (
    Theorem(
        id="what flows do to a mode",
        sentence="k ↦ e^{−2rk}(1−e^{−2sk})/k is nonnegative for s >= 0",
        source="definition",
        trust="definition",
        takes=(a, time),
        says=Fact("nonnegative_function", (ca.Damped(a, time),)),
    ),
    Theorem(
        id="decay of a mode",
        sentence="k ↦ e^{−rk} is nonnegative",
        source="definition",
        trust="definition",
        takes=(tau,),
        says=Fact("nonnegative_function", (ca.Decay(tau),)),
    ),
    Theorem(
        id="largest eigenvalue under a ridge",
        sentence="‖eB^½‖ <= √(k₁/(k₁+ν)) ‖e(B+ν)^½‖: k/(k+ν) increases with the eigenvalue k",
        source="Horn and Johnson 2013, Theorem 4.2.2",
        takes=(Q, Theta0, Theta, nu),
        given=(_QUADRATIC,),
        says=at_most(
            o.ScoreDistance(Q, Theta0, Theta), sp.sqrt(_TOP / (_TOP + nu)) * ca.RidgeDistance(Q, nu, Theta0, Theta)
        ),
    ),
    Theorem(
        id="filter above a lower bound",
        sentence="B̂+ν ⪰ c_ν(B+ν) and 0 ⪯ B̂ ⪯ K: ‖(B+ν)^½f(B̂)(B+ν)^½‖ = ‖f(B̂)^½(B+ν)f(B̂)^½‖ is at most the largest "
        "(k+ν)f(k) for k up to K, divided by c_ν",
        source="Bhatia 1997, section V.1 (X ⪯ Y gives ZXZ ⪯ ZYZ) and Theorem VI.5.1's spectral calculus",
        takes=(Q, data, nu, share, bound, FILTER),
        given=(
            *_BOTH,
            at_most(share, ca.Kept(_HAT, Q, nu)),
            at_most(o.LargestEigenvalue(_HAT), bound),
            Fact("nonnegative_function", (FILTER,)),
        ),
        says=at_most(ca.Sandwich(_HAT, Q, nu, FILTER), ca.FilterSup(FILTER, nu, bound) / share),
    ),
    Theorem(
        id="largest eigenvalue of a mean",
        sentence="a mean of positive semidefinite matrices that K bounds is bounded by K",
        source="Bhatia 1997, Corollary III.2.6",
        takes=(Q, data, bound),
        given=(Fact("operator_bounded", (Image(o.MatrixPart(Q), data), bound)),),
        says=at_most(o.LargestEigenvalue(_HAT), bound),
    ),
    Theorem(
        id="noise that is mostly below",
        sentence="the noise along the path is at most N where it is not above, which has probability p at most",
        source="definition",
        trust="definition",
        takes=(Q, data, Theta0, tau, nu, bound, width, fail),
        given=(Fact("noise_mostly", (data, Q, Theta0, tau, nu, bound, width, fail)),),
        says=at_most(ca.PathNoise(_HAT, Q, Theta0, tau, nu, bound), width),
        failure=fail,
    ),
    Theorem(
        id="mean square of the noise along the path",
        sentence="the mean square of a sum or an integral of norms of means of n independent copies is at most 1/n "
        "times the square of the sum or integral of the roots of E‖Y − EY‖²",
        source="Minkowski's integral inequality in L²: Hardy, Littlewood and Pólya 1952, section 6.13; E‖(1/n)ΣY_i − "
        "EY‖² = E‖Y − EY‖²/n",
        takes=(Q, data, Theta0, tau, nu, bound, n),
        given=(
            Fact("iid", (data, n)),
            Fact("population", (Q, data)),
            Fact("fixed", (o.MatrixPart(Q), data)),
            Fact("square_integrable", (Image(o.MatrixPart(Q), data),)),
            Fact("square_integrable", (Image(o.VectorPart(Q), data),)),
        ),
        says=at_most(
            E(data, ca.PathNoise(_HAT, Q, Theta0, tau, nu, bound) ** 2),
            ca.PathSpread(Q, data, Theta0, tau, nu, bound) ** 2 / n,
        ),
    ),
    Theorem(
        id="largest eigenvalue of a sum",
        sentence="the largest eigenvalue of B̂ is at most that of B and the norm of B̂ − B",
        source="Weyl 1912; Horn and Johnson 2013, Theorem 4.3.1",
        takes=(Q, data),
        given=_BOTH,
        says=at_most(o.LargestEigenvalue(_HAT), o.LargestEigenvalue(Q) + o.MatrixGap(_HAT, Q)),
    ),
    Theorem(
        id="noise along the path",
        sentence="C‖ξ(τ)B_ν^{−½}‖ + ∫₀^τ ω_τ(s)‖ξ'(s)B_ν^{−½}‖ds, C and ω_τ largest values up to K",
        source="definition",
        trust="definition",
        takes=(Q, data, Theta0, tau, nu, bound),
        says=equals(
            ca.PathNoise(_HAT, Q, Theta0, tau, nu, bound),
            ca.FilterSup(_END, nu, bound) * ca.WeightedResidual(_HAT, Q, Theta0, nu, tau)
            + sp.Integral(ca.FilterSup(_ALONG, nu, bound) * ca.WeightedRate(_HAT, Q, Theta0, nu, time), (time, 0, tau)),
        ),
    ),
    Theorem(
        id="Duhamel by parts",
        sentence="e = Θ̂ − Θ solves e' = −2eB̂ − 2ξ from e(0) = 0, so that e(τ) = −ξ(τ)φ_τ(B̂) + ∫₀^τ ξ'(s)e^{−2(τ−s)B̂}"
        "φ_s(B̂)ds, φ_s(k) = (1−e^{−2sk})/k: its norm by (B+ν)^½",
        source="variation of constants, Teschl 2012, chapter 3; integration by parts, Rudin 1976, Theorem 6.22",
        takes=(Q, data, Theta0, tau, nu),
        given=_BOTH,
        says=at_most(
            ca.RidgeDistance(Q, nu, _TRAINED, _PATH),
            ca.Sandwich(_HAT, Q, nu, _END) * ca.WeightedResidual(_HAT, Q, Theta0, nu, tau)
            + sp.Integral(
                ca.Sandwich(_HAT, Q, nu, _ALONG) * ca.WeightedRate(_HAT, Q, Theta0, nu, time), (time, 0, tau)
            ),
        ),
    ),
    Theorem(
        id="flow towards a comparator",
        sentence="Θ̂(τ) − Θ = (Θ₀−Θ)e^{−2τB̂} − (ΘB̂−b̂)φ_τ(B̂), in the norm of (B+ν)^½, with ‖Θ₀−Θ‖",
        source="variation of constants; Teschl 2012, chapter 3",
        takes=(Q, data, Theta0, Theta, tau, nu),
        given=_BOTH,
        says=at_most(ca.RidgeDistance(Q, nu, _TRAINED, Theta), _STRONG + _TO_COMPARATOR),
    ),
    Theorem(
        id="flow towards a comparator, weakly",
        sentence="the same, with ‖(Θ₀−Θ)(B+ν)^{−½}‖",
        source="variation of constants; Teschl 2012, chapter 3",
        takes=(Q, data, Theta0, Theta, tau, nu),
        given=_BOTH,
        says=at_most(ca.RidgeDistance(Q, nu, _TRAINED, Theta), _WEAK + _TO_COMPARATOR),
    ),
    *(
        Theorem(
            id=f"flow towards a comparator by its residual{', weakly' * weakly}",
            sentence=f"the same with ‖(ΘB̂−b̂)B̂^{{−½}}‖ = √(L̂(Θ)−min L̂) for ΘB̂−b̂{', and the weak norm' * weakly}",
            source="variation of constants; Teschl 2012, chapter 3",
            takes=(Q, data, Theta0, Theta, tau, nu),
            given=_BOTH,
            says=at_most(
                ca.RidgeDistance(Q, nu, _TRAINED, Theta),
                bias
                + sp.sqrt(ca.Sandwich(_HAT, Q, nu, ca.DampedSquare(tau)))
                * sp.sqrt(o.Value(_HAT, Theta) - o.Least(_HAT)),
            ),
        )
        for weakly, bias in enumerate((_STRONG, _WEAK))
    ),
    Theorem(
        id="what flows do to a residual",
        sentence="k ↦ k((1−e^{−2sk})/k)² is nonnegative for k >= 0",
        source="definition",
        trust="definition",
        takes=(time,),
        says=Fact("nonnegative_function", (ca.DampedSquare(time),)),
    ),
    Theorem(
        id="loss of a sample",
        sentence="the loss of the data at parameters is the mean of theirs",
        source="definition",
        trust="definition",
        takes=(Q, data, Theta),
        given=(Fact("losses", (Q, data)),),
        says=equals(o.Value(_HAT, Theta), ca.MeanLoss(Q, data, Theta)),
    ),
    Theorem(
        id="minimum of a mean",
        sentence="the least mean of losses is at least the mean of their least values",
        source="Rockafellar 1970, section 5: min (f + g) >= min f + min g",
        takes=(Q, data),
        given=(Fact("losses", (Q, data)),),
        says=at_most(ca.MeanLeast(Q, data), o.Least(_HAT)),
    ),
    Theorem(
        id="mean excess of data",
        sentence="a mean of differences is the difference of the means",
        source="definition",
        trust="definition",
        takes=(Q, data, Theta),
        given=(Fact("losses", (Q, data)),),
        says=equals(ca.MeanExcess(Q, data, Theta), ca.MeanLoss(Q, data, Theta) - ca.MeanLeast(Q, data)),
    ),
    Theorem(
        id="half-gradient of a sample",
        sentence="Ĝ = G + (Ĝ − G), in the norm of (B+ν)^{−½}",
        source="triangle inequality; Horn and Johnson 2013, section 5.1",
        takes=(Q, data, Theta, nu),
        given=_BOTH,
        says=at_most(
            ca.WeightedGradient(_HAT, Q, Theta, nu),
            ca.WeightedGradient(Q, Q, Theta, nu) + ca.WeightedGap(_HAT, Q, Theta, nu),
        ),
    ),
)
