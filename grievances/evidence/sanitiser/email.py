"""Check emails, which are kept as they are; what is attached is judged like files."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import io
import re
from email.message import EmailMessage
from typing import IO

from grievances.evidence.sanitiser import enclosed
from grievances.evidence.sanitiser.protocol import Found, Unfit, note
from grievances.evidence.sanitiser.structure import pasted_emails, texts
from grievances.evidence.sanitiser.structure.texts import FIRST_BYTES

MOST_BYTES = 60 * 1024 * 1024
NEXT_IN_MAILBOX = re.compile(rb"\r?\n\r?\n(?=From [^\r\n]*\d{4}[^\r\n]*\r?\n[!-9;-~]+:)")
"""The place between two messages of a mailbox file (RFC 4155)."""
LEAD = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:(?:\d+[ \t]*|>From [^\r\n]*|Microsoft Mail Internet Headers[^\r\n]*)?"
    rb"(?:\r\n|\r|\n))*"
)
"""A mark of UTF-8, empty lines, or what programs write before a message.

A parser takes a message behind it for the words of one without headers, which is a message again.
"""
UUENCODED = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]+)\r?\n(.*?)^end\b", re.MULTILINE | re.DOTALL)
"""A file in the words of an older message, which Outlook shows as attached."""
BASE64 = re.compile(
    rb"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{60,}+={0,2}[ \t]*(?:\r?\n|$)?)++"
    rb"(?:[A-Za-z0-9+/]{2,}={0,2})?"
)
"""A file in base64 that no part of a message announces."""
YENCODED = re.compile(rb"^=ybegin [^\r\n]*name=([^\r\n]+)", re.MULTILINE)
BINHEX = b"(This file must be converted with BinHex"
"""A file as older Macs wrote it (RFC 1741), which cannot be looked into."""
NAMES_IN_IT = "Names and addresses that stay in it"
NAMED = ("From", "To", "Cc", "Bcc", "Sender", "Reply-To")


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Check every attachment, at any depth, and write nothing.

    `enclosed.check` raises Unfit for programs and macros.

    Returns:
        `looked`.

    Raises:
        Unfit: The email is longer than MOST_BYTES.
    """
    whole = io.BufferedReader(original, 1 << 18).read(MOST_BYTES + 1)  # type: ignore[type-var]
    if len(whole) > MOST_BYTES:
        raise Unfit("TOO_LARGE_TO_CHECK")
    for each in NEXT_IN_MAILBOX.split(LEAD.sub(b"", whole, count=1)):
        message = email.message_from_bytes(each, policy=email.policy.default)
        for part in message.walk():
            if isinstance(part, EmailMessage):
                tell(part, found)
                check(part)
    for who in [] if found else pasted_emails.people_in(texts.beginning(whole[:FIRST_BYTES])):
        note(found, NAMES_IN_IT, who)
    return "looked"


def tell(part: EmailMessage, found: Found) -> None:
    """Add the names and addresses of one message, which stay in it."""
    for name in NAMED:
        for value in part.get_all(name, []):
            note(found, NAMES_IN_IT, str(value))


def check(part: EmailMessage) -> None:
    """Check one part of an email; `enclosed.check` raises Unfit for what is harmful."""
    names = names_of(part)
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if part.get_content_type() == "message/rfc822" and encoding == "base64":
        # The standard forbids it, and programs read it: the message inside is still in base64.
        enclosed.check(names[0], decoded(part.as_bytes().partition(b"\n\n")[2]))
    if part.is_multipart():
        for around in (part.preamble, part.epilogue):
            check_unannounced((around or "").encode("utf-8", "surrogateescape"), names[0])
        return
    body = part.get_payload(decode=True)
    if isinstance(body, bytes):
        if encoding == "base64" and str(part["Content-Transfer-Encoding"]) != encoding:
            body = decoded(body)
        for name in names:
            enclosed.refuse_program(name, body)
        enclosed.check(names[0], body)
        is_read_as_text = encoding != "base64" or part.get_content_maintype() == "text"
        check_unannounced(body, names[0], in_base64=is_read_as_text)


def names_of(part: EmailMessage) -> list[str]:
    """Return the names of an attachment; its two headers may state different ones."""
    given = [part.get_filename(), part.get_param("name")]
    names = dict.fromkeys(str(each) for each in given if each)
    return list(names) or ["an attachment without a name"]


def check_unannounced(body: bytes, name: str, *, in_base64: bool = True) -> None:
    """Check the files in a text that no header announces.

    Programs find them in the text itself, in a page, or in a message with a wrong boundary.

    Raises:
        Unfit: It is a program, or cannot be looked into.
    """
    if BINHEX in body:
        raise Unfit("CLOSED_INSIDE")
    for file in UUENCODED.finditer(body):
        enclosed.check(file[1].decode("utf-8", "replace"), uudecoded(file[2]))
    for file in YENCODED.finditer(body):
        enclosed.refuse_program(file[1].decode("utf-8", "replace"), b"")
    for file in BASE64.finditer(body) if in_base64 else ():
        enclosed.check(name, decoded(file[0]))


def decoded(body: bytes) -> bytes:
    """Return what base64 says, to its last whole sign; as it is when it is none."""
    signs = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    try:
        return base64.b64decode(signs + b"=" * (-len(signs) % 4))
    except binascii.Error:
        return body


def uudecoded(body: bytes) -> bytes:
    """Return the bytes of a file written as lines of printed signs (POSIX uuencode)."""
    lines = []
    for line in body.splitlines():
        try:
            lines.append(binascii.a2b_uu(line))
        except binascii.Error:
            lines.append(b"")
    return b"".join(lines)
