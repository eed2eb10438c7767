"""What people really type and do when they are afraid and in a hurry, and what they then read.

Each ends in a safe page, with one sentence that says what to do and everything that was typed.
"""

from __future__ import annotations

import html
from datetime import date

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.web.cases.step_forms.contact import mistake_in
from grievances.web.intake.forms import QUESTIONS
from grievances.web.shared import session_store
from grievances.web.shared.sessions import DRAFT_COOKIE
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.raising import (
    ANONYMOUS,
    STORY,
    begin,
    page_of,
    send,
    sent,
    sent_anonymously,
    the_case,
    words,
    writing,
    written,
)
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

FORM_WANTED = "27 3 2026"


def boxes(day: str, month: str = "", year: str = "") -> dict[str, str]:
    return {"last_day_day": day, "last_day_month": month, "last_day_year": year}


@pytest.mark.parametrize(
    "typed",
    [
        ("last Tuesday",),
        ("yesterday",),
        ("3rd of May",),
        ("May",),
        ("the week before Easter",),
        ("31", "June", "2026"),
        ("31/6/2026",),
        ("3", "5", "26"),
        ("", "", "2026"),
        ("12", "25", "2025"),
        ("0", "0", "0000"),
        ("3", "Maytember", "2026"),
        ("1", "juny", "2026"),
        ("١٢", "٣", "١٩"),
        ("27\u00a03\u00a02062",),
        ("1", "1", "1899"),
        ("😀", "😀", "😀"),
        ("9" * 200,),
    ],
    ids=lambda typed: "-".join(typed)[:20],
)
def test_what_is_no_day_is_kept_with_the_form_that_is_wanted(typed: tuple[str, ...]) -> None:
    form = QUESTIONS["when"](boxes(*typed), today=START.date())
    assert not form.is_valid()
    (said,) = form.errors["last_day"]
    assert FORM_WANTED in said or "cannot be in the future" in said
    page = html.unescape(str(form))
    assert all(part in page for part in typed)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (("3rd of May 2026",), date(2026, 5, 3)),
        (("Tuesday 3 March 2026",), date(2026, 3, 3)),
        (("03.05.2026",), date(2026, 5, 3)),
        (("3/5/26",), date(2026, 5, 3)),
        (("3\u00a0May\u00a02026",), date(2026, 5, 3)),
        (("2026-05-03",), date(2026, 5, 3)),
        ((" 3 ", " may ", " 2026 "), date(2026, 5, 3)),
        (("May 3, 2026",), date(2026, 5, 3)),
        (("Monday, October 5th, 2026",), date(2026, 10, 5)),
    ],
    ids=lambda part: str(part)[:24],
)
def test_a_day_in_words_is_read_day_first(typed: tuple[str, ...], day: date) -> None:
    form = QUESTIONS["when"](boxes(*typed), today=START.date())
    assert form.is_valid(), form.errors
    assert form.answers()["last_day"] == day.isoformat()


@pytest.mark.parametrize(
    ("contact", "address", "said"),
    [
        ("PERSONAL_EMAIL", "07700 900982", "This is a phone number"),
        ("WORK_EMAIL", "+44 (0)7700 900982", "This is a phone number"),
        ("PERSONAL_EMAIL", "amara @ example . com", "Enter an email address"),
        ("PERSONAL_EMAIL", "amara@example", "Enter an email address"),
        ("PERSONAL_EMAIL", "amara@example.com, me@example.com", "Enter an email address"),
        ("PERSONAL_EMAIL", "amara@example.com; me@example.com", "and only one"),
        ("PERSONAL_EMAIL", "amara@example.com or 07700 900982", "and only one"),
        ("PERSONAL_EMAIL", "amara@@example.com", "such as name@example.com"),
        ("PHONE", "0770090098207700900983", "Enter a phone number"),
        ("PERSONAL_EMAIL", "Amara <amara@example.com>", "Enter an email address"),
        ("PERSONAL_EMAIL", "😀", "Enter an email address"),
        ("PHONE", "amara@example.com", "This is an email address"),
        ("PHONE", "ask my sister", "Enter a phone number"),
        ("PHONE", "0770", "Enter a phone number"),
        ("TEXT", "0113 496 0000", "Enter the number of a mobile phone"),
        ("TEXT", "amara@example.com", "This is an email address"),
    ],
)
def test_an_address_that_does_not_fit_says_which_one_is_wanted(
    contact: str, address: str, said: str
) -> None:
    assert said in mistake_in(contact, address)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("amara @ example.com", "amara@example.com"),
        ("mailto:Amara@Example.com", "Amara@Example.com"),
        (" <amara@example.com> ", "amara@example.com"),
        ("amara@bücher.example", "amara@bücher.example"),
        ("amara@1234567.example", "amara@1234567.example"),
    ],
)
def test_an_address_is_kept_without_what_programs_put_around_it(typed: str, kept: str) -> None:
    form = QUESTIONS["contact"]({"contact": "PERSONAL_EMAIL", "address": typed}, today=START.date())
    assert form.is_valid(), form.errors
    assert form.answers()["address"] == kept


