"""The private diary: its writer alone reads it, and nothing else shows that it is there."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.actions.actor import NotAllowed
from grievances.cases.models.case import Case
from grievances.cases.models.records import Kind
from grievances.encryption.key_pairs import Holder
from grievances.encryption.primitives import DecryptionFailed
from grievances.intake import diary, drafts
from grievances.intake.diary_models import Diary
from grievances.vocabulary import State
from notifications.models import Notice
from tests.attacks.leak_scan import Loot
from tests.attacks.stolen_copy import rows
from tests.factories import cases
from tests.factories.cases import START, at
from tests.factories.people import Staff
from tests.intake.raising import hidden, page_of, words
from tests.page_time import pages_at
from tests.signing_in import sign_in
from workflow.steps import Refused

pytestmark = pytest.mark.django_db
SECRET = "PLANTED-DIARY-WORDS"
TODAY = START.date()
DAY = {"day_day": "9", "day_month": "11", "day_year": "2026"}
_page_time = pages_at(START)


def entry_names(staff: Staff, who: str = "complainant1") -> list[str]:
    return [e.name for e in diary.open_diary(staff.caller(who), now=START).entries]


def write(staff: Staff, text: str, day: date = TODAY, who: str = "complainant1") -> str:
    return diary.write_entry(staff.caller(who), day, text, now=START)


def test_an_entry_is_written_changed_and_deleted_by_pages_and_leaves_nothing(staff: Staff) -> None:
    events = Event.objects.count()
    client = sign_in(Client(), staff, "complainant1")
    assert client.post("/diary/new/", {**DAY, "text": SECRET})["Location"] == "/diary/"
    shown = page_of(client.get("/diary/"))
    assert "9 November 2026" in shown
    assert SECRET in shown
    assert "When we may have to act without your agreement" in page_of(client.get("/diary/new/"))
    (name,) = entry_names(staff)
    client.post(f"/diary/{name}/", {**DAY, "text": f"{SECRET} changed"})
    assert entry_names(staff) == [name]
    assert "changed" in page_of(client.get(f"/diary/{name}/"))
    future = {**DAY, "day_year": "2027", "text": "Kept in the box"}
    answer = client.post("/diary/new/", future)
    assert answer.status_code == 422
    assert "cannot be in the future" in page_of(answer)
    assert "Kept in the box" in page_of(answer)
    assert client.post(f"/diary/{name}/delete/")["Location"] == "/diary/"
    assert not Diary.objects.exists()
    assert Event.objects.count() == events, "no event tells of a diary"
    assert not Case.unguarded.exists(), "a diary is no case"


def test_no_one_else_finds_it_and_no_one_else_is_told(staff: Staff) -> None:
    name = write(staff, SECRET)
    for who in ("lead1", "dpo1", "triage1", "admin1", "auditor1", "complainant2"):
        client = sign_in(Client(), staff, who)
        assert client.get(f"/diary/{name}/").status_code == 404
        assert client.post(f"/diary/{name}/delete/").status_code == 404
        assert client.post(f"/diary/{name}/", {**DAY, "text": "x"}).status_code == 409
        assert SECRET not in page_of(client.get("/diary/"))
    assert entry_names(staff) == [name]
    assert Client().get("/diary/")["Location"].startswith("/accounts/login/")
    assert not Notice.objects.exists()


def test_a_copy_tells_no_word_no_day_no_writer_and_not_how_many_entries(
    staff: Staff, settings: Settings
) -> None:
    write(staff, SECRET, who="complainant1")
    for number in range(9):
        write(staff, f"{SECRET} {number}", date(2026, 1, 5 + number), who="complainant2")
    assert Loot(list(rows())).holds(SECRET) == []
    kept = list(Diary.objects.order_by("label"))
    assert len(kept) == 2
    for column in ("sealed", "sealed_words"):
        assert len({len(getattr(row, column)) for row in kept}) == 1
    assert {f.name for f in Diary._meta.get_fields()} == {"label", "sealed", "sealed_words"}
    assert not any(str(staff["complainant1"].pk) == row.label for row in kept)
    opened = 0
    for row in kept:
        for holder in staff.holders.values():
            try:
                row.entries(holder)
                opened += 1
            except DecryptionFailed:
                continue
    assert opened == 2, "each opens for one person alone"
    other = Diary(label="another place", sealed_words=kept[0].sealed_words)
    for holder in staff.holders.values():
        with pytest.raises(DecryptionFailed):
            other.entries(holder)
    settings.SERVER_KEYS = "1:" + "5a" * 32
    for row in kept:
        for holder in staff.holders.values():
            with pytest.raises(DecryptionFailed):
                row.entries(holder)


def test_entries_come_into_a_new_concern_a_draft_and_one_that_was_sent(staff: Staff) -> None:
    sent = cases.raised(staff)
    first = write(staff, f"{SECRET} first", date(2026, 11, 2))
    second = write(staff, f"{SECRET} second", date(2026, 11, 9))
    client = sign_in(Client(), staff, "complainant1")
    caller = staff.caller("complainant1")
    answer = client.post("/diary/bring/", {"entries": [second, first], "where": "new"})
    (draft,) = drafts.own_drafts(staff["complainant1"])
    assert answer["Location"] == f"/raise/{draft.reference}/what-happened/"
    kept = drafts.read_draft(draft, caller)
    assert kept["account"] == (
        f"2 November 2026\n{SECRET} first\n\n9 November 2026\n{SECRET} second"
    )
    assert kept["days"] == ["2026-11-02", "2026-11-09"]
    client.post("/diary/bring/", {"entries": [first], "where": f"draft-{draft.reference}"})
    assert drafts.read_draft(draft, caller)["account"].count(f"{SECRET} first") == 2
    once = hidden(client.get("/diary/bring/").content.decode(), "once")
    posted = {"entries": [second], "where": f"case-{sent.reference}", "once": once}
    for _ in range(2):
        answer = client.post("/diary/bring/", posted)
        assert answer["Location"] == f"/cases/{sent.reference}/"
    assert words(staff, sent, "triage1")[Kind.MESSAGE] == f"9 November 2026\n{SECRET} second"
    assert sent.records.filter(kind=Kind.MESSAGE).count() == 1
    assert entry_names(staff) == [second, first], "the diary keeps them"
    assert draft.state == State.DRAFT


def test_entries_go_into_no_concern_of_another_person(staff: Staff) -> None:
    theirs = cases.raised(staff)
    name = write(staff, SECRET, who="triage1")
    client = sign_in(Client(), staff, "triage1")
    posted = {"entries": [name], "where": f"case-{theirs.reference}"}
    assert client.post("/diary/bring/", posted).status_code == 422
    assert theirs.reference not in page_of(client.get("/diary/bring/"))


def test_too_much_is_refused_in_a_sentence_and_nothing_is_lost(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [write(staff, "x" * 15_000), write(staff, "y" * 15_000)]
    client = sign_in(Client(), staff, "complainant1")
    answer = client.post("/diary/bring/", {"entries": names, "where": "new"})
    assert answer.status_code == 422
    assert "20,000 characters" in page_of(answer)
    monkeypatch.setattr(diary, "MOST_SIGNS", 30_010)
    with pytest.raises(Refused, match="full"):
        write(staff, "z" * 11)
    assert len(entry_names(staff)) == 2


def test_a_diary_that_no_one_opens_is_deleted_after_a_reminder(staff: Staff) -> None:
    write(staff, SECRET)
    write(staff, SECRET, who="complainant2")
    caller = staff.caller("complainant1")
    diary.open_diary(caller, now=at(400))
    assert diary.end_idle_diaries(at(690)) == 0
    assert not Notice.objects.exists()
    assert diary.end_idle_diaries(at(705)) == 0
    assert diary.end_idle_diaries(at(706)) == 0
    assert [(n.kind, n.link) for n in Notice.objects.all()] == [("update", "/diary/")]
    assert diary.end_idle_diaries(at(732)) == 1
    assert [e.text for e in diary.open_diary(caller, now=at(732)).entries] == [SECRET]


def test_a_changed_key_is_said_and_the_diary_can_be_begun_again(staff: Staff) -> None:
    write(staff, SECRET)
    other = staff.holders["complainant2"].private
    staff.holders["complainant1"] = Holder(staff.holders["complainant1"].name, other)
    caller = staff.caller("complainant1")
    assert diary.open_diary(caller, now=START).is_lost
    with pytest.raises(NotAllowed):
        write(staff, "More")
    client = sign_in(Client(), staff, "complainant1")
    assert "your key has changed" in page_of(client.get("/diary/"))
    assert client.post("/diary/delete/")["Location"] == "/diary/"
    write(staff, "Begun again")
    assert len(entry_names(staff)) == 1
