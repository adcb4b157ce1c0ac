"""Empirical Rademacher complexities, and the classes of functions that have one in closed form."""
