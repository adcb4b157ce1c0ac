"""k-means clusters of images, and the farthest and the nearest pair of their centroids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.cluster.vq import ClusterError, kmeans2

from theory.checks import shown
from verify.models.images.grey import Images

_ROUNDS, _AT_ONCE = 60, 5  # of Lloyd's iteration, at most 60 · 5


@dataclass(frozen=True, kw_only=True, eq=False)
class Clusters:
    """Centroids (K, d) in pixel values, the cluster of every image (N,), and the sum of squared distances."""

    centroids: np.ndarray
    membership: np.ndarray
    inertia: float

    @property
    def sizes(self) -> np.ndarray:
        """How many images each cluster has, (K,)."""
        return np.bincount(self.membership, minlength=len(self.centroids))

    @property
    def distances(self) -> np.ndarray:
        """Euclidean distances of the centroids in pixel values, (K, K)."""
        c = self.centroids
        return np.sqrt(np.sum((c[:, None] - c[None]) ** 2, axis=2))

    def pair(self, which: str) -> tuple[int, int]:
        """The two clusters whose centroids are "farthest" or "nearest"; of equal ones the first."""
        rows, columns = np.triu_indices(len(self.centroids), 1)
        between = self.distances[rows, columns]
        if which not in ("farthest", "nearest"):
            raise ValueError(f"which must be 'farthest' or 'nearest'; got {shown(which)}")
        k = int(np.argmax(between) if which == "farthest" else np.argmin(between))
        return int(rows[k]), int(columns[k])

    def members(self, which: int) -> np.ndarray:
        """The places of a cluster's images."""
        return np.flatnonzero(self.membership == which)


def cluster(images: Images, count: Any = 10, *, starts: Any = 20, seed: Any = 0) -> Clusters:
    """k-means on the pixel values: the best of several starts by k-means++, each followed until no image moves.

    ``count``: K, at least 3, so that two pairs differ. The result depends on the images, the count, the starts and the
    seed alone. ValueError for other numbers, and where every start leaves a cluster empty.
    """
    for name, value, least in (("count", count, 3), ("starts", starts, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(f"{name} must be an integer >= {least}; got {shown(value)}")
    rows = images.rows()
    best: Clusters | None = None
    centroids: np.ndarray
    member: np.ndarray
    for rng in np.random.default_rng(seed).spawn(starts):
        try:
            centroids, member = _first(rows, count, rng, images), np.zeros(0, dtype=int)
            for _ in range(_ROUNDS):
                centroids, now = kmeans2(rows, centroids, minit="matrix", iter=_AT_ONCE, missing="raise")
                moved, member = not np.array_equal(now, member), now
                if not moved:
                    break
        except ClusterError:  # a cluster became empty: another start
            continue
        inertia = float(np.sum((rows - centroids[member]) ** 2))
        if best is None or inertia < best.inertia:
            best = Clusters(centroids=centroids, membership=np.asarray(member, dtype=int), inertia=inertia)
    if best is None:
        raise ValueError(
            f"count must leave no cluster empty; got {count} on {len(images)} images of {images.name} "
            f"and {starts} starts; ask for fewer clusters, or more starts"
        )
    return best


def _first(rows: np.ndarray, count: int, rng: np.random.Generator, images: Images) -> np.ndarray:
    """The centroids of k-means++: images one by one, each with chance in proportion to its squared distance."""
    chosen = [rows[rng.integers(len(rows))]]
    left = np.full(len(rows), np.inf)
    while len(chosen) < count:
        left = np.minimum(left, np.sum((rows - chosen[-1]) ** 2, axis=1))
        total = np.cumsum(left)
        if total[-1] == 0.0:
            raise ValueError(
                f"count must be at most the {len(chosen)} different images of {images.name}; got {count}; "
                "ask for fewer clusters"
            )
        place = int(np.searchsorted(total, total[-1] * rng.random(), side="right"))
        chosen.append(rows[min(place, len(rows) - 1)])  # rounding may reach the very end
    return np.array(chosen)
