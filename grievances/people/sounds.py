"""Spellings of one sound: Leigh and Lee, Wright and Right."""

from __future__ import annotations

import re
from functools import lru_cache

SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:wr|rh)", "r"),
        (r"^(?:kn|gn)", "n"),
        (r"^ps", "s"),
        (r"eigh|igh|ey|ay|ee|ea|ie|y", "i"),
        (r"gh|(?<=[aeiou])h", ""),
        (r"ph", "f"),
        (r"ck|q", "k"),
        (r"x", "ks"),
        (r"s?ch|sh", "s"),
        (r"t?z|ts", "s"),
        (r"oo|ou|ow(?![aeiouy])", "u"),
        (r"c(?=[ei])", "s"),
        (r"c", "k"),
        (r"w", "v"),
        (r"th", "t"),
        (r"(?<=\w\w)e$", ""),
        (r"(.)\1+", r"\1"),
    )
)
"""Spellings of one sound, in the order in which they are replaced."""


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Return how an English reader says a Latin word."""
    for pattern, one in SOUNDS:
        word = pattern.sub(one, word)
    return word
