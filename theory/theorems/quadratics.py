"""Linear algebra of quadratic losses L(Θ) = tr(ΘBΘᵀ) − 2 tr(Θbᵀ) + c, and of the flows that follow their gradient."""

from __future__ import annotations

import sympy as sp

from theory.symbols import m, n, tau
from theory.theorems.places import a, b, bound, c, e, f, g, h, mode, offset, offset_0, time
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Q, Theta, Theta0, data
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, equals
from theory.vocabulary.terms import Image, Object

_FALL = sp.exp(-2 * mode * tau)
_PATH = o.Path(o.scaled, Q, Theta0, tau)
_QUADRATIC = Fact("quadratic", (Q,))
_HAT = o.Empirical(Q, data)
_BOTH = (_QUADRATIC, Fact("quadratic", (_HAT,)))
_FLOW = Object("flow_")
_TRAINED = o.Path(o.scaled, _HAT, Theta0, tau)
_WAY = o.Along(_HAT, _TRAINED, _PATH)

THEOREMS = (
    Theorem(
        id="spectral theorem",
        sentence="an inequality, linear in excess losses and squared distances, holds for a quadratic and its flow if "
        "it holds in each eigenmode (κ, y₀, y): there the flow is e^{−2κτ}y₀, the loss κy², distances those of offsets",
        source="Hall 2013, Theorem 7.12 (finite-dimensional: Horn and Johnson 2013, Theorem 4.1.5)",
        formal="Mathlib: LinearMap.IsSymmetric.diagonalization_apply_self_apply",
        takes=(Q, Theta0, Theta, tau, a, b, c, e, f, g, h),
        given=(
            _QUADRATIC,
            Every(
                (mode, offset_0, offset),
                at_most(
                    0,
                    a * mode * _FALL**2 * offset_0**2
                    + b * mode * offset**2
                    + c * (offset_0 - offset) ** 2
                    + e * (_FALL * offset_0 - offset) ** 2
                    + f * (1 - _FALL) ** 2 * offset_0**2
                    + g * mode * offset_0**2
                    + h * offset_0**2,
                ),
            ),
        ),
        says=at_most(
            0,
            a * (o.Value(Q, _PATH) - o.Least(Q))
            + b * (o.Value(Q, Theta) - o.Least(Q))
            + c * o.Distance(Theta0, Theta) ** 2
            + e * o.Distance(_PATH, Theta) ** 2
            + f * o.Distance(_PATH, Theta0) ** 2
            + g * (o.Value(Q, Theta0) - o.Least(Q))
            + h * o.ToMinimisers(Q, Theta0) ** 2,
        ),
    ),
    Theorem(
        id="flow of A",
        sentence="with Θ = A/√m the flow of A is the scaled flow in the time τ/m",
        source="chain rule: dΘ/dτ = −(1/m)∇_Θ L",
        takes=(Q, Theta0, tau, m),
        says=equals(o.Value(Q, o.Path(o.A, Q, Theta0, tau)), o.Value(Q, o.Path(o.scaled, Q, Theta0, tau / m))),
    ),
    Theorem(
        id="norm along the flow of A",
        sentence="so it is for norms",
        source="chain rule: dΘ/dτ = −(1/m)∇_Θ L",
        takes=(Q, Theta0, tau, m),
        says=equals(o.Norm(o.Path(o.A, Q, Theta0, tau)), o.Norm(o.Path(o.scaled, Q, Theta0, tau / m))),
    ),
    Theorem(
        id="least loss",
        sentence="min L <= L(Θ)",
        source="definition",
        trust="definition",
        takes=(Q, Theta),
        says=at_most(o.Least(Q), o.Value(Q, Theta)),
    ),
    Theorem(
        id="least loss is nonnegative",
        sentence="0 <= min L: the loss is a mean of squares",
        source="definition",
        trust="definition",
        takes=(Q,),
        given=(_QUADRATIC,),
        says=at_most(0, o.Least(Q)),
    ),
    Theorem(
        id="triangle inequality of norms",
        sentence="‖Θ‖ <= ‖Θ'‖ + ‖Θ − Θ'‖",
        source="Horn and Johnson 2013, section 5.1",
        formal="Mathlib: norm_le_norm_add_norm_sub'",
        takes=(Theta0, Theta),
        says=at_most(o.Norm(Theta0), o.Norm(Theta) + o.Distance(Theta0, Theta)),
    ),
    Theorem(
        id="triangle inequality of a distance",
        sentence="‖Θ − Θ'‖ <= ‖Θ‖ + ‖Θ'‖",
        source="Horn and Johnson 2013, section 5.1",
        formal="Mathlib: norm_sub_le",
        takes=(Theta0, Theta),
        says=at_most(o.Distance(Theta0, Theta), o.Norm(Theta0) + o.Norm(Theta)),
    ),
    Theorem(
        id="Minkowski, excess loss",
        sentence="√(L(Θ) − min L) = ‖(Θ − Θ*)B^½‖ is at most √(L(Θ') − min L) + ‖(Θ − Θ')B^½‖",
        source="Minkowski's inequality; Rudin 1987, Theorem 3.5",
        formal="Mathlib: norm_add_le",
        takes=(Q, Theta0, Theta),
        given=(_QUADRATIC,),
        says=at_most(
            sp.sqrt(o.Value(Q, Theta0) - o.Least(Q)),
            sp.sqrt(o.Value(Q, Theta) - o.Least(Q)) + o.ScoreDistance(Q, Theta0, Theta),
        ),
    ),
    Theorem(
        id="Rayleigh–Ritz",
        sentence="‖eB^½‖² = tr(eBeᵀ) is at most ‖e‖² times the largest eigenvalue of B",
        source="Horn and Johnson 2013, Theorem 4.2.2",
        formal="Mathlib: IsSelfAdjoint.hasEigenvector_of_isMaxOn",
        takes=(Q, Theta0, Theta),
        given=(_QUADRATIC,),
        says=at_most(o.ScoreDistance(Q, Theta0, Theta) ** 2, o.Distance(Theta0, Theta) ** 2 * o.LargestEigenvalue(Q)),
    ),
    Theorem(
        id="eigenvalues and trace",
        sentence="the largest eigenvalue of a positive semidefinite matrix is at most their sum, the trace",
        source="Horn and Johnson 2013, Theorem 1.2.16 (the trace is the sum of the eigenvalues)",
        formal="Mathlib: Matrix.IsHermitian.trace_eq_sum_eigenvalues",
        takes=(Q,),
        given=(_QUADRATIC,),
        says=at_most(o.LargestEigenvalue(Q), o.Trace(Q)),
    ),
    Theorem(
        id="half-gradient deviation",
        sentence="ξ(s) = (Θ(s) − Θ)(B̂ − B) + Θ(B̂ − B) − (b̂ − b): ‖ξ(s)‖ <= ‖B̂ − B‖ρ + ‖Θ(B̂ − B) − (b̂ − b)‖ up to τ, "
        "where ‖Θ(s) − Θ‖ <= ρ for 0 < s <= τ, hence at 0 too, the path being continuous",
        source="triangle inequality and ‖XY‖_F <= ‖X‖_F‖Y‖; Horn and Johnson 2013, section 5.6",
        takes=(Q, data, Theta0, Theta, tau, bound),
        given=(
            *_BOTH,
            Every((time,), at_most(o.Distance(o.Path(o.scaled, Q, Theta0, time), Theta), bound), (at_most(time, tau),)),
        ),
        says=at_most(o.Residual(_HAT, Q, Theta0, tau), o.MatrixGap(_HAT, Q) * bound + o.GradientGap(_HAT, Q, Theta)),
    ),
    Theorem(
        id="change of law",
        sentence="‖eB^½‖² = ‖eB̂^½‖² − tr(e(B̂ − B)eᵀ) <= ‖eB̂^½‖² + ‖B̂ − B‖‖e‖²",
        source="Horn and Johnson 2013, section 5.6 and Theorem 4.2.2",
        takes=(Q, data, Theta0, Theta),
        given=_BOTH,
        statistics=(Theta0, Theta),
        says=at_most(
            o.ScoreDistance(Q, Theta0, Theta) ** 2,
            o.ScoreDistance(_HAT, Theta0, Theta) ** 2 + o.MatrixGap(_HAT, Q) * o.Distance(Theta0, Theta) ** 2,
        ),
    ),
    Theorem(
        id="Duhamel",
        sentence="e = Θ̂ − Θ solves e' = −2eB̂ − 2ξ from e(0) = 0: ‖e(τ)‖ <= 2∫₀^τ sup‖ξ‖ ds, as ‖e^{−2uB̂}‖ <= 1",
        source="variation of constants; Teschl 2012, chapter 3",
        takes=(Q, data, Theta0, tau),
        given=_BOTH,
        says=at_most(
            o.Distance(_TRAINED, o.Path(o.scaled, Q, Theta0, tau)),
            2 * sp.Integral(o.Residual(_HAT, Q, Theta0, tau), (time, 0, tau)),
        ),
    ),
    Theorem(
        id="Duhamel in modes",
        sentence="‖e(τ)B̂^½‖ <= 2 sup‖ξ‖ ∫₀^τ (Σκe^{−4κs}w_κ)^½ ds for the weights w that the direction of eB̂^½ has on "
        "the eigenvalues κ of B̂",
        source="Teschl 2012, chapter 3 (variation of constants); Horn and Johnson 2013, Theorem 4.1.5",
        takes=(Q, data, Theta0, tau),
        given=_BOTH,
        says=at_most(
            o.ScoreDistance(_HAT, _TRAINED, o.Path(o.scaled, Q, Theta0, tau)),
            2
            * o.Residual(_HAT, Q, Theta0, tau)
            * sp.Integral(
                sp.sqrt(o.SpectralMean(_HAT, _WAY, sp.Lambda(mode, mode * sp.exp(-4 * mode * time)))), (time, 0, tau)
            ),
        ),
    ),
    *(
        Theorem(
            id=f"gradient {name} integrated",
            sentence=f"{equation}: from one Θ₀, ‖Θ̂ − Θ‖ is {factor} times ‖∫(Θ̂B̂ − b̂) − (ΘB − b)‖",
            source=source,
            takes=(Q, data, Theta0, tau, m)[: 4 if flow == o.scaled else 5],
            given=_BOTH,
            says=equals(
                o.Distance(o.Path(flow, _HAT, Theta0, tau), o.Path(flow, Q, Theta0, tau)),
                scale * o.GradientIntegral(flow, _HAT, Q, Theta0, tau),
            ),
        )
        for name, flow, factor, scale, equation, source in (
            ("flow", o.scaled, "2", 2, "Θ' = −2(ΘB − b)", "Rudin 1976, Theorem 6.24 (vector-valued functions)"),
            (
                "flow of A",
                o.A,
                "2/m",
                2 / m,
                "with Θ = A/√m, A' = −∇_A L gives Θ' = −(2/m)(ΘB − b)",
                "chain rule; Rudin 1976, Theorem 6.24 (vector-valued functions)",
            ),
        )
    ),
    Theorem(
        id="gradients of the features",
        sentence="h_i = σ_i/√m: E[λ(s_θ − s)σ_i] is √m times the i-th column of ΘB − b",
        source="definition of B and b",
        trust="definition",
        takes=(_FLOW, Q, data, Theta0, tau, m),
        says=equals(
            o.FeatureGradients(_FLOW, _HAT, Q, Theta0, tau),
            4 * m * o.GradientIntegral(_FLOW, _HAT, Q, Theta0, tau) ** 2,
        ),
    ),
    Theorem(
        id="empirical matrix",
        sentence="B̂ − B is the mean of the B(x₀) over the data, minus its expectation",
        source="definition",
        trust="definition",
        takes=(Q, data, n),
        given=(Fact("iid", (data, n)), Fact("population", (Q, data))),
        says=equals(o.MatrixGap(_HAT, Q), o.OperatorDeviation(Image(o.MatrixPart(Q), data), n)),
    ),
    Theorem(
        id="empirical half-gradient",
        sentence="Θ(B̂ − B) − (b̂ − b) is the mean of the G(x₀) = ΘB(x₀) − b(x₀), minus its expectation",
        source="definition",
        trust="definition",
        takes=(Q, data, Theta, n),
        given=(Fact("iid", (data, n)), Fact("population", (Q, data))),
        says=equals(o.GradientGap(_HAT, Q, Theta), o.Deviation(Image(o.GradientPart(Q, Theta), data), n)),
    ),
    Theorem(
        id="per-datum matrix",
        sentence="B(x₀) = E[λhhᵀ | x₀] is positive semidefinite",
        source="definition",
        trust="definition",
        takes=(Q, data),
        says=Fact("psd", (Image(o.MatrixPart(Q), data),)),
    ),
)
