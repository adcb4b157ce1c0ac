"""Symbols of constants."""

from theory.symbols.registry import define, sub

K = define("K", "K", "K", "an unspecified constant (≲)", kind="positive")
C = define("C", "C", "C", "a named constant", kind="positive")
kappa_star = define(
    "kappa_star", r"\kappa_\star", "κ⋆", "max over u > 0 of (1−e^{−2u})²/u", kind="positive", mathml=sub("κ", "⋆")
)
