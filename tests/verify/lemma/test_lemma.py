"""A lemma of one's own: the methods are chosen by what is given, true ones are accepted and wrong variants refuted."""

import pickle

import numpy as np
import pytest
import sympy as sp
from flint import arb
from hypothesis import HealthCheck, given, settings
from scipy.stats import binom

import verify
from theory.quantifiers import ForAll, InExpectation, WithProbability
from theory.statement import Source
from verify.evidence.verdict import MutantOutcome, Verdict

x = sp.Symbol("x", real=True)
p, q = sp.symbols("p q", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
delta = sp.Symbol("delta", positive=True)
D = sp.Symbol("D", nonnegative=True)
X = sp.Symbol("X", positive=True)

KL = p * sp.log(p / q) + (1 - p) * sp.log((1 - p) / (1 - q))
HOEFFDING = sp.sqrt(sp.log(2 / delta) / (2 * n))
OVER = {n: (1, 1000), p: ("0.05", "0.95"), delta: ("0.01", "0.5")}


def exceeded(bound, n, p):
    """P(|S/n − p| > bound) for a binomial S, in floats."""
    level = float(bound.mid())
    return binom.sf(np.floor(n * (p + level) + 1e-9), n, p) + binom.cdf(np.ceil(n * (p - level) - 1e-9) - 1, n, p)


def deviations(rng, size, n, p):
    """Draws of |S/n − p|."""
    return np.abs(rng.binomial(n, p, size) / n - p)


def methods(lemma):
    return [method.method for method in lemma.plan.methods]


def outcomes(result):
    return {mutant.name: mutant.outcome for mutant in result.mutants}


@pytest.fixture(scope="module")
def square():
    return verify.lemma(
        "The square is larger beyond 1.", x, x**2, over={x: (0, 5)}, given=x >= 1, wrong={"half": x**2 / 2}
    )


# For all -------------------------------------------------------------------------------------------------------------


def test_a_lemma_in_two_variables_is_searched_and_its_wrong_variant_refuted():
    lemma = verify.lemma(
        "Pinsker's inequality for two Bernoulli laws.",
        2 * (p - q) ** 2,
        KL,
        over={p: ("0.01", "0.99"), q: ("0.01", "0.99")},
        given=p < q,
        wrong={"one-per-cent": sp.Rational(99, 100) * KL},
    )
    result = lemma.check()
    assert methods(lemma) == ["search", "smt"]  # z3 is among what the tests install
    assert result.verdict is Verdict.SEARCHED
    assert outcomes(result) == {"one-per-cent": MutantOutcome.KILLED}
    assert result.faults == ()


def test_a_lemma_in_one_real_variable_is_certified_where_its_condition_holds(square):
    result = square.check()
    assert result.verdict is Verdict.CERTIFIED
    assert "x in [1, 5]" in result.evidence[1].summary
    assert outcomes(result) == {"half": MutantOutcome.KILLED}


def test_without_its_condition_the_lemma_is_refuted_by_a_small_witness():
    result = verify.lemma("The square is larger.", x, x**2, over={x: (0, 5)}).check()
    assert result.verdict is Verdict.REFUTED
    assert dict(result.smallest.instance) == {"x": 0.5}
    assert result.remarks == ("no wrong variant was tried",)


def test_a_half_line_is_certified_and_searched_as_far_as_floats_go():
    lemma = verify.lemma("Below the logarithm.", x - x**2 / 2, sp.log(1 + x), over={x: (0, sp.oo)})
    result = lemma.check()
    assert result.verdict is Verdict.CERTIFIED
    assert "x in [0, ∞)" in result.evidence[1].summary
    assert "[0, ∞)" in str(lemma.claim.quantifier)


def test_a_certificate_finds_the_rational_point_where_the_two_sides_meet():
    third = sp.Rational(1, 3)
    lemma = verify.lemma("A tangent.", 2 * third * x - third**2, x**2, over={x: (-2, 2)})
    assert lemma.check().verdict is Verdict.CERTIFIED


def test_what_has_no_certificate_is_no_fault():
    lemma = verify.lemma("Entropy is concave.", -x * sp.log(x), sp.Integer(1), over={x: (0, 1)})
    result = lemma.check()
    assert result.evidence[1].summary.startswith("no certificate")
    assert not any("failed" in fault for fault in result.faults)


def test_a_small_finite_range_is_enumerated():
    lemma = verify.lemma("Squares of integers.", n, n**2, over={n: (1, 50)}, wrong={"less": n**2 - 1})
    result = lemma.check()
    assert methods(lemma) == ["search", "exhaustive"]
    assert result.verdict is Verdict.EXHAUSTIVE
    assert outcomes(result) == {"less": MutantOutcome.KILLED}


def test_what_has_no_closed_form_is_measured_by_a_function_of_names_numbers_and_arrays():
    def norm(law, k, w):
        assert law in ("plus", "minus")
        assert isinstance(k, int)
        assert w.shape == (k,)
        return float(np.linalg.norm(w)) if law == "plus" else arb(0)

    fields = {
        "law": ("plus", "minus"),
        "k": verify.Integer(low=1, high=3),
        "w": verify.Array(shape=("k",), element=verify.Real(low=-1, high=1)),
    }
    result = verify.lemma(
        "A norm in a cube.", D, sp.sqrt(3), over=fields, measure={D: norm}, wrong={"one": sp.Integer(1)}
    ).check()
    assert result.verdict is Verdict.SEARCHED
    assert outcomes(result) == {"one": MutantOutcome.KILLED}


def test_a_float_is_trusted_to_twelve_digits_so_that_its_rounding_refutes_nothing():
    lemma = verify.lemma(
        "An identity in floats.", D, sp.log(1 + x), over={x: (1, 5)}, measure={D: lambda x: float(np.log1p(x))}
    )
    result = lemma.check()
    assert result.verdict is Verdict.SEARCHED
    assert lemma.attack(sp.log(1 + x) * (1 - sp.Rational(1, 10**9))).verdict is Verdict.REFUTED


def test_sides_may_have_named_terms():
    lemma = verify.lemma("A sum.", {"first": x, "second": x**2}, {"bound": 2 * x**2}, over={x: (1, 5)})
    assert list(lemma.claim.terms) == ["first", "second", "bound"]
    assert lemma.check().verdict is Verdict.CERTIFIED


# With probability, in expectation ------------------------------------------------------------------------------------


def test_an_exact_probability_is_compared_with_delta():
    lemma = verify.lemma(
        "Hoeffding's inequality.",
        D,
        HOEFFDING,
        over=OVER,
        with_probability=1 - delta,
        violation=exceeded,
        wrong={"half": HOEFFDING / 2},
    )
    result = lemma.check()
    assert isinstance(lemma.claim.quantifier, WithProbability)
    assert result.verdict is Verdict.SEARCHED
    assert outcomes(result) == {"half": MutantOutcome.KILLED}


def test_a_tail_in_closed_form_is_an_expression_in_the_left_sides_symbol():
    lemma = verify.lemma(
        "An exponential tail.",
        X,
        sp.log(2 / delta),
        over={delta: ("0.001", 1)},
        with_probability=1 - delta,
        violation=sp.exp(-X),
        wrong={"one-per-cent": sp.Rational(99, 100) * sp.log(1 / delta)},
    )
    result = lemma.check()
    assert methods(lemma) == ["search", "certified"]
    assert result.verdict is Verdict.CERTIFIED
    assert outcomes(result) == {"one-per-cent": MutantOutcome.KILLED}


def test_a_sample_alone_is_tested_where_it_is_most_suspect():
    lemma = verify.lemma(
        "Hoeffding's inequality.",
        D,
        HOEFFDING,
        over=OVER,
        with_probability=1 - delta,
        sample=deviations,
        wrong={"half": HOEFFDING / 2},
    )
    result = lemma.check()
    assert methods(lemma) == ["statistical"]
    assert result.verdict is Verdict.SUPPORTED
    assert "4 instances" in result.evidence[0].summary
    assert outcomes(result) == {"half": MutantOutcome.KILLED}


def test_a_sample_may_draw_both_sides():
    def means(rng, size, n):
        values = rng.random((size, n))
        return {"D": np.abs(values.mean(axis=1) - 0.5), "V": values.var(axis=1, ddof=1)}

    V = sp.Symbol("V", nonnegative=True)
    bound = sp.sqrt(2 * V * sp.log(4 / delta) / n) + 7 * sp.log(4 / delta) / (3 * (n - 1))
    result = verify.lemma(
        "Empirical Bernstein.",
        D,
        bound,
        over={n: (2, 100), delta: ("0.05", "0.5")},
        with_probability=1 - delta,
        sample=means,
        wrong={"variance-alone": sp.sqrt(V / n) / 2},
    ).check()
    assert result.verdict is Verdict.SUPPORTED
    assert outcomes(result) == {"variance-alone": MutantOutcome.KILLED}


def test_truth_values_of_a_sample_see_another_right_side_by_its_bound():
    def violated(rng, size, bound, n, p):
        return deviations(rng, size, n, p) > bound

    lemma = verify.lemma("By truth values.", D, HOEFFDING, over=OVER, with_probability=1 - delta, sample=violated)
    assert lemma.check().verdict is Verdict.SUPPORTED
    assert lemma.attack(HOEFFDING / 2).verdict is Verdict.REFUTED


def test_an_exact_expectation_is_compared_with_the_right_side():
    lemma = verify.lemma(
        "The mean of an exponential.", X, 2 / p, over={p: (1, 10)}, expectation=1 / p, wrong={"half": 1 / (2 * p)}
    )
    result = lemma.check()
    assert isinstance(lemma.claim.quantifier, InExpectation)
    assert result.verdict is Verdict.CERTIFIED
    assert outcomes(result) == {"half": MutantOutcome.KILLED}


def test_an_expectation_in_a_stated_range_is_tested_by_bets():
    result = verify.lemma(
        "The maximum of n uniform variables.",
        X,
        n / (n + sp.Rational(1, 2)),
        over={n: (1, 20)},
        expectation=(0, 1),
        sample=lambda rng, size, n: rng.random((size, n)).max(axis=1),
        wrong={"half": sp.Rational(1, 2)},
    ).check()
    assert result.verdict is Verdict.SUPPORTED
    assert outcomes(result) == {"half": MutantOutcome.KILLED}


# Cross-checks --------------------------------------------------------------------------------------------------------


def test_a_sample_that_agrees_with_the_exact_probability_lets_it_speak():
    result = verify.lemma(
        "Both.", D, HOEFFDING, over=OVER, with_probability=1 - delta, violation=exceeded, sample=deviations
    ).check()
    assert result.evidence[0].method == "cross-check"
    assert result.evidence[0].verdict is Verdict.SUPPORTED
    assert not result.evidence[0].speaks_for_claim
    assert result.verdict is Verdict.SEARCHED


@pytest.mark.parametrize(
    "arguments",
    [
        {
            "left": D,
            "right": HOEFFDING,
            "over": OVER,
            "with_probability": 1 - delta,
            "violation": lambda bound, n, p: exceeded(bound, n, p) / 2,
            "sample": deviations,
        },
        {
            "left": X,
            "right": 2 / p,
            "over": {p: (1, 10)},
            "expectation": 1 / p,
            "sample": lambda rng, size, p: rng.exponential(1.1 / p, size),
        },
        {
            "left": X,
            "right": 2 / p,
            "over": {p: (1, 10)},
            "measure": {X: lambda p: 1 / p},
            "sample": lambda rng, size, p: rng.exponential(1.1 / p, size),
        },
    ],
    ids=["violation", "expectation", "measure"],
)
def test_nothing_speaks_for_a_lemma_whose_sample_contradicts_its_exact_numbers(arguments):
    result = verify.lemma("Inconsistent.", **arguments).check()
    assert result.verdict is Verdict.UNDECIDED
    assert any("one of the two is wrong" in fault for fault in result.faults)


# The object ----------------------------------------------------------------------------------------------------------


def test_an_attack_tells_how_large_a_right_side_must_be_and_its_witness_replays(square):
    assert square.attack(x**2 + 1).verdict is Verdict.CERTIFIED
    result = square.attack(x**2 - sp.Rational(1, 100))
    assert result.verdict is Verdict.REFUTED
    again = square.replay(result.token, right=x**2 - sp.Rational(1, 100))
    assert (again.left, again.right) == (result.smallest.left, result.smallest.right)
    assert again.ratio > 1
    with pytest.raises(ValueError, match="give the right side that was attacked"):
        square.replay(result.token)


def test_a_refutation_of_the_lemma_replays():
    lemma = verify.lemma("False.", x, x**2, over={x: (0, 5)})
    result = lemma.check()
    assert result.replay_line.startswith(".replay(")
    assert lemma.replay(result.token).ratio == result.smallest.ratio
    with pytest.raises(ValueError, match=r"FILE\.py:NAME"):
        verify.replay(result.token)
    other = verify.lemma("Another one.", x, x**2, over={x: (0, 5)})
    with pytest.raises(ValueError, match="replay it on the lemma"):
        other.replay(result.token)


def test_a_sampled_refutation_replays_on_fresh_samples():
    lemma = verify.lemma("Too small.", D, HOEFFDING / 2, over=OVER, with_probability=1 - delta, sample=deviations)
    result = lemma.check()
    assert result.verdict is Verdict.REFUTED
    assert lemma.replay(result.token).ratio > 1


def test_the_strategy_draws_instances_that_meet_the_hypotheses(square):
    @settings(max_examples=30, database=None, suppress_health_check=list(HealthCheck))
    @given(square.strategy())
    def draw(instance):
        assert 1 <= instance["x"] <= 5

    draw()


def test_a_lemma_is_shown_in_a_notebook_as_its_claim_is(square):
    for kind in ("latex", "html", "markdown"):
        assert getattr(square, f"_repr_{kind}_")() == getattr(square.claim, f"_repr_{kind}_")()
    assert "where 1 &lt;= x (given-1)" in square._repr_html_()


def test_assert_holds_gives_the_witness(square):
    assert square.assert_holds().verdict is Verdict.CERTIFIED
    with pytest.raises(AssertionError, match=r"MY:false is REFUTED.*witness \{'x': 0.5\}.*replay"):
        verify.lemma("False.", x, x**2, over={x: (0, 5)}).assert_holds()


def test_a_lemma_is_audited_beside_claims(square):
    report = verify.audit(["L7:mode", square])
    assert list(report.results) == ["L7:mode", square.claim.id]
    assert report[square.claim.id].verdict is Verdict.CERTIFIED
    assert verify.audit(square)[square.claim.id].verdict is Verdict.CERTIFIED
    with pytest.raises(KeyError, match="the nearest are"):
        report["MY:the-square"]
    with pytest.raises(ValueError, match="two statements called"):
        verify.audit([square, square])


def test_a_lemmas_right_side_is_a_bound():
    lemma = verify.lemma("Hoeffding.", D, HOEFFDING, over=OVER, with_probability=1 - delta, sample=deviations)
    found = verify.bound(lemma, {"n": 100, "delta": "1/20"})
    assert found.total == pytest.approx(np.sqrt(np.log(40) / 200), rel=1e-12)


def test_the_same_seed_gives_the_same_evidence(square):
    first, second = (square.check(seed=3).to_dict() for _ in range(2))
    for result in (first, second):
        result.pop("seconds")
        for item in (*result["evidence"], *result["mutants"]):
            item.pop("seconds", None)
    assert first == second


def test_a_lemma_of_plain_functions_travels_to_another_process():
    lemma = verify.lemma("Hoeffding.", D, HOEFFDING, over=OVER, with_probability=1 - delta, sample=deviations)
    again = pickle.loads(pickle.dumps(lemma))
    assert again.claim == lemma.claim
    assert repr(again) == "<MY:hoeffding: Hoeffding.>"


def test_the_latex_says_how_the_lemma_is_meant():
    over = {n: (1, 9), delta: ("0.1", 1)}
    sample = lambda rng, size, n: rng.random(size)  # noqa: E731
    probable = verify.lemma("P.", D, delta / n, over=over, with_probability=1 - delta, sample=sample)
    assert probable.latex() == r"\mathbb{P}\left[D \le \frac{\delta}{n}\right] \ge 1 - \delta"
    mean = verify.lemma("E.", X, n, over={n: (1, 9)}, expectation=sp.Integer(1))
    assert mean.latex() == r"\mathbb{E}\left[X\right] \le n"
    constant = verify.lemma("≲.", X, n, over={n: (1, 999)}, expectation=sp.Integer(1), up_to_constant=())
    assert constant.latex() == r"\mathbb{E}\left[X\right] \lesssim n"


def test_ids_and_sources_are_made_or_given():
    plain = verify.lemma("Łukasz’ lemma: it holds, for every x ∈ ℝ.", x - 1, x, over={x: (0, 1)})
    assert plain.claim.id == "MY:ukasz-lemma-it-holds-for-every"
    assert str(plain.claim.quantifier) == str(ForAll(over="x in [0, 1]"))
    assert verify.lemma("∀", x - 1, x, over={x: (0, 1)}).claim.id.startswith("MY:lemma-")
    named = verify.lemma("Named.", x - 1, x, over={x: (0, 1)}, id="MINE:first", source="Vershynin 2018, Theorem 2.6.2")
    assert (named.claim.id, named.claim.source) == ("MINE:first", Source(paper="Vershynin 2018", place="Theorem 2.6.2"))


@pytest.mark.parametrize(
    ("left", "verdict"),
    [(sp.log(1 + n), Verdict.REFUTED), (1 - 1 / n, Verdict.SEARCHED), (n / (n + 1), Verdict.SEARCHED)],
)
def test_a_constant_that_grows_is_refuted_where_it_grows_without_end(left, verdict):
    result = verify.lemma("Bounded.", left, 1, over={}, up_to_constant=(), along={n: (1, 10**12)}).check()
    assert result.verdict is verdict


def test_a_constant_does_not_diverge_where_its_range_does_not_lead():
    """log(1 + h)/h tends to 0 at infinity, where a step h that begins near 0 and ends at 1 never goes."""
    h = sp.Symbol("h", positive=True)
    lemma = verify.lemma("A step.", h, sp.log(1 + h), over={}, up_to_constant=(), along={h: ("0.000001", 1)})
    assert lemma.check().verdict is Verdict.SEARCHED


def test_conditions_that_tie_symbols_together_are_not_broken_by_a_limit():
    d = sp.Symbol("d", integer=True, positive=True)
    lemma = verify.lemma(
        "Tied.", n, d, over={d: (1, 10**6)}, given=n <= 2 * d, up_to_constant=(), along={n: (1, 10**6)}
    )
    assert lemma.check().verdict is not Verdict.REFUTED
