"""The plans of R3: where the bounds on products are approached."""

import pytest

from theory.claims import REGISTRY
from verify.plans import rademacher_products as products


def of(experiment, claim_id, at):
    claim = REGISTRY[claim_id]
    return experiment.outcome(claim, experiment.sides(claim), at)


@pytest.mark.parametrize("size", [1, 2, 8])
def test_the_printed_product_bound_is_approached_where_one_class_is_large_and_constant(size):
    at = products._pair(((1,), (-1,)), ((size,),))
    assert of(products.PRODUCTS, "R3:printed", at).ratio == pytest.approx(size / (size + 1), rel=1e-12)
    assert of(products.PRODUCTS, "R3:sharp", at).ratio == 1
