"""Lemma 4 of LLZB: the loss along gradient flow decays like 1/τ, in both parametrizations."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.flow import LOSS_CONSTANT, MINIMISER_CONSTANT
from theory.statement import Claim, Constant, ForAll, Hypothesis, Inequality, Mutant, Source, UpToConstant
from theory.symbols import (
    C,
    K,
    distance_initial,
    distance_minimiser,
    loss_comparator,
    loss_minimum,
    loss_tau,
    m,
    norm_comparator,
    norm_initial,
    tau,
)

_LEMMA = Source(paper="LLZB", place="Lemma 4")
_REPAIR = Source(paper="scoregap", place="sharpening of LLZB, Lemma 4")
_ALL = ForAll(over="PSD matrices B, initialisations, comparators and training times τ > 0")
QUADRATIC = Hypothesis(
    name="quadratic",
    statement="L̃ = tr(ΘBΘᵀ) − 2 tr(Θbᵀ) + c with B PSD and b in the range of B (so for every random-feature loss)",
)
_EXCESS = {"loss": loss_tau, "minus comparator": -loss_comparator}
_TO_MINIMUM = {"loss": loss_tau, "minus minimum": -loss_minimum}
_SUM = K * (norm_initial**2 + norm_comparator**2)
_HIDDEN = {"K": Constant(symbol=K, value=sp.Rational(1, 2), hidden=True, meaning="the constant that ≲ hides")}
_SHARP = {"C": Constant(symbol=C, value=LOSS_CONSTANT, meaning="the smallest constant among all quadratics")}

CLAIMS = (
    Claim(
        id="L4:printed-scaled",
        sentence="On the scaled flow the excess loss is at most a multiple of (‖s_θ₀‖² + ‖s_θ‖²)/τ.",
        source=_LEMMA,
        quantifier=UpToConstant(inner=_ALL),
        hypotheses=(QUADRATIC,),
        setting={"flow": "scaled"},
        relation=Inequality(lhs=_EXCESS, rhs={"bound": _SUM / tau}),
        constants=_HIDDEN,
        note="True with K = 1/2, which is the smallest constant (comparator Θ = −Θ₀, τ → 0).",
        mutants=(
            Mutant(
                name="A-flow", description="the flow of A in place of A/√m", regime="m large", setting={"flow": "A"}
            ),
            Mutant(
                name="faster-rate",
                description="1/τ² in place of 1/τ",
                regime="τ large or small",
                rhs={"bound": _SUM / tau**2},
            ),
            Mutant(
                name="no-comparator",
                description="the comparator's norm is lost",
                regime="Θ₀ = 0, minimiser far away",
                rhs={"bound": K * norm_initial**2 / tau},
            ),
            Mutant(
                name="width-gained",
                description="a spurious factor 1/m",
                regime="m large",
                rhs={"bound": _SUM / (m * tau)},
            ),
        ),
    ),
    Claim(
        id="L4:printed-A",
        sentence="On the flow of A the excess loss is at most a multiple of (‖s_θ₀‖² + ‖s_θ‖²)/τ.",
        source=_LEMMA,
        quantifier=UpToConstant(inner=_ALL),
        hypotheses=(QUADRATIC,),
        setting={"flow": "A"},
        relation=Inequality(lhs=_EXCESS, rhs={"bound": _SUM / tau}),
        constants=_HIDDEN,
        note="Off by a factor m: the smallest constant is m/2, so none free of m exists.",
        mutants=(
            Mutant(
                name="faster-rate",
                description="1/τ² in place of 1/τ",
                regime="τ large or small",
                rhs={"bound": _SUM / tau**2},
            ),
            Mutant(
                name="no-comparator",
                description="the comparator's norm is lost",
                regime="Θ₀ = 0, minimiser far away",
                rhs={"bound": K * norm_initial**2 / tau},
            ),
            Mutant(
                name="root-m", description="√m in place of m", regime="m large", rhs={"bound": sp.sqrt(m) * _SUM / tau}
            ),
        ),
    ),
    Claim(
        id="L4:sharp",
        sentence="On the scaled flow the excess loss over any comparator is at most ‖Θ₀−Θ‖²/(4τ), and 1/4 is sharp.",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting={"flow": "scaled"},
        relation=Inequality(lhs=_EXCESS, rhs={"bound": C * distance_initial**2 / tau}),
        constants=_SHARP,
        note="Needs only e^u >= 1 + u per eigenvalue, u = 4κτ; the Lyapunov argument alone gives 1/2.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 0.2499 in place of 1/4",
                regime="4κτ < 8e-4",
                constants={"C": sp.Rational(2499, 10000)},
            ),
            Mutant(name="A-flow", description="the flow of A in place of A/√m", regime="m >= 2", setting={"flow": "A"}),
            Mutant(
                name="lost-square",
                description="‖Θ₀−Θ‖ in place of its square",
                regime="distance > 1",
                rhs={"bound": C * distance_initial / tau},
            ),
            Mutant(
                name="faster-rate",
                description="1/τ² in place of 1/τ",
                regime="τ > 1, flat spectrum",
                rhs={"bound": C * distance_initial**2 / tau**2},
            ),
        ),
    ),
    Claim(
        id="L4:sharp-minimiser",
        sentence="On the scaled flow the loss exceeds its minimum by at most ‖Θ₀−Θ*‖²/(4eτ), and 1/(4e) is attained.",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting={"flow": "scaled"},
        relation=Inequality(lhs=_TO_MINIMUM, rhs={"bound": C * distance_minimiser**2 / tau}),
        constants={"C": Constant(symbol=C, value=MINIMISER_CONSTANT, meaning="attained at κτ = 1/4")},
        note="Needs only u e^{1−u} <= 1 per eigenvalue; equality at 4κτ = 1.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 0.0919 in place of 1/(4e) = 0.09196…",
                regime="4κτ near 1",
                constants={"C": sp.Rational(919, 10000)},
            ),
            Mutant(name="A-flow", description="the flow of A in place of A/√m", regime="m >= 2", setting={"flow": "A"}),
            Mutant(
                name="exponential",
                description="‖Θ₀−Θ*‖²e^{−τ}/(4e): an exponential rate",
                regime="small κ",
                rhs={"bound": C * distance_minimiser**2 * sp.exp(-tau)},
            ),
        ),
    ),
    Claim(
        id="L4:repaired-A",
        sentence="On the flow of A the excess loss over any comparator is at most m‖s_θ₀−s_θ‖²/(4τ).",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(QUADRATIC,),
        setting={"flow": "A"},
        relation=Inequality(lhs=_EXCESS, rhs={"bound": m * C * distance_initial**2 / tau}),
        constants=_SHARP,
        note="The flow of A is the scaled flow in the time τ/m.",
        mutants=(
            Mutant(
                name="no-width",
                description="the factor m is lost",
                regime="m >= 2",
                rhs={"bound": C * distance_initial**2 / tau},
            ),
            Mutant(
                name="root-m",
                description="√m in place of m",
                regime="m >= 2",
                rhs={"bound": sp.sqrt(m) * C * distance_initial**2 / tau},
            ),
            Mutant(
                name="constant-below",
                description="C = 0.2499 in place of 1/4",
                regime="4κτ/m < 8e-4",
                constants={"C": sp.Rational(2499, 10000)},
            ),
        ),
    ),
)

FAMILY = Family(key="L4", subject="Lemma 4: decay of the loss in training", claims=CLAIMS)
