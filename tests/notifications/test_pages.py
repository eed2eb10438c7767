"""The inbox pages and the mail folder, through their views."""

import os
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest
from django.core.mail import EmailMessage, get_connection
from django.http import HttpRequest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from notifications.models import Notice
from notifications.outbox import unread_count
from notifications.urls import inbox_urls, mail_folder_urls
from tests.notifications.conftest import Post


def of_header(request: HttpRequest) -> list[str]:
    """Stands in for the caller's sign-in: the request says who it is."""
    return request.headers.get("X-Handles", "").split()


@pytest.fixture
def pages(settings: Settings, now: datetime) -> Client:
    """A client of a site that has these addresses alone, and a bare base template."""
    site = ModuleType("site_of_the_test")
    site.urlpatterns = [  # type: ignore[attr-defined]
        *inbox_urls(of_header, lambda request: now),
        *mail_folder_urls(),
    ]
    settings.ROOT_URLCONF = site
    settings.MIDDLEWARE = []
    templates = Path(__file__).resolve().parents[2] / "templates"
    bare = {"base.html": "{% block title %}{% endblock %}{% block content %}{% endblock %}"}
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [templates],
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", bare),
                    "django.template.loaders.filesystem.Loader",
                ]
            },
        }
    ]
    return Client(headers={"X-Handles": "a1 a2"})


def test_inbox_shows_a_persons_lines_newest_first(pages: Client, post: Post) -> None:
    post("a1", key="1", kind="receipt", channels=("inbox",), reference="RC-ABC234")
    post("a2", key="2", kind="update", channels=("inbox",))
    post("b1", key="3", kind="survey", channels=("inbox",))
    body = pages.get("/inbox/").content.decode()
    assert body.index("There is an update for you.") < body.index("RC-ABC234: We have received")
    assert "service was for you" not in body


def test_inbox_marks_what_is_unread(pages: Client, post: Post) -> None:
    notice = post("a1", channels=("inbox",))
    assert ">New<" in pages.get("/inbox/").content.decode()
    pages.post(f"/inbox/{notice.pk}/read/")
    assert ">New<" not in pages.get("/inbox/").content.decode()


def test_empty_inbox_says_what_to_do_next(pages: Client, db: None) -> None:
    assert "use the menu" in pages.get("/inbox/").content.decode()


def test_inbox_has_25_to_a_page_and_costs_two_queries(
    pages: Client, post: Post, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(26):
        post("a1", key=str(number), channels=("inbox",))
    with django_assert_num_queries(2):
        first = pages.get("/inbox/").content.decode()
    assert first.count('class="fh-notice"') == 25
    assert pages.get("/inbox/?page=2").content.decode().count('class="fh-notice"') == 1


def test_opening_a_notice_marks_it_read_and_goes_to_its_page(
    pages: Client, post: Post, now: datetime
) -> None:
    notice = post("a1", channels=("inbox",))
    answer = pages.post(f"/inbox/{notice.pk}/read/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cases/RC-ABC234/")
    notice.refresh_from_db()
    assert notice.read_at == now
    assert unread_count("a1") == 0


def test_opening_one_of_several_alike_leaves_no_older_one_unread(pages: Client, post: Post) -> None:
    for key in "12":
        post("a1", key=key, kind="update", channels=("inbox",), link="/cases/RC-ABC234/")
    post("a1", key="3", kind="receipt", channels=("inbox",), link="/cases/RC-ABC234/")
    later = post("a1", key="4", kind="update", channels=("inbox",), link="/cases/RC-ABC234/")
    newest = post("a1", key="5", kind="update", channels=("inbox",), link="/cases/RC-ABC234/")
    pages.post(f"/inbox/{later.pk}/read/")
    left = Notice.objects.filter(read_at__isnull=True).values_list("key", flat=True)
    assert set(left) == {"3", newest.key}, "another kind, and what came after it, are still new"


def test_notice_of_someone_else_is_not_there(pages: Client, post: Post) -> None:
    notice = post("b1", channels=("inbox",))
    assert pages.post(f"/inbox/{notice.pk}/read/").status_code == 404
    assert not Notice.objects.filter(read_at__isnull=False).exists()


def test_mail_row_cannot_be_opened_as_an_inbox_row(pages: Client, post: Post) -> None:
    assert pages.post(f"/inbox/{post('a1').pk}/read/").status_code == 404


def test_notice_is_not_opened_by_a_link(pages: Client, post: Post) -> None:
    notice = post("a1", channels=("inbox",))
    assert pages.get(f"/inbox/{notice.pk}/read/").status_code == 405


@pytest.fixture
def mail_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DEMONSTRATION = True
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def send(subject: str) -> None:
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend")
    EmailMessage(subject, "Body of " + subject, to=["a@b.example"], connection=backend).send()


def test_mail_folder_lists_mail_and_opens_one(pages: Client, mail_folder: Path) -> None:
    assert "No mail has been sent yet" in pages.get("/mail/").content.decode()
    send("Hello <there>")
    (name,) = os.listdir(mail_folder)
    assert "Hello &lt;there&gt;" in pages.get("/mail/").content.decode()
    assert "Body of Hello" in pages.get(f"/mail/{name}/").content.decode()


def test_mail_folder_opens_nothing_outside_itself(pages: Client, mail_folder: Path) -> None:
    send("Hello")
    (mail_folder / "notes.txt").write_text("secret")
    (mail_folder.parent / "20261123-090000-1.log").write_text("secret")
    (mail_folder / "20261123-090000-2.log").symlink_to(mail_folder / "notes.txt")
    for name in ("notes.txt", "..%2F20261123-090000-1.log", "20261123-090000-2.log", ".."):
        assert pages.get(f"/mail/{name}/").status_code == 404


def test_mail_folder_is_not_there_outside_the_demonstration(
    pages: Client, mail_folder: Path, settings: Settings
) -> None:
    send("Hello")
    (name,) = os.listdir(mail_folder)
    settings.DEMONSTRATION = False
    assert pages.get("/mail/").status_code == 404
    assert pages.get(f"/mail/{name}/").status_code == 404
