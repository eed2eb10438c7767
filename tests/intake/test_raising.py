"""Raising a concern with an account: written in pages, read by no one, sent once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import date
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.intake import submission
from grievances.intake.days import last_day
from grievances.vocabulary import State
from grievances.web.shared import clock
from tests.factories.people import Staff
from tests.intake.raising import (
    ANONYMOUS,
    SECRET,
    STORY,
    begin,
    everything_stored,
    hidden,
    is_hidden,
    page_of,
    send,
    sent,
    the_case,
    words,
    written,
)
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
PAGES = ("what-happened", "contact")
OPTIONAL = ("about", "keep-away", "when", "help", "way", "name")


def test_a_visitor_reads_the_first_page_with_a_date_and_is_asked_to_sign_in(staff: Staff) -> None:
    html = page_of(Client().get("/raise/"))
    due = submission.contact_date("ENG_WLS", clock.today())
    assert f"{due:%-d %B %Y}" in html
    assert "You do not have to be sure" in html
    assert "/accounts/login/?next=/raise/" in html
    assert Client().post("/raise/")["Location"] == "/accounts/login/?next=/raise/"
    assert not Case.unguarded.exists()


def test_a_concern_with_only_the_account_written_can_be_sent(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    base = begin(client)
    client.post(f"{base}/what-happened/", {"account": STORY})
    answer = send(client, base)
    assert answer["Location"] == f"{base}/receipt/"
    case = the_case()
    assert case.state == State.SUBMITTED
    assert (case.identity, case.name_shared, case.asked_informal) == ("CONFIDENTIAL", None, False)


def test_every_page_leads_to_the_next_and_back_and_has_a_way_out(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    base = begin(client)
    for page in (*PAGES, *OPTIONAL):
        html = client.get(f"{base}/{page}/").content.decode()
        assert "Fair Hearing</title>" in html
        assert "govuk-js-exit-this-page-button" in html
        assert 'href="/support/"' in html
        first = page == "what-happened"
        before = "/raise/" if first else f"{base}/{'more' if page in OPTIONAL else PAGES[0]}/"
        fields = {"account": STORY} if first else posted_as_shown(html)
        after = f"{base}/contact/" if first else f"{base}/more/"
        assert client.post(f"{base}/{page}/", {"back": "yes"})["Location"] == before
        assert client.post(f"{base}/{page}/", fields)["Location"] == after
    more = client.get(f"{base}/more/").content.decode()
    assert all(f'href="{base}/{page}/"' in more for page in OPTIONAL)
    assert f'href="{base}/readers/"' in more
    assert client.get(f"{base}/readers/").status_code == 200


def test_going_back_drops_nothing_that_was_typed(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    base = begin(client)
    client.post(f"{base}/what-happened/", {"account": STORY, "back": "yes"})
    assert STORY in page_of(client.get(f"{base}/what-happened/"))
    wrong = {"when": "Each spring.", "last_day_day": "31", "back": "yes"}
    answer = client.post(f"{base}/when/", wrong)
    assert answer.status_code == 422
    assert "Each spring." in page_of(answer)
    assert "The date must have a day, a month and a year" in page_of(answer)
    assert client.post(f"{base}/when/", {"when": "Each spring.", "back": "yes"})["Location"] == (
        f"{base}/more/"
    )
    assert "Each spring." in page_of(client.get(f"{base}/when/"))
    assert client.post(f"{base}/when/", {"back": "yes", "last_day_day": ""}).status_code == 302


def posted_as_shown(html: str) -> dict[str, str]:
    """What a browser posts of a page that no one changed: the radios that are chosen."""
    chosen = re.findall(r'<input type="radio"[^>]*checked[^>]*>', html)
    pairs = [re.search(r'name="(\w+)"\s+value="(\w+)"', box) for box in chosen]
    return {pair.group(1): pair.group(2) for pair in pairs if pair}


def test_what_was_written_reaches_the_officer_and_the_receipt_names_the_day(staff: Staff) -> None:
    client, case = sent(
        staff,
        when={
            "when": "Every Monday.",
            "last_day_day": "9",
            "last_day_month": "11",
            "last_day_year": "2026",
        },
        help={"help": "That it stops."},
        name={"identity": "CONFIDENTIAL", "share": "yes"},
        contact={"contact": "PERSONAL_EMAIL", "address": "me@example.com"},
        way={"way": "informal"},
    )
    read = words(staff, case, "triage1")
    assert read[Kind.ACCOUNT] == STORY
    assert last_day(read[Kind.WHEN]) == date(2026, 11, 9)
    assert read[Kind.IMPACT] == "That it stops."
    assert case.name_shared is True
    assert case.asked_informal is True
    html = page_of(client.get(f"/raise/{case.reference}/receipt/"))
    assert "You have done nothing wrong by raising this" in html
    assert f"<strong>{submission.contact_due(case):%-d %B %Y}</strong> a trained person" in html
    assert "<strong>contact Acas by 8 February 2027</strong>" in html
    assert "The limit may now be six months" in html
    assert "8 May 2027" in html
    assert f'href="/cases/{case.reference}/"' in html


def test_nothing_written_is_not_sent(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    base = begin(client)
    answer = client.post(f"{base}/what-happened/", {"account": "   "})
    assert answer.status_code == 422
    assert "Tell us what happened, in your own words." in page_of(answer)
    assert send(client, base).status_code == 422
    assert the_case().state == State.DRAFT


def test_an_account_that_is_too_long_is_refused_in_a_sentence_and_stays_in_the_box(
    staff: Staff,
) -> None:
    client = sign_in(Client(), staff, "complainant1")
    base = begin(client)
    story = "é" * 199_990 + SECRET[:10]
    answer = client.post(f"{base}/what-happened/", {"account": story})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "This has 200000 characters. We can take 20000 at a time." in html
    assert story in html


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("😀 " * 500, ("😀 " * 500).strip()),
        ("قالوا لي كلاما جارحا \u202eabc", "قالوا لي كلاما جارحا \u202eabc"),
        ("a\x00b\x07c", "abc"),
        ("line one\r\nline two", "line one\nline two"),
        ("<script>alert(1)</script> & {{ 7 }}", "<script>alert(1)</script> & {{ 7 }}"),
        ("page\n\n" * 3_333, ("page\n\n" * 3_333).strip()),
    ],
    ids=["emoji", "right to left", "NUL bytes", "line ends", "markup", "a long paste"],
)
def test_any_writing_is_kept_as_it_was_typed(staff: Staff, typed: str, kept: str) -> None:
    client, base = written(staff, **{"what-happened": {"account": typed}})
    assert send(client, base).status_code == 302
    assert words(staff, the_case(), "triage1")[Kind.ACCOUNT] == kept
    assert b"<script>alert" not in client.get(f"{base}/what-happened/").content


@pytest.mark.parametrize(
    ("page", "fields", "sentence"),
    [
        ("when", {"last_day_day": "1", "last_day_month": "1", "last_day_year": "2034"}, "future"),
        ("when", {"last_day_day": "31", "last_day_month": "2", "last_day_year": "2026"}, "real"),
        ("contact", {"contact": "PERSONAL_EMAIL", "address": "nobody"}, "Enter an email address"),
        ("contact", {"contact": "WORK_EMAIL", "address": ""}, "Enter an email address"),
        ("contact", {"contact": "PHONE", "address": "me"}, "Enter a phone number"),
        ("contact", {"contact": "PIGEON"}, "This answer cannot be chosen"),
        ("name", {"identity": "ANONYMOUS", "share": "no"}, "This answer cannot be chosen"),
    ],
)
def test_a_slip_is_explained_and_nothing_typed_is_lost(
    staff: Staff, page: str, fields: dict[str, str], sentence: str
) -> None:
    client = sign_in(Client(), staff, "complainant1")
    answer = client.post(f"{begin(client)}/{page}/", fields)
    assert answer.status_code == 422
    html = page_of(answer)
    assert sentence in html
    assert all(typed in html or typed in {"PIGEON", "ANONYMOUS"} for typed in fields.values())


def test_an_address_is_not_kept_for_someone_who_wants_no_messages(staff: Staff) -> None:
    contact = {"contact": "PORTAL", "address": "me@example.com"}
    client, base = written(staff, contact=contact)
    assert "me@example.com" not in page_of(client.get(f"{base}/check/"))
    assert "You chose only" in page_of(client.post(f"{base}/contact/", contact, follow=True))


def test_pressing_send_twice_makes_one_concern(staff: Staff) -> None:
    client, base = written(staff)
    html = client.get(f"{base}/check/").content.decode()
    fields = dict(re.findall(r'name="(shown|once)" value="([^"]*)"', html))
    answers = [client.post(f"{base}/check/", fields) for _ in range(2)]
    assert [a["Location"] for a in answers] == [f"{base}/receipt/"] * 2
    assert Event.objects.filter(kind="case.submit").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_make_one_concern(staff: Staff) -> None:
    client, base = written(staff)
    html = client.get(f"{base}/check/").content.decode()
    fields = dict(re.findall(r'name="(shown|once)" value="([^"]*)"', html))

    def press(_: int) -> str:
        other = Client()
        other.cookies = deepcopy(client.cookies)
        try:
            return str(other.post(f"{base}/check/", fields)["Location"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as presses:
        assert set(presses.map(press, range(4))) == {f"{base}/receipt/"}
    assert Event.objects.filter(kind="case.submit").count() == 1


def test_a_session_that_ends_in_the_middle_of_any_page_loses_no_word(staff: Staff) -> None:
    client, base = written(staff)
    typed: dict[str, dict[str, str]] = {
        "what-happened": {"account": f"New words. {SECRET}"},
        "when": {"when": SECRET},
        "about": {"about": SECRET},
        "keep-away": {"exclude": SECRET},
        "help": {"help": SECRET},
        "contact": {"contact": "PERSONAL_EMAIL", "address": f"{SECRET}@example.com"},
    }
    for page, fields in typed.items():
        Session.objects.all().delete()
        answer = client.post(f"{base}/{page}/", fields)
        assert answer["Location"] == f"/accounts/login/?next={base}/{page}/"
        assert is_hidden(SECRET, everything_stored())
        assert is_hidden(urlencode(fields), everything_stored())
        sign_in(client, staff, "complainant1")
        html = page_of(client.get(f"{base}/{page}/"))
        assert "We kept what you had typed" in html
        assert SECRET in html
        assert "We kept" not in page_of(client.get(f"{base}/{page}/"))


def test_words_in_a_draft_are_in_clear_nowhere(staff: Staff) -> None:
    written(staff, help={"help": SECRET}, about={"about": SECRET})
    assert is_hidden(SECRET, everything_stored())


@pytest.mark.parametrize("who", ["complainant2", "triage1", "lead1", "admin1", "dpo1"])
def test_someone_elses_draft_is_not_there(staff: Staff, who: str) -> None:
    _, base = written(staff)
    other = sign_in(Client(), staff, who)
    pages = [
        *(f"{base}/{p}/" for p in (*PAGES, "readers", "check", "delete", "receipt")),
        f"{base}/",
    ]
    for page in pages:
        assert other.get(page).status_code == 404
    for page in ("what-happened", "check", "delete", "readers"):
        assert other.post(f"{base}/{page}/", {"account": "Mine now"}).status_code == 404
    absent = other.get("/raise/RC-BBBBBB/check/")
    assert absent.status_code == 404
    assert Event.objects.filter(kind="case.refused").exists()


def test_a_sent_concern_has_no_draft_pages_and_no_receipt_for_its_readers(staff: Staff) -> None:
    client, case = sent(staff)
    base = f"/raise/{case.reference}"
    assert client.get(f"{base}/what-happened/")["Location"] == f"{base}/receipt/"
    assert client.post(f"{base}/delete/").status_code == 404
    reader = sign_in(Client(), staff, "triage1")
    assert reader.get(f"{base}/receipt/").status_code == 404
    assert reader.get(f"{base}/check/").status_code == 404


def test_a_draft_is_continued_where_it_stopped_and_deleted_for_good(staff: Staff) -> None:
    client, base = written(staff)
    assert f'href="{base}/"' in client.get("/raise/").content.decode()
    assert client.get(f"{base}/")["Location"] == f"{base}/contact/"
    client.post(f"{base}/contact/", {"contact": "PORTAL"})
    assert client.get(f"{base}/")["Location"] == f"{base}/more/"
    saved = client.post(f"{base}/when/", {"when": "Monday", "later": "yes"})
    assert saved["Location"] == "/raise/"
    assert "Your draft is saved" in page_of(client.get("/raise/"))
    assert "Delete draft" in page_of(client.get(f"{base}/delete/"))
    client.post(f"{base}/delete/")
    assert not Case.unguarded.exists()
    assert client.get(f"{base}/").status_code == 404


def test_a_page_reached_from_the_check_leads_back_to_it(staff: Staff) -> None:
    client, base = written(staff)
    assert f'href="{base}/help/?to=check"' in client.get(f"{base}/check/").content.decode()
    answer = client.post(f"{base}/help/?to=check", {"help": "An apology"})
    assert answer["Location"] == f"{base}/check/"


def test_looking_at_the_pages_changes_nothing(staff: Staff) -> None:
    client, base = written(staff)
    before = [line for line in everything_stored().splitlines() if "session" not in line.lower()]
    for page in (*PAGES, "readers", "check"):
        client.get(f"{base}/{page}/")
    after = [line for line in everything_stored().splitlines() if "session" not in line.lower()]
    assert [line for line in after if line not in before] == []


@pytest.mark.parametrize("has_account", [True, False])
def test_words_of_another_window_are_not_lost(staff: Staff, has_account: bool) -> None:
    if has_account:
        client = sign_in(Client(), staff, "complainant1")
        page = f"{begin(client)}/what-happened/"
    else:
        client, page = Client(), f"{ANONYMOUS}/what-happened/"
    seen = hidden(client.get(page).content.decode(), "seen")
    first = client.post(page, {"account": "What the first window said.", "seen": seen})
    assert first.status_code == 302
    second = client.post(page, {"account": "What the second said.", "seen": seen})
    assert second.status_code == 409
    html = second.content.decode()
    both = page_of(second)
    assert "What the second said. What the first window said." in both
    assert "You saved other words in another window" in both
    kept = {"account": "Both of them.", "seen": hidden(html, "seen")}
    assert client.post(page, kept).status_code == 302
    assert "Both of them." in page_of(client.get(page))
    again = {
        "account": "Both of them, and more.",
        "seen": hidden(client.get(page).content.decode(), "seen"),
    }
    assert client.post(page, again).status_code == 302
