"""Compute the digest of one entry of the trail, by pure functions.

An entry's digest covers its own fields and the digest before it. So no entry can be changed,
removed or inserted without every later digest being wrong (dependencies.md 7).
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NoReturn

GENESIS = "0" * 64


def canonical(value: object) -> str:
    """Return JSON in its one form: sorted keys, no spaces, ASCII only, no fractions.

    It refuses what a database might return in another form: a tuple, a key that is not text, a
    fraction, a NUL. Raises TypeError for a type that is not JSON.

    Raises:
        ValueError: The value is not plain JSON.
    """
    text = _WRITER.encode(value)
    if "\\u0000" in text or _READER.decode(text) != value:
        raise ValueError("The data of an entry must be plain JSON: text, whole numbers, lists.")
    return text


def entry_digest(fields: Mapping[str, object], at: datetime, prev: str) -> str:
    """Return the SHA-256, in hexadecimal, of an entry at an aware instant.

    It covers `prev`, the digest of the entry before.
    """
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest_of({**fields, "at": instant, "prev": prev})


def series_digest(fields: Mapping[str, object], at: datetime) -> Callable[[int, str, str], str]:
    """Return (seq, subject, prev) -> `entry_digest` for entries alike in all else.

    Thousands of entries of one kind are checked and brought into their one form once. The names of
    what differs are in that form at places of their own.
    """
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    marks = {name: f"<{secrets.token_hex(16)}>" for name in ("prev", "seq", "subject")}
    form = canonical({**fields, "at": instant, **marks})
    before, rest = form.split(f'"{marks["prev"]}"')
    between, rest = rest.split(f'"{marks["seq"]}"')
    last, after = rest.split(f'"{marks["subject"]}"')

    def digest(seq: int, subject: str, prev: str) -> str:
        text = f'{before}"{prev}"{between}{seq}{last}{_TEXT(subject)}{after}'
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    return digest


def digest_of(value: object) -> str:
    """Return the SHA-256, in hexadecimal, of a value in its canonical form."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


def _refuse_fraction(text: str) -> NoReturn:
    raise ValueError(f"The data of an entry holds no fractions: {text}")


# Made once, because a sweep writes and reads thousands of entries.
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
_TEXT = json.encoder.encode_basestring_ascii
_READER = json.JSONDecoder(parse_float=_refuse_fraction)
