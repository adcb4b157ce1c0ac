"""Proofs of the bounds by capacity."""

from verify.proofs.capacity import lower_tail, path, residual, sample

__all__ = ["lower_tail", "path", "residual", "sample"]
