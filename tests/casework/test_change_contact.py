"""How a complainant is contacted can be changed at any time after sending."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.models.parties import address_of, complainant_of
from grievances.cases.models.records import Kind
from grievances.vocabulary import Contact
from grievances.web.shared import clock
from tests.attacks.leak_scan import Loot
from tests.attacks.stolen_copy import rows
from tests.factories import cases
from tests.factories.cases import at
from tests.factories.people import Staff
from tests.intake.raising import ANONYMOUS, STORY, hidden, page_of, send, words
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "planted.address@example.com"


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    # After the concern was sent: records of one moment have no order.
    monkeypatch.setattr(clock, "now", lambda: at(2))
    monkeypatch.setattr(clock, "today", at(2).date)


def test_it_is_changed_and_changed_back_while_open_and_when_closed(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = f"/cases/{case.reference}/change_contact/"
    assert page in page_of(client.get(f"/cases/{case.reference}/"))
    wrong = post(client, page, contact="PERSONAL_EMAIL", address="07700 900982")
    assert wrong.status_code == 422
    assert "Enter an email address, such as name@example.com." in page_of(wrong)
    assert "07700 900982" in page_of(wrong), "nothing typed is lost"
    assert post(client, page, contact="PERSONAL_EMAIL", address=ADDRESS).status_code == 302
    party = complainant_of(case)
    assert (party.contact, address_of(party)) == (Contact.PERSONAL_EMAIL, ADDRESS)
    assert ADDRESS in words(staff, case, "triage1")[Kind.NAME]
    event = Event.objects.filter(chain=case.reference, kind="case.change_contact").latest("seq")
    assert ADDRESS not in str(event.data)
    assert Loot(list(rows())).holds(ADDRESS) == []
    assert post(client, page, contact="PORTAL", address=ADDRESS).status_code == 302
    party = complainant_of(case)
    assert (party.contact, address_of(party)) == (Contact.PORTAL, ""), "the address is forgotten"
    for who in ("triage1", "lead1", "respondent1", "complainant2"):
        assert sign_in(Client(), staff, who).get(page).status_code == 404


def test_without_an_account_there_is_no_such_page(staff: Staff) -> None:
    client = Client()
    client.post(f"{ANONYMOUS}/what-happened/", {"account": STORY})
    send(client, ANONYMOUS)
    key = client.get(f"{ANONYMOUS}/key/").content.decode()
    typed = key.split('class="fh-key">')[1].split("<")[0]
    where = client.post("/return/", {"case_key": typed})["Location"]
    assert client.get(f"{where}change_contact/").status_code == 404


def post(client: Client, page: str, **fields: str) -> Any:
    """Post the form as it was shown."""
    html = client.get(page).content.decode()
    return client.post(page, {"once": hidden(html, "once"), "seen": hidden(html, "seen"), **fields})
