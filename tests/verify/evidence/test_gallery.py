"""Lemmas of the literature are accepted, and their false variants, wrong by little or in a corner, are all refuted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import sympy as sp
from flint import arb

from theory.quantifiers import ForAll
from theory.statement import Claim, Hypothesis, Inequality, Source
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.confrontation import Experiment, relation_sides
from verify.evidence.domain import Array, Domain, Integer, Real
from verify.evidence.search import Search
from verify.evidence.smt import Smt, applies
from verify.evidence.verdict import Verdict

R = sp.Rational
a, b, c, d, p, q = sp.symbols("a b c d p q", positive=True)
s, x, y, T, eps, h = sp.symbols("s x y T epsilon h", positive=True)
lam, mean, u, v = sp.symbols("lambda mean u v", real=True)
k, n, size = sp.symbols("k n m", integer=True, positive=True)
PROB = sp.Symbol("P", nonnegative=True)
VALUE = sp.Symbol("E", nonnegative=True)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A true inequality over fields, and right sides that make it false somewhere."""

    name: str
    left: sp.Expr
    right: sp.Expr
    wrong: Mapping[str, sp.Expr]
    fields: Mapping[sp.Symbol, Any]
    given: tuple[tuple[sp.Expr, sp.Expr], ...] = ()
    measure: Mapping[sp.Symbol, Callable[[dict[str, Any]], arb]] = field(default_factory=dict)
    arrays: Mapping[str, Any] = field(default_factory=dict)

    def claim(self, right: sp.Expr) -> Claim:
        """The statement with a right side."""
        return Claim(
            id="GALLERY:case",
            sentence=self.name,
            source=Source(paper="gallery", place=self.name),
            quantifier=ForAll(),
            relation=Inequality(lhs={"left": self.left}, rhs={"right": right}),
            hypotheses=tuple(
                Hypothesis(name=f"{small} <= {large}", statement="given", lesser=small, greater=large)
                for small, large in self.given
            ),
        )

    @property
    def experiment(self) -> Experiment:
        """Balls for the symbols: the fields themselves, and what is measured from them."""
        names = {str(symbol): symbol for symbol in self.fields}

        def values(instance: dict[str, Any]) -> dict[sp.Symbol, Any]:
            own = {symbol: instance[name] for name, symbol in names.items()}
            return own | {symbol: function(instance) for symbol, function in self.measure.items()}

        def met(instance: Mapping[str, Any]) -> bool:
            given = {symbol: R(instance[name]) for name, symbol in names.items()}
            return all(bool(small.subs(given) <= large.subs(given)) for small, large in self.given)

        fields = {name: self.fields[symbol] for name, symbol in names.items()} | dict(self.arrays)
        return Experiment(
            name="gallery",
            domain=Domain(fields=fields, **({"require": met} if self.given else {})),
            sides=lambda claim: relation_sides(claim, values),
            closed_form=not self.measure,
        )


def _kl(one: sp.Expr, two: sp.Expr) -> sp.Expr:
    return one * sp.log(one / two) + (1 - one) * sp.log((1 - one) / (1 - two))


def _binomial_tail(i: dict[str, Any]) -> arb:
    """P(Bin(n, p) >= k), summed."""
    prob, count = arb(i["p"]), i["n"]
    terms = (arb(count).bin(j) * prob**j * (1 - prob) ** (count - j) for j in range(min(i["k"], count), count + 1))
    return sum(terms, start=arb(0))


def _chi_square_tail(last: str) -> Callable[[dict[str, Any]], arb]:
    def tail(i: dict[str, Any]) -> arb:
        degrees, level = arb(i["k"]), arb(i["x"])
        far = degrees + 2 * (degrees * level).sqrt() + arb(last) * level
        return (far / 2).gamma_upper(degrees / 2, 1)

    return tail


def _mean_square(i: dict[str, Any]) -> arb:
    return sum((arb(z) ** 2 for z in i["z"]), start=arb(0))


_UNIT = Real(low=1e-6, high=1 - 1e-6)
_LINE = Real(low=-10, high=10)
_POSITIVE = Real(low=1e-3, high=1e3)
_gauss_kl = (mean**2 + s**2 - 1 - 2 * sp.log(s)) / 2
_fisher = mean**2 + s**2 - 2 + s**-2
_mgf = p * sp.exp(lam * (1 - p)) + (1 - p) * sp.exp(-lam * p)
_tail = sp.erfc(x / sp.sqrt(2)) / 2
_density = sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)
_sampled = sp.erf(a * sp.exp(-2 * T) / (2 * sp.sqrt(2)))
_effective = a / (a + s) + b / (b + s) + c / (c + s)

