"""Reads the arguments of a lemma into its claim and its parts, and refuses what cannot be meant."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import sympy as sp

from theory.checks import shown, text
from theory.claims import REGISTRY
from theory.exact import exact
from theory.quantifiers import ForAll, InExpectation, Quantifier, UpToConstant, WithProbability
from theory.statement import Claim, Constant, Inequality, Mutant, Source
from theory.terms import Terms
from verify.balls.numbers import working_precision
from verify.evidence.confrontation import PRECISION
from verify.evidence.domain import Choice
from verify.lemma.functions import Given, given_function
from verify.lemma.instances import instances
from verify.lemma.parts import Parts
from verify.lemma.ranges import Range, domain_of, read_conditions, read_ranges
from verify.lemma.reading import ExpectationSides, ProbabilitySides, Reading, RelationSides
from verify.lemma.refusals import (
    Arguments,
    by_name,
    refuse_combinations,
    refuse_idle,
    refuse_names,
    refuse_tail,
    refuse_unknown,
)
from verify.lemma.sampling import Sampler
from verify.lemma.trends import reference, wide

OWN = Source(paper="own", place="a lemma of one's own")
FAMILY = "MY"
"""The family of lemmas without an id of their own."""
_WORDS = 6


def read(a: Arguments) -> Parts:
    """Everything that the arguments say; TypeError or ValueError naming the argument, its value and the remedy."""
    text("sentence", a.sentence)
    if a.proof is not None:
        raise ValueError(
            f"proof must be left out in this version; got {shown(a.proof)}; no kernel checks a proof of one's own yet"
        )
    refuse_combinations(a)
    left, right = side("left", a.left), side("right", a.right)
    hypotheses = read_conditions(a.given)
    level = None if a.with_probability is None else exact("with_probability", a.with_probability)
    violation = _expression("violation", a.violation)
    limits = _limits(a.expectation)
    mean = None if limits else _expression("expectation", a.expectation)
    conditions = [e for h in hypotheses for e in (h.lesser, h.greater) if e is not None]
    others = [e for e in (level, violation, mean, *(limits or ())) if isinstance(e, sp.Expr)]
    measure = {} if a.measure is None else a.measure
    if not isinstance(measure, Mapping):
        raise TypeError(f"measure must map symbols to functions, e.g. {{D: distance}}; got {shown(measure)}")
    used = by_name((left.total(), right.total(), *conditions, *others))
    along = read_ranges("along", {} if a.along is None else a.along, used)
    ranges = read_ranges("over", a.over, used)
    for name in along:
        if name in ranges:
            raise ValueError(f"along[{name}] has a range in over already; give it in along alone")
    ranges |= along
    if not ranges:
        raise ValueError("over must not be empty; give the range of every symbol, e.g. over={n: (1, 100)}")
    measured = _measured(measure, used, ranges)
    refuse_names(ranges, used)
    functions = _Functions.read(a, measured, tuple(ranges), violation, mean)
    refuse_idle(ranges, used, functions.takes())
    refuse_unknown(a, (left.total(), right.total()), conditions, others, {*ranges, *map(str, measured)})
    refuse_tail(left.total(), violation)
    numbers = {name: item.symbol for name, item in ranges.items() if item.symbol is not None}
    reading = Reading(numbers=numbers, measure=functions.measure)
    domain = domain_of(ranges, hypotheses, reading)
    sides: Any = RelationSides(reading=reading)
    if functions.violation is not None:
        sides = ProbabilitySides(reading=reading, left=left.total(), violation=functions.violation)
    elif functions.expectation is not None:
        sides = ExpectationSides(reading=reading, left=left.total(), expectation=functions.expectation)
    elif level is not None or limits is not None:
        sides = None
    sampler = functions.sample and Sampler(sample=functions.sample, reading=reading, left=left.total())
    constants = _hidden_constant(used) if a.up_to_constant is not None else {}
    claim = Claim(
        id=_identity(a.id, a.sentence),
        sentence=a.sentence,
        source=_source(a.source),
        quantifier=_quantifier(a, level, limits, ranges),
        relation=Inequality(lhs=left, rhs=scaled(right, constants)),
        hypotheses=hypotheses,
        constants=constants,
        mutants=_mutants(a.wrong, constants),
    )
    parts = Parts(
        claim=claim,
        domain=domain,
        ranges=ranges,
        sides=sides,
        sampler=sampler,
        limits=limits,
        measured=tuple(measured),
        along=_axes(a, along, ranges),
    )
    _try(parts)
    if not constants:
        return parts
    value = reference(parts)
    return replace(parts, claim=replace(claim, constants={n: replace(c, value=value) for n, c in constants.items()}))


# Sides and quantifier ------------------------------------------------------------------------------------------------


def side(name: str, value: Any) -> Terms:
    """A side's named terms: an expression is one term, called like the side."""
    if isinstance(value, Mapping):
        if not value:
            raise ValueError(f"{name} must have a term; got {shown(value)}; a side that vanishes is {{'zero': 0}}")
        for key in value:
            text(f"every name of a term of {name}", key)
        return Terms(value)
    return Terms({name: exact(name, value, strings=False)})


