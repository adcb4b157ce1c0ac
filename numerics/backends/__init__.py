"""Where the few whole kernels run: NumPy with Numba, or PyTorch on a device, chosen by ``backend=``."""
