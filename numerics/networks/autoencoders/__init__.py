"""Variational autoencoders: the linear Gaussian one in closed form, and small networks that PyTorch trains."""
