"""Raising a concern without an account: nothing tells who, and only the case key leads back."""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client
from django.utils import timezone

from grievances.audit.models import Event, pseudonymiser_of
from grievances.cases.models.case import Case
from grievances.cases.models.case_keys import Keyring
from grievances.cases.models.parties import Party
from grievances.cases.models.records import Kind, read_all
from grievances.intake import submission
from grievances.vocabulary import Identity, State
from notifications.models import Notice
from tests.factories.people import PASSWORD, Staff
from tests.intake.raising import (
    ANONYMOUS,
    SECRET,
    STORY,
    everything_stored,
    is_hidden,
    key_on,
    page_of,
    send,
    sent_anonymously,
    session_rows,
    writing,
)
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
PAGES = ("what-happened", "more", "when", "about", "way", "region", "keep-away", "help")


def test_every_page_of_it_is_open_to_a_visitor_and_has_a_way_out(staff: Staff) -> None:
    client = writing()
    for page in ("", *(f"{p}/" for p in (*PAGES, "readers", "check"))):
        answer = client.get(f"{ANONYMOUS}/{page}")
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "Fair Hearing</title>" in html
        assert "govuk-js-exit-this-page-button" in html
        assert 'href="/support/"' in html
    assert client.get(f"{ANONYMOUS}/name/").status_code == 404
    assert client.get(f"{ANONYMOUS}/contact/").status_code == 404


def test_the_words_reach_an_officer_and_no_name_is_held(staff: Staff) -> None:
    client, case_key = sent_anonymously(help={"help": "That it stops."})
    case = Case.unguarded.get()
    assert (case.state, case.identity, case.region) == (
        State.SUBMITTED,
        Identity.ANONYMOUS,
        "WALES",
    )
    ring = Keyring.of(case, staff.holders["triage2"])
    read = {w.kind: w.text for w in read_all(case, ring, list(Kind))}
    assert read[Kind.ACCOUNT] == STORY
    assert Kind.NAME not in read
    assert re.fullmatch(r"([0-9a-z]{4}-){3}[0-9a-z]{4}", case_key)


def test_the_page_of_the_key_names_who_to_ask_and_leads_to_no_page_that_is_not_open(
    staff: Staff,
) -> None:
    client, _ = sent_anonymously()
    html = client.get(f"{ANONYMOUS}/key/").content.decode()
    assert "Before a claim you must contact Acas, free of charge" in page_of(
        client.get(f"{ANONYMOUS}/key/")
    )
    assert "/cases//" not in html
    assert "you can add days, and see your dates" in html


def test_nothing_but_what_happened_is_compulsory(staff: Staff) -> None:
    client = Client()
    client.post(f"{ANONYMOUS}/what-happened/", {"account": STORY})
    assert client.post(f"{ANONYMOUS}/region/", {"region": ""})["Location"] == f"{ANONYMOUS}/more/"
    assert "Not said" in page_of(client.get(f"{ANONYMOUS}/check/"))
    assert send(client, ANONYMOUS).status_code == 302
    case = Case.unguarded.get()
    assert (case.region, case.get_region_display()) == ("", "Not said")


