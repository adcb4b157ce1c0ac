import copy
import math
import pickle
import re

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from sympy.core.function import AppliedUndef
from sympy.printing.pretty.pretty_symbology import pretty_symbol

from tests.for_every import for_every
from theory import claims, symbols
from theory.claims import UnknownClaimError
from theory.normal import BivariateNormalCDF
from theory.statement import (
    Claim,
    Constant,
    ForAll,
    Hypothesis,
    Identity,
    Inequality,
    InExpectation,
    Mutant,
    Source,
    Terms,
    UpToConstant,
    WithProbability,
)
from theory.symbols import K, d, delta, mu, r, x

CLAIMS = list(claims.values())
every_claim = for_every("claim", CLAIMS, lambda claim: claim.id)
every_mutant = for_every(
    "pair",
    [(claim, mutant) for claim in CLAIMS for mutant in claim.mutants],
    lambda pair: f"{pair[0].id}~{pair[1].name}",
)
EPS = np.finfo(float).eps


def toy(**changes):
    return Claim(
        **{
            "id": "X:toy",
            "sentence": "mu <= r.",
            "source": Source(paper="LLZB", place="here"),
            "quantifier": ForAll(),
            "relation": Inequality(lhs={"left": mu}, rhs={"right": r}),
            **changes,
        }
    )


def numeric(claim):
    """Whether the claim has numbers: no unknown functions."""
    return not any(expr.atoms(AppliedUndef) for expr in claim.terms.values())


# Evaluation ----------------------------------------------------------------------------------------------------------


def test_values_broadcast_like_arrays():
    out = claims["L1:repaired"].evaluate(r=[[0.5], [1.0], [2.0]], v=[0.0, 1.0], delta=0.1, d=3, x0_norm=1)
    assert out.right.shape == (3, 2)
    assert out.terms["initial"].shape == out.terms["noise"].shape == (3, 2)
    assert out.left is None
    assert (out.ratio, out.slack) == (None, None)
    assert out.outcome == "finite"
    for i, scale in enumerate([0.5, 1.0, 2.0]):
        for j, clock in enumerate([0.0, 1.0]):
            alone = claims["L1:repaired"].evaluate(r=scale, v=clock, delta=0.1, d=3, x0_norm=1)
            assert alone.right.shape == ()
            assert alone.right == out.right[i, j]


def test_a_maximum_broadcasts():
    out = claims["L1:printed"].evaluate(r=[[0.5], [2.0]], v=[0.5, 1.0, 3.0], delta=math.exp(-2), x0_norm=1)
    expected = np.maximum([[0.5], [2.0]], np.array([[0.5], [2.0]]) * [0.5, 1.0, 3.0]) * 3
    np.testing.assert_allclose(out.right, expected, rtol=8 * EPS)


def test_the_left_side_is_evaluated_where_it_is_given():
    values = {"tau": 2.0, "distance_initial": 3.0}
    assert claims["L4:sharp"].evaluate(**values).left is None
    part = claims["L4:sharp"].evaluate(**values, loss_tau=1.5)  # one of the two terms of the left side
    assert part.left is None
    assert part.terms["loss"] == 1.5
    assert "minus comparator" not in part.terms
    whole = claims["L4:sharp"].evaluate(**values, loss_tau=1.5, loss_comparator=0.5)
    assert (whole.left, whole.right, whole.ratio, whole.slack) == (1.0, 1.125, 1.0 / 1.125, 0.125)


def test_missing_symbols_are_listed_with_their_meanings():
    with pytest.raises(ValueError, match="needs values for") as error:
        claims["L1:repaired"].evaluate(r=1)
    for name in ("d", "delta", "v", "x0_norm"):
        assert f"{name} ({symbols.info(name).meaning})" in str(error.value)
    assert "r (mean scale" not in str(error.value)


def test_unknown_names_are_refused_with_those_that_are_known():
    with pytest.raises(ValueError, match=r"no symbol 'D'; it takes d \(dimension of the state space\)"):
        claims["L1:repaired"].evaluate(D=3)


