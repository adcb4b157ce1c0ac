"""Why a fault that nobody notices is none, or what would have to be looked at: by the fault's id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EQUIVALENT, HOLE = "equivalent", "not seen"

EXPLAINED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "0b94fa6b5c": (
            EQUIVALENT,
            "blocks of any size draw from the same law: other bits, and no statement is about bits",
        ),
        "90a83eacf6": (EQUIVALENT, "10|w| > 0 says what |w| > 0 says: w ≠ 0"),
        "1ec4e97863": (
            EQUIVALENT,
            "the claim is refuted at a τ >= 1, and with more τ allowed too: the verdict is true of both",
        ),
        "afe401b025": (EQUIVALENT, "the loss on any n data is such a quadratic: the theorem needs no law of the data"),
        "cb5194b56b": (EQUIVALENT, "the nodes of a Gauss–Kronrod pair lie symmetrically, and so do its weights"),
        "d514d6d3f5": (EQUIVALENT, "the nodes of a Gauss–Hermite rule lie symmetrically, and so do its weights"),
        "7f538ac9cf": (EQUIVALENT, "other numbers of the same generator: other bits, and no statement is about bits"),
        "4e92543d93": (
            HOLE,
            "they differ where the middle of a narrow cell is exactly a node of the rule, and no audit or test meets "
            "that; the slope takes its sign without a product now, and 0 there whatever the sign",
        ),
        "063fc14a58": (
            HOLE,
            "it only says that Q and Q̂ are quadratics, of which alone the conclusion speaks: no model can violate it, "
            "and what proofs cite the theorem for are quadratics by other facts that they use",
        ),
    }
)
"""(equivalent or not seen, the reason)."""
