"""Densities on the line and their divergences: the value Density, histograms, the score-density."""
