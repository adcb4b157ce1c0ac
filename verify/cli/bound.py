"""The command ``scoregap bound``: a claim's right side in numbers, as lines, as a table, as a figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from theory import symbols
from theory.checks import shown
from theory.statement import Claim
from verify.bound.terms import SEARCHED, TIME, Bound, MissingSymbolsError, bound, known, symbols_of
from verify.cli import targets
from verify.cli.console import output, print_plain
from verify.cli.guard import shortened
from verify.cli.targets import refusing
from verify.evidence.files import Json, plain, require_writable
from verify.studies.drawing import check_format, figure, save, style

_CURVE = 600
"""Points of a drawn curve."""


def command(
    claim_id: Annotated[str, typer.Argument(metavar="ID", help="an inequality, e.g. L4:sharp or my_lemmas.py:NAME")],
    *,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="a symbol's value: n=1e3, delta=1/20, m=2**10"),
    ] = None,
    over: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=FROM:TO:log|lin[:COUNT]",
            help="tabulate over a range, e.g. tau=1:1e4:log, whatever value the symbol was set to",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print the bound as JSON, and nothing else")] = False,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="with --over: draw it (.png, .svg or .pdf)")] = None,
    law: Annotated[
        str | None,
        typer.Option(
            metavar="cells:EDGES:MASSES|two-modes:MU",
            help="T1:capacity or T1:repaired from a model: its inputs are computed, e.g. --law cells:-1,0,1:0.3,0.7 "
            "--set n=1000; T2:capacity or T2:repaired of two modes, e.g. --law two-modes:3",
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="T1:capacity from data alone (.csv, .npy): what they certify, e.g. --support -1:1"
        ),
    ] = None,
    support: Annotated[
        str | None, typer.Option(metavar="LOW:HIGH", help="with --data: the law's interval, or one a column: -1:1,0:2")
    ] = None,
    radius: Annotated[
        float | None, typer.Option(metavar="R", help="with --data: ‖Θ₀−Θ*‖ at most (default: assumed, and told)")
    ] = None,
    sde: Annotated[str, typer.Option(metavar="NAME", help="with --law: ou, vp, sub-vp or ve")] = "ou",
    horizon: Annotated[float, typer.Option(metavar="T", help="with --law: the end of the forward process")] = 1.0,
    features: Annotated[int, typer.Option(help="with --law: how many random features")] = 64,
    seed: Annotated[int, typer.Option(min=0, help="with --law: of the features and of the sample")] = 0,
) -> None:
    """Evaluate a bound: every named term, the total, the best training time, and what dominates."""
    console = output()
    asked = {"sde": sde, "horizon": horizon, "features": features, "seed": seed}
    if law is not None or data is not None:
        asked |= _asked(law, {"data": data, "support": support, "radius": radius})
        computed = _of_model if data is None else _of_data
        computed(claim_id, asked, _settings(settings or []), over, json=json, plot=plot)
        return
    _asked(law, {"data": data, "support": support, "radius": radius})
    if plot is not None:
        _check_plot(plot, over)
    found, idle, replaced = _evaluated(claim_id, _settings(settings or []), over)
    if found.over is None and not np.isfinite(found.total):
        _refuse_undefined(found)
    if json:
        print_plain(console, dumps(bound_dict(found), indent=2, allow_nan=False))  # escapes: any terminal can show it
        return
    print_plain(console, f"{found.id}  —  {found.claim.sentence}")
    for name in idle:
        print_plain(console, f"{name} ({symbols.info(name).meaning}) does not enter this bound")
    for name, value in replaced.items():
        print_plain(console, f"{name} runs over its range; {name} = {value} is not used")
    if found.over is None:
        for line in scalar_lines(found):
            print_plain(console, line)
        return
    for table in sweep_tables(found, console.width):
        console.print(table)
    if found.best_tau is not None and not found.best_tau.shape:
        print_plain(console, _best_caption(found))
    if plot is not None:
        print_plain(console, f"figure written to {draw(found, plot, logarithmic=':log' in str(over))}")


def _asked(law: str | None, of_data: dict[str, Any]) -> dict[str, Any]:
    """What is typed of a law, or of data."""
    if of_data["data"] is not None:
        if law is not None:
            raise typer.BadParameter("give --law or --data, not both", param_hint="--data")
        return of_data
    for name, value in of_data.items():
        if value is not None:
            raise typer.BadParameter("goes with --data FILE", param_hint=f"--{name}")
    return {"law": law}


def _of_model(
    claim_id: str, asked: dict[str, Any], settings: dict[str, str], over: str | None, *, json: bool, plot: Path | None
) -> None:
    """A bound whose inputs are computed from a model."""
    from_model = import_module("verify.cli.from_model")  # and numerics with it, which no other command needs
    console = output()
    if claim_id not in from_model.CLAIMS:
        takers = ", ".join(from_model.CLAIMS)
        raise typer.BadParameter(f"--law goes with {takers}; got {shown(claim_id)}", param_hint="--law")
    if plot is not None:
        raise typer.BadParameter("a bound from a model is not drawn; leave --plot out", param_hint="--plot")
    try:
        made = from_model.Asked(claim=claim_id, **asked).made()
        given = from_model.settled(made, settings, None if over is None else over.partition("=")[0].strip())
        found = from_model.evaluated(made, given) if over is None else from_model.swept(made, given, over)
    except ValueError as error:
        raise from_model.refused(error) from None
    if over is None and not np.isfinite(found.total):
        _refuse_undefined(found)
    if json:
        print_plain(console, dumps(bound_dict(found), indent=2, allow_nan=False))
        return
    print_plain(console, f"{found.id}  —  {found.claim.sentence}")
    if over is not None:
        for table in sweep_tables(found, console.width):
            console.print(table)
        if found.best_tau is not None:
            print_plain(console, _best_caption(found))
        return
    for line in (*from_model.inputs_told(made, found, given), *scalar_lines(found)):
        print_plain(console, line)
    for line in made.measured(tau=from_model.value_of(given["tau"]), n=int(from_model.value_of(given["n"]))):
        print_plain(console, line)


def _of_data(
    claim_id: str, asked: dict[str, Any], settings: dict[str, str], over: str | None, *, json: bool, plot: Path | None
) -> None:
    """What data alone certify."""
    from_data, from_model = import_module("verify.cli.from_data"), import_module("verify.cli.from_model")
    console = output()
    if claim_id != from_model.CLAIM:
        raise typer.BadParameter(f"--data goes with {from_model.CLAIM}; got {shown(claim_id)}", param_hint="--data")
    if plot is not None:
        raise typer.BadParameter("a bound from data is not drawn; leave --plot out", param_hint="--plot")
    try:
        made = from_data.AskedOfData(**asked).made()
        found, shown_lines = from_data.told(made, settings) if over is None else from_data.swept(made, settings, over)
    except ValueError as error:
        raise from_model.refused(error) from None
    if json:
        print_plain(console, dumps(plain(found), indent=2, allow_nan=False))
        return
    for line in shown_lines:
        print_plain(console, line)
    if over is not None:
        cells = {found["over"]["symbol"]: found["over"]["values"], **found["terms"]}
        console.print(_table([(key, "right", [f"{cell:.6g}" for cell in column]) for key, column in cells.items()]))


def _check_plot(plot: Path, over: str | None) -> None:
    """Refuse a figure that has no range, or that could not be written, before the work."""
    if over is None:
        raise typer.BadParameter("needs a range: give --over as well, e.g. --over tau=1:1e4:log", param_hint="--plot")
    refusing(lambda: check_format(require_writable(plot)), "--plot")


def _evaluated(claim_id: str, values: dict[str, str], over: str | None) -> tuple[Bound, list[str], dict[str, str]]:
    """The bound; the names of symbols that do not enter it; the value that a range takes the place of."""
    try:
        claim = targets.one(claim_id).claim
        entering, idle = _entering(claim, values)
        name = None if over is None else known(claim, over.partition("=")[0].strip(), "over")
        replaced = {key: entering.pop(key) for key in (name,) if key in entering}
        return bound(claim, entering, over), idle, replaced
    except MissingSymbolsError as error:
        errors = output(stderr=True)
        print_plain(errors, f"{shortened(claim_id)} needs values for (give each with --set NAME=VALUE):")
        for entry in error.missing:
            print_plain(errors, f"    {entry.symbol!s:20} {entry.meaning}, in {entry.domain}")
        raise typer.Exit(2) from None
    except ValueError as error:
        hint = "--over" if str(error).startswith("over") else "ID" if str(error).startswith("claim") else "--set"
        raise typer.BadParameter(str(error), param_hint=hint) from None


def _settings(texts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        name = name.strip()
        if not sign or not name:
            raise typer.BadParameter(f"must look like NAME=VALUE, e.g. n=1000; got {shown(text)}", param_hint="--set")
        if name in found:
            raise typer.BadParameter(f"{name} is given twice: {found[name]} and {value}", param_hint="--set")
        found[name] = value
    return found


def bound_dict(found: Bound) -> dict[str, Json]:
    """A bound as a JSON object; NaN and infinities are words."""
    sweep = None if found.over is None else {"symbol": found.over[0], "values": found.over[1]}
    numbers = {item.name: getattr(found, item.name) for item in fields(found) if item.name not in ("claim", "over")}
    return {name: plain(value) for name, value in {**numbers, "over": sweep}.items()}


def _entering(claim: Claim, values: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """The values that the claim takes (or that nobody knows, which is an error later), and the other symbols' names."""
    entering: dict[str, str] = {}
    idle = []
    for written, value in values.items():
        try:
            name = known(claim, written, "values")
        except ValueError:
            if written not in symbols.REGISTRY:
                raise
            idle.append(written)
            continue
        if name in entering:
            raise ValueError(f"values: {name} is given twice: {shown(entering[name])} and {shown(value)}")
        entering[name] = value
    return entering, idle


