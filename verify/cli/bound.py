"""The command ``scoregap bound``: a claim's right side in numbers, as lines, as a table, as a figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from json import dumps
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.table import Table
from rich.text import Text

from theory import symbols
from theory.statement import Claim
from verify.bound.terms import SEARCHED, TIME, Bound, MissingSymbolsError, bound, symbols_of
from verify.cli import targets
from verify.cli.console import output, print_plain
from verify.evidence.files import Json, plain
from verify.studies.drawing import check_format, figure, save, style


def command(
    claim_id: Annotated[str, typer.Argument(metavar="ID", help="an inequality, e.g. L4:sharp or my_lemmas.py:NAME")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="a symbol's value: n=1e3, delta=1/20, m=2**10"),
    ] = None,
    over: Annotated[
        str | None,
        typer.Option(metavar="NAME=FROM:TO:log|lin[:COUNT]", help="tabulate over a range, e.g. tau=1:1e4:log"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print the bound as JSON, and nothing else")] = False,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="with --over: draw it (.png, .svg or .pdf)")] = None,
) -> None:
    """Evaluate a bound: every named term, the total, the best training time, and what dominates."""
    console = output()
    if plot is not None:
        if over is None:
            raise typer.BadParameter(
                "needs a range: give --over as well, e.g. --over tau=1:1e4:log", param_hint="--plot"
            )
        try:
            check_format(plot)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--plot") from None
    try:
        claim = targets.one([claim_id]).claim
        values, idle = _entering(claim, _settings(settings or []))
        found = bound(claim, values, over)
    except MissingSymbolsError as error:
        errors = output(stderr=True)
        print_plain(errors, f"{claim_id} needs values for (give each with --set NAME=VALUE):")
        for entry in error.missing:
            print_plain(errors, f"    {entry.symbol!s:20} {entry.meaning}, in {entry.domain}")
        raise typer.Exit(2) from None
    except ValueError as error:
        name = "--over" if str(error).startswith("over") else "ID" if str(error).startswith("claim") else "--set"
        raise typer.BadParameter(str(error), param_hint=name) from None
    if json:
        print_plain(console, dumps(bound_dict(found), indent=2, ensure_ascii=False, allow_nan=False))
        return
    print_plain(console, f"{found.id}  —  {claim.sentence}")
    for name in idle:
        print_plain(console, f"{name} ({symbols.info(name).meaning}) does not enter this bound")
    if found.over is None:
        for line in scalar_lines(found):
            print_plain(console, line)
        return
    console.print(sweep_table(found))
    if plot is not None:
        print_plain(console, f"figure written to {draw(found, plot, logarithmic=':log' in str(over))}")


def _settings(texts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        name = name.strip()
        if not sign or not name:
            raise typer.BadParameter(f"must look like NAME=VALUE, e.g. n=1000; got {text!r}", param_hint="--set")
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
    own = {*map(str, claim.symbols), *claim.constants}
    idle = [name for name in values if name in symbols.REGISTRY and name not in own]
    return {name: value for name, value in values.items() if name not in idle}, idle


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
        yield f"a number is not finite: {found.outcome}"
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


def sweep_table(found: Bound) -> Table:
    """One row per value: the terms, the total, the dominant term, the best training time where rows differ in it."""
    if found.over is None:
        raise ValueError("found must have been evaluated over a range")
    name, values = found.over
    table = Table(header_style="bold")
    best = found.best_tau if found.best_tau is not None and found.best_tau.shape else None
    for column in (name, *found.terms, "total", "dominates", *(() if best is None else ("optimal tau",))):
        table.add_column(Text(column), justify="left" if column == "dominates" else "right", no_wrap=True)
    for k, value in enumerate(values):
        row = [value, *(term[k] for term in found.terms.values()), found.total[k]]
        cells = [f"{number:.6g}" for number in row]
        times = [] if best is None else ["–" if np.isnan(best[k]) else f"{best[k]:.4g}"]
        table.add_row(*map(Text, (*cells, str(found.dominant[k]), *times)))
    if best is None and found.best_tau is not None:
        table.caption = _best_caption(found)
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
    made = figure(6.4, 4.2)
    axes = made.subplots()
    axes.plot(values, found.total, color="0.72", linewidth=5, label="total")
    for index, (term, value) in enumerate(found.terms.items()):
        axes.plot(values, value, linewidth=1.3, label=term, **style(index + 1))
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
        if all((value > 0).all() for value in found.terms.values()):
            axes.set_yscale("log")
    entry = symbols.describe(symbols_of(found.claim)[name])
    axes.set_xlabel(f"{entry.text}   ({entry.meaning})")
    axes.set_ylabel(f"terms of the right side of {found.id}")
    axes.set_title(", ".join(f"{key} = {value:g}" for key, value in found.values.items()), fontsize=9)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(frameon=False)
    return save(made, path)
