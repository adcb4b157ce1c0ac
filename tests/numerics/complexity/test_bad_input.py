"""Bad input to `numerics.complexity`: each argument of each constructor and function."""

import numpy as np

import numerics
from tests.bad_input import ARRAY, AVERAGE, NUMBER, WHERE, Case, checks_of

TABLE = [*ARRAY, [1.0, 2.0], 1.0]
RELU = numerics.ReluClass(points=[0.0, 1.0], embedding=1.0)
CASES = {
    **{
        name: Case(
            call=getattr(numerics, name), valid={"values": [[1, 2], [0, 1]]}, bad={"values": TABLE, **AVERAGE, **WHERE}
        )
        for name in ("rademacher_complexity", "rademacher_complexity_abs")
    },
    **{
        name: Case(
            call=getattr(numerics, name),
            valid={"points": [[1.0, 2.0], [0.0, 1.0]]},
            bad={"points": TABLE, "radius": [*NUMBER, -1.0], **(AVERAGE if "complexity" in name else {})},
        )
        for name in ("l1_ball_complexity", "l2_ball_complexity", "l1_ball_bound", "l2_ball_bound")
    },
    "ReluClass": Case(
        call=numerics.ReluClass,
        valid={"points": [0.0, 1.0], "embedding": 1.0},
        bad={"points": [*ARRAY, 1.0], "embedding": ARRAY},
    ),
    **{
        f"ReluClass.{name}": Case(
            call=getattr(RELU, name),
            valid={"signs": [[1, -1]]},
            bad={"signs": [*TABLE, [[1, 0]], [[1, 1, 1]], np.array([[1, -128]], np.int8), np.ones(2, np.int8)]},
        )
        for name in ("supremum", "supremum_abs", "maximiser")
    },
    **{
        f"ReluClass.{name}": Case(call=getattr(RELU, name), valid={"method": "exact"}, bad=AVERAGE)
        for name in ("rademacher_complexity", "rademacher_complexity_abs")
    },
}
globals().update(checks_of(CASES))