def _refuse_undefined(found: Bound) -> None:
    """Refuse values at which the bound is not a finite number, naming the terms and the hypotheses that fail there."""
    terms = [name for name, value in found.terms.items() if not np.isfinite(value)]
    failed = [
        f"the hypothesis {name} does not hold: {_hypothesis(found.claim, name)}"
        for name, holds in found.hypotheses.items()
        if not bool(holds)
    ]
    why = "; ".join(failed) or (
        "they are too large or too small" if found.outcome == "overflow" else "not defined there"
    )
    raise typer.BadParameter(
        f"the bound of {found.id} is not a finite number at these values ({', '.join(terms) or 'total'}): {why}; "
        "correct a value",
        param_hint="--set",
    )


# Lines and table -----------------------------------------------------------------------------------------------------


def scalar_lines(found: Bound) -> Iterator[str]:
    """The terms, largest first, the total, the left side if known, and the best training time."""
    terms = {name: float(value) for name, value in found.terms.items()}
    size = sum(map(abs, terms.values()))
    for name in sorted(terms, key=lambda name: -abs(terms[name])):
        share = f"{100 * abs(terms[name]) / size:5.1f} %" if 0 < size < np.inf else ""
        mark = "  dominates" if len(terms) > 1 and name == str(found.dominant) else ""
        yield f"{name:24} {terms[name]:14.6g}  {share}{mark}"
    yield f"{'total':24} {float(found.total):14.6g}"
    if found.left is not None:
        yield f"{'left side':24} {float(found.left):14.6g}"
    if found.outcome != "finite":
        yield f"a number on the left is not finite: {found.outcome}"
    for name, holds in found.hypotheses.items():
        if not bool(holds):
            yield f"the hypothesis {name} does not hold here: {_hypothesis(found.claim, name)}"
    for name, constant in found.claim.constants.items():
        if constant.hidden and name not in found.values:
            yield f"{name} = {float(constant.value):.6g} is not given in print; set it with --set {name}=…"
    if found.best_tau is not None:
        yield _best_line(found)


