"""Check emails: each is kept as it is, and its attachments are judged like files."""

from __future__ import annotations

import email
import email.policy
import io
from email.message import EmailMessage
from typing import IO

from grievances.evidence.sanitiser import office
from grievances.evidence.sanitiser.protocol import Found, Unfit

MOST_BYTES = 60 * 1024 * 1024
PROGRAM_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"#!/",
    b"\xca\xfe\xba\xbe",
    b"L\0\0\0\x01\x14",
)
"""The first bytes of programs, of shortcuts and of older Office documents.

Those documents may have macros.
"""
PROGRAM_ENDINGS = (
    ".exe", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".scr", ".hta", ".lnk", ".jar", ".msi", ".iso",
)  # fmt: skip


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Check every attachment and write nothing.

    `check` raises Unfit for programs and macros.

    Raises:
        Unfit: The email is longer than MOST_BYTES.
    """
    whole = io.BufferedReader(original, 1 << 18).read(MOST_BYTES + 1)  # type: ignore[type-var]
    if len(whole) > MOST_BYTES:
        raise Unfit("TOO_LARGE_TO_CHECK")
    message = email.message_from_bytes(whole, policy=email.policy.default)
    for part in message.walk():
        if isinstance(part, EmailMessage) and not part.is_multipart():
            check(part)
    return "looked"


def check(part: EmailMessage) -> None:
    """Check that an attachment is neither a program nor a document with macros.

    `office.clean` raises Unfit for what it finds inside a document.

    Raises:
        Unfit: The attachment is a program or has macros.
    """
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes):
        return
    name = (part.get_filename() or "").lower()
    if body.startswith(PROGRAM_STARTS) or name.endswith(PROGRAM_ENDINGS):
        raise Unfit("MACROS")
    if body.startswith(b"PK\x03\x04"):
        try:
            office.clean(io.BytesIO(body), io.BytesIO(), [])
        except Unfit as unfit:
            if unfit.code != "ARCHIVE":
                raise
