"""Plans for Lemma 8: features of the state under two modes, by exact moments and exact Monte-Carlo errors."""

from __future__ import annotations

import sympy as sp
from flint import arb

from theory.claims import REGISTRY
from theory.symbols import M, a_sup, delta, e_sup, lambda_mean, mc_error, mu, noise_moment, scale_moment
from verify.balls.numbers import root
from verify.evidence.confrontation import Experiment, Quantities, exact_values, relation_sides, value_of
from verify.evidence.domain import Choice, Domain, Entry, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.finite_laws import ball, levels
from verify.models.monte_carlo_features import MODEL_TESTS, level_exists, with_probability
from verify.models.relu_moments import relu_square

_FAR = next(h for h in REGISTRY["L8:printed"].hypotheses if h.checked)
_PROCESS = {
    "mu": Real(low=0, high=1e3),
    "r": Real(low=1e-2, high=10, log=True),
    "v": Real(low=0, high=100),
    "e": Real(low=1e-2, high=10),
    "a": Real(low=0, high=10),
}


def _averages(instance: Instance) -> dict[sp.Symbol, arb]:
    """The time averages of a schedule of one time with λ = 1."""
    scale, clock = arb(instance["r"]), arb(instance["v"])
    return {
        mu: arb(instance["mu"]),
        scale_moment: scale**2,
        noise_moment: (scale * clock) ** 2,
        lambda_mean: arb(1),
        e_sup: arb(instance["e"]),
        a_sup: arb(instance["a"]),
    }


# One feature ---------------------------------------------------------------------------------------------------------


def _feature_norm(instance: Instance) -> Quantities:
    """M of one feature (w, u): E σ(w x + u e)² over both modes."""
    known = _averages(instance)
    w, bias = arb(instance["w"]), arb(instance["u"]) * known[e_sup]
    std = (known[scale_moment] + known[noise_moment]).sqrt()
    far, right = arb(instance["r"]) * known[mu], arb(instance["q"])
    square = sum(
        (chance * relu_square(w * mean + bias, abs(w) * std) for chance, mean in ((right, far), (1 - right, -far))),
        start=arb(0),
    )
    return known | {M: known[a_sup] * root(square)}


def _feature(**values: Entry) -> Instance:
    return {"w": 1.0, "u": 0.0, "mu": 0.0, "r": 1.0, "v": 0.0, "q": 1.0, "e": 1.0, "a": 1.0, **values}


FEATURE = Experiment(
    name="one-feature",
    sides=lambda claim: relation_sides(claim, _feature_norm),
    domain=Domain(
        fields={"w": Real(low=-1, high=1), "u": Real(low=-1, high=1), "q": Real(low=0, high=1), **_PROCESS},
        require=lambda i: abs(i["w"]) + abs(i["u"]) <= 1,
    ),
    extremal=(
        _feature(mu=100.0),
        _feature(mu=3.0),
        _feature(w=0.0, u=1.0, e=10.0),
        _feature(mu=1.0, e=0.01),
        _feature(mu=1.5, e=0.01),
        _feature(e=0.01, v=1.0),
        _feature(w=0.5, u=0.5, mu=5.0, e=5.0),
        _feature(mu=100.0, q=0.5),
    ),
    measures="exact moment of a feature over the bound",
)

# Two features σ(±x) with outer weights ±a: the error is a² E x² (S_m/m)²/4; two features e of time alone: a²e² (S_m/m)²


def _pair(instance: Instance) -> Quantities:
    known = _averages(instance)
    square = ((known[mu] ** 2 + 1) * known[scale_moment] + known[noise_moment]) / 4
    return known | {mc_error: known[a_sup] ** 2 * (square if instance["of"] == "state" else known[e_sup] ** 2)}


def _far(instance: Instance) -> bool:
    """Whether the modes are far at the level's probability; at probability 1 the bound is infinite."""
    if not level_exists(instance):
        return False
    tail = levels("coin", instance["m"])[instance["k"] - 1][1]
    if tail == 1:
        return False
    values = exact_values({mu: instance["mu"]}) | {delta: ball(tail)}
    low, high = (value_of(side, values) for side in (_FAR.lesser, _FAR.greater))  # type: ignore[arg-type]
    return bool(low < high)


def _sampled(**values: Entry) -> Instance:
    return {"of": "state", "m": 1, "k": 1, "mu": 10.0, "r": 1.0, "v": 0.0, "e": 0.01, "a": 1.0, **values}


_FIELDS = {
    "of": Choice(options=("state", "time")),
    "m": Integer(low=1, high=400),
    "k": Integer(low=1, high=201),
    **_PROCESS,
}
_EXTREMAL = (
    _sampled(),
    _sampled(mu=1000.0),
    _sampled(m=400, k=190, mu=100.0),
    _sampled(m=16, k=1, mu=100.0),
    _sampled(m=400, k=150, mu=1000.0),
    _sampled(m=2, mu=3.0),
    _sampled(m=2, mu=1000.0),
    _sampled(mu=1000.0, m=100, k=40),
    _sampled(of="time", mu=0.0, e=10.0),
    _sampled(of="time", mu=0.0, e=10.0, m=400, k=190),
)
_SIDES = {
    "sides": lambda claim: with_probability(claim, _pair),
    "measures": "a value of the error over the bound at δ = P(error >= value)",
}
ANY_PAIR = Experiment(name="pair", domain=Domain(fields=_FIELDS, require=level_exists), extremal=_EXTREMAL, **_SIDES)
FAR_PAIR = Experiment(
    name="far-pair", domain=Domain(fields=_FIELDS, require=_far), **_SIDES, extremal=tuple(filter(_far, _EXTREMAL))
)

# Proofs --------------------------------------------------------------------------------------------------------------


PLANS = (
    Plan(claim="L8:printed", expected=Verdict.PROVED, methods=(Search(experiment=FAR_PAIR),)),
    Plan(claim="L8:moment", expected=Verdict.PROVED, methods=(Search(experiment=FEATURE),)),
    Plan(claim="L8:moment-sharp", expected=Verdict.PROVED, methods=(Search(experiment=FEATURE),)),
    Plan(claim="L8:repaired", expected=Verdict.PROVED, methods=(Search(experiment=ANY_PAIR), MODEL_TESTS)),
)