@pytest.mark.parametrize(
    "typed",
    [
        "Private. amara@example.com", "amara@example.com. Safe", "amara@example.com.\nThanks",
        "amara@example . com", "my address is. amara@example.com",
    ],
)  # fmt: skip
def test_a_word_beside_an_address_never_becomes_a_part_of_it(typed: str) -> None:
    form = QUESTIONS["contact"]({"contact": "PERSONAL_EMAIL", "address": typed}, today=START.date())
    assert "address" in form.errors


ODD = {
    "a name of emoji": ("about", {"about": "😀🙈"}),
    "a name of dots": ("about", {"about": "..."}),
    "a name of one letter": ("about", {"about": "x"}),
    "a name of 2,000 letters": ("about", {"about": "N" * 2_000}),
    "a name on twenty lines": ("about", {"about": "\n".join(["Colin Barker"] * 20)}),
    "pasted from Word": (
        "what-happened",
        {"account": "\ufeff“He said\u2026”\u000b\u200b It\u2019s \u2014 \u00adnot\u2028 \uf0b7"},
    ),
    "20,000 characters": ("what-happened", {"account": "é" * 20_000}),
    "right to left": ("help", {"help": "\u202eabc\u202c"}),
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_writing_is_taken_and_reaches_the_officer(staff: Staff, kind: str) -> None:
    page, fields = ODD[kind]
    client, base = written(staff)
    answer = client.post(f"{base}/{page}/", fields)
    assert answer.status_code == 302, page_of(answer)
    assert send(client, base).status_code == 302
    assert the_case().state == "SUBMITTED"


def test_one_character_too_many_is_counted_and_all_of_it_is_kept(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    answer = client.post(f"{begin(client)}/what-happened/", {"account": "é" * 20_001})
    assert answer.status_code == 422
    assert "20001 characters" in page_of(answer)
    assert "é" * 20_001 in answer.content.decode()


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("notes.txt", b"What I wrote down.", "text/plain")


@pytest.mark.parametrize("has_account", [True, False])
def test_a_file_that_arrives_after_the_exit_is_nowhere(staff: Staff, has_account: bool) -> None:
    if has_account:
        client, base = written(staff)
    else:
        client, base = writing(), ANONYMOUS
    page = f"{base}/files/"
    client.get(page)
    under_way = Client()
    under_way.cookies.update(client.cookies)
    assert client.get("/exit/").status_code == 302
    answer = under_way.post(page, {"file": picture()}, follow=True)
    assert answer.status_code == (200 if has_account else 422)
    assert has_account or "You have left this page" in page_of(answer)
    assert b"notes.txt" not in answer.content
    assert STORY not in page_of(answer)
    if has_account:
        again = sign_in(Client(), staff, "complainant1")
        assert b"notes.txt" not in again.get(page).content


@pytest.mark.parametrize("has_account", [True, False])
def test_back_after_the_exit_asks_the_server_and_shows_no_word(
    staff: Staff, has_account: bool
) -> None:
    if has_account:
        client, base = written(staff)
    else:
        client, base = writing(), ANONYMOUS
    page = client.get(f"{base}/what-happened/")
    assert "no-store" in page["Cache-Control"]
    client.get("/exit/")
    assert STORY not in page_of(client.get(f"{base}/what-happened/", follow=True))


@pytest.mark.parametrize("has_account", [True, False])
def test_exit_leads_away_also_while_the_database_is_away(
    staff: Staff, monkeypatch: pytest.MonkeyPatch, has_account: bool
) -> None:
    client = sign_in(Client(), staff, "complainant1") if has_account else writing()
    kept = settings.SESSION_COOKIE_NAME if has_account else DRAFT_COOKIE
    assert client.cookies[kept].value

    def away(store: SessionBase, *_: object) -> None:
        if store.session_key:
            raise OperationalError("the connection is closed")

    for name in ("load", "save", "delete"):
        monkeypatch.setattr(SessionStore, name, away)
        monkeypatch.setattr(session_store.SessionStore, name, away)
    answer = client.get("/exit/")
    assert answer.status_code == 302
    assert not client.cookies[kept].value


def test_the_next_person_at_a_shared_computer_finds_nothing(staff: Staff) -> None:
    client, base = written(staff)
    client.cookies.pop("fh_session")  # the browser was closed; what else it kept is still there
    sign_in(client, staff, "complainant2")
    for path in ("/", "/raise/", "/cases/", "/diary/", f"{base}/what-happened/", f"{base}/check/"):
        answer = client.get(path)
        assert STORY not in page_of(answer)
        assert base not in page_of(answer)
    assert client.post(f"{base}/check/").status_code == 404


def test_two_drafts_in_two_tabs_keep_their_own_words(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    one, two = begin(client), begin(client)
    assert one != two
    for base, text in ((one, "The first thing."), (two, "The second thing.")):
        client.post(f"{base}/what-happened/", {"account": text})
    assert send(client, one).status_code == 302
    assert "The second thing." in page_of(client.get(f"{two}/what-happened/"))
    assert "The first thing." not in page_of(client.get(f"{two}/check/"))
    sent_one = Case.unguarded.get(reference=one.rpartition("/")[2])
    assert words(staff, sent_one)[Kind.ACCOUNT] == "The first thing."


def test_a_key_is_announced_before_sending_and_a_lost_one_leads_on(staff: Staff) -> None:
    check = page_of(writing().get(f"{ANONYMOUS}/check/"))
    assert "You get a case key. We show it once" in check
    assert "receipt" not in check
    sent_anonymously()
    answer = Client().post("/return/", {"case_key": "aaaa-bbbb-cccc-dddd"})
    page = page_of(answer)
    assert answer.status_code == 422
    assert "We do not know this case key" in page
    assert "What you sent is not lost." in page
    assert "The triage officer and the casework lead each speak with you" in page
    assert 'href="/raise/anonymous/"' in page


def test_one_who_names_oneself_keeps_the_way_into_the_own_concern(staff: Staff) -> None:
    name = staff["complainant1"].name
    client, case = sent(staff, about={"about": name}, **{"keep-away": {"exclude": name}})
    assert client.get(f"/cases/{case.reference}/").status_code == 200
    assert Kind.ACCOUNT in words(staff, case)


@pytest.mark.parametrize("typed", ["sam.jones@justice.example", "Sam <sam@work.example>"])
def test_an_address_as_the_name_of_a_companion_is_explained(staff: Staff, typed: str) -> None:
    case = cases.in_investigation(staff)
    client = sign_in(Client(), staff, "complainant1")
    page = f"/cases/{case.reference}/invite_companion/"
    answer = client.post(page, {"person": typed, "shares": ["DATES"]})
    assert answer.status_code == 422
    text = html.unescape(page_of(answer))
    assert "We send nothing to your companion" in text
    assert typed in text
    assert not case.companions.exists()


def test_bytes_that_are_no_letters_are_taken(staff: Staff) -> None:
    client, base = written(staff)
    body = b"account=a%ED%A0%BDb%FFc%00d+%F0%9F%99%88"
    kind = "application/x-www-form-urlencoded"
    answer = client.post(f"{base}/what-happened/", body, content_type=kind)
    assert answer.status_code == 302
    assert send(client, base).status_code == 302
    assert words(staff, the_case())[Kind.ACCOUNT].endswith("cd 🙈")
