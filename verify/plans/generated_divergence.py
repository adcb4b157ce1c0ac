"""Plans for the divergence of what is generated: a generator that favours its datum, and small tables of log-losses."""

from __future__ import annotations

from flint import arb

from theory.symbols import data_entropy, encoder_rate, fresh_loss, kl_generated, product_loss
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Choice, Domain, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.key_memorisers import boosted_terms
from verify.models.two_point_laws import kl_bernoulli, plogp

BOOSTED = Experiment(
    name="favoured-datum",
    domain=Domain(
        fields={"keys": Integer(low=3, high=2048), "boost": Real(low=1.1, high=20)},
        require=lambda i: i["boost"] < i["keys"],
    ),
    extremal=({"keys": 3, "boost": 2.0}, {"keys": 16, "boost": 2.0}, {"keys": 1024, "boost": 2.0}),
    sides=lambda claim: relation_sides(claim, boosted_terms),
    measures="k equal keys, the mass c/k on the one datum: the divergence over the bound",
)


def coin_terms(i: Instance) -> Quantities:
    """X and Z two coins: X ~ Bern(p), the prior Bern(r), q(1|z) = q₀ or q₁, the encoder the exact posterior or not."""
    p, r, q0, q1 = (arb(i[name]) for name in ("p", "r", "q0", "q1"))
    mixed = (1 - r) * q0 + r * q1
    if i["kind"] == "posterior":
        up, down = r * q1 / mixed, r * (1 - q1) / (1 - mixed)
    else:
        up, down = arb(i["e1"]), arb(i["e0"])

    def loss(x: int, z: int) -> arb:
        q = q1 if z else q0
        return -(q if x else 1 - q).log()

    def own(x: int, chance: arb) -> arb:
        return (1 - chance) * loss(x, 0) + chance * loss(x, 1)

    return {
        kl_generated: kl_bernoulli(p, mixed),
        product_loss: p * own(1, r) + (1 - p) * own(0, r),
        fresh_loss: p * own(1, up) + (1 - p) * own(0, down),
        encoder_rate: p * kl_bernoulli(up, r) + (1 - p) * kl_bernoulli(down, r),
        data_entropy: -plogp(p) - plogp(1 - p),
    }


_UNIT = Real(low=0.02, high=0.98)
COINS = Experiment(
    name="coins",
    domain=Domain(
        fields={
            "kind": Choice(options=("posterior", "any")),
            **dict.fromkeys(("p", "r", "q0", "q1", "e0", "e1"), _UNIT),
        }
    ),
    extremal=(
        {"kind": "posterior", "p": 0.5, "r": 0.5, "q0": 0.1, "q1": 0.9, "e0": 0.5, "e1": 0.5},
        {"kind": "any", "p": 0.3, "r": 0.5, "q0": 0.25, "q1": 0.25, "e0": 0.5, "e1": 0.5},
    ),
    sides=lambda claim: relation_sides(claim, coin_terms),
    measures="two coins: the divergence over the log-loss less the entropy",
)

PLANS = (
    Plan(claim="IT7:printed", expected=Verdict.REFUTED, methods=(Search(experiment=BOOSTED),)),
    Plan(claim="IT7:repaired", expected=Verdict.PROVED, methods=(Search(experiment=BOOSTED),)),
    Plan(claim="IT7:floor", expected=Verdict.PROVED, methods=(Search(experiment=COINS), Search(experiment=BOOSTED))),
    Plan(claim="IT7:elbo", expected=Verdict.PROVED, methods=(Search(experiment=COINS),)),
)
