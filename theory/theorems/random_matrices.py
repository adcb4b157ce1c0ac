"""Lower tails of i.i.d. means of matrices by the matrix Laplace transform, and matrices whitened by B+ν."""

from __future__ import annotations

import sympy as sp

from theory.symbols import delta, laplace_at, m, n, nu
from theory.theorems.places import a, bound, number
from theory.vocabulary import capacity as ca
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Q, Y, data
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, equals
from theory.vocabulary.terms import Image, Object

SHIFT = Object("D")
HIGH = sp.Symbol("high", positive=True)
_LEAST, _LAPLACE = ca.LeastOfMean(Y, SHIFT, n), ca.LogLaplace(Y, SHIFT, laplace_at, n)
_IID, _PSD, _SIZE = Fact("iid", (Y, n)), Fact("psd", (Y,)), Fact("matrix_size", (Y, m))
_PARABOLA, _FALL = 1 - laplace_at * number + bound * number**2, 1 - sp.exp(-laplace_at * HIGH)
_CENTRE = Fact("mean_one", (Y, ca.ZERO))
_HAT = o.Empirical(Q, data)
_POPULATION = (Fact("quadratic", (Q,)), Fact("population", (Q, data)))
_KINDS = (
    ("whitened", ca.WhitenedPart(Q, nu), ca.RidgeShift(Q, nu), "B_ν^{−½}B(x₀)B_ν^{−½} and νB_ν^{−1}"),
    ("ridged", ca.RidgedPart(Q, nu), ca.ZERO, "W = B_ν^{−½}(B(x₀)+ν)B_ν^{−½} and 0"),
    ("centred", ca.CentredPart(Q, nu), ca.ONE, "B_ν^{−½}(B(x₀)−B)B_ν^{−½} and 1"),
)
"""Three ways to write what the data keep of B+ν as the least eigenvalue of a mean and a fixed matrix."""

