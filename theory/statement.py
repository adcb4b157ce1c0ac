"""The vocabulary of statements: Claim, relations, quantifiers, hypotheses, sources, constants, mutants.

These are values. Nothing here decides whether a claim is true: `verify` does, by confronting it with numbers.
Sides of a relation are mappings of named terms, because SymPy evaluates relations and merges terms of equal shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import sympy as sp

from theory import symbols

if TYPE_CHECKING:
    from theory.evaluation import Evaluation

_ID = re.compile(r"^[A-Z][A-Z0-9/\-]*:[A-Za-z][A-Za-z0-9\-]*$")


class Terms(dict[str, sp.Expr]):
    """A read-only mapping of term names to exact expressions; raises ValueError for floating-point numbers."""

    def __init__(self, terms: Mapping[str, Any] | Iterable[tuple[str, Any]]):
        checked: dict[str, sp.Expr] = {}
        for name, raw in dict(terms).items():
            expr = sp.sympify(raw)
            if expr.atoms(sp.Float):
                raise ValueError(f"term {name!r} holds a floating-point number in {expr}; write it as a Rational")
            checked[name] = expr
        if not checked:
            raise ValueError("terms must not be empty; a side that vanishes is {'zero': 0}")
        super().__init__(checked)

    def total(self) -> sp.Expr:
        """The sum of the terms."""
        return sp.Add(*self.values())

    def _refuse(self, *_args: Any, **_kwargs: Any) -> Any:
        raise TypeError("terms are read-only; make a new mapping instead")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = __ior__ = _refuse  # type: ignore[assignment]

    def __reduce__(self):
        return (Terms, (dict(self),))

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a statement comes from: paper key (``LLZB``, ``CZS`` or ``scoregap``), place, equation number."""

    paper: str
    place: str
    equation: str | None = None

    def __str__(self) -> str:
        number = f" [{self.equation}]" if self.equation else ""
        return f"{self.paper}, {self.place}{number}"


PAPERS = {
    "LLZB": "Li, Li, Zhang and Bian, On the Generalization Properties of Diffusion Models, NeurIPS 2023, "
    "arXiv:2311.01797",
    "CZS": "Chen, Zhu and Shkurti, Generalization in VAE and Diffusion Models: A Unified Information-Theoretic "
    "Analysis, ICLR 2025, arXiv:2506.00849",
    "scoregap": "the scoregap developers, this toolkit",
}


@dataclass(frozen=True, kw_only=True)
class Hypothesis:
    """A named condition under which a claim is made.

    With ``lesser`` and ``greater`` the condition ``lesser <= greater`` (``<`` if ``strict``) is *checked* on every
    instance; without them it is *assumed* and the report says so.
    """

    name: str
    statement: str
    lesser: sp.Expr | None = None
    greater: sp.Expr | None = None
    strict: bool = False

    def __post_init__(self) -> None:
        if (self.lesser is None) != (self.greater is None):
            raise ValueError(f"hypothesis {self.name!r} has only one of lesser and greater; give both or neither")

    @property
    def checked(self) -> bool:
        """Whether the condition is evaluated on instances (else it is assumed)."""
        return self.lesser is not None


@dataclass(frozen=True, kw_only=True)
class ForAll:
    """The relation holds for every value of its symbols."""

    over: str = "all admissible values"

    def __str__(self) -> str:
        return f"for all {self.over}"


@dataclass(frozen=True, kw_only=True)
class WithProbability:
    """The relation holds with probability ``at_least``, over the randomness named in ``over``."""

    at_least: sp.Expr
    over: str

    def __str__(self) -> str:
        return f"with probability at least {symbols.unicode(self.at_least)} over {self.over}"


@dataclass(frozen=True, kw_only=True)
class InExpectation:
    """The relation holds for the expectation of its left side, which takes values in ``range``."""

    range: tuple[sp.Expr, sp.Expr]
    over: str

    def __str__(self) -> str:
        low, high = (symbols.unicode(end) for end in self.range)
        return f"in expectation over {self.over}, the left side in [{low}, {high}]"


