"""Blank where, when and with what a recording was made (MP4, MOV, 3GP, M4A).

These files are nested boxes (ISO/IEC 14496-12 4.2, QuickTime File Format). The boxes that sound and
picture need are kept; every other becomes free space of the same length. So nothing else moves, and
sound and picture stay as they are.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import IO

from grievances.evidence.sanitiser.plain_words import moment
from grievances.evidence.sanitiser.protocol import Found
from grievances.evidence.sanitiser.recordings import box_contents, box_labels, sample_places
from grievances.evidence.sanitiser.recordings.labels import DATA, Findings
from grievances.evidence.sanitiser.recordings.picture_comments import comments
from grievances.evidence.sanitiser.recordings.splices import Box, Source, Splice, write

FREE = (b"free", b"skip", b"wide")
TABLES = (
    "stsd stts ctts stss stsc stsz stz2 stco co64 sdtp sbgp sgpd cslg subs saiz saio stps stsh "
    "padb stdp"
)
KEPT = {
    parent.encode(): frozenset(name.encode() for name in names.split())
    for parent, names in {
        "": "ftyp styp moov mdat moof sidx ssix pdin",
        "moov": "mvhd trak mvex iods",
        "trak": "tkhd edts mdia tref trgr tapt load",
        "edts": "elst",
        "tapt": "clef prof enof",
        "mdia": "mdhd hdlr minf elng",
        "mvex": "mehd trex",
        "gmhd": "gmin text tmcd",
        "tmcd": "tcmi",
        "minf": "vmhd smhd hmhd nmhd sthd gmhd hdlr dinf stbl",
        "stbl": TABLES,
        "dinf": "dref",
        "moof": "mfhd traf",
        "traf": "tfhd tfdt trun sdtp sbgp sgpd subs saiz saio senc",
    }.items()
}
"""The boxes that are kept of each one that is entered (14496-12 table 1)."""
TIMED = (b"mvhd", b"tkhd", b"mdhd")
"""Headers that begin with the times of making and changing (8.2.2, 8.3.2, 8.4.2)."""
SEEN_OR_HEARD = (
    b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp", b"tmcd", b"auxv", b"pict", b"hint",
)  # fmt: skip
"""Kinds of tracks that a person sees or hears; others record places and movements."""
EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
MOST_BOXES = 20_000
NAME_OF_HANDLER, COMPRESSOR, FONT_OF_TIMES, MATRIX = 24, 42, 24, 36
"""Places of texts in a handler (8.4.3), an entry (12.1.3) and times."""


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Copy the recording with its details blanked.

    Returns:
        `cleaned`, or `failed` for one that is not whole or in whose copy a detail is left.
    """
    source, told = Source(original), Findings(found)
    try:
        splices = [*look(source, Box(b"", 0, 0, source.size), told)]
        outer = [*boxes(source, 0, source.size)]
        films = [box for box in outer if box.name == b"moov"]
        if not films:
            return "failed"
        if not any(box.name == b"moof" for box in outer):
            splices += box_contents.unused(source, tracks_of(source, films[0]), boxes)
    except (ValueError, struct.error):
        return "failed"
    places = [*places_of_pictures(source, Box(b"", 0, 0, source.size))]
    return write(source, copy, [*splices, *comments(source, told, places)], told)


def places_of_pictures(source: Source, outer: Box) -> Iterator[tuple[int, int]]:
    """Yield where samples and the descriptions of codecs are: (start, end) in bytes."""
    for box in boxes(source, outer.content, outer.end):
        if box.name in {b"mdat", b"stsd"}:
            yield box.content, box.end
        elif box.name in KEPT and box.name != b"":
            yield from places_of_pictures(source, box)


def look(source: Source, outer: Box, told: Findings) -> Iterator[Splice]:
    """Yield what to write instead of the boxes inside `outer` that are not kept.

    Raises:
        ValueError: A box does not fit, or packs others in a way that we do not open.
    """
    for box in boxes(source, outer.content, outer.end):
        if box.name == b"cmov":
            raise ValueError("a packed movie")
        if box.name == b"trak" and not is_seen_or_heard(source, box, outer):
            yield from drop_track(source, box, told)
        elif box.name in FREE:
            yield Splice(box.content, box.end)
        elif box.name not in KEPT[outer.name]:
            box_labels.tell(source, box.name, box.content, box.end, told)
            yield from drop(box)
        elif box.name in KEPT:
            yield from look(source, box, told)
            if box.name == b"trak":
                yield from strip_tables(source, box)
        else:
            yield from blank_inside(source, box, told)


def drop(box: Box) -> Iterator[Splice]:
    """Yield free space instead of a box."""
    yield Splice(box.start + 4, box.start + 8, b"free")
    yield Splice(box.content, box.end)


def tracks_of(source: Source, film: Box) -> list[Box]:
    """Return the tracks of a film that stay."""
    tracks = [box for box in boxes(source, film.content, film.end) if box.name == b"trak"]
    return [each for each in tracks if is_seen_or_heard(source, each, film)]


def is_seen_or_heard(source: Source, track: Box, film: Box) -> bool:
    """Return whether a track is more than data, and more than the names of chapters."""
    kind = kind_of_track(source, track)
    is_list = kind == b"text" and number_of(source, track) in chapter_lists(source, film)
    return kind in SEEN_OR_HEARD and not is_list


def number_of(source: Source, track: Box) -> int:
    """Return the number of a track (8.3.2); 0 when it has none."""
    for box in boxes(source, track.content, track.end):
        if box.name == b"tkhd":
            at = 20 if source.read(box.content, 1) == b"\1" else 12
            return int.from_bytes(source.read(box.content + at, 4))
    return 0


