"""Bad values for every kind of argument, and the tests of a table of calls: each bad argument is refused by its name.

A call with one bad argument must raise TypeError or ValueError (KeyError for an unknown id) whose message names the
argument.
"""

import math
import types
import warnings
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import numerics
import theory
import verify
from theory import statement
from theory.symbols import K, t, x
from verify.lemma.files import LemmaFileError
from verify.sweeps.spec import SpecError
from verify.sweeps.store import StoreError

NAN, INF, HUGE = math.nan, math.inf, 10**400


class Hostile:
    """An object whose conversions fail with unusual errors."""

    def __array__(self, *_args, **_kwargs):
        raise RuntimeError("no array")

    def __float__(self):
        raise RuntimeError("no float")


ODD = [None, 1j, True, {}, {1: 2}, object(), b"1", Hostile(), print, float]
NUMBER = [
    *ODD,
    "abc",
    "",
    "1",
    NAN,
    INF,
    -INF,
    HUGE,
    -HUGE,
    [],
    [1.0, 2.0],
    [1, [2]],
    np.zeros((2, 2)),
    np.float64(NAN),
    np.array([1.0, None]),
    np.bool_(True),
    sp.Symbol("z"),
    Decimal("NaN"),
    sp.I,
]
COUNT = [*NUMBER, 0, -1, 1.5, 2.0, Fraction(1, 2), np.float64(3.0)]
EXACT = [
    *ODD,
    "abc",
    "",
    "1/0",
    "nan",
    NAN,
    INF,
    0.5,
    np.float64(0.5),
    sp.Float(0.5),
    sp.Float(0.5) * x,
    sp.nan,
    sp.oo,
    -sp.oo,
    sp.zoo,
    sp.I,
    [],
    [1, [2]],
    sp.true,
    Decimal("0.5"),
    sp.Matrix([1]),
    "__import__('os')",
]
ARRAY = [
    *ODD,
    "abc",
    "1",
    NAN,
    INF,
    HUGE,
    [],
    [[]],
    [1, [2]],
    [[1.0], [2.0, 3.0]],
    [NAN],
    [INF],
    [HUGE],
    [True, False],
    [None],
    ["1"],
    [1j],
    np.array([None, 1.0]),
    np.array(["1", "2"]),
    np.zeros(0),
    np.ma.masked_array([1.0], [True]),
    np.zeros((2, 2, 2)),
    np.array(["2020"], dtype="datetime64[Y]"),
]
OPTION = [*ODD, "unknown", "", 1, NAN, [], ["song"], "SONG"]
TEXT = [*ODD, "", "  ", 1, NAN, [], ["text"]]
OBJECT = [*ODD, "abc", 1, NAN, [], sp.Symbol("z")]
FLAG = [None, "yes", 1, 0, NAN, [], np.bool_(True)]
NAMES = [None, "T", 1, NAN, ("",), (1,), (None,), {"T"}, {"T": 1}]


@dataclass(kw_only=True)
class Case:
    """A callable with valid keywords, bad values per argument, and bad combinations (name in the message, changes)."""

    call: Any
    valid: dict[str, Any] = field(default_factory=dict)
    bad: dict[str, list[Any]] = field(default_factory=dict)
    wrong: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # what the message calls an argument, if not by its name
    slow: bool = False  # a valid call takes long: no random arguments


def method(obj, name, *order):
    """A bound method that takes keywords only (the positional ones in order)."""
    return positional(getattr(obj, name), *order)


def positional(function, *order):
    def call(**kw):
        first = [kw.pop(key) for key in order]
        return function(*first, **kw)

    return call


# Values that several tables use ---------------------------------------------------------------------------------------

