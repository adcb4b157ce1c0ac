"""Generators that learn keys by heart, on finitely many keys: every law, gap and information in balls.

X is one of k keys with equal chances, the encoder keeps it (Z = X), and the prior is uniform. A generator that was
trained on the keys S tells, given a key z, whether it has seen it. Given Z its output says nothing more of X.
"""

from __future__ import annotations

import itertools
import math

import sympy as sp
from flint import arb, fmpq

from theory.symbols import (
    cumulant_below,
    data_entropy,
    encoder_rate,
    fresh_loss,
    generation_gap,
    generator_information,
    kl_generated,
    output_excess,
    output_information,
    point_distance,
    product_loss,
    proxy,
    proxy_below,
    proxy_marginal,
    tilt,
    training_loss,
    transport_mean,
    transport_square,
)
from verify.evidence.confrontation import Quantities
from verify.evidence.domain import Instance
from verify.models.two_point_laws import bernoulli_cumulant, bernoulli_proxy, plogp


def distinct(keys: int, data: int) -> list[arb]:
    """The chances that the data show 0, 1, 2, … different keys."""
    chances = [arb(1)]
    for _ in range(data):
        stay = [chance * j / keys for j, chance in enumerate(chances)]
        new = [arb(0), *(chance * (keys - j) / keys for j, chance in enumerate(chances))]
        chances = [a + b for a, b in itertools.zip_longest(stay, new, fillvalue=arb(0))]
    return chances


def unseen(keys: int, data: int) -> arb:
    """The chance that a fresh key is none of the data's: (1 − 1/k)^n."""
    return arb(fmpq(keys - 1, keys)) ** data


def fresh_hit(keys: int, data: int) -> arb:
    """P(X = Z and Z is known) for a fresh X and a fresh Z."""
    return (1 - unseen(keys, data)) / keys


def known_of_datum(keys: int, data: int) -> arb:
    """I(G; X_i) = log k − E log(number of different keys): given those, X_i is each of them alike."""
    known = sum((c * arb(j).log() for j, c in enumerate(distinct(keys, data)) if j > 1), arb(0))
    return arb(keys).log() - known


def two_valued_proxy(chance: arb, width: arb) -> arb:
    """The sub-Gaussian constant of a function of two values, ``width`` apart, the one with the chance."""
    return width * bernoulli_proxy(chance).sqrt()


# A generator that gives its datum more mass ------------------------------------------------------------------------


def boosted(keys: int, boost: float) -> tuple[arb, arb]:
    """The masses that it gives to its datum, and to each other key: c/k, and the rest alike."""
    own = arb(boost) / keys
    return own, (1 - own) / (keys - 1)


def one_output(keys: int, boost: float) -> arb:
    """I(X̂; X) of one datum and one output: log k less the entropy of the masses."""
    own, other = boosted(keys, boost)
    return arb(keys).log() + plogp(own) + (keys - 1) * plogp(other)


# Every term by its symbol ------------------------------------------------------------------------------------------


def key_terms(i: Instance) -> Quantities:
    """Δ = 1 − 1[x̂ = (x, 1)], a discrete distance: G_S(z) = (z, 1[z in S]) for ``keys`` keys and ``n`` data."""
    keys, count = i["keys"], i["n"]
    hit = fresh_hit(keys, count)
    constant = bernoulli_proxy(hit).sqrt()
    out: dict[sp.Symbol, arb | float] = {
        generation_gap: 1 - hit,
        training_loss: arb(0),
        product_loss: 1 - hit,
        encoder_rate: arb(keys).log(),
        generator_information: known_of_datum(keys, count),
        output_information: arb(0),
        output_excess: -(1 - unseen(keys, count)).log(),
        proxy: constant,
        proxy_below: constant,
        proxy_marginal: bernoulli_proxy(arb(fmpq(1, keys))).sqrt(),
        transport_mean: unseen(keys, count),
        transport_square: sum(
            (c * arb(fmpq(max(keys - j, 0), keys)).sqrt() for j, c in enumerate(distinct(keys, count))), arb(0)
        ),
        point_distance: 1 - arb(fmpq(1, keys)),
    }
    if "eta" in i:
        out |= {tilt: arb(i["eta"]), cumulant_below: bernoulli_cumulant(hit, arb(i["eta"]))}
    return out


