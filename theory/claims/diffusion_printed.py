"""IT10, CZS, Theorem 6.2 as rebuilt: a bound of a diffusion model with one sub-Gaussian constant for every T."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Identity, Inequality, Mutant, Source
from theory.symbols import (
    C,
    T,
    conditional_divergence,
    data_terms,
    early,
    euler_step,
    fixed_proxy,
    information_apart,
    information_data,
    kl_model,
    mean_root_rate,
    n,
    prior_hat,
    proxy_end,
    rate_hat,
    sampler_information,
)

_THEOREM = Source(paper="CZS", place="Theorem 6.2 [r: rebuilt from abstract, reviews and code]")
_REPAIR = Source(paper="scoregap", place="parts of CZS, Theorem 6.2")
_EXACT = Hypothesis(name="exact", statement="Ornstein–Uhlenbeck, P = π = N(0, 1), and the exact score s = −x")
_EARLY = Hypothesis(name="early", statement="ε < T", lesser=early, greater=T, strict=True)
_ONE = Hypothesis(name="one-constant", statement="R is a constant of the loss that does not depend on T [r]")
_DATA = Hypothesis(name="iid", statement="the data X₁, …, Xₙ are i.i.d. from P")
_MOMENT = Hypothesis(name="second-moment", statement="E‖x(0)‖² is finite")
_SHORT = Hypothesis(name="short-step", statement="δ <= 1", lesser=euler_step, greater=sp.S.One)
_ROOT = sp.sqrt(2) * fixed_proxy
_RIGHT = {"data": data_terms, "T2": _ROOT * mean_root_rate, "T3": _ROOT * sp.sqrt(sampler_information / n)}
_KEPT = sp.exp(-2 * T)
_FALSE = (
    Mutant(
        name="half-proxy", description="R/2 in place of R", regime="as the claim", rhs=_RIGHT | {"T2": _RIGHT["T2"] / 2}
    ),
    Mutant(
        name="no-sampler",
        description="T3 is lost",
        regime="as the claim",
        rhs={name: term for name, term in _RIGHT.items() if name != "T3"},
    ),
    Mutant(
        name="larger",
        description="T2 larger by a tenth",
        regime="as the claim",
        rhs=_RIGHT | {"T2": sp.Rational(11, 10) * _RIGHT["T2"]},
    ),
)

CLAIMS = (
    Claim(
        id="IT10:printed",
        sentence="KL(P‖Q) is at most E(T1 + L̂_ESM) + √2R E√KL(E_T(X)‖π) + √2R √(I(X̂₀;S|X̂_T)/n), R free of T.",
        source=_THEOREM,
        quantifier=ForAll(over="laws P, scores, horizons T, ε < T, and numbers of data"),
        hypotheses=(_EARLY, _ONE),
        relation=Inequality(lhs={"divergence": kl_model}, rhs=_RIGHT),
        note="False for every R once T is short: for P = π = N(0, 1) and the exact score the data's terms tend to "
        "−J, J = −½log(1 − e^{−2T}), as n → ∞, and T2 is at most √2R√J, which is less for J > 2R². The constant of the "
        "log-loss of that step is R₋(T) = (1 + a)/(√2(1 − a)) (IT10:proxy): 141.4, 7.09, 0.928 at T = 0.005, 0.1, 1. "
        "The repair is IT12:repaired.",
        mutants=_FALSE,
    ),
    Claim(
        id="IT10:sampler",
        sentence="The same bound holds for what N steps of the simulated reverse process generate.",
        source=_THEOREM,
        quantifier=ForAll(over="laws P, scores, steps δ, horizons T = Nδ, and numbers of data"),
        hypotheses=(_ONE,),
        relation=Inequality(lhs={"divergence": kl_model}, rhs=_RIGHT),
        setting={"sampler": "Euler"},
        note="False: no term knows the step. Euler's chain from π keeps N(0, 1/(1 − δ/2)), so that the divergence is "
        "about δ²/16 (IT10:step) at every T, and the right side tends to 0 with e^{−T}.",
        mutants=_FALSE,
    ),
    Claim(
        id="IT10:prior",
        sentence="(1/n)ΣKL(E_T(x_i)‖π) + T1 is KL(p̂_T‖π), T1 = −Î_T.",
        source=_REPAIR,
        quantifier=ForAll(over="data sets and horizons"),
        hypotheses=(_DATA, _MOMENT),
        relation=Identity(lhs={"prior": prior_hat}, rhs={"rate": rate_hat, "T1": -information_data}),
        note="T1 is the difference between the rate, which CZS has in T2 below a root, and the divergence that "
        "Girsanov's theorem asks for; it is −log n at T → 0.",
        mutants=(
            Mutant(
                name="plus",
                description="T1 with the other sign",
                regime="two different data",
                rhs={"rate": rate_hat, "T1": information_data},
            ),
            Mutant(
                name="apart",
                description="each datum's own kernel taken out of p̂_T",
                regime="two different data",
                rhs={"rate": rate_hat, "T1": -information_apart},
            ),
            Mutant(
                name="no-information", description="T1 is lost", regime="two different data", rhs={"rate": rate_hat}
            ),
        ),
    ),
    Claim(
        id="IT10:step",
        sentence="An Euler step δ alone costs a divergence ½(1/v − 1 + log v) >= δ²/16, v = 1/(1 − δ/2).",
        source=_REPAIR,
        quantifier=ForAll(over="steps"),
        hypotheses=(_SHORT,),
        relation=Inequality(
            lhs={"step": C * euler_step**2 / 16}, rhs={"divergence": (-euler_step / 2 - sp.log(1 - euler_step / 2)) / 2}
        ),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="the limit as δ → 0")},
        note="P = π = N(0, 1), exact score; x ← (1 − δ)x + √(2δ)ξ keeps the variance 1/(1 − δ/2).",
        mutants=(
            Mutant(
                name="constant-above",
                description="1.4 in place of 1",
                regime="δ small",
                constants={"C": sp.Rational(7, 5)},
            ),
            Mutant(
                name="linear", description="δ/16 in place of δ²/16", regime="δ < 1", lhs={"step": C * euler_step / 16}
            ),
            Mutant(
                name="eighth",
                description="δ²/8 in place of δ²/16",
                regime="δ small",
                lhs={"step": C * euler_step**2 / 8},
            ),
        ),
    ),
    Claim(
        id="IT10:floor",
        sentence="What a decoupled bound measures, E KL(P‖q(·|z)) over z ~ π, is a/(1 − a) + ½log(1 − a), a = e^{−2T}.",
        source=_REPAIR,
        quantifier=ForAll(over="horizons"),
        hypotheses=(_EXACT,),
        relation=Identity(
            lhs={"floor": conditional_divergence}, rhs={"mean": _KEPT / (1 - _KEPT), "volume": sp.log(1 - _KEPT) / 2}
        ),
        note="3.663, 0.3526, 0.00942 at T = 0.1, 0.5, 2, though KL(P‖Q) = 0 at every T: the trade-off in T is that of "
        "the decoupling, not of the model.",
        mutants=(
            Mutant(
                name="no-volume",
                description="the logarithm is lost",
                regime="everywhere",
                rhs={"mean": _KEPT / (1 - _KEPT)},
            ),
            Mutant(
                name="half-mean",
                description="½a/(1 − a)",
                regime="everywhere",
                rhs={"mean": _KEPT / (1 - _KEPT) / 2, "volume": sp.log(1 - _KEPT) / 2},
            ),
            Mutant(
                name="clock",
                description="e^{−T} in place of e^{−2T}",
                regime="everywhere",
                rhs={"mean": sp.exp(-T) / (1 - sp.exp(-T)), "volume": sp.log(1 - sp.exp(-T)) / 2},
            ),
        ),
    ),
    Claim(
        id="IT10:proxy",
        sentence="The sub-Gaussian constant from below of that step's log-loss is R₋(T) = (1 + a)/(√2(1 − a)).",
        source=_REPAIR,
        quantifier=ForAll(over="horizons"),
        hypotheses=(_EXACT,),
        relation=Identity(lhs={"proxy": proxy_end}, rhs={"constant": (1 + _KEPT) / (sp.sqrt(2) * (1 - _KEPT))}),
        note="√Var of (x₀ − e^{−T}x_T)²/(2(1 − a)), a positive quadratic of a normal vector (IT1:quadratic). Bounded "
        "in T only away from 0: at T = ∞ it is 1/√2.",
        mutants=(
            Mutant(
                name="infinite-time",
                description="1/√2, its value at T = ∞",
                regime="T finite",
                rhs={"constant": 1 / sp.sqrt(2)},
            ),
            Mutant(
                name="two",
                description="√2 in place of 1/√2",
                regime="everywhere",
                rhs={"constant": sp.sqrt(2) * (1 + _KEPT) / (1 - _KEPT)},
            ),
            Mutant(
                name="std",
                description="√(1 − a) in place of 1 − a",
                regime="everywhere",
                rhs={"constant": (1 + _KEPT) / sp.sqrt(2 * (1 - _KEPT))},
            ),
        ),
    ),
)

FAMILY = Family(key="IT10", subject="a diffusion model's bound as printed (CZS, Theorem 6.2)", claims=CLAIMS)
