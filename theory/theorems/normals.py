"""Normal laws on the line and samples of them: divergences, moments of linear forms, Gaussian channels."""

from __future__ import annotations

import sympy as sp

from theory.symbols import T, n
from theory.theorems.places import X_1, X_2, X, a, b, c, e, f, g, h, level, low, number
from theory.vocabulary import information as it
from theory.vocabulary import normals as nl
from theory.vocabulary.objects import Y, score
from theory.vocabulary.statements import Fact, Theorem, below, equals
from theory.vocabulary.terms import E

OTHER = sp.Symbol("other_level", positive=True)
X_3 = sp.Symbol("X_3", real=True)
SPREADS = sp.symbols("spread_0:4", nonnegative=True)
SHIFT = sp.Function("c", real=True)
_P, _Q = it.first, it.second
_NUMBERS = (X, X_1, X_2, X_3)
_INDEPENDENT = Fact("independent_normals", (Y, *_NUMBERS, *SPREADS))
_FORM = a * X + b * X_1 + c * X_2 + g * X_3
_SQUARE = a**2 * SPREADS[0] + b**2 * SPREADS[1] + c**2 * SPREADS[2] + g**2 * SPREADS[3]
_CODE, _CODES = c * X + a * X_2, c**2 * SPREADS[0] + a**2 * SPREADS[2]
_REST = g**2 * SPREADS[1] + h**2 * SPREADS[3]

