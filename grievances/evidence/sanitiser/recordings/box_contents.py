"""Blank what is in a box that is kept, but is no part of it.

Source: ISO/IEC 14496-12 8 and 12. Most boxes have a length that follows from what they hold. Bytes
behind that, private boxes beside a codec, and bytes among the samples that belong to none are
where makers put places and names.
"""

from __future__ import annotations

from collections.abc import Iterator

from grievances.evidence.sanitiser.recordings import sample_places
from grievances.evidence.sanitiser.recordings.boxes import Box, Boxes
from grievances.evidence.sanitiser.recordings.splices import Source, Splice

FIXED = {
    b"mvhd": (100, 112), b"tkhd": (84, 96), b"mdhd": (24, 36), b"vmhd": (12, 12),
    b"smhd": (8, 8), b"hmhd": (20, 20), b"nmhd": (4, 4), b"sthd": (4, 4), b"mehd": (8, 12),
    b"trex": (24, 24), b"mfhd": (8, 8), b"tfdt": (8, 12),
}  # fmt: skip
"""The length of the content of a box in bytes, in version 0 and in version 1."""
ROWS = {
    b"stts": (8, 8), b"ctts": (8, 8), b"stss": (4, 4), b"stsc": (12, 12), b"stco": (4, 4),
    b"co64": (8, 8), b"elst": (12, 20),
}  # fmt: skip
"""The length of a row of a table in bytes, in version 0 and in version 1."""
PREDEFINED = (72, 96)
"""Bytes of a `mvhd` of version 0 that hold nothing (8.2.2); 12 later in version 1."""
BESIDE_A_CODEC = frozenset(
    b"avcC hvcC lhvC vvcC av1C vpcC esds pasp btrt clap fiel gama damr d263 dac3 dec3 dac4 dOps "
    b"dfLa alac wave chan chnl frma mp4a sinf schm schi tenc stsl ftab rtng dvcC dvvC mdcv clli "
    b"amve lhvE hvcE glbl avcE jp2h jhdr SA3D st3d sv3d samr sawb enda cdec SDHD pcmC srat "
    b"svhd proj prhd equi cbmp rotn vexu eyes stri hero".split()
)
"""Boxes with which a sample entry says how to decode."""
ENTRY_BYTES = {b"vide": 78, b"tmcd": 26}
SOUND_BYTES = {0: 28, 1: 44, 2: 64}
"""The length of an entry before the boxes in it, by its version of sound."""
NAMES_COLOURS = (b"nclx", b"nclc")
"""Ways of stating colours by numbers; the others are profiles (12.1.5)."""


def strip_tail(source: Source, box: Box) -> Iterator[Splice]:
    """Yield what to blank behind the content of a box that has a length of its own."""
    head = source.read(box.content, 8)
    version = 1 if head[:1] == b"\1" else 0
    length = None
    if box.name in FIXED:
        length = FIXED[box.name][version]
    elif box.name in ROWS and len(head) == 8:
        length = 8 + ROWS[box.name][version] * int.from_bytes(head[4:8])
    elif box.name == b"stsz":
        counts = source.read(box.content + 4, 8)
        is_same = bool(int.from_bytes(counts[:4]))
        length = 12 if is_same else 12 + 4 * int.from_bytes(counts[4:8])
    if length is not None and box.content + length < box.end:
        yield Splice(box.content + length, box.end)
    if box.name == b"mvhd":
        more = 12 * version
        start, end = (min(box.content + each + more, box.end) for each in PREDEFINED)
        yield Splice(start, end)


def strip_entries(source: Source, table: Box, kind: bytes, boxes: Boxes) -> Iterator[Splice]:
    """Yield what to blank in the entries that say how samples of a kind are stored."""
    for entry in boxes(source, table.content + 8, table.end):
        length = ENTRY_BYTES.get(kind)
        if kind == b"soun":
            version = int.from_bytes(source.read(entry.content + 8, 2))
            length = SOUND_BYTES.get(version)
        if length is not None and entry.content + length <= entry.end:
            yield from _strip_inner(source, entry.content + length, entry.end, boxes)


def _strip_inner(source: Source, start: int, end: int, boxes: Boxes) -> Iterator[Splice]:
    at = start
    try:
        for box in boxes(source, start, end):
            at = box.end
            is_profile = box.name == b"colr" and source.read(box.content, 4) not in NAMES_COLOURS
            if is_profile or box.name not in {*BESIDE_A_CODEC, b"colr"}:
                yield Splice(box.start + 4, box.start + 8, b"free")
                yield Splice(box.content, box.end)
            elif box.name == b"wave":
                yield from _strip_inner(source, box.content, box.end, boxes)
    except ValueError:
        yield Splice(at, end)


def unused(source: Source, tracks: list[Box], boxes: Boxes) -> Iterator[Splice]:
    """Yield the places among the samples of a film that belong to no track.

    Nothing is yielded where a track does not say how long each sample is (old QuickTime sounds).
    """
    used: list[tuple[int, int]] = []
    for track in tracks:
        places = [*sample_places.of_track(source, track, boxes)]
        if not places or not sample_places.has_sizes(source, track, boxes):
            return
        used += places
    for box in boxes(source, 0, source.size) if tracks else ():
        if box.name == b"mdat":
            at = box.content
            for start, end in sorted(used):
                if at < start and box.content <= start <= box.end:
                    yield Splice(at, start)
                if box.content <= start <= box.end:
                    at = max(at, end)
            if at < box.end:
                yield Splice(at, box.end)
