"""Lessons and promises: public to all, kept by HR, naming no one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from grievances.audit.models import Event
from grievances.demo.past_years.lessons import publish_lessons
from grievances.lessons.models import Lesson
from grievances.reports import snapshots
from grievances.reports.readers.first_sentence import NO_RANKS
from grievances.reports.snapshot_models import Snapshot
from grievances.web.shared import clock
from tests.factories.cases import START, at
from tests.factories.people import Staff
from tests.intake.raising import page_of
from tests.page_time import pages_at
from tests.signing_in import sign_in

KEEP, PUBLIC = "/we-listened/keep/", "/we-listened/"
LESSON: dict[str, Any] = {
    "heard": "People waited weeks for a first answer.",
    "promise": "Two more triage officers.",
    "owner": "executive",
    "due_day": 30,
    "due_month": 11,
    "due_year": 2026,
}
_page_time = pages_at(START)


def test_everyone_reads_what_was_promised_whether_it_is_kept_or_late(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Nothing has been published here yet." in page_of(Client().get(PUBLIC))
    hr = sign_in(Client(), staff, "analyst1")
    assert hr.post(KEEP, LESSON).status_code == 302
    shown = page_of(Client().get(PUBLIC))
    for words in (LESSON["heard"], LESSON["promise"], "30 November 2026", "accountable executive"):
        assert words in shown, words
    monkeypatch.setattr(clock, "now", lambda: at(12))
    monkeypatch.setattr(clock, "today", lambda: at(12).date())
    assert "Late." in page_of(Client().get(PUBLIC))
    number = Lesson.objects.get().pk
    assert hr.post(KEEP, {"number": number, "what": "keep"}).status_code == 302
    assert hr.post(KEEP, {"number": number, "what": "keep"}).status_code == 409
    shown = page_of(Client().get(PUBLIC))
    assert "Kept</strong> on 3 December 2026, later than promised" in shown
    assert "1 promise so far. 1 kept." in shown
    assert hr.post(KEEP, {"number": number, "what": "remove"}).status_code == 302
    kinds = Event.objects.filter(kind__startswith="lesson.").exclude(kind="lesson.listed")
    assert list(kinds.order_by("seq").values_list("kind", flat=True)) == [
        "lesson.published", "lesson.kept", "lesson.removed",
    ]  # fmt: skip
    assert not any("weeks" in str(event.data) for event in kinds), "no words in the trail"


@pytest.mark.parametrize(
    "wrong",
    [
        {"heard": "Handler 1 was slow."},
        {"promise": "We reopen RC-7K2M9P."},
        {"owner": "handler"},
        {"due_month": 13},
        {"heard": ""},
    ],
)
def test_what_names_a_person_or_a_case_is_not_published(
    staff: Staff, wrong: dict[str, Any]
) -> None:
    hr = sign_in(Client(), staff, "analyst1")
    answer = hr.post(KEEP, {**LESSON, **wrong})
    assert answer.status_code == 422
    assert LESSON["promise" if "promise" not in wrong else "heard"] in page_of(answer)
    assert not Lesson.objects.exists()


def test_only_hr_keeps_the_page(staff: Staff) -> None:
    lesson = Lesson.objects.create(
        heard="a", promise="b", owner="lead", due=date(2026, 12, 1), published_on=date(2026, 11, 1)
    )
    for person in ("lead1", "dpo1", "complainant1"):
        client = sign_in(Client(), staff, person)
        assert client.get(KEEP).status_code == 404
        assert client.post(KEEP, {"number": lesson.pk, "what": "remove"}).status_code == 404
    assert Lesson.objects.exists()


def test_hr_chooses_whose_released_figures_everyone_reads(staff: Staff) -> None:
    hr = sign_in(Client(), staff, "analyst1")
    assert "Figures on the public page" not in page_of(hr.get(KEEP)), "there are none yet"
    for audience, period, lead in (
        (snapshots.PUBLISHED, "2024-25", "About 30 concerns were raised."),
        (snapshots.INTERNAL, "2024-25", "INTERNAL-ANSWER"),
        (snapshots.PUBLISHED, "2023-24", "OLDER-ANSWER"),
        (snapshots.PUBLISHED, "2024-25", NO_RANKS),
    ):
        body = {"lead": lead, "mark": "These figures are made up."}
        Snapshot.objects.create(
            report="fairness" if lead == NO_RANKS else "volume",
            period=period,
            audience=audience,
            edition=1,
            body=body,
            made_at=START,
        )
    assert "About 30" not in page_of(Client().get(PUBLIC)), "not before HR says so"
    assert hr.post(KEEP, {"what": "figures", "period": "2024-25"}).status_code == 302
    shown = page_of(Client().get(PUBLIC))
    assert "About 30 concerns were raised." in shown
    assert "These figures are made up." in shown
    assert "INTERNAL-ANSWER" not in shown
    assert "OLDER-ANSWER" not in shown
    assert "the range that chance allows" not in shown, "it gives no figure without its report"
    for who in ("lead1", "complainant1"):
        other = sign_in(Client(), staff, who)
        assert other.post(KEEP, {"what": "figures", "period": ""}).status_code == 404
    hr.post(KEEP, {"what": "figures", "period": "2019-20"})
    assert "About 30" not in page_of(Client().get(PUBLIC)), "an unknown year shows none"
    kinds = Event.objects.filter(kind__startswith="lesson.figures").order_by("seq")
    assert list(kinds.values_list("kind", flat=True)) == [
        "lesson.figures_shown", "lesson.figures_removed",
    ]  # fmt: skip


def test_the_demonstration_publishes_lessons_kept_open_and_late(staff: Staff) -> None:
    assert publish_lessons(START) == 4
    shown = page_of(Client().get(PUBLIC))
    assert "4 promises so far. 2 kept." in shown
    assert "Late." in shown
    assert "Nothing has been published here yet." not in shown
