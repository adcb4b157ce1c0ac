"""Tokens replay a witness bit for bit, and everything else is refused in words."""

import base64
import json
import math
import zlib

import pytest

import verify
from verify.audit.tokens import decode, encode

REFUTED = ("L1:printed", "L3:A", "L4:printed-A", "L5:printed-scaled")


@pytest.mark.parametrize("claim_id", REFUTED)
def test_a_witness_replays_from_its_token_bit_for_bit(claim_id):
    result = verify.check(claim_id, mutants=False)
    again = verify.replay(result.token)
    found = result.smallest
    assert (again.left, again.right, again.ratio) == (found.left, found.right, found.ratio)
    assert again.instance == found.instance
    assert again.ratio > 1
    assert verify.check(claim_id, mutants=False).token == result.token
    assert set(result.token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert decode(result.token)[0] == claim_id
    assert encode(*decode(result.token)) == result.token


INSTANCE = {"d": 4, "delta": 0.1, "r": 1.0, "v": 1.0, "x0_norm": 0.0}
TOKEN = encode("L1:printed", "endpoint", INSTANCE)


def test_the_text_of_a_token_is_stable():
    assert decode(TOKEN) == ("L1:printed", "endpoint", INSTANCE)
    assert encode("L1:printed", "endpoint", dict(reversed(INSTANCE.items()))) == TOKEN
    payload = json.loads(zlib.decompress(base64.urlsafe_b64decode(TOKEN + "=" * (-len(TOKEN) % 4))))
    assert payload == [1, "L1:printed", "endpoint", INSTANCE]


def packed(payload):
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")


DEEP = b"[" * 200_000 + b"]" * 200_000
FOREIGN = [
    "",
    "x",
    "not a token",
    "é" * 20,
    "====",
    TOKEN[:-1],
    TOKEN[:-5],
    TOKEN[: len(TOKEN) // 2],
    TOKEN[3:],
    TOKEN[:10] + "AAAA" + TOKEN[14:],
    TOKEN.swapcase(),
    packed({}),
    packed([]),
    packed([1, "L1:printed", "endpoint"]),
    packed([1, "L1:printed", "endpoint", [1]]),
    packed(b"\xff\xfe"),
    packed(DEEP),
    packed(b"0" * 10**7),
    base64.urlsafe_b64encode(zlib.compress(b"[1]") + b"more").decode(),
    "A" * 10_000,
    packed([2, "L1:printed", "endpoint", INSTANCE]),
    packed([None, "L1:printed", "endpoint", INSTANCE]),
    packed([1, "L0:printed", "endpoint", INSTANCE]),
    packed([1, "L1:printed", "nowhere", INSTANCE]),
    packed([1, "L1:printed~no-such-mutant", "endpoint", INSTANCE]),
    packed([1, ["L1:printed"], "endpoint", INSTANCE]),
]


@pytest.mark.parametrize("token", FOREIGN, ids=range(len(FOREIGN)))
def test_garbage_truncated_and_foreign_tokens_are_refused_with_a_remedy(token):
    with pytest.raises(ValueError, match=r"token .*(copy it whole|run the audit again)"):
        verify.replay(token)


@pytest.mark.parametrize("token", [None, 3, b"abc", ["x"]])
def test_what_is_not_text_is_no_token(token):
    with pytest.raises(TypeError, match="token must be a string"):
        verify.replay(token)


@pytest.mark.parametrize(
    "change",
    [
        {"d": 0},
        {"d": 2.5},
        {"delta": 2.0},
        {"delta": "0.1"},
        {"delta": math.nan},
        {"K": 5.0},
        {"d": 10**400},
        {"r": [1.0]},
        {"v": None},
        {"v": math.inf},
    ],
)
def test_a_token_with_an_instance_outside_the_domain_is_refused(change):
    with pytest.raises(ValueError, match=r"run the audit again|does not fit"):
        verify.replay(encode("L1:printed", "endpoint", {**INSTANCE, **change}))
    with pytest.raises(ValueError, match=r"run the audit again|does not fit"):
        verify.replay(encode("L1:printed", "endpoint", {key: INSTANCE[key] for key in list(INSTANCE)[1:]}))


def test_an_instance_that_does_not_violate_replays_to_a_ratio_below_1():
    witness = verify.replay(encode("L1:repaired", "endpoint", INSTANCE))
    assert 0 < witness.ratio < 1
    assert witness.right == 0.1


def test_a_mutant_has_tokens_too():
    assert verify.replay(encode("L1:repaired~no-log-d", "endpoint", INSTANCE)).ratio > 1