@pytest.mark.parametrize(
    ("name", "value", "domain"),
    [
        ("d", 0, "integers >= 1"),
        ("d", 2.5, "integers >= 1"),
        ("d", math.inf, "integers >= 1"),
        ("delta", 0, "(0, 1]"),
        ("delta", 1.0001, "(0, 1]"),
        ("r", 0, "(0, oo)"),
        ("v", -1e-9, "[0, oo)"),
        ("v", math.inf, "[0, oo)"),
        ("x0_norm", math.nan, "[0, oo)"),
        ("x0_norm", [0, -1], "[0, oo)"),
    ],
)
def test_values_outside_a_domain_are_refused_by_symbol(name, value, domain):
    with pytest.raises(ValueError, match=re.escape(f"{name} ({symbols.info(name).meaning}) must lie in {domain}")):
        claims["L1:repaired"].evaluate(**{name: value})


def test_exact_and_numpy_numbers_are_values():
    numbers = [0.5, sp.Rational(1, 2), np.float32(0.5), np.array(0.5), sp.S.Half]
    assert {float(claims["L7:mode"].evaluate(delta=number).right) for number in numbers} == {math.sqrt(math.log(4))}


def test_hidden_constants_have_a_default_and_can_be_overridden():
    values = {"r": 1, "v": 1, "delta": 0.5, "x0_norm": 1}
    base = claims["L1:printed"].evaluate(**values).right
    changed = claims["L1:printed"].evaluate(**values, K=[1, 2, 5]).right
    np.testing.assert_allclose(changed, base * [1, 2, 5], rtol=4 * EPS)
    assert claims["L1:printed"].constants["K"].hidden


def test_named_constants_can_be_overridden():
    values = {"norm_initial": 0, "loss_initial": 1, "tau": 1}
    assert claims["L5:repaired-scaled"].evaluate(**values, kappa_star=4).right == 2
    changed = claims["L5:repaired-scaled"].with_constant("kappa_star", sp.Integer(9))
    assert changed.evaluate(**values).right == 3
    assert claims["L5:repaired-scaled"].evaluate(**values).right < 1


def test_nan_and_overflow_are_outcomes_of_their_own():
    over = claims["L4:sharp"].evaluate(tau=1e-300, distance_initial=1e300, loss_tau=1, loss_comparator=0)
    assert over.outcome == "overflow"
    lost = claims["SCORE:two-modes"].evaluate(mu=1, q=0.5, x=1e200)  # 0/0 in the density
    assert lost.outcome == "nan"
    assert np.isnan(lost.left)
    both = claims["L4:sharp"].evaluate(tau=[1.0, 1e-300], distance_initial=[1.0, 1e300])
    assert both.outcome == "overflow"
    assert np.isfinite(both.right).tolist() == [True, False]


def test_infinities_that_cancel_are_nan():
    claim = toy(relation=Inequality(lhs={"a": mu**2, "b": -(r**2)}, rhs={"c": x**2}))
    out = claim.evaluate(mu=1e200, r=1e200, x=1e200)
    assert out.outcome == "nan"
    assert np.isnan(out.left)
    assert np.isnan(out.slack)
    assert np.isnan(out.ratio)


def test_checked_hypotheses_are_reported_and_assumed_ones_are_not():
    values = dict.fromkeys(("a_sup", "e_sup", "lambda_mean", "m", "noise_moment", "scale_moment"), 1)
    out = claims["L8:printed"].evaluate(mu=[0.0, 10.0], delta=0.1, **values)
    assert out.hypotheses["far-modes"].tolist() == [False, True]
    assert "two-modes" not in out.hypotheses
    edge = toy(
        hypotheses=(
            Hypothesis(name="strict", statement="mu < r", lesser=mu, greater=r, strict=True),
            Hypothesis(name="weak", statement="mu <= r", lesser=mu, greater=r),
        )
    )
    held = edge.evaluate(mu=1, r=1).hypotheses
    assert (bool(held["strict"]), bool(held["weak"])) == (False, True)


