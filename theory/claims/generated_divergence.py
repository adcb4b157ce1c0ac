"""Corollary 4.3 of CZS: the divergence of the data's law from what is generated, by the log-loss."""

from __future__ import annotations

import sympy as sp

from theory.claims.encoder_decoupling import ALL, BELOW, COPIES, LATENT, printed_terms, repaired_term
from theory.family import Family
from theory.statement import Claim, ForAll, Hypothesis, Inequality, Mutant, Source
from theory.symbols import (
    data_entropy,
    encoder_rate,
    fresh_loss,
    kl_generated,
    output_information,
    product_loss,
    proxy,
    proxy_below,
    training_loss,
)

_PRINTED = Source(paper="CZS", place="Corollary 4.3 (reconstructed from the code and the reviews)")
_REPAIR = Source(paper="scoregap", place="repair of CZS, Corollary 4.3")
_LOG_LOSS = Hypothesis(name="log-loss", statement="Δ = −log q_G(x|z), q_G(·|z) a density, and H(P) is finite")
_LEFT = {"divergence": kl_generated}
_SEEN = {"training": training_loss, "entropy": -data_entropy}
_PRODUCT = {"product": product_loss, "entropy": -data_entropy}
_ELBO = {"reconstruction": fresh_loss, "rate": encoder_rate, "entropy": -data_entropy}

CLAIMS = (
    Claim(
        id="IT7:printed",
        sentence="E KL(P‖Q) is at most E[−log q_G(X_i|Z_i)] in training − H(P) plus the terms of Theorem 4.1.",
        source=_PRINTED,
        quantifier=ALL,
        hypotheses=(COPIES,),
        relation=Inequality(lhs=_LEFT, rhs=_SEEN | printed_terms(proxy)),
        note="A log-loss depends on the generator, not on one output. q_S = 2/k at the datum S and equal elsewhere, Z "
        "apart from X: one output tells little of S, the generator all. Three keys: −0.2310 against 0.2310.",
        mutants=(
            Mutant(
                name="lost-two",
                description="the 2 under the roots is lost",
                regime="three keys",
                rhs=_SEEN | printed_terms(proxy / sp.sqrt(2)),
            ),
            Mutant(
                name="lost-rate",
                description="the rate is lost",
                regime="three keys",
                rhs=_SEEN | {"output": printed_terms(proxy)["output"]},
            ),
            Mutant(
                name="lost-output",
                description="the information is lost",
                regime="three keys",
                rhs=_SEEN | {"rate": printed_terms(proxy)["rate"]},
            ),
        ),
    ),
    Claim(
        id="IT7:repaired",
        sentence="E KL(P‖Q) is at most E[−log q_G(X_i|Z_i)] − H(P) + √(2R₋²(E KL(E(X_i)‖π) + I(G;X_i))).",
        source=_REPAIR,
        quantifier=ALL,
        hypotheses=(BELOW, LATENT, _LOG_LOSS),
        relation=Inequality(lhs=_LEFT, rhs=_SEEN | repaired_term(proxy_below**2)),
        note="IT7:floor and IT5:repaired. The generator of IT7:printed with k = 1024: 3.001e−4 against 3.49e−4. With "
        "E H(P̂) <= H(P) in place of H(P) it holds as well, and says less.",
        mutants=(
            Mutant(
                name="output-information",
                description="I(G;X_i) replaced by I(X̂_i;X_i|Z_i)",
                regime="three keys",
                rhs=_SEEN | repaired_term(proxy_below**2, output_information),
            ),
            Mutant(
                name="lost-two",
                description="the 2 under the root is lost",
                regime="k large",
                rhs=_SEEN | repaired_term(proxy_below**2 / 2),
            ),
            Mutant(
                name="lost-entropy",
                description="−2H(P)",
                regime="three keys",
                rhs=_SEEN | {"entropy": -2 * data_entropy} | repaired_term(proxy_below**2),
            ),
        ),
    ),
    Claim(
        id="IT7:floor",
        sentence="E KL(P‖Q) is at most the mean log-loss of fresh data and latents less H(P).",
        source=_REPAIR,
        quantifier=ALL,
        hypotheses=(_LOG_LOSS,),
        relation=Inequality(lhs=_LEFT, rhs=_PRODUCT),
        note="Convexity: the right side is E KL(P‖q_G(·|z)) over z ~ π, which is what the repaired bound is about; "
        "equality where the latent does not matter.",
        mutants=(
            Mutant(
                name="jensen-reversed",
                description="the two sides exchanged",
                regime="the latent matters",
                lhs={"product": product_loss, "entropy": -data_entropy},
                rhs={"divergence": kl_generated},
            ),
            Mutant(
                name="lost-entropy",
                description="−2H(P)",
                regime="every law",
                rhs={"product": product_loss, "entropy": -2 * data_entropy},
            ),
            Mutant(
                name="half-loss",
                description="half of the log-loss",
                regime="every law",
                rhs=_PRODUCT | {"product": product_loss / 2},
            ),
        ),
    ),
    Claim(
        id="IT7:elbo",
        sentence="KL(P‖Q) is at most E_P[−log q(X|Z)] + E KL(E(X)‖π) − H(P), Z ~ E(X) for a fresh X.",
        source=_REPAIR,
        quantifier=ForAll(over="laws of the data, encoders and generators"),
        hypotheses=(_LOG_LOSS,),
        relation=Inequality(lhs=_LEFT, rhs=_ELBO),
        note="The evidence lower bound in the mean over P: no root, no constant, and no training data. A root can be "
        "less only where the rate exceeds 2R₋²; both hold, and so does the lesser of the two.",
        mutants=(
            Mutant(
                name="half-rate",
                description="half of the rate",
                regime="the exact posterior",
                rhs={"reconstruction": fresh_loss, "rate": encoder_rate / 2, "entropy": -data_entropy},
            ),
            Mutant(
                name="lost-rate",
                description="the rate is lost",
                regime="the exact posterior",
                rhs={"reconstruction": fresh_loss, "entropy": -data_entropy},
            ),
            Mutant(
                name="lost-entropy",
                description="−2H(P)",
                regime="the exact posterior",
                rhs=_ELBO | {"entropy": -2 * data_entropy},
            ),
        ),
    ),
)

FAMILY = Family(key="IT7", subject="Corollary 4.3 of the second paper: divergence by the log-loss", claims=CLAIMS)
