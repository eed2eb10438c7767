"""docker-compose.yml, read and then run: its own commands on real PostgreSQL and Redis.

There is no container engine here, so the commands of the services are started as processes, with
the environment that the file gives them.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
import yaml

from grievances.management.describing.setting_meanings import MEANINGS
from tests.notifications.smtp_sink import hanging
from tests.private_servers import choose_port
from tests.processes import ROOT, TASK_DONE, await_true, fetch_status, make_environment, start, stop

OWN = ["migrate", "web", "worker", "mail-worker", "beat"]
SECRETS = {
    "SECRET_KEY": "for-this-test-" + "x" * 50,
    "SERVER_KEYS": f"1:{secrets.token_hex(32)}",
    "POSTGRES_PASSWORD": "for-this-test",
    "ALLOWED_HOSTS": "concerns.example",
    "SITE_URL": "https://concerns.example",
}
NOT_HANDED_ON = {
    "DEBUG", "DEMO", "PORT", "FAKE_NOW", "FAKE_PACE",  # not in production
    "DATA_DIR", "HEADS_DIR", "RETENTION_FILE", "CELERY_BROKER_URL",  # of the image, or of the file
}  # fmt: skip
COLLECT = ["python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
VARIABLE = re.compile(r"\$\{(\w+)(?:(:-|:\?)([^}]*))?\}")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]


def fill(text: str) -> str:
    """The text with its variables replaced: by SECRETS, or by the default it names."""
    return VARIABLE.sub(lambda found: SECRETS.get(found[1], found[3] or ""), text)


class TestFile:
    @pytest.mark.parametrize("name", OWN)
    def test_runs_our_services_without_root_and_without_writing(self, name: str) -> None:
        service = SERVICES[name]
        assert service["user"].split(":")[0] not in {"0", "root"}
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]

    @pytest.mark.parametrize("name", OWN[1:])
    def test_starts_them_after_the_migrations(self, name: str) -> None:
        waits = SERVICES[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
        assert waits["db"]["condition"] == waits["redis"]["condition"] == "service_healthy"

    def test_sets_what_the_database_needs_after_the_migrations(self) -> None:
        steps = SERVICES["migrate"]["command"][-1].split(" && ")
        migrated = steps.index("python manage.py migrate --noinput")
        assert steps[migrated + 1] == "python manage.py prepare_database"

    @pytest.mark.parametrize("name", ["db", "redis"])
    def test_asks_the_stores_for_their_health(self, name: str) -> None:
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"

    def test_asks_web_for_its_health_in_the_image(self) -> None:
        image = (ROOT / "Dockerfile").read_text()
        assert "HEALTHCHECK" in image
        assert "/health/live" in image
        assert "USER 10001:10001" in image
        assert "healthcheck" not in SERVICES["web"]

    def test_the_image_can_back_up_the_server_it_runs_beside(self) -> None:
        server = SERVICES["db"]["image"].partition(":")[2].partition(".")[0]
        runs = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
        client = re.search(r"apt-get install .*postgresql-client-(\d+)", runs)
        assert client, "pg_dump is not in the stage that runs"
        assert int(client[1]) >= int(server)

    def test_pins_every_image_to_a_version(self) -> None:
        for name, service in SERVICES.items():
            tag = service["image"].partition(":")[2]
            assert tag, name
            assert tag != "latest", name

    def test_opens_no_port_to_the_network(self) -> None:
        """Only the proxy that speaks TLS is there for others."""
        own = [service for name, service in SERVICES.items() if name != "proxy"]
        ports = [port for service in own for port in service.get("ports", [])]
        assert ports
        assert all(port.startswith("127.0.0.1:") for port in ports)

    def test_holds_no_secret_and_names_the_one_that_is_missing(self) -> None:
        for name in ("SECRET_KEY", "SERVER_KEYS"):
            given = SERVICES["web"]["environment"][name]
            assert given.startswith("${" + name + ":?Set " + name)
        assert "${POSTGRES_PASSWORD:?" in SERVICES["db"]["environment"]["POSTGRES_PASSWORD"]

    def test_hands_on_every_setting_that_an_organisation_can_choose(self) -> None:
        """A setting that is not named here never reaches a container."""
        known = {name for group in MEANINGS.values() for name in group}
        assert known - NOT_HANDED_ON == set(SERVICES["worker"]["environment"]) & known
        assert set(SERVICES["worker"]["environment"]) - set(SERVICES["web"]["environment"]) == {
            "STATISTICS_DATABASE_URL"
        }

    def test_shows_the_table_of_regions_to_each_part_that_reads_the_setting(self) -> None:
        """A setting that names a file which no container sees would stop all of them."""
        for name in OWN:
            assert any(each.startswith("${REGIONS_FILE:-") for each in SERVICES[name]["volumes"])

    def test_counts_the_proxy_that_it_asks_for(self) -> None:
        assert fill(SERVICES["web"]["environment"]["TRUSTED_PROXIES"]) == "1"

    def test_runs_one_beat_that_writes_no_schedule(self) -> None:
        beats = [name for name, given in SERVICES.items() if "beat" in given.get("command", [])]
        assert beats == ["beat"]
        assert "celery.beat:Scheduler" in SERVICES["beat"]["command"]

    def test_is_accepted_by_docker_compose(self) -> None:
        program = shutil.which("docker-compose")
        if program is None:
            pytest.skip("no docker-compose: install the docker-compose package")
        command = [program, "-f", "docker-compose.yml", "config", "--quiet"]
        environment = {**os.environ, **SECRETS}
        told = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stderr
        del environment["SECRET_KEY"]
        told = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert told.returncode != 0
        assert "Set SECRET_KEY" in told.stderr


def list_commands(port: int) -> dict[str, list[str]]:
    """The commands of the services that stay up, with web on a port of this machine."""
    kept = {name: SERVICES[name]["command"] for name in OWN[1:]}
    own = f"127.0.0.1:{port}"
    return {n: [p.replace("0.0.0.0:8000", own) for p in parts] for n, parts in kept.items()}


def answers(address: str) -> bool:
    """Whether the address answers 200 to a caller who knows the service's name."""
    return fetch_status(address, SECRETS["ALLOWED_HOSTS"]) == 200


