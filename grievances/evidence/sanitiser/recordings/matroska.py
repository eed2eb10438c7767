"""Blank the labels of Matroska and WebM recordings (RFC 8794, RFC 9559).

Such a file is nested elements. Those that carry labels, dates, enclosed files and chapters become
empty elements ("Void") of the same length, so nothing else moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import IO

from grievances.evidence.sanitiser.plain_words import moment
from grievances.evidence.sanitiser.protocol import Found
from grievances.evidence.sanitiser.recordings.labels import DATA, Findings
from grievances.evidence.sanitiser.recordings.matroska_elements import (
    BLOCK,
    CLUSTER,
    CODEC_PRIVATE,
    DATE,
    EBML,
    ENTERED,
    EPOCH,
    GROUP,
    HEADER,
    IN_CLUSTER,
    KEPT_IN_SPACES,
    LONGER,
    MOST_DEPTH,
    OUTER,
    SEEK,
    SEEK_ID,
    SEEK_PLACE,
    SEEN_OR_HEARD,
    SEGMENT,
    SIMPLE_BLOCK,
    SIMPLE_TAG,
    TAG_NAME,
    TAG_STRING,
    TEXTS,
    TOLD_INSIDE,
    TRACK,
    TRACK_KIND,
    TRACK_NUMBER,
    TRACKS,
    VOID,
    Element,
    elements,
    number,
)
from grievances.evidence.sanitiser.recordings.ogg import (
    COMMENTS,
    blank_comments,
    blank_flac_packet,
    tell_comments,
)
from grievances.evidence.sanitiser.recordings.picture_comments import comments
from grievances.evidence.sanitiser.recordings.splices import Source, Splice, write


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Copy the recording with its labels blanked.

    Returns:
        `cleaned`, or `failed` for a broken file and for one in whose copy a label is left.
    """
    source, told = Source(original), Findings(found)
    try:
        splices = [*look(source, told), *comments(source, told, [(0, source.size)])]
    except ValueError:
        return "failed"
    return write(source, copy, splices, told)


def look(source: Source, told: Findings) -> Iterator[Splice]:
    """Yield what to write instead of the elements that carry labels.

    Raises:
        ValueError: An element does not fit, or there is no segment.
    """
    has_segment = False
    end = 0
    for outer in elements(source, 0, source.size):
        end = outer.end
        if outer.code == SEGMENT:
            has_segment = True
            yield from segment(source, outer, told)
        elif outer.code == EBML:
            yield from void_others(source, outer, HEADER)
        else:
            yield from void(outer)
    if not has_segment:
        raise ValueError("no segment")
    yield Splice(end, source.size, b"")


def void_others(source: Source, outer: Element, kept: set[int]) -> Iterator[Splice]:
    """Yield what to write instead of the elements in one that are not of this list."""
    for inner in elements(source, outer.content, outer.end):
        if inner.code not in kept or is_too_long(inner):
            yield from void(inner)


def segment(source: Source, outer: Element, told: Findings) -> Iterator[Splice]:
    """Yield what to write instead of the parts of a segment that are not kept."""
    gone = data_tracks(source, outer)
    for part in elements(source, outer.content, outer.end):
        if part.code == TRACKS:
            yield from enter_tracks(source, part, told, gone)
        elif part.code in ENTERED:
            yield from enter(source, part, told)
        elif part.code == CLUSTER:
            yield from cluster(source, part, told, gone)
        elif part.code not in OUTER:
            tell(source, part, told)
            yield from void(part)


def data_tracks(source: Source, outer: Element) -> set[int]:
    """Return the numbers of the tracks that no one sees or hears."""
    gone: set[int] = set()
    for part in elements(source, outer.content, outer.end):
        if part.code == CLUSTER:
            break
        inner = elements(source, part.content, part.end) if part.code == TRACKS else ()
        for track in [each for each in inner if each.code == TRACK]:
            said = {
                each.code: int.from_bytes(source.exactly(each.content, each.end - each.content))
                for each in elements(source, track.content, track.end)
                if each.code in {TRACK_NUMBER, TRACK_KIND}
            }
            if said.get(TRACK_KIND, 1) not in SEEN_OR_HEARD:
                gone.add(said.get(TRACK_NUMBER, 0))
    return gone


def enter_tracks(
    source: Source, outer: Element, told: Findings, gone: set[int]
) -> Iterator[Splice]:
    """Yield what to write instead of what is not kept of the tracks."""
    for track in elements(source, outer.content, outer.end):
        inner = elements(source, track.content, track.end) if track.code == TRACK else ()
        kept = [each.content for each in inner if each.code == TRACK_NUMBER]
        if kept and source.read(kept[0], 1)[0] in gone:
            told.say(*DATA)
            yield from void(track)
    yield from enter(source, outer, told)


