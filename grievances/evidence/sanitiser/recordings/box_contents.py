"""Blank what is in a box that is kept, but is no part of it.

Source: ISO/IEC 14496-12 8 and 12. Most boxes have a length that follows from what they hold. Bytes
behind that, private boxes beside a codec, and bytes among the samples that belong to none are
where makers put places and names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from grievances.evidence.sanitiser.recordings import sample_places
from grievances.evidence.sanitiser.recordings.splices import Box, Boxes, Source, Splice

FIXED = {
    b"mvhd": (100, 112), b"tkhd": (84, 96), b"mdhd": (24, 36), b"vmhd": (12, 12),
    b"smhd": (8, 8), b"hmhd": (20, 20), b"nmhd": (4, 4), b"sthd": (4, 4), b"mehd": (8, 12),
    b"trex": (24, 24), b"mfhd": (8, 8), b"tfdt": (8, 12), b"gmin": (16, 16), b"clef": (12, 12),
    b"prof": (12, 12), b"enof": (12, 12), b"load": (16, 16),
}  # fmt: skip
"""The length of the content of a box in bytes, in version 0 and in version 1."""
ROWS = {
    b"stts": (8, 8), b"ctts": (8, 8), b"stss": (4, 4), b"stsc": (12, 12), b"stco": (4, 4),
    b"co64": (8, 8), b"elst": (12, 20), b"stps": (4, 4), b"stsh": (8, 8),
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
TEXT_BYTES = {b"tx3g": 38, b"c608": 8, b"c708": 8, b"wvtt": 8}
"""The length of an entry of subtitles before the boxes in it, by its name."""
BRAND = re.compile(
    rb"isom|iso[2-9a-d]|is[56]m|mp[47]\d|avc1|[hd][ve]c1|hev1|av01|dash|msdh|msix|cmf[2cfhls]|qt  |"
    rb"M4[ABPV][ HP]|f4v |3g[2peghrst][\da-j]|kddi|mmp4|MSNV|XAVC|mqt |CAEP|caqv|niko|pana|isml|"
    rb"dby1|mp21|lmsg|sims|NDSC|NDSM|NDSS|F4[VPAB] |nvr1|ftyp|MiAB|MiHB|heic|mif1|\0{4}"
)
"""Brands of players and cameras (mp4ra.org)."""
REFERENCES = frozenset(b"tmcd hint cdsc font hind vdep vplx subt sync auxl thmb clcp scpt ssrc "
                       b"folw forc fall mpod dpnd ipir sbas tile".split())  # fmt: skip
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
    elif box.name in COUNTED:
        length = COUNTED[box.name](source, box)
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


def group_bytes(source: Source, box: Box) -> int:
    """Return the length of a list that puts samples into groups (8.9.2)."""
    start = 12 if source.read(box.content, 1) == b"\1" else 8
    return start + 4 + 8 * int.from_bytes(source.read(box.content + start, 4))


def description_bytes(source: Source, box: Box) -> int | None:
    """Return the length of a list of groups (8.9.3); None if it varies."""
    size = int.from_bytes(source.read(box.content + 8, 4))
    count = int.from_bytes(source.read(box.content + 12, 4))
    return 16 + size * count if source.read(box.content, 1) == b"\1" and size else None


def fragment_bytes(source: Source, box: Box) -> int:
    """Return the length of the head of a fragment (8.8.7)."""
    flags = int.from_bytes(source.read(box.content + 1, 3))
    fields = ((0x1, 8), (0x2, 4), (0x8, 4), (0x10, 4), (0x20, 4))
    return 8 + sum(size for flag, size in fields if flags & flag)


def run_bytes(source: Source, box: Box) -> int:
    """Return the length of a list of the samples of a fragment (8.8.8)."""
    flags = int.from_bytes(source.read(box.content + 1, 3))
    head = 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    each = sum(4 for flag in (0x100, 0x200, 0x400, 0x800) if flags & flag)
    return head + each * int.from_bytes(source.read(box.content + 4, 4))


COUNTED: dict[bytes, Callable[[Source, Box], int | None]] = {
    b"sbgp": group_bytes,
    b"sgpd": description_bytes,
    b"tfhd": fragment_bytes,
    b"trun": run_bytes,
}
"""Boxes whose length follows from what they hold."""


def strip_brands(source: Source, box: Box) -> Iterator[Splice]:
    """Yield what to write over brands that no player knows (4.3)."""
    for at in range(box.content + 8, box.end, 4):
        if not BRAND.fullmatch(source.read(at, min(4, box.end - at))):
            yield Splice(at, min(at + 4, box.end), b"isom"[: box.end - at])


def strip_references(source: Source, box: Box, numbers: set[int], boxes: Boxes) -> Iterator[Splice]:
    """Yield what to blank of a list of other tracks (8.3.3)."""
    for entry in boxes(source, box.content, box.end):
        if entry.name not in REFERENCES:
            yield Splice(entry.start + 4, entry.start + 8, b"free")
            yield Splice(entry.content, entry.end)
            continue
        for at in range(entry.content, entry.end, 4):
            if int.from_bytes(source.read(at, 4)) not in numbers:
                yield Splice(at, min(at + 4, entry.end))


def strip_entries(source: Source, table: Box, kind: bytes, boxes: Boxes) -> Iterator[Splice]:
    """Yield what to blank in the entries that say how samples of a kind are stored."""
    count = int.from_bytes(source.read(table.content + 4, 4))
    for number, entry in enumerate(boxes(source, table.content + 8, table.end)):
        if number >= count:
            yield Splice(entry.start + 4, entry.start + 8, b"free")
            yield Splice(entry.content, entry.end)
        length = TEXT_BYTES.get(entry.name, ENTRY_BYTES.get(kind))
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
