"""What a checked hypothesis says in words is what is evaluated on instances."""

import math
import random

import pytest
import sympy as sp

from theory.claims import REGISTRY
from theory.symbols import REGISTRY as SYMBOLS
from verify.plans import PLANS

WORDS = {
    "v > 0, so that the kernel has a density": lambda v, **_: v > 0,
    "w ≠ 0": lambda w, **_: w != 0,
    "|ϱ| < 1": lambda correlation, **_: abs(correlation) < 1,
    "ϑ <= π": lambda angle, **_: angle <= math.pi,
    "0 < q < 1: both modes are present": lambda q, **_: 0 < q < 1,
    "T <= 2": lambda T, **_: T <= 2,
    "δ <= 1/2": lambda delta, **_: delta <= 0.5,
    "μ > √log(1/δ²)": lambda mu, delta, **_: mu**2 > -2 * math.log(delta),
    "δ < 1": lambda delta, **_: delta < 1,
    "τ >= 1": lambda tau, **_: tau >= 1,
    "m > 1 or δ < 1": lambda m, delta, **_: m > 1 or delta < 1,
    "x is beyond every breakpoint −b_i/w_i": lambda x, b_1, b_2, w_1, w_2, **_: (
        x >= max(abs(b_1) / w_1, abs(b_2) / w_2)
    ),
    "m >= n": lambda m, n, **_: m >= n,
    "p < ½": lambda chance, **_: chance < 0.5,
    "n >= 2": lambda n, **_: n >= 2,
    "1 + 2(η − 2σ²η²)σ²/n > 0": lambda tilt, noise_level, n, **_: (
        1 + 2 * (tilt - 2 * noise_level**2 * tilt**2) * noise_level**2 / n > 0
    ),
    "ε < T": lambda early, T, **_: early < T,
    "δ <= 1": lambda euler_step, **_: euler_step <= 1,
    "B >= 1": lambda clock, **_: clock >= 1,
    "B* >= 1": lambda best_clock, **_: best_clock >= 1,
    "r_s <= 1/2": lambda source_power, **_: source_power <= 0.5,
    "16K_B τ log(2m/δ) <= n": lambda K_B, tau, m, delta, n, **_: 16 * K_B * tau * math.log(2 * m / delta) <= n,
    "n^{1/(1+2r_s+β_N)} <= τ": lambda n, source_power, capacity_power, tau, **_: (
        n ** (1 / (1 + 2 * source_power + capacity_power)) <= tau
    ),
    "τ <= 2n^{1/(1+2r_s+β_N)}": lambda n, source_power, capacity_power, tau, **_: (
        tau <= 2 * n ** (1 / (1 + 2 * source_power + capacity_power))
    ),
    "K_B >= k₁ + S_B√(3/(nδ))": lambda K_B, top_B, S_B, n, delta, **_: top_B + S_B * math.sqrt(3 / (n * delta)) <= K_B,
}
"""The words as Python, by hand: read off the sentence, and not off the hypothesis."""
UPPER = {item.symbol: item.upper for item in SYMBOLS.values()}
CHECKED = {h: claim.id for claim in REGISTRY.values() for h in claim.hypotheses if h.checked}


@pytest.mark.parametrize("hypothesis", CHECKED, ids=lambda h: f"{CHECKED[h]}, {h.name}")
def test_the_words_of_a_checked_hypothesis_say_its_relation(hypothesis):
    says, draw, seen = WORDS[hypothesis.statement], random.Random(0), set()
    names = sorted(hypothesis.free_symbols(), key=str)
    for _ in range(200):
        at = {}
        for symbol in names:
            small = symbol.is_nonnegative is None
            values = [1, 2, 3] if symbol.is_integer else [0.03, 0.4, 0.7, 0.999, 1, 1.7, 3, 9]
            value = draw.choice([v for v in values if v <= UPPER.get(symbol, sp.oo)])
            at[symbol] = sp.Rational(str(-value if small and draw.random() < 0.5 else value))
        left, right = (side.subs(at) for side in (hypothesis.lesser, hypothesis.greater))
        holds = bool(left < right if hypothesis.strict else left <= right)
        assert holds == says(**{str(symbol): float(value) for symbol, value in at.items()}), at
        seen.add(holds)
    assert True in seen


# By hand, from the ledger: where the kernel derives nothing, no attack tells which conditions a statement needs.
_LINE, _FIGURE = ("positive-time", "normal-data", "feature"), ("set-up",)
UNDERIVED = {
    "EQ-7:posterior": ("positive-time", "mixture"),
    "EQ-7:stein": ("mixture", "feature"),
    "EQ-7:unbiased-dsm": _LINE,
    "EQ-7:unbiased-sm": ("normal-data", "feature"),
    "EQ-7:empirical-gap": _LINE,
    "RELU:product": ("jointly-normal", "not-degenerate"),
    "RELU:arc-cosine": ("uniform", "angle"),
    "L2:tails": (),
    "FIG-3:fall": _FIGURE,
    "FIG-3:noise": _FIGURE,
    "FIG-4:balance": _FIGURE,
    "FIG-5:distance": _FIGURE,
    "FIG-5:balance": _FIGURE,
    "FIG-8:fall": _FIGURE,
    "FIG-9:balance": _FIGURE,
    "FIG-10:distance": _FIGURE,
    "FIG-10:balance": _FIGURE,
    "FIG-11:width": _FIGURE,
    "FIG-11:scale": _FIGURE,
    "FIG-6/7:farthest": ("images", "network"),
    "IT13:long-time": ("points",),
    "IT13:branch": ("solution",),
    "IT14:weighted-loss": ("perfect",),
    "IT14:mixed-kernel": ("iid", "second-moment"),
    "IT14:batches": ("iid", "second-moment"),
    "IT14:started-at-data": ("minus-x",),
    "IT14:mean-root": ("points",),
    "IT14:grid": ("linear",),
}


def test_claims_that_no_proof_attacks_state_the_hypotheses_of_the_ledger():
    derived = {"PROVED", "REFUTED"}
    found = {
        name: tuple(h.name for h in claim.hypotheses)
        for name, claim in REGISTRY.items()
        if str(PLANS[name].expected) not in derived
    }
    assert found == UNDERIVED
