"""Theorem 2 of LLZB: the bound of Theorem 1 for data of two modes at ±μ, unbounded, hence by second moments."""

from __future__ import annotations

import sympy as sp

from theory.claims.theorem_1.bound import LEARNABLE
from theory.claims.theorem_1.chain import KAPPA, loss_terms, without
from theory.claims.theorem_1.concentration import FEATURES_FIXED, FIXED
from theory.statement import (
    Claim,
    Constant,
    ForAll,
    Hypothesis,
    Inequality,
    Mutant,
    Source,
    UpToConstant,
    WithProbability,
)
from theory.symbols import (
    S_B,
    S_G,
    K,
    T,
    delta,
    deviation_B,
    deviation_G,
    distance_initial,
    e_sup,
    kl_learned,
    kl_prior,
    lambda_mean,
    loss_bar,
    loss_star,
    m,
    mu,
    n,
    noise_moment,
    scale_moment,
    tau,
)

_THEOREM = Source(paper="LLZB", place="Theorem 2")
_REPAIR = Source(paper="scoregap", place="repair of LLZB, Theorem 2")
_SAMPLE = WithProbability(at_least=1 - delta, over="the n data")
_IID, _IID_B, _IID_G = (
    Hypothesis(name="iid", statement=f"the data are i.i.d. from p₀; {moment}")
    for moment in ("B(x₀) and G(x₀) have second moments", "B(x₀) has a second moment", "G(x₀) has a second moment")
)
_MODES = Hypothesis(name="two-modes", statement="x(0) ~ (1−q) N(−μ, 1) + q N(μ, 1), any weight q in [0, 1], d = 1")
_DRAWN = Hypothesis(name="law", statement="the data are drawn from p₀")
_LINE = Hypothesis(name="line", statement="features of x_t and e(t) on the line, under a bounded weight λ")
_ROWS = Hypothesis(name="rows", statement="‖w_i‖₁ + ‖u_i‖₁ <= 1 for every feature")
_SETTING = {"flow": "scaled", "labels": "dsm", "weight": "g²", "density": "SDE"}
_LEFT = {"divergence": kl_learned}

_TAIL = 1 / sp.sqrt(n * delta)
AT_SAMPLE = {deviation_B: S_B * sp.sqrt(2 / (n * delta)), deviation_G: S_G * sp.sqrt(2 / (n * delta))}
"""The two deviations at what each exceeds with probability δ/2 at most, by Chebyshev's inequality."""
_FULL = {name: T / 2 * term.subs(AT_SAMPLE) for name, term in loss_terms().items()} | {"prior": kl_prior}
_REST = noise_moment + lambda_mean * e_sup**2
_FOURTH = mu**4 + 6 * mu**2 + 3


def _scatter(fourth: sp.Expr = _FOURTH, cross: int = 2) -> dict[str, sp.Expr]:
    return {
        "fourth moment": scale_moment**2 * fourth,
        "cross": cross * scale_moment * _REST * (mu**2 + 1),
        "rest": _REST**2,
    }


def _deviation(claim_id: str, deviation: sp.Symbol, scatter: sp.Symbol, what: str, *given: Hypothesis) -> Claim:
    return Claim(
        id=claim_id,
        source=_REPAIR,
        quantifier=_SAMPLE,
        hypotheses=given,
        sentence=f"{what} deviates by at most its scatter over √(nδ), with no bound on the data.",
        relation=Inequality(lhs={"deviation": deviation}, rhs={"mean": scatter * _TAIL}),
        note="Chebyshev; no logarithm of 1/δ is possible by second moments alone.",
        mutants=(
            Mutant(
                name="half",
                description="half of the bound",
                regime="one datum, δ small",
                rhs={"mean": scatter * _TAIL / 2},
            ),
            Mutant(
                name="no-delta",
                description="1/√n: the probability is lost",
                regime="δ small",
                rhs={"mean": scatter / sp.sqrt(n)},
            ),
            Mutant(
                name="faster-rate",
                description="1/n in place of 1/√n",
                regime="n >= 2",
                rhs={"mean": scatter * _TAIL / sp.sqrt(n)},
            ),
        ),
    )


_PRINTED = {
    "sample": K * (1 + mu**4) * tau**4 / (m * n),
    "width": K * (1 + mu**4) * tau**3 / m**2,
    "optimisation": K / tau,
    "features": K * (1 + mu**2) / m,
    "infinite width": K * loss_bar,
    "comparator": K * loss_star,
    "prior": K * kl_prior,
}

