"""How a complainant is contacted can be changed at any time after sending."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.parties import address_of, complainant_of
from grievances.cases.models.records import Kind
from grievances.cases.notices.sending import addresses_for
from grievances.vocabulary import Contact
from grievances.web.cases.step_forms.contact import mobile_number
from grievances.web.shared import clock
from notifications.models import Notice, State
from tests.attacks.leak_scan import Loot
from tests.attacks.stolen_copy import rows
from tests.factories import cases
from tests.factories.cases import at
from tests.factories.people import Staff
from tests.intake.raising import ANONYMOUS, STORY, hidden, page_of, send, words
from tests.page_time import pages_at
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "planted.address@example.com"
# After the concern was sent: records of one moment have no order.
_page_time = pages_at(at(2))


def test_it_is_changed_and_changed_back_while_open_and_when_closed(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = f"/cases/{case.reference}/change_contact/"
    assert page in page_of(client.get(f"/cases/{case.reference}/"))
    wrong = post(client, page, contact="PERSONAL_EMAIL", address="07700 900982")
    assert wrong.status_code == 422
    assert "This is a phone number. Enter an email address" in page_of(wrong)
    wrong = post(client, page, contact="PHONE", address=ADDRESS)
    assert "This is an email address. Enter a phone number" in page_of(wrong)
    wrong = post(client, page, contact="PERSONAL_EMAIL", address="07700 900982")
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
    assert "You chose only this site, so we did not keep the address" in page_of(client.get("/"))
    assert post(client, page, contact="PORTAL", address=" ").status_code == 302
    assert "You chose only this site" not in page_of(client.get("/")), "there was none to keep"
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


NUMBER = "+447700900982"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("07700 900982", NUMBER),
        ("(07700) 900-982", NUMBER),
        ("+44 7700 900982", NUMBER),
        ("0044 (0)7700 900982", NUMBER),
        ("+44 (0) 7700 900 982", NUMBER),
        ("7700900982", NUMBER),
        ("\uff10\uff17700 900982", NUMBER),
        ("07700\u2011900982", NUMBER),
        ("+353 86 123 4567", "+353861234567"),
        ("020 7946 0000", ""),
        ("+44 20 7946 0000", ""),
        ("07700 90098", ""),
        ("me", ""),
        ("", ""),
        ("07700 900982 or 07700 900983", ""),
    ],
)
def test_a_mobile_number_is_understood_as_people_type_it(typed: str, number: str) -> None:
    assert mobile_number(typed) == number


class TestTextMessages:
    @pytest.fixture(autouse=True)
    def _gateway(self, settings: Settings) -> None:
        settings.NOTIFY_TEXT_TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"

    def chosen(self, staff: Staff) -> tuple[Client, Case, str]:
        """A complainant who chose text messages, their case, and the page to change that."""
        case = cases.acknowledged(staff)
        client = sign_in(Client(), staff, "complainant1")
        page = f"/cases/{case.reference}/change_contact/"
        wrong = post(client, page, contact="TEXT", address="020 7946 0000")
        assert "Enter the number of a mobile phone" in page_of(wrong)
        assert post(client, page, contact="TEXT", address="07700 900982").status_code == 302
        cases.done(staff, case, "triage1", "message", at(3), (Kind.MESSAGE, "Hello."), text="Hi.")
        return client, case, page

    def test_a_neutral_message_leaves_and_the_number_is_sealed(self, staff: Staff) -> None:
        _, case, _ = self.chosen(staff)
        assert address_of(complainant_of(case)) == NUMBER
        (row,) = Notice.objects.filter(channel="text")
        assert (row.reference, row.link, row.context) == ("", "/inbox/", {})
        assert addresses_for([row]) == [NUMBER]
        for form in (NUMBER, NUMBER[3:], "07700 900982"):
            assert Loot(list(rows())).holds(form) == []

    def test_who_could_not_be_reached_is_told_on_this_site_and_so_is_triage(
        self, staff: Staff, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client, case, page = self.chosen(staff)
        officer = sign_in(Client(), staff, "triage1")
        lead = sign_in(Client(), staff, "lead1")
        here = f"/cases/{case.reference}/"
        told, to_triage = "We could not reach you at the address", "did not arrive"
        assert told not in page_of(client.get(here))
        Notice.objects.filter(channel="text").update(state=State.FAILED, last_error="NOTIFY_400")
        assert told in page_of(client.get(here))
        assert to_triage in page_of(officer.get(here))
        assert to_triage not in page_of(lead.get(here))
        monkeypatch.setattr(clock, "now", lambda: at(4))
        post(client, page, contact="PORTAL", address="")
        assert told not in page_of(client.get(here)), "another way was chosen since"
        assert to_triage not in page_of(officer.get(here))

    def test_another_persons_failure_is_not_told(self, staff: Staff) -> None:
        self.chosen(staff)
        Notice.objects.filter(channel="text").update(state=State.FAILED)
        other = cases.raised(staff, "complainant2")
        client = sign_in(Client(), staff, "complainant2")
        assert "We could not reach you" not in page_of(client.get(f"/cases/{other.reference}/"))


def test_text_messages_are_offered_only_with_a_gateway(staff: Staff) -> None:
    case = cases.acknowledged(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = f"/cases/{case.reference}/change_contact/"
    assert "A text message to my mobile phone" not in page_of(client.get(page))
    assert post(client, page, contact="TEXT", address="07700 900982").status_code == 422
