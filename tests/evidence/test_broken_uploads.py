"""An upload that breaks off, or whose process is killed."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.http import UnreadablePostError
from django.test import Client

from grievances.cases.models.case import Case
from grievances.cases.models.evidence import Evidence, sweep
from grievances.casework import reading
from grievances.encryption.encrypted_files import CHUNK_BYTES, path_of
from grievances.evidence import upload
from grievances.evidence.upload import receive
from tests.evidence.samples import TEXT
from tests.evidence.uploading import PAGE, kept, person, words
from tests.factories import cases
from tests.factories.people import Staff
from tests.processes import ROOT

__all__ = ["person"]


class Breaking(io.BytesIO):
    """A request whose line breaks after a while."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 3 * CHUNK_BYTES:
            raise OSError("The line broke.")
        return super().read(size)


def test_an_upload_that_breaks_off_leaves_nothing(
    staff: Staff, person: Client, folder: Path
) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    whole = head + TEXT + b"\r\n" + head + b"t" * 8 * CHUNK_BYTES + b"\r\n--x--\r\n"
    case = cases.acknowledged(staff)
    line = Breaking(whole)
    with pytest.raises(UnreadablePostError):
        person.request(**sent(case, line, len(whole)))
    assert line.tell() > 3 * CHUNK_BYTES
    assert kept(folder) == []
    # A proxy that gives up ends the request early instead.
    answer = person.request(**sent(case, io.BytesIO(whole[: 2 * CHUNK_BYTES]), len(whole)))
    assert "The file did not arrive" in words(answer)
    assert kept(folder) == []
    assert not Evidence.objects.exists()


def sent(case: Case, line: io.BytesIO, length: int) -> dict[str, Any]:
    """A request as the server hands it over, with its line still open."""
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PAGE.format(case.reference),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(length),
        "wsgi.input": line,
    }


def test_what_is_kept_while_a_file_arrives_is_sealed_and_bounded(folder: Path) -> None:
    seen: list[int] = []
    body = b"PLANTED-BODY " * 100_000
    file = upload.Arrival("PLANTED-NAME.txt")
    for start in range(0, len(body), 64 * 1024):
        file.take(body[start : start + 64 * 1024])
        seen.append(len(file.sealer._waiting))
        on_disk = b"".join(path.read_bytes() for path in kept(folder))
        assert b"PLANTED" not in on_disk
    assert max(seen) <= CHUNK_BYTES
    assert not any("PLANTED" in path.name for path in kept(folder))
    file.close()


KILLED = """
import django; django.setup()
import sys, time
from grievances.evidence.upload import Arrival
file = Arrival("x")
file.take(b"t" * 900_000)
sys.stdout.write("ready"); sys.stdout.flush()
time.sleep(60)
"""


def test_what_a_killed_process_left_is_swept_and_a_running_upload_is_not(
    db: None, folder: Path, tmp_path: Path
) -> None:
    environment = {
        "FAIRHEARING_MODE": "test", "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", KILLED], env=environment, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(5) == b"ready"
        assert sweep() == 0
        assert len(kept(folder)) == 1
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    here = receive("y", iter([TEXT]))
    assert sweep() == 1
    assert [path.name for path in kept(folder)] == [f"{here.sealer.file_id}.sealed.part"]
    here.close()


def test_a_process_killed_just_after_the_row_was_kept_loses_nothing(
    staff: Staff, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.acknowledged(staff)
    file = receive("x.txt", iter([TEXT]))
    monkeypatch.setattr(upload.Arrival, "keep", lambda each: each.sealer._out.close())
    reading.add_file(case, staff.caller("complainant1"), file, now=cases.START)
    assert [path.suffix for path in kept(folder)] == [".part"]
    assert sweep() == 0
    assert [path.name for path in kept(folder)] == [f"{file.sealer.file_id}.sealed"]


def test_the_sweep_touches_unfinished_files_alone(db: None, folder: Path) -> None:
    folder.mkdir()
    finished = path_of(uuid.uuid4())
    finished.write_bytes(b"of a case that this database does not know")
    (folder / "odd.part").write_bytes(b"")
    os.utime(finished, (time.time() - 1e7,) * 2)
    assert sweep() == 1
    assert kept(folder) == [finished]
