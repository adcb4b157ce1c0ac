"""Bad input to claims, their parts and symbols: each argument of each constructor and function."""

import sympy as sp

import theory
from tests.bad_input import (
    BOUND,
    CLAIM,
    CONSTANT,
    EXACT,
    FLAG,
    HUGE,
    NAMES,
    NAN,
    OBJECT,
    ODD,
    OPTION,
    SIDE,
    TEXT,
    VALUE,
    Case,
    R,
    checks_of,
    method,
    positional,
)
from theory import statement, symbols, terms
from theory.statement import Terms
from theory.symbols import K, delta, v, x

MUTANT = {"name": "wrong", "description": "wrong", "regime": "everywhere", "rhs": {"right": K - 1}}
PART = {"lhs": {"left": x}, "rhs": {"right": x**2}}


def gamma(**values):
    return theory.claims["L1:printed"].evaluate(**{"r": 1, "v": 1, "delta": R(1, 10), "x0_norm": 0, **values})


CASES = {
    "Terms": Case(
        call=positional(Terms, "terms"), valid={"terms": {"a": 1}}, bad={"terms": SIDE}, names={"terms": "term"}
    ),
    "ReadOnly": Case(call=lambda: terms.ReadOnly({"a": 1})),
    "Source": Case(
        call=statement.Source,
        valid={"paper": "LLZB", "place": "here", "equation": "1"},
        bad={"paper": TEXT, "place": TEXT, "equation": TEXT[1:]},
    ),
    "Hypothesis": Case(
        call=statement.Hypothesis,
        bad={"name": TEXT, "statement": TEXT, "strict": FLAG, "lesser": EXACT, "greater": EXACT},
        valid={"name": "h", "statement": "0 <= v", "lesser": sp.S.Zero, "greater": v, "strict": True},
    ),
    "ForAll": Case(call=statement.ForAll, valid={"over": "all x"}, bad={"over": TEXT}),
    "WithProbability": Case(
        call=statement.WithProbability,
        valid={"at_least": 1 - delta, "over": "noise"},
        bad={"over": TEXT, "at_least": [*EXACT, -1, 2, R(11, 10), -delta, 1 + delta]},
    ),
    "InExpectation": Case(
        call=statement.InExpectation,
        valid={"range": (0, 1), "over": "noise"},
        bad={
            "over": TEXT,
            "range": [
                *OBJECT[1:],
                (1, 0),
                (0,),
                (0, 1, 2),
                (0, sp.oo),
                (NAN, 1),
                (0.5, 1),
                (delta, -delta),
                ("a", "b"),
            ],
        },
    ),
    "UpToConstant": Case(
        call=statement.UpToConstant,
        valid={"depends_on": ("T",), "inner": statement.ForAll()},
        bad={"depends_on": NAMES, "inner": [*OBJECT, statement.UpToConstant()]},
    ),
    "Relation": Case(call=statement.Relation, wrong=[("relation", PART)]),
    "Inequality": Case(
        call=statement.Inequality,
        valid=PART,
        bad={"lhs": SIDE, "rhs": SIDE},
        wrong=[("term names", {"lhs": {"a": 1}, "rhs": {"a": 1}})],
    ),
    "Identity": Case(call=statement.Identity, valid=PART, bad={"lhs": SIDE, "rhs": SIDE}),
    "Relation.map": Case(call=method(BOUND, "map", "change"), valid={"change": lambda e: 2 * e}),
    "Constant": Case(
        call=statement.Constant,
        valid={"symbol": K, "value": 1, "meaning": "a constant", "hidden": False},
        bad={"symbol": [*OBJECT[:12], K + 1, "K"], "value": [*EXACT, 0, -1], "meaning": TEXT, "hidden": FLAG},
    ),
    "Mutant": Case(
        call=statement.Mutant,
        valid=MUTANT | {"out_of_reach": "why", "constants": {"K": 2}},
        bad={
            "name": TEXT,
            "description": TEXT,
            "regime": TEXT,
            "rhs": SIDE[1:-3],
            "lhs": SIDE[1:-3],
            "constants": [[], "K", {"": 1}, {"K": 0.5}, {"K": "1"}, {1: 1}],
            "out_of_reach": TEXT[1:],
            "setting": [[], "A", {"flow": 1}, {"flow": ""}, {1: "A"}],
        },
        wrong=[("nothing", {"rhs": None, "constants": None})],
    ),
    "Mutant.apply": Case(
        call=method(statement.Mutant(**MUTANT), "apply", "claim"),
        valid={"claim": statement.Claim(**CLAIM)},
        bad={"claim": OBJECT},
    ),
    "Claim": Case(
        call=statement.Claim,
        valid=CLAIM,
        bad={
            "id": [*TEXT, "X", "x:a", "X:", ":a", "X:a\n", "X:a~", "X:a~b~c", "X:a b", "L1:é"],
            "sentence": TEXT,
            "source": OBJECT,
            "quantifier": OBJECT,
            "relation": [*OBJECT, x < 1],
            "note": [None, 1, b""],
            "hypotheses": [None, 1, "a", (1,), (None,), {}],
            "constants": [None, 1, {"K": 1}, {"C": CONSTANT}, {1: CONSTANT}, {"": CONSTANT}],
            "mutants": [None, 1, "a", (1,), {}],
            "setting": [None, [], "A", {"flow": 1}, {1: "A"}],
        },
        wrong=[
            ("nothing", {"mutants": (statement.Mutant(**MUTANT | {"rhs": {"right": K + 1}}),)}),
            ("constants", {"mutants": (statement.Mutant(**MUTANT | {"constants": {"C": 1}}),)}),
            ("setting", {"mutants": (statement.Mutant(**MUTANT | {"setting": {"labels": "sm"}}),)}),
            ("term names", {"mutants": (statement.Mutant(**MUTANT | {"rhs": {"left": K}}),)}),
            ("mutants", {"mutants": (statement.Mutant(**MUTANT),) * 2}),
            ("hypotheses", {"hypotheses": (statement.Hypothesis(name="h", statement="s"),) * 2}),
        ],
    ),
    "Claim.with_constant": Case(
        call=method(statement.Claim(**CLAIM), "with_constant", "name", "value"),
        valid={"name": "K", "value": 2},
        bad={"name": [*OPTION[2:7], "k", "C"], "value": [*EXACT, 0, -1]},
    ),
    "Claim.evaluate": Case(
        call=gamma,
        bad={
            "r": [*VALUE, 0, -1],
            "v": [*VALUE, -1],
            "delta": [*VALUE, 0, -0.1, 1.1, [0.1, 1.1]],
            "x0_norm": [*VALUE, -1],
            "K": [*VALUE, 0, -1],
            "xt_norm": [*VALUE, -1],
            "rr": [1],
            "x0": [1],
        },
        wrong=[("shapes", {"r": [1, 2], "v": [1, 2, 3]}), ("delta", {"r": [[1, 2]], "delta": [[0.1], [NAN]]})],
    ),
    "claims.__getitem__": Case(
        call=method(theory.claims, "__getitem__", "claim"),
        valid={"claim": "L1:repaired"},
        bad={"claim": [*ODD, "", "L1:repared", "L1", 1, [], "x" * 10**4, HUGE]},
    ),
    "claims.select": Case(
        call=method(theory.claims, "select", "ids"),
        valid={"ids": "L1"},
        bad={"ids": [1, True, 1j, object(), b"L1", print, {1: 2}, [None], [1], [b"L1"], NAN]},
        wrong=[("L1:repaired", {"ids": "L1:repared"}), ("L1", {"ids": ["L4", "L11"]})],
    ),
    "SymbolInfo": Case(
        call=symbols.SymbolInfo,
        valid={
            "symbol": x,
            "tex": "x",
            "mathml": "<mi>x</mi>",
            "text": "x",
            "meaning": "a point",
            "lower": sp.S.Zero,
            "upper": sp.S.One,
            "open_lower": True,
            "open_upper": True,
            "integer": False,
        },
        bad={
            "symbol": OBJECT[:-1],
            "tex": TEXT,
            "mathml": TEXT,
            "text": TEXT,
            "meaning": TEXT,
            "lower": [None, 0.5, "0", sp.nan, sp.S(2), sp.I, True],
            "upper": [None, 0.5, sp.S(-1), sp.nan],
            "open_lower": FLAG,
            "open_upper": FLAG,
            "integer": FLAG,
        },
    ),
    "info": Case(call=symbols.info, valid={"name": "x"}, bad={"name": [*OBJECT, "", "xx", sp.Symbol("x")]}),
    "describe": Case(call=symbols.describe, valid={"symbol": x}, bad={"symbol": OBJECT[:-1]}),
    **{
        name: Case(call=getattr(symbols, name), valid={"expr": x}, bad={"expr": [*OBJECT[:-1], [x]]})
        for name in ("latex", "mathml", "unicode")
    },
    "unicode_relation": Case(
        call=symbols.unicode_relation,
        valid={"left": [x], "sign": "≤", "right": [x]},
        bad={"left": [*OBJECT, [1]], "sign": TEXT, "right": [*OBJECT, ["x"]]},
    ),
}
globals().update(checks_of(CASES))
