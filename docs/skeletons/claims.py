"""Lemma 9: what is left of a mode of the loss after training until τ. (A skeleton: theory/claims/lemma_9.py.)

Say here what the letters mean that the sentences use, and in which coordinates.
"""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Inequality, Mutant, Source
from theory.symbols import C, tau

_PRINTED = Source(paper="scoregap", place="skeleton", equation="9")  # a key of theory.statement.PAPERS: "LLZB", …
_REPAIR = Source(paper="scoregap", place="repair of the skeleton")
_ALL = ForAll(over="training times τ > 0")
_EARLY = Hypothesis(name="early", statement="τ <= 1", lesser=tau, greater=sp.S.One)  # evaluated on every instance
_UNIT = Hypothesis(name="unit-mode", statement="the mode has eigenvalue 1/2 and starts at 1")  # assumed, by name

# a side is a dict of named terms: SymPy would merge terms of one shape
_LEARNED = {"start": sp.S.One, "left over": -sp.exp(-tau)}

CLAIMS = (
    Claim(
        id="L9:printed",
        sentence="Training until τ <= 1 learns at most the part τ/2 of a mode.",
        source=_PRINTED,
        quantifier=_ALL,
        hypotheses=(_UNIT, _EARLY),
        relation=Inequality(lhs=_LEARNED, rhs={"time": tau / 2}),
        note="False: 1 − e^{−τ} is about τ for small τ. Say why a printed form is false, and by how much.",
        mutants=(
            Mutant(name="third", description="τ/3", regime="τ small", rhs={"time": tau / 3}),
            Mutant(name="root", description="τ²/2: the square", regime="τ < 1", rhs={"time": tau**2 / 2}),
            Mutant(name="start-lost", description="all of it", regime="τ < 1", lhs={"start": sp.S.One}),
        ),
    ),
    Claim(
        id="L9:repaired",
        sentence="Training until τ learns at most the part τ of a mode.",
        source=_REPAIR,
        quantifier=_ALL,
        relation=Inequality(lhs=_LEARNED, rhs={"time": C * tau}),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="attained as τ → 0")},
        note="Convexity of the exponential. Say how sharp a constant is, and where.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 0.999 in place of 1",
                regime="τ small",
                constants={"C": sp.Rational(999, 1000)},
            ),
            Mutant(name="square", description="τ² in place of τ", regime="τ < 1", rhs={"time": tau**2}),
            Mutant(name="start-lost", description="all of it", regime="τ < 1", lhs={"start": sp.S.One}),
        ),
    ),
)

FAMILY = Family(key="L9", subject="Lemma 9: a skeleton", claims=CLAIMS)
