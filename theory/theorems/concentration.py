"""Concentration: what a function of independent variables does with high probability."""

from __future__ import annotations

import sympy as sp

from theory.symbols import delta, n
from theory.theorems.places import X_1, X_2, F, X, a, b, bound, map_, number, width
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Y
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, equals
from theory.vocabulary.terms import E, Image

_DEVIATION, _OPERATOR = o.Deviation(Y, n), o.OperatorDeviation(Y, n)

THEOREMS = (
    Theorem(
        id="bounded differences",
        sentence="a function of n independent variables that moves by at most c when one of them changes exceeds its "
        "mean by c√(n log(1/δ)/2) with probability at most δ",
        source="McDiarmid 1989, Lemma 1.2; Boucheron, Lugosi and Massart 2013, Theorem 6.2",
        formal="lean-rademacher: mcdiarmid_inequality_pos",
        takes=(X, Y, n, bound, delta),
        given=(Fact("iid", (Y, n)), Fact("moves", (X, Y, bound))),
        says=at_most(X, E(Y, X) + bound * sp.sqrt(n * sp.log(1 / delta) / 2)),
        failure=delta,
        statistics=(X,),
    ),
    Theorem(
        id="Chebyshev",
        sentence="X exceeds √(E X²/δ) with probability at most δ",
        source="Chebyshev 1867; Boucheron, Lugosi and Massart 2013, section 2.1",
        formal="Mathlib: MeasureTheory.mul_meas_ge_le_pow_eLpNorm",
        takes=(X, Y, delta),
        given=(),
        says=at_most(X, sp.sqrt(E(Y, X**2) / delta)),
        failure=delta,
        statistics=(X,),
    ),
    Theorem(
        id="Jensen, root",
        sentence="E X <= √(E X²)",
        source="Jensen 1906; Boucheron, Lugosi and Massart 2013, section 2.1",
        formal="Mathlib: MeasureTheory.eLpNorm_le_eLpNorm_of_exponent_le",
        takes=(X, Y),
        says=at_most(E(Y, X), sp.sqrt(E(Y, X**2))),
        statistics=(X,),
    ),
    Theorem(
        id="Jensen",
        sentence="F'' >= 0 gives F(E X) <= E F(X)",
        source="Jensen 1906; Rudin 1987, Theorem 3.3",
        formal="Mathlib: ConvexOn.map_integral_le",
        takes=(F, X, Y),
        given=(Every((number,), at_most(0, sp.Derivative(F(number), (number, 2)))),),
        says=at_most(F(E(Y, X)), E(Y, F(X))),
        statistics=(X,),
    ),
    Theorem(
        id="linearity of the mean",
        sentence="E(aX + bX') = aE X + bE X'",
        source="Kallenberg 2002, chapter 1",
        formal="Mathlib: MeasureTheory.integral_add",
        takes=(X_1, X_2, a, b, Y),
        says=equals(E(Y, a * X_1 + b * X_2), a * E(Y, X_1) + b * E(Y, X_2)),
        statistics=(X_1, X_2),
    ),
    Theorem(
        id="mean of a constant",
        sentence="E c = c",
        source="Kallenberg 2002, chapter 1",
        formal="Mathlib: MeasureTheory.integral_const",
        takes=(a, Y),
        says=equals(E(Y, a), a),
    ),
    Theorem(
        id="monotonicity of the mean",
        sentence="X <= X' surely gives E X <= E X'",
        source="Kallenberg 2002, chapter 1",
        formal="Mathlib: MeasureTheory.integral_mono",
        takes=(X_1, X_2, Y),
        given=(Every((Y,), at_most(X_1, X_2)),),
        says=at_most(E(Y, X_1), E(Y, X_2)),
        statistics=(X_1, X_2),
    ),
    Theorem(
        id="moves of a combination",
        sentence="where X moves by c and X' by c', aX + bX' moves by |a|c + |b|c'",
        source="triangle inequality",
        takes=(X_1, X_2, a, b, bound, width, Y),
        given=(Fact("moves", (X_1, Y, bound)), Fact("moves", (X_2, Y, width))),
        says=Fact("moves", (a * X_1 + b * X_2, Y, sp.Abs(a) * bound + sp.Abs(b) * width)),
        statistics=(X_1, X_2),
    ),
    Theorem(
        id="variance of a mean",
        sentence="the mean of n independent copies has E‖(1/n)ΣY_i − EY‖² = E‖Y − EY‖²/n",
        source="Ledoux and Talagrand 1991, chapter 9: a Hilbert space has type 2 with constant 1",
        formal="Mathlib: ProbabilityTheory.IndepFun.variance_sum",
        takes=(Y, n),
        given=(Fact("iid", (Y, n)),),
        says=equals(E(Y, _DEVIATION**2), o.Variance(Y) / n),
    ),
    Theorem(
        id="variance of a bounded vector",
        sentence="‖Y‖ <= M gives E‖Y − EY‖² <= M²",
        source="E‖Y − EY‖² = E‖Y‖² − ‖EY‖²; Boucheron, Lugosi and Massart 2013, section 2.1",
        formal="Mathlib: ProbabilityTheory.variance_le_sq_of_bounded",
        takes=(Y, bound),
        given=(Fact("bounded", (Y, bound)),),
        says=at_most(o.Variance(Y), bound**2),
    ),
    Theorem(
        id="spread",
        sentence="a spread of at most σ is a variance of at most σ²",
        source="definition",
        trust="definition",
        takes=(Y, bound),
        given=(Fact("spread", (Y, bound)),),
        says=at_most(o.Variance(Y), bound**2),
    ),
    Theorem(
        id="own spread",
        sentence="a square-integrable vector has the spread √E‖Y − EY‖²",
        source="definition",
        trust="definition",
        takes=(Y,),
        given=(Fact("square_integrable", (Y,)),),
        says=Fact("spread", (Y, sp.sqrt(o.Variance(Y)))),
    ),
    Theorem(
        id="one vector moves the mean",
        sentence="‖Y‖ <= M: one Y_i moves ‖(1/n)ΣY_i − EY‖ by at most 2M/n",
        source="triangle inequality; Boucheron, Lugosi and Massart 2013, example 6.3",
        takes=(Y, n, bound),
        given=(Fact("bounded", (Y, bound)),),
        says=Fact("moves", (_DEVIATION, Y, 2 * bound / n)),
    ),
    Theorem(
        id="one vector of small diameter moves the mean",
        sentence="‖Y − Y'‖ <= D: one Y_i moves ‖(1/n)ΣY_i − EY‖ by at most D/n",
        source="triangle inequality; Boucheron, Lugosi and Massart 2013, example 6.3",
        takes=(Y, n, bound),
        given=(Fact("diameter", (Y, bound)),),
        says=Fact("moves", (_DEVIATION, Y, bound / n)),
    ),
    Theorem(
        id="one positive operator moves the mean",
        sentence="0 ⪯ Y ⪯ M: one Y_i moves the operator norm of (1/n)ΣY_i − EY by at most M/n",
        source="−M ⪯ Y − Y' ⪯ M; Bhatia 1997, Corollary III.2.6",
        takes=(Y, n, bound),
        given=(Fact("psd", (Y,)), Fact("operator_bounded", (Y, bound))),
        says=Fact("moves", (_OPERATOR, Y, bound / n)),
    ),
    Theorem(
        id="Bousquet",
        sentence="E‖D‖ + √(2x(w² + 2R E‖D‖)/n) + Rx/(3n), x = log(1/δ), is exceeded by ‖D‖, D = (1/n)ΣY_i − EY, with "
        "probability δ at most, where ‖Cov Y‖ <= w² and ‖Y − EY‖ <= R",
        source="Bousquet 2002, Theorem 2.3; Boucheron, Lugosi and Massart 2013, Theorem 12.5, for linear functions of "
        "a countable dense set of unit vectors",
        takes=(Y, n, width, bound, delta),
        given=(Fact("iid", (Y, n)), Fact("weak_spread", (Y, width)), Fact("radius", (Y, bound))),
        says=at_most(
            _DEVIATION,
            E(Y, _DEVIATION)
            + sp.sqrt(2 * sp.log(1 / delta) * (width**2 + 2 * bound * E(Y, _DEVIATION)) / n)
            + bound * sp.log(1 / delta) / (3 * n),
        ),
        failure=delta,
    ),
    Theorem(
        id="Pinelis",
        sentence="‖Y − EY‖ <= R: ‖(1/n)ΣY_i − EY‖ exceeds R√(2 log(2/δ)/n) with probability at most δ",
        source="Pinelis 1994, Theorem 3.5: a Hilbert space is (2, 1)-smooth",
        takes=(Y, n, bound, delta),
        given=(Fact("iid", (Y, n)), Fact("radius", (Y, bound))),
        says=at_most(_DEVIATION, bound * sp.sqrt(2 * sp.log(2 / delta) / n)),
        failure=delta,
    ),
    Theorem(
        id="mean in a ball",
        sentence="‖Y − EY‖ <= R gives ‖(1/n)ΣY_i − EY‖ <= R",
        source="triangle inequality",
        takes=(Y, n, bound),
        given=(Fact("radius", (Y, bound)),),
        says=at_most(_DEVIATION, bound),
    ),
    Theorem(
        id="diameter of a ball",
        sentence="‖Y − EY‖ <= R gives ‖Y − Y'‖ <= 2R",
        source="triangle inequality",
        takes=(Y, bound),
        given=(Fact("radius", (Y, bound)),),
        says=Fact("diameter", (Y, 2 * bound)),
    ),
    Theorem(
        id="operator norm",
        sentence="the operator norm is at most the Hilbert–Schmidt norm",
        source="Bhatia 1997, section IV.2",
        takes=(Y, n),
        says=at_most(_OPERATOR, _DEVIATION),
    ),
    Theorem(
        id="operator norm, in the mean",
        sentence="so it is in the mean",
        source="Bhatia 1997, section IV.2, and monotonicity of the mean",
        takes=(Y, n),
        says=at_most(E(Y, _OPERATOR), E(Y, _DEVIATION)),
    ),
    Theorem(
        id="image of a sample",
        sentence="a map that does not depend on them takes i.i.d. variables to i.i.d. variables",
        source="Kallenberg 2002, chapter 3",
        formal="Mathlib: ProbabilityTheory.iIndepFun.comp",
        takes=(Y, n, map_),
        given=(Fact("iid", (Y, n)), Fact("fixed", (map_, Y))),
        says=Fact("iid", (Image(map_, Y), n)),
    ),
)
