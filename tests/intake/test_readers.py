"""Who could read a concern: shown by name before it is sent, exact, and the writer's to change."""

from __future__ import annotations

import pytest

from grievances.cases.access import rules
from grievances.cases.access.readers_preview import overseers
from grievances.cases.models.records import Kind
from grievances.encryption.key_pairs import make_key_pair
from grievances.people.models import Appointment, LineManagement, Training, User
from grievances.vocabulary import Certificate, Office, State
from grievances.web.shared import clock
from tests.factories.people import PASSWORD, SINCE, UNTIL, Staff
from tests.intake.raising import (
    STORY,
    hidden,
    page_of,
    send,
    sent,
    the_case,
    words,
    written,
)

pytestmark = pytest.mark.django_db


def test_the_list_shown_is_exactly_who_can_open_the_case_afterwards(staff: Staff) -> None:
    client, base = written(staff, name={"identity": "OPEN", "share": "later"})
    html = page_of(client.get(f"{base}/readers/"))
    send(client, base)
    able = rules.people_for(the_case(), "read") - {staff["complainant1"]}
    everybody = [p for p in User.objects.all() if p != staff["complainant1"]]
    assert able
    assert {p for p in everybody if f">{p.name}<" in html} == able | {staff["respondent1"]}
    assert f"<li>{staff['respondent1'].name}</li>" in html
    assert "They can see your name" in html


def test_someone_taken_out_never_sees_the_case_and_can_be_put_back_before(staff: Staff) -> None:
    client, base = written(staff)
    out = staff["triage1"]
    client.post(f"{base}/readers/", {"remove": out.pk})
    page = client.get(f"{base}/readers/").content.decode()
    assert f'name="put_back" value="{out.pk}"' in " ".join(page.split())
    client.post(f"{base}/readers/", {"put_back": out.pk})
    page = client.get(f"{base}/readers/").content.decode()
    assert f'name="remove" value="{out.pk}"' in " ".join(page.split())
    for gone in (out, staff["lead1"]):
        client.post(f"{base}/readers/", {"remove": gone.pk})
    assert "An independent officer will do this instead" in page_of(client.get(f"{base}/readers/"))
    client.post(f"{base}/readers/", {"remove": staff["independent1"].pk})
    assert "No casework lead is left" in page_of(client.get(f"{base}/readers/"))
    send(client, base)
    assert rules.people_for(the_case(), "read") == {
        staff[name] for name in ("complainant1", "triage2", "dpo1")
    }


def test_taking_out_all_officers_brings_the_independent_one_and_the_last_one_stays(
    staff: Staff,
) -> None:
    client, base = written(staff)
    for name in ("triage1", "triage2"):
        client.post(f"{base}/readers/", {"remove": staff[name].pk})
    html = page_of(client.get(f"{base}/readers/"))
    assert "No one from the triage team is left" in html
    assert staff["independent1"].name in html
    answer = client.post(f"{base}/readers/", {"remove": staff["independent1"].pk})
    assert answer.status_code == 422
    assert "NOBODY_LEFT" in page_of(answer)
    assert send(client, base).status_code == 302
    assert staff["independent1"] in rules.people_for(the_case(), "read_account")


def test_only_people_on_the_page_can_be_taken_out(staff: Staff) -> None:
    client, base = written(staff)
    client.post(f"{base}/readers/", {"remove": staff["handler1"].pk})
    client.post(f"{base}/readers/", {"remove": "not a number"})
    assert "You took out" not in page_of(client.get(f"{base}/readers/"))


def test_keeping_everyone_away_is_said_and_cannot_be_sent(staff: Staff) -> None:
    away = "triage1\ntriage2\nindependent1"
    client, base = written(staff, **{"keep-away": {"exclude": away}})
    assert "No one who could read this is left" in page_of(client.get(f"{base}/readers/"))
    answer = send(client, base)
    assert answer.status_code == 422
    assert "NOBODY_LEFT" in page_of(answer)
    assert the_case().state == State.DRAFT


def test_a_new_officer_since_the_list_was_shown_stops_the_sending_and_loses_nothing(
    staff: Staff,
) -> None:
    client, base = written(staff)
    shown = hidden(client.get(f"{base}/check/").content.decode(), "shown")
    appoint_triage(staff["staff1"])
    answer = send(client, base, shown=shown)
    assert answer.status_code == 409
    html = page_of(answer)
    assert "have changed since you saw the list" in html
    assert staff["staff1"].name in html
    assert STORY in html
    assert the_case().state == State.DRAFT
    assert send(client, base).status_code == 302
    assert staff["staff1"] in rules.people_for(the_case(), "read_account")


def test_a_new_overseer_since_the_list_was_shown_stops_the_sending_too(staff: Staff) -> None:
    client, base = written(staff)
    before = hidden(client.get(f"{base}/check/").content.decode(), "shown")
    Appointment.objects.create(person=staff["staff2"], office=Office.LEAD, from_date=SINCE)
    assert send(client, base, shown=before).status_code == 409
    assert send(client, base, shown="rubbish").status_code == 409


def appoint_triage(person: User) -> None:
    Appointment.objects.create(person=person, office=Office.TRIAGE, from_date=SINCE)
    for certificate in (Certificate.RACE_CORE, Certificate.TRIAGE):
        Training.objects.create(
            person=person, certificate=certificate, issued_on=SINCE, expires_on=UNTIL
        )


def test_a_name_in_no_directory_is_kept_and_said(staff: Staff) -> None:
    client, base = written(staff, about={"about": "Respondent 1\nthe tall one from Hull"})
    for page in ("about", "readers", "check"):
        assert "the tall one from Hull" in page_of(client.get(f"{base}/{page}/"))
    html = page_of(client.get(f"{base}/readers/"))
    assert "We did not find these" in html
    send(client, base)
    assert "the tall one from Hull" in words(staff, the_case())[Kind.PEOPLE]


def test_a_manager_who_names_someone_they_manage_keeps_their_own_concern(staff: Staff) -> None:
    LineManagement.objects.create(
        person=staff["staff1"], manager=staff["complainant1"], from_date=SINCE
    )
    client, case = sent(staff, about={"about": "staff1\ncomplainant1"})
    assert client.get(f"/raise/{case.reference}/receipt/").status_code == 200


def test_a_casework_lead_does_not_watch_over_their_own_concern(staff: Staff) -> None:
    client, base = written(staff, "lead1")
    send(client, base)
    case = the_case()
    assert staff["lead1"] not in {person for _, person in overseers(case, clock.today())}
    assert not rules.allows(staff["lead1"], "answer_approval", case)


def test_someone_without_keys_is_not_offered_as_a_reader(staff: Staff) -> None:
    fresh = User.objects.create(username="triage3", name="Triage 3", unit=staff["triage2"].unit)
    appoint_triage(fresh)
    client, base = written(staff)
    assert "Triage 3" not in page_of(client.get(f"{base}/readers/"))
    make_key_pair(fresh, PASSWORD)
    assert "Triage 3" in page_of(client.get(f"{base}/readers/"))
