"""A plan yields its methods' evidence one by one, each from its own cell of randomness."""

from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.plan import Plan
from verify.evidence.verdict import CheckedStep, Evidence, Trend, Verdict

CLAIM = REGISTRY["L7:mode"]
CONTEXT = Context(budget=BUDGETS["quick"], path=("L7:mode",))


class Records:
    """A method that keeps the contexts that it is run in."""

    def __init__(self, name, seen):
        self.method, self.seen = name, seen

    def run(self, _claim, context):
        """Keep the context."""
        self.seen.append(context.path)
        return Evidence(method=self.method, verdict=Verdict.SEARCHED, summary="")


def test_methods_run_when_their_evidence_is_asked_for():
    seen = []
    plan = Plan(claim=CLAIM.id, expected=Verdict.SEARCHED, methods=(Records("a", seen), Records("b", seen)))
    found = plan.run(CLAIM, CONTEXT)
    assert seen == []
    assert next(found).method == "a"
    assert seen == [("L7:mode", "0:a")]
    assert [item.method for item in found] == ["b"]
    assert seen == [("L7:mode", "0:a"), ("L7:mode", "1:b")]


def test_typed_fields_stand_among_the_details_of_a_report():
    trend = Trend(values=(1.0, 10.0), constants=(2.0, 2.0), slope=0.0, largest=2.0, grows=False)
    step = CheckedStep(step="0 = 0", status="verified")
    item = Evidence(
        method="m",
        verdict=Verdict.SEARCHED,
        summary="",
        experiment="e",
        steps=(step,),
        divergence=(),
        trends={"d": trend},
        details={"accepted": 3},
    )
    assert item.to_dict()["details"] == {
        "accepted": 3,
        "experiment": "e",
        "steps": [{"step": "0 = 0", "status": "verified"}],
        "divergence": [],
        "trends": {
            "d": {
                "values": [1.0, 10.0],
                "constants": [2.0, 2.0],
                "slope": 0.0,
                "largest": 2.0,
                "grows": False,
                "diverges": False,
                "law": None,
                "text": "",
            }
        },
    }
    assert "details" not in Evidence(method="m", verdict=Verdict.SEARCHED, summary="").to_dict()
