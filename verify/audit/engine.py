"""The audit: every claim's plan and mutants, run cell by cell, gathered into a report."""

from __future__ import annotations

import operator
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from importlib import import_module
from typing import Any

from numerics.backends.backend import Backend
from numerics.backends.choice import in_use, use_backend
from theory.checks import shown
from theory.claims import REGISTRY
from theory.statement import Claim
from theory.theorems import THEOREMS
from verify.audit.attacks import attacks
from verify.audit.cases import Case, Stated, case, cases
from verify.audit.mutants import attack
from verify.audit.notebook import NotebookProgress
from verify.audit.results import ClaimResult, Report
from verify.audit.tokens import decode, encode
from verify.evidence.budget import Budget, Context, budget_named
from verify.evidence.executors import Work, require_executor
from verify.evidence.notebooks import in_notebook
from verify.evidence.plan import Plan
from verify.evidence.verdict import Evidence, Verdict, Witness, headline
from verify.plans import PLANS
from verify.proofs.book import PROOF, registry_book

Progress = Callable[[ClaimResult, int, int], None]
"""Called with (result, number done, number in all) as each claim ends."""

_LEAST_PIECES = 8
"""Into how many pieces an executor's work is cut at least, if there are as many claims."""


def check(
    claim: Claim | str | Stated, plan: Plan | None = None, *, budget: str = "quick", seed: int = 0, mutants: bool = True
) -> ClaimResult:
    """Run the plan of one claim, and its mutants through the same plan.

    ``claim``: an id, a Claim of the registry, one that was changed (its own plan runs on the changed statement,
    which is PROVED only if its proof derives that), any other Claim with a ``plan``, or a lemma (`verify.lemma`).
    ``budget``: quick, standard or deep. ``seed``: any integer >= 0; the same seed gives the same evidence. Raises
    KeyError for an unknown id, ValueError for bad options and for a claim without a plan.
    """
    if not isinstance(mutants, bool):
        raise TypeError(f"mutants must be True or False; got {shown(mutants)}")
    return _run(case(claim, plan), _budget(budget), _seed(seed), mutants)


def audit(
    ids: Iterable[str | Claim | Stated] | str | Claim | Stated | None = None,
    *,
    budget: str = "quick",
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Report:
    """Audit the claims of the given ids or families, claims that were changed, and lemmas; everything for None.

    What the proofs of these use is audited too. Of everything, the theorems that proofs rest on are attacked as well.
    Their kernels run on the backend in use (`numerics.use_backend`), in the processes of an executor, too.
    ``executor`` may be any concurrent.futures.Executor; the report does not depend on it, nor on the number of its
    workers. ``progress`` is called as each claim ends; left out, a notebook shows a bar. A
    KeyboardInterrupt ends the audit with the claims that are done (``report.interrupted``). Raises KeyError for unknown
    ids, ValueError for bad options, before anything is run, and `ExecutorLostError` (a RuntimeError) where the executor
    fails.
    """
    chosen, limits, root = cases(ids), _budget(budget), _seed(seed)
    require_executor(executor)
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be callable; got {shown(progress)}")
    if progress is None and in_notebook():
        progress = NotebookProgress()
    if not chosen:
        raise ValueError("ids must name at least one claim; got none: leave it out to audit all")
    begin = time.perf_counter()
    done: dict[str, ClaimResult] = {}
    attacked: _Attacked = {}
    theorems = tuple(THEOREMS) if ids is None else ()
    order = [item.claim.id for item in chosen]
    beneath = set(order)
    interrupted = False
    try:
        for result in _results(chosen, theorems, limits, root, executor):
            if not isinstance(result, ClaimResult):
                attacked.update(result)
                continue
            done[result.id] = result
            beneath.update(result.depends_on)
            if progress is not None:
                progress(result, len(done), len(beneath))
    except KeyboardInterrupt:
        interrupted = True
    return Report(
        seed=root,
        budget=budget,
        results=_blocked({name: done[name] for name in dict.fromkeys([*order, *REGISTRY]) if name in done}),
        theorems={name: attacked[name] for name in theorems if name in attacked},
        interrupted=interrupted,
        seconds=time.perf_counter() - begin,
    )


def assert_holds(
    claim: Claim | str | Stated,
    plan: Plan | None = None,
    *,
    budget: str = "quick",
    seed: int = 0,
    mutants: bool = False,
) -> ClaimResult:
    """Check a claim or a lemma and raise AssertionError, with the witness, unless its evidence speaks for it.

    For use in pytest suites. Arguments and errors as of `check`. Returns the result.
    """
    result = check(claim, plan, budget=budget, seed=seed, mutants=mutants)
    if not result.verdict.holds:
        witness = f"; witness {dict(result.smallest.instance)}" if result.smallest else ""
        token = f"; replay it with: {result.replay_line}" if result.replay_line else ""
        raise AssertionError(f"{result.id} is {result.verdict}: {result.sentence}{witness}{token}")
    return result


def replay(token: str, lemma: Stated | None = None) -> Witness:
    """Evaluate a refutation's witness again, from its token; ``lemma`` is the one that a lemma's token speaks of.

    Returns the two sides and their ratio. Raises ValueError for text that is not a token of this version.
    """
    claim_id, experiment_name, instance = decode(token)
    base, _, changed = claim_id.partition("~")
    if lemma is not None or base not in PLANS:
        claim, plan = _stated(base, lemma)
    else:
        claim, plan = REGISTRY[base], PLANS[base]
    if changed and claim.id.partition("~")[2] != changed:
        claim = _mutant(claim, changed)
    if experiment_name not in plan.experiments:
        raise ValueError(
            f"token names the experiment {shown(experiment_name)}, which {base} does not have: run the audit again"
        )
    experiment = plan.experiments[experiment_name]
    try:
        accepted = experiment.domain.accepts(instance)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"token's instance does not fit the experiment {experiment_name!r} ({error})") from None
    if not accepted:
        raise ValueError(
            f"token's instance {shown(instance)} lies outside the experiment's domain: run the audit again"
        )
    excess = experiment.too_much(claim, instance)
    if excess:
        raise ValueError(f"token's instance {shown(instance)} {excess}")
    outcome = experiment.outcome(claim, experiment.sides(claim), instance)
    return outcome.witness(instance, f"{claim_id}, {experiment.measures}")


