"""Search cache, queue, outbox, mail, logs and reports for a case reference.

Each function counts the entries that contain the reference. The certificate of an erasure says what
they found. Nothing here changes anything.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCacheClient

from grievances.encryption import file_store
from grievances.reports.snapshot_models import Snapshot
from notifications.models import Notice


def in_cache(reference: str) -> int:
    """Return how many cache entries contain the reference in name or value."""
    backend = settings.CACHES["default"]
    if "redis" in str(backend["BACKEND"]):
        return _among(reference, redis_pieces(str(backend["LOCATION"])))
    kept = getattr(caches["default"], "_cache", {})
    return _among(reference, (f"{key}{value!r}".encode() for key, value in dict(kept).items()))


def in_queue(reference: str) -> int:
    """Return how many messages of the task queue contain the reference."""
    broker = settings.CELERY_BROKER_URL
    if broker.startswith(("redis:", "rediss:")):
        return _among(reference, redis_pieces(broker))
    # A process that has not loaded the broker in memory has put nothing into it.
    memory = sys.modules.get("kombu.transport.memory")
    queues = memory.Channel.queues.values() if memory is not None else ()
    waiting = [message for queue in queues for message in list(queue.queue)]
    return _among(reference, (repr(message).encode() for message in waiting))


def in_outbox(reference: str) -> int:
    """Return how many notices, sent or waiting, carry the reference."""
    return Notice.objects.filter(reference=reference).count()


def in_mail(reference: str) -> int:
    """Return how many mails in the mail folder contain the reference.

    None ever may.
    """
    folder = Path(settings.EMAIL_FILE_PATH)
    return _among(reference, (path.read_bytes() for path in _files(folder)))


def in_logs(reference: str) -> int:
    """Return how many lines of log files in the data folder contain the reference.

    Mail has files of its own and is not counted here.
    """
    mail = Path(settings.EMAIL_FILE_PATH)
    logs = (path for path in settings.DATA_DIR.rglob("*.log") if mail not in path.parents)
    return _among(reference, (line for log in logs for line in log.read_bytes().splitlines()))


def in_reports(reference: str) -> int:
    """Return how many stored reports contain the reference.

    None may, because they are counts.
    """
    rows = Snapshot.objects.values_list("body", "charts").iterator()
    return _among(reference, (f"{body}{charts}".encode() for body, charts in rows))


def files_of(names: list[str]) -> list[str]:
    """Return names of evidence files that begin with one of these.

    Raises OSError where the bucket does not answer.
    """
    return file_store.names_of(names) if names else []


def redis_pieces(url: str) -> Iterator[bytes]:
    """Yield every key of a Redis database and its content."""
    # Through Django, which loads the client only where there is a Redis.
    client: Any = RedisCacheClient([url]).get_client()
    try:
        for key in client.scan_iter():
            yield key
            yield from _held(client, key)
    finally:
        client.close()


def _held(client: Any, key: bytes) -> Iterator[bytes]:
    kind = client.type(key)
    if kind == b"string":
        yield client.get(key) or b""
    elif kind == b"list":
        yield from client.lrange(key, 0, -1)
    elif kind == b"set":
        yield from client.smembers(key)
    elif kind == b"zset":
        yield from client.zrange(key, 0, -1)
    elif kind == b"hash":
        for field, value in client.hgetall(key).items():
            yield field
            yield value


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []


def _among(reference: str, pieces: Iterator[bytes]) -> int:
    needle = reference.encode()
    return sum(1 for piece in pieces if needle in piece)
