"""Database triggers that keep a table append-only for every user of the database.

They stop a stray query and an honest mistake. They only delay a person who owns the database; the
hash chain shows such a change.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Migration = Callable[[Apps, BaseDatabaseSchemaEditor], None]

_OPERATIONS = ("update", "delete")


def append_only_triggers(table: str) -> tuple[Migration, Migration]:
    """Return the two functions that `migrations.RunPython` needs for a table.

    SQLite refuses UPDATE and DELETE; PostgreSQL refuses TRUNCATE as well.
    """

    def forward(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        install(schema_editor.connection, table)

    def reverse(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        remove(schema_editor.connection, table)

    return forward, reverse


def install(connection: BaseDatabaseWrapper, table: str) -> None:
    """Install the triggers on a table.

    Raises ValueError for a database that is neither SQLite nor PostgreSQL.
    """
    statements = _install_statements(connection.vendor, table)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, table: str) -> None:
    """Remove the triggers from a table, if it has them."""
    with connection.cursor() as cursor:
        for statement in _remove_statements(connection.vendor, table):
            cursor.execute(statement)


@contextmanager
def lifted(connection: BaseDatabaseWrapper, table: str) -> Iterator[None]:
    """Remove the triggers for one transaction; other sessions never see the table so.

    Call it in a transaction: if that fails, the triggers were never off. While another session
    works on the table, this waits for half a second and then fails with OperationalError. Otherwise
    a session that waits for this transaction in turn would be the one that is refused.
    """
    patience = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if patience:
            # Less than the second after which PostgreSQL ends one of two sessions that wait for
            # each other.
            cursor.execute("SET LOCAL lock_timeout = '500ms'")
        remove(connection, table)
        if patience:
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    yield
    install(connection, table)


def _install_statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{table}_no_{operation}" BEFORE {operation.upper()} ON "{table}" '
            "BEGIN SELECT RAISE(ABORT, 'this table is append-only'); END"
            for operation in _OPERATIONS
        ]
    if vendor == "postgresql":
        guard = f'"{table}_append_only"'
        return [
            f"CREATE FUNCTION {guard}() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'this table is append-only'; END$$",
            f'CREATE TRIGGER {guard} BEFORE UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {guard}()",
            f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {guard}()",
        ]
    raise ValueError(f"No append-only triggers are known for {vendor}.")


def _remove_statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{table}_no_{operation}"' for operation in _OPERATIONS]
    guard = f'"{table}_append_only"'
    return [
        f'DROP TRIGGER IF EXISTS "{table}_no_truncate" ON "{table}"',
        f'DROP TRIGGER IF EXISTS {guard} ON "{table}"',
        f"DROP FUNCTION IF EXISTS {guard}()",
    ]


class AppendOnly(Exception):
    """An attempt to change or remove an entry of the trail."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A query set that reads the trail and refuses every write other than `append`."""

    def update(self, **kwargs: object) -> NoReturn:
        """Refuse, because entries do not change.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("Entries of the trail do not change.")

    def delete(self) -> NoReturn:
        """Refuse, because entries are not removed.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("Entries of the trail are not removed.")

    def bulk_create(self, *args: object, **kwargs: object) -> NoReturn:
        """Refuse, because only `append` knows the digest before.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("Entries are added by append.")

    def bulk_update(self, *args: object, **kwargs: object) -> NoReturn:
        """Refuse, because entries do not change.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("Entries of the trail do not change.")
