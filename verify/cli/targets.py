"""What a command is asked about: ids and families of the registry, files of lemmas, single lemmas of a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import typer

from theory.claims import REGISTRY, UnknownClaimError
from verify.audit.cases import Case, case, cases
from verify.lemma.files import is_place, lemma_at, lemmas_in
from verify.lemma.lemma import Lemma

Stated = str | Lemma
Found = TypeVar("Found")


def refusing(read: Callable[[], Found], name: str) -> Found:
    """What is read, with its errors about the argument ``name`` as errors of the command line."""
    try:
        return read()
    except UnknownClaimError as error:
        raise typer.BadParameter(error.message, param_hint=name) from None
    except (TypeError, ValueError) as error:
        raise typer.BadParameter(str(error), param_hint=name) from None


def select(ids: Sequence[str] | None) -> list[Stated]:
    """The claims, in the ledger's order, then the lemmas of the files as they come; every claim for None."""
    return refusing(lambda: [item.stated for item in _select(ids)], "ID")  # type: ignore[misc]


def _select(ids: Sequence[str] | None) -> tuple[Case, ...]:
    items: list[Stated] = []
    for text in ids or ():
        if text.endswith(".py"):
            items += lemmas_in(text).values()
        else:
            items.append(lemma_at(text) if is_place(text) else text)
    return cases(items or None)


def one(text: str) -> Case:
    """The one claim or lemma that is named."""
    return refusing(lambda: case(lemma_at(text) if is_place(text) else REGISTRY[text]), "ID")
