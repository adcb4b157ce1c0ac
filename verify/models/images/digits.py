"""The 1797 digits of 8 × 8 pixels that scikit-learn brings along: no download."""

from __future__ import annotations

from functools import cache

from numerics.checks.extras import optional
from verify.models.images.grey import Images


@cache
def digits() -> Images:
    """The digits as images with 17 levels and labels 0 to 9.
    Raises `MissingExtraError`, a ValueError, where scikit-learn is not installed.

    Source: E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (1998).
    """
    found = optional(
        "sklearn.datasets",
        "digits",
        "images must be an IDX or npz file of one's own where scikit-learn is not installed",
    ).load_digits()
    return Images(
        pixels=found.images.astype("uint8"), levels=17, name="scikit-learn's digits", labels=found.target.astype(int)
    )
