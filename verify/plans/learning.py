"""Plans for learning bounds: what most of n coins show, and the mean of Gaussian data."""

from __future__ import annotations

from math import comb

from flint import arb

from theory.symbols import (
    data_information,
    learning_gap,
    mean_root_information,
    n,
    noise_level,
    proxy_below,
    single_information,
    tilt,
)
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.two_point_laws import bernoulli_proxy, kl_bernoulli, plogp

# What most coins show ------------------------------------------------------------------------------------------------


def _most(count: int, needed: int, p: arb) -> arb:
    """P(at least so many of the coins show 1)."""
    return sum((comb(count, k) * p**k * (1 - p) ** (count - k) for k in range(max(needed, 0), count + 1)), arb(0))


def vote_terms(i: Instance) -> Quantities:
    """X_i ~ Bern(p), W = 1 where more than half show 1, f = 1[x ≠ w]."""
    count, p = i["n"], arb(i["p"])
    needed = count // 2 + 1
    up, after_one, after_none = _most(count, needed, p), _most(count - 1, needed - 1, p), _most(count - 1, needed, p)
    fresh = up * (1 - p) + (1 - up) * p
    seen = (1 - after_one) * p + after_none * (1 - p)
    single = p * kl_bernoulli(after_one, up) + (1 - p) * kl_bernoulli(after_none, up)
    return {
        n: arb(count),
        learning_gap: fresh - seen,
        proxy_below: bernoulli_proxy(fresh).sqrt(),
        mean_root_information: single.sqrt(),
        data_information: -plogp(up) - plogp(1 - up),
    }


VOTES = Experiment(
    name="votes",
    domain=Domain(fields={"n": Integer(low=1, high=25), "p": Real(low=0.05, high=0.95)}),
    extremal=({"n": 1, "p": 0.5}, {"n": 9, "p": 0.5}, {"n": 2, "p": 0.3}),
    sides=lambda claim: relation_sides(claim, vote_terms),
    measures="what most of n coins show: the gap over the bound",
)


# The mean of Gaussian data -------------------------------------------------------------------------------------------


def mean_terms(i: Instance) -> Quantities:
    """From the covariance matrix of the data and their mean, entry by entry."""
    count, variance = i["n"], arb(i["sigma"]) ** 2
    weights = [arb(1) / count] * count
    spread = sum((w * w * variance for w in weights), arb(0))  # Var W
    shared = weights[0] * variance  # Cov(W, X_1)
    return {
        n: arb(count),
        noise_level: arb(i["sigma"]),
        learning_gap: (variance + spread) - (variance - 2 * shared + spread),
        single_information: -(1 - shared**2 / (variance * spread)).log() / 2,
    }


MEANS = Experiment(
    name="gaussian-means",
    domain=Domain(fields={"n": Integer(low=2, high=60), "sigma": Real(low=0.1, high=10, log=True)}),
    extremal=({"n": 10, "sigma": 1.0}, {"n": 3, "sigma": 2.0}),
    sides=lambda claim: relation_sides(claim, mean_terms),
    measures="the mean of Gaussian data: both sides by covariances",
)


def _explicit(i: Instance) -> Quantities:
    sigma = arb(i["sigma"])
    return {n: arb(i["n"]), noise_level: sigma, tilt: arb(i["share"]) / (2 * sigma**2)}


EXPLICIT = Experiment(
    name="explicit-means",
    domain=Domain(
        fields={
            "n": Integer(low=2, high=10**6),
            "sigma": Real(low=0.1, high=10, log=True),
            "share": Real(low=0.01, high=3),
        },
        require=lambda i: 1 + i["share"] * (1 - i["share"]) / i["n"] > 0,
    ),
    extremal=({"n": 2, "sigma": 1.0, "share": 1.0}, {"n": 1000, "sigma": 1.0, "share": 1.0}),
    sides=lambda claim: relation_sides(claim, _explicit),
    measures="both sides in closed form, η a share of 1/(2σ²)",
)


PLANS = (
    Plan(claim="IT2:printed", expected=Verdict.PROVED, methods=(Search(experiment=VOTES),)),
    Plan(claim="IT2:single", expected=Verdict.PROVED, methods=(Search(experiment=VOTES),)),
    Plan(claim="IT2:gaussian-gap", expected=Verdict.PROVED, methods=(Search(experiment=MEANS),)),
    Plan(claim="IT2:gaussian-information", expected=Verdict.PROVED, methods=(Search(experiment=MEANS),)),
    Plan(claim="IT2:gaussian-root", expected=Verdict.PROVED, methods=(Search(experiment=EXPLICIT),)),
    Plan(claim="IT2:excess", expected=Verdict.PROVED, methods=(Search(experiment=EXPLICIT),)),
)
