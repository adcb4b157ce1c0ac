"""Information theory: changes of measure, sub-Gaussian functions, mutual information, transport."""

from __future__ import annotations

import sympy as sp

from theory.symbols import n
from theory.theorems.places import F, G, a, b, bound, c, level, number
from theory.vocabulary import information as it
from theory.vocabulary.information import Average, Cumulant, Information, Joint, Mean, Relative
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, below, equals
from theory.vocabulary.terms import Object

_MU, _NU, _F = it.first, it.second, it.loss
_U, _V, _W, _RHO = it.U, it.V, it.W, it.reference
_DATA = Object("data of any kind")
_P = sp.Symbol("p", positive=True)
_SHARP = (1 - 2 * _P) / (2 * sp.log((1 - _P) / _P))

THEOREMS = (
    Theorem(
        id="Donsker–Varadhan",
        sentence="a(E_μ f − E_ν f) <= KL(μ‖ν) + log E_ν e^{a(f − E_ν f)} where all of it is finite",
        source="Donsker and Varadhan 1983; Boucheron, Lugosi and Massart 2013, Corollary 4.15",
        takes=(_MU, _NU, _F, a),
        given=(Fact("comparable", (_MU, _NU, _F)), Fact("exponential_moment", (_NU, _F, a))),
        says=at_most(a * Mean(_MU, _F) - a * Mean(_NU, _F), Relative(_MU, _NU) + Cumulant(_NU, _F, a)),
    ),
    Theorem(
        id="sub-Gaussian",
        sentence="f is R-sub-Gaussian: log E e^{a(f − E f)} <= a²R²/2 for every a",
        source="definition; Boucheron, Lugosi and Massart 2013, section 2.3",
        trust="definition",
        takes=(_NU, _F, bound, a),
        given=(Fact("sub_gaussian", (_NU, _F, bound)),),
        says=at_most(Cumulant(_NU, _F, a), a**2 * bound**2 / 2),
    ),
    Theorem(
        id="moments of a sub-Gaussian function",
        sentence="then E e^{af} is finite for every a",
        source="definition; Boucheron, Lugosi and Massart 2013, section 2.3",
        trust="definition",
        takes=(_NU, _F, bound, a),
        given=(Fact("sub_gaussian", (_NU, _F, bound)),),
        says=Fact("exponential_moment", (_NU, _F, a)),
    ),
    Theorem(
        id="sub-Gaussian from below",
        sentence="f is R-sub-Gaussian from below: log E e^{−a(f − E f)} <= a²R²/2 for every a > 0",
        source="definition; Boucheron, Lugosi and Massart 2013, section 2.3",
        trust="definition",
        takes=(_NU, _F, bound, level),
        given=(Fact("sub_gaussian_below", (_NU, _F, bound)),),
        says=at_most(Cumulant(_NU, _F, -level), level**2 * bound**2 / 2),
    ),
    Theorem(
        id="moments of a function that is sub-Gaussian from below",
        sentence="then E e^{−af} is finite for every a > 0",
        source="definition; Boucheron, Lugosi and Massart 2013, section 2.3",
        trust="definition",
        takes=(_NU, _F, bound, level),
        given=(Fact("sub_gaussian_below", (_NU, _F, bound)),),
        says=Fact("exponential_moment", (_NU, _F, -level)),
    ),
    Theorem(
        id="two-sided and one-sided",
        sentence="what is R-sub-Gaussian is so from below",
        source="definition; Boucheron, Lugosi and Massart 2013, section 2.3",
        trust="definition",
        takes=(_NU, _F, bound),
        given=(Fact("sub_gaussian", (_NU, _F, bound)),),
        says=Fact("sub_gaussian_below", (_NU, _F, bound)),
    ),
    Theorem(
        id="lower tail of a function bounded below",
        sentence="f >= inf f with a second moment is √E(f − inf f)²-sub-Gaussian from below",
        source="Maurer 2003, proof of Theorem 2.1: e^{−x} <= 1 − x + x²/2 for x >= 0",
        takes=(_NU, _F),
        given=(Fact("bounded_below", (_NU, _F)),),
        says=Fact("sub_gaussian_below", (_NU, _F, sp.sqrt(it.SquareAbove(_NU, _F)))),
    ),
    Theorem(
        id="lower tail of a Gaussian quadratic",
        sentence="a positive semidefinite quadratic of a Gaussian vector is √Var f-sub-Gaussian from below",
        source="Birgé 2001, Lemma 8.1; Laurent and Massart 2000, Lemma 1",
        takes=(_NU, _F),
        given=(Fact("gaussian_quadratic", (_NU, _F)),),
        says=Fact("sub_gaussian_below", (_NU, _F, sp.sqrt(it.VarianceUnder(_NU, _F)))),
    ),
    Theorem(
        id="Kearns–Saul",
        sentence="f = 1 with probability p < ½ and else 0: log E e^{a(f − p)} <= (a²/2)(1 − 2p)/(2 log((1 − p)/p))",
        source="Kearns and Saul 1998, Lemma 1; Buldygin and Moskvichova 2013, Theorem 2.1",
        takes=(_NU, _F, _P, a),
        given=(Fact("bernoulli", (_NU, _F, _P)), below(_P, sp.Rational(1, 2))),
        says=at_most(Cumulant(_NU, _F, a), a**2 * _SHARP / 2),
    ),
    Theorem(
        id="mutual information",
        sentence="I(U; V) = KL(P_{UV}‖P_U ⊗ P_V)",
        source="definition; Cover and Thomas 2006, section 2.3",
        trust="definition",
        takes=(_U, _V),
        says=equals(Information(_U, _V), Relative(Joint(_U, _V), it.Apart(_U, _V))),
    ),
    Theorem(
        id="chain rule against a product",
        sentence="KL(P_{UVW}‖P_U ⊗ ρ ⊗ P_W) = I(U; W) + E KL(P_{V|U,W}‖ρ)",
        source="Cover and Thomas 2006, Theorem 2.5.3; Polyanskiy and Wu 2025, Theorem 2.15",
        takes=(_U, _V, _W, _RHO),
        says=equals(
            Relative(Joint(_U, _V, _W), it.Beside(_U, _RHO, _W)), Information(_U, _W) + it.Conditional(_V, _U, _W, _RHO)
        ),
    ),
    Theorem(
        id="golden formula",
        sentence="E KL(P_{V|U}‖ρ) = I(U; V) + KL(P_V‖ρ)",
        source="Topsøe 1967; Polyanskiy and Wu 2025, Theorem 4.1",
        takes=(_U, _V, _RHO),
        says=equals(it.Conditional(_V, _U, _RHO), Information(_U, _V) + Relative(it.Law(_V), _RHO)),
    ),
    Theorem(
        id="information of independent data",
        sentence="Σ I(W; X_i) <= I(W; X_1, …, X_n) for independent X_i",
        source="Polyanskiy and Wu 2025, Theorem 6.1; Bu, Zou and Veeravalli 2020, Proposition 2",
        takes=(_W, _DATA, n),
        given=(Fact("independent_data", (_DATA, n)),),
        says=at_most(
            n * Average(n, sp.Lambda(number, Information(_W, it.Datum(_DATA, number)))), Information(_W, _DATA)
        ),
    ),
    Theorem(
        id="a rule's loss, datum by datum",
        sentence="f is R-sub-Gaussian from below under P_W ⊗ P_{X_i} for each i",
        source="definition",
        trust="definition",
        takes=(_W, _DATA, _F, bound, number),
        given=(Fact("sub_gaussian_for_each", (_W, _DATA, _F, bound)),),
        says=Fact("sub_gaussian_below", (it.Apart(_W, it.Datum(_DATA, number)), _F, bound)),
    ),
    Theorem(
        id="a rule's laws, datum by datum",
        sentence="the law of W and X_i is comparable with P_W ⊗ P_{X_i} for each i",
        source="definition",
        trust="definition",
        takes=(_W, _DATA, _F, number),
        given=(Fact("comparable_for_each", (_W, _DATA, _F)),),
        says=Fact("comparable", (Joint(_W, it.Datum(_DATA, number)), it.Apart(_W, it.Datum(_DATA, number)), _F)),
    ),
    Theorem(
        id="monotonicity of an average",
        sentence="F_i <= G_i for every i gives (1/n)ΣF_i <= (1/n)ΣG_i",
        source="monotonicity of the mean; Kallenberg 2002, chapter 1",
        formal="Mathlib: Finset.sum_le_sum",
        takes=(F, G, n),
        given=(Every((number,), at_most(F(number), G(number))),),
        says=at_most(Average(n, sp.Lambda(number, F(number))), Average(n, sp.Lambda(number, G(number)))),
    ),
    Theorem(
        id="linearity of an average",
        sentence="(1/n)Σ(aF_i + bG_i + c) = a(1/n)ΣF_i + b(1/n)ΣG_i + c",
        source="linearity of the mean; Kallenberg 2002, chapter 1",
        formal="Mathlib: Finset.sum_add_distrib",
        takes=(F, G, a, b, c, n),
        says=equals(
            Average(n, sp.Lambda(number, a * F(number) + b * G(number) + c)),
            a * Average(n, sp.Lambda(number, F(number))) + b * Average(n, sp.Lambda(number, G(number))) + c,
        ),
    ),
    Theorem(
        id="square of an average",
        sentence="((1/n)ΣF_i)² <= (1/n)ΣF_i²",
        source="Jensen 1906; Rudin 1987, Theorem 3.3",
        formal="Mathlib: inner_mul_le_norm_mul_norm",
        takes=(F, n),
        says=at_most(Average(n, sp.Lambda(number, F(number))) ** 2, Average(n, sp.Lambda(number, F(number) ** 2))),
    ),
)
