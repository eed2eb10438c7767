"""Values that SQL could misread, and statements that fail, are sent together as they are alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import (
    DataError,
    IntegrityError,
    OperationalError,
    connection,
    transaction,
)
from django.db.models import BinaryField, CharField
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from notifications.models import Notice
from workflow.sql.bulk_sql import add_rows, insert_rows
from workflow.sql.compiled_sql import Bound, CompiledQuery, CompiledUpdate, rows_of_all
from workflow.sql.sent_together import sent_together, write

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW = datetime(2026, 12, 1, 9, 0, 0, 123456, tzinfo=UTC)
WORDS = [
    "\\",
    "\\'; DROP TABLE grievances_unit; --",
    "'",
    "''\\",
    '"',
    "%",
    "%s %(a)s %%",
    "?",
    "$1 $$ $a$",
    ":name",
    "; SELECT 1",
    "/* -- */",
    "\n\r\t\x01\x7f",
    "é 𝄞 \u202e",
    "E'\\x'",
    "²٣",
    "",
]
BY_KIND = CompiledQuery(lambda: Notice.objects.filter(kind=Bound("kind", CharField())))
RENAME = CompiledUpdate(
    lambda: Notice.objects.filter(kind=Bound("kind", CharField())),
    last_error=Bound("word", CharField()),
    sealed_recipient=Bound("sealed", BinaryField()),
)


def notice(word: str, at: int = 0) -> Notice:
    return Notice(
        handle=word[:64],
        kind="k",
        channel="inbox",
        link=f"/{word}",
        key=f"{at}",
        context={"a?": [word], "b": {word: None}},
        sealed_recipient=word.encode() + bytes(range(256)),
        next_try_at=NOW,
        created_at=NOW,
    )


@pytest.fixture(params=["on", "off"])
def strings(request: pytest.FixtureRequest) -> Iterator[None]:
    """A database in which a backslash is a sign like any other, and one in which it is not."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET standard_conforming_strings = {request.param}")
            cursor.execute("SET escape_string_warning = off")
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("RESET standard_conforming_strings")
            cursor.execute("RESET escape_string_warning")


@pytest.mark.usefixtures("strings")
@pytest.mark.parametrize("word", WORDS, ids=ascii)
def test_every_word_arrives_as_it_was_given(word: str) -> None:
    with transaction.atomic(), sent_together():
        insert_rows([notice(word, 1)])
        with_json = notice(word, 2)
        with_json.sealed_recipient = f"\\x{word.encode().hex()}"  # as the outbox writes its rows
        add_rows([with_json])
        RENAME.run(kind="k", word=word, sealed=word.encode())
        [first, second], other = rows_of_all(BY_KIND.asked(kind="k"), BY_KIND.asked(kind=word))
    for one in (first, second):
        assert (one.handle, one.link, one.last_error) == (word, f"/{word}", word)
        assert one.context == {"a?": [word], "b": {word: None}}
        assert bytes(one.sealed_recipient) == word.encode()
        assert one.created_at == NOW
    assert other == []


def test_a_nought_sign_is_refused_before_anything_is_sent() -> None:
    with transaction.atomic(), sent_together(), CaptureQueriesContext(connection) as asked:
        insert_rows([notice("before")])
        for refused in (
            lambda: write("UPDATE notifications_notice SET link = %s", ["a\0b"]),
            lambda: RENAME.run(kind="k", word="a\0b", sealed=b""),
            lambda: BY_KIND.rows(kind="a\0b"),
        ):
            with pytest.raises(DataError):
                refused()
        assert len(asked) == 0
        with pytest.raises(DataError):
            Notice.objects.filter(kind="a\0b").count()
    assert Notice.objects.get().link == "/before"


