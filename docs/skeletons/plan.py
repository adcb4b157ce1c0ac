"""Plans for Lemma 9: a search in balls; the proof is run without being named. (A skeleton: verify/plans/lemma_9.py.)"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp
from flint import arb

from theory.symbols import tau
from verify.evidence.confrontation import Experiment, relation_sides
from verify.evidence.domain import Domain, Instance, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.verdict import Verdict


def _values(instance: Instance) -> Mapping[sp.Symbol, arb]:
    """What an instance gives for each symbol of the claim: here a number, elsewhere what a model measures."""
    return {tau: arb(instance["tau"])}


_TIMES = Experiment(
    name="times",
    sides=lambda claim: relation_sides(claim, _values),
    measures="both sides at a training time, in balls",
    # within the hypotheses of every claim that it serves; those that are checked are also evaluated
    domain=Domain(fields={"tau": Real(low=1e-6, high=1, log=True)}),
    extremal=({"tau": 1e-6}, {"tau": 1.0}),  # where the claims are tight, and where their mutants fail
)


PLANS = (
    Plan(claim="L9:printed", expected=Verdict.REFUTED, methods=(Search(experiment=_TIMES),)),
    Plan(
        claim="L9:repaired",
        expected=Verdict.PROVED,
        methods=(Search(experiment=_TIMES), Sharpness(experiment=_TIMES, instance={"tau": 1e-6}, constant="C")),
    ),
)
