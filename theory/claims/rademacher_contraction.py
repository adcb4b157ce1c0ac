"""The Rademacher chain inside Theorem 1 of LLZB: contraction by Lipschitz maps."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Inequality, Mutant, Source
from theory.symbols import C, lipschitz, rademacher, rademacher_abs, rademacher_abs_image, rademacher_image

CHAIN = Source(paper="LLZB", place="proof of Theorem 1, Rademacher chain")
REPAIR = Source(paper="scoregap", place="sharpening of LLZB, proof of Theorem 1")
CLASSES = ForAll(over="classes of functions, maps and samples")
_LIPSCHITZ = Hypothesis(name="lipschitz", statement="every map φ_j is Lipschitz with the constant Lip(φ)")
_FIXED_ZERO = Hypothesis(name="zero-fixed", statement="φ_j(0) = 0 for every j")

CLAIMS = (
    Claim(
        id="R1:contraction",
        sentence="A Lipschitz map multiplies the complexity without |·| by at most its Lipschitz constant.",
        source=CHAIN,
        quantifier=CLASSES,
        hypotheses=(_LIPSCHITZ,),
        relation=Inequality(lhs={"image": rademacher_image}, rhs={"bound": lipschitz * rademacher}),
        note="Talagrand's contraction, one coordinate at a time; φ(0) = 0 is not needed; equality for φ(x) = Lip·x.",
        mutants=(
            Mutant(
                name="below",
                description="0.99 of the bound",
                regime="φ(x) = Lip·x",
                rhs={"bound": sp.Rational(99, 100) * lipschitz * rademacher},
            ),
            Mutant(
                name="root",
                description="√Lip in place of Lip",
                regime="Lip > 1",
                rhs={"bound": sp.sqrt(lipschitz) * rademacher},
            ),
            Mutant(
                name="abs-image",
                description="|·| on the left only",
                regime="a single function f ≠ 0",
                lhs={"image": rademacher_abs_image},
            ),
        ),
    ),
    Claim(
        id="R1:contraction-abs",
        sentence="With |·| a Lipschitz map that fixes 0 multiplies the complexity by at most 2 Lip, and 2 is attained.",
        source=CHAIN,
        quantifier=CLASSES,
        hypotheses=(_LIPSCHITZ, _FIXED_ZERO),
        relation=Inequality(lhs={"image": rademacher_abs_image}, rhs={"bound": C * lipschitz * rademacher_abs}),
        constants={"C": Constant(symbol=C, value=sp.S(2), meaning="attained for two functions on two points")},
        note="2 is attained by F = {(1,1), (−1,−1)} with φ₁(x) = |x| and φ₂(x) = x. With one map for all points the "
        "worst ratio on tables with entries in {−1, 0, 1}, three functions on three points, is 4/3 for |x| and 7/6 for "
        "ReLU.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 1.999 in place of 2",
                regime="F = {(1,1), (−1,−1)}",
                constants={"C": sp.Rational(1999, 1000)},
            ),
            Mutant(
                name="root",
                description="√Lip in place of Lip",
                regime="Lip > 1",
                rhs={"bound": C * sp.sqrt(lipschitz) * rademacher_abs},
            ),
            Mutant(
                name="no-abs",
                description="the complexity without |·| on the right",
                regime="a single function",
                rhs={"bound": C * lipschitz * rademacher},
            ),
        ),
    ),
    Claim(
        id="R1:abs-factor-one",
        sentence="With |·| a Lipschitz map that fixes 0 multiplies the complexity by at most Lip.",
        source=CHAIN,
        quantifier=CLASSES,
        hypotheses=(_LIPSCHITZ, _FIXED_ZERO),
        relation=Inequality(lhs={"image": rademacher_abs_image}, rhs={"bound": lipschitz * rademacher_abs}),
        note="False by a factor up to 2: F = {(1,1), (−1,−1)}, φ₁(x) = |x|, φ₂(x) = x has complexity 1/2 before "
        "the maps, 1 after them.",
        mutants=(
            Mutant(
                name="three-halves",
                description="1.5 Lip",
                regime="F = {(1,1), (−1,−1)}",
                rhs={"bound": sp.Rational(3, 2) * lipschitz * rademacher_abs},
            ),
            Mutant(
                name="no-abs",
                description="the complexity without |·| on the right",
                regime="a single function",
                rhs={"bound": lipschitz * rademacher},
            ),
            Mutant(
                name="root",
                description="2√Lip",
                regime="Lip > 1",
                rhs={"bound": sp.Rational(2) * sp.sqrt(lipschitz) * rademacher_abs},
            ),
        ),
    ),
)

FAMILY = Family(key="R1", subject="Rademacher chain: contraction", claims=CLAIMS)
