"""A draft in several tabs: what one saves, the other never writes over, before or after sending."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from grievances.cases.access.standing import StandingQuestion
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.locked_case import lock_row
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.records import Kind, Record
from grievances.intake import drafts
from grievances.vocabulary import State
from tests.factories import cases
from tests.factories.people import Staff

NOW = cases.at(0)


def begun(staff: Staff) -> Case:
    caller = staff.caller("complainant1")
    return drafts.open_draft(staff["complainant1"], caller, now=NOW)


def tab(staff: Staff, draft: Case) -> Callable[..., None]:
    """A tab that has opened the draft as it is now, and saves in it afterwards."""
    caller = staff.caller("complainant1")
    found = StandingQuestion(drafts.with_draft).ask(staff["complainant1"], draft.reference)
    assert found is not None
    case = found.facts.case
    ring = Keyring.of(case, caller.holder)

    def save(**answers: str) -> None:
        drafts.save_draft(case, caller, answers, now=NOW, ring=ring)

    return save


def answers_of(staff: Staff, draft: Case) -> dict[str, object]:
    return dict(drafts.read_draft(cases.fresh(draft), staff.caller("complainant1")))


def test_two_tabs_keep_the_answers_of_both(staff: Staff) -> None:
    draft = begun(staff)
    one, other = tab(staff, draft), tab(staff, draft)
    one(account="Mine")
    other(about="Them")
    one(help="This")
    assert answers_of(staff, draft) == {"account": "Mine", "about": "Them", "help": "This"}


def test_an_answer_is_saved_by_one_statement(staff: Staff) -> None:
    draft = begun(staff)
    save = tab(staff, draft)
    with CaptureQueriesContext(connection) as caught:
        save(account="Mine")
    assert [query["sql"].split()[0] for query in caught if "keys" not in query["sql"]] == ["UPDATE"]
    assert answers_of(staff, draft) == {"account": "Mine"}


@pytest.mark.parametrize("how", ["sent", "deleted", "ended"])
def test_nothing_is_saved_in_a_draft_that_has_gone(staff: Staff, how: str) -> None:
    draft = begun(staff)
    save = tab(staff, draft)
    before = bytes(Record.objects.get(case=draft, kind=Kind.DRAFT).sealed)
    if how == "sent":
        Record.objects.filter(case=draft, kind=Kind.DRAFT).delete()
        Case.unguarded.filter(pk=draft.pk).update(state=State.SUBMITTED)
    elif how == "deleted":
        drafts.delete_draft(draft, staff.caller("complainant1"), now=NOW)
    else:
        Case.unguarded.filter(pk=draft.pk).delete()
    with pytest.raises(NotAllowed):
        save(account="Too late")
    assert not Record.objects.filter(case=draft.pk, sealed=before).exists()


def test_a_draft_of_another_day_is_saved_and_its_90_days_begin_again(staff: Staff) -> None:
    draft = begun(staff)
    Case.unguarded.filter(pk=draft.pk).update(touched_on=cases.at(-5).date())
    tab(staff, draft)(account="Mine")
    assert cases.fresh(draft).touched_on == NOW.date()
    assert answers_of(staff, draft) == {"account": "Mine"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_sent", [True, False])
def test_a_tab_waits_for_a_step_that_is_under_way(staff: Staff, is_sent: bool) -> None:
    """The statement waits for the lock of the case, and sees what the step has left."""
    draft = begun(staff)
    save, locked = tab(staff, draft), Signal()

    def press() -> None:
        try:
            with transaction.atomic():
                lock_row(draft.pk)
                locked.set()
                waits.wait(1)
                if is_sent:
                    Record.objects.filter(case=draft, kind=Kind.DRAFT).delete()
                    Case.unguarded.filter(pk=draft.pk).update(state=State.SUBMITTED)
        finally:
            connections.close_all()

    def write() -> bool:
        try:
            save(account="Mine")
        except NotAllowed:
            return False
        finally:
            waits.set()
            connections.close_all()
        return True

    waits = Signal()
    with ThreadPoolExecutor(2) as both:
        pressed = both.submit(press)
        assert locked.wait(5)
        written = both.submit(write)
        assert not waits.wait(0.3), "it did not wait for the lock"
        pressed.result()
        assert written.result() is not is_sent