def test_shapes_that_do_not_broadcast_are_refused():
    with pytest.raises(ValueError, match=r"broadcast together; their shapes are r \(2,\), v \(3,\)"):
        claims["L1:repaired"].evaluate(r=[1, 2], v=[1, 2, 3])


@every_claim
def test_a_claim_about_every_sde_says_that_it_has_no_number(claim):
    if not numeric(claim):
        needed = {str(sym): 1 for sym in claim.symbols}
        with pytest.raises(ValueError, match="stated for all functions f and g"):
            claim.evaluate(**needed)


@st.composite
def points(draw, claim):
    """Admissible values of moderate size for the symbols of a claim."""
    out = {}
    for sym in claim.symbols:
        entry = symbols.describe(sym)
        if entry.integer:
            out[str(sym)] = draw(st.integers(1, 50))
        else:
            low, high = max(float(entry.lower), -3.0), min(float(entry.upper), 3.0)
            # 64ths: SymPy factors the rationals under a root
            ends = math.ceil(64 * low) + (low == 0), math.floor(64 * high) - (high == 1)
            out[str(sym)] = draw(st.integers(*ends)) / 64
    return out


def bivariate(expr):
    """Φ₂ at numbers by mpmath's quadrature of Plackett's formula; SymPy knows no value of it."""

    def value(a, b, rho):
        x, y, r = (mpmath.mpf(sp.N(part, 50)) for part in (a, b, rho))
        rest = mpmath.quad(
            lambda q: (
                mpmath.exp(-(x * x - 2 * q * x * y + y * y) / (2 * (1 - q * q)))
                / (2 * mpmath.pi * mpmath.sqrt(1 - q * q))
            ),
            [0, r],
        )
        return sp.Float(mpmath.nstr(mpmath.ncdf(x) * mpmath.ncdf(y) + rest, 45), 45)

    return expr.replace(BivariateNormalCDF, value)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)  # seconds each: by all workers
@settings(max_examples=6, deadline=None, database=None, derandomize=True, phases=[Phase.generate])  # no long shrinking
@given(data=st.data())
def test_evaluation_agrees_with_mpmath(claim, data):
    if not numeric(claim):
        return
    values = data.draw(points(claim))
    out = claim.evaluate(**values)
    assume(out.outcome == "finite")  # whether its hypotheses hold, which for some claims few points fulfil, or not
    constants = {constant.symbol: constant.value for constant in claim.constants.values()}
    by_name = {str(sym): sym for sym in claim.symbols}
    with mpmath.workdps(40):
        exact = {by_name[name]: sp.Rational(value) for name, value in values.items()}
        reference = {
            name: mpmath.mpf(sp.N(bivariate(expr.subs(constants).doit().subs(exact)), 40, maxn=2000))
            for name, expr in claim.terms.items()
        }
        # rounding: each term within some ulps of itself and of what cancels inside it (|values| are at most 50)
        for name, value in reference.items():
            assert abs(mpmath.mpf(float(out.terms[name])) - value) <= 1e4 * EPS * max(1, abs(value)), name
        total = mpmath.fsum(reference[name] for name in claim.relation.rhs)
        assert abs(mpmath.mpf(float(out.right)) - total) <= 1e4 * EPS * max(1, *map(abs, reference.values()))


def test_the_lambert_and_error_function_constants_agree_with_mpmath():
    with mpmath.workdps(40):
        w = mpmath.lambertw(-mpmath.exp(-0.5) / 2, -1).real
        u = -(mpmath.mpf(1) / 2 + w) / 2
        kappa = 16 * u * mpmath.exp(-4 * u)
        growth = claims["L5:sharp"].evaluate(tau=1, loss_initial=1).right
        assert abs(mpmath.mpf(float(growth)) - kappa) < 32 * EPS
        tail = claims["L1:sharp"].evaluate(r=1, v=1, delta=0.1, d=7, x0_norm=0).right
        exact = mpmath.sqrt(2) * mpmath.erfinv((1 - mpmath.mpf(0.1)) ** (mpmath.mpf(1) / 7))
        assert abs(mpmath.mpf(float(tail)) - exact) < 64 * EPS * exact


