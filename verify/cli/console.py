"""What the command prints: the audit's table or plain lines, one claim in full, a replayed witness."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from theory import symbols
from theory.claims import REGISTRY
from theory.papers import PAPERS
from theory.statement import Claim
from theory.theorems import THEOREMS
from verify.audit.results import ClaimResult, Report
from verify.audit.words import attacks_text, ratio_text, seconds_text, witness_text
from verify.evidence.budget import longer_budgets
from verify.evidence.verdict import Verdict

STYLES = {
    Verdict.PROVED: "bold green",
    Verdict.CERTIFIED: "green",
    Verdict.EXHAUSTIVE: "green",
    Verdict.SUPPORTED: "cyan",
    Verdict.ARGUED: "cyan",
    Verdict.SEARCHED: "cyan",
    Verdict.REFUTED: "bold red",
    Verdict.UNDECIDED: "yellow",
    Verdict.VACUOUS: "yellow",
    Verdict.BLOCKED: "yellow",
    Verdict.SKIPPED: "yellow",
}


def output(*, stderr: bool = False) -> Console:
    """The console of a command: as wide as the terminal, and wide enough not to break lines in a pipe or a file."""
    return Console(stderr=stderr, width=None if os.isatty(2 if stderr else 1) else 400)


def print_plain(console: Console, text: str) -> None:
    """Print text as it is: no markup read in it, no colours, no line breaks of our own."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def plain_line(result: ClaimResult) -> str:
    """One claim on one line, for logs and pipes."""
    return (
        f"{result.id:24} {result.verdict:10} ratio {ratio_text(result.worst_ratio):>9}  mutants "
        f"{result.tally:>5}  {seconds_text(result.seconds):>7}  {result.sentence}"
    )


