"""Lemma 3 of LLZB: the population loss is a convex quadratic with Hessian 2(B⊗I) [23]–[24]."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, ForAll, Hypothesis, Identity, Mutant, Source
from theory.symbols import d, m, quadratic_form, second_variation

_LEMMA = Source(paper="LLZB", place="Lemma 3", equation="23–24")
_REPAIR = Source(paper="scoregap", place="repair of LLZB, Lemma 3", equation="24")
_ALL = ForAll(over="PSD matrices B, directions H, widths m and dimensions d")
_QUADRATIC = Hypothesis(
    name="random-features",
    statement="L̃ = tr(ΘBΘᵀ) − 2 tr(Θbᵀ) + c in Θ = A/√m, B = E[λhhᵀ]: only the output layer is trained",
)
_NOTE = "The Hessian's eigenvalues are those of B (times the printed factor), each d times: the loss is convex."


def _hessian(factor: object) -> dict[str, object]:
    return {"Hessian form": factor * quadratic_form}


CLAIMS = (
    Claim(
        id="L3:scaled",
        sentence="In the scaled coordinates Θ = A/√m the Hessian of the loss is 2(B⊗I).",
        source=_LEMMA,
        quantifier=_ALL,
        hypotheses=(_QUADRATIC,),
        setting={"coordinates": "scaled"},
        relation=Identity(lhs={"second variation": second_variation}, rhs=_hessian(2)),
        note=_NOTE,
        mutants=(
            Mutant(name="no-two", description="B⊗I in place of 2(B⊗I)", regime="everywhere", rhs=_hessian(1)),
            Mutant(
                name="A-coordinates",
                description="differentiated along A, not A/√m",
                regime="m >= 2",
                setting={"coordinates": "A"},
            ),
            Mutant(name="times-d", description="the d copies are added up", regime="d >= 2", rhs=_hessian(2 * d)),
        ),
    ),
    Claim(
        id="L3:A",
        sentence="In the coordinates A the Hessian of the loss is 2(B⊗I).",
        source=_LEMMA,
        quantifier=_ALL,
        hypotheses=(_QUADRATIC,),
        setting={"coordinates": "A"},
        relation=Identity(lhs={"second variation": second_variation}, rhs=_hessian(2)),
        note="As printed, with respect to vec(A). The chain rule through Θ = A/√m gives (2/m)(B⊗I).",
        mutants=(
            Mutant(name="no-two", description="B⊗I in place of 2(B⊗I)", regime="m = 1 or m >= 3", rhs=_hessian(1)),
            Mutant(
                name="times-m",
                description="2m(B⊗I): the chain rule the wrong way round",
                regime="m >= 2",
                rhs=_hessian(2 * m),
            ),
            Mutant(name="m-squared", description="(2/m²)(B⊗I)", regime="m >= 2", rhs=_hessian(2 / m**2)),
        ),
    ),
    Claim(
        id="L3:repaired-A",
        sentence="In the coordinates A the Hessian of the loss is (2/m)(B⊗I).",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(_QUADRATIC,),
        setting={"coordinates": "A"},
        relation=Identity(lhs={"second variation": second_variation}, rhs=_hessian(2 / m)),
        note=_NOTE,
        mutants=(
            Mutant(name="no-two", description="(1/m)(B⊗I)", regime="everywhere", rhs=_hessian(1 / m)),
            Mutant(
                name="scaled-coordinates",
                description="differentiated along A/√m",
                regime="m >= 2",
                setting={"coordinates": "scaled"},
            ),
            Mutant(name="root-m", description="(2/√m)(B⊗I)", regime="m >= 2", rhs=_hessian(2 / sp.sqrt(m))),
        ),
    ),
)

FAMILY = Family(key="L3", subject="Lemma 3: convexity of the loss", claims=CLAIMS)
