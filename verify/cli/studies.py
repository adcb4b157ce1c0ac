"""The command ``scoregap experiment``: one study, or all of them, into a directory."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from numerics.backends.backend import Backend
from numerics.backends.choice import backend as backends
from numerics.backends.choice import use_backend
from verify.cli.clusters import Address, refuse_jobs, workers_at
from verify.cli.console import output, print_plain
from verify.cli.guard import INTERRUPTED, REFUSED, words
from verify.cli.targets import refusing
from verify.evidence.executors import ExecutorLostError
from verify.evidence.files import made_directory
from verify.studies import STUDIES, Study, study
from verify.studies.replicas import ReplicasError, replicas_file, require_room
from verify.sweeps.children import cores

BackendOption = Annotated[
    str, typer.Option(metavar="NAME", help="what runs the numerical kernels: numpy (with Numba) or torch")
]
DeviceOption = Annotated[str, typer.Option(metavar="NAME", help="with --backend torch: a device, e.g. cuda")]
DtypeOption = Annotated[
    str, typer.Option(metavar="NAME", help="with --backend torch: float64, or float32 for studies that train replicas")
]
FLOAT32 = (
    "float32: parameters are off by 9.3e-07 of the largest after 20 epochs of figure 3 (measured, docs/gpu.md), and "
    "by more the longer they are trained; verdicts are those of the rounded training"
)
ALL = "all"
MOST_JOBS = 1024


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
    jobs: Annotated[
        int | None, typer.Option(min=1, max=MOST_JOBS, help="threads that train (default: one per core)")
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="figure-6-7: images in an IDX or npz file, such as MNIST's (default: scikit-learn's digits)",
        ),
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="figure-6-7: their labels in an IDX or npz file")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="figure-6-7: the array's name in an npz file (default: images, x_train or x)"
        ),
    ] = None,
    side: Annotated[
        int | None,
        typer.Option(
            min=1, help="figure-6-7: sum larger images over blocks, down to this many pixels on a side (default: 8)"
        ),
    ] = None,
    dask: Address = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="figure-6-7: network (one hidden layer), or unet for U-Nets beside it, by PyTorch"
        ),
    ] = None,
    backend: BackendOption = "numpy",
    device: DeviceOption = "cpu",
    dtype: DtypeOption = "float64",
) -> None:
    """Make a figure or table of the study of a name, or of all.

    Studies that train replicas keep each one in NAME.replicas.jsonl as it ends: after any stop, --resume goes on.
    With --dask the workers of a cluster train them; studies without replicas are made here.
    """
    refuse_jobs(dask, jobs)
    where = backend_of(backend, device, dtype)
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
    if dask is not None and not any(entry.replicated for entry in chosen):
        raise typer.BadParameter(
            f"{name} trains no replicas that could be shared out; leave it out, or make it a cell of a sweep",
            param_hint="--dask",
        )
    if dtype != "float64":
        exact = ", ".join(entry.name for entry in chosen if not entry.replicated)
        if exact:
            raise typer.BadParameter(f"{exact} computes in float64 only; leave it out", param_hint="--dtype")
        print_plain(output(stderr=True), FLOAT32)
    pictures = {
        name: value
        for name, value in (("images", images), ("labels", labels), ("key", key), ("side", side), ("model", model))
        if value is not None
    }
    if pictures and not all(entry.images for entry in chosen):
        raise typer.BadParameter(f"{name} takes no images; leave it out", param_hint=f"--{next(iter(pictures))}")
    hint = "images" if set(pictures) - {"model"} else "replicas"
    _prepare(out, chosen, resume, replicas or 1)
    more: dict[str, Any] = {"replicas": replicas, "resume": resume, "workers": jobs or cores()}
    whole = True
    for entry in chosen:
        with ExitStack() as stack:
            if dask is not None and entry.replicated:
                more["executor"] = stack.enter_context(workers_at(dask))
            stack.enter_context(use_backend(where))
            paths = _run(
                entry,
                lambda entry=entry: entry.run(out, quick, seed, **(more if entry.replicated else {}), **pictures),
                lambda error: named if (named := error.partition(" ")[0]) in pictures else hint,
            )
        for path in paths:
            print_plain(console, f"written: {path}")
            if path.parent != out:
                whole = False
                print_plain(console, f"{out / path.name} could not be written; it is there instead")
    if not whole:
        raise typer.Exit(REFUSED)


def _run(
    entry: Study, work: Callable[[], tuple[Path, ...]], argument: Callable[[str], str]
) -> tuple[Path, ...]:  # fmt: skip
    """What a study writes; what stops it in words, with the way to go on."""
    again = "; --resume goes on from its finished replicas" if entry.replicated else ""
    console = output(stderr=True)
    try:
        return work()
    except ReplicasError as error:
        raise typer.BadParameter(str(error), param_hint="--out") from None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=f"--{argument(str(error))}") from None
    except KeyboardInterrupt:
        print_plain(console, f"interrupted in {entry.name}{again}")
        raise typer.Exit(INTERRUPTED) from None
    except (OSError, ExecutorLostError) as error:
        told = words(error) if isinstance(error, OSError) else str(error)
        print_plain(console, f"stopped in {entry.name}: {told}{again}")
        raise typer.Exit(REFUSED) from None


def backend_of(name: str, device: str, dtype: str) -> Backend:
    """The backend of three options."""
    made = refusing(lambda: backends(name), "--backend")
    if device != made.device:
        made = refusing(lambda: backends(name, device=device), "--device")
    return refusing(lambda: backends(name, device=device, dtype=dtype), "--dtype") if dtype != made.dtype else made


def _chosen(name: str) -> Sequence[Study]:
    if name == ALL:
        return tuple(STUDIES.values())
    try:
        return (study(name),)
    except ValueError as error:
        raise typer.BadParameter(f"{error} (or {ALL})", param_hint="NAME") from None


def _prepare(out: Path, chosen: Sequence[Study], resume: bool, replicas: int) -> None:
    """Make the directory, and see before any work that the replicas fit into memory and that none would be lost."""
    refusing(lambda: require_room(replicas), "--replicas")
    refusing(lambda: made_directory(out), "--out")
    held = [
        path.name
        for path in (replicas_file(out, entry.name) for entry in chosen if entry.replicated)
        if os.path.lexists(path)
    ]
    if held and not resume:
        raise typer.BadParameter(
            f"{out} holds {', '.join(held)} already: go on from there with --resume, remove them, "
            "or take another directory",
            param_hint="--out",
        )