@dataclass
class AuditView:
    """Shows an audit as it runs: a progress bar and a table on a terminal, plain lines elsewhere."""

    console: Console
    everything: bool = False
    total: int = 0
    bar: Progress | None = field(default=None, repr=False)

    @contextmanager
    def running(self, total: int) -> Iterator[AuditView]:
        """Show progress inside the block."""
        self.total = total
        if not self.console.is_terminal:
            yield self
            return
        with Progress(
            TextColumn("auditing"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=self.console,
            transient=True,
        ) as self.bar:
            self.bar.add_task("", total=total)
            yield self

    def progress(self, result: ClaimResult, done: int, total: int) -> None:
        """Count one claim as done, of a number that grows by what the proofs use."""
        self.total = total
        if self.bar is not None:
            self.bar.update(self.bar.task_ids[0], advance=1, total=total, description=f"{result.id} {result.verdict}")
        else:
            self.line(plain_line(result))

    def finish(self, report: Report) -> None:
        """Print the table (on a terminal), the refutations' witnesses, and the summary."""
        if self.console.is_terminal and len(report):
            self._table(report)
        for result in report.results.values():
            if result.smallest is not None:
                self.line(f"{result.id} fails: {witness_text(result.smallest)}")
                if result.replay_line:
                    self.line(f"    {result.replay_line}")
        counts = ", ".join(f"{count} {verdict}" for verdict, count in report.counts().items())
        self.line(
            f"{len(report)} claims: {counts or 'none'}; {report.tally}; budget {report.budget}, seed {report.seed}, "
            f"{report.seconds:.1f} s"
        )
        for result in report.results.values():
            for remark in result.remarks:
                self.line(f"{result.id}: {remark}")
        for fault in report.faults:
            self.line(f"NOT AS EXPECTED  {fault}")
        if report.interrupted:
            left = f"{self.total - len(report)} of {self.total} claims were not audited"
            within = self.everything and self.total == len(report)
            self.line(f"interrupted: {'not all theorems were attacked' if within else left}")
        elif report.ok:
            own = any(name not in REGISTRY for name in report.results)
            self.line(
                "nothing speaks against any statement" if own else "every verdict is the one that the mathematics has"
            )
        for text in longer_budgets(report.budget):
            self.line(text)

    def _table(self, report: Report) -> None:
        table = audit_table(report, self.console.width)
        if table is not None:
            self.console.print(table)
            return
        for result in report.results.values():  # lines break
            self.line(plain_line(result))

    def line(self, text: str) -> None:
        """Print a line as it is."""
        print_plain(self.console, text)


_STATEMENT = 16
"""Characters of a line that a statement needs at least to be read."""


def audit_table(report: Report, width: int) -> Table | None:
    """The audit as a table of at most ``width`` characters, without the statements if need be; None if that is less."""
    results = list(report.results.values())
    cells = [
        (result.id, str(result.verdict), ratio_text(result.worst_ratio), result.tally, seconds_text(result.seconds))
        for result in results
    ]
    header = ("id", "verdict", "worst ratio", "mutants", "time")
    needed = 1 + sum(3 + max(map(cell_len, column)) for column in zip(header, *cells, strict=True))
    if needed > width:
        return None
    with_statement = needed + 3 + _STATEMENT <= width
    table = Table(show_lines=False, header_style="bold")
    for name in header:
        table.add_column(name, justify="left" if name in ("id", "verdict") else "right", no_wrap=True)
        if name == "id" and with_statement:
            table.add_column("statement", ratio=1)
    for result, (name, verdict, *numbers) in zip(results, cells, strict=True):
        sentence = (escape(result.sentence),) if with_statement else ()
        table.add_row(name, *sentence, Text(verdict, style=STYLES[result.verdict]), *numbers)
    return table


def statement_lines(claim: Claim) -> Iterator[str]:
    """What a claim says, line by line."""
    yield f"{claim.id}  —  {claim.sentence}"
    yield ""
    yield from textwrap.indent(claim.unicode(), "    ").splitlines()
    yield ""
    if len(claim.relation.rhs) > 1:
        yield f"terms         {' + '.join(claim.relation.rhs)}"
    yield f"quantifier    {claim.quantifier}"
    yield f"source        {claim.source}"
    if claim.source.paper in PAPERS:
        yield f"              {PAPERS[claim.source.paper]}"
    for hypothesis in claim.hypotheses:
        kind = "checked" if hypothesis.checked else "assumed"
        yield f"hypothesis    {hypothesis.name} ({kind}): {hypothesis.statement}"
    for name, constant in claim.constants.items():
        shown = f"{symbols.describe(constant.symbol).text} = {float(constant.value):.10g}"
        hidden = " (not given in print; evaluated at this)" if constant.hidden else ""
        yield f"constant      {name}: {shown}, {constant.meaning}{hidden}"
    for symbol in claim.symbols:
        entry = symbols.describe(symbol)
        if entry == symbols.REGISTRY.get(str(symbol)):
            yield f"symbol        {entry.text} ({symbol}): {entry.meaning}, in {entry.domain}"
    if claim.note:
        yield f"note          {claim.note}"


def _proof_lines(result: ClaimResult) -> Iterator[str]:
    if result.depends_on:
        yield f"depends on    {', '.join(result.depends_on)}"
    for name in result.rests_on:
        theorem = THEOREMS.get(name)  # methods other than the kernel say what they trust in words
        yield f"rests on      {name}" + (f" ({theorem.source}): {theorem.sentence}" if theorem else "")
    if result.attacks:
        broke = [attack.broke for attack in result.attacks]
        yield f"attacks       {sum(broke)} of {len(broke)} break the proof: {attacks_text(result.attacks)}"


def evidence_lines(result: ClaimResult) -> Iterator[str]:
    """What an audit found out about a claim, line by line."""
    yield ""
    ratio, seconds = ratio_text(result.worst_ratio), seconds_text(result.seconds)
    tried = result.instances if result.verdict in (Verdict.SUPPORTED, Verdict.SEARCHED) else None
    reach = "" if tried is None else f" at {tried:,} instance{'s' * (tried != 1)}"
    yield f"verdict       {result.verdict}{reach}   worst ratio {ratio}   ({seconds})"
    if result.nearest is not None and result.smallest is None:
        yield f"nearest       {witness_text(result.nearest)}"
    for item in result.evidence:
        yield f"evidence      {item.method}: {item.verdict}, {item.summary}"
        for step in (*(item.steps or ()), *(item.divergence or ())):
            yield f"                  {step.status:9} {step.step}"
        for parameter, trend in (item.trends or {}).items():
            first, last = (f"{ratio_text(trend.constants[k])} at {trend.values[k]:.0e}" for k in (0, -1))
            yield f"                  constant needed along {parameter}: {first}, {last} ({trend.text})"
    yield from _proof_lines(result)
    for mutant in result.mutants:
        by = f" by {' and by '.join(mutant.killers)}" if mutant.killers else ""
        yield f"mutant        {mutant.name}: {mutant.outcome}{by} — {mutant.description}; false for: {mutant.regime}"
    if result.smallest is not None:
        yield f"witness       smallest: {witness_text(result.smallest)}"
    worst = next((item.worst for item in result.evidence if item.worst is not None), None)
    if worst is not None and worst != result.smallest:
        yield f"              worst:    {witness_text(worst)}"
    if result.replay_line:
        yield f"replay        {result.replay_line}"
    for remark in result.remarks:
        yield f"remark        {remark}"
    for fault in result.faults:
        yield f"NOT AS EXPECTED  {fault}"
