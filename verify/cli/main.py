"""The command ``scoregap``: audit, list, show, bound, replay, experiment, sweep."""

from __future__ import annotations

from collections.abc import Callable
from json import dumps
from pathlib import Path
from typing import Annotated

import typer

from numerics.backends.choice import use_backend
from numerics.checks.memory import require_memory
from theory.claims import REGISTRY
from verify.audit import engine, ledger
from verify.audit.cases import case
from verify.audit.graph import graph_lines
from verify.audit.results import ClaimResult
from verify.cli import bound, lemmas, studies, sweeps, targets, theorems
from verify.cli.clusters import Address, refuse_jobs, workers_at
from verify.cli.commands import Commands
from verify.cli.console import AuditView, evidence_lines, output, print_plain, statement_lines
from verify.cli.guard import INTERRUPTED, REFUSED, failure, guarded
from verify.cli.interrupts import WorkersLostError, audit_in_processes, audit_on, heeding
from verify.evidence.budget import BUDGETS, budget_named
from verify.evidence.files import made_directory, require_writable, write_or_rescue
from verify.origin import package_version

app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Audit the generalization theory of score-based diffusion models by machine.",
)

Ids = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID]...", help="claims, families or files of lemmas, e.g. L1:repaired, L4, my_lemmas.py"),
]
BudgetOption = Annotated[str, typer.Option(help=f"how much work: {', '.join(BUDGETS)}", metavar="NAME")]
SeedOption = Annotated[int, typer.Option(min=0, help="root of every random stream")]


def run() -> None:
    """The command, under its own name however it was started."""
    app(prog_name="scoregap")


def main() -> None:
    """Run the command; leaves with its exit status."""
    guarded(lambda: run)


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False) -> None:
    """Options of the command itself."""
    if version:
        typer.echo(f"scoregap {package_version()}")
        raise typer.Exit


@app.command()
def audit(
    ids: Ids = None,
    *,
    budget: BudgetOption = "quick",
    seed: SeedOption = 0,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="write the report as JSON")] = None,
    html: Annotated[Path | None, typer.Option(metavar="DIR", help="write the report as HTML pages")] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=studies.MOST_JOBS, help="worker processes (default: one per core)")
    ] = None,
    dask: Address = None,
    of_theorems: Annotated[
        bool,
        typer.Option("--theorems", help="attack the theorems that proofs rest on, in their models; ids are theirs"),
    ] = False,
    backend: studies.BackendOption = "numpy",
    device: studies.DeviceOption = "cpu",
    dtype: Annotated[
        str, typer.Option(metavar="NAME", help="float64 only: in float32 a verdict would be on rounding")
    ] = "float64",
) -> None:
    """Audit the claims; where none is named, all, and the theorems that their proofs rest on.

    Exit status: 0 when every verdict is the expected one and no theorem has a fault, 1 otherwise, 2 for bad usage.
    """
    if of_theorems:
        theorems.audit(ids, seed=seed)
    where = studies.backend_of(backend, device, dtype)
    if dtype != "float64":
        raise typer.BadParameter(
            f"verdicts are reached in float64; got {dtype}: their tolerances are roundings of it; leave it out "
            "(studies that train take --dtype float32)",
            param_hint="--dtype",
        )
    chosen = targets.select(ids)
    _check_budget(budget)
    if json is not None:
        _check_output(json, "--json")
    if html is not None:
        targets.refusing(lambda: made_directory(html, "folder"), "--html")
    refuse_jobs(dask, jobs)
    workers = 1 if dask is not None else min(jobs or studies.cores(), len(chosen))
    targets.refusing(lambda: _require_room(workers), "--jobs")
    view = AuditView(console=output(), everything=not ids)

    def shown(result: ClaimResult, done: int, total: int) -> None:
        view.progress(result, done, total)
        if failure() is not None and json is None and html is None:  # nobody would see the rest
            raise KeyboardInterrupt

    lost = ""
    asked = chosen if ids else None
    with use_backend(where), view.running(len(chosen)), heeding(shown) as progress:
        try:
            if dask is not None:
                with workers_at(dask) as executor:
                    report = audit_on(executor, asked, budget=budget, seed=seed, progress=progress)
            elif workers == 1:
                report = engine.audit(asked, budget=budget, seed=seed, progress=progress)
            else:
                report = audit_in_processes(asked, workers, budget=budget, seed=seed, progress=progress)
        except WorkersLostError as error:
            report, lost = error.report, str(error)
    kept = [] if json is None else [_kept(report.to_json, json, "report written to", report.to_dict)]
    kept += [] if html is None else [_kept(report.to_html, html, "pages written:", None)]
    view.finish(report)
    for line in (line for _, lines in kept for line in lines):
        view.line(line)
    if lost or not all(whole for whole, _ in kept):
        if lost:
            view.line(lost)
        raise typer.Exit(REFUSED)
    raise typer.Exit(INTERRUPTED if report.interrupted else 0 if report.ok else 1)


