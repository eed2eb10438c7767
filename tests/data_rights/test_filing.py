"""A person files a request for their data and sees its clock; the officer alone reads it."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from grievances.audit.models import Event
from grievances.data_rights import filing
from grievances.data_rights.filed_models import FiledRequest, RequestWords, filed_by
from grievances.data_rights.models import RightsRequest
from grievances.encryption.primitives import DecryptionFailed
from grievances.policy import profiles
from grievances.web.shared import clock
from notifications.models import Notice
from tests.attacks.leak_scan import Loot
from tests.attacks.stolen_copy import rows
from tests.factories.people import Staff
from tests.intake.raising import page_of
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
OWN, OFFICER = "/my-data/", "/data-rights/"
SECRET = "PLANTED-RIGHTS-WORDS"


class Watch:
    """A clock that the test moves; it begins on Monday 2 March 2026."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 10, tzinfo=profiles.zone())


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    it = Watch()
    monkeypatch.setattr(clock, "now", lambda: it.now)
    monkeypatch.setattr(clock, "today", lambda: it.now.date())
    return it


def test_a_person_files_sees_the_date_and_the_officer_reads_it(staff: Staff, watch: Watch) -> None:
    client = sign_in(Client(), staff, "complainant1")
    answer = client.post(OWN, {"kind": "ACCESS", "text": SECRET})
    assert answer["Location"] == OWN
    number = RightsRequest.objects.get().pk
    shown = page_of(client.get(OWN))
    assert f"Number {number}" in shown
    assert "We must answer by <strong>2 April 2026</strong>" in shown
    assert SECRET in shown
    officer = sign_in(Client(), staff, "dpo1")
    assert Notice.objects.filter(link=OFFICER, kind="update", channel="inbox").count() >= 1
    listed = page_of(officer.get(OFFICER))
    assert SECRET in listed
    assert staff["complainant1"].name in listed
    watch.now += timedelta(days=5)
    officer.post(OFFICER, {"number": str(number), "what": "wait"})
    assert "because we wait for something from you" in page_of(client.get(OWN))
    assert Notice.objects.filter(link=OWN, channel="inbox").count() == 1
    watch.now += timedelta(days=4)
    officer.post(OFFICER, {"number": str(number), "what": "resume"})
    assert "<strong>7 April 2026</strong>" in page_of(client.get(OWN)), "after Easter Monday"
    officer.post(OFFICER, {"number": str(number), "what": "answer"})
    assert "We answered on 11 March 2026" in page_of(client.get(OWN))


def test_a_complaint_is_acknowledged_in_thirty_days_and_needs_its_words(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    empty = client.post(OWN, {"kind": "COMPLAINT", "text": "  "})
    assert empty.status_code == 422
    assert "Tell us what went wrong, in your own words." in page_of(empty)
    nothing = client.post(OWN, {"text": SECRET})
    assert nothing.status_code == 422
    assert SECRET in page_of(nothing), "nothing typed is lost"
    client.post(OWN, {"kind": "COMPLAINT", "text": SECRET})
    assert "We must tell you that we have it by <strong>1 April 2026" in page_of(client.get(OWN))


def test_no_one_else_reads_it_and_the_trail_names_no_one(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    client.post(OWN, {"kind": "ACCESS", "text": SECRET})
    for who in ("lead1", "triage1", "complainant2", "linemanager1", "admin1"):
        other = sign_in(Client(), staff, who)
        assert SECRET not in page_of(other.get(OWN))
        assert other.get(OFFICER).status_code == 404
    assert Client().get(OWN)["Location"].startswith("/accounts/login/")
    event = Event.objects.get(kind="rights.filed")
    assert (event.actor, event.role) == ("system", "system")
    assert set(event.data) == {"number", "kind"}
    assert Loot(list(rows())).holds(SECRET) == []
    able = {"complainant1", *(n for n in staff.holders if n.startswith("dpo"))}
    for words in RequestWords.objects.all():
        for name, holder in staff.holders.items():
            if name not in able:
                with pytest.raises(DecryptionFailed):
                    words.open(holder)


def test_a_fourth_open_request_is_refused_and_nothing_typed_is_lost(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    for _ in range(filing.MOST_OPEN):
        assert client.post(OWN, {"kind": "ACCESS"}).status_code == 302
    answer = client.post(OWN, {"kind": "ACCESS", "text": SECRET})
    assert answer.status_code == 422
    assert "You have 3 open requests" in page_of(answer)
    assert SECRET in page_of(answer)
    assert RightsRequest.objects.count() == filing.MOST_OPEN
    other = sign_in(Client(), staff, "complainant2")
    assert other.post(OWN, {"kind": "ACCESS"}).status_code == 302


def test_whose_it_was_is_forgotten_a_year_after_the_answer(staff: Staff, watch: Watch) -> None:
    client = sign_in(Client(), staff, "complainant1")
    client.post(OWN, {"kind": "ACCESS", "text": SECRET})
    RightsRequest.objects.update(answered_on=watch.now.date())
    watch.now += timedelta(days=360)
    assert filing.forget_old(watch.now.date()) == 0
    watch.now += timedelta(days=10)
    assert filing.forget_old(watch.now.date()) == 1
    assert not FiledRequest.objects.exists()
    assert not RequestWords.objects.exists()
    assert RightsRequest.objects.count() == 1, "the register keeps the number and the days"


def test_a_copy_of_the_database_does_not_join_the_requests_of_one_person(staff: Staff) -> None:
    for name in ("complainant1", "complainant1", "complainant2"):
        assert sign_in(Client(), staff, name).post(OWN, {"kind": "ACCESS"}).status_code == 302
    filed = list(FiledRequest.objects.order_by("pk"))
    assert len({row.label for row in filed}) == len({bytes(row.sealed) for row in filed}) == 3
    assert len({len(row.sealed) for row in filed}) == 1
    one, two, other = (row.pk for row in filed)
    assert [row.pk for row in filed_by(staff["complainant1"].pk)] == [two, one]
    assert [row.pk for row in filed_by(staff["complainant2"].pk)] == [other]


def test_an_upgrade_takes_the_label_of_the_person_from_every_request(staff: Staff) -> None:
    migration = import_module("grievances.migrations.0057_label_of_each_request")
    for _ in range(2):
        sign_in(Client(), staff, "complainant1").post(OWN, {"kind": "ACCESS"})
    now = set(FiledRequest.objects.values_list("label", flat=True))
    migration.back(apps, None)
    assert FiledRequest.objects.values("label").distinct().count() == 1
    migration.forward(apps, None)
    assert set(FiledRequest.objects.values_list("label", flat=True)) == now
