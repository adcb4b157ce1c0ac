"""Random features: contraction of the ReLU, Hölder and Minkowski for their arguments, matrices of one datum."""

from __future__ import annotations

import sympy as sp

from theory.symbols import T, d
from theory.theorems.places import F, bound, level
from theory.vocabulary import features as fe
from theory.vocabulary import objects as o
from theory.vocabulary.features import datum, feature
from theory.vocabulary.objects import Q, Theta, p0, sampled, weight
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, equals
from theory.vocabulary.terms import Object

_INPUT = Object("input")
_HERE = fe.Input(Q, datum)
_ARGUMENT = fe.Argument(feature, _INPUT)
_FEATURES = Fact("features", (sampled,))
_ROWS = Fact("unit_rows", (Q,))
_DRAWN, _ROW = Fact("member", (feature, sampled)), Fact("member", (feature, Q))

THEOREMS = (
    Theorem(
        id="ReLU contracts",
        sentence="|σ(y)| <= |y|, so that ‖σ(f)‖ <= ‖f‖",
        source="definition of the ReLU; monotonicity of the integral, Rudin 1987, chapter 1",
        takes=(feature, _INPUT),
        says=at_most(fe.Norm(fe.Active(_ARGUMENT)), fe.Norm(_ARGUMENT)),
    ),
    Theorem(
        id="Minkowski, linear forms",
        sentence="‖w·x + u·e‖ <= Σ|w_k|‖x_k‖ + Σ|u_k|‖e_k‖ <= (‖w‖₁ + ‖u‖₁) max_k ‖z_k‖",
        source="Minkowski's inequality; Rudin 1987, Theorem 3.5",
        formal="Mathlib: norm_sum_le",
        takes=(feature, _INPUT),
        says=at_most(fe.Norm(_ARGUMENT), fe.Size(feature) * fe.LargestNorm(_INPUT)),
    ),
    Theorem(
        id="size of a sampled feature",
        sentence="‖w‖₁ + ‖u‖₁ <= 1 for every feature that is sampled",
        source="definition",
        trust="definition",
        takes=(feature, sampled),
        given=(_FEATURES, _DRAWN),
        says=at_most(fe.Size(feature), 1),
    ),
    Theorem(
        id="size of a row",
        sentence="‖w_i‖₁ + ‖u_i‖₁ <= 1",
        source="definition",
        trust="definition",
        takes=(feature, Q),
        given=(_ROWS, _ROW),
        says=at_most(fe.Size(feature), 1),
    ),
    Theorem(
        id="outer weight",
        sentence="‖a(v)‖ <= sup ‖a‖",
        source="definition",
        trust="definition",
        takes=(feature, sampled),
        given=(_FEATURES, _DRAWN),
        says=at_most(fe.OuterNorm(feature), fe.WeightBound(sampled)),
    ),
    Theorem(
        id="norms of outer weights",
        sentence="sup ‖a‖ <= √d sup ‖a‖∞",
        source="Horn and Johnson 2013, section 5.4",
        takes=(sampled, d),
        given=(_FEATURES,),
        says=at_most(fe.WeightBound(sampled), sp.sqrt(d) * fe.WeightMax(sampled)),
    ),
    Theorem(
        id="norm of a neuron",
        sentence="‖a(v)σ(v·z)‖ = ‖a(v)‖‖σ(v·z)‖",
        source="homogeneity of the norm; Rudin 1987, chapter 3",
        takes=(feature, _INPUT),
        says=equals(fe.NeuronNorm(feature, _INPUT), fe.OuterNorm(feature) * fe.Norm(fe.Active(_ARGUMENT))),
    ),
    Theorem(
        id="largest norm of a neuron",
        sentence="the least bound of the norms of sampled neurons is at most any positive bound of all",
        source="definition",
        trust="definition",
        takes=(p0, weight, T, sampled, level),
        given=(_FEATURES, Every((feature,), at_most(fe.NeuronNorm(feature, fe.Z), level), (_DRAWN,))),
        says=at_most(o.NormBound(o.NEURONS), level),
    ),
    Theorem(
        id="largest moment",
        sentence="max_k E λz_k² = (max_k ‖z_k‖)²",
        source="definition",
        trust="definition",
        takes=(p0, weight, T),
        says=equals(fe.CoordinateMoment(p0, weight, T), fe.LargestNorm(fe.Z) ** 2),
    ),
    Theorem(
        id="a coordinate is at most the largest",
        sentence="max_k E λz_k² <= E λ max_k z_k²",
        source="monotonicity of the mean; Kallenberg 2002, chapter 1",
        takes=(p0, weight, T),
        says=at_most(fe.CoordinateMoment(p0, weight, T), fe.BoxMoment(p0, weight, T)),
    ),
    Theorem(
        id="Frobenius norm and trace",
        sentence="‖B‖_F <= tr B for a positive semidefinite B",
        source="Horn and Johnson 2013, section 4.1",
        takes=(Q, datum),
        says=at_most(fe.FrobeniusNorm(fe.DATUM_MATRIX), fe.MatrixTrace(fe.DATUM_MATRIX)),
    ),
    Theorem(
        id="trace of a datum's matrix",
        sentence="tr B(x₀) = (1/m)Σ‖σ(w_i·z)‖² given the datum",
        source="definition",
        trust="definition",
        takes=(Q, datum),
        says=equals(
            fe.MatrixTrace(fe.DATUM_MATRIX),
            fe.FeatureMean(Q, sp.Lambda(feature, fe.Norm(fe.Active(fe.Argument(feature, _HERE))) ** 2)),
        ),
    ),
    Theorem(
        id="mean over features",
        sentence="a mean over features is at most any bound of all",
        source="monotonicity of the mean; Kallenberg 2002, chapter 1",
        takes=(Q, F, bound),
        given=(Every((feature,), at_most(F(feature), bound), (_ROW,)),),
        says=at_most(fe.FeatureMean(Q, sp.Lambda(feature, F(feature))), bound),
    ),
    Theorem(
        id="reach",
        sentence="max_k E[λz_k² | x₀] = (max_k ‖z_k‖)² given the datum",
        source="definition",
        trust="definition",
        takes=(Q, datum),
        says=equals(fe.Reach(Q, datum), fe.LargestNorm(_HERE) ** 2),
    ),
    Theorem(
        id="reach on the line",
        sentence="z = (x_t, e(t)), x_t = r x₀ + r v Z: no E[λz_k² | x₀] exceeds E_tλr² x₀² + E_tλr²v² or E_tλ sup‖e‖∞²",
        source="moments of normal laws; Kallenberg 2002, chapter 5",
        takes=(Q, datum, weight, T, fe.embedding),
        given=(Fact("line_features", (Q, weight, T)),),
        says=at_most(
            fe.Reach(Q, datum),
            sp.Max(
                fe.ScaleMoment(weight, T) * fe.StartSquare(datum) + fe.NoiseMoment(weight, T),
                fe.EmbeddingBound(fe.embedding) ** 2 * fe.WeightMean(weight, T),
            ),
        ),
    ),
    Theorem(
        id="half-gradient of a datum",
        sentence="‖ΘB(x₀) − b(x₀)‖ <= ‖Θ‖‖B(x₀)‖ + ‖b(x₀)‖",
        source="triangle inequality and ‖XY‖_F <= ‖X‖_F‖Y‖; Horn and Johnson 2013, section 5.6",
        takes=(Q, Theta, datum),
        says=at_most(
            fe.VectorNorm(fe.DATUM_GRADIENT),
            o.Norm(Theta) * fe.OperatorNorm(fe.DATUM_MATRIX) + fe.VectorNorm(fe.DATUM_VECTOR),
        ),
    ),
    Theorem(
        id="moments of noisy data",
        sentence="z = (x_t, e(t)), x_t = r x₀ + r v Z on the line: no E λz_k² exceeds E_tλr² E x₀² + E_tλr²v² or "
        "E_tλ sup‖e‖∞²",
        source="moments of normal laws; Kallenberg 2002, chapter 5",
        takes=(p0, weight, T, fe.embedding),
        given=(Fact("on_line", (p0,)),),
        says=at_most(
            fe.CoordinateMoment(p0, weight, T),
            sp.Max(
                fe.EmbeddingBound(fe.embedding) ** 2 * fe.WeightMean(weight, T),
                fe.DataMean(p0, sp.Lambda(datum, fe.StartSquare(datum))) * fe.ScaleMoment(weight, T)
                + fe.NoiseMoment(weight, T),
            ),
        ),
    ),
    Theorem(
        id="vector of a datum",
        sentence="b(x₀)_i = −(w_i/√m) E_tλP(active | x₀), so that ‖b(x₀)‖_F² <= (E_tλ)² (1/m)Σ‖w_i‖²",
        source="Stein 1981, Lemma 1; P <= 1",
        takes=(Q, datum, weight, T),
        given=(Fact("stein", (Q,)), Fact("weight", (Q, weight, T))),
        says=at_most(
            fe.VectorNorm(fe.DATUM_VECTOR) ** 2,
            fe.WeightMean(weight, T) ** 2 * fe.FeatureMean(Q, sp.Lambda(feature, fe.Size(feature) ** 2)),
        ),
    ),
    Theorem(
        id="norm of a datum's matrix",
        sentence="‖B(x₀)‖ <= K_B on the support of the data",
        source="definition",
        trust="definition",
        takes=(Q, datum),
        given=(Fact("supported", (datum, Q)),),
        says=at_most(fe.OperatorNorm(fe.DATUM_MATRIX), fe.LargestMatrix(Q)),
    ),
    Theorem(
        id="norm of a datum's vector",
        sentence="‖b(x₀)‖ <= K_b on the support of the data",
        source="definition",
        trust="definition",
        takes=(Q, datum),
        given=(Fact("supported", (datum, Q)),),
        says=at_most(fe.VectorNorm(fe.DATUM_VECTOR), fe.LargestVector(Q)),
    ),
)