CASES = (
    Case(
        name="Pinsker's inequality for unit Gaussians",
        left=2 * sp.erf(a / (2 * sp.sqrt(2))) ** 2,
        right=a**2 / 2,
        wrong={"constant 0.636": R(636, 1000) * a**2 / 2, "constant 0.6366": R(6366, 10000) * a**2 / 2},
        fields={a: Real(low=1e-9, high=50)},
    ),
    Case(
        name="Pinsker's inequality for Bernoulli laws",
        left=2 * (p - q) ** 2,
        right=_kl(p, q),
        wrong={"0.9999 KL": R(9999, 10000) * _kl(p, q), "KL with q and p": _kl(q, p) * R(9999, 10000)},
        fields={p: _UNIT, q: _UNIT},
    ),
    Case(
        name="Pinsker's inequality on top of a value that varies",
        left=1 + q + 2 * (p - q) ** 2,
        right=1 + q + _kl(p, q),
        wrong={"0.999 KL": 1 + q + R(999, 1000) * _kl(p, q)},
        fields={p: _UNIT, q: _UNIT},
    ),
    Case(
        name="Hoeffding's lemma",
        left=_mgf,
        right=sp.exp(lam**2 / 8),
        wrong={
            "8.1": sp.exp(lam**2 / R(81, 10)),
            "8.01": sp.exp(lam**2 / R(801, 100)),
            "8.001": sp.exp(lam**2 / R(8001, 1000)),
        },
        fields={lam: Real(low=-50, high=50), p: Real(low=0, high=1)},
    ),
    Case(
        name="Hoeffding's lemma on an interval",
        left=p * sp.exp(lam * s * (1 - p)) + (1 - p) * sp.exp(-lam * s * p),
        right=sp.exp(lam**2 * s**2 / 8),
        wrong={"8.01": sp.exp(lam**2 * s**2 / R(801, 100))},
        fields={lam: Real(low=-20, high=20), p: Real(low=0, high=1), s: Real(low=1e-2, high=10, log=True)},
    ),
    Case(
        name="Mills' ratio from above",
        left=_tail,
        right=_density / x,
        wrong={"0.99": R(99, 100) * _density / x, "0.999": R(999, 1000) * _density / x},
        fields={x: Real(low=1e-3, high=40)},
    ),
    Case(
        name="Mills' ratio from below",
        left=_density * x / (1 + x**2),
        right=_tail,
        wrong={"0.99": R(99, 100) * _tail, "0.9999": R(9999, 10000) * _tail},
        fields={x: Real(low=1e-3, high=40)},
    ),
    Case(
        name="Talagrand's T2 for Gaussians",
        left=mean**2 + (s - 1) ** 2,
        right=2 * _gauss_kl,
        wrong={"1.9999": R(19999, 10000) * _gauss_kl, "1.999999": R(1999999, 1000000) * _gauss_kl},
        fields={mean: _LINE, s: Real(low=1e-3, high=1e3, log=True)},
    ),
    Case(
        name="The logarithmic Sobolev inequality for Gaussians",
        left=_gauss_kl,
        right=_fisher / 2,
        wrong={"0.4999": R(4999, 10000) * _fisher, "0.499999": R(499999, 1000000) * _fisher},
        fields={mean: _LINE, s: Real(low=1e-3, high=1e3, log=True)},
    ),
    Case(
        name="Sampling error of a diffusion model, Gaussian data",
        left=_sampled,
        right=a / sp.sqrt(2) * sp.exp(-T) + eps * sp.sqrt(T),
        wrong={"0.398": R(398, 1000) * a * sp.exp(-2 * T) + eps * sp.sqrt(T)},
        fields={a: Real(low=1e-4, high=100), T: Real(low=1e-3, high=20), eps: Real(low=0, high=1)},
    ),
    Case(
        name="Convergence in KL, Gaussian data",
        left=a**2 * sp.exp(-4 * T) / 2 + eps**2 * T,
        right=a**2 * sp.exp(-2 * T) / 2 + eps**2 * T,
        wrong={"0.499": R(499, 1000) * a**2 * sp.exp(-2 * T) + eps**2 * T},
        fields={a: Real(low=1e-3, high=100), T: Real(low=1e-6, high=20), eps: Real(low=0, high=1)},
    ),
    Case(
        name="Hoeffding's mean, exact binomial",
        left=PROB,
        right=sp.exp(-2 * n * (k / n - p) ** 2),
        wrong={"2.46": sp.exp(-R(246, 100) * n * (k / n - p) ** 2), "2.5": sp.exp(-R(5, 2) * n * (k / n - p) ** 2)},
        fields={n: Integer(low=1, high=60), k: Integer(low=1, high=60), p: Real(low=1e-6, high=1)},
        given=((k, n), (p, k / n)),
        measure={PROB: _binomial_tail},
    ),
    Case(
        name="Laurent–Massart, upper tail",
        left=PROB,
        right=sp.exp(-x),
        wrong={"0.95": R(5, 100) * sp.exp(-x), "1.05 x": sp.exp(-R(105, 100) * x)},
        fields={k: Integer(low=1, high=1000), x: Real(low=1e-3, high=1000)},
        measure={PROB: _chi_square_tail("2")},
    ),
    Case(
        name="Effective dimension",
        left=_effective,
        right=(a + b + c) / s,
        wrong={"0.999": R(999, 1000) * (a + b + c) / s},
        fields={a: _POSITIVE, b: _POSITIVE, c: _POSITIVE, s: _POSITIVE},
    ),
    Case(
        name="Effective dimension against the rank",
        left=_effective,
        right=sp.Integer(3),
        wrong={"2.999": R(2999, 1000)},
        fields={a: _POSITIVE, b: _POSITIVE, c: _POSITIVE, s: _POSITIVE},
    ),
    Case(
        name="Euler–Maruyama is of order h",
        left=sp.exp(-n * h) - (1 - h) ** n,
        right=h / 5,
        wrong={"0.19": R(19, 100) * h, "0.192": R(192, 1000) * h},
        fields={n: Integer(low=1, high=10**4), h: Real(low=1e-6, high=0.1)},
    ),
    Case(
        name="x <= x² for x >= 1",
        left=x,
        right=x**2,
        wrong={"0.999": R(999, 1000) * x**2, "0.99999": R(99999, 100000) * x**2},
        fields={x: Real(low=0, high=1e3)},
        given=((sp.Integer(1), x),),
    ),
    Case(
        name="A slope that leads to n = 777",
        left=-((n - 777) ** 2),
        right=sp.Integer(1),
        wrong={"only at 777": -R(1, 2)},
        fields={n: Integer(low=1, high=10**4)},
    ),
    Case(
        name="A slope to n = 777 in a million",
        left=-((n - 777) ** 2),
        right=sp.Integer(1),
        wrong={"only at 777": -R(1, 2)},
        fields={n: Integer(low=1, high=10**6)},
    ),
    Case(
        name="A needle at n = 777",
        left=sp.Max(0, 1 - (n - 777) ** 2),
        right=sp.Integer(1),
        wrong={"only at 777": R(1, 2)},
        fields={n: Integer(low=1, high=10**4)},
    ),
    Case(
        name="A needle at n = 777777 in a million",
        left=sp.Max(0, 1 - (n - 777777) ** 2),
        right=sp.Integer(1),
        wrong={"only at 777777": R(1, 2)},
        fields={n: Integer(low=1, high=10**6)},
    ),
    Case(
        name="A slope in n and x",
        left=4 * x * (1 - x) - R(1, 10000) * (n - 777) ** 2,
        right=sp.Integer(1),
        wrong={"a little": 1 - R(1, 10**6)},
        fields={n: Integer(low=1, high=10**4), x: Real(low=0, high=1)},
    ),
    Case(
        name="Two hills",
        left=sp.Max(R(999, 1000) - ((u - 2) ** 2 + v**2) / 100, R(9999, 10000) - 3 * ((u - 7) ** 2 + (v + 4) ** 2)),
        right=sp.Integer(1),
        wrong={"0.9995": R(9995, 10000)},
        fields={u: _LINE, v: _LINE},
    ),
    Case(
        name="A curved valley",
        left=-100 * (v - u**2) ** 2 - (1 - u) ** 2,
        right=sp.Integer(0),
        wrong={"a millionth": -R(1, 10**6)},
        fields={u: _LINE, v: _LINE},
    ),
    Case(
        name="Arithmetic and geometric mean",
        left=(a * b * c * d) ** R(1, 4),
        right=(a + b + c + d) / 4,
        wrong={"0.9999": R(9999, 10000) * (a + b + c + d) / 4},
        fields={a: _POSITIVE, b: _POSITIVE, c: _POSITIVE, d: _POSITIVE},
    ),
    Case(
        name="Cauchy–Schwarz",
        left=(a * p + b * q + c * s) ** 2,
        right=(a**2 + b**2 + c**2) * (p**2 + q**2 + s**2),
        wrong={"0.9999": R(9999, 10000) * (a**2 + b**2 + c**2) * (p**2 + q**2 + s**2)},
        fields={a: _POSITIVE, b: _POSITIVE, c: _POSITIVE, p: _POSITIVE, q: _POSITIVE, s: _POSITIVE},
    ),
    Case(
        name="1 + x <= e^x",
        left=1 + u,
        right=sp.exp(u),
        wrong={"0.9999": sp.exp(R(9999, 10000) * u)},
        fields={u: Real(low=-1, high=100)},
    ),
    Case(
        name="cosh x <= exp(x²/2)",
        left=sp.cosh(u),
        right=sp.exp(u**2 / 2),
        wrong={"2.0002": sp.exp(u**2 / R(20002, 10000))},
        fields={u: Real(low=-30, high=30)},
    ),
    Case(
        name="x − x³/6 <= sin x",
        left=x - x**3 / 6,
        right=sp.sin(x),
        wrong={"6.001": sp.sin(x) - x**3 / 6 + x**3 / R(6001, 1000)},
        fields={x: Real(low=0, high=100)},
    ),
    Case(
        name="log(1 + x) <= x − x²/2 + x³/3",
        left=sp.log(1 + x),
        right=x - x**2 / 2 + x**3 / 3,
        wrong={"3.001": x - x**2 / 2 + x**3 / R(3001, 1000)},
        fields={x: Real(low=0, high=100)},
    ),
    Case(
        name="A norm of many numbers",
        left=VALUE,
        right=sp.Integer(6),
        wrong={"5.999": R(5999, 1000)},
        fields={},
        measure={VALUE: _mean_square},
        arrays={"z": Array(shape=(6,), element=Real(low=-1, high=1))},
    ),
)


