"""Figures without a display: styles that can be told apart in grey, files whose bytes depend on the content only."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.evidence.files import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg", ".pdf")
_DASHES: tuple[Any, ...] = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 4)), (0, (8, 3)))
_COLOURS = ("#000000", "#0072b2", "#d55e00", "#009e73", "#7a3b69", "#8c6d00", "#56b4e9")
_MARKERS = ("", "", "", "", "o", "s", "^")


def style(index: int) -> dict[str, Any]:
    """Line style, marker and colour of the index-th curve: the style alone tells the curves apart in grey."""
    turn, place = divmod(index, len(_DASHES))
    return {
        "linestyle": _DASHES[place],
        "color": _COLOURS[(place + turn) % len(_COLOURS)],
        "marker": _MARKERS[(place + 3 * turn) % len(_MARKERS)],
        "markersize": 3,
        "markevery": 0.1,
    }


def figure(width: float, height: float) -> Figure:
    """An empty figure of the given size in inches, on the Agg canvas whatever the user's backend."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure as New  # noqa: PLC0415

    made = New(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(made)
    return made


def check_format(path: Path) -> Path:
    """The path, if its ending is one of `FORMATS` and its directory exists; ValueError otherwise."""
    if path.suffix.lower() not in FORMATS:
        raise ValueError(f"path must end in {', '.join(FORMATS)}; got {path}")
    if path.is_dir() or not path.parent.is_dir():
        raise ValueError(f"path must name a file in an existing directory; got {path}")
    return path


def save(drawn: Figure, path: Path) -> Path:
    """Write a figure as PNG, SVG or PDF; the same content gives the same bytes. Errors as `check_format`."""
    from matplotlib import rc_context  # noqa: PLC0415

    content = io.BytesIO()
    ending = check_format(path).suffix.lower()
    undated: dict[str, Any] = {
        ".png": {"Software": None},
        ".svg": {"Date": None},
        ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    }[ending]
    with rc_context({"svg.hashsalt": "scoregap", "svg.fonttype": "path"}):
        drawn.savefig(content, format=ending[1:], dpi=150, metadata=undated)
    return write_whole(path, content.getvalue())
