"""Networks of random features at a point: Cauchy–Schwarz over features, Hölder for one of them, lines at infinity."""

from __future__ import annotations

import sympy as sp

from theory.theorems.places import bound
from theory.vocabulary import networks as nt
from theory.vocabulary.features import feature
from theory.vocabulary.networks import network, one, other
from theory.vocabulary.objects import Theta
from theory.vocabulary.statements import Every, Fact, Theorem, at_most

_CLASS = Fact("random_feature_network", (network, Theta))
_MEMBER = Fact("member", (feature, network))

THEOREMS = (
    Theorem(
        id="Cauchy–Schwarz over features",
        sentence="‖(1/m)Σ a_i h_i‖ <= ((1/m)Σ‖a_i‖²)^½ c if |h_i| <= c for every feature",
        source="Cauchy–Schwarz; Rudin 1987, Theorem 3.5",
        formal="Mathlib: inner_mul_le_norm_mul_norm",
        takes=(network, Theta, one, bound),
        given=(_CLASS, Every((feature,), at_most(sp.Abs(nt.Response(feature, one)), bound), (_MEMBER,))),
        says=at_most(nt.Output(network, one), nt.o_Norm(Theta) * bound),
    ),
    Theorem(
        id="Cauchy–Schwarz over changes of features",
        sentence="‖(1/m)Σ a_i(h_i − h_i')‖ <= ((1/m)Σ‖a_i‖²)^½ c if |h_i − h_i'| <= c for every feature",
        source="Cauchy–Schwarz; Rudin 1987, Theorem 3.5",
        formal="Mathlib: inner_mul_le_norm_mul_norm",
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
