"""Early stopping by hand: the bounds in plain numbers, their constants by numeric minimisation, their exponents."""

import math

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import brentq, minimize_scalar

from theory import claims, rates
from theory.claims import early_stopping
from theory.symbols import a1, a3, a4, b1, m, n, tau

RTOL = 64 * np.finfo(float).eps
SIZES = {"n": 1000, "m": 50}
WEIGHTS = {"a4": 2.0, "a3": 3.0, "a1": 5.0}
FIRST = (5 * 50 * 1000 / (4 * 2)) ** 0.2
SECOND = (5 * 50**2 / (3 * 3)) ** 0.25


def whole(time, *, a4=1.0, a3=1.0, a1=1.0, n=1000, m=50):
    return a4 * time**4 / (m * n) + a3 * time**3 / m**2 + a1 / time


SIDES = [
    ("EARLY-STOP:printed", SIZES, whole(1000**0.4) + 1 / 50, 2 * (1000**-0.4 + 50**-0.8)),
    ("EARLY-STOP:printed", {**SIZES, "K": 1}, whole(1000**0.4) + 1 / 50, 1000**-0.4 + 50**-0.8),
    (
        "EARLY-STOP:printed-any",
        SIZES,
        max(5 / 4 / (50 * 1000 / 4) ** 0.2, 4 / 3 / (50**2 / 3) ** 0.25),
        2 * (1000**-0.4 + 50**-0.8),
    ),
    (
        "EARLY-STOP:printed-wide",
        {"n": 50, "m": 1000},
        whole(50**0.4, n=50, m=1000) + 1 / 1000,
        2 * (50**-0.4 + 1000**-0.8),
    ),
    ("EARLY-STOP:balanced", {**SIZES, **WEIGHTS}, whole(50**0.5, **WEIGHTS), 10 * 50**-0.5),
    ("EARLY-STOP:balanced", {"n": 2, "m": 50, **WEIGHTS}, whole(100**0.2, n=2, **WEIGHTS), 10 * 100**-0.2),
    ("EARLY-STOP:lower", {**SIZES, **WEIGHTS, "tau": 7.0}, max(6.25 / FIRST, 20 / 3 / SECOND), whole(7, **WEIGHTS)),
    ("EARLY-STOP:upper", {**SIZES, **WEIGHTS}, whole(min(FIRST, SECOND), **WEIGHTS), 19 / 12 * 5 / min(FIRST, SECOND)),
    (
        "EARLY-STOP:near-optimal",
        {**SIZES, **WEIGHTS, "tau": 7.0},
        whole(min(FIRST, SECOND), **WEIGHTS),
        1.04751 * whole(7, **WEIGHTS),
    ),
    (
        "EARLY-STOP:repaired",
        {"n": 1000, "a1": 5.0, "b1": 3.0, "tau": 7.0},
        2 * math.sqrt(15 / 1000),
        5 / 7 + 3 * 7 / 1000,
    ),
    ("EARLY-STOP:repaired-rate", {"n": 10**6, "m": 50}, 4e-3 + 3 / 50, 4 * (1e-3 + 1 / 50)),
]


UP_TO_CONSTANT = ("printed", "printed-any", "printed-wide", "balanced", "repaired-rate")
KINDS = {row[0]: "≲ ∀ ≤" if row[0].split(":")[1] in UP_TO_CONSTANT else "∀ ≤" for row in SIDES}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_least_value_lies_between_the_two_bounds():
    rng = np.random.default_rng(5)
    for _ in range(200):
        weights = {
            "n": int(rng.integers(1, 10**6)),
            "m": int(rng.integers(1, 10**6)),
            **dict(zip(("a4", "a3", "a1"), np.exp(rng.uniform(-6, 6, 3)), strict=True)),
        }
        found = minimize_scalar(
            lambda s, weights=weights: math.log(whole(math.exp(s), **weights)),
            bounds=(-20, 30),
            method="bounded",
            options={"xatol": 1e-9},
        )
        least = math.exp(found.fun)  # the minimum is flat: 1e-9 in log τ is 1e-17 in the value
        below = float(claims["EARLY-STOP:lower"].evaluate(**weights, tau=1).left)
        stopped = claims["EARLY-STOP:upper"].evaluate(**weights)
        assert below <= least * (1 + 1e-12)
        assert least <= float(stopped.left) * (1 + 1e-12)
        assert float(stopped.left) <= float(stopped.right) * (1 + 1e-12)
        assert float(stopped.left) <= 1.0475092 * least
        assert least <= 1.1695 * below


