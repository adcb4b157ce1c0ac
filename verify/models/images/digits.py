"""The 1797 digits of 8 × 8 pixels that scikit-learn brings along: no download."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from verify.models.images.grey import Images


@cache
def digits() -> Images:
    """The digits as images with 17 levels and labels 0 to 9; ValueError where scikit-learn is not installed.

    Source: E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (1998).
    """
    try:
        found = import_module("sklearn.datasets").load_digits()
    except ImportError as error:
        raise ValueError(
            f"images must be given where scikit-learn is not installed ({error}); pip install "
            "'scoregap[digits]', or pass an IDX or npz file of your own"
        ) from error
    return Images(
        pixels=found.images.astype("uint8"), levels=17, name="scikit-learn's digits", labels=found.target.astype(int)
    )
