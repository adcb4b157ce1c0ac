"""IT13, the choice of the diffusion time: by the printed bound, in truth, and by the repaired bound."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Identity, Inequality, Mutant, Source
from theory.symbols import (
    C,
    T,
    best_clock,
    clock,
    kl_horizon,
    kl_location,
    kl_other_horizon,
    lambert_lower,
    lambert_upper,
    mean_initial,
    mean_root_rate,
    mean_size,
    n,
    second_moment,
)

_PRINTED = Source(paper="scoregap", place="the time that is best for CZS, Theorem 6.2 [r]")
_TRUTH = Source(paper="scoregap", place="the time that is best in truth, beside CZS, Theorem 6.2")
_LOCATION = Hypothesis(
    name="location",
    statement="Ornstein–Uhlenbeck, P = N(m₀, 1), x̄ the mean of n i.i.d. data, s = −x + e^{−t}x̄, and π = N(0, 1)",
)
_LARGE = Hypothesis(name="long", statement="B >= 1", lesser=sp.S.One, greater=clock)
_SOLUTION = Hypothesis(name="solution", statement="B* >= 1", lesser=sp.S.One, greater=best_clock)
_KEPT = sp.exp(-2 * T)
_BEST = 1 / (1 + n * mean_initial**2)
_LEAST = mean_initial**2 * _BEST / 2


def _divergence(kept: sp.Expr) -> dict[str, sp.Expr]:
    """E KL(P‖Q) as a function of a = e^{−2T}."""
    return {"start": mean_initial**2 * kept**2 / 2, "sampling": (1 - kept) ** 2 / (2 * n)}


def _bound(kept: sp.Expr) -> dict[str, sp.Expr]:
    """KL(p_T‖π) + E L_ESM as a function of a."""
    return {"prior": mean_initial**2 * kept / 2, "loss": (1 - kept) / (2 * n)}


def _law(at: sp.Expr, name: str = "") -> dict[str, sp.Expr]:
    """A e^{−B/2} + L√(B/n) at a clock, L written by the clock at which it is least."""
    slope = mean_size * sp.sqrt(best_clock) * sp.exp(-best_clock / 2)
    return {f"rate{name}": mean_size * sp.exp(-at / 2), f"sampler{name}": slope * sp.sqrt(at)}


CLAIMS = (
    Claim(
        id="IT13:long-time",
        sentence="The mean of √KL(E_T(x_i)‖π) is at least e^{−T}A/√2, A the mean norm of the data.",
        source=_PRINTED,
        quantifier=ForAll(over="points and horizons of Ornstein–Uhlenbeck"),
        hypotheses=(Hypothesis(name="points", statement="the data are finitely many points, T > 0"),),
        relation=Inequality(lhs={"size": C * mean_size * sp.exp(-T) / sp.sqrt(2)}, rhs={"mean root": mean_root_rate}),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="the limit for T large")},
        note="KL(E_T(x)‖π) >= ½a‖x‖², a = e^{−2T}, and the ratio tends to 1: this is the law's first term, and it is "
        "the mean norm that it asks for, not the root of the mean square.",
        mutants=(
            Mutant(
                name="rms",
                description="A the root of the mean square",
                regime="norms that differ, T large",
                lhs={"size": sp.sqrt(second_moment) * sp.exp(-T) / sp.sqrt(2)},
            ),
            Mutant(name="no-half", description="without 1/√2", regime="T large", lhs={"size": mean_size * sp.exp(-T)}),
            Mutant(
                name="constant-above",
                description="1.1 in place of 1",
                regime="T large",
                constants={"C": sp.Rational(11, 10)},
            ),
        ),
    ),
    Claim(
        id="IT13:lambert",
        sentence="Of all clocks B >= 1 the law A e^{−B/2} + L√(B/n) is least at B* with B* e^{−B*} = L²/(nA²).",
        source=_PRINTED,
        quantifier=ForAll(over="clocks B, B* >= 1 and mean norms A, with L = A√(nB*)e^{−B*/2}"),
        hypotheses=(_LARGE, _SOLUTION),
        relation=Inequality(lhs=_law(best_clock, " at B*"), rhs=_law(clock)),
        note="The law is T2 + T3 of CZS over R for a long time, where KL(E_T(x)‖π) is about ½a‖x‖² and T3 = RL√(B/n): "
        "R cancels. B* = −W₋₁(−L²/(nA²)) (IT13:branch); there is none once L² > nA²/e. So the time is set by L, which "
        "the theorem assumes, and by the mean norm of the data.",
        mutants=(
            Mutant(
                name="other-branch",
                description="W₀ in place of W₋₁: the clock at which the law is largest",
                regime="B* > 1",
                lhs=_law(lambert_upper, " at B*"),
            ),
            Mutant(
                name="time",
                description="B* read as the time of Ornstein–Uhlenbeck: the clock 2B*",
                regime="everywhere",
                lhs=_law(2 * best_clock, " at B*"),
            ),
            Mutant(
                name="sampler-lost",
                description="the law at B without its second term",
                regime="B large",
                rhs={"rate": _law(clock)["rate"]},
            ),
        ),
    ),
    Claim(
        id="IT13:branch",
        sentence="The solution B* >= 1 of B e^{−B} = κ is −W₋₁(−κ).",
        source=_PRINTED,
        quantifier=ForAll(over="B* >= 1"),
        hypotheses=(_SOLUTION,),
        relation=Identity(lhs={"solution": best_clock}, rhs={"Lambert": lambert_lower}),
        note="κ = L²/(nA²) <= 1/e. W₀ gives the other solution, in (0, 1].",
        mutants=(
            Mutant(
                name="other-branch", description="W₀ in place of W₋₁", regime="B* > 1", rhs={"Lambert": lambert_upper}
            ),
            Mutant(
                name="half", description="half of it: T for B", regime="everywhere", rhs={"Lambert": lambert_lower / 2}
            ),
            Mutant(
                name="logarithm",
                description="log(1/κ), the first term of −W₋₁",
                regime="B* > 1",
                rhs={"logarithm": best_clock - sp.log(best_clock)},
            ),
        ),
    ),
    Claim(
        id="IT13:location",
        sentence="For a Gaussian location E KL(P‖Q) is ½[m₀²a² + (1 − a)²/n], a = e^{−2T}.",
        source=_TRUTH,
        quantifier=ForAll(over="means m₀, numbers of data and horizons T"),
        hypotheses=(_LOCATION,),
        relation=Identity(lhs={"divergence": kl_location}, rhs=_divergence(_KEPT)),
        note="The reverse SDE from N(0, 1) generates N((1 − a)x̄, 1).",
        mutants=(
            Mutant(
                name="single",
                description="a in place of a² at the start",
                regime="m₀ ≠ 0",
                rhs={**_divergence(_KEPT), "start": mean_initial**2 * _KEPT / 2},
            ),
            Mutant(
                name="whole",
                description="1/n in place of (1 − a)²/n",
                regime="T small",
                rhs={**_divergence(_KEPT), "sampling": 1 / (2 * n)},
            ),
            Mutant(
                name="first-power",
                description="1 − a in place of (1 − a)²",
                regime="everywhere",
                rhs={**_divergence(_KEPT), "sampling": (1 - _KEPT) / (2 * n)},
            ),
        ),
    ),
    Claim(
        id="IT13:best-time",
        sentence="The divergence of a Gaussian location is at least ½m₀²/(1 + nm₀²), and that at T* = ½log(1 + nm₀²).",
        source=_TRUTH,
        quantifier=ForAll(over="means m₀, numbers of data and horizons T"),
        relation=Inequality(lhs={"least": C * _LEAST}, rhs=_divergence(_KEPT)),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="attained at T* = ½log(1 + nm₀²)")},
        note="n = 50, m₀ = 1: T* = 1.96591 and 0.0098039, against 0.01 for T = ∞: the best time is interior, and gains "
        "two per cent.",
        mutants=(
            Mutant(
                name="constant-above",
                description="1.0001 in place of 1",
                regime="T = T*",
                constants={"C": sp.Rational(10001, 10000)},
            ),
            Mutant(
                name="infinite", description="1/(2n), the value at T = ∞", regime="T = T*", lhs={"least": C / (2 * n)}
            ),
            Mutant(
                name="twice",
                description="the least value of the bound in place of that of the divergence",
                regime="T = T*",
                lhs={"least": 2 * C * _LEAST},
            ),
        ),
    ),
    Claim(
        id="IT13:affine",
        sentence="There KL(p_T‖π) + E L_ESM is ½[am₀² + (1 − a)/n], and bounds the divergence.",
        source=_TRUTH,
        quantifier=ForAll(over="means m₀, numbers of data and horizons T"),
        relation=Inequality(lhs=_divergence(_KEPT), rhs=_bound(_KEPT)),
        note="The two sides differ by ½a(1 − a)(m₀² + 1/n).",
        mutants=(
            Mutant(
                name="no-prior",
                description="the prior term is lost",
                regime="T small",
                rhs={"loss": _bound(_KEPT)["loss"]},
            ),
            Mutant(
                name="no-loss", description="the loss is lost", regime="T large", rhs={"prior": _bound(_KEPT)["prior"]}
            ),
            Mutant(
                name="double-fall",
                description="e^{−4T} m₀² in the prior term, half of the loss",
                regime="T large",
                rhs={"prior": mean_initial**2 * _KEPT**2 / 2, "loss": _bound(_KEPT)["loss"] / 2},
            ),
        ),
    ),
    Claim(
        id="IT13:endpoints",
        sentence="That bound is at least ½min(m₀², 1/n): it is affine in e^{−2T}, and least at T = 0 or T = ∞.",
        source=_TRUTH,
        quantifier=ForAll(over="means m₀, numbers of data and horizons T"),
        relation=Inequality(lhs={"least": sp.Min(mean_initial**2, 1 / n, evaluate=False) / 2}, rhs=_bound(_KEPT)),
        note="So this bound never chooses the time that is best in truth; at that time it is twice the divergence "
        "(IT13:twice). For P = π and the exact score the divergence is 0 at every T: flat.",
        mutants=(
            Mutant(
                name="larger",
                description="the larger of the two",
                regime="m₀² ≠ 1/n",
                lhs={"least": sp.Max(mean_initial**2, 1 / n, evaluate=False) / 2},
            ),
            Mutant(
                name="no-half",
                description="without ½",
                regime="T large",
                lhs={"least": sp.Min(mean_initial**2, 1 / n, evaluate=False)},
            ),
            Mutant(
                name="sum",
                description="the sum of the two",
                regime="everywhere",
                lhs={"least": (mean_initial**2 + 1 / n) / 2},
            ),
        ),
    ),
    Claim(
        id="IT13:twice",
        sentence="At T* = ½log(1 + nm₀²) the bound is twice the divergence.",
        source=_TRUTH,
        quantifier=ForAll(over="means m₀ and numbers of data"),
        relation=Identity(lhs=_bound(_BEST), rhs={name: 2 * term for name, term in _divergence(_BEST).items()}),
        mutants=(
            Mutant(name="equal", description="equal to the divergence", regime="m₀ ≠ 0", rhs=_divergence(_BEST)),
            Mutant(
                name="later",
                description="at the time ½log(1 + 2nm₀²)",
                regime="m₀ ≠ 0",
                lhs=_bound(1 / (1 + 2 * n * mean_initial**2)),
            ),
            Mutant(name="infinite", description="at T = ∞", regime="nm₀² ≠ 1", lhs=_bound(sp.S.Zero)),
        ),
    ),
    Claim(
        id="IT13:data-terms",
        sentence="Where the two terms that the data give, KL(p̂_T‖π) + L̂_ESM, are smaller, so is the divergence.",
        source=_TRUTH,
        quantifier=ForAll(over="horizons T and T′ of IT12's memoriser (points ±1, n = 2, blur 0.4, ε = 0.05)"),
        relation=Inequality(lhs={"there": kl_other_horizon}, rhs={"here": C * kl_horizon}),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="no larger there")},
        note="False: the divergence is 0.4826, 0.4509, 0.7291, 1.6890 at T = 0.051, 0.1, 0.2, 2, with a least value "
        "between; the two terms fall for ever, 0.826, 0.632, 0.447, 0.163. What they miss is the generalization term.",
        mutants=(
            Mutant(
                name="twice", description="up to a factor 2", regime="T = 0.1, T′ = 2", constants={"C": sp.Integer(2)}
            ),
            Mutant(
                name="thrice", description="up to a factor 3", regime="T = 0.1, T′ = 2", constants={"C": sp.Integer(3)}
            ),
            Mutant(
                name="reversed",
                description="larger, the smaller the two terms",
                regime="T = 0.051, T′ = 0.1",
                lhs={"here": kl_horizon},
                rhs={"there": C * kl_other_horizon},
            ),
        ),
    ),
)

FAMILY = Family(key="IT13", subject="the choice of the diffusion time", claims=CLAIMS)
