"""The bound of a diffusion model by its data, written again by hand."""

import math

from theory import claims

MEANS = {"mean_prior": 0.03, "mean_explicit": 0.16}
ONE_SET = {"prior_hat": 0.2, "explicit_hat": 0.3}
SIDES = [
    (
        "IT12:repaired",
        {**MEANS, "kl_early": 1.6, "loss_range": 7.0, "weight_information": 0.32, "early": 0.05, "T": 1.0},
        1.6,
        0.19 + 2.8,
    ),
    (
        "IT12:exact",
        {
            **MEANS,
            "kl_prior": 0.01,
            "mean_explicit_population": 1.6,
            "denoising_gap": 1.8,
            "sample_divergence": 0.4,
            "early": 0.05,
            "T": 1.0,
        },
        0.19,
        0.01 + 1.6 - 1.8 + 0.4,
    ),
    (
        "IT12:split",
        {**ONE_SET, "rate_hat": 0.7, "denoising_hat": 0.4, "information_hat": 0.6, "early": 0.05, "T": 1.0},
        0.5,
        0.5,
    ),
]
KINDS = {"IT12:repaired": "E ≤", "IT12:exact": "∀ =", "IT12:split": "∀ ="}


def test_both_sides_are_the_ledgers(row, close):
    close(row, rel=1e-13)


def test_every_claim_is_computed_by_hand_and_claimed_as_it_should_be(family, kinds):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}
    assert kinds == KINDS


def test_the_terms_of_the_bound_have_the_names_that_a_user_sees():
    claim = claims["IT12:repaired"]
    assert tuple(claim.relation.rhs) == ("prior", "explicit_loss", "generalization")


def test_the_generalization_term_is_that_of_a_sub_gaussian_constant_of_half_the_range():
    found = claims["IT12:repaired"].evaluate(**MEANS, loss_range=2.0, weight_information=0.5)
    assert math.isclose(found.right - 0.19, math.sqrt(2 * 1.0**2 * 0.5), rel_tol=1e-13)
