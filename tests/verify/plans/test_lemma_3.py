"""The second difference of the loss is its Hessian's form."""

import math

import numpy as np
import pytest

from verify.plans.lemma_3 import second_difference


@pytest.mark.parametrize("coordinates", ["scaled", "A"])
def test_the_second_difference_is_the_hessian_form(coordinates):
    rng = np.random.default_rng(74)
    for _ in range(20):
        m, dim = int(rng.integers(1, 5)), int(rng.integers(1, 4))
        factor = rng.integers(-3, 4, (2, m))
        direction, start, target = rng.integers(-3, 4, (3, dim, m))
        gram = factor.T @ factor
        scale = 1 / m if coordinates == "A" else 1.0
        hessian = np.kron(np.eye(dim), 2 * scale * gram)  # of tr(X B Xᵀ) in the rows of X, one after the other
        form = direction.ravel() @ hessian @ direction.ravel()

        def loss(X, scale=scale, gram=gram, target=target):
            return scale * np.trace(X @ gram @ X.T) - 2 * math.sqrt(scale) * np.sum(X * target)

        difference = loss(start + direction) - 2 * loss(start) + loss(start - direction)
        exact = second_difference(
            {
                "m": m,
                "factor": factor.tolist(),
                "direction": direction.tolist(),
                "start": start.tolist(),
                "target": target.tolist(),
            },
            coordinates,
        )
        assert float(exact) == pytest.approx(form, rel=1e-13)
        assert float(exact) == pytest.approx(difference, abs=1e-9 * (1 + abs(form)))
