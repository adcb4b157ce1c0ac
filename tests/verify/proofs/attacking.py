"""What the attacks on the kernel have in common: symbols, a theorem with a probability, and what a refusal is."""

import pytest
import sympy as sp

from theory import symbols as sym
from theory.theorems import THEOREMS, places
from theory.vocabulary import objects as o
from theory.vocabulary.statements import Rel, Theorem
from theory.vocabulary.terms import Sample, variable
from verify.proofs.kernel import cite
from verify.proofs.terms import ProofError

x, y, z = sp.symbols("x y z", real=True)
p, q = sp.symbols("p q", positive=True)
w = sp.Symbol("w", nonnegative=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
f = variable("f")
S_1, S_2 = Sample("S_1"), Sample("S_2")
DEVIATION = o.Deviation(o.Y, sym.n)
HATTED = o.Path(o.scaled, o.Empirical(o.Q, o.data), o.Theta0, sym.tau)


def tail(values=None):
    """P(D <= E D + 2M√(log(1/δ)/(2n))) >= 1 − δ."""
    moves = cite(THEOREMS["one vector moves the mean"], {places.bound: sym.M})
    return cite(
        THEOREMS["bounded differences"],
        {places.X: DEVIATION, places.bound: 2 * sym.M / sym.n, **(values or {})},
        by=[moves],
    )


def theorem(says, *, takes, given=(), **more):
    return Theorem(id="made up", sentence="anything", source="nowhere", takes=takes, given=given, says=says, **more)


def refused(attack):
    with pytest.raises(ProofError):
        attack()


def false():
    """1 <= 0."""
    return Rel(sp.S.One, "<=", sp.S.Zero)
