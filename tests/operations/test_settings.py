"""Production starts with settings that are right, or says in one sentence which one is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import secrets
from config.start import REFUSED
from tests.processes import ROOT
from tests.production.test_compose import SERVICES

KEY = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"
RIGHT = {
    "FAIRHEARING_MODE": "production",
    "ALLOWED_HOSTS": "concerns.example",
    "SITE_URL": "https://concerns.example",
    "EMAIL_URL": "smtp://localhost:25",
    "SECRET_KEY": "made-at-random-0123456789-abcdefghijklmnop",
    "SERVER_KEYS": f"1:{KEY}",
    "TRUSTED_PROXIES": "1",
    "DATABASE_URL": "postgresql://check@localhost/check",
    "REDIS_URL": "redis://localhost:6379/0",
}
SETTINGS = """
import django
from config.start import refusing_plainly
with refusing_plainly():
    django.setup()
"""


def start(
    folder: Path, *command: str, said: str = "", **changed: str
) -> subprocess.CompletedProcess[str]:
    """Run a command in production, with these settings changed from the right ones."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder / "data"), **RIGHT, **changed}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_right_settings_start(tmp_path: Path) -> None:
    done = start(tmp_path, "-c", SETTINGS)
    assert (done.returncode, done.stderr) == (0, "")