def test_nothing_stored_or_logged_says_who_or_from_where(
    staff: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client, case_key = sent_anonymously()
        store = everything_stored()
        client.post(f"{ANONYMOUS}/key/", {"ending": case_key[-4:]})
    store += everything_stored() + caplog.text
    for trace in ("203.0.113.77", "Telltale", case_key, case_key.replace("-", "")):
        assert is_hidden(trace, store)
    assert is_hidden(SECRET, everything_stored())
    party = Party.objects.get(standing="COMPLAINANT")
    assert (bytes(party.sealed_person), bytes(party.sealed_address)) == (b"", b"")
    submitted = Event.objects.get(kind="case.submit")
    assert submitted.actor == pseudonymiser_of(submitted.chain)(party.handle)
    lines = Notice.objects.filter(channel="inbox")
    assert set(lines.values_list("reference", flat=True)) == {submitted.subject}
    assert all("_auth_user_id" not in row for row in session_rows())


def test_answers_on_the_way_are_in_clear_nowhere(staff: Staff) -> None:
    client = writing(help={"help": SECRET}, when={"when": SECRET})
    assert is_hidden(SECRET, everything_stored())
    assert all(SECRET not in morsel.value for morsel in client.cookies.values())
    assert STORY in page_of(client.get(f"{ANONYMOUS}/what-happened/"))


def test_someone_signed_in_is_asked_to_sign_out_and_nothing_is_taken(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    client.get("/support/")  # the session notes once until when it lasts
    before = everything_stored()
    pages = [f"{ANONYMOUS}/", f"{ANONYMOUS}/what-happened/", f"{ANONYMOUS}/key/", "/return/"]
    for page in pages:
        for answer in (client.get(page), client.post(page, {"account": STORY})):
            assert answer.status_code == 409
            assert "You are signed in" in page_of(answer)
    assert "fh_notebook" not in client.cookies
    new = set(everything_stored().splitlines()) - set(before.splitlines())
    assert [line for line in new if "sessions.Session" not in line] == []
    out = client.post("/accounts/logout/", {"next": f"{ANONYMOUS}/"})
    assert out["Location"] == f"{ANONYMOUS}/"
    assert client.get(f"{ANONYMOUS}/").status_code == 200


def test_signing_in_with_answers_begun_ties_no_account_to_them(staff: Staff) -> None:
    client = writing()
    draft_store = client.cookies["fh_notebook"].value.partition(".")[0]
    client.post("/accounts/login/", {"login": "complainant1", "password": PASSWORD})
    owners = {
        row.session_key: "_auth_user_id" in row.get_decoded() for row in Session.objects.all()
    }
    assert True in owners.values()
    assert owners[draft_store] is False
    assert list(Session.objects.get(session_key=draft_store).get_decoded()) == [
        "sealed",
        "_session_expiry",
    ]


def test_the_case_key_is_shown_until_it_is_kept_and_then_never_again(staff: Staff) -> None:
    client, case_key = sent_anonymously()
    assert key_on(client) == case_key
    assert client.get(f"{ANONYMOUS}/check/")["Location"] == f"{ANONYMOUS}/key/"
    wrong = client.post(f"{ANONYMOUS}/key/", {"ending": "!!!!"})
    assert wrong.status_code == 422
    assert case_key in page_of(wrong)
    reference = Case.unguarded.get().reference
    right = client.post(f"{ANONYMOUS}/key/", {"ending": f" {case_key[-4:].upper()} "})
    assert right["Location"] == f"/cases/{reference}/"
    assert client.get(f"{ANONYMOUS}/key/")["Location"] == f"{ANONYMOUS}/"
    assert is_hidden(case_key, everything_stored())
    assert [row.keys() for row in session_rows()] == [
        {"returner", "vault", "vault_id", "ends", "clock"}
    ]


def test_pressing_send_twice_makes_one_concern_and_one_case_key(staff: Staff) -> None:
    client = writing()
    html = client.get(f"{ANONYMOUS}/check/").content.decode()
    fields = dict(re.findall(r'name="(shown|once|puzzle)" value="([^"]*)"', html))
    answers = [client.post(f"{ANONYMOUS}/check/", fields) for _ in range(2)]
    assert [a["Location"] for a in answers] == [f"{ANONYMOUS}/key/"] * 2
    assert Case.unguarded.count() == 1
    submission.find_by_case_key(key_on(client))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_make_one_anonymous_concern(staff: Staff) -> None:
    client = writing()
    html = client.get(f"{ANONYMOUS}/check/").content.decode()
    fields = dict(re.findall(r'name="(shown|once|puzzle)" value="([^"]*)"', html))

    def press(_: int) -> str:
        other = Client()
        other.cookies = deepcopy(client.cookies)
        try:
            return str(other.post(f"{ANONYMOUS}/check/", fields)["Location"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as presses:
        assert set(presses.map(press, range(4))) == {f"{ANONYMOUS}/key/"}
    assert Case.unguarded.count() == 1
    submission.find_by_case_key(key_on(client))


def test_a_stranger_cannot_ask_the_directory_by_typing_names(staff: Staff) -> None:
    client = writing(about={"about": "respondent1\nnobody at all"})
    for page in ("about", "readers", "check"):
        html = page_of(client.get(f"{ANONYMOUS}/{page}/"))
        assert "We found" not in html
        assert "did not find" not in html
        assert staff["respondent1"].name not in html


def test_taking_an_officer_out_holds_for_an_anonymous_concern(staff: Staff) -> None:
    client = writing()
    client.post(f"{ANONYMOUS}/readers/", {"remove": staff["triage1"].pk})
    assert "You took out" in page_of(client.get(f"{ANONYMOUS}/readers/"))
    send(client, ANONYMOUS)
    ring = Keyring.of(Case.unguarded.get(), staff.holders["triage1"])
    assert "core" not in ring


def test_without_an_account_of_what_happened_nothing_is_sent(staff: Staff) -> None:
    client = Client()
    client.post(f"{ANONYMOUS}/region/", {"region": "NORTH"})
    answer = send(client, ANONYMOUS)
    assert answer.status_code == 422
    assert "ACCOUNT_MISSING" in page_of(answer)
    assert not Case.unguarded.exists()


def test_looking_at_the_readers_stores_no_case(staff: Staff) -> None:
    client = writing()
    client.get(f"{ANONYMOUS}/readers/")
    client.get(f"{ANONYMOUS}/check/")
    assert not Case.unguarded.exists()
    assert not Event.objects.filter(chain__startswith="RC-").exists()


def test_after_four_hours_the_page_being_typed_is_still_taken(staff: Staff) -> None:
    client = writing()
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    assert client.get(f"{ANONYMOUS}/check/")["Location"] == f"{ANONYMOUS}/"
    assert "four hours" in page_of(client.get(f"{ANONYMOUS}/"))
    assert client.post(f"{ANONYMOUS}/help/", {"help": "Late words"}).status_code == 302
    assert "Late words" in page_of(client.get(f"{ANONYMOUS}/help/"))
    assert STORY not in page_of(client.get(f"{ANONYMOUS}/what-happened/"))


def test_a_made_up_notebook_cookie_never_writes_into_the_session_it_names(staff: Staff) -> None:
    victim = sign_in(Client(), staff, "complainant1")
    row = victim.cookies[settings.SESSION_COOKIE_NAME].value
    before = Session.objects.get(session_key=row).get_decoded()
    client = Client()
    client.cookies["fh_notebook"] = f"{row}.{'00' * 32}"
    client.post(f"{ANONYMOUS}/what-happened/", {"account": STORY})
    assert Session.objects.get(session_key=row).get_decoded() == before


def test_leaving_the_page_takes_the_answers_from_the_browser(staff: Staff) -> None:
    client = writing()
    client.get("/exit/")
    assert not client.cookies["fh_notebook"].value
    assert STORY not in page_of(client.get(f"{ANONYMOUS}/what-happened/"))
