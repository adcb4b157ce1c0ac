"""Plans for Theorem 4.1: generators that learn keys by heart, and that are near or far for what they have not seen."""

from __future__ import annotations

from collections.abc import Iterator

from verify.evidence.confrontation import Experiment, relation_sides
from verify.evidence.domain import Domain, Instance, Integer, Real
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.key_memorisers import far_terms, key_terms

_FIELDS = {"keys": Integer(low=2, high=1000), "n": Integer(low=1, high=50)}
KEYS = Experiment(
    name="keys",
    domain=Domain(fields=_FIELDS),
    extremal=({"keys": 2, "n": 1}, {"keys": 3, "n": 1}, {"keys": 1000, "n": 50}),
    sides=lambda claim: relation_sides(claim, key_terms),
    measures="k equal keys learned by heart from n data: the gap, or the distance, over the bound",
)
TILTED = Experiment(
    name="tilted-keys",
    domain=Domain(fields={**_FIELDS, "eta": Real(low=0.01, high=100, log=True)}),
    extremal=({"keys": 2, "n": 1, "eta": 2.0}, {"keys": 2, "n": 1, "eta": 10.0}),
    sides=lambda claim: relation_sides(claim, key_terms),
    measures="the same at one η",
)
FAR = Experiment(
    name="far-points",
    domain=Domain(
        fields={"keys": Integer(low=2, high=50), "near": Real(low=0.1, high=2), "far": Real(low=0.1, high=100)},
        require=lambda i: i["far"] > i["near"],
    ),
    extremal=({"keys": 2, "near": 0.5, "far": 10.0}, {"keys": 2, "near": 1.0, "far": 1.0625}),
    sides=lambda claim: relation_sides(claim, far_terms),
    measures="one datum learned by heart, other latents sent far away: the gap, or the distance, over the bound",
)


def _small(size: int) -> Iterator[Instance]:
    return ({"keys": keys, "n": count} for keys in (*range(2, 9), size) for count in (1, 2, 3, 50))


ALL_KEYS = Exhaustive(
    experiment=KEYS, elements=_small, covers=lambda size: f"2, …, 8 and {size} keys, 1, 2, 3 and 50 data"
)

PLANS = (
    Plan(claim="IT5:printed", expected=Verdict.REFUTED, methods=(Search(experiment=KEYS),)),
    Plan(claim="IT5:repaired", expected=Verdict.PROVED, methods=(ALL_KEYS, Search(experiment=FAR))),
    Plan(claim="IT5:output", expected=Verdict.PROVED, methods=(ALL_KEYS,)),
    Plan(claim="IT5:one-sided", expected=Verdict.PROVED, methods=(Search(experiment=TILTED),)),
)
