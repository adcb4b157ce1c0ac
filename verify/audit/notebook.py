"""Progress of an audit in a notebook: one display that is updated as claims end."""

from __future__ import annotations

import sys
from typing import Any

from theory.markup import html_text
from verify.audit.results import ClaimResult


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return hasattr(shell, "kernel")


class NotebookProgress:
    """A bar with the latest claim and the faults so far; called as the ``progress`` of an audit."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._faults: list[str] = []

    def __call__(self, result: ClaimResult, done: int, total: int) -> None:
        """Show that one more claim is done."""
        display: Any = sys.modules["IPython"].display
        self._faults += [f"{result.id}: {fault}" for fault in result.faults]
        faults = "".join(f"<li>not as expected: {html_text(fault)}</li>" for fault in self._faults)
        shown = display.HTML(
            f'<progress value="{done}" max="{total}"></progress> {done}/{total} '
            f"{html_text(result.id)} {result.verdict}<ul>{faults}</ul>"
        )
        if self._handle is None:
            self._handle = display.display(shown, display_id=True)
        else:
            self._handle.update(shown)