CLAIMS = (
    Claim(
        id="T2:printed",
        sentence="KL(p₀‖p_θ̂(τ)) is at most a multiple of Poly(μ)(τ⁴/(mn) + τ³/m²) + 1/τ + μ²/m + L̄(θ̄*) + L̃(θ*) + "
        "KL(p_T‖π).",
        source=_THEOREM,
        quantifier=UpToConstant(depends_on=("T", "δ"), inner=_SAMPLE),
        hypotheses=(_MODES, Hypothesis(name="late", statement="τ >= 1", lesser=sp.S.One, greater=tau)),
        setting=_SETTING,
        relation=Inequality(lhs=_LEFT, rhs=_PRINTED),
        constants={"K": Constant(symbol=K, value=sp.S.One, hidden=True, meaning="the constant that ≲ hides")},
        note="With Poly(μ) = 1 + μ⁴ and 1 + μ² for μ², read for every μ >= 0. Refuted as T1:printed is, here without a "
        "cut: at μ = 0 the data are N(0, 1), whose score −x is in the class, so that the floor is 0, while n data fix "
        "a slope of their own. Restricted to far modes, as Lemmas 7 and 8 are, it is not refuted by this; see there "
        "T2:hidden-norm: the term 1/τ hides a norm that grows with μ.",
        mutants=(
            Mutant(
                name="faster-sample",
                description="τ⁴/(mn²)",
                regime="m and τ large",
                rhs={**_PRINTED, "sample": K * (1 + mu**4) * tau**4 / (m * n**2)},
            ),
            Mutant(
                name="faster-loss",
                description="1/τ²",
                regime="m and τ large",
                rhs={**_PRINTED, "optimisation": K / tau**2},
            ),
            Mutant(
                name="no-features",
                description="μ²/m is lost",
                regime="m and τ large",
                rhs=without(_PRINTED, "features"),
            ),
        ),
    ),
    _deviation("T2:concentration-B", deviation_B, S_B, "The empirical B", _IID_B, FEATURES_FIXED),
    _deviation("T2:concentration-G", deviation_G, S_G, "The half-gradient at the comparator", _IID_G, FIXED),
    Claim(
        id="T2:scatter",
        sentence="For two modes at ±μ the scatter of the per-datum matrices is of order μ² at most.",
        source=_REPAIR,
        quantifier=ForAll(over="schedules, weights λ, μ >= 0, q, embeddings and features"),
        hypotheses=(_MODES, _DRAWN, _LINE, _ROWS),
        relation=Inequality(lhs={"scatter": S_B**2}, rhs=_scatter()),
        note="S_B² <= E‖B(x₀)‖_F² <= E(a x₀² + c)², a = E_tλr², by T1:bound-B with max <= sum; E x₀⁴ = "
        "μ⁴ + 6μ² + 3. Hence μ⁴ in front of τ/n; the "
        "variance of x₀² is only 4μ² + 2, but one ReLU sees one mode and not the other: at q = ½ the truth is a "
        "quarter of the bound as μ grows.",
        mutants=(
            Mutant(
                name="variance",
                description="Var x₀² = 4μ² + 2 in place of E x₀⁴",
                regime="one ReLU, μ large",
                rhs={"fourth moment": scale_moment**2 * (4 * mu**2 + 2)},
            ),
            Mutant(
                name="fifth",
                description="a fifth of the bound",
                regime="one ReLU, q = ½, μ large",
                rhs={name: term / 5 for name, term in _scatter().items()},
            ),
            Mutant(
                name="no-fourth",
                description="the fourth moment is lost",
                regime="μ large",
                rhs=without(_scatter(), "fourth moment", "cross"),
            ),
        ),
    ),
    Claim(
        id="T2:repaired",
        sentence="With probability 1−δ, T1:repaired's bound with β = S_B√(2/(nδ)) and γ = S_G√(2/(nδ)): data need "
        "second moments only.",
        source=_REPAIR,
        quantifier=_SAMPLE,
        hypotheses=(_IID, FIXED, *LEARNABLE),
        setting=_SETTING,
        constants=KAPPA,
        relation=Inequality(lhs=_LEFT, rhs=_FULL),
        note="For two modes S_B is of order μ² (T2:scatter), so that τ/n carries μ⁴; ‖Θ₀−Θ‖² is about 4μ² "
        "or more for far modes, Θ₀ = 0, sup‖e‖∞ = 1 and a small error (T2:hidden-mean-square).",
        mutants=(
            Mutant(
                name="average-for-integral",
                description="1 in place of T/2, as Lemma 2 is printed",
                regime="T > 2, τ small",
                rhs={name: 2 * term / T if name != "prior" else term for name, term in _FULL.items()},
            ),
            Mutant(
                name="no-optimisation",
                description="what optimisation leaves is lost",
                regime="τ small",
                rhs=without(_FULL, "optimisation", "cross"),
            ),
            Mutant(name="no-prior", description="KL(p_T‖π) is lost", regime="T small", rhs=without(_FULL, "prior")),
            Mutant(
                name="no-approximation",
                description="the least loss is lost",
                regime="n and τ large",
                rhs=without(_FULL, "approximation"),
            ),
            Mutant(
                name="half-distance",
                description="‖Θ₀−Θ‖/2 in place of ‖Θ₀−Θ‖",
                regime="n large, κτ near 1/4",
                rhs={name: term.subs(distance_initial, distance_initial / 2) for name, term in _FULL.items()},
            ),
        ),
    ),
)
