"""Theorem 1's claims, written again by hand in plain floating point, and how its bounds compare."""

import math

import numpy as np
import pytest

from theory import claims
from theory.statement import ForAll, Identity, InExpectation, UpToConstant, WithProbability

RTOL = 256 * np.finfo(float).eps  # some thirty operations in another order
KAPPA_STAR = 0.81452875
LINKS = {
    "tau": 4.0,
    "loss_comparator": 1.5,
    "loss_minimum": 0.5,
    "distance_initial": 2.0,
    "deviation_B": 0.25,
    "deviation_G": 0.75,
    "residual": 3.0,
    "parameter_error": 5.0,
    "score_error": 3.0,
    "trace_B": 2.0,
    "loss_tau": 7.0,
    "gradient_sum": 6.0,
}
RADIUS = math.sqrt(4 + 4 * 1.0)
A, SPREAD = 1.0 + 4 / 16, KAPPA_STAR * 4 + 4 * 16 * 0.25
XI = 0.25 * RADIUS + 0.75
SAMPLE = {"n": 100, "delta": 0.1, "S_B": 0.5, "K_B": 2.0, "S_G": 1.0, "K_G": 3.0}
WHOLE = {
    **SAMPLE,
    **{name: LINKS[name] for name in ("tau", "loss_comparator", "loss_minimum", "distance_initial")},
    "T": 2.5,
    "kl_prior": 0.125,
}
LOG = math.log(20)
BETA, GAMMA = 0.05 + 2 * math.sqrt(LOG / 200), 0.1 + 3 * math.sqrt(2 * LOG / 100)
B = (KAPPA_STAR * 4 + 4 * 16 * BETA) * (BETA * RADIUS + GAMMA) ** 2
BOUNDS = [
    ("T1:norm", LINKS, 4 + 4.0),
    ("T1:residual", LINKS, XI),
    ("T1:parameter-error", LINKS, 2 * 4 * 3.0),
    ("T1:score-error-empirical", LINKS, KAPPA_STAR * 4 * 9),
    ("T1:score-error", LINKS, SPREAD * 9),
    ("T1:loss", LINKS, 0.5 + (math.sqrt(A) + math.sqrt(SPREAD) * XI) ** 2),
    ("T1:concentration-B", SAMPLE, 0.05 + 2 * math.sqrt(math.log(10) / 200)),
    ("T1:concentration-G", SAMPLE, 0.1 + 3 * math.sqrt(2 * math.log(10) / 100)),
    ("T1:bound-B", {"reach": 1.75}, 1.75),
    ("T1:bound-b", {"lambda_mean": 1.75}, 1.75),
    ("T1:bound-G", {"K_B": 2.0, "norm_comparator": 3.0, "K_b": 0.5}, 6.5),
    ("T1:repaired", WHOLE, 1.25 * (0.5 + (math.sqrt(A) + math.sqrt(B)) ** 2) + 0.125),
    ("T1:simple", WHOLE, 1.25 * (3.0 - 0.5 + 4 / 8 + 2 * B) + 0.125),
    ("T1:decomposition", LINKS, 2 * 9 + 14),
    ("T1:cauchy-schwarz", LINKS, 50.0),
    ("T1:step-A", {**LINKS, "m": 3}, 6 / 9),
    ("T1:step-scaled", {**LINKS, "m": 3}, 6 / 9),
    ("T1:step-A-repaired", {**LINKS, "m": 3}, 6 / 27),
    ("T1:step-scaled-repaired", {**LINKS, "m": 3}, 2.0),
    ("T1:consistent-scaled", {"tau": 2.0, "m": 3, "n": 5}, 9 * 16 / 5 + 8 + 1 / 2 + 1 / 3),
    ("T1:consistent-A", {"tau": 2.0, "m": 4, "n": 5}, 16 * 0.5**4 / 5 + 0.125 + 2 + 1 / 4),
    (
        "T1:printed",
        {"tau": 2.0, "m": 4, "n": 5, "loss_bar": 0.5, "loss_star": 0.25, "kl_prior": 0.125, "K": 2},
        2 * (16 / 20 + 8 / 16 + 1 / 2 + 1 / 4 + 0.875),
    ),
]
ELSEWHERE = {"T1:width", "T1:sampled"}


def right(claim_id, values):
    names = {str(symbol) for symbol in claims[claim_id].right().free_symbols} | set(claims[claim_id].constants)
    return float(claims[claim_id].evaluate(**{name: value for name, value in values.items() if name in names}).right)


@pytest.mark.parametrize(("claim_id", "values", "expected"), BOUNDS)
def test_the_right_side_is_the_ledgers(claim_id, values, expected):
    tolerance = 1e-8 if "kappa_star" in claims[claim_id].constants else RTOL  # eight digits of κ⋆ by hand
    assert right(claim_id, values) == pytest.approx(expected, rel=tolerance)


