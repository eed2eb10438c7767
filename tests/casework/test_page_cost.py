"""What raising a concern, a step and the other pages ask of the database, and that it never grows.

No clock is read here: queries are counted, with ten cases and with a thousand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.case import Case
from tests.factories import cases
from tests.factories.copies import copy_case
from tests.factories.people import Staff
from tests.intake.raising import STORY, hidden
from tests.page_time import pages_at
from tests.signing_in import sign_in

FEW, MANY = 10, 1000
ANSWERS: dict[str, dict[str, Any]] = {
    "what-happened": {"account": STORY},
    "contact": {"contact": "PORTAL"},
    "about": {"about": "respondent1"},
    "name": {"identity": "CONFIDENTIAL", "share": "yes"},
}
MOST_RAISING = {
    "begin": 14,
    **dict.fromkeys(ANSWERS, 6),
    "more": 6,
    **{f"{page} sent": 6 for page in ANSWERS},
    "readers": 11,
    "check": 11,
    "check sent": 34,
    "receipt": 14,
}
"""Queries of each page, savepoints counted. The session and its person are two of each."""
MOST_IN_ALL = 138
MOST_STEPS = {"acknowledge": 24, "check_safety": 7}
"""Queries of a step that moves the case and gives keys, and of one that only records.

Two of each are a savepoint, which there is none of outside a test: BEGIN and COMMIT instead.
"""
MESSAGES = {
    "acknowledge": 10,
    "check_safety": 5,
    "begin": 12,
    **dict.fromkeys([*ANSWERS, "more", *(f"{page} sent" for page in ANSWERS)], 5),
    "readers": 10,
    "check": 10,
    "check sent": 22,
    "receipt": 14,
}
"""Messages to PostgreSQL of the same steps and pages, BEGIN and COMMIT counted.

One message has several statements.
"""
_page_time = pages_at(cases.at(2))


def counted(ask: Callable[[], Any]) -> tuple[int, Any]:
    with CaptureQueriesContext(connection) as caught:
        answer = ask()
    return len(caught), answer


def raising(staff: Staff, who: str) -> dict[str, int]:
    """Queries of each page, from the first one to the receipt."""
    client = sign_in(Client(), staff, who)
    client.get("/raise/")  # the session notes once until when it lasts
    cost, answer = counted(partial(client.post, "/raise/"))
    found, base = {"begin": cost}, answer["Location"].removesuffix("/what-happened/")
    for page, fields in ANSWERS.items():
        found[page], answer = counted(partial(client.get, f"{base}/{page}/"))
        assert answer.status_code == 200
        found[f"{page} sent"], answer = counted(partial(client.post, f"{base}/{page}/", fields))
        assert answer.status_code == 302
    for page in ("more", "readers", "check"):
        found[page], answer = counted(partial(client.get, f"{base}/{page}/"))
    html = answer.content.decode()
    press = {name: hidden(html, name) for name in ("shown", "once")}
    found["check sent"], answer = counted(partial(client.post, f"{base}/check/", press))
    assert answer["Location"].endswith("/receipt/")
    found["receipt"], answer = counted(partial(client.get, f"{base}/receipt/"))
    assert answer.status_code == 200
    return found


def step(staff: Staff, case: Case, name: str, **answers: Any) -> int:
    step_input = StepInput(answers=answers, once=f"{case.pk} {name}")
    caller = staff.caller("triage1")
    act = partial(perform, name, case_id=case.pk, caller=caller, now=cases.at(1))
    return counted(partial(act, step_input=step_input))[0]


def test_raising_and_steps_cost_the_same_for_ten_cases_and_for_a_thousand(staff: Staff) -> None:
    cases.acknowledged(staff)  # what a process reads once, it has read
    raised, stepped = [], []
    for wanted, who in ((FEW, "complainant2"), (MANY, "complainant1")):
        case = cases.raised(staff, who, about="")
        copy_case(case, wanted - Case.unguarded.count())
        raised.append(raising(staff, who))
        acknowledge = step(staff, case, "acknowledge", declare=True)
        check_safety = step(staff, case, "check_safety", flags=[])
        stepped.append({"acknowledge": acknowledge, "check_safety": check_safety})
    # What a process reads once may be read among the ten; a thousand cost no more.
    for few, many in (raised, stepped):
        assert many.keys() == few.keys()
        assert all(many[page] <= few[page] for page in few), (few, many)
    for found, most in ((raised[1], MOST_RAISING), (stepped[1], MOST_STEPS)):
        over = {page: cost for page, cost in found.items() if cost > most[page]}
        assert not over, over
    assert sum(raised[1].values()) <= MOST_IN_ALL


@pytest.mark.postgres
def test_a_step_and_raising_send_few_messages_to_the_server(staff: Staff) -> None:
    cases.acknowledged(staff)
    case = cases.raised(staff, "complainant1")
    acknowledge = step(staff, case, "acknowledge", declare=True)
    check_safety = step(staff, case, "check_safety", flags=[])
    pages = raising(staff, "complainant2")
    found = {"acknowledge": acknowledge, "check_safety": check_safety, **pages}
    assert found == MESSAGES


PAGES = ("/inbox/", "/cases/board/", "/cases/search/", "/cases/dates.ics", "/reports/", "/support/")
OF_A_CASE = ("", "check_safety/", "send_message/", "ledger/", "print/")
MOST_OF_A_PAGE = 17
"""One of them tells whether a person was named before: it is worked out, and stored nowhere."""
MOST_OF_THE_BOARD = 27
"""It shows a list for each stage."""


@pytest.mark.parametrize("name", ["triage1", "lead1"])
def test_pages_cost_the_same_for_ten_cases_and_for_a_thousand(staff: Staff, name: str) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, name)
    pages = [*PAGES, *(f"/cases/{case.reference}/{page}" for page in OF_A_CASE)]
    for page in pages:
        client.get(page)  # the first view of a case is an event
    found = []
    for wanted in (FEW, MANY):
        copy_case(case, wanted - Case.unguarded.count())
        found.append({page: counted(partial(client.get, page))[0] for page in pages})
    assert found[0] == found[1]
    board = found[1].pop("/cases/board/")
    assert board <= MOST_OF_THE_BOARD
    assert max(found[1].values()) <= MOST_OF_A_PAGE, found[1]


CASEWORK = ("hearing", "meeting", "offer", "action", "handover", "consent", "chainhead")


def test_a_page_of_a_draft_asks_nothing_of_casework(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    base = client.post("/raise/")["Location"].removesuffix("/what-happened/")
    for page in (*ANSWERS, "more", "check"):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"{base}/{page}/").status_code == 200
        said = " ".join(query["sql"] for query in caught)
        assert not [name for name in CASEWORK if f'FROM "grievances_{name}"' in said], page
