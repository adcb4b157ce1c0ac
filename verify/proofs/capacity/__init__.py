"""Proofs of the bounds by capacity."""

from verify.proofs.capacity import linear, lower_tail, path, rates, residual, sample, saturation

__all__ = ["linear", "lower_tail", "path", "rates", "residual", "sample", "saturation"]
