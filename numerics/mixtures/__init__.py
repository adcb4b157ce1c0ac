"""Entropies, divergences and channel informations of Gaussians and Gaussian mixtures."""
