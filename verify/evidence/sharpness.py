"""Sharpness of a constant: at a stated instance, the claim with a slightly smaller constant is certainly violated."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import sympy as sp
from flint import arb

from theory.statement import Claim
from verify.balls.certificates import Box, Certificate, certify_nonnegative
from verify.balls.numbers import working_precision
from verify.evidence.budget import Context
from verify.evidence.certify import stored
from verify.evidence.confrontation import PRECISIONS, Experiment, MeasuredSides, exact_values
from verify.evidence.domain import Instance
from verify.evidence.verdict import Evidence, Verdict

WITHIN = sp.Rational(1, 10**6)
"""How near to equality an extremal instance must come, relative to the constant."""


@dataclass(frozen=True, kw_only=True)
class Sharpness:
    """Certify that ``constant`` cannot be reduced by the relative amount ``within``.

    Its positive evidence is about the constant: a false claim, too, can have a constant that must not be smaller.
    """

    experiment: Experiment
    instance: Instance
    constant: str
    within: sp.Rational = WITHIN
    method: str = "sharpness"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Evaluate the weakened claim at the instance in ball arithmetic."""
        begin = time.perf_counter()
        full = self.experiment.outcome(claim, self.experiment.sides(claim), self.instance)
        if full.violated:
            witness = full.witness(self.instance, "the instance that should be extremal violates the claim")
            return Evidence(
                method=self.method,
                verdict=Verdict.REFUTED,
                smallest=witness,
                worst=witness,
                worst_ratio=full.ratio,
                summary=f"violated: ratio {full.ratio:.9g}",
                experiment=self.experiment.name,
                seconds=time.perf_counter() - begin,
            )
        text = f"{self.constant} cannot be smaller by a factor 1 − {float(self.within):.0e}"
        certificate = self.certificate(claim)
        again = certificate.recheck()
        sharp = certificate.certified and not again.contradicts
        return Evidence(
            method=self.method,
            verdict=Verdict.CERTIFIED if sharp else Verdict.UNDECIDED,
            about="constant",
            summary=f"{text}; {again}" if sharp else f"not shown: {text}",
            worst_ratio=full.ratio,
            experiment=self.experiment.name,
            details={
                "instance": dict(self.instance),
                "goals": {text: stored(certificate, again if certificate.certified else None)},
            },
            seconds=time.perf_counter() - begin,
        )

    def certificate(self, claim: Claim) -> Certificate:
        """What is certified: ``left − right > 0`` with the smaller constant, on the box of what was measured.

        A side of the box is the ball of a measured quantity at the instance; integers are substituted. Raises
        ValueError for an experiment whose sides are no expressions in measured quantities.
        """
        smaller = claim.with_constant(self.constant, claim.constants[self.constant].value * (1 - self.within))
        sides = self.experiment.sides(smaller)
        if not isinstance(sides, MeasuredSides):
            raise ValueError(
                f"experiment must measure the symbols of a relation; got {self.experiment.name}: make its sides with "
                "relation_sides"
            )
        first, *others = (partial(_certified, sides, self.instance, precision) for precision in PRECISIONS)
        found = first()
        while found.outcome == "undecided" and others:
            found = others.pop(0)()
        return found


def _certified(sides: MeasuredSides, instance: Instance, precision: int) -> Certificate:
    with working_precision(precision):
        expr, box = _on_box(sides.left - sides.right, exact_values(sides.measure(instance)))
    return certify_nonnegative(expr, box, strict=True, max_cells=1, precision=precision)


def _on_box(expr: sp.Expr, values: Mapping[sp.Symbol, arb]) -> tuple[sp.Expr, Box]:
    """The expression with its integers substituted, and the box of the balls of its other symbols."""
    sides = {symbol: _ends(values[symbol], symbol) for symbol in expr.free_symbols}
    integers = {symbol: low for symbol, (low, high) in sides.items() if symbol.is_integer and low == high}
    return expr.subs(integers), Box({symbol: side for symbol, side in sides.items() if symbol not in integers})


def _ends(ball: arb, symbol: sp.Symbol) -> tuple[sp.Rational, sp.Rational]:
    """The ends of a ball, within what the symbol may be."""
    low, high = (sp.Rational(int(end.p), int(end.q)) for end in (ball.lower().fmpq(), ball.upper().fmpq()))
    return (max(low, sp.S.Zero) if symbol.is_nonnegative else low), high
