"""Progress of an audit in a notebook: one display that is updated as claims end."""

from __future__ import annotations

from theory.markup import html_text
from verify.audit.results import ClaimResult
from verify.evidence.notebooks import Display, bar


class NotebookProgress:
    """A bar with the latest claim and the faults so far; called as the ``progress`` of an audit."""

    def __init__(self) -> None:
        self._display = Display()
        self._faults: list[str] = []

    def __call__(self, result: ClaimResult, done: int, total: int) -> None:
        """Show that one more claim is done."""
        self._faults += [f"{result.id}: {fault}" for fault in result.faults]
        faults = "".join(f"<li>not as expected: {html_text(fault)}</li>" for fault in self._faults)
        self._display.show(f"{bar(done, total)} {html_text(result.id)} {result.verdict}<ul>{faults}</ul>")
