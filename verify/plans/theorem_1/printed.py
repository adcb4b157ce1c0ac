"""Plans for Theorem 1 as printed: its steps on exact flows, and a model in closed form that refutes it."""

from __future__ import annotations

from flint import arb

from theory.statement import Claim
from theory.symbols import gradient_sum, kl_learned, kl_prior, loss_bar, loss_star, m, n, parameter_error, tau
from verify.evidence.confrontation import Evaluator, Experiment, Quantities, relation_sides
from verify.evidence.domain import Array, Domain, Entry, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling, linear_constant
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.perturbed_flows import FORCED, PERTURBED
from verify.models.two_data_flow import learned_slope, learned_variance

# The step from gradients to parameters, in one mode ----------------------------------------------------------------


def _measure_step(claim: Claim, instance: Instance) -> Quantities:
    """Both flows in one mode; Ê[…]ᵢ = √m (Θ̂B̂ − b̂) because hᵢ = σᵢ/√m."""
    width, time = arb(instance["m"]), arb(instance["tau"])
    scale = width if claim.setting["flow"] == "A" else arb(1)
    ends, integrals = [], []
    for eigenvalue, best in zip(instance["eigenvalues"], instance["minimisers"], strict=True):
        rate, offset = 2 * arb(eigenvalue) / scale, arb(instance["initial"]) - arb(best)
        ends.append(arb(best) + offset * (-rate * time).exp())
        integrals.append(arb(eigenvalue) * offset * -((-rate * time).expm1()) / rate)  # ∫ κ(Θ(s) − Θ*) ds
    difference = 2 * width.sqrt() * (integrals[1] - integrals[0])
    return {parameter_error: abs(ends[1] - ends[0]), gradient_sum: difference * difference, m: width, tau: time}


def _step_sides(claim: Claim) -> Evaluator:
    return relation_sides(claim, lambda instance: _measure_step(claim, instance))


def _pair(low: float, high: float, *, log: bool = False) -> Array:
    return Array(shape=(2,), element=Real(low=low, high=high, log=log))


_STEP = Experiment(
    name="gradients-to-parameters",
    domain=Domain(
        fields={
            "m": Integer(low=1, high=10**4),
            "eigenvalues": _pair(1e-3, 1e3, log=True),
            "minimisers": _pair(-10, 10),
            "initial": Real(low=-10, high=10),
            "tau": Real(low=1e-3, high=1e3, log=True),
        }
    ),
    sides=_step_sides,
    extremal=({"m": 2, "eigenvalues": [1.0, 1.0], "minimisers": [0.0, 1.0], "initial": 0.0, "tau": 1.0},),
    measures="exact parameters and integrated gradients of both flows in one mode",
)


# The bound that does not vanish --------------------------------------------------------------------------------------


def _symbol_sides(claim: Claim) -> Evaluator:
    return relation_sides(claim, lambda instance: {tau: instance["tau"], m: instance["m"], n: instance["n"]})


_TERMS = Experiment(
    name="terms",
    domain=Domain(
        fields={
            "tau": Real(low=1e-6, high=1e6, log=True),
            "m": Integer(low=1, high=10**6),
            "n": Integer(low=1, high=10**15),
        }
    ),
    sides=_symbol_sides,
    extremal=tuple(
        {"tau": time * width**power, "m": width, "n": 10**15}
        for time in (0.76, 0.7, 1.0)
        for width in (1, 1000)
        for power in (0, 1)
    ),
    measures="floor over the sum of the terms",
)


# The theorem itself: N(0, 1) cut off at ±R, the sample ±z, features x and −x ----------------------------------------


def measure_printed(instance: Instance) -> Quantities:
    """Left side exactly, the floor of the right side from above: L̃(−x) = (2/T)(KL(p₀‖π) − KL(p_T‖π)) for s = −x."""
    spread, horizon, cut, time = (arb(instance[name]) for name in ("z", "T", "R", "tau"))
    outside = (cut / arb(2).sqrt()).erfc()
    start = -(-outside).log1p()  # KL(p₀‖π) = −log P(|Z| <= R)
    variance = learned_variance(learned_slope(spread, horizon, time), horizon)
    density = (-(cut**2) / 2).exp() / (2 * arb.pi()).sqrt()
    second = 1 - 2 * cut * density / (1 - outside)
    divergence = start + variance.log() / 2 + second * (1 / variance - 1) / 2
    loss = 2 * start / horizon
    return {
        kl_learned: divergence,
        loss_bar: loss,
        loss_star: loss,
        kl_prior: start,
        tau: time,
        m: arb(instance["m"]),
        n: arb(2),
    }


_FIELDS = {
    "z": Real(low=0, high=5),
    "T": Real(low=0.5, high=3),
    "R": Real(low=6, high=40),
    "tau": Real(low=1, high=1e6, log=True),
    "m": Integer(low=2, high=2**100),
}


def _two_data(**changes: Entry) -> Instance:
    return {"z": 2.0, "T": 1.0, "R": 30.0, "tau": 100.0, "m": 2**40, **changes}


_TWO_DATA = Experiment(
    name="two-data",
    domain=Domain(fields=_FIELDS, require=lambda instance: instance["m"] % 2 == 0),
    sides=lambda claim: relation_sides(claim, measure_printed),
    extremal=(_two_data(),),
    measures="N(0, 1) cut off at ±R, data ±z, features x and −x: divergence over the printed bound",
)
_AXIS = Axis(
    parameter="tau",
    values=tuple(10.0**k for k in range(1, 13, 2)),
    text="n = 2, m = τ⁵, z = 2, T = 1, R = 30",
    family=lambda value: [_two_data(tau=arb(value), m=arb(value) ** 5)],
)


def _step_plan(claim_id: str, expected: Verdict) -> Plan:
    return Plan(claim=claim_id, expected=expected, methods=(Search(experiment=_STEP),))


PLANS = (
    Plan(claim="T1:decomposition", expected=Verdict.PROVED, methods=(Search(experiment=PERTURBED),)),
    Plan(claim="T1:cauchy-schwarz", expected=Verdict.PROVED, methods=(Search(experiment=FORCED),)),
    _step_plan("T1:step-A", Verdict.REFUTED),
    _step_plan("T1:step-scaled", Verdict.REFUTED),
    _step_plan("T1:step-A-repaired", Verdict.PROVED),
    _step_plan("T1:step-scaled-repaired", Verdict.PROVED),
    *(
        Plan(claim=claim_id, expected=Verdict.PROVED, methods=(Search(experiment=_TERMS),))
        for claim_id in ("T1:consistent-scaled", "T1:consistent-A")
    ),
    Plan(
        claim="T1:printed",
        expected=Verdict.REFUTED,
        methods=(Scaling(experiment=_TWO_DATA, needed=linear_constant(_TWO_DATA), axes=(_AXIS,)),),
    ),
)
