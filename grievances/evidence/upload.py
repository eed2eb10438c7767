"""Files as they arrive: sealed piece by piece, never in the clear on a disk, never whole in memory.

A page that takes files puts `Arrivals` in charge of its request (views.files.TakesFiles); every
other address has `NoFiles`. What is not taken into a case is removed when the request ends.
"""

from __future__ import annotations

import errno
import uuid
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from grievances.encryption.encrypted_files import SealedFile, Sealer, Window
from grievances.evidence import file_types, sanitising
from grievances.evidence.file_types import MEGABYTE, FileKind
from grievances.evidence.virus_scan import Scanning
from grievances.vocabulary import Cleaning, Copy, Scan
from workflow.steps import Refused

PIECE_BYTES = 64 * 1024
PATIENCE = 2
"""A request this many times over what it may hold is cut off instead of being read to its end."""


class Arrival(UploadedFile):  # type: ignore[type-arg]
    """A file that has arrived, sealed, and is not of any case yet; `close` removes it."""

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
        return self.sealer.file

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The file in order, opened again."""
        return self.sealed.chunks()

    def take(self, piece: bytes) -> None:
        """Seal and scan the next piece; one that does not fit is dropped, and said later."""
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
        """All has arrived: the last chunk is sealed, the scanner is asked."""
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
        """Remember why the file is not taken, and let go of what has been written."""
        self.fault = fault
        self.close()

    def examine(self) -> None:
        """Decide what kind of file this is and make its cleaned copy; raises Refused."""
        look = Window(self.sealed)
        try:
            head = look.read(0, file_types.HEAD_BYTES)
            tail = look.read(
                max(0, self.sealer.size - file_types.TAIL_BYTES), file_types.TAIL_BYTES
            )
            self.kind = file_types.identify(head, tail)
            file_types.check_whole(self.kind, self.chunks)
            if self.scan not in {Scan.NONE, Scan.CLEAN}:
                self.cleaning = Cleaning.WAITING if self.kind.cleaner else Cleaning.NONE
            elif self.kind.cleaner:
                self.cleaning, self.found, self.copy = clean(look, self.sealed, self.kind)
        finally:
            look.close()

    def keep(self) -> None:
        """The row is in the database: the sealed files get their names."""
        for sealer in filter(None, (self.sealer, self.copy)):
            sealer.keep()

    def close(self) -> None:
        """Remove whatever was not kept."""
        if self.scanning is not None:
            self.scanning.close()
            self.scanning = None
        for sealer in filter(None, (self.sealer, self.copy)):
            sealer.discard()


def clean(
    look: Window, file: SealedFile, kind: FileKind
) -> tuple[Cleaning, list[tuple[str, str]], Sealer | None]:
    """(what came of it, what was found, the sealed copy if there is one); raises Refused."""
    copy = Sealer(file.file_id, Copy.CLEANED)
    kept = False
    try:
        report = sanitising.clean(look, file.size, kind.cleaner, copy)
        if report.code == "cleaned":
            copy.finish()
            kept = True
            return Cleaning.CLEANED, report.found, copy
        cleaned = Cleaning.NONE if report.code == "looked" else Cleaning.FAILED
        return cleaned, report.found, None
    except OSError:
        return Cleaning.FAILED, [], None
    finally:
        if not kept:
            copy.discard()


def receive(name: str, pieces: Iterator[bytes]) -> Arrival:
    """A file that does not come from a browser, taken in the same way."""
    arrival = Arrival(name)
    for piece in pieces:
        arrival.take(piece)
    arrival.complete()
    return arrival


class NoFiles(FileUploadHandler):
    """Takes no file: whatever is sent to an address that asks for none is dropped as it comes."""

    def new_file(self, *args: Any, **options: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing is ever received."""

    def file_complete(self, file_size: int) -> None:
        """Nothing is ever complete."""


class Arrivals(FileUploadHandler):
    """Seals every file of a request as it comes in; more of them than may come are dropped."""

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
        """Note a request that could not be right whatever is in it."""
        most = settings.EVIDENCE_MAX_BYTES * settings.EVIDENCE_MAX_FILES
        self._is_hopeless = content_length > PATIENCE * most

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        if self._is_hopeless:
            raise StopUpload(connection_reset=True)
        arrival = Arrival(self.file_name or "file")
        self._all.append(arrival)
        if len(self._all) > settings.EVIDENCE_MAX_FILES:
            arrival.fail("too_many")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._all[-1].take(raw_data)

    def file_complete(self, file_size: int) -> Arrival:
        self._all[-1].complete()
        return self._all[-1]

    def upload_interrupted(self) -> None:
        """The request ended in the middle: none of its files is taken."""
        for arrival in self._all:
            arrival.fail("broken")

    def let_go(self) -> None:
        """Remove what was not taken into a case, however the request ended.

        Django tells a handler of a request that ends early, and not of one whose line breaks.
        """
        for arrival in self._all:
            arrival.close()


def fault_of(arrivals: list[Arrival]) -> Refused | None:
    """The first thing that is wrong with files that have arrived, in a sentence; None when fine."""
    most = settings.EVIDENCE_MAX_BYTES // MEGABYTE
    sentences = {
        "too_large": (
            f"This file is too large: up to {most} MB can be added. Split it, or make it smaller."
        ),
        "too_many": (
            f"Up to {settings.EVIDENCE_MAX_FILES} files can be added at a time. Add these first, "
            "then the others."
        ),
        "no_room": "The file could not be kept just now. Nothing was saved. Try again in an hour.",
        "broken": "The file did not arrive. Choose it again.",
        "empty": "This file is empty. Choose another file.",
    }
    for arrival in arrivals:
        fault = arrival.fault or ("" if arrival.size else "empty")
        if fault:
            return Refused(f"FILE_{fault.upper()}", sentences[fault])
    return None
