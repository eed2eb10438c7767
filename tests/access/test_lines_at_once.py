"""Lines of many people, and many cases, are judged together exactly as one by one."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from grievances.cases.models.assignments import grant
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import excluded_from
from grievances.cases.models.offers import Offer
from grievances.cases.models.parties import add_party
from grievances.cases.models.stored_keys.held import held_on
from grievances.casework import appointments
from grievances.casework.appointments import keep_lines_apart, open_cases_under
from grievances.encryption.key_pairs import holder_name
from grievances.encryption.server_keys import person_pseudonym
from grievances.people.lines import lines_ever_of, lines_of
from grievances.people.models import (
    LINE_MEMORY,
    LineManagement,
    LinkedAccounts,
    User,
    account_links,
    line_chain,
)
from grievances.vocabulary import Role, Standing
from notifications.models import Notice
from notifications.outbox import Message, put
from tests.access.conflicts import TODAY, barred, manage
from tests.factories import cases
from tests.factories.cases import START, at
from tests.factories.people import Staff

pytestmark = pytest.mark.django_db
PEOPLE = 40


def organisation(chance: random.Random) -> list[int]:
    """People with managers of every kind: now, once, long ago, to come, in turn, and of leavers."""
    rows = [
        User(username=f"x{n}", name=f"X {n}", is_active=chance.random() < 0.8)
        for n in range(PEOPLE)
    ]
    people = [each.pk for each in User.objects.bulk_create(rows)]
    ends = [None, None, TODAY - timedelta(days=5), TODAY - LINE_MEMORY,
            TODAY - LINE_MEMORY - timedelta(days=1)]  # fmt: skip
    LineManagement.objects.bulk_create(
        LineManagement(
            person_id=person,
            manager_id=manager,
            from_date=TODAY - timedelta(days=chance.choice([-3, 0, 900])),
            to_date=chance.choice(ends),
        )
        for person, manager in (chance.sample(people, 2) for _ in range(PEOPLE + 12))
    )
    LinkedAccounts.objects.bulk_create(
        (
            LinkedAccounts(first_id=first, second_id=second)
            for first, second in (chance.sample(people, 2) for _ in range(4))
        ),
        ignore_conflicts=True,
    )
    return people


@pytest.mark.parametrize("seed", range(12))
def test_many_lines_are_the_lines_of_each(seed: int) -> None:
    people = organisation(random.Random(seed))
    found = lines_of(people, TODAY, account_links())
    assert found == {pk: line_chain([pk], TODAY) for pk in people}
    ever = lines_ever_of(people, account_links())
    assert all(ever[pk] >= found[pk] for pk in people)


def moved_under(staff: Staff, count: int) -> list[Case]:
    """Cases about people who get a manager that no case knows."""
    boss = User.objects.create(username="boss", name="Mo Boss")
    found = []
    for number in range(count):
        person = User.objects.create(username=f"r{number}", name=f"Ray {number}")
        LineManagement.objects.create(person=person, manager=boss, from_date=TODAY)
        case = cases.raised(staff)
        add_party(case, Standing.RESPONDENT, person.pk)
        found.append(case)
    return found


def test_strangers_are_excluded_from_many_cases_by_as_many_queries_as_from_two(
    staff: Staff,
) -> None:
    counts = []
    for number in (2, 8):
        User.objects.filter(username="boss").delete()
        User.objects.filter(username__startswith="r", name__startswith="Ray").delete()
        made = moved_under(staff, number)
        boss = User.objects.get(username="boss")
        only = open_cases_under([boss.pk])
        assert only == {case.pk for case in made}
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert keep_lines_apart(at(1), only=only) == number
        counts.append(len(asked))
        assert all(excluded_from(cases.fresh(case))[boss.pk] == {"LINE"} for case in made)
        assert keep_lines_apart(at(1), only=only) == 0
    assert counts[0] == counts[1]


@pytest.mark.parametrize("part", ["role", "announced", "told", "offer", "key"])
def test_who_has_anything_of_a_case_loses_it_in_the_same_sweep(
    staff: Staff, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, boss = cases.raised(staff), staff["staff2"]
    inbox = person_pseudonym(boss.pk)
    if part == "role":
        grant(case, boss, Role.AUDITOR)
    elif part == "announced":
        case.pending_readers.create(
            person=boss, role=Role.TRIAGE.value, announced_at=START, effective_on=TODAY
        )
    elif part == "offer":
        case.offers.create(candidate=boss, role=Role.HANDLER, sent_on=TODAY)
    elif part == "told":
        message = Message(inbox, "update", "/inbox/", "k1", reference=case.reference)
        with transaction.atomic():
            put([message], now=START)
    else:
        boss = staff["triage1"]
        case.grants.filter(user=boss).delete()
        assert held_on(case, holder_name(boss.pk))
    manage(staff, boss.username, "complainant1")
    judged: list[int] = []
    real = appointments._keep_line_apart

    def judge(case_id: int, *given: object) -> int:
        judged.append(case_id)
        return real(case_id, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(appointments, "_keep_line_apart", judge)
    assert keep_lines_apart(at(1)) == 1
    assert judged == [case.pk]
    assert barred(case, boss) == {"LINE"}
    assert not case.grants.filter(user=boss).exists()
    assert not case.pending_readers.filter(person=boss).exists()
    assert not case.offers.filter(candidate=boss, status=Offer.Status.SENT).exists()
    assert not Notice.objects.filter(reference=case.reference, handle=inbox).exists()
    assert not held_on(cases.fresh(case), holder_name(boss.pk))
