"""A family of claims: the statements that share a key, and what they are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pkgutil import iter_modules

from theory import checks
from theory.statement import Claim


@dataclass(frozen=True, kw_only=True)
class Family:
    """The claims ``key:variant``, in the order in which they are read, and their subject in a few words.

    ``key`` is the part of their ids before the colon. Raises ValueError for no claims, for one of another family and
    for an id that stands twice.
    """

    key: str
    subject: str
    claims: tuple[Claim, ...]

    def __post_init__(self) -> None:
        checks.text("key", self.key)
        checks.text("subject", self.subject)
        claims = checks.sequence("claims", self.claims, Claim)
        if not claims:
            raise ValueError(f"claims of the family {self.key} must not be empty; state at least one claim")
        ids = [claim.id for claim in claims]
        foreign = [claim.id for claim in claims if claim.family != self.key]
        if foreign:
            raise ValueError(f"claims of the family {self.key} must have ids '{self.key}:variant'; got {foreign[0]}")
        twice = [name for name in dict.fromkeys(ids) if ids.count(name) > 1]
        if twice:
            raise ValueError(f"claims of the family {self.key} must have different ids; got {twice[0]} twice")
        object.__setattr__(self, "claims", claims)


def files(path: Iterable[str]) -> tuple[str, ...]:
    """The names of the modules and packages in a package's folder, but those that are private to it."""
    return tuple(module.name for module in iter_modules(path) if not module.name.startswith("_"))