def _best_line(found: Bound) -> str:
    if str(found.trend) == "falls":
        return f"the total falls with {TIME} all the way to {SEARCHED[1]:g}: the longer the training, the better"
    if str(found.trend) == "rises":
        return f"the total rises with {TIME} all the way from {SEARCHED[0]:g}: the shorter the training, the better"
    best, least = float(np.asarray(found.best_tau)), float(np.asarray(found.best_total))
    return f"{'optimal tau':24} {best:14.6g}  total {least:.6g}, here {float(found.total) / least:.4g} times as much"


def _hypothesis(claim: Claim, name: str) -> str:
    return next(item.statement for item in claim.hypotheses if item.name == name)


def sweep_tables(found: Bound, width: int) -> list[Table]:
    """One row per value: the terms, the total, the dominant term, the best training time where rows differ in it.

    As many tables as it takes for ``width`` characters, each with the values in its first column: no number is cut.
    """
    if found.over is None:
        raise ValueError("found must have been evaluated over a range")
    name, values = found.over
    numbers = {name: values, **found.terms, "total": found.total}
    columns = [(header, "right", [f"{number:.6g}" for number in column]) for header, column in numbers.items()]
    columns.append(("dominates", "left", [str(word) for word in found.dominant]))
    if found.best_tau is not None and found.best_tau.shape:
        columns.append(("optimal tau", "right", ["–" if np.isnan(t) else f"{t:.4g}" for t in found.best_tau]))
    return [_table([columns[0], *group]) for group in _groups(columns, width)]


