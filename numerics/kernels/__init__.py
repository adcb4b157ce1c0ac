"""The functions that Numba compiles: each file holds its kernels with all their callees."""
