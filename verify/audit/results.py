"""The outcome of an audit as values: ClaimResult and Report, with their JSON form."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from numerics.backends.choice import in_use
from theory.checks import shown
from theory.claims import UnknownClaimError
from theory.markup import Table, html_text
from theory.papers import bibliography
from theory.statement import Claim
from verify.audit.attacks import Attack
from verify.audit.mutants import MutantResult
from verify.audit.pages import Page, Part, document, statement_latex
from verify.audit.words import ratio_text, witness_text
from verify.evidence.files import Json, in_words, made_directory, require_writable, write_whole
from verify.evidence.verdict import Evidence, MutantOutcome, Verdict, Witness, contradicts, headline
from verify.origin import package_version


@dataclass(frozen=True, kw_only=True)
class ClaimResult:
    """What an audit found out about one claim; ``token`` replays ``smallest``, the smallest witness against it.

    ``mutants``: what became of the claim's wrong variants; ``attacks``: of the attacks on its proof.
    ``depends_on``: the claims that the proof uses.
    """

    id: str
    family: str
    variant: str
    sentence: str
    source: str
    quantifier: str
    expected: Verdict
    evidence: tuple[Evidence, ...]
    mutants: tuple[MutantResult, ...] = ()
    attacks: tuple[Attack, ...] = ()
    smallest: Witness | None = None
    token: str | None = None
    depends_on: tuple[str, ...] = ()
    seconds: float = 0.0
    claim: Claim | None = field(default=None, repr=False)
    replay: str = "scoregap replay"

    @property
    def replay_line(self) -> str | None:
        """What evaluates the witness again: a command, or for a lemma that is in no file a call."""
        if self.token is None:
            return None
        return f"{self.replay} {self.token}" if self.replay else f".replay({self.token!r})"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader should know, and what is no fault."""
        if self.verdict is Verdict.SKIPPED:
            return tuple(f"skipped: {item.summary}" for item in self.evidence if item.verdict is Verdict.SKIPPED)
        return () if self.mutants else ("no wrong variant was tried",)

    @property
    def verdict(self) -> Verdict:
        """The verdict that the evidence carries."""
        return headline(self.evidence)

    @property
    def worst_ratio(self) -> float | None:
        """The largest ratio of measured quantity to bound that any method saw."""
        seen = [item.worst_ratio for item in self.evidence if item.worst_ratio is not None]
        return max(seen) if seen else None

    @property
    def nearest(self) -> Witness | None:
        """The instance nearest to a refutation of those that methods visited, with its ratio: 1 is the edge."""
        seen = [item.nearest for item in self.evidence if item.nearest is not None]
        return max(seen, key=lambda witness: witness.ratio, default=None)

    @property
    def instances(self) -> int | None:
        """At how many instances the evidence that carries the verdict tried the claim; None where it covers all."""
        carrying = [item.instances for item in self.evidence if item.verdict is self.verdict]
        return max((count for count in carrying if count is not None), default=None)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The standard theorems and claims that the evidence takes for granted."""
        return tuple(dict.fromkeys(name for item in self.evidence for name in item.rests_on))

    @property
    def killed(self) -> int:
        """The number of mutants killed."""
        return sum(mutant.outcome is MutantOutcome.KILLED for mutant in self.mutants)

    @property
    def killed_by_proof(self) -> int:
        """The number of mutants on which the claim's proof was run and broke."""
        return sum(mutant.by_proof for mutant in self.mutants)

    @property
    def level(self) -> float:
        """A bound for the probability that any of the tests behind this result erred: the sum of their levels."""
        return sum(item.level for item in (*self.evidence, *self.mutants))

    @property
    def tally(self) -> str:
        """Mutants killed of those there are, and those out of reach, in words."""
        lost = sum(mutant.outcome is MutantOutcome.OUT_OF_REACH for mutant in self.mutants)
        return f"{self.killed}/{len(self.mutants)}" + (f" ({lost} out of reach)" if lost else "")

    @property
    def toothless(self) -> bool:
        """Whether the plan killed none of its mutants, or proved one of them."""
        return bool(self.mutants) and (self.killed == 0 or any(mutant.proved for mutant in self.mutants))

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with this result: verdict not as expected, contradiction, error, surviving mutants."""
        found = []
        order = list(Verdict)
        if self.expected is Verdict.REFUTED:
            as_expected = self.verdict is Verdict.REFUTED
        else:
            as_expected = self.verdict.holds and order.index(self.verdict) <= order.index(self.expected)
        if not as_expected and self.verdict is not Verdict.SKIPPED:
            found.append(f"verdict {self.verdict}, expected {self.expected}")
        if contradicts(self.evidence):
            found.append("both proved and refuted: the toolkit contradicts itself")
        found += [f"{item.method} failed: {item.summary}" for item in self.evidence if item.error is not None]
        if self.verdict is Verdict.PROVED:
            found += [
                f"{item.method} is undecided beside a proof: {item.summary}"
                for item in self.evidence
                if item.verdict is Verdict.UNDECIDED and item.error is None
            ]
        found += [
            f"{'UNUSED: the proof goes through' if attack.kind == 'hypothesis' else 'the proof goes through'} {attack}"
            for attack in self.attacks
            if not attack.broke
        ]
        found += [
            f"mutant {mutant.name} survived" for mutant in self.mutants if mutant.outcome is MutantOutcome.SURVIVED
        ]
        if self.toothless:
            found.append("toothless plan")
        return tuple(found)

    def blocked_by(self, failed: list[str]) -> ClaimResult:
        """The result when claims that its proof uses have failed: only what does not rest on them remains."""
        own = tuple(item for item in self.evidence if item.verdict not in (Verdict.PROVED, Verdict.ARGUED))
        block = Evidence(method="dependencies", verdict=Verdict.BLOCKED, summary=f"rests on {', '.join(failed)}")
        return replace(self, evidence=(block, *(item for item in own if item.verdict is Verdict.REFUTED)))

    def to_dict(self) -> dict[str, Json]:
        """The result as a JSON object."""
        return {
            "id": self.id,
            "family": self.family,
            "variant": self.variant,
            "verdict": str(self.verdict),
            "expected": str(self.expected),
            "quantifier": self.quantifier,
            "source": self.source,
            "worst_ratio": None if self.worst_ratio is None else in_words(self.worst_ratio),
            "seconds": round(self.seconds, 3),
            "evidence": [item.to_dict() for item in self.evidence],
            "rests_on": list(self.rests_on),
            "depends_on": list(self.depends_on),
            "mutants": [mutant.to_dict() for mutant in self.mutants],
            "attacks": [asdict(attack) for attack in self.attacks],
            "level": self.level,
            "faults": list(self.faults),
            "witness": None if self.smallest is None else self.smallest.to_dict(),
            "token": self.token,
        }

    def page(self) -> Page:
        """The result as it is shown: the statement, the verdict with its witness, evidence and wrong variants."""
        facts = [("verdict", f"{self.verdict} (worst ratio {ratio_text(self.worst_ratio)})")]
        if self.smallest is not None:
            facts.append(("witness", witness_text(self.smallest)))
        if self.replay_line:
            facts.append(("replay", self.replay_line))
        facts += [("rests on", name) for name in self.rests_on]
        facts += [("remark", remark) for remark in self.remarks]
        facts += [("not as expected", fault) for fault in self.faults]
        if self.depends_on:
            facts.append(("depends on", ", ".join(self.depends_on)))
        evidence = [(item.method, str(item.verdict), item.summary) for item in self.evidence]
        wrong = [(item.name, item.description, str(item.outcome), ", ".join(item.killers)) for item in self.mutants]
        return Page(
            statement=None if self.claim is None else self.claim.statement(),
            facts=facts,
            parts=(
                Part(
                    name="Evidence",
                    table=Table(header=("method", "verdict", "summary"), rows=evidence),
                    columns=r"llp{0.55\textwidth}",
                ),
                Part(
                    name="Wrong variants",
                    table=Table(header=("variant", "what is wrong", "outcome", "by"), rows=wrong),
                    columns=r"lp{0.45\textwidth}ll",
                ),
            ),
        )

    def to_latex(self) -> str:
        r"""All that was found for a LaTeX document, in ASCII; the document needs ``amsmath`` and ``amssymb``."""
        return self.page().latex()

    def _repr_latex_(self) -> str | None:
        return None if self.claim is None else rf"$\displaystyle {self.claim.latex()}\quad\text{{{self.verdict}}}$"

    def _repr_html_(self) -> str:
        return self.page().html()

    def _repr_markdown_(self) -> str:
        return self.page().markdown()


@dataclass(frozen=True, kw_only=True)
class Report:
    """The results of an audit by claim id; ``interrupted`` when it was stopped before everything was done.

    ``theorems``: what is wrong with each theorem or definition that was attacked in its model, in words, by its id.
    """

    seed: int
    budget: str
    results: Mapping[str, ClaimResult]
    theorems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    interrupted: bool = False
    seconds: float = 0.0
    version: str = field(default_factory=package_version)
    backend: str = field(default_factory=lambda: in_use().words)

    def __getitem__(self, claim_id: str) -> ClaimResult:
        if not isinstance(claim_id, str) or claim_id not in self.results:
            raise UnknownClaimError(claim_id, self.results)
        return self.results[claim_id]

    def __len__(self) -> int:
        return len(self.results)

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that is not as it should be, one line each."""
        of_claims = [f"{result.id}: {fault}" for result in self.results.values() for fault in result.faults]
        return (*of_claims, *(f"{name}: {fault}" for name, found in self.theorems.items() for fault in found))

    @property
    def ok(self) -> bool:
        """Whether every verdict is the expected one, mutants are accounted for, theorems hold, nothing is left out."""
        return not self.faults and not self.interrupted

    @property
    def level(self) -> float:
        """The family-wise error level: no test of the audit erred, but with at most this probability."""
        return sum(result.level for result in self.results.values())

    @property
    def tally(self) -> str:
        """What became of the wrong variants, of the attacks on proofs and theorems, and the error level, in words."""
        results = self.results.values()
        proved = [result for result in results if result.attacks]
        attacks = [attack.broke for result in proved for attack in result.attacks]
        killed, mutants = sum(result.killed for result in results), sum(len(result.mutants) for result in results)
        parts = [f"{killed} of {mutants} mutants killed"]
        if proved:
            by_proof, run = sum(r.killed_by_proof for r in proved), sum(len(r.mutants) for r in proved)
            parts[0] += f" by numbers, {by_proof} of {run} by proofs"
            parts.append(f"{sum(attacks)} of {len(attacks)} attacks break the proofs")
        if self.theorems:
            held = sum(not found for found in self.theorems.values())
            parts.append(f"{held} of {len(self.theorems)} theorems hold in their models")
        if self.level:
            parts.append(f"a test erred with probability at most {self.level:.1e}")
        return "; ".join(parts)

    def counts(self) -> dict[str, int]:
        """The number of claims per verdict, strongest first."""
        tally = Counter(result.verdict for result in self.results.values())
        return {str(verdict): tally[verdict] for verdict in Verdict if tally[verdict]}

    def to_dict(self) -> dict[str, Json]:
        """The report as a JSON object."""
        return {
            "seed": self.seed,
            "budget": self.budget,
            "version": self.version,
            "backend": self.backend,
            "interrupted": self.interrupted,
            "seconds": round(self.seconds, 3),
            "level": self.level,
            "claims": [result.to_dict() for result in self.results.values()],
            "theorems": {name: list(found) for name, found in self.theorems.items()},
        }

    def to_json(self, path: str | Path) -> Path:
        """Write the report as JSON; a regular file is replaced as a whole, or left as it was if writing fails.

        Raises TypeError or ValueError for a path at which no file can be written.
        """
        target = require_writable(path)
        return write_whole(target, json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n")

    def page(self) -> Page:
        """The report as it is shown: the counts of its verdicts, what is not as expected, and a row for each claim."""
        counts = ", ".join(f"{count} {verdict}" for verdict, count in self.counts().items())
        facts = [
            ("verdicts", counts or "none"),
            ("wrong variants", self.tally),
            ("run with", f"budget {self.budget}, seed {self.seed}, {self.version}, {self.backend}"),
        ]
        if self.interrupted:
            facts.append(("interrupted", "not everything was audited"))
        facts += [("not as expected", fault) for fault in self.faults]
        table = Table(header=("id", "statement", "verdict", "worst ratio", "mutants"), rows=self._rows())
        return Page(
            statement=None,
            facts=facts,
            parts=(Part(name="Claims", table=table, columns=r"lp{0.4\textwidth}lrr", environment="longtable"),),
        )

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (result.id, result.sentence, str(result.verdict), ratio_text(result.worst_ratio), result.tally)
            for result in self.results.values()
        ]

    def to_html(self, folder: str | Path) -> Path:
        """Write the report as HTML pages, one for each claim, into a folder (made if need be); the path of its index.

        Raises TypeError for what names no folder, ValueError for one in which no file can be made.
        """
        if not isinstance(folder, str | os.PathLike) or not os.fspath(folder):
            raise TypeError(f"folder must be the name of a directory; got {shown(folder)}")
        target = made_directory(folder, "folder")
        names = {claim_id: f"{re.sub(r'[^A-Za-z0-9]+', '-', claim_id)}.html" for claim_id in self.results}
        for claim_id, result in self.results.items():
            write_whole(target / names[claim_id], document(claim_id, result.page().html()))
        links = {html_text(claim_id): f'<a href="{name}">{html_text(claim_id)}</a>' for claim_id, name in names.items()}
        body = self.page().html()
        for label, link in links.items():
            body = body.replace(f"<td>{label}</td>", f"<td>{link}</td>")
        return write_whole(target / "index.html", document("scoregap audit", body))

    def to_latex(self) -> str:
        r"""A table of all claims, then every statement; the document needs ``amsmath``, ``amssymb``, ``longtable``."""
        statements = [statement_latex(result.claim.statement()) for result in self.results.values() if result.claim]
        return "\n".join([self.page().latex(), *statements])

    def bibtex(self) -> str:
        """BibTeX entries of the papers whose statements were audited, and of this toolkit."""
        cited = dict.fromkeys(result.claim.source.paper for result in self.results.values() if result.claim)
        return bibliography(cited, self.version)

    def _repr_html_(self) -> str:
        return self.page().html()

    def _repr_markdown_(self) -> str:
        return self.page().markdown()

    def _repr_latex_(self) -> str:
        counts = r"\quad ".join(rf"{count}\ \text{{{verdict}}}" for verdict, count in self.counts().items())
        return f"${counts}$"
