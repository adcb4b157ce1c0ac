"""Runs one method on one claim; a fault in a method becomes evidence that says so, never a silent pass."""

from __future__ import annotations

import time
import traceback

from theory.statement import Claim
from verify.evidence.budget import Context
from verify.evidence.plan import Method
from verify.evidence.verdict import Evidence, Verdict


def run_method(method: Method, claim: Claim, context: Context) -> Evidence:
    """The method's evidence; an exception becomes UNDECIDED evidence with the error in its details."""
    begin = time.perf_counter()
    try:
        return method.run(claim, context)
    except Exception as error:  # a method's fault must not end the audit of the others
        return Evidence(
            method=method.method,
            verdict=Verdict.UNDECIDED,
            seconds=time.perf_counter() - begin,
            summary=f"{type(error).__name__}: {error}",
            details={"error": "".join(traceback.format_exception(error))},
        )
