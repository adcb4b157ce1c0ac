"""The vocabulary of statements: Claim, relations, quantifiers, hypotheses, sources, constants, mutants.

These are values. Nothing here decides whether a claim is true: `verify` does, by confronting it with numbers.
Sides of a relation are mappings of named terms, because SymPy evaluates relations and merges terms of equal shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import sympy as sp

from theory import checks, evaluation
from theory.display import Formula, Statement
from theory.exact import Exact, exact
from theory.quantifiers import ForAll, InExpectation, Quantifier, UpToConstant, WithProbability
from theory.terms import ReadOnly, Terms

_ID = re.compile(r"[A-Z][A-Z0-9/\-]*:[A-Za-z][A-Za-z0-9\-]*(~[A-Za-z0-9][A-Za-z0-9\-]*)?")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a statement comes from: paper key (``LLZB``, ``CZS`` or ``scoregap``), place, equation number."""

    paper: str
    place: str
    equation: str | None = None

    def __post_init__(self) -> None:
        checks.text("paper", self.paper)
        checks.text("place", self.place)
        if self.equation is not None:
            checks.text("equation", self.equation)

    def __str__(self) -> str:
        number = f" [{self.equation}]" if self.equation else ""
        return f"{self.paper}, {self.place}{number}"


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
        checks.text("name", self.name)
        checks.text("statement", self.statement)
        checks.instance("strict", self.strict, bool)
        for side in ("lesser", "greater"):
            if getattr(self, side) is not None:
                object.__setattr__(self, side, exact(side, getattr(self, side), strings=False))
        if (self.lesser is None) != (self.greater is None):
            raise ValueError(f"hypothesis {self.name!r} has only one of lesser and greater; give both or neither")

    @property
    def checked(self) -> bool:
        """Whether the condition is evaluated on instances (else it is assumed)."""
        return self.lesser is not None

    @property
    def condition(self) -> tuple[sp.Expr, sp.Expr, bool] | None:
        """The two sides and whether they must differ; None for an assumed condition."""
        return None if self.lesser is None or self.greater is None else (self.lesser, self.greater, self.strict)

    def free_symbols(self) -> set[sp.Symbol]:
        """The free symbols of a checked condition; none for an assumed one."""
        return {symbol for side in (self.lesser, self.greater) if side is not None for symbol in side.free_symbols}


@dataclass(frozen=True, kw_only=True)
class Relation:
    """Two sides of named terms; the base of `Inequality` and `Identity`."""

    lhs: Terms
    rhs: Terms

    if TYPE_CHECKING:  # any mapping is taken, and kept as Terms

        def __init__(self, *, lhs: Mapping[str, Exact], rhs: Mapping[str, Exact]) -> None: ...

    def __post_init__(self) -> None:
        if type(self) is Relation:
            raise TypeError("a relation must be an Inequality or an Identity; got the bare Relation")
        for side in ("lhs", "rhs"):
            try:
                object.__setattr__(self, side, Terms(getattr(self, side)))
            except (TypeError, ValueError) as error:
                raise type(error)(f"{side}: {error}") from None
        twice = set(self.lhs) & set(self.rhs)
        if twice:
            raise ValueError(f"term names must differ between the sides; {sorted(twice)} stand on both")

    @property
    def sign(self) -> str:
        """The relation's sign in Unicode."""
        raise NotImplementedError

    def free_symbols(self) -> set[sp.Symbol]:
        """The free symbols of both sides."""
        return {sym for expr in (*self.lhs.values(), *self.rhs.values()) for sym in expr.free_symbols}

    def map(self, change: Callable[[sp.Expr], sp.Expr]) -> Relation:
        """The relation with ``change`` applied to every term."""
        sides = {side: Terms({k: change(e) for k, e in getattr(self, side).items()}) for side in ("lhs", "rhs")}
        return replace(self, **sides)


class Inequality(Relation):
    """Sum of ``lhs`` <= sum of ``rhs``."""

    @property
    def sign(self) -> str:
        """Less than or equal."""
        return "≤"


