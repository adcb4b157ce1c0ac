"""Numbers drawn from normal laws, normal laws on the line, and what Gaussian models make of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import sympy as sp

from theory import symbols as sym
from theory.vocabulary import information as it
from theory.vocabulary import learning as le
from theory.vocabulary import objects as o
from theory.vocabulary.statements import Fact, Statement
from theory.vocabulary.terms import E, Sample, quantity, term

draws = Sample("ω")  # n data, and standard normal numbers beside them
Drawn = quantity("Drawn", real=True)  # (sample, i): the i-th of its data
SampleMean = quantity("SampleMean", real=True)  # of a sample: the mean of its data
Noise = quantity("DrawnBeside", real=True)  # (sample, k): a standard normal number beside them, k = 1 or 2
Number = term("RandomNumber")  # (number, sample): the random variable

NormalLaw = term("NormalLaw")  # (mean, variance): on the line
NormalMixture = term("NormalMixture")  # of a function from numbers to laws: its mean over N(0, 1)
LogDensity = quantity("LogDensity", real=True)  # (law, x)
SideInformation = quantity("SideInformation")  # (U, V, W): I(U; V | W)

GeneratedFrom = term("GeneratedFrom")  # (score, T, z): the law of the reverse process of the score, at 0, from z at T
GeneratedLaw = term("GeneratedLaw")  # (score, T): the same from N(0, 1) at T
FittedScore = term("FittedScore")  # of a sample: the score that a rule makes of it

place = sp.Symbol("number", real=True)
law_mean = sp.Symbol("θ", real=True)
DATUM, MEAN = Drawn(draws, place), SampleMean(draws)
FIRST, SECOND = Noise(draws, 1), Noise(draws, 2)


def averaged(value: Any) -> Any:
    """The mean over the data of what belongs to one of them."""
    return it.Average(sym.n, sp.Lambda(place, value))


# The linear Gaussian autoencoder: a datum, its code, the decoder's log-loss ------------------------------------------

_w, _rest = sym.decoder_gain, 1 - sym.decoder_gain * sym.encoder_gain
CENTRE = _rest * MEAN
FRESH = sp.sqrt(sym.data_variance) * FIRST


def code(datum: Any, noise: Any) -> Any:
    """What the encoder N(cx, v_E) makes of a datum."""
    return sym.encoder_gain * datum + sp.sqrt(sym.encoder_variance) * noise


def decoder(code_: Any) -> Any:
    """The law N(wz + b, v_G), b = (1 − wc)x̄."""
    return NormalLaw(_w * code_ + CENTRE, sym.decoder_variance)


def log_loss(datum: Any, code_: Any) -> Any:
    """−log q_G(x|z)."""
    return -LogDensity(decoder(code_), datum)


CODE = code(DATUM, FIRST)
OUTPUT = _w * CODE + CENTRE + sp.sqrt(sym.decoder_variance) * SECOND
_TRAINED = averaged(E(draws, log_loss(DATUM, CODE)))
_END_LOSS = -LogDensity(GeneratedFrom(o.score, sym.T, FIRST), DATUM)

MEANINGS: Mapping[sp.Symbol, sp.Expr] = MappingProxyType(
    {
        sym.vae_gap: E(draws, log_loss(FRESH, SECOND)) - _TRAINED,
        sym.vae_reconstruction_gap: E(draws, log_loss(FRESH, code(FRESH, SECOND))) - _TRAINED,
        sym.output_information: SideInformation(Number(OUTPUT, draws), Number(DATUM, draws), Number(CODE, draws)),
        sym.conditional_divergence: E(draws, it.Relative(o.p0, GeneratedFrom(o.score, sym.T, FIRST))),
        sym.proxy_end: sp.sqrt(E(draws, (_END_LOSS - E(draws, _END_LOSS)) ** 2)),
        sym.kl_location: E(draws, it.Relative(o.p0, GeneratedLaw(FittedScore(draws), sym.T))),
    }
)
IN_CLAIMS: Mapping[str, tuple[Mapping[Any, Any], ...]] = MappingProxyType(
    {
        "IT2:gaussian-gap": (
            {
                sym.learning_gap: averaged(
                    E(draws, (law_mean + sym.noise_level * FIRST - MEAN) ** 2) - E(draws, (DATUM - MEAN) ** 2)
                )
            },
        ),
        "IT2:gaussian-information": ({it.W: Number(MEAN, draws), it.Datum(le.data, place): Number(DATUM, draws)},),
        "IT8": (
            {
                sym.encoder_rate: E(
                    draws, it.Relative(NormalLaw(sym.encoder_gain * DATUM, sym.encoder_variance), NormalLaw(0, 1))
                ),
                sym.kl_generated: E(
                    draws, it.Relative(NormalLaw(0, sym.data_variance), NormalMixture(sp.Lambda(place, decoder(place))))
                ),
            },
        ),
    }
)
"""By claim or family, as in `meanings`."""


def _sample(size: Any, mean: Any, variance: Any) -> Fact:
    return Fact("normal_sample", (draws, *map(sp.sympify, (size, mean, variance))))


def _law(mean: Any) -> Fact:
    return Fact("normal_law", (o.p0, sp.sympify(mean), sp.S.One))


def _score(score: Any, shift: Any) -> Fact:
    return Fact("minus_x_score", (score, sp.Lambda(sym.t, shift)))


FACTS: Mapping[str, tuple[Statement, ...]] = MappingProxyType(
    {
        "X_i ~ N(θ, σ²) i.i.d., W = x̄ and f(w, x) = (x−w)²": (_sample(sym.n, law_mean, sym.noise_level**2),),
        "X ~ N(0, v_P), E(x) = N(cx, v_E), G(z) = N(wz + b, v_G) with b = (1 − wc)x̄, π = N(0, 1); ℓ = −log q_G": (
            _sample(sym.n, 0, sym.data_variance),
        ),
        "Ornstein–Uhlenbeck, P = π = N(0, 1), and the exact score s = −x": (
            _law(0),
            _sample(1, 0, 1),
            _score(o.score, sp.S.Zero),
        ),
        "Ornstein–Uhlenbeck, P = N(m₀, 1), x̄ the mean of n i.i.d. data, s = −x + e^{−t}x̄, and π = N(0, 1)": (
            _law(sym.mean_initial),
            _sample(sym.n, sym.mean_initial, 1),
            _score(FittedScore(draws), sp.exp(-sym.t) * MEAN),
        ),
    }
)
