"""The studies behind the figures, by name: each writes its files into a directory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from theory.checks import shown


@dataclass(frozen=True, kw_only=True)
class Study:
    """One figure or table: ``run(out, quick, seed)`` writes its files into the directory and returns their paths.

    A ``replicated`` one also takes the keywords ``replicas`` (None: its own number), ``resume`` and ``workers``
    (threads), and one with ``images`` also ``images``, ``labels``, ``key``, ``side`` and ``model``. Not to be confused
    with `verify.evidence.confrontation.Experiment`, which confronts a claim with instances.
    """

    name: str
    sentence: str
    run: Callable[..., tuple[Path, ...]]
    replicated: bool = False
    images: bool = False


def _later(module: str, name: str = "run") -> Callable[..., tuple[Path, ...]]:
    """The function of that name in a module of this room, which is loaded when it is called: a list needs none."""

    def run(*args: object, **options: object) -> tuple[Path, ...]:
        return getattr(import_module(f"verify.studies.{module}"), name)(*args, **options)

    return run


def _densities(figure: int, optimizer: str, distance: int) -> Study:
    return Study(
        name=f"figure-{figure}",
        sentence=f"the density that {optimizer} learns by epochs 100, 1000 and 1900, modes {distance} apart",
        run=_later("learned_densities", f"run_figure_{figure}"),
        replicated=True,
    )


STUDIES: Mapping[str, Study] = {
    entry.name: entry
    for entry in (
        Study(
            name="phase-diagram",
            sentence="rate and stopping time of Theorem 1, printed and repaired, against the width's exponent",
            run=_later("phase_diagram"),
        ),
        Study(
            name="theorem-1",
            sentence="Theorem 1, repaired, on random models: bound over measured, link by link and in total",
            run=_later("theorem_1_chain"),
            replicated=True,
        ),
        Study(
            name="theorem-1-violations",
            sentence="how often the bound by capacity fails at δ: thousands of samples of each of many random models",
            run=_later("theorem_1_violations"),
            replicated=True,
        ),
        Study(
            name="theorem-1-curves",
            sentence="the bound by capacity beside the measured divergence, against τ, n and m",
            run=_later("theorem_1_curves"),
            replicated=True,
        ),
        Study(
            name="early-stopping",
            sentence="what it costs to stop where the bound by capacity is least, and not where it is best in truth",
            run=_later("early_stopping"),
            replicated=True,
        ),
        Study(
            name="memorisation",
            sentence="Theorem 1 as printed: with denoising labels on a handful of data the "
            "flow memorises, with true scores not",
            run=_later("memorisation"),
        ),
        Study(
            name="lemma-2-horizon",
            sentence="Lemma 2 against the horizon, printed and repaired, on two exact families",
            run=_later("lemma_2_horizon"),
        ),
        Study(
            name="score-density",
            sentence="Lemma 2 with the score-density: the loss vanishes, the divergence stays",
            run=_later("score_density"),
        ),
        Study(
            name="parametrizations",
            sentence="Lemmas 4 and 5 on the two gradient flows: true as printed on one each",
            run=_later("parametrizations"),
        ),
        Study(
            name="time-tradeoff",
            sentence="the second paper's trade-off in T: terms of the bound against exact divergences and likelihoods",
            run=_later("time_tradeoff"),
        ),
        Study(
            name="terms-against-n",
            sentence="the terms of the second paper's repaired bound against the number of data, two modes on the line",
            run=_later("terms_against_n"),
            replicated=True,
        ),
        Study(
            name="vae",
            sentence="autoencoders and the bounds on them: the linear Gaussian one exactly, networks of the digits",
            run=_later("vae"),
            replicated=True,
        ),
        Study(
            name="figure-3",
            sentence="the divergence along training with SGD: fall, minimum, rise, noise",
            run=_later("along_training", "run_figure_3"),
            replicated=True,
        ),
        _densities(4, "SGD", 6),
        _densities(5, "SGD", 30),
        Study(
            name="figure-6-7",
            sentence="farthest and nearest pair of image clusters: training loss, samples, bits/dim",
            run=_later("figure_6_7"),
            replicated=True,
            images=True,
        ),
        Study(
            name="figure-8",
            sentence="the divergence along training with Adam",
            run=_later("along_training", "run_figure_8"),
            replicated=True,
        ),
        _densities(9, "Adam", 6),
        _densities(10, "Adam", 30),
        Study(
            name="figure-11",
            sentence="the divergence at epoch 1000, and the first epoch with 0.1, against the width",
            run=_later("widths"),
            replicated=True,
        ),
    )
}


def study(name: str) -> Study:
    """The study of a name; raises ValueError, with the names that there are, for another one."""
    if not isinstance(name, str) or name not in STUDIES:
        raise ValueError(f"name must be one of {', '.join(STUDIES)}; got {shown(name)}")
    return STUDIES[name]
