"""Proofs: a small kernel that alone makes judgements, a front end to write in, and the proofs of each family."""