@dataclass(frozen=True, kw_only=True)
class UpToConstant:
    """The relation holds up to a constant K that may depend on ``depends_on`` only (the papers' ``≲``)."""

    depends_on: tuple[str, ...] = ()
    inner: ForAll | WithProbability = field(default_factory=ForAll)

    def __str__(self) -> str:
        what = f"a constant depending on {', '.join(self.depends_on)} only" if self.depends_on else "an absolute constant"
        return f"up to {what}, {self.inner}"


Quantifier = ForAll | WithProbability | InExpectation | UpToConstant


@dataclass(frozen=True, kw_only=True)
class Relation:
    """Two sides of named terms."""

    lhs: Terms
    rhs: Terms

    def __post_init__(self) -> None:
        object.__setattr__(self, "lhs", Terms(self.lhs))
        object.__setattr__(self, "rhs", Terms(self.rhs))
        twice = set(self.lhs) & set(self.rhs)
        if twice:
            raise ValueError(f"term names must differ between the sides; {sorted(twice)} stand on both")

    @property
    def sign(self) -> str:
        """The relation's sign in Unicode."""
        raise NotImplementedError

    def free_symbols(self) -> set[sp.Symbol]:
        """The free symbols of both sides."""
        return {sym for expr in (*self.lhs.values(), *self.rhs.values()) for sym in expr.free_symbols}  # type: ignore[misc]

    def map(self, change: Any) -> Relation:
        """The relation with ``change`` applied to every term."""
        sides = {side: Terms({k: change(e) for k, e in getattr(self, side).items()}) for side in ("lhs", "rhs")}
        return replace(self, **sides)


@dataclass(frozen=True, kw_only=True)
class Inequality(Relation):
    """Sum of ``lhs`` <= sum of ``rhs``."""

    @property
    def sign(self) -> str:  # noqa: D102
        return "≤"


@dataclass(frozen=True, kw_only=True)
class Identity(Relation):
    """Sum of ``lhs`` = sum of ``rhs``."""

    @property
    def sign(self) -> str:  # noqa: D102
        return "="


