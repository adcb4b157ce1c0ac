"""Proofs of the linear Gaussian autoencoder's terms and bounds."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import exp, log, sqrt

from theory.symbols import data_variance, decoder_gain, decoder_variance, encoder_gain, encoder_variance, n, u, x
from theory.theorems import places
from theory.vocabulary import normals as nl
from theory.vocabulary.normals import Number, SideInformation, draws
from verify.proofs.kernel import Judgement, cases, discharge, taylor
from verify.proofs.normal_samples import NormalSample, averaged, diverging, lost, mean_of, normal_sample
from verify.proofs.writing import Draft, proves

_HALF = sp.Rational(1, 2)
_REST = 1 - decoder_gain * encoder_gain
_TRAIN = _REST**2 * data_variance * (1 - 1 / n) + decoder_gain**2 * encoder_variance
_FRESH = data_variance + decoder_gain**2 + _REST**2 * data_variance / n
_ratio, _part, _whole, _own, _left = sp.symbols("ratio part whole own left", positive=True)
_spread, _joint = sp.symbols("spread joint", positive=True)
_shared, _total = sp.Symbol("shared", real=True), sp.Symbol("total", nonnegative=True)


# The terms of the model ------------------------------------------------------------


def _losing(p: Draft, sample: NormalSample, datum: Any, code: Any, form: tuple[Any, ...]) -> Judgement:
    """E −log q_G(x|z) = ½log 2πv_G + Var(x − wz − b)/(2v_G), the residual a linear form of the sample."""
    v, law = decoder_variance, nl.decoder(code)
    normal = p.cite("normal law", X=law.args[0], level=v)
    loss = lost(p, law, normal, datum)
    return mean_of(p, sample, loss.left, form, known=(loss,), square=1 / (2 * v), rest=log(2 * sp.pi * v) / 2)


def _training(p: Draft, sample: NormalSample) -> Judgement:
    """The mean over the data: x − wz − b = κ(x − x̄) − w√v_E ξ."""
    form = (_REST * (1 - 1 / n), -_REST, -decoder_gain * sqrt(encoder_variance))
    return averaged(p, _losing(p, sample, nl.DATUM, nl.CODE, form))


@proves("IT8:gap")
def gap(p: Draft) -> Judgement:
    """Independent datum and code: x − wz − κx̄."""
    sample = normal_sample(p, data_variance)
    form = (-_REST / n, -_REST, sqrt(data_variance), -decoder_gain)
    fresh = _losing(p, sample, nl.FRESH, nl.SECOND, form)
    return p.combine(p.goal.says.left, "=", p.goal.says.right, fresh, (-1, _training(p, sample)))


@proves("IT8:reconstruction")
def reconstruction(p: Draft) -> Judgement:
    """A fresh datum with its own code: κ(x − x̄) − w√v_E ξ, x independent of x̄."""
    sample = normal_sample(p, data_variance)
    form = (-_REST / n, -_REST, _REST * sqrt(data_variance), -decoder_gain * sqrt(encoder_variance))
    fresh = _losing(p, sample, nl.FRESH, nl.code(nl.FRESH, nl.SECOND), form)
    return p.combine(p.goal.says.left, "=", p.goal.says.right, fresh, (-1, _training(p, sample)))


@proves("IT8:rate")
def rate(p: Draft) -> Judgement:
    """KL(N(cx, v_E)‖N(0, 1)) is a quadratic of x."""
    sample = normal_sample(p, data_variance)
    encoder = p.cite("normal law", X=encoder_gain * nl.DATUM, level=encoder_variance)
    each = diverging(p, encoder, p.cite("normal law", X=0, level=1))
    rest = (encoder_variance - 1 - log(encoder_variance)) / 2
    mean = mean_of(p, sample, each.left, (encoder_gain,), known=(each,), square=_HALF, rest=rest)
    return p.combine(p.goal.says.left, "=", p.goal.says.right, mean)


@proves("IT8:divergence")
def divergence(p: Draft) -> Judgement:
    """Q = N(κx̄, v_G + w²), and KL(P‖Q) is a quadratic of x̄."""
    sample, margin = normal_sample(p, data_variance), decoder_variance + decoder_gain**2
    mixed = p.cite("mixture of normal laws by their mean", a=decoder_gain, b=nl.CENTRE, level=decoder_variance)
    each = diverging(p, p.cite("normal law", X=0, level=data_variance), mixed)
    rest = (log(margin / data_variance) + data_variance / margin - 1) / 2
    mean = mean_of(p, sample, each.left, (_REST / n, _REST), known=(each,), square=1 / (2 * margin), rest=rest)
    return p.combine(p.goal.says.left, "=", p.goal.says.right, mean)


@proves("IT8:output")
def output(p: Draft) -> Judgement:
    """Given the code, the output is a Gaussian channel: the gain κ/n, and the other data and ξ as noise."""
    c, s, t, v = encoder_gain, data_variance, encoder_variance, decoder_variance
    sample, rest = normal_sample(p, s), _REST**2 * s * (n - 1) / n**2
    values = {places.a: sqrt(t), places.c: c, places.e: _REST / n, places.f: decoder_gain, places.g: _REST}
    at = {**sample.values, **values, places.h: sqrt(v)}
    noises = [p.sign(c**2 * s + t, strict=True), p.sign(rest + v, strict=True)]
    channel = p.cite("information of a Gaussian channel beside its noisy input", at, by=[sample.fact, *noises])
    made, datum, code = channel.left.args
    named = p.rising(lambda x: SideInformation(Number(x, draws), datum, code), p.equal(made.args[0], nl.OUTPUT))
    return p.combine(p.goal.says.left, "=", p.goal.says.right, (-1, named), channel)


# The bounds ------------------------------------------------------------


@proves("IT8:elbo")
def elbo(p: Draft) -> Judgement:
    """y − 1 − log y >= 0 at y = v_E u/v_G, and (κ²/v_G + c²)u >= 1 as a square, κ = 1 − wc."""
    c, w, v = encoder_gain, decoder_gain, decoder_variance
    margin, rest = v + w**2, 1 - w * c
    ratio = encoder_variance * margin / v
    curve = p.at(taylor(exp(x) - 1 - x, x, both_sides=True), {x: log(ratio)})
    square = p.sign(data_variance * (rest * w - c * v) ** 2 / (v * margin))
    mean = p.sign(rest**2 * data_variance * w**2 / (n * v * margin))
    parts = ((_HALF, curve), (_HALF, square), (_HALF, mean))
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, *parts)


def _forms(p: Draft) -> Judgement:
    """r − 1 − log r <= N − 1 − log t − log q, for the variance r of a form of two numbers and the part a of one alone.

    Where a t <= r(a + N) − r² and q <= 2a − a², the characteristic polynomials of the two matrices of covariances.
    """
    curve = taylor(exp(x) - 1 - x, x, both_sides=True)
    outer = p.assume(_part * _own, "<=", _ratio * (_part + _whole) - _ratio**2)
    inner = p.assume(_left, "<=", 2 * _part - _part**2)
    parts = (
        p.at(curve, {x: log(_part * _own / _ratio)}),
        (1 / _ratio, outer),
        p.at(curve, {x: log(_left / _part)}),
        (1 / _part, inner),
    )
    return p.combine(_ratio - 1 - log(_ratio), "<=", _whole - 1 - log(_own) - log(_left), *parts)


def _rayleigh(p: Draft) -> Judgement:
    """A form's variance lies between the eigenvalues: the characteristic polynomial is minus a square there."""
    w = decoder_gain
    form = p.assume(_ratio, "=", (_joint - 2 * w * _shared + w**2 * _whole) / (_spread + w**2))
    square = (_shared * (_spread - w**2) - w * (_spread * _whole - _joint)) ** 2
    below = (_joint * _whole - _shared**2) / _spread
    above = _ratio * (_joint / _spread + _whole) - _ratio**2
    return p.combine(below, "<=", above, p.sign(square / (_spread * (_spread + w**2) ** 2)), given=form)


