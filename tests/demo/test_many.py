"""Many concerns made in bulk: each is as if it had been sent by itself."""

from __future__ import annotations

from typing import NoReturn

import pytest
from django.db import connection
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.access import list_check, list_triggers
from grievances.cases.models.case import Case
from grievances.cases.models.stored_keys.held import held_on
from grievances.casework import reading
from grievances.deadlines.recompute import differences
from grievances.demo.many_cases import concerns
from grievances.demo.many_cases.concerns import make_concerns
from grievances.demo.texts import ACCOUNTS
from grievances.vocabulary import State
from grievances.web.cases.presenters.case_list import PAGE, list_cases
from tests.factories import cases
from tests.factories.people import Staff
from tests.signing_in import sign_in
from workflow.chain import verify

COUNT = 2 * PAGE + 3


def test_concerns_made_in_bulk_are_listed_read_and_acknowledged(staff: Staff) -> None:
    seen: list[float] = []
    alone = cases.raised(staff, "complainant2", about="")
    assert make_concerns(COUNT, cases.START, 1, seen.append) == COUNT
    assert seen[-1] == 1.0
    made = list(Case.unguarded.exclude(pk=alone.pk))
    assert {case.state for case in made} == {State.SUBMITTED}

    page = list_cases(staff["lead1"], cases.START.date())
    assert len(page.rows) == PAGE
    assert list_check.different([case.pk for case in made]) == []
    client = sign_in(Client(), staff, "lead1")
    assert client.get("/cases/").status_code == 200

    case, caller = made[0], staff.caller("triage1")
    opened = reading.open_case(caller, case.reference, now=cases.at(0, 11))
    assert not opened.locked
    assert any(words.text in ACCOUNTS for words in opened.words)
    events = list(Event.objects.filter(chain=case.reference).order_by("seq"))
    for row in case.deadlines.all():
        assert differences(row, events) == [], row.name
    event = cases.done(staff, case, "triage1", "acknowledge", cases.at(0, 12), declare=True)
    assert event.seq == len(events) + 1
    assert verify(Event).ok


def test_a_run_that_is_cut_short_leaves_the_triggers_on_and_the_lists_true(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concerns, "BATCH", 3)

    def look(share: float) -> None:
        assert list_triggers.missing(connection) == []
        every = list(Case.unguarded.values_list("pk", flat=True))
        assert list_check.different(every) == []
        if share > 0.5:
            monkeypatch.setattr(concerns, "_words", cut_short)

    def cut_short(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_concerns(9, cases.START, 1, look)
    assert Case.unguarded.count() == 6
    look(0)


def test_triggers_that_were_lost_are_put_on_again_before_concerns_are_made(staff: Staff) -> None:
    list_triggers.remove(connection)
    make_concerns(1, cases.START, 1, lambda share: None)
    assert list_triggers.missing(connection) == []


@pytest.mark.postgres
def test_a_trigger_that_is_off_counts_as_missing(staff: Staff) -> None:
    with list_triggers.put_off(connection):
        assert len(list_triggers.missing(connection)) == 9
    assert list_triggers.missing(connection) == []


def test_concerns_made_in_bulk_have_the_rows_of_one_that_was_sent(staff: Staff) -> None:
    """The same parts and shares of keys, but those of the complainant, who has no case key."""
    alone = cases.raised(staff, "complainant2", about="", identity="OPEN")
    make_concerns(1, cases.START, 1, lambda share: None)
    made = Case.unguarded.exclude(pk=alone.pk).get()
    for name in ("deadlines", "grants", "allegations"):
        own, other = (getattr(case, name).count() for case in (made, alone))
        assert own <= other, name
    held = held_on(made)
    assert all(one.is_sealed for one in held)
    assert {one.part for one in held} == {"", "dpo", "lead"}