@app.command("list")
def list_claims(
    ids: Ids = None,
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="a Markdown page, one row per claim")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="a Markdown table, one row per family")] = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="write both into docs/claims.md and README.md, of all claims; the theorems into docs/theorems.md",
        ),
    ] = False,
    of_theorems: Annotated[
        bool, typer.Option("--theorems", help="the theorems that proofs rest on, and which claims do; ids are theirs")
    ] = False,
) -> None:
    """List the claims with the verdict that is expected of each."""
    console = output()
    if markdown + summary + (write or of_theorems) > 1:
        raise typer.BadParameter("give one of --markdown, --summary, --write and --theorems", param_hint="--summary")
    if of_theorems:
        theorems.list_them(ids, write=write)
        return
    if write:
        _write_tables(ids)
        return
    if markdown or summary:
        chosen = _registered(ids)
        typer.echo(ledger.claims_page(chosen) if markdown else ledger.readme_table(chosen), nl=False)
        return
    for item in map(case, targets.select(ids)):
        print_plain(console, f"{item.claim.id:24} {item.plan.expected:10} {item.claim.sentence}")


@app.command()
def show(
    ids: Ids = None,
    *,
    latex: Annotated[bool, typer.Option("--latex", help="the statement in LaTeX, and nothing else")] = False,
    evidence: Annotated[bool, typer.Option(help="run the claim's plan and show what it finds")] = True,
    graph: Annotated[
        bool, typer.Option("--graph", help="what the claims rest on, as trees (of all without an ID)")
    ] = False,
    budget: BudgetOption = "quick",
    seed: SeedOption = 0,
) -> None:
    """Show claims or families: statement, source, hypotheses, constants, evidence and witness; or what they rest on."""
    console = output()
    if graph:
        _registered(ids)
        for line in graph_lines(ids or None):
            print_plain(console, line)
        return
    if not ids:
        raise typer.BadParameter("give a claim or a family, e.g. L1:printed or L1 (or --graph)", param_hint="ID")
    chosen = [case(stated) for stated in targets.select(ids)]
    _check_budget(budget)
    for place, item in enumerate(chosen):
        if latex:
            print_plain(console, item.claim.latex())
            continue
        for line in ([""] * 2 * (place > 0)) + list(statement_lines(item.claim)):
            print_plain(console, line)
        if evidence:
            for line in evidence_lines(engine.check(item.stated, budget=budget, seed=seed)):
                print_plain(console, line)


app.command("bound")(bound.command)


app.command("new")(lemmas.new)
app.command("replay")(lemmas.replay)
app.command("experiment")(studies.command)
app.command("sweep")(sweeps.command)


# Helpers -------------------------------------------------------------------------------------------------------------


def _registered(ids: list[str] | None) -> tuple[str, ...]:
    """The registry's claims that are named; lemmas of files have no place in the ledger."""
    return targets.refusing(lambda: REGISTRY.select(ids or None), "ID")


def _write_tables(ids: list[str] | None) -> None:
    if ids:
        raise typer.BadParameter(f"the documents list all claims; got {' '.join(ids)}: leave it out", param_hint="ID")
    try:
        changed = ledger.write()
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error), param_hint="--write") from None
    typer.echo("\n".join(f"written: {path}" for path in changed) or "the documents are current")


def _check_budget(budget: str) -> None:
    try:
        budget_named(budget)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--budget") from None


_PROCESS = 250e6
"""Bytes that a worker process needs at least: Python with SymPy, NumPy and SciPy."""


def _require_room(workers: int) -> None:
    """Raise ValueError for more worker processes than the memory has room for."""
    if workers > 1:
        require_memory(
            f"an audit in {workers} processes",
            _PROCESS * workers,
            name="jobs",
            size=workers,
            cost=lambda k: _PROCESS * k,
        )


def _kept(
    write: Callable[[Path], Path], target: Path, words: str, otherwise: Callable[[], object] | None
) -> tuple[bool, list[str]]:
    """Write what an audit found; whether it is where it should be, and lines that say where it is.

    Where it cannot be written it goes into the temporary folder, and what can go nowhere is a line (``otherwise``).
    """
    try:
        found = write_or_rescue(write, target)
    except (OSError, ValueError) as error:
        return False, [f"{target} could not be written: {error}", *([dumps(otherwise())] if otherwise else [])]
    if found.is_relative_to(target):
        return True, [f"{words} {found}"]
    return False, [f"{target} could not be written; it is there instead:", f"{words} {found}"]


def _check_output(path: Path, option: str) -> None:
    """Refuse a file that cannot be written before the work starts."""
    try:
        require_writable(path)
    except ValueError as error:
        raise typer.BadParameter(str(error).removeprefix("path "), param_hint=option) from None
