"""The page of results: kind by kind who notices, and every survivor with its explanation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.faults.explained import EQUIVALENT, EXPLAINED
from theory.markup import Table

_HEAD = """# Faults planted on purpose

`python -m tests.faults --jobs 2 --out DIR` changes one place of `theory`, `numerics` or the proofs at a time, in a
copy, and looks who notices: first the quick audit, of the claims that the change can reach, nearest first, and of the
theorems that proofs rest on, up to the first finding that the sound tree does not have; then, for what the audit lets
pass, the test files of the changed module. Most changes are made by walking the syntax trees and drawn with seed
{seed}, a share of each kind. The others are written by hand: the kinds that matter most, in claim and proof alike. A
change that leaves every claim and every value as they are is *equivalent*: nobody can notice it, and it is not counted.

Formulas of `theory` and `numerics` are drawn from the functions that a quick audit runs in order to measure a claim:
every function of the sound tree says so when it runs, what Numba compiles by a byte of memory that it sets. What runs
only because an instrument is compared with exact forms (the method "instruments") does not count, nor do streams (whose
faults are written by hand), refusals of arguments, and the configuration of Numba. Of a function that is run any
operator may be drawn, on a branch that no audit takes, too. What only studies, bounds of a user's data or other
backends run is not in this population: the tests alone look after it.

"""


def outcome(line: Mapping[str, Any]) -> str:
    """Who noticed: "audit", "tests", "equivalent" or "nobody"."""
    if line["audit"]:
        return "audit"
    if line["tests"]["failed"]:
        return "tests"
    return "equivalent" if EXPLAINED.get(line["id"], ("", ""))[0] == EQUIVALENT else "nobody"


def page(lines: Sequence[Mapping[str, Any]], drawn: int, seed: int = 0) -> str:
    """The page in Markdown, of so many faults that were drawn."""
    kinds = list(dict.fromkeys(line["kind"] for line in lines))
    rows = [_row(kind, [line for line in lines if line["kind"] == kind]) for kind in kinds]
    table = Table(
        header=("kind", "planted", "equivalent", "seen by the audit", "by the audit or the tests", "seen by nobody"),
        rows=[*rows, _row("all", lines)],
    )
    equivalent = Counter(map(outcome, lines))["equivalent"]
    inside, outside = (
        [item for item in lines if item["where"].startswith("numerics/") is measured] for measured in (True, False)
    )
    summary = (
        f"{len(lines)} of the {drawn} faults have been run, in their seeded order; {equivalent} are equivalent. "
        f"Of the others the audit alone notices {_share(lines, 'audit')}, audit and tests "
        f"{_share(lines, 'audit', 'tests')}: of those in theory and proofs {_share(outside, 'audit')} and "
        f"{_share(outside, 'audit', 'tests')}, of those in numerics "
        f"{_share(inside, 'audit')} and {_share(inside, 'audit', 'tests')}.\n"
    )
    parts = [_HEAD.format(seed=seed), summary, "\n", table.markdown(), "\n"]
    for name, title in (("tests", "Seen by tests only"), ("nobody", "Seen by nobody"), ("equivalent", "Equivalent")):
        chosen = [line for line in lines if outcome(line) == name]
        if chosen:
            parts.append(f"\n## {title}\n\n" + "".join(map(_item, chosen)))
    return "".join(parts)


def _row(kind: str, lines: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    found = Counter(map(outcome, lines))
    counts = (len(lines), found["equivalent"], found["audit"], found["audit"] + found["tests"], found["nobody"])
    return (kind, *map(str, counts))


def _share(lines: Sequence[Mapping[str, Any]], *seen: str) -> str:
    """How many of the lines that are not equivalent have such an outcome, and their share."""
    real = [found for found in map(outcome, lines) if found != "equivalent"]
    count = sum(found in seen for found in real)
    return f"{count} of {len(real)} ({100 * count / len(real):.1f} %)" if real else "none of 0"


def _item(line: Mapping[str, Any]) -> str:
    why = EXPLAINED.get(line["id"], ("", ""))[1]
    seen = line.get("tests", {}).get("failed", "")
    if why:
        text = f"{why[0].upper()}{why[1:]}."
    else:
        text = f"Noticed by {seen.split(' - ')[0].removeprefix('FAILED ')}." if seen else "Not explained yet."
    return f"- `{line['where']}`, {line['kind']}: {line['what'].replace('|', '∣')}. {text}\n"
