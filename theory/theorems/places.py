"""Variables that theorems are stated in: numbers, functions and objects for all of which they hold."""

from __future__ import annotations

import sympy as sp

from theory.vocabulary.terms import Object, variable

a, b, c, e, f, g, h = sp.symbols("a b c e f g h", real=True)
X, X_1, X_2 = sp.symbols("X X_1 X_2", real=True)  # random numbers
bound, fail, stay, width = sp.symbols("bound fail stay width", nonnegative=True)
level = sp.Symbol("level", positive=True)
rate, time = sp.Symbol("rate", nonnegative=True), sp.Symbol("time", positive=True)
mode, offset, offset_0 = (
    sp.Symbol("mode", nonnegative=True),
    sp.Symbol("offset", real=True),
    sp.Symbol("offset_0", real=True),
)
number, count = sp.Symbol("number", real=True), sp.Symbol("count", integer=True, positive=True)
F, G = variable("F"), variable("G")
low, high = sp.symbols("low high", real=True)
map_ = Object("map")
