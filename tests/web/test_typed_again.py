"""A change of language in the middle of a form: nothing that was typed is lost or kept."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from grievances.audit.models import Event
from grievances.people.models import User
from tests.attacks.leak_scan import Loot
from tests.attacks.stolen_copy import rows
from tests.factories import cases
from tests.factories.people import Staff
from tests.intake.raising import ANONYMOUS, begin
from tests.participants.hearing import ask, put
from tests.signing_in import sign_in
from tests.web.welsh_pages import COOKIE, OWN_PAGES, RAISING

pytestmark = pytest.mark.django_db

WORDS = "PLANTED words that <no one> else may read"
SHOWN = "PLANTED words that &lt;no one&gt; else may read"
BUTTON = re.compile(r'<button [^>]*form="typing"[^>]*name="in_language"')
FORM = 'id="typing"'


def switched(client: Client, path: str, **typed: str) -> str:
    """The page after the change to Welsh, which is that of this very address."""
    shown = client.get(path).content.decode()
    assert BUTTON.search(shown), path
    assert shown.count(FORM) == 1, path
    sent = urlencode({**typed, "in_language": "cy"})
    answer = client.post(path, sent, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, path)
    page = answer.content.decode()
    assert '<html lang="cy"' in page
    assert answer.cookies[COOKIE].value == "cy"
    assert "govuk-error-summary" not in page, "it was not sent, so nothing is wrong with it"
    return page


def test_words_of_someone_without_a_name(staff: Staff) -> None:
    client = Client()
    page = switched(client, f"{ANONYMOUS}/what-happened/", account=WORDS)
    assert f">\n{SHOWN}</textarea>" in page or f">{SHOWN}</textarea>" in page
    assert not Session.objects.exists()
    assert not client.cookies["fh_notebook"].value if "fh_notebook" in client.cookies else True
    assert "PLANTED" not in client.get(f"{ANONYMOUS}/what-happened/").content.decode()


@pytest.mark.parametrize(
    ("page", "typed", "shown"),
    [
        ("what-happened", {"account": WORDS}, SHOWN),
        ("when", {"days": "5 Hydref 2025\nsome day"}, "5 Hydref 2025\nsome day"),
        ("about", {"about": "respondent1\nnobody here"}, "respondent1\nnobody here"),
        ("help", {"help": WORDS}, SHOWN),
        ("contact", {"address": "+44 77 x", "contact": "PHONE"}, 'value="+44 77 x"'),
        ("keep-back", {"typed": "PLANTED who"}, "PLANTED who</textarea>"),
    ],
)
def test_words_of_a_draft(staff: Staff, page: str, typed: dict[str, str], shown: str) -> None:
    client = sign_in(Client(), staff, "complainant1")
    base = begin(client)
    before = Event.objects.count()
    assert shown in switched(client, f"{base}/{page}/", **typed)
    assert shown not in client.get(f"{base}/{page}/").content.decode(), "nothing is saved"
    assert Event.objects.count() == before
    assert Loot(list(rows())).holds(next(iter(typed.values()))) == []


BOXES = re.compile(r'<(?:textarea|input type="(?:text|email|tel)")[^>]* name="([^"]+)"')
"""The boxes of a page in which a person types; hidden marks and choices are not among them."""


def all_boxes(client: Client, *paths: str) -> set[str]:
    """Fill in every box of these pages, change the language, and find each word again.

    Return the pages that had a box.
    """
    had = set()
    for path in paths:
        shown = client.get(path).content.decode()
        main = shown[shown.index("<main") : shown.index("</main>")]
        typed = {
            name: f"PLANTED{n} <b>" for n, name in enumerate(dict.fromkeys(BOXES.findall(main)))
        }
        if not typed:
            continue
        had.add(path)
        page = switched(client, path, **typed)
        lost = {
            name for name, word in typed.items() if word.replace("<b>", "&lt;b&gt;") not in page
        }
        assert not lost, path
        client.cookies[COOKIE] = "en-gb"
    return had


def test_every_box_of_those_who_raise_a_concern(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    base = begin(client)
    raising = [f"{base}/{page}/" for page in (*RAISING, "name", "contact", "exclude", "keep-back")]
    others = ("/diary/new/", "/my-data/", "/account/leave/", "/cases/search/", "/take-down/")
    assert len(all_boxes(client, *raising)) > 6
    assert len(all_boxes(client, *(path for path in others if client.get(path).status_code == 200)))
    case = cases.in_investigation(staff)
    own = [f"/cases/{case.reference}/{page}" for page in OWN_PAGES]
    assert len(all_boxes(client, *own)) > 5
    strangers = ("/return/", "/accompany/", "/proof/", f"{ANONYMOUS}/what-happened/")
    assert len(all_boxes(Client(), *strangers)) > 2


def test_every_box_of_those_who_answer_and_of_officers(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    for who, hearing in (("respondent1", put(staff, case)), ("staff1", ask(staff, case))):
        client = sign_in(Client(), staff, who)
        assert all_boxes(client, f"/replies/{hearing.token}/")
    client = sign_in(Client(), staff, "handler1")
    page = client.get(f"/cases/{case.reference}/").content.decode()
    steps = set(re.findall(rf'href="(/cases/{case.reference}/[a-z_]+/)', page))
    steps = {path for path in steps if client.get(path).get("Content-Type", "")[:9] == "text/html"}
    assert len(all_boxes(client, *sorted(steps))) > 3


def test_choices_and_marks_of_a_form(staff: Staff) -> None:
    case = cases.in_investigation(staff)
    own = sign_in(Client(), staff, "complainant1")
    path = f"/cases/{case.reference}/change_contact/"
    typed = {"contact": "PHONE", "address": "+44 77", "once": "planted-once", "seen": "planted"}
    page = switched(own, path, **typed)
    assert re.search(r'value="PHONE"[^>]*checked', page)
    assert 'name="once" value="planted-once"' in page, "a second press is still a second press"
    assert 'name="seen" value="planted"' in page, "what changed meanwhile is still noticed"
    assert User.objects.get(username="complainant1").language == "cy"


def test_the_mark_that_says_which_form_it_is_stays(staff: Staff) -> None:
    case = cases.raised(staff, last_day="2026-11-20")
    own = sign_in(Client(), staff, "complainant1")
    path = f"/cases/{case.reference}/tribunal/"
    page = switched(own, path, what="add", days="5 Hydref 2026 x", day_a_day="31", day_a_month="x")
    assert "5 Hydref 2026 x</textarea>" in page
    assert re.search(r'name="day_a_day"[^>]*value="31"|value="31"[^>]*name="day_a_day"', page)
    assert page.count('value="conciliation"') == 1


def test_it_comes_with_what_a_stranger_on_the_sign_in_page_typed(staff: Staff) -> None:
    page = switched(Client(), "/accounts/login/", login="complainant1", password="planted-pass")
    assert 'value="complainant1"' in page
    assert "planted-pass" not in page


def test_another_site_cannot_fill_a_form_in(staff: Staff) -> None:
    client = Client(enforce_csrf_checks=True)
    path, text = f"{ANONYMOUS}/what-happened/", "application/x-www-form-urlencoded"
    answer = client.post(
        path, urlencode({"account": WORDS, "in_language": "cy"}), content_type=text
    )
    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


def test_another_site_cannot_fill_in_a_page_of_files(staff: Staff) -> None:
    case = cases.raised(staff)
    client = Client(enforce_csrf_checks=True)
    sign_in(client, staff, "complainant1")
    path = f"/cases/{case.reference}/add_evidence/"
    assert client.post(path, {"about": WORDS, "in_language": "cy"}).status_code == 403
    text = "application/x-www-form-urlencoded"
    refused = client.post(path, f"about={WORDS}&in_language=cy", content_type=text)
    assert refused.status_code == 403
    assert COOKIE not in refused.cookies


def test_a_language_that_is_not_there_changes_nothing(staff: Staff) -> None:
    answer = Client().post(f"{ANONYMOUS}/what-happened/", {"account": "", "in_language": "xx"})
    assert answer.status_code == 422


def test_the_first_button_of_a_form_is_never_the_language(staff: Staff) -> None:
    """Enter in a box presses the first button that belongs to its form."""
    client = sign_in(Client(), staff, "complainant1")
    for path in ("/accounts/login/", f"{begin(client)}/contact/", f"{begin(client)}/keep-back/"):
        reader = Client() if "login" in path else client
        first = re.search(r'<button [^>]*form="typing"[^>]*>', reader.get(path).content.decode())
        assert first, path
        assert "in_language" not in first[0]
        assert ('name="find"' in first[0]) == path.endswith("keep-back/")


def test_a_language_that_no_page_has_leaves_a_page_of_files_its_own_form(db: None) -> None:
    client = Client(raise_request_exception=False)
    for page in ("/raise/anonymous/files/", "/raise/anonymous/"):
        answer = client.post(
            page, "in_language=xx&once=1", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code < 500, page
