"""LLZB, figure 11, over seeds: the divergence against the width."""

from __future__ import annotations

import sympy as sp

from theory.claims._figures import HALF, RUN, constant, elsewhere, exchanged, reading, rescaled
from theory.family import Family
from theory.statement import Claim, Inequality, Mutant, Source
from theory.symbols import C, kl_narrow, kl_wide

_WIDTH = ({"wide": kl_wide}, {"narrow": C * kl_narrow})
_SCALE = ({"narrow": C * kl_narrow}, {"wide": kl_wide})

CLAIMS = (
    Claim(
        id="FIG-11:width",
        sentence="With Adam, a network 16 times as wide has a smaller divergence at the same epoch, in half of the "
        "runs.",
        source=reading(11),
        quantifier=HALF,
        hypotheses=(RUN,),
        relation=Inequality(lhs=_WIDTH[0], rhs=_WIDTH[1]),
        constants=constant(sp.S.One, "it does not matter by how much"),
        setting={"optimizer": "adam", "distance": "6"},
        note="The output is divided by 16 whatever the width.",
        mutants=(
            exchanged(*_WIDTH),
            rescaled("hundredth", "a hundredth", sp.Rational(1, 100)),
            Mutant(
                name="two-nats",
                description="smaller by 2 nats",
                regime="most runs",
                lhs={"wide": kl_wide, "nats": sp.S(2)},
            ),
        ),
    ),
    Claim(
        id="FIG-11:scale",
        sentence="With SGD and the output divided by 16 whatever the width, a wide network diverges, a narrow one does "
        "not: half of the wide runs end at ten times the divergence at least.",
        source=Source(paper="scoregap", place="on LLZB, figure 11"),
        quantifier=HALF,
        hypotheses=(RUN,),
        relation=Inequality(lhs=_SCALE[0], rhs=_SCALE[1]),
        constants=constant(sp.S(10), "how many times as large"),
        setting={"optimizer": "sgd", "distance": "6"},
        note="At rate 1/2 and 512 units. So figure 11 needs Adam, or an output divided by the width.",
        mutants=(
            exchanged(*_SCALE),
            elsewhere("adam", "Adam in place of SGD", optimizer="adam"),
            Mutant(
                name="wide-first",
                description="ten times the wide one is below the narrow one",
                regime="every run",
                lhs={"wide": 10 * kl_wide},
                rhs={"narrow": kl_narrow},
            ),
        ),
    ),
)

FAMILY = Family(key="FIG-11", subject="figure 11: the divergence against the width", claims=CLAIMS)
