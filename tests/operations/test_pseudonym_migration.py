"""Rows of before, with one keyed hash for a person on every case, are brought over and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from grievances.cases.access import rules
from grievances.cases.models.case import Case
from grievances.cases.models.exclusions import excluded_from
from grievances.cases.models.parties import Party, standings_of
from grievances.cases.notices import sending
from grievances.encryption.server_keys import handle
from grievances.people.models import User
from grievances.reports.disclosure.registry import pack, unpack
from grievances.reports.snapshot_models import Release
from notifications.outbox import inbox
from tests.factories import cases
from tests.factories.cases import START, at, done
from tests.factories.people import Staff

BEFORE = "0026_exclusions_and_lookup"


def move_to(name: str) -> Any:
    """Migrate to this state and return its models."""
    executor = MigrationExecutor(connection)
    executor.migrate([("grievances", name)])
    return executor.loader.project_state([("grievances", name)]).apps


def move_to_the_last() -> None:
    """Migrate to the state that the models of today need."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("grievances"))


@pytest.fixture
def two_cases(transactional_db: None, staff: Staff) -> Iterator[list[Case]]:
    first = cases.in_investigation(staff, about="respondent1\nstaff2")
    people = {"person": staff["companion1"], "text": "What did you see?", "due_on": at(9).date()}
    done(staff, first, "handler1", "ask_witness", START, **people, checked=True)
    figure = Release(audience="x", family="f", period="2026-27", until=at(1).date(), shown=True)
    figure.persons, figure.people = 2, pack(frozenset({first.pk, 40}), figure.place_of_people)
    figure.save()
    yield [first, cases.raised(staff, about="respondent1", exclude="handler2")]
    move_to_the_last()


def seen(several: list[Case]) -> dict[str, Any]:
    """What people find: their cases and inboxes, who is excluded, who is a party."""
    people = {person.username: person for person in User.objects.all()}
    lists = {name: rules.cases_for(who, "read") for name, who in people.items()}
    return {
        "lists": {name: set(found.values_list("pk", flat=True)) for name, found in lists.items()},
        "inboxes": {name: inbox(*sending.inboxes(who)).count() for name, who in people.items()},
        "parts": {name: sorted(standings_of(who.pk)) for name, who in people.items()},
        "figures": [
            unpack(bytes(row.people), row.place_of_people) for row in Release.objects.all()
        ],
        "excluded": {case.pk: excluded_from(case) for case in several},
        "parties": sorted((p.case_id, p.standing, p.person_id or 0) for p in Party.objects.all()),
    }


def test_old_rows_are_brought_over_and_back(two_cases: list[Case], staff: Staff) -> None:
    before = seen(two_cases)
    assert before["inboxes"]["companion1"] == 1
    old = move_to(BEFORE)
    name = handle("standing", "RESPONDENT", staff["respondent1"].pk)
    assert old.get_model("grievances", "Party").objects.filter(handle=name).count() == 2
    barred = handle("barred", staff["respondent1"].pk)
    assert old.get_model("grievances", "Bar").objects.filter(handle=barred).count() == 2
    assert not old.get_model("grievances", "PartyLookup").objects.exists()
    assert bytes(old.get_model("grievances", "Release").objects.get().people)[:1] == b"\x01"
    move_to_the_last()
    assert seen(two_cases) == before
    handles = list(Party.objects.values_list("handle", flat=True))
    assert name not in handles
    assert len(set(handles)) == len(handles)
