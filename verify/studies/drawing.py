"""Figures without a display: styles that can be told apart in grey, files whose bytes depend on the content only.

Matplotlib is imported here alone, and when the first figure is made.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from verify.evidence.files import write_whole

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

Axes: TypeAlias = "matplotlib.axes.Axes"
Figure: TypeAlias = "matplotlib.figure.Figure"
Look = dict[str, Any]
"""Keywords of a curve, as `matplotlib.axes.Axes.plot` takes them."""
FORMATS = (".png", ".svg", ".pdf")
_DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 4)), (0, (8, 3)))
_COLOURS = ("#000000", "#0072b2", "#d55e00", "#009e73", "#7a3b69", "#8c6d00", "#56b4e9")
_MARKERS = ("", "", "", "", "o", "s", "^")


def style(index: int) -> Look:
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
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as New

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
    from matplotlib import rc_context

    content = io.BytesIO()
    ending = check_format(path).suffix.lower()
    undated: dict[str, dict[str, str | None]] = {
        ".png": {"Software": None},
        ".svg": {"Date": None},
        ".pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    }
    with rc_context({"svg.hashsalt": "scoregap", "svg.fonttype": "path"}):
        drawn.savefig(content, format=ending[1:], dpi=150, metadata=undated[ending])
    return write_whole(path, content.getvalue())
