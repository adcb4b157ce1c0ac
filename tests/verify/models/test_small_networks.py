"""Networks in balls against their formula in floating point."""

from math import sqrt

import pytest
from flint import arb

from verify.models.small_networks import network, single


def test_a_network_has_its_own_values_lines_and_norm():
    instance = {"width": 3, "a": [2.0, -1.0, 4.0], "w": [0.5, -0.25, 0.0], "share": [1.0, -1.0, 0.5], "e": 2.0}
    found = network(instance)
    biases = [1.0, -1.5, 1.0]

    def by_hand(x):
        return sum(a * max(0.0, w * x + b) for a, w, b in zip(instance["a"], instance["w"], biases, strict=True)) / 3

    for x in (-20.0, -1.0, 0.5, 30.0):
        assert float(found.value(arb(x)).mid()) == pytest.approx(by_hand(x), rel=1e-14)
    for side, x in ((1, 40.0), (-1, -40.0)):
        slope, intercept = (float(part.mid()) for part in found.line(side))
        assert slope * x + intercept == pytest.approx(by_hand(x), rel=1e-13)
    assert float(found.norm.mid()) == pytest.approx(sqrt((4 + 1 + 16) / 3), rel=1e-14)
    assert network(single(0.25, 1.0)).features == ((arb(1), arb("0.25"), arb("0.75")),)