def numbers_of_tracks(source: Source) -> set[int]:
    """Return the numbers of all tracks of a file."""
    return {
        number_of(source, track)
        for film in boxes(source, 0, source.size)
        for track in (boxes(source, film.content, film.end) if film.name == b"moov" else ())
        if track.name == b"trak"
    }


def chapter_lists(source: Source, film: Box) -> set[int]:
    """Return the numbers of the tracks whose texts are the names of chapters."""
    numbers: set[int] = set()
    for track in boxes(source, film.content, film.end):
        for box in boxes(source, track.content, track.end) if track.name == b"trak" else ():
            for entry in boxes(source, box.content, box.end) if box.name == b"tref" else ():
                if entry.name == b"chap":
                    raw = source.exactly(entry.content, (entry.end - entry.content) // 4 * 4)
                    numbers |= {each for (each,) in struct.iter_unpack(">I", raw)}
    return numbers


def blank_inside(source: Source, box: Box, told: Findings) -> Iterator[Splice]:
    """Yield what to write over the times and texts in a box that is kept."""
    yield from box_contents.strip_tail(source, box)
    if box.name in TIMED:
        yield blank_times(source, box, told)
    elif box.name == b"hdlr":
        box_labels.tell_handler(source, box.content + NAME_OF_HANDLER, box.end, told)
        yield Splice(min(box.content + NAME_OF_HANDLER, box.end), box.end)
    elif box.name in {b"ftyp", b"styp"}:
        yield from box_contents.strip_brands(source, box)
    elif box.name == b"tref":
        numbers = numbers_of_tracks(source)
        yield from box_contents.strip_references(source, box, numbers, boxes)
    elif box.name == b"tcmi":
        yield Splice(min(box.content + FONT_OF_TIMES, box.end), box.end)
    elif box.name == b"text":
        yield Splice(min(box.content + MATRIX, box.end), box.end)
    elif box.name == b"dref":
        for entry in boxes(source, box.content + 8, box.end):
            yield Splice(min(entry.content + 4, entry.end), entry.end)
    elif box.name == b"stsd":
        yield from blank_compressors(source, box, told)


def blank_compressors(source: Source, table: Box, told: Findings) -> Iterator[Splice]:
    """Yield what to write over the names of codecs in the entries of a table."""
    for entry in boxes(source, table.content + 8, table.end):
        at = entry.content + COMPRESSOR
        # Only a picture has a place for this name; then its depth and -1 follow.
        if entry.end - at >= 36 and source.read(at + 34, 2) == b"\xff\xff":
            length = source.read(at, 1)[0]
            box_labels.tell_text("Name of a codec", source.read(at + 1, min(31, length)), told)
            yield Splice(at, at + 32)


def kind_of_track(source: Source, track: Box) -> bytes:
    """Return the kind of a track, as its handler says (8.4.3); else `vide`."""
    for media in boxes(source, track.content, track.end):
        if media.name == b"mdia":
            for box in boxes(source, media.content, media.end):
                if box.name == b"hdlr":
                    return source.read(box.content + 8, 4)
    return b"vide"


def strip_tables(source: Source, track: Box) -> Iterator[Splice]:
    """Yield what to blank where a track says how its samples are stored."""
    kind, inside = kind_of_track(source, track), [track]
    while inside:
        outer = inside.pop()
        for box in boxes(source, outer.content, outer.end):
            if box.name in {b"mdia", b"minf", b"stbl"}:
                inside.append(box)
            elif box.name == b"stsd":
                yield from box_contents.strip_entries(source, box, kind, boxes)


def drop_track(source: Source, track: Box, told: Findings) -> Iterator[Splice]:
    """Yield free space instead of a track and of its samples.

    Raises:
        ValueError: Its samples are in fragments.
    """
    if any(box.name == b"moof" for box in boxes(source, 0, source.size)):
        raise ValueError("a track of data in fragments")
    is_list = kind_of_track(source, track) == b"text"
    what, said = ("Names of chapters", "yes") if is_list else DATA
    told.say(what, said)
    for start, end in sample_places.of_track(source, track, boxes):
        yield Splice(start, min(end, source.size))
    yield from drop(track)


def blank_times(source: Source, box: Box, told: Findings) -> Splice:
    """Return the two times of a header to blank, and tell the time of making."""
    version = source.exactly(box.content, 4)[0]
    length = 8 if version == 1 else 4
    made = int.from_bytes(source.exactly(box.content + 4, length))
    if made and box.name == b"mvhd":
        told.say("Recorded on", moment(EPOCH + timedelta(seconds=min(made, 2**33))))
    return Splice(box.content + 4, box.content + 4 + 2 * length)


def boxes(source: Source, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two offsets of the file.

    Zeros may end a list of boxes, as QuickTime writes them.

    Raises:
        ValueError: A box does not fit, or there are more than MOST_BOXES.
    """
    for _ in range(MOST_BOXES):
        if start >= end or (end - start < 8 and not source.read(start, end - start).strip(b"\0")):
            return
        length, name = struct.unpack(">I4s", source.exactly(start, 8))
        content = start + 8
        if length == 1:
            (length,) = struct.unpack(">Q", source.exactly(content, 8))
            content += 8
        stop = end if length == 0 else start + length
        if not content <= stop <= end:
            raise ValueError("a box that does not fit")
        yield Box(name, start, content, stop)
        start = stop
    raise ValueError("too many boxes")
