"""The schedule on which quadratics are tried."""

import numpy as np

import numerics as nm


def ornstein_uhlenbeck(times, weights, loss_weight=2.0):
    """dx = −x dt + √2 dW at the given times."""
    times = np.asarray(times)
    return nm.Schedule(
        times=times,
        weights=weights,
        mean_scale=np.exp(-times),
        std=np.sqrt(-np.expm1(-2 * times)),
        loss_weight=np.full(len(times), loss_weight),
    )
