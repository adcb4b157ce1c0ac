"""Sharpness of a constant: at a stated instance, the claim with a slightly smaller constant is certainly violated."""

from __future__ import annotations

import time
from dataclasses import dataclass

import sympy as sp

from theory.statement import Claim
from verify.evidence.budget import Context
from verify.evidence.confrontation import Experiment
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
        smaller = claim.with_constant(self.constant, claim.constants[self.constant].value * (1 - self.within))
        outcome = self.experiment.outcome(smaller, self.experiment.sides(smaller), self.instance)
        sharp = outcome.violated
        text = f"{self.constant} cannot be smaller by a factor 1 − {float(self.within):.0e}"
        return Evidence(
            method=self.method,
            verdict=Verdict.CERTIFIED if sharp else Verdict.UNDECIDED,
            about="constant",
            summary=text if sharp else f"not shown: {text}",
            worst_ratio=full.ratio,
            experiment=self.experiment.name,
            details={"instance": dict(self.instance)},
            seconds=time.perf_counter() - begin,
        )