def move(url: str, database: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@pytest.fixture
def environment(postgres_url: str, redis_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the compose file gives `web`, with this test's own database and broker in it."""
    name = f"compose_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        given = SERVICES["web"]["environment"]
        values = {name: fill(value) for name, value in given.items() if value is not None}
        values["DATABASE_URL"] = move(postgres_url, name)
        values["REDIS_URL"] = move(redis_url, "7")
        values["DATA_DIR"] = str(tmp_path / "data")
        redis.Redis.from_url(values["REDIS_URL"]).flushdb()
        yield make_environment(values)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


OWE_A_LETTER = """
from datetime import UTC, datetime
from django.db import transaction
from grievances.encryption.server_keys import seal_for_server
from notifications.outbox import Message, put
seal = seal_for_server(b'{"address": "amara@example.org"}', "notice|h")
with transaction.atomic():
    put([Message(handle="h", kind="update", link="/inbox/", key="k", channels=("email",),
                 sealed_recipient=seal)], now=datetime.now(UTC))
"""
SWEPT = re.compile(r"Task grievances\.tasks\.run_clocks\[\S+\] succeeded")


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
class TestServices:
    def test_answer_sweep_while_the_mail_server_hangs_and_stop(
        self, environment: dict[str, str], tmp_path: Path
    ) -> None:
        """The mail server takes the connection and says nothing: dates are looked at as before."""
        log, port = tmp_path / "log", choose_port()
        with hanging() as server:
            environment["EMAIL_URL"] = f"smtp://127.0.0.1:{server.getsockname()[1]}"
            environment["SWEEP_SECONDS"] = "4"
            first = [start(c, environment, log) for c in (SERVICES["migrate"]["command"], COLLECT)]
            assert [each.wait(300) for each in first] == [0, 0], log.read_text()
            running = {name: start(c, environment, log) for name, c in list_commands(port).items()}
            try:
                for path in ("live", "ready"):
                    await_true(partial(answers, f"http://127.0.0.1:{port}/health/{path}"), 180, log)
                await_true(lambda: TASK_DONE.search(log.read_text()) is not None, 120, log)
                owe = ["python", "manage.py", "shell", "-c", OWE_A_LETTER]
                assert start(owe, environment, log).wait(120) == 0, log.read_text()
                server.settimeout(120)
                conversation, _ = server.accept()
                swept = len(SWEPT.findall(log.read_text()))
                await_true(lambda: len(SWEPT.findall(log.read_text())) >= swept + 2, 60, log)
                conversation.settimeout(0.01)
                with pytest.raises(TimeoutError):  # the letter hangs still
                    conversation.recv(1)
                conversation.close()
            finally:
                server.close()
                codes = {name: stop(process) for name, process in running.items()}
        assert codes == dict.fromkeys(running, 0), log.read_text()
        done = [line for line in log.read_text().splitlines() if TASK_DONE.search(line)]
        assert all(json.loads(line)["level"] == "info" for line in done), done