def test_the_price_of_the_stopping_time_is_that_of_the_worst_coefficients():
    x = brentq(lambda point: point**5 + point**4 - 1, 0, 1)
    least = x**4 / 4 + x**3 / 3 + 1 / x
    price = claims["EARLY-STOP:near-optimal"].constants["C"].value
    assert 19 / 12 / least == pytest.approx(1.0475091492, rel=1e-10)
    assert 19 / 12 / least <= float(price) <= 19 / 12 / least * (1 + 1e-6)


def test_the_lower_bound_loses_most_where_its_two_minima_are_equal():
    def lost(ratio):  # τ₁ = 1, τ₂ = ratio
        found = minimize_scalar(lambda x: x**4 / 4 + x**3 / (3 * ratio**4) + 1 / x, bounds=(0.1, 3), method="bounded")
        return found.fun / max(5 / 4, 4 / 3 / ratio)

    assert lost(16 / 15) <= 1.1695
    assert max(map(lost, np.linspace(0.5, 2, 301))) <= lost(16 / 15)


@pytest.mark.parametrize("width", [sp.Rational(1, 3), sp.Rational(2, 3), 1, sp.Rational(3, 2), 3])
def test_the_exponents_of_the_claims_are_those_of_the_linear_program(width):
    def exponent(expr):
        size = {n: sp.Integer(2) ** 600, m: sp.Integer(2) ** (600 * width)}
        return sp.log(expr.subs({a4: 1, a3: 1, a1: 1, b1: 1}).subs(size), 2) / 600

    best = rates.optimal_stopping(early_stopping.total(tau), width)
    # the two times carry the factors 4^{-1/5} and 3^{-1/4}: 1/600 of an exponent
    assert abs(sp.N(exponent(early_stopping.STOPPING_TIME)) - best.stopping) < sp.Rational(1, 600)
    upper = claims["EARLY-STOP:upper"].right()
    assert abs(sp.N(exponent(upper)) - best.rate) < sp.Rational(2, 600)


def test_as_many_features_as_samples_give_the_printed_rates():
    values = {"n": 10**10, "m": 10**10}
    terms = claims["EARLY-STOP:printed-wide"].evaluate(**values).terms
    assert float(terms["sampling"]) == pytest.approx(1e-4, rel=RTOL)  # n^{−2/5}
    assert float(terms["training"]) == pytest.approx(1e-4, rel=RTOL)
    assert float(terms["features"]) == pytest.approx(1e-8, rel=RTOL)  # m^{−4/5}


def test_the_repaired_bound_is_attained_at_its_stopping_time():
    claim = claims["EARLY-STOP:repaired"]
    assert sp.simplify(claim.right().subs(tau, early_stopping.REPAIRED_TIME) - claim.left()) == 0
    assert rates.optimal_stopping(dict(claim.relation.rhs), 1).stopping == sp.Rational(1, 2)
    whole = early_stopping._repaired(tau)
    for width in (sp.Rational(1, 3), 1, 3):
        assert rates.optimal_stopping(whole, width).rate == max(-sp.Rational(1, 2), -width)


def test_one_sample_and_one_feature_are_the_worst_case_of_the_printed_constant():
    found = claims["EARLY-STOP:printed-wide"].evaluate(n=1, m=1)
    assert float(found.left) == float(found.right) == 4
    found = claims["EARLY-STOP:balanced"].evaluate(n=1, m=1, a4=1, a3=1, a1=1)
    assert float(found.left) == float(found.right) == 3
    assert not claims["EARLY-STOP:printed-wide"].evaluate(n=2, m=1).hypotheses["wide"]