QUICK = BUDGETS["quick"]
FALSE = [(case, name) for case in CASES for name in case.wrong]


def label(part):
    return part.name if isinstance(part, Case) else str(part)


@pytest.mark.parametrize("case", CASES, ids=label)
def test_a_true_lemma_is_accepted(case):
    evidence = Search(experiment=case.experiment).run(case.claim(case.right), Context(budget=QUICK, seed=1))
    assert evidence.verdict is Verdict.SEARCHED
    assert evidence.worst_ratio <= 1
    assert evidence.nearest.ratio == evidence.worst_ratio
    assert case.experiment.domain.accepts(evidence.nearest.instance)


@pytest.mark.parametrize(("case", "name"), FALSE, ids=label)
@pytest.mark.parametrize("seed", range(2))
def test_a_false_variant_is_refuted_whatever_the_seed(case, name, seed):
    context = Context(budget=QUICK, seed=seed, first_refutation=True)
    claim, trial = case.claim(case.wrong[name]), case.experiment
    evidence = Search(experiment=trial).run(claim, context)
    assert evidence.verdict is Verdict.REFUTED
    evaluate = trial.sides(claim)
    assert all(trial.outcome(claim, evaluate, item.instance).violated for item in (evidence.smallest, evidence.worst))
    assert len(str(evidence.smallest.instance)) <= len(str(evidence.worst.instance))


