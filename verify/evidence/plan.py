"""A plan: the methods that confront one claim with evidence, and the verdict that the ledger expects of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from theory.statement import Claim
from verify.evidence.budget import Context
from verify.evidence.confrontation import Experiment
from verify.evidence.verdict import Evidence, Verdict


class Method(Protocol):
    """Anything that turns a claim (or a mutant of it) into evidence."""

    @property
    def method(self) -> str:
        """The method's name, e.g. ``search``."""
        ...

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Produce the evidence."""
        ...


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The methods for one claim, cheapest refutation first (mutants stop at the first refutation)."""

    claim: str
    expected: Verdict
    methods: tuple[Method, ...]

    @property
    def experiments(self) -> Mapping[str, Experiment]:
        """The experiments of the plan's methods by name (a witness is replayed on one of them)."""
        found = (getattr(method, "experiment", None) for method in self.methods)
        return {experiment.name: experiment for experiment in found if experiment is not None}
