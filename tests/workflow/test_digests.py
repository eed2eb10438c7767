"""One form for every entry, so that a digest means the same on every database."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from workflow.hashing import GENESIS, canonical, entry_digest


def test_the_order_of_keys_does_not_matter() -> None:
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"\\u00e9","b":1}'


@pytest.mark.parametrize(
    "value", [{"a": 1.5}, {"a": float("nan")}, {1: "a"}, {"a": (1, 2)}, {"a": "\x00"}]
)
def test_what_a_database_may_hand_back_differently_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="."):
        canonical(value)


def test_a_date_must_be_written_out_by_the_caller() -> None:
    with pytest.raises(TypeError):
        canonical({"on": datetime(2026, 1, 1, tzinfo=UTC)})


def test_the_instant_counts_and_its_zone_does_not() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    here = noon.astimezone(ZoneInfo("Europe/London"))
    assert entry_digest({"seq": 1}, noon, GENESIS) == entry_digest({"seq": 1}, here, GENESIS)
    later = noon.replace(microsecond=1)
    assert entry_digest({"seq": 1}, later, GENESIS) != entry_digest({"seq": 1}, noon, GENESIS)
    assert entry_digest({"seq": 1}, noon, "1" * 64) != entry_digest({"seq": 1}, noon, GENESIS)
