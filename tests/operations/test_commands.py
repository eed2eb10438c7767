"""The commands an operator has: a sweep by hand, a person added, the documents kept true."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from grievances import tasks
from grievances.audit.models import Event, Heartbeat
from grievances.cases.access.rules import RULES
from grievances.cases.models.deadlines import Deadline
from grievances.deadlines import health
from grievances.encryption.key_pairs import KeyPair, unlock
from grievances.people.models import Unit, User
from grievances.policy.profiles import CLOCKS
from grievances.vocabulary import Certificate, Office
from grievances.web.shared import clock
from notifications.models import Notice
from tests.factories import cases
from tests.factories.people import Staff

MARKS = "\n".join(
    f"<!-- begin: {name} -->\n<!-- end: {name} -->"
    for name in ("lifecycle", "attackers", "access", "clocks")
)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_tick_does_what_is_owed_and_a_second_one_nothing(staff: Staff) -> None:
    case = cases.raised(staff)
    late = cases.at(9).isoformat()
    assert not run("tick", "--now", late).startswith("0 dates")
    assert Deadline.objects.get(case=case, name="ACK").breached
    assert run("tick", "--now", late).startswith("0 dates served, 0 failed; 0 messages")


@pytest.mark.usefixtures("policies")
def test_a_tick_reads_a_local_time_and_refuses_what_is_none() -> None:
    run("tick", "--now", "2026-11-25T09:00")
    with pytest.raises(CommandError, match="not a date and time"):
        run("tick", "--now", "tomorrow")


@pytest.mark.usefixtures("policies")
def test_no_one_moves_the_clock_in_production(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="refused in production"):
        run("tick", "--now", "2026-11-25T09:00")


def test_the_tasks_of_the_timetable_do_the_work(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases.raised(staff)
    monkeypatch.setattr(clock, "now", lambda: cases.at(9))
    assert tasks.run_clocks() > 0
    waiting = Notice.objects.filter(state="queued").count()
    assert tasks.deliver_notices() == waiting > 0
    assert Heartbeat.objects.get(name="clocks").at == cases.at(9)


@pytest.mark.usefixtures("db")
def test_a_person_is_added_with_an_open_key_and_signs_in() -> None:
    said = run(
        "add_person", "triage9", "--name", "Tess Nine", "--unit", "NINE", "--region", "NORTH",
        "--offices", "triage, handler", "--certificates", "RACE-CORE,TRIAGE",
        "--valid-until", "2030-01-01",
    )  # fmt: skip
    password = said.splitlines()[0].rsplit(" ", 1)[1]
    person = User.objects.get(username="triage9")
    assert unlock(person, password)
    assert person.holds(Office.TRIAGE, clock.today())
    assert person.training.filter(certificate=Certificate.TRIAGE).exists()
    client = Client()
    client.post("/accounts/login/", {"login": "triage9", "password": password})
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--unit", "NOWHERE"], "There is no unit NOWHERE"),
        (["--unit", "HQ", "--offices", "king"], "king is not one of"),
        (["--unit", "HQ", "--certificates", "TRIAGE"], "needs --valid-until"),
        (["--unit", "HQ", "--manager", "nobody"], "There is no account nobody"),
    ],
)
@pytest.mark.usefixtures("db")
def test_a_person_is_added_wholly_or_not_at_all(arguments: list[str], sentence: str) -> None:
    Unit.objects.create(code="HQ", name="HQ", region="LONDON")
    with pytest.raises(CommandError, match=sentence):
        run("add_person", "new1", "--name", "New One", *arguments)
    assert not User.objects.exists()
    assert not KeyPair.objects.exists()


def test_a_page_is_written_from_the_rules_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"Before\n{MARKS}\nAfter\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"page\.md is out of date"):
        run("describe", "--check", "--file", str(path))
    run("describe", "--file", str(path))
    run("describe", "--check", "--file", str(path))
    text = path.read_text(encoding="utf-8")
    assert text.startswith("Before\n")
    assert text.endswith("After\n")
    assert all(f"| `{name}` |" in text for name in CLOCKS)
    assert text.count("\n| ") >= len(RULES) + len(CLOCKS)
    assert "| Read the mediator's notes | Mediator (until it is archived) |" in text
    assert "No one: it happens by date alone" in text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Nothing", "has no marks"),
        ("<!-- begin: weather -->\n<!-- end: weather -->", "no part 'weather'"),
        ("<!-- begin: clocks -->\n", "has no end"),
    ],
)
def test_a_page_with_bad_marks_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=sentence) as refused:
        run("describe", "--file", str(path))
    assert "page.md" in str(refused.value)
    assert path.read_text(encoding="utf-8") == text


def test_every_page_of_the_project_is_up_to_date() -> None:
    assert "pages are up to date" in run("describe", "--check")


def test_health_says_when_the_sweep_has_stopped(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Client().get("/health/live").content == b"ok"
    first = {
        **dict.fromkeys(("database", "calendar", "keys", "clock", "daily_work"), "ok"),
        **{"sweep": "never ran", "mail": "never ran", "redis": "none", "virus_scan": "none"},
    }
    answer = Client().get("/health/ready").json()
    assert answer.pop("database_settings")
    assert {**answer, "redis": "none"} == first
    Heartbeat.objects.create(name="clocks", at=cases.START)
    monkeypatch.setattr(clock, "now", lambda: cases.START)
    assert Client().get("/health/ready").json()["sweep"] == "running"
    monkeypatch.setattr(clock, "now", lambda: cases.at(1))
    late = Client().get("/health/ready")
    assert (late.status_code, late.json()["sweep"]) == (200, "stopped")
    tasks.deliver_notices()
    assert Client().get("/health/ready").json()["mail"] == "leaving"
    monkeypatch.setattr(clock, "now", lambda: cases.at(2))
    assert Client().get("/health/ready").json()["mail"] == "stopped"
    assert any(
        "No mail has left" in each for each in health.warnings(cases.at(2), cases.at(2).date())
    )
    assert not Event.objects.filter(kind="refused").exists()
