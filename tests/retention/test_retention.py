"""How long a case is kept, what stops that, and that erasing takes two people (domain.md 2)."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.actions.actor import SYSTEM_ACTOR, NotAllowed
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.casework.reader_grants import admit_readers
from grievances.deadlines.sweep import run_clocks
from grievances.people.models import Appointment
from grievances.policy import retention_schedule
from grievances.reports import facts
from grievances.reports.contents.sources import CLOCKS
from grievances.reports.fact_models import CaseFact
from grievances.retention import dual_control
from grievances.retention.models import Erasure
from grievances.tasks import tell_what_is_due
from grievances.vocabulary import CloseReason, Office, State
from grievances.web.shared import clock
from notifications.models import Notice
from tests.factories import cases, edge_cases
from tests.factories.cases import START, at, done, fresh
from tests.factories.people import SINCE, Staff
from workflow.steps import Refused


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")


def kept_until(case: Case) -> date:
    row = case.deadlines.get(name="RETENTION", completed_on__isnull=True)
    day: date = row.current_due
    return day


def erase_due(*arguments: str) -> str:
    out = StringIO()
    call_command("erase_due", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interfaces read a day 600 days after the start."""
    monkeypatch.setattr(clock, "now", lambda: at(600))
    monkeypatch.setattr(clock, "today", lambda: at(600).date())


def test_a_closed_case_is_kept_six_years_from_closing(staff: Staff) -> None:
    case = edge_cases.archived(staff)
    assert case.closed_on == date(2026, 11, 21)
    assert kept_until(case) == date(2032, 11, 21)


def test_the_class_comes_from_how_it_was_closed(staff: Staff) -> None:
    case = cases.closed(staff)
    reason = CloseReason.ANONYMOUS_INSUFFICIENT
    Case.unguarded.filter(pk=case.pk).update(close_reason=reason)
    for days in (300, 400):
        run_clocks(at(days))
    assert fresh(case).state == State.ARCHIVED
    assert kept_until(case) == date(2028, 11, 21)


def test_every_close_reason_has_a_class_with_a_reason_and_a_length() -> None:
    for reason in CloseReason:
        kept = retention_schedule.keeping(reason, START.date())
        assert kept.months >= 12
        assert kept.because


def test_the_schedule_is_data_and_a_case_keeps_the_one_it_began_under(
    staff: Staff, settings: Settings, tmp_path: Path
) -> None:
    versions = json.loads(retention_schedule.SHIPPED.read_text(encoding="utf-8"))
    newer = json.loads(json.dumps(versions[0]))
    newer |= {"version": 2, "effective_from": "2026-12-01"}
    newer["classes"]["case"]["months"] = 36
    path = tmp_path / "schedule.json"
    path.write_text(json.dumps([*versions, newer]), encoding="utf-8")
    settings.RETENTION_FILE = str(path)
    assert kept_until(edge_cases.archived(staff)) == date(2032, 11, 21)
    assert retention_schedule.keeping("finding", date(2026, 12, 1)).months == 36
    with pytest.raises(retention_schedule.NoSchedule):
        retention_schedule.keeping("finding", date(2000, 1, 1))


def test_close_reopen_close_counts_from_the_last_closing(staff: Staff) -> None:
    case = cases.closed(staff)
    done(staff, case, "complainant1", "ask_to_reopen", at(30), reason="RETALIATION")
    done(staff, case, "lead1", "reopen", at(40), reason="RETALIATION")
    assert fresh(case).closed_on is None
    assert not case.deadlines.filter(name="ARCHIVE", completed_on__isnull=True).exists()
    admit_readers(at(45))
    run_clocks(at(400))
    assert fresh(case).state == State.TRIAGE
    done(staff, case, "complainant1", "ask_to_withdraw", at(401), pressure="no")
    officer = fresh(case).grants.get(permission__codename="triage").user.username
    done(staff, case, officer, "close_withdrawn", at(411))
    assert fresh(case).closed_on == at(411).date()
    for days in (700, 800):
        run_clocks(at(days))
    assert fresh(case).state == State.ARCHIVED
    assert kept_until(case) == date(2034, 1, 6)
    assert case.deadlines.filter(name="RETENTION").count() == 1


def test_a_legal_hold_stops_archiving_and_lifting_it_takes_it_up_again(staff: Staff) -> None:
    case = edge_cases.holdable(staff)
    done(staff, case, "dpo1", "set_legal_hold", START)
    for days in (300, 400):
        swept = run_clocks(at(days))
        assert not swept.failed
    assert fresh(case).state == State.CLOSED
    edge_cases.agree_keeping(staff, case, "lift_legal_hold", "NOT_NEEDED", at(401))
    done(staff, case, "dpo1", "lift_legal_hold", at(401))
    run_clocks(at(402))
    assert fresh(case).state == State.ARCHIVED
    assert kept_until(case) == date(2032, 11, 21)


@pytest.mark.parametrize("step", ["set_legal_hold", "lift_legal_hold", "erase"])
def test_one_person_is_never_enough(staff: Staff, step: str) -> None:
    make = edge_cases.held_by_law if step == "lift_legal_hold" else edge_cases.archived
    case = make(staff)
    case.deadlines.filter(name="RETENTION").update(current_due=at(500).date())
    case.approvals.all().delete()
    reason = {"erase": "TIME_OVER", "lift_legal_hold": "NOT_NEEDED"}.get(step, "COURT")
    edge_cases.ask_keeping(staff, case, step, reason, at(600))
    with pytest.raises(Refused, match="casework lead must agree"):
        done(staff, case, "dpo1", step, at(600))


