"""A lemma of one's own: `lemma` reads a statement and chooses how it is confronted, `Lemma` is what it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis.strategies import SearchStrategy

from theory.statement import Claim
from verify.audit.engine import assert_holds, check, replay
from verify.audit.results import ClaimResult
from verify.evidence.domain import Domain, Instance
from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict, Witness
from verify.lemma.arguments import Arguments, read, scaled, side
from verify.lemma.methods import methods

ATTACK = "attack"


@dataclass(frozen=True, kw_only=True)
class Attacked:
    """A lemma's claim with another right side, and the lemma's plan."""

    claim: Claim
    plan: Plan


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Lemma:
    """A statement of one's own with the plan that confronts it; made by `verify.lemma`.

    ``claim`` is the statement as a value, ``plan`` its methods, ``domain`` what they range over. `verify.check`,
    `audit`, `bound` and `assert_holds` take it. ``place`` is ``FILE.py:NAME`` for a lemma that was read from a file;
    ``named`` tells whether its id was given, ``known_as`` are other ids that its tokens may carry, and ``again`` is the
    function, with its arguments, that makes it once more in another process.
    """

    claim: Claim
    plan: Plan
    domain: Domain
    again: tuple[Callable[..., Any], tuple[Any, ...]]
    named: bool
    place: str | None = None
    known_as: tuple[str, ...] = ()

    def check(self, budget: str = "quick", seed: int = 0) -> ClaimResult:
        """Confront the lemma and its wrong variants; errors as of `verify.check`."""
        return check(self, budget=budget, seed=seed)

    def assert_holds(self, budget: str = "quick", seed: int = 0) -> ClaimResult:
        """Raise AssertionError, with the witness, unless the evidence speaks for the lemma."""
        return assert_holds(self, budget=budget, seed=seed)

    def attack(self, right: Any, *, budget: str = "quick", seed: int = 0) -> ClaimResult:
        """Confront the lemma with another right side in place of its own, through the same plan.

        A REFUTED result says that this right side is too small. Errors as for ``right`` of `verify.lemma`.
        """
        return check(self._attacked(right), budget=budget, seed=seed, mutants=False)

    def strategy(self) -> SearchStrategy[Instance]:
        """A Hypothesis strategy for instances that meet the hypotheses: dicts from name to value."""
        return self.domain.strategy().filter(self.domain.accepts)

    def replay(self, token: str, right: Any = None) -> Witness:
        """Evaluate a refutation's witness again; ``right`` is the right side that was attacked, if not the lemma's own.

        Raises ValueError for a token of another statement.
        """
        return replay(token, self if right is None else self._attacked(right))

    def latex(self) -> str:
        """The statement in LaTeX (math mode)."""
        return self.claim.latex()

    def _attacked(self, right: Any) -> Attacked:
        rhs = scaled(side("right", right), self.claim.constants)
        changed = replace(self.claim.relation, rhs=rhs)
        return Attacked(
            claim=replace(self.claim, id=f"{self.claim.id}~{ATTACK}", relation=changed, mutants=()), plan=self.plan
        )

    def _repr_latex_(self) -> str:
        return self.claim._repr_latex_()

    def _repr_html_(self) -> str:
        return self.claim._repr_html_()

    def _repr_markdown_(self) -> str:
        return self.claim._repr_markdown_()

    def __repr__(self) -> str:
        return f"<{self.claim.id}: {self.claim.sentence}>"

    def __reduce__(self) -> Any:
        return self.again


def lemma(
    sentence: str,
    left: Any,
    right: Any,
    *,
    over: Any,
    given: Any = (),
    measure: Any = None,
    with_probability: Any = None,
    violation: Any = None,
    sample: Any = None,
    expectation: Any = None,
    up_to_constant: Any = None,
    along: Any = None,
    wrong: Any = None,
    proof: Any = None,
    source: Any = None,
    id: str | None = None,  # noqa: A002
) -> Lemma:
    """State a lemma ``left <= right`` of one's own; what is given decides how it is confronted.

    left, right: SymPy expressions, exact (no floating-point numbers), or dicts of named terms.
    over: each symbol (or name) to its range: ``(low, high)``, a tuple of names, or a field of a domain (`Real`,
    `Integer`, `Choice`, `Array`). Symbols declared integer range over integers; a positive range with ends a factor
    1000 apart is searched on a logarithmic scale; ``high`` may be ``oo``.
    given: SymPy inequalities, which every instance must meet, and text, for what is assumed.
    measure: symbol to a function of the instance's values by name, for what has no closed form; it returns a float
    (trusted to 12 digits), an exact number, a pair (value, error), or a `flint.arb`.
    with_probability: the probability 1 − δ with which left <= right; left then holds a symbol without a range. With
    violation, the exact P(left > right): an expression, P(left > x) with left's symbol in the place of x, or a function
    ``violation(bound, **values)`` of the right side's value; or with sample.
    sample: ``sample(rng, size, **values)`` returns ``size`` values of the left side, or a dict of such arrays by symbol
    (the right side may then be random too), or truth values of left > bound if it takes ``bound``. Beside measure,
    violation or an exact expectation it is a cross-check of those.
    expectation: E left <= right, with the exact E left (an expression or a function), or with the range (low, high) of
    the left side for a sample.
    up_to_constant: names that the constant in ``≲`` may depend on; () for an absolute constant. along: what it may not
    depend on, with ranges; a range that ends at 100 or beyond is followed towards infinity, one that begins at 1/100 or
    below towards 0.
    wrong: name to a right side that is too small, which must be refuted. source: a text or a `Source`. id: like
    ``MY:pinsker``; made from the sentence if left out. proof: not yet.

    Raises TypeError or ValueError that names the argument, its value and the remedy.
    """
    return _stated(
        Arguments(
            sentence=sentence,
            left=left,
            right=right,
            over=over,
            given=given,
            measure=measure,
            with_probability=with_probability,
            violation=violation,
            sample=sample,
            expectation=expectation,
            up_to_constant=up_to_constant,
            along=along,
            wrong=wrong,
            proof=proof,
            source=source,
            id=id,
        )
    )


def _stated(arguments: Arguments) -> Lemma:
    parts = read(arguments)
    # any verdict that speaks for the lemma will do: the weakest is expected
    plan = Plan(claim=parts.claim.id, expected=Verdict.SEARCHED, methods=methods(parts))
    return Lemma(
        claim=parts.claim, plan=plan, domain=parts.domain, again=(_stated, (arguments,)), named=arguments.id is not None
    )
