"""The option ``--dask``: work that is done by the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Annotated

import typer

from numerics.checks.extras import optional
from verify.cli.console import output, print_plain
from verify.cli.guard import REFUSED
from verify.cli.targets import refusing

Address = Annotated[
    str | None, typer.Option("--dask", metavar="ADDRESS", help="a Dask scheduler whose workers do the work: tcp://…")
]
_SECONDS = 5
"""How long a scheduler may take to answer."""


def refuse_jobs(address: str | None, jobs: int | None) -> None:
    """Refuse a number of processes of this machine beside a cluster."""
    if address is not None and jobs is not None:
        raise typer.BadParameter("the workers are those of the Dask cluster; leave it out", param_hint="--jobs")


@contextmanager
def workers_at(address: str) -> Iterator[Executor]:
    """The workers of a scheduler as an executor; the command ends in words where there is none."""
    distributed = refusing(lambda: optional("distributed", "cluster", "--dask needs Dask"), "--dask")
    try:
        client = distributed.Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # what is no address, and what nobody answers at
        print_plain(output(stderr=True), f"no Dask scheduler answers at {address}: {error}; start one, or correct it")
        raise typer.Exit(REFUSED) from None
    try:
        yield client.get_executor()
    finally:
        client.close(timeout=1)