DATABASE = "postgresql://check:s3cret@localhost/check"
WRONG_OPTIONS = """sslmode=on sslmode=REQUIRE sslmod=require ssl=true connect_timeout=soon
target_session_attrs=rw channel_binding=on sslmode=require&sslrootcert=system"""
RIGHT_OPTIONS = """sslmode=verify-full&sslrootcert=/etc/ssl/our.pem connect_timeout=9 sslmode=
conn_max_age=5&application_name=concerns assume_role=owner"""
LOCAL_HOSTS = """localhost LOCALHOST.:8443 a.localhost 127.0.0.1 127.1 2130706433 0x7f000001 0
169.254.169.254 0xa9fea9fe:443"""
WRONG = (
    ("DEBUG", "on"),
    ("DEBUG", "perhaps"),
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "hello"),
    ("DATABASE_URL", "mysql://a@b/c"),
    ("DATABASE_URL", "postgresql://a:s3cret/word#x@localhost"),
    ("REDIS_URL", ""),
    ("REDIS_URL", "localhost:6379"),
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "x"),
    ("SECRET_KEY", "x" * 64),
    ("SECRET_KEY_FILE", "/does/not/exist"),
    ("SECRET_KEY_FILE", "/dev/null"),
    ("SERVER_KEYS", ""),
    ("TRUSTED_PROXIES", ""),
    ("TRUSTED_PROXIES", "-1"),
    ("TRUSTED_PROXIES", "one"),
    ("TRUSTED_PROXIES", "1.5"),
    ("TRUSTED_PROXIES", "²"),
    ("ALLOWED_HOSTS", ""),
    ("ALLOWED_HOSTS", "*"),
    ("SITE_URL", ""),
    ("SITE_URL", "concerns.example"),
    ("EMAIL_URL", ""),
    ("EMAIL_URL", "hello"),
    ("POLICY_PROFILE", "../uk"),
    ("VAULT_PLACES", "0"),
    ("VAULT_PLACES", "abc"),
    ("VAULT_WAIT_SECONDS", "-1"),
    ("EVIDENCE_MAX_MB", "-1"),
    ("SWEEP_SECONDS", "0"),
    ("BACKUP_DAYS", "a month"),
    ("BACKUP_RECIPIENTS", "AGE-SECRET-KEY-1s3cret"),
    ("LOG_LEVEL", "loud"),
    ("TIME_ZONE", "Mars/North"),
    ("DATA_DIR", "/dev/null"),
    ("DATA_DIR", "/dev/null/below"),
    ("FAKE_NOW", "2026-11-29T10:00:00+00:00"),
    ("SECRET_KEY_BEFORE", "x"),
    ("SECRET_KEY", "django-insecure-" + "a1B2c3D4e5" * 5),
    ("ALLOWED_HOSTS", "concerns example"),
    ("ALLOWED_HOSTS", "."),
    ("ALLOWED_HOSTS", "https://concerns.example"),
    ("ALLOWED_HOSTS", "concerns.example:443"),
    ("SITE_URL", "http://concerns.example"),
    ("SITE_URL", "https://concerns.example/page"),
    ("SITE_URL", "https://[::1"),
    ("SITE_URL", "https://concerns.example:port"),
    ("SITE_URL", "https://user:s3cret@concerns.example"),
    ("EXIT_URL", "javascript:alert(1)"),
    ("EXIT_URL", "weather"),
    ("EXIT_URL", "https://"),
    ("DATABASE_URL", "postgresql://u:s3cret@h:99999/x"),
    ("REDIS_URL", "redis://host:port/0"),
    ("REDIS_URL", "redis://"),
    ("REDIS_URL", "memory://"),
    ("CELERY_BROKER_URL", "memory://localhost/"),
    ("CELERY_BROKER_URL", "filesystem://"),
    ("CELERY_BROKER_URL", "hello"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "consolemail://"),
    ("EMAIL_URL", "filemail:///var/mail"),
    ("EMAIL_URL", "smtp://user:s3cret@host:port"),
    ("MAIL_FROM", "hello"),
    ("MAIL_FROM", "<>"),
    ("MAIL_FROM", "a@b.example\nBcc: c@d.example"),
    ("CLAMD_URL", "tcp://host"),
    ("CLAMD_URL", "tcp://host:99999"),
    ("CLAMD_URL", "unix://"),
    ("CLAMD_URL", "clamd"),
    ("ALERT_EMAILS", "operator"),
    ("VAULT_WAIT_SECONDS", "nan"),
    ("LOG_FORMAT", "xml"),
    ("METRICS_TOKEN", "x"),
    ("MFA_OFFICES", "queen"),
    ("SESSION_IDLE_MINUTES", "1e3"),
    ("DATABASE_URL", "postgresql://check@localhost/check;"),
    ("DATABASE_URL", "postgresql://a@localhost/a,postgresql://b@localhost/b"),
    ("REDIS_URL", "redis://localhost:6379/0;"),
    ("REDIS_URL", "redis://a:6379/0,redis://b:6379/0"),
    ("CELERY_BROKER_URL", "redis://localhost:0/0"),
    ("SITE_URL", "https://concerns.example;"),
    ("EXIT_URL", "https://a.example/,https://b.example/"),
    ("CSRF_TRUSTED_ORIGINS", "concerns.example"),
    ("CSRF_TRUSTED_ORIGINS", '"https://concerns.example"'),
    ("CSRF_TRUSTED_ORIGINS", "https://concerns.example/page"),
    ("CSRF_TRUSTED_ORIGINS", "https://a.example https://b.example"),
    ("RETENTION_FILE", "/nowhere/schedule.json"),
    ("RETENTION_FILE", "/etc/passwd"),
    ("REGIONS_FILE", "/nowhere/regions.csv"),
    ("REGIONS_FILE", "/etc/passwd"),
    ("HEADS_DIR", '"/var/lib/heads"'),
    ("HEADS_DIR", "heads"),
    ("HEADS_DIR", "~/heads"),
    ("HEADS_DIR", "/var/lib/heads;"),
    ("HEADS_DIR", "/var/lib/heads:/srv/heads"),
    ("HEADS_DIR", "HEADS_DIR=/var/lib/heads"),
    ("SECRET_KEY", '"0123456789abcdef0123456789abcdef01"'),
    ("SECRET_KEY", "0123456789abcdef0123456789abcdef01\nabcdef"),
    ("SERVER_KEYS", f'"1:{KEY}"'),
    ("SERVER_KEYS", f"1:{KEY}\n0:{KEY}"),
    ("METRICS_TOKEN", "'0123456789abcdef0123456789abcdef01'"),
    ("ALLOWED_HOSTS", '"concerns.example"'),
    ("SITE_URL", '"https://concerns.example"'),
    ("DATABASE_URL", '"postgresql://check@localhost/check"'),
    ("REDIS_URL", '"redis://localhost:6379/0"'),
    ("EMAIL_URL", '"smtp://mail.example:25"'),
    ("MAIL_FROM", "'a@b.example'"),
    ("CLAMD_URL", '"tcp://clam:3310"'),
    ("TIME_ZONE", '"Europe/London"'),
    ("DATA_DIR", "'/var/lib/x'"),
    ("ORGANISATION_WORDS", '"acme, widgets"'),
    ("PUBLISHER", '"Acme"'),
    ("OIDC_ISSUER", '"https://id.example"'),
    ("MFA_OFFICES", '"all"'),
    ("FAIRHEARING_MODE", '"production"'),
    ("TRUSTED_PROXIES", '"1"'),
    ("ALERT_EMAILS", '"a@b.example"'),
    ("WEBHOOK_URL", '"https://a.example/x"'),
    ("SWEEP_PING_URL", '"https://a.example/x"'),
    ("BACKUP_RECIPIENTS", '"age1x"'),
    ("EVIDENCE_S3_URL", '"https://s3.example/bucket"'),
    ("QUIET_HOURS", '"20:00-08:00"'),
    ("EXIT_URL", '"https://www.bbc.co.uk/weather"'),
    ("EVIDENCE_S3_URL", "s3://bucket"),
    ("EVIDENCE_S3_URL", "https://s3.example/bucket/folder"),
    ("SITE_URL", "https://another.example"),
    ("OIDC_ISSUER", "https://id.example/.well-known/openid-configuration"),
    ("PUBLISHER_CONTACT", "the data team"),
    ("DATA_LICENCE", "OGL"),
    ("FAIRHEARING_MODE", "live"),
    *(("DATABASE_URL", f"{DATABASE}?{options}") for options in WRONG_OPTIONS.split()),
    ("STATISTICS_DATABASE_URL", f"{DATABASE}?sslmode=on"),
    ("ORGANISATION_WORDS", "a"),
    ("ORGANISATION_WORDS", "acme,\N{LATIN SMALL LETTER E WITH ACUTE}"),
    ("ORGANISATION_WORDS", "acme,-x"),
    *(("WEBHOOK_URL", f"https://{host}/s3cret") for host in LOCAL_HOSTS.split()),
    *(("SWEEP_PING_URL", f"https://{host}/s3cret") for host in LOCAL_HOSTS.split()),
    ("LOCAL_CALLS", "perhaps"),
)
"""Settings, each with a value that cannot be right."""
UNUSUAL = (
    ("ALLOWED_HOSTS", ".concerns.example,10.0.0.7,[::1],localhost"),
    ("SITE_URL", "https://concerns.example:8443/"),
    ("EXIT_URL", "https://www.bbc.co.uk/weather?x=1"),
    ("REDIS_URL", "unix:///run/redis.sock?db=1"),
    ("CELERY_BROKER_URL", "amqps://user:word@rabbit/"),
    ("EMAIL_URL", "smtp+tls://user:word@mail.example:587"),
    (
        "MAIL_FROM",
        "Anliegen \N{EM DASH} B\N{LATIN SMALL LETTER U WITH DIAERESIS}ro <b@example.org>",
    ),
    ("CLAMD_URL", "unix:///run/clamd.ctl"),
    ("HEADS_DIR", " /var/lib/our heads\n"),
    ("DATABASE_URL", " postgresql://check:p%3Bw@localhost/check\n"),
    *(("DATABASE_URL", f"{DATABASE}?{options}") for options in RIGHT_OPTIONS.split()),
    ("ORGANISATION_WORDS", "HQ, acme"),
    ("SWEEP_PING_URL", "https://10.0.0.7:8443/x"),
    ("SWEEP_PING_URL", "https://monitor.internal/x"),
    ("CSRF_TRUSTED_ORIGINS", "https://concerns.example:8443, https://*.concerns.example"),
    ("PUBLISHER_CONTACT", "data@concerns.example"),
    *((name, f"{value}\r") for name, value in RIGHT.items()),
    *((name, f"{value} ") for name, value in RIGHT.items()),
    ("EXIT_URL", "https://www.bbc.co.uk/weather\r"),
    ("MAIL_FROM", "Concern service <a@b.example>\r"),
    ("TIME_ZONE", "Europe/London\r"),
    ("DATA_LICENCE", "https://b.example/licence\r"),
    ("POLICY_PROFILE", "uk_default\r"),
    ("SECURE_SSL_REDIRECT", "on\r"),
    ("LOG_FORMAT", "json\r"),
    ("QUIET_HOURS", "20:00-08:00\r"),
    ("ALERT_EMAILS", "a@b.example\r"),
)
"""A name for all hosts below it, a port, another broker, a file to be reached by: all right.

So are the line ends of Windows and spaces at the end, which no one sees in a file of settings.
"""
JUDGE = """
import json, os, runpy, sys
import config
from django.core.exceptions import ImproperlyConfigured
import config.settings  # what it imports is there before settings are read again
right = dict(os.environ)
for name, value in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(right)
    os.environ[name] = value
    if name.endswith("_FILE"):
        os.environ.pop(name.removesuffix("_FILE"), None)
    try:
        runpy.run_path("config/settings.py")
    except ImproperlyConfigured as refusal:
        print(json.dumps(str(refusal)))
    except BaseException as error:
        print(json.dumps(f"Traceback: {error!r}"))
    else:
        print(json.dumps("taken"))
"""


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """What the settings say of each value, all read by one process."""
    tried = WRONG + UNUSUAL
    done = start(tmp_path_factory.mktemp("data"), "-c", JUDGE, said=json.dumps(tried))
    assert done.returncode == 0, done.stderr
    return dict(zip(tried, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_refused_in_one_sentence(
    refusals: dict[tuple[str, str], str], name: str, value: str
) -> None:
    sentence = refusals[name, value]
    assert sentence.startswith((name, name.removesuffix("_FILE")))
    assert len(sentence.splitlines()) == 1
    assert "start again" in sentence or "is missing: set" in sentence
    assert "s3cret" not in sentence, "a password reached the log"


@pytest.mark.parametrize(("name", "value"), UNUSUAL)
def test_an_unusual_setting_is_taken(
    refusals: dict[tuple[str, str], str], name: str, value: str
) -> None:
    assert refusals[name, value] == "taken"


@pytest.mark.parametrize(
    ("around", "encoding"),
    [("{}", "utf-8"), ("{}\n", "utf-8"), ("{}\r\n", "utf-8"), ("\n{} \r\n\r\n", "utf-8"),
     ("{}\r\n", "utf-8-sig")],
)  # fmt: skip
def test_a_secret_is_the_same_from_the_file_of_any_editor(
    around: str, encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "server-keys"
    path.write_bytes(around.format(f"1:{KEY}").encode(encoding))
    monkeypatch.setenv("SERVER_KEYS_FILE", str(path))
    assert secrets.read("SERVER_KEYS") == f"1:{KEY}"


@pytest.mark.parametrize(
    "content", [f"1:{KEY}".encode("utf-16"), f'"1:{KEY}"'.encode(), b"", b"\xef\xbb\xbf\r\n",
                f"# ours\n1:{KEY}".encode(), f"1:{KEY}\0".encode()],
)  # fmt: skip
def test_a_file_that_may_be_another_secret_is_refused(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "server-keys"
    path.write_bytes(content)
    monkeypatch.setenv("SERVER_KEYS_FILE", str(path))
    with pytest.raises(ImproperlyConfigured, match="start again") as refused:
        secrets.read("SERVER_KEYS")
    assert KEY not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "keys", ["1:abc", "1:" + "0" * 64, "1:" + "z" * 64, "1:" + "ab" * 32, ",", "0:" + KEY]
)
def test_a_wrong_key_ends_the_process_with_the_sentence_alone(tmp_path: Path, keys: str) -> None:
    done = start(tmp_path, "-c", SETTINGS, SERVER_KEYS=keys)
    assert done.stderr.startswith("SERVER_KEYS")
    assert done.returncode == 4, done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "check"),
        ("-m", "celery", "-A", "config", "worker"),
        ("-m", "celery", "-A", "config", "beat"),
        ("-m", *SERVICES["web"]["command"][:-1], "--bind", "127.0.0.1:0"),
    ],
)
def test_every_process_ends_with_the_sentence(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = start(tmp_path, *command, SECRET_KEY="x")
    assert done.returncode == REFUSED  # systemd starts such a process no second time
    said = [line for line in done.stderr.splitlines() if "[INFO]" not in line]
    assert len(said) == 1, done.stderr
    assert said[0].startswith("SECRET_KEY can be guessed")
