"""Wrong use of `verify.lemma` is refused in words that name the argument, its value and the remedy."""

import numpy as np
import pytest
import sympy as sp
from flint import arb

import verify
from verify.lemma.functions import FunctionError

x, y = sp.symbols("x y", real=True)
p = sp.Symbol("p", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
delta = sp.Symbol("delta", positive=True)
D = sp.Symbol("D", nonnegative=True)
CHANCE = {"with_probability": 1 - delta}
OVER = {n: (1, 9), delta: ("0.1", 1)}


def uniform(rng, size, n):
    return rng.random((size, n)).mean(axis=1)


def stated(left=x, right=x**2, **more):
    return verify.lemma("A lemma.", left, right, **{"over": {x: (1, 5)}, **more})


def chance(left=D, right=2 / n, **more):
    return stated(left, right, **{"over": OVER, **CHANCE, "sample": uniform, **more})


REFUSED = [
    # ranges
    (lambda: stated(over={}), r"over must not be empty; give the range of every symbol"),
    (lambda: stated(over=[x]), r"over must map symbols to ranges.*got \[x\]"),
    (lambda: stated(right=y), r"over must give every symbol a range; y \(right\) has none: add y: \(low, high\)"),
    (lambda: stated(left=x + y), r"over must give every symbol a range; y \(left\) has none"),
    (lambda: stated(given=y > 1), r"over must give every symbol a range; y \(given\) has none"),
    (lambda: stated(over={x: (5, 1)}), r"over\[x\] must be \(low, high\).*the empty range \(5, 1\); swap"),
    (lambda: stated(over={x: (1, 2, 3)}), r"over\[x\] must be a pair.*got \(1, 2, 3\)"),
    (lambda: stated(over={x: 3}), r"over\[x\] must be a pair.*or a field.*got 3"),
    (lambda: stated(over={x: (-sp.oo, 1)}), r"over\[x\], its low end, must be finite.*-oo"),
    (lambda: stated(over={x: (float("nan"), 1)}), r"over\[x\], its low end, must be a finite number; got nan"),
    (lambda: stated(over={x: (1, y)}), r"over\[x\], its high end, must be a number; got y.*given"),
    (lambda: stated(over={x: (1, True)}), r"over\[x\], its high end, must be an exact number.*True"),
    (lambda: stated(over={x: (1, 2), 3: (1, 2)}), r"every key of over must be a symbol, or a name; got 3"),
    (lambda: stated(over={x: (1, 2), "a b": (1, 2)}), r"over\[a b\] must be named as functions can take it"),
    (lambda: stated(over={x: (1, 2), y: (1, 2)}), r"over\[y\] stands nowhere.*leave it out, or correct its name"),
    (lambda: stated(over={x: (1, 2), "x": (1, 2)}), r"over\[x\] is given twice, as a symbol and as a name"),
    (
        lambda: stated(over={sp.Symbol("x"): (1, 2)}),
        r"over\[x\]: the expressions have another symbol called x.*real.*none",
    ),
    (lambda: stated(left=x + sp.Symbol("x")), r"two symbols called x, with different assumptions; make it once"),
    (lambda: stated(left=n, right=n**2, over={n: (1, "5/2")}), r"over\[n\] must have integer ends.*\(1, 5/2\)"),
    (lambda: stated(left=n, right=n**2, over={n: (0, 5)}), r"over\[n\] must lie in integers >= 1.*got \(0, 5\)"),
    (lambda: stated(left=p, right=p**2, over={p: (-1, 5)}), r"over\[p\] must lie in \(0, oo\).*narrow the range"),
    (lambda: stated(left=n, right=n**2, over={n: verify.Real(low=1, high=2)}), r"over\[n\] must be an Integer field"),
    (lambda: stated(over={x: ("a", "b")}), r"over\[x\] is a choice of names and has no number.*give it a range"),
    (
        lambda: stated(over={x: (1, 2), "bound": (1, 2)}, measure={x: lambda: 1.0}),
        r"measure\[x\] has a range in over already",
    ),
    (
        lambda: stated(left=sp.Symbol("size"), over={"size": (1, 2), x: (1, 2)}),
        r"over\[size\] has a name that functions",
    ),
    # sides
    (lambda: stated(right=0.5 * x), r"right must be exact; got 0.5\*x.*pass Rational\(1, 2\)"),
    (lambda: stated(left=0.25), r"left must be exact; got the float 0.25; pass Rational\(1, 4\)"),
    (lambda: stated(left="x"), r"left must be an exact number or expression; got 'x'"),
    (lambda: stated(right=sp.zeta(x)), r"cannot enclose the node zeta\(x\)"),
    (lambda: stated(wrong={"a": 1.5}), r"wrong\[a\] must be exact; got the float 1.5"),
    (lambda: stated(wrong={"≤": x}), r"every key of wrong must be a name with letters or digits; got '≤'"),
    (lambda: stated(wrong={"same": x**2}), r"mutant 'same' changes nothing.*give a side that differs"),
    (lambda: stated(wrong=[x]), r"wrong must map names to right sides.*got \[x\]"),
    # conditions
    (lambda: stated(given=x < 0.5), r"given, number 1, must be exact; got the float 0.5|contains the float"),
    (lambda: stated(given=sp.Eq(x, 2)), r"given must hold inequalities.*substitute an equation into the two sides"),
    (lambda: stated(given=x**2 >= 0), r"a condition that SymPy finds always true \(number 1\); leave it out"),
    (lambda: stated(given=(x > 0, x**2 < -1)), r"a condition that SymPy finds never true \(number 2\); correct it"),
    (lambda: stated(given={x: 1}), r"given must be a tuple of conditions.*got \{x: 1\}"),
    # measures
    (lambda: stated(left=D, measure=abs), r"measure must map symbols to functions.*got <built-in function abs>"),
    (lambda: stated(measure={y: abs}), r"measure\[y\] must be a symbol that stands in left, right or given"),
    (
        lambda: stated(left=D, measure={D: 3}),
        r"measure\[D\] must be a function, called as measure\[D\]\(\*\*values\); got 3",
    ),
    (lambda: stated(left=D, measure={D: lambda x, k: x}), r"measure\[D\] takes 'k', which has no range; add k to over"),
    (
        lambda: stated(left=D, measure={D: lambda x: 1 / 0}),
        r"measure\[D\] raised ZeroDivisionError.*at x = 3.0; .*given",
    ),
    (
        lambda: stated(left=D, measure={D: lambda x: np.nan}),
        r"measure\[D\] must not return NaN; got nan.*x = 3.0; narrow",
    ),
    (lambda: stated(left=D, measure={D: lambda x: arb.nan()}), r"measure\[D\] must not return NaN"),
    (
        lambda: stated(left=D, measure={D: lambda x: "1"}),
        r"measure\[D\] must return a real number.*got '1' \(str\) at x",
    ),
    (lambda: stated(left=D, measure={D: lambda x: True}), r"measure\[D\] must return a real number.*got True"),
    (
        lambda: stated(left=D, measure={D: lambda x: -x}),
        r"measure\[D\] must be >= 0, as D is declared; got .*correct it",
    ),
    # probabilities, expectations and samples
    (lambda: stated(with_probability=0.9, sample=uniform), r"with_probability must be exact; got the float 0.9"),
    (lambda: chance(with_probability=1 + delta), r"at_least must be a probability in \[0, 1\]; got delta \+ 1"),
    (lambda: stated(D, 1 / n, over=OVER, **CHANCE), r"with_probability needs violation= .*or sample="),
    (lambda: stated(violation=sp.exp(-x)), r"violation needs with_probability"),
    (lambda: chance(expectation=(0, 1)), r"with_probability and expectation must not be given both; state two lemmas"),
    (lambda: stated(D, 1 / n, over={n: (1, 9)}, expectation=(0, 1)), r"expectation as a range.*needs sample="),
    (lambda: stated(D, n, over={n: (1, 9)}, expectation=(0, 1, 2), sample=uniform), r"expectation must be the exact"),
    (lambda: stated(sample=uniform), r"sample must come with with_probability, with expectation, or with a measure"),
    (lambda: chance(left=n), r"left must hold the random quantity as a symbol without a range; got n"),
    (lambda: chance(violation=delta / 2, sample=None), r"violation must be P\(D > x\) with D in the place of x"),
    (lambda: chance(left=2 * D, violation=sp.exp(-D)), r"violation must be P\(2\*D > x\).*pass a function"),
    (
        lambda: chance(violation=lambda bound: 1.5),
        r"violation must be a probability in \[0, 1\]; got .*give P\(left side > right side\)",
    ),
    (
        lambda: chance(violation=lambda: 0.5),
        r"violation must take bound first, called as violation\(bound, \*\*values\)",
    ),
    (
        lambda: chance(sample=lambda rng: 1),
        r"sample must take rng, size first, called as sample\(rng, size, \*\*values\)",
    ),
    (
        lambda: chance(sample=lambda rng, size, n: rng.random((size, n))),
        r"sample must return one value.*the shape \(5, 5\) at n = 5.*reduce",
    ),
    (lambda: chance(sample=lambda rng, size: 1.0), r"sample must return one value for each of the 5 draws.*shape \(\)"),
    (lambda: chance(sample=lambda rng, size: [1.0, [2.0]]), r"sample must return real numbers or truth values"),
    (lambda: chance(sample=lambda rng, size: np.full(size, np.nan)), r"sample must return finite numbers; got nan"),
    (lambda: chance(sample=lambda rng, size: rng.random(size) > 1), r"sample returned truth values and takes no bound"),
    (lambda: chance(sample=lambda rng, size: 1 / 0), r"sample raised ZeroDivisionError: division by zero, at n = 5"),
    (lambda: chance(right=y / n), r"sample must return a dict with the values of y too"),
    (
        lambda: stated(D, n, over={n: (1, 9)}, expectation=(0, "0.1"), sample=uniform),
        r"sample must lie in the range \(0, 0.1\) that expectation states.*state the true range",
    ),
    (
        lambda: stated(
            D + sp.Symbol("E"), 9, measure={D: lambda: 1.0, "E": lambda: 1.0}, over={x: (1, 2)}, sample=uniform
        ),
        r"sample beside measure must check one measured symbol",
    ),
    # up to a constant
    (lambda: stated(along={n: (1, 9)}), r"along needs up_to_constant"),
    (lambda: stated(up_to_constant=()), r"along must name what the constant may not depend on.*got none"),
    (lambda: stated(up_to_constant=(), along={x: (1, 100)}), r"along\[x\] has a range in over already"),
    (
        lambda: stated(up_to_constant=("d",), over={x: (1, 999)}),
        r"up_to_constant must name symbols with a range; got 'd'",
    ),
    (lambda: stated(up_to_constant=3), r"up_to_constant must be a tuple of names.*got 3"),
    (
        lambda: stated(up_to_constant="x", over={}, along={x: (1, 999)}),
        r"along\[x\] is what the constant may depend on",
    ),
    (lambda: chance(up_to_constant=()), r"up_to_constant needs exact numbers: give violation="),
    # the rest
    (lambda: stated(proof=[]), r"proof must be left out in this version; got \[\].*no kernel checks a proof"),
    (lambda: stated(id="pinsker"), r"id must look like 'L1:repaired' \(family:variant\); got 'pinsker'"),
    (lambda: stated(id="L1:printed"), r"id must not be one of the registry's; got 'L1:printed'; choose another"),
    (lambda: stated(source=3), r"source must be a string; got 3"),
    (lambda: verify.lemma("", x, x, over={x: (1, 2)}), r"sentence must not be empty"),
]


@pytest.mark.parametrize(("call", "words"), REFUSED, ids=[words[:50] for _, words in REFUSED])
def test_wrong_use_is_refused_with_the_remedy(call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call()


def test_what_fails_only_somewhere_is_a_fault_that_names_the_instance():
    def broken(x):
        if x > 3:
            raise RuntimeError("too large")
        return x

    result = stated(left=D, over={x: (1, 5)}, measure={D: broken}).check() if broken(1) else None
    assert result is not None
    assert any("measure[D] raised RuntimeError: too large" in fault for fault in result.faults)


def test_a_function_error_keeps_its_cause():
    with pytest.raises(FunctionError) as caught:
        stated(left=D, measure={D: lambda x: {}[x]})
    assert isinstance(caught.value.__cause__, KeyError)


def test_conditions_that_are_never_met_are_vacuous():
    result = stated(given=x > 6).check()
    assert str(result.verdict) == "VACUOUS"


def test_text_is_an_assumption_that_is_shown():
    lemma = stated(given=("the sample is independent", x > 2))
    kinds = [(item.statement, item.checked) for item in lemma.claim.hypotheses]
    assert kinds == [("the sample is independent", False), ("2 < x", True)]
