"""What the plans of identities share: a concrete SDE, mixture and point at which both sides are evaluated in balls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import sympy as sp

from theory.mixture import GaussianMixture
from theory.sde import (
    AbstractLinearSDE,
    LinearSDE,
    OrnsteinUhlenbeck,
    SubVariancePreserving,
    VarianceExploding,
    VariancePreserving,
    specialise,
)
from theory.statement import Claim
from theory.symbols import mu, q, t, x
from verify.evidence.confrontation import Evaluator, Experiment, Sides, exact_values, value_of
from verify.evidence.domain import Choice, Domain, Field, Instance, Real

FAMILIES: Mapping[str, AbstractLinearSDE] = {
    "ou": OrnsteinUhlenbeck(),
    "growing": LinearSDE(sp.S.One, sp.sqrt(2)),
    "vp": VariancePreserving(sp.Rational(1, 10), 20),
    "sub-vp": SubVariancePreserving(sp.Rational(1, 10), 20),
    "ve": VarianceExploding(25),
}
"""The concrete SDEs at which identities that hold for every f and g are evaluated."""

Replace = Callable[[sp.Expr, AbstractLinearSDE], sp.Expr]


def _concrete(expr: sp.Expr, sde: AbstractLinearSDE) -> sp.Expr:
    return specialise(expr, sde).doit()


def experiment(
    name: str,
    fields: Mapping[str, Field],
    *,
    families: tuple[str, ...] = tuple(FAMILIES),
    replace: Replace = _concrete,
    extremal: tuple[Instance, ...] = (),
) -> Experiment:
    """An experiment that evaluates both sides of an identity at points of concrete SDE families.

    ``fields`` are symbol names with their ranges; ``replace`` makes the abstract expression concrete.
    """

    def sides(claim: Claim) -> Evaluator:
        resolved = claim.resolved()

        @cache
        def compiled(family: str) -> tuple[sp.Expr, sp.Expr]:
            left, right = (replace(side.total(), FAMILIES[family]) for side in (resolved.lhs, resolved.rhs))
            return left, right

        def evaluate(instance: Instance) -> Sides:
            left, right = compiled(instance["sde"])
            by_name = {str(sym): sym for expr in (left, right) for sym in expr.free_symbols}
            values = exact_values({by_name[key]: value for key, value in instance.items() if key in by_name})
            return value_of(left, values), value_of(right, values)

        return evaluate

    domain = Domain(fields={"sde": Choice(options=families), **fields})
    return Experiment(
        name=name,
        domain=domain,
        sides=sides,
        extremal=extremal,
        measures="both sides in ball arithmetic at a point of a concrete SDE",
    )


TIME = Real(low=0.01, high=1.0)
POINT = Real(low=-4, high=4)


def mixture_density(expr: sp.Expr, sde: AbstractLinearSDE) -> sp.Expr:
    """Replace p(x, t) by the diffused density of two modes with free weight and unequal variances, in x, t, mu, q."""
    start = GaussianMixture((1 - q, q), (-mu, mu), (sp.Rational(1, 2), sp.S.One))
    density = start.diffused(sde).pdf
    unknown = sp.Function("p", positive=True)(x, t)
    return specialise(expr.subs(unknown, density), sde).doit()