@dataclass(frozen=True, kw_only=True)
class Constant:
    """A named constant of a claim; ``hidden`` when the source prints ``≲`` and gives no value (it is evaluated at 1)."""

    symbol: sp.Symbol
    value: sp.Expr
    meaning: str
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A deliberately wrong variant of a claim, which the claim's own plan must refute.

    ``regime`` says where the variant is false. What is not given is left as in the claim; ``lhs`` and ``rhs`` replace
    whole sides. ``out_of_reach`` is a reason why the plan's domain cannot show the fault, if it cannot.
    """

    name: str
    description: str
    regime: str
    lhs: Mapping[str, Any] | None = None
    rhs: Mapping[str, Any] | None = None
    constants: Mapping[str, Any] | None = None
    setting: Mapping[str, str] | None = None
    out_of_reach: str | None = None

    def __post_init__(self) -> None:
        if all(part is None for part in (self.lhs, self.rhs, self.constants, self.setting)):
            raise ValueError(f"mutant {self.name!r} changes nothing; give lhs, rhs, constants or setting")

    def apply(self, claim: Claim) -> Claim:
        """The claim with this variant's changes; its id is ``family:variant~name``."""
        relation = replace(
            claim.relation,
            lhs=claim.relation.lhs if self.lhs is None else Terms(self.lhs),
            rhs=claim.relation.rhs if self.rhs is None else Terms(self.rhs),
        )
        constants = dict(claim.constants)
        for name, value in (self.constants or {}).items():
            constants[name] = replace(constants[name], value=sp.sympify(value))
        return replace(claim, id=f"{claim.id}~{self.name}", relation=relation, constants=constants, mutants=(),
                       setting={**claim.setting, **(self.setting or {})})


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One statement of the theory.

    ``setting`` names the definitions that a measurement must use, e.g. ``{"flow": "A"}``; ``constants`` maps names
    to `Constant`; ``depends_on`` lists the ids of the claims that this one's proof uses; ``note`` says what a reader
    should know (why a printed form is false, how sharp a constant is).
    """

    id: str
    sentence: str
    source: Source
    quantifier: Quantifier
    relation: Relation
    hypotheses: tuple[Hypothesis, ...] = ()
    constants: Mapping[str, Constant] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    mutants: tuple[Mutant, ...] = ()
    setting: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        if not _ID.match(self.id.split("~")[0]):
            raise ValueError(f"id must look like 'L1:repaired' (family:variant); got {self.id!r}")
        names = [mutant.name for mutant in self.mutants]
        if len(set(names)) != len(names):
            raise ValueError(f"mutants of {self.id} must have different names; got {names}")

    @property
    def family(self) -> str:
        """The part of the id before the colon."""
        return self.id.split(":")[0]

    @property
    def variant(self) -> str:
        """The part of the id after the colon."""
        return self.id.split(":", 1)[1]

    @property
    def terms(self) -> Terms:
        """The named terms of both sides, constants as symbols."""
        return Terms({**self.relation.lhs, **self.relation.rhs})

    @property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """The free symbols that a value is needed for (constants excluded), sorted by name."""
        own = {constant.symbol for constant in self.constants.values()}
        return tuple(sorted(self.relation.free_symbols() - own, key=str))

    def resolved(self) -> Relation:
        """The relation with every named constant replaced by its value."""
        values = {constant.symbol: constant.value for constant in self.constants.values()}
        return self.relation.map(lambda expr: expr.subs(values))

    def left(self) -> sp.Expr:
        """The left side with constants replaced by their values."""
        return self.resolved().lhs.total()

    def right(self) -> sp.Expr:
        """The right side with constants replaced by their values."""
        return self.resolved().rhs.total()

    def with_constant(self, name: str, value: sp.Expr) -> Claim:
        """The claim with another value of a named constant; raises ValueError for an unknown name."""
        if name not in self.constants:
            raise ValueError(f"{self.id} has no constant {name!r}; its constants are {sorted(self.constants) or 'none'}")
        return replace(self, constants={**self.constants, name: replace(self.constants[name], value=sp.sympify(value))})

    def latex(self) -> str:
        """The statement in LaTeX (math mode)."""
        left, right = (self._side(side, symbols.latex) for side in (self.relation.lhs, self.relation.rhs))
        equals = isinstance(self.relation, Identity)
        quantifier = self.quantifier
        sign = "=" if equals else r"\lesssim" if isinstance(quantifier, UpToConstant) else r"\le"
        inner = quantifier.inner if isinstance(quantifier, UpToConstant) else quantifier
        if isinstance(inner, WithProbability):
            return (rf"\mathbb{{P}}\left[{left} {sign} {right}\right] \ge {symbols.latex(inner.at_least)}")
        if isinstance(inner, InExpectation):
            left = rf"\mathbb{{E}}\left[{left}\right]"
        return f"{left} {sign} {right}"

    def unicode(self) -> str:
        """The statement as Unicode text for a terminal; each side may take several lines."""
        left, right = self.relation.lhs.total(), self.relation.rhs.total()
        whole = sp.Eq(left, right, evaluate=False) if isinstance(self.relation, Identity) else sp.Le(
            left, right, evaluate=False)
        return symbols.unicode(whole)

    @staticmethod
    def _side(terms: Terms, show: Any) -> str:
        text = ""
        for expr in terms.values():
            shown = show(expr)
            text += shown if not text else f" {shown}" if shown.startswith("-") else f" + {shown}"
        return text

    def evaluate(self, **values: Any) -> Evaluation:
        """Evaluate the named terms and both sides for numeric values given by symbol name; arrays broadcast.

        Constants may be overridden by name. The left side is left out where its symbols are not given, so that a
        bound can be evaluated on its own. Raises ValueError for unknown names, values outside a symbol's domain,
        shapes that do not broadcast, and missing symbols of the right side (each listed with its meaning).
        """
        from theory.evaluation import evaluate  # noqa: PLC0415  (NumPy is loaded when a number is asked for)

        return evaluate(self, values)
