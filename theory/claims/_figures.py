"""What LLZB's figures 3–11 show, read as statements about the distribution over data, seeds and noise.

The figures show one run each; the shares and factors are ours. Each statement is about one trained network, and its
probability is over everything that is drawn: the data, the initial weights, the batches, times and noise. A run that
diverged (a loss or weight that is NaN or infinite) has an infinite divergence and no mass on its smaller side.
"""

from __future__ import annotations

import sympy as sp

from theory.statement import Claim, Constant, Hypothesis, Inequality, Mutant, Source, WithProbability
from theory.symbols import C, kl_earlier, kl_far, kl_later, kl_least, kl_most, kl_near, mass_smaller

_SEEDS = "the data, the initial weights and the noise of training"
HALF = WithProbability(at_least=sp.Rational(1, 2), over=_SEEDS)
NINE = WithProbability(at_least=sp.Rational(9, 10), over=_SEEDS)
RUN = Hypothesis(
    name="set-up",
    statement="LLZB, section 4: two modes of variance 1, VE with base 25, t ~ U(1e-5, 1), λ = std², batches of 32, one "
    "layer of Swish units (16 of them unless said otherwise), all layers trained, 4 frozen Fourier features of scale "
    "30, the output divided by 16 and by the std; SGD with rate 1/2 or Adam with rate 1/1000; divergence in nats at "
    "t = 0.065 from the integrated score on a grid",
)
_WORDS = {"sgd": "SGD", "adam": "Adam"}
QUARTER, THIRD = sp.Rational(1, 4), sp.Rational(1, 3)


def constant(value: sp.Expr, meaning: str) -> dict[str, Constant]:
    """The share or factor C of a statement."""
    return {"C": Constant(symbol=C, value=value, meaning=meaning)}


def reading(figure: int | str) -> Source:
    """Our reading of a figure as a statement."""
    word = "figure" if isinstance(figure, int) else "figures"
    return Source(paper="scoregap", place=f"reading of LLZB, {word} {figure}, over seeds")


def rescaled(name: str, description: str, value: sp.Expr) -> Mutant:
    """The mutant with another value of C."""
    return Mutant(name=name, description=description, regime="most runs", constants={"C": value})


def exchanged(lhs: dict[str, sp.Expr], rhs: dict[str, sp.Expr]) -> Mutant:
    """The mutant with the sides exchanged."""
    return Mutant(name="reversed", description="the two sides are exchanged", regime="most runs", lhs=rhs, rhs=lhs)


def elsewhere(name: str, description: str, **setting: str) -> Mutant:
    """The mutant that is measured in another setting."""
    return Mutant(name=name, description=description, regime="most runs", setting=setting)


def fall(figure: int, optimizer: str, note: str) -> Claim:
    """The divergence falls in training."""
    lhs, rhs = {"later": kl_later}, {"earlier": C * kl_earlier}
    return Claim(
        id=f"FIG-{figure}:fall",
        sentence=f"Training with {_WORDS[optimizer]} lowers the divergence by a quarter at least, in half of the runs.",
        source=reading(figure),
        quantifier=HALF,
        hypotheses=(RUN,),
        relation=Inequality(lhs=lhs, rhs=rhs),
        constants=constant(sp.Rational(3, 4), "three quarters of the divergence are left at most"),
        setting={"optimizer": optimizer, "distance": "6"},
        note=note,
        mutants=(
            rescaled("twentieth", "a twentieth of the divergence is left", sp.Rational(1, 20)),
            exchanged(lhs, rhs),
            Mutant(
                name="half-of-least",
                description="half of the run's least divergence",
                regime="every run",
                rhs={"least": kl_least / 2},
            ),
        ),
    )


def rise(figure: int, optimizer: str, note: str) -> Claim:
    """The divergence rises again late in training."""
    lhs, rhs = {"earlier": C * kl_earlier}, {"later": kl_later}
    return Claim(
        id=f"FIG-{figure}:rise",
        sentence=f"With {_WORDS[optimizer]} the divergence rises again: in nine runs of ten it ends above its level "
        "in the middle.",
        source=reading(figure),
        quantifier=NINE,
        hypotheses=(RUN,),
        relation=Inequality(lhs=lhs, rhs=rhs),
        constants=constant(sp.S.One, "it does not matter by how much"),
        setting={"optimizer": optimizer, "distance": "6"},
        note=note,
        mutants=(
            rescaled("half-more", "it rises by half", sp.Rational(3, 2)),
            rescaled("doubled", "it doubles", sp.S(2)),
            Mutant(
                name="to-most",
                description="it ends at the run's largest divergence",
                regime="every run",
                lhs={"most": kl_most},
            ),
        ),
    )


def balance(figure: int, optimizer: str, *, kept: bool, bound: sp.Expr, others: tuple[Mutant, ...], note: str) -> Claim:
    """Both half-lines have their share of the mass (``kept``), or one of them has lost it."""
    lhs, rhs = {"share": C * sp.S.One}, {"smaller side": mass_smaller}
    if not kept:
        lhs, rhs = rhs, lhs
    sentence = (
        f"{_WORDS[optimizer]} balances two modes 6 apart: the half-line that has less of it has at least "
        f"{bound} of the mass, in half of the runs."
        if kept
        else f"{_WORDS[optimizer]} does not balance two modes 30 apart: the half-line that has less of it has at "
        f"most {bound} of the mass, in half of the runs."
    )
    return Claim(
        id=f"FIG-{figure}:balance",
        sentence=sentence,
        source=reading(figure),
        quantifier=HALF,
        hypotheses=(RUN,),
        relation=Inequality(lhs=lhs, rhs=rhs),
        constants=constant(bound, "half is the truth"),
        setting={"optimizer": optimizer, "distance": "6" if kept else "30"},
        note=note,
        mutants=(exchanged(lhs, rhs), *others),
    )


def distance(figure: int, optimizer: str, factor: sp.Expr, note: str) -> Claim:
    """The divergence is larger for far modes than for near ones."""
    lhs, rhs = {"6 apart": C * kl_near}, {"30 apart": kl_far}
    times = {1: "above", 4: "at four times"}[int(factor)]
    return Claim(
        id=f"FIG-{figure}:distance",
        sentence=f"With {_WORDS[optimizer]} the divergence for modes 30 apart is {times} that for modes 6 apart, in "
        "half of the runs.",
        source=reading(figure),
        quantifier=HALF,
        hypotheses=(RUN,),
        relation=Inequality(lhs=lhs, rhs=rhs),
        constants=constant(factor, "how many times as large"),
        setting={"optimizer": optimizer},
        note=note,
        mutants=(
            exchanged(lhs, rhs),
            rescaled("thousandfold", "a thousand times", sp.S(1000)),
            Mutant(
                name="nats",
                description="larger by 25 nats",
                regime="most runs",
                lhs={"6 apart": kl_near, "nats": sp.S(25)},
            ),
        ),
    )