THEOREMS = (
    Theorem(
        id="normal law",
        sentence="N(m, v) is normal, with the mean m and the variance v",
        source="definition",
        trust="definition",
        takes=(X, level),
        says=Fact("normal_law", (nl.NormalLaw(X, level), X, level)),
    ),
    Theorem(
        id="density of a normal law",
        sentence="log p(x) = −½log 2πv − (x − m)²/(2v)",
        source="definition; Kallenberg 2002, chapter 5",
        trust="definition",
        takes=(_P, X, level, X_1),
        given=(Fact("normal_law", (_P, X, level)),),
        says=equals(nl.LogDensity(_P, X_1), -sp.log(2 * sp.pi * level) / 2 - (X_1 - X) ** 2 / (2 * level)),
    ),
    Theorem(
        id="divergence of normal laws",
        sentence="KL(N(m, v)‖N(m′, v′)) = ½(log(v′/v) + (v + (m − m′)²)/v′ − 1)",
        source="Kullback 1959, section 9.1; Polyanskiy and Wu 2025, Example 2.2",
        takes=(_P, _Q, X, level, X_1, OTHER),
        given=(Fact("normal_law", (_P, X, level)), Fact("normal_law", (_Q, X_1, OTHER))),
        says=equals(it.Relative(_P, _Q), (sp.log(OTHER / level) + (level + (X - X_1) ** 2) / OTHER - 1) / 2),
    ),
    Theorem(
        id="mixture of normal laws by their mean",
        sentence="az + b + √v ξ with independent standard normal z and ξ is N(b, a² + v)",
        source="Kallenberg 2002, chapter 5 (convolution of normal laws)",
        takes=(a, b, level),
        says=Fact(
            "normal_law", (nl.NormalMixture(sp.Lambda(number, nl.NormalLaw(a * number + b, level))), b, a**2 + level)
        ),
    ),
    Theorem(
        id="parts of a normal sample",
        sentence="X_i − θ, and (1/n)Σ_{j≠i}(X_j − θ), are independent, with the variances v and v(n − 1)/n², as is "
        "what is drawn beside them",
        source="Casella and Berger 2002, Corollary 4.6.10; Kallenberg 2002, Corollary 3.7",
        takes=(Y, n, X, level, number),
        given=(Fact("normal_sample", (Y, n, X, level)),),
        says=Fact(
            "independent_normals",
            (
                Y,
                nl.Drawn(Y, number) - X,
                nl.SampleMean(Y) - nl.Drawn(Y, number) / n - (1 - 1 / n) * X,
                nl.Noise(Y, 1),
                nl.Noise(Y, 2),
                level,
                level * (n - 1) / n**2,
                sp.S.One,
                sp.S.One,
            ),
        ),
    ),
    Theorem(
        id="moments of a linear form of normal numbers",
        sentence="S = Σa_kX_k of independent centred normal numbers has E S = E S³ = 0, E S² = s² = Σa_k²v_k and "
        "E S⁴ = 3s⁴",
        source="Anderson 2003, Theorem 2.4.1 and section 2.6; Isserlis 1918",
        takes=(Y, *_NUMBERS, *SPREADS, a, b, c, g, e, f, low, h),
        given=(_INDEPENDENT,),
        says=equals(E(Y, e * _FORM**4 + f * _FORM**2 + low * _FORM + h), 3 * e * _SQUARE**2 + f * _SQUARE + h),
        statistics=_NUMBERS,
    ),
    Theorem(
        id="information of a Gaussian channel",
        sentence="I(eX + gN; X) = ½log(1 + e²Var X/(g²Var N)) for independent normal X and N, whatever is added",
        source="Cover and Thomas 2006, Example 8.5.1 and section 9.1; Polyanskiy and Wu 2025, Example 3.3",
        takes=(Y, *_NUMBERS, *SPREADS, e, g, a, b),
        given=(_INDEPENDENT, below(0, g**2 * SPREADS[1])),
        says=equals(
            it.Information(nl.Number(e * X + g * X_1 + a, Y), nl.Number(X + b, Y)),
            sp.log(1 + e**2 * SPREADS[0] / (g**2 * SPREADS[1])) / 2,
        ),
        statistics=_NUMBERS,
    ),
    Theorem(
        id="information of a Gaussian channel beside its noisy input",
        sentence="given Z = cX + aM, X keeps the variance v a²Var M/(c²v + a²Var M), and I(eX + fZ + N; X | Z) is "
        "½log(1 + e² of it/Var N)",
        source="Anderson 2003, Theorem 2.5.1 (conditional normal laws), with Cover and Thomas 2006, section 9.1",
        takes=(Y, *_NUMBERS, *SPREADS, a, c, e, f, g, h),
        given=(_INDEPENDENT, below(0, _CODES), below(0, _REST)),
        says=equals(
            nl.SideInformation(
                nl.Number(e * X + f * _CODE + g * X_1 + h * X_3, Y), nl.Number(X, Y), nl.Number(_CODE, Y)
            ),
            sp.log(1 + e**2 * SPREADS[0] * a**2 * SPREADS[2] / (_CODES * _REST)) / 2,
        ),
        statistics=_NUMBERS,
    ),
    Theorem(
        id="reverse of a stationary Ornstein–Uhlenbeck process",
        sentence="with s = −x the reverse equation is dx = −x dt + √2 dW: from z it is N(e^{−T}z, 1 − e^{−2T}) after T",
        source="variation of constants; Karatzas and Shreve 1991, section 5.6",
        takes=(score, T, X),
        given=(Fact("minus_x_score", (score, sp.Lambda(number, sp.S.Zero))),),
        says=Fact("normal_law", (nl.GeneratedFrom(score, T, X), sp.exp(-T) * X, 1 - sp.exp(-2 * T))),
    ),
    Theorem(
        id="law generated by −x and a shift",
        sentence="backward from N(0, 1), dx = (−x + 2c)dt + √2dW in reverse time: N(2∫₀^T e^{−t}c(t)dt, 1)",
        source="variation of constants; Karatzas and Shreve 1991, section 5.6",
        takes=(score, SHIFT, T),
        given=(Fact("minus_x_score", (score, sp.Lambda(number, SHIFT(number)))),),
        says=Fact(
            "normal_law",
            (nl.GeneratedLaw(score, T), 2 * sp.Integral(sp.exp(-number) * SHIFT(number), (number, 0, T)), sp.S.One),
        ),
    ),
)
