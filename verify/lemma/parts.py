"""What the arguments of a lemma were read into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from theory.statement import Claim
from verify.evidence.domain import Domain
from verify.lemma.ranges import Range
from verify.lemma.reading import AnySides
from verify.lemma.sampling import Sampler


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a lemma's arguments were read into; ``sides`` is None where only a sample is given."""

    claim: Claim
    domain: Domain
    ranges: Mapping[str, Range]
    sides: AnySides | None
    sampler: Sampler | None
    limits: tuple[sp.Expr, sp.Expr] | None
    measured: tuple[sp.Symbol, ...]
    along: tuple[str, ...]
