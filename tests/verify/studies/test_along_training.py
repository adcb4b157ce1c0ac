"""The study along training: the symbols of a claim between its epochs."""

from __future__ import annotations

import numpy as np

from theory.claims import REGISTRY
from verify.models import replica_tests
from verify.studies import along_training


def test_the_symbols_of_a_claim_are_taken_between_its_epochs():
    line = np.arange(21.0) % 7 + 1
    (found,) = along_training.symbols(line[None], 101, 1001)
    assert found == {"kl_earlier": 2.0, "kl_later": 4.0, "kl_least": 1.0, "kl_most": 7.0}
    assert along_training.FIGURE_3.family == "FIG-3"
    claim = REGISTRY["FIG-3:fall"]
    assert replica_tests.violated(claim)(found) == (4.0 > 0.75 * 2.0)
