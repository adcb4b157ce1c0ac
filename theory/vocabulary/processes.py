"""Forward processes and Gaussian vectors, with the numbers that the claims measure of them."""

from __future__ import annotations

from theory.symbols import r, v
from theory.vocabulary.terms import Object, Sample, quantity, term

noise = Sample("noise")  # the Brownian motion of the forward process
forward = Sample("x(0) and noise")  # with a random start
start, sde = Object("x(0)"), Object("SDE")
index = Object("i")  # of a coordinate

Noisy = term("Noisy")  # (start, noise, r, v): x(t) = r(x(0) + W(v²))
Brownian = term("Brownian")  # (SDE, noise): the path of W up to the clock at the horizon
Forward = term("Forward")  # (SDE, start, noise): the path of x up to the horizon
Normal = term("Normal")  # of noise: the standard normal vector W(v²)/v
AT_TIME = Noisy(start, noise, r, v)
PATH = Forward(sde, start, noise)

Component = quantity("Component", real=True)  # (vector, index)
SupNorm = quantity("SupNorm")  # ‖·‖∞ of a vector
PathNorm = quantity("PathNorm")  # the largest ‖·‖∞ along a path
StartNorm = quantity("StartNorm")  # ‖x(0)‖∞
LargestScale = quantity("LargestScale", positive=True)  # of an SDE: max over time of r
LastClock = quantity("LastClock")  # of an SDE: v(T)
Gaussian = quantity("Gaussian", real=True)  # of x(0) and noise, and a name: a standard normal number
Position = quantity("Position")  # |x(t)| of x(0) and noise, at r and v
ModeGap = quantity("ModeGap")  # ||x(0)| − μ|
