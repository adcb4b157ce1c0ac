"""Second moments of clipped Gaussian variables against quadrature."""

from itertools import pairwise

import pytest
from flint import arb
from scipy.integrate import quad
from scipy.stats import norm

from verify.models.relu_moments import clipped_square, relu_square


@pytest.mark.parametrize(
    ("mean", "std", "level"), [(0.0, 1.0, 1.0), (3.0, 0.5, 1.0), (-2.0, 2.0, 0.0), (0.3, 1.5, 4.0)]
)
def test_second_moments_are_integrals(mean, std, level):
    def integral(function, *kinks):
        ends = sorted({mean - 14 * std, *(k for k in kinks if abs(k - mean) < 14 * std), mean + 14 * std})
        return sum(
            quad(lambda x: function(x) * norm.pdf(x, mean, std), a, b, epsabs=1e-13)[0] for a, b in pairwise(ends)
        )

    square = float(relu_square(arb(mean), arb(std)).mid())
    assert square == pytest.approx(integral(lambda x: max(x, 0) ** 2, 0.0), rel=1e-9, abs=1e-11)
    clipped = float(clipped_square(arb(mean), arb(std), arb(level)).mid())
    assert clipped == pytest.approx(integral(lambda x: max(abs(x), level) ** 2, -level, level), rel=1e-9)
    assert float(relu_square(arb(mean), arb(0)).mid()) == pytest.approx(max(mean, 0.0) ** 2, rel=1e-15)
