"""Proofs of the bounds by capacity."""

from verify.proofs.capacity import lower_tail, path, rates, residual, sample, saturation

__all__ = ["lower_tail", "path", "rates", "residual", "sample", "saturation"]