THEOREMS = (
    Theorem(
        id="matrix Laplace transform",
        sentence="the least eigenvalue of (1/n)ΣY_i + D, Y_i i.i.d. symmetric, is below (log δ − log tr exp(−ςnD + "
        "n log E e^{−ςY}))/(ςn) with probability δ at most, for every ς > 0",
        source="Tropp 2012, Theorem 3.6 (Lieb's concavity), for −ΣY_i and one fixed summand",
        takes=(Y, SHIFT, n, laplace_at, delta),
        given=(_IID,),
        says=at_most((sp.log(delta) - _LAPLACE) / (laplace_at * n), _LEAST),
        failure=delta,
    ),
    Theorem(
        id="matrices below a parabola",
        sentence="e^{−ςx} <= 1 − ςx + cx² on the spectrum of Y gives E e^{−ςY} ⪯ exp(−ςEY + cEY²): with EY + D = 1, "
        "log tr exp(−ςnD + n log E e^{−ςY}) <= log m − ςn + cn‖EY²‖",
        source="Tropp 2012, Corollary 3.7 and section 2.2 (transfer rule, log(1+x) <= x, monotone log and tr exp)",
        takes=(Y, SHIFT, n, m, laplace_at, a, bound),
        given=(
            Fact("mean_one", (Y, SHIFT)),
            _SIZE,
            Fact("spectrum_above", (Y, a)),
            Every(
                (number,),
                at_most(sp.exp(-laplace_at * number), 1 - laplace_at * number + bound * number**2),
                (at_most(a, number),),
            ),
        ),
        says=at_most(_LAPLACE, sp.log(m) - laplace_at * n + bound * n * ca.SquareNorm(Y)),
    ),
    Theorem(
        id="matrices below a chord",
        sentence="a ⪯ Y ⪯ a + h gives E e^{−ςY} ⪯ exp(−ςa − (EY − a)(1−e^{−ςh})/h), the exponential being below its "
        "chord: with EY = 1, log tr(E e^{−ςY})ⁿ <= log m − n(ςa + (1−a)(1−e^{−ςh})/h)",
        source="Tropp 2012, Lemma 5.8 and Corollary 3.7, for Y − a",
        takes=(Y, n, m, laplace_at, a, HIGH),
        given=(_CENTRE, _SIZE, Fact("spectrum_above", (Y, a)), Fact("spectrum_below", (Y, a + HIGH))),
        says=at_most(
            ca.LogLaplace(Y, ca.ZERO, laplace_at, n), sp.log(m) - n * (laplace_at * a + (1 - a) * _FALL / HIGH)
        ),
    ),
    Theorem(
        id="least eigenvalue of a mean",
        sentence="the mean of matrices above a is above a: λ_min is concave",
        source="Bhatia 1997, Corollary III.1.2 (the least eigenvalue as a minimum of quadratic forms)",
        takes=(Y, n, a),
        given=(Fact("spectrum_above", (Y, a)),),
        says=at_most(a, ca.LeastOfMean(Y, ca.ZERO, n)),
    ),
    Theorem(
        id="least eigenvalue below the mean",
        sentence="matrices with the mean 1 have somewhere an eigenvalue <= 1",
        source="Bhatia 1997, Corollary III.1.2, and monotonicity of the mean",
        takes=(Y,),
        given=(_PSD, _CENTRE),
        says=at_most(ca.Lowest(Y), 1),
    ),
    Theorem(
        id="lowest eigenvalue",
        sentence="positive semidefinite matrices are above the least eigenvalue that they take",
        source="definition",
        trust="definition",
        takes=(Y,),
        given=(_PSD,),
        says=Fact("spectrum_above", (Y, ca.Lowest(Y))),
    ),
    Theorem(
        id="eigenvalue range",
        sentence="positive semidefinite matrices are below the least eigenvalue that they take plus their range",
        source="definition",
        trust="definition",
        takes=(Y,),
        given=(_PSD,),
        says=Fact("spectrum_below", (Y, ca.Lowest(Y) + ca.EigenvalueRange(Y))),
    ),
    Theorem(
        id="positive semidefinite",
        sentence="positive semidefinite matrices are above 0",
        source="definition",
        trust="definition",
        takes=(Y,),
        given=(_PSD,),
        says=Fact("spectrum_above", (Y, sp.S.Zero)),
    ),
    *(
        Theorem(
            id=f"what is kept, {name}",
            sentence=f"B̂+ν ⪰ c(B+ν) as far as c is below the least eigenvalue of a mean and a fixed matrix: {words}",
            source="definition",
            trust="definition",
            takes=(Q, data, nu, n),
            given=(Fact("quadratic", (Q,)), Fact("iid", (data, n))),
            says=equals(ca.Kept(_HAT, Q, nu), ca.LeastOfMean(Image(part, data), shift, n)),
        )
        for name, part, shift, words in _KINDS
    ),
    *(
        Theorem(
            id=f"mean of {name} matrices",
            sentence=f"the mean is 1 with the fixed matrix: {words}",
            source="linearity of the mean; Kallenberg 2002, chapter 1",
            takes=(Q, data, nu),
            given=_POPULATION,
            says=Fact("mean_one", (Image(part, data), shift)),
        )
        for name, part, shift, words in _KINDS
    ),
    *(
        Theorem(
            id=f"{name} matrices of a fixed quadratic",
            sentence=f"the map to what the data are whitened to does not depend on them if B(x₀) does not: {words}",
            source="definition",
            trust="definition",
            takes=(Q, data, nu),
            given=(Fact("fixed", (o.MatrixPart(Q), data)),),
            says=Fact("fixed", (part, data)),
        )
        for name, part, _, words in _KINDS
    ),
    *(
        Theorem(
            id=f"{name} matrices of m features",
            sentence=f"of m features they are m×m: {words}",
            source="definition",
            trust="definition",
            takes=(Q, data, nu, m),
            given=(Fact("features", (Q, m)),),
            says=Fact("matrix_size", (Image(part, data), m)),
        )
        for name, part, _, words in _KINDS
    ),
    *(
        Theorem(
            id=f"{name} matrices are positive semidefinite",
            sentence=f"congruence keeps the order: {words}",
            source="Bhatia 1997, section V.1 (X ⪯ Y gives ZXZ ⪯ ZYZ)",
            takes=(Q, data, nu),
            given=(Fact("quadratic", (Q,)), Fact("psd", (o.MATRICES,))),
            says=Fact("psd", (Image(part, data),)),
        )
        for name, part, _, words in _KINDS[:2]
    ),
    Theorem(
        id="centred matrices from below",
        sentence="B_ν^{−½}(B(x₀)−B)B_ν^{−½} = W − 1 is above ω − 1, ω the least eigenvalue that W takes",
        source="definition",
        trust="definition",
        takes=(Q, data, nu),
        given=(Fact("quadratic", (Q,)), Fact("psd", (o.MATRICES,))),
        says=Fact("spectrum_above", (ca.CENTRED, ca.Lowest(ca.RIDGED) - 1)),
    ),
)
