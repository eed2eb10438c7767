"""Look again: search a cleaned copy for what was found in its original.

The copy is a recording or a picture. A value is found as it was written, and a name also however it
is spelt, as in a document.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from grievances.evidence.sanitiser import look_again
from grievances.evidence.sanitiser.parts.spelt_names import NO_LETTERS, Spelling, folded

LEAST_BYTES = 5
"""Shorter values appear in sound and pictures by chance."""
MOST_VALUES = 60
COMMON = frozenset({"", "yes", "author"})
"""Values that we tell or write ourselves."""


LEAST_LETTERS = 7
"""Names of fewer letters are spelt in sound and pictures by chance."""
SPELT_BYTES = 256
"""How long a name with all that may be between its letters is at most, in bytes."""


class Remaining(NamedTuple):
    """A value that is left: what it is, and its place in bytes from the start."""

    what: str
    value: str
    offset: int


class Name(NamedTuple):
    """A name in a value that was found, its letters in small bytes, and its spelling."""

    told: tuple[str, str]
    letters: frozenset[bytes]
    spelling: Spelling

    def is_spelt_in(self, body: bytes, letters: bytes) -> bool:
        """Return whether bytes spell the name; `letters` are their small letters."""
        if not any(each in letters for each in self.letters):
            return False
        return self.spelling.is_in(folded(body.decode("utf-8", "replace")))


class Search:
    """A search for values in pieces of one unpacked copy, in order.

    Each value is looked for in UTF-8 and in UTF-16 of either byte order. Of those that name a
    person, a device or a place every spelling is looked for.
    """

    def __init__(self, values: Iterable[tuple[str, str]]) -> None:
        self._needles: dict[bytes, tuple[str, str]] = {}
        for what, value in list(values)[:MOST_VALUES]:
            if value.strip().lower() not in COMMON:
                for needle in spellings(value.strip()):
                    self._needles[needle] = (what, value.strip())
        self._longest = max(map(len, self._needles), default=1)
        self._names = list(names_of(self._needles.values()))
        self._longest = max(self._longest, SPELT_BYTES if self._names else 1)
        self._before, self._at = b"", 0
        self._found: dict[tuple[str, str], int] = {}

    def feed(self, piece: bytes) -> None:
        """Search the next piece, and what is across its start."""
        seen = self._before + piece
        start = self._at - len(self._before)
        for needle, told in self._needles.items():
            place = seen.find(needle)
            if place >= 0:
                self._found.setdefault(told, start + place)
        letters = seen.lower().translate(None, NO_LETTERS) if self._names else b""
        for name in self._names:
            if name.told not in self._found and name.is_spelt_in(seen, letters):
                self._found[name.told] = start
        self._at += len(piece)
        self._before = seen[-(self._longest - 1) :] if self._longest > 1 else b""

    def remaining(self) -> list[Remaining]:
        """Return every value that was seen, with the first place of each."""
        return [Remaining(what, value, at) for (what, value), at in self._found.items()]


def names_of(values: Iterable[tuple[str, str]]) -> Iterable[Name]:
    """Yield the names in what was found that are long enough to be no chance."""
    for told in dict.fromkeys(values):
        for value in look_again.values([told]):
            orders = {value, " ".join([*value.split()[-1:], *value.split()[:-1]])}
            ways = {way for each in orders for way in (each, folded(each), each.upper())}
            letters = {way.encode().lower().translate(None, NO_LETTERS) for way in ways}
            if min(map(len, letters)) >= LEAST_LETTERS:
                yield Name(told, frozenset(letters), Spelling(value))


def spellings(value: str) -> set[bytes]:
    """Return the bytes in which a text may be written, but none that chance makes.

    In UTF-16 the zero at one end is left off, so that one spelling serves both byte orders.
    """
    raw = value.encode("utf-8", "replace")
    wide = value.encode("utf-16-le", "replace").strip(b"\0")
    return {needle for needle in (raw, wide) if len(needle) >= LEAST_BYTES}


def told(remaining: Iterable[Remaining]) -> list[tuple[str, str]]:
    """Return what is left, and where, as findings for the person who added the file."""
    return [
        ("Still in the copy", f"{each.what}: {each.value} ({each.offset:,} bytes from its start)")
        for each in remaining
    ]
