"""Score matching with noise: squares against the kernel's score and against the marginal's, which is its mean."""

from __future__ import annotations

from theory.symbols import d, r, v
from theory.vocabulary import score_matching as sm
from theory.vocabulary.objects import p0, score
from theory.vocabulary.statements import Fact, Theorem, below, equals

_BOTH = Fact("population_losses", (p0, score, d))
_AT = (p0, score, r, v)
_NOISY = below(0, v)

THEOREMS = (
    *(
        Theorem(
            id=f"square against the {name} score",
            sentence=f"E‖s − {letter}‖² = E‖s‖² − 2E⟨s, {letter}⟩ + E‖{letter}‖² for the {name} score {letter}",
            source="Horn and Johnson 2013, section 5.1 (inner products)",
            takes=(*_AT, d),
            given=(_BOTH, _NOISY),
            says=equals(loss(*_AT), sm.Energy(*_AT) - 2 * cross(*_AT) + energy(p0, r, v)),
        )
        for name, letter, loss, cross, energy in (
            ("kernel's", "c", sm.Denoising, sm.KernelCross, sm.KernelEnergy),
            ("marginal", "g", sm.Matching, sm.MarginalCross, sm.MarginalEnergy),
        )
    ),
    Theorem(
        id="the marginal score is a posterior mean",
        sentence="g(x_t) = E[c | x_t], so that E⟨s(x_t), c⟩ = E⟨s(x_t), g⟩",
        source="Vincent 2011, section 4 and appendix; tower property, Kallenberg 2002, Theorem 6.1",
        takes=(*_AT, d),
        given=(_BOTH, _NOISY),
        says=equals(sm.KernelCross(*_AT), sm.MarginalCross(*_AT)),
    ),
    Theorem(
        id="energy of the kernel's score",
        sentence="c = −z/(rv) with z standard normal in R^d: E‖c‖² = d/(rv)²",
        source="moments of normal laws; Kallenberg 2002, chapter 5",
        takes=(*_AT, d),
        given=(_BOTH, _NOISY),
        says=equals(sm.KernelEnergy(p0, r, v) * (r * v) ** 2, d),
    ),
)
