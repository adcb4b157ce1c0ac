"""What the figures show, FIG: both sides of every statement and of its mutants, written again by hand."""

import math

import numpy as np
import pytest
import sympy as sp

from theory import claims
from theory.statement import Inequality, WithProbability
from theory.symbols import describe

CURVE = {"kl_earlier": 0.8, "kl_later": 0.5, "kl_least": 0.4, "kl_most": 0.96}
WIDTHS = {"kl_narrow": 0.3, "kl_wide": 0.25}
DISTANCES = {"kl_near": 0.25, "kl_far": 1.5}
MASS = {"mass_smaller": 0.125}
BITS = {"bits_far": 3.0, "bits_near": 2.5}

# id, values, left and right side by hand
SIDES = [
    ("FIG-3:fall", CURVE, 0.5, 0.75 * 0.8),
    ("FIG-3:fall", {**CURVE, "C": 0.5}, 0.5, 0.4),
    ("FIG-3:rise", CURVE, 0.8, 0.5),
    ("FIG-3:noise", CURVE, 1.5 * 0.4, 0.96),
    ("FIG-4:balance", MASS, 0.25, 0.125),
    ("FIG-5:distance", DISTANCES, 4 * 0.25, 1.5),
    ("FIG-5:balance", MASS, 0.125, 0.25),
    ("FIG-6/7:farthest", BITS, 2.5, 3.0),
    ("FIG-8:fall", CURVE, 0.5, 0.75 * 0.8),
    ("FIG-8:rise", CURVE, 0.8, 0.5),
    ("FIG-9:balance", MASS, 1 / 3, 0.125),
    ("FIG-10:distance", DISTANCES, 0.25, 1.5),
    ("FIG-10:balance", MASS, 0.125, 0.25),
    ("FIG-11:width", WIDTHS, 0.25, 0.3),
    ("FIG-11:scale", WIDTHS, 10 * 0.3, 0.25),
]
# of each mutant that changes the statement: left and right side of the same values
MUTANTS = {
    "FIG-3:fall": {"twentieth": (0.5, 0.04), "reversed": (0.6, 0.5), "half-of-least": (0.5, 0.2)},
    "FIG-3:rise": {"half-more": (1.2, 0.5), "doubled": (1.6, 0.5), "to-most": (0.96, 0.5)},
    "FIG-3:noise": {"reversed": (0.96, 0.6), "thirtyfold": (12.0, 0.96), "five-nats": (5.4, 0.96)},
    "FIG-4:balance": {"reversed": (0.125, 0.25), "almost-equal": (0.49, 0.125), "far": (0.25, 0.125)},
    "FIG-5:distance": {"reversed": (1.5, 1.0), "thousandfold": (250.0, 1.5), "nats": (25.25, 1.5)},
    "FIG-5:balance": {"reversed": (0.25, 0.125), "near": (0.125, 0.25), "near-adam": (0.125, 0.25)},
    "FIG-6/7:farthest": {"reversed": (3.0, 2.5), "tenth-more": (2.75, 3.0), "quarter-bit": (2.75, 3.0)},
    "FIG-8:fall": {"twentieth": (0.5, 0.04), "reversed": (0.6, 0.5), "half-of-least": (0.5, 0.2)},
    "FIG-8:rise": {"half-more": (1.2, 0.5), "doubled": (1.6, 0.5), "to-most": (0.96, 0.5)},
    "FIG-9:balance": {"reversed": (0.125, 1 / 3), "almost-equal": (0.499, 0.125), "far": (1 / 3, 0.125)},
    "FIG-10:distance": {"reversed": (1.5, 0.25), "thousandfold": (250.0, 1.5), "nats": (25.25, 1.5)},
    "FIG-10:balance": {"reversed": (0.25, 0.125), "near": (0.125, 0.25), "never": (0.125, 1e-300)},
    "FIG-11:width": {"reversed": (0.3, 0.25), "hundredth": (0.25, 0.003), "two-nats": (2.25, 0.3)},
    "FIG-11:scale": {"reversed": (0.25, 3.0), "adam": (3.0, 0.25), "wide-first": (2.5, 0.3)},
}
SETTINGS = {
    "FIG-3:fall": ("sgd", "6"), "FIG-3:rise": ("sgd", "6"), "FIG-3:noise": ("sgd", "6"), "FIG-4:balance": ("sgd", "6"),
    "FIG-5:distance": ("sgd", None), "FIG-5:balance": ("sgd", "30"),
    "FIG-6/7:farthest": (None, None), "FIG-8:fall": ("adam", "6"),
    "FIG-8:rise": ("adam", "6"), "FIG-9:balance": ("adam", "6"), "FIG-10:distance": ("adam", None),
    "FIG-10:balance": ("adam", "30"), "FIG-11:width": ("adam", "6"), "FIG-11:scale": ("sgd", "6"),
}  # fmt: skip
ELSEWHERE = {
    ("FIG-4:balance", "far"): ("sgd", "30"), ("FIG-5:balance", "near"): ("sgd", "6"),
    ("FIG-5:balance", "near-adam"): ("adam", "6"), ("FIG-9:balance", "far"): ("adam", "30"),
    ("FIG-10:balance", "near"): ("adam", "6"), ("FIG-11:scale", "adam"): ("adam", "6"),
}  # fmt: skip
RTOL = 4 * np.finfo(float).eps  # a product and a quotient
OURS = tuple(claim for claim in claims.values() if claim.family.startswith("FIG-"))
SYNTHETIC = tuple(claim for claim in OURS if claim.family != "FIG-6/7")
VALUES = {claim_id: values for claim_id, values, *_ in reversed(SIDES)}