# Values --------------------------------------------------------------------------------------------------------------


def test_terms_are_read_only():
    terms = Terms({"a": 1, "b": x})
    for change in (
        lambda: terms.__setitem__("a", 2),
        lambda: terms.pop("a"),
        lambda: terms.update(a=2),
        terms.clear,
        lambda: terms.setdefault("c", 1),
        terms.popitem,
        lambda: terms.__delitem__("a"),
        lambda: terms.__ior__({"a": 2}),
    ):
        with pytest.raises(TypeError, match="read-only"):
            change()
    assert dict(terms) == {"a": 1, "b": x}
    assert terms.total() == 1 + x


def test_terms_keep_apart_what_sympy_would_merge():
    terms = Terms({"a": x, "b": x, "c": -2 * x})
    assert len(terms) == 3
    assert terms.total() == 0


@pytest.mark.parametrize(
    "way", [lambda v: pickle.loads(pickle.dumps(v)), copy.copy, copy.deepcopy], ids=["pickle", "copy", "deepcopy"]
)
@every_claim
def test_claims_survive_copies(claim, way):
    again = way(claim)
    assert again == claim
    assert hash(again) == hash(claim)
    assert type(again.relation.lhs) is Terms
    with pytest.raises(TypeError, match="read-only"):
        again.setting["flow"] = "changed"


@every_claim
def test_claims_cannot_be_changed_in_place(claim):
    for values in (claim.constants, claim.setting, claim.relation.lhs, claim.relation.rhs):
        with pytest.raises(TypeError, match="read-only"):
            values["new"] = 1
    with pytest.raises(AttributeError):
        claim.id = "X:new"


def test_messages_carry_the_values_they_refuse():
    with pytest.raises(ValueError, match=r"at_least must be a probability in \[0, 1\]; got 3/2"):
        WithProbability(at_least=sp.Rational(3, 2), over="noise")
    with pytest.raises(ValueError, match=r"low <= high; got \(2, 1\)"):
        InExpectation(range=(sp.Integer(2), sp.Integer(1)), over="noise")
    with pytest.raises(ValueError, match="only one of lesser and greater"):
        Hypothesis(name="h", statement="s", lesser=x)
    with pytest.raises(ValueError, match=r"changes the constants \['C'\], which X:toy does not have"):
        Mutant(name="m", description="d", regime="r", constants={"C": 2}).apply(toy())
    with pytest.raises(ValueError, match="changes nothing of X:toy"):
        Mutant(name="m", description="d", regime="r", rhs={"right": r}).apply(toy())
    with pytest.raises(ValueError, match="paper must not be empty"):
        Source(paper="", place="here")
    with pytest.raises(TypeError, match=r"term 'a' must be exact; got the float 0.5; pass Rational\(1, 2\)"):
        Terms({"a": 0.5})
    with pytest.raises(ValueError, match="value must be positive like its symbol K; got -1"):
        Constant(symbol=K, value=sp.Integer(-1), meaning="a constant")


def test_quantifiers_read_as_sentences():
    assert str(ForAll(over="x")) == "for all x"
    sure = WithProbability(at_least=1 - delta, over="the noise")
    assert str(sure) == "with probability at least 1 - δ over the noise"
    assert str(InExpectation(range=(0, 2), over="the sample")) == (
        "in expectation over the sample, the left side in [0, 2]"
    )
    assert str(UpToConstant(depends_on=("T",))) == ("up to a constant depending on T only, for all admissible values")
    assert str(Source(paper="LLZB", place="Lemma 1", equation="18")) == "LLZB, Lemma 1 [18]"


