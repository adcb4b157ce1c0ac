"""Small networks of the class in ball arithmetic: their values, lines at ±∞ and RKHS norm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flint import arb

from verify.evidence.domain import Array, Entry, Field, Instance, Integer, Real


@dataclass(frozen=True)
class Network:
    """Features (a_i, w_i, b_i), d = 1, b_i = u_i e with |w_i| + |u_i| <= 1."""

    features: tuple[tuple[arb, arb, arb], ...]

    def value(self, point: arb) -> arb:
        """s(x) = (1/m) Σ a_i σ(w_i x + b_i)."""
        return self._mean(a * arb.max(w * point + b, arb(0)) for a, w, b in self.features)

    @property
    def norm(self) -> arb:
        """‖s‖_H = √((1/m) Σ a_i²)."""
        return self._mean(a**2 for a, _, _ in self.features).sqrt()

    def line(self, side: int) -> tuple[arb, arb]:
        """Slope and intercept at +∞ (side 1) or −∞ (side −1)."""
        slope = self._mean(a * w for a, w, _ in self.features if bool(side * w > 0))
        moving = self._mean(a * b for a, w, b in self.features if bool(side * w > 0))
        flat = self._mean(a * arb.max(b, arb(0)) for a, w, b in self.features if w.is_zero())
        return slope, moving + flat

    def _mean(self, terms: Iterable[arb]) -> arb:
        return sum(terms, start=arb(0)) / len(self.features)


FIELDS: Mapping[str, Field] = {
    "width": Integer(low=1, high=4),
    "a": Array(shape=("width",), element=Real(low=-10, high=10)),
    "w": Array(shape=("width",), element=Real(low=-1, high=1)),
    "share": Array(shape=("width",), element=Real(low=-1, high=1)),
    "e": Real(low=0.01, high=10),
}
"""A network: u_i is the given share of what |w_i| leaves of the budget 1."""


def network(instance: Instance) -> Network:
    """The network of an instance with the fields `FIELDS`."""
    level = arb(instance["e"])
    return Network(
        tuple(
            (a, w, share * (1 - abs(w)) * level)
            for a, w, share in zip(*(map(arb, instance[name]) for name in ("a", "w", "share")), strict=True)
        )
    )


def single(w: float, share: float, **values: Entry) -> Instance:
    """One feature with a = 1, and e = 1 unless given."""
    return {"width": 1, "a": [1.0], "w": [w], "share": [share], "e": 1.0, **values}