def test_every_claim_of_the_theorem_is_computed_by_hand():
    assert {name for name, claim in claims.items() if claim.family == "T1"} - ELSEWHERE == {name for name, *_ in BOUNDS}


def test_quantifiers_are_the_ledgers():
    for name, *_ in BOUNDS:
        claim = claims[name]
        random = name.startswith("T1:concentration") or name in {"T1:repaired", "T1:simple"}
        kind = UpToConstant if name == "T1:printed" else WithProbability if random else ForAll
        assert isinstance(claim.quantifier, kind)
        assert not isinstance(claim.quantifier, InExpectation)
        assert isinstance(claim.relation, Identity) is name.startswith("T1:step")


def test_the_floor_of_the_consistent_argument_is_attained():
    best = 3**-0.25
    assert float(claims["T1:consistent-scaled"].constants["C"].value) == pytest.approx(best**3 + 1 / best, rel=RTOL)
    assert right("T1:consistent-scaled", {"tau": best, "m": 10**4, "n": 10**15}) == pytest.approx(1.7547654, rel=1e-3)


# The bounds beside each other ----------------------------------------------------------------------------------------


def draw(rng):
    """Inputs that a model could have: S_B <= K_B, S_G <= √2 K_G, K_G <= K_B‖Θ‖ + K_b, min L̃ <= L̃(Θ)."""
    e = lambda low, high: float(10 ** rng.uniform(low, high))  # noqa: E731
    K_B, K_b, norm = e(-2, 2), e(-2, 2), e(-2, 2)
    K_G = (K_B * norm + K_b) * float(rng.uniform(0.01, 1))
    loss = e(-3, 2)
    return (
        {
            "n": int(e(0, 8)),
            "delta": e(-9, -0.01),
            "K_B": K_B,
            "S_B": K_B * float(rng.uniform(0, 1)),
            "K_G": K_G,
            "S_G": K_G * float(rng.uniform(0, 1)),
            "tau": e(-4, 6),
            "loss_comparator": loss,
            "loss_minimum": loss * float(rng.choice([0.0, 1.0, rng.uniform(0, 1)])),
            "distance_initial": e(-2, 2),
            "T": e(-1, 1),
            "kl_prior": float(rng.choice([0.0, 0.1])),
        },
        K_b,
        norm,
    )


def classical(v, K_b, norm):
    """(T/2){2L + D²/(2τ) + (8τ/e + 8τ²K_Bℓ/√n)ε²} + KL(p_T‖π): 4/e for κ⋆, norms for deviations, no centring."""
    level = 1 + math.sqrt(2 * math.log(2 / v["delta"]))
    radius = math.sqrt(2 * norm**2 + 2 * v["distance_initial"] ** 2 + 4 * v["tau"] * v["loss_comparator"])
    epsilon = level / math.sqrt(v["n"]) * (v["K_B"] * radius + K_b)
    spread = 8 * v["tau"] / math.e + 8 * v["tau"] ** 2 * v["K_B"] * level / math.sqrt(v["n"])
    return (
        v["T"] / 2 * (2 * v["loss_comparator"] + v["distance_initial"] ** 2 / (2 * v["tau"]) + spread * epsilon**2)
        + v["kl_prior"]
    )


def columns(count, seed):
    rows = [draw(np.random.default_rng([seed, k])) for k in range(count)]
    values = {name: np.array([row[name] for row, _, _ in rows]) for name in rows[0][0]}
    return values, np.array([classical(*row) for row in rows])


def test_the_repaired_bound_is_never_above_the_simple_one_nor_below_half_of_it():
    values, _ = columns(2000, 1)
    full, simple = (claims[name].evaluate(**values, kl_learned=0.0).right for name in ("T1:repaired", "T1:simple"))
    assert (full <= simple * (1 + 1e-12)).all()
    assert (full >= simple / 2 * (1 - 1e-12)).all()
    assert (simple / full).max() > 1.9


def test_the_repaired_bound_is_never_above_the_classical_one_and_gains_a_factor():
    values, loose = columns(2000, 2)
    simple = claims["T1:simple"].evaluate(**values, kl_learned=0.0).right
    full = claims["T1:repaired"].evaluate(**values, kl_learned=0.0).right
    assert (simple <= loose * (1 + 1e-12)).all()
    assert (full <= loose * (1 + 1e-12)).all()
    # where the sample dominates: 4/e over κ⋆ is 1.8, and ℓ/(1 + √(log(2/δ)/2)) up to 2 enters thrice
    assert np.median(loose / full) > 4
