"""Bad input to `verify.evidence`: each argument of each constructor and function."""

import pytest

from tests.bad_input import FLAG, HUGE, NAN, NUMBER, OBJECT, Case, checks_of
from verify.evidence import domain

REAL = domain.Real(low=0, high=1)
CASES = {
    "Real": Case(
        call=domain.Real,
        valid={"low": 0.5, "high": 1, "log": True},
        bad={"low": [*NUMBER, 2.0, 0.0], "high": [*NUMBER, 0.0], "log": FLAG},
    ),
    "Integer": Case(
        call=domain.Integer,
        valid={"low": 0, "high": 5},
        bad={"low": [*NUMBER, 1.5, 2.0, 6], "high": [*NUMBER, 1.5, 2.0, -1]},
    ),
    "Choice": Case(
        call=domain.Choice,
        valid={"options": ("a", "b")},
        bad={"options": [None, "ab", (), [], 1, ("a", "a"), (1,), ("",), {"a"}]},
    ),
    "Array": Case(
        call=domain.Array,
        valid={"shape": ("n", 2), "element": REAL},
        bad={
            "shape": [None, "n", 2, (), (0,), (-1,), (1.5,), (None,), (True,), (NAN,)],
            "element": [*OBJECT[:8], domain.Choice(options=("a",))],
        },
    ),
    "Domain": Case(
        call=domain.Domain,
        valid={"fields": {"n": domain.Integer(low=1, high=3), "x": REAL}},
        bad={
            "fields": [
                None,
                {},
                [],
                "x",
                {"x": 1},
                {1: REAL},
                {"": REAL},
                {"a": domain.Array(shape=("n",), element=REAL)},
                {"a": domain.Array(shape=("n",), element=REAL), "n": domain.Integer(low=1, high=2)},
                {"n": REAL, "a": domain.Array(shape=("n",), element=REAL)},
                {"n": domain.Integer(low=0, high=2), "a": domain.Array(shape=("n",), element=REAL)},
            ],
            "require": [None, 1, "x", True],
        },
    ),
}
globals().update(checks_of(CASES))


@pytest.mark.parametrize(
    "instance",
    [
        None,
        1,
        "x",
        [],
        {},
        {"n": 2},
        {"n": 2, "a": [[0.5], [0.5]], "k": "p", "extra": 1},
        {"n": 2.0, "a": [[0.5]] * 2, "k": "p"},
        {"n": 1.5, "a": [[0.5]], "k": "p"},
        {"n": True, "a": [[0.5]], "k": "p"},
        {"n": "1", "a": [[0.5]], "k": "p"},
        {"n": 2, "a": [[0.5]], "k": "p"},
        {"n": 2, "a": [[0.5], [0.5, 0.5]], "k": "p"},
        {"n": 1, "a": [["0.5"]], "k": "p"},
        {"n": 1, "a": [[NAN]], "k": "p"},
        {"n": 1, "a": [[2.0]], "k": "p"},
        {"n": 1, "a": 0.5, "k": "p"},
        {"n": HUGE, "a": [], "k": "p"},
        {"n": 1, "a": [[HUGE]], "k": "p"},
        {"n": 1, "a": [[0.5]], "k": "r"},
        {"n": 1, "a": [[0.5]], "k": ["p"]},
        {"n": 1, "a": [[0.5]], "k": 1},
        {"n": 1, "a": [[True]], "k": "p"},
        {"n": 1, "a": [[None]], "k": "p"},
        {"n": [1], "a": [[0.5]], "k": "p"},
    ],
)
def test_a_domain_accepts_only_instances(instance):
    space = domain.Domain(
        fields={
            "n": domain.Integer(low=1, high=3),
            "a": domain.Array(shape=("n", 1), element=REAL),
            "k": domain.Choice(options=("p", "q")),
        }
    )
    assert space.accepts({"n": 2, "a": [[0.5], [1.0]], "k": "p"})
    assert space.accepts({"n": 1, "a": [[0]], "k": "q"})
    assert not space.accepts(instance)
