"""Faults that a walk over the trees does not make: the kinds that the ledger names, in claim and proof alike."""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults.fault import ROOT, Edit, Fault, Source

BOTH = "claim and proof alike"
UNION = "union bound at δ each"
SWAP = "core formula swapped"
SEED = "seeds and streams"
RULE = "a rule of the kernel relaxed"
_CLAIMS, _PROOFS = "theory/claims/", "verify/proofs/"
_LOWER = " * sp.Rational(98, 100)"
Change = tuple[str, str, str]

# kind, words, claims, and changes (file, old text, new text); the old text stands once in its file
_LIST: tuple[tuple[str, str, tuple[str, ...], tuple[Change, ...]], ...] = (
    (
        UNION,
        "T1: both concentration events at δ",
        ("T1:repaired", "T1:simple"),
        (
            (_CLAIMS + "theorem_1/concentration.py", "expr.subs(delta, delta / 2)", "expr.subs(delta, delta)"),
            (
                _PROOFS + "theorem_1.py",
                "values = {o.Q: p(o.Q), delta: delta / 2}",
                "values = {o.Q: p(o.Q), delta: delta}",
            ),
        ),
    ),
    (
        UNION,
        "T1: both events at δ, in the claim alone",
        ("T1:repaired", "T1:simple"),
        ((_CLAIMS + "theorem_1/concentration.py", "expr.subs(delta, delta / 2)", "expr.subs(delta, delta)"),),
    ),
    (
        UNION,
        "T1:sampled: each of the three events at δ",
        ("T1:sampled",),
        (
            (_CLAIMS + "theorem_1/width.py", "_SHARE = {delta: delta / 3}", "_SHARE = {delta: delta}"),
            (_CLAIMS + "theorem_1/width.py", "{delta: 2 * delta / 3}", "{delta: delta}"),
            (_PROOFS + "theorem_1.py", "{delta: 2 * delta / 3, o.features", "{delta: delta, o.features"),
            (_PROOFS + "theorem_1.py", "{delta: delta / 3, o.weight", "{delta: delta, o.weight"),
        ),
    ),
    (
        UNION,
        "T2: both concentration events at δ",
        ("T2:repaired",),
        ((_PROOFS + "theorem_2.py", "{o.Q: p(o.Q), delta: delta / 2}", "{o.Q: p(o.Q), delta: delta}"),),
    ),
    (
        UNION,
        "L1: every coordinate at δ",
        ("L1:repaired",),
        (
            (
                _CLAIMS + "lemma_1.py",
                "UNION_TAIL = sp.sqrt(2 * sp.log(d / delta))",
                "UNION_TAIL = sp.sqrt(2 * sp.log(1 / delta))",
            ),
            (_PROOFS + "lemma_1.py", "level = sqrt(2 * log(d / delta))", "level = sqrt(2 * log(1 / delta))"),
            (_PROOFS + "lemma_1.py", "bound=bound, fail=delta / d, by=facts)", "bound=bound, fail=delta, by=facts)"),
        ),
    ),
    (
        UNION,
        "L1:pathwise: log(2/δ) for log(2d/δ)",
        ("L1:pathwise",),
        (
            (
                _CLAIMS + "lemma_1.py",
                "PATH_TAIL = sp.sqrt(2 * sp.log(2 * d / delta))",
                "PATH_TAIL = sp.sqrt(2 * sp.log(2 / delta))",
            ),
            (_PROOFS + "lemma_1.py", "level = sqrt(2 * log(2 * d / delta))", "level = sqrt(2 * log(2 / delta))"),
        ),
    ),
    (
        BOTH,
        "L4:sharp with 0.24 for 1/4",
        ("L4:sharp",),
        (
            ("theory/flow.py", "LOSS_CONSTANT = sp.Rational(1, 4)", "LOSS_CONSTANT = sp.Rational(24, 100)"),
            (
                _PROOFS + "lemma_4.py",
                '"<=", distance_initial**2 / (4 * tau), total)',
                '"<=", 6 * distance_initial**2 / (25 * tau), total)',
            ),
        ),
    ),
    (
        BOTH,
        "L4:sharp with 0.2475 for 1/4, in the claim alone",
        ("L4:sharp",),
        (("theory/flow.py", "LOSS_CONSTANT = sp.Rational(1, 4)", "LOSS_CONSTANT = sp.Rational(2475, 10000)"),),
    ),
    (
        BOTH,
        "L4:sharp-minimiser lowered by 2 %",
        ("L4:sharp-minimiser",),
        (
            (
                "theory/flow.py",
                "MINIMISER_CONSTANT = sp.exp(-1) / 4",
                "MINIMISER_CONSTANT = sp.exp(-1) * sp.Rational(49, 200)",
            ),
            (
                _PROOFS + "lemma_4.py",
                '"<=", exp(-1) * distance_minimiser**2 / (4 * tau), total)',
                '"<=", 49 * exp(-1) * distance_minimiser**2 / (200 * tau), total)',
            ),
        ),
    ),
    (
        BOTH,
        "L2:repaired with 0.49 for 1/2",
        ("L2:repaired",),
        (
            (
                _CLAIMS + "lemma_2.py",
                '_HALF = {"C": Constant(symbol=C, value=sp.Rational(1, 2)',
                '_HALF = {"C": Constant(symbol=C, value=sp.Rational(49, 100)',
            ),
            (
                _PROOFS + "lemma_2.py",
                "bound = T * loss_likelihood / 2 + kl_prior",
                "bound = 49 * T * loss_likelihood / 100 + kl_prior",
            ),
        ),
    ),
    (
        BOTH,
        "L2:printed-short with 0.98 for 1",
        ("L2:printed-short",),
        (
            (
                _CLAIMS + "lemma_2.py",
                'symbol=C, value=sp.S.One, meaning="attained at T = 2"',
                'symbol=C, value=sp.Rational(98, 100), meaning="attained at T = 2"',
            ),
            (
                _PROOFS + "lemma_2.py",
                '"<=", loss_likelihood + kl_prior, p.use("L2:repaired")',
                '"<=", 49 * loss_likelihood / 50 + kl_prior, p.use("L2:repaired")',
            ),
        ),
    ),
    (
        BOTH,
        "HILBERT:mean lowered by 2 %",
        ("HILBERT:mean",),
        (
            (_CLAIMS + "hilbert.py", "_RATE = M / sp.sqrt(n)", "_RATE = M / sp.sqrt(n)" + _LOWER),
            (_PROOFS + "hilbert.py", '("=", M / sqrt(n)),\n', '("=", 49 * M / sqrt(n) / 50),\n'),
        ),
    ),
    (
        BOTH,
        "HILBERT:deviation: 1.9 for 2 under the root",
        ("HILBERT:deviation",),
        (
            (
                _CLAIMS + "hilbert.py",
                "_TAIL = sp.sqrt(2 * sp.log(1 / delta))",
                "_TAIL = sp.sqrt(sp.Rational(19, 10) * sp.log(1 / delta))",
            ),
            (
                _PROOFS + "hilbert.py",
                "M / sqrt(n) + step * sqrt(n * log(1 / delta) / 2)",
                "M / sqrt(n) + step * sqrt(19 * n * log(1 / delta) / 40)",
            ),
        ),
    ),
    (
        BOTH,
        "HILBERT:second-moment lowered by 3 %",
        ("HILBERT:second-moment",),
        (
            (
                _CLAIMS + "hilbert.py",
                "_CHEBYSHEV = sigma_Y / sp.sqrt(n * delta)",
                "_CHEBYSHEV = sigma_Y / sp.sqrt(n * delta) * sp.Rational(97, 100)",
            ),
            (
                _PROOFS + "hilbert.py",
                '("=", sigma_Y / sqrt(n * delta)),',
                '("=", 97 * sigma_Y / sqrt(n * delta) / 100),',
            ),
        ),
    ),
    (
        BOTH,
        "L6:repaired: 1.95 for 2 under the root",
        ("L6:repaired",),
        (
            (
                _CLAIMS + "lemma_6.py",
                "_TAIL = sp.sqrt(2 * sp.log(1 / delta))",
                "_TAIL = sp.sqrt(sp.Rational(195, 100) * sp.log(1 / delta))",
            ),
            (
                _PROOFS + "lemma_6.py",
                "M / sqrt(m) * sqrt(2 * log(1 / delta)), tail)",
                "M / sqrt(m) * sqrt(39 * log(1 / delta) / 20), tail)",
            ),
        ),
    ),
    (
        BOTH,
        "R6:sharp with 1.96 for 2",
        ("R6:sharp",),
        (
            (
                _PROOFS + "uniform_deviation.py",
                '"<=", 2 * R + 2 * M * sqrt(2 * log(1 / delta) / n), tail, mean)',
                '"<=", 2 * R + 49 * M * sqrt(2 * log(1 / delta) / n) / 25, tail, mean)',
            ),
        ),
    ),
    (
        SWAP,
        "sub-VP: the variance for the standard deviation",
        ("EQ-8:fokker-planck",),
        (("theory/sde.py", "std=1 - decay,", "std=(1 - decay) ** 2,"),),
    ),
    (
        SWAP,
        "transition: ratio for ratio²",
        ("EQ-8:composition",),
        (
            (
                "theory/kernel.py",
                "second.variance - ratio**2 * first.variance",
                "second.variance - ratio * first.variance",
            ),
        ),
    ),
    (
        SWAP,
        "the weighting of Song et al. by the standard deviation",
        ("EQ-6:song-weight",),
        (("theory/kernel.py", '"song": sde.variance / size', '"song": sde.std / size'),),
    ),
    (
        SWAP,
        "VE: (base^t − 1)/(2 ln base)",
        ("EQ-8:variance",),
        (("theory/sde.py", "(base ** (2 * t) - 1) / (2 * sp.log(base))", "(base**t - 1) / (2 * sp.log(base))"),),
    ),
    (
        SWAP,
        "Ornstein–Uhlenbeck: e^{−t} for e^{−2t} in the variance",
        ("EQ-8:variance",),
        (("theory/sde.py", "variance=1 - sp.exp(-2 * t),", "variance=1 - sp.exp(-t),"),),
    ),
    (
        SEED,
        "every block of an experiment draws from one generator",
        ("L1:repaired",),
        (("numerics/statistics/streams.py", "*map(int, key))", "*map(int, key[:1]))"),),
    ),
    (
        SEED,
        "a root's own key is lost",
        ("L1:repaired",),
        (
            (
                "numerics/statistics/streams.py",
                "spawn_key=(*top.spawn_key, *map(int, key))",
                "spawn_key=tuple(map(int, key))",
            ),
        ),
    ),
    (
        SEED,
        "blocks of one sample fewer",
        ("L1:repaired",),
        (
            (
                "numerics/statistics/streams.py",
                "min(size, total - first)) for k",
                "max(1, min(size, total - first) - 1)) for k",
            ),
        ),
    ),
    (
        RULE,
        "hypotheses that the claim does not state are allowed",
        ("L4:sharp",),
        (
            (
                _PROOFS + "certified.py",
                "if not any(same_statement(h, own) or _more_independent(own, h) for own in known):",
                "if False:",
            ),
        ),
    ),
    (
        RULE,
        "any failure is allowed",
        ("L1:repaired",),
        ((_PROOFS + "certified.py", "if j.events and not visible(goal.failure - j.failure):", "if False:"),),
    ),
    (
        RULE,
        "any conclusion is taken for the claim",
        ("L4:sharp",),
        (
            (
                _PROOFS + "certified.py",
                "if not same_statement(genuine(j).says, canonical_statement(goal.says)):",
                "if False:",
            ),
        ),
    ),
    (
        RULE,
        "any randomness is allowed",
        ("L1:repaired",),
        ((_PROOFS + "certified.py", "if not union(e.over for e in j.events) <= set(goal.over):", "if False:"),),
    ),
)


def by_hand() -> list[Fault]:
    """All of them; ValueError where the text that one changes is not found once."""
    return list(_made())


def _made() -> Iterator[Fault]:
    for kind, what, claims, changes in _LIST:
        edits = []
        for path, old, new in changes:
            text = (ROOT / path).read_text(encoding="utf-8")
            if text.count(old) != 1:
                raise ValueError(f"{what}: {old!r} stands {text.count(old)} times in {path}; make it unique")
            edits.append(Edit(path=path, start=len(text[: text.index(old)].encode()), old=old, new=new))
        yield Fault(
            kind=kind,
            where=changes[0][0],
            what=what,
            edits=tuple(edits),
            claims=claims,
            function=Source(edits[0].path).function_at(edits[0].start),
        )
