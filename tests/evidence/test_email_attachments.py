"""A program in an email is found wherever programs of mail would find it."""

from __future__ import annotations

import base64
import binascii
import io
import struct

import pytest

from grievances.evidence.sanitiser import __main__ as sanitiser
from grievances.evidence.sanitiser import enclosed

PROGRAM = b"MZ\x90\0" + b"\0" * 60 + b"PE\0\0"
CODED = base64.encodebytes(PROGRAM)
HEADERS = (
    b"From: a@work.invalid\r\nTo: b@work.invalid\r\nSubject: x\r\n"
    b"Date: Mon, 1 Jan 2024 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
)
MIXED = b"Content-Type: multipart/mixed; boundary=B"


def part(body: bytes, *headers: bytes, encoding: bytes = b"base64") -> bytes:
    said = (b"Content-Transfer-Encoding: " + encoding, *headers)
    return b"--B\r\n" + b"\r\n".join(said) + b"\r\n\r\n" + body + b"\r\n"


def mail(kind: bytes, *parts: bytes) -> bytes:
    return HEADERS + kind + b"\r\n\r\n" + b"".join(parts) + b"--B--\r\n"


def winmail(*files: tuple[bytes, bytes]) -> bytes:
    """Files as Outlook packs them ([MS-OXTNEF] 2.1)."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    for name, body in files:
        for number, value in ((0x69002, bytes(14)), (0x18010, name + b"\0"), (0x6800F, body)):
            out += struct.pack("<BII", 2, number, len(value)) + value
            out += struct.pack("<H", sum(value) & 0xFFFF)
    return out


PACKED = base64.encodebytes(winmail((b"a.txt", b"hello"), (b"run.dat", PROGRAM)))
AS_DATA = b"<a href='data:x/y;base64," + base64.b64encode(PROGRAM) + b"'>x</a>"
FILES = {
    "no boundary": mail(b"Content-Type: multipart/mixed", part(CODED)),
    "another boundary": mail(b"Content-Type: multipart/mixed; boundary=C", part(CODED)),
    "text with a boundary": mail(b"Content-Type: text/plain; boundary=B", part(CODED)),
    "two types": mail(b"Content-Type: text/plain\r\n" + MIXED, part(CODED)),
    "before the first part": mail(MIXED, CODED, part(b"aGk=")),
    "behind the last part": mail(MIXED, part(b"aGk=")) + CODED,
    "encoding with a comment": mail(MIXED, part(CODED, encoding=b"(x) base64")),
    "second name": mail(
        MIXED,
        part(b"aGk=", b"Content-Type: x/y; name=a.bat", b"Content-Disposition: x; filename=a.txt"),
    ),
    "winmail.dat": mail(MIXED, part(PACKED, b"Content-Type: application/ms-tnef")),
    "winmail.dat as the message": mail(
        b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64", PACKED
    ),
    "winmail.dat in another": mail(
        MIXED, part(base64.encodebytes(winmail((b"winmail.dat", base64.b64decode(PACKED)))))
    ),
    "uuencoded": mail(
        b"X: y", b"begin 644 x.dat\r\n", binascii.b2a_uu(PROGRAM[:45]), b"`\r\nend\n"
    ),
    "yEnc": mail(b"X: y", b"=ybegin line=128 size=64 name=x.exe\r\n", PROGRAM),
    "a link in a page": mail(b"Content-Type: text/html", AS_DATA),
    **{
        f"a first line of {line[:12].decode()!r}": line + mail(MIXED, part(CODED))
        for line in (
            b">From a@work.invalid Mon Jan  1 10:00:00 2024\r\n",
            b"Microsoft Mail Internet Headers Version 2.0\r\n",
            b"\r\n\r\n",
        )
    },
}


@pytest.mark.parametrize("way", FILES)
def test_a_program_is_found_in_every_way_of_attaching(way: str) -> None:
    assert enclosed.kind_of(FILES[way]) == "email"
    assert sanitiser.sanitise("email", io.BytesIO(FILES[way]), io.BytesIO()).code == "MACROS"


def test_ordinary_attachments_in_the_same_ways_are_taken() -> None:
    words = base64.encodebytes(b"A plain note, written on a Monday. " * 9)
    packed = base64.encodebytes(winmail((b"a.txt", b"hello"), (b"b.txt", b"again")))
    for body in (words, packed):
        for way in (mail(MIXED, part(body)), mail(MIXED, body, part(b"aGk=")) + body):
            report = sanitiser.sanitise("email", io.BytesIO(way), io.BytesIO())
            assert report.code == "looked"


LEADS = {
    "UTF-8": b"\xef\xbb\xbf",
    "Apple Mail": b"1234\n",
    "Apple Mail, spaces": b"1234     \n",
    "mailbox": b"From a@work.invalid Mon Jan  1 10:00:00 2024\n",
}
"""What programs write before the headers of a message."""


@pytest.mark.parametrize("lead", LEADS)
def test_a_message_behind_the_mark_of_a_program_is_looked_into(lead: str) -> None:
    harmless = LEADS[lead] + mail(MIXED, part(b"aGk="))
    assert sanitiser.sanitise("email", io.BytesIO(harmless), io.BytesIO()).code == "looked"
    program = LEADS[lead] + mail(MIXED, part(CODED))
    assert sanitiser.sanitise("email", io.BytesIO(program), io.BytesIO()).code == "MACROS"
