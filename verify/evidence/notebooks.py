"""Notebooks: whether this process is the kernel of one, and a display there that is updated in place."""

from __future__ import annotations

import sys
from typing import Any


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return hasattr(shell, "kernel")


class Display:
    """One display below a cell of a notebook, whose HTML is replaced each time that there is something to show."""

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, html: str) -> None:
        """Show HTML in the place of what was shown before."""
        display: Any = sys.modules["IPython"].display
        made = display.HTML(html)
        if self._handle is None:
            self._handle = display.display(made, display_id=True)
        else:
            self._handle.update(made)


def bar(done: int, total: int) -> str:
    """How much is done, as HTML."""
    return f'<progress value="{done}" max="{total}"></progress> {done}/{total}'