def _sharp(p: Draft) -> tuple[Judgement, Judgement]:
    """ρ − 1 − log ρ <= c²v_P + v_E − 1 − log v_E − log(1 − 1/n), and 0 < ρ v: what two forms tell, one after the other.

    The form X − κx̄ of the datum and the mean, then its difference from wZ.
    """
    c, w, s, t = encoder_gain, decoder_gain, data_variance, encoder_variance
    two, kept = p.hypothesis("two"), _REST**2 / n
    spread, joint = s * (1 + kept), s * (n - 1 + w**2 * c**2) / n
    whole, shared = c**2 * s + t, c * s * (1 - _REST / n)
    share = s * (1 - 1 / n)
    low = p.sign(share * t / (c**2 * share + t), two, strict=True)
    square = p.sign((_REST * c * share - w * t) ** 2 / (c**2 * share + t), two)
    train = p.combine(0, "<", _TRAIN, low, square, given=two)
    values = {_spread: spread, _joint: joint, _whole: whole, _shared: shared, _ratio: _TRAIN / _FRESH}
    form = p.equal(_TRAIN / _FRESH, (joint - 2 * w * shared + w**2 * whole) / _FRESH, two)
    around = discharge(p.at(_rayleigh(p), values, [two, train]), form)
    more = p.sign(c**2 * s * _REST**2 * (1 - 1 / n) / (n * (1 + kept)), two)
    outer = p.combine(joint / spread * t, "<=", around.right, around, more, given=two)
    inner = p.combine(
        1 - 1 / n,
        "<=",
        2 * joint / spread - (joint / spread) ** 2,
        p.sign((1 - kept) ** 2 / (n * (1 + kept) ** 2)),
        given=two,
    )
    values = {_ratio: _TRAIN / _FRESH, _part: joint / spread, _whole: whole, _own: t, _left: 1 - 1 / n}
    return discharge(p.at(_forms(p), values, [two, train]), outer, inner), train


