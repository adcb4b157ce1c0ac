"""Search for counterexamples: Hypothesis for the smallest one, an optimiser for the worst one."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, cast

import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity, find, given, seed, settings, target
from hypothesis.errors import NoSuchExample, Unsatisfiable

from theory.statement import Claim, Identity
from verify.evidence.budget import Context
from verify.evidence.confrontation import Evaluator, Experiment, Outcome
from verify.evidence.domain import Array, Domain, Instance, Integer, Real
from verify.evidence.verdict import Evidence, Verdict, Witness


@dataclass
class Tally:
    """What a search has seen: counted instances, and the worst of them."""

    accepted: int = 0
    rejected: int = 0
    undefined: int = 0
    violations: int = 0
    first: Witness | None = None
    best: list[tuple[float, Instance]] = field(default_factory=list)

    def add(self, instance: Instance, outcome: Outcome) -> None:
        """Count one accepted instance."""
        self.accepted += 1
        self.violations += outcome.violated
        if outcome.violated and self.first is None:
            self.first = outcome.witness(instance)
        if math.isnan(outcome.ratio):
            self.undefined += 1
            return
        self.best.append((outcome.ratio, instance))
        self.best.sort(key=lambda pair: -pair[0])
        del self.best[4:]


@dataclass(frozen=True, kw_only=True)
class Search:
    """Attack a claim on an experiment's domain."""

    experiment: Experiment
    method: str = "search"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Visit the extremal instances, explore, climb from the best, and shrink what violates."""
        begin = time.perf_counter()
        evaluate = self.experiment.sides(claim)
        tally = explore(claim, self.experiment, evaluate, context)
        details = {
            "domain": self.experiment.domain.describe(),
            "accepted": tally.accepted,
            "rejected": tally.rejected,
            "undefined": tally.undefined,
            "measures": self.experiment.measures,
        }
        worst_ratio = tally.best[0][0] if tally.best else None
        if tally.violations:
            if context.first_refutation:
                worst = cast(Witness, tally.first)
                return Evidence(
                    method=self.method,
                    verdict=Verdict.REFUTED,
                    worst_ratio=worst.ratio,
                    smallest=worst,
                    worst=worst,
                    experiment=self.experiment.name,
                    details=details,
                    seconds=time.perf_counter() - begin,
                    summary=f"violated: ratio {worst.ratio:.6g}",
                )
            smallest, worst = witnesses(claim, self.experiment, evaluate, tally, context)
            return Evidence(
                method=self.method,
                verdict=Verdict.REFUTED,
                worst_ratio=worst.ratio,
                smallest=smallest,
                worst=worst,
                experiment=self.experiment.name,
                details=details,
                seconds=time.perf_counter() - begin,
                summary=f"violated: ratio {smallest.ratio:.6g} at the smallest witness",
            )
        if tally.accepted == 0:
            verdict, summary = Verdict.VACUOUS, f"no instance met the hypotheses ({tally.rejected} rejected)"
        elif tally.undefined:
            verdict = Verdict.UNDECIDED
            summary = f"{tally.undefined} of {tally.accepted} instances gave NaN or overflow"
        else:
            verdict, summary = Verdict.SEARCHED, f"{tally.accepted} instances, worst ratio {worst_ratio:.6g}"
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            worst_ratio=worst_ratio,
            experiment=self.experiment.name,
            details=details,
            seconds=time.perf_counter() - begin,
        )


def explore(claim: Claim, experiment: Experiment, evaluate: Evaluator, context: Context) -> Tally:
    """Visit extremal instances, then Hypothesis' draws, then an optimiser's path from the worst three."""
    tally = Tally()

    def visit(instance: Instance) -> Outcome | None:
        if not experiment.domain.accepts(instance):
            tally.rejected += 1
            return None
        outcome = experiment.outcome(claim, evaluate, instance)
        tally.add(instance, outcome)
        return outcome

    def enough() -> bool:
        return context.first_refutation and tally.violations > 0

    for instance in experiment.extremal:
        visit(instance)
    if enough():
        return tally

    @seed(context.integer())
    @_settings(context.budget.examples, Phase.generate, Phase.target)
    @given(experiment.domain.strategy())
    def draw(instance: Instance) -> None:
        outcome = None if enough() else visit(instance)
        if outcome is not None and 0 < outcome.ratio < math.inf:
            target(math.log(outcome.ratio))

    with settled_constants():
        draw()
    if enough() or isinstance(claim.relation, Identity):  # an identity offers no slope to climb
        return tally
    for _, instance in list(tally.best[:3]):
        climb(experiment, instance, visit, context.budget.polish)
    stretch(experiment.domain, tally, visit)
    return tally


def stretch(domain: Domain, tally: Tally, visit: Callable[[Instance], Outcome | None]) -> None:
    """Double the integers of the worst instance as long as that makes it worse: climbing leaves them alone."""
    for name, entry in domain.fields.items():
        while isinstance(entry, Integer) and tally.best:
            ratio, worst = tally.best[0]
            outcome = visit({**worst, name: min(2 * worst[name], entry.high)})
            if outcome is None or not outcome.ratio > ratio:
                break


def climb(experiment: Experiment, start: Instance, visit: Callable[[Instance], Outcome | None], limit: int) -> None:
    """Increase the ratio from an instance by Nelder–Mead in the domain's coordinates."""
    from scipy.optimize import minimize  # noqa: PLC0415

    vector, bounds = experiment.domain.coordinates(start)
    if not len(vector):
        return

    def badness(point: np.ndarray) -> float:
        outcome = visit(experiment.domain.rebuild(start, point))
        if outcome is None or math.isnan(outcome.ratio) or outcome.ratio <= 0:
            return 1e9
        return -math.log(min(outcome.ratio, 1e300))

    scale = np.array([high - low for low, high in bounds])
    simplex = [vector] + [
        np.clip(vector + step * scale * (np.arange(len(vector)) == i), *np.array(bounds).T)
        for i in range(len(vector))
        for step in (0.05,)
    ]
    minimize(
        badness,
        vector,
        method="Nelder-Mead",
        bounds=bounds,
        options={"maxfev": limit, "initial_simplex": np.array(simplex), "xatol": 1e-12, "fatol": 1e-12},
    )


