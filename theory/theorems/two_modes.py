"""Means over two equal modes: Stein's identities, features of the line, and the score as an element of L²(p₀)."""

from __future__ import annotations

import sympy as sp

from theory.symbols import mu
from theory.theorems.places import F, G, X, a, b, number
from theory.vocabulary import networks as nt
from theory.vocabulary.features import feature
from theory.vocabulary.networks import embedding, network
from theory.vocabulary.objects import Theta, p0
from theory.vocabulary.statements import Every, Fact, Theorem, at_most, equals

_MODES = Fact("two_equal_modes", (p0, mu))
_CLASS = Fact("random_feature_network", (network, Theta))
_MEMBER = Fact("member", (feature, network))
_SCORE = mu * sp.tanh(mu * number) - number
_RESPONSE = nt.Response(feature, nt.Point(number))


def _mean(function: sp.Expr) -> sp.Expr:
    return nt.ModesMean(mu, sp.Lambda(number, function))


def _normal(function: sp.Expr) -> sp.Expr:
    return nt.NormalMean(X, sp.Lambda(number, function))


THEOREMS = (
    Theorem(
        id="information of two modes",
        sentence="J(p₀) = E s₀², s₀ = μ tanh μx − x",
        source="definition; Cover and Thomas 2006, section 17.7",
        trust="definition",
        takes=(p0, mu),
        given=(_MODES,),
        says=equals(nt.FisherInformation(p0), _mean(_SCORE**2)),
    ),
    Theorem(
        id="gap of a score",
        sentence="‖s − s₀‖² = E(s − s₀)²",
        source="definition",
        trust="definition",
        takes=(p0, mu, network),
        given=(_MODES,),
        says=equals(nt.ScoreGap(p0, network) ** 2, _mean((nt.Value(network, nt.Point(number)) - _SCORE) ** 2)),
    ),
    Theorem(
        id="mean over two modes",
        sentence="a mean over two equal modes is that of the means over each",
        source="definition",
        trust="definition",
        takes=(mu, F),
        says=equals(
            _mean(F(number)),
            nt.NormalMean(mu, sp.Lambda(number, F(number))) / 2 + nt.NormalMean(-mu, sp.Lambda(number, F(number))) / 2,
        ),
    ),
    Theorem(
        id="linearity of a mean over two modes",
        sentence="E(aF + bG) = aE F + bE G",
        source="Kallenberg 2002, chapter 1",
        formal="Mathlib: MeasureTheory.integral_add",
        takes=(mu, F, G, a, b),
        says=equals(_mean(a * F(number) + b * G(number)), a * _mean(F(number)) + b * _mean(G(number))),
    ),
    Theorem(
        id="means of equal functions over two modes",
        sentence="F = G everywhere gives E F = E G",
        source="Kallenberg 2002, chapter 1",
        takes=(mu, F, G),
        given=(Every((number,), equals(F(number), G(number))),),
        says=equals(_mean(F(number)), _mean(G(number))),
    ),
    Theorem(
        id="positivity of a mean over two modes",
        sentence="F >= 0 everywhere gives E F >= 0",
        source="Kallenberg 2002, chapter 1",
        formal="Mathlib: MeasureTheory.integral_nonneg",
        takes=(mu, F),
        given=(Every((number,), at_most(0, F(number))),),
        says=at_most(0, _mean(F(number))),
    ),
    Theorem(
        id="Cauchy–Schwarz over two modes",
        sentence="(E FG)² <= E F² E G²",
        source="Rudin 1987, Theorem 3.5",
        formal="Mathlib: MeasureTheory.integral_mul_le_Lp_mul_Lq_of_nonneg",
        takes=(mu, F, G),
        says=at_most(_mean(F(number) * G(number)) ** 2, _mean(F(number) ** 2) * _mean(G(number) ** 2)),
    ),
    Theorem(
        id="second moment of two modes",
        sentence="E x² = 1 + μ²",
        source="moments of normal laws; Kallenberg 2002, chapter 5",
        takes=(mu,),
        says=equals(_mean(number**2), 1 + mu**2),
    ),
    Theorem(
        id="score against the identity",
        sentence="E s₀x = −1",
        source="integration by parts; Stein 1981, Lemma 1; Hyvärinen 2005, Theorem 1",
        takes=(mu,),
        says=equals(_mean(_SCORE * number), -1),
    ),
    Theorem(
        id="score against a feature",
        sentence="E s₀σ(wx + u·e) = −w P(active), over both modes",
        source="integration by parts; Stein 1981, Lemma 1; Hyvärinen 2005, Theorem 1",
        takes=(mu, feature, embedding),
        says=equals(
            _mean(_SCORE * _RESPONSE),
            -nt.Weight(feature) * (nt.Activity(feature, embedding, mu) + nt.Activity(feature, embedding, -mu)) / 2,
        ),
    ),
    Theorem(
        id="Stein's identity for a feature",
        sentence="E xσ(wx + u·e) = m Eσ(wx + u·e) + w P(active) for x ~ N(m, 1)",
        source="Stein 1981, Lemma 1",
        takes=(X, feature, embedding),
        says=equals(
            _normal(number * _RESPONSE),
            X * _normal(_RESPONSE) + nt.Weight(feature) * nt.Activity(feature, embedding, X),
        ),
    ),
    Theorem(
        id="mean of a feature",
        sentence="Eσ(wx + u·e) = (wm + u·e)P(active) + |w|φ(kink) for x ~ N(m, 1)",
        source="Kallenberg 2002, chapter 1 (change of variables), and z φ(z) = −φ'(z)",
        takes=(X, feature, embedding),
        says=equals(
            _normal(_RESPONSE),
            (nt.Weight(feature) * X + nt.Intercept(feature, embedding)) * nt.Activity(feature, embedding, X)
            + sp.Abs(nt.Weight(feature)) * nt.Boundary(feature, embedding, X),
        ),
    ),
    Theorem(
        id="activity is a probability",
        sentence="P(active) <= 1",
        source="Kallenberg 2002, chapter 2",
        takes=(X, feature, embedding),
        says=at_most(nt.Activity(feature, embedding, X), 1),
    ),
    Theorem(
        id="height of the normal density",
        sentence="φ <= 1/√(2π)",
        source="definition of φ",
        takes=(X, feature, embedding),
        says=at_most(nt.Boundary(feature, embedding, X), 1 / sp.sqrt(2 * sp.pi)),
    ),
    Theorem(
        id="network against a function",
        sentence="E sF = (1/m)Σ a_i E σ(w_i x + u_i·e)F",
        source="linearity of the mean; Kallenberg 2002, chapter 1",
        takes=(mu, network, Theta, F),
        given=(_CLASS,),
        says=equals(
            _mean(nt.Value(network, nt.Point(number)) * F(number)),
            nt.Combination(network, sp.Lambda(feature, _mean(_RESPONSE * F(number)))),
        ),
    ),
)
