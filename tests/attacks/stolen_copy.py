"""Carrying everything away: database, files, cache, queue, logs and mail, as they are stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import redis
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from kombu.transport.memory import Channel

from config.celery import app
from tests.attacks.leak_scan import Loot

DIRECTORY = {
    "grievances_user",
    "grievances_unit",
    "grievances_keypair",
    "grievances_appointment",
    "grievances_linemanagement",
    "grievances_training",
    "grievances_accountrecovery",
    "grievances_accountsession",
    "account_emailaddress",
    "mfa_authenticator",
    "django_session",
}
"""Tables about people and not about cases. Sessions are looked into by a test of their own."""


def steal(folder: Path, logs: str, *before: tuple[str, bytes]) -> Loot:
    """The loot of this moment, and what was stolen `before` (mail that has left since)."""
    fill_queue()
    files = [path for path in folder.rglob("*") if path.is_file()]
    return Loot(
        [
            *before,
            *rows(),
            *dumped(),
            *((f"file {path.parent.name}", path.read_bytes()) for path in files),
            *(("file names", str(path.relative_to(folder)).encode()) for path in files),
            ("logs", logs.encode()),
            *cached(),
            *queued(),
            *raw_database(),
        ]
    )


def rows() -> Iterator[tuple[str, bytes]]:
    """Every value of every row of every table."""
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        for row in model._base_manager.values_list():
            for value in row:
                yield table, as_bytes(value)


def as_bytes(value: object) -> bytes:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False).encode()
    return str(value).encode()


def dumped() -> Iterator[tuple[str, bytes]]:
    """Every table the database knows, also those no model knows, value by value.

    What `pg_dump` writes are these values, the binary ones in hex; here they are as they are.
    """
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {name}")  # noqa: S608 - a name from the database itself
            yield table, b"\n".join(as_bytes(value) for row in cursor.fetchall() for value in row)


def raw_database() -> Iterator[tuple[str, bytes]]:
    """The file of the database, page by page, with what was deleted from it."""
    if connection.vendor == "sqlite":
        yield "raw", connection.connection.serialize()


def cached() -> Iterator[tuple[str, bytes]]:
    """Every entry of the cache."""
    backend = settings.CACHES["default"]
    if "redis" in str(backend["BACKEND"]):
        yield from (("cache", piece) for piece in _all_of(str(backend["LOCATION"])))
        return
    for key, value in dict(getattr(caches["default"], "_cache", {})).items():
        yield "cache", f"{key}".encode()
        yield "cache", as_bytes(value)


def fill_queue() -> None:
    """Every task of the timetable waits in the queue, with no one there to take it."""
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"])


def queued() -> Iterator[tuple[str, bytes]]:
    """Every message that waits."""
    broker = settings.CELERY_BROKER_URL
    if broker.startswith("redis"):
        yield from (("queue", piece) for piece in _all_of(broker))
    for queue in Channel.queues.values():
        for message in list(queue.queue):
            yield "queue", repr(message).encode()


def empty_queue() -> None:
    """Leave nothing behind for the next test."""
    app.control.purge()


def _all_of(url: str) -> Iterator[bytes]:
    """Every key of a Redis server with its value, in whatever database of it, as it is stored."""
    client: Any = redis.Redis.from_url(url)
    try:
        for key in client.scan_iter():
            yield key
            kind = client.type(key).decode()
            if kind == "string":
                yield client.get(key) or b""
            elif kind == "list":
                yield from client.lrange(key, 0, -1)
            elif kind in {"set", "zset"}:
                members = client.smembers(key) if kind == "set" else client.zrange(key, 0, -1)
                yield from members
            elif kind == "hash":
                yield from (part for pair in client.hgetall(key).items() for part in pair)
            else:
                raise AssertionError(f"a thief finds a {kind} in Redis; this search does not")
    finally:
        client.close()
