"""What the product needs of PostgreSQL is set for the database, and said where it is missing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from grievances.audit.models import Heartbeat
from grievances.operations import database_sessions, start
from grievances.retention.erasure import vacuum_database
from grievances.web.site.database_settings import settings_state

PATH = "search_path is not set"
MISSING = f"jit is on, statement_timeout is not set, {PATH}: run manage.py prepare_database"


def prepare(*arguments: str) -> str:
    out = io.StringIO()
    call_command("prepare_database", *arguments, stdout=out)
    return out.getvalue()


def state_of_a_new_connection() -> str:
    fresh = connection.copy()
    try:
        return settings_state(fresh)
    finally:
        fresh.close()


def run(statement: str) -> str:
    """Run a statement, in which %s is the name of the database; return its first value."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        name = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(statement.replace("%s", name))
        return str(cursor.fetchone()[0]) if cursor.description else ""


@pytest.fixture
def as_shipped(transactional_db: None) -> Iterator[None]:
    """The database of the tests without settings of its own, before and after."""
    run("ALTER DATABASE %s RESET ALL")
    yield
    run("RESET ROLE")
    run("ALTER DATABASE %s RESET ALL")


@pytest.mark.postgres
def test_a_new_database_is_prepared_once_and_again(as_shipped: None) -> None:
    assert state_of_a_new_connection() == MISSING
    first = prepare()
    assert "SET jit = off;" in first
    assert "New connections have these settings." in first
    assert state_of_a_new_connection() == "ok"
    assert prepare() == first
    assert state_of_a_new_connection() == "ok"


@pytest.mark.postgres
def test_the_settings_reach_a_connection_without_start_up_options(as_shipped: None) -> None:
    prepare()
    fresh = connection.copy()
    fresh.settings_dict = {**fresh.settings_dict, "OPTIONS": {}}
    with fresh.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path'), current_setting('jit')")
        assert cursor.fetchone() == ("public, monitoring", "off")
        cursor.execute("SELECT count(*) FROM grievances_monitoringanswer")
        assert cursor.fetchone() == (0,)
    fresh.close()


@pytest.mark.postgres
def test_ready_names_the_setting_that_is_missing_and_stays_ready(as_shipped: None) -> None:
    run("SET jit = on")
    try:
        answer = Client().get("/health/ready")
        assert (answer.status_code, answer.json()["database_settings"]) == (200, MISSING)
        run("SET jit = off")
        run("SET statement_timeout = '300s'")
        said = Client().get("/health/ready").json()["database_settings"]
        assert said == f"{PATH}: run manage.py prepare_database"
    finally:
        run("RESET jit")
        run("RESET statement_timeout")


@pytest.mark.postgres
def test_without_a_limit_before_an_upgrade_ready_reminds_of_it(as_shipped: None) -> None:
    assert "statement_timeout = '0s'" in prepare("--statement-timeout", "0")
    said = "statement_timeout is not set: run manage.py prepare_database"
    assert state_of_a_new_connection() == said


@pytest.mark.postgres
def test_a_role_that_does_not_own_the_database_is_told_what_its_owner_runs(
    as_shipped: None,
) -> None:
    run("CREATE ROLE a_stranger")
    try:
        run("SET ROLE a_stranger")
        with pytest.raises(CommandError, match="Have its owner run: ALTER DATABASE .* jit = off"):
            prepare()
    finally:
        run("RESET ROLE")
        run("DROP ROLE a_stranger")
    assert state_of_a_new_connection() == MISSING


@pytest.mark.postgres
def test_a_setting_of_the_role_that_beats_the_database_is_named(as_shipped: None) -> None:
    role = connection.ops.quote_name(run("SELECT current_user"))
    run(f"ALTER ROLE {role} SET jit = on")
    try:
        with pytest.raises(CommandError, match=r"settings of its own \(jit is on"):
            prepare()
    finally:
        run(f"ALTER ROLE {role} RESET jit")


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("DateStyle = 'German, DMY'", "dates are not in the style ISO"),
        ("DateStyle = 'SQL, MDY'", "dates are not in the style ISO"),
        ("default_transaction_isolation = 'serializable'", "transactions are serializable"),
        ("default_transaction_isolation = 'repeatable read'", "transactions are repeatable read"),
        ("timezone = 'America/New_York'", ""),
        ("bytea_output = 'escape'", ""),
        ("IntervalStyle = 'sql_standard'", ""),
    ],
)
def test_another_setting_of_the_database_is_named_and_set_and_reads_the_same(
    as_shipped: None, setting: str, said: str
) -> None:
    prepare()
    run(f"ALTER DATABASE %s SET {setting}")
    state = state_of_a_new_connection()
    assert state == (f"{said}: run manage.py prepare_database" if said else "ok")
    moment = datetime(2026, 11, 30, 9, 5, 7, 123456, tzinfo=UTC)
    connection.close()
    Heartbeat.objects.create(name="of another zone", at=moment)
    assert Heartbeat.objects.get(name="of another zone").at == moment
    prepare()
    assert state_of_a_new_connection() == "ok"
    connection.close()


@pytest.mark.postgres
def test_a_database_without_triggers_is_refused(as_shipped: None) -> None:
    run("SET session_replication_role = replica")
    try:
        with pytest.raises(CommandError, match="runs no triggers"):
            prepare()
        with pytest.raises(ImproperlyConfigured, match="start again"):
            start.judge()
    finally:
        run("SET session_replication_role = origin")
    start.judge()


@pytest.mark.postgres
@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_in_another_encoding_is_refused(
    as_shipped: None, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("DROP DATABASE IF EXISTS of_old")
    run(f"CREATE DATABASE of_old ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'")
    old = connection.copy()
    old.settings_dict = {**old.settings_dict, "NAME": "of_old"}
    monkeypatch.setattr(database_sessions, "connection", old)
    try:
        with pytest.raises(CommandError, match=f"encoding {encoding}, which cannot keep"):
            prepare()
        with pytest.raises(ImproperlyConfigured, match="--encoding UTF8"):
            start.judge()
    finally:
        old.close()
        run("DROP DATABASE of_old")


@pytest.mark.parametrize("seconds", ["-1", "86401"])
def test_a_limit_that_is_none_is_refused(db: None, seconds: str) -> None:
    with pytest.raises(CommandError, match="from 0 to 86400"):
        prepare("--statement-timeout", seconds)


def test_sqlite_needs_nothing(db: None) -> None:
    if connection.vendor == "sqlite":
        assert prepare() == "This database is SQLite: nothing is needed.\n"
        assert Client().get("/health/ready").json()["database_settings"] == "ok"


@pytest.mark.postgres
def test_the_time_limit_does_not_stop_the_rewriting_after_an_erasure(as_shipped: None) -> None:
    run("SET statement_timeout = '1ms'")
    try:
        vacuum_database()
    finally:
        run("RESET statement_timeout")
