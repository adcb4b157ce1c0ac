"""The command ``scoregap sweep``: the cells of a spec, kept in a store and written as a table."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from verify.cli.clusters import Address, refuse_jobs, workers_at
from verify.cli.console import output, print_plain
from verify.cli.guard import INTERRUPTED, REFUSED
from verify.cli.targets import refusing
from verify.evidence.executors import ExecutorLostError
from verify.evidence.files import require_writable
from verify.studies.files import Output
from verify.sweeps.children import cores
from verify.sweeps.driver import sweep
from verify.sweeps.named import NAMED, spec_of
from verify.sweeps.results import Sweep
from verify.sweeps.spec import read
from verify.sweeps.store import StoreError

MOST_JOBS = 1024
_SHOWN = 20
"""Failures that are printed; the table has all."""


def command(
    spec: Annotated[
        str,
        typer.Argument(
            metavar="SPEC|NAME", help=f"a TOML file that says what is computed, or one of {', '.join(NAMED)}"
        ),
    ],
    *,
    store: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="where finished cells are kept (default: NAME.sqlite of the spec's name)"),
    ] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="write the table as CSV (default: NAME.csv)")] = None,
    parquet: Annotated[Path | None, typer.Option(metavar="FILE", help="write the table as Parquet")] = None,
    dask: Address = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=MOST_JOBS, help="worker processes (default: one per core)")
    ] = None,
) -> None:
    """Compute the cells of a spec; what the store has is not computed again, so any stop is resumed by the same line.

    Exit status: 0 when every cell has its numbers, 1 otherwise.
    """
    place = refusing(lambda: spec_of(spec), "SPEC")
    plan = refusing(lambda: read(place), "SPEC")
    table = csv or Path(f"{plan.name}.csv")
    for path, option in ((table, "--csv"), (parquet, "--parquet")):
        if path is not None:
            refusing(lambda path=path: require_writable(path), option)
    refuse_jobs(dask, jobs)
    console = output()
    with ExitStack() as stack:
        executor: Executor = (
            stack.enter_context(workers_at(dask))
            if dask is not None
            else stack.enter_context(ThreadPoolExecutor(jobs or cores()))
        )
        try:
            found = sweep(place, executor=executor, store=store)
        except StoreError as error:
            raise typer.BadParameter(str(error), param_hint="--store") from None
        except ExecutorLostError as error:
            print_plain(output(stderr=True), str(error))
            raise typer.Exit(REFUSED) from None
    for line in _lines(found):
        print_plain(console, line)
    print_plain(console, f"table written to {refusing(lambda: found.to_csv(table), '--csv')}")
    if parquet is not None:
        print_plain(console, f"table written to {refusing(lambda: found.to_parquet(parquet), '--parquet')}")
    if spec in NAMED and found.ok:
        summary, files = NAMED[spec].summary(found), Output(table.parent, plan.name)
        for path in (files.numbers(summary.numbers), *files.figure(summary.figure)):
            print_plain(console, f"written: {path}")
    raise typer.Exit(INTERRUPTED if found.interrupted else 0 if found.ok else 1)


def _lines(found: Sweep) -> list[str]:
    """What became of the cells, in words."""
    counts = ", ".join(f"{count} {state}" for state, count in found.counts().items())
    lines = [f"{len(found.rows)} cells: {counts}; {found.computed} computed now, the others were in {found.store}"]
    for row in found.failures[:_SHOWN]:
        given = " ".join(f"{name}={value}" for name, value in row.cell.parameters.items())
        lines.append(f"{row.state}: {row.cell.kind} {row.cell.target} {given}: {row.error}")
    if len(found.failures) > _SHOWN:
        lines.append(f"and {len(found.failures) - _SHOWN} more, which the table has")
    if found.interrupted:
        lines.append("interrupted: the same line goes on from here")
    return lines
