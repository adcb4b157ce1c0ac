"""Plans for what a sampler reveals: a score ±L by the data, and Gaussian locations, in closed form."""

from __future__ import annotations

from flint import arb

from theory.symbols import T, n, path_cost, path_cost_data, path_cost_mirrored, sampler_information, score_limit
from verify.balls.integrals import integral
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict


def _location(instance: Instance) -> Quantities:
    """s = −x + e^{−t}x̄ against s̄ = −x + e^{−t}c: the exact information, and the cost by quadrature, on any path."""
    end, count, offset = arb(instance["T"]), arb(instance["n"]), arb(instance["offset"])
    grown = -(-2 * end).expm1()
    square = 1 / count + offset**2
    cost = square * integral(lambda t, _analytic: (-2 * t).exp(), arb(0), end)
    return {
        T: end,
        n: count,
        sampler_information: (grown / count).log1p() / 2,
        path_cost: cost,
        path_cost_data: cost,
        path_cost_mirrored: cost,
    }


LOCATIONS = Experiment(
    name="gaussian-locations",
    domain=Domain(
        fields={"T": Real(low=0.01, high=6), "n": Integer(low=1, high=10**6), "offset": Real(low=-3, high=3)}
    ),
    extremal=({"T": 1.0, "n": 1000, "offset": 0.0}, {"T": 3.0, "n": 1, "offset": 0.0}),
    measures="the exact information of a Gaussian location",
    sides=lambda claim: relation_sides(claim, _location),
)


def coupled(instance: Instance) -> Quantities:
    """s = (−x₁ ± c 1[t < δ] x₂, −x₂/2) in the plane, the sign by one fair bit, all data at x₂ = 0, against s̄ at c = 0.

    In reverse time x₂ is a Brownian motion of variance 2, and x₁ has the drift −x₁ ± 2c x₂ on the last δ. Given the
    ends of x₂ the end of x₁ is normal with the means e^{−T}x₁ ± 2cμ and the variance σ² = 4c²V + 1 − e^{−2T}, where μ
    and V are the mean and the variance of ∫e^{−u}x₂ over the time u < δ to the end. The best guess of the bit errs with
    the probability e = ½ − arctan(2c std(μ)/σ)/π in the mean, and I >= log 2 − H(e), by Fano's inequality.
    """
    end, gain = arb(instance["T"]), arb(instance["gain"])
    last = arb(instance["share"]) * end
    left = (-last).exp()
    known, late = 1 - left, 1 - (1 + last) * left  # ∫e^{−u} and ∫u e^{−u}
    mean_square = known**2 + 2 * end * (known - late / end) ** 2
    bridge = 2 * ((1 - left**2) / 2 - 2 * left * (1 - left) + last * left**2 - late**2 / end)
    noise = 4 * gain**2 * bridge - (-2 * end).expm1()
    error = arb(0.5) - (4 * gain**2 * mean_square / noise).sqrt().atan() / arb.pi()
    entropy = -error * error.log() - (1 - error) * (-error).log1p()
    return {
        T: end,
        n: arb(1),
        sampler_information: arb(2).log() - entropy,
        path_cost: gain**2 * last * (1 + 2 * end - last),
        path_cost_data: gain**2 * last * (2 * end - last),
        path_cost_mirrored: gain**2 * last * (1 + last),
    }


COUPLED = Experiment(
    name="coupled-coordinates",
    domain=Domain(
        fields={
            "T": Real(low=0.01, high=30, log=True),
            "share": Real(low=0.01, high=1),
            "gain": Real(low=0.01, high=10, log=True),
        }
    ),
    extremal=({"T": 0.05, "share": 1.0, "gain": 1.0}, {"T": 20.0, "share": 0.05, "gain": 0.1}),
    measures="a lower bound of the information of a score that couples coordinates by a bit, by Fano's inequality",
    sides=lambda claim: relation_sides(claim, coupled),
)


def _signs(instance: Instance) -> Quantities:
    """s = ±L by one fair bit of the data: the information is at least that of the best guess of the bit from X̂₀.

    X̂₀ is normal with the means ±m, m = 2L(1 − e^{−T}), and the variance 1 − e^{−2T}: a guess by its sign errs with the
    probability e = erfc(m/√(2V))/2, and I >= log 2 − H(e), by Fano's inequality.
    """
    end, limit = arb(instance["T"]), arb(instance["limit"])
    error = ((2 * limit * -(-end).expm1()) / (2 * -(-2 * end).expm1()).sqrt()).erfc() / 2
    entropy = -error * error.log() - (1 - error) * (-error).log1p()
    return {T: end, score_limit: limit, sampler_information: arb(2).log() - entropy, n: arb(1)}


SIGNS = Experiment(
    name="signs",
    domain=Domain(fields={"T": Real(low=0.01, high=3), "limit": Real(low=0.05, high=3)}),
    extremal=({"T": 0.3, "limit": 0.5}, {"T": 0.1, "limit": 3.0}, {"T": 0.05, "limit": 1.0}),
    measures="a lower bound of the information of a score ±L, by Fano's inequality",
    sides=lambda claim: relation_sides(claim, _signs),
)

PLANS = (
    Plan(claim="IT11:printed", expected=Verdict.PROVED, methods=(Search(experiment=SIGNS),)),
    Plan(
        claim="IT11:sharper",
        expected=Verdict.PROVED,
        methods=(Search(experiment=LOCATIONS), Search(experiment=COUPLED)),
    ),
    *(
        Plan(claim=f"IT11:{name}", expected=Verdict.PROVED, methods=(Search(experiment=LOCATIONS),))
        for name in ("location", "memory")
    ),
)
