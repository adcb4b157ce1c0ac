"""What a check can conclude, and the values that carry the conclusion: Verdict, Evidence, Witness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from verify.evidence.domain import Instance
from verify.evidence.files import Json, in_words, plain


class Verdict(StrEnum):
    """The conclusion that a piece of evidence carries, strongest first; evidence never upgrades.

    PROVED: derived by the kernel, as it stands, from named theorems and definitions. CERTIFIED: in ball arithmetic on
    a stated box. EXHAUSTIVE: on every element of a stated finite set. SUPPORTED: statistically, at a stated error
    level. ARGUED: steps of an argument are checked, the conclusion is not derived. SEARCHED: no counterexample among a
    stated number of instances. REFUTED: with a witness. UNDECIDED: the method could not tell. VACUOUS: the hypotheses
    were never met. BLOCKED: a claim that its proof rests on is not proved. SKIPPED: an optional part is not installed.
    """

    PROVED = "PROVED"
    CERTIFIED = "CERTIFIED"
    EXHAUSTIVE = "EXHAUSTIVE"
    SUPPORTED = "SUPPORTED"
    ARGUED = "ARGUED"
    SEARCHED = "SEARCHED"
    REFUTED = "REFUTED"
    UNDECIDED = "UNDECIDED"
    VACUOUS = "VACUOUS"
    BLOCKED = "BLOCKED"
    SKIPPED = "SKIPPED"

    @property
    def holds(self) -> bool:
        """Whether the verdict speaks for the claim."""
        return self in POSITIVE


POSITIVE = (Verdict.PROVED, Verdict.CERTIFIED, Verdict.EXHAUSTIVE, Verdict.SUPPORTED, Verdict.ARGUED, Verdict.SEARCHED)


class MutantOutcome(StrEnum):
    """What became of a deliberately wrong variant of a claim."""

    KILLED = "KILLED"
    SURVIVED = "SURVIVED"
    OUT_OF_REACH = "OUT_OF_REACH"


@dataclass(frozen=True, kw_only=True)
class Witness:
    """An instance at which a claim was evaluated, with the two sides that it was measured to have there.

    ``instance`` is a JSON object from which the measurement can be repeated; ``ratio`` is the measured quantity over
    its bound (a violation probability over δ for claims with a probability), so that a ratio above 1 is a violation.
    """

    instance: Instance
    left: float
    right: float
    ratio: float
    note: str = ""

    def to_dict(self) -> dict[str, Json]:
        """The witness as a JSON object."""
        return {
            "instance": plain(self.instance),
            "left": in_words(self.left),
            "right": in_words(self.right),
            "ratio": in_words(self.ratio),
            "note": self.note,
        }


@dataclass(frozen=True, kw_only=True)
class CheckedStep:
    """A step of a proof and what became of it: "verified", "undecided", "false", or "cited", which is not checked."""

    step: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Law:
    """A law that measured constants follow: a constant as a function of the parameter, in words, and its limit.

    ``limit`` is infinite for powers and logarithms, and nan where a slow growth does not tell it; ``error`` is the
    largest relative residual on the constants that were fitted. A fit is no proof: constants that follow a power may
    stop growing beyond the last value.
    """

    kind: str
    text: str
    limit: float
    error: float


@dataclass(frozen=True, kw_only=True)
class Trend:
    """The smallest constant that a claim needs at each of the ``values`` of a parameter that it may not depend on.

    ``slope``: of log constant against log value from end to end; ``largest``: of the constants, NaN where one is;
    ``grows``: at every step; ``law``: that the growth follows, if one fits; ``diverges``: by so much, and by a law
    without a limit, that no constant up to ``largest`` is taken to work.
    """

    values: tuple[float, ...]
    constants: tuple[float, ...]
    slope: float
    largest: float
    grows: bool
    diverges: bool = False
    law: Law | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What one method found out about one claim.

    ``rests_on`` names the theorems that the method took for granted, ``links`` the claims that it used itself;
    ``level`` bounds the probability that it is wrong, for a verdict that rests on chance. ``worst_ratio`` is the
    largest ratio of measured quantity to bound that was seen, at ``nearest``: the distance from a refutation.
    ``factor`` is (holds, refuted): factors of the right side between which that instance lies. ``instances``: at how
    many the claim was tried. ``smallest`` and ``worst`` are the witnesses of a refutation, which the ``experiment`` of
    that name replays. ``about`` says what the verdict is about: the "claim", or only a "constant" of it (that it is
    sharp), which is no evidence that the claim is true. ``steps``: of an argument for the claim; ``divergence``: of a
    proof that no constant works; ``trends``: of the constant needed, by parameter; ``error``: the traceback of a method
    that failed. ``details`` are what no code reads, only a report's reader.
    """

    method: str
    verdict: Verdict
    summary: str
    rests_on: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    level: float = 0.0
    worst_ratio: float | None = None
    smallest: Witness | None = None
    worst: Witness | None = None
    nearest: Witness | None = None
    factor: tuple[float, float] | None = None
    instances: int | None = None
    seconds: float = 0.0
    about: str = "claim"
    experiment: str | None = None
    error: str | None = None
    steps: tuple[CheckedStep, ...] | None = None
    divergence: tuple[CheckedStep, ...] | None = None
    trends: Mapping[str, Trend] | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def speaks_for_claim(self) -> bool:
        """Whether this is evidence that the claim itself is true."""
        return self.verdict.holds and self.about == "claim"

    def to_dict(self) -> dict[str, Json]:
        """The evidence as a JSON object."""
        out: dict[str, Json] = {
            "method": self.method,
            "verdict": str(self.verdict),
            "summary": self.summary,
            "seconds": round(self.seconds, 3),
        }
        if self.about != "claim":
            out["about"] = self.about
        details = {**self.details, **self._typed()}
        if details:
            out["details"] = plain(details)
        if self.rests_on:
            out["rests_on"] = list(self.rests_on)
        if self.links:
            out["links"] = list(self.links)
        if self.level:
            out["level"] = self.level
        if self.worst_ratio is not None:
            out["worst_ratio"] = in_words(self.worst_ratio)
        if self.instances is not None:
            out["instances"] = self.instances
        if self.factor is not None:
            out["factor"] = {"holds": self.factor[0], "refuted": self.factor[1]}
        for name, witness in (("smallest", self.smallest), ("worst", self.worst), ("nearest", self.nearest)):
            if witness is not None:
                out[name] = witness.to_dict()
        return out

    def _typed(self) -> dict[str, object]:
        """The fields that a method filled and a report has among the details."""
        found = {
            "experiment": self.experiment,
            "error": self.error,
            "steps": None if self.steps is None else [asdict(step) for step in self.steps],
            "divergence": None if self.divergence is None else [asdict(step) for step in self.divergence],
            "trends": None if self.trends is None else {name: asdict(trend) for name, trend in self.trends.items()},
        }
        return {name: value for name, value in found.items() if value is not None}


def headline(evidence: Sequence[Evidence]) -> Verdict:
    """The verdict that a body of evidence carries: a refutation first, then a broken chain, then the strongest support.

    A refutation outranks everything: a claim that is both PROVED and REFUTED shows a fault of the toolkit, which
    `contradicts` reports. Evidence about a constant's sharpness does not speak for the claim.
    """
    verdicts = [item.verdict for item in evidence if item.speaks_for_claim or not item.verdict.holds]
    for verdict in (Verdict.REFUTED, Verdict.BLOCKED, *POSITIVE, Verdict.SKIPPED, Verdict.VACUOUS):
        if verdict in verdicts:
            return verdict
    return Verdict.UNDECIDED


def contradicts(evidence: Sequence[Evidence]) -> bool:
    """Whether rigorous evidence for the claim stands beside a refutation of it."""
    verdicts = {item.verdict for item in evidence if item.speaks_for_claim or not item.verdict.holds}
    return Verdict.REFUTED in verdicts and bool(verdicts & {Verdict.PROVED, Verdict.CERTIFIED})
