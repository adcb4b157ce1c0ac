"""The study of widths: what its sizes allow it to say, and the first epoch below a tenth of a nat."""

from __future__ import annotations

import math

import numpy as np

from verify.studies import widths


def test_a_quick_study_of_widths_says_nothing_of_the_wide_ones():
    kl = {
        widths.key(optimizer, scale, width): np.ones((2, 20))
        for optimizer, scale in widths.SERIES
        for width in widths.QUICK.widths
    }
    found = widths._numbers(kl, widths.QUICK)
    assert [entry["claim"] for entry in found["verdicts"]] == ["FIG-11:width"]
    assert {widths.WHEN} <= set(widths.QUICK.checkpoints) & set(widths.FULL.checkpoints)
    assert widths.FULL.widths == (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)


def test_the_first_epoch_is_the_first_checkpoint_with_a_tenth_of_a_nat():
    size = widths.Size(widths=(2,), every=10, epochs=40, replicas=1)
    curves = np.array(
        [
            [1.0, 0.2, 0.1, 0.05],
            [0.05, 0.5, 0.5, 0.5],
            [1.0, 0.11, 0.2, 0.3],
            [math.inf] * 4,
            [0.4, 0.09, math.inf, math.inf],
            [1.0, 0.2, 0.10000001, 0.1],
        ]
    )
    assert widths.first_epochs(curves, size).tolist() == [30, 10, math.inf, math.inf, 20, 40]
