"""Tell in plain words what the boxes of an ISO recording say.

Sources: QuickTime File Format (user data, metadata), 3GPP TS 26.244 8, iTunes metadata.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from grievances.evidence.sanitiser.plain_words import place, place_of
from grievances.evidence.sanitiser.recordings.labels import WHERE, Findings
from grievances.evidence.sanitiser.recordings.splices import Source

LOOKED_AT_BYTES = 1024 * 1024
WORDS = re.compile(rb"(?:[\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]{1,3}){4,}")
WIDE_WORDS = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\0){4,}")
THREE_GPP = (b"titl", b"auth", b"perf", b"dscp", b"cprt", b"gnre", b"albm")
COMMON_WORDS = (
    "core media video sound audio handler data url alias apple isomedia file produced by google "
    "inc gpac iso mainconcept l-smash bento4 text subtitle timecode time code meta metadata hint "
    "videohandler soundhandler datahandler appl mdir mhlr dhlr vide soun"
)
"""Words of the names that programs give to tracks."""
COMMON = frozenset(COMMON_WORDS.split())
MOST_DEPTH = 6
Inner = tuple[bytes, bytes]


def tell(source: Source, name: bytes, start: int, end: int, told: Findings) -> None:
    """Tell what the box of this name says, whose content is between two places."""
    tell_box(name, source.read(start, min(end - start, LOOKED_AT_BYTES)), told)


def tell_handler(source: Source, start: int, end: int, told: Findings) -> None:
    """Tell the name of a track, unless programs give such a name to every track."""
    raw = source.read(start, min(end - start, 1024)).strip(b"\0")
    raw = raw[1:] if raw and raw[0] == len(raw) - 1 else raw
    words = raw.decode("utf-8", "replace").lower().replace("(", " ").split()
    if not COMMON.issuperset(words):
        tell_text("Name of a track", raw, told)


def tell_text(name: str, raw: bytes, told: Findings) -> None:
    """Tell a text in UTF-8 or UTF-16 under a name."""
    told.tell(name, decoded(raw))


def tell_box(name: bytes, raw: bytes, told: Findings, depth: int = 0) -> None:
    """Tell what one box says, by the form that its name has."""
    inner = [*boxes(raw)] if depth < MOST_DEPTH else []
    label = name.decode("latin-1").strip()
    if name in {b"udta", b"trak", b"mdia", b"moov"} and inner:
        for each, content in inner:
            tell_box(each, content, told, depth + 1)
    elif name == b"meta":
        tell_meta(raw, told, depth)
    elif name == b"loci":
        tell_loci(raw, told)
    elif name in THREE_GPP:
        tell_text(label, raw[6:], told)
    elif name == b"name":
        tell_text("Name of a track", raw, told)
    elif name == b"yrrc":
        told.tell(label, str(int.from_bytes(raw[4:6])))
    elif name[:1] == b"\xa9":
        told.tell(label, quicktime_text(raw))
    elif name in {b"free", b"skip", b"wide", b"hdlr"}:
        return
    else:
        tell_words(raw, told)


def tell_meta(raw: bytes, told: Findings, depth: int) -> None:
    """Tell a metadata box: its list of items, under their names or keys."""
    inner = dict(boxes(raw if raw[4:8] == b"hdlr" else raw[4:]))
    items = inner.get(b"ilst")
    if items is None:
        tell_words(raw, told)
        return
    keys = [*keys_of(inner.get(b"keys", b""))]
    for name, content in boxes(items):
        number = int.from_bytes(name)
        key = keys[number - 1] if 0 < number <= len(keys) else name.decode("latin-1")
        parts = [*boxes(content)]
        named = [part[4:].decode("utf-8", "replace") for each, part in parts if each == b"name"]
        for each, part in parts:
            if each == b"data":
                is_text = part[3:4] in {b"\1", b"\2"} or part[:4] == bytes(4)
                value = decoded(part[8:]) if is_text else "yes"
                told.tell(named[0] if named else key, value)


def keys_of(raw: bytes) -> Iterator[str]:
    """Yield the keys of a metadata box (QuickTime, metadata item keys)."""
    at = 8
    while at + 8 <= len(raw):
        length = max(8, int.from_bytes(raw[at : at + 4]))
        yield raw[at + 8 : at + length].decode("utf-8", "replace")
        at += length


def tell_loci(raw: bytes, told: Findings) -> None:
    """Tell a place (TS 26.244 8.10): its name, and its degrees in 16.16 numbers."""
    name, _, rest = raw[6:].partition(b"\0")
    if raw[6:8] in {b"\xfe\xff", b"\xff\xfe"}:
        end = next((n for n in range(6, len(raw) - 1, 2) if raw[n : n + 2] == b"\0\0"), len(raw))
        name, rest = raw[6:end], raw[end + 2 :]
    if len(rest) >= 13:
        east, north = struct.unpack_from(">ii", rest, 1)
        told.say(WHERE, place(north / 65536, east / 65536))
        _, _, notes = rest[13:].partition(b"\0")  # The first text names the planet.
        tell_text("Comment", notes.partition(b"\0")[0], told)
    tell_text("Name of the place", name, told)


def quicktime_text(raw: bytes) -> str:
    """Return a text that its length and language come before, or a text as it is."""
    parts, at = [], 0
    while at + 4 <= len(raw):
        length = int.from_bytes(raw[at : at + 2])
        if at + 4 + length > len(raw):
            break
        parts.append(decoded(raw[at + 4 : at + 4 + length]))
        at += 4 + length
    inner = dict(boxes(raw))
    if b"data" in inner:
        return decoded(inner[b"data"][8:])
    return " ".join(parts) if parts and any(parts) else decoded(raw)


def tell_words(raw: bytes, told: Findings) -> None:
    """Tell the place and the texts in a box whose form is not known here."""
    text = raw.decode("latin-1")
    where = place_of(text)
    if where:
        told.say(WHERE, where)
    words = [each.decode("utf-8", "replace").strip() for each in WORDS.findall(raw)]
    words += [each.decode("utf-16-le").strip() for each in WIDE_WORDS.findall(raw)]
    for each in [each for each in words if each and not place_of(each)][:20]:
        told.say("Label", each[:200])
        told.sought.append(("Label", each[:200]))


def decoded(raw: bytes) -> str:
    """Return a text in UTF-16 with a mark, in UTF-8, or else in Mac Roman."""
    if raw[:2] in {b"\xfe\xff", b"\xff\xfe"}:
        return raw.decode("utf-16", "replace").strip("\0 ")
    try:
        return raw.decode("utf-8").strip("\0 ")
    except UnicodeDecodeError:
        return raw.decode("mac-roman", "replace").strip("\0 ")


def boxes(raw: bytes) -> Iterator[Inner]:
    """Yield (name, content) of these boxes, up to the first that does not fit."""
    at = 0
    while at + 8 <= len(raw):
        length = int.from_bytes(raw[at : at + 4])
        if not 8 <= length <= len(raw) - at:
            return
        yield raw[at + 4 : at + 8], raw[at + 8 : at + length]
        at += length
