"""Tokens that carry a witness: claim, experiment and instance, so that anybody can evaluate it again."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any

from theory.checks import shown
from verify.evidence.domain import Instance

_VERSION = 1
_LARGEST = 1 << 22
"""Bytes that a token may unpack to: it may come from anywhere."""


def encode(claim_id: str, experiment: str, instance: Instance) -> str:
    """The token of a witness: URL-safe text, the same for the same witness."""
    payload = json.dumps([_VERSION, claim_id, experiment, instance], separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(zlib.compress(payload.encode(), 9)).decode().rstrip("=")


def decode(token: str) -> tuple[str, str, Instance]:
    """The claim id, experiment name and instance of a token; ValueError for text that is not one."""
    if not isinstance(token, str):
        raise TypeError(f"token must be a string that scoregap printed; got {shown(token)}")
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        unpacker = zlib.decompressobj()
        payload = unpacker.decompress(raw, _LARGEST)
        if not unpacker.eof or unpacker.unused_data:
            raise ValueError("cut off, too long, or with something behind it")
        version, claim_id, experiment, instance = _checked(json.loads(payload))
    except (binascii.Error, zlib.error, ValueError, UnicodeError, TypeError, RecursionError) as error:
        raise ValueError(
            f"token is not one that scoregap printed; got {token[:40]!r}: copy it whole ({error})"
        ) from None
    if version != _VERSION:
        raise ValueError(f"token has format {version}, this version reads {_VERSION}: run the audit again")
    return claim_id, experiment, instance


def _checked(payload: Any) -> tuple[int, str, str, Instance]:
    if not (isinstance(payload, list) and len(payload) == 4 and isinstance(payload[3], dict)):
        raise ValueError("wrong contents")
    return payload[0], str(payload[1]), str(payload[2]), payload[3]
