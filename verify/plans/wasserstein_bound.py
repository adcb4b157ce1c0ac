"""Plans for the Wasserstein distance of what is generated: keys, far points, normal laws."""

from __future__ import annotations

from flint import arb

from theory.symbols import kl_laws, kl_reversed, point_distance, product_loss, transport_square
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.key_memorisers import rare_terms
from verify.models.linear_gaussian import kl_gaussian
from verify.plans.encoder_decoupling import ALL_KEYS, FAR, KEYS


def normal_terms(i: Instance) -> Quantities:
    """P = N(m, s²) and Q = N(0, w²)."""
    mean, std, width = (arb(i[name]) for name in ("mean", "std", "width"))
    return {
        transport_square: (mean**2 + (std - width) ** 2).sqrt(),
        kl_laws: kl_gaussian(mean, std**2, width**2),
        kl_reversed: kl_gaussian(mean, width**2, std**2),
    }


NORMALS = Experiment(
    name="normal-laws",
    domain=Domain(
        fields={
            "mean": Real(low=-10, high=10),
            "std": Real(low=0.01, high=10, log=True),
            "width": Real(low=0.1, high=1),
        }
    ),
    extremal=({"mean": 1.0, "std": 1.0, "width": 1.0}, {"mean": 0.0, "std": 5.0, "width": 1.0}),
    sides=lambda claim: relation_sides(claim, normal_terms),
    measures="two normal laws: W₂ over the root of twice the divergence",
)


def point_terms(i: Instance) -> Quantities:
    """X ~ N(0, 1), and apart from it X̂ ~ N(b, s²): the mean of a folded normal number."""
    centre, variance = arb(i["centre"]), 1 + arb(i["std"]) ** 2
    spread = (2 * variance / arb.pi()).sqrt() * (-(centre**2) / (2 * variance)).exp()
    return {
        product_loss: spread + centre * (centre / (2 * variance).sqrt()).erf(),
        point_distance: (2 / arb.pi()).sqrt(),
    }


POINTS = Experiment(
    name="normal-points",
    domain=Domain(fields={"centre": Real(low=-5, high=5), "std": Real(low=0, high=5)}),
    extremal=({"centre": 0.0, "std": 0.0}, {"centre": 0.0, "std": 1.0}),
    sides=lambda claim: relation_sides(claim, point_terms),
    measures="independent normal numbers: the best point's distance over their mean distance",
)

RARE = Experiment(
    name="rare-points",
    domain=Domain(fields={"chance": Real(low=0.001, high=0.4, log=True), "far": Real(low=0.1, high=100)}),
    extremal=({"chance": 0.0625, "far": 4.0},),
    sides=lambda claim: relation_sides(claim, rare_terms),
    measures="data at 0, and outputs that are rarely far from there: the distance over the bound",
)

PLANS = (
    Plan(claim="IT6:printed", expected=Verdict.REFUTED, methods=(Search(experiment=KEYS),)),
    Plan(claim="IT6:marginal", expected=Verdict.REFUTED, methods=(Search(experiment=FAR),)),
    Plan(
        claim="IT6:repaired",
        expected=Verdict.PROVED,
        methods=(ALL_KEYS, Search(experiment=FAR), Search(experiment=RARE)),
    ),
    Plan(claim="IT6:floor", expected=Verdict.PROVED, methods=(ALL_KEYS, Search(experiment=POINTS))),
    Plan(claim="IT6:talagrand", expected=Verdict.PROVED, methods=(Search(experiment=NORMALS),)),
)
