"""The papers whose statements are claimed, as text and as BibTeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from theory import checks
from theory.markup import latex_text


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper, by the key under which sources name it; ``arxiv`` is its number there."""

    key: str
    authors: tuple[str, ...]
    title: str
    venue: str
    year: int
    arxiv: str

    def __post_init__(self) -> None:
        checks.texts("authors", self.authors)
        for part in ("key", "title", "venue", "arxiv"):
            checks.text(part, getattr(self, part))

    def __str__(self) -> str:
        names = [author.partition(",")[0] for author in self.authors]
        listed = f"{', '.join(names[:-1])} and {names[-1]}"
        return f"{listed}, {self.title}, {self.venue} {self.year}, arXiv:{self.arxiv}"

    def bibtex(self) -> str:
        """The paper as a BibTeX entry."""
        return (
            f"@inproceedings{{{self.key},\n"
            f"  author    = {{{' and '.join(self.authors)}}},\n"
            f"  title     = {{{{{self.title}}}}},\n"
            f"  booktitle = {{{self.venue}}},\n"
            f"  year      = {{{self.year}}},\n"
            f"  eprint    = {{{self.arxiv}}},\n"
            "  archiveprefix = {arXiv},\n"
            "}\n"
        )


LLZB = Paper(
    key="LLZB",
    authors=("Li, Puheng", "Li, Zhong", "Zhang, Huishuai", "Bian, Jiang"),
    title="On the Generalization Properties of Diffusion Models",
    venue="NeurIPS",
    year=2023,
    arxiv="2311.01797",
)
CZS = Paper(
    key="CZS",
    authors=("Chen, Qi", "Zhu, Jierui", "Shkurti, Florian"),
    title="Generalization in VAE and Diffusion Models: A Unified Information-Theoretic Analysis",
    venue="ICLR",
    year=2025,
    arxiv="2506.00849",
)
LITERATURE = {paper.key: paper for paper in (LLZB, CZS)}
PAPERS = {**{key: str(paper) for key, paper in LITERATURE.items()}, "scoregap": "the scoregap developers, this toolkit"}
"""Every paper that a source of the registry names, in words."""


def bibliography(keys: Iterable[str], version: str) -> str:
    """BibTeX entries for the papers of the keys, then this toolkit; a key that is no paper of ours is a note."""
    entries = []
    for key in keys:
        if key in LITERATURE:
            entries.append(LITERATURE[key].bibtex())
        elif key not in PAPERS and key != "own":
            name = re.sub(r"[^A-Za-z0-9]+", "", unicodedata.normalize("NFKD", key)) or "source"
            entries.append(f"@misc{{{name},\n  note = {{{latex_text(key)}}},\n}}\n")
    entries.append(
        f"@software{{scoregap,\n  author  = {{{{The scoregap developers}}}},\n  title   = {{{{scoregap}}}},\n"
        f"  version = {{{version}}},\n}}\n"
    )
    return "\n".join(entries)
