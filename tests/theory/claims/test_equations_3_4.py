"""Equations 3 and 4: identities for an unknown density, which a stationary one satisfies."""

import sympy as sp

from theory import claims
from theory.sde import OrnsteinUhlenbeck, specialise
from theory.symbols import t, x

KINDS = {"EQ-3/4:reverse-sde": "∀ =", "EQ-3/4:probability-flow": "∀ ="}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_printed_equations_hold_for_a_gaussian_only_with_the_right_factor():
    p = sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)  # stationary under Ornstein–Uhlenbeck
    for name in KINDS:
        claim = claims[name]
        gap = claim.left() - claim.right()
        concrete = specialise(gap, OrnsteinUhlenbeck()).replace(
            lambda node: getattr(node.func, "__name__", "") == "p", lambda node: p
        )
        assert sp.simplify(concrete.doit()) == 0
    assert t in claims["EQ-3/4:reverse-sde"].relation.free_symbols()
