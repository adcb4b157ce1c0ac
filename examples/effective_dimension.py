"""The effective dimension N(ν) = Σ λ_i/(λ_i + ν) of three eigenvalues, and the resolvent of one."""

import sympy as sp
from sympy import Rational

import verify

a, b, c, nu, u = sp.symbols("a b c nu u", positive=True)
dimension = sum(k / (k + nu) for k in (a, b, c))
mean = (a + b + c) / 3
ranges = {a: ("1e-4", 1000), b: ("1e-4", 1000), c: ("1e-4", 1000), nu: ("1e-4", 1000)}

concave = verify.lemma(
    "N(ν) is at most that of equal eigenvalues of the same trace (Jensen), an equality there.",
    dimension,
    3 * mean / (mean + nu),
    over=ranges,
    wrong={"one-per-cent": Rational(99, 100) * 3 * mean / (mean + nu), "of-one": mean / (mean + nu)},
    source="Caponnetto and De Vito 2007",
)

trace = verify.lemma(
    "N(ν) <= tr(B)/ν.",
    dimension,
    (a + b + c) / nu,
    over=ranges,
    wrong={"two-thirds": 2 * mean / nu},
    source="Caponnetto and De Vito 2007",
)

resolvent = verify.lemma(
    "λν/(λ + ν)² <= 1/4, in u = λ/ν: one variable, hence certified.",
    u / (1 + u) ** 2,
    Rational(1, 4),
    over={u: (0, 10**6)},
    wrong={"one-per-2500": Rational(2499, 10000), "eighth": Rational(1, 8)},
    source="spectral calculus",
)
