"""Names in other scripts: a name is found in whatever script it is typed or kept.

Where a script writes few vowels, consonants are compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from anyascii import anyascii

from grievances.people.names import fits, tokens, words
from grievances.people.word_memory import Remembered, names_of_the_directory

ARTICLE = re.compile(r"(?<!\S)ال")
"""The Arabic article, which Latin writes as a word of its own."""
SYLLABLE = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where two syllables of Chinese or Korean, or two glued words, meet."""
SURNAMES = {
    "Gim": "Kim", "I": "Lee", "Bag": "Park", "Choe": "Choi", "Jeong": "Jung", "Gang": "Kang",
    "Jo": "Cho", "Yun": "Yoon", "Im": "Lim", "Sin": "Shin", "Yu": "Yoo", "O": "Oh", "U": "Woo",
}  # fmt: skip
"""Korean surnames as their bearers write them, by the official letters."""
HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7af]")
NOT_HEARD = re.compile(r"[aeiouyjh]")
WEAK = re.compile(r"[vw]")
ONE_SOUND = re.compile("[td][sz]")
HEARD = str.maketrans("bfwcqzdg", "vvvkkstk")


def is_other_script(text: str) -> bool:
    """Return whether a text has words in a script that is not compared by letters."""
    return not text.isascii() and any(not word.isascii() for word in words(text))


def has_other_letters(text: str) -> bool:
    """Return whether a text has a letter of another script than the Latin one."""
    return not text.isascii() and any(
        not unicodedata.name(sign, "LATIN").startswith(("LATIN", "FULLWIDTH", "MODIFIER"))
        for sign in unicodedata.normalize("NFKC", text)
        if sign.isalpha()
    )


@Remembered
def in_latin(text: str) -> str:
    """Return a text in Latin letters, syllables of Chinese and Korean as words."""
    plain = SYLLABLE.sub(" ", anyascii(ARTICLE.sub("al ", text)))
    if HANGUL.search(text):
        first, _, rest = plain.partition(" ")
        plain = f"{SURNAMES.get(first, first)} {rest}"
    return plain


SPOKEN = str.maketrans(
    {
        "đ": "dj", "ć": "ch", "č": "ch", "ç": "ch", "š": "sh", "ş": "sh", "ș": "sh", "ś": "sh",
        "ž": "zh", "ż": "zh", "ź": "zh", "ğ": "", "ț": "ts", "ţ": "ts", "ł": "w", "ñ": "ny",
        "ń": "ny", "ř": "rzh", "ľ": "ly", "ď": "dy", "ť": "ty", "ě": "ye", "ã": "an",
        "ą": "on", "ę": "en", "ő": "o", "ű": "u",
    }
)  # fmt: skip
"""Letters of Latin alphabets, and how an English reader writes their sounds."""


WRITTEN_TOGETHER = (
    ("schtsch", "shch"), ("dsch", "j"), ("tsch", "ch"), ("sch", "sh"), ("gj", "dj"), ("tx", "ch"),
    ("xh", "j"), ("dzh", "j"), ("chr", "khr"),
)  # fmt: skip
"""Letters that other languages write for one sound, and how English does."""
POLISH = re.compile("[ąęłńśźż]|rz|sz|czy")
POLISH_TOGETHER = (("rz", "zh"), ("cz", "ch"), ("sz", "sh"), ("w", "v"), ("j", "y"))
"""The same of Polish, whose letters also sound otherwise than in English."""
AS_J = re.compile("dz|dj")


def spoken(name: str) -> str:
    """Return a foreign name as it is written after hearing it: Jurjević, Jurjevich."""
    plain = unicodedata.normalize("NFC", name).lower()
    said = plain.translate(SPOKEN)
    together = POLISH_TOGETHER + WRITTEN_TOGETHER if POLISH.search(plain) else WRITTEN_TOGETHER
    for written, sound in together:
        said = said.replace(written, sound)
    return said


def as_english(line: str) -> set[str]:
    """Return a typed line of Latin letters as English writes what it says.

    Another convention may have been used to write it: Gjurgjević, Hruščeva, Chruschtschowa.
    """
    if has_other_letters(line):
        return set()
    said = spoken(line)
    return {said, AS_J.sub("j", said)} - {line.lower()}


def frames(word: str) -> set[str]:
    """Return the consonants of a Latin word.

    They are there with and without those that also write a vowel.
    """
    word = ONE_SOUND.sub("z", word)
    shapes = (NOT_HEARD.sub("", word), NOT_HEARD.sub("", WEAK.sub("", word)))
    single = {re.sub(r"(.)\1+", r"\1", shape.translate(HEARD)) for shape in shapes}
    return {shape for shape in single if len(shape) > 1}


KANA = re.compile("[\u3040-\u30ff]")
AS_JAPANESE = (("th", "s"), ("l", "r"), ("ti", "chi"), ("si", "shi"), ("fu", "hu"))
"""How Japanese writes sounds of other languages that it does not have."""


R_NOT_SAID = re.compile(r"(?<=[aeiou])r(?![aeiou])")


def frames_in_kana(word: str) -> set[str]:
    """Return the consonants of a Latin word as kana write it.

    An R behind a vowel is not said.
    """
    for sound, written in AS_JAPANESE:
        word = word.replace(sound, written)
    return frames(word) | frames(R_NOT_SAID.sub("", word))


class Consonants:
    """Names by their consonants, for scripts that write few vowels."""

    @names_of_the_directory()
    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        self.people = {pk: words(in_latin(name)) for pk, name in names}
        self.index: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.in_kana: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for pk, own in self.people.items():
            for token, covered in tokens(own):
                for frame in frames(token):
                    self.index[frame].append((pk, covered))
                for frame in frames_in_kana(token):
                    self.in_kana[frame].append((pk, covered))

    def find(self, line: str) -> frozenset[int]:
        """Return the people whose consonants are those of this line."""
        typed = words(in_latin(line))
        weak = [(NOT_HEARD.sub("", word), 1 << at) for at, word in enumerate(typed)]
        hits: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        index, of_word = self.index, frames
        if KANA.search(line):
            index, of_word = self.in_kana, frames_in_kana
        for token, covered in tokens(typed):
            for frame in of_word(token):
                for pk, own in index.get(frame, ()):
                    hits[pk].append((0, covered, own))
        for pk, found in hits.items():
            # One consonant says little: it counts beside another word alone.
            for at, word in enumerate(self.people[pk]):
                said = NOT_HEARD.sub("", word)
                found += [
                    (0, covered, 1 << at) for heard, covered in weak if said and heard == said
                ]
        return frozenset(pk for pk, found in hits.items() if fits(typed, self.people[pk], found))
