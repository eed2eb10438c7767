"""The staff directory, searched by typed names: it finds everyone who is close.

It never returns only the best match. While there is doubt who is meant, all of them are kept out
(architecture.md 5). Nothing here asks the database, so SQLite and PostgreSQL give the same answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple

from grievances.people.descriptions import Descriptions, Offices
from grievances.people.east_asian import cantonese, japanese, mandarin
from grievances.people.names import (
    FILLING,
    LONG_LINE,
    NOTE,
    SCRIPTS_WITHOUT_SPACES,
    TITLES,
    Match,
    Spellings,
    compact,
    edits,
    fits,
    fits_unspaced,
    has_digit,
    name_words,
    other_words,
    parts_of,
    tokens,
    without,
    words,
)
from grievances.people.pet_names import PET_ENDING, PETS
from grievances.people.pronunciation.sound_classes import SoundClasses, initial
from grievances.people.pronunciation.sounds import saints, sound
from grievances.people.readings import (
    NO_ONE,
    NUMBER,
    by_ear,
    capitals_apart,
    further_initials,
    has_initials,
    in_somali,
    lone_initial,
    particles_joined,
    pets_in_latin,
    plainer,
    readings,
    without_address,
    without_calling,
    without_titles,
)
from grievances.people.scripts import Consonants, as_english, has_other_letters, in_latin, spoken
from grievances.people.scripts import is_other_script as in_other
from grievances.people.word_memory import forget_names, names_of_the_directory, one_search

SENTENCE = 6
"""A part of this many words, descriptions aside, is read for further names in it."""


class Entry(NamedTuple):
    """One account of the directory."""

    pk: int
    username: str
    name: str
    email: str = ""


class Directory:
    """The accounts, indexed by the words of their names; it keeps no typed text.

    `places` are the names of units: a place in a line may be a note about the person. `offices` are
    found in lines that name no one.
    """

    @names_of_the_directory()
    def __init__(
        self, entries: Iterable[Entry], places: Iterable[str] = (), offices: Offices = ()
    ) -> None:
        self.entries, self.offices = tuple(entries), offices
        self.people: dict[int, tuple[str, ...]] = {}
        self.further_initials: dict[int, tuple[str, ...]] = {}
        self.keys: dict[str, set[int]] = defaultdict(set)
        self.index: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.unspaced: list[tuple[int, tuple[str, ...]]] = []
        self.places = {word for place in places for word in words(place)}
        for entry in self.entries:
            self._add(entry)
        self.spellings = Spellings(self.index)

    def _add(self, entry: Entry) -> None:
        own = name_words(entry.name)
        self.people[entry.pk] = own
        self.further_initials[entry.pk] = further_initials(entry.name)
        for token, covered in tokens(own):
            self.index[token].append((entry.pk, covered))
        if len(own) > 1:  # Run together, surname first.
            self.index[own[-1] + "".join(own[:-1])].append((entry.pk, (1 << len(own)) - 1))
        for word, covered in [*other_words(entry.name), *saints(own), *in_somali(own)]:
            self.index[word].append((entry.pk, covered))
        if own:
            self.keys["".join(own)].add(entry.pk)
        for key in {compact(entry.username), compact(entry.email)} - {"", "".join(own)}:
            self.keys[key].add(entry.pk)
            for form in {key, *NUMBER.findall(key)}.difference(own):
                self.index[form].append((entry.pk, (1 << max(len(own), 1)) - 1))
        if SCRIPTS_WITHOUT_SPACES.search("".join(own)):
            self.unspaced.append((entry.pk, own))

    @cached_property
    def described(self) -> Descriptions:
        """The same people, for lines that fit no one."""
        return Descriptions(self.people, self.offices, self.spellings.near)

    @cached_property
    def other_scripts(self) -> Directory:
        """The people whose names are in a script that is not compared, in Latin letters."""
        with names_of_the_directory():
            others = [entry for entry in self.entries if in_other(entry.name)]
            return Directory(Entry(one.pk, "", in_latin(one.name)) for one in others)

    @cached_property
    def as_spoken(self) -> Directory:
        """The people whose names have letters that English lacks, as English hears them."""
        others = [(entry.pk, spoken(entry.name), entry.name.lower()) for entry in self.entries]
        return Directory(Entry(pk, "", said) for pk, said, own in others if said != own)

    @cached_property
    def as_read(self) -> tuple[Directory, ...]:
        """The people with Chinese characters, by each reading in Japanese and Cantonese.

        The first directory has one reading of each, the second another, and so on.
        """
        with names_of_the_directory():
            read = {
                one: (*japanese.readings(one.name), *cantonese.readings("".join(one.name.split())))
                for one in self.entries
            }
        most = max(map(len, read.values()), default=0)
        return tuple(
            Directory(Entry(one.pk, "", all_[n]) for one, all_ in read.items() if n < len(all_))
            for n in range(most)
        )

    @cached_property
    def by_initial(self) -> dict[str, frozenset[int]]:
        """The people by the first letter of their surname, as far as it is Latin."""
        found: dict[str, set[int]] = defaultdict(set)
        for pk, own in self.people.items():
            found[own[-1][0] if own else ""].add(pk)
        return {letter: frozenset(people) for letter, people in found.items()}

    @cached_property
    def consonants(self) -> Consonants:
        """Everyone by the consonants of their names, to compare names of two scripts."""
        return Consonants((entry.pk, entry.name) for entry in self.entries)

    @cached_property
    def foreign_consonants(self) -> Consonants:
        """The same of people whose names are in another script."""
        others = self.other_scripts.people
        return Consonants((entry.pk, entry.name) for entry in self.entries if entry.pk in others)

    @cached_property
    def sound_classes(self) -> SoundClasses:
        """Everyone by the classes of sound in their names."""
        return SoundClasses(self.people)

    @one_search()
    def find(self, line: str) -> list[Match]:
        """Return the accounts a line names, part by part; empty when it fits no one."""
        if NO_ONE.fullmatch(line):
            return []
        matches = [match for each in (line, *readings(line)) for match in self._read(each)]
        if not any(match.same for match in matches):
            matches += [match for each in plainer(line) for match in self._read(each)]
        said = {line, without_address(line)} if in_other(line) else {line}
        other = [match for each in said for match in self._in_other_scripts(each)]
        doubted = {pk for match in other for pk in match.close}
        doubted |= self.by_initial.get(lone_initial(line), frozenset())
        if not any(match.same for match in matches):
            doubted |= self._as_heard(line)
        if not matches and not doubted:
            doubted = set(self.described.in_office(line))
        return [*matches, Match(frozenset(), frozenset(doubted))] if doubted else matches

    def _in_other_scripts(self, line: str) -> list[Match]:
        """Return the people whom a line fits in another script than its own."""
        line = without_titles(line) if in_other(line) else line
        latin = in_latin(line)
        if in_other(line):
            found = [*self._read(latin), *self.other_scripts._read(latin)]
            plain = without_calling(line).strip()
            said_so = (*japanese.readings(line.strip()), *japanese.readings(plain))
            for reading in (*said_so, *mandarin.readings(plain)):
                found += self._find(parts_of(reading))
            called = mandarin.called_by(plain, self.described.bearers)
            heard = frozenset(pk for word in called for pk in self.described.bearers[word])
            if not japanese.HAN.search(line) or mandarin.may_be_foreign(line):
                said = (plain, by_ear(plain), *pets_in_latin(plain))
                heard = heard.union(*map(self.consonants.find, said))
            return [*found, Match(frozenset(), heard | self._beside_an_initial(plain))]
        as_said = (m for each in (line, *as_english(line)) for m in self.as_spoken._read(each))
        spoken_so = [Match(frozenset(), match.close) for match in as_said]
        if not self.other_scripts.people:
            return spoken_so
        by_sound = Match(frozenset(), self.foreign_consonants.find(line))
        doubted = [match for each in self.as_read for match in each._find(parts_of(latin))]
        doubt = frozenset(pk for match in doubted for pk in match.close)
        return [*spoken_so, *self.other_scripts._read(latin), by_sound, Match(frozenset(), doubt)]

    def _beside_an_initial(self, line: str) -> frozenset[int]:
        """Return everyone whom a line in another script names beside an initial."""
        full = " ".join(word for word in line.split() if not initial(word))
        begun = frozenset().union(*map(initial, line.split())) if full else frozenset()
        said = [m for each in (in_latin(full), *pets_in_latin(full)) for m in self._read(each)]
        found = self.consonants.find(full).union(*(match.close for match in said))
        return frozenset(pk for pk in found if any(w[0] in begun for w in self.people[pk]))

    def _as_heard(self, line: str) -> set[int]:
        """Return everyone whose name is written in a line as others hear it."""
        line = without_titles(line) if has_other_letters(line) else line
        if has_other_letters(line):
            return set(self.sound_classes.in_another_script(without_calling(line)))
        parts = self._without_filling(NOTE.sub(" ", particles_joined(line)))
        short = [part for part in parts if len(part) < LONG_LINE]
        heard = [
            each.sound_classes.in_latin(part, each.spellings.near)
            for each in (self, self.as_spoken)
            for part in short
        ]
        return set().union(*heard)

    def _read(self, line: str) -> list[Match]:
        plain = NOTE.sub(" ", capitals_apart(line))
        notes = [part for note in NOTE.findall(line) for part in self._without_filling(note)]
        entire = self._match(without(words(plain), TITLES))
        found = [entire] if entire.same else self._find(parts_of(plain))
        found += self._find(notes)
        missed = [part for part in self._without_filling(plain) if self._adds(part, found)]
        rest = self._find(missed)
        parts = [*missed, *(part for part in notes if len(part) > 1)]
        left = [one for one in parts if self._adds(one, rest) and not self._match(one).close]
        described = self._describe(left, line) + self._describe(self._long(plain, found), plain)
        return found + rest + described

    def _long(self, text: str, found: list[Match]) -> list[tuple[str, ...]]:
        """Return the words of sentences that are not explained by the people found."""
        said = {word for match in found for pk in match.close for word in self.people[pk]}
        parts = [part for part in self._without_filling(text) if len(part) >= SENTENCE]
        return [tuple(w for w in part if w not in said) for part in parts if found]

    def _describe(self, parts: list[tuple[str, ...]], line: str) -> list[Match]:
        close = frozenset().union(*(self.described.find(part, line) for part in parts))
        return [Match(frozenset(), close)] if close else []

    def _without_filling(self, text: str) -> list[tuple[str, ...]]:
        """Return the parts of a text without the words of a description; none may be left."""
        set_aside = FILLING | self.places
        parts = [tuple(w for w in part if w not in set_aside) for part in parts_of(text)]
        return [part for part in parts if part]

    def _adds(self, part: tuple[str, ...], found: list[Match]) -> bool:
        """Return whether no word of a part is explained by the people found so far."""
        said = {word for match in found for pk in match.close for word in self.people[pk]}
        return not any(edits(word, one) is not None for word in part for one in said)

    def close_to(self, pk: int) -> frozenset[int]:
        """Return everyone else whose name is close to the name of this account."""
        return frozenset(self._close(self.people.get(pk, ())) - {pk})

    def _find(self, parts: list[tuple[str, ...]]) -> list[Match]:
        """Return the matches of the parts of a line.

        A surname and a first name on two sides of a comma are one name; two full names are two. A
        single word that the whole line does not explain is looked up by itself.
        """
        parts = [part for part in parts if part]
        lone = [part for part in parts if len(part) == 1]
        matches = [self._match(part) for part in parts if len(part) > 1]
        together = tuple(word for part in parts for word in part)
        if lone and len(parts) > 1:
            matches.append(self._match(together))
        people = {pk for match in matches for pk in match.close}
        said = {word for pk in people for word in self.people[pk]}
        for part in lone:
            if len(parts) == 1 or not any(edits(part[0], word) is not None for word in said):
                matches.append(self._match(part))
        return [match for match in matches if match.close]

    def _match(self, typed: tuple[str, ...]) -> Match:
        exact = self.keys.get("".join(typed), set())
        close = self._close(typed) | exact
        shape = sorted(typed)
        same = {pk for pk in close if sorted(self.people[pk]) == shape} | exact
        # A user name identifies one account, and one person may have two.
        close = close.union(*(self._close(self.people[pk]) for pk in exact))
        return Match(frozenset(same), frozenset(close))

    def _close(self, typed: tuple[str, ...]) -> set[int]:
        """Return the accounts that these words may mean."""
        hits: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for token, covered in tokens(typed):
            for word, cost in self._close_words(token, alone=len(typed) == 1):
                for pk, own in self.index[word]:
                    # Run together, "Ann Fox" would be one letter away from "Ann Cox".
                    if not cost or covered.bit_count() == 1 or own.bit_count() == 1:
                        hits[pk].append((cost, covered, own))
        close = {pk for pk, found in hits.items() if fits(typed, self.people[pk], found)}
        if len(typed) > 1 and all(len(word) == 1 for word in typed):
            close |= {
                pk
                for pk, own in self.people.items()
                if has_initials(own, typed, self.further_initials[pk])
            }
        return close | {pk for pk, own in self.unspaced if fits_unspaced(typed, own)}

    def _close_words(self, token: str, *, alone: bool) -> list[tuple[str, int]]:
        """Return (word of the directory, its cost) for the words a typed word may mean."""
        near = {token} if token in self.index else set()
        if len(token) > 1 and not has_digit(token):
            near |= self.spellings.near(token)
        costs = [(word, edits(token, word)) for word in near]
        costs += [(word, 0) for word in PETS.get(token, ()) if word in self.index]
        if alone and len(token) > 2:  # A short form: "Rob" for Robert.
            begun = token if costs else PET_ENDING.sub(r"\1", token)
            fuller = (one for one in self.index if one.startswith(begun) and one != token)
            costs += [(one, 0) for one in fuller if begun == token or one.isalpha()]
            if not costs and len(token) > 4:  # Shafik, for Shafiqul.
                costs += [(one, 0) for one in self.spellings.begun_by_sound(token)]
        return [
            (word, cost)
            for word, cost in costs
            if cost is not None
            and not (alone and cost and len(word) < 5 and sound(word) != sound(token))
        ]


@lru_cache(maxsize=1)
def directory_of(
    entries: tuple[Entry, ...], places: tuple[str, ...], offices: Offices = ()
) -> Directory:
    """Return the directory of these accounts; built again only when one has changed."""
    forget_names()
    return Directory(entries, places, offices)
