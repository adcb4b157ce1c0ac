"""Numbers and witnesses as a reader sees them."""

from __future__ import annotations

import json
import math

from verify.evidence.files import plain
from verify.evidence.verdict import Witness


def ratio_text(value: float | None) -> str:
    """A ratio for a table: four digits, ∞, NaN, or a dash where nothing was measured."""
    if value is None:
        return "–"
    if math.isinf(value):
        return "∞"
    return "NaN" if math.isnan(value) else f"{value:.4g}"


def seconds_text(value: float) -> str:
    """A duration for a table."""
    return f"{value:.1f} s"


def witness_text(witness: Witness) -> str:
    """A witness on one line."""
    sides = "" if math.isnan(witness.left) else f": {witness.left:.6g} against {witness.right:.6g}"
    ratio = "" if math.isnan(witness.ratio) else f", ratio {ratio_text(witness.ratio)}"
    return json.dumps(plain(witness.instance), ensure_ascii=False) + sides + ratio
