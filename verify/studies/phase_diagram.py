"""How fast Theorem 1's bound falls and when to stop, against the width: printed and repaired, exactly.

With ``m = n^α`` and ``τ = n^s`` both are piecewise affine in α (`theory.rates`); the figure shows the exponents, the
table holds the exact pieces.
"""

from __future__ import annotations

from pathlib import Path

import sympy as sp

from theory.rates import Piece, phase_diagram
from theory.symbols import alpha, m, n, tau
from verify.studies.drawing import Axes, Figure, Look, figure
from verify.studies.files import Output

PRINTED = {"sampling": tau**4 / (m * n), "features": tau**3 / m**2, "training": 1 / tau, "width": 1 / m}
"""LLZB, Theorem 1, without the terms that depend on neither n, m nor τ."""
REPAIRED = {"training": 1 / tau, "sampling": tau / n, "noise": 1 / sp.sqrt(n), "width": 1 / m}
"""The repaired theorem's leading terms."""
BOUNDS = {"printed": PRINTED, "repaired": REPAIRED}
WIDEST = sp.Integer(3)
COLUMNS: tuple[str, ...] = (
    "bound",
    "alpha from",
    "alpha to",
    "rate",
    "stopping",
    "stopping from",
    "stopping to",
    "active",
    "vanishes",
)
_STYLES: dict[str, Look] = {
    "printed": {"color": "#d55e00", "linestyle": "--"},
    "repaired": {"color": "#0072b2", "linestyle": "-"},
}
_LABELS = {"printed": (sp.Rational(7, 10), "left"), "repaired": (sp.Rational(9, 10), "right")}
"""Where along a piece its formula stands, and on which side of a breakpoint its label."""


def rows() -> list[dict[str, str]]:
    """The pieces of both bounds as text, in exact numbers; ``alpha`` is the width's exponent."""
    return [_row(name, piece) for name, terms in BOUNDS.items() for piece in phase_diagram(terms).pieces]


def run(out: Path, quick: bool = True, seed: int = 0) -> tuple[Path, ...]:
    """Write phase-diagram.csv, .png and .svg into an existing directory and return their paths.

    ``quick`` and ``seed`` change nothing: the pieces are exact. ValueError for a directory that cannot be used.
    """
    files = Output(out, "phase-diagram")
    return (files.table(COLUMNS, [tuple(row.values()) for row in rows()]), *files.figure(_draw()))


def _row(name: str, piece: Piece) -> dict[str, str]:
    low, high = piece.interval or (piece.stopping, piece.stopping)
    cells = (
        name,
        piece.lower,
        piece.upper,
        piece.rate,
        piece.stopping,
        low,
        high,
        " + ".join(piece.active),
        "yes" if piece.vanishes else "no",
    )
    return dict(zip(COLUMNS, map(str, cells), strict=True))


def _draw() -> Figure:
    made = figure(6.4, 6.8)
    upper, lower = made.subplots(2, 1, sharex=True)
    for name, terms in BOUNDS.items():
        pieces = phase_diagram(terms).pieces
        _line(upper, name, pieces, [piece.rate for piece in pieces])
        _line(lower, name, pieces, [piece.stopping for piece in pieces])
        _intervals(lower, name, pieces)
        for piece in pieces[1:]:
            for axes in (upper, lower):
                axes.axvline(float(piece.lower), color="0.6", linewidth=0.8, linestyle=":")
            side = _LABELS[name][1]
            upper.annotate(
                f"α = {piece.lower}",
                (float(piece.lower), 0.02),
                xycoords=("data", "axes fraction"),
                xytext=(3 if side == "left" else -3, 0),
                textcoords="offset points",
                ha=side,
                fontsize=8,
            )
    upper.set_ylabel("rate exponent  (bound $= n^{\\mathrm{rate}}$)")
    lower.set_ylabel("stopping exponent  ($\\tau = n^{\\mathrm{stopping}}$)")
    lower.set_xlabel("α   (width $m = n^\\alpha$)")
    upper.set_title("Theorem 1 at its best stopping time")
    for axes in (upper, lower):
        axes.set_xlim(0, float(WIDEST))
        axes.grid(visible=True, alpha=0.25)
        axes.legend(frameon=False, loc="upper right" if axes is upper else "lower right")
    return made


def _line(axes: Axes, name: str, pieces: tuple[Piece, ...], exprs: list[sp.Expr]) -> None:
    """One continuous polyline through the pieces, with each piece's formula beside it."""
    points: list[tuple[float, float]] = []
    for piece, expr in zip(pieces, exprs, strict=True):
        ends = piece.lower, min(piece.upper, WIDEST)
        points += [(float(end), float(expr.subs(alpha, end))) for end in ends]
        place = ends[0] + _LABELS[name][0] * (ends[1] - ends[0])
        rising = bool(sp.diff(expr, alpha) > 0)
        axes.annotate(
            _formula(expr),
            (float(place), float(expr.subs(alpha, place))),
            textcoords="offset points",
            xytext=(7, -14 if rising else 7),
            fontsize=10,
            color=_STYLES[name]["color"],
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
        )
    axes.plot(*zip(*points, strict=True), linewidth=2, label=name, **_STYLES[name])


def _intervals(axes: Axes, name: str, pieces: tuple[Piece, ...]) -> None:
    """Hatch the range of stopping exponents that are equally good."""
    for piece in pieces:
        if piece.interval is None:
            continue
        ends = [piece.lower, min(piece.upper, WIDEST)]
        low, high = ([float(expr.subs(alpha, end)) for end in ends] for expr in piece.interval)
        axes.fill_between(
            list(map(float, ends)),
            low,
            high,
            facecolor="none",
            hatch="///",
            linewidth=0,
            edgecolor=_STYLES[name]["color"],
            label=f"{name}: equally good times",
        )


def _formula(expr: sp.Expr) -> str:
    return f"${sp.latex(sp.factor(expr), fold_short_frac=True)}$"
