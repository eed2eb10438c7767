"""Match typed names to accounts: who is meant, and who may be meant.

Those in doubt are kept away as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from grievances.people.descriptions import Offices
from grievances.people.directory import Directory, Entry, directory_of
from grievances.people.models import (
    Appointment,
    LineManagement,
    LinkedAccounts,
    Links,
    Unit,
    User,
    join_linked,
    linked,
)
from grievances.people.names import FILLING, edits, without, words
from grievances.people.readings import lone_initial
from grievances.vocabulary import Office
from workflow.json_values import JsonMapping

MANAGER_OF = re.compile(
    r"['’]s?\s+(?:line )?(?:manager|boss|supervisor|superior|director)\b"
    r"|\b(?:manager|boss|supervisor|superior|director)\s+(?:of|to|for)\b",
    re.IGNORECASE,
)
"""A line that names a person to say whose manager is meant."""
TEAM_OF = re.compile(
    r"(?:['’]s?|(?:\band|[&+])(?:\s+(?:all|his|her|their|the|whole|of))*)\s+(?:whole\s+)?"
    r"(?:team|staff|deputy|deputies|people|lot|crew|gang|reports|co|colleagues)\b"
    r"|\b(?:team|staff|deputy|deputies|people|reports)\s+(?:of|under)\b|\bet al\b",
    re.IGNORECASE,
)
"""A line that names a person and means those who work for them as well."""
LONGER = 4
"""A word of a unit that has more letters may have a wrong one."""
LISTED = re.compile(r"[;&+•]|\s(?:and|or|plus|also|ac|neu|as well as)\s", re.IGNORECASE)
"""What is between two who are listed on one line."""
WHOLE = re.compile(
    r"\b(?:every\w*|all|any(?:one|body)|whole|entire|rest|others?|pawb|cyfan)\b", re.IGNORECASE
)
"""A line that means all of a unit, also where it names a person beside it."""


EVERYTHING = f"""
SELECT 'unit', id, code, name, region, division FROM "{Unit._meta.db_table}"
UNION ALL SELECT 'person', id, username, name, email, '' FROM "{User._meta.db_table}"
UNION ALL SELECT 'post', person_id, office, '', '', '' FROM "{Appointment._meta.db_table}"
UNION ALL SELECT 'link', first_id, CAST(second_id AS varchar), '', '', ''
FROM "{LinkedAccounts._meta.db_table}"
ORDER BY 1, 2
"""  # noqa: S608 - names of tables alone
UNIT = ("id", "code", "name", "region", "division")
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Named:
    """The people whom the lines of one field name, by account id.

    `meant`: exactly one account has these very words. `close`: every other account that may be
    meant; they are kept away too. `ruled_out`: those whom the writer does not mean. `unknown`:
    lines that are close to no one. `described`: lines that name a unit and no one in it.
    """

    meant: frozenset[int] = frozenset()
    close: frozenset[int] = frozenset()
    ruled_out: frozenset[int] = frozenset()
    units: tuple[Unit, ...] = ()
    unknown: tuple[str, ...] = ()
    described: tuple[str, ...] = ()

    @property
    def everyone(self) -> frozenset[int]:
        """All who are kept away by name, in doubt or not."""
        return self.meant | self.close


@dataclass(frozen=True)
class Staff:
    """The staff directory as it is now: one query for any number of lines.

    People who have left are in it, because the people who managed them are kept away too.
    """

    directory: Directory
    units: tuple[Unit, ...]
    links: Links = ()

    @classmethod
    def read(cls) -> Staff:
        """Return the directory, read from the database."""
        rows = _everything()
        units = tuple(Unit.from_db(connection.alias, UNIT, row) for row in rows["unit"])
        entries = tuple(Entry(*row[:4]) for row in rows["person"])
        links = linked((row[0], int(row[1])) for row in rows["link"])
        places, offices = tuple(unit.name for unit in units), _offices(rows["post"])
        return cls(directory_of(entries, places, offices), units, links)

    def people(self, typed: str, not_meant: Collection[int] = ()) -> Named:
        """Return the people meant by names, user names or addresses.

        There is one a line, or several on one.
        """
        return self._named(typed, not_meant, ())

    def people_and_units(self, typed: str, not_meant: Collection[int] = ()) -> Named:
        """Return the people and the whole units meant (domain.md 5.3, G_EXCLUDED).

        A unit in a line that names no one is meant as well: "the head of York office".
        """
        return self._named(typed, not_meant, self.units)

    def _named(self, typed: str, not_meant: Collection[int], units: tuple[Unit, ...]) -> Named:
        meant: set[int] = set()
        close: set[int] = set()
        found: list[Unit] = []
        unknown: list[str] = []
        described: list[str] = []
        for line in filter(None, (part.strip() for part in typed.splitlines())):
            matches = self.directory.find(line)
            here = [unit for unit in units if _means_unit(line, unit)]
            if not here and (not matches or lone_initial(line)):
                here = [unit for unit in units if _mentions(line, unit)]
                described += [line] if here else []
            close |= _beside(line, {pk for match in matches for pk in match.close})
            for match in matches:
                left = match.same if len(match.same) == 1 else match.same.difference(not_meant)
                meant |= left if len(left) == 1 else set()
                close |= match.close
            found += here
            if not matches and not here:
                unknown.append(line)
        # Another account of a person meant cannot be ruled out, only of one in doubt.
        doubted = join_linked(close | meant, self.links) - meant
        ruled_out = doubted.intersection(join_linked(not_meant, self.links))
        ruled_out -= join_linked(meant, self.links)
        return Named(
            frozenset(meant), frozenset(doubted - ruled_out), frozenset(ruled_out),
            tuple(dict.fromkeys(found)), tuple(dict.fromkeys(unknown)),
            tuple(described),
        )  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """The people whom the answers mean, field by field."""

    about: Named
    decided: Named
    exclude: Named
    links: Links | None = None
    """The `account_links`, where the directory was read."""
    affected: Named = Named()
    """To whom it happened, where that is not the writer.

    They are no side that is kept away.
    """

    @classmethod
    def read(cls, answers: JsonMapping) -> Answers:
        """Return the three fields and the affected person, matched.

        `not_meant` in the answers holds the accounts that the writer has ruled out.
        """
        typed = {name: str(answers.get(name) or "") for name in (*FIELDS, AFFECTED)}
        if not any(text.strip() for text in typed.values()):
            return cls(Named(), Named(), Named())
        staff, ruled_out = Staff.read(), [int(pk) for pk in answers.get("not_meant") or ()]
        return cls(
            staff.people_and_units(typed["about"], ruled_out),
            staff.people_and_units(typed["decided"], ruled_out),
            staff.people_and_units(typed["exclude"], ruled_out),
            staff.links,
            staff.people(typed[AFFECTED]),
        )

    @property
    def units(self) -> set[Unit]:
        """The units whose people are kept away, in whichever field they were typed."""
        return {unit for field in self.fields for unit in field.units}

    @property
    def fields(self) -> tuple[Named, ...]:
        """The three fields in the order of `FIELDS`."""
        return (self.about, self.decided, self.exclude)


FIELDS = ("about", "decided", "exclude")
"""The answers in which names are typed."""
AFFECTED = "affected"
"""The answer in which the person is named to whom it happened."""


@dataclass(frozen=True)
class Told:
    """What a page tells a person with an account about the names that they typed.

    `found` are kept away, `close` are kept away in doubt, `ruled_out` are not.
    """

    found: tuple[User | Unit, ...] = ()
    close: tuple[User, ...] = ()
    ruled_out: tuple[User, ...] = ()
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(cls, fields: Iterable[Named]) -> Told:
        """Return the fields combined, with their accounts.

        Of two findings about one account the stronger one counts.
        """
        fields = tuple(fields)
        meant = {pk for field in fields for pk in field.meant}
        close = {pk for field in fields for pk in field.close} - meant
        ruled_out = {pk for field in fields for pk in field.ruled_out} - meant - close
        people = _people(meant | close | ruled_out)
        units = [unit for field in fields for unit in field.units]
        return cls(
            (*(p for p in people if p.pk in meant), *dict.fromkeys(units)),
            tuple(p for p in people if p.pk in close),
            tuple(p for p in people if p.pk in ruled_out),
            tuple(
                dict.fromkeys(line for field in fields for line in field.unknown + field.described)
            ),
        )


def match_one(typed: str) -> User | None:
    """Return the one active account that a typed name or user name means.

    Returns None when it is not exactly one.
    """
    meant = Staff.read().people(typed).meant
    return User.objects.filter(pk__in=meant, is_active=True).first() if len(meant) == 1 else None


def may_be(typed: str) -> list[User]:
    """Return every account that a typed name may mean."""
    return _people(Staff.read().people(typed).everyone)


def close_to(person: User) -> list[User]:
    """Return other accounts with a close name, and those linked to it or to them.

    One person may have two accounts.
    """
    staff = Staff.read()
    close = staff.directory.close_to(person.pk)
    return _people(join_linked({person.pk, *close}, staff.links) - {person.pk})


def _people(ids: Collection[int]) -> list[User]:
    if not ids:
        return []
    return list(User.objects.filter(pk__in=ids).select_related("unit").order_by("name", "pk"))


def _everything() -> dict[str, list[Row]]:
    """Return the rows of the whole directory by what they are, in order, by one query."""
    found: dict[str, list[Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(EVERYTHING)
        for sort, *row in cursor.fetchall():
            found[sort].append(tuple(row))
    return found


def _offices(posts: Iterable[Row]) -> Offices:
    """Return each office by its name and its code, with everyone who has held it."""
    held: dict[str, set[int]] = defaultdict(set)
    for person, office, *_ in posts:
        held[office].add(person)
    named = ((name, held[one]) for one in Office for name in (one.label, one.value) if held[one])
    return tuple((name, frozenset(people)) for name, people in named)


def _beside(line: str, people: set[int]) -> set[int]:
    """Return the managers or the staff of these people, where a line means them too."""
    found = _managers(people) if MANAGER_OF.search(line) else set()
    return found | (_managed(people) if TEAM_OF.search(line) else set())


def _managers(people: Collection[int]) -> set[int]:
    rows = LineManagement.objects.filter(person__in=people)
    return set(rows.values_list("manager", flat=True))


def _managed(people: Collection[int]) -> set[int]:
    rows = LineManagement.objects.filter(manager__in=people)
    return set(rows.values_list("person", flat=True))


def _means_unit(line: str, unit: Unit) -> bool:
    """Return whether a line is a unit, lists one, or means everyone in it."""
    if any(_is_unit(part, unit) for part in (line, *LISTED.split(line))):
        return True
    return bool(WHOLE.search(line)) and _mentions(line, unit)


def _mentions(line: str, unit: Unit) -> bool:
    """Return whether the name of a unit is among the words of a line."""
    said, name = words(line), without(words(unit.name), FILLING)
    starts = range(len(said) - len(name) + 1) if name else ()
    return any(_same_words(said[at : at + len(name)], name) for at in starts)


def _is_unit(line: str, unit: Unit) -> bool:
    """Return whether a line is the name or code of a unit: "Hull", "the Hull office"."""
    typed = words(line)
    shapes, names = {typed, without(typed, FILLING)}, _unit_names(unit.name, unit.code)
    return any(_same_words(shape, name) for shape in shapes for name in names if shape)


@lru_cache(maxsize=4096)
def _unit_names(name: str, code: str) -> frozenset[tuple[str, ...]]:
    """Return the names of a unit of the directory as words, each once."""
    return frozenset((words(name), words(code), without(words(name), FILLING)))


def _same_words(typed: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Return whether two texts have the same words, wrong letters aside.

    One letter may be wrong in each longer word.
    """
    return len(typed) == len(name) and all(
        one == other or (min(len(one), len(other)) > LONGER and edits(one, other) in (0, 1))
        for one, other in zip(typed, name, strict=True)
    )
