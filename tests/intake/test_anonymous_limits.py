"""Anonymous sending has a limit that tracks no one: a puzzle dearer under load, or a short wait."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from grievances.audit.models import Event
from grievances.cases.models.case import Case
from grievances.intake import submission
from grievances.vocabulary import Role
from grievances.web.shared.limits import rate_limit
from tests.factories import cases
from tests.factories.cases import START
from tests.factories.people import Staff
from tests.intake.raising import ANONYMOUS, STORY, hidden, page_of, writing
from workflow.models import AlreadyRecorded

pytestmark = pytest.mark.django_db

STRICT = {
    "bits": 8,
    "wait_seconds": 15,
    "per_minute": 3,
    "per_hour": 4,
    "unsolved_per_minute": 1,
}


@pytest.fixture(autouse=True)
def _brake(settings: Settings) -> Iterator[None]:
    settings.ANONYMOUS_BRAKE = STRICT
    cache.clear()
    yield
    cache.clear()


def solution(puzzle: str, bits: int = 8) -> str:
    """As the script of the page finds it."""
    for answer in count():
        digest = hashlib.sha256(f"{puzzle}.{answer}".encode()).digest()
        if int.from_bytes(digest, "big") >> (256 - bits) == 0:
            return str(answer)
    raise AssertionError


def bits_asked(html: str) -> int:
    """How many zero bits the page asks of its script."""
    (bits,) = re.findall(r'data-bits="(\d+)"', html)
    return int(bits)


def press(client: Client, *, solved: bool, puzzle: str = "", bits: int = 8) -> Any:
    html = client.get(f"{ANONYMOUS}/check/").content.decode()
    if not puzzle:
        puzzle, bits = hidden(html, "puzzle"), bits_asked(html)
    fields = {name: hidden(html, name) for name in ("shown", "once")}
    answer = solution(puzzle, bits) if solved else ""
    return client.post(f"{ANONYMOUS}/check/", {**fields, "puzzle": puzzle, "answer": answer})


def aged(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Let so much time pass on the clock that dates the puzzles."""
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + seconds)


def test_a_solved_puzzle_sends_at_once(staff: Staff) -> None:
    assert press(writing(), solved=True).status_code == 302
    assert Case.unguarded.count() == 1


