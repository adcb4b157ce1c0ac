"""Both engines accept the same certificates and reject the same corrupted ones; what mpmath lacks is named."""

import dataclasses
import json

import pytest
import sympy as sp
from sympy import Rational, erfc, exp, oo, sqrt, tanh

from tests.verify.balls.test_certificates import GOALS, KAPPA, QUADRATIC, THIRD, U, Y, certify
from theory.claims import REGISTRY
from verify.balls import interval_functions, intervals
from verify.balls.certificates import ENGINES, Box, Certificate, certify_nonnegative
from verify.balls.recheck import Recheck
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.certify import MOST_RECHECKED, Certify, certificate_evidence
from verify.evidence.verdict import Verdict
from verify.plans import PLANS

CONTEXT = Context(budget=BUDGETS["quick"])
CERTIFIED = [
    (claim_id, method) for claim_id, plan in PLANS.items() for method in plan.methods if isinstance(method, Certify)
]


@pytest.fixture(scope="module")
def kappa():
    return certify("kappa")


@pytest.mark.parametrize(("claim_id", "method"), CERTIFIED, ids=[item[0] for item in CERTIFIED])
def test_every_certificate_of_the_registry_is_rechecked_cell_by_cell(claim_id, method):
    evidence = method.run(REGISTRY[claim_id], CONTEXT)
    assert evidence.verdict is Verdict.CERTIFIED
    goals = [
        Certificate.from_dict(item) for item in json.loads(json.dumps(evidence.to_dict()))["details"]["goals"].values()
    ]
    cells = sum(goal.cells for goal in goals)
    assert f"re-checked by mpmath: {cells} of {cells} cell" in evidence.summary
    assert all(goal.verify(engine) for goal in goals for engine in ENGINES)


@pytest.mark.parametrize("name", GOALS)
def test_the_second_engine_confirms_the_goals_of_the_ledger(name):
    certificate = certify(name)
    assert certificate.verify("mpmath")
    assert certificate.recheck() == Recheck(held=certificate.cells, cells=certificate.cells)


@pytest.mark.parametrize(
    ("expr", "box", "touching"),
    [
        (QUADRATIC, {U: ("1/8", 20), Y: (-5, 5)}, None),
        (exp(U - 1) - U + Y**2 * (2 + sp.sin(Y)) + (U - 1) * Y / 2, {U: (0, 3), Y: (-2, 2)}, {U: 1, Y: 0}),
        ((exp(U) - 1 - U) * (1 + Y**2) + U**2 * sp.sin(Y) / 4, {U: (0, 4), Y: (-3, 3)}, {U: 0}),
        ((Y - THIRD) ** 4, {Y: (-1, 2)}, {Y: THIRD}),
        (-((Y - 1) ** 3), {Y: (-1, 1)}, {Y: 1}),
        (sp.Max(Y, 1 - Y) - Rational(49, 100), {Y: (-3, 3)}, None),
        (erfc(U) - exp(-(U**2)) / 2 / (1 + U), {U: (0, 4)}, None),
        (sp.LambertW(U) - U / (1 + U), {U: ("1/10", 9)}, None),
        (sp.atan(U) - U / (1 + U**2), {U: ("1/100", 50)}, None),
        (sp.Integer(2) - sqrt(3), {}, None),
    ],
)
def test_in_one_and_two_variables_the_second_engine_confirms(expr, box, touching):
    certificate = certify_nonnegative(expr, Box(box), touching=[] if touching is None else [touching])
    assert certificate.certified
    assert certificate.recheck() == Recheck(held=certificate.cells, cells=certificate.cells)


def without(tree, i):
    return (*tree[:i], *tree[i + 1 :])


