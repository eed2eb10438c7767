"""PgBouncer in transaction mode, as an organisation with many processes runs it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.test import Client

from grievances.audit.models import Event
from grievances.operations import database_sessions
from tests.factories.cases import START
from tests.private_servers import await_port, choose_account, choose_port
from workflow.chain import verify

PROGRAM = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
NO_POOLER = "no PgBouncer: install the pgbouncer package"
CONFIGURATION = """
[databases]
* = host={host} port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 2
"""
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not Path(PROGRAM).exists(), reason=NO_POOLER),
]


@pytest.fixture
def pooler(postgres_url: str) -> Iterator[int]:
    """A PgBouncer of two server connections, and its port."""
    folder, port = Path(tempfile.mkdtemp(prefix="pool-")), choose_port()
    account, server = choose_account(folder), urlsplit(postgres_url)
    place = {"host": server.hostname, "server": server.port, "port": port, "folder": folder}
    (folder / "pgbouncer.ini").write_text(CONFIGURATION.format_map(place))
    (folder / "users").write_text(f'"{server.username}" ""\n')
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, "-q", str(folder / "pgbouncer.ini")],
            stderr=log,
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
        )
    try:
        await_port(port, process, folder / "log")
        yield port
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


@pytest.fixture
def prepared(transactional_db: None) -> Iterator[None]:
    call_command("prepare_database", verbosity=0)
    yield
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} RESET ALL")


@contextmanager
def through(port: int) -> Iterator[None]:
    """In this thread the default connection goes through the pooler."""
    direct = connections[DEFAULT_DB_ALIAS]
    pooled = direct.copy()
    pooled.settings_dict = {**direct.settings_dict, "PORT": str(port)}
    connections[DEFAULT_DB_ALIAS] = pooled
    try:
        yield
    finally:
        pooled.close()
        connections[DEFAULT_DB_ALIAS] = direct


def work(port: int, number: int, faults: list[BaseException]) -> None:
    """Write, lock, read in pieces and read the other schema, each beside the others."""
    try:
        with through(port):
            for step in range(8):
                Event.append(
                    chain=f"case {number % 3}", at=START, actor="a", role="system", kind="test.done"
                )
                with transaction.atomic():
                    list(Event.objects.select_for_update().order_by("pk")[:1])
                rows = Event.objects.order_by("pk").iterator(chunk_size=2)
                assert len({next(rows).pk for _ in range(3)}) == 3
                with connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM grievances_monitoringanswer")
                    assert cursor.fetchone() == (0,), step
                assert len(list(rows)) >= 1
    except BaseException as fault:  # noqa: BLE001 - told by the test
        faults.append(fault)


def test_six_processes_on_two_connections_write_lock_and_read(prepared: None, pooler: int) -> None:
    for _ in range(4):
        Event.append(chain="case 0", at=START, actor="a", role="system", kind="test.done")
    faults: list[BaseException] = []
    threads = [threading.Thread(target=work, args=(pooler, n, faults)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert Event.objects.filter(kind="test.done").count() == 4 + 6 * 8
    assert verify(Event).ok


def test_pages_and_the_walk_of_the_trail_go_through_it_and_a_backup_does_not(
    prepared: None, pooler: int, tmp_path: Path
) -> None:
    """pg_dump sets the search path of its session, which the next client would inherit."""
    Event.append(chain="case 1", at=START, actor="a", role="system", kind="test.done")
    with through(pooler):
        assert database_sessions.is_pooled()
        answer = Client().get("/health/ready")
        assert (answer.status_code, answer.json()["database_settings"]) == (200, "ok")
        call_command("verify_trail", verbosity=0)
        with pytest.raises(CommandError, match="leads to a pooler"):
            call_command("backup", str(tmp_path))
        with pytest.raises(CommandError, match="leads to a pooler"):
            call_command("restore", str(tmp_path), "--replace")
    assert not database_sessions.is_pooled()
