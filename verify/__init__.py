"""The confrontation of what is claimed with what is measured: plans, methods, mutants, audits and reports."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from verify import origin

origin.require_one_root()

if TYPE_CHECKING:
    from verify.bounds import Bound, MissingSymbolsError, bound
    from verify.bridge import schedule, time_function
    from verify.engine import assert_holds, audit, check, replay
    from verify.inputs import theorem_1_inputs
    from verify.results import ClaimResult, Report
    from verify.verdict import Evidence, MutantOutcome, Verdict, Witness

_HOMES = {
    "Bound": "bounds", "MissingSymbolsError": "bounds", "bound": "bounds",
    "assert_holds": "engine", "audit": "engine", "check": "engine", "replay": "engine",
    "ClaimResult": "results", "Report": "results", "schedule": "bridge", "theorem_1_inputs": "inputs",
    "time_function": "bridge",
    "Evidence": "verdict", "MutantOutcome": "verdict", "Verdict": "verdict", "Witness": "verdict",
}

__all__ = ["Bound", "ClaimResult", "Evidence", "MissingSymbolsError", "MutantOutcome", "Report", "Verdict", "Witness",
           "assert_holds", "audit", "bound", "check", "replay", "schedule", "theorem_1_inputs",
           "time_function"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'verify' has no attribute {name!r}")
    return getattr(import_module(f"verify.{_HOMES[name]}"), name)
