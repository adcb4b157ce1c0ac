"""Trained diffusions as witnesses: a bound that is too small falls, what cannot be measured is counted apart."""

from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.verdict import Verdict
from verify.models import trained_diffusions

CONTEXT = Context(budget=BUDGETS["quick"])


def test_trained_models_refute_a_bound_that_is_too_small_and_errors_are_given_away():
    context = CONTEXT.at("trained")
    claim = REGISTRY["L2:repaired"]
    assert trained_diffusions.TRAINED.run(claim, context).verdict is Verdict.SEARCHED
    tiny = claim.with_constant("C", claim.constants["C"].value / 1000)
    evidence = trained_diffusions.TRAINED.run(tiny, context)
    assert evidence.verdict is Verdict.REFUTED
    assert evidence.smallest.instance["sde"] in trained_diffusions.PROCESSES


def test_models_without_a_density_are_counted_apart(monkeypatch):
    def escape(*_args):
        raise ArithmeticError("mass escapes")

    monkeypatch.setattr(trained_diffusions, "measured", escape)
    evidence = trained_diffusions.TRAINED.run(REGISTRY["L2:repaired"], CONTEXT)
    assert evidence.verdict is Verdict.UNDECIDED
    assert evidence.details["undefined"] == evidence.details["models"] == 4
    assert evidence.summary == "0 of 4 models could be measured"
