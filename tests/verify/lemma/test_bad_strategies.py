"""Bad input to `verify.strategies`: each argument of each strategy."""

from tests.bad_input import COUNT, EXACT, FLAG, NUMBER, Case, checks_of
from verify import strategies

SIZES = [size for size in COUNT if size is not None]
CASES = {
    "sdes": Case(call=strategies.sdes),
    "exact_reals": Case(
        call=strategies.exact_reals,
        valid={"low": 0, "high": 1},
        bad={"low": EXACT, "high": EXACT},
        wrong=[("low", {"low": 2})],
    ),
    "mixtures": Case(
        call=strategies.mixtures,
        valid={"max_components": 2, "spread": 3},
        bad={"max_components": COUNT, "spread": [*EXACT, -1]},
    ),
    "random_features": Case(
        call=strategies.random_features,
        valid={"max_width": 2, "max_dim": 1},
        bad={"max_width": COUNT, "max_dim": COUNT},
    ),
    "deltas": Case(
        call=strategies.deltas,
        valid={"low": 0.1, "high": 0.5},
        bad={"low": [*NUMBER, 0.0, -1.0], "high": [*NUMBER, 0.0, 1.5]},
        wrong=[("high", {"low": 0.7})],
    ),
    "training_times": Case(
        call=strategies.training_times,
        valid={"low": 0.1, "high": 10.0},
        bad={"low": [*NUMBER, 0.0, -1.0], "high": [*NUMBER, 0.0]},
        wrong=[("high", {"low": 70.0})],
    ),
    "sample_sizes": Case(call=strategies.sample_sizes, valid={"max_size": 5}, bad={"max_size": COUNT}),
    "widths": Case(call=strategies.widths, valid={"max_width": 5}, bad={"max_width": COUNT}),
    "psd_matrices": Case(
        call=strategies.psd_matrices, valid={"dim": 2, "max_rank": 1}, bad={"dim": SIZES, "max_rank": SIZES}
    ),
    "probability_vectors": Case(
        call=strategies.probability_vectors, valid={"size": 3, "zeros": True}, bad={"size": SIZES, "zeros": FLAG}
    ),
}
globals().update(checks_of(CASES))
