"""Rigorous enclosures in ball arithmetic, and certificates made of them."""
