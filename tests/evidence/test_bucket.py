"""Sealed files in a bucket that several machines share.

The server is moto's, over real HTTP: it speaks the S3 API and keeps everything in memory. It stands
in for a store such as Ceph or Garage, none of which a package registry serves.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from django.core.files.base import ContentFile
from pyrage import x25519
from pytest_django import Settings

from config.environment import SettingRefused
from config.stores import bucket
from grievances.cases.models.case import Case
from grievances.cases.models.evidence import Evidence, sweep
from grievances.casework import reading
from grievances.encryption import file_store
from grievances.encryption.encrypted_files import SealedFile, Sealer, padded_size, sealed_size
from grievances.encryption.primitives import DecryptionFailed
from grievances.operations import backups, restore, sealed_backups
from grievances.retention import residue_search
from tests.factories import cases
from tests.factories.cases import START, at
from tests.factories.people import Staff, assemble
from tests.private_servers import choose_port
from workflow.steps import Refused

BODY = b"PLANTED-FILE-BODY " * 5000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = choose_port()
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=output, stderr=output,
        )  # fmt: skip
    try:
        give_up = time.monotonic() + 60
        while b"Running on" not in log.read_bytes():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < give_up, log.read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def store(server: str, settings: Settings, tmp_path: Path) -> Any:
    """A bucket of its own, and the settings of a service that keeps its files there."""
    name = f"evidence-{os.urandom(4).hex()}"
    found = boto3.resource(
        "s3", endpoint_url=server, aws_access_key_id="key", aws_secret_access_key="secret",
        region_name="us-east-1",
    ).create_bucket(Bucket=name)  # fmt: skip
    use(settings, f"{server}/{name}")
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "evidence"
    settings.HEADS_DIR = tmp_path / "heads"
    return found


def use(settings: Settings, url: str) -> None:
    given = {"EVIDENCE_S3_URL": url, "EVIDENCE_S3_KEY": "key", "EVIDENCE_S3_SECRET": "secret"}
    with patch.dict(os.environ, given):
        found = bucket.storage()
    settings.STORAGES = {**settings.STORAGES, file_store.EVIDENCE: found}


def keep(staff: Staff, case: Case) -> Evidence:
    file = ContentFile(BODY, name="PLANTED-NAME.txt")
    event = reading.add_file(case, staff.caller("complainant1"), file, now=START)
    return Evidence.objects.get(pk=event.data["files"][0])


def names(store: Any) -> list[str]:
    return sorted(each.key for each in store.objects.all())


def test_a_file_is_in_the_bucket_sealed_padded_and_under_a_random_name(
    staff: Staff, store: Any, settings: Settings
) -> None:
    case = cases.acknowledged(staff)
    evidence = keep(staff, case)
    assert list(settings.MEDIA_ROOT.iterdir()) == []
    (found,) = store.objects.all()
    assert found.key == f"{evidence.pk}.sealed"
    body = found.get()["Body"].read()
    assert b"PLANTED" not in body
    assert len(body) == sealed_size(padded_size(len(BODY)))
    _, chunks = reading.download(
        staff.caller("triage1"), case.reference, str(evidence.pk), now=START
    )
    assert b"".join(chunks) == BODY
    assert list(settings.MEDIA_ROOT.iterdir()) == []


def test_a_changed_or_missing_object_is_a_sentence(staff: Staff, store: Any) -> None:
    case = cases.acknowledged(staff)
    evidence = keep(staff, case)
    (found,) = store.objects.all()
    body = found.get()["Body"].read()
    for change in (body[:-1] + bytes([body[-1] ^ 1]), body[:-1000], None):
        found.delete() if change is None else found.put(Body=change)
        with pytest.raises(Refused, match="Nothing was downloaded"):
            reading.download(staff.caller("triage1"), case.reference, str(evidence.pk), now=START)


def test_what_is_not_taken_into_a_case_leaves_the_bucket(store: Any, settings: Settings) -> None:
    file = Sealer(uuid.uuid4())
    file.write(BODY)
    file.finish()
    assert len(names(store)) == 1
    file.discard()
    assert names(store) == []
    assert list(settings.MEDIA_ROOT.iterdir()) == []


def test_what_a_killed_upload_left_is_removed_from_folder_and_bucket(
    staff: Staff, store: Any, settings: Settings
) -> None:
    killed = Sealer(uuid.uuid4())
    killed.write(BODY)
    killed.finish()
    killed._out.close()
    kept = Sealer(uuid.uuid4())
    kept.write(BODY)
    kept.finish()
    kept._out.close()
    case = cases.acknowledged(staff)
    Evidence.objects.create(id=kept.file_id, case=case, compartment="CORE", at=START)
    assert sweep() == 1
    assert names(store) == [f"{kept.file_id}.sealed"]
    assert list(settings.MEDIA_ROOT.iterdir()) == []
    assert b"".join(kept.file.chunks()) == BODY


def test_a_bucket_that_does_not_answer_is_a_sentence_and_leaves_nothing(
    staff: Staff, store: Any, settings: Settings
) -> None:
    case = cases.acknowledged(staff)
    evidence = keep(staff, case)
    before = Evidence.objects.count()
    use(settings, f"http://127.0.0.1:{choose_port()}/evidence")
    with pytest.raises(Refused, match="Nothing was saved. Try again"):
        keep(staff, case)
    assert Evidence.objects.count() == before
    with pytest.raises(Refused, match="Nothing was downloaded"):
        reading.download(staff.caller("triage1"), case.reference, str(evidence.pk), now=START)
    with pytest.raises(OSError, match="does not answer"):
        residue_search.files_of([str(evidence.pk)])


class Refusing(BaseHTTPRequestHandler):
    """A bucket that answers every request with this error."""

    code, status = "", 0

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = f"<Error><Code>{self.code}</Code><Message>PLANTED</Message></Error>".encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = answer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, "AccessDenied"), (403, "RequestTimeTooSkewed"), (403, "SignatureDoesNotMatch"),
        (404, "NoSuchBucket"), (400, "ExpiredToken"), (301, "PermanentRedirect"),
    ],
)  # fmt: skip
def test_a_bucket_that_refuses_us_is_the_same_sentence_without_its_words(
    staff: Staff, settings: Settings, tmp_path: Path, status: int, code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """A key that was taken back, a clock that is wrong, a bucket that is gone."""
    settings.MEDIA_ROOT = tmp_path / "evidence"
    case = cases.acknowledged(staff)
    handler = type("Handler", (Refusing,), {"code": code, "status": status})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        use(settings, f"http://127.0.0.1:{server.server_address[1]}/evidence")
        with pytest.raises(Refused, match="Nothing was saved. Try again") as refused:
            keep(staff, case)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert Evidence.objects.count() == 0
    assert "PLANTED" not in str(refused.value) + caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_the_bucket_and_fills_an_empty_one(
    policies: None, store: Any, settings: Settings, tmp_path: Path, server: str
) -> None:
    staff = assemble()
    case = cases.acknowledged(staff)
    evidence = keep(staff, case)
    key, kept = x25519.Identity.generate(), tmp_path / "key.txt"
    kept.write_text(str(key))
    settings.BACKUP_RECIPIENTS = [str(key.to_public())]
    made, manifest = backups.make_and_check(tmp_path / "backups", START)
    assert f"evidence/{evidence.pk}.sealed" in manifest["digests"]
    (found,) = store.objects.all()
    found.delete()
    with sealed_backups.opened(made, kept) as folder:
        assert restore.restore(folder, at(1), replace=True).files == 1
    assert names(store) == [f"{evidence.pk}.sealed"]
    _, chunks = reading.download(
        staff.caller("triage1"), case.reference, str(evidence.pk), now=START
    )
    assert b"".join(chunks) == BODY


def test_erasing_takes_files_out_of_the_bucket(staff: Staff, store: Any) -> None:
    evidence = keep(staff, cases.acknowledged(staff))
    file_store.remove(residue_search.files_of([str(evidence.pk)]))
    assert names(store) == []
    assert residue_search.files_of([str(evidence.pk)]) == []


@pytest.mark.parametrize(
    ("url", "key", "secret", "sentence"),
    [
        ("s3://bucket", "k", "s", "EVIDENCE_S3_URL is not the address of a bucket"),
        ("https://host", "k", "s", "EVIDENCE_S3_URL is not the address of a bucket"),
        ("https://host/a/b", "k", "s", "EVIDENCE_S3_URL is not the address of a bucket"),
        ("http://host/bucket", "k", "s", "EVIDENCE_S3_URL is not the address of a bucket"),
        ("https://k:s@host/bucket", "k", "s", "EVIDENCE_S3_URL is not the address of a bucket"),
        ('"https://host/bucket"', "k", "s", "EVIDENCE_S3_URL is not the address of a bucket"),
        ("https://host:99999/bucket", "k", "s", "EVIDENCE_S3_URL is not the address of a bucket"),
        ("https://host/bucket", None, "s", "EVIDENCE_S3_KEY is missing"),
        ("https://host/bucket", "k", " ", "EVIDENCE_S3_SECRET is missing"),
    ],
)
def test_a_bucket_that_cannot_be_right_stops_the_start_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, url: str, key: str | None, secret: str, sentence: str
) -> None:
    for name, value in (("URL", url), ("KEY", key or ""), ("SECRET", secret)):
        monkeypatch.setenv(f"EVIDENCE_S3_{name}", value)
    with pytest.raises(SettingRefused, match=sentence) as refused:
        bucket.storage()
    assert str(refused.value).count(".") <= 1
    assert "start again" in str(refused.value)


def test_a_file_that_is_nowhere_is_no_file(store: Any) -> None:
    with pytest.raises(DecryptionFailed):
        SealedFile(uuid.uuid4(), "original", b"k" * 32, 10).check()
