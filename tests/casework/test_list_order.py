"""The list of cases says what is late: the worst date of each case, late first, for everyone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.test import Client

from grievances.cases.access.facts import AnonymousReporter
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.web.cases.presenters.case_list import PAGE, Row, count_late, list_cases
from grievances.web.cases.presenters.serializers import case_list
from tests.factories import cases
from tests.factories.edge_cases import anonymous
from tests.factories.people import Staff
from tests.page_time import pages_at
from tests.signing_in import sign_in

TODAY = cases.at(60).date()
_page_time = pages_at(cases.at(60))


def rows_of(staff: Staff, name: str, today: date = TODAY) -> list[Row]:
    return list_cases(staff[name], today).rows


def references(rows: list[Row]) -> list[str]:
    return [row.case.reference for row in rows]


def set_due(case: Case, due: date, *names: str) -> None:
    """Have these clocks of a case fall due on a day, and every other open one a year later."""
    rows = Deadline.objects.filter(case=case, completed_on__isnull=True)
    rows.update(current_due=TODAY + timedelta(365))
    assert rows.filter(name__in=names).update(current_due=due) == len(names)


def text_of(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def late_on_first_page(staff: Staff, name: str) -> str:
    text = text_of(sign_in(Client(), staff, name).get("/"))
    found = re.search(r"(\d+ late|Nothing late)", text)
    assert found is not None
    return found[1]


def test_a_concern_not_acknowledged_for_14_days_is_late_for_every_reader(staff: Staff) -> None:
    case = cases.raised(staff)
    row = Deadline.objects.get(case=case, name="ACK")
    today = case.calendar.add(row.current_due, 14)
    whose = {"lead1": "Triage officer", "dpo1": "Triage officer", "triage1": "You"}
    for name, said in whose.items():
        (shown,) = rows_of(staff, name, today)
        assert shown.promise is not None, name
        promise = shown.promise
        assert (promise.clock, promise.due, promise.late_by) == ("ACK", row.current_due, 14), name
        assert promise.whose == said, name
        assert shown.next_words == f"{said}: acknowledge the concern"
        assert count_late(staff[name], today) == 1


def test_a_late_date_of_the_handler_is_the_same_for_every_reader(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    due = TODAY - timedelta(30)
    set_due(case, due, "INVESTIGATION")
    words = {"lead1": "Handler", "dpo1": "Handler", "decider1": "Handler", "handler1": "You"}
    for name, said in words.items():
        (shown,) = rows_of(staff, name)
        assert shown.promise is not None, name
        assert (shown.promise.clock, shown.promise.due) == ("INVESTIGATION", due), name
        assert shown.next_words == f"{said}: finish the investigation"


def test_the_next_task_of_the_reader_stays_in_the_row(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    set_due(case, TODAY - timedelta(30), "INVESTIGATION")
    soon = date(2027, 3, 4)
    Deadline.objects.filter(case=case, name="OVERALL").update(current_due=soon)
    (shown,) = rows_of(staff, "lead1")
    assert shown.yours_words == "Yours: from receiving the concern to the decision by 4 March 2027"
    assert shown.yours_words in text_of(sign_in(Client(), staff, "lead1").get("/cases/"))
    Deadline.objects.filter(case=case, name="OVERALL").update(current_due=TODAY - timedelta(7))
    (shown,) = rows_of(staff, "lead1")
    assert shown.yours_words.endswith("the decision, 5 working days late")
    (own,) = rows_of(staff, "handler1")
    assert own.yours_words == ""


def test_on_the_same_day_the_date_of_the_reader_is_shown(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    set_due(case, TODAY - timedelta(30), "INVESTIGATION", "OVERALL")
    for name, clock_name in (("lead1", "OVERALL"), ("handler1", "INVESTIGATION")):
        (shown,) = rows_of(staff, name)
        assert shown.promise is not None
        assert (shown.promise.clock, shown.promise.whose) == (clock_name, "You")


def test_late_comes_first_then_what_is_due_then_pauses_then_what_is_closed(staff: Staff) -> None:
    other = {"who": "complainant2", "about": ""}
    several = {
        "closed": cases.STATES["CLOSED"](staff),
        "on hold": cases.held(staff, **other),
        "later": cases.raised(staff),
        "late": cases.acknowledged(staff),
        "soon": cases.acknowledged(staff, **other),
        "later still": cases.raised(staff),
        "late by more": cases.raised(staff, **other),
    }
    set_due(several["late"], TODAY - timedelta(3), "TRIAGE")
    set_due(several["late by more"], TODAY - timedelta(9), "ACK")
    set_due(several["soon"], TODAY + timedelta(1), "TRIAGE")
    set_due(several["later"], TODAY + timedelta(5), "ACK")
    set_due(several["later still"], TODAY + timedelta(50), "ACK")
    set_due(several["on hold"], TODAY + timedelta(1), "HOLD_REVIEW")
    set_due(several["closed"], TODAY + timedelta(1), "CHECKIN_1")
    order = ["late by more", "late", "soon", "later", "later still", "on hold", "closed"]
    for name in ("lead1", "triage1", "dpo1"):
        found = references(rows_of(staff, name))
        assert found == [several[each].reference for each in order], name
        assert late_on_first_page(staff, name) == "2 late"
        assert (
            count_late(staff[name], TODAY) == sum(row.is_late for row in rows_of(staff, name)) == 2
        )


def test_a_missed_review_of_a_pause_is_late_like_any_other_date(staff: Staff) -> None:
    running, paused = cases.acknowledged(staff), cases.STATES["ON_HOLD"](staff)
    set_due(running, TODAY + timedelta(5), "TRIAGE")
    set_due(paused, TODAY - timedelta(5), "HOLD_REVIEW")
    rows = rows_of(staff, "lead1")
    assert references(rows) == [paused.reference, running.reference]
    assert [row.is_late for row in rows] == [True, False]
    assert late_on_first_page(staff, "lead1") == "1 late"


def test_a_paused_date_is_not_late_and_shown_by_no_row(staff: Staff) -> None:
    case = cases.STATES["ON_HOLD"](staff)
    set_due(case, TODAY + timedelta(5), "HOLD_REVIEW")
    paused = Deadline.objects.filter(case=case, paused_on__isnull=False)
    assert paused.update(current_due=TODAY - timedelta(50))
    (shown,) = rows_of(staff, "lead1")
    assert shown.promise is not None
    assert shown.promise.clock == "HOLD_REVIEW"
    assert late_on_first_page(staff, "lead1") == "Nothing late"


def test_the_count_of_late_cases_goes_on_after_the_first_page(staff: Staff) -> None:
    several = [cases.raised(staff) for _ in range(PAGE + 5)]
    for number, case in enumerate(several):
        set_due(case, TODAY + timedelta(3 - number), "ACK")
    last_first = [case.reference for case in reversed(several)]
    for name in ("lead1", "triage1", "dpo1"):
        pages = [list_cases(staff[name], TODAY, number) for number in (1, 2, 3)]
        shown = [reference for page in pages for reference in references(page.rows)]
        assert shown == last_first, name
        assert [len(page.rows) for page in pages] == [PAGE, 5, 0]
        assert [page.has_more for page in pages] == [True, False, False]
        late = sum(row.is_late for page in pages for row in page.rows)
        assert late == count_late(staff[name], TODAY) == len(several) - 4
        assert late_on_first_page(staff, name) == f"{late} late"


def test_the_list_for_programs_agrees_with_the_page(staff: Staff) -> None:
    late, soon = cases.in_investigation(staff), cases.acknowledged(staff)
    set_due(late, TODAY - timedelta(3), "INVESTIGATION")
    set_due(soon, TODAY + timedelta(3), "TRIAGE")
    answer = sign_in(Client(), staff, "lead1").get("/api/v1/cases/").json()
    assert answer == case_list(staff["lead1"], TODAY)
    assert answer["late"] == 1
    first, second = answer["cases"]
    assert first["reference"] == late.reference
    assert first["due"]["clock"] == "INVESTIGATION"
    assert first["due"]["whose"] == "Handler"
    assert first["due"]["working_days_late"] > 0
    assert first["yours"]["clock"] == "OVERALL"
    assert second["reference"] == soon.reference
    assert second["due"]["working_days_late"] == 0


def test_the_page_says_in_which_order_the_cases_are(staff: Staff) -> None:
    cases.raised(staff)
    text = text_of(sign_in(Client(), staff, "lead1").get("/cases/"))
    assert "Late cases are at the top. Then comes what is due next." in text
    assert "Paused and closed cases are apart." in text


def test_complainants_find_their_own_date_first_in_their_own_concern(staff: Staff) -> None:
    case = cases.STATES["WITHDRAWAL_PENDING"](staff)
    own, others = TODAY + timedelta(4), TODAY - timedelta(4)
    set_due(case, own, "COOLING_OFF")
    Deadline.objects.filter(case=case, name="WELFARE").update(current_due=others)
    (shown,) = rows_of(staff, "complainant1")
    assert shown.promise is not None
    assert (shown.promise.clock, shown.promise.due) == ("COOLING_OFF", own)
    assert shown.next_words == "Time to change your mind about withdrawing"
    assert shown.yours_words == ""
    assert late_on_first_page(staff, "complainant1") == "Nothing late"
    assert late_on_first_page(staff, "lead1") == "1 late"
    (seen,) = rows_of(staff, "lead1")
    assert seen.promise is not None
    assert seen.promise.clock == "WELFARE"


def test_a_handler_who_raised_a_concern_finds_both_in_one_order(staff: Staff) -> None:
    worked, own = cases.in_investigation(staff), cases.raised(staff, who="handler1", about="staff2")
    set_due(worked, TODAY + timedelta(3), "INVESTIGATION")
    set_due(own, TODAY - timedelta(3), "ACK")
    rows = rows_of(staff, "handler1")
    assert references(rows) == [own.reference, worked.reference]
    assert rows[0].next_words == "Triage officer: acknowledge the concern"
    assert count_late(staff["handler1"], TODAY) == 1


def test_the_holder_of_a_case_key_finds_what_is_late_too(staff: Staff) -> None:
    case, caller = anonymous(staff)
    assert isinstance(caller.who, AnonymousReporter)
    set_due(case, TODAY - timedelta(3), "ACK")
    (shown,) = list_cases(caller.who, TODAY).rows
    assert shown.is_late
    assert count_late(caller.who, TODAY) == 1


def test_nothing_is_late_for_an_account_without_a_case(staff: Staff) -> None:
    cases.raised(staff)
    assert count_late(staff["staff1"], TODAY) == 0
    assert late_on_first_page(staff, "respondent1") == "Nothing late"
