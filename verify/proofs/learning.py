"""Proofs of learning bounds: decoupling datum by datum, then the mean; and the Gaussian mean in closed form."""

from __future__ import annotations

import sympy as sp
from sympy import log, sqrt

from theory.symbols import data_information, learning_gap, n, noise_level, proxy_below, tilt, u, x
from theory.theorems import normals as th
from theory.theorems import places
from theory.theorems.places import number
from theory.vocabulary import information as it
from theory.vocabulary import normals as nl
from theory.vocabulary.information import Apart, Average, Datum, Information, Joint, Mean, W, loss
from theory.vocabulary.learning import data
from theory.vocabulary.normals import Number
from verify.proofs.decoupling import drop_bound
from verify.proofs.kernel import Judgement, discharge, taylor
from verify.proofs.normal_samples import averaged, mean_of, normal_sample
from verify.proofs.writing import Draft, proves

_X = Datum(data, number)
_LAWS = {it.first: Joint(W, _X), it.second: Apart(W, _X)}
_RULE = {it.W: W, it.loss: loss}


def _named(p: Draft, name: str) -> dict:
    """What a theorem of rules takes, at the claim's rule."""
    takes = {str(take): take for take in p.theorems[name].takes}
    return {takes["data of any kind"]: data}


def single(p: Draft) -> Judgement:
    """gen <= √2 R₋ (1/n)Σ√I(W; X_i)."""
    tail = p.cite("a rule's loss, datum by datum", _named(p, "a rule's loss, datum by datum"), bound=proxy_below)
    laws = p.cite("a rule's laws, datum by datum", _named(p, "a rule's laws, datum by datum"))
    drop = drop_bound(p, proxy_below, _LAWS, tail, [laws])
    information = Information(W, _X)
    known = p.cite("mutual information", {it.U: W, it.V: _X})
    size = sqrt(2) * proxy_below
    each = p.calc(
        Mean(Apart(W, _X), loss) - Mean(Joint(W, _X), loss),
        ("<=", drop.right, drop),
        ("=", size * sqrt(information), known),
    )
    sides = {places.F: sp.Lambda(number, each.left), places.G: sp.Lambda(number, each.right)}
    mean = p.cite("monotonicity of an average", sides, by=each)
    parts = {places.F: sp.Lambda(number, sqrt(information)), places.G: sp.Lambda(number, sp.S.Zero)}
    return p.combine(
        learning_gap,
        "<=",
        size * Average(n, parts[places.F]),
        mean,
        p.cite("linearity of an average", parts, a=size, b=0, c=0),
    )


@proves("IT2:single")
def by_single_data(p: Draft) -> Judgement:
    """Decoupling for each datum."""
    return single(p)


@proves("IT2:printed")
def by_all_data(p: Draft) -> Judgement:
    """Jensen, and the information on all data is at least that on each."""
    information = Information(W, _X)
    square = p.cite("square of an average", {places.F: sp.Lambda(number, sqrt(information))})
    total = p.cite("information of independent data", _named(p, "information of independent data"))
    mean = Average(n, sp.Lambda(number, sqrt(information)))
    below = p.combine(mean**2, "<=", data_information / n, square, (1 / n, total))
    root = p.rising(sqrt, below)
    last = p.combine(mean, "<=", sqrt(data_information / n), root)
    return p.combine(learning_gap, "<=", p.goal.says.right, single(p), (sqrt(2) * proxy_below, last))


# The mean of Gaussian data ------------------------------------------------------------


_REST = sp.Symbol("rest", positive=True)
"""n − 1: in it, signs can be seen."""


def _at_size(p: Draft, j: Judgement) -> Judgement:
    """What holds for 1 <= y, at y = n − 1."""
    two = p.hypothesis("two")
    made = p.at(j, {_REST: n - 1}, [p.combine(0, "<", n - 1, two)])
    rest = p.combine(1, "<=", n - 1, two)
    return discharge(made, rest) if rest.says in made.hyps else made


