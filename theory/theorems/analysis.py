"""Analysis: integrals, means over weights, elementary inequalities of norms."""

from __future__ import annotations

import sympy as sp

from theory.symbols import tau
from theory.theorems.places import F, G, bound, mode, time
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Q
from theory.vocabulary.statements import Every, Theorem, at_most, below, equals
from theory.vocabulary.terms import variable

PAIR = variable("F₂")
_WEIGHTED = sp.Lambda(mode, PAIR(mode, time))

THEOREMS = (
    Theorem(
        id="Cauchy–Schwarz for integrals",
        sentence="(∫₀^τ √F ds)² <= ∫₀^τ G ds ∫₀^τ F/G ds for F >= 0 and G > 0",
        source="Rudin 1987, Theorem 3.5",
        formal="Mathlib: MeasureTheory.integral_mul_le_Lp_mul_Lq",
        takes=(F, G, tau),
        given=(Every((time,), at_most(0, F(time))), Every((time,), below(0, G(time)))),
        says=at_most(
            sp.Integral(sp.sqrt(F(time)), (time, 0, tau)) ** 2,
            sp.Integral(G(time), (time, 0, tau)) * sp.Integral(F(time) / G(time), (time, 0, tau)),
        ),
    ),
    Theorem(
        id="means and integrals exchange",
        sentence="∫₀^τ G(s) Σw_κF(κ, s) ds = Σw_κ ∫₀^τ G(s)F(κ, s) ds",
        source="Fubini's theorem; Rudin 1987, Theorem 8.8",
        formal="Mathlib: MeasureTheory.integral_finset_sum",
        takes=(Q, PAIR, G, tau),
        says=equals(
            sp.Integral(o.SpectralMean(Q, _WEIGHTED) * G(time), (time, 0, tau)),
            o.SpectralMean(Q, sp.Lambda(mode, sp.Integral(PAIR(mode, time) * G(time), (time, 0, tau)))),
        ),
    ),
    Theorem(
        id="a mean is at most its largest",
        sentence="Σw_κF(κ) <= C for weights w if F <= C",
        source="monotonicity of the mean",
        formal="Mathlib: Finset.inner_le_nnorm_mul_nnorm",
        takes=(Q, F, bound),
        given=(Every((mode,), at_most(F(mode), bound)),),
        says=at_most(o.SpectralMean(Q, sp.Lambda(mode, F(mode))), bound),
    ),
)
