"""Corollary 4.2 of CZS: the Wasserstein distance of what is generated."""

from __future__ import annotations

import sympy as sp

from theory.claims.encoder_decoupling import ALL, BELOW, COPIES, LATENT, printed_terms, repaired_term
from theory.family import Family
from theory.statement import Claim, ForAll, Hypothesis, Inequality, Mutant, Source
from theory.symbols import (
    kl_laws,
    kl_reversed,
    point_distance,
    product_loss,
    proxy,
    proxy_below,
    proxy_marginal,
    training_loss,
    transport_mean,
    transport_square,
)

_PRINTED = Source(paper="CZS", place="Corollary 4.2 (its terms from the abstract and the code, the rest reconstructed)")
_READING = Source(paper="scoregap", place="a reading of CZS, Corollary 4.2")
_REPAIR = Source(paper="scoregap", place="repair of CZS, Corollary 4.2")
_METRIC = Hypothesis(name="metric", statement="Δ is a distance of the datum and what is generated")
_TRAIN = {"training": training_loss}
_LEFT = {"distance": transport_mean}

CLAIMS = (
    Claim(
        id="IT6:printed",
        sentence="E W₁(P, Q) is at most E‖X_i − X̂_i‖ in training plus the terms of Theorem 4.1.",
        source=_PRINTED,
        quantifier=ALL,
        hypotheses=(COPIES,),
        relation=Inequality(lhs=_LEFT, rhs=_TRAIN | printed_terms(proxy)),
        note="The key memoriser with the discrete distance: for one datum W₁ = 1 − 1/k, and the training loss is 0. It "
        "fails from three keys on.",
        mutants=(
            Mutant(
                name="lost-two",
                description="the 2 under the roots is lost",
                regime="three keys",
                rhs=_TRAIN | printed_terms(proxy / sp.sqrt(2)),
            ),
            Mutant(
                name="lost-rate",
                description="the rate is lost",
                regime="three keys",
                rhs=_TRAIN | {"output": printed_terms(proxy)["output"]},
            ),
            Mutant(
                name="lost-output",
                description="the information is lost",
                regime="three keys",
                rhs=_TRAIN | {"rate": printed_terms(proxy)["rate"]},
            ),
        ),
    ),
    Claim(
        id="IT6:marginal",
        sentence="The same with the constant under a fresh datum and the outputs of training.",
        source=_READING,
        quantifier=ALL,
        hypotheses=(COPIES,),
        relation=Inequality(lhs=_LEFT, rhs=_TRAIN | printed_terms(proxy_marginal)),
        note="G_S(z) = o for z = S, at the same distance from all data, else a point far away: no output of training "
        "is far from any datum, and R = 0. Two keys at the distance ½ from o, 10 from the other point: 5.25 against ½.",
        mutants=(
            Mutant(name="lost-terms", description="the training loss alone", regime="two keys", rhs=_TRAIN),
            Mutant(
                name="twice",
                description="twice the constant",
                regime="two keys",
                rhs=_TRAIN | printed_terms(2 * proxy_marginal),
            ),
            Mutant(
                name="twice-training",
                description="twice the training loss",
                regime="two keys",
                rhs={"training": 2 * training_loss} | printed_terms(proxy_marginal),
            ),
        ),
    ),
    Claim(
        id="IT6:repaired",
        sentence="E W₁(P, Q) is at most E‖X_i − X̂_i‖ + √(2R₋²(E KL(E(X_i)‖π) + I(G;X_i))).",
        source=_REPAIR,
        quantifier=ALL,
        hypotheses=(BELOW, LATENT, _METRIC),
        relation=Inequality(lhs=_LEFT, rhs=_TRAIN | repaired_term(proxy_below**2)),
        note="True, and empty: what it bounds is E‖X − X̂‖ of independent X and X̂, which is never below the distance of "
        "the best point mass from P (IT6:floor).",
        mutants=(
            Mutant(
                name="marginal",
                description="the constant under the law of the outputs of training",
                regime="a generator that is far off for latents it has not seen",
                rhs=_TRAIN | repaired_term(proxy_marginal**2),
            ),
            Mutant(
                name="lost-training",
                description="the training loss is lost",
                regime="all generated points nearly equally far",
                rhs=repaired_term(proxy_below**2),
            ),
            Mutant(
                name="lost-two",
                description="the 2 under the root is lost",
                regime="three keys",
                rhs=_TRAIN | repaired_term(proxy_below**2 / 2),
            ),
            Mutant(
                name="square-distance",
                description="W₂ in place of W₁",
                regime="what is generated is rarely far away",
                lhs={"distance": transport_square},
            ),
        ),
    ),
    Claim(
        id="IT6:floor",
        sentence="The mean distance of a fresh datum from what is generated apart from it is at least min_c E‖X − c‖.",
        source=_REPAIR,
        quantifier=ALL,
        hypotheses=(_METRIC,),
        relation=Inequality(lhs={"point": point_distance}, rhs={"product": product_loss}),
        note="P = Q = N(0, 1): W₁ = 0, the product's mean is 2/√π = 1.1284, and min_c E|X − c| = √(2/π) = 0.7979. "
        "A floor at half of that is true, and says less.",
        mutants=(
            Mutant(
                name="one-per-cent",
                description="1 % higher",
                regime="what is generated is the median",
                lhs={"point": sp.Rational(101, 100) * point_distance},
            ),
            Mutant(name="double", description="twice the floor", regime="every law", lhs={"point": 2 * point_distance}),
            Mutant(
                name="root-two",
                description="√2 times the floor: for normal data the mean distance of two of them",
                regime="what is generated is the median",
                lhs={"point": sp.sqrt(2) * point_distance},
            ),
        ),
    ),
    Claim(
        id="IT6:talagrand",
        sentence="For Q = N(b, uI) with u <= 1, W₂(P, Q) is at most √(2 KL(P‖Q)).",
        source=_REPAIR,
        quantifier=ForAll(over="laws P with a finite divergence from Q"),
        hypotheses=(Hypothesis(name="gaussian", statement="ν = N(b, uI) with 0 < u <= 1, and KL(μ‖ν) is finite"),),
        relation=Inequality(lhs={"distance": transport_square}, rhs={"divergence": sp.sqrt(2 * kl_laws)}),
        note="What a bound of the divergence gives for the distance. W₂ of N(m, s²) and N(b, u) is "
        "√((m−b)² + (s−√u)²); equality for a shift and u = 1.",
        mutants=(
            Mutant(name="lost-two", description="√KL", regime="a shift", rhs={"divergence": sp.sqrt(kl_laws)}),
            Mutant(
                name="reversed",
                description="KL(Q‖P)",
                regime="P wider than Q",
                rhs={"divergence": sp.sqrt(2 * kl_reversed)},
            ),
            Mutant(
                name="no-root",
                description="√2 KL: the divergence in place of its root",
                regime="a small shift",
                rhs={"divergence": sp.sqrt(2) * kl_laws},
            ),
        ),
    ),
)

FAMILY = Family(key="IT6", subject="Corollary 4.2 of the second paper: Wasserstein distance", claims=CLAIMS)
