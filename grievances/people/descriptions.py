"""Lines that fit no one as they are: who may be described by them all the same.

A frightened person writes a sentence, a married name, a pet name or an office. Nothing here says
who is meant; everyone found is in doubt, and kept out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache

from nicknames import NickNamer

from grievances.people.names import FILLING, LONG_LINE, TITLES, edits, words
from grievances.people.pet_names import PETS
from grievances.people.pronunciation.sounds import sound
from grievances.people.surname_forms import EAST_ASIAN as SURNAMES_FIRST
from grievances.people.word_memory import Remembered, names_of_the_directory

ORDINARY = frozenset(
    words(
        "will may mark rose art bill grant sue pat jack rich faith hope joy dot frank drew nick "
        "dawn summer june april august ray guy miles chase grace young white black brown green "
        "king long short good page cook baker rob jo an the can so as in on it he she her him us "
        "his they them day may read right wright said did was had for van der den del bin ben "
        "win back son bay art max flip val ginger violet daisy bill may her rose"
    )
)
"""Words that are names as well; they count where they are written as names."""
EAST_ASIAN = frozenset(word for group in SURNAMES_FIRST for word in words(group))
FEMININE = ("ova", "eva", "a", "ska")
"""Endings that Slavic surnames of women have, and of men not."""
Offices = tuple[tuple[str, frozenset[int]], ...]
"""What an office is called, and the accounts that have held it."""


WITH_Z = re.compile(r"(\w{2,}?)z+(?:a|er|y|ie)?")
"""How English makes a pet name of one with an R: Gaz for Gary, Kaz for Karen."""
MUTATED = (
    ("ngh", ("c",)), ("ng", ("g",)), ("mh", ("p",)), ("nh", ("t",)), ("ch", ("c",)),
    ("ph", ("p",)), ("th", ("t",)), ("dd", ("d",)), ("f", ("m", "b")), ("m", ("b",)),
    ("n", ("d",)), ("g", ("c",)), ("b", ("p",)), ("d", ("t",)), ("l", ("ll", "gl")),
    ("r", ("rh", "gr")), ("", ("g",)),
)  # fmt: skip
"""How a name begins after some words of Welsh, and by itself: i Feirion."""
LONG_NAME = 9
"""The fewest letters of a name with a short form inside: Dami for Oluwadamilola."""


class Descriptions:
    """The words of all names, for lines that no name fits."""

    def __init__(
        self,
        people: Mapping[int, tuple[str, ...]],
        offices: Offices,
        misspelt: Callable[[str], set[str]],
    ) -> None:
        self.people, self.misspelt = people, misspelt
        self.holders = [(_title(label), held) for label, held in offices]
        self.bearers: dict[str, set[int]] = defaultdict(set)
        self.surnames: dict[str, set[int]] = defaultdict(set)
        for pk, own in people.items():
            for word in own:
                self.bearers[word].add(pk)
            first = [word for word in own[:1] if word in EAST_ASIAN]
            for word in [*first, *(own[-1:] if len(own) < 3 else own[1:])]:
                if len(word) > 1:
                    self.surnames[word].add(pk)

    def find(self, part: tuple[str, ...], line: str) -> frozenset[int]:
        """Return everyone whom a part of a line may describe."""
        if not part:
            return frozenset()
        if len(part) == 1:
            return frozenset(self._bearing(self._inside(part[0])))
        found = self._mentioned(part, line)
        if len(part) < LONG_LINE:
            found |= self._by_surname(part) | self._by_forms(part)
        return frozenset(found)

    def in_office(self, line: str) -> frozenset[int]:
        """Return everyone who has held an office that a line names."""
        said = set(words(line))
        held = (people for titles, people in self.holders if any(t <= said for t in titles))
        return frozenset().union(*held)

    def _bearing(self, found: Iterable[str]) -> set[int]:
        return {pk for word in found for pk in self.bearers[word]}

    def _by_surname(self, part: tuple[str, ...]) -> set[int]:
        """Return everyone with one of these surnames, or a longer one a letter away.

        The words beside it may be a pet name, a married name or a title of any language.
        """
        alike = {w for word in part for w in {word, *self._one_letter_away(word)}}
        alike |= {word + ending for word in part if len(word) > 3 for ending in FEMININE}
        alike |= {
            word.removesuffix(ending) for word in part if len(word) > 5 for ending in FEMININE
        }
        alike |= {one for word in part if word in EAST_ASIAN for one in PETS[word]}
        alike |= {one for word in part for one in self._radicals(word)}
        return {pk for word in alike for pk in self.surnames.get(word, ())}

    def _by_forms(self, part: tuple[str, ...]) -> set[int]:
        """Return everyone of whose name each typed word is a form of another word."""
        forms = [self._forms(word) for word in part]
        everyone = set.intersection(*map(self._bearing, forms))
        return {pk for pk in everyone if _apart(forms, self.people[pk])}

    def _forms(self, word: str) -> set[str]:
        """Return the words of the directory that a typed word may mean."""
        known = self.bearers
        if len(word) == 1:
            return {one for one in known if one[0] == word}
        forms = self._pets(word) | self._one_letter_away(word) | ({word} & known.keys())
        forms |= self._radicals(word) | self._within(word)
        forms |= {one for one in known if len(word) > 2 and one.startswith(word)}
        return forms | {one for one in known if len(word) > 3 and one.endswith(word)}

    def _pets(self, word: str) -> set[str]:
        found = {one for one in PETS.get(word, set()) | other_forms(word) if one in self.bearers}
        made = WITH_Z.fullmatch(word)
        if made:
            found |= {one for one in self.bearers if one.startswith(f"{made[1]}r")}
        return found if found or word in self.bearers else self._of_a_pet_name(word)

    def _of_a_pet_name(self, word: str) -> set[str]:
        """Return the names one of whose pet names begins so: Mags, of Maggie."""
        begun = {word, word.removesuffix("s"), word.removesuffix("y"), word.removesuffix("ie")}
        long = tuple(one for one in begun if len(one) > 2)
        return {name for form, name in self._pet_names if form.startswith(long)} if long else set()

    @cached_property
    def _pet_names(self) -> list[tuple[str, str]]:
        with names_of_the_directory():
            return [
                (form, one)
                for one in self.bearers
                for form in PETS.get(one, set()) | other_forms(one)
            ]

    def _radicals(self, word: str) -> set[str]:
        """Return the names that a Welsh word is after its first letter has changed."""
        if len(word) < 4 or word in self.bearers:
            return set()
        forms = {
            f"{first}{word[len(changed) :]}"
            for changed, firsts in MUTATED
            if word.startswith(changed)
            for first in firsts
        }
        return forms & self.bearers.keys()

    def _within(self, word: str) -> set[str]:
        if len(word) < 4:
            return set()
        return {one for one in self.bearers if len(one) >= LONG_NAME and word in one}

    def _one_letter_away(self, word: str) -> set[str]:
        if len(word) < 2:
            return set()
        near = {one for one in self.misspelt(word) if one in self.bearers}
        return {
            one
            for one in near
            if edits(word, one) in ((0, 1, 2) if len(word) > LONG_NAME else (0, 1))
            and (min(len(word), len(one)) > 4 or sound(word) == sound(one))
        }

    def _inside(self, word: str) -> set[str]:
        """Return the words of names in one word: "mrsjones", or "Emeka" for Chukwuemeka."""
        found = self._pets(word) | {one for one in self.bearers if len(one) > 4 and one in word}
        found |= {one for one in self.bearers if len(one) > 3 and word.endswith(one)}
        found |= {one for one in self.bearers if len(word) > 3 and one.endswith(word)}
        found |= self._radicals(word) | self._within(word)
        bare = {word[len(title) :] for title in TITLES if word.startswith(title)}
        return found | (bare & self.surnames.keys())

    def _mentioned(self, part: tuple[str, ...], line: str) -> set[int]:
        """Return everyone with a name written in a sentence.

        A name with another name beside it is that of another person.
        """
        spoken = [word for word in line.split() if words(word)]
        found: set[str] = set()
        for at, word in enumerate(spoken):
            said = words(word)[0]
            if len(said) < 3 or said in FILLING or said not in part:
                continue
            beside = [one for one in spoken[max(at - 1, 0) : at + 2] if one != word]
            written = word[:1].isupper() and (said not in ORDINARY or at > 0)
            if any(map(_is_name, beside)) or (said in ORDINARY and not written):
                continue
            if written or len(part) > 2:
                found |= self._pets(said) | ({said} & self.bearers.keys())
        return self._bearing(found)


@lru_cache(maxsize=1)
def _names() -> NickNamer:
    return NickNamer()


@Remembered
def other_forms(word: str) -> frozenset[str]:
    """Return pet names of a first name, and the first names of a pet name."""
    full = _names().canonicals_of(word)
    return frozenset().union(full, *map(_names().nicknames_of, {word, *full}))


def _title(label: str) -> list[set[str]]:
    """Return the sets of words by which an office is known."""
    own = words(label)
    short = set(own) - FILLING
    return [short or set(own)] if short or own else []


def _is_name(word: str) -> bool:
    said = words(word)
    return word[:1].isupper() and bool(said) and said[0] not in FILLING | TITLES | ORDINARY


def _apart(forms: list[set[str]], own: tuple[str, ...]) -> bool:
    """Return whether each typed word has a word of the name to itself."""
    if not forms:
        return True
    return any(
        _apart(forms[1:], own[:at] + own[at + 1 :])
        for at, word in enumerate(own)
        if word in forms[0]
    )
