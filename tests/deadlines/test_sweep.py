"""The sweep: what is owed is done once, by any caller, however often and however late."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

from grievances.audit.models import Event, Heartbeat
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.cases.models.parties import Party
from grievances.cases.models.stored_keys.held import holder_pseudonym
from grievances.deadlines import sweep
from grievances.deadlines.sweep import run_clocks
from grievances.vocabulary import State
from notifications.models import Notice
from tests.concurrency import Crowd
from tests.deadlines.test_dates import on, row
from tests.factories import cases, edge_cases
from tests.factories.people import Staff
from workflow.chain import verify


def told() -> int:
    """How many things were said: events and notices."""
    return Event.objects.count() + Notice.objects.count()


def test_a_second_sweep_of_the_same_moment_does_nothing(staff: Staff) -> None:
    cases.raised(staff, now=on("2026-11-21"))
    moment = on("2026-11-26", 9)
    assert run_clocks(moment).done > 0
    before = told()
    assert run_clocks(moment) == sweep.Swept(0, 0)
    assert run_clocks(moment + timedelta(hours=3)) == sweep.Swept(0, 0)
    assert told() == before
    assert Heartbeat.objects.get(name="clocks").at == moment + timedelta(hours=3)


@pytest.mark.django_db(transaction=True)
def test_ten_sweeps_at_once_say_everything_once(staff: Staff, tmp_path: Path) -> None:
    several = [cases.raised(staff, now=on("2026-11-21")) for _ in range(4)]
    moment = on("2026-11-26", 9)
    crowd = Crowd(tmp_path)
    swept = crowd.press(*[lambda: run_clocks(moment)] * 10)
    assert [getattr(each, "failed", each) for each in swept] == [0] * 10
    for case in several:
        assert crowd.seen(partial(_climbed, case.reference)) == 1
    assert crowd.seen(lambda: verify(Event)).ok


def _climbed(reference: str) -> int:
    return Event.objects.filter(subject=reference, kind="clock.L1").count()


def test_after_days_of_outage_only_the_most_urgent_is_said(staff: Staff) -> None:
    case = cases.raised(staff, now=on("2026-11-21"))
    run_clocks(on("2026-12-02", 12))
    said = Event.objects.filter(subject=case.reference, kind__startswith="clock.")
    assert [event.kind for event in said if event.data["clock"] == "ACK"] == ["clock.L2"]
    assert (row(case, "ACK").level, row(case, "ACK").breached) == (2, True)


def test_one_bad_row_does_not_stop_the_others(staff: Staff) -> None:
    bad, good = (cases.raised(staff, now=on("2026-11-21")) for _ in range(2))
    Deadline.objects.filter(case=bad, name="ACK").update(clock={"nonsense": True})
    swept = run_clocks(on("2026-11-26", 9))
    assert swept.failed == 1
    assert Event.objects.filter(subject=good.reference, kind="clock.L1").count() == 1
    assert not Event.objects.filter(subject=bad.reference, kind="clock.L1").exists()


def test_a_row_that_was_tampered_with_does_not_stop_the_others(staff: Staff) -> None:
    bad = cases.closed(staff, now=on("2026-11-21"))
    Party.objects.filter(case=bad).update(sealed_person=b"\x01rubbish")
    other = cases.raised(staff, who="complainant2", about="staff2", now=on("2026-11-21"))
    swept = run_clocks(on("2026-12-01", 9))
    assert swept.failed >= 1
    assert Event.objects.filter(subject=other.reference, kind="clock.L1").count() == 1


def test_a_failure_leaves_nothing_behind_and_is_tried_again(staff: Staff) -> None:
    case = cases.raised(staff, now=on("2026-11-21"))
    moment = on("2026-11-26", 9)
    before = told()
    with patch("grievances.deadlines.reminders.sending.messages", side_effect=ValueError):
        assert run_clocks(moment).done == 0
    assert told() == before
    assert run_clocks(moment).failed == 0
    assert Event.objects.filter(subject=case.reference, kind="clock.L1").count() == 1


def test_an_offer_that_no_one_answers_lapses_with_its_keys(staff: Staff) -> None:
    case = edge_cases.offered(staff)
    run_clocks(on("2026-12-01"))
    offer = case.offers.get()
    assert offer.status == "expired"
    gone = holder_pseudonym(case, staff.holders["handler1"].name)
    assert not case.sealed_keys.filter(holder=gone).exists()
    assert not case.grants.filter(user=staff["handler1"]).exists()


def test_an_offer_of_an_appeal_lapses_as_well(staff: Staff) -> None:
    case = edge_cases.appeal_offered(staff)
    run_clocks(on("2026-12-01"))
    assert case.offers.get(role="appeal").status == "expired"
    assert cases.fresh(case).state == State.APPEAL_ALLOCATION


def test_the_informal_way_ends_by_itself_unless_the_complainant_lengthens_it(staff: Staff) -> None:
    case = cases.informal(staff, now=on("2026-11-23"))
    end = row(case, "INFORMAL").current_due
    cases.done(staff, case, "complainant1", "extend_informal", on("2026-11-24"), days=5)
    run_clocks(on(end + timedelta(days=1)))
    assert cases.fresh(case).state == State.INFORMAL
    run_clocks(on(row(case, "INFORMAL").current_due + timedelta(days=1)))
    assert cases.fresh(case).state == State.ALLOCATION


def test_a_hold_that_no_one_renews_ends_after_its_review_day(staff: Staff) -> None:
    case = cases.held(staff, now=on("2026-11-23"))
    review = cases.fresh(case).hold_review_on
    assert review is not None
    run_clocks(on(review))
    assert cases.fresh(case).state == State.ON_HOLD
    run_clocks(on(review + timedelta(days=1)))
    assert cases.fresh(case).state == State.INVESTIGATION
    assert not case.deadlines.filter(paused_on__isnull=False).exists()


def test_a_draft_is_deleted_for_its_owner_after_ninety_days_and_a_warning(staff: Staff) -> None:
    case = edge_cases.drafted(staff, now=on("2026-11-23"))
    for days in range(0, 89, 4):
        run_clocks(on(date(2026, 11, 23) + timedelta(days=days)))
    assert Event.objects.filter(kind="clock.draft_warning").count() == 1
    assert Case.unguarded.filter(pk=case.pk).exists()
    run_clocks(on(date(2026, 11, 23) + timedelta(days=92)))
    assert not Case.unguarded.filter(pk=case.pk).exists()


def test_a_year_after_closing_a_case_is_archived(staff: Staff) -> None:
    case = edge_cases.archived(staff)
    assert case.state == State.ARCHIVED
    assert {g.permission.codename for g in case.grants.all()} == {"lead", "dpo", "auditor"}


def test_the_end_of_cooling_off_is_said_to_the_triage_officer(staff: Staff) -> None:
    case = cases.withdrawing(staff, now=on("2026-11-23"))
    for day in range(24, 31):
        run_clocks(on(f"2026-11-{day}", 9))
    run_clocks(on("2026-12-01", 9))
    assert Event.objects.filter(subject=case.reference, kind="clock.cooled_off").count() == 1
