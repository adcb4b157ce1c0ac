"""Plans for the probabilistic links of Theorem 1 and its per-datum bounds: finite laws, one feature."""

from __future__ import annotations

from flint import arb

from theory.symbols import (
    K_B,
    K_G,
    S_B,
    S_G,
    B_norm,
    G_norm,
    K_b,
    M,
    b_norm,
    deviation_B,
    deviation_G,
    diameter,
    lambda_mean,
    norm_comparator,
    reach,
    sigma_Y,
)
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.datum_events import CELLS, DatumEvents
from verify.models.finite_laws import OPERATORS, VECTORS, enumerated, renamed
from verify.models.theorem_1_chains import Chain

# Per-datum parts with finitely many values: every deviation and its exact probability ------------------------------


_MATRICES = renamed(OPERATORS, {S_B: lambda grants: grants[sigma_Y], K_B: lambda grants: grants[M]})
_GRADIENTS = renamed(VECTORS, {S_G: lambda grants: grants[sigma_Y], K_G: lambda grants: grants[diameter] / 2})


# Per-datum bounds: one feature at one time without noise, where every side is closed ---------------------------------


def _one_feature(instance: Instance) -> Quantities:
    weight, bias, place, level, outer, e = (arb(instance[name]) for name in ("w", "u", "x0", "lambda", "theta", "e"))
    output = arb.max(weight * place + bias * e, arb(0))
    curvature = level * output**2
    label = -level * weight if bool(output > 0) else arb(0)  # Stein: −w λ P(active)
    return {
        B_norm: curvature,
        b_norm: abs(label),
        G_norm: abs(outer * curvature - label),
        lambda_mean: level,
        reach: level * arb.max(place**2, e**2),
        K_B: curvature,
        K_b: abs(label),
        norm_comparator: abs(outer),
    }


def _feature(**changes: float) -> Instance:
    return {"w": 0.0, "u": 0.0, "x0": 1.0, "e": 1.0, "lambda": 1.0, "theta": 0.0, **changes}


_FEATURE = Experiment(
    name="one-feature",
    domain=Domain(
        fields={
            "w": Real(low=-1, high=1),
            "u": Real(low=-1, high=1),
            "x0": Real(low=-1, high=1),
            "e": Real(low=-2, high=2),
            "lambda": Real(low=0.01, high=100, log=True),
            "theta": Real(low=-100, high=100),
        },
        require=lambda i: abs(i["w"]) + abs(i["u"]) <= 1,
    ),
    sides=lambda claim: relation_sides(claim, _one_feature),
    extremal=(
        _feature(u=1.0),
        _feature(u=1.0, **{"lambda": 4.0}),
        _feature(u=1.0, **{"lambda": 0.25}),
        _feature(w=1.0),
        _feature(w=1.0, **{"lambda": 4.0}),
        _feature(w=1.0, **{"lambda": 0.25}),
        _feature(w=1.0, theta=-10.0),
    ),
    measures="one feature without noise, left over right side",
)


PLANS = (
    Plan(
        claim="T1:concentration-B",
        expected=Verdict.PROVED,
        methods=(enumerated("finite-B", _MATRICES, deviation_B), DatumEvents(model=CELLS), Chain()),
    ),
    Plan(
        claim="T1:concentration-G",
        expected=Verdict.PROVED,
        methods=(enumerated("finite-G", _GRADIENTS, deviation_G), DatumEvents(model=CELLS), Chain()),
    ),
    Plan(claim="T1:bound-B", expected=Verdict.PROVED, methods=(Search(experiment=_FEATURE),)),
    Plan(claim="T1:bound-b", expected=Verdict.PROVED, methods=(Search(experiment=_FEATURE),)),
    Plan(claim="T1:bound-G", expected=Verdict.PROVED, methods=(Search(experiment=_FEATURE),)),
)
