"""Laws and random variables, and the divergences and informations between them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sympy as sp

from theory import symbols as sym
from theory.vocabulary.statements import Fact, Statement
from theory.vocabulary.terms import Object, quantity, term

first, second = Object("μ"), Object("ν")  # laws
loss = Object("f")  # a real function
U, V, W = Object("U"), Object("V"), Object("W")  # random variables
reference = Object("ρ")  # a law of V's values

Joint, Apart = term("Joint"), term("Apart")  # of random variables: their joint law; the product of their laws
Beside = term("Beside")  # (U, ρ, W): P_U ⊗ ρ ⊗ P_W
Law = term("LawOf")  # of a random variable
Datum = term("Datum")  # (data, i): the i-th of them

Mean = quantity("MeanUnder", real=True)  # (law, f): E f
Cumulant = quantity("Cumulant", real=True)  # (law, f, a): log E e^{a(f − E f)}
SquareAbove = quantity("SquareAboveInfimum")  # (law, f): E(f − inf f)²
VarianceUnder = quantity("VarianceUnder")  # (law, f): Var f
Relative = quantity("RelativeEntropy")  # (μ, ν): KL(μ‖ν)
ChiSquare = quantity("ChiSquare")  # (μ, ν): χ²(μ‖ν)
Information = quantity("Information")  # (U, V): I(U; V)
Conditional = quantity("ConditionalDivergence")  # (V, U, ρ) or (V, U, W, ρ): E KL(P_{V|U}‖ρ), E KL(P_{V|U,W}‖ρ)
Average = quantity("Average", real=True)  # (n, function of an index): its mean over i = 1, …, n
Transport = quantity("Transport")  # (μ, ν): the Wasserstein distance W₁
Transport2 = quantity("Transport2")  # (μ, ν): the Wasserstein distance W₂

# What the symbols and the hypotheses of the claims mean ------------------------------------------------------------

_DROP = Mean(second, loss) - Mean(first, loss)
MEANINGS: Mapping[sp.Symbol, sp.Expr] = MappingProxyType(
    {
        sym.mean_drop: _DROP,
        sym.mean_difference: sp.Abs(_DROP),
        sym.kl_laws: Relative(first, second),
        sym.cumulant_below: Cumulant(second, loss, -sym.tilt),
        sym.cumulant_above: Cumulant(second, loss, sym.tilt),
        sym.lower_square: SquareAbove(second, loss),
        sym.variance_second: VarianceUnder(second, loss),
    }
)
PARAMETERS = frozenset({sym.proxy, sym.proxy_below, sym.tilt, sym.chance})


def _fact(name: str, *args: sp.Basic) -> tuple[Statement, ...]:
    return (Fact(name, args),)


FACTS: Mapping[str, tuple[Statement, ...]] = MappingProxyType(
    {
        "KL(μ‖ν) is finite, and f is integrable under μ and ν": _fact("comparable", first, second, loss),
        "f is R_ν-sub-Gaussian under ν: log E_ν e^{a(f−E_νf)} <= a²R_ν²/2 for every real a": _fact(
            "sub_gaussian", second, loss, sym.proxy
        ),
        "f is R₋-sub-Gaussian from below under ν: log E_ν e^{−a(f−E_νf)} <= a²R₋²/2 for every a > 0": _fact(
            "sub_gaussian_below", second, loss, sym.proxy_below
        ),
        "E_ν e^{−ηf} is finite": _fact("exponential_moment", second, loss, -sym.tilt),
        "f is bounded below, and has a second moment under ν": _fact("bounded_below", second, loss),
        "f is a positive semidefinite quadratic of a vector that is Gaussian under ν": _fact(
            "gaussian_quadratic", second, loss
        ),
        "f = 1 with probability p under ν, and else f = 0": _fact("bernoulli", second, loss, sym.chance),
    }
)
