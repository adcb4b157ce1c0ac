"""Bad input to `verify.lemma`: each argument of each function and method; wrong use in detail is in test_refusals."""

import sympy as sp

import verify
from tests.bad_input import HUGE, NAN, NUMBER, ODD, OPTION, TEXT, Case, checks_of, method, positional

X, N = sp.Symbol("x", real=True), sp.Symbol("n", integer=True, positive=True)
SIDES = [*[a for a in ODD if a is not True], "x", "", NAN, 0.5, [], [X], {"": X}, {1: X}, sp.nan, sp.oo, sp.I, sp.true]
STATED = {"sentence": "x is at most its square.", "left": X, "right": X**2, "over": {X: (1, 5)}}
LEMMA = verify.lemma("x is at most its square.", X, X**2, over={X: (1, 5)})
RUN = {"budget": OPTION, "seed": [*NUMBER[:16], -1, 1.5]}
CASES = {
    "lemma": Case(
        call=positional(verify.lemma, "sentence", "left", "right"),
        valid=STATED,
        bad={
            "sentence": TEXT,
            "left": SIDES,
            "right": SIDES,
            "over": [*ODD, "x", 1, NAN, [], [X], {X: 1}, {X: (1,)}, {X: (2, 1)}, {X: (NAN, 1)}, {1: (1, 2)}],
            "given": [1j, True, object(), b"1", print, 1, NAN, {X: 1}, X, sp.true, (X,)],
            "measure": [*[a for a in ODD if a is not None and a != {}], "x", 1, NAN, [], {X: 1}, {1: abs}],
            "with_probability": [*[a for a in ODD if a is not None], "x", 0.5, NAN, HUGE, -1, [], sp.nan],
            "violation": [*[a for a in ODD if a is not None], "x", NAN, X],
            "sample": [*[a for a in ODD if a is not None], "x", 1, NAN, X, {}],
            "expectation": [*[a for a in ODD if a not in (None, print, float)], "x", NAN, (0,), (0, 1), []],
            "up_to_constant": [1j, True, {1: 2}, object(), b"1", 1, NAN, (1,), (None,)],
            "along": [*[a for a in ODD if a is not None], "x", 1, NAN, {X: (1, 5)}],
            "wrong": [*[a for a in ODD if a is not None and a != {}], "x", 1, NAN, [X], {"a": 0.5}, {1: X}],
            "proof": [True, 1, "x", object()],
            "source": [*[a for a in ODD if a is not None], 1, NAN, "", []],
            "id": [*[a for a in ODD if a is not None], "", "no colon", 1, NAN, [], "L1:repaired"],
        },
    ),
    "lemmas_in": Case(
        call=verify.lemmas_in,
        bad={"path": [*ODD, 1, NAN, [], "", "/nowhere.py", "/", "x.txt"]},
        names={"path": ""},
        slow=True,
    ),
    **{
        f"Lemma.{name}": Case(call=getattr(LEMMA, name), valid={"budget": "quick"}, bad=RUN, slow=True)
        for name in ("check", "assert_holds")
    },
    "Lemma.attack": Case(
        call=method(LEMMA, "attack", "right"), valid={"right": X}, bad={"right": SIDES, **RUN}, slow=True
    ),
    "Lemma.replay": Case(
        call=method(LEMMA, "replay", "token"),
        valid={"token": "abc"},
        bad={"token": [*ODD, "", "abc", "é", "eNo", 1, NAN, [], HUGE], "right": [a for a in SIDES if a is not None]},
        slow=True,
    ),
}
globals().update(checks_of(CASES))
