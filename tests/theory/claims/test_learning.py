"""Learning bounds written again by hand, and the Gaussian mean's numbers."""

import math

import pytest
import scipy.optimize

from theory import claims

SIGMA, ETA, N = 1.5, 0.2, 10
SQUARE = SIGMA**2
PSI = ETA * SQUARE / N - math.log(1 + 2 * (ETA - 2 * SQUARE * ETA**2) * SQUARE / N) / 2
INFORMATION = math.log(N / (N - 1)) / 2
AT = {"n": N, "noise_level": SIGMA}
SIDES = [
    ("IT2:printed", {"learning_gap": 0.5, "proxy_below": 3, "data_information": 2, "n": 4}, 0.5, 3),
    ("IT2:single", {"learning_gap": 0.5, "proxy_below": 3, "mean_root_information": 0.5}, 0.5, 1.5 * math.sqrt(2)),
    ("IT2:gaussian-gap", {"learning_gap": 0.5, **AT}, 0.5, 2 * SQUARE / N),
    ("IT2:gaussian-information", {"single_information": 0.5, "n": N}, 0.5, INFORMATION),
    ("IT2:gaussian-root", AT, 2 * SQUARE / N, SQUARE * 1.1 * math.sqrt(2 * math.log(10 / 9))),
    ("IT2:excess", {**AT, "tilt": ETA}, 2 * SQUARE / N, (PSI + INFORMATION) / ETA),
]
KINDS = {row[0]: "∀ =" if row[0] in ("IT2:gaussian-gap", "IT2:gaussian-information") else "∀ ≤" for row in SIDES}


def test_both_sides_are_the_ledgers(row, close):
    close(row, rel=1e-13)  # ψ cancels two digits


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


@pytest.mark.parametrize(("size", "ratio"), [(10, 1.0265), (100, 1.0025), (1000, 1.00025)])
def test_the_excess_form_at_its_best_is_of_the_right_order(size, ratio):
    def bound(eta):
        return float(claims["IT2:excess"].evaluate(n=size, noise_level=1.0, tilt=float(eta)).right)

    best = scipy.optimize.minimize_scalar(bound, bounds=(0.3, 0.9), method="bounded").fun
    assert round(best * size / 2, len(str(ratio)) - 2) == ratio
    assert bound(0.5) * size / 2 == pytest.approx(best * size / 2, rel=1e-3)


def test_the_root_form_is_of_the_wrong_order():
    for size in (100, 10_000):
        right = float(claims["IT2:gaussian-root"].evaluate(n=size, noise_level=1.0).right)
        assert right == pytest.approx(math.sqrt(2 / size), rel=2 / size)
