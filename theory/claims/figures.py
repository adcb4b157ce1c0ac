"""What LLZB's figures 3–11 show, read as statements about the distribution over data, seeds and noise.

The figures show one run each; the shares and factors are ours. Each statement is about one trained network, and its
probability is over everything that is drawn: the data, the initial weights, the batches, times and noise. A run that
diverged (a loss or weight that is NaN or infinite) has an infinite divergence and no mass on its smaller side.
"""

from __future__ import annotations

import sympy as sp

from theory.statement import Claim, Constant, Hypothesis, Inequality, Mutant, Source, WithProbability
from theory.symbols import (
    C,
    bits_far,
    bits_near,
    kl_earlier,
    kl_far,
    kl_later,
    kl_least,
    kl_most,
    kl_narrow,
    kl_near,
    kl_wide,
    mass_smaller,
)

_SEEDS = "the data, the initial weights and the noise of training"
_HALF = WithProbability(at_least=sp.Rational(1, 2), over=_SEEDS)
_NINE = WithProbability(at_least=sp.Rational(9, 10), over=_SEEDS)
_RUN = Hypothesis(
    name="set-up",
    statement="LLZB, section 4: two modes of variance 1, VE with base 25, t ~ U(1e-5, 1), λ = std², batches of 32, one "
    "layer of Swish units (16 of them unless said otherwise), all layers trained, 4 frozen Fourier features of scale "
    "30, the output divided by 16 and by the std; SGD with rate 1/2 or Adam with rate 1/1000; divergence in nats at "
    "t = 0.065 from the integrated score on a grid",
)
_WORDS = {"sgd": "SGD", "adam": "Adam"}
_QUARTER, _THIRD = sp.Rational(1, 4), sp.Rational(1, 3)


def _constant(value: sp.Expr, meaning: str) -> dict[str, Constant]:
    return {"C": Constant(symbol=C, value=value, meaning=meaning)}


def _source(figure: int | str) -> Source:
    word = "figure" if isinstance(figure, int) else "figures"
    return Source(paper="scoregap", place=f"reading of LLZB, {word} {figure}, over seeds")


def _mutant(name: str, description: str, value: sp.Expr) -> Mutant:
    return Mutant(name=name, description=description, regime="most runs", constants={"C": value})


def _reversed(lhs: dict[str, sp.Expr], rhs: dict[str, sp.Expr]) -> Mutant:
    return Mutant(name="reversed", description="the two sides are exchanged", regime="most runs", lhs=rhs, rhs=lhs)


def _elsewhere(name: str, description: str, **setting: str) -> Mutant:
    return Mutant(name=name, description=description, regime="most runs", setting=setting)


def _fall(figure: int, optimizer: str, note: str) -> Claim:
    lhs, rhs = {"later": kl_later}, {"earlier": C * kl_earlier}
    return Claim(
        id=f"FIG-{figure}:fall",
        sentence=f"Training with {_WORDS[optimizer]} lowers the divergence by a quarter at least, in half of the runs.",
        source=_source(figure),
        quantifier=_HALF,
        hypotheses=(_RUN,),
        relation=Inequality(lhs=lhs, rhs=rhs),
        constants=_constant(sp.Rational(3, 4), "three quarters of the divergence are left at most"),
        setting={"optimizer": optimizer, "distance": "6"},
        note=note,
        mutants=(
            _mutant("twentieth", "a twentieth of the divergence is left", sp.Rational(1, 20)),
            _reversed(lhs, rhs),
            Mutant(
                name="half-of-least",
                description="half of the run's least divergence",
                regime="every run",
                rhs={"least": kl_least / 2},
            ),
        ),
    )


def _rise(figure: int, optimizer: str, note: str) -> Claim:
    lhs, rhs = {"earlier": C * kl_earlier}, {"later": kl_later}
    return Claim(
        id=f"FIG-{figure}:rise",
        sentence=f"With {_WORDS[optimizer]} the divergence rises again: in nine runs of ten it ends above its level "
        "in the middle.",
        source=_source(figure),
        quantifier=_NINE,
        hypotheses=(_RUN,),
        relation=Inequality(lhs=lhs, rhs=rhs),
        constants=_constant(sp.S.One, "it does not matter by how much"),
        setting={"optimizer": optimizer, "distance": "6"},
        note=note,
        mutants=(
            _mutant("half-more", "it rises by half", sp.Rational(3, 2)),
            _mutant("doubled", "it doubles", sp.S(2)),
            Mutant(
                name="to-most",
                description="it ends at the run's largest divergence",
                regime="every run",
                lhs={"most": kl_most},
            ),
        ),
    )


