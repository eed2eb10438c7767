"""The pages in Welsh, and how a language is chosen."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import ngettext
from pytest_django.fixtures import Settings

from config import pages
from grievances.audit.models import Event
from grievances.cases.notices.recipients import as_party, as_writer, at_work
from grievances.cases.notices.sending import addresses_for
from grievances.lessons.models import Lesson
from grievances.people.models import User
from grievances.vocabulary import Contact, Standing, State
from grievances.web.shared.typed_days import read_day
from notifications.channels.base import Mailbox
from notifications.models import Notice
from notifications.rendering import render
from tests.factories import cases
from tests.factories.people import Staff
from tests.intake.raising import ANONYMOUS, STORY, begin, page_of, send, sent_anonymously, writing
from tests.participants.hearing import ask, invite, put
from tests.signing_in import sign_in
from tests.web.welsh_pages import (
    ASKED,
    COOKIE,
    OWN_PAGES,
    PUBLIC,
    RAISING,
    in_welsh,
    left_in_english,
    welsh,
)

pytestmark = pytest.mark.django_db


class TestWelshPages:
    @pytest.mark.parametrize("path", PUBLIC)
    def test_in_the_open(self, path: str, staff: Staff) -> None:
        page = in_welsh(welsh().get(path))
        assert "Gadael y dudalen hon" in page
        assert "Nid yw cyfieithydd proffesiynol wedi gwirio" in page

    def test_of_a_lesson_with_what_became_of_its_promise(self, staff: Staff) -> None:
        due = cases.START.date()
        for kept_on in (None, due, due + timedelta(days=9)):
            Lesson.objects.create(
                heard=STORY, promise=STORY, owner="lead", due=due, published_on=due, kept_on=kept_on
            )
        page = page_of(welsh().get("/we-listened/"))
        assert left_in_english(page) == []
        assert "yn hwyrach nag a addawyd" in page

    def test_while_raising(self, staff: Staff) -> None:
        client = welsh(writing(when={"when": "", "days": "5 October 2025"}))
        for page in RAISING:
            in_welsh(client.get(f"{ANONYMOUS}/{page}/"))

    def test_with_a_mistake(self, staff: Staff) -> None:
        answer = welsh().post(f"{ANONYMOUS}/what-happened/", {"account": ""})
        page = in_welsh(answer)
        assert re.search(r"<title>Gwall:", page)
        assert "Dywedwch wrthym beth ddigwyddodd" in page

    def test_of_the_person_who_raised_it(self, staff: Staff) -> None:
        case = cases.acknowledged(staff)
        client = welsh(sign_in(Client(), staff, "complainant1"))
        base = f"/cases/{case.reference}/"
        for page in OWN_PAGES:
            in_welsh(client.get(base + page))
        for path in ("/", "/cases/", "/inbox/", "/raise/", "/diary/", "/account/", "/my-data/"):
            in_welsh(client.get(path))
        copy = client.post(f"{base}export/", {"as": "page"}).content.decode()
        assert '<html lang="cy"' in copy
        assert left_in_english(copy) == []
        assert "Swyddog brysbennu: wedi cymryd y pryder ymlaen" in page_of(client.get(base))

    def test_of_people_who_are_heard_and_of_a_companion(self, staff: Staff) -> None:
        case = cases.in_investigation(staff)
        for who, hearing in (("respondent1", put(staff, case)), ("staff1", ask(staff, case))):
            client = welsh(sign_in(Client(), staff, who))
            for page in ("", "add/"):
                in_welsh(client.get(f"/replies/{hearing.token}/{page}"))
            away = client.get(f"/replies/{hearing.token}/away/")
            assert away.status_code == (200 if who == "respondent1" else 404)
            if who == "respondent1":
                in_welsh(away)
        own = welsh(sign_in(Client(), staff, "complainant1"))
        for path in (f"/cases/{case.reference}/", "/cases/search/"):
            in_welsh(own.get(path))
        in_welsh(own.get("/aftercare/", follow=True))
        in_welsh(own.post("/cases/search/", {"words": "accent"}))
        _, secret = invite(staff, case)
        client = welsh(sign_in(Client(), staff, "staff2"))
        in_welsh(client.get(f"/accompany/{secret}/"))
        assert client.post(f"/accompany/{secret}/", {"kind": "UNION", "quiet": "on"}).status_code
        in_welsh(client.get("/accompany/"))

    def test_of_two_of_whom_one_told_us_for_the_other(self, staff: Staff) -> None:
        welsh(client := sign_in(Client(), staff, "complainant1"))
        base = begin(client)
        for page, fields in ASKED.items():
            client.post(f"{base}/{page}/", fields)
        told = str(send(client, base)["Location"])
        assert "Yr allwedd achos i'w rhoi" not in in_welsh(client.get(told))
        other = welsh(sign_in(Client(), staff, "complainant2"))
        stored = [f"Raised by {staff['complainant1'].name}, who was asked to", "Only on this site"]
        for answer in (other.get("/for-you/", follow=True), other.post("/for-you/1/", {})):
            page = answer.content.decode()
            assert "Beth ddigwyddodd" in page
            assert left_in_english(page) == stored

    def test_of_one_who_reads_another_language_than_they_wrote_in(self, staff: Staff) -> None:
        welsh(client := sign_in(Client(), staff, "complainant1"))
        base = begin(client)
        for page, fields in {**ASKED, "whose": {**ASKED["whose"], "affected": "Nobody"}}.items():
            client.post(f"{base}/{page}/", fields)
        told = str(send(client, base)["Location"])
        client.cookies[COOKIE] = "en-gb"
        page = page_of(client.get(told))
        assert "Yr allwedd achos i&#x27;w rhoi" in page
        assert "give them the case key below" in page

    def test_of_one_who_left_no_name(self, staff: Staff) -> None:
        client, case_key = sent_anonymously()
        answer = welsh(client).post(f"{ANONYMOUS}/key/", {"typed": case_key[-4:]}, follow=True)
        in_welsh(answer)


ELSEWHERE = ["https://elsewhere.example/", "", "//elsewhere.example/x", "é", "raise/ways/", "?a=1"]


class TestChoosing:
    def test_keeps_the_page_and_says_only_the_language(self) -> None:
        client = Client()
        page = client.get("/raise/ways/").content.decode()
        assert 'href="/language/cy/"' in page
        answer = client.get(
            "/language/cy/", headers={"referer": "http://testserver/raise/ways/?a=1"}
        )
        assert answer["Location"] == "/raise/ways/?a=1"
        cookie = answer.cookies[COOKIE]
        assert (cookie.value, cookie["max-age"], cookie["expires"]) == ("cy", "", "")
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
        assert list(answer.cookies) == [COOKIE]
        again = client.get("/raise/ways/").content.decode()
        assert '<html lang="cy"' in again
        assert 'href="/language/en-gb/"' in again

    @pytest.mark.parametrize("where", ELSEWHERE)
    def test_leads_to_no_other_site(self, where: str) -> None:
        answer = Client().get("/language/cy/", headers={"referer": where} if where else {})
        assert answer["Location"] == "/"

    @pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example", "///evil.example"])
    def test_leads_to_no_other_site_by_a_path_of_ours(self, path: str) -> None:
        answer = Client().get("/language/cy/", headers={"referer": f"http://testserver{path}"})
        assert answer["Location"] == "/"

    def test_has_no_language_that_is_not_there(self) -> None:
        assert Client().get("/language/xx/").status_code == 404
        assert Client().post("/language/cy/").status_code == 405

    def test_is_not_offered_where_words_were_just_sent(self, staff: Staff) -> None:
        answer = Client().post(f"{ANONYMOUS}/what-happened/", {"account": ""})
        assert b"/language/" not in answer.content

    def test_follows_the_browser_until_one_is_chosen(self) -> None:
        client = Client(headers={"accept-language": "cy-GB,cy;q=0.9,en;q=0.5"})
        assert b'<html lang="cy"' in client.get("/support/").content
        client.cookies[COOKIE] = "en-gb"
        assert b'<html lang="en-GB"' in client.get("/support/").content

    def test_ends_with_the_exit(self) -> None:
        answer = welsh().get("/exit/")
        assert answer.cookies[COOKIE]["max-age"] == 0

    def test_is_kept_with_the_account_from_our_own_pages_alone(self, staff: Staff) -> None:
        client = sign_in(Client(), staff, "complainant1")
        client.get("/language/cy/", headers={"referer": "https://elsewhere.example/"})
        assert not User.objects.exclude(language="").exists()
        client.get("/language/cy/", headers={"referer": "http://testserver/"})
        assert [each.username for each in User.objects.filter(language="cy")] == ["complainant1"]

    def test_pages_of_managers_say_that_they_are_in_english(self, staff: Staff) -> None:
        case = cases.acknowledged(staff)
        client = welsh(sign_in(Client(), staff, "triage1"))
        page = client.get(f"/cases/{case.reference}/").content.decode()
        assert re.search(r'<main[^>]* lang="en-GB"', page)


class TestMail:
    def test_is_in_the_language_of_its_reader(self) -> None:
        notice = Notice(kind="receipt", link="/inbox/", context={"due": "2026-12-01"})
        said = render(notice, "cy")
        assert said.subject == "Rydym wedi derbyn yr hyn a anfonoch"
        assert "erbyn 1 Rhagfyr 2026." in said.body
        assert "I'w ddarllen, mewngofnodwch yma:" in said.body
        assert render(notice).subject == "We have received what you sent"
        assert render(notice, "xx") == render(notice)

    def test_knows_its_reader(self, staff: Staff) -> None:
        person = staff["complainant1"]
        User.objects.filter(pk=person.pk).update(language="cy", email="a@example.test")
        case = cases.raised(staff, contact=Contact.PERSONAL_EMAIL, address="own@example.test")
        party = case.parties.get(standing=Standing.COMPLAINANT)
        known = [at_work(person), as_writer(person.pk, "diary@example.test"), as_party(party)]
        boxes = addresses_for([Notice(handle=r.handle, sealed_recipient=r.sealed) for r in known])
        assert {each.language for each in boxes if isinstance(each, Mailbox)} == {"cy"}
        assert boxes[:2] == ["a@example.test", "diary@example.test"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 diwrnod gwaith yn hwyr"),
        (2, "2 ddiwrnod gwaith yn hwyr"),
        (3, "3 diwrnod gwaith yn hwyr"),
        (8, "8 diwrnod gwaith yn hwyr"),
        (11, "11 diwrnod gwaith yn hwyr"),
        (0, "0 diwrnod gwaith yn hwyr"),
    ],
)
def test_numbers_in_welsh(number: int, said: str) -> None:
    with translation.override("cy"):
        text = ngettext("{number} working day late", "{number} working days late", number)
    assert text.format(number=number) == said


@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_is_written_and_read_in_welsh(month: int) -> None:
    day = date(2026, month, 1)
    with translation.override("cy"):
        written = date_format(day, "j F Y")
        assert read_day(written) == day
    assert written != date_format(day, "j F Y")
    assert month != 12 or written == "1 Rhagfyr 2026"


def test_what_is_stored_is_never_a_translation(staff: Staff) -> None:
    with translation.override("cy"):
        case = cases.acknowledged(staff)
        assert State(case.state).label == "We are agreeing the safest way forward with you"
    events = Event.objects.values_list("kind", "role", "data")
    assert "brysbennu" not in str(list(events))
    assert "pryder" not in str(list(Notice.objects.values()))


@pytest.fixture
def with_a_third(tmp_path: Path, settings: Settings) -> None:
    """A made-up language beside the others: two files, and nothing else."""
    folder = tmp_path / "locale"
    shutil.copytree(settings.LOCALE_PATHS[0], folder)
    book = Catalog(locale="eo")
    book.add("Skip to main content", "Salti al la enhavo")
    (folder / "eo" / "LC_MESSAGES").mkdir(parents=True)
    with (folder / "eo" / "LC_MESSAGES" / "django.mo").open("wb") as file:
        write_mo(file, book)
    with (folder / "languages.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[language]]\ncode = "eo"\nname = "Esperanto"\nreviewed = true\n')
    rows = pages.languages(folder)
    settings.LOCALE_PATHS, settings.PAGE_LANGUAGES = [folder], rows
    settings.LANGUAGES = [(each.code, each.name) for each in rows]


@pytest.mark.usefixtures("with_a_third")
def test_a_third_language_is_data() -> None:
    client = Client()
    assert ">Esperanto</a>" in client.get("/support/").content.decode()
    client.get("/language/eo/", headers={"referer": "http://testserver/support/"})
    page = client.get("/support/").content.decode()
    assert '<html lang="eo"' in page
    assert "Salti al la enhavo" in page


@pytest.mark.parametrize(
    "text", ["", "[[language]]\ncode = 1", '[[language]]\ncode = "cy"\nname = "x"', "no toml ["]
)
def test_a_list_that_cannot_be_read_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "languages.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match="languages.toml"):
        pages.languages(tmp_path)
