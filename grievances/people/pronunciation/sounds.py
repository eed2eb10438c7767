"""Spellings of one sound: Leigh and Lee, Wright and Right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grievances.people.word_memory import Remembered

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


SAINT = ("st", "saint")
SAID_TOGETHER = {
    "john": ("sinjin", "sinjun", "sinjon", "singen"),
    "clair": ("sinclair", "sinclaire"),
    "claire": ("sinclair", "sinclaire"),
    "maur": ("seymour",),
    "leger": ("sellinger", "selinger"),
    "paul": ("semple", "sampol"),
    "pierre": ("simper", "sampier"),
    "denis": ("sidney", "sydney"),
    "lo": ("senlo",),
    "aubyn": ("saintaubin", "tawbin"),
}
"""How names with a saint in them are said, and written after hearing them."""


def saints(own: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield other words for a name with a saint in it, and what they cover.

    So St John is found as Sinjin, and Sinclair as St Clair.
    """
    for at, word in enumerate(own):
        following = own[at + 1] if at + 1 < len(own) else ""
        if word in SAINT and following:
            spoken = (*SAID_TOGETHER.get(following, ()), *(each + following for each in SAINT))
            yield from ((each, 3 << at) for each in spoken)
        for saint, spoken in SAID_TOGETHER.items():
            if word in spoken or word in {each + saint for each in SAINT}:
                yield from ((each + saint, 1 << at) for each in SAINT)
                yield from ((each, 1 << at) for each in spoken if each != word)


@Remembered
def sound(word: str) -> str:
    """Return how an English reader says a Latin word."""
    for pattern, one in SOUNDS:
        word = pattern.sub(one, word)
    return word
