"""Sweeps: thousands of cells, each computed once, kept in a store, on this machine or on a cluster."""
