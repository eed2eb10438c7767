"""The dates of domain.md 6.8, reached through the product: every act at its hour, by its person."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import CheckIn, Deadline
from grievances.cases.models.records import Kind
from grievances.deadlines.sweep import run_clocks
from grievances.vocabulary import CloseReason, State
from tests.factories import cases
from tests.factories.cases import done, fresh
from tests.factories.people import Staff

VECTORS = json.loads(
    (Path(__file__).parent.parent / "reference" / "test_vectors.json").read_text("utf-8")
)
E2E1: dict[str, Any] = VECTORS["e2e"]["E2E1"]


def on(day: str | date, hour: int = 11) -> datetime:
    """An hour of a local winter day, which is UTC."""
    when = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(when.year, when.month, when.day, hour, tzinfo=UTC)


def due(case: Case, name: str) -> str:
    """The date of the newest clock of this name."""
    return case.deadlines.filter(name=name).latest("pk").current_due.isoformat()


def row(case: Case, name: str) -> Deadline:
    return Deadline.objects.filter(case=case, name=name).latest("pk")


def sweep_through(start: str, end: str) -> None:
    """The beat of every day at half past nine, from one day to another."""
    day = date.fromisoformat(start)
    while day <= date.fromisoformat(end):
        assert run_clocks(on(day, 9) + timedelta(minutes=30)).failed == 0
        day += timedelta(days=1)


def reach_allocation(staff: Staff) -> Case:
    case = cases.raised(staff, now=on(E2E1["submitted"]))
    done(staff, case, "triage1", "acknowledge", on("2026-11-24"), declare=True)
    done(staff, case, "triage1", "check_safety", on("2026-11-25"), flags=[])
    done(staff, case, "triage1", "ask_exclusions", on("2026-11-25"))
    done(staff, case, "triage1", "agree_formal", on(E2E1["triage_done"]))
    return fresh(case)


def reach_investigation(staff: Staff) -> Case:
    case = reach_allocation(staff)
    for name, role in (("handler1", "handler"), ("decider1", "decider")):
        who = staff[name]
        done(staff, case, "triage1", "offer", on(E2E1["offer_sent"]), role=role, candidate=who)
        assert due(case, "OFFER") == E2E1["offer_due"]
    for name in ("handler1", "decider1"):
        done(staff, case, name, "accept", on(E2E1["accepted"]), declare=True)
    done(staff, case, "handler1", "begin_investigation", on(E2E1["accepted"], 12), declare=True)
    return fresh(case)


def reach_outcome(staff: Staff) -> Case:
    case = reach_investigation(staff)
    met = date(2026, 12, 14)
    pause, back = E2E1["hold"]
    done(staff, case, "handler1", "record_meeting", on(met), held_on=met, companion_asked=True)
    done(staff, case, "handler1", "record_respondent", on(met), asked_on=met)
    done(
        staff,
        case,
        "handler1",
        "hold",
        on(pause),
        reason="C_LEAVE",
        explanation="You are away.",
        review_on=date.fromisoformat(back),
    )
    done(staff, case, "handler1", "resume", on(back))
    report = (Kind.REPORT, "What I found out.")
    done(
        staff,
        case,
        "handler1",
        "submit_report",
        on(E2E1["report"]),
        report,
        covered=["1"],
        evidence_complete=True,
        report="What I found out.",
    )
    done(
        staff,
        case,
        "decider1",
        "decide",
        on(E2E1["outcome"]),
        (Kind.LETTER, "Why."),
        findings={"1": "NOT_UPHELD"},
        reasons="Why.",
        letter="Why.",
        appeal_rights=True,
    )
    return fresh(case)


def test_sending_starts_the_clocks_of_a_saturday(staff: Staff) -> None:
    case = cases.raised(staff, now=on(E2E1["submitted"]))
    assert (due(case, "ACK"), due(case, "OVERALL")) == (E2E1["ack_due"], E2E1["overall_due"])
    done(staff, case, "triage1", "acknowledge", on("2026-11-24"), declare=True)
    assert due(case, "TRIAGE") == E2E1["triage_due"]
    assert row(case, "ACK").completed_on == date(2026, 11, 24)


def test_allocation_and_the_first_clocks_of_the_investigation(staff: Staff) -> None:
    assert due(reach_allocation(staff), "ALLOCATION") == E2E1["allocation_due"]


def test_the_investigation_starts_its_clocks_on_the_day_of_the_second_yes(staff: Staff) -> None:
    case = reach_investigation(staff)
    assert due(case, "MEETING") == E2E1["meeting_due"] == due(case, "UPDATE")
    assert due(case, "INVESTIGATION") == E2E1["investigation_due"]


def test_a_pause_moves_the_dates_by_the_working_days_it_lasts(staff: Staff) -> None:
    case = reach_outcome(staff)
    investigation, overall = row(case, "INVESTIGATION"), row(case, "OVERALL")
    assert investigation.original_due.isoformat() == E2E1["investigation_due"]
    assert investigation.current_due.isoformat() == E2E1["investigation_due_after"]
    assert overall.current_due.isoformat() == E2E1["overall_due_after"]
    assert investigation.paused_wd == overall.paused_wd == E2E1["excluded_wd"]
    assert due(case, "DECISION") == E2E1["decision_due"]
    assert not case.deadlines.filter(breached=True, name__in=["OVERALL", "DECISION"]).exists()


def test_the_reminders_after_a_pause_fall_on_the_days_of_the_scenario(staff: Staff) -> None:
    case = reach_investigation(staff)
    pause, back = E2E1["hold"]
    done(
        staff,
        case,
        "handler1",
        "hold",
        on(pause),
        reason="C_LEAVE",
        explanation="You are away.",
        review_on=date.fromisoformat(back),
    )
    done(staff, case, "handler1", "resume", on(back))
    sweep_through(back, "2027-01-26")
    reminders = Event.objects.filter(
        subject=case.reference, kind__in=["clock.minus5", "clock.minus1"], at__gte=on(back)
    )
    days = [
        event.at.date().isoformat() for event in reminders if event.data["clock"] == "INVESTIGATION"
    ]
    assert days == E2E1["investigation_reminders"]


def test_the_window_to_appeal_closes_the_case_by_itself(staff: Staff) -> None:
    case = reach_outcome(staff)
    assert due(case, "APPEAL_WINDOW") == E2E1["appeal_window_end"]
    assert due(case, "SURVEY_A") == E2E1["survey_a"]
    sweep_through(E2E1["outcome"], E2E1["appeal_window_end"])
    assert fresh(case).state == State.OUTCOME
    assert Event.objects.filter(kind="clock.survey").get().at.date().isoformat() == E2E1["survey_a"]
    sweep_through(E2E1["closed"], E2E1["closed"])
    case = fresh(case)
    assert (case.state, case.close_reason) == (State.CLOSED, CloseReason.FINDING)
    assert case.closed_on is not None
    assert case.closed_on.isoformat() == E2E1["closed"]
    closing = Event.objects.get(kind="case.accept_outcome")
    assert (closing.actor, closing.role) == ("system", "system")
    names = ("CHECKIN_1", "CHECKIN_3", "CHECKIN_6")
    assert [due(case, name) for name in names] == E2E1["check_ins"]
    assert Deadline.objects.filter(case=case, name="SURVEY_A").count() == 1


def test_the_check_ins_are_asked_on_their_days(staff: Staff) -> None:
    case = reach_outcome(staff)
    run_clocks(on(E2E1["closed"]))
    for asked, day in enumerate(E2E1["check_ins"], start=1):
        run_clocks(on(date.fromisoformat(day) - timedelta(days=1), 23))
        assert CheckIn.objects.filter(case=case).count() == asked - 1
        run_clocks(on(day, 9))
        assert CheckIn.objects.filter(case=case, asked_on=day).count() == 1


def times(kind: str) -> list[str]:
    """The local days on which this happened."""
    return [event.at.date().isoformat() for event in Event.objects.filter(kind=kind).order_by("at")]


@pytest.mark.parametrize("answers", [False, True])
def test_a_check_in_is_asked_once_more_after_five_working_days_and_then_never(
    staff: Staff, answers: bool
) -> None:
    case = reach_outcome(staff)
    run_clocks(on(E2E1["closed"]))
    sweep_through("2027-03-16", "2027-03-17")
    if answers:
        done(staff, case, "complainant1", "answer_check_in", on("2027-03-18"), worse="no")
    sweep_through("2027-03-19", "2027-04-30")
    assert times("clock.check_in") == [E2E1["check_ins"][0]] == ["2027-03-16"]
    assert times("clock.check_in_again") == ([] if answers else ["2027-03-23"])


def test_the_survey_is_asked_once_more_whether_or_not_it_was_answered(staff: Staff) -> None:
    reach_outcome(staff)
    sweep_through(E2E1["outcome"], "2027-03-12")
    assert times("clock.survey") == [E2E1["survey_a"]] == ["2027-02-08"]
    assert times("clock.survey_again") == ["2027-02-22"]


def test_no_one_acknowledges_and_the_ladder_is_climbed(staff: Staff) -> None:
    """E2E2: breached from Thursday 26 November; L2 on 2 December; L3 on 9 December."""
    case = cases.raised(staff, now=on(E2E1["submitted"]))
    levels = {"2026-11-25": 0, "2026-11-26": 1, "2026-12-01": 1, "2026-12-02": 2, "2026-12-09": 3}
    day = "2026-11-23"
    for until, level in levels.items():
        sweep_through(day, until)
        day = until
        assert (row(case, "ACK").level, row(case, "ACK").breached) == (level, level > 0), until
    schedule = ["clock.L1", "clock.L2", "clock.L3"]
    climbed = Event.objects.filter(kind__in=schedule).order_by("seq")
    assert [
        (e.kind[-2:], e.at.date().isoformat()) for e in climbed if e.data["clock"] == "ACK"
    ] == [
        ("L1", "2026-11-26"),
        ("L2", "2026-12-02"),
        ("L3", "2026-12-09"),
    ]


def test_a_late_acknowledgement_clears_the_level_and_the_breach_stays(staff: Staff) -> None:
    case = cases.raised(staff, now=on(E2E1["submitted"]))
    sweep_through("2026-11-23", "2026-12-02")
    done(staff, case, "triage1", "acknowledge", on("2026-12-03"), declare=True)
    ack = row(case, "ACK")
    assert (ack.level, ack.breached, ack.completed_on) == (0, True, date(2026, 12, 3))
    assert due(case, "TRIAGE") == E2E1["triage_due"]


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS["vectors"] if v["id"] in {"V42", "V48"}], ids=lambda v: v["id"]
)
def test_the_vectors_hold_through_the_product(staff: Staff, vector: dict[str, Any]) -> None:
    asked = vector["input"]
    if vector["id"] == "V42":
        case = cases.closed(staff, now=on(asked["closed"]))
        found: Any = [due(case, f"CHECKIN_{month}") for month in asked["months"]]
    else:
        case = cases.decided(staff, now=on(asked["outcome_delivered"]))
        found = due(case, "APPEAL_WINDOW")
    assert found == vector["expected"]


def test_a_hold_inside_which_a_withdrawal_is_asked_counts_as_one_pause(staff: Staff) -> None:
    case = reach_investigation(staff)
    before = row(case, "INVESTIGATION").current_due
    done(
        staff,
        case,
        "handler1",
        "hold",
        on("2026-12-07"),
        reason="C_LEAVE",
        explanation="You are away.",
        review_on=date(2026, 12, 16),
    )
    done(staff, case, "complainant1", "ask_to_withdraw", on("2026-12-08"), pressure="no")
    done(staff, case, "complainant1", "stay", on("2026-12-10"))
    assert row(case, "INVESTIGATION").paused_on == date(2026, 12, 7)
    done(staff, case, "handler1", "resume", on("2026-12-11"))
    clock = row(case, "INVESTIGATION")
    assert (clock.paused_on, clock.paused_wd) == (None, 4)
    assert clock.current_due == date(2027, 1, 22) != before
    assert fresh(case).state == State.INVESTIGATION


def test_the_tribunal_is_no_clock_of_the_case_so_no_hold_can_move_it() -> None:
    assert not [field.name for field in Case._meta.get_fields() if "tribunal" in field.name]