def _logarithm(p: Draft) -> Judgement:
    """1/(1 + y) <= log(1 + 1/y): u/(1 + u) <= log(1 + u) at u = 1/y."""
    grows = p.at(taylor(log(1 + u) - u / (1 + u), u), {u: 1 / _REST})
    return p.combine(1 / (1 + _REST), "<=", log((1 + _REST) / _REST), grows)


@proves("IT2:gaussian-gap")
def gap(p: Draft) -> Judgement:
    """Variances: σ²(1 + 1/n) of a fresh datum about the mean, σ²(1 − 1/n) of one of the data."""
    sample, square = normal_sample(p, noise_level**2, mean=nl.law_mean), noise_level**2
    fresh = nl.law_mean + noise_level * nl.FIRST - nl.MEAN
    test = mean_of(p, sample, fresh**2, (-1 / n, -1, noise_level), square=1)
    train = mean_of(p, sample, (nl.DATUM - nl.MEAN) ** 2, (1 - 1 / n, -1), square=1)
    each = p.combine(test.left - train.left, "=", 2 * square / n, test, (-1, train))
    return averaged(p, each)


@proves("IT2:gaussian-information")
def information(p: Draft) -> Judgement:
    """The mean is a Gaussian channel of the datum X_i: the gain 1/n, and the mean of the others as noise."""
    sample, theta = normal_sample(p, noise_level**2, mean=nl.law_mean), nl.law_mean
    two = p.hypothesis("two")
    noise = p.sign(sample.values[th.SPREADS[1]], two, strict=True)
    at = {**sample.values, places.e: 1 / n, places.g: 1, places.a: theta, places.b: theta}
    channel = p.cite("information of a Gaussian channel", at, by=[sample.fact, noise])
    whole, datum = channel.left.args[0].args[0], channel.left.args[1].args[0]
    named = p.rising(lambda x: Information(Number(x, nl.draws), channel.left.args[1]), p.equal(whole, nl.MEAN))
    named_2 = p.rising(lambda x: Information(Number(nl.MEAN, nl.draws), Number(x, nl.draws)), p.equal(datum, nl.DATUM))
    ratio = p.equal(channel.right.args[1].args[0], n / (n - 1), two)
    level = p.rising(lambda x: log(x) / 2, ratio, two)
    return p.combine(p.goal.says.left, "=", p.goal.says.right, (-1, named_2), (-1, named), channel, level, given=two)


@proves("IT2:gaussian-root")
def root(p: Draft) -> Judgement:
    """log(n/(n−1)) >= 1/n, and 2/n <= √(2/n) for n >= 2."""
    size, square = 1 + _REST, noise_level**2
    least = p.assume(1, "<=", _REST)
    rooted = p.rising(lambda x: sqrt(2 * x), _logarithm(p))
    small = p.rising(sqrt, p.combine(2 / size, "<=", 1, (1 / size, least)))
    below = p.combine(2 / size, "<=", sqrt(2 / size), (sqrt(2 / size), small))
    right = square * (1 + 1 / size) * sqrt(2 * log(size / _REST))
    whole = p.combine(2 * square / size, "<=", right, (square, below), (square * (1 + 1 / size), rooted))
    return _at_size(p, whole)


@proves("IT2:excess")
def excess(p: Draft) -> Judgement:
    """log A <= A − 1, log(n/(n−1)) >= 1/n, and (2σ²η − 1)² >= 0."""
    inside = p.hypothesis("inside")
    bent = p.at(taylor(sp.exp(x) - 1 - x, x, both_sides=True), {x: log(inside.right)}, [inside])
    level, square = _at_size(p, _logarithm(p)), p.sign((2 * noise_level**2 * tilt - 1) ** 2)
    more = p.combine(0, "<", n - 1, p.hypothesis("two"))
    parts = ((1 / (2 * tilt), bent), (1 / (2 * tilt), level), (1 / (2 * n * tilt), square))
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, *parts, given=[inside, more])