def _balance(
    figure: int, optimizer: str, *, kept: bool, bound: sp.Expr, others: tuple[Mutant, ...], note: str
) -> Claim:
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
        source=_source(figure),
        quantifier=_HALF,
        hypotheses=(_RUN,),
        relation=Inequality(lhs=lhs, rhs=rhs),
        constants=_constant(bound, "half is the truth"),
        setting={"optimizer": optimizer, "distance": "6" if kept else "30"},
        note=note,
        mutants=(_reversed(lhs, rhs), *others),
    )


def _distance(figure: int, optimizer: str, factor: sp.Expr, note: str) -> Claim:
    lhs, rhs = {"6 apart": C * kl_near}, {"30 apart": kl_far}
    times = {1: "above", 4: "at four times"}[int(factor)]
    return Claim(
        id=f"FIG-{figure}:distance",
        sentence=f"With {_WORDS[optimizer]} the divergence for modes 30 apart is {times} that for modes 6 apart, in "
        "half of the runs.",
        source=_source(figure),
        quantifier=_HALF,
        hypotheses=(_RUN,),
        relation=Inequality(lhs=lhs, rhs=rhs),
        constants=_constant(factor, "how many times as large"),
        setting={"optimizer": optimizer},
        note=note,
        mutants=(
            _reversed(lhs, rhs),
            _mutant("thousandfold", "a thousand times", sp.S(1000)),
            Mutant(
                name="nats",
                description="larger by 25 nats",
                regime="most runs",
                lhs={"6 apart": kl_near, "nats": sp.S(25)},
            ),
        ),
    )


_IMAGES = ({"nearest": C * bits_near}, {"farthest": bits_far})
_NOISE = ({"least": C * kl_least}, {"most": kl_most})
_WIDTH = ({"wide": kl_wide}, {"narrow": C * kl_narrow})
_SCALE = ({"narrow": C * kl_narrow}, {"wide": kl_wide})

