"""Plans for the linear Gaussian autoencoder: covariances of linear forms of independent normal numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from flint import arb

from theory.claims.gaussian_vae import FAMILY
from theory.symbols import (
    data_variance,
    decoder_gain,
    decoder_variance,
    encoder_gain,
    encoder_rate,
    encoder_variance,
    kl_generated,
    n,
    output_information,
    vae_gap,
    vae_reconstruction_gap,
)
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict

_SYMBOLS = {
    str(symbol): symbol for symbol in (data_variance, encoder_gain, encoder_variance, decoder_gain, decoder_variance, n)
}
Form = list[Any]
"""Coefficients of independent standard normal numbers: a datum, the others, two noises of codes, of the output, a fresh
datum, a fresh code."""


def forms(given: Mapping[sp.Symbol, Any]) -> dict[str, Form]:
    """The model's variables as linear forms, from the values of its symbols."""
    spread, c, noise, w, v, count = (given[symbol] for symbol in _SYMBOLS.values())
    rest, std = 1 - w * c, spread.sqrt()
    mean = [std / count, (spread * (count - 1)).sqrt() / count, 0, 0, 0, 0, 0]
    datum, fresh = [std, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, std, 0]
    code = _sum((c, datum), (noise.sqrt(), _unit(2)))
    other = _sum((c, fresh), (noise.sqrt(), _unit(3)))
    return {
        "datum": datum,
        "mean": mean,
        "code": code,
        "output": _sum((w, code), (rest, mean), (v.sqrt(), _unit(4))),
        "train": _sum((1, datum), (-w, code), (-rest, mean)),
        "test": _sum((1, fresh), (-w, other), (-rest, mean)),
        "product": _sum((1, fresh), (-w, _unit(6)), (-rest, mean)),
    }


def _unit(place: int) -> Form:
    return [int(k == place) for k in range(7)]


def _sum(*parts: tuple[Any, Form]) -> Form:
    return [sum(factor * form[k] for factor, form in parts) for k in range(7)]


def covariance(one: Form, two: Form) -> Any:
    """E of the product of two forms."""
    return sum(a * b for a, b in zip(one, two, strict=True))


def conditional_ratio(found: dict[str, Form]) -> Any:
    """e^{2I(X̂;X|Z)} = det Cov(X, Z) det Cov(X̂, Z)/(Var Z det Cov(X, X̂, Z))."""
    x, y, z = (found[name] for name in ("datum", "output", "code"))
    xx, yy, zz = (covariance(form, form) for form in (x, y, z))
    xy, xz, yz = covariance(x, y), covariance(x, z), covariance(y, z)
    both = xx * (yy * zz - yz**2) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz)
    return (xx * zz - xz**2) * (yy * zz - yz**2) / (zz * both)


def _values(instance: Instance) -> dict[sp.Symbol, Any]:
    return {_SYMBOLS[name]: arb(value) for name, value in instance.items()}


def _measured(instance: Instance) -> Quantities:
    """The terms from the covariances, the divergences from the moments of normal laws."""
    given = _values(instance)
    found = forms(given)
    square = {name: covariance(form, form) for name, form in found.items()}
    v, w, c = given[decoder_variance], given[decoder_gain], given[encoder_gain]
    noise, margin = given[encoder_variance], v + w**2
    shift = (1 - w * c) ** 2 * square["mean"]
    return {
        **given,
        vae_gap: (square["product"] - square["train"]) / (2 * v),
        vae_reconstruction_gap: (square["test"] - square["train"]) / (2 * v),
        encoder_rate: (c**2 * square["datum"] + noise - 1 - noise.log()) / 2,
        output_information: conditional_ratio(found).log() / 2,
        kl_generated: ((square["datum"] + shift) / margin - 1 - (square["datum"] / margin).log()) / 2,
    }


_FIELDS: tuple[str, ...] = (
    "n",
    "encoder_gain",
    "encoder_variance",
    "decoder_gain",
    "decoder_variance",
    "data_variance",
)
_EXTREMAL: tuple[Instance, ...] = tuple(
    dict(zip(_FIELDS, (*row, 1.0), strict=True))
    for row in (
        (100, 0.0, 1.0, 0.0, 1.0),
        (100, 0.5, 0.5, 0.7, 0.5),
        (2, 0.0, 1.0, 0.0, 1.0),
        (1000, 0.97, 0.03, 0.97, 0.03),
        (10**6, 0.7, 0.49, 0.7, 0.51),
        (50, 5.0, 0.01, 0.2, 0.01),
    )
)
AUTOENCODERS = Experiment(
    name="autoencoders",
    domain=Domain(
        fields={
            "n": Integer(low=2, high=10**6),
            "encoder_gain": Real(low=-5, high=5),
            "encoder_variance": Real(low=0.01, high=3, log=True),
            "decoder_gain": Real(low=-3, high=3),
            "decoder_variance": Real(low=0.01, high=3, log=True),
            "data_variance": Real(low=0.1, high=5, log=True),
        }
    ),
    extremal=_EXTREMAL,
    measures="both sides at gains, variances and a number of data",
    sides=lambda claim: relation_sides(claim, _measured),
)

PLANS = tuple(
    Plan(
        claim=claim.id,
        expected=Verdict.REFUTED if claim.id == "IT8:printed" else Verdict.PROVED,
        methods=(Search(experiment=AUTOENCODERS),),
    )
    for claim in FAMILY.claims
)
