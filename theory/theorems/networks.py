"""Networks of random features at a point: Cauchy–Schwarz over features, Hölder for one of them, lines at infinity."""

from __future__ import annotations

import sympy as sp

from theory.theorems.places import X_1, X_2, F, G, X, a, b, bound, c, level, number
from theory.vocabulary import networks as nt
from theory.vocabulary.features import OuterNorm, Size, feature
from theory.vocabulary.networks import network, one, other
from theory.vocabulary.objects import Theta
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, equals

_CLASS = Fact("random_feature_network", (network, Theta))
_MEMBER = Fact("member", (feature, network))
_WEIGHT = OuterNorm(feature)

THEOREMS = (
    Theorem(
        id="Cauchy–Schwarz over features",
        sentence="‖(1/m)Σ a_i h_i‖ <= ((1/m)Σ‖a_i‖²)^½ c if |h_i| <= c for every feature",
        source="Cauchy–Schwarz; Rudin 1987, Theorem 3.5",
        formal="Mathlib: Finset.sum_mul_sq_le_sq_mul_sq",
        takes=(network, Theta, one, bound),
        given=(_CLASS, Every((feature,), at_most(sp.Abs(nt.Response(feature, one)), bound), (_MEMBER,))),
        says=at_most(nt.Output(network, one), nt.o_Norm(Theta) * bound),
    ),
    Theorem(
        id="Cauchy–Schwarz over changes of features",
        sentence="‖(1/m)Σ a_i(h_i − h_i')‖ <= ((1/m)Σ‖a_i‖²)^½ c if |h_i − h_i'| <= c for every feature",
        source="Cauchy–Schwarz; Rudin 1987, Theorem 3.5",
        formal="Mathlib: Finset.sum_mul_sq_le_sq_mul_sq",
        takes=(network, Theta, one, other, bound),
        given=(
            _CLASS,
            Every(
                (feature,), at_most(sp.Abs(nt.Response(feature, one) - nt.Response(feature, other)), bound), (_MEMBER,)
            ),
        ),
        says=at_most(nt.Change(network, one, other), nt.o_Norm(Theta) * bound),
    ),
    Theorem(
        id="size of a point of the line",
        sentence="‖x‖∞ = |x| for a number x",
        source="definition",
        trust="definition",
        takes=(X,),
        says=equals(nt.PointNorm(nt.Point(X)), sp.Abs(X)),
    ),
    Theorem(
        id="gap of points of the line",
        sentence="‖x − x′‖∞ = |x − x′| for numbers",
        source="definition",
        trust="definition",
        takes=(X_1, X_2),
        says=equals(nt.PointGap(nt.Point(X_1), nt.Point(X_2)), sp.Abs(X_1 - X_2)),
    ),
    Theorem(
        id="score",
        sentence="the score of a density is the derivative of its logarithm",
        source="definition; Hyvärinen 2005, section 2",
        trust="definition",
        takes=(F, G, X),
        given=(Every((number,), equals(sp.Derivative(sp.log(G(number)), number), F(number))),),
        says=equals(nt.ScoreAt(sp.Lambda(number, G(number)), X), F(X)),
    ),
    Theorem(
        id="norm of a network",
        sentence="‖s‖_H² = (1/m)Σ‖a_i‖²",
        source="LLZB [13]",
        trust="definition",
        takes=(network,),
        says=equals(nt.NetworkNorm(network) ** 2, nt.FeatureAverage(network, sp.Lambda(feature, _WEIGHT**2))),
    ),
    Theorem(
        id="norm of a normalised network",
        sentence="with (c_i a_i, w_i/c_i, u_i/c_i) for each (a_i, w_i, u_i) the squared norm is (1/m)Σ c_i²‖a_i‖²",
        source="LLZB [13]",
        trust="definition",
        takes=(nt.made, network),
        given=(Fact("normalised", (nt.made, network)),),
        says=equals(
            nt.NetworkNorm(nt.made) ** 2, nt.FeatureAverage(network, sp.Lambda(feature, (Size(feature) * _WEIGHT) ** 2))
        ),
    ),
    Theorem(
        id="common size",
        sentence="every feature has the size c",
        source="definition",
        trust="definition",
        takes=(network, feature, level),
        given=(Fact("common_size", (network, level)), _MEMBER),
        says=equals(Size(feature), level),
    ),
    Theorem(
        id="largest size",
        sentence="every feature has a size of at most c",
        source="definition",
        trust="definition",
        takes=(network, feature, level),
        given=(Fact("sizes_up_to", (network, level)), _MEMBER),
        says=at_most(Size(feature), level),
    ),
    Theorem(
        id="monotonicity of an average over features",
        sentence="F <= G for every feature of a network gives (1/m)ΣF_i <= (1/m)ΣG_i",
        source="Hardy, Littlewood and Pólya 1952, section 2.1",
        formal="Mathlib: Finset.sum_le_sum",
        takes=(network, F, G),
        given=(Every((feature,), at_most(F(feature), G(feature)), (_MEMBER,)),),
        says=at_most(
            nt.FeatureAverage(network, sp.Lambda(feature, F(feature))),
            nt.FeatureAverage(network, sp.Lambda(feature, G(feature))),
        ),
    ),
    Theorem(
        id="scaled average over features",
        sentence="(1/m)ΣcF_i = c (1/m)ΣF_i",
        source="Hardy, Littlewood and Pólya 1952, section 2.1",
        formal="Mathlib: Finset.mul_sum",
        takes=(network, F, a),
        says=equals(
            nt.FeatureAverage(network, sp.Lambda(feature, a * F(feature))),
            a * nt.FeatureAverage(network, sp.Lambda(feature, F(feature))),
        ),
    ),
    Theorem(
        id="Cauchy–Schwarz over combined features",
        sentence="|(1/m)Σ a_i F_i| <= ((1/m)Σ a_i²)^½ c if |F_i| <= c for every feature",
        source="Cauchy–Schwarz; Rudin 1987, Theorem 3.5",
        formal="Mathlib: Finset.sum_mul_sq_le_sq_mul_sq",
        takes=(network, Theta, F, bound),
        given=(_CLASS, Every((feature,), at_most(sp.Abs(F(feature)), bound), (_MEMBER,))),
        says=at_most(sp.Abs(nt.Combination(network, sp.Lambda(feature, F(feature)))), nt.o_Norm(Theta) * bound),
    ),
    Theorem(
        id="linear combinations of features",
        sentence="(1/m)Σ a_i(bF_i + cG_i) = b(1/m)Σ a_iF_i + c(1/m)Σ a_iG_i",
        source="Hardy, Littlewood and Pólya 1952, section 2.1",
        formal="Mathlib: Finset.sum_add_distrib",
        takes=(network, F, G, b, c),
        says=equals(
            nt.Combination(network, sp.Lambda(feature, b * F(feature) + c * G(feature))),
            b * nt.Combination(network, sp.Lambda(feature, F(feature)))
            + c * nt.Combination(network, sp.Lambda(feature, G(feature))),
        ),
    ),
    Theorem(
        id="slopes of a network",
        sentence="features with w > 0 are lines w x + u·e at ∞, those with w < 0 at −∞: the slopes there have the sum "
        "(1/m)Σ a_i w_i",
        source="definition of the ReLU; positive homogeneity",
        takes=(network, Theta),
        given=(_CLASS,),
        says=equals(
            nt.SlopeLeft(network) + nt.SlopeRight(network),
            nt.Combination(network, sp.Lambda(feature, nt.Weight(feature))),
        ),
    ),
    Theorem(
        id="intercepts of a network",
        sentence="so are the intercepts, which differ by (1/m)Σ a_i sign(w_i) u_i·e: features of time alone cancel",
        source="definition of the ReLU; positive homogeneity",
        takes=(network, Theta, nt.embedding),
        given=(_CLASS,),
        says=equals(
            nt.InterceptRight(network) - nt.InterceptLeft(network),
            nt.Combination(network, sp.Lambda(feature, nt.Side(feature) * nt.Intercept(feature, nt.embedding))),
        ),
    ),
    Theorem(
        id="sign of a weight",
        sentence="|sign w| <= 1",
        source="definition",
        trust="definition",
        takes=(feature,),
        says=at_most(sp.Abs(nt.Side(feature)), 1),
    ),
    Theorem(
        id="budget of a feature on the line",
        sentence="|w| + |u·e|/‖e‖∞ <= |w| + ‖u‖₁ <= 1",
        source="Hölder's inequality; Rudin 1987, Theorem 3.5",
        takes=(network, Theta, feature, nt.embedding),
        given=(_CLASS, _MEMBER),
        says=at_most(
            sp.Abs(nt.Weight(feature)) + sp.Abs(nt.Intercept(feature, nt.embedding)) / nt.EmbeddingBound(nt.embedding),
            1,
        ),
    ),
    Theorem(
        id="Hölder for a feature",
        sentence="|σ(w·x + u·e)| <= (‖w‖₁ + ‖u‖₁) max(‖x‖∞, ‖e‖∞) <= max(‖x‖∞, ‖e‖∞)",
        source="Hölder's inequality; Rudin 1987, Theorem 3.5; |σ(y)| <= |y|",
        takes=(network, Theta, feature, one, nt.embedding),
        given=(_CLASS, _MEMBER),
        says=at_most(sp.Abs(nt.Response(feature, one)), sp.Max(nt.PointNorm(one), nt.EmbeddingBound(nt.embedding))),
    ),
    Theorem(
        id="Hölder for a change of a feature",
        sentence="|σ(w·x + u·e) − σ(w·x' + u·e)| <= |w·(x − x')| <= ‖x − x'‖∞",
        source="Hölder's inequality; Rudin 1987, Theorem 3.5; |σ(y) − σ(y')| <= |y − y'|",
        takes=(network, Theta, feature, one, other),
        given=(_CLASS, _MEMBER),
        says=at_most(sp.Abs(nt.Response(feature, one) - nt.Response(feature, other)), nt.PointGap(one, other)),
    ),
)
