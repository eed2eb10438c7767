"""Names by the classes of their consonants: Smith, Schmidt, 史密斯 and 스미스 are alike.

A name that another script or language writes as it is heard keeps where its consonants are made,
and little else: B may be P, L may be R, a vowel may come between or behind any two. This is the
roughest of the comparisons. It comes last, and those whom it finds are in doubt.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property
from itertools import islice, product

from grievances.people.east_asian.japanese import HAN
from grievances.people.east_asian.mandarin import may_be_foreign
from grievances.people.names import edits, fits, has_digit, tokens
from grievances.people.pet_names import PETS
from grievances.people.pronunciation.sounds import sound
from grievances.people.readings import by_ear
from grievances.people.scripts import in_latin as latin
from grievances.people.scripts import is_other_script
from grievances.people.word_memory import Remembered, names_of_the_directory

CLASSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sch|sz|cz|sh|zh|ts|tz|dz|dj|dg", ("s",)),
    ("ph", ("p",)),
    ("ch", ("s", "k")),
    ("th", ("t", "s")),
    ("gh", ("k", "")),
    ("ng", ("n", "nk")),
    ("mc|mac(?=[a-z]{3})", ("nk",)),
    ("x", ("s", "ks")),
    ("[bpfv]", ("p",)),
    ("[dt]", ("t",)),
    ("[mn]", ("n",)),
    ("[sz]", ("s",)),
    ("k", ("k",)),
    ("c(?=k)", ("",)),
    ("[cq]", ("k", "s")),
    ("g(?=[eiy])", ("k", "s")),
    ("g", ("k",)),
    ("j", ("s", "")),
    ("[lr](?=[aeiouy])|l", ("l",)),
    ("r", ("l", "")),
    ("w(?=[aeiouy])", ("p", "")),
)
"""Letters, and the classes of sound that they may be; others are not heard."""
LETTERS = re.compile("|".join(f"({letters})" for letters, _ in CLASSES))
MOST_CLASSES = 32
"""Ways to read one word that are compared."""
SURE = 3
"""Consonants of a line in another script that make it a name."""
ALONE = 4
"""The same of a single word in Latin letters."""
PARTS = re.compile(r"[^\w\u0300-\u036f\u0591-\u05c7\u05f3\u05f4\u0900-\u0dff\u0e00-\u0eff'’]+")


@Remembered
def classes(word: str) -> frozenset[str]:
    """Return the ways in which the consonants of a Latin word may be heard."""
    heard = [CLASSES[(found.lastindex or 1) - 1][1] for found in LETTERS.finditer(word.casefold())]
    ways = islice(product(*heard), MOST_CLASSES)
    return frozenset(re.sub(r"(.)\1+", r"\1", "".join(way)) for way in ways) - {""}


def _fullest(ways: Set[str], unheard: int = 1) -> set[str]:
    """Return the ways that leave out no more than so many sounds of the fullest."""
    most = max(map(len, ways), default=0)
    return {way for way in ways if len(way) >= most - unheard}


def _with_ends(ways: Set[str]) -> set[str]:
    """Return the same without a last sound, and with another one."""
    shorter = {way[:-1] for way in ways if len(way) > 2}
    return {*ways, *shorter, *(f"{way}{end}" for way in ways if len(way) > 1 for end in "pktsnl")}


GERSHAYIM = re.compile('(\\w)[\u05f4"](\\w)')
"""Two initials, as Hebrew writes them."""
SAME_INITIAL = ("ckqghx", "vwbuo", "pfb", "sczjt", "jygiz", "td", "aeiouy")
"""First letters that one letter of another script may be."""
HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7af]")
SYLLABIC = re.compile(f"{HAN.pattern}|{HANGUL.pattern}|[\u3040-\u30ff\u1200-\u137f]")
"""Scripts in which one sign is no initial."""
FEW_SOUNDS = re.compile(f"{HAN.pattern}|[\u3040-\u30ff]")
"""Scripts that lack many sounds of other languages."""
UNSAID = "\u110b"
"""The sign of Hangul that begins a syllable without a consonant."""
BEGINS_UNSAID = "aeiouywhlr"
"""How a Latin word begins that Hangul begins with a vowel: 이 is Lee as well."""
CONSONANTS = re.compile("[bcdfgjklmnpqrstvz]|(?<![a-z])h|(?<=[aeiouy])h(?=[aeiouy])|x")
INNER_H = re.compile("(?<=[a-z])(?:h(?=[aeiouy])|f|x|j|g(?=[ei]))")


def initial(part: str) -> frozenset[str]:
    """Return the Latin letters of which a part is the initial; none for a word."""
    signs = [sign for sign in part if unicodedata.category(sign)[0] in "LN"]
    if len(signs) != 1 or len(part) > 3 or SYLLABIC.search(part):
        return frozenset()
    read = latin(signs[0]).lower() + latin(by_ear(signs[0])).lower()
    letters = {sign for sign in read if sign.isalpha()} or set("aeiou")
    return frozenset(letters.union(*(g for g in SAME_INITIAL if letters & set(g))))


def may_be_written(name: str, part: str) -> bool:
    """Return whether Hangul may write a Latin word so.

    It writes each consonant that is said. Two of them in one place are one: 줄리아 is Julia. An H
    within a word is heard as well.
    """
    if not HANGUL.search(part):
        return True
    signs = [s for s in unicodedata.normalize("NFD", part) if not "\u1161" <= s <= "\u1175"]
    heard = [latin(sign).lower()[:1] for sign in signs if sign != UNSAID]
    single = [one for at, one in enumerate(heard) if not at or one != heard[at - 1]]
    doubled = len(CONSONANTS.findall(name)) + name.count("x")
    inner_h = "\u1112" in "".join(signs).lstrip(UNSAID)[1:]
    if signs[0] == UNSAID and name[0] not in BEGINS_UNSAID:
        return False
    if any(sign in heard and sign not in name for sign in "mn"):
        return False
    return len(single) <= doubled and (not inner_h or bool(INNER_H.search(name)))


class SoundClasses:
    """Everyone by the classes of sound in their names."""

    @names_of_the_directory()
    def __init__(self, people: Mapping[int, tuple[str, ...]]) -> None:
        self.people = people
        self.bearers: dict[str, set[int]] = defaultdict(set)
        self.words: dict[str, set[str]] = defaultdict(set)
        self.begins: dict[str, set[str]] = defaultdict(set)
        for pk, own in people.items():
            for word in own:
                self.bearers[word].add(pk)
        for word in self.bearers:
            self.begins[word[0]].add(word)
            for way in classes(word):
                self.words[way].add(word)

    @cached_property
    def index(self) -> dict[str, set[tuple[int, int]]]:
        """Everyone, with the words that it covers, by what may be heard of their name."""
        found: dict[str, set[tuple[int, int]]] = defaultdict(set)
        with names_of_the_directory():
            for pk, own in self.people.items():
                all_of_it = (own[-1] + "".join(own[:-1]), (1 << len(own)) - 1)
                for token, covered in [*tokens(own), *([all_of_it] if len(own) > 1 else [])]:
                    for way in classes(token):
                        found[way].add((pk, covered))
        return found

    def in_latin(self, part: tuple[str, ...], misspelt: Callable[[str], set[str]]) -> set[int]:
        """Return everyone in whose name all of a part of a line is, as it is heard."""
        near = {word: {word, *PETS.get(word, ()), *self.alike(word)} for word in part}
        if len(part) > 1:
            near = {word: found | misspelt(word) for word, found in near.items()}
        words = {one for found in near.values() for one in found}
        people = {pk for word in words for pk in self.bearers.get(word, ())}
        return {pk for pk in people if self.beside_a_sure_word(part, self.people[pk])}

    def in_another_script(self, line: str) -> frozenset[int]:
        """Return everyone who may be meant by a line that is not in Latin letters.

        A last sound that one side does not write counts where no one fits without that.
        """
        parts = [part for part in PARTS.split(GERSHAYIM.sub(r"\1 \2", line)) if part]
        if HAN.search(line) and not may_be_foreign(line):
            return frozenset()
        together = self._sounding(parts)
        if len(parts) == 1 and HAN.search(line):
            for at in range(2, len(line) - 1):
                together |= self._sounding([line[:at], line[at:]])
        return together

    def _sounding(self, parts: Sequence[str]) -> frozenset[int]:
        if any(map(initial, parts)):
            return self._beside_initials(parts)
        typed = [latin(part).replace(" ", "") for part in parts]
        heard = [latin(by_ear(part)).replace(" ", "") for part in parts]
        is_korean = bool(HANGUL.search("".join(parts)))
        is_lone = len(parts) == 1 and not FEW_SOUNDS.search(parts[0])
        ways = [
            _fullest(classes(a) | classes(b), 0 if is_korean or is_lone else 1)
            for a, b in zip(typed, heard, strict=True)
        ]
        if sum(max(map(len, each), default=0) for each in ways) < SURE - (len(typed) == 1):
            return frozenset()
        if is_korean:  # It writes every sound, the last one too.
            return self._fitting(tuple(parts), ways)
        fitting = self._fitting(tuple(typed), ways)
        if len(parts) > 1 and HAN.search("".join(parts)):
            fitting |= self._fitting(tuple(typed), [_with_ends(each) for each in ways])
        return fitting or self._fitting(tuple(typed), [_with_ends(each) for each in ways])

    def _fitting(self, typed: tuple[str, ...], ways: Sequence[Set[str]]) -> frozenset[int]:
        hits: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for at, heard in enumerate(ways):
            for way in heard:
                for pk, own in self.index.get(way, ()):
                    if may_be_written(self._covered(pk, own), typed[at]):
                        hits[pk].append((0, 1 << at, own))
        return frozenset(
            pk
            for pk, found in hits.items()
            if len({covered for _, covered, _ in found}) == len(typed)
            and fits(typed, self.people[pk], found)
        )

    def _covered(self, pk: int, own: int) -> str:
        return "".join(word for at, word in enumerate(self.people[pk]) if own >> at & 1)

    def _beside_initials(self, parts: Sequence[str]) -> frozenset[int]:
        """Return everyone of whose name the parts are words and initials, each of another.

        Fewer sounds are heard only where no one fits with all of them.
        """
        first = [initial(part) for part in parts]
        if all(first):
            return self._by_initials(parts, first)
        ways = [_ways(part) for part in parts]
        levels = (_fullest(each, 0) for each in ways), map(_fullest, ways)
        for level in (*levels, (_with_ends(_fullest(each)) for each in ways)):
            found = self._fitting_beside(first, tuple(level))
            if found:
                return found
        return frozenset()

    def _by_initials(self, parts: Sequence[str], first: list[frozenset[str]]) -> frozenset[int]:
        if not is_other_script("".join(parts)):
            return frozenset()  # Compared by letters already.
        return frozenset(
            pk
            for pk, own in self.people.items()
            if len(own) == len(first) and _disjoint([_begun(own, each) for each in first])
        )

    def _fitting_beside(
        self, first: list[frozenset[str]], ways: Sequence[Set[str]]
    ) -> frozenset[int]:
        found: dict[int, list[set[int]]] = defaultdict(lambda: [set() for _ in first])
        for at, letters in enumerate(first):
            for way in () if letters else ways[at]:
                for pk, own in self.index.get(way, ()):
                    found[pk][at].add(own)
        for pk, choices in found.items():
            for at, letters in enumerate(first):
                choices[at] |= _begun(self.people[pk], letters)
        return frozenset(pk for pk, choices in found.items() if _disjoint(choices))

    def alike(self, word: str) -> set[str]:
        """Return the words of names that may be heard as a Latin word."""
        found = {one for way in classes(word) if len(way) > 1 for one in self.words.get(way, ())}
        if 1 < len(word) < ALONE:
            found |= {one for one in self.begins[word[0]] if _is_heard(word, one)}
        return found

    def beside_a_sure_word(self, part: tuple[str, ...], own: tuple[str, ...]) -> bool:
        """Return whether all of a part is in a name, at least one word as it is written.

        A single word has to be longer, and to begin as the name does.
        """
        if any(map(has_digit, part)):
            return False
        if len(part) == 1:
            return any(self._alone(part[0], word) for word in own)
        left, sure, heard = list(own), 0, 0
        for word in part:
            found = next((one for one in left if _is_sure(word, one)), None)
            sure += found is not None
            found = found or next((one for one in left if _is_heard(word, one)), None)
            if found is None:
                return False
            left.remove(found)
            heard = max(heard, *map(len, classes(word) or {""}))
        return sure > 0 or heard >= SURE or (not left and max(map(len, part)) < ALONE)

    def _alone(self, word: str, other: str) -> bool:
        ways = {way for way in classes(word) & classes(other) if len(way) >= ALONE}
        return bool(ways) and word[0] == other[0]


def _ways(part: str) -> frozenset[str]:
    """Return how the consonants of a part in another script may be heard."""
    read = f"{latin(part)} {latin(by_ear(part))}".split()
    return frozenset().union(*map(classes, read))


def _begun(own: tuple[str, ...], letters: Set[str]) -> set[int]:
    """Return the words of a name that begin with one of these letters."""
    return {1 << at for at, word in enumerate(own) if word[0] in letters}


def _disjoint(choices: Sequence[set[int]], taken: int = 0) -> bool:
    """Return whether each part can have words of a name to itself."""
    if not choices:
        return True
    return any(_disjoint(choices[1:], taken | own) for own in choices[0] if not own & taken)


def _is_sure(word: str, other: str) -> bool:
    if word == other or word in PETS.get(other, ()):
        return True
    if min(len(word), len(other)) < ALONE:
        return False
    return sound(word) == sound(other) or (
        min(len(word), len(other)) > ALONE and edits(word, other) is not None
    )


def _is_heard(word: str, other: str) -> bool:
    if min(len(word), len(other)) == 1:
        return word[0] == other[0]
    if len(word) < ALONE and other.replace("mac", "mc").startswith(word.replace("mac", "mc")):
        return True
    one, two = classes(word), classes(other)
    if any(len(way) > 1 for way in one & two):
        return True
    long = {way for way in one | two if len(way) > ALONE}
    return bool(long & _longer(one, two))


def _longer(one: frozenset[str], two: frozenset[str]) -> set[str]:
    """Return those of one side that lack only their last sound on the other."""
    return {way for way in one if way[:-1] in two} | {way for way in two if way[:-1] in one}
