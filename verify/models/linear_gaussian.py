"""What the plans of Lemma 2 share: Ornstein–Uhlenbeck with Gaussian data and affine scores, solved exactly in balls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from flint import acb, arb

from theory.statement import Claim
from theory.symbols import T, kl_ode, kl_prior, kl_score, kl_sde, loss_likelihood, path_mismatch
from verify.evidence.confrontation import Evaluator, Experiment, Quantities, relation_sides
from verify.evidence.domain import Array, Choice, Domain, Entry, Field, Instance, Real

Ball = TypeVar("Ball", arb, acb)

_HORIZON = Real(low=0.1, high=20, log=True)
_SHIFTS = Array(shape=(4,), element=Real(low=-5, high=5))


def decay(rate: arb, time: Ball) -> Ball:
    """∫_0^time e^{−rate s} ds."""
    return time if rate == 0 else -(-rate * time).expm1() / rate


def kl_gaussian(shift: arb, variance: arb, other: arb) -> arb:
    """KL(N(m, variance) ‖ N(m', other)) with shift = m − m'."""
    ratio = variance / other
    return (ratio - 1 - ratio.log() + shift * shift / other) / 2


def _process(instance: Instance) -> tuple[arb, arb, arb, arb, arb]:
    """T, m₀, v₀, e^{−T} and the variance of x(T)."""
    end, mean, variance = (arb(instance[name]) for name in ("T", "mean", "variance"))
    fall = (-end).exp()
    return end, mean, variance, fall, 1 + (variance - 1) * fall * fall


def _affine(instance: Instance) -> tuple[arb, arb, arb]:
    """Mean and variance of the SDE-density, and the loss, for s = −slope·x + Σ c_k e^{−kt}.

    The reverse drift is −βx + 2c, β = 2·slope − 1; every integral is one of exponentials.
    """
    end, mean, variance, _, _ = _process(instance)
    slope, shifts = arb(instance["slope"]), [arb(c) for c in instance["shifts"]]
    beta = 2 * slope - 1
    center = sum((2 * c * decay(k + beta, end) for k, c in enumerate(shifts)), arb(0))
    spread = (-2 * beta * end).exp() + 2 * decay(2 * beta, end)
    errors = [c - slope * mean * (k == 1) for k, c in enumerate(shifts)]
    squares = sum((a * b * decay(arb(j + k), end) for j, a in enumerate(errors) for k, b in enumerate(errors)), arb(0))
    inverse = (((2 * end).exp() + variance - 1) / variance).log() / 2  # ∫ 1/V
    squares += inverse - 2 * slope * end + slope * slope * (end + (variance - 1) * decay(arb(2), end))
    return center, spread, 2 * squares / end


def _other_gaussian(instance: Instance) -> tuple[arb, arb, arb]:
    """As `_affine`, for the exact score of the diffused N(c₁, w): s = −(x − c₁e^{−t})/W_t, W_t = 1 + (w − 1)e^{−2t}."""
    end, mean, variance, fall, _ = _process(instance)
    w, other_mean = arb(instance["other_variance"]), arb(instance["shifts"][1])
    last = 1 + (w - 1) * fall * fall
    kept = w * fall / last  # what is left of the start at π
    center = other_mean * (1 - fall * kept)
    weight = -(-2 * end).expm1()
    spread = kept * kept + w * weight / last
    own = (((2 * end).exp() + variance - 1) / variance).log() / 2  # ∫ 1/V
    other = (((2 * end).exp() + w - 1) / w).log() / 2  # ∫ 1/W
    falling = weight / (2 * w * last)  # ∫ e^{−2t}/W²
    flat = other - (w - 1) * falling  # ∫ 1/W²
    squares = (mean - other_mean) ** 2 * falling + own - 2 * other + flat + (variance - 1) * falling
    return center, spread, 2 * squares / end


def affine_values(instance: Instance) -> Quantities:
    """Divergence, loss and prior term by symbol."""
    end, mean, variance, fall, last = _process(instance)
    law = _other_gaussian if instance.get("kind") == "gaussian" else _affine
    center, spread, loss = law(instance)
    return {
        T: end,
        kl_sde: kl_gaussian(mean - center, variance, spread),
        loss_likelihood: loss,
        kl_prior: kl_gaussian(mean * fall, last, arb(1)),
    }


def mismatch(instance: Instance) -> arb:
    """½∫ g² E‖s_θ − ∇log q_t‖² dt by rigorous quadrature; q_t = N(M_t, P_t) is the law of the reverse SDE at time t."""
    end, mean, variance, _, _ = _process(instance)
    slope, shifts = arb(instance["slope"]), [arb(c) for c in instance["shifts"]]
    beta = 2 * slope - 1
    if any(rate.contains(0) and not rate.is_zero() for rate in (beta, *(k + beta for k in range(len(shifts))))):
        return arb.nan()  # too few bits to divide by the rate: the quadrature would only find that out slowly

    def integrand(time: acb, _analytic: bool) -> acb:
        left = end - time
        spread = (-2 * beta * left).exp() + 2 * decay(2 * beta, left)
        center, push = acb(0), acb(0)
        for k, c in enumerate(shifts):
            part = c * (-k * time).exp()
            push += part
            center += 2 * part * decay(k + beta, left)
        now = mean * (-time).exp()
        offset = push - slope * now + (now - center) / spread
        tilt = 1 / spread - slope
        return offset * offset + tilt * tilt * (1 + (variance - 1) * (-2 * time).exp())

    tolerance = arb(2) ** -80  # absolute and relative, far below what a comparison of two sides needs
    return acb.integral(integrand, acb(0), acb(end), rel_tol=tolerance, abs_tol=tolerance).real


def affine_sides(claim: Claim) -> Evaluator:
    """The two sides of a claim about the SDE-density; the mismatch is integrated only where the claim has it."""
    if path_mismatch not in claim.relation.free_symbols():
        return relation_sides(claim, affine_values)
    return relation_sides(claim, lambda i: {**affine_values(i), path_mismatch: mismatch(i)})


def _profile_values(instance: Instance) -> Quantities:
    """p₀ = N(0, 1), s = −x + c(t), c(t) = Σ c_k e^{−kt}: both densities are shifted Gaussians."""
    end, shifts = arb(instance["T"]), [arb(c) for c in instance["shifts"]]
    square = sum((a * b * decay(arb(j + k), end) for j, a in enumerate(shifts) for k, b in enumerate(shifts)), arb(0))
    noisy = sum((2 * c * decay(arb(k + 1), end) for k, c in enumerate(shifts)), arb(0))
    smooth = sum((c * decay(arb(k), end) for k, c in enumerate(shifts)), arb(0))
    return {
        T: end,
        kl_sde: noisy * noisy / 2,
        kl_ode: smooth * smooth / 2,
        loss_likelihood: 2 * square / end,
        kl_prior: arb(0),
    }


def _late_values(instance: Instance) -> Quantities:
    """s = −x + c(1 − t/ε)₊ against N(0, 1), ε <= T: the score-density is N(c, 1)."""
    end, late, push = (arb(instance[name]) for name in ("T", "epsilon", "push"))
    return {T: end, kl_score: push * push / 2, loss_likelihood: 2 * push * push * late / (3 * end), kl_prior: arb(0)}


def _steep_values(instance: Instance) -> Quantities:
    """s = −(1 + k)x against N(0, 1): the flow ends in N(0, e^{−2kT})."""
    end, steep = arb(instance["T"]), arb(instance["steepness"])
    return {
        T: end,
        kl_ode: kl_gaussian(arb(0), arb(1), (-2 * steep * end).exp()),
        loss_likelihood: 2 * steep * steep,
        kl_prior: arb(0),
    }


def affine(horizon: float = 1.0, **values: Entry) -> Instance:
    """An instance with s_θ = −x against N(0, 1), with the given changes."""
    return {
        "T": horizon,
        "kind": "slope",
        "mean": 0.0,
        "variance": 1.0,
        "slope": 1.0,
        "other_variance": 1.0,
        "shifts": [0.0] * 4,
        **values,
    }


def shifted(horizon: float, *shifts: float) -> Instance:
    """An instance of the shift family with the given coefficients of 1, e^{−t}, …."""
    return {"T": horizon, "shifts": [*shifts, *[0.0] * (4 - len(shifts))]}


AFFINE_FIELDS: Mapping[str, Field] = {
    "T": _HORIZON,
    "kind": Choice(options=("slope", "gaussian")),
    "mean": Real(low=-5, high=5),
    "variance": Real(low=0.01, high=10, log=True),
    "slope": Real(low=-1, high=4),
    "other_variance": Real(low=0.01, high=10, log=True),
    "shifts": _SHIFTS,
}
EXTREMAL: tuple[Instance, ...] = (
    *(affine(horizon, mean=1.0) for horizon in (0.25, 0.5, 1.0, 2.0, 2.5, 10.0)),
    affine(0.1, variance=0.5, mean=1.0),
    affine(1.5, shifts=[0.0, 1.0, 0.0, 0.0]),
    affine(5.0, shifts=[0.0, 1.0, 0.0, 0.0]),
    affine(0.5, variance=0.1),
)
AFFINE = Experiment(
    name="affine",
    domain=Domain(fields=AFFINE_FIELDS),
    sides=affine_sides,
    extremal=EXTREMAL,
    measures="Ornstein–Uhlenbeck, Gaussian data and an affine score: divergence over the bound, in closed form",
)
SHORT = Experiment(
    name="affine-short",
    sides=affine_sides,
    extremal=tuple(i for i in EXTREMAL if i["T"] <= 2),
    domain=Domain(fields=AFFINE_FIELDS, require=lambda instance: instance["T"] <= 2),
    measures="as affine, for T <= 2",
)
GAP = Experiment(
    name="affine-gap",
    sides=affine_sides,
    extremal=(affine(1.0, mean=1.0), affine(0.5, shifts=[0.0, 1.0, 0.0, 0.0])),
    domain=Domain(fields={**AFFINE_FIELDS, "T": Real(low=0.1, high=4), "kind": Choice(options=("slope",))}),
    measures="both sides, the mismatch by rigorous quadrature",
)
PROFILES = Experiment(
    name="shift-profiles",
    domain=Domain(fields={"T": _HORIZON, "shifts": _SHIFTS}),
    sides=lambda claim: relation_sides(claim, _profile_values),
    extremal=tuple(shifted(horizon, *shifts) for horizon in (0.1, 1.0, 4.0) for shifts in ((0.0, 1.0), (1.0,))),
    measures="p₀ = N(0, 1), s = −x + Σ c_k e^{−kt}: divergence over the bound",
)
LATE = Experiment(
    name="late-error",
    sides=lambda claim: relation_sides(claim, _late_values),
    extremal=({"T": 1.0, "epsilon": 0.1, "push": 1.0},),
    domain=Domain(
        fields={
            "T": Real(low=0.1, high=10),
            "epsilon": Real(low=1e-6, high=10, log=True),
            "push": Real(low=-5, high=5),
        },
        require=lambda instance: instance["epsilon"] <= instance["T"],
    ),
    measures="s = −x + c(1 − t/ε)₊: divergence of N(0, 1) from the score-density N(c, 1) over the bound",
)
STEEP = Experiment(
    name="steep-score",
    sides=lambda claim: relation_sides(claim, _steep_values),
    extremal=({"T": 1.0, "steepness": 3.0},),
    domain=Domain(fields={"T": Real(low=0.1, high=10), "steepness": Real(low=-0.9, high=50)}),
    measures="s = −(1 + k)x: divergence of N(0, 1) from the ODE-density N(0, e^{−2kT}) over the bound",
)
