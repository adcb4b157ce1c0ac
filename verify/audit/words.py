"""Numbers and witnesses as a reader sees them."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence

from verify.audit.attacks import Attack
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


def attacks_text(attacks: Sequence[Attack]) -> str:
    """How many attacks on a proof there were of each kind."""
    counts = Counter(attack.kind for attack in attacks)
    names = {
        "hypothesis": "{} without a hypothesis",
        "failure": "the failure × 0.99",
        "randomness": "another randomness",
        "constant": "the right side × 0.99",
        "theorem": "{} with a weaker theorem",
        "claim": "{} with a weaker claim",
    }
    return ", ".join(text.format(counts[kind]) for kind, text in names.items() if counts[kind])


def witness_text(witness: Witness) -> str:
    """A witness on one line."""
    sides = "" if math.isnan(witness.left) else f": {witness.left:.6g} against {witness.right:.6g}"
    ratio = "" if math.isnan(witness.ratio) else f", ratio {ratio_text(witness.ratio)}"
    return json.dumps(plain(witness.instance), ensure_ascii=False) + sides + ratio
