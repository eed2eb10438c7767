"""The files in deploy/ are accepted by the programs that read them, and keep what they promise."""

from __future__ import annotations

import http.client
import http.server
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.start import REFUSED
from tests.private_servers import choose_port
from tests.processes import ROOT, await_true, fetch_status
from tests.production.test_compose import SERVICES

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("fairhearing*"))
INSTALL = ROOT / "docs" / "how-to" / "install.md"
TELLTALE = "203.0.113.77"
TOO_LARGE = "What you sent is larger than this service takes at once"
ANYWHERE = "0.0.0.0"  # noqa: S104 - what the container is told


def need(program: str, package: str) -> str:
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin")
    if found is None:
        pytest.skip(f"no {program}: install the {package} package")
    return found


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """Installed elsewhere: the programs are those of this environment."""
    program = need("systemd-analyze", "systemd")
    for unit in UNITS:
        text = unit.read_text().replace("/opt/fair-hearing/current", str(ROOT))
        (tmp_path / unit.name).write_text(text)
    told = subprocess.run(
        [program, "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )
    ours = [line for line in told.stderr.splitlines() if "fairhearing" in line]
    assert ours == []
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("name", ["web", "worker", "mail-worker", "beat"])
def test_a_unit_runs_what_the_container_runs_and_never_as_root(name: str) -> None:
    text = (DEPLOY / "systemd" / f"fairhearing-{name}.service").read_text()
    given = re.search(r"^ExecStart=\S+/bin/(.*)$", text, re.MULTILINE)
    assert given
    words = [word.replace("%%", "%") for word in given[1].split()]
    own = [word.replace(ANYWHERE, "127.0.0.1") for word in SERVICES[name]["command"]]
    assert [word for word in words if not word.startswith("worker@") or word in own] == [
        *(own if name != "worker" else [*own[:-2], "-n", *own[-2:]])
    ]
    for line in (
        f"RestartPreventExitStatus={REFUSED}",
        "User=fairhearing",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
    ):
        assert f"\n{line}\n" in text


def test_the_worker_may_ask_whether_a_time_server_keeps_the_clock() -> None:
    """ProtectClock= forbids adjtimex(2) too (systemd.exec); without a capability no one sets it."""
    text = (DEPLOY / "systemd" / "fairhearing-worker.service").read_text()
    assert "\nProtectClock=" not in text
    assert "\nCapabilityBoundingSet=\n" in text
    assert "\nPrivateDevices=yes\n" in text


def test_caddy_accepts_its_file_and_logs_no_one() -> None:
    program, path = need("caddy", "caddy"), DEPLOY / "caddy" / "Caddyfile"
    told = subprocess.run(
        [program, "validate", "--config", path, "--adapter", "caddyfile"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert "output discard" in path.read_text()


class Upstream(http.server.BaseHTTPRequestHandler):
    """Answers with the headers it was given, in parts at /parts, and at /away not at all."""

    protocol_version = "HTTP/1.1"
    first_part_came = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/parts":
            return self.in_parts()
        if self.path == "/away":
            self.close_connection = True
            return None
        body = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

        return None

    def in_parts(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"5\r\nfirst\r\n")
        was_seen = self.first_part_came.wait(5)
        self.wfile.write(b"4\r\nseen\r\n0\r\n\r\n" if was_seen else b"4\r\nheld\r\n0\r\n\r\n")

    def do_POST(self) -> None:
        self.headers["Received"] = str(len(self.rfile.read(int(self.headers["Content-Length"]))))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def require_parts_as_they_come(site: str, context: ssl.SSLContext | None = None) -> None:
    """Expect a long page to come bit by bit, as it is, and a sentence while no one answers."""
    Upstream.first_part_came.clear()
    as_a_browser = {"Accept-Encoding": "gzip, deflate, br, zstd"}
    request = urllib.request.Request(f"{site}/parts", headers=as_a_browser)
    with urllib.request.urlopen(request, timeout=20, context=context) as answer:
        assert answer.headers["Content-Encoding"] is None
        assert answer.read(5) == b"first"
        Upstream.first_part_came.set()
        assert answer.read() == b"seen"
    with pytest.raises(urllib.error.HTTPError) as away:
        urllib.request.urlopen(f"{site}/away", timeout=20, context=context)
    with away.value as answer:
        assert (answer.code, answer.headers["Retry-After"]) == (503, "60")
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "The service is away for a moment." in answer.read().decode()


def require_a_page_for_what_is_too_large(port: int, tls: ssl.SSLContext | None = None) -> None:
    """Expect our sentence as soon as a request says how large it is."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain, ExitStack() as opened:
        link = plain
        if tls:
            link = opened.enter_context(tls.wrap_socket(plain, server_hostname="localhost"))
        asked = "POST /evidence/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1200000000\r\n\r\n"
        link.sendall(asked.encode())
        with http.client.HTTPResponse(link) as answer:
            answer.begin()
            assert answer.status == 413
            assert answer.headers["Content-Type"].startswith("text/html")
            assert TOO_LARGE in answer.read().decode()


@pytest.fixture
def upstream() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_nginx_passes_on_one_address_and_writes_none(tmp_path: Path, upstream: int) -> None:
    """Run for real, without TLS: an address that a caller claims is thrown away."""
    program, port = need("nginx", "nginx-light"), choose_port()
    given = (DEPLOY / "nginx" / "fair-hearing.conf").read_text()
    config = re.sub(r"^\s*ssl_\w+ .*;$", "", given, flags=re.MULTILINE)
    config = config.replace("listen 443 ssl http2", f"listen 127.0.0.1:{port}")
    config = config.replace("listen 80", f"listen 127.0.0.1:{choose_port()}")
    config = config.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    (tmp_path / "site.conf").write_text(config)
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/temp;\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"user root; daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
    whole = f"{main}events {{}}\nhttp {{\ngzip on;\n{folders}include {tmp_path}/site.conf;\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole)
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(
            [program, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], stderr=output
        )
    site = f"http://127.0.0.1:{port}"
    try:
        await_true(lambda: fetch_status(f"{site}/") == 200, 10, tmp_path / "output")
        claims = {"X-Forwarded-For": TELLTALE, "X-Forwarded-Proto": "http", "Forwarded": TELLTALE}
        request = urllib.request.Request(f"{site}/raise/anonymous/", headers=claims)
        with urllib.request.urlopen(request, timeout=5) as answer:
            seen = answer.read().decode()
        assert fetch_status(f"{site}/health/metrics") == 404
        require_parts_as_they_come(site)
        require_a_page_for_what_is_too_large(port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
    assert "X-Forwarded-For: 127.0.0.1\n" in seen
    assert "X-Forwarded-Proto: https\n" in seen
    assert TELLTALE not in seen
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".conf"]
    assert all(b"anonymous" not in path.read_bytes() for path in written)


def test_caddy_passes_on_one_address_over_tls_and_writes_none(
    tmp_path: Path, upstream: int
) -> None:
    """Run for real, with a certificate of its own: a claim is thrown away, a large file comes."""
    program, port = need("caddy", "caddy"), choose_port()
    given = (DEPLOY / "caddy" / "Caddyfile").read_text()
    own = given.replace("admin off", "admin off\n\tskip_install_trust", 1)
    (tmp_path / "Caddyfile").write_text(own)
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"),
        "SITE_NAME": "localhost", "HTTPS_PORT": str(port), "HTTP_PORT": str(choose_port()),
        "UPSTREAM": f"127.0.0.1:{upstream}",
    }  # fmt: skip
    command = [program, "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    site, own_certificate = f"https://localhost:{port}", ssl.create_default_context()
    own_certificate.check_hostname, own_certificate.verify_mode = False, ssl.CERT_NONE

    def ask(path: str, body: bytes | None = None) -> tuple[int, str]:
        claims = {
            "X-Forwarded-For": TELLTALE, "X-Forwarded-Proto": "http", "Forwarded": TELLTALE
        }  # fmt: skip
        request = urllib.request.Request(f"{site}{path}", headers=claims, data=body)
        try:
            with urllib.request.urlopen(request, timeout=20, context=own_certificate) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()
        except OSError:
            return 0, ""

    try:
        await_true(lambda: ask("/")[0] == 200, 60, tmp_path / "output")
        _, seen = ask("/raise/anonymous/", bytes(30 * 2**20))
        assert ask("/health/metrics")[0] == 404
        require_parts_as_they_come(site, own_certificate)
        require_a_page_for_what_is_too_large(port, own_certificate)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert "X-Forwarded-For: 127.0.0.1\n" in seen or "X-Forwarded-For: ::1\n" in seen
    assert "X-Forwarded-Proto: https\n" in seen
    assert f"Received: {30 * 2**20}\n" in seen
    assert TELLTALE not in seen
    written = [each for each in tmp_path.rglob("*") if each.is_file() and each.name != "Caddyfile"]
    assert all(b"anonymous" not in each.read_bytes() for each in written)


def test_no_account_but_its_own_is_let_into_the_group_that_reads_the_secrets() -> None:
    """The scanner opens hostile files: in the group it could read the server keys."""
    page = INSTALL.read_text()
    assert "chgrp fairhearing *" in page
    assert re.findall(r"^ *(?:adduser (?!--)|usermod |gpasswd ).*", page, re.MULTILINE) == []


def test_the_page_gives_debians_scanner_our_limits(tmp_path: Path) -> None:
    """The very lines of the page, on what Debian's file says."""
    config, ours = tmp_path / "clamd.conf", ROOT / "config" / "clamd.conf"
    config.write_text("User clamav\nStreamMaxLength 25M\nMaxFileSize 25M\nMaxScanTime 120000\n")
    lines = re.findall(r"^ {7}(cd /etc/clamav.*|sed .*|grep -E .*)$", INSTALL.read_text(), re.M)
    assert len(lines) == 3
    script = "\n".join(lines).replace("cd /etc/clamav", f"cd {tmp_path}")
    script = script.replace("/opt/fair-hearing/current/config/clamd.conf", str(ours))
    subprocess.run(["bash", "-euc", script], check=True)
    found = dict(line.split(" ", 1) for line in config.read_text().splitlines())
    wanted = dict(line.split(" ", 1) for line in ours.read_text().splitlines() if line[0] != "#")
    assert found["User"] == "clamav"
    assert {"StreamMaxLength", "MaxFileSize", "MaxScanSize", "AlertExceedsMax"} <= found.keys()
    assert found.items() <= wanted.items()
    assert not {"TCPSocket", "LocalSocket", "Foreground"} & found.keys()
