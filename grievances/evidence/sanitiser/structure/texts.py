"""Kinds that are read as text: plain text, emails, and emails pasted as text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from email.utils import parsedate

from grievances.evidence.sanitiser.structure import pasted_emails

Read = Callable[[int, int], bytes]

HEAD_BYTES = 4096
FIRST_BYTES = 16 * 1024
"""The start of a text that is looked at for the head of an email."""
HEADER_BYTES = 1024 * 1024
"""Limit of the header block of an email that is looked at."""
FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
MADE_BY_PROGRAMS = re.compile(
    rb"(message-id|mime-version|received|return-path|content-type|delivered-to|dkim-signature|"
    rb"content-transfer-encoding|authentication-results|arc-.*|x-.*)$",
    re.IGNORECASE,
)
WRITTEN = {
    b"from", b"to", b"cc", b"bcc", b"subject", b"date", b"reply-to", b"sender", b"importance",
    b"in-reply-to", b"references",
}  # fmt: skip
"""Fields that a person might also type above a note."""
ADDRESSED = re.compile(rb"(?:from|to|cc|bcc|sender|reply-to)[ \t]*:.*@", re.IGNORECASE)
FIRST_LINE = re.compile(rb"From |>From |Microsoft Mail Internet Headers|\d+\s*$")
"""What may come before the header block.

It is a mark between messages in a mailbox, Outlook's, or the length that Apple Mail writes.
"""
BINARY = frozenset(map(chr, [*range(7), 8, *range(15, 19), *range(22, 26)]))
"""Control characters that no text has.

Word, PowerPoint and terminals write others: soft breaks, cell marks, optional hyphens, colours.
"""
MARKUP = re.compile(
    r"\s*(?:<(?:!doctype|html|head|script|iframe|svg|body)[\s>]|<(?:\?xml|\?php|!--|%)|\{\\rtf)",
    re.IGNORECASE,
)
TAG = re.compile(r"\s*<(?:h1|div|font|table|a|style|title|b|br|p)[\s>]", re.IGNORECASE)
"""Starts that browsers take for a page (WHATWG MIME Sniffing 7.1)."""
CLOSING = re.compile(r"</\w+>")


def kind_of(read: Read, size: int) -> str | None:
    """Return the kind of a text, or None when the start of the file is no text.

    It is `email`, `pasted_email` or `text`.
    """
    if is_email(read, size):
        return "email"
    head = read(0, HEAD_BYTES)
    text = head.decode(encoding_of(head), "replace")
    if not is_plain(text) or MARKUP.match(text):
        return None
    if TAG.match(text) and CLOSING.search(text):
        return None
    return "pasted_email" if pasted_emails.is_pasted(beginning(read(0, FIRST_BYTES))) else "text"


def beginning(head: bytes) -> str:
    """Return the words at the start of a text; older programs write in Windows-1252."""
    text = head.decode(encoding_of(head), "replace")
    is_older = "\ufffd" in text[:-4] and encoding_of(head) == "utf-8-sig"
    return head.decode("cp1252", "replace") if is_older else text


def encoding_of(head: bytes) -> str:
    """Return the encoding of a text, by its mark or by where its zeros are."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[::2], head[1::2]
    if len(head) >= 8 and not even.count(0) and odd.count(0) * 4 >= len(odd):
        return "utf-16-le"
    if len(head) >= 8 and not odd.count(0) and even.count(0) * 4 >= len(even):
        return "utf-16-be"
    return "utf-8-sig"


def is_plain(text: str) -> bool:
    """Return whether text has only control characters that programs write."""
    return BINARY.isdisjoint(text)


def is_plain_throughout(chunks: Iterable[bytes]) -> bool:
    """Return whether a text is plain to its end; reads it chunk by chunk."""
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in chunks:
        if decoder is None:
            decoder = codecs.getincrementaldecoder(encoding_of(chunk[:HEAD_BYTES]))("replace")
        if not is_plain(decoder.decode(chunk)):
            return False
    return True


def is_email(read: Read, size: int) -> bool:
    """Return whether the file begins with the header block of an email (RFC 5322 2.2).

    Two header lines somewhere in a diary make no email, and however long the block is, it is one.
    """
    names: set[bytes] = set()
    dates = []
    is_first = True
    lines, is_cut = header_lines(read, size)
    for line in lines:
        if is_first and FIRST_LINE.match(line):
            continue
        field = FIELD.match(line)
        if line[:1] in b" \t" and not is_first:
            continue
        if not field:
            return False
        is_first = False
        names.add(field[1].lower())
        if field[1].lower() == b"date":
            dates.append(line[field.end() :].decode("ascii", "replace").strip())
    by_program = {name for name in names if MADE_BY_PROGRAMS.match(name)}
    if by_program & {b"message-id", b"received", b"mime-version", b"content-type"}:
        return len(names & (WRITTEN | by_program)) >= 2
    if by_program and (is_cut or is_sent(names)):
        return True
    is_plain_head = any(map(parsedate, dates)) or names <= WRITTEN
    return is_plain_head and is_sent(names) and any(map(ADDRESSED.match, lines))


def is_sent(names: set[bytes]) -> bool:
    """Return whether a header block has a sender and one more field of a letter.

    A journey has both, so a block without the fields of a program needs an address, too.
    """
    return b"from" in names and len(names & WRITTEN) >= 2


def header_lines(read: Read, size: int) -> tuple[list[bytes], bool]:
    """Return (the lines up to the first empty one, whether they were cut)."""
    block, step = b"", 16 * 1024
    for at in range(0, min(size, HEADER_BYTES), step):
        block += read(at, step)
        block = block.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n")
        if not FIELD.match(block) and not FIRST_LINE.match(block.partition(b"\n")[0]):
            return [], False
        end = re.search(rb"\r?\n\r?\n|\r\r", block)
        if end:
            return re.split(rb"\r\n|\n|\r", block[: end.start()]), False
    lines, is_cut = re.split(rb"\r\n|\n|\r", block), size > HEADER_BYTES
    return (lines[:-1] if is_cut else lines), is_cut
