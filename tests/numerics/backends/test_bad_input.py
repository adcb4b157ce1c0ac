"""Bad input to `numerics.backends`: each argument of what chooses a backend."""

import numerics
from tests.bad_input import COUNT, WHERE, Case, checks_of

FIELDS = {**{name: WHERE[name] for name in ("device", "dtype")}, "memory": [a for a in COUNT if a is not None] + [1]}
FIELDS = {name: [None, *values] if name != "memory" else values for name, values in FIELDS.items()}


def entered(**keywords):
    with numerics.use_backend(**keywords) as backend:
        return backend


CASES = {
    "backend": Case(
        call=numerics.backend,
        valid={"name": "numpy", "device": "cpu", "dtype": "float64", "memory": 1 << 20},
        bad={"name": [None, *WHERE["backend"]], **FIELDS},
        names={"name": "backend"},
    ),
    "use_backend": Case(
        call=entered,
        valid={"which": "numpy"},
        bad={"which": [None, *WHERE["backend"]], **FIELDS},
        names={"which": "backend"},
    ),
}
globals().update(checks_of(CASES))