def test_arrays_and_endless_dates() -> None:
    with transaction.atomic(), sent_together():
        write("CREATE TEMP TABLE odd (a text[], b int[], c timestamptz) ON COMMIT DROP")
        write("INSERT INTO odd VALUES (%s, %s, %s)", [["a'b", "\\", "{,}", None], [1, -2], NOW])
        write("INSERT INTO odd VALUES (%s, '{}', 'infinity')", [[]])
        with connection.cursor() as cursor:
            cursor.execute("SELECT a, b, c::text = 'infinity' FROM odd")
            found = cursor.fetchall()
    assert found == [(["a'b", "\\", "{,}", None], [1, -2], False), ([], [], True)]


def test_a_thousand_rows_and_a_thousand_statements() -> None:
    with transaction.atomic(), sent_together(), CaptureQueriesContext(connection) as asked:
        insert_rows([notice("x" * 60, at) for at in range(1000)])
        for at in range(1000):
            write("UPDATE notifications_notice SET attempts = %s WHERE key = %s", [at % 7, f"{at}"])
        assert Notice.objects.filter(attempts=6).count() == 142
        assert len(asked) == 1


def test_a_failure_in_the_middle_leaves_nothing_of_its_savepoint() -> None:
    @transaction.atomic
    def fail() -> None:
        insert_rows([notice("first", 2)])
        insert_rows([notice("again", 2)])
        write("UPDATE notifications_notice SET link = '/gone'")
        Notice.objects.count()

    with transaction.atomic(), sent_together():
        insert_rows([notice("before", 1)])
        insert_rows([notice("again", 1)], ignores_conflicts=True)
        with pytest.raises(IntegrityError):
            fail()
        write("UPDATE notifications_notice SET attempts = 9")
        assert Notice.objects.get().link == "/before"
    assert Notice.objects.get().attempts == 9


def test_a_setting_of_the_transaction_holds_for_what_waits_after_it() -> None:
    @transaction.atomic
    def sleep() -> None:
        write("SELECT pg_sleep(2)")
        Notice.objects.count()

    with transaction.atomic(), sent_together():
        write("SET LOCAL statement_timeout = 50")
        with pytest.raises(OperationalError):
            sleep()
        write("SET LOCAL statement_timeout = 0")
        insert_rows([notice("after")])
    assert Notice.objects.count() == 1


def test_rows_read_one_by_one_see_what_waited() -> None:
    with transaction.atomic(), sent_together():
        insert_rows([notice("a", 1), notice("b", 2)])
        found = [one.handle for one in Notice.objects.order_by("handle").iterator(chunk_size=1)]
    assert found == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_may_wait() -> None:
    with pytest.raises(TransactionManagementError), sent_together():
        insert_rows([notice("a", 1)])
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_waits_goes_with_its_connection() -> None:
    with transaction.atomic(), sent_together():
        insert_rows([notice("lost")])
        connection.close()
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_each_thread_has_what_waits_for_itself() -> None:
    def work(number: int) -> None:
        try:
            with transaction.atomic(), sent_together():
                for at in range(20):
                    insert_rows([notice("t", number * 100 + at)])
                transaction.set_rollback(bool(number % 2))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(8)))
    assert Notice.objects.count() == 80


def test_a_block_that_failed_undoes_the_transaction_that_goes_on() -> None:
    def fail() -> None:
        with sent_together():
            insert_rows([notice("half", 1)])
            Notice.objects.count()
            insert_rows([notice("other half", 2)])
            raise ValueError("stop")

    with transaction.atomic():
        with pytest.raises(ValueError, match="stop"):
            fail()
        with pytest.raises(TransactionManagementError):
            Notice.objects.count()
    assert not Notice.objects.exists()


def test_the_longest_time_of_a_statement_is_that_of_each() -> None:
    with transaction.atomic(), sent_together():
        write("SET LOCAL statement_timeout = 200")
        for _ in range(4):
            write("SELECT pg_sleep(0.08)")
        assert Notice.objects.count() == 0
        write("SET LOCAL statement_timeout = 0")
