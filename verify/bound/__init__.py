"""Bounds in numbers: every named term of a claim, and the inputs that it asks for."""
