"""The studies behind the figures, by name: each writes its files into a directory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from theory.checks import shown
from verify.models.two_mode_runs import OPTIMIZERS
from verify.studies import (
    along_training,
    figure_6_7,
    learned_densities,
    lemma_2_horizon,
    memorisation,
    parametrizations,
    phase_diagram,
    score_density,
    theorem_1_chain,
    widths,
)


@dataclass(frozen=True, kw_only=True)
class Study:
    """One figure or table: ``run(out, quick, seed)`` writes its files into the directory and returns their paths.

    A ``replicated`` one also takes the keywords ``replicas`` (None: its own number), ``resume`` and ``workers``
    (threads), and one with ``images`` also ``images``, ``labels`` and ``side``. Not to be confused with
    `verify.evidence.confrontation.Experiment`, which confronts a claim with instances.
    """

    name: str
    sentence: str
    run: Callable[..., tuple[Path, ...]]
    replicated: bool = False
    images: bool = False


def _densities(figure: learned_densities.Figure) -> Study:
    word = OPTIMIZERS[figure.optimizer]
    return Study(
        name=figure.name,
        replicated=True,
        run=learned_densities.study_of(figure),
        sentence=f"the density that {word} learns by epochs 100, 1000 and 1900, modes {figure.distance} apart",
    )


STUDIES: Mapping[str, Study] = {
    entry.name: entry
    for entry in (
        Study(
            name="phase-diagram",
            sentence="rate and stopping time of Theorem 1, printed and repaired, against the width's exponent",
            run=phase_diagram.run,
        ),
        Study(
            name=theorem_1_chain.NAME,
            sentence="Theorem 1, repaired, on random models: bound over measured, link by link and in total",
            run=theorem_1_chain.run,
        ),
        Study(
            name=memorisation.NAME,
            sentence="Theorem 1 as printed: with denoising labels on a handful of data the "
            "flow memorises, with true scores not",
            run=memorisation.run,
        ),
        Study(
            name=lemma_2_horizon.NAME,
            sentence="Lemma 2 against the horizon, printed and repaired, on two exact families",
            run=lemma_2_horizon.run,
        ),
        Study(
            name=score_density.NAME,
            sentence="Lemma 2 with the score-density: the loss vanishes, the divergence stays",
            run=score_density.run,
        ),
        Study(
            name=parametrizations.NAME,
            sentence="Lemmas 4 and 5 on the two gradient flows: true as printed on one each",
            run=parametrizations.run,
        ),
        Study(
            name="figure-3",
            sentence="the divergence along training with SGD: fall, minimum, rise, noise",
            run=along_training.study_of(along_training.FIGURE_3),
            replicated=True,
        ),
        *(_densities(figure) for figure in learned_densities.FIGURES[:2]),
        Study(
            name=figure_6_7.NAME,
            sentence="farthest and nearest pair of image clusters: training loss, samples, bits/dim",
            run=figure_6_7.run,
            replicated=True,
            images=True,
        ),
        Study(
            name="figure-8",
            sentence="the divergence along training with Adam",
            replicated=True,
            run=along_training.study_of(along_training.FIGURE_8),
        ),
        *(_densities(figure) for figure in learned_densities.FIGURES[2:]),
        Study(
            name=widths.NAME,
            sentence="the divergence at epoch 1000, and the first epoch with 0.1, against the width",
            run=widths.run,
            replicated=True,
        ),
    )
}


def study(name: str) -> Study:
    """The study of a name; raises ValueError, with the names that there are, for another one."""
    if not isinstance(name, str) or name not in STUDIES:
        raise ValueError(f"name must be one of {', '.join(STUDIES)}; got {shown(name)}")
    return STUDIES[name]
