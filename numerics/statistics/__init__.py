"""Random streams, Monte-Carlo counts, and intervals and tests that hold at any time."""
