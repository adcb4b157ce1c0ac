"""Bad input to `verify.sweep` and to what it returns: each argument of each function."""

from pathlib import Path

import verify
from tests.bad_input import NAN, ODD, Case, checks_of

SWEEP = verify.Sweep(name="x", rows=(), store=Path("x.sqlite"), computed=0)
CASES = {
    "sweep": Case(
        call=verify.sweep,
        valid={"spec": {"cells": [{"audit": "EQ-8:stationary"}]}, "store": "/nowhere/at/all.sqlite"},
        slow=True,
        bad={
            "spec": [
                *(a for a in ODD if a is not None),
                None,
                1,
                [],
                (),
                "",
                "/nowhere/at/all.toml",
                "/dev/null",
                {"cells": []},
            ],
            "executor": [1, "pool", object()],
            "store": [1, b"", "", [], NAN, "/nowhere/at/all.sqlite", "/"],
            "progress": [1, "bar"],
        },
    ),
    "Sweep.to_csv": Case(call=SWEEP.to_csv, bad={"path": [None, 1.5, [], "/", "/nowhere/at/all.csv"]}, slow=True),
    "Sweep.to_parquet": Case(
        call=SWEEP.to_parquet, bad={"path": [None, 1.5, [], "/", "/nowhere/at/all.parquet"]}, slow=True
    ),
}
globals().update(checks_of(CASES))
