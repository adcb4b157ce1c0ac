"""Plans for equations 12 and 13: the same function, with another norm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flint import arb

from theory.symbols import norm_given, norm_normalised, size, size_max
from verify.evidence.confrontation import Experiment, Measure, Quantities, relation_sides
from verify.evidence.domain import Array, Domain, Field, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.sdes import POINT, experiment

_SIZE = Real(low=0.125, high=8, log=True)
_AMPLITUDES: dict[str, Field] = {"m": Integer(low=1, high=4), "amplitudes": Array(shape=("m",), element=POINT)}


def _norms(instance: Instance, sizes: Sequence[float]) -> Quantities:
    """√(Σ a_i²/m) before, and after each amplitude has taken over its feature's size."""
    count = instance["m"]
    before = sum(((arb(a) ** 2) for a in instance["amplitudes"]), start=arb(0)) / count
    after = sum(((arb(a) * arb(c)) ** 2 for a, c in zip(instance["amplitudes"], sizes, strict=True)), start=arb(0))
    return {norm_given: before.sqrt(), norm_normalised: (after / count).sqrt()}


def _common(instance: Instance) -> Quantities:
    return {size: instance["size"], **_norms(instance, [instance["size"]] * instance["m"])}


def _mixed(instance: Instance) -> Quantities:
    return {size_max: max(instance["sizes"]), **_norms(instance, instance["sizes"])}


def _experiment(name: str, fields: Mapping[str, Field], measure: Measure, extremal: Instance) -> Experiment:
    return Experiment(
        name=name,
        domain=Domain(fields={**_AMPLITUDES, **fields}),
        extremal=(extremal,),
        sides=lambda claim: relation_sides(claim, measure),
        measures="RKHS norm after over before, from the amplitudes",
    )


_ONE_SIZE = _experiment("common-size", {"size": _SIZE}, _common, {"m": 1, "amplitudes": [1.0], "size": 4.0})
_SIZES = _experiment(
    "sizes",
    {"sizes": Array(shape=("m",), element=_SIZE)},
    _mixed,
    {"m": 2, "amplitudes": [1.0, -3.0], "sizes": [4.0, 4.0]},
)
_FEATURE = experiment(
    "feature",
    {"a": POINT, "w": POINT, "b": POINT, "x": POINT, "size": _SIZE},
    families=("ou",),
    extremal=({"sde": "ou", "a": 1.0, "w": 1.0, "b": 1.0, "x": 1.0, "size": 4.0},),
)


PLANS = (
    Plan(claim="EQ-12/13:homogeneity", expected=Verdict.PROVED, methods=(Search(experiment=_FEATURE),)),
    Plan(claim="EQ-12/13:norm-rescales", expected=Verdict.PROVED, methods=(Search(experiment=_ONE_SIZE),)),
    Plan(claim="EQ-12/13:norm-bound", expected=Verdict.PROVED, methods=(Search(experiment=_SIZES),)),
    Plan(claim="EQ-12/13:wlog-printed", expected=Verdict.REFUTED, methods=(Search(experiment=_ONE_SIZE),)),
)
