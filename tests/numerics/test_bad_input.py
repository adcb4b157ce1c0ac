"""Bad input to memory and the constants per datum: each argument of each function."""

import numerics
from tests.bad_input import (
    ARRAY,
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

LAW = numerics.atomic_datum_law(FEATURES, [-1.0, 0.5], numerics.Schedule(**SCHEDULE))
PARTS = numerics.support_parts(FEATURES, numerics.Schedule(**SCHEDULE), [[-1.0, 1.0]], nodes=4)

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
    "histogram_datum_law": Case(
        call=numerics.histogram_datum_law,
        valid={"features": FEATURES, "law": HISTOGRAM, "schedule": numerics.Schedule(**SCHEDULE), "nodes": 4},
        bad={"features": [*OBJECT, PLANE], "law": [*OBJECT, MIX], "schedule": OBJECT, "nodes": [*COUNT, 1]},
    ),
    "atomic_datum_law": Case(
        call=numerics.atomic_datum_law,
        valid={
            "features": FEATURES,
            "points": [-1.0, 0.5],
            "schedule": numerics.Schedule(**SCHEDULE),
            "weights": [0.25, 0.75],
        },
        bad={
            "features": OBJECT,
            "points": ARRAY,
            "schedule": OBJECT,
            "weights": [a for a in ARRAY if a is not None] + [[1.0], [0.5, 0.6]],
        },
        names={"points": ""},
    ),
    "Capacity": Case(
        call=numerics.Capacity, valid={"law": LAW, "initial": [[1.0, -1.0]]}, bad={"law": OBJECT, "initial": THETA}
    ),
    "mixture_datum_law": Case(
        call=numerics.mixture_datum_law,
        valid={"features": FEATURES, "mixture": MIX, "schedule": numerics.Schedule(**SCHEDULE), "nodes": 4},
        bad={"features": [*OBJECT, PLANE], "mixture": OBJECT, "schedule": OBJECT, "nodes": [*COUNT, 1, 129]},
    ),
    "MomentCapacity": Case(
        call=numerics.MomentCapacity,
        valid={"law": LAW, "initial": [[1.0, -1.0]]},
        bad={"law": OBJECT, "initial": THETA},
    ),
    "MomentCapacity.bound": Case(
        call=numerics.MomentCapacity(law=LAW, initial=[[1.0, -1.0]]).bound,
        valid={"tau": 1.0, "n": 10, "delta": 0.1},
        bad={"tau": [*NUMBER, 0.0, -1.0], "n": COUNT, "delta": [*NUMBER, 0.0, -1.0, 1.5]},
    ),
    "support_parts": Case(
        call=numerics.support_parts,
        valid={"features": FEATURES, "schedule": numerics.Schedule(**SCHEDULE), "support": [[-1.0, 1.0]], "nodes": 4},
        bad={
            "features": OBJECT,
            "schedule": OBJECT,
            "support": [*ARRAY, [[1.0, 1.0]], [[-1.0, 1.0], [0.0, 1.0]]],
            "nodes": [*COUNT, 1],
        },
    ),
    "data_capacity": Case(
        call=numerics.data_capacity,
        valid={
            "features": FEATURES,
            "data": [-1.0, 0.5],
            "schedule": numerics.Schedule(**SCHEDULE),
            "support": PARTS,
            "radius": 1.0,
            "initial": [[1.0, -1.0]],
        },
        bad={
            "features": OBJECT,
            "data": [*ARRAY, [2.0]],
            "schedule": OBJECT,
            "support": OBJECT,
            "radius": [*NUMBER, -1.0],
            "initial": [a for a in THETA if a is not None],
        },
    ),
    "DataCapacity": Case(
        call=numerics.DataCapacity,
        valid={"law": LAW, "initial": [[1.0, -1.0]], "count": 2, "radius": 1.0},
        bad={"law": OBJECT, "initial": THETA, "count": COUNT, "radius": [*NUMBER, -1.0]},
    ),
    "DataCapacity.bound": Case(
        call=numerics.DataCapacity(law=LAW, initial=[[1.0, -1.0]], count=2, radius=1.0).bound,
        valid={"tau": 1.0, "delta": 0.1},
        bad={"tau": [*NUMBER, 0.0, -1.0], "delta": [*NUMBER, 0.0, -1.0, 1.5]},
    ),
    "Capacity.bounds": Case(
        call=numerics.Capacity(law=LAW, initial=[[1.0, -1.0]]).bounds,
        valid={"tau": 1.0, "n": 10, "delta": 0.1, "comparators": (1.0,)},
        bad={
            "tau": [*NUMBER, 0.0, -1.0],
            "n": COUNT,
            "delta": [*NUMBER, 0.0, -1.0, 1.5],
            "comparators": [*[a for a in OBJECT if not isinstance(a, list)], [-1.0], ["x"], [NAN]],
        },
    ),
}
globals().update(checks_of(CASES))
