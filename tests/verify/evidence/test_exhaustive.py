"""An enumeration decides every element, or says that it does not."""

from flint import arb

from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.confrontation import Experiment
from verify.evidence.domain import Domain, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.verdict import Verdict

QUICK = BUDGETS["quick"]
CONTEXT = Context(budget=QUICK)


def exhaustive(sides, count=5):
    trial = Experiment(name="t", domain=Domain(fields={"n": Integer(low=0, high=100)}), sides=lambda _c: sides)
    method = Exhaustive(
        experiment=trial,
        elements=lambda _size: ({"n": k} for k in range(count)),
        covers=lambda size: f"all n < {count}, size {size}",
    )
    return method.run(REGISTRY["L4:sharp"], CONTEXT)


def test_every_element_is_decided_or_the_enumeration_is_undecided():
    third = arb(1) / 3
    assert exhaustive(lambda i: (arb(i["n"]), arb(4))).verdict is Verdict.EXHAUSTIVE
    assert exhaustive(lambda i: (arb(i["n"]), arb(4))).details["cases"] == 5
    assert exhaustive(lambda i: (arb(i["n"]), arb(3))).verdict is Verdict.REFUTED
    assert exhaustive(lambda i: (third, third)).verdict is Verdict.UNDECIDED  # equal, but balls cannot tell
    assert exhaustive(lambda i: (arb.nan() if i["n"] == 2 else arb(0), arb(1))).verdict is Verdict.UNDECIDED
    assert exhaustive(lambda i: (arb(0), arb(1)), count=0).verdict is Verdict.VACUOUS


def test_the_first_and_the_worst_violation_are_kept():
    evidence = exhaustive(lambda i: (arb(i["n"]), arb(1)))
    assert evidence.smallest.instance == {"n": 2}
    assert evidence.worst.instance == {"n": 4}
    assert evidence.worst_ratio == 4
