"""The best diffusion time: interior, at an end, or flat; and the Lambert law of the printed form."""

import numpy as np
import pytest
from sklearn.datasets import load_digits, make_swiss_roll

import numerics as nm
import theory
import verify
from tests.verify.bound.test_diffusion import POINTS, blurred

OU = theory.OrnsteinUhlenbeck()


def test_the_priors_own_score_makes_the_bound_flat():
    """For s = −x what the loss adds is what the prior term loses: KL(p̂_T‖π) + L̂_ESM is KL(p̂_ε‖π)."""
    found = verify.best_time(POINTS, lambda x, _t: -x, sde=OU, start=0.05)
    assert found.trend == "flat"
    assert found.depth == 0.0
    assert found.interval == (found.horizons[0], found.horizons[-1])
    early = nm.DiffusedData.ornstein_uhlenbeck(POINTS).prior(0.05).value
    assert [x.value for x in found.total] == pytest.approx([early] * len(found.total), rel=1e-9)
    assert found.sentence().startswith("flat")


def test_the_exact_score_of_the_data_asks_for_the_longest_time():
    found = verify.best_time(
        POINTS, nm.DiffusedData.ornstein_uhlenbeck(POINTS), sde=OU, start=0.05, horizons=[0.1, 1, 4]
    )
    assert found.trend == "falls"
    assert (found.best, found.depth) == (4.0, 0.0)


def test_a_score_that_is_wrong_at_late_times_has_an_interior_time():
    data = nm.DiffusedData.ornstein_uhlenbeck([-1.0, 1.0])

    def late(x, time):
        return data.score(x, time) + 0.3

    found = verify.best_time([-1.0, 1.0], late, sde=OU, start=0.05, loss_range=1.0, weight_information=0.5)
    assert found.trend == "interior"
    assert found.interval[0] <= found.best <= found.interval[1]
    assert found.depth > 0.0
    # where the prior term falls as fast as 0.3² T rises: E_p̂ |∇log p̂ + x|² = 0.09
    scores = nm.score_errors(lambda x, _t: -x, data=data, times=found.best)[0][0]
    assert scores.value == pytest.approx(0.09, rel=0.05)  # the refined horizons are 4 % apart
    wide = verify.best_time([-1.0, 1.0], late, sde=OU, start=0.05, tolerance=0.02)
    assert wide.interval[0] < found.interval[0]
    assert wide.interval[1] > found.interval[1]


@pytest.mark.parametrize(
    ("data", "exact", "law", "error"),
    [
        (POINTS, 4.367, 4.364, 5e-4),
        # which 1200 digits, and which draw of the roll, is not known: 2e-3 and 8e-3 are what differs
        (make_swiss_roll(200, noise=0.5, random_state=0)[0][:, [0, 2]] / 5, 4.938, 4.932, 3e-3),
        (load_digits().data[:1200] / 8 - 1, 10.002, 9.999, 1e-2),
    ],
    ids=["two modes", "swiss roll", "digits"],
)
def test_the_lambert_law_gives_the_known_times(data, exact, law, error):
    found = verify.printed_best_time(data, score_bound=5.0)
    assert found.exact == pytest.approx(exact, abs=error)
    assert found.law == pytest.approx(law, abs=error)


def test_beyond_the_branch_point_the_law_has_no_time():
    found = verify.printed_best_time([-1.0, 1.0], score_bound=5.0)
    assert np.isnan(found.law)


def test_a_blurred_memoriser_keeps_the_terms_of_its_data_falling():
    """IT12's two data terms fall for ever, though the divergence has an interior best time."""
    found = verify.best_time(
        [-1.0, 1.0], blurred([-1.0, 1.0], 0.4), sde=OU, start=0.05, horizons=[0.051, 0.1, 0.2, 2.0]
    )
    assert found.trend == "falls"
