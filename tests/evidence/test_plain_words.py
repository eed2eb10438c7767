"""Hidden details are told in words: a place, and a date where the organisation is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from grievances.evidence import upload
from grievances.evidence.sanitiser import plain_words
from tests.evidence import film_recordings, recordings


@pytest.fixture(autouse=True)
def _zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_words, "_zone", ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("D:20261129131954Z'", "29 November 2026, 13:19"),
        ("D:20260503130500Z", "3 May 2026, 14:05"),
        ("D:20260503140500+01'00'", "3 May 2026, 14:05"),
        ("D:20260503140500+01'00", "3 May 2026, 14:05"),
        ("D:20260503090500-04'00'", "3 May 2026, 14:05"),
        ("D:20260503140500", "3 May 2026, 14:05"),
        ("D:20260503", "3 May 2026"),
        ("2026:05:03 14:05:06", "3 May 2026, 14:05"),
        ("2026-05-03T13:05:00.000000Z", "3 May 2026, 14:05"),
        ("2026-05-03T15:05:00+0200", "3 May 2026, 14:05"),
        ("2026-05-03", "3 May 2026"),
        ("20260503", "3 May 2026"),
        ("2026", "2026"),
        ("yesterday", "yesterday"),
        ("2026-13-45", "2026-13-45"),
        ("0000:00:00 00:00:00", "0000:00:00 00:00:00"),
    ],
)
def test_a_date_is_told_as_a_local_date(said: str, words: str) -> None:
    assert plain_words.date(said) == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("+53.7997-001.5333/", "53.7997 degrees north, 1.5333 degrees west"),
        ("-33.8688+151.2093+058.000/", "33.8688 degrees south, 151.2093 degrees east"),
        ("2026-05-03", ""),
        ("a text", ""),
    ],
)
def test_a_place_is_told_in_degrees(said: str, words: str) -> None:
    assert plain_words.place_of(said) == words


def test_a_time_is_told_in_the_zone_of_the_organisation() -> None:
    assert plain_words.moment(datetime(2026, 5, 3, 13, 5, tzinfo=UTC)) == "3 May 2026, 14:05"


def test_the_process_of_its_own_tells_the_local_time() -> None:
    label = film_recordings.keyed(creationdate="2026-05-03T13:05:00Z", author=recordings.NAME)
    file = upload.receive("x", iter([film_recordings.film(label)]))
    file.examine()
    file.close()
    assert ("Recorded on", "3 May 2026, 14:05") in file.found
