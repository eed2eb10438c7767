"""A caller who wants it gets a text message as a receipt: no content, and no number is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from grievances.cases.models.case import Case
from grievances.cases.notices.sending import addresses_for
from notifications import delivery
from notifications.models import Notice
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.for_others import TYPED
from tests.intake.raising import everything_stored, hidden, page_of, the_case
from tests.notifications.test_notify import StandIn, notify
from tests.signing_in import sign_in

__all__ = ["notify"]

pytestmark = pytest.mark.django_db
NUMBER = "07700 900 982"


def take_down(client: Client, number: str) -> str:
    """Type a concern with this number, read it back and send it; answers the page to read aloud."""
    given = {**TYPED, "text_to": number}
    html = client.post("/take-down/", {**given, "stage": "read"}).content.decode()
    once = {"shown": hidden(html, "shown"), "once": hidden(html, "once"), "read_back": "on"}
    for _ in range(2):  # a second press of the button
        assert client.post("/take-down/", {**given, **once, "stage": "send"}).status_code == 302
    return html


def test_a_caller_gets_one_text_message_that_names_nothing(
    staff: Staff, notify: StandIn, settings: Settings
) -> None:
    html = take_down(sign_in(Client(), staff, "triage1"), NUMBER)
    assert "+447700900982" in html, "the officer reads the number back"
    row = Notice.objects.get(channel="text")
    assert the_case().reference not in f"{row.handle}{row.key}{row.link}{row.reference}"
    assert "900982" not in everything_stored().replace(" ", "")
    delivery.drain(now=START + timedelta(days=2), addresses_of=addresses_for)
    (sent,) = [each for each in notify.got if "phone_number" in each]
    assert sent["phone_number"] == "+447700900982"
    said = f"We have received what you sent. {settings.SITE_URL.rstrip('/')}/return/"
    assert sent["personalisation"] == {"body": said}
    assert bytes(Notice.objects.get(channel="text").sealed_recipient) == b"", "no longer kept"


@pytest.mark.parametrize("typed", ["0113 496 0000", "name@home.invalid", "12", "my work phone"])
def test_what_is_no_mobile_number_is_refused_and_nothing_typed_is_lost(
    staff: Staff, notify: StandIn, typed: str
) -> None:
    client = sign_in(Client(), staff, "triage1")
    answer = client.post("/take-down/", {**TYPED, "text_to": typed, "stage": "read"})
    assert answer.status_code == 422
    assert TYPED["account"] in page_of(answer)
    assert typed in page_of(answer)


def test_without_a_number_or_a_gateway_no_message_leaves(
    staff: Staff, notify: StandIn, settings: Settings
) -> None:
    client = sign_in(Client(), staff, "triage1")
    assert "Mobile number" in page_of(client.get("/take-down/"))
    take_down(client, "")
    settings.NOTIFY_TEXT_TEMPLATE = ""
    client = sign_in(Client(), staff, "triage2")
    assert "Mobile number" not in page_of(client.get("/take-down/"))
    take_down(client, NUMBER)
    assert Case.unguarded.count() == 2
    assert not Notice.objects.filter(channel="text").exists()