def corrupted(certificate):
    """One certificate each with a cell lost, cells that overlap or leave a gap, another expression or another box."""
    tree, first = certificate.tree, certificate.tree.index("monotone")
    split = next(entry for entry in tree if entry.startswith("split"))
    i, at = split.split()[1], sp.Rational(split.split()[2])
    methods = dict(certificate.methods)
    fewer = {**methods, "monotone": methods["monotone"] - 1}
    return {
        "a cell is lost": {"tree": without(tree, first)},
        "a cell is lost and counted out": {
            "tree": without(tree, first),
            "cells": certificate.cells - 1,
            "methods": fewer,
        },
        "a cell too many": {"tree": (*tree, "monotone")},
        "a cell too many, counted": {
            "tree": (*tree, "natural"),
            "cells": certificate.cells + 1,
            "methods": {**methods, "natural": methods["natural"] + 1},
        },
        "a split outside its cell, so that cells overlap": {"tree": (f"split {i} {-at}", *tree[1:])},
        "the splits exchanged": {"tree": (tree[1], tree[0], *tree[2:])},
        "one cell for all": {"tree": ("natural",), "cells": 1, "methods": {"natural": 1}},
        "another argument": {"tree": tuple("natural" if entry.startswith("touching") else entry for entry in tree)},
        "a smaller constant": {"expr": certificate.expr - Rational(1, 10**6) * U},
        "the other sign": {"expr": -certificate.expr},
        "another function": {"expr": KAPPA * U - (1 - exp(-3 * U)) ** 2},
        "a wider box": {"expr": certificate.expr.subs(U, Y), "box": Box({Y: (-1, oo)}), "touching": ({Y: sp.S.Zero},)},
        "another symbol in the box": {"box": Box({Y: (0, oo)})},
        "a touching point where it does not vanish": {"touching": ({U: Rational(1, 2)},)},
        "no touching point": {"touching": ()},
        "a strict inequality": {"strict": True},
        "wrong counts": {"methods": {"natural": certificate.cells}},
        "too many cells": {"cells": certificate.cells + 1},
        "another outcome": {"outcome": "violated"},
        "undecided": {"outcome": "undecided"},
    }


def accepts(certificate, engine):
    try:
        return certificate.verify(engine)
    except (KeyError, ValueError):  # it says what is wrong instead of rejecting it
        return False


@pytest.mark.parametrize("name", corrupted(certify("kappa")))
def test_both_engines_reject_a_corrupted_certificate(kappa, name):
    change = dataclasses.replace(kappa, **corrupted(kappa)[name])
    assert [accepts(change, engine) for engine in ENGINES] == [False, False]


@pytest.mark.parametrize(
    "entry", ["split 0 0", "split 0 -1", "split 1 1", "split -1 1", "split 0 1/0", "split", "believe me", "touching -1"]
)
def test_both_engines_reject_a_tampered_tree(kappa, entry):
    for i in (0, kappa.tree.index("monotone")):
        change = dataclasses.replace(kappa, tree=(*kappa.tree[:i], entry, *kappa.tree[i + 1 :]))
        assert [accepts(change, engine) for engine in ENGINES] == [False, False]


def test_a_witness_is_confirmed_by_both_engines_and_a_wrong_one_rejected():
    false = certify_nonnegative(tanh(U) - U, Box({U: (0, 1)}))
    assert [false.verify(engine) for engine in ENGINES] == [True, True]
    for witness in ({U: Rational(-1)}, {U: Rational(2)}, {U: sp.S.Zero}, {Y: Rational(1, 2)}, {}, None):
        change = dataclasses.replace(false, witness=witness)
        assert [accepts(change, engine) for engine in ENGINES] == [False, False]


def test_a_function_without_a_second_engine_is_reported_by_name():
    certificate = certify_nonnegative(sp.gamma(2 + U) - Rational(1, 2), Box({U: (0, 1)}))
    assert certificate.verify()
    assert not certificate.verify("mpmath")
    assert str(certificate.recheck()) == "not re-checked by mpmath: gamma"
    evidence = certificate_evidence({"gamma": certificate, "tanh": certify("tanh")})
    assert evidence.verdict is Verdict.CERTIFIED
    assert "re-checked by mpmath: 1 of 1 cell; not re-checked by mpmath: gamma" in evidence.summary
    assert evidence.details["goals"]["gamma"]["second_engine"] == "not re-checked by mpmath: gamma"


def test_a_certificate_with_very_many_cells_is_not_rechecked_and_says_so(kappa):
    many = dataclasses.replace(kappa, cells=MOST_RECHECKED + 1)
    assert "not re-checked by mpmath: more than 2,000 cells" in certificate_evidence({"many": many}).summary


def test_engines_that_disagree_decide_nothing(kappa):
    wrong = dataclasses.replace(kappa, expr=kappa.expr - Rational(1, 10**6) * U)
    evidence = certificate_evidence({"kappa": kappa, "wrong": wrong})
    assert evidence.verdict is Verdict.UNDECIDED
    assert "do not agree on wrong" in evidence.summary


def test_an_unknown_engine_is_refused(kappa):
    with pytest.raises(ValueError, match=r"engine must be one of flint, mpmath; got 'z3'"):
        kappa.verify("z3")


def test_the_second_engine_computes_nothing_with_flint():
    for module in (intervals, interval_functions):
        assert not [name for name, value in vars(module).items() if "flint" in getattr(type(value), "__module__", "")]
        assert "flint" not in {getattr(value, "__name__", "") for value in vars(module).values()}
