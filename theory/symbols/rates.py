"""Symbols of rates and early stopping: the exponent of the width, and the coefficients of bounds in τ, n and m."""

from theory.symbols.registry import define, sub

alpha = define("alpha", r"\alpha", "α", "exponent of the width, m = n^α", kind="nonnegative")
a1 = define("a1", "a_1", "a₁", "coefficient of 1/τ in a bound", kind="positive", mathml=sub("a", "1"))
a3 = define("a3", "a_3", "a₃", "coefficient of τ³/m² in a bound", kind="positive", mathml=sub("a", "3"))
a4 = define("a4", "a_4", "a₄", "coefficient of τ⁴/(mn) in a bound", kind="positive", mathml=sub("a", "4"))
b1 = define("b1", "b_1", "b₁", "coefficient of τ/n in a bound", kind="positive", mathml=sub("b", "1"))
