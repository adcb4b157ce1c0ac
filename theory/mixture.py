"""Gaussian mixtures as data distributions: diffused marginal, density, score, Fisher information, linear regimes.

The marginal of a linear SDE started from ``Σ w_k N(m_k, s_k² I_d)`` is ``Σ w_k N(r m_k, (r² s_k² + (rv)²) I_d)``, so
that its density and its score are closed forms (LLZB, arXiv:2311.01797, sections 3.2 and 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any, Literal, final

import sympy as sp

from theory.exact import Exact, decide_zero, exact, nonnegative
from theory.kernel import coordinates
from theory.sde import AbstractLinearSDE
from theory.symbols import t, x, x0

Side = Literal["left", "right"]


@dataclass(frozen=True, kw_only=True)
class LinearRegime:
    """The asymptote ``slope · x + intercept`` of a 1-d score at −∞ or +∞, and the index of the winning component."""

    slope: sp.Expr
    intercept: sp.Expr
    component: int

    @property
    def score(self) -> sp.Expr:
        """The asymptote as an expression in x."""
        return self.slope * x + self.intercept


@dataclass(frozen=True, kw_only=True)
class LinearRegimes:
    """The asymptotes of a 1-d score: ``left`` at −∞, ``right`` at +∞."""

    left: LinearRegime
    right: LinearRegime


Change = Callable[[sp.Expr], sp.Expr]


@final
@dataclass(frozen=True)
class GaussianMixture:
    """The mixture ``Σ_k w_k N(m_k, s_k² I_d)`` of isotropic Gaussians, exact numbers or expressions.

    weights: (K,), nonnegative, sum 1. means: (K,) numbers (d = 1) or (K,) rows of length d; rows of length 1 are
    flattened. variances: (K,), the VARIANCES s_k² >= 0; 0 is a point mass, which has no density until diffused. All
    are stored as tuples of exact SymPy expressions. Symbols are allowed: what is decidable is checked. Raises
    ValueError for numbers that do not make a mixture and for shapes that do not match, TypeError for floats.
    """

    weights: tuple[sp.Expr, ...]
    means: tuple[Any, ...]
    variances: tuple[sp.Expr, ...]

    def __post_init__(self) -> None:
        weights = tuple(
            nonnegative(f"weights[{k}]", _entry(f"weights[{k}]", w))
            for k, w in enumerate(_items("weights", self.weights))
        )
        variances = tuple(
            nonnegative(f"variances[{k}]", _entry(f"variances[{k}]", v))
            for k, v in enumerate(_items("variances", self.variances))
        )
        means = _mean_rows(_items("means", self.means))
        if not weights:
            raise ValueError("weights must have at least one component; got an empty sequence; pass e.g. (1,)")
        for name, values in (("means", means), ("variances", variances)):
            if len(values) != len(weights):
                raise ValueError(
                    f"{name} must have one entry per component; got {len(values)} for {len(weights)} "
                    f"weights; pass {len(weights)} {name}"
                )
        total = sp.Add(*weights)
        excess = sp.simplify(total - 1)
        if not excess.free_symbols and decide_zero(excess) is False:  # with symbols left, 1 is attainable: undecided
            raise ValueError(
                f"weights must sum to 1; got {total} ({len(weights)} components); divide them by their sum"
            )
        for key, value in (("weights", weights), ("means", means), ("variances", variances)):
            object.__setattr__(self, key, value)

    @classmethod
    def two_modes(cls, mu: Exact, right_weight: Exact = sp.S.Half) -> GaussianMixture:
        """Return ``q1 N(−μ, 1) + q2 N(μ, 1)`` with ``q2 = right_weight`` (LLZB section 3.2).

        Raises ValueError for a decidably negative mu or a right_weight decidably outside [0, 1].
        """
        half_distance = nonnegative("mu", _entry("mu", mu))
        right = nonnegative("right_weight", _entry("right_weight", right_weight))
        if (1 - right).is_negative:
            raise ValueError(f"right_weight must be <= 1; got {right}; pass the weight of the mode at +mu")
        return cls((1 - right, right), (-half_distance, half_distance), (1, 1))  # pyright: ignore[reportArgumentType]

    @property
    def dim(self) -> int:
        """The dimension d."""
        return len(self.means[0]) if isinstance(self.means[0], tuple) else 1

    @property
    def coordinates(self) -> tuple[sp.Symbol, ...]:
        """The coordinates of the density: ``(x,)`` for d = 1, else ``x_1, …, x_d``."""
        return coordinates(self.dim)

    # Diffusion -------------------------------------------------------------------------------------------------------
    def diffused(self, sde: AbstractLinearSDE) -> GaussianMixture:
        """Return the marginal p_t: means ``r m_k``, variances ``r² s_k² + (rv)²``, in the symbol t.

        Raises ValueError when the mixture depends on t already, TypeError unless ``sde`` is an SDE.
        """
        if not isinstance(sde, AbstractLinearSDE):
            raise TypeError(f"sde must be an SDE of theory.sde; got {sde!r}; pass e.g. OrnsteinUhlenbeck()")
        if any(t in value.free_symbols for value in self._values()):
            raise ValueError(f"mixture must not depend on t; got {self}; fix its time with .at(time) first")
        r, added = sde.mean_scale, sde.variance
        return self._mapped(lambda w: w, lambda m: r * m, lambda v: r**2 * v + added)

    def at(self, time: Exact) -> GaussianMixture:
        """Return the mixture with t replaced by an exact time >= 0 (ValueError when negative)."""
        moment = nonnegative("time", exact("time", time))
        return self._mapped(*(lambda e: e.subs(t, moment),) * 3)

    def _mapped(self, weight: Change, mean: Change, variance: Change) -> GaussianMixture:
        rows = tuple(tuple(map(mean, row)) if isinstance(row, tuple) else mean(row) for row in self.means)
        return GaussianMixture(tuple(map(weight, self.weights)), rows, tuple(map(variance, self.variances)))

    def _values(self) -> tuple[sp.Expr, ...]:
        return self.weights + self.variances + tuple(entry for row in self._rows() for entry in row)

    def _rows(self) -> tuple[tuple[sp.Expr, ...], ...]:
        return tuple(row if isinstance(row, tuple) else (row,) for row in self.means)

    # Density and score -----------------------------------------------------------------------------------------------
    @property
    def pdf(self) -> sp.Expr:
        """``p(x) = Σ w_k (2πs_k²)^{−d/2} exp(−|x − m_k|²/(2s_k²))``; ValueError for a mixture with a point mass."""
        self._require_density()
        return sp.Add(
            *(
                w * (2 * sp.pi * v) ** sp.Rational(-self.dim, 2) * sp.exp(-q / (2 * v))
                for w, v, q in zip(self.weights, self.variances, self._squares(), strict=True)
            )
        )

    @property
    def log_pdf(self) -> sp.Expr:
        """The logarithm of `pdf`, split into a sum for a single component."""
        if len(self.weights) > 1:
            return sp.log(self.pdf)
        self._require_density()
        v = self.variances[0]
        return -self._squares()[0] / (2 * v) - sp.Integer(self.dim) / 2 * sp.log(2 * sp.pi * v)

    @property
    def responsibilities(self) -> tuple[sp.Expr, ...]:
        """``γ_k(x) = w_k N_k(x)/p(x)``, the posterior weights, as ``1/(1 + Σ_{j≠k} (w_j N_j)/(w_k N_k))``.

        Ratios of exponentials: the quadratic terms cancel where variances are equal, and nothing underflows to 0/0.
        """
        self._require_density()
        active = [k for k, w in enumerate(self.weights) if not w.is_zero]
        squares, half = self._squares(), sp.Rational(self.dim, 2)

        def ratio(j: int, k: int) -> sp.Expr:
            vj, vk = self.variances[j], self.variances[k]
            exponent = sp.expand(squares[k] / (2 * vk)) - sp.expand(squares[j] / (2 * vj))
            # two powers, not one of the quotient: SymPy cannot know that diffused variances are positive
            return self.weights[j] / self.weights[k] * vk**half * vj**-half * sp.exp(sp.collect(exponent, x))

        return tuple(
            1 / (1 + sp.Add(*(ratio(j, k) for j in active if j != k))) if k in active else sp.S.Zero
            for k in range(len(self.weights))
        )

    @property
    def score(self) -> sp.Expr | tuple[sp.Expr, ...]:
        """``∇ log p(x) = Σ_k γ_k(x) (m_k − x)/s_k²``: an expression for d = 1, a tuple of d of them beyond."""
        gammas = self.responsibilities
        parts = tuple(
            sp.Add(*(g * (row[i] - c) / v for g, row, v in zip(gammas, self._rows(), self.variances, strict=True)))
            for i, c in enumerate(self.coordinates)
        )
        return parts[0] if self.dim == 1 else parts

    @property
    def fisher_integrand(self) -> sp.Expr:
        """``|∇ log p|² p``, whose integral over R^d is the Fisher information J(p)."""
        score = self.score if isinstance(self.score, tuple) else (self.score,)
        return sp.Add(*(part**2 for part in score)) * self.pdf

    @property
    def mean(self) -> sp.Expr | tuple[sp.Expr, ...]:
        """``E x = Σ w_k m_k``: an expression for d = 1, a tuple beyond."""
        parts = tuple(
            sp.Add(*(w * row[i] for w, row in zip(self.weights, self._rows(), strict=True))) for i in range(self.dim)
        )
        return parts[0] if self.dim == 1 else parts

    @property
    def second_moment(self) -> sp.Expr:
        """``E|x|² = Σ w_k (|m_k|² + d s_k²)``."""
        return sp.Add(
            *(
                w * (sp.Add(*(entry**2 for entry in row)) + self.dim * v)
                for w, row, v in zip(self.weights, self._rows(), self.variances, strict=True)
            )
        )

    def _squares(self) -> tuple[sp.Expr, ...]:
        return tuple(
            sp.Add(*((c - entry) ** 2 for c, entry in zip(self.coordinates, row, strict=True))) for row in self._rows()
        )

    def _require_density(self) -> None:
        for k, v in enumerate(self.variances):
            if v.is_zero:
                raise ValueError(
                    f"variances[{k}] must be > 0 for a density; got 0, a point mass; "
                    "diffuse the mixture first: mixture.diffused(sde)"
                )

    # Tails (d = 1) ---------------------------------------------------------------------------------------------------
    @property
    def linear_regimes(self) -> LinearRegimes:
        """The asymptotes of the 1-d score at ±∞: ``−(x − m_k)/s_k²`` of the component that wins there.

        The largest variance wins; among equals the smallest mean at −∞, the largest at +∞. A weight is taken to be
        positive unless it is decidably 0. For `two_modes` they are ``−x ∓ μ``. Raises ValueError when d > 1 and when
        the winner is not decidable.
        """
        return LinearRegimes(left=self._regime("left"), right=self._regime("right"))

    def _regime(self, side: Side) -> LinearRegime:
        self._require_line("linear_regimes")
        self._require_density()
        winner: int | None = None
        for k, weight in enumerate(self.weights):
            if not weight.is_zero and (winner is None or self._beats(k, winner, side)):
                winner = k
        assert winner is not None  # weights sum to 1
        v = self.variances[winner]
        return LinearRegime(slope=-1 / v, intercept=self.means[winner] / v, component=winner)

    def _beats(self, k: int, other: int, side: Side) -> bool:
        wider = sp.simplify(self.variances[k] - self.variances[other])
        if wider.is_zero:
            further = self.means[k] - self.means[other] if side == "right" else self.means[other] - self.means[k]
            wider = sp.simplify(further)
            name = "means"
        else:
            name = "variances"
        # exp of a real number is positive, but SymPy does not know that an unevaluated ∫f is real
        sign = sp.Mul(*(factor for factor in sp.Mul.make_args(wider) if not isinstance(factor, sp.exp)))
        if sign.is_nonpositive:
            return False
        if sign.is_nonnegative:
            return True
        raise ValueError(
            f"{name} must be decidably ordered; got components {other} and {k}, difference {wider}; "
            "give the symbols a sign (positive=True) or substitute numbers"
        )

    def regime_error(self, side: Side) -> sp.Expr:
        """Return ``|score − regime|`` exactly, for two components of one variance s² in 1-d, all x.

        With ``Δ = m_+ − m_-`` the distance, c the midpoint of the means and w_± the weights, on the right side
        ``(Δ/s²) γ_-(x) = (Δ/s²) / (1 + (w_+/w_-) e^{Δ(x − c)/s²})`` and on the left ``(Δ/s²) γ_+(x)``.
        Raises ValueError for other mixtures or another side.
        """
        if side not in ("left", "right"):
            raise ValueError(f"side must be 'left' or 'right'; got {side!r}; pass one of the two")
        low, high = self._pair("regime_error")
        lost = high if side == "left" else low
        return (self.means[high] - self.means[low]) / self.variances[low] * self.responsibilities[lost]

    @property
    def regime_error_bound(self) -> sp.Expr:
        """``2h/s² / (1 + e^{2h|x − c|/s²})``: the distance of the score from the regime of x's own side of c.

        For two components of equal weights and one variance s² in 1-d, means c ± h. It is an equality, not only a
        bound: for ``two_modes(μ)``, ``|s0(x) − (−x ± μ)| = μ (1 − tanh μ|x|) = 2μ/(1 + e^{2μ|x|})``. Raises ValueError
        for other mixtures (`regime_error` has the unequal weights).
        """
        low, high = self._pair("regime_error_bound")
        if decide_zero(self.weights[low] - self.weights[high]) is not True:
            raise ValueError(
                f"weights must be equal for regime_error_bound; got {self.weights}; use regime_error(side)"
            )
        rate = (self.means[high] - self.means[low]) / self.variances[low]
        centre = (self.means[high] + self.means[low]) / 2
        return rate / (1 + sp.exp(rate * sp.Abs(x - centre)))

    def _pair(self, what: str) -> tuple[int, int]:
        """The components with the smaller and the larger mean of a two-component mixture of one variance."""
        self._require_line(what)
        self._require_density()
        if len(self.weights) != 2 or decide_zero(self.variances[0] - self.variances[1]) is not True:
            raise ValueError(
                f"{what} needs two components of equal variances; got variances {self.variances}; "
                "use linear_regimes and score for other mixtures"
            )
        return (0, 1) if self._beats(1, 0, "right") else (1, 0)

    def _require_line(self, what: str) -> None:
        if self.dim != 1:
            raise ValueError(f"{what} needs dimension 1; got means of dimension {self.dim}; pass numbers as means")


def _items(name: str, values: object) -> tuple[object, ...]:
    if isinstance(values, (str, bytes, Set, Mapping, sp.Expr)) or not isinstance(values, Iterable):
        raise TypeError(
            f"{name} must be a sequence; got {values!r} of type {type(values).__name__}; "
            "pass a tuple with one entry per component"
        )
    return tuple(values)


def _entry(name: str, value: object) -> sp.Expr:
    expression = exact(name, value)
    taken = [symbol for symbol in expression.free_symbols if symbol in (x, x0)]
    if taken:
        raise ValueError(f"{name} must not depend on {taken[0]}; got {expression}; x is where the density is evaluated")
    return expression


def _mean_rows(items: tuple[object, ...]) -> tuple[sp.Expr | tuple[sp.Expr, ...], ...]:
    rows: list[sp.Expr | tuple[sp.Expr, ...]] = []
    for k, item in enumerate(items):
        if isinstance(item, (str, sp.Expr)) or not isinstance(item, Iterable):
            rows.append(_entry(f"means[{k}]", item))
        else:
            rows.append(tuple(_entry(f"means[{k}][{i}]", e) for i, e in enumerate(_items(f"means[{k}]", item))))
    lengths = {len(row) if isinstance(row, tuple) else 0 for row in rows}
    if len(lengths) > 1 or (rows and rows[0] == ()):
        raise ValueError(
            f"means must be all numbers or all rows of one length d >= 1; got {tuple(rows)}; "
            "pass (K,) numbers for d = 1 or (K,) tuples of length d"
        )
    return tuple(row[0] for row in rows) if lengths == {1} else tuple(rows)
