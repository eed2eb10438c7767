"""The trail cannot be changed unnoticed (dependencies.md 7)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from grievances.audit.models import Event
from workflow.chain import head_digest, verify
from workflow.models import AlreadyRecorded
from workflow.sql import triggers
from workflow.sql.triggers import AppendOnly

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
EVENTS = Event._meta.db_table
HEADS = Event.head_model._meta.db_table


def append(chain: str = "RC-BCDFGH", **more: Any) -> Event:
    said = {"at": NOW, "actor": "u:1", "role": "triage_officer", "kind": "case.acknowledge"}
    return Event.append(chain=chain, **{**said, **more})


@pytest.fixture
def trail() -> None:
    for n in range(3):
        for chain in ("RC-BCDFGH", "RC-JKLMNP"):
            append(chain, at=NOW + timedelta(hours=n), data={"n": n, "on": "2026-11-21"})


def tamper(statement: str) -> None:
    triggers.remove(connection, EVENTS)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(e=EVENTS, h=HEADS))


def test_entries_are_numbered_and_linked_within_their_chain() -> None:
    first, other, second = append(), append("RC-JKLMNP"), append()
    assert [first.seq, other.seq, second.seq] == [1, 1, 2]
    assert second.prev == first.digest
    assert first.prev == other.prev == "0" * 64


@pytest.mark.usefixtures("trail")
def test_an_untouched_trail_is_sound() -> None:
    verdict = verify(Event)
    assert (verdict.ok, verdict.entries, verdict.chains) == (True, 6, 2)


def test_what_happens_once_is_recorded_once() -> None:
    append(key="RC-BCDFGH:ACK:L1:2026-11-25")
    with pytest.raises(AlreadyRecorded):
        append(key="RC-BCDFGH:ACK:L1:2026-11-25")
    with pytest.raises(AlreadyRecorded):
        append("RC-JKLMNP", key="RC-BCDFGH:ACK:L1:2026-11-25")
    append()
    assert (verify(Event).ok, verify(Event).entries) == (True, 2)


def test_a_refused_repeat_leaves_the_caller_s_transaction_usable() -> None:
    with transaction.atomic():
        append(key="once")
        with pytest.raises(AlreadyRecorded):
            append(key="once")
        append(key="twice")
    assert Event.objects.count() == 2


@pytest.mark.usefixtures("trail")
def test_many_entries_at_once_are_as_sound_as_one_by_one() -> None:
    said: Any = {"at": NOW, "actor": "system", "role": "system", "kind": "clock.minus1"}
    chains = ("RC-JKLMNP", "RC-QRSTVW", "RC-JKLMNP")
    drafts = [
        Event.draft(chain=chain, key=f"rung:{n}", data={"due": "2026-11-27"}, **said)
        for n, chain in enumerate(chains)
    ]
    with transaction.atomic():
        Event.append_all(drafts)
    verdict = verify(Event)
    assert (verdict.ok, verdict.entries, verdict.chains) == (True, 9, 3)
    assert list(Event.objects.filter(key__startswith="rung:").values_list("at", flat=True)) == [
        NOW, NOW, NOW,
    ]  # fmt: skip
    again = Event.draft(chain="RC-BCDFGH", key="rung:0", **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.append_all([again])
    assert verify(Event).ok


def test_data_that_would_not_come_back_the_same_is_refused() -> None:
    with pytest.raises(ValueError, match="fraction"):
        append(data={"share": 0.5})
    with pytest.raises(ValueError, match="aware"):
        append(at=NOW.replace(tzinfo=None))
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: Event.objects.all().delete(),
        lambda entry: Event.objects.update(kind="other"),
        lambda entry: Event.objects.bulk_create([entry]),
        lambda entry: Event.objects.bulk_update([entry], ["kind"]),
        lambda entry: Event.objects.create(kind="other"),
    ],
)
def test_every_other_road_into_the_trail_is_refused(act: Callable[[Event], Any]) -> None:
    entry = append()
    with pytest.raises(AppendOnly):
        act(entry)


@pytest.mark.parametrize("statement", ["UPDATE {e} SET kind = 'x'", "DELETE FROM {e}"])
def test_the_database_refuses_what_goes_round_the_models(statement: str) -> None:
    append()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(e=EVENTS))
    assert verify(Event).entries == 1


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize(
    ("statement", "seq", "fault"),
    [
        ("UPDATE {e} SET actor = 'u:2' WHERE chain = 'RC-JKLMNP' AND seq = 2", 2, "changed"),
        ("UPDATE {e} SET seq = 9 WHERE chain = 'RC-JKLMNP' AND seq = 3", 3, "missing"),
        ("DELETE FROM {e} WHERE chain = 'RC-JKLMNP' AND seq = 2", 2, "missing"),
        ("DELETE FROM {e} WHERE chain = 'RC-JKLMNP' AND seq = 3", 3, "cut off"),
        ("DELETE FROM {h} WHERE chain = 'RC-JKLMNP'", 3, "lost its head"),
        ("DELETE FROM {e} WHERE chain = 'RC-JKLMNP'", 0, "whole chain"),
    ],
)
def test_tampering_is_found_at_its_first_entry(statement: str, seq: int, fault: str) -> None:
    tamper(statement)
    verdict = verify(Event)
    assert (verdict.ok, verdict.chain, verdict.seq) == (False, "RC-JKLMNP", seq)
    assert fault in verdict.fault


@pytest.mark.usefixtures("trail")
def test_a_chain_removed_with_its_head_shows_in_the_digest_kept_elsewhere() -> None:
    kept = head_digest(Event)
    assert head_digest(Event) == kept
    for statement in ("DELETE FROM {e} WHERE seq > 0", "DELETE FROM {h} WHERE seq > 0"):
        tamper(statement + " AND chain = 'RC-JKLMNP'")
    assert verify(Event).ok
    assert head_digest(Event) != kept


def test_entries_alike_in_all_but_their_subject_make_the_chain_that_one_by_one_would() -> None:
    said: dict[str, Any] = {
        "actor": "system",
        "role": "r\u00f4le",
        "kind": "k",
        "data": {"what": ["a", "b"]},
    }
    for subject in ('first "quoted"', "second", ""):
        Event.append(chain="one", at=NOW, subject=subject, **said)
    with transaction.atomic():
        Event.append_to("two", ['first "quoted"', "second"], at=NOW, **said)
        Event.append_to("two", [""], at=NOW, **said)
    assert verify(Event).ok
    rows = list(Event.objects.filter(chain="two").order_by("seq"))
    assert [each.subject for each in rows] == ['first "quoted"', "second", ""]
    assert all(each.digest == each.reckoned_digest() for each in rows)
