"""The graph of what rests on what: every claim with the claims that its proof uses, as a tree for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from theory.claims import REGISTRY
from verify.plans import PLANS
from verify.proofs.book import uses


def graph_lines(ids: Iterable[str] | None = None) -> Iterator[str]:
    """The trees of what the claims rest on, each claim with the verdict expected of it.

    ``ids``: claims or families; for None, all claims on which no other rests, then the number of those that neither
    rest on others nor support any. A claim that was shown with its branches already is not opened again. Raises
    KeyError for an unknown id.
    """
    chosen = REGISTRY.select(ids)
    links: dict[str, tuple[str, ...]] = {}
    waiting = list(chosen)
    while waiting:
        claim_id = waiting.pop()
        if claim_id not in links:
            links[claim_id] = uses(claim_id)
            waiting += links[claim_id]
    used = {link for claim_id in chosen for link in links[claim_id]}
    roots = [claim_id for claim_id in chosen if claim_id not in used]
    alone = [claim_id for claim_id in roots if ids is None and not links[claim_id]]
    shown: set[str] = set()
    for root in (claim_id for claim_id in roots if claim_id not in alone):
        yield from _tree(root, links, shown, "", "")
    if alone:
        yield f"{len(alone)} more claims rest on no other, and none on them"


def _tree(claim_id: str, links: Mapping[str, tuple[str, ...]], shown: set[str], first: str, rest: str) -> Iterator[str]:
    again = claim_id in shown and bool(links[claim_id])
    yield f"{first}{claim_id}  {PLANS[claim_id].expected}{'  (see above)' if again else ''}"
    shown.add(claim_id)
    branches = [] if again else list(links[claim_id])
    for place, link in enumerate(branches, 1):
        last = place == len(branches)
        yield from _tree(link, links, shown, rest + ("└── " if last else "├── "), rest + ("    " if last else "│   "))