@proves("IT8:sharp")
def sharp(p: Draft) -> Judgement:
    """The divergence of the residuals' laws is at most that of all that they are made of."""
    known, train = _sharp(p)
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, (_HALF, known), given=[p.hypothesis("two"), train])


@proves("IT8:repaired")
def repaired(p: Draft) -> Judgement:
    """(1 − ρ)²/2 <= ρ − 1 − log ρ for ρ <= 1, and the root; for ρ >= 1 there is no gap."""
    known, train = _sharp(p)
    two = p.hypothesis("two")
    noise = p.at(taylor(exp(x) - 1 - x, x, both_sides=True), {x: log(encoder_variance)})
    weights = p.rising(log, p.combine(1 - 1 / n, "<=", 1, given=two), two)
    divergence = p.combine(0, "<=", known.right, noise, weights, given=two)
    half = p.combine(0, "<=", known.right / 2, (_HALF, divergence), given=two)
    given = [two, train, divergence, half]
    least, most = p.assume(_ratio, "<=", 1), p.assume(1, "<=", _ratio)
    falls = p.rising(log, least)
    curve = taylor(u - (1 - exp(-u)) - (1 - exp(-u)) ** 2 / 2, u)
    bent = p.at(curve, {u: -log(_ratio)}, [p.combine(0, "<=", -log(_ratio), falls)])
    total = p.assume(_ratio - 1 - log(_ratio), "<=", _total)
    square = p.combine((1 - _ratio) ** 2 / 4, "<=", _total / 2, (_HALF, bent), (_HALF, total))
    low = p.combine((1 - _ratio) / 2, "<=", sqrt(_total / 2), p.rising(sqrt, square), given=least)
    high = p.combine((1 - _ratio) / 2, "<=", sqrt(_total / 2), (_HALF, most))
    each = cases(low, high, _ratio, sp.S.One)
    placed = discharge(p.at(each, {_ratio: _TRAIN / _FRESH, _total: known.right}, given), known)
    size = _FRESH / decoder_variance
    return p.combine(p.goal.says.left, "<=", size * sqrt(known.right / 2), (size, placed), given=given)
