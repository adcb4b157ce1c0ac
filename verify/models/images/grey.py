"""Grey images as integers, with labels where there are any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from theory.checks import shown


@dataclass(frozen=True, kw_only=True, eq=False)
class Images:
    """Pixels (N, height, width), integers from 0 to ``levels`` − 1, and labels (N,), integers, or None.

    ``name`` says where they are from, for messages and captions. Both arrays are read-only. ValueError for another
    shape or kind of number, and for values out of range.
    """

    pixels: np.ndarray
    levels: int
    name: str
    labels: np.ndarray | None = None

    def __post_init__(self) -> None:
        if isinstance(self.levels, bool) or not isinstance(self.levels, int) or self.levels < 2:
            raise ValueError(f"levels must be an integer >= 2; got {shown(self.levels)}; a byte has 256")
        pixels = self._integers("pixels", self.pixels, 3, "(N, height, width)")
        low, high = int(pixels.min()), int(pixels.max())
        if low < 0 or high >= self.levels:
            raise ValueError(
                f"pixels must lie between 0 and {self.levels - 1}; {self.name} has {low} to {high}; scale "
                "them to integers of that range, or pass other levels"
            )
        object.__setattr__(self, "pixels", pixels)
        if self.labels is not None:
            labels = self._integers("labels", self.labels, 1, "(N,)")
            if len(labels) != len(pixels):
                raise ValueError(
                    f"labels must be one per image; got {len(labels)} for the {len(pixels)} images of "
                    f"{self.name}; pass the labels of the same set"
                )
            object.__setattr__(self, "labels", labels)

    def _integers(self, what: str, value: Any, axes: int, shape: str) -> np.ndarray:
        array = np.asarray(value)
        if array.ndim != axes or array.size == 0:
            raise ValueError(
                f"{what} must have shape {shape}, none of them 0; {self.name} has {array.shape}; reshape the array"
            )
        if array.dtype.kind not in "ui":
            raise ValueError(
                f"{what} must be integers; {self.name} has {array.dtype}; convert them, e.g. with "
                "np.rint(255 * x).astype(np.uint8) for grey values x in [0, 1]"
            )
        view = array.view()
        view.flags.writeable = False
        return view

    def __len__(self) -> int:
        """The number N of images."""
        return len(self.pixels)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.pixels.shape[1], self.pixels.shape[2]

    @property
    def dim(self) -> int:
        """The number d of pixels of one image."""
        return self.shape[0] * self.shape[1]

    def rows(self, places: np.ndarray | None = None) -> np.ndarray:
        """All images, or those at the given places, one per row as floats: (N, d)."""
        return (self.pixels if places is None else self.pixels[places]).reshape(-1, self.dim).astype(float)

    def summed(self, side: int) -> Images:
        """The images summed over blocks of k × k pixels, the least k that leaves at most ``side`` pixels on a side.

        Blocks that reach over the edge are filled up with 0. The levels become k² (levels − 1) + 1.
        """
        if isinstance(side, bool) or not isinstance(side, int) or side < 1:
            raise ValueError(f"side must be an integer >= 1; got {shown(side)}; 8 is that of scikit-learn's digits")
        height, width = self.shape
        k = -(-max(height, width) // side)
        if k == 1:
            return self
        padded = np.pad(self.pixels, ((0, 0), (0, -height % k), (0, -width % k))).astype(np.int64)
        blocks = padded.reshape(len(self), padded.shape[1] // k, k, padded.shape[2] // k, k)
        return Images(
            pixels=blocks.sum(axis=(2, 4)),
            levels=k * k * (self.levels - 1) + 1,
            labels=self.labels,
            name=f"{self.name}, summed over {k} × {k} pixels",
        )