CLAIMS = (
    _fall(3, "sgd", "From the first epoch to the thousandth. The figure is right about the fall."),
    _rise(
        3,
        "sgd",
        "False over seeds: from epoch 1001 to epoch 2001 as many runs fall as rise. A rise that one run "
        "shows is within the noise of that run, FIG-3:noise.",
    ),
    Claim(
        id="FIG-3:noise",
        sentence="Along one run of SGD the divergence varies by a factor 3/2 at least between checkpoints of the "
        "second half, in half of the runs.",
        source=Source(paper="scoregap", place="on LLZB, figure 3"),
        quantifier=_HALF,
        hypotheses=(_RUN,),
        relation=Inequality(lhs=_NOISE[0], rhs=_NOISE[1]),
        constants=_constant(sp.Rational(3, 2), "largest over least, at checkpoints 100 epochs apart"),
        setting={"optimizer": "sgd", "distance": "6"},
        note="So any one run shows a minimum and a rise behind it, whatever the law of the runs does.",
        mutants=(
            _reversed(*_NOISE),
            _mutant("thirtyfold", "a factor 30", sp.S(30)),
            Mutant(
                name="five-nats", description="by 5 nats", regime="most runs", lhs={"least": kl_least, "nats": sp.S(5)}
            ),
        ),
    ),
    _balance(
        4,
        "sgd",
        kept=True,
        bound=_QUARTER,
        others=(
            _mutant("almost-equal", "0.49 of the mass", sp.Rational(49, 100)),
            _elsewhere("far", "modes 30 apart", distance="30"),
        ),
        note="From epoch 100 on.",
    ),
    _distance(5, "sgd", sp.S(4), "Many of the far runs diverge later on: at rate 1/2 SGD is unstable there."),
    _balance(
        5,
        "sgd",
        kept=False,
        bound=_QUARTER,
        others=(
            _elsewhere("near", "modes 6 apart", distance="6"),
            _elsewhere("near-adam", "modes 6 apart and Adam", distance="6", optimizer="adam"),
        ),
        note="What is lost at a large distance is the balance of the modes more than their shape.",
    ),
    _fall(8, "adam", "From epoch 101 to epoch 1001; Adam with this rate is slower than SGD at the start."),
    _rise(8, "adam", "False over seeds: from epoch 1001 to epoch 2001 most runs still fall."),
    _balance(
        9,
        "adam",
        kept=True,
        bound=_THIRD,
        others=(
            _mutant("almost-equal", "0.499 of the mass", sp.Rational(499, 1000)),
            _elsewhere("far", "modes 30 apart", distance="30"),
        ),
        note="From epoch 100 on, when the learned density has a single hump still.",
    ),
    _distance(10, "adam", sp.S.One, "The factor grows with training: the near runs fall, the far ones hardly."),
    _balance(
        10,
        "adam",
        kept=False,
        bound=_QUARTER,
        others=(
            _elsewhere("near", "modes 6 apart", distance="6"),
            _mutant("never", "no mass at all", sp.Rational(1, 10**300)),
        ),
        note="Divergences at this distance are small where the modes are balanced, and large where one is lost.",
    ),
    Claim(
        id="FIG-6/7:farthest",
        sentence="Early in training the model of the farthest pair of clusters has more held-out bits/dim than that of "
        "the nearest pair, in half of the runs.",
        source=_source("6 and 7"),
        quantifier=WithProbability(at_least=sp.Rational(1, 2), over="the split, the dequantisation and the training"),
        hypotheses=(
            Hypothesis(
                name="images",
                statement="scikit-learn's 8×8 digits, 10 k-means clusters, the same number of "
                "images of each cluster, half of them held out",
            ),
            Hypothesis(
                name="network",
                statement="one layer of 64 Swish units, 40 epochs of Adam with rate 1/100, VE "
                "with base 5, bits/dim by the exact probability-flow likelihood",
            ),
        ),
        relation=Inequality(lhs=_IMAGES[0], rhs=_IMAGES[1]),
        constants=_constant(sp.S.One, "it does not matter by how much"),
        setting={"images": "digits"},
        note="Early only: by 1000 epochs neither pair is worse. Most of the difference is the clusters' own, "
        "for a Gaussian fitted to each pair has it too.",
        mutants=(
            _reversed(*_IMAGES),
            _mutant("tenth-more", "more by a tenth", sp.Rational(11, 10)),
            Mutant(
                name="quarter-bit",
                description="more by a quarter of a bit",
                regime="most runs",
                lhs={"nearest": bits_near, "bits": _QUARTER},
            ),
        ),
    ),
    Claim(
        id="FIG-11:width",
        sentence="With Adam, a network 16 times as wide has a smaller divergence at the same epoch, in half of the "
        "runs.",
        source=_source(11),
        quantifier=_HALF,
        hypotheses=(_RUN,),
        relation=Inequality(lhs=_WIDTH[0], rhs=_WIDTH[1]),
        constants=_constant(sp.S.One, "it does not matter by how much"),
        setting={"optimizer": "adam", "distance": "6"},
        note="The output is divided by 16 whatever the width.",
        mutants=(
            _reversed(*_WIDTH),
            _mutant("hundredth", "a hundredth", sp.Rational(1, 100)),
            Mutant(
                name="two-nats",
                description="smaller by 2 nats",
                regime="most runs",
                lhs={"wide": kl_wide, "nats": sp.S(2)},
            ),
        ),
    ),
    Claim(
        id="FIG-11:scale",
        sentence="With SGD and the output divided by 16 whatever the width, a wide network diverges, a narrow one does "
        "not: half of the wide runs end at ten times the divergence at least.",
        source=Source(paper="scoregap", place="on LLZB, figure 11"),
        quantifier=_HALF,
        hypotheses=(_RUN,),
        relation=Inequality(lhs=_SCALE[0], rhs=_SCALE[1]),
        constants=_constant(sp.S(10), "how many times as large"),
        setting={"optimizer": "sgd", "distance": "6"},
        note="At rate 1/2 and 512 units. So figure 11 needs Adam, or an output divided by the width.",
        mutants=(
            _reversed(*_SCALE),
            _elsewhere("adam", "Adam in place of SGD", optimizer="adam"),
            Mutant(
                name="wide-first",
                description="ten times the wide one is below the narrow one",
                regime="every run",
                lhs={"wide": 10 * kl_wide},
                rhs={"narrow": kl_narrow},
            ),
        ),
    ),
)
