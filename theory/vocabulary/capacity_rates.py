"""Where flows on data end: the minimiser's noise in the norm of B^{−½}, sources Θ₀−Θ* = wB^r, effective dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sympy as sp

from theory import symbols as sym
from theory.vocabulary import capacity as ca
from theory.vocabulary import objects as o
from theory.vocabulary.statements import Fact, Rel, Statement
from theory.vocabulary.terms import Image, quantity, term

Minimiser = term("Minimiser")  # of a quadratic: bB⁺
Fit = term("Fit")  # (quadratic, Θ₀): the minimiser to which the flow from Θ₀ tends
MinimiserNoise = term("MinimiserNoise")  # (Q, ν >= 0): datum ↦ (Θ*B(x₀)−b(x₀))(B+ν)^{−½}, (B⁺)^½ at ν = 0

MinimumNoise = quantity("MinimumNoise")  # (Q̂, Q, ν >= 0): ‖(Θ*B̂−b̂)(B+ν)^{−½}‖, the same at ν = 0
WholeKept = quantity("WholeKept")  # (Q̂, Q): the largest c with B̂ ⪰ cB
Stretch = quantity("Stretch")  # (Q̂, Q): the least c with B̂ ⪯ cB, where B̂ vanishes with B
Bent = quantity("Bent")  # (Q̂, Q, Θ): ‖(Θ−Θ*)B̂(B⁺)^½‖
SourceFilter = quantity("SourceFilter")  # (Q̂, Q, Θ₀, ν, f): ‖(Θ₀−Θ*)f(B̂)(B+ν)^½‖
EffectiveDimension = quantity("EffectiveDimension")  # (Q, ν): tr B(B+ν)^{−1}

FirstOrder = term("FirstOrder")  # (Q̂, Q, Θ₀, τ): Θ(τ)+Ȳ, Ȳ' = −2ȲB−2ξ from 0, what is linear in the data's noise
Mirrored = term("Mirrored")  # (Θ, Θ'): 2Θ'−Θ
HalfDiagonal = term("HalfDiagonal")  # (Θ(τ)+Ȳ, Q): half of the diagonal of the divided differences M_ij in Ȳ
RidgeGap = quantity("RidgeGap")  # (Q̂, Q, ν): ‖(B+ν)^{−½}(B̂−B)(B+ν)^{−½}‖
FirstRate = quantity("FirstRate")  # (Q̂, Q, Θ₀, ν, s): ‖Ȳ'(s)(B+ν)^½‖

FIRST = FirstOrder(o.EMPIRICAL, o.Q, o.Theta0, sym.tau)
NOW = o.Path(o.scaled, o.Q, o.Theta0, sym.tau)
_ALONG = ca.FilterSup(ca.Damped(sym.tau - sym.s, sym.s), sym.nu, sym.K_B)
NOISE = Image(MinimiserNoise(o.Q, sp.S.Zero), o.data)

MEANINGS: Mapping[sp.Symbol, sp.Expr] = MappingProxyType(
    {
        sym.noise_minimum: MinimumNoise(o.EMPIRICAL, o.Q, sp.S.Zero),
        sym.noise_square: o.Variance(NOISE),
        sym.loss_fit: o.Value(o.Q, Fit(o.EMPIRICAL, o.Theta0)),
        sym.deviation_ridge: RidgeGap(o.EMPIRICAL, o.Q, sym.nu),
        sym.loss_first: o.Value(o.Q, FIRST),
        sym.loss_mirrored: o.Value(o.Q, Mirrored(FIRST, NOW)),
        sym.loss_half_diagonal: o.Value(o.Q, HalfDiagonal(FIRST, o.Q)),
        sym.first_end: ca.RidgeDistance(o.Q, sym.nu, FIRST, NOW),
        sym.first_path: sp.Integral(_ALONG * FirstRate(o.EMPIRICAL, o.Q, o.Theta0, sym.nu, sym.s), (sym.s, 0, sym.tau)),
        sym.stretch: Stretch(o.EMPIRICAL, o.Q),
    }
)
PARAMETERS = frozenset(
    {
        sym.share_0,
        sym.source_power,
        sym.source_norm,
        sym.capacity_power,
        sym.capacity_constant,
        sym.noise_std,
        sym.noise_weak,
        sym.noise_radius,
    }
)
"""Numbers that a claim is made for all of."""

_IID = (Fact("iid", (o.data, sym.n)), Fact("population", (o.Q, o.data)))
_FEATURES = Fact("fixed", (o.MatrixPart(o.Q), o.data))
_WITHIN = Fact("vanishes_with", (o.EMPIRICAL, o.Q))
FACTS: Mapping[str, tuple[Statement, ...]] = MappingProxyType(
    {
        "B̂ and b̂ vanish where B does, as noise of full support makes them; B̂ ⪰ c₀B": (
            _WITHIN,
            Rel(sym.share_0, "<=", WholeKept(o.EMPIRICAL, o.Q)),
        ),
        "B̂ and b̂ vanish where B does, as noise of full support makes them": (_WITHIN,),
        "the data are i.i.d. from p₀, and the features do not depend on them": (*_IID, _FEATURES),
        "B̂ and b̂ vanish where B does, as noise of full support makes them; B̂ ⪰ c₀B fails with probability δ/2 at "
        "most": (_WITHIN, Fact("whole_kept_mostly", (o.data, o.Q, sym.share_0, sym.delta / 2))),
        "‖Cov(G_*(x₀)B^{−½})‖ <= w_*² and ‖G_*(x₀)B^{−½}‖ <= R_*, G_*(x₀) = Θ*B(x₀)−b(x₀)": (
            Fact("weak_spread", (NOISE, sym.noise_weak)),
            Fact("radius", (NOISE, sym.noise_radius)),
        ),
        "the data are i.i.d. from p₀; m features, which do not depend on them, have ‖B(x₀)‖ <= K_B on its support": (
            *_IID,
            _FEATURES,
            Fact("features", (o.Q, sym.m)),
            Fact("operator_bounded", (o.MATRICES, sym.K_B)),
        ),
        "Θ₀−Θ* = wB^{r_s} with ‖w‖ <= R_s, Θ* = bB⁺ the population's minimiser": (
            Fact("source", (o.Q, o.Theta0, sym.source_power, sym.source_norm)),
        ),
        "tr B(B+ν)^{−1} <= A_N ν^{−β_N} for every ν > 0": (
            Fact("effective_dimension", (o.Q, sym.capacity_constant, sym.capacity_power)),
        ),
        "E G_*(x₀)ᵀG_*(x₀) ⪯ σ_*²B, G_*(x₀) = Θ*B(x₀)−b(x₀)": (
            Fact("noise_below_matrix", (o.data, o.Q, sym.noise_std)),
        ),
    }
)
"""By the text of the hypothesis."""
