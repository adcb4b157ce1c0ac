"""Generalization by mutual information: single data, all data, and the Gaussian mean, where everything is closed."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, ForAll, Hypothesis, Identity, Inequality, Mutant, Source
from theory.symbols import (
    data_information,
    learning_gap,
    mean_root_information,
    n,
    noise_level,
    proxy_below,
    single_information,
    tilt,
)

_PRINTED = Source(paper="CZS", place="the learning bound before Theorem 4.1 (after Xu and Raginsky; reconstructed)")
_SHARPER = Source(paper="scoregap", place="single data in the learning bound of CZS")
_GAUSSIAN = Source(paper="scoregap", place="the Gaussian mean, in the learning bound of CZS")
_ALL = ForAll(over="learning rules, losses and laws of the data")
_SIZES = ForAll(over="σ and n >= 2")
_RULE = Hypothesis(
    name="sub-gaussian",
    statement="f is R₋-sub-Gaussian from below under P_W ⊗ P_{X_i}; both laws integrate it, and I(W; X_i) is finite",
)
_DATA = Hypothesis(name="independent", statement="X₁, …, Xₙ are independent")
_MEAN = Hypothesis(name="gaussian-mean", statement="X_i ~ N(θ, σ²) i.i.d., W = x̄ and f(w, x) = (x−w)²")
_TWO = Hypothesis(name="two", statement="n >= 2", lesser=sp.Integer(2), greater=n)
_SQUARE = noise_level**2
_GAP = 2 * _SQUARE / n
_INFORMATION = sp.log(n / (n - 1)) / 2


def _excess(sign: int = 1) -> sp.Expr:
    """ψ = ησ²/n − ½log(1 + 2(η − 2σ²η²)σ²/n)."""
    return tilt * _SQUARE / n - sp.log(1 + 2 * (tilt - sign * 2 * _SQUARE * tilt**2) * _SQUARE / n) / 2


CLAIMS = (
    Claim(
        id="IT2:printed",
        sentence="The gap of a rule that learns W from n independent data is at most √(2R₋² I(W;S)/n).",
        source=_PRINTED,
        quantifier=_ALL,
        hypotheses=(_RULE, _DATA),
        relation=Inequality(lhs={"gap": learning_gap}, rhs={"all": sp.sqrt(2 * proxy_below**2 * data_information / n)}),
        note="IT2:single, Jensen, and Σ I(W;X_i) <= I(W;S). Infinite for the mean of continuous data, where IT2:single "
        "is finite.",
        mutants=(
            Mutant(
                name="faster",
                description="1/n in place of 1/√n",
                regime="the majority of nine",
                rhs={"all": sp.sqrt(2 * proxy_below**2 * data_information) / n},
            ),
            Mutant(
                name="lost-two",
                description="the 2 under the root is lost",
                regime="one datum, learned by heart",
                rhs={"all": sp.sqrt(proxy_below**2 * data_information / n)},
            ),
            Mutant(
                name="one-more",
                description="n + 1 for n",
                regime="one datum, learned by heart",
                rhs={"all": sp.sqrt(2 * proxy_below**2 * data_information / (n + 1))},
            ),
        ),
    ),
    Claim(
        id="IT2:single",
        sentence="The gap of a rule is at most (1/n)Σ√(2R₋² I(W;X_i)).",
        source=_SHARPER,
        quantifier=_ALL,
        hypotheses=(_RULE,),
        relation=Inequality(
            lhs={"gap": learning_gap}, rhs={"single": sp.sqrt(2) * proxy_below * mean_root_information}
        ),
        note="IT1:below for each datum; the majority of nine fair coins attains 99 % of it.",
        mutants=(
            Mutant(
                name="lost-two",
                description="the 2 under the root is lost",
                regime="the majority of nine",
                rhs={"single": proxy_below * mean_root_information},
            ),
            Mutant(
                name="five-per-cent",
                description="5 % less",
                regime="the majority of nine",
                rhs={"single": sp.Rational(19, 20) * sp.sqrt(2) * proxy_below * mean_root_information},
            ),
            Mutant(
                name="twice-averaged",
                description="1/n² in place of 1/n",
                regime="the majority of nine",
                rhs={"single": sp.sqrt(2) * proxy_below * mean_root_information / n},
            ),
        ),
    ),
    Claim(
        id="IT2:gaussian-gap",
        sentence="For the mean of n Gaussian data and squared errors the gap is 2σ²/n.",
        source=_GAUSSIAN,
        quantifier=_SIZES,
        hypotheses=(_MEAN,),
        relation=Identity(lhs={"gap": learning_gap}, rhs={"closed": _GAP}),
        mutants=(
            Mutant(name="half", description="σ²/n", regime="every n", rhs={"closed": _GAP / 2}),
            Mutant(name="unbiased", description="n−1 for n", regime="every n", rhs={"closed": 2 * _SQUARE / (n - 1)}),
            Mutant(name="std", description="σ in place of σ²", regime="σ ≠ 1", rhs={"closed": 2 * noise_level / n}),
        ),
    ),
    Claim(
        id="IT2:gaussian-information",
        sentence="There I(W;X_i) = ½log(n/(n−1)), while I(W;S) is infinite.",
        source=_GAUSSIAN,
        quantifier=_SIZES,
        hypotheses=(_MEAN, _TWO),
        relation=Identity(lhs={"information": single_information}, rhs={"closed": _INFORMATION}),
        mutants=(
            Mutant(
                name="one-less", description="n−1 for n", regime="n >= 3", rhs={"closed": sp.log((n - 1) / (n - 2)) / 2}
            ),
            Mutant(name="twice", description="log(n/(n−1))", regime="every n", rhs={"closed": 2 * _INFORMATION}),
            Mutant(
                name="first-order",
                description="1/(2n), the first term in 1/n",
                regime="every n",
                rhs={"closed": 1 / (2 * n)},
            ),
        ),
    ),
    Claim(
        id="IT2:gaussian-root",
        sentence="The bound by single data holds there with R₋² = 2σ⁴(1+1/n)²: 2σ²/n <= σ²(1+1/n)√(2 log(n/(n−1))).",
        source=_GAUSSIAN,
        quantifier=_SIZES,
        hypotheses=(_TWO,),
        relation=Inequality(lhs={"gap": _GAP}, rhs={"root": _SQUARE * (1 + 1 / n) * sp.sqrt(2 * sp.log(n / (n - 1)))}),
        note="Of the order σ²√(2/n), where the gap is of the order 1/n: the loss of the best w is as random as that of "
        "W, and a root pays for it.",
        mutants=(
            Mutant(
                name="faster",
                description="the root divided by √n",
                regime="n = 2",
                rhs={"root": _SQUARE * (1 + 1 / n) * sp.sqrt(sp.log(n / (n - 1)) / n)},
            ),
            Mutant(
                name="half",
                description="half of it",
                regime="n = 2",
                rhs={"root": _SQUARE * (1 + 1 / n) * sp.sqrt(sp.log(n / (n - 1)) / 2)},
            ),
            Mutant(
                name="std",
                description="σ in place of σ²",
                regime="σ large",
                rhs={"root": noise_level * (1 + 1 / n) * sp.sqrt(2 * sp.log(n / (n - 1)))},
            ),
        ),
    ),
    Claim(
        id="IT2:excess",
        sentence="Decoupling (x−W)² − (x−θ)² instead, 2σ²/n <= (ψ(η) + ½log(n/(n−1)))/η wherever ψ is finite.",
        source=_GAUSSIAN,
        quantifier=ForAll(over="σ, n >= 2 and η > 0 with ψ(η) finite"),
        hypotheses=(
            _TWO,
            Hypothesis(
                name="inside",
                statement="1 + 2(η − 2σ²η²)σ²/n > 0",
                lesser=sp.S.Zero,
                greater=1 + 2 * (tilt - 2 * _SQUARE * tilt**2) * _SQUARE / n,
                strict=True,
            ),
        ),
        relation=Inequality(lhs={"gap": _GAP}, rhs={"cumulant": _excess() / tilt, "information": _INFORMATION / tilt}),
        note="The excess over a comparator that does not depend on the data has the same gap, and "
        "ψ(η) = ησ²/n − ½log(1 + 2(η − 2σ²η²)σ²/n). Of the right order: at the best η 1.0265, 1.0025 and 1.00025 times "
        "the gap for n = 10, 100, 1000, and hardly more at η = 1/(2σ²).",
        mutants=(
            Mutant(
                name="own-comparator",
                description="the comparator x̄: no excess, and no cumulant",
                regime="η = 1/(2σ²)",
                rhs={"information": _INFORMATION / tilt},
            ),
            Mutant(
                name="sign",
                description="+2σ²η² in place of −2σ²η²",
                regime="η = 1/(2σ²)",
                rhs={"cumulant": _excess(-1) / tilt, "information": _INFORMATION / tilt},
            ),
            Mutant(
                name="half-information",
                description="half of the information",
                regime="η = 1/(2σ²)",
                rhs={"cumulant": _excess() / tilt, "information": _INFORMATION / (2 * tilt)},
            ),
        ),
    ),
)

FAMILY = Family(key="IT2", subject="learning bounds by mutual information", claims=CLAIMS)
