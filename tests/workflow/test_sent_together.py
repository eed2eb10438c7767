"""Statements that are sent together do what they do one by one, in their order."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from grievances.people.models import Unit
from workflow.sql.bulk_sql import change_row, insert_rows, remove_rows
from workflow.sql.compiled_sql import CompiledQuery, rows_of_all
from workflow.sql.sent_together import sent_together, write

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BY_NAME = CompiledQuery(lambda: Unit.objects.order_by("name"))


def unit(name: str, pk: int | None = None) -> Unit:
    return Unit(pk=pk, code=name[:20], name=name, region="NORTH")


def saved(name: str) -> Unit:
    one = unit(name)
    one.save()
    return one


def names() -> list[str]:
    return list(Unit.objects.order_by("name").values_list("name", flat=True))


def test_writes_go_with_the_next_question_and_are_seen_by_it() -> None:
    with transaction.atomic(), sent_together(), CaptureQueriesContext(connection) as asked:
        insert_rows([unit("10% b'c"), unit("a")])
        write("UPDATE grievances_unit SET name = %s WHERE name = 'a'", ["z%s"])
        write("UPDATE grievances_unit SET name = name || '%'")
        assert names() == ["10% b'c%", "z%s%"]
        assert len(asked) == 1
        remove_rows(Unit, name=["z%s%"])
        assert len(asked) == 1
    assert names() == ["10% b'c%"]


def test_several_questions_are_one_message() -> None:
    Unit.objects.bulk_create([unit("a"), unit("b")])
    with CaptureQueriesContext(connection) as asked, sent_together():
        write("UPDATE grievances_unit SET name = 'c' WHERE name = 'a'")
        first, second = rows_of_all(BY_NAME.asked(), BY_NAME.asked())
    assert len(asked) == 1
    assert [unit.name for unit in first] == [unit.name for unit in second] == ["b", "c"]


def test_what_a_savepoint_undoes_is_not_sent() -> None:
    with transaction.atomic(), sent_together():
        insert_rows([unit("before")])
        try:
            with transaction.atomic():
                insert_rows([unit("within")])
                raise ValueError
        except ValueError:
            insert_rows([unit("after")])
    assert names() == ["after", "before"]


def test_an_error_of_what_waited_ends_the_savepoint_around_it() -> None:
    one = saved("one")
    with transaction.atomic(), sent_together():
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_rows([unit("two", pk=one.pk)])
        one.name = "three"
        change_row(one, ["name"])
    assert names() == ["three"]


def test_an_error_of_what_waited_last_is_raised_at_the_end() -> None:
    one = saved("one")
    with pytest.raises(IntegrityError), transaction.atomic(), sent_together():
        insert_rows([unit("two", pk=one.pk)])
    assert names() == ["one"]


def test_nothing_is_sent_of_a_block_that_fails() -> None:
    def fail() -> None:
        with transaction.atomic(), sent_together():
            insert_rows([unit("one")])
            raise ValueError("stop")

    with CaptureQueriesContext(connection) as asked, pytest.raises(ValueError, match="stop"):
        fail()
    assert not [query for query in asked if "INSERT" in query["sql"]]
    assert names() == []


def test_what_waits_at_the_end_of_a_block_within_a_block_is_sent() -> None:
    with transaction.atomic(), sent_together(), CaptureQueriesContext(connection) as asked:
        with sent_together():
            insert_rows([unit("one")])
        insert_rows([unit("two")])
        assert len(asked) == 0
    assert names() == ["one", "two"]
