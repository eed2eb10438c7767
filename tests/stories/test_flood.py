"""Anonymous sending has a brake that looks at nobody: a puzzle, a wait, a quota for everybody."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from grievances.actions import concerns
from grievances.models import Case, Event
from grievances.views import flood
from grievances.vocabulary import Role
from tests import given
from tests.cast import Cast
from tests.given import START
from tests.stories.raising import ANONYMOUS, STORY, hidden, page_of, writing
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


def press(client: Client, *, solved: bool, puzzle: str = "") -> Any:
    html = client.get(f"{ANONYMOUS}/check/").content.decode()
    puzzle = puzzle or hidden(html, "puzzle")
    fields = {name: hidden(html, name) for name in ("shown", "once")}
    answer = solution(puzzle) if solved else ""
    return client.post(f"{ANONYMOUS}/check/", {**fields, "puzzle": puzzle, "answer": answer})


def aged(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Let so much time pass on the clock that dates the puzzles."""
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + seconds)


def test_a_solved_puzzle_sends_at_once(cast: Cast) -> None:
    assert press(writing(), solved=True).status_code == 302
    assert Case.unguarded.count() == 1


def test_without_script_a_short_wait_and_nothing_is_lost(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
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


def test_a_flood_is_stopped_for_everybody_alike_and_ends_by_itself(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [press(writing(), solved=True).status_code for _ in range(5)]
    assert codes == [302, 302, 302, 429, 429]
    late = writing()
    refused = press(late, solved=True)
    assert "Too many concerns are being sent" in page_of(refused)
    assert STORY in page_of(refused)
    cache.delete("flood:minute")
    cache.delete("flood:hour")
    assert press(late, solved=True).status_code == 302


def test_those_who_solve_nothing_cannot_crowd_out_those_who_do(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [writing() for _ in range(3)]
    shown = [c.get(f"{ANONYMOUS}/check/").content.decode() for c in clients]
    aged(monkeypatch, 17)
    codes = [
        press(client, solved=False, puzzle=hidden(html, "puzzle")).status_code
        for client, html in zip(clients, shown, strict=True)
    ]
    assert codes == [302, 429, 429]
    assert press(clients[1], solved=True).status_code in {302, 429}


@pytest.mark.parametrize("forged", ["", "x", "abc:def:ghi", "é"])
def test_a_puzzle_that_we_did_not_give_is_no_puzzle(cast: Cast, forged: str) -> None:
    client = writing()
    html = client.get(f"{ANONYMOUS}/check/").content.decode()
    fields = {"shown": hidden(html, "shown"), "puzzle": forged, "answer": "1"}
    answer = client.post(f"{ANONYMOUS}/check/", fields)
    assert answer.status_code == 409
    assert "PAGE_TOO_OLD" in page_of(answer)
    assert STORY in page_of(answer)


def test_a_puzzle_serves_once_and_not_for_ever(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = writing()
    puzzle = hidden(first.get(f"{ANONYMOUS}/check/").content.decode(), "puzzle")
    assert press(first, solved=True, puzzle=puzzle).status_code == 302
    assert press(writing(), solved=True, puzzle=puzzle).status_code == 409
    old = flood.new_puzzle()
    aged(monkeypatch, flood.LASTS_SECONDS + 5)
    assert press(writing(), solved=True, puzzle=old).status_code == 409


def test_a_refused_sending_does_not_use_up_the_puzzle(cast: Cast) -> None:
    client = writing()
    html = client.get(f"{ANONYMOUS}/check/").content.decode()
    puzzle = hidden(html, "puzzle")
    fields = {"shown": "rubbish", "puzzle": puzzle, "answer": solution(puzzle)}
    refused = client.post(f"{ANONYMOUS}/check/", fields)
    assert "STALE_STATE" in page_of(refused)
    assert press(client, solved=True, puzzle=puzzle).status_code == 302


def test_the_brake_keeps_no_mark_of_a_browser(cast: Cast) -> None:
    client = writing()
    press(client, solved=True)
    kept = str(getattr(cache, "_cache", {}))
    for trace in ("203.0.113.77", "Telltale", client.cookies["fh_notebook"].value):
        assert trace not in kept


def test_the_same_press_twice_makes_one_case_even_without_the_notebook(cast: Cast) -> None:
    answers = {**given.ACCOUNT, "region": "NORTH"}
    able = [p.pk for p in concerns.preview_anonymous(answers, now=START)]
    concerns.submit_anonymous(answers, expected=able, now=START, once="one press")
    with pytest.raises(AlreadyRecorded):
        concerns.submit_anonymous(answers, expected=able, now=START, once="one press")
    assert Case.unguarded.count() == 1
    assert not Event.objects.filter(key__contains="one press").exists()
    assert Role.TRIAGE_POOL in set(
        Case.unguarded.get().grants.values_list("permission__codename", flat=True)
    )
