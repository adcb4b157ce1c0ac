"""Equation 8: identities with unknown f and g, which concrete processes satisfy."""

import pytest
import sympy as sp

from theory import claims
from theory.sde import LinearSDE, OrnsteinUhlenbeck, VarianceExploding, VariancePreserving, specialise

SIDES = [("EQ-8:stationary", {"t": 0.3}, None, 1.0)]
IDENTITIES = ["mean", "variance", "fokker-planck", "composition"]
KINDS = {f"EQ-8:{name}": "∀ =" for name in (*IDENTITIES, "stationary")}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_here(family):
    assert {claim.variant for claim in family.claims} == {*IDENTITIES, "stationary"}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


@pytest.mark.parametrize(
    "sde",
    [
        OrnsteinUhlenbeck(),
        VariancePreserving(sp.Rational(1, 10), 20),
        VarianceExploding(25),
        LinearSDE(sp.S.One, sp.sqrt(2)),
    ],
    ids=lambda sde: sde.name,
)
@pytest.mark.parametrize("name", IDENTITIES)
def test_identities_hold_for_concrete_processes(sde, name):
    claim = claims[f"EQ-8:{name}"]
    gap = specialise(claim.left() - claim.right(), sde).doit()
    point = {str(sym): 0.2 + 0.1 * k for k, sym in enumerate(claim.symbols)} | {"t": 0.7, "s": 0.3, "d": 2}
    numbers = [
        float(specialise(expr, sde).doit().subs({sym: point[str(sym)] for sym in claim.symbols}).evalf(30))
        for expr in claim.terms.values()
    ]
    shown = float(gap.subs({sym: sp.Rational(point[str(sym)]) for sym in claim.symbols}).evalf(30))
    assert abs(shown) <= 1e-12 * max(1, *map(abs, numbers))
