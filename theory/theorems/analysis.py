"""Analysis: integrals, means over weights, elementary inequalities of norms."""

from __future__ import annotations

import sympy as sp

from theory.symbols import tau
from theory.theorems.places import F, G, a, b, bound, high, level, low, mode, number, rate, time
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Q
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, below, equals
from theory.vocabulary.terms import Object, variable

PAIR = variable("F₂")
WAY = Object("way")
_WEIGHTED = sp.Lambda(mode, PAIR(mode, time))

_INNER = sp.Symbol("inner", real=True)

_PRIMITIVE = Every((number,), equals(sp.Derivative(F(number), number), G(number)))
_CONTINUOUS = Fact("continuous", (sp.Lambda(number, G(number)),))

THEOREMS = (
    Theorem(
        id="monotone by its derivative",
        sentence="F' = G >= 0 on [a, b] gives F(a) <= F(b)",
        source="Rudin 1976, Theorem 5.11",
        formal="Mathlib: monotoneOn_of_deriv_nonneg",
        takes=(F, G, low, high),
        given=(
            Every((number,), equals(sp.Derivative(F(number), number), G(number))),
            Every((number,), at_most(0, G(number)), (at_most(low, number), at_most(number, high))),
            at_most(low, high),
        ),
        says=at_most(F(low), F(high)),
    ),
    Theorem(
        id="powers rise with their base",
        sentence="0 < x <= y and r >= 0 give x^r <= y^r",
        source="Rudin 1976, chapter 1, exercise 6",
        formal="Mathlib: Real.rpow_le_rpow",
        takes=(time, level, rate),
        given=(at_most(time, level),),
        says=at_most(time**rate, level**rate),
    ),
    Theorem(
        id="fundamental theorem of calculus",
        sentence="F' = G continuous on [a, b] gives ∫_a^b G = F(b) − F(a)",
        source="Rudin 1976, Theorem 6.21",
        formal="Mathlib: intervalIntegral.integral_eq_sub_of_hasDerivAt",
        takes=(F, G, low, high),
        given=(
            Every(
                (number,),
                equals(sp.Derivative(F(number), number), G(number)),
                (at_most(low, number), at_most(number, high)),
            ),
            Fact("continuous", (sp.Lambda(number, G(number)),)),
            at_most(low, high),
        ),
        says=equals(sp.Integral(G(number), (number, low, high)), F(high) - F(low)),
    ),
    Theorem(
        id="integral to infinity",
        sentence="F' = G continuous on [a, ∞) and F → l give ∫_a^∞ G = l − F(a)",
        source="Rudin 1976, Theorem 6.21 and exercise 6.8",
        formal="Mathlib: MeasureTheory.integral_Ioi_of_hasDerivAt_of_tendsto",
        takes=(F, G, low, high),
        given=(_PRIMITIVE, _CONTINUOUS, Fact("tends", (sp.Lambda(number, F(number)), sp.S.One, high))),
        says=equals(sp.Integral(G(number), (number, low, sp.oo)), high - F(low)),
    ),
    Theorem(
        id="integral over the line",
        sentence="F' = G continuous, F → k at −∞ and F → l at ∞ give ∫ G = l − k",
        source="Rudin 1976, Theorem 6.21 and exercise 6.8",
        formal="Mathlib: MeasureTheory.integral_of_hasDerivAt_of_tendsto",
        takes=(F, G, low, high),
        given=(
            _PRIMITIVE,
            _CONTINUOUS,
            Fact("tends", (sp.Lambda(number, F(number)), sp.S.One, high)),
            Fact("tends", (sp.Lambda(number, F(number)), sp.S.NegativeOne, low)),
        ),
        says=equals(sp.Integral(G(number), (number, -sp.oo, sp.oo)), high - low),
    ),
    Theorem(
        id="linearity of the integral",
        sentence="∫(aF + bG) = a∫F + b∫G for continuous F and G",
        source="Rudin 1976, Theorem 6.12",
        formal="Mathlib: intervalIntegral.integral_add",
        takes=(F, G, a, b, low, high),
        given=(
            Fact("continuous", (sp.Lambda(number, F(number)),)),
            Fact("continuous", (sp.Lambda(number, G(number)),)),
        ),
        says=equals(
            sp.Integral(a * F(number) + b * G(number), (number, low, high)),
            a * sp.Integral(F(number), (number, low, high)) + b * sp.Integral(G(number), (number, low, high)),
        ),
    ),
    Theorem(
        id="continuity of combinations",
        sentence="aF + bG is continuous where F and G are",
        source="Rudin 1976, Theorem 4.9",
        formal="Mathlib: Continuous.add",
        takes=(F, G, a, b),
        given=(
            Fact("continuous", (sp.Lambda(number, F(number)),)),
            Fact("continuous", (sp.Lambda(number, G(number)),)),
        ),
        says=Fact("continuous", (sp.Lambda(number, a * F(number) + b * G(number)),)),
    ),
    Theorem(
        id="continuity of products",
        sentence="FG is continuous where F and G are",
        source="Rudin 1976, Theorem 4.9",
        formal="Mathlib: Continuous.mul",
        takes=(F, G),
        given=(
            Fact("continuous", (sp.Lambda(number, F(number)),)),
            Fact("continuous", (sp.Lambda(number, G(number)),)),
        ),
        says=Fact("continuous", (sp.Lambda(number, F(number) * G(number)),)),
    ),
    Theorem(
        id="continuity of an exponential",
        sentence="e^{aF} is continuous where F is",
        source="Rudin 1976, Theorems 4.7 and 8.6",
        formal="Mathlib: Continuous.rexp",
        takes=(F, a),
        given=(Fact("continuous", (sp.Lambda(number, F(number)),)),),
        says=Fact("continuous", (sp.Lambda(number, sp.exp(a * F(number))),)),
    ),
    Theorem(
        id="continuity of an integral",
        sentence="∫₀^z F is continuous in z where F is",
        source="Rudin 1976, Theorem 6.20",
        formal="Mathlib: intervalIntegral.continuous_primitive",
        takes=(F,),
        given=(Fact("continuous", (sp.Lambda(number, F(number)),)),),
        says=Fact("continuous", (sp.Lambda(number, sp.Integral(F(_INNER), (_INNER, 0, number))),)),
    ),
    Theorem(
        id="adjacent integrals",
        sentence="∫₀^s + ∫_s^t = ∫₀^t of a continuous function",
        source="Rudin 1976, Theorem 6.12",
        formal="Mathlib: intervalIntegral.integral_add_adjacent_intervals",
        takes=(F, low, high),
        given=(Fact("continuous", (sp.Lambda(number, F(number)),)),),
        says=equals(
            sp.Integral(F(number), (number, 0, low)) + sp.Integral(F(number), (number, low, high)),
            sp.Integral(F(number), (number, 0, high)),
        ),
    ),
    Theorem(
        id="Lambert's W",
        sentence="W₋₁(x) e^{W₋₁(x)} = x for −1/e <= x < 0",
        source="definition; Corless, Gonnet, Hare, Jeffrey and Knuth 1996, section 1",
        trust="definition",
        takes=(low,),
        given=(at_most(-sp.exp(-1), low), below(low, 0)),
        says=equals(sp.LambertW(low, -1) * sp.exp(sp.LambertW(low, -1)), low),
    ),
    Theorem(
        id="Cauchy–Schwarz for integrals",
        sentence="(∫₀^τ √F ds)² <= ∫₀^τ G ds ∫₀^τ F/G ds for F >= 0 and G > 0",
        source="Rudin 1987, Theorem 3.5",
        formal="Mathlib: MeasureTheory.integral_mul_le_Lp_mul_Lq_of_nonneg",
        takes=(F, G, tau),
        given=(Every((time,), at_most(0, F(time))), Every((time,), below(0, G(time)))),
        says=at_most(
            sp.Integral(sp.sqrt(F(time)), (time, 0, tau)) ** 2,
            sp.Integral(G(time), (time, 0, tau)) * sp.Integral(F(time) / G(time), (time, 0, tau)),
        ),
    ),
    Theorem(
        id="monotonicity of the integral",
        sentence="F <= aG on (0, τ] gives ∫₀^τ F <= a∫₀^τ G",
        source="Rudin 1976, Theorem 6.12",
        formal="Mathlib: intervalIntegral.integral_mono_on",
        takes=(F, G, a, tau),
        given=(Every((time,), at_most(F(time), a * G(time)), (at_most(time, tau),)),),
        says=at_most(sp.Integral(F(time), (time, 0, tau)), a * sp.Integral(G(time), (time, 0, tau))),
    ),
    Theorem(
        id="Cauchy–Schwarz for two functions",
        sentence="(∫₀^τ FG ds)² <= ∫₀^τ F² ds ∫₀^τ G² ds",
        source="Rudin 1987, Theorem 3.5",
        formal="Mathlib: MeasureTheory.integral_mul_le_Lp_mul_Lq_of_nonneg",
        takes=(F, G, tau),
        says=at_most(
            sp.Integral(F(number) * G(number), (number, 0, tau)) ** 2,
            sp.Integral(F(number) ** 2, (number, 0, tau)) * sp.Integral(G(number) ** 2, (number, 0, tau)),
        ),
    ),
    Theorem(
        id="means and integrals exchange",
        sentence="∫₀^τ G(s) Σw_κF(κ, s) ds = Σw_κ ∫₀^τ G(s)F(κ, s) ds",
        source="Fubini's theorem; Rudin 1987, Theorem 8.8",
        formal="Mathlib: MeasureTheory.integral_finset_sum",
        takes=(Q, WAY, PAIR, G, tau),
        says=equals(
            sp.Integral(o.SpectralMean(Q, WAY, _WEIGHTED) * G(time), (time, 0, tau)),
            o.SpectralMean(Q, WAY, sp.Lambda(mode, sp.Integral(PAIR(mode, time) * G(time), (time, 0, tau)))),
        ),
    ),
    Theorem(
        id="a mean is at most its largest",
        sentence="Σw_κF(κ) <= C for weights w if F <= C",
        source="monotonicity of the mean",
        formal="Mathlib: Finset.sum_le_sum",
        takes=(Q, WAY, F, bound),
        given=(Every((mode,), at_most(F(mode), bound)),),
        says=at_most(o.SpectralMean(Q, WAY, sp.Lambda(mode, F(mode))), bound),
    ),
)
