"""LLZB, figure 3, over seeds: the divergence along training with SGD."""

from __future__ import annotations

import sympy as sp

from theory.claims._figures import HALF, RUN, constant, exchanged, fall, rescaled, rise
from theory.family import Family
from theory.statement import Claim, Inequality, Mutant, Source
from theory.symbols import C, kl_least, kl_most

_NOISE = ({"least": C * kl_least}, {"most": kl_most})

CLAIMS = (
    fall(3, "sgd", "From the first epoch to the thousandth. The figure is right about the fall."),
    rise(
        3,
        "sgd",
        "False over seeds: from epoch 1001 to epoch 2001 as many runs fall as rise. A rise that one run "
        "shows is within the noise of that run, FIG-3:noise.",
    ),
    Claim(
        id="FIG-3:noise",
        sentence="Along one run of SGD the divergence varies by a factor 3/2 at least between checkpoints of the "
        "second half, in half of the runs.",
        source=Source(paper="scoregap", place="on LLZB, figure 3"),
        quantifier=HALF,
        hypotheses=(RUN,),
        relation=Inequality(lhs=_NOISE[0], rhs=_NOISE[1]),
        constants=constant(sp.Rational(3, 2), "largest over least, at checkpoints 100 epochs apart"),
        setting={"optimizer": "sgd", "distance": "6"},
        note="So any one run shows a minimum and a rise behind it, whatever the law of the runs does.",
        mutants=(
            exchanged(*_NOISE),
            rescaled("thirtyfold", "a factor 30", sp.S(30)),
            Mutant(
                name="five-nats", description="by 5 nats", regime="most runs", lhs={"least": kl_least, "nats": sp.S(5)}
            ),
        ),
    ),
)

FAMILY = Family(key="FIG-3", subject="figure 3: the divergence along training with SGD", claims=CLAIMS)
