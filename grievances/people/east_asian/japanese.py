"""Names in Chinese characters as they are read in Japanese: 田中由紀 is Tanaka Yuki.

A character has several readings, and a name may use any of them. All that the dictionary of names
knows are given (IPADIC, which comes with Janome); no reading is taken for the right one.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from anyascii import anyascii

from grievances.people.word_memory import Remembered

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff々]")
NAME = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff々・\\s]{2,16}")
"""A text that may be a Japanese name: characters and kana alone."""
KANA = re.compile("[\u3040-\u30ff]+")
PERSONS = "名詞,固有名詞,人名"
"""How the dictionary marks surnames and first names."""
LEAST_LETTERS = 2
SMALL = {"ャ": "a", "ュ": "u", "ョ": "o", "ゃ": "a", "ゅ": "u", "ょ": "o"}
"""Small signs that turn the syllable before them into another: シ and ョ are "sho"."""
DOUBLES = "ッっ"
LONG = (("ou", "o"), ("oo", "o"), ("uu", "u"))
"""Long vowels, which most people write short: Sato, Yuko."""
MOST_READINGS = 12
MOST_PIECES = 3
LEAST_OF_TWO = 4
"""Signs of a surname and a first name."""


def is_japanese(text: str) -> bool:
    """Return whether a text has Chinese characters, and can be read in Japanese."""
    return bool(HAN.search(text)) and bool(NAME.fullmatch(text.strip()))


@Remembered
def readings(text: str) -> tuple[str, ...]:
    """Return how a name may be read, in Latin letters, surname first.

    There are at most 12 readings.
    """
    if not is_japanese(text):
        return ()
    plain = re.sub("[\\s・]", "", text)
    found = dict.fromkeys(" ".join(words) for words in _splits(plain, MOST_PIECES))
    if not found and len(plain) >= LEAST_OF_TWO:  # A first name that is not in the dictionary.
        surnames = (each for each in _starts(plain) if len(each[0]) > 1)
        found = dict.fromkeys(in_letters(reading) for _, reading in surnames)
    return tuple(islice(found, MOST_READINGS))


def _splits(text: str, most: int) -> Iterator[tuple[str, ...]]:
    """Yield the readings of a text, each as words, the longest names first."""
    if not text:
        yield ()
    elif most:
        for piece, reading in _starts(text):
            for rest in _splits(text[len(piece) :], most - 1):
                yield (in_letters(reading), *rest)


def _starts(text: str) -> list[tuple[str, str]]:
    """Return (name, reading) for every name with which a text begins."""
    kana = KANA.match(text)
    if kana:
        return [(kana[0], kana[0])]
    tokenizer, names = _dictionary(), {}
    for entry in tokenizer.sys_dic.lookup(text.encode(), tokenizer.matcher):
        kind, _, _, _, reading, _ = tokenizer.sys_dic.lookup_extra(entry[0])
        if kind.startswith(PERSONS) and len(in_letters(reading)) >= LEAST_LETTERS:
            names[entry[1], reading] = True
    return sorted(names, key=lambda each: -len(each[0]))


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    # Loaded when it is first needed: it takes a second and 60 MB.
    return importlib.import_module("janome.tokenizer").Tokenizer()


@Remembered
def in_letters(kana: str) -> str:
    """Return kana in Latin letters, as people write their names.

    This is Hepburn's way, with long vowels short.
    """
    out = ""
    is_doubled = False
    for sign in kana:
        if sign in DOUBLES:
            is_doubled = True
            continue
        if sign in SMALL and out.endswith("i"):
            start = out[:-1]
            out = start + ("" if start.endswith(("sh", "ch", "j")) else "y") + SMALL[sign]
            continue
        latin = anyascii(sign).lower()
        latin = {"zi": "ji", "di": "ji", "du": "zu", "-": ""}.get(latin, latin)
        out += latin[:1] + latin if is_doubled else latin
        is_doubled = False
    for double, one in LONG:
        out = out.replace(double, one)
    return out
