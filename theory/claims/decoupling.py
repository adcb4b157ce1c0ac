"""The decoupling lemma of CZS: means under dependent and independent laws, by a divergence."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Inequality, Mutant, Source, UpToConstant
from theory.symbols import (
    C,
    K,
    chance,
    cumulant_above,
    cumulant_below,
    kl_laws,
    kl_reversed,
    lower_square,
    mean_difference,
    mean_drop,
    proxy,
    proxy_below,
    proxy_first,
    tilt,
    variance_second,
)

_PRINTED = Source(paper="CZS", place="the decoupling lemma before Theorem 4.1 (reconstructed from the reviews)")
_READING = Source(paper="scoregap", place="a reading of the decoupling lemma of CZS")
_SHARPER = Source(paper="scoregap", place="one-sided form of the decoupling lemma of CZS")
_ALL = ForAll(over="laws μ, ν and functions f")
_FINITE = Hypothesis(name="comparable", statement="KL(μ‖ν) is finite, and f is integrable under μ and ν")
_SECOND = Hypothesis(
    name="sub-gaussian", statement="f is R_ν-sub-Gaussian under ν: log E_ν e^{a(f−E_νf)} <= a²R_ν²/2 for every real a"
)
_FIRST = Hypothesis(
    name="sub-gaussian-first",
    statement="f is R_μ-sub-Gaussian under μ: log E_μ e^{a(f−E_μf)} <= a²R_μ²/2 for every real a",
)
_BELOW = Hypothesis(
    name="sub-gaussian-below",
    statement="f is R₋-sub-Gaussian from below under ν: log E_ν e^{−a(f−E_νf)} <= a²R₋²/2 for every a > 0",
)
_MOMENT = Hypothesis(name="moment", statement="E_ν e^{−ηf} is finite")


def root(square: sp.Expr, divergence: sp.Expr = kl_laws) -> dict[str, sp.Expr]:
    """√(2R²KL)."""
    return {"divergence": sp.sqrt(2 * square * divergence)}


_HALF = Mutant(name="lost-two", description="the 2 under the root is lost", regime="μ near ν", rhs=root(proxy**2 / 2))
_DROP = {"drop": mean_drop}

CLAIMS = (
    Claim(
        id="IT1:printed",
        sentence="The means of a function that is sub-Gaussian under ν differ by at most √(2R_ν² KL(μ‖ν)).",
        source=_PRINTED,
        quantifier=_ALL,
        hypotheses=(_FINITE, _SECOND),
        relation=Inequality(lhs={"difference": mean_difference}, rhs=root(proxy**2)),
        note="Donsker–Varadhan at the best η, on either side. It is the second argument of the divergence that carries "
        "the constant. For Bernoulli laws it is an equality in the limit μ → ν of a fair coin.",
        mutants=(
            Mutant(
                name="first-law", description="the constant under μ", regime="μ is one point", rhs=root(proxy_first**2)
            ),
            Mutant(
                name="reversed",
                description="KL(ν‖μ) in place of KL(μ‖ν)",
                regime="μ near one point, ν not",
                rhs=root(proxy**2, kl_reversed),
            ),
            _HALF,
        ),
    ),
    Claim(
        id="IT1:first-law",
        sentence="With the constant of f under μ, the first argument, the means differ by at most √(2R_μ² KL(μ‖ν)).",
        source=_READING,
        quantifier=_ALL,
        hypotheses=(_FINITE, _FIRST),
        relation=Inequality(lhs={"difference": mean_difference}, rhs=root(proxy_first**2)),
        note="μ = δ₀ or δ₁ and ν a fair coin: R_μ = 0, and the means differ by ½. Of a loss that is tame in training "
        "alone nothing follows for fresh draws.",
        mutants=(
            Mutant(
                name="lost-two",
                description="the 2 under the root is lost",
                regime="μ near ν",
                rhs=root(proxy_first**2 / 2),
            ),
            Mutant(name="one-sided", description="the drop of the mean alone", regime="μ nearly one point", lhs=_DROP),
            Mutant(
                name="doubled",
                description="4 in place of 2 under the root",
                regime="μ is one point",
                rhs=root(2 * proxy_first**2),
            ),
        ),
    ),
    Claim(
        id="IT1:one-sided",
        sentence="For every η > 0, E_ν f − E_μ f <= (ψ(−η) + KL(μ‖ν))/η with ψ(−η) = log E_ν e^{−η(f−E_νf)}.",
        source=_SHARPER,
        quantifier=ForAll(over="laws μ, ν, functions f and η > 0"),
        hypotheses=(_FINITE, _MOMENT),
        relation=Inequality(lhs=_DROP, rhs={"cumulant": cumulant_below / tilt, "divergence": kl_laws / tilt}),
        note="All that a generalization bound needs: the loss on fresh draws above that in training. Equality for "
        "μ = e^{−ηf}ν/E_ν e^{−ηf}.",
        mutants=(
            Mutant(
                name="other-side",
                description="ψ(η) in place of ψ(−η)",
                regime="skewed f",
                rhs={"cumulant": cumulant_above / tilt, "divergence": kl_laws / tilt},
            ),
            Mutant(
                name="reversed",
                description="KL(ν‖μ) in place of KL(μ‖ν)",
                regime="μ near one point, ν not",
                rhs={"cumulant": cumulant_below / tilt, "divergence": kl_reversed / tilt},
            ),
            Mutant(
                name="lost-cumulant",
                description="the cumulant is lost",
                regime="μ the tilted law",
                rhs={"divergence": kl_laws / tilt},
            ),
        ),
    ),
    Claim(
        id="IT1:below",
        sentence="If f is R₋-sub-Gaussian from below under ν, then E_ν f − E_μ f <= √(2R₋² KL(μ‖ν)).",
        source=_SHARPER,
        quantifier=_ALL,
        hypotheses=(_FINITE, _BELOW),
        relation=Inequality(lhs=_DROP, rhs=root(proxy_below**2)),
        mutants=(
            Mutant(
                name="lost-two",
                description="the 2 under the root is lost",
                regime="μ near ν",
                rhs=root(proxy_below**2 / 2),
            ),
            Mutant(
                name="reversed",
                description="KL(ν‖μ) in place of KL(μ‖ν)",
                regime="μ near one point, ν not",
                rhs=root(proxy_below**2, kl_reversed),
            ),
            Mutant(
                name="no-root",
                description="KL in place of its root",
                regime="μ near ν",
                rhs={"divergence": sp.sqrt(2) * proxy_below * kl_laws},
            ),
        ),
    ),
    Claim(
        id="IT1:lower",
        sentence="For f bounded below, E_ν f − E_μ f <= √(2 E_ν(f − inf f)² KL(μ‖ν)).",
        source=_SHARPER,
        quantifier=_ALL,
        hypotheses=(
            _FINITE,
            Hypothesis(name="bounded-below", statement="f is bounded below, and has a second moment under ν"),
        ),
        relation=Inequality(lhs=_DROP, rhs=root(lower_square)),
        note="No upper tail is asked for. It is attained as f − inf f becomes rare and μ → ν.",
        mutants=(
            Mutant(
                name="half-variance", description="R₋² = Var_ν f/2", regime="μ near ν", rhs=root(variance_second / 2)
            ),
            Mutant(
                name="half-square",
                description="R₋² = E_ν(f − inf f)²/2",
                regime="rare values, μ near ν",
                rhs=root(lower_square / 2),
            ),
            Mutant(
                name="variance",
                description="R₋² = Var_ν f: the mean in place of the infimum",
                regime="ν near its upper value, μ at the lower",
                rhs=root(variance_second),
            ),
        ),
    ),
    Claim(
        id="IT1:quadratic",
        sentence="For a positive semidefinite quadratic of a Gaussian vector, E_ν f − E_μ f <= √(2 Var_ν f KL(μ‖ν)).",
        source=_SHARPER,
        quantifier=_ALL,
        hypotheses=(
            _FINITE,
            Hypothesis(
                name="gaussian-quadratic",
                statement="f is a positive semidefinite quadratic of a vector that is Gaussian under ν",
            ),
        ),
        relation=Inequality(lhs=_DROP, rhs=root(variance_second)),
        note="Gaussian log-losses: their upper tail is not sub-Gaussian for any constant, E e^{ηf} = ∞ from some η on.",
        mutants=(
            Mutant(
                name="half-variance", description="R₋² = Var_ν f/2", regime="μ near ν", rhs=root(variance_second / 2)
            ),
            Mutant(
                name="reversed",
                description="KL(ν‖μ) in place of KL(μ‖ν)",
                regime="μ wider than ν",
                rhs=root(variance_second, kl_reversed),
            ),
            Mutant(
                name="other-side",
                description="the rise of the mean in place of its drop",
                regime="μ far out",
                lhs={"rise": -mean_drop},
            ),
        ),
    ),
    Claim(
        id="IT1:log-loss",
        sentence="A Gaussian log-loss is sub-Gaussian on both sides: log E e^{η(f−Ef)} <= Kη²Var f/2 for every η.",
        source=_READING,
        quantifier=UpToConstant(inner=ForAll(over="η > 0 with E e^{ηf} finite")),
        hypotheses=(Hypothesis(name="log-loss", statement="f = (x−wz−b)²/(2v) with x−wz−b ~ N(0, V) under ν"),),
        relation=Inequality(lhs={"cumulant": cumulant_above}, rhs={"proxy": K * tilt**2 * variance_second / 2}),
        constants={"K": Constant(symbol=K, value=sp.S.One, hidden=True, meaning="a multiple of the variance")},
        note="log E e^{η(f−Ef)} = −½log(1 − ηV/v) − ηV/(2v) up to η = v/V, where it becomes infinite: the hypothesis "
        "of the printed lemma holds for no Gaussian log-loss, and the one-sided forms take its place.",
        mutants=(
            Mutant(
                name="half",
                description="half of the variance",
                regime="η near v/V",
                rhs={"proxy": K * tilt**2 * variance_second / 4},
            ),
            Mutant(
                name="linear",
                description="η in place of η²",
                regime="η near v/V",
                rhs={"proxy": K * tilt * variance_second / 2},
            ),
            Mutant(
                name="fourth-power",
                description="η⁴ in place of η²",
                regime="η near v/V",
                rhs={"proxy": K * tilt**4 * variance_second / 2},
            ),
        ),
    ),
    Claim(
        id="IT1:bernoulli",
        sentence="For a Bernoulli f with p < ½, log E e^{η(f−p)} <= (η²/2)(1−2p)/(2 log((1−p)/p)).",
        source=Source(paper="scoregap", place="the best two-sided constant in the counterexamples to CZS"),
        quantifier=ForAll(over="p < ½ and η > 0"),
        hypotheses=(
            Hypothesis(name="bernoulli", statement="f = 1 with probability p under ν, and else f = 0"),
            Hypothesis(name="below-half", statement="p < ½", lesser=chance, greater=sp.Rational(1, 2), strict=True),
        ),
        relation=Inequality(
            lhs={"cumulant": cumulant_above},
            rhs={"proxy": C * tilt**2 * (1 - 2 * chance) / (4 * sp.log((1 - chance) / chance))},
        ),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="attained at η = 2 log((1−p)/p)")},
        note="So R² = (1−2p)/(2 log((1−p)/p)) is the smallest two-sided constant: ¼ at p = ½, about 1/(2 log(1/p)) for "
        "small p.",
        mutants=(
            Mutant(
                name="variance",
                description="the variance p(1−p) for R²",
                regime="p ≠ ½",
                rhs={"proxy": tilt**2 * chance * (1 - chance) / 2},
            ),
            Mutant(
                name="constant-below",
                description="0.9999 of it",
                regime="η = 2 log((1−p)/p)",
                constants={"C": sp.Rational(9999, 10000)},
            ),
            Mutant(
                name="half",
                description="half of it",
                regime="η = 2 log((1−p)/p)",
                rhs={"proxy": tilt**2 * (1 - 2 * chance) / (8 * sp.log((1 - chance) / chance))},
            ),
        ),
    ),
)

FAMILY = Family(key="IT1", subject="decoupling of dependent laws", claims=CLAIMS)
