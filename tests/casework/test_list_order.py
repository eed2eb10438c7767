"""The list of cases says what is late: the worst date of each case, late first, for everyone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from grievances.cases.access.relations import AnonymousReporter
from grievances.cases.models.case import Case
from grievances.cases.models.deadlines import Deadline
from grievances.web.cases.presenters.case_list import PAGE, Row, count_late, list_cases
from grievances.web.cases.presenters.serializers import case_list
from grievances.web.shared import clock
from tests.factories import cases
from tests.factories.edge_cases import anonymous
from tests.factories.people import Cast
from tests.signing_in import sign_in

TODAY = cases.at(60).date()


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: cases.at(60))
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def rows_of(cast: Cast, name: str, today: date = TODAY) -> list[Row]:
    return list_cases(cast[name], today).rows


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


def late_on_first_page(cast: Cast, name: str) -> str:
    text = text_of(sign_in(Client(), cast, name).get("/"))
    found = re.search(r"(\d+ late|Nothing late)", text)
    assert found is not None
    return found[1]


def test_a_concern_not_acknowledged_for_14_days_is_late_for_every_reader(cast: Cast) -> None:
    case = cases.raised(cast)
    row = Deadline.objects.get(case=case, name="ACK")
    today = case.calendar.add(row.current_due, 14)
    whose = {"lead1": "Triage officer", "dpo1": "Triage officer", "triage1": "You"}
    for name, said in whose.items():
        (shown,) = rows_of(cast, name, today)
        assert shown.promise is not None, name
        promise = shown.promise
        assert (promise.clock, promise.due, promise.late_by) == ("ACK", row.current_due, 14), name
        assert promise.whose == said, name
        assert shown.next_words == f"{said}: acknowledge the concern"
        assert count_late(cast[name], today) == 1


def test_a_late_date_of_the_handler_is_the_same_for_every_reader(cast: Cast) -> None:
    case = cases.in_investigation(cast)
    due = TODAY - timedelta(30)
    set_due(case, due, "INVESTIGATION")
    words = {"lead1": "Handler", "dpo1": "Handler", "decider1": "Handler", "handler1": "You"}
    for name, said in words.items():
        (shown,) = rows_of(cast, name)
        assert shown.promise is not None, name
        assert (shown.promise.clock, shown.promise.due) == ("INVESTIGATION", due), name
        assert shown.next_words == f"{said}: finish the investigation"


def test_the_next_task_of_the_reader_stays_in_the_row(cast: Cast) -> None:
    case = cases.in_investigation(cast)
    set_due(case, TODAY - timedelta(30), "INVESTIGATION")
    soon = date(2027, 3, 4)
    Deadline.objects.filter(case=case, name="OVERALL").update(current_due=soon)
    (shown,) = rows_of(cast, "lead1")
    assert shown.yours_words == "Yours: from receiving the concern to the decision by 4 March 2027"
    assert shown.yours_words in text_of(sign_in(Client(), cast, "lead1").get("/cases/"))
    Deadline.objects.filter(case=case, name="OVERALL").update(current_due=TODAY - timedelta(7))
    (shown,) = rows_of(cast, "lead1")
    assert shown.yours_words.endswith("the decision, 5 working days late")
    (own,) = rows_of(cast, "handler1")
    assert own.yours_words == ""


def test_on_the_same_day_the_date_of_the_reader_is_shown(cast: Cast) -> None:
    case = cases.in_investigation(cast)
    set_due(case, TODAY - timedelta(30), "INVESTIGATION", "OVERALL")
    for name, clock_name in (("lead1", "OVERALL"), ("handler1", "INVESTIGATION")):
        (shown,) = rows_of(cast, name)
        assert shown.promise is not None
        assert (shown.promise.clock, shown.promise.whose) == (clock_name, "You")


def test_late_comes_first_then_what_is_due_then_pauses_then_what_is_closed(cast: Cast) -> None:
    other = {"who": "complainant2", "about": ""}
    several = {
        "closed": cases.STATES["CLOSED"](cast),
        "on hold": cases.held(cast, **other),
        "later": cases.raised(cast),
        "late": cases.acknowledged(cast),
        "soon": cases.acknowledged(cast, **other),
        "later still": cases.raised(cast),
        "late by more": cases.raised(cast, **other),
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
        found = references(rows_of(cast, name))
        assert found == [several[each].reference for each in order], name
        assert late_on_first_page(cast, name) == "2 late"
        assert count_late(cast[name], TODAY) == sum(row.is_late for row in rows_of(cast, name)) == 2


def test_a_missed_review_of_a_pause_is_late_like_any_other_date(cast: Cast) -> None:
    running, paused = cases.acknowledged(cast), cases.STATES["ON_HOLD"](cast)
    set_due(running, TODAY + timedelta(5), "TRIAGE")
    set_due(paused, TODAY - timedelta(5), "HOLD_REVIEW")
    rows = rows_of(cast, "lead1")
    assert references(rows) == [paused.reference, running.reference]
    assert [row.is_late for row in rows] == [True, False]
    assert late_on_first_page(cast, "lead1") == "1 late"


def test_a_paused_date_is_not_late_and_shown_by_no_row(cast: Cast) -> None:
    case = cases.STATES["ON_HOLD"](cast)
    set_due(case, TODAY + timedelta(5), "HOLD_REVIEW")
    paused = Deadline.objects.filter(case=case, paused_on__isnull=False)
    assert paused.update(current_due=TODAY - timedelta(50))
    (shown,) = rows_of(cast, "lead1")
    assert shown.promise is not None
    assert shown.promise.clock == "HOLD_REVIEW"
    assert late_on_first_page(cast, "lead1") == "Nothing late"


def test_the_count_of_late_cases_goes_on_after_the_first_page(cast: Cast) -> None:
    several = [cases.raised(cast) for _ in range(PAGE + 5)]
    for number, case in enumerate(several):
        set_due(case, TODAY + timedelta(3 - number), "ACK")
    last_first = [case.reference for case in reversed(several)]
    for name in ("lead1", "triage1", "dpo1"):
        pages = [list_cases(cast[name], TODAY, number) for number in (1, 2, 3)]
        shown = [reference for page in pages for reference in references(page.rows)]
        assert shown == last_first, name
        assert [len(page.rows) for page in pages] == [PAGE, 5, 0]
        assert [page.has_more for page in pages] == [True, False, False]
        late = sum(row.is_late for page in pages for row in page.rows)
        assert late == count_late(cast[name], TODAY) == len(several) - 4
        assert late_on_first_page(cast, name) == f"{late} late"


def test_the_list_for_programs_agrees_with_the_page(cast: Cast) -> None:
    late, soon = cases.in_investigation(cast), cases.acknowledged(cast)
    set_due(late, TODAY - timedelta(3), "INVESTIGATION")
    set_due(soon, TODAY + timedelta(3), "TRIAGE")
    answer = sign_in(Client(), cast, "lead1").get("/api/v1/cases/").json()
    assert answer == case_list(cast["lead1"], TODAY)
    assert answer["late"] == 1
    first, second = answer["cases"]
    assert first["reference"] == late.reference
    assert first["due"]["clock"] == "INVESTIGATION"
    assert first["due"]["whose"] == "Handler"
    assert first["due"]["working_days_late"] > 0
    assert first["yours"]["clock"] == "OVERALL"
    assert second["reference"] == soon.reference
    assert second["due"]["working_days_late"] == 0


def test_the_page_says_in_which_order_the_cases_are(cast: Cast) -> None:
    cases.raised(cast)
    text = text_of(sign_in(Client(), cast, "lead1").get("/cases/"))
    assert "Late cases are at the top. Then comes what is due next." in text
    assert "Paused cases are after that, and closed cases are last." in text


def test_complainants_find_their_own_date_first_in_their_own_concern(cast: Cast) -> None:
    case = cases.STATES["WITHDRAWAL_PENDING"](cast)
    own, others = TODAY + timedelta(4), TODAY - timedelta(4)
    set_due(case, own, "COOLING_OFF")
    Deadline.objects.filter(case=case, name="WELFARE").update(current_due=others)
    (shown,) = rows_of(cast, "complainant1")
    assert shown.promise is not None
    assert (shown.promise.clock, shown.promise.due) == ("COOLING_OFF", own)
    assert shown.next_words == "Time to change your mind about withdrawing"
    assert shown.yours_words == ""
    assert late_on_first_page(cast, "complainant1") == "Nothing late"
    assert late_on_first_page(cast, "lead1") == "1 late"
    (seen,) = rows_of(cast, "lead1")
    assert seen.promise is not None
    assert seen.promise.clock == "WELFARE"


def test_a_handler_who_raised_a_concern_finds_both_in_one_order(cast: Cast) -> None:
    worked, own = cases.in_investigation(cast), cases.raised(cast, who="handler1", about="staff2")
    set_due(worked, TODAY + timedelta(3), "INVESTIGATION")
    set_due(own, TODAY - timedelta(3), "ACK")
    rows = rows_of(cast, "handler1")
    assert references(rows) == [own.reference, worked.reference]
    assert rows[0].next_words == "Triage officer: acknowledge the concern"
    assert count_late(cast["handler1"], TODAY) == 1


def test_the_holder_of_a_case_key_finds_what_is_late_too(cast: Cast) -> None:
    case, caller = anonymous(cast)
    assert isinstance(caller.who, AnonymousReporter)
    set_due(case, TODAY - timedelta(3), "ACK")
    (shown,) = list_cases(caller.who, TODAY).rows
    assert shown.is_late
    assert count_late(caller.who, TODAY) == 1


def test_nothing_is_late_for_an_account_without_a_case(cast: Cast) -> None:
    cases.raised(cast)
    assert count_late(cast["staff1"], TODAY) == 0
    assert late_on_first_page(cast, "respondent1") == "Nothing late"
