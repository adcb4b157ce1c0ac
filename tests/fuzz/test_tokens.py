"""Tokens that no audit printed: instances at the ends of their domains and beyond, wrong types, packed rubbish.

A replay ends within the limits of `tests.fuzz.forks`, and refuses in words what would take more.
"""

from __future__ import annotations

import base64
import json
import math
import random
import zlib

from tests.fuzz.forks import SEED, TRIES
from theory.claims import REGISTRY
from verify.evidence.domain import Array, Choice, Integer
from verify.plans import PLANS

ODD = [
    None,
    True,
    "",
    "x" * 5000,
    [],
    {},
    [[]],
    -1,
    0,
    1e308,
    -1e308,
    5e-324,
    10**30,
    10**400,
    math.nan,
    math.inf,
    -math.inf,
]
KEYS = [(claim_id, name) for claim_id in REGISTRY for name in PLANS[claim_id].experiments]


def packed(payload, level=9):
    """The text of a payload, as `verify.audit.tokens.encode` packs it."""
    text = payload if isinstance(payload, bytes) else json.dumps(payload, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(zlib.compress(text, level)).decode().rstrip("=")


def number(rng, entry):
    """A number of a field: one of its ends, or one in between on either scale."""
    low, high = entry.low, entry.high
    how = rng.random()
    if how < 0.35:
        return high if rng.random() < 0.6 else low
    if how < 0.6 and high > 0:
        value = math.exp(rng.uniform(math.log(max(low, 1e-300)), math.log(high)))
    else:
        value = rng.uniform(low, high)
    value = min(max(value, low), high)
    return int(value) if isinstance(entry, Integer) else value


def instance(rng, domain):
    """An instance that looks like one of the domain, sometimes with something odd in it."""
    found = {}
    for name, entry in domain.fields.items():
        if isinstance(entry, Choice):
            found[name] = rng.choice(entry.options)
        elif isinstance(entry, Array):
            found[name] = nested(rng, entry.element, entry.lengths(found))
        else:
            found[name] = number(rng, entry)
    if rng.random() < 0.3 and found:
        found[rng.choice(list(found))] = rng.choice(ODD)
    if rng.random() < 0.05:
        found["more"] = rng.choice(ODD)
    return found


def nested(rng, element, lengths):
    if not lengths:
        return number(rng, element)
    return [nested(rng, element, lengths[1:]) for _ in range(lengths[0])]


def rubbish(rng):
    """What is no token."""
    whole = packed([1, "L3:A", "second-difference", {}])
    return rng.choice(
        [
            lambda: whole[: rng.randrange(len(whole))],
            lambda: "".join(rng.choices(whole + "!§=-_", k=rng.randrange(200))),
            lambda: packed(b"0" * rng.choice([10**6, 10**8])),
            lambda: packed(b"[" * 100_000),
            lambda: packed(b"9" * 50_000),
            lambda: packed(b"\xff\xfe" + bytes(rng.randbytes(50))),
            lambda: packed(
                rng.choice([[], {}, 1, "x", [1, 2, 3, 4], [9, "L3:A", "second-difference", {}], [1, [], {}, {}]])
            ),
            lambda: packed(
                [rng.choice([1, "1", 2, None]), rng.choice([*ODD, "L3:A", "L3:A~", "L3:A~nope", "~"]), "x", {}]
            ),
            lambda: "A" * 100_000,
        ]
    )()


def token(rng):
    """A token."""
    if rng.random() < 0.2:
        return rubbish(rng)
    claim_id, name = rng.choice(KEYS)
    asked = instance(rng, PLANS[claim_id].experiments[name].domain)
    mutants = [mutant.name for mutant in REGISTRY[claim_id].mutants]
    changed = f"{claim_id}~{rng.choice([*mutants, 'nope'])}" if mutants and rng.random() < 0.3 else claim_id
    try:
        return packed([1, changed, name, asked])
    except ValueError:  # an integer that is too long to be printed
        return packed([1, changed, name, {}])


def test_a_token_of_anything_is_replayed_or_refused_within_bounds(command):
    found = []
    for count in range(TRIES):
        rng = random.Random(f"{SEED} {count}")
        came = command.run("replay", "--", token(rng)[:120_000])
        if came.wrong() or came.status == 3:
            found.append(f"try {count}: {came.wrong() or 'the system refused'}\n{came.told()}")
    assert not found, f"{len(found)} of {TRIES}:\n\n" + "\n\n".join(found[:20])
