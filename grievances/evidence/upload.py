"""Receive uploaded files: seal them piece by piece, scan and examine them.

A file is never on a disk in the clear, and never whole in memory. A page that takes files puts
`Arrivals` on its request (`web.cases.file_views.TakesFiles`); every other address has `NoFiles`.
When the request ends, what was not taken into a case is removed.
"""

from __future__ import annotations

import errno
import io
import uuid
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext

from grievances.choices import Cleaning, Copy, Scan
from grievances.encryption.encrypted_files import SealedFile, Sealer, Window
from grievances.evidence import file_types, sanitising
from grievances.evidence.file_types import MEGABYTE, FileKind
from grievances.evidence.virus_scan import Scanning
from workflow.steps import Refused

PIECE_BYTES = 64 * 1024
PATIENCE = 2
"""Cut off a request this many times over its limit, instead of reading all of it."""


class Arrival(UploadedFile):  # type: ignore[type-arg]
    """A file that has arrived and is sealed, but belongs to no case yet.

    `close` removes it.
    """

    def __init__(self, name: str) -> None:
        super().__init__(None, name[:1024], size=0)
        self.sealer = Sealer(uuid.uuid4())
        self.scanning: Scanning | None = Scanning()
        self.scan = Scan.NONE
        self.kind: FileKind | None = None
        self.copy: Sealer | None = None
        self.cleaning = Cleaning.NONE
        self.found: list[tuple[str, str]] = []
        self.fault = ""

    @property
    def sealed(self) -> SealedFile:
        """The sealed file."""
        return self.sealer.file

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Return the pieces of the file in order, decrypted."""
        return self.sealed.chunks()

    def take(self, piece: bytes) -> None:
        """Seal and scan the next piece.

        A piece that does not fit is dropped, and `fault_of` reports it later.
        """
        if self.fault:
            return
        if self.sealer.size + len(piece) > settings.EVIDENCE_MAX_BYTES:
            self.fail("too_large")
            return
        try:
            self.sealer.write(piece)
        except OSError as error:
            self.fail("no_room" if error.errno == errno.ENOSPC else "broken")
            return
        if self.scanning is not None:
            self.scanning.feed(piece)

    def complete(self) -> None:
        """Seal the last chunk and ask the scanner for its verdict."""
        self.size = self.sealer.size
        if self.fault:
            return
        try:
            self.sealer.finish()
        except OSError:
            self.fail("no_room")
            return
        if self.scanning is not None:
            self.scan, self.scanning = self.scanning.verdict(), None

    def fail(self, fault: str) -> None:
        """Store why the file is not taken, and remove what has been written."""
        self.fault = fault
        self.close()

    def examine(self) -> None:
        """Decide what kind of file this is and make its cleaned copy; raises Refused."""
        look = Window(self.sealed)
        try:
            self.kind = file_types.identify(look.read, self.sealer.size)
            file_types.check_whole(self.kind, self.chunks)
            if self.scan not in {Scan.NONE, Scan.CLEAN}:
                self.cleaning = Cleaning.WAITING if self.kind.cleaner else Cleaning.NONE
            elif self.kind.cleaner:
                self.cleaning, self.found, self.copy = clean(look, self.sealed, self.kind)
        finally:
            look.close()

    def keep(self) -> None:
        """Give the sealed files their final names, once the row is in the database."""
        for sealer in filter(None, (self.sealer, self.copy)):
            sealer.keep()

    def close(self) -> None:
        """Remove everything that was not kept."""
        if self.scanning is not None:
            self.scanning.close()
            self.scanning = None
        for sealer in filter(None, (self.sealer, self.copy)):
            sealer.discard()


def clean(
    look: Window, file: SealedFile, kind: FileKind
) -> tuple[Cleaning, list[tuple[str, str]], Sealer | None]:
    """Return (the result, what was found, the sealed copy or None); raises Refused."""
    copy = Sealer(file.file_id, Copy.CLEANED)
    kept = False
    try:
        report = sanitising.clean(look, file.size, kind.cleaner, copy)
        if report.code in {"cleaned", "words"}:
            copy.finish()
            kept = True
            return Cleaning(report.code), report.found, copy
        cleaned = Cleaning.NONE if report.code == "looked" else Cleaning.FAILED
        return cleaned, report.found, None
    except OSError:
        return Cleaning.FAILED, [], None
    finally:
        if not kept:
            copy.discard()


def receive(name: str, pieces: Iterator[bytes]) -> Arrival:
    """Return a file that does not come from a browser, sealed and scanned likewise."""
    arrival = Arrival(name)
    for piece in pieces:
        arrival.take(piece)
    arrival.complete()
    return arrival


MOST_LIST_BYTES = 50 * 2**20
"""Bytes of a list of people or of concerns."""


class NoFiles(FileUploadHandler):
    """An upload handler that takes no file: it drops each one as it arrives.

    Addresses that ask for no file have it.
    """

    def new_file(
        self,
        field_name: str,
        file_name: str,
        content_type: str,
        content_length: int | None,
        charset: str | None = None,
        content_type_extra: dict[str, bytes] | None = None,
    ) -> None:
        """Skip the file.

        Raises:
            SkipFile: Always; Django then drops the file.
        """
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Do nothing: no file is ever received."""

    def file_complete(self, file_size: int) -> None:
        """Do nothing: no file is ever complete."""


