"""What ``scoregap list --theorems`` and ``scoregap audit --theorems`` do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

import typer

from theory.theorems import THEOREMS
from verify.cli.console import output, print_plain


@cache
def _room() -> Any:
    """``verify.audit.theorems``, with which the kernel, all proofs and the models load: only when it is asked for."""
    return import_module("verify.audit.theorems")


def list_them(ids: Sequence[str] | None, *, write: bool) -> None:
    """Print each theorem with its trust, reference, formal name and claims that rest on it; or write the page."""
    if write:
        _write(ids)
        return
    for name in _chosen(ids):
        print_plain(output(), _room().listed(THEOREMS[name]))


def audit(ids: Sequence[str] | None, *, seed: int) -> None:
    """Attack the theorems in their models, a line on each, and leave: exit status 0 without a fault, 1 with one."""
    console, names, wrong = output(), _chosen(ids), 0
    for name in names:
        (finding,) = _room().findings([name], seed=seed).values()
        faults = _room().faults(finding)
        wrong += bool(faults)
        print_plain(console, f"{name}: {_room().told(finding)}" if finding is not None else name)
        for fault in faults:
            print_plain(console, f"    FAULT: {fault}")
    print_plain(console, f"{len(names)} theorems, {wrong} with a fault")
    raise typer.Exit(1 if wrong else 0)


def _write(ids: Sequence[str] | None) -> None:
    if ids:
        raise typer.BadParameter(f"the page lists all theorems; got {' '.join(ids)}: leave it out", param_hint="ID")
    try:
        changed = _room().write()
    except OSError as error:
        raise typer.BadParameter(str(error), param_hint="--write") from None
    typer.echo("\n".join(f"written: {path}" for path in changed) or "the page is current")


def _chosen(ids: Sequence[str] | None) -> tuple[str, ...]:
    try:
        return _room().select(ids or None)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0]), param_hint="ID") from None
