"""Bad input to `verify.audit`: each argument of each constructor and function."""

import verify
from tests.bad_input import CLAIM, FLAG, HUGE, NAN, NUMBER, OBJECT, ODD, OPTION, Case, checks_of, method
from theory import statement

RESULT = verify.ClaimResult(
    id="X:a",
    family="X",
    variant="a",
    sentence="",
    source="",
    quantifier="",
    expected=verify.Verdict.SEARCHED,
    evidence=(),
)
REPORT = verify.Report(seed=0, budget="quick", results={"L1:repaired": RESULT})
CASES = {
    "audit": Case(
        call=verify.audit,
        valid={"ids": "EQ-8:stationary"},
        slow=True,
        bad={
            "ids": [1, True, [], (), [1], [None], b"L1", object()],
            "budget": OPTION,
            "seed": [*NUMBER[:16], -1, 1.5],
            "executor": [1, "pool", object()],
            "progress": [1, "bar"],
        },
        wrong=[("L1:repaired", {"ids": "L1:repared"}), ("L4:sharp", {"ids": ["L1:printed", "L4:sharpe"]})],
    ),
    **{
        name: Case(
            call=getattr(verify, name),
            valid={"claim": "EQ-8:stationary", "mutants": False},
            slow=True,
            bad={
                "claim": [None, 1, [], object(), b"L1:printed", statement.Claim(**CLAIM), NAN],
                "budget": OPTION,
                "seed": [*NUMBER[:16], -1, 1.5],
                "mutants": FLAG[:3],
                "plan": [a for a in OBJECT if a is not None],
            },
            wrong=[("L1:repaired", {"claim": "L1:repared"}), ("L1", {"claim": "L1"})],
        )
        for name in ("check", "assert_holds")
    },
    "replay": Case(
        call=verify.replay, bad={"token": [*ODD, "", "abc", "é", "eNo", 1, NAN, [], "a" * 1000, HUGE]}, slow=True
    ),
    "Report.__getitem__": Case(
        call=method(REPORT, "__getitem__", "claim"),
        valid={"claim": "L1:repaired"},
        bad={"claim": [None, 1, "", "L1:repared", NAN]},
    ),
    "Report.to_json": Case(call=REPORT.to_json, bad={"path": [None, 1.5, [], "/", "/nowhere/at/all.json"]}, slow=True),
    "Report.to_html": Case(call=REPORT.to_html, bad={"folder": [None, 1.5, [], "/dev/null/at/all"]}, slow=True),
}
globals().update(checks_of(CASES))