class Identity(Relation):
    """Sum of ``lhs`` = sum of ``rhs``."""

    @property
    def sign(self) -> str:
        """Equal."""
        return "="


@dataclass(frozen=True, kw_only=True)
class Constant:
    """A named constant of a claim; ``hidden`` when the source prints ``≲`` and gives no value of its own."""

    symbol: sp.Symbol
    value: sp.Expr
    meaning: str
    hidden: bool = False

    def __post_init__(self) -> None:
        checks.instance("symbol", self.symbol, sp.Symbol)
        checks.text("meaning", self.meaning)
        checks.instance("hidden", self.hidden, bool)
        value = exact("value", self.value, strings=False)
        if self.symbol.is_positive and value.is_nonpositive:
            raise ValueError(f"value must be positive like its symbol {self.symbol}; got {value}")
        object.__setattr__(self, "value", value)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A deliberately wrong variant of a claim, which the claim's own plan must refute.

    ``regime`` says where the variant is false. What is not given is left as in the claim; ``lhs`` and ``rhs`` replace
    whole sides. ``out_of_reach`` is a reason why the plan's domain cannot show the fault, if it cannot.
    """

    name: str
    description: str
    regime: str
    lhs: Mapping[str, Exact] | None = None
    rhs: Mapping[str, Exact] | None = None
    constants: Mapping[str, Exact] | None = None
    setting: Mapping[str, str] | None = None
    out_of_reach: str | None = None

    def __post_init__(self) -> None:
        for part in ("name", "description", "regime"):
            checks.text(part, getattr(self, part))
        if self.out_of_reach is not None:
            checks.text("out_of_reach", self.out_of_reach)
        for part in ("lhs", "rhs", "constants", "setting"):
            given = getattr(self, part)
            if given is not None:
                made = checks.mapping(part, given)
                for key, value in made.items():
                    name = f"{part}[{key!r}]"
                    made[key] = checks.text(name, value) if part == "setting" else exact(name, value, strings=False)
                if not made:
                    raise ValueError(f"{part} must not be empty; leave it out to keep the claim's own")
                object.__setattr__(self, part, Terms(made) if part in ("lhs", "rhs") else ReadOnly(made))
        if all(part is None for part in (self.lhs, self.rhs, self.constants, self.setting)):
            raise ValueError(f"mutant {self.name!r} changes nothing; give lhs, rhs, constants or setting")

    def apply(self, claim: Claim) -> Claim:
        """The claim with this variant's changes; its id is ``family:variant~name``.

        Raises ValueError where the claim has no such constant or setting, and where nothing is changed.
        """
        checks.instance("claim", claim, Claim)
        for part in ("constants", "setting"):
            unknown = sorted(set(getattr(self, part) or {}) - set(getattr(claim, part)))
            if unknown:
                raise ValueError(
                    f"mutant {self.name!r} changes the {part} {unknown}, which {claim.id} does not have; "
                    f"it has {sorted(getattr(claim, part)) or 'none'}"
                )
        sides = {side: getattr(self, side) for side in ("lhs", "rhs") if getattr(self, side) is not None}
        constants = {
            **claim.constants,
            **{name: replace(claim.constants[name], value=value) for name, value in (self.constants or {}).items()},
        }
        wrong = replace(
            claim,
            id=f"{claim.id}~{self.name}",
            relation=replace(claim.relation, **sides),
            constants=constants,
            mutants=(),
            setting={**claim.setting, **(self.setting or {})},
        )
        if (wrong.relation, wrong.constants, wrong.setting) == (claim.relation, claim.constants, claim.setting):
            raise ValueError(f"mutant {self.name!r} changes nothing of {claim.id}; give a side that differs")
        return wrong


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One statement of the theory.

    ``setting`` names the definitions that a measurement must use, e.g. ``{"flow": "A"}``; ``constants`` maps names
    to `Constant`; ``note`` says what a reader should know (why a printed form is false, how sharp a constant is).
    """

    id: str
    sentence: str
    source: Source
    quantifier: Quantifier
    relation: Relation
    hypotheses: tuple[Hypothesis, ...] = ()
    constants: Mapping[str, Constant] = field(default_factory=dict)
    mutants: tuple[Mutant, ...] = ()
    setting: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(checks.text("id", self.id)):
            raise ValueError(f"id must look like 'L1:repaired' (family:variant); got {self.id!r}")
        checks.text("sentence", self.sentence)
        checks.text("note", self.note, empty=True)
        checks.instance("source", self.source, Source)
        checks.instance("quantifier", self.quantifier, (ForAll, WithProbability, InExpectation, UpToConstant))
        checks.instance("relation", self.relation, (Inequality, Identity))
        hypotheses = checks.sequence("hypotheses", self.hypotheses, Hypothesis)
        mutants = checks.sequence("mutants", self.mutants, Mutant)
        for part, values, names in (
            ("hypotheses", hypotheses, [hypothesis.name for hypothesis in hypotheses]),
            ("mutants", mutants, [mutant.name for mutant in mutants]),
        ):
            if len(set(names)) != len(names):
                raise ValueError(f"{part} of {self.id} must have different names; got {list(names)}")
            object.__setattr__(self, part, values)
        constants = {
            name: checks.instance(f"constants[{name!r}]", constant, Constant)
            for name, constant in checks.mapping("constants", self.constants).items()
        }
        misnamed = [name for name, constant in constants.items() if name != str(constant.symbol)]
        if misnamed:
            raise ValueError(
                f"constants must be named like their symbols; got {misnamed[0]!r} for {constants[misnamed[0]].symbol}"
            )
        setting = {
            key: checks.text(f"setting[{key!r}]", value)
            for key, value in checks.mapping("setting", self.setting).items()
        }
        object.__setattr__(self, "constants", ReadOnly(constants))
        object.__setattr__(self, "setting", ReadOnly(setting))
        for mutant in self.mutants:
            mutant.apply(self)  # raises here where a mutant does not fit

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
        if checks.instance("name", name, str) not in self.constants:
            raise ValueError(
                f"name: {self.id} has no constant {checks.shown(name)}; its constants are "
                f"{sorted(self.constants) or 'none'}"
            )
        return replace(self, constants={**self.constants, name: replace(self.constants[name], value=value)})

    def latex(self) -> str:
        """The statement in LaTeX (math mode)."""
        return self._formula().latex()

    def unicode(self) -> str:
        """The relation as Unicode text for a terminal, term by term; each side may take several lines."""
        return self._formula().unicode()

    def _formula(self) -> Formula:
        """The formula for a reader: ``≲`` hides the constants that are not given in print."""
        hidden = {constant.symbol: sp.S.One for constant in self.constants.values() if constant.hidden}
        relation = self.relation.map(lambda expr: expr.subs(hidden)) if hidden else self.relation
        equal = isinstance(relation, Identity)
        return Formula(lhs=relation.lhs, rhs=relation.rhs, equal=equal, quantifier=self.quantifier)

    def statement(self) -> Statement:
        """The statement as it is shown in a notebook or on a page, with quantifier, source and hypotheses."""
        assumed = [
            f"{'where' if item.checked else 'assuming that'} {item.statement} ({item.name})" for item in self.hypotheses
        ]
        notes = (f"{self.quantifier}", *assumed, f"source: {self.source}")
        return Statement(id=self.id, sentence=self.sentence, formula=self._formula(), notes=notes)

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        return self.statement().html()

    def _repr_markdown_(self) -> str:
        return self.statement().markdown()

    def evaluate(self, **values: object) -> evaluation.Evaluation:
        """Evaluate the named terms and both sides for numeric values given by symbol name; arrays broadcast.

        Constants may be overridden by name. The left side is left out where its symbols are not given, so that a
        bound can be evaluated on its own. Raises ValueError for unknown names, values outside a symbol's domain,
        shapes that do not broadcast, and missing symbols of the right side (each listed with its meaning).
        """
        return evaluation.evaluate(
            self.id,
            self.relation.lhs,
            self.relation.rhs,
            values,
            constants={constant.symbol: constant.value for constant in self.constants.values()},
            conditions={
                hypothesis.name: hypothesis.condition for hypothesis in self.hypotheses if hypothesis.condition
            },
        )