def scaled(terms: Terms, constants: Mapping[str, Constant]) -> Terms:
    """The terms, each times the hidden constants."""
    factor = sp.Mul(*(constant.symbol for constant in constants.values()))
    return Terms({name: factor * expr for name, expr in terms.items()})


def _hidden_constant(used: Mapping[str, sp.Symbol]) -> dict[str, Constant]:
    name = next(name for name in ("K", "C", "K_0", "C_0", "K_hidden") if name not in used)
    symbol = sp.Symbol(name, positive=True)
    meaning = "the constant that is not named; the smallest that will do is measured"
    return {name: Constant(symbol=symbol, value=sp.S.One, meaning=meaning, hidden=True)}


def _quantifier(
    a: Arguments, level: sp.Expr | None, limits: tuple[sp.Expr, sp.Expr] | None, ranges: Mapping[str, Range]
) -> Quantifier:
    if level is not None:
        inner: Any = WithProbability(at_least=level, over="the sample")
    elif a.expectation is not None:
        inner = InExpectation(range=limits, over="the sample")
    else:
        inner = ForAll(over=", ".join(_shown_range(name, item) for name, item in ranges.items()))
    if a.up_to_constant is None:
        return inner
    names = _names("up_to_constant", a.up_to_constant)
    for name in names:
        if name not in ranges:
            raise ValueError(
                f"up_to_constant must name symbols with a range; got {name!r}, over has {', '.join(ranges)}"
            )
    return UpToConstant(depends_on=names, inner=inner)


def _shown_range(name: str, item: Range) -> str:
    if isinstance(item.field, Choice):
        return f"{name} among {', '.join(item.field.options)}"
    if item.low is None:
        return name
    return f"{name} in [{item.low}, {'∞)' if item.high is sp.oo else f'{item.high}]'}"


def _names(name: str, value: Any) -> tuple[str, ...]:
    items = (value,) if isinstance(value, (str, sp.Symbol)) else value
    if not isinstance(items, (tuple, list)) or not all(isinstance(item, (str, sp.Symbol)) for item in items):
        raise TypeError(f'{name} must be a tuple of names, e.g. ("d",), or () for none; got {shown(value)}')
    return tuple(map(str, items))


def _axes(a: Arguments, along: Mapping[str, Range], ranges: Mapping[str, Range]) -> tuple[str, ...]:
    """What the constant may not depend on: what is given in along, else every wide range of a number."""
    if a.up_to_constant is None:
        return ()
    allowed = _names("up_to_constant", a.up_to_constant)
    clash = [name for name in along if name in allowed]
    if clash:
        raise ValueError(
            f"along[{clash[0]}] is what the constant may depend on by up_to_constant; take it off one of them"
        )
    found = tuple(along) or tuple(n for n, item in ranges.items() if n not in allowed and wide(item.field))
    if not found:
        raise ValueError(
            "along must name what the constant may not depend on, e.g. along={n: (1, 1e12)}; got none, and no range of "
            "over is wide enough to show a trend (a factor 100)"
        )
    return found


def _expression(name: str, value: Any) -> Any:
    """A function as it is, anything else as an exact expression."""
    return value if value is None or (callable(value) and not isinstance(value, sp.Basic)) else exact(name, value)


def _limits(expectation: Any) -> tuple[sp.Expr, sp.Expr] | None:
    if not isinstance(expectation, (tuple, list)):
        return None
    if len(expectation) != 2:
        raise ValueError(
            f"expectation must be the exact expectation, or the range (low, high) of the left side; got "
            f"{shown(expectation)}"
        )
    low, high = (exact(f"expectation[{k}]", end) for k, end in enumerate(expectation))
    return low, high


