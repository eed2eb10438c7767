"""Someone who is barred cannot learn that a case exists: every channel, attacked as they would.

Each channel is measured twice, in a service with the case and in the same one without it, and the
two must not differ in anything that the person gets to see (issue: conflict by relationship).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grievances.audit.models import Event
from grievances.cases.access import eligibility, rules
from grievances.cases.models.case import Case
from grievances.cases.notices import sending
from grievances.casework.appointments import end_lapsed_parts
from grievances.casework.reader_grants import admit_readers
from grievances.deadlines.sweep import run_clocks
from grievances.encryption.server_keys import person_pseudonym
from grievances.intake import submission
from grievances.people.models import Appointment
from grievances.vocabulary import Office, Role
from grievances.web.cases.presenters.case_list import list_cases
from grievances.web.cases.presenters.serializers import case_list
from grievances.web.cases.step_forms.offers import OfferPart
from grievances.web.shared import clock, session_store
from notifications.models import Notice
from notifications.outbox import unread_count
from tests.attacks.world import look
from tests.factories import cases
from tests.factories.cases import START, at, done
from tests.factories.people import SINCE, Staff
from tests.signing_in import sign_in
from workflow.steps import Refused

MISSING = "RC-222222"
OFFICES = (
    Office.TRIAGE,
    Office.LEAD,
    Office.EXECUTIVE,
    Office.DPO,
    Office.AUDITOR,
    Office.ANALYST,
    Office.INDEPENDENT,
)
"""The person attacking holds every office that is told of cases without a part in them."""


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(60))
    monkeypatch.setattr(clock, "today", lambda: at(60).date())
    # Each page says when its session ends: two pages may not fall into two minutes here.
    monkeypatch.setattr(session_store, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))


@pytest.fixture(params=["respondent1", "linemanager1", "staff2"])
def outcast(request: pytest.FixtureRequest, staff: Staff) -> str:
    """The one it is about, a manager of both, someone left out: each in every office."""
    name = str(request.param)
    for office in OFFICES:
        Appointment.objects.create(person=staff[name], office=office, from_date=SINCE)
    return name


def with_and_without(staff: Staff, see: Callable[[], Any]) -> tuple[Any, Any]:
    """What someone sees while a late, escalated case about them exists, and when none does."""
    run_clocks(at(60))  # the service runs, case or no case: its heartbeat tells of neither
    with transaction.atomic():
        case = cases.in_investigation(staff, exclude="staff2")
        done(staff, case, "triage1", "recuse", START)
        for day in (1, 2, 40, 60):
            run_clocks(at(day))
            admit_readers(at(day))
        end_lapsed_parts(at(60))
        assert Event.objects.filter(kind="clock.L3").exists(), "the case is as loud as can be"
        there = see()
        transaction.set_rollback(True)
    return there, see()


def plain(html: bytes) -> str:
    """A page without what differs between any two loads of it."""
    text = html.decode()
    text = re.sub(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"', "", text)
    return re.sub(r"RC-[0-9A-Z]{6}", "RC", text)


def getting(base: str, tail: str) -> Callable[[Client, str], Any]:
    """Opening an address that names a case, with any reference in its place."""
    return lambda client, reference: client.get(f"{base}/{reference}/{tail}")


def posting(step: str) -> Callable[[Client, str], Any]:
    """Pressing the button of a step, with any reference in its place."""
    return lambda client, reference: client.post(f"/cases/{reference}/{step}/", {"text": "x"})


PAGES = (
    "/",
    "/cases/",
    "/inbox/",
    "/reports/",
    "/reports/resolution-times/",
    "/reports/satisfaction/?unit=HULL&from=2026-11-01",
    "/account/",
    "/raise/",
    "/api/v1/cases/",
    "/trail/",
)


@pytest.mark.slow
def test_no_page_list_count_notice_report_or_name_match_tells(staff: Staff, outcast: str) -> None:
    person = staff[outcast]

    def pages() -> list[tuple[str, int, str]]:
        client = sign_in(Client(), staff, outcast)
        answers = [(page, client.get(page)) for page in PAGES]
        return [(page, answer.status_code, plain(answer.content)) for page, answer in answers]

    def names() -> list[str]:
        """A name match says who is in the directory, and never who has a case."""
        client = sign_in(Client(), staff, outcast)
        base = client.post("/raise/")["Location"].removesuffix("/what-happened/")
        seen = []
        for typed in ("complainant1", "handler1", "Hull"):
            client.post(f"{base}/about/", {"about": typed, "decided": typed})
            client.post(f"{base}/keep-away/", {"exclude": typed})
            for page in ("about", "readers"):
                seen.append(plain(client.get(f"{base}/{page}/").content))
        return seen

    def see() -> dict[str, Any]:
        own = [person_pseudonym(person.pk), *sending.inboxes(person)]
        return {
            "pages": pages(),
            "cases": {rule: rules.cases_for(person, rule).count() for rule in rules.RULES},
            "listing": [row.href for row in list_cases(person, at(60).date()).rows],
            "api": case_list(person, at(60).date(), 1)["cases"],
            "unread": unread_count(*sending.inboxes(person)),
            "notices": Notice.objects.filter(handle__in=own).count(),
            "names": names(),
        }

    there, gone = with_and_without(staff, see)
    for channel in gone:
        assert there[channel] == gone[channel], channel


def test_a_stranger_without_an_account_learns_nothing_either(staff: Staff) -> None:
    Appointment.objects.create(person=staff["handler1"], office=Office.TRIAGE, from_date=SINCE)
    staff["triage2"].training.update(person=staff["handler1"])

    def see() -> list[set[str]]:
        typed = ("respondent1", "complainant1", "staff1")
        answers = [{**cases.ACCOUNT, "about": name, "region": "NORTH"} for name in typed]
        return [
            {p.username for p in submission.preview_anonymous(each, now=START)} for each in answers
        ]

    there, gone = with_and_without(staff, see)
    assert there == gone
    assert any("handler1" in names for names in gone)


def test_every_address_answers_with_the_same_bytes_and_the_same_queries(
    staff: Staff, outcast: str
) -> None:
    case = cases.in_investigation(staff, exclude="staff2")
    client = sign_in(Client(), staff, outcast)
    client.get("/support/")
    body = json.dumps({"text": "x"})
    tails = ("", "ledger/", "message/", "recuse/", "proof/", "no_such_step/")
    for tail in tails:
        for base in ("/cases", "/api/v1/cases"):
            real, made_up = (
                look(client, getting(base, tail), ref) for ref in (case.reference, MISSING)
            )
            assert real == made_up, (base, tail)
    real, made_up = (look(client, getting("/trail", ""), ref) for ref in (case.reference, MISSING))
    assert real == made_up
    real, made_up = (
        look(
            client,
            lambda c, ref: c.post(
                f"/api/v1/cases/{ref}/message/", body, content_type="application/json"
            ),
            ref,
        )
        for ref in (case.reference, MISSING)
    )
    assert real == made_up


def test_joining_to_a_barred_case_looks_like_joining_to_none(staff: Staff) -> None:
    """A triage officer who is barred from the earlier case types its reference, to find out."""
    earlier = cases.acknowledged(staff, exclude="triage2")
    later = cases.raised(staff)
    done(staff, later, "triage2", "acknowledge", START, declare=True)

    def ask(reference: str) -> tuple[str, str, list[str]]:
        with CaptureQueriesContext(connection) as queries, pytest.raises(Refused) as refused:
            done(staff, later, "triage2", "merge", START, into=reference)
        shapes = [re.sub(r"'[^']*'|x?\d+", "?", q["sql"]) for q in queries]
        return refused.value.code, refused.value.sentence, shapes

    ask(MISSING)
    assert ask(earlier.reference) == ask(MISSING) == ask("RC-!!!!!!")
    client = sign_in(Client(), staff, "triage2")
    step = f"/cases/{later.reference}/merge/"
    pages = []
    for reference in (earlier.reference, MISSING):
        answer = client.post(step, {"into": reference})
        pages.append((answer.status_code, plain(answer.content)))
    assert pages[0] == pages[1]
    assert pages[0][0] == 422


def test_choosing_people_does_not_tell_the_lead_who_the_parties_are(staff: Staff) -> None:
    """Reasons beside a name would name the parties: the lead sees the fit alone, no counts."""
    case = cases.in_allocation(staff)
    caller, today = staff.caller("lead1"), at(60).date()
    form = OfferPart(case=case, caller=caller, role=Role.LEAD, today=today)
    shown = set(form.person_field("candidate").people)
    fit = {str(c.person.pk) for c in eligibility.candidates(case, Role.HANDLER, at(60).date())}
    assert shown <= fit
    assert str(staff["respondent1"].pk) not in shown


def test_a_barred_executive_is_passed_over_and_an_independent_officer_told(staff: Staff) -> None:
    executive = staff["executive1"]
    case = cases.in_investigation(staff, exclude="executive1")
    run_clocks(at(60))
    assert Event.objects.filter(chain=case.reference, kind="clock.L3").exists()
    told = set(Notice.objects.filter(kind="escalated").values_list("handle", flat=True))
    assert person_pseudonym(executive.pk) not in told
    assert person_pseudonym(staff["independent1"].pk) in told


def test_the_press_of_a_button_is_refused_in_the_same_words_and_time(staff: Staff) -> None:
    """By post too: a barred person guesses steps on a real and on a made-up reference."""
    case = cases.in_investigation(staff)
    client = sign_in(Client(), staff, "respondent1")
    client.get("/support/")
    for step in ("message", "exclude", "recuse", "answer_reader"):
        real, made_up = (look(client, posting(step), ref) for ref in (case.reference, MISSING))
        assert real == made_up, step
    assert not Case.unguarded.filter(pk=case.pk).exclude(turn=case.turn).exists()