# Printing ------------------------------------------------------------------------------------------------------------

RAW = [name for name, entry in symbols.REGISTRY.items() if "_" in name and name not in (entry.tex, entry.text)]


@every_claim
def test_latex_has_the_sign_of_the_statement(claim):
    text = claim.latex()
    text = text.replace(r"\sup_{t\le T}", "")  # a name that holds a sign of its own
    up_to = isinstance(claim.quantifier, UpToConstant)
    inner = claim.quantifier.inner if up_to else claim.quantifier
    sign = " = " if isinstance(claim.relation, Identity) else r"\lesssim" if up_to else r"\le "
    assert text.count(sign) == 1
    assert (r"\lesssim" in text) == up_to
    assert (r"\mathbb{P}" in text) == isinstance(inner, WithProbability)
    assert text.startswith(r"\mathbb{E}\left[") == isinstance(inner, InExpectation)
    levels = (r"1 - \delta", r"\frac{1}{2}", r"\frac{9}{10}")  # the ledger's, and the figures' shares of the runs
    assert text.endswith(tuple(rf"\right] \ge {level}" for level in levels)) == isinstance(inner, WithProbability)


@every_claim
def test_latex_is_balanced_and_shows_no_raw_name(claim):
    text = claim.latex()
    braces = re.sub(r"\\[{}]", "", text)
    assert braces.count("{") == braces.count("}")
    assert len(re.findall(r"\\left\b", text)) == len(re.findall(r"\\right\b", text))
    # a \left( of a bracketed term matches within the term: brackets nest
    assert not [name for name in RAW if re.search(rf"(?<![\\a-zA-Z]){name}\b", text)]
    assert "+ -" not in text
    assert "  " not in text


@every_claim
def test_unicode_has_the_sign_and_all_terms(claim):
    text = claim.unicode()
    relaxed = isinstance(claim.quantifier, UpToConstant)
    sign = "=" if isinstance(claim.relation, Identity) else "≲" if relaxed else "≤"
    assert sum(line.count(f" {sign} ") for line in text.split("\n")) == 1
    assert text not in {"True", "False"}
    assert not [name for name in RAW if re.search(rf"\b{name}\b", text)]
    hidden = {constant.symbol for constant in claim.constants.values() if constant.hidden}
    assert not relaxed or not re.search(r"\bK\b", text)
    for sym in claim.relation.free_symbols() - hidden:
        entry = symbols.describe(sym)
        shown = entry.text if "^" in entry.text else pretty_symbol(entry.text)
        assert shown in text, entry.text


def test_sums_that_cancel_are_shown_term_by_term():
    assert claims["EQ-8:stationary"].unicode().split("\n")[1].endswith("= 1")
    assert claims["EQ-8:stationary"].unicode() != "1 = 1"
    assert claims["SCORE:slope"].unicode().count("μ") == 2


def test_terms_stand_in_their_order_and_names_with_exponents_stay_whole():
    text = claims["CAP:path"].unicode()
    assert "B_ν__" not in text
    line = next(line for line in text.split("\n") if " ≤ " in line)
    left, right = line.split(" ≤ ")
    assert left.strip().endswith("L̃(θ̂(τ)) - min L̃")
    assert right.strip().startswith("╲╱ L̃(θ(τ)) - min L̃")
    assert symbols.unicode_relation([-x, -x, x], "=", [x]) == "-x - x + x = x"


# The registry --------------------------------------------------------------------------------------------------------


@every_claim
def test_claims_are_exact(claim):
    exprs = [*claim.terms.values(), *(constant.value for constant in claim.constants.values())]
    exprs += [side for h in claim.hypotheses if h.checked for side in (h.lesser, h.greater)]
    for mutant in claim.mutants:
        exprs += mutant.apply(claim).terms.values()
    assert not [expr for expr in exprs if expr.atoms(sp.Float) or expr.has(sp.nan, sp.zoo)]


