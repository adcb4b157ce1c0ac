"""``scoregap bound T1:capacity --data FILE``: what data alone certify, the law unknown, beside resamples of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from numerics import (
    DataBound,
    DataCapacity,
    GradientFlow,
    RandomFeatures,
    Schedule,
    SupportParts,
    data_capacity,
    empirical_quadratic,
    exponential_embedding,
    support_parts,
)
from theory.checks import shown
from verify.bound.data_files import read_data
from verify.bound.inputs import GRADING, TIMES
from verify.bound.schedules import schedule
from verify.bound.terms import number, swept_range
from verify.cli.from_model import CLAIM, delta_of, plain_names, process
from verify.models.sdes import FAMILIES

_TAUS = np.geomspace(1e-3, 1e5, 33)
"""Training times among which the best one by the bound is looked for."""
_RESAMPLES, _MOST_WORK = 20, 2e8
SAID = (
    "With probability 1−δ over the data, at all τ at once, for every law on the support with ‖Θ₀−Θ*‖ <= r:\n"
    "(T/2)(L̃(Θ̂(τ))−min L̃) <= (T/2)(ρ‖(Θ̂−Θ*)(B̂+ν)^½‖/√c)². That is the part of the divergence that training can change; "
    "the divergence\nitself has E λ J(p_t) in it, an entropy of the law, which no data bound. The range of the "
    "half-gradients is the largest at a\ngrid of the support and at the data: between them it is not certified."
)
"""What is certified."""


@dataclass(frozen=True, kw_only=True)
class AskedOfData:
    """Data and a model as they were typed."""

    data: Path
    support: str | None
    radius: float | None
    sde: str
    horizon: float
    features: int
    seed: int

    def made(self) -> MadeOfData:
        """The model; ValueError that begins with the option at fault."""
        process(self.sde, self.horizon, self.features)
        try:
            points = read_data(self.data)
        except ValueError as error:
            raise ValueError(f"--data: {error}") from None
        box = read_support(self.support, points.shape[1])
        if self.radius is not None and not 0.0 <= self.radius < math.inf:
            raise ValueError(f"--radius must be a number >= 0; got {self.radius:g}")
        features = RandomFeatures.sample(self.features, points.shape[1], exponential_embedding(), rng=self.seed)
        when = schedule(FAMILIES[self.sde], horizon=self.horizon, count=TIMES, weighting="likelihood", grading=GRADING)
        made = MadeOfData(asked=self, points=points, box=box, features=features, when=when)
        try:
            _ = made.capacity(len(points))
        except ValueError as error:
            raise ValueError(f"--data: {error}") from None
        return made


def read_support(text: str | None, dim: int) -> np.ndarray:
    """``-1:1``, the ends of an interval for each column, or of one for all of them: (d, 2)."""
    if text is None:
        raise ValueError(
            "--support is needed: the interval that the law is on, e.g. --support -1:1, which no data tell"
        )
    parts = [part.split(":") for part in text.split(",")]
    if any(len(part) != 2 for part in parts) or len(parts) not in (1, dim):
        raise ValueError(
            f"--support must look like LOW:HIGH, once or for each of the {dim} columns with commas; got {shown(text)}"
        )
    box = np.array([[float(number("--support", end)) for end in part] for part in parts])
    if (box[:, 0] >= box[:, 1]).any():
        raise ValueError(f"--support must have its lower end first; got {shown(text)}")
    return np.broadcast_to(box, (dim, 2)).copy()


@dataclass(frozen=True, kw_only=True)
class MadeOfData:
    """Data with what encloses their per-datum parts."""

    asked: AskedOfData
    points: np.ndarray
    box: np.ndarray
    features: RandomFeatures
    when: Schedule

    @cached_property
    def parts(self) -> SupportParts:
        """Of the support alone: for every number of data."""
        return support_parts(self.features, self.when, self.box)

    def capacity(self, n: int) -> DataCapacity:
        """Of the first n rows."""
        kept = self._kept
        if n not in kept:
            free = data_capacity(self.features, self.points[:n], self.when, support=self.parts, radius=0.0)
            radius = self.asked.radius
            if radius is None:
                radius = 2.0 * float(np.linalg.norm(free.flow.parameters(float(_TAUS[-1]))))
            kept[n] = DataCapacity(law=free.law, initial=free.initial, count=n, radius=radius)
        return kept[n]

    @cached_property
    def _kept(self) -> dict[int, DataCapacity]:
        return {}

    def best(self, *, n: int, delta: float) -> DataBound:
        """The bound at the best training time of those that are tried: it holds at all of them at once."""
        return min((self.capacity(n).bound(tau=float(tau), delta=delta) for tau in _TAUS), key=lambda b: b.total)

    def measured(self, found: DataBound) -> Iterator[str]:
        """The same excess where the law is that of the data themselves: of flows on resamples of them."""
        n, dim = self.points.shape
        work = _RESAMPLES * len(self.when.times) * (1e3 * n if dim == 1 else 100.0 * n * self.features.width**2)
        if work > 100.0 * _MOST_WORK:
            yield f"not measured beside it: resamples of {n} data with {dim} columns would take long"
            return
        capacity, rng = self.capacity(n), np.random.default_rng(self.asked.seed)
        law = capacity.law.quadratic
        best, spectrum = GradientFlow(law, capacity.initial).parameters(math.inf), law.spectrum
        excess = []
        for _ in range(_RESAMPLES):
            hat = empirical_quadratic(self.features, self.points[rng.integers(n, size=n)], self.when)
            gap = (GradientFlow(hat, capacity.initial).parameters(found.tau) - best) @ spectrum.vectors
            excess.append(0.5 * self.asked.horizon * float(np.sum(gap**2 * spectrum.values)))
        middle, high = np.quantile(excess, (0.5, 0.95), method="higher")
        yield (
            f"{'of resamples':24} {middle:14.6g}  median, 95 % {high:.6g}: measured on {_RESAMPLES} resamples (--seed "
            f"{self.asked.seed}), the data being the law"
        )


def terms(made: MadeOfData, found: DataBound) -> dict[str, float]:
    """The parts of the bound: of what the start leaves, of the noise, and the total."""
    half, scale = 0.5 * made.asked.horizon, found.rho / math.sqrt(found.kept)
    whole = half * found.total**2
    bias = min(half * (scale * found.bias) ** 2, whole)
    return {"forgotten start": bias, "noise": whole - bias, "total": whole}


def inputs(made: MadeOfData, found: DataBound, why: Mapping[str, str]) -> dict[str, tuple[float, str]]:
    """Every input, with where it comes from."""
    capacity, asked = made.capacity(found.n), made.asked
    taken = (
        "--radius"
        if asked.radius is not None
        else (f"assumed: twice ‖Θ̂({_TAUS[-1]:g})−Θ₀‖, since no --radius is given; the bound holds if it is true")
    )
    return {
        "n": (found.n, "rows of the file"),
        "columns": (made.points.shape[1], "of the file"),
        "T": (asked.horizon, "--horizon"),
        "delta": (found.delta, why["delta"]),
        "tau": (found.tau, why["tau"]),
        "r": (capacity.radius, f"{taken}: ‖Θ₀−Θ*‖ at most"),
        "K_B": (capacity.law.largest, "of the support, computed: ‖B(x₀)‖ at most"),
        "nu": (found.ridge, "the best of the ridges that are tried"),
        "share": (found.kept, "of the data, computed: B̂+ν ⪰ c(B+ν)"),
        "reach": (found.reach, "of the data, computed: ‖(B+ν)^{−½}B(x)(B+ν)^{−½}‖ at most"),
        "noise": (found.noise, "of the data, computed: ‖Ĝ*(B+ν)^{−½}‖ at most"),
        "distance": (found.distance, "of the data, computed: ‖(Θ̂−Θ*)(B̂+ν)^½‖ at most"),
    }  # fmt: skip


def settled(made: MadeOfData, settings: Mapping[str, str]) -> tuple[float, float | None, dict[str, str]]:
    """δ, τ (None: the best) and where they come from; ValueError for what is not taken."""
    plain = plain_names(settings)
    odd = [name for name in plain if name not in ("tau", "delta")]
    if odd:
        raise ValueError(f"--set: with --data only tau and delta are set; got {odd[0]}, which the data or options give")
    delta, source = delta_of(plain)
    tau = float(number("--set tau", plain["tau"])) if "tau" in plain else None
    if tau is not None and not tau > 0.0:
        raise ValueError(f"--set: tau must be positive; got {tau:g}")
    why = {
        "delta": source,
        "tau": "--set" if tau is not None else f"the best by the bound, of {_TAUS[0]:g} to {_TAUS[-1]:g}",
    }
    return delta, tau, why


def at(made: MadeOfData, *, n: int, delta: float, tau: float | None) -> DataBound:
    """The bound of the first n rows, at τ or at its best."""
    return made.best(n=n, delta=delta) if tau is None else made.capacity(n).bound(tau=tau, delta=delta)


def told(made: MadeOfData, settings: Mapping[str, str]) -> tuple[dict[str, Any], Iterator[str]]:
    """The bound as an object for JSON, and as lines."""
    delta, tau, why = settled(made, settings)
    found = at(made, n=len(made.points), delta=delta, tau=tau)
    values, parts, asked = inputs(made, found, why), terms(made, found), made.asked

    def lines() -> Iterator[str]:
        yield from SAID.splitlines()
        yield (
            f"data {asked.data}, support {made.box.tolist()}, SDE {asked.sde}, λ = g², {asked.features} random "
            f"features (--seed {asked.seed}), Θ₀ = 0"
        )
        for name, (value, source) in values.items():
            yield f"    {name:14} {value:14.6g}  {source}"
        end = made.capacity(found.n).flow.norm(float(_TAUS[-1]))
        if float(np.asarray(end)) > made.capacity(found.n).radius:
            yield f"is that r true? The flow on the data ends at a distance of {float(np.asarray(end)):.4g} from Θ₀"
        for name, value in parts.items():
            yield f"{name:24} {value:14.6g}"
        if found.total == found.sure:
            yield "the total is what ‖Θ̂−Θ₀‖ and r say without the data's noise: the bound says nothing of the sample"
        yield from made.measured(found)

    return {"id": f"{CLAIM} from data", "values": {k: v for k, (v, _) in values.items()}, "terms": parts}, lines()


def swept(made: MadeOfData, settings: Mapping[str, str], over: str) -> tuple[dict[str, Any], Iterator[str]]:
    """The parts over τ, or over n, which counts the first rows of the file: an object for JSON, and lines."""
    name, points = swept_range(CLAIM, over)
    delta, tau, _ = settled(made, settings)
    if name == "n" and points[-1] > len(made.points):
        raise ValueError(
            f"--over: n counts the first rows of the file, which has {len(made.points)}; got {points[-1]:g}"
        )
    if name == "tau" and tau is not None:
        raise ValueError("--over: tau runs over its range; leave --set tau out")
    rows = []
    for point in points.tolist():
        here = {"n": int(point), "tau": tau} if name == "n" else {"n": len(made.points), "tau": point}
        found = at(made, n=here["n"], delta=delta, tau=here["tau"])
        rows.append({**terms(made, found), **({"tau": found.tau} if name == "n" else {})})
    columns = {key: [row[key] for row in rows] for key in rows[0]}
    return {"over": {"symbol": name, "values": points.tolist()}, "terms": columns}, iter(SAID.splitlines())
