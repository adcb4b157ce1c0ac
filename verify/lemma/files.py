"""Lemmas in files: a Python file is imported, and its lemmas are called ``FILE.py:NAME`` by their variables."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from theory.checks import shown
from verify.evidence.user_files import imported
from verify.lemma.arguments import FAMILY
from verify.lemma.lemma import Lemma


class LemmaFileError(ValueError):
    """A file of lemmas cannot be read, or lacks what was asked for; the message says where, and the remedy."""


def is_place(text: str) -> bool:
    """Whether a text names a file of lemmas, ``FILE.py``, or one of them, ``FILE.py:NAME``."""
    return text.endswith(".py") or ".py:" in text


def lemmas_in(path: str | Path) -> Mapping[str, Lemma]:
    """The lemmas that a Python file makes, by the names of their variables, in their order; it is imported once.

    Names that begin with an underscore are the file's own. Raises LemmaFileError (a ValueError) for a file that does
    not exist, is not Python, raises when it is imported, or makes no lemma, and for two lemmas of the same id.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path must be the name of a Python file; got {shown(path)}")
    text = os.fspath(path)
    target = Path(text)
    if target.suffix != ".py":
        raise LemmaFileError(f"{text} must be a Python file, my_lemmas.py; make one with: scoregap new my_lemmas.py")
    try:
        there = target.is_file()
    except OSError as error:  # a name that no file can have
        raise LemmaFileError(f"{text[:200]} is no file: {error.strerror}; check the name") from None
    if not there:
        raise LemmaFileError(f"{text} does not exist; make it with: scoregap new {text}")
    module = imported(target, LemmaFileError)
    found: dict[str, Lemma] = {}
    ids: dict[str, str] = {}
    for name, value in vars(module).items():
        if name.startswith("_") or not isinstance(value, Lemma):
            continue
        if any(value is vars(module)[other] for other in found):  # the same lemma under a second name
            continue
        filed = _filed(value, text, name)
        if filed.claim.id in ids:
            raise LemmaFileError(
                f"{text}: {ids[filed.claim.id]} and {name} have the same id {filed.claim.id}; give one of them "
                "another id="
            )
        ids[filed.claim.id] = name
        found[name] = filed
    if not found:
        raise LemmaFileError(f"{text} holds no lemma; give what verify.lemma(…) returns a name at the top level")
    return MappingProxyType(found)


def _filed(lemma: Lemma, path: str, name: str) -> Lemma:
    """The lemma with its place; its id is made from its variable, unless it was given one."""
    place = f"{path}:{name}"
    filed = replace(lemma, place=place, again=(lemma_at, (place,)), known_as=(lemma.claim.id,))
    variant = re.sub("_+", "-", name).strip("-")
    if lemma.named or not re.fullmatch(r"[A-Za-z][A-Za-z0-9\-]*", variant):
        return filed
    own = f"{FAMILY}:{variant}"
    return replace(filed, claim=replace(lemma.claim, id=own), plan=replace(lemma.plan, claim=own))


def lemma_at(place: str) -> Lemma:
    """The lemma called ``FILE.py:NAME``; the only one of a file may be called ``FILE.py``.

    Raises LemmaFileError as `lemmas_in` does, for a name that the file does not have, and for one that is no lemma.
    """
    path, colon, name = place.rpartition(":") if ".py:" in place else (place, "", "")
    found = lemmas_in(path)
    if not colon:
        if len(found) == 1:
            return next(iter(found.values()))
        raise LemmaFileError(
            f"{path} holds {len(found)} lemmas; name one of them: " + ", ".join(f"{path}:{n}" for n in found)
        )
    if name in found:
        return found[name]
    close = difflib.get_close_matches(name, found, n=3)
    module = imported(Path(path), LemmaFileError)
    if hasattr(module, name) and not name.startswith("_"):
        same = [other for other in found if getattr(module, other) is getattr(module, name)]
        if same:
            return found[same[0]]
        raise LemmaFileError(
            f"{place} is no lemma but {shown(getattr(module, name))}; make it with verify.lemma(…); the lemmas are "
            f"{', '.join(found)}"
        )
    raise LemmaFileError(
        f"{path} has no lemma called {name!r}; "
        + (f"did you mean {', '.join(close)}?" if close else f"the lemmas are {', '.join(found)}")
    )
