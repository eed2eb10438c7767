"""Hard words reach no one who is then alone with them, at any step, without their wish."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.actions.delivery import NOT_NOW, RESPONDENT_AWAY, why_not_now
from grievances.cases.actions.perform import StepInput, perform
from grievances.cases.models.deadlines import away_of, days_away
from grievances.cases.models.parties import Party
from grievances.cases.steps import CaseSteps
from grievances.participants import statements
from grievances.people.models import Leave
from grievances.web.shared import clock
from tests.cases.room_scenarios import REFERRAL
from tests.factories import cases, edge_cases
from tests.factories.cases import at, done
from tests.factories.people import Staff
from tests.participants import hearing
from tests.signing_in import sign_in
from workflow.steps import Refused, steps

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
DECISION: dict[str, Any] = {
    "findings": {"1": "NOT_UPHELD"}, "reasons": "Why.", "letter": "Why.", "appeal_rights": True,
}  # fmt: skip


def test_every_delivery_has_the_guard_and_no_other_step_has_it() -> None:
    guarded = {
        name
        for name, step in steps(CaseSteps).items()
        if any(guard.code == NOT_NOW for guard in step.guards)
    }
    assert guarded == {
        "decide", "decide_appeal", "remit", "refer", "record_referral", "redirect",
        "close_insufficient", "tell_respondent",
    }  # fmt: skip


WAYS: tuple[tuple[Any, str, str, dict[str, Any]], ...] = (
    (cases.in_decision, "decider1", "decide", DECISION),
    (cases.appeal_heard, "appeal1", "decide_appeal",
     {"outcome": "appeal_dismissed", "reasons": "Why."}),
    (cases.appeal_heard, "appeal1", "remit", {"reasons": "Why."}),
    (cases.decided, "decider1", "refer", REFERRAL),
)  # fmt: skip


@pytest.mark.parametrize(("make", "who", "step", "answers"), WAYS, ids=[w[2] for w in WAYS])
def test_no_one_is_told_on_a_friday_afternoon_unless_they_want_it(
    staff: Staff, make: Any, who: str, step: str, answers: dict[str, Any]
) -> None:
    case = make(staff)
    with pytest.raises(Refused) as refused:
        done(staff, case, who, step, FRIDAY, **answers)
    assert refused.value.code == NOT_NOW
    done(staff, case, who, step, FRIDAY, **answers, wish=True)


def test_not_before_the_officer_goes_on_leave_and_not_before_the_complainant_does(
    staff: Staff,
) -> None:
    case = cases.in_decision(staff)
    officer = staff["decider1"]
    assert why_not_now("decide", case, officer.pk, MONDAY) == []
    leave = Leave.objects.create(
        person=officer, from_on=date(2026, 11, 24), until_on=date(2026, 11, 30)
    )
    with pytest.raises(Refused):
        done(staff, case, "decider1", "decide", MONDAY, **DECISION)
    leave.delete()
    days = {"from_on": date(2026, 11, 20), "until_on": date(2026, 11, 24)}
    done(staff, case, "complainant1", "say_away", MONDAY, **days)
    assert away_of(case) == (days["from_on"], days["until_on"])
    with pytest.raises(Refused):
        done(staff, case, "decider1", "decide", MONDAY, **DECISION)
    tuesday = MONDAY.replace(day=25)
    assert why_not_now("decide", case, officer.pk, tuesday) == [], "they are back"
    done(staff, case, "complainant1", "change_contact", MONDAY, contact="PORTAL")
    assert away_of(case) is not None, "another way of contact forgets nothing"
    done(staff, case, "complainant1", "say_away", MONDAY)
    assert away_of(case) is None
    done(staff, case, "decider1", "decide", MONDAY, **DECISION)


def test_not_before_the_person_it_is_about_goes_on_leave(staff: Staff) -> None:
    case = hearing.decided_after(staff)
    page = f"/replies/{case.hearings.get(standing='RESPONDENT').token}/"
    own = sign_in(Client(), staff, "respondent1")
    assert f'href="{page}away/"' in own.get(page).content.decode()
    days = {"from_on_day": "25", "from_on_month": "11", "from_on_year": "2026",
            "until_on_day": "30", "until_on_month": "11", "until_on_year": "2026"}  # fmt: skip
    assert own.post(f"{page}away/", {**days, "until_on_day": "24"}).status_code == 422
    assert own.post(f"{page}away/", days).status_code == 302
    told = {"person": staff["respondent1"], "text": "Not upheld.", "checked": True}
    tuesday = at(3)
    assert why_not_now("tell_respondent", case, None, tuesday) == [RESPONDENT_AWAY]
    assert RESPONDENT_AWAY not in why_not_now("decide", case, None, tuesday)
    with pytest.raises(Refused):
        done(staff, case, "decider1", "tell_respondent", tuesday, **told)
    assert "25 November 2026 to 30 November 2026" in own.get(f"{page}away/").content.decode()
    assert Event.objects.filter(chain=case.reference, kind="respondent.said_away").count() == 1
    own.post(f"{page}away/", {"remove": "yes"})
    assert why_not_now("tell_respondent", case, None, tuesday) == []
    own.post(f"{page}away/", days)
    done(staff, case, "decider1", "tell_respondent", tuesday, **told, wish=True)


def test_days_of_a_respondent_are_sealed_at_their_place_and_none_beside_their_account(
    staff: Staff,
) -> None:
    """Leave is a table of officers: of anyone else it would tell that they are heard."""
    case = hearing.decided_after(staff)
    token = case.hearings.get(standing="RESPONDENT").token
    days = (date(2026, 11, 25), date(2026, 11, 30))
    statements.say_away(staff.caller("respondent1"), token, days, now=MONDAY)
    asked = case.parties.get(standing="RESPONDENT")
    assert days_away(asked) == days
    assert b"2026" not in bytes(asked.sealed_away)
    assert away_of(case) is None, "the complainant's own days are others"
    witness = case.hearings.get(standing="WITNESS").token
    for who, where in (("staff1", witness), ("staff1", token), ("complainant1", token)):
        with pytest.raises(NotAllowed):
            statements.say_away(staff.caller(who), where, days, now=MONDAY)
    own = sign_in(Client(), staff, "respondent1")
    for answer in (own.get("/account/leave/"), own.post("/account/leave/", {"remove": "1"})):
        assert answer.status_code == 404
    assert not Leave.objects.exists()


def test_their_days_are_sealed_and_must_be_in_order(staff: Staff) -> None:
    case = cases.raised(staff)
    first, last = date(2026, 11, 24), date(2026, 11, 30)
    for wrong in ({"from_on": last, "until_on": first}, {"from_on": first}, {"until_on": last}):
        with pytest.raises(Refused):
            done(staff, case, "complainant1", "say_away", MONDAY, **wrong)
    done(staff, case, "complainant1", "say_away", MONDAY, from_on=first, until_on=last)
    assert not any(b"2026" in bytes(row.sealed_away) for row in Party.objects.all())


def test_someone_anonymous_says_it_too(staff: Staff) -> None:
    case, caller = edge_cases.anonymous(staff)
    days = {"from_on": date(2026, 11, 24), "until_on": date(2026, 11, 30)}
    given = StepInput(answers=days)
    perform("say_away", case_id=case.pk, caller=caller, now=MONDAY, step_input=given)
    assert away_of(case) == (days["from_on"], days["until_on"])


def test_an_officer_enters_leave_and_takes_it_back_and_the_form_says_what_speaks_against_today(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.in_decision(staff)
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    monkeypatch.setattr(clock, "today", lambda: MONDAY.date())
    decider = sign_in(Client(), staff, "decider1")
    days = {"from_on_day": "24", "from_on_month": "11", "from_on_year": "2026"}
    days |= {"until_on_day": "1", "until_on_month": "12", "until_on_year": "2026"}
    backwards = {**days, "until_on_day": "20", "until_on_month": "11"}
    assert decider.post("/account/leave/", backwards).status_code == 422
    too_far = decider.post("/account/leave/", {**days, "until_on_year": "2029"})
    assert too_far.status_code == 422
    assert "a last day that is at most two years from today" in too_far.content.decode()
    assert decider.post("/account/leave/", days).status_code == 302
    page = decider.get("/account/leave/").content.decode()
    assert "24 November 2026" in page
    assert "You are away today" in decider.get(f"/cases/{case.reference}/decide/").content.decode()
    row = Leave.objects.get()
    other = sign_in(Client(), staff, "handler1")
    other.post("/account/leave/", {"remove": str(row.pk)})
    assert Leave.objects.exists(), "no one takes back another person's leave"
    decider.post("/account/leave/", {"remove": str(row.pk)})
    assert not Leave.objects.exists()
