"""The service as an oracle: a thief raises concerns of their own and compares two copies.

The thief has the database before and after, an account or none, and no server key. They know whom
they named, in which order the directory lists them, and whatever stands in clear. The attack knows
no table of ours: it takes every hash and every blob, wherever it stands.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection

from grievances.cases.models.case import Case
from grievances.cases.models.parties import Party
from grievances.encryption.server_keys import person_pseudonym
from grievances.intake import submission
from grievances.people.models import Appointment, User
from grievances.retention import erasure
from grievances.vocabulary import Standing
from tests.attacks.stolen_copy import as_bytes
from tests.factories import cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff

UNITS = "LEEDS\nYORK\nHULL\nKENT"
"""Whole units that the thief leaves out: 10 people, and someone is left to read it."""
HASH = re.compile(rb"[0-9a-f]{20,}")
Row = dict[str, Any]


@dataclass
class Copy:
    """A copy of the database: the rows of each table, in the order in which they are stored."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    @classmethod
    def steal(cls) -> Copy:
        tables: dict[str, list[Row]] = {}
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                name = connection.ops.quote_name(table)
                cursor.execute(f"SELECT * FROM {name}")  # noqa: S608 - a name from the database
                names = [column[0] for column in cursor.description]
                tables[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return cls(tables)

    def since(self, before: Copy) -> Copy:
        """The rows that are new or changed."""
        known = {table: {repr(row) for row in rows} for table, rows in before.tables.items()}
        return Copy(
            {
                table: [row for row in rows if repr(row) not in known.get(table, set())]
                for table, rows in self.tables.items()
            }
        )

    def by_case(self) -> dict[int, list[tuple[str, Row]]]:
        """Every row that says in clear to which case it belongs."""
        found: dict[int, list[tuple[str, Row]]] = defaultdict(list)
        links = self._links()
        for table, rows in self.tables.items():
            for row in rows:
                own = {row[name] for name in ("case_id", "content_object_id") if row.get(name)}
                text = json.dumps(row, default=str)
                own |= {pk for link, pk in links.items() if link in text}
                for pk in own if len(own) == 1 else ():
                    found[pk].append((table, row))
        return found

    def _links(self) -> dict[str, int]:
        links = {row["reference"]: row["id"] for row in self.tables["grievances_case"]}
        for table in ("grievances_hearing", "grievances_consent", "grievances_companion"):
            links |= {row["token"]: row["case_id"] for row in self.tables[table]}
        return links


def hashes(row: Row) -> set[bytes]:
    """Every opaque value of a row: each hash in it, and whole blobs."""
    found: set[bytes] = set()
    for value in row.values():
        raw = as_bytes(value)
        if isinstance(value, (bytes, bytearray, memoryview)):
            found |= {raw} if len(raw) > 15 else set()
        else:
            found |= set(HASH.findall(raw))
    return found


def shared(copy: Copy) -> dict[bytes, set[int]]:
    """The opaque values that are on more than one case, but for people at work on them.

    Who works on a case is in clear, and their inbox is the same for all of their work.
    """
    where: dict[bytes, set[int]] = defaultdict(set)
    for pk, rows in copy.by_case().items():
        for table, row in rows:
            for value in hashes(row) if table not in CHAINED else ():
                where[value].add(pk)
    for value in officers():
        where.pop(value, None)
    return {value: pks for value, pks in where.items() if len(pks) > 1}


def officers() -> set[bytes]:
    """The inboxes at work of everyone who holds an office."""
    held = Appointment.objects.values_list("person", flat=True)
    return {person_pseudonym(pk).encode() for pk in held}


CHAINED = {"grievances_event", "grievances_chainhead", "grievances_heartbeat"}
"""An entry of the trail repeats the digest of the one before it."""


def named_by_order(new: Copy, people: list[int]) -> dict[bytes, int]:
    """Hash -> account: the n-th new row of one kind belongs to the n-th account named."""
    found: dict[bytes, int] = {}
    for rows in new.tables.values():
        kinds: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            codes = [v for v in row.values() if isinstance(v, str) and not HASH.search(v.encode())]
            kinds[repr(codes)].append(row)
        for alike in kinds.values():
            values = [value for row in alike for value in sorted(hashes(row))]
            if len(values) == len(people) == len(set(values)):
                found |= dict(zip(values, people, strict=True))
    return found


def guesses(copy: Copy, names: dict[bytes, int]) -> dict[int, set[int]]:
    """Case -> the accounts whose hash is on it."""
    found: dict[int, set[int]] = defaultdict(set)
    for pk, rows in copy.by_case().items():
        for _, row in rows:
            found[pk] |= {names[value] for value in hashes(row) if value in names}
    return found


def named_units() -> list[int]:
    people = User.objects.filter(unit__code__in=UNITS.split()).order_by("pk")
    return list(people.values_list("pk", flat=True))


def raise_as_account(staff: Staff, **answers: Any) -> None:
    cases.raised(staff, "staff1", at(3), about="", exclude=UNITS, **answers)


def raise_anonymously(staff: Staff) -> None:
    answers = {**cases.ACCOUNT, "about": "", "exclude": UNITS, "region": "NORTH"}
    able = [person.pk for person in submission.preview_anonymous(answers, now=at(3))]
    submission.submit_anonymous(answers, expected=able, now=at(3))


@pytest.fixture
def others(staff: Staff) -> list[Case]:
    """Concerns of other people: the same respondent twice, a witness, and one who stepped back."""
    first = cases.in_investigation(staff, about="respondent1")
    people = {"person": staff["companion1"], "text": "What did you see?", "due_on": at(9).date()}
    done(staff, first, "handler1", "ask_witness", START, **people, checked=True)
    people |= {"person": staff["respondent1"], "text": "What do you say?"}
    done(staff, first, "handler1", "put_to_respondent", START, **people, checked=True)
    done(staff, first, "handler1", "recuse", START)
    return [
        first,
        cases.raised(staff, "complainant1", at(1), about="respondent1\nstaff2"),
        cases.raised(staff, "complainant2", at(1), about="decider2"),
        cases.raised(staff, "complainant2", at(2), about="linemanager1"),
    ]


@pytest.mark.parametrize("way", [raise_as_account, raise_anonymously])
def test_naming_whole_units_names_no_one_in_another_case(
    way: Any, staff: Staff, others: list[Case]
) -> None:
    before = Copy.steal()
    way(staff)
    after = Copy.steal()
    own = {staff["staff1"].pk} if way is raise_as_account else set()
    names = named_by_order(after.since(before), [pk for pk in named_units() if pk not in own])
    told = {pk: people for pk, people in guesses(before, names).items() if people}
    right = {
        (party.case_id, party.standing)
        for party in Party.objects.filter(case__in=others)
        if party.person_id in told.get(party.case_id, set())
    }
    assert right == set()


def test_no_hash_and_no_blob_is_on_two_cases(staff: Staff, others: list[Case]) -> None:
    raise_as_account(staff)
    raise_anonymously(staff)
    assert shared(Copy.steal()) == {}


def test_a_new_concern_changes_nothing_that_is_known_of_the_others(
    staff: Staff, others: list[Case]
) -> None:
    """No row of a person is written again when someone names them."""
    before = Copy.steal()
    raise_as_account(staff)
    new = Copy.steal().since(before)
    own = Case.unguarded.latest("pk").pk
    assert set(new.by_case()) <= {own}
    known = {value for rows in before.tables.values() for row in rows for value in hashes(row)}
    for table, rows in new.tables.items():
        if table not in CHAINED:
            for row in rows:
                assert not hashes(row) & known - officers(), table


def test_the_lists_of_two_cases_do_not_tell_a_long_line_of_managers(staff: Staff) -> None:
    """One complainant has a manager and a director above them, the other one has none."""
    pair = [cases.raised(staff, "complainant1", at(1), about="staff2").pk]
    pair.append(cases.raised(staff, "complainant2", at(1), about="staff2").pk)
    rows = Copy.steal().by_case()
    shapes = [
        Counter(
            (table, tuple(len(v) for v in row.values() if isinstance(v, (bytes, memoryview))))
            for table, row in rows[pk]
            if table in {"grievances_party", "grievances_bar", "grievances_exclusions"}
        )
        for pk in pair
    ]
    assert shapes[0] == shapes[1]


def test_respondents_are_not_in_the_order_of_the_directory(staff: Staff) -> None:
    typed = "staff1\nstaff2\nrespondent1\ncompanion1\ncomplainant2"
    orders = set()
    for day in range(6):
        case = cases.raised(staff, "complainant1", at(day), about=typed)
        rows = Party.objects.filter(case=case, standing=Standing.RESPONDENT).order_by("pk")
        orders.add(tuple(party.person_id for party in rows))
    assert len({tuple(sorted(filter(None, order))) for order in orders}) == 1
    assert len(orders) > 1


def test_a_mark_that_was_seen_with_a_person_is_never_used_again(staff: Staff) -> None:
    """The thief names one person, sees the new marks, and waits for them in another case."""
    seen: set[bytes] = set()
    for case in (cases.raised(staff, "staff1", at(n), about="respondent1") for n in range(2)):
        seen |= everything(Copy.steal().tables.values())
        erasure.destroy(case, {}, at(400))
        seen |= everything(Copy.steal().tables.values())
    before = Copy.steal()
    cases.raised(staff, "complainant1", at(500), about="respondent1")
    new = Copy.steal().since(before)
    fresh = everything(rows for table, rows in new.tables.items() if table not in CHAINED)
    assert fresh
    assert not fresh & seen - officers()


def everything(tables: Iterable[list[Row]]) -> set[bytes]:
    return {value for rows in tables for row in rows for value in hashes(row)}
