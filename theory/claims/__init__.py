"""The claims, one file or folder per family, found by what lies beside this file.

A file ends with its ``FAMILY``; ``REGISTRY`` maps an id such as ``"L1:repaired"`` to its claim.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any

from theory.checks import shown
from theory.family import Family, files
from theory.statement import Claim

ORDER = (
    "equation_8",
    "equations_3_4",
    "equation_6",
    "equation_7",
    "equations_12_13",
    "relu",
    "score",
    "lemma_1",
    "lemma_2",
    "prior",
    "hilbert",
    "lemma_3",
    "lemma_4",
    "lemma_5",
    "lemma_6",
    "lemma_7",
    "lemma_8",
    "rademacher_contraction",
    "rademacher_linear",
    "rademacher_products",
    "rademacher_networks",
    "rademacher_fixed_function",
    "uniform_deviation",
    "theorem_1",
    "theorem_2",
    "capacity",
    "inconsistency",
    "early_stopping",
    "figure_3",
    "figure_4",
    "figure_5",
    "figure_8",
    "figure_9",
    "figure_10",
    "figures_6_7",
    "figure_11",
    "decoupling",
    "learning",
    "prior_term",
    "channel_information",
    "encoder_decoupling",
    "wasserstein_bound",
    "generated_divergence",
    "gaussian_vae",
    "bounded_score",
    "diffusion_printed",
    "sampler_information",
    "diffusion_repaired",
    "best_time",
    "authors_conventions",
)
"""The order in which the ledger is read; a file of this folder that is not named here comes after these, by name."""


_LONGEST = 60
"""Characters of an unknown id that are looked at and repeated."""


class Claims(Mapping[str, Claim]):
    """A read-only mapping from id to claim, made when it is first used; an unknown id raises KeyError with the nearest.

    ``make`` gives the claims by id.
    """

    def __init__(self, make: Callable[[], Mapping[str, Claim]]):
        self._make = make

    @cached_property
    def _items(self) -> dict[str, Claim]:
        return dict(self._make())

    def __getitem__(self, claim_id: str) -> Claim:
        try:
            return self._items[claim_id]
        except (KeyError, TypeError):
            raise UnknownClaimError(claim_id, self._items) from None

    def get(self, claim_id: str, default: Any = None) -> Any:
        """The claim of an id, or the default; the nearest ids are not sought."""
        try:
            return self._items.get(claim_id, default)
        except TypeError:  # no id at all
            return default

    def __contains__(self, claim_id: object) -> bool:
        return claim_id in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"<{len(self)} claims: {', '.join(self)}>"

    def select(self, ids: object = None) -> tuple[str, ...]:
        """The ids named by ids or family names (``"L4"``), in the ledger's order; all of them for None.

        Raises KeyError (an `UnknownClaimError`) for a name that is neither, TypeError for what is not a string.
        """
        if ids is None:
            return tuple(self)
        if not isinstance(ids, Iterable) or isinstance(ids, (bytes, bytearray)):
            raise TypeError(f"ids must be strings such as 'L1:repaired'; got {shown(ids)}")
        names = [ids] if isinstance(ids, str) else list(ids)
        chosen: set[str] = set()
        for name in names:
            if not isinstance(name, str):
                raise TypeError(f"ids must be strings such as 'L1:repaired'; got {shown(name)}")
            found = {claim_id for claim_id in self if name in (claim_id, self[claim_id].family)}
            if not found:
                raise UnknownClaimError(name, self._items)
            chosen |= found
        return tuple(claim_id for claim_id in self if claim_id in chosen)


class UnknownClaimError(KeyError):
    """There is no claim of this id; the message names the nearest ones."""

    def __init__(self, claim_id: object, known: Iterable[str]):
        text = claim_id[:_LONGEST] if isinstance(claim_id, str) else shown(claim_id)  # matching is quadratic
        known = tuple(known)
        families = tuple(dict.fromkeys(name.partition(":")[0] for name in known))
        by_lower = {name.lower(): name for name in (*known, *families)}
        close = [by_lower[name] for name in difflib.get_close_matches(text.lower(), by_lower, n=3, cutoff=0.5)]
        family = text.split(":", maxsplit=1)[0]
        close = close or [name for name in known if name.split(":", maxsplit=1)[0] == family][:3]
        cut = "…" if isinstance(claim_id, str) and len(claim_id) > _LONGEST else ""
        self.message = f"unknown claim {text!r}{cut}; " + (
            f"the nearest are {', '.join(close)}" if close else f"the families are {', '.join(families)}"
        )
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


def gather(families: Iterable[Family]) -> dict[str, Claim]:
    """All claims of the families by id, in their order; ValueError for two families of one key."""
    found: dict[str, Claim] = {}
    keys: set[str] = set()
    for family in families:
        if family.key in keys:
            raise ValueError(f"two families have the key {family.key}; put their claims into one folder")
        keys.add(family.key)
        found |= {claim.id: claim for claim in family.claims}
    return found


class Families(Mapping[str, Family]):
    """The families of a folder by the names of their files, in the ledger's order; each is imported when asked for."""

    def __init__(self, path: Iterable[str]):
        names = files(path)
        gone = [name for name in ORDER if name not in names]
        if gone:
            raise ValueError(f"theory/claims/{gone[0]}.py does not exist; take its name out of theory.claims.ORDER")
        self._names = (*ORDER, *sorted(set(names) - set(ORDER)))

    def __getitem__(self, name: str) -> Family:
        if name not in self._names:
            raise KeyError(name)
        family = getattr(import_module(f"theory.claims.{name}"), "FAMILY", None)
        if not isinstance(family, Family):
            raise TypeError(
                f"theory/claims/{name}.py must end with FAMILY = Family(key=…, subject=…, claims=…); "
                f"got {shown(family)}: what states no claims is named _{name}.py"
            )
        return family

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


FAMILIES = Families(__path__)
"""Every family by the name of its file."""
REGISTRY = Claims(lambda: gather(FAMILIES.values()))
"""Every claim by its id."""