def cluster(source: Source, outer: Element, told: Findings, gone: set[int]) -> Iterator[Splice]:
    """Yield what to write instead of what is not kept of a row of sounds and pictures."""
    for part in elements(source, outer.content, outer.end):
        blocks = [part] if part.code == SIMPLE_BLOCK else []
        if part.code == GROUP:
            blocks = [each for each in elements(source, part.content, part.end)
                      if each.code == BLOCK]  # fmt: skip
        numbers = {number(source, each.content, keeps_mark=False)[0] for each in blocks if gone}
        if part.code not in IN_CLUSTER or is_too_long(part) or numbers & gone:
            yield from void(part)
        elif part.code == GROUP:
            yield from enter(source, part, told)


def enter(source: Source, outer: Element, told: Findings, depth: int = 0) -> Iterator[Splice]:
    """Yield what to write instead of the elements in one that are not kept."""
    for part in elements(source, outer.content, outer.end):
        if part.code == SEEK:
            wanted = [each for each in elements(source, part.content, part.end)
                      if each.code == SEEK_ID]  # fmt: skip
            codes = {int.from_bytes(source.exactly(e.content, e.end - e.content)) for e in wanted}
            if not codes <= OUTER:
                yield from void(part)
            else:
                yield from void_others(source, part, {SEEK_ID, SEEK_PLACE})
        elif part.code in ENTERED:
            yield from enter(source, part, told, depth + 1)
        elif part.code in KEPT_IN_SPACES:
            tell(source, part, told)
            yield Splice(part.content, part.end, b" " * (part.end - part.content))
        elif part.code == CODEC_PRIVATE:
            raw = source.exactly(part.content, part.end - part.content)
            blank = blank_codec(raw, told)
            if blank != raw:
                yield Splice(part.content, part.end, blank)
        elif part.code not in ENTERED[outer.code] or is_too_long(part):
            tell(source, part, told)
            yield from void(part)


def is_too_long(part: Element) -> bool:
    """Return whether an element has more bytes than the number that it holds."""
    return part.code not in LONGER and part.end - part.content > 8


def blank_codec(raw: bytes, told: Findings) -> bytes:
    """Return the headers of a codec without labels, of the same length.

    Raises:
        ValueError: The headers make no sense.
    """
    if raw.startswith(b"fLaC"):
        return blank_flac(raw, told)
    for start in (b"\x01vorbis", b"\x80theora"):
        if raw[:1] == b"\x02" and start in raw[:1024]:
            before, behind = COMMENTS[start]
            at = raw.index(before)
            length = raw.index(b"\x05vorbis" if behind else b"\x82theora", at) - at
            tell_comments(raw[at + len(before) : at + length], told)
            return raw[:at] + blank_comments(length, before, behind) + raw[at + length :]
    return raw


def blank_flac(raw: bytes, told: Findings) -> bytes:
    """Return the headers of a FLAC stream without labels."""
    parts, at = [raw[:4]], 4
    while at + 4 <= len(raw):
        end = at + 4 + int.from_bytes(raw[at + 1 : at + 4])
        parts.append(blank_flac_packet(raw[at:end], told))
        at = end
    return b"".join([*parts, raw[at:]])


def tell(source: Source, part: Element, told: Findings, depth: int = 0) -> None:
    """Tell what an element says before it is blanked."""
    if part.code == DATE and part.end - part.content == 8:
        since = int.from_bytes(source.exactly(part.content, 8), signed=True)
        try:
            told.say("Recorded on", moment(EPOCH + timedelta(microseconds=since // 1000)))
        except OverflowError:
            told.say("Recorded on", "yes")
    elif part.code == SIMPLE_TAG:
        tell_tag(source, part, told, depth)
    elif part.code in TEXTS:
        told.tell(TEXTS[part.code], text_of(source, part))
    elif part.code in TOLD_INSIDE and depth < MOST_DEPTH:
        for inner in elements(source, part.content, part.end):
            tell(source, inner, told, depth + 1)


def tell_tag(source: Source, tag: Element, told: Findings, depth: int) -> None:
    """Tell a tag by its name, and the tags inside it."""
    name, value = "", ""
    for inner in elements(source, tag.content, tag.end):
        if inner.code == TAG_NAME:
            name = text_of(source, inner)
        elif inner.code == TAG_STRING:
            value = text_of(source, inner)
        elif inner.code == SIMPLE_TAG and depth < MOST_DEPTH:
            tell_tag(source, inner, told, depth + 1)
    if name != "DURATION":
        told.tell(name, value)


def text_of(source: Source, part: Element) -> str:
    """Return the text of an element."""
    raw = source.exactly(part.content, part.end - part.content)
    return raw.partition(b"\0")[0].decode("utf-8", "replace")


def void(part: Element) -> Iterator[Splice]:
    """Yield an empty element of the same length instead of this one (RFC 8794 11.3.2)."""
    length = part.end - part.start
    if length < 9:
        yield Splice(part.start, part.end, bytes([VOID, 0x80 | length - 2]) + bytes(length - 2))
    else:
        yield Splice(part.start, part.start + 9, b"\xec\x01" + (length - 9).to_bytes(7))
        yield Splice(part.start + 9, part.end)
