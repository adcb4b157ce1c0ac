"""The Wasserstein distance of Gaussians against its closed forms."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

import numerics as nm


def test_on_the_line_it_is_the_distance_of_means_and_standard_deviations():
    assert nm.gaussian_wasserstein(1.0, 4.0, -2.0, 9.0) == pytest.approx(np.hypot(3.0, 1.0), rel=1e-14)
    assert nm.gaussian_wasserstein(0.0, 0.0, 3.0, 0.0) == 3.0


def test_in_space_it_is_the_bures_distance():
    rng = np.random.default_rng(0)
    C, D = (x @ x.T for x in rng.normal(size=(2, 4, 4)))
    m, n = rng.normal(size=(2, 4))
    root = sqrtm(C)
    square = float(((m - n) ** 2).sum() + np.trace(C + D - 2 * np.real(sqrtm(root @ D @ root))))
    assert nm.gaussian_wasserstein(m, C, n, D) == pytest.approx(np.sqrt(square), rel=1e-10)


def test_nearly_equal_covariances_keep_the_accuracy_of_the_difference():
    """tr(C + D − 2 …) would leave √ε: 1e-8."""
    h = 1e-7
    got = nm.gaussian_wasserstein([0, 0, 0], np.eye(3), [0, 0, 0], (1 + h) ** 2 * np.eye(3))
    assert got == pytest.approx(np.sqrt(3) * h, rel=1e-7)


def test_point_masses_and_singular_covariances_are_allowed():
    assert nm.gaussian_wasserstein([0, 0], np.diag([1.0, 0.0]), [0, 0], np.zeros((2, 2))) == pytest.approx(1.0)