def witnesses(
    claim: Claim, experiment: Experiment, evaluate: Evaluator, tally: Tally, context: Context
) -> tuple[Witness, Witness]:
    """The smallest violating instance that shrinking finds, and the worst one seen."""

    def violates(instance: Instance) -> bool:
        return experiment.domain.accepts(instance) and experiment.outcome(claim, evaluate, instance).violated

    worst = next(
        instance
        for _, instance in [*tally.best, (0.0, cast(Witness, tally.first).instance)]
        if violates(dict(instance))
    )
    candidates: list[Instance] = [dict(worst), *(dict(item) for item in experiment.extremal if violates(item))]
    with settled_constants(), suppress(NoSuchExample, Unsatisfiable):  # if Hypothesis meets none, the others stand
        candidates.append(
            find(
                experiment.domain.strategy(),
                violates,
                random=random.Random(context.integer()),
                settings=_settings(context.budget.examples, Phase.generate, Phase.shrink),
                database_key=claim.id.encode(),
            )
        )
    small = min((simplify(experiment.domain, item, violates) for item in candidates), key=complexity)
    return (
        experiment.outcome(claim, evaluate, small).witness(small),
        experiment.outcome(claim, evaluate, dict(worst)).witness(worst),
    )


def complexity(instance: Instance) -> tuple[int, float]:
    """How hard an instance is to read: the length of its text, then the size of its numbers."""
    flat = [abs(float(x)) for value in instance.values() if not isinstance(value, str) for x in np.ravel(value)]
    return len(json.dumps(instance)), sum(flat)


def simplify(domain: Domain, instance: Instance, keeps: Callable[[Instance], bool]) -> Instance:
    """Round the numbers of an instance, field by field, as far as the property is kept; integers are lowered."""
    current = dict(instance)
    for name, entry in domain.fields.items():
        if isinstance(entry, Integer):
            options: list[Any] = [entry.low + k for k in range(min(8, current[name] - entry.low))]
        elif isinstance(entry, Real) or (isinstance(entry, Array) and isinstance(entry.element, Real)):
            options = _simpler(current[name])
        else:
            continue
        for candidate in options:
            trial = {**current, name: candidate}
            if keeps(trial):
                current = trial
                break
    return current


def _simpler(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [_map(value, lambda x, k=k: _rounded(x, k)) for k in (0, 1, 2, 3, 6)]
    return [0.0, 1.0, *(_rounded(value, k) for k in (1, 2, 3, 6))]


def _map(value: Any, change: Callable[[float], float]) -> Any:
    return [_map(item, change) for item in value] if isinstance(value, list) else change(value)


def _rounded(value: float, digits: int) -> float:
    """``digits`` significant digits; with 0, the nearest integer."""
    return float(round(value)) if digits == 0 else float(f"{value:.{digits}g}")


def _settings(examples: int, *phases: Phase) -> settings:
    # Every field that a profile (CI's, say) could change is given: results must not depend on the environment.
    return settings(
        max_examples=examples,
        phases=phases,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=cast(Any, tuple(HealthCheck)),
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        backend="hypothesis",
    )


_CONSTANTS = RLock()


@contextmanager
def settled_constants() -> Iterator[None]:
    """Keep Hypothesis from mixing numbers out of the source of whatever modules happen to be loaded into its draws.

    It does so since version 6.131, and has no setting against it; with it the same seed would give other instances in
    a process that has imported more. Other threads wait.
    """
    from hypothesis.internal.conjecture import providers as module  # noqa: PLC0415

    name, providers = "_get_local_constants", cast(Any, module)
    original = getattr(providers, name, None)
    if original is None:  # an older Hypothesis
        yield
        return
    cache = getattr(providers.CONSTANTS_CACHE, "cache", providers.CONSTANTS_CACHE)
    none = providers.Constants()
    with _CONSTANTS:
        setattr(providers, name, lambda: none)
        cache.clear()
        try:
            yield
        finally:
            setattr(providers, name, original)
            cache.clear()