Column = tuple[str, str, list[str]]
"""A header, the side on which its cells stand, and these."""


def _groups(columns: list[Column], width: int) -> Iterator[list[Column]]:
    """The columns behind the first one, in groups that fit beside it."""
    sizes = [max(map(cell_len, (header, *cells))) + 3 for header, _, cells in columns]  # with padding and a border
    group: list[Column] = []
    used = start = sizes[0] + 1
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        if group and used + size > width:
            yield group
            group, used = [], start
        group.append(column)
        used += size
    yield group


def _table(columns: list[Column]) -> Table:
    table = Table(header_style="bold")
    for header, side, _ in columns:
        table.add_column(Text(header), justify="left" if side == "left" else "right", overflow="fold")
    for cells in zip(*(cells for *_, cells in columns), strict=True):
        table.add_row(*map(Text, cells))
    return table


def _best_caption(found: Bound) -> str:
    if str(found.trend) != "interior":
        return f"the total {found.trend} with {TIME}"
    return f"optimal tau {float(np.asarray(found.best_tau)):.6g}, total {float(np.asarray(found.best_total)):.6g}"


# Figure --------------------------------------------------------------------------------------------------------------


def draw(found: Bound, path: Path, *, logarithmic: bool) -> Path:
    """Draw the terms and the total over the range: the total as a broad grey line, the best training time marked on it.

    ``logarithmic``: both axes (the vertical one only if every value is positive). Errors as `drawing.save`.
    """
    if found.over is None:
        raise ValueError("found must have been evaluated over a range")
    name, values = found.over
    entry = symbols.describe(symbols_of(found.claim)[name])
    grid, dense = _dense(found, logarithmic)
    made = figure(6.4, 4.2)
    axes = made.subplots()
    axes.plot(grid, dense.total, color="0.72", linewidth=5, label="total")
    for index, (term, value) in enumerate(dense.terms.items()):
        axes.plot(grid, value, linewidth=1.3, label=term, **style(index + 1))
    if name == TIME and found.best_tau is not None and values[0] <= float(found.best_tau) <= values[-1]:
        best, least = float(found.best_tau), float(np.asarray(found.best_total))
        axes.plot(
            [best],
            [least],
            marker="D",
            color="black",
            markerfacecolor="white",
            linestyle="none",
            label=f"optimal tau = {best:.4g}",
        )
    if logarithmic:
        axes.set_xscale("log")
        if all((value > 0).all() for value in dense.terms.values()):
            axes.set_yscale("log")
    axes.set_xlabel(f"{entry.text}   ({entry.meaning})")
    axes.set_ylabel(f"terms of the right side of {found.id}")
    axes.set_title(", ".join(f"{key} = {value:g}" for key, value in found.values.items()), fontsize=9)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(frameon=False)
    return save(made, path)


def _dense(found: Bound, logarithmic: bool) -> tuple[np.ndarray, Bound]:
    """The range with so many values that curves are smooth, the table's own and the best time among them."""
    if found.over is None:
        raise ValueError("found must have been evaluated over a range")
    name, values = found.over
    made = (np.geomspace if logarithmic else np.linspace)(values[0], values[-1], _CURVE)
    if symbols.describe(symbols_of(found.claim)[name]).integer:
        made = np.round(made)
    best = [] if name != TIME or found.best_tau is None else np.atleast_1d(found.best_tau)
    grid = np.unique(np.clip([*values, *made, *(time for time in best if np.isfinite(time))], values[0], values[-1]))
    return grid, bound(found.claim, found.values, {name: grid})
