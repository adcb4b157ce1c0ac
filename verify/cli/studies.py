"""The command ``scoregap experiment``: one study, or all of them, into a directory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from verify.cli.console import output, print_plain
from verify.evidence.files import require_directory
from verify.studies import STUDIES, Study, study
from verify.studies.replicas import ReplicasError, replicas_file

ALL = "all"


def command(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help=f"a study, or {ALL} for every one; without it they are listed")
    ] = None,
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="where the files go (made if need be)")] = Path(),
    quick: Annotated[bool, typer.Option("--quick", help="a smaller version, for a look")] = False,
    seed: Annotated[int, typer.Option(min=0, help="root of every random stream")] = 0,
    replicas: Annotated[
        int | None, typer.Option(min=1, help="networks trained for each figure (default: its own number)")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="go on from the replicas that DIR holds already")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="threads that train (default: one per core)")] = None,
    images: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="figure-6-7: images in an IDX or npz file, such as MNIST's (default: scikit-learn's digits)",
        ),
    ] = None,
    labels: Annotated[Path | None, typer.Option(metavar="FILE", help="figure-6-7: their labels in an IDX file")] = None,
    side: Annotated[
        int | None,
        typer.Option(
            min=1, help="figure-6-7: sum larger images over blocks, down to this many pixels on a side (default: 8)"
        ),
    ] = None,
) -> None:
    """Make a figure or table of the study of a name, or of all.

    Studies that train replicas keep each one in NAME.replicas.jsonl as it ends: after any stop, --resume goes on.
    """
    console = output()
    if name is None:
        for entry in STUDIES.values():
            print_plain(console, f"{entry.name:24} {entry.sentence}")
        return
    chosen = _chosen(name)
    if (replicas is not None or resume) and not any(entry.replicated for entry in chosen):
        raise typer.BadParameter(
            f"{name} trains no replicas; leave it out", param_hint="--resume" if replicas is None else "--replicas"
        )
    pictures = {
        name: value for name, value in (("images", images), ("labels", labels), ("side", side)) if value is not None
    }
    if pictures and not all(entry.images for entry in chosen):
        raise typer.BadParameter(f"{name} takes no images; leave it out", param_hint=f"--{next(iter(pictures))}")
    _prepare(out, chosen, resume)
    more: dict[str, Any] = {"replicas": replicas, "resume": resume, "workers": jobs or cores()}
    for entry in chosen:
        try:
            paths = entry.run(out, quick, seed, **(more if entry.replicated else {}), **pictures)
        except ReplicasError as error:
            raise typer.BadParameter(str(error), param_hint="--out") from None
        except ValueError as error:
            if not entry.images:
                raise
            raise typer.BadParameter(str(error), param_hint="--images") from None
        except KeyboardInterrupt:
            print_plain(
                console,
                f"interrupted in {entry.name}"
                + ("; --resume goes on from its finished replicas" if entry.replicated else ""),
            )
            raise typer.Exit(130) from None
        for path in paths:
            print_plain(console, f"written: {path}")


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chosen(name: str) -> Sequence[Study]:
    if name == ALL:
        return tuple(STUDIES.values())
    try:
        return (study(name),)
    except ValueError as error:
        raise typer.BadParameter(f"{error} (or {ALL})", param_hint="NAME") from None


def _prepare(out: Path, chosen: Sequence[Study], resume: bool) -> None:
    """Make the directory, and see before any work that no study would lose replicas in it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"cannot be made: {error}", param_hint="--out") from None
    try:
        require_directory(out)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--out") from None
    held = [
        path.name for path in (replicas_file(out, entry.name) for entry in chosen if entry.replicated) if path.exists()
    ]
    if held and not resume:
        raise typer.BadParameter(
            f"{out} holds {', '.join(held)} already: go on from there with --resume, remove them, "
            "or take another directory",
            param_hint="--out",
        )
