"""Gaussian laws and their divergences."""

from __future__ import annotations

from theory.vocabulary.terms import quantity, term

At = term("AtTime")  # (p₀, t): the law p_t
ToNormal = quantity("ToNormal")  # of a law: KL(law‖N(0, I))
