"""Bad input to memory and the constants per datum: each argument of each function."""

import numerics
from tests.bad_input import (
    COUNT,
    FEATURES,
    HISTOGRAM,
    MIX,
    NAN,
    NUMBER,
    OBJECT,
    ODD,
    PLANE,
    SCHEDULE,
    THETA,
    Case,
    checks_of,
)

CASES = {
    "available_memory": Case(call=numerics.available_memory),
    "require_memory": Case(
        call=numerics.require_memory,
        valid={"what": "this", "needed": 1.0, "name": "width", "size": 3, "cost": lambda m: 8.0 * m},
        bad={
            "what": [*ODD, 1, NAN],
            "needed": [*NUMBER, -1.0, 1e40],
            "name": [*ODD, 1, NAN],
            "size": [a for a in COUNT if not (isinstance(a, int) and not isinstance(a, bool) and a == 0)],
            "cost": [a for a in OBJECT if a is not None and a is not print and a is not float],
        },
        names={"needed": "", "name": "", "size": "", "cost": ""},
    ),
    "histogram_quadratic": Case(
        call=numerics.histogram_quadratic,
        valid={"features": FEATURES, "law": HISTOGRAM, "schedule": numerics.Schedule(**SCHEDULE), "nodes": 4},
        bad={"features": [*OBJECT, PLANE], "law": [*OBJECT, MIX], "schedule": OBJECT, "nodes": [*COUNT, 1]},
        wrong=[("std", {"schedule": numerics.Schedule(**SCHEDULE | {"std": [0.0, 0.9]})})],
    ),
    "datum_constants": Case(
        call=numerics.datum_constants,
        valid={
            "features": FEATURES,
            "law": HISTOGRAM,
            "schedule": numerics.Schedule(**SCHEDULE),
            "comparator": [[1.0, -1.0]],
            "nodes": 4,
        },
        bad={
            "features": [*OBJECT, PLANE],
            "law": [*OBJECT, MIX],
            "schedule": OBJECT,
            "comparator": THETA,
            "nodes": [*COUNT, 1],
        },
    ),
}
globals().update(checks_of(CASES))
