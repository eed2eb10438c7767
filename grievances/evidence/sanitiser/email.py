"""Check emails, which are kept as they are; what is attached is judged like files."""

from __future__ import annotations

import email
import email.policy
import io
from email.message import EmailMessage
from typing import IO

from grievances.evidence.sanitiser import enclosed
from grievances.evidence.sanitiser.protocol import Found, Unfit, note

MOST_BYTES = 60 * 1024 * 1024
NAMED = ("From", "To", "Cc", "Bcc", "Sender", "Reply-To")


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Check every attachment, at any depth, and write nothing.

    `enclosed.check` raises Unfit for programs and macros.

    Raises:
        Unfit: The email is longer than MOST_BYTES.
    """
    whole = io.BufferedReader(original, 1 << 18).read(MOST_BYTES + 1)  # type: ignore[type-var]
    if len(whole) > MOST_BYTES:
        raise Unfit("TOO_LARGE_TO_CHECK")
    message = email.message_from_bytes(whole, policy=email.policy.default)
    for part in message.walk():
        if isinstance(part, EmailMessage):
            tell(part, found)
            if not part.is_multipart():
                check(part)
    return "looked"


def tell(part: EmailMessage, found: Found) -> None:
    """Add the names and addresses of one message, which stay in it."""
    for name in NAMED:
        for value in part.get_all(name, []):
            note(found, "Names and addresses that stay in it", str(value))


def check(part: EmailMessage) -> None:
    """Check one part of an email; `enclosed.check` raises Unfit for what is harmful."""
    body = part.get_payload(decode=True)
    name = part.get_filename() or ""
    if isinstance(body, bytes):
        enclosed.check(name or "an attachment without a name", body)
