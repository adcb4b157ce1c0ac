"""The equations of mean and variance, integrated from the coefficients of concrete SDEs against every closed form.

An SDE's closed forms (mean scale, variance, standard deviation, clock, the transition between two times) are written
down one by one. Here each stands for the moment, and ``m' = …`` or ``P' = …`` is integrated from 0, rigorously.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import sympy as sp

from theory.claims import REGISTRY
from theory.claims.equation_8 import STEP_VARIANCE, P, r
from theory.kernel import expected_squared_score, transition, weighting
from theory.sde import AbstractLinearSDE, specialise
from theory.statement import Claim
from theory.symbols import d, s, t, v
from theory.symbols import r as scale
from verify.evidence.confrontation import Evaluator, Experiment, Sides, exact_values, value_of
from verify.evidence.domain import Choice, Domain, Field, Instance, Integer, Real
from verify.models.sdes import FAMILIES, POINT, TIME

_R, _P = sp.Function("r_closed", positive=True)(t), sp.Function("P_closed", nonnegative=True)(t)
Form = tuple[Callable[[AbstractLinearSDE], sp.Expr], Callable[[AbstractLinearSDE], sp.Expr]]
FORMS: Mapping[str, Form] = {
    "variance": (lambda sde: sde.mean_scale, lambda sde: sde.variance),
    "std": (lambda sde: sde.mean_scale, lambda sde: sde.std**2),
    "clock": (lambda sde: sde.mean_scale, lambda sde: (sde.mean_scale * sde.clock) ** 2),
    "transition": (lambda sde: transition(sde).mean_scale, lambda sde: transition(sde).variance),
}
"""Ways to write r and P for a concrete SDE."""


def _written(expr: sp.Expr, sde: AbstractLinearSDE, form: str) -> sp.Expr:
    """The abstract r, P and coefficients as a concrete SDE has them, P in one of its forms."""
    mean, spread = (part(sde) for part in FORMS[form])
    expr = expr.subs({P: _P, r: _R})
    times = {node.args[0] for node in expr.atoms(sp.Function) if node.func in (_R.func, _P.func)}
    values = {made.subs(t, at): closed.subs(t, at) for at in times for made, closed in ((_R, mean), (_P, spread))}
    return specialise(expr.xreplace(values), sde)


def _integrated(expr: sp.Expr, sde: AbstractLinearSDE, form: str) -> sp.Expr:
    """∫₀^t of a sum of derivatives in time, each a difference, and of other terms."""
    total, moment = sp.S.Zero, sp.Symbol("moment", nonnegative=True)
    for term in sp.Add.make_args(sp.expand(expr.subs({P: _P, r: _R}))):
        factor, rest = term.as_independent(sp.Derivative)
        if isinstance(rest, sp.Derivative) and rest.variables == (t,) and not factor.has(t):
            closed = _written(rest.expr, sde, form)
            total += factor * (closed - rest.expr.subs({_R: 1, _P: 0}))
            continue
        total += sp.Integral(_written(term, sde, form).subs(t, moment), (moment, 0, t))
    return total


def _composed(expr: sp.Expr, sde: AbstractLinearSDE, form: str) -> sp.Expr:
    """What is added from s to t as the variance of the transition between them."""
    added = sp.Symbol("added", nonnegative=True)
    whole = _written(expr.subs(STEP_VARIANCE, added), sde, form)
    return whole.subs(added, transition(sde, earlier=s, later=t).variance)


def _experiment(
    name: str, fields: Mapping[str, Field], at: Instance, made: Callable[..., sp.Expr], measures: str
) -> Experiment:
    """Both sides of a claim as ``made`` of side, SDE and form, for all SDEs and forms, first at one point."""

    def sides(claim: Claim) -> Evaluator:
        resolved = claim.resolved()

        @cache
        def compiled(family: str, form: str) -> tuple[sp.Expr, sp.Expr]:
            left, right = (made(side.total(), FAMILIES[family], form) for side in (resolved.lhs, resolved.rhs))
            return left, right

        def evaluate(instance: Instance) -> Sides:
            left, right = compiled(instance["sde"], instance["form"])
            by_name = {str(symbol): symbol for expr in (left, right) for symbol in expr.free_symbols}
            values = exact_values({by_name[key]: value for key, value in instance.items() if key in by_name})
            return value_of(left, values), value_of(right, values)

        return evaluate

    kinds = {"sde": Choice(options=tuple(FAMILIES)), "form": Choice(options=tuple(FORMS))}
    extremal = tuple({"sde": family, "form": form, **at} for family in FAMILIES for form in FORMS)
    domain = Domain(fields={**kinds, **fields})
    return Experiment(name=name, domain=domain, sides=sides, extremal=extremal, measures=measures)


INTEGRATED = _experiment(
    "moment equations",
    {"t": TIME, "x0": POINT},
    {"t": 0.5, "x0": 1.0},
    _integrated,
    "the equation of a moment, integrated from 0, against every closed form of an SDE",
)
COMPOSED = _experiment(
    "transitions",
    {"t": Real(low=0.5, high=1.0), "s": Real(low=0.0, high=0.5)},
    {"t": 0.75, "s": 0.25},
    _composed,
    "the variance at s, carried over, and that of the transition, against every closed form of an SDE",
)


# Squared scores ------------------------------------------------------------------------------------------------------


def _squared(claim: Claim) -> Evaluator:
    """The integral with r and v of an SDE, or what `theory.kernel` makes of it, against the value by its std."""
    resolved, own = claim.resolved(), REGISTRY[claim.id.split("~", maxsplit=1)[0]].resolved()
    coded: Mapping[str, Callable[[AbstractLinearSDE], sp.Expr]] = {
        "norm": expected_squared_score,
        "song-weight": lambda sde: weighting(sde, "song"),
        "printed-weight": lambda sde: weighting(sde, "printed"),
    }

    def evaluate(instance: Instance) -> Sides:
        sde, at = FAMILIES[instance["sde"]], exact_values({t: instance["t"], d: instance["d"]})
        left = resolved.lhs.total().subs({scale: sde.mean_scale, v: sde.clock})
        if instance["form"] == "coded" and resolved.lhs == own.lhs:
            left = coded[claim.variant.split("~", maxsplit=1)[0]](sde)
        ratio = sp.Symbol("ratio", positive=True)
        right = resolved.rhs.total().subs(v, ratio / scale).subs({ratio: sde.std, scale: sde.mean_scale})
        return value_of(left, at), value_of(right, at)

    return evaluate


SQUARED_SCORES = Experiment(
    name="squared scores",
    domain=Domain(
        fields={
            "sde": Choice(options=tuple(FAMILIES)),
            "form": Choice(options=("integral", "coded")),
            "t": TIME,
            "d": Integer(low=1, high=9),
        }
    ),
    sides=_squared,
    extremal=tuple(
        {"sde": family, "form": form, "t": 0.5, "d": 3} for family in FAMILIES for form in ("integral", "coded")
    ),
    measures="the expected squared score and the weights of concrete SDEs against their standard deviation",
)
