"""``python -m tests.faults --jobs 2 --out DIR``: plants the faults, audits, tests the survivors, writes the table.

Every fault that is done is a line of ``DIR/faults.jsonl``, synced to the disk: run again, it goes on from there.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import threading
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from tests.faults.by_hand import by_hand
from tests.faults.fault import Fault
from tests.faults.page import page
from tests.faults.planting import planted
from tests.faults.running import audited, in_child, load_everything, stages, survey, tested

SHARES = {
    "quantifier strengthened": 20,
    "hypothesis dropped": 30,
    "hypothesis widened": 8,
    "right side lowered by 2 %": 20,
    "claim: exponent or sign": 12,
    "core formula": 24,
    "theorem lowered by 1 %": 12,
    "theorem: a fact dropped": 8,
    "theorem: failure halved": 6,
    "vocabulary": 12,
    "proof by restatement": 8,
    "nonsense citation": 8,
    "monotone step deleted": 8,
    "proof: the last step deleted": 8,
    "proof: a number changed": 8,
    "numerics": 24,
}
"""How many of each kind are drawn; those made by hand are all run."""


def drawn(faults: Sequence[Fault], seed: int, shares: dict[str, int], reached: set[str] | None = None) -> list[Fault]:
    """A seeded sample with its share of each kind, in a seeded order; of formulas only those that an audit runs."""
    rng = random.Random(seed)
    chosen: list[Fault] = []
    for kind, count in shares.items():
        of_kind = [item for item in faults if item.kind == kind]
        if reached is not None and kind in ("core formula", "numerics"):
            of_kind = [item for item in of_kind if item.function in reached]
        rng.shuffle(of_kind)
        chosen += islice((item for item in of_kind if item.parses()), count)
    rng.shuffle(chosen)
    return chosen


def judged(fault: Fault, sound: dict[str, Any], audit_limit: float, test_limit: float) -> dict[str, Any]:
    """One fault's line: what the audit finds, and if it finds nothing, what the tests find."""
    found = in_child(lambda: audited(fault, stages(fault, sound), sound["known"], theorems=True), audit_limit)
    line: dict[str, Any] = {
        "id": fault.id,
        "kind": fault.kind,
        "where": fault.where,
        "what": fault.what,
        "audit": found.get("caught", ""),
        "late": found.get("late", False),
        "seconds": found["seconds"],
        "audited": sorted(found.get("done", {})),
    }
    if not line["audit"]:
        line["tests"] = tested(fault, test_limit)
    return line


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the results, which are gone on with")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", action="append", help="only faults of this kind")
    parser.add_argument("--only", action="append", help="only the fault of this id")
    parser.add_argument("--audit-limit", type=float, default=900.0, help="seconds for one fault's audit")
    parser.add_argument("--test-limit", type=float, default=900.0, help="seconds for one fault's tests")
    parser.add_argument("--page", type=Path, help="write the table to this file, and run nothing")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    store = chosen.out / "faults.jsonl"
    done = _read(store)
    load_everything()
    sound = _survey(chosen.out / "survey.json", 10 * chosen.audit_limit)
    reached = {name for names in [*sound["reached"].values(), sound["loading"]] for name in names}
    faults = [*by_hand(), *drawn(planted(), chosen.seed, SHARES, reached)]
    if chosen.page is not None:
        chosen.page.write_text(page(list(done.values()), len(faults), chosen.seed), encoding="utf-8")
        return
    if chosen.kind:
        faults = [item for item in faults if item.kind in chosen.kind]
    if chosen.only:
        faults = [item for item in faults if item.id in chosen.only]
    waiting = [item for item in faults if item.id not in done or _late(done[item.id])]
    print(f"{len(faults)} faults, {len(waiting)} to run", flush=True)
    _run(waiting, chosen.jobs, store, lambda item: judged(item, sound, chosen.audit_limit, chosen.test_limit))


def _read(store: Path) -> dict[str, dict[str, Any]]:
    """The latest line of every fault that was run."""
    lines = store.read_text(encoding="utf-8").splitlines() if store.exists() else []
    out = {}
    for line in lines:
        try:
            item = json.loads(line)
        except ValueError:  # the last line of a run that was killed
            continue
        out[item["id"]] = item
    return out


def _late(line: dict[str, Any]) -> bool:
    """Whether the audit or the tests ran out of time and nobody noticed: then it is run again."""
    unseen = not line["audit"] and not line.get("tests", {}).get("failed")
    return unseen and bool(line["late"] or line.get("tests", {}).get("late"))


def _survey(path: Path, limit: float) -> dict[str, Any]:
    if not path.exists():
        found = survey(limit)
        if "known" not in found:
            raise SystemExit(f"the audit of the sound tree did not end: {found}")
        path.write_text(json.dumps(found), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def _run(waiting: list[Fault], jobs: int, store: Path, judge: Callable[[Fault], dict[str, Any]]) -> None:
    lock, left = threading.Lock(), list(waiting)
    if store.exists() and not store.read_bytes().endswith(b"\n"):  # a run was killed within a line
        with store.open("a", encoding="utf-8") as out:
            out.write("\n")

    def work() -> None:
        while True:
            with lock:
                if not left:
                    return
                fault = left.pop(0)
            line = judge(fault)
            with lock, store.open("a", encoding="utf-8") as out:
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
                out.flush()
                os.fsync(out.fileno())
                verdict = "audit" if line["audit"] else "tests" if line["tests"]["failed"] else "SURVIVES"
                print(f"{verdict:9} {line['seconds']:7.1f} s  {fault.kind}: {fault.what}  [{fault.where}]", flush=True)

    workers = [threading.Thread(target=work) for _ in range(jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