def test_without_script_a_short_wait_and_nothing_is_lost(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = writing()
    early = press(client, solved=False)
    assert early.status_code == 429
    html = page_of(early)
    assert "wait 15 seconds" in html
    assert STORY in html
    assert not Case.unguarded.exists()
    puzzle = hidden(early.content.decode(), "puzzle")
    aged(monkeypatch, 17)
    assert press(client, solved=False, puzzle=puzzle).status_code == 302
    assert Case.unguarded.count() == 1


def test_a_flood_of_solved_puzzles_refuses_no_one_and_makes_the_next_dearer(staff: Staff) -> None:
    asked, codes = [], []
    for _ in range(9):
        client = writing()
        asked.append(bits_asked(client.get(f"{ANONYMOUS}/check/").content.decode()))
        codes.append(press(client, solved=True).status_code)
    assert codes == [302] * 9
    assert asked == [8, 8, 8, 9, 9, 9, 10, 10, 10]
    assert Case.unguarded.count() == 9


def test_the_price_has_an_end_and_falls_again(staff: Staff) -> None:
    cache.set("flood:minute", 10_000)
    dearest = bits_asked(writing().get(f"{ANONYMOUS}/check/").content.decode())
    assert dearest == STRICT["bits"] + rate_limit.MOST_EXTRA_BITS
    cache.delete("flood:minute")
    assert bits_asked(writing().get(f"{ANONYMOUS}/check/").content.decode()) == STRICT["bits"]


def test_the_hour_counts_as_well(staff: Staff) -> None:
    cache.set("flood:hour", STRICT["per_hour"])
    html = writing().get(f"{ANONYMOUS}/check/").content.decode()
    assert bits_asked(html) == STRICT["bits"] + 1


def test_puzzles_hoarded_in_quiet_hours_are_too_cheap_in_a_flood(staff: Staff) -> None:
    client = writing()
    cheap = hidden(client.get(f"{ANONYMOUS}/check/").content.decode(), "puzzle")
    cache.set("flood:minute", 8 * STRICT["per_minute"])
    refused = press(client, solved=True, puzzle=cheap)
    html = refused.content.decode()
    assert refused.status_code == 429
    assert "Nothing is lost" in page_of(refused)
    assert STORY in page_of(refused)
    assert not Case.unguarded.exists()
    assert hidden(html, "puzzle") != cheap, "the page brings a dearer one along"
    assert press(client, solved=True).status_code == 302


def test_a_load_that_rose_a_little_while_the_page_was_open_refuses_no_one(staff: Staff) -> None:
    client = writing()
    puzzle = hidden(client.get(f"{ANONYMOUS}/check/").content.decode(), "puzzle")
    cache.set("flood:minute", 2 * STRICT["per_minute"])
    assert press(client, solved=True, puzzle=puzzle).status_code == 302


def test_those_who_solve_nothing_cannot_crowd_out_those_who_do(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [writing() for _ in range(3)]
    shown = [c.get(f"{ANONYMOUS}/check/").content.decode() for c in clients]
    aged(monkeypatch, 17)
    codes = [
        press(client, solved=False, puzzle=hidden(html, "puzzle")).status_code
        for client, html in zip(clients, shown, strict=True)
    ]
    assert codes == [302, 429, 429]
    assert press(clients[1], solved=True).status_code == 302


def test_without_script_the_wait_rises_with_the_load_and_has_an_end(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No one is refused: at the worst load a page that is four minutes old is sent."""
    client = writing()
    puzzle = hidden(client.get(f"{ANONYMOUS}/check/").content.decode(), "puzzle")
    for load, seconds in ((0, 15), (1, 30), (2, 60), (4, 120), (8, 240), (10_000, 240)):
        cache.set("flood:unsolved", load)
        refused = press(client, solved=False, puzzle=puzzle)
        assert refused.status_code == 429
        (told,) = re.findall(r"Please wait (\d+) seconds", page_of(refused))
        assert seconds - 10 <= int(told) <= seconds
    aged(monkeypatch, 241)
    assert press(client, solved=False, puzzle=puzzle).status_code == 302


@pytest.mark.parametrize("forged", ["", "x", "abc:def:ghi", "é"])
def test_a_puzzle_that_we_did_not_give_is_no_puzzle(staff: Staff, forged: str) -> None:
    client = writing()
    html = client.get(f"{ANONYMOUS}/check/").content.decode()
    fields = {"shown": hidden(html, "shown"), "puzzle": forged, "answer": "1"}
    answer = client.post(f"{ANONYMOUS}/check/", fields)
    assert answer.status_code == 409
    assert "PAGE_TOO_OLD" in page_of(answer)
    assert STORY in page_of(answer)


def test_a_puzzle_serves_once_and_not_for_ever(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = writing()
    puzzle = hidden(first.get(f"{ANONYMOUS}/check/").content.decode(), "puzzle")
    assert press(first, solved=True, puzzle=puzzle).status_code == 302
    assert press(writing(), solved=True, puzzle=puzzle).status_code == 409
    old = rate_limit.new_puzzle()
    aged(monkeypatch, rate_limit.LASTS_SECONDS + 5)
    assert press(writing(), solved=True, puzzle=old).status_code == 409


def test_a_refused_sending_does_not_use_up_the_puzzle(staff: Staff) -> None:
    client = writing()
    html = client.get(f"{ANONYMOUS}/check/").content.decode()
    puzzle = hidden(html, "puzzle")
    fields = {"shown": "rubbish", "puzzle": puzzle, "answer": solution(puzzle)}
    refused = client.post(f"{ANONYMOUS}/check/", fields)
    assert "STALE_STATE" in page_of(refused)
    assert press(client, solved=True, puzzle=puzzle).status_code == 302


def test_the_brake_keeps_no_mark_of_a_browser(staff: Staff) -> None:
    client = writing()
    press(client, solved=True)
    kept = str(getattr(cache, "_cache", {}))
    for trace in ("203.0.113.77", "Telltale", client.cookies["fh_notebook"].value):
        assert trace not in kept


def test_the_same_press_twice_makes_one_case_even_without_the_notebook(staff: Staff) -> None:
    answers = {**cases.ACCOUNT, "region": "NORTH"}
    able = [p.pk for p in submission.preview_anonymous(answers, now=START)]
    submission.submit_anonymous(answers, expected=able, now=START, once="one press")
    with pytest.raises(AlreadyRecorded):
        submission.submit_anonymous(answers, expected=able, now=START, once="one press")
    assert Case.unguarded.count() == 1
    assert not Event.objects.filter(key__contains="one press").exists()
    assert Role.TRIAGE_POOL in set(
        Case.unguarded.get().grants.values_list("permission__codename", flat=True)
    )
