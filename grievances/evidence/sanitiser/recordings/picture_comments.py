"""Blank what cameras and programs write beside the pictures of a film.

H.264 and H.265 have messages with data of the maker's own: texts, places, names of devices. Each is
replaced by filler of the same length, which players skip. Subtitles and light levels are kept.
MPEG-4 part 2 has texts behind a start code; spaces take their place. Sources: ITU-T H.264 7.3.2.3
and D.1, H.265 7.3.5 and D.2, ISO/IEC 14496-15 5.3 and 8.3, 14496-2 6.2.2.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from grievances.evidence.sanitiser.recordings.labels import Findings
from grievances.evidence.sanitiser.recordings.splices import Source, Splice

STEP = 1024 * 1024
MOST_BYTES = 1024 * 1024
"""A message is never longer."""
AFTER_FOUR = re.compile(rb"(?=\0[\0-\x0f]..(?:\x06|[NP]\x01))", re.DOTALL)
"""A length of four bytes, then a unit of messages of H.264 or H.265."""
AFTER_TWO = re.compile(rb"(?=..[NP]\x01[\x04\x05])", re.DOTALL)
"""The same with a length of two bytes, as in the description of a track of H.265."""
SEARCH_OVERLAP = 8
MOST_TEXT = 1024
REGISTERED, OWN = 4, 5
KEPT = (b"\xb5\x00\x31GA94", b"\xb5\x00\x31DTG1", b"\xb5\x00\x3c")
"""Registered data that are shown.

They are subtitles, the part of a picture, and light levels.
"""
AVC, FILLER_OF_AVC, FILLER_OF_HEVC = 6, b"\x0c", b"\x4c"
TEXT = re.compile(rb"(?:[\x20-\x7e]|[\xc3-\xdf][\x80-\xbf]){4,}")
WIDE_TEXT = re.compile(rb"(?:[\x20-\x7e]\0){4,}")

USER_DATA = re.compile(
    rb"(?<=\0\0\x01\xb2)(?:[\x20-\x7e]|[\xc3-\xdf][\x80-\xbf]){4,1000}"
    rb"(?!(?<=\xb2[\x20-\x7e]{4})\0{4})"
)
"""A text that an encoder of MPEG-4 part 2 writes between its pictures."""
ENCODER = re.compile(rb"(?:DivX\d{3}[bB]?\d{2,6}p?|XviD\d{1,6}[A-Z]?|Lavc[\d.]+|FFmpe?g[\d.vb ]*)")
"""Encoders whose faults players know by their name; it names no one."""


class Message(NamedTuple):
    """A message of a unit: its type, and what it carries."""

    kind: int
    body: bytes


Places = list[tuple[int, int]]
"""Where samples and the descriptions of codecs are: (start, end) in bytes."""


def comments(source: Source, told: Findings, places: Places) -> Iterator[Splice]:
    """Yield filler for each unit with data of a maker's own, and tell its texts.

    Only the places are searched: the length of a box looks like a start code where it is 434 bytes.
    """
    yield from texts_between(source, told, places)
    done = 0
    for start, length in steps(places):
        piece = source.read(start, length + SEARCH_OVERLAP)
        units = {(start + found.start(), 4) for found in AFTER_FOUR.finditer(piece)}
        units |= {(start + found.start(), 2) for found in AFTER_TWO.finditer(piece)}
        for at, width in sorted(units):
            length = int.from_bytes(source.read(at, width))
            begin, end = at + width, at + width + length
            if at < done or not 4 < length <= MOST_BYTES or end > source.size:
                continue
            unit = source.read(begin, length)
            own = [each for each in messages(unit) if is_own(each)]
            if own:
                tell(own, told)
                yield Splice(begin, end, filler(unit))
                done = end


def steps(places: Places) -> Iterator[tuple[int, int]]:
    """Yield (start, length) of each piece to search, in bytes."""
    for begin, end in places:
        for start in range(begin, end, STEP):
            yield start, min(STEP, end - start)


def texts_between(source: Source, told: Findings, places: Places) -> Iterator[Splice]:
    """Yield spaces for each text between the pictures of MPEG-4 part 2, and tell it."""
    for start, length in steps(places):
        for found in USER_DATA.finditer(source.read(start, length + MOST_TEXT)):
            if found.start() >= length + SEARCH_OVERLAP or ENCODER.fullmatch(found[0]):
                continue
            text = found[0].decode("utf-8", "replace")
            told.say("Remark beside the pictures", text[:200])
            told.sought.append(("Remark beside the pictures", text))
            yield Splice(start + found.start(), start + found.end(), b" " * len(found[0]))


def messages(unit: bytes) -> list[Message]:
    """Return the messages of a unit; none where it is no whole unit of messages."""
    body = re.sub(rb"\0\0\x03", b"\0\0", unit[1 if unit[0] == AVC else 2 :]).rstrip(b"\0")
    found, at = [], 0
    while at < len(body) - 1:
        kind, at = number(body, at)
        length, at = number(body, at)
        if at + length >= len(body):
            return []
        found.append(Message(kind, body[at : at + length]))
        at += length
    return found if at == len(body) - 1 and body[at] == 0x80 else []


def number(body: bytes, at: int) -> tuple[int, int]:
    """Return a number of 255s and a last byte, and where it ends."""
    value = 0
    while at < len(body) and body[at] == 0xFF:
        value, at = value + 255, at + 1
    return value + (body[at] if at < len(body) else 0), at + 1


def is_own(message: Message) -> bool:
    """Return whether a message carries data that a program reads for itself."""
    is_registered = message.kind == REGISTERED and not message.body.startswith(KEPT)
    return is_registered or message.kind == OWN


def filler(unit: bytes) -> bytes:
    """Return a unit of filler that is as long."""
    head = FILLER_OF_AVC if unit[0] == AVC else FILLER_OF_HEVC + unit[1:2]
    return head + b"\xff" * (len(unit) - len(head) - 1) + b"\x80"


def tell(found: list[Message], told: Findings) -> None:
    """Tell the texts of messages; the first 16 bytes of a maker's own are a number."""
    for message in found:
        body = message.body[16:] if message.kind == OWN else message.body
        texts = [text.decode("utf-8", "replace") for text in TEXT.findall(body)]
        texts += [text.decode("utf-16-le") for text in WIDE_TEXT.findall(body)]
        for text in texts or ["yes"]:
            told.say("Remark beside the pictures", text[:200])
            told.sought.append(("Remark beside the pictures", text))