def test_ids_are_unique_and_map_to_their_claims():
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS) == len(claims)
    assert all(claims[claim.id] is claim and claim.id == f"{claim.family}:{claim.variant}" for claim in CLAIMS)


def test_select_takes_ids_and_families_in_the_ledgers_order():
    assert claims.select() == tuple(claims)
    assert claims.select("L5") == tuple(name for name in claims if name.startswith("L5:"))
    assert claims.select(["L5:sharp", "L1", "L1:sharp"]) == (*claims.select("L1"), "L5:sharp")
    assert claims.select([]) == ()
    assert claims.select(name for name in ("L4", "L3")) == claims.select(("L3", "L4"))
    for family in {claim.family for claim in CLAIMS}:
        assert {claims[name].family for name in claims.select(family)} == {family}


def test_unknown_ids_offer_the_nearest():
    with pytest.raises(UnknownClaimError, match="unknown claim 'L1:repared'; the nearest are L1:repaired") as error:
        claims["L1:repared"]
    assert isinstance(error.value, KeyError)
    with pytest.raises(KeyError, match="L1:printed"):
        claims["L1:zzzzzzzzzzzzzz"]
    assert "L1:repared" not in claims
    assert claims.get("L1:repared") is None


@every_claim
def test_a_hidden_constant_and_up_to_a_constant_go_together(claim):
    hidden = [constant for constant in claim.constants.values() if constant.hidden]
    assert bool(hidden) == isinstance(claim.quantifier, UpToConstant)
    for constant in claim.constants.values():
        assert constant.symbol in claim.relation.free_symbols()
        assert constant.value.is_number


@every_claim
def test_every_claim_has_enough_to_read_and_to_attack(claim):
    assert claim.sentence.endswith(".")
    assert claim.source.paper in {"LLZB", "CZS", "scoregap"}
    assert len(claim.mutants) >= 3


# Mutants -------------------------------------------------------------------------------------------------------------


@every_mutant
def test_a_mutant_changes_exactly_what_it_says(pair):
    claim, mutant = pair
    wrong = mutant.apply(claim)
    assert wrong.id == f"{claim.id}~{mutant.name}"
    assert wrong.family == claim.family
    assert wrong.mutants == ()
    for side in ("lhs", "rhs"):
        given_side = getattr(mutant, side)
        kept = getattr(claim.relation, side)
        assert getattr(wrong.relation, side) == (kept if given_side is None else given_side)
    assert wrong.constants.keys() == claim.constants.keys()
    for name, constant in claim.constants.items():
        value = (mutant.constants or {}).get(name, constant.value)
        assert wrong.constants[name] == Constant(
            symbol=constant.symbol, value=value, meaning=constant.meaning, hidden=constant.hidden
        )
    assert wrong.setting == {**claim.setting, **(mutant.setting or {})}
    for name in ("sentence", "source", "quantifier", "hypotheses", "note"):
        assert getattr(wrong, name) == getattr(claim, name)
    assert (wrong.relation, wrong.constants, wrong.setting) != (claim.relation, claim.constants, claim.setting)
    assert type(wrong.relation) is type(claim.relation)


@every_mutant
def test_a_mutant_differs_in_value_and_not_only_in_form(pair):
    claim, mutant = pair
    if mutant.lhs is None and mutant.rhs is None:
        return
    wrong = mutant.apply(claim)
    change = (
        claim.relation.lhs.total()
        - wrong.relation.lhs.total()
        - claim.relation.rhs.total()
        + wrong.relation.rhs.total()
    )
    assert sp.expand(change) != 0


def test_mutants_apply_to_any_claim_that_fits():
    mutant = Mutant(name="m", description="d", regime="r", setting={"flow": "A"})
    assert mutant.apply(toy(setting={"flow": "scaled"})).setting == {"flow": "A"}
    with pytest.raises(ValueError, match="setting"):
        mutant.apply(toy())
    assert toy(relation=Identity(lhs={"a": d}, rhs={"b": d})).latex() == "d = d"
