"""LLZB, figures 6 and 7, over seeds: pairs of clusters of images."""

from __future__ import annotations

import sympy as sp

from theory.claims._figures import QUARTER, constant, exchanged, reading, rescaled
from theory.family import Family
from theory.statement import Claim, Hypothesis, Inequality, Mutant, WithProbability
from theory.symbols import C, bits_far, bits_near

_IMAGES = ({"nearest": C * bits_near}, {"farthest": bits_far})

CLAIMS = (
    Claim(
        id="FIG-6/7:farthest",
        sentence="Early in training the model of the farthest pair of clusters has more held-out bits/dim than that of "
        "the nearest pair, in half of the runs.",
        source=reading("6 and 7"),
        quantifier=WithProbability(at_least=sp.Rational(1, 2), over="the split, the dequantisation and the training"),
        hypotheses=(
            Hypothesis(
                name="images",
                statement="scikit-learn's 8×8 digits, 10 k-means clusters, the same number of "
                "images of each cluster, half of them held out",
            ),
            Hypothesis(
                name="network",
                statement="one layer of 64 Swish units, 40 epochs of Adam with rate 1/100, VE "
                "with base 5, bits/dim by the exact probability-flow likelihood",
            ),
        ),
        relation=Inequality(lhs=_IMAGES[0], rhs=_IMAGES[1]),
        constants=constant(sp.S.One, "it does not matter by how much"),
        setting={"images": "digits"},
        note="Early only: by 1000 epochs neither pair is worse. Most of the difference is the clusters' own, "
        "for a Gaussian fitted to each pair has it too.",
        mutants=(
            exchanged(*_IMAGES),
            rescaled("tenth-more", "more by a tenth", sp.Rational(11, 10)),
            Mutant(
                name="quarter-bit",
                description="more by a quarter of a bit",
                regime="most runs",
                lhs={"nearest": bits_near, "bits": QUARTER},
            ),
        ),
    ),
)

FAMILY = Family(key="FIG-6/7", subject="figures 6 and 7: pairs of clusters of images", claims=CLAIMS)