def _stated(base: str, lemma: Stated | None) -> tuple[Claim, Plan]:
    """A lemma's claim and plan, if the token is the lemma's."""
    if lemma is None:
        raise ValueError(
            f"token names the claim {shown(base)}, which this version does not have: run the audit again, or "
            "replay a lemma's token with scoregap replay FILE.py:NAME TOKEN"
        )
    if base not in (lemma.claim.id.partition("~")[0], *getattr(lemma, "known_as", ())):
        raise ValueError(
            f"token is of {shown(base)}, not of {lemma.claim.id!r}; replay it on the lemma that it speaks of"
        )
    return lemma.claim, lemma.plan


def _mutant(claim: Claim, name: str) -> Claim:
    found = [mutant for mutant in claim.mutants if mutant.name == name]
    if not found:
        raise ValueError(
            f"token names the variant {shown(name)}, which {claim.id} does not have: run the audit again, or give the "
            "right side that was attacked"
        )
    return found[0].apply(claim)


# One claim -----------------------------------------------------------------------------------------------------------


def _run(item: Case, budget: Budget, seed: int, mutants: bool) -> ClaimResult:
    begin = time.perf_counter()
    claim, plan = item.claim, item.plan
    context = Context(budget=budget, seed=seed, path=(claim.id,))
    evidence = tuple(plan.run(claim, context))
    skipped = headline(evidence) is Verdict.SKIPPED  # nor can its wrong variants be tried
    attacked = (
        tuple(attack(claim, mutant, plan, context) for mutant in claim.mutants) if mutants and not skipped else ()
    )
    derived = REGISTRY.get(claim.id) == claim and any(
        item.method == PROOF and item.verdict is Verdict.PROVED for item in evidence
    )
    proof_attacks = tuple(attacks(claim, registry_book())) if mutants and derived else ()
    smallest, token = _witness(claim.id, evidence)
    return ClaimResult(
        id=claim.id,
        family=claim.family,
        variant=claim.variant,
        sentence=claim.sentence,
        source=str(claim.source),
        quantifier=str(claim.quantifier),
        expected=plan.expected,
        evidence=evidence,
        mutants=attacked,
        attacks=proof_attacks,
        smallest=smallest,
        token=None if item.replay is None else token,
        depends_on=tuple(dict.fromkeys(link for item in evidence for link in item.links)),
        seconds=time.perf_counter() - begin,
        claim=claim,
        replay=item.replay or "",
    )