# Names and functions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Functions:
    measure: Mapping[sp.Symbol, Given]
    violation: Given | sp.Expr | None
    expectation: Given | sp.Expr | None
    sample: Given | None

    @classmethod
    def read(
        cls, a: Arguments, measured: Mapping[sp.Symbol, Any], names: tuple[str, ...], violation: Any, mean: Any
    ) -> _Functions:
        if violation is not None and not isinstance(violation, sp.Expr):
            violation = given_function(violation, "violation", names, ("bound",))
        if mean is not None and not isinstance(mean, sp.Expr):
            mean = given_function(mean, "expectation", names)
        sample = a.sample
        if sample is not None:
            sample = given_function(sample, "sample", names, ("rng", "size"), ("bound",))
        measure = {symbol: given_function(f, f"measure[{symbol}]", names) for symbol, f in measured.items()}
        return cls(measure=measure, violation=violation, expectation=mean, sample=sample)

    def takes(self) -> set[str]:
        """The names that some function is called with."""
        given = (*self.measure.values(), self.violation, self.expectation, self.sample)
        return {name for item in given if isinstance(item, Given) for name in item.takes}


def _measured(
    measure: Mapping[Any, Any], used: Mapping[str, sp.Symbol], ranges: Mapping[str, Range]
) -> dict[sp.Symbol, Callable[..., Any]]:
    found: dict[sp.Symbol, Callable[..., Any]] = {}
    for key, function in measure.items():
        name = str(key)
        if (
            not isinstance(key, (sp.Symbol, str))
            or name not in used
            or (isinstance(key, sp.Symbol) and key != used[name])
        ):
            raise ValueError(
                f"measure[{name}] must be a symbol that stands in left, right or given; they hold "
                f"{', '.join(used) or 'none'}"
            )
        if name in ranges:
            raise ValueError(
                f"measure[{name}] has a range in over already; a symbol is measured or ranged over, not both"
            )
        if used[name] in found:
            raise ValueError(f"measure[{name}] is given twice, as a symbol and as a name; keep one of them")
        found[used[name]] = function
    return found


# The rest ------------------------------------------------------------------------------------------------------------


def _mutants(wrong: Any, constants: Mapping[str, Constant]) -> tuple[Mutant, ...]:
    if wrong is None:
        return ()
    if not isinstance(wrong, Mapping):
        raise TypeError(f"wrong must map names to right sides, e.g. {{'half': n / 2}}; got {shown(wrong)}")
    made = []
    for name, value in wrong.items():
        slug = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") if isinstance(name, str) else ""
        if not slug:
            raise ValueError(f"every key of wrong must be a name with letters or digits; got {shown(name)}")
        terms = side(f"wrong[{name}]", value)
        shown_side = f"right side {sp.sstr(terms.total())}"
        made.append(
            Mutant(
                name=slug,
                description=shown_side if slug == name else f"{name}: {shown_side}",
                regime="somewhere in the stated ranges",
                rhs=scaled(
                    Terms({key if isinstance(value, Mapping) else "right": e for key, e in terms.items()}), constants
                ),
            )
        )
    return tuple(made)


def _source(source: Any) -> Source:
    if source is None:
        return OWN
    if isinstance(source, Source):
        return source
    paper, _, place = text("source", source).partition(",")
    return Source(paper=paper.strip(), place=place.strip() or "the statement")


def _identity(identity: Any, sentence: str) -> str:
    if identity is not None:
        if text("id", identity) in REGISTRY:
            raise ValueError(
                f"id must not be one of the registry's; got {identity!r}; choose another, e.g. '{FAMILY}:lemma'"
            )
        return identity
    words = re.findall(r"[a-z0-9]+", sentence.lower().replace("'", ""))[:_WORDS]
    name = "-".join(words) or f"lemma-{zlib.crc32(sentence.encode()):08x}"
    return f"{FAMILY}:{name if name[0].isalpha() else f'lemma-{name}'}"


def _try(parts: Parts) -> None:
    """Evaluate once, where the domain has an instance: a function or expression that cannot be used is seen now."""
    sides, sampler = parts.sides, parts.sampler
    for instance in instances(parts.domain, 1, np.random.default_rng(0)):
        rng, size = np.random.default_rng(0), 5
        if sides is not None:
            with working_precision(PRECISION):
                sides(parts.claim)(instance)
        if sampler is None:
            continue
        if parts.limits is not None:
            sampler.means(parts.claim, parts.limits).draw(instance, rng, size)
        elif sides is None or isinstance(sides, ProbabilitySides):
            sampler.counts(parts.claim, instance)(rng, size)
        else:
            sampler.values(instance, rng, size)
