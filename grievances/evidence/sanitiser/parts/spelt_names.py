"""Find a name however a text spells it.

Programs cut a name into runs of text at any letter, and people write it with dots, hyphens or the
surname first. A name is compared without all of that (Unicode Standard Annex 15, NFKD), but it must
begin and end where a word does.
"""

from __future__ import annotations

import re
import unicodedata

CUT = "\0"
"""Where one run of text ends and the next begins."""
DROPPED = re.compile(
    "[\u0300-\u036f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
"""Accents and signs that are not seen."""
BETWEEN = rf"[\W_{CUT}]{{0,12}}"
EAST_ASIA = "\u2e80"
START, END = r"(?<![^\W\d_])", r"(?![^\W\d_])"
NO_LETTERS = bytes(sign for sign in range(128) if not chr(sign).isalnum())
TAG = re.compile(rb"<[^>]*>")
WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Return a text in small letters, without accents and signs that are not seen."""
    if text.isascii():
        return text.lower()
    return DROPPED.sub("", unicodedata.normalize("NFKD", text).casefold())


def squeezed(body: bytes, *, is_xml: bool = False, only_ascii: bool = False) -> bytes:
    """Return the letters and figures of a text, and those between its tags again.

    With `only_ascii` the others are left out, which is faster.
    """
    parts = [body, TAG.sub(b"", body)] if is_xml else [body]
    if not body.isascii():
        texts = [part.decode("utf-8", "replace") for part in parts]
        if only_ascii:
            plain = [unicodedata.normalize("NFKD", text.casefold()) for text in texts]
            parts = [text.encode("ascii", "ignore") for text in plain]
        else:
            parts = ["".join(WORD.findall(folded(text))).encode() for text in texts]
    return b" ".join(part.lower().translate(None, NO_LETTERS) for part in parts)


class Spelling:
    """The ways in which one name can be spelt."""

    def __init__(self, name: str) -> None:
        words = WORD.findall(folded(name))
        orders = [words] if len(words) < 2 else [words, [words[-1], *words[:-1]]]
        self._letters = {"".join(order).encode() for order in orders if order}
        choices = [BETWEEN.join(map(_in_pieces, order)) for order in orders if order]
        self._pattern = re.compile(f"{START}(?:{'|'.join(choices)}){END}" if choices else r"(?!)")

    @property
    def is_ascii(self) -> bool:
        """Return whether the name has no letters but those of English."""
        return all(each.isascii() for each in self._letters)

    def is_near(self, letters: bytes) -> bool:
        """Return whether the letters of a piece of text may have the name."""
        return any(each in letters for each in self._letters)

    def is_in(self, text: str) -> bool:
        """Return whether a folded text has the name."""
        return bool(self._pattern.search(text))


def _in_pieces(word: str) -> str:
    # Between the signs of East Asia a space parts no words.
    joint = rf"[\s{CUT}]*" if word >= EAST_ASIA else f"{CUT}*"
    return joint.join(map(re.escape, word))