def test_who_asks_cannot_answer_even_in_both_offices(staff: Staff) -> None:
    person = staff["dpo1"]
    Appointment.objects.create(person=person, office=Office.LEAD, from_date=SINCE)
    case = cases.closed(staff)
    edge_cases.ask_keeping(staff, case, "set_legal_hold", "COURT", START)
    row = case.approvals.get()
    with pytest.raises(Refused) as refusal:
        done(staff, case, "dpo1", "answer_keeping", START, approval=row.pk, answer="yes")
    assert refusal.value.code == "ALREADY_ANSWERED"
    row.refresh_from_db()
    assert row.agreed is None


def test_a_yes_to_erasing_does_not_outlive_a_legal_hold(staff: Staff) -> None:
    case = edge_cases.erasable(staff)
    edge_cases.agree_keeping(staff, case, "set_legal_hold", "TRIBUNAL", at(600))
    done(staff, case, "dpo1", "set_legal_hold", at(600))
    edge_cases.agree_keeping(staff, case, "lift_legal_hold", "NOT_NEEDED", at(601))
    done(staff, case, "dpo1", "lift_legal_hold", at(601))
    with pytest.raises(Refused) as refusal:
        done(staff, case, "dpo1", "erase", at(602))
    assert refusal.value.code == "COUNTERSIGN_MISSING"


@pytest.mark.usefixtures("later")
def test_the_command_lists_what_is_due_and_carries_out_what_two_agreed(staff: Staff) -> None:
    case = edge_cases.archived(staff)
    case.deadlines.filter(name="RETENTION").update(current_due=at(500).date())
    assert f"{case.reference}: kept until" in erase_due()
    edge_cases.ask_keeping(staff, case, "erase", "TIME_OVER", at(600))
    assert "erased" not in erase_due().replace("not erased", "")
    assert fresh(case).erased_on is None
    row = case.approvals.get()
    done(staff, case, "lead1", "answer_keeping", at(600), approval=row.pk, answer="no")
    erase_due()
    assert fresh(case).erased_on is None
    edge_cases.agree_keeping(staff, case, "erase", "TIME_OVER", at(600))
    assert "two people agreed" in erase_due("--list")
    assert fresh(case).erased_on is None
    assert f"{case.reference}: erased. Nothing is left" in erase_due()
    assert fresh(case).erased_on == at(600).date()
    assert Erasure.objects.get().reference == case.reference
    event = Event.objects.get(kind="case.erase")
    assert (event.subject, event.role) == (case.reference, "dpo")
    assert "0 due" in erase_due()


@pytest.mark.usefixtures("later")
def test_the_command_says_when_the_one_who_asked_has_left(staff: Staff) -> None:
    case = edge_cases.erasable(staff)
    case.grants.filter(user=staff["dpo1"]).delete()
    with pytest.raises(CommandError, match="could not be erased"):
        erase_due()
    assert fresh(case).erased_on is None


def test_the_system_never_erases_by_itself(staff: Staff) -> None:
    case = edge_cases.erasable(staff)
    for days in (600, 3000):
        run_clocks(at(days))
    assert fresh(case).erased_on is None
    with pytest.raises(NotAllowed):
        perform("erase", case_id=case.pk, caller=SYSTEM_ACTOR, now=at(600), step_input=StepInput())


@pytest.mark.usefixtures("later")
def test_the_officer_is_told_once_a_week_and_without_a_reference(staff: Staff) -> None:
    case = edge_cases.archived(staff)
    assert tell_what_is_due() == 0
    case.deadlines.filter(name="RETENTION").update(current_due=at(500).date())
    assert (tell_what_is_due(), tell_what_is_due()) == (1, 1)
    lines = Notice.objects.filter(kind="erasure_due")
    assert {line.channel for line in lines} == {"inbox", "email"}
    assert lines.count() == 2
    assert {(line.reference, line.link) for line in lines.filter(channel="inbox")} == {
        ("", "/keeping/")
    }
    # An officer who has no part in it (barred, or left) is not told.
    case.grants.filter(user=staff["dpo1"]).delete()
    assert dual_control.tell_what_is_due(at(600), at(600).date()) == 0


def test_the_reports_still_count_the_case(staff: Staff) -> None:
    case, _ = edge_cases.erasable(staff), cases.acknowledged(staff, about="staff2")
    day = at(599).date()
    facts.rebuild(day)
    before, people = told(), numbers()
    done(staff, case, "dpo1", "erase", at(600))
    facts.rebuild(day)
    assert told() == before
    # Nothing leads from the erased case to the other one of the same person any more.
    assert (len(people), len(numbers())) == (1, 2)


def numbers() -> set[int]:
    """The people who are told apart."""
    return set(CaseFact.objects.values_list("person", flat=True))


def told() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The facts, and the promises behind them."""
    clocks = Deadline.objects.filter(case__fact__isnull=False, name__in=CLOCKS)
    columns = ("case", "name", "original_due", "current_due", "completed_on", "paused_on")
    return (
        list(CaseFact.objects.order_by("pk").values_list("pk", "ending", "net_days", "route")),
        list(clocks.order_by("pk").values_list(*columns)),
    )
