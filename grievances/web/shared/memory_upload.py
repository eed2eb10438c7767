"""Take an uploaded list in memory, so that it is on no disk in the clear."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from grievances.staff_directory.tables import MOST_BYTES


class InMemory(FileUploadHandler):
    """An upload handler that keeps one file in memory: it is on no disk in the clear."""

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **options)
        self.content = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take the next piece.

        Raises:
            StopUpload: The file is larger than any list.
        """
        if start + len(raw_data) > MOST_BYTES:
            raise StopUpload(connection_reset=True)
        self.content.write(raw_data)

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        """Return the whole file."""
        return SimpleUploadedFile("list", self.content.getvalue())