# An exact side route -------------------------------------------------------------------------------------------------

DECIDED = (
    "Talagrand's T2 for Gaussians",
    "The logarithmic Sobolev inequality for Gaussians",
    "Effective dimension against the rank",
    "x <= x² for x >= 1",
    "A slope to n = 777 in a million",
    "A needle at n = 777",
    "A slope in n and x",
    "Two hills",
    "A curved valley",
    "Cauchy–Schwarz",
    "1 + x <= e^x",
)


@pytest.mark.parametrize("name", DECIDED)
def test_a_solver_decides_polynomials_and_some_logarithms(name):
    case = next(case for case in CASES if case.name == name)
    context = Context(budget=QUICK)
    found = Smt(experiment=case.experiment).run(case.claim(case.right), context)
    assert found.verdict is Verdict.CERTIFIED
    assert "z3" in found.rests_on[0]
    for wrong in case.wrong.values():
        claim = case.claim(wrong)
        refuted = Smt(experiment=case.experiment).run(claim, context)
        assert refuted.verdict is Verdict.REFUTED
        assert case.experiment.outcome(claim, case.experiment.sides(claim), refuted.smallest.instance).violated


def test_the_solver_finds_the_tiny_witness_that_a_reader_would():
    case = next(case for case in CASES if case.name.startswith("Talagrand"))
    found = Smt(experiment=case.experiment).run(case.claim(case.wrong["1.999999"]), Context(budget=QUICK))
    assert found.smallest.instance == {"mean": 1.0, "s": 1.0}


@pytest.mark.parametrize("case", [case for case in CASES if case.measure], ids=label)
def test_what_is_measured_is_no_question_for_the_solver(case):
    assert not applies(case.claim(case.right), case.experiment.domain)
