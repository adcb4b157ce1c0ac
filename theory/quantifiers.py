"""How a relation is claimed: for all values, with a probability, in expectation, or up to a constant."""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp

from theory import checks, symbols
from theory.exact import exact


@dataclass(frozen=True, kw_only=True)
class ForAll:
    """The relation holds for every value of its symbols."""

    over: str = "admissible values"

    def __post_init__(self) -> None:
        checks.text("over", self.over)

    def __str__(self) -> str:
        return f"for all {self.over}"


@dataclass(frozen=True, kw_only=True)
class WithProbability:
    """The relation holds with probability ``at_least``, over the randomness named in ``over``."""

    at_least: sp.Expr
    over: str

    def __post_init__(self) -> None:
        checks.text("over", self.over)
        level = exact("at_least", self.at_least, strings=False)
        if level.is_negative or (1 - level).is_negative:
            raise ValueError(f"at_least must be a probability in [0, 1]; got {level}")
        object.__setattr__(self, "at_least", level)

    def __str__(self) -> str:
        return f"with probability at least {symbols.unicode(self.at_least)} over {self.over}"


@dataclass(frozen=True, kw_only=True)
class InExpectation:
    """The relation holds for the expectation of its left side, which takes values in ``range`` (None: not stated)."""

    range: tuple[sp.Expr, sp.Expr] | None
    over: str

    def __post_init__(self) -> None:
        checks.text("over", self.over)
        if self.range is None:
            return
        ends = checks.instance("range", self.range, (tuple, list))
        if len(ends) != 2:
            raise ValueError(f"range must be a pair (low, high); got {checks.shown(self.range)}")
        low, high = (exact(f"range[{k}]", end, strings=False) for k, end in enumerate(ends))
        if (high - low).is_negative:
            raise ValueError(f"range must be (low, high) with low <= high; got ({low}, {high}): swap them")
        object.__setattr__(self, "range", (low, high))

    def __str__(self) -> str:
        if self.range is None:
            return f"in expectation over {self.over}"
        low, high = (symbols.unicode(end) for end in self.range)
        return f"in expectation over {self.over}, the left side in [{low}, {high}]"


@dataclass(frozen=True, kw_only=True)
class UpToConstant:
    """The relation holds up to a constant K that may depend on ``depends_on`` only (the papers' ``≲``)."""

    depends_on: tuple[str, ...] = ()
    inner: ForAll | WithProbability | InExpectation = field(default_factory=ForAll)

    def __post_init__(self) -> None:
        object.__setattr__(self, "depends_on", checks.texts("depends_on", self.depends_on))
        checks.instance("inner", self.inner, (ForAll, WithProbability, InExpectation))

    def __str__(self) -> str:
        names = ", ".join(self.depends_on)
        what = f"a constant depending on {names} only" if names else "an absolute constant"
        return f"up to {what}, {self.inner}"


Quantifier = ForAll | WithProbability | InExpectation | UpToConstant
