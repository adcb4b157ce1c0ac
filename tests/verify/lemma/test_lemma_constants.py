"""A lemma up to a constant: the constant is looked for along what it may not depend on."""

import pytest
import sympy as sp

import verify
from theory.quantifiers import UpToConstant
from verify.evidence.verdict import MutantOutcome, Verdict

n = sp.Symbol("n", integer=True, positive=True)


def outcomes(result):
    return {mutant.name: mutant.outcome for mutant in result.mutants}


def test_a_constant_is_looked_for_along_what_it_may_not_depend_on():
    lemma = verify.lemma(
        "Up to a constant.",
        n + sp.sqrt(n),
        n,
        over={},
        up_to_constant=(),
        along={n: (1, 10**12)},
        wrong={"root": sp.sqrt(n)},
    )
    assert isinstance(lemma.claim.quantifier, UpToConstant)
    (trend,) = (item.trends for item in lemma.check().evidence)
    assert trend["n"].values[-1] == 1e12
    assert not trend["n"].grows
    assert outcomes(lemma.check()) == {"root": MutantOutcome.KILLED}


def test_a_constant_is_followed_towards_zero_where_its_range_begins_there():
    h = sp.Symbol("h", positive=True)
    lemma = verify.lemma(
        "An error of order h.",
        h + h**2,
        h,
        over={},
        up_to_constant=(),
        along={h: ("0.000001", 1)},
        wrong={"order 2": h**2},
    )
    result = lemma.check()
    (evidence,) = result.evidence
    assert list(evidence.trends) == ["1/h"]
    assert evidence.trends["1/h"].values[-1] == pytest.approx(1e6)
    assert evidence.verdict is Verdict.SEARCHED
    assert outcomes(result) == {"order-2": MutantOutcome.KILLED}


def test_along_an_axis_the_conditions_are_met():
    d = sp.Symbol("d", integer=True, positive=True)
    lemma = verify.lemma(
        "d of n.", d + n, n, over={d: (1, 1000)}, given=d <= n, up_to_constant=(), along={n: (1, 10**9)}
    )
    (evidence,) = lemma.check().evidence
    assert evidence.verdict is Verdict.SEARCHED
    assert evidence.trends["n"].largest == 2


def test_a_constant_is_called_differently_from_the_lemmas_own_symbols():
    K = sp.Symbol("K", positive=True)
    lemma = verify.lemma("K is taken.", K, 2 * K, over={K: (1, 1000)}, up_to_constant=())
    assert list(lemma.claim.constants) == ["C"]