class Arrivals(FileUploadHandler):
    """An upload handler that seals every file of a request as it arrives.

    Files above EVIDENCE_MAX_FILES are dropped.
    """

    chunk_size = PIECE_BYTES

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._all: list[Arrival] = []
        self._is_hopeless = False

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Note whether the request is too long to be right, whatever is in it.

        `content_length` is in bytes.
        """
        most = settings.EVIDENCE_MAX_BYTES * settings.EVIDENCE_MAX_FILES
        self._is_hopeless = content_length > PATIENCE * most

    def new_file(
        self,
        field_name: str,
        file_name: str,
        content_type: str,
        content_length: int | None,
        charset: str | None = None,
        content_type_extra: dict[str, bytes] | None = None,
    ) -> None:
        """Begin the next file, or end a request that is too long.

        Raises:
            StopUpload: The request is too long.
        """
        super().new_file(
            field_name, file_name, content_type, content_length, charset, content_type_extra
        )
        if self._is_hopeless:
            raise StopUpload(connection_reset=True)
        arrival = Arrival(self.file_name or "file")
        self._all.append(arrival)
        if len(self._all) > settings.EVIDENCE_MAX_FILES:
            arrival.fail("too_many")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal and scan the next piece of the present file."""
        self._all[-1].take(raw_data)

    def file_complete(self, file_size: int) -> Arrival:
        """Return the present file, complete."""
        self._all[-1].complete()
        return self._all[-1]

    def upload_interrupted(self) -> None:
        """Take none of the files, because the request ended in the middle."""
        for arrival in self._all:
            arrival.fail("broken")

    def let_go(self) -> None:
        """Remove what was not taken into a case, however the request ended.

        Django calls `upload_interrupted` when a request ends early, but not when its connection
        breaks.
        """
        for arrival in self._all:
            arrival.close()


class InMemory(FileUploadHandler):
    """An upload handler that keeps one file in memory: it is on no disk in the clear."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take the next piece.

        Raises:
            StopUpload: The file is larger than any list.
        """
        if start == 0:
            self.content = io.BytesIO()
        if start + len(raw_data) > MOST_LIST_BYTES:
            raise StopUpload(connection_reset=True)
        self.content.write(raw_data)

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        """Return the whole file; no piece comes of an empty one."""
        content = self.content.getvalue() if file_size else b""
        return SimpleUploadedFile("list", content)


def fault_of(arrivals: list[Arrival]) -> Refused | None:
    """Return the first fault of files that have arrived, in a sentence; else None."""
    most = settings.EVIDENCE_MAX_BYTES // MEGABYTE
    sentences = {
        "too_large": (
            gettext(
                "This file is too large: up to {most} MB can be added. Split it, or make it "
                "smaller."
            ).format(most=most)
        ),
        "too_many": (
            gettext(
                "Up to {evidence_max_files} files can be added at a time. Add these first, then "
                "the others."
            ).format(evidence_max_files=settings.EVIDENCE_MAX_FILES)
        ),
        "no_room": gettext(
            "The file could not be kept just now. Nothing was saved. Try again in an hour."
        ),
        "broken": gettext("The file did not arrive. Choose it again."),
        "empty": gettext("This file is empty. Choose another file."),
    }
    for arrival in arrivals:
        fault = arrival.fault or ("" if arrival.size else "empty")
        if fault:
            return Refused(f"FILE_{fault.upper()}", sentences[fault])
    return None