def far_terms(i: Instance) -> Quantities:
    """Keys at the distance ``near`` from a point o and one datum S: G_S(z) = o for z = S, else a point ``far`` away."""
    keys, near, far = i["keys"], arb(i["near"]), arb(i["far"])
    hit = arb(fmpq(1, keys))
    mean, constant = hit * near + (1 - hit) * far, two_valued_proxy(hit, abs(far - near))
    return {
        generation_gap: mean - near,
        training_loss: near,
        product_loss: mean,
        encoder_rate: arb(keys).log(),
        generator_information: arb(keys).log(),
        output_information: arb(0),
        proxy: constant,
        proxy_below: constant,
        proxy_marginal: arb(0),
        transport_mean: mean,
        transport_square: (hit * near**2 + (1 - hit) * far**2).sqrt(),
    }


def rare_terms(i: Instance) -> Quantities:
    """All data at 0, and a generator that knows none of them: ``far`` away with the ``chance``, else at 0."""
    chance, far = arb(i["chance"]), arb(i["far"])
    constant = two_valued_proxy(chance, far)
    return {
        training_loss: chance * far,
        encoder_rate: arb(0),
        generator_information: arb(0),
        proxy_below: constant,
        proxy_marginal: constant,
        transport_mean: chance * far,
        transport_square: chance.sqrt() * far,
    }


def boosted_terms(i: Instance) -> Quantities:
    """The log-loss of a generator that gives its one datum the mass c/k, apart from the latent; Z apart from X."""
    keys, boost = i["keys"], i["boost"]
    (own, other), hit = boosted(keys, boost), arb(fmpq(1, keys))
    product = -hit * own.log() - (1 - hit) * other.log()
    constant = two_valued_proxy(hit, abs((own / other).log()))
    return {
        generation_gap: product + own.log(),
        training_loss: -own.log(),
        product_loss: product,
        encoder_rate: arb(0),
        generator_information: arb(keys).log(),
        output_information: one_output(keys, boost),
        proxy: constant,
        proxy_below: constant,
        data_entropy: arb(keys).log(),
        kl_generated: product - arb(keys).log(),
        fresh_loss: product,
    }


# By enumeration, for tests -----------------------------------------------------------------------------------------


def enumerated(keys: int, data: int) -> dict[str, float]:
    """Gap, informations and transport of `key` memorisers from the joint law of all that is random, in floats."""
    product_hit = hit = transport = square = 0.0
    joint: dict[tuple[int, frozenset[int]], float] = {}
    knows = sum(keys**-data for sample in itertools.product(range(keys), repeat=data) if 0 in sample)
    for sample in itertools.product(range(keys), repeat=data):
        chance, known = keys**-data, frozenset(sample)
        joint[sample[0], known] = joint.get((sample[0], known), 0.0) + chance
        hit += chance * (sample[0] in known)
        moved = sum(1 / keys for z in range(keys) if z not in known)  # at a distance whose square is itself
        transport += chance * moved
        square += chance * math.sqrt(moved)
        for x, z in itertools.product(range(keys), repeat=2):
            product_hit += chance / keys**2 * (x == z and z in known)
    mass: dict[frozenset[int], float] = {}
    for (_, known), chance in joint.items():
        mass[known] = mass.get(known, 0.0) + chance
    information = sum(c * math.log(c / (mass[known] / keys)) for (_, known), c in joint.items())
    # given X = Z = x the output is (x, 1), which the mean generator makes of x as often as x is known
    return {
        "gap": hit - product_hit,
        "information": information,
        "transport": transport,
        "transport in square": square,
        "excess": -math.log(knows),
    }