def only(claim, values):
    """The values that a claim asks for."""
    return {name: value for name, value in values.items() if name in {*map(str, claim.symbols), *claim.constants}}


def setting(claim):
    return claim.setting.get("optimizer"), claim.setting.get("distance")


@pytest.mark.parametrize(("claim_id", "values", "left", "right"), SIDES)
def test_both_sides_are_computed_by_hand(claim_id, values, left, right):
    claim = claims[claim_id]
    found = claim.evaluate(**only(claim, values))
    assert float(found.left) == pytest.approx(left, rel=RTOL)
    assert float(found.right) == pytest.approx(right, rel=RTOL)


@pytest.mark.parametrize(("claim_id", "name"), [(c, name) for c, table in MUTANTS.items() for name in table])
def test_both_sides_of_a_mutant_are_computed_by_hand(claim_id, name):
    base = claims[claim_id]
    wrong = next(mutant for mutant in base.mutants if mutant.name == name).apply(base)
    values = {sym: sp.Rational(str(VALUES[claim_id][str(sym)])) for sym in wrong.symbols}
    for side, expected in zip((wrong.left(), wrong.right()), MUTANTS[claim_id][name], strict=True):
        assert float(side.subs(values)) == pytest.approx(expected, rel=RTOL)
    assert setting(wrong) == ELSEWHERE.get((claim_id, name), SETTINGS[claim_id])


def test_every_claim_and_mutant_is_in_the_tables():
    ours = {claim.id: claim for claim in OURS}
    assert all(claims[name] is claim for name, claim in ours.items())
    assert {row[0] for row in SIDES} == set(ours) == set(MUTANTS)
    assert {name: {mutant.name for mutant in claim.mutants} for name, claim in ours.items()} == {
        name: set(table) for name, table in MUTANTS.items()
    }
    assert {name: setting(claim) for name, claim in ours.items()} == SETTINGS


def test_a_statement_is_about_the_runs_and_about_no_instance():
    for claim in SYNTHETIC:
        assert isinstance(claim.relation, Inequality)
        assert isinstance(claim.quantifier, WithProbability)
        assert claim.quantifier.at_least == sp.Rational(*((9, 10) if claim.variant == "rise" else (1, 2)))
        for word in ("data", "weights", "noise"):
            assert word in claim.quantifier.over
        assert all(describe(symbol).meaning for symbol in claim.symbols)


def test_the_sentence_names_the_bound_of_the_statement():
    for figure, bound in ((4, "1/4"), (5, "1/4"), (9, "1/3"), (10, "1/4")):
        claim = claims[f"FIG-{figure}:balance"]
        assert f"{bound} of the mass" in claim.sentence
        assert claim.constants["C"].value == sp.Rational(bound)
    assert "four times" in claims["FIG-5:distance"].sentence
    assert "above" in claims["FIG-10:distance"].sentence
    assert claims["FIG-10:distance"].constants["C"].value == 1


def test_negative_divergences_and_masses_are_refused_by_name():
    for claim in SYNTHETIC:
        for name in map(str, claim.symbols):
            with pytest.raises(ValueError, match=name):
                claim.evaluate(**{**only(claim, VALUES[claim.id]), name: -0.5})
            with pytest.raises(ValueError, match=name):
                claim.evaluate(**{**only(claim, VALUES[claim.id]), name: math.nan})
