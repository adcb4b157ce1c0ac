"""Laws and random variables, and the divergences and informations between them."""

from __future__ import annotations

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
