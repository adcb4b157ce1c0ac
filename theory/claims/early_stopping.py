"""Early stopping, [16] of LLZB: when to stop, and how good the bound is then, with every constant."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Inequality, Mutant, Source, UpToConstant
from theory.symbols import C, K, a1, a3, a4, b1, m, n, tau

_PRINTED = Source(paper="LLZB", place="abstract and early stopping after Theorem 1", equation="16")
_REPAIR = Source(paper="scoregap", place="early stopping with constants, after LLZB, Theorem 1")
_SIZES = ForAll(over="numbers of samples n and features m")
_ALL = ForAll(over="coefficients a₄, a₃, a₁ > 0, numbers of samples n and features m, and training times τ > 0")
_R = sp.Rational


def _smaller(*parts: sp.Expr) -> sp.Expr:
    return sp.Min(*parts, evaluate=False)  # SymPy would try for long to decide which of them it is


def _larger(*parts: sp.Expr) -> sp.Expr:
    return sp.Max(*parts, evaluate=False)


SAMPLING_TIME = (a1 * m * n / (4 * a4)) ** _R(1, 5)
"""The minimiser of ``a₄τ⁴/(mn) + a₁/τ``."""
FEATURES_TIME = (a1 * m**2 / (3 * a3)) ** _R(1, 4)
"""The minimiser of ``a₃τ³/m² + a₁/τ``."""
STOPPING_TIME = _smaller(SAMPLING_TIME, FEATURES_TIME)
"""The earlier of the two: of the order min((mn)^{1/5}, m^{1/2})."""
REPAIRED_TIME = sp.sqrt(a1 * n / b1)
"""The minimiser of ``a₁/τ + b₁τ/n``."""

_BALANCED = _smaller((m * n) ** _R(1, 5), sp.sqrt(m))
_MINIMA = (_R(5, 4) * a1 / SAMPLING_TIME, _R(4, 3) * a1 / FEATURES_TIME)
_UNIT = {a1: 1, a3: 1, a4: 1}


def total(time: sp.Expr, name: str = "", *, coefficients: tuple[sp.Expr, ...] = (a4, a3, a1)) -> dict[str, sp.Expr]:
    """The three terms of the printed bound that depend on the time; ``name`` is added to their names."""
    sampling, features, training = coefficients
    return {
        f"sampling{name}": sampling * time**4 / (m * n),
        f"features{name}": features * time**3 / m**2,
        f"training{name}": training / time,
    }


def _printed(time: sp.Expr) -> dict[str, sp.Expr]:
    return total(time, coefficients=(sp.S.One,) * 3) | {"width": 1 / m}


def _repaired(time: sp.Expr) -> dict[str, sp.Expr]:
    """The orders of the repaired bound's terms when the comparator's loss is of the order 1/m."""
    return {
        "training": 1 / time,
        "sampling": time / n,
        "noise": 1 / sp.sqrt(n),
        "square": time**2 / n ** _R(3, 2),
        "comparator": time**2 / (m * n),
        "both": time**3 / (m * n ** _R(3, 2)),
        "width": 1 / m,
    }


def _rate(samples: sp.Expr, features: sp.Expr) -> dict[str, sp.Expr]:
    return {"samples": K * samples, "features' rate": K * features}


def _hidden(value: sp.Expr, meaning: str) -> dict[str, Constant]:
    return {"K": Constant(symbol=K, value=value, hidden=True, meaning=meaning)}


def _sharp(value: sp.Expr, meaning: str) -> dict[str, Constant]:
    return {"C": Constant(symbol=C, value=value, meaning=meaning)}


_N, _M = n ** _R(-2, 5), m ** _R(-4, 5)

CLAIMS = (
    Claim(
        id="EARLY-STOP:printed",
        sentence="Stopped at τ = n^{2/5} the printed bound is at most a multiple of n^{−2/5} + m^{−4/5}.",
        source=_PRINTED,
        quantifier=UpToConstant(inner=_SIZES),
        relation=Inequality(lhs=_printed(n ** _R(2, 5)), rhs=_rate(_N, _M)),
        constants=_hidden(_R(2), "the constant that ≲ hides"),
        note="False for fewer features than samples: at m fixed the left side grows like n^{6/5}. True for m >= n, "
        "EARLY-STOP:printed-wide; EARLY-STOP:printed-any tells that for m < n no other time helps.",
        mutants=(
            Mutant(
                name="root-m",
                description="m^{−2/5} in place of m^{−4/5}, still off",
                regime="m = 1, n large",
                rhs=_rate(_N, m ** _R(-2, 5)),
            ),
            Mutant(name="later", description="stopped at τ = n^{1/2}", regime="m = n large", lhs=_printed(sp.sqrt(n))),
            Mutant(
                name="earlier", description="stopped at τ = n^{1/3}", regime="m = n large", lhs=_printed(n ** _R(1, 3))
            ),
        ),
    ),
    Claim(
        id="EARLY-STOP:printed-any",
        sentence="For all n and m some stopping time makes the printed bound at most a multiple of "
        "n^{−2/5} + m^{−4/5}.",
        source=_PRINTED,
        quantifier=UpToConstant(inner=_SIZES),
        relation=Inequality(lhs={"least": _larger(*(part.subs(_UNIT) for part in _MINIMA))}, rhs=_rate(_N, _M)),
        constants=_hidden(_R(2), "the constant that ≲ hides"),
        note="The left side is at most the printed bound at every τ > 0, by EARLY-STOP:lower with all coefficients 1. "
        "At n = m² it is of the order m^{−1/2}, the right side m^{−4/5}.",
        mutants=(
            Mutant(
                name="one-time",
                description="stopped at τ = n^{2/5}",
                regime="m = 1, n large",
                lhs=_printed(n ** _R(2, 5)),
            ),
            Mutant(
                name="faster-in-m", description="1/m in place of m^{−4/5}", regime="n = m² large", rhs=_rate(_N, 1 / m)
            ),
            Mutant(
                name="samples-only",
                description="the features' rate is lost",
                regime="n = m² large",
                rhs={"samples": K * _N},
            ),
        ),
    ),
    Claim(
        id="EARLY-STOP:printed-wide",
        sentence="With at least as many features as samples, stopped at τ = n^{2/5}, the printed bound is at most a "
        "multiple of n^{−2/5} + m^{−4/5}.",
        source=_PRINTED,
        quantifier=UpToConstant(inner=_SIZES),
        hypotheses=(Hypothesis(name="wide", statement="m >= n", lesser=n, greater=m),),
        relation=Inequality(lhs=_printed(n ** _R(2, 5)), rhs=_rate(_N, _M)),
        constants=_hidden(_R(2), "the smallest constant: attained at n = m = 1"),
        note="At m = n: τ⁴/(mn) = 1/τ = n^{−2/5} and τ³/m² = m^{−4/5}. For m = n^α, α > 1, a later time is better: "
        "τ = n^{(1+α)/5} gives n^{−(1+α)/5}.",
        mutants=(
            Mutant(name="later", description="stopped at τ = n^{1/2}", regime="m = n large", lhs=_printed(sp.sqrt(n))),
            Mutant(
                name="half-root-m",
                description="the rate n^{−1/2} in the samples",
                regime="m = n large",
                rhs=_rate(1 / sp.sqrt(n), _M),
            ),
            Mutant(
                name="features-only",
                description="the samples' rate is lost",
                regime="m large, n = 1",
                rhs={"features' rate": K * _M},
            ),
            Mutant(
                name="training-lost",
                description="rates n^{−1} and m^{−4/5}",
                regime="m = n large",
                rhs=_rate(1 / n, _M),
            ),
        ),
    ),
    Claim(
        id="EARLY-STOP:balanced",
        sentence="Stopped at τ = min((mn)^{1/5}, m^{1/2}) the bound is at most a multiple of (a₄ + a₃ + a₁) "
        "max((mn)^{−1/5}, m^{−1/2}).",
        source=_REPAIR,
        quantifier=UpToConstant(inner=ForAll(over="coefficients, numbers of samples n and features m")),
        relation=Inequality(lhs=total(_BALANCED), rhs={"rate": K * (a4 + a3 + a1) / _BALANCED}),
        constants=_hidden(sp.S.One, "the smallest constant: attained at n = m = 1"),
        note="The printed times and rates for every m and n; this time needs no coefficient. The rate is the "
        "reciprocal of the time; at m = n it is n^{−2/5}.",
        mutants=(
            Mutant(
                name="later",
                description="the later of the two times",
                regime="m much above or below n^{2/3}",
                lhs=total(_larger((m * n) ** _R(1, 5), sp.sqrt(m))),
            ),
            Mutant(
                name="features-forgotten",
                description="τ = (mn)^{1/5} for every m",
                regime="m below n^{2/3}",
                lhs=total((m * n) ** _R(1, 5)),
            ),
            Mutant(
                name="faster",
                description="the rate max((mn)^{−1/4}, m^{−1/2})",
                regime="m above n^{2/3}",
                rhs={"rate": K * (a4 + a3 + a1) / _smaller((m * n) ** _R(1, 4), sp.sqrt(m))},
            ),
            Mutant(
                name="coefficient-lost",
                description="a₄ + a₁ in place of a₄ + a₃ + a₁",
                regime="a₃ large",
                rhs={"rate": K * (a4 + a1) / _BALANCED},
            ),
        ),
    ),
    Claim(
        id="EARLY-STOP:lower",
        sentence="No training time makes a₄τ⁴/(mn) + a₃τ³/m² + a₁/τ smaller than the larger of its two-term minima.",
        source=_REPAIR,
        quantifier=_ALL,
        relation=Inequality(lhs={"least": _larger(*_MINIMA)}, rhs=total(tau)),
        note="With τ₁ = (a₁mn/(4a₄))^{1/5} and τ₂ = (a₁m²/(3a₃))^{1/4} the left side is max(5a₁/(4τ₁), 4a₁/(3τ₂)), "
        "which is 5(a₄/(mn))^{1/5}(a₁/4)^{4/5} or 4(a₃/m²)^{1/4}(a₁/3)^{3/4}. Either is attained as the other "
        "coefficient tends to 0; with both the left side is too small by a factor of at most 1.1695 (at τ₂ = 16τ₁/15).",
        mutants=(
            Mutant(
                name="sum",
                description="the sum of the two minima in place of the larger",
                regime="τ₁ = τ₂",
                lhs={"least": sp.Add(*_MINIMA)},
            ),
            Mutant(
                name="larger-factor",
                description="4/3 in place of 5/4",
                regime="a₃ small",
                lhs={"least": _R(4, 3) * a1 / STOPPING_TIME},
            ),
            Mutant(
                name="sixth-root",
                description="(mn)^{−1/6} in place of (mn)^{−1/5}",
                regime="mn large",
                lhs={"least": _larger(_R(5, 4) * a1 / (a1 * m * n / (4 * a4)) ** _R(1, 6), _MINIMA[1])},
            ),
            Mutant(
                name="training-halved",
                description="a₁/(2τ) in place of a₁/τ",
                regime="everywhere near τ₁",
                rhs=total(tau) | {"training": a1 / (2 * tau)},
            ),
        ),
    ),
    Claim(
        id="EARLY-STOP:upper",
        sentence="At τ* = min(τ₁, τ₂) the sum a₄τ⁴/(mn) + a₃τ³/m² + a₁/τ is at most (19/12) a₁/τ*.",
        source=_REPAIR,
        quantifier=ForAll(over="coefficients a₄, a₃, a₁ > 0, numbers of samples n and features m"),
        relation=Inequality(lhs=total(STOPPING_TIME), rhs={"rate": C * a1 / STOPPING_TIME}),
        constants=_sharp(_R(19, 12), "1/4 + 1/3 + 1: attained where τ₁ = τ₂"),
        note="τ₁ = (a₁mn/(4a₄))^{1/5}, τ₂ = (a₁m²/(3a₃))^{1/4}. With EARLY-STOP:lower, the least value lies between "
        "(5/4) a₁/τ* and (19/12) a₁/τ*: stopping time and rate are known up to the factor 19/15.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 1.583 in place of 19/12 = 1.58333…",
                regime="τ₁ = τ₂",
                constants={"C": _R(1583, 1000)},
            ),
            Mutant(
                name="later",
                description="max(τ₁, τ₂) in place of the minimum",
                regime="τ₁ far from τ₂",
                lhs=total(_larger(SAMPLING_TIME, FEATURES_TIME)),
            ),
            Mutant(
                name="factor-in-time",
                description="τ₁ without its factor 4",
                regime="τ₁ < τ₂",
                lhs=total(_smaller((a1 * m * n / a4) ** _R(1, 5), FEATURES_TIME)),
            ),
            Mutant(name="features-forgotten", description="τ₁ for every m", regime="τ₂ < τ₁", lhs=total(SAMPLING_TIME)),
        ),
    ),
    Claim(
        id="EARLY-STOP:near-optimal",
        sentence="Stopping at τ* = min(τ₁, τ₂) costs at most 4.751% over the best training time.",
        source=_REPAIR,
        quantifier=_ALL,
        relation=Inequality(
            lhs=total(STOPPING_TIME, " at τ*"), rhs={name: C * expr for name, expr in total(tau).items()}
        ),
        constants=_sharp(
            _R(104751, 100000),
            "the smallest constant, 1.0475091…, rounded up: attained at τ₁ = τ₂, τ = xτ*, x⁵ + x⁴ = 1",
        ),
        note="The gap is linear in a₄ and a₃: its sign is decided at the three corners a₃ → 0, a₄ → 0 and τ₁ = τ₂.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 1.0475 in place of 1.0475091…",
                regime="τ₁ = τ₂, τ = 0.8567τ*",
                constants={"C": _R(10475, 10000)},
            ),
            Mutant(
                name="balanced",
                description="min((mn)^{1/5}, m^{1/2}): the coefficients are ignored",
                regime="a₄ or a₃ far from a₁",
                lhs=total(_BALANCED, " at τ*"),
            ),
            Mutant(
                name="features-forgotten",
                description="τ₁ for every m",
                regime="τ₂ < τ₁",
                lhs=total(SAMPLING_TIME, " at τ*"),
            ),
            Mutant(
                name="twice",
                description="2τ* in place of τ*",
                regime="everywhere",
                lhs=total(2 * STOPPING_TIME, " at τ*"),
            ),
        ),
    ),
    Claim(
        id="EARLY-STOP:repaired",
        sentence="a₁/τ + b₁τ/n is at least 2√(a₁b₁/n) at every training time, and equal to it at τ = √(a₁n/b₁).",
        source=Source(paper="scoregap", place="early stopping of the repaired Theorem 1"),
        quantifier=ForAll(over="coefficients a₁, b₁ > 0, numbers of samples n and training times τ > 0"),
        relation=Inequality(
            lhs={"least": C * sp.sqrt(a1 * b1 / n)}, rhs={"training": a1 / tau, "sampling": b1 * tau / n}
        ),
        constants=_sharp(_R(2), "attained at τ = √(a₁n/b₁)"),
        note="The rate n^{−1/2} against the printed n^{−2/5}.",
        mutants=(
            Mutant(
                name="constant-above",
                description="C = 2.000001",
                regime="τ = √(a₁n/b₁)",
                constants={"C": 2 + _R(1, 10**6)},
            ),
            Mutant(
                name="printed-rate",
                description="n^{−2/5} in place of n^{−1/2}",
                regime="n large",
                lhs={"least": C * sp.sqrt(a1 * b1) * n ** _R(-2, 5)},
            ),
            Mutant(
                name="lost-root",
                description="a₁b₁ in place of its root",
                regime="a₁b₁ > 1",
                lhs={"least": C * a1 * b1 / sp.sqrt(n)},
            ),
            Mutant(
                name="quadratic",
                description="b₁τ²/n² in place of b₁τ/n",
                regime="τ small against n",
                rhs={"training": a1 / tau, "sampling": b1 * tau**2 / n**2},
            ),
        ),
    ),
    Claim(
        id="EARLY-STOP:repaired-rate",
        sentence="Stopped at τ = √n the repaired bound's terms are at most a multiple of n^{−1/2} + m^{−1}, for all n "
        "and m.",
        source=Source(paper="scoregap", place="early stopping of the repaired Theorem 1"),
        quantifier=UpToConstant(inner=_SIZES),
        relation=Inequality(lhs=_repaired(sp.sqrt(n)), rhs=_rate(1 / sp.sqrt(n), 1 / m)),
        constants=_hidden(_R(4), "the smallest constant: needed as m → ∞"),
        note="1/τ, τ/n, n^{−1/2} and τ²n^{−3/2} from the estimation, τ²/(mn) and τ³m^{−1}n^{−3/2} from the flow's "
        "norm, which grows with a comparator's loss of the order 1/m; no relation between m and n is needed.",
        mutants=(
            Mutant(
                name="printed-time",
                description="stopped at τ = n^{2/5}",
                regime="n large, m larger",
                lhs=_repaired(n ** _R(2, 5)),
            ),
            Mutant(
                name="later",
                description="stopped at τ = n^{3/5}",
                regime="n large, m larger",
                lhs=_repaired(n ** _R(3, 5)),
            ),
            Mutant(
                name="faster",
                description="1/n in place of n^{−1/2}",
                regime="n large, m larger",
                rhs=_rate(1 / n, 1 / m),
            ),
            Mutant(
                name="width-squared",
                description="m^{−2} in place of m^{−1}",
                regime="m large, n larger",
                rhs=_rate(1 / sp.sqrt(n), 1 / m**2),
            ),
        ),
    ),
)

FAMILY = Family(key="EARLY-STOP", subject="when to stop, and the rate then", claims=CLAIMS)
