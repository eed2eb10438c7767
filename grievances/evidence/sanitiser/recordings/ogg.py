"""Blank the labels of Ogg recordings (Opus, Vorbis, Speex, FLAC, Theora, VP8).

An Ogg file is a row of pages that carry the packets of one or more streams (RFC 3533). The comment
packet of each stream is replaced by an empty one of the same length. A stream of a codec that we do
not know is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, NamedTuple

from mutagen.ogg import OggPage
from mutagen.ogg import error as OggError  # noqa: N812 - the library's own name says nothing

from grievances.evidence.sanitiser.protocol import Found
from grievances.evidence.sanitiser.recordings.labels import Findings
from grievances.evidence.sanitiser.recordings.splices import TAG_BYTES, Source, Splice, write

COMMENTS = {
    b"OpusHead": (b"OpusTags", b""),
    b"\x01vorbis": (b"\x03vorbis", b"\x01"),
    b"\x80theora": (b"\x81theora", b""),
    b"OVP80\x01": (b"OVP80\x02 ", b""),
    b"Speex   ": (b"", b""),
    b"\x7fFLAC": (b"", b""),
}
"""Start and end of the comment packet, by the start of the first packet."""
FLAC_COMMENT, FLAC_PADDING = 4, 1
FLAC_KEPT = (0, 3)
FLAC_HEADERS = 100


class Page(NamedTuple):
    """A page as the library reads it, and where it starts."""

    read: OggPage
    start: int

    @property
    def end(self) -> int:
        """Where the page ends."""
        return self.start + int(self.read.size)


@dataclass
class Stream:
    """One stream: the packet that is being read, and the pages that carry it."""

    start: bytes
    number: int = 0
    packet: bytearray = field(default_factory=bytearray)
    parts: list[tuple[Page, int]] = field(default_factory=list)
    headers: int = 2

    def is_header(self) -> bool:
        """Return whether the present packet is one of the headers that may carry labels."""
        return 0 < self.number < self.headers


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Copy the recording with its labels blanked.

    Returns:
        `cleaned`, or `failed` for a broken file and for one in whose copy a label is left.
    """
    source, told = Source(original), Findings(found)
    try:
        splices = look(source, told)
    except (OggError, EOFError, ValueError):
        return "failed"
    return write(source, copy, splices, told)


def look(source: Source, told: Findings) -> list[Splice]:
    """Return what to write instead of the pages that carry labels.

    Raises:
        ValueError: There is no stream that we know, or its labels make no sense.
    """
    streams: dict[int, Stream | None] = {}
    splices: list[Splice] = []
    changed: dict[int, Page] = {}
    at = 0
    while source.read(at, 4) == b"OggS":
        source.file.seek(at)
        page = Page(OggPage(source.file), at)
        if page.read.first:
            streams[page.read.serial] = stream_of(page.read)
        stream = streams.get(page.read.serial)
        if stream is None:
            splices.append(Splice(at, page.end, b""))
        elif stream.number < stream.headers:
            read_headers(page, stream, told, changed)
        at = page.end
    if not any(streams.values()):
        raise ValueError("no stream")
    splices.append(Splice(at, source.size, b""))
    return splices + [Splice(p.start, p.end, p.read.write()) for p in changed.values()]


def stream_of(page: OggPage) -> Stream | None:
    """Return the stream that this page begins; None when we do not know its codec."""
    start = next((each for each in COMMENTS if page.packets[0].startswith(each)), None)
    if start is None:
        return None
    return Stream(start, headers=FLAC_HEADERS if start == b"\x7fFLAC" else 2)


def read_headers(page: Page, stream: Stream, told: Findings, changed: dict[int, Page]) -> None:
    """Gather the packets of a page, and blank those that carry labels.

    Raises:
        ValueError: A packet with labels is longer than TAG_BYTES.
    """
    for place, part in enumerate(page.read.packets):
        stream.packet += part
        stream.parts.append((page, place))
        if len(stream.packet) > TAG_BYTES:
            raise ValueError("a label that is too long")
        is_whole = place < len(page.read.packets) - 1 or page.read.complete
        if not is_whole:
            return
        if stream.is_header():
            blank_packet(stream, told, changed)
        stream.number += 1
        stream.packet.clear()
        stream.parts.clear()


def blank_packet(stream: Stream, told: Findings, changed: dict[int, Page]) -> None:
    """Replace the present packet in its pages, if it carries labels.

    Raises:
        ValueError: The packet is not the one with the labels.
    """
    packet = bytes(stream.packet)
    if stream.start == b"\x7fFLAC":
        new = blank_flac_packet(packet, told)
        if packet[:1] in {b"\xff", b""} or packet[0] & 0x80:
            stream.headers = stream.number + 1
    else:
        before, behind = COMMENTS[stream.start]
        if not packet.startswith(before):
            raise ValueError("not a comment packet")
        tell_comments(packet[len(before) :], told)
        new = blank_comments(len(packet), before, behind)
    at = 0
    for page, place in stream.parts:
        length = len(page.read.packets[place])
        page.read.packets[place] = new[at : at + length]
        changed[page.start] = page
        at += length


def blank_flac_packet(packet: bytes, told: Findings) -> bytes:
    """Return a metadata block of FLAC without its labels, of the same length."""
    code = packet[0] & 0x7F if packet else 127
    if code == FLAC_COMMENT:
        tell_comments(packet[4:], told)
        return packet[:4] + blank_comments(len(packet) - 4, b"", b"")
    if code in FLAC_KEPT or code == 127:
        return packet
    return bytes([packet[0] & 0x80 | FLAC_PADDING]) + packet[1:4] + bytes(len(packet) - 4)


def blank_comments(length: int, before: bytes, behind: bytes) -> bytes:
    """Return an empty comment packet of this length, with spaces as its vendor.

    Source: Vorbis I 5.2.

    Raises:
        ValueError: The packet is too short to be one.
    """
    room = length - len(before) - 8 - len(behind)
    if room < 0:
        raise ValueError("a comment packet that is too short")
    return before + room.to_bytes(4, "little") + b" " * room + bytes(4) + behind


def tell_comments(raw: bytes, told: Findings) -> None:
    """Tell what a comment packet says (Vorbis I 5.2.1).

    Raises:
        ValueError: A length does not fit.
    """
    vendor, rest = counted(raw)
    told.tell("vendor", vendor.decode("utf-8", "replace"))
    number, rest = int.from_bytes(rest[:4], "little"), rest[4:]
    for _ in range(min(number, 10_000)):
        comment, rest = counted(rest)
        name, _, value = comment.decode("utf-8", "replace").partition("=")
        is_picture = name.lower() in {"metadata_block_picture", "coverart"}
        told.tell(name, "yes" if is_picture else value)


def counted(raw: bytes) -> tuple[bytes, bytes]:
    """Return the text that its length comes before, and the rest.

    Raises:
        ValueError: The length does not fit.
    """
    length = int.from_bytes(raw[:4], "little")
    if len(raw) < 4 or length > len(raw) - 4:
        raise ValueError("a length that does not fit")
    return raw[4 : 4 + length], raw[4 + length :]
