"""A diary without an account: its key alone opens it, and nothing shows whose it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake import diary
from grievances.intake.diary_models import Diary
from notifications.models import Notice
from tests.attacks.leak_scan import Loot
from tests.attacks.stolen_copy import rows
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.raising import ANONYMOUS, hidden, page_of, send
from tests.page_time import pages_at
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
SECRET = "PLANTED-KEY-DIARY"
DAY = {"day_day": "9", "day_month": "11", "day_year": "2026"}
BEGIN = "/diary/without-account/"
_page_time = pages_at(START)


def begun() -> tuple[Client, str]:
    """A browser with an open diary, and its key."""
    client = Client()
    puzzle = hidden(client.get(BEGIN).content.decode(), "puzzle")
    assert client.post(BEGIN, {"puzzle": puzzle, "answer": ""})["Location"] == "/diary/key/"
    found = re.search(r'class="fh-key">([^<]+)<', client.get("/diary/key/").content.decode())
    assert found is not None
    assert "fh-key" not in page_of(client.get("/diary/key/?kept=yes"))
    wrong = client.post("/diary/key/", {"ending": "zzzz"})
    assert wrong.status_code == 422
    assert client.post("/diary/key/", {"ending": found.group(1)[-4:]})["Location"] == "/diary/"
    return client, found.group(1)


def test_it_is_written_left_and_found_again_with_the_key_alone(staff: Staff) -> None:
    events = Event.objects.count()
    client, key = begun()
    assert client.post("/diary/new/", {**DAY, "text": SECRET})["Location"] == "/diary/"
    shown = page_of(client.get("/diary/"))
    assert SECRET in shown
    assert "We cannot remind you" in shown
    again = Client()
    wrong = again.post("/return/", {"case_key": "zzzz-zzzz-zzzz-zzzz"})
    assert wrong.status_code == 422
    assert "We do not know this case key." in page_of(wrong)
    assert again.post("/return/", {"case_key": key.upper()})["Location"] == "/diary/"
    assert SECRET in page_of(again.get("/diary/"))
    assert client.get("/diary/key/")["Location"] == BEGIN, "the key is shown until it is kept"
    assert Event.objects.count() == events
    assert not Notice.objects.exists()
    assert not Case.unguarded.exists()


def test_no_one_else_opens_it_and_a_copy_tells_nothing(staff: Staff) -> None:
    client, key = begun()
    client.post("/diary/new/", {**DAY, "text": SECRET})
    other, _ = begun()
    assert SECRET not in page_of(other.get("/diary/"))
    (name,) = [e.name for e in diary.open_diary(diary.find_by_key(key), now=START).entries]
    assert other.get(f"/diary/{name}/").status_code == 404
    assert sign_in(Client(), staff, "complainant1").get(f"/diary/{name}/").status_code == 404
    assert Loot(list(rows())).holds(SECRET) == []
    assert Loot(list(rows())).holds(key) == []
    for row in Diary.objects.all():
        for holder in staff.holders.values():
            with pytest.raises(DecryptionFailed):
                row.entries(holder)


def test_entries_go_into_a_concern_without_a_name(staff: Staff) -> None:
    client, key = begun()
    client.post("/diary/new/", {**DAY, "text": SECRET})
    assert client.get("/diary/bring/").status_code == 200
    (name,) = [e.name for e in diary.open_diary(diary.find_by_key(key), now=START).entries]
    answer = client.post("/diary/bring/", {"entries": [name], "where": "new"})
    assert answer["Location"] == f"{ANONYMOUS}/what-happened/"
    assert SECRET in page_of(client.get(f"{ANONYMOUS}/what-happened/"))
    assert send(client, ANONYMOUS).status_code == 302
    assert Case.unguarded.get().identity == "ANONYMOUS"


def test_a_signed_in_person_is_asked_to_sign_out_and_idle_diaries_end(staff: Staff) -> None:
    client = sign_in(Client(), staff, "complainant1")
    for page in (BEGIN, "/diary/key/"):
        assert client.get(page).status_code == 409
        assert client.post(page).status_code == 409
    begun()
    assert diary.end_idle_diaries(START + timedelta(days=715)) == 0, "no one to warn, none deleted"
    assert diary.end_idle_diaries(START + timedelta(days=800)) == 1
    assert not Notice.objects.exists()