def _run_stated(stated: Sequence[str | Claim | Stated], budget: Budget, seed: int, where: Backend) -> list[ClaimResult]:
    with use_backend(where):
        return [_run(case(item), budget, seed, True) for item in stated]


def _witness(claim_id: str, evidence: Sequence[Evidence]) -> tuple[Witness | None, str | None]:
    """The smallest witness of the first refutation, and a token where an experiment can replay it."""
    for item in evidence:
        if item.verdict is Verdict.REFUTED and item.smallest is not None:
            token = encode(claim_id, item.experiment, dict(item.smallest.instance)) if item.experiment else None
            return item.smallest, token
    return None, None


_Attacked = dict[str, tuple[str, ...]]


def _attacked(ids: Sequence[str], seed: int) -> _Attacked:
    """What is wrong with the theorems, each attacked in its model; the models load only here."""
    room = import_module("verify.audit.theorems")
    return {name: room.faults(finding) for name, finding in room.findings(ids, seed=seed).items()}


def _results(
    chosen: tuple[Case, ...], theorems: tuple[str, ...], budget: Budget, seed: int, executor: Executor | None
) -> Iterator[ClaimResult | _Attacked]:
    """The results of the chosen claims, of those that their proofs use, and of the theorems, as they end."""
    known = {item.claim.id for item in chosen}
    shares = [theorems[k::_LEAST_PIECES] for k in range(min(_LEAST_PIECES, len(theorems)))]
    if executor is None:
        waiting = deque(chosen)
        while waiting:
            result = _run(waiting.popleft(), budget, seed, True)
            waiting += _beneath(result, known)
            yield result
        for share in shares:
            yield _attacked(share, seed)
        return

    work = Work(executor)

    def submit(items: Sequence[Case]) -> None:
        # plans hold functions, which do not travel: an id finds its plan again, and a lemma makes its own
        # and a process has its own backend in use
        for piece in _pieces(items):
            name = ", ".join(item.claim.id for item in piece)
            work.submit(name, _run_stated, [item.stated for item in piece], budget, seed, in_use())

    submit(chosen)
    for share in shares:
        work.submit(f"{len(share)} theorems", _attacked, share, seed)
    try:
        for _, results in work.results():
            if isinstance(results, dict):
                yield results
                continue
            submit([link for result in results for link in _beneath(result, known)])
            yield from results
    finally:
        work.cancel()


def _pieces(items: Sequence[Case]) -> list[Sequence[Case]]:
    """Claims that one process takes together: of one family, whose models it then measures once, an eighth at most."""
    families: dict[str, list[Case]] = {}
    for item in items:
        families.setdefault(item.claim.family, []).append(item)
    most = max(1, len(items) // _LEAST_PIECES)
    return [of[k : k + most] for of in families.values() for k in range(0, len(of), most)]


def _beneath(result: ClaimResult, known: set[str]) -> list[Case]:
    """The claims that a result's proof uses and that are not known yet; known from here on."""
    links = [link for link in result.depends_on if link not in known]
    known.update(links)
    return [case(link) for link in links]


def _blocked(results: dict[str, ClaimResult]) -> dict[str, ClaimResult]:
    """Mark the claims whose proofs use a claim that is not proved in this audit, through any number of links."""
    out = dict(results)
    changed = True
    while changed:
        changed = False
        for name, result in out.items():
            failed = [link for link in result.depends_on if link in out and out[link].verdict is not Verdict.PROVED]
            if failed and result.verdict is Verdict.PROVED:
                out[name] = result.blocked_by(failed)
                changed = True
    return out


# Options -------------------------------------------------------------------------------------------------------------


def _budget(budget: str) -> Budget:
    if not isinstance(budget, str):
        raise TypeError(f"budget must be 'quick', 'standard' or 'deep'; got {shown(budget)}")
    return budget_named(budget)


def _seed(seed: Any) -> int:
    try:
        value = -1 if isinstance(seed, bool) else operator.index(seed)
    except TypeError:
        value = -1
    if value < 0:
        raise ValueError(f"seed must be an integer >= 0; got {shown(seed)}")
    return value