SOURCE = statement.Source(paper="LLZB", place="Lemma 1")
BOUND = statement.Inequality(lhs={"left": K}, rhs={"right": K + 1})
CONSTANT = statement.Constant(symbol=K, value=sp.S.One, meaning="a constant")
CLAIM = {
    "id": "X:a",
    "sentence": "K <= K + 1.",
    "source": SOURCE,
    "quantifier": statement.ForAll(),
    "relation": BOUND,
    "constants": {"K": CONSTANT},
    "setting": {"flow": "A"},
}
SIDE = [
    *OBJECT[:8],
    {},
    {"": 1},
    {1: 1},
    {"a": 0.5},
    {"a": "x"},
    {"a": None},
    {"a": sp.nan},
    {"a": sp.oo},
    {"a": sp.I},
    {"a": True},
    {"a": [1]},
    [("a", 1), ("a", 2)],
    [("a",)],
    "ab",
]
OU = theory.OrnsteinUhlenbeck()
MIX = theory.GaussianMixture((1,), (0,), (1,))
R = sp.Rational
FEATURES = numerics.RandomFeatures(
    weights=[[0.5], [-0.5]], time_weights=[[0.1], [0.2]], embedding=numerics.constant_embedding()
)
HISTOGRAM = numerics.histogram_density([-1.0, 0.0, 1.0], [0.25, 0.75])
SCHEDULE = {
    "times": [0.5, 1.0],
    "weights": [0.5, 0.5],
    "mean_scale": [0.6, 0.4],
    "std": [0.8, 0.9],
    "loss_weight": [1.0, 1.0],
}
SEEDS = [*NUMBER, -1, 1.5, np.random, np.random.RandomState(0)]
ROOT = {"samples": COUNT, "rng": SEEDS, "workers": COUNT}
RUN = {"samples": 4, "rng": 1}
WHERE = {
    "backend": [a for a in OBJECT if a is not None] + ["cupy"],
    "device": [a for a in OBJECT if a is not None] + ["cuda:none"],
    "dtype": [a for a in OPTION if a is not None] + ["float16"],
}
THETA = [*ARRAY, np.zeros((1, 3)), np.zeros((2, 2)), np.zeros(2)]
MIXTURES = [*OBJECT, types.SimpleNamespace(weights=[1.0], means=[0.0])]
AVERAGE = {
    **ROOT,
    "method": OPTION,
    "alpha": [*NUMBER, 0.0, 1.0, -1.0],
    "sampling": [a for a in OBJECT if a is not None] + [RUN],
}
TIMES = [a for a in NUMBER if a is not float]  # float is a callable t -> number
PLANE = numerics.RandomFeatures(weights=[[0.1, 0.2]], time_weights=[[0.1]], embedding=numerics.constant_embedding())
VALUE = [a for a in ARRAY if not isinstance(a, np.ndarray) or a.shape != (2, 2, 2)]


# Tests ---------------------------------------------------------------------------------------------------------------

# of KeyError and ValueError
FINER = (theory.UnknownClaimError, verify.MissingSymbolsError, LemmaFileError, SpecError, StoreError)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 6),
    st.just(HUGE),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=4),
    st.binary(max_size=3),
    st.fractions(max_denominator=9),
    st.decimals(),
    st.sampled_from([x, t, 1 / x, sp.nan, sp.oo, sp.I, np.float32(1), np.int8(3), np.array(2.0)]),
)
GARBAGE = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=5,
)


def show(value):
    try:
        return repr(value)[:60]
    except Exception:
        return type(value).__name__


def attempt(case, changes, word):
    """What is wrong with the answer to bad input, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = case.call(**{**case.valid, **changes})
            if isinstance(result, types.GeneratorType):
                next(result)
    except (TypeError, ValueError, KeyError) as error:
        if type(error) not in (TypeError, ValueError) and not isinstance(error, FINER):
            return f"raised {type(error).__name__}: {error}"
        return None if word in str(error) else f"does not name {word!r}: {type(error).__name__}: {str(error)[:150]}"
    except Exception as error:
        return f"raised {type(error).__name__}: {str(error)[:150]}"
    return f"was accepted, with the result {show(result)}"


def checks_of(cases):
    """The tests of a table by name, for a module to take as its own: ``globals().update(checks_of(CASES))``."""

    @pytest.mark.parametrize("name", cases)
    def accepted(name):
        case = cases[name]
        if not case.slow and (case.valid or not case.wrong):
            case.call(**case.valid)

    @pytest.mark.parametrize(("name", "argument"), [(name, argument) for name in cases for argument in cases[name].bad])
    def refused(name, argument):
        case = cases[name]
        word = case.names.get(argument, argument)
        faults = {show(value): attempt(case, {argument: value}, word) for value in case.bad[argument]}
        faults = {value: fault for value, fault in faults.items() if fault}
        assert not faults

    unfitting_cases = [name for name, case in cases.items() if case.wrong]

    @pytest.mark.parametrize("name", unfitting_cases)
    def unfitting(name):
        case = cases[name]
        faults = [(word, attempt(case, changes, word)) for word, changes in case.wrong]
        assert not [fault for fault in faults if fault[1]]

    drawn = [(name, argument) for name, case in cases.items() if not case.slow for argument in case.bad]

    @settings(
        max_examples=max(1, 2 * len(drawn)),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case_argument=st.sampled_from(drawn or [("", "")]), value=GARBAGE)
    def unbroken(case_argument, value):
        name, argument = case_argument
        fault = attempt(cases[name], {argument: value}, "")
        assert fault is None or fault.startswith("was accepted"), (name, argument, fault)

    return {
        "test_valid_input_is_accepted": accepted,
        "test_bad_input_is_refused_by_name": refused,
        **({"test_arguments_that_do_not_fit_together_are_refused": unfitting} if unfitting_cases else {}),
        **({"test_random_input_is_accepted_or_refused_but_never_breaks": unbroken} if drawn else {}),
    }
