"""Films with labels, as cameras, telephones and programs write them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

from tests.evidence.recordings import NAME
from tests.evidence.samples import MADE, box


def wide_box(name: bytes, *content: bytes) -> bytes:
    """A box whose length takes 64 bits."""
    body = b"".join(content)
    return struct.pack(">I4sQ", 1, name, 16 + len(body)) + body


Boxer = Callable[..., bytes]


def handler(kind: bytes, name: bytes, *, counted: bool = False) -> bytes:
    """The box that says what a track is, and its name."""
    said = bytes([len(name)]) + name if counted else name + b"\0"
    return box(b"hdlr", bytes(4) + (b"mhlr" if counted else bytes(4)) + kind + bytes(12) + said)


def itunes(*items: tuple[bytes, str], boxer: Boxer = box) -> bytes:
    """A list of items as iTunes and ffmpeg write it."""
    data = [
        box(name, box(b"data", struct.pack(">II", 1, 0), text.encode())) for name, text in items
    ]
    free = box(
        b"----",
        box(b"mean", bytes(4), b"com.apple.iTunes"),
        box(b"name", bytes(4), b"ARTIST"),
        box(b"data", struct.pack(">II", 1, 0), NAME.encode()),
    )
    return boxer(b"meta", bytes(4), handler(b"mdir", b""), box(b"ilst", *data, free))


def keyed(**items: str) -> bytes:
    """Metadata by keys, as iPhones write it (QuickTime)."""
    names = [f"com.apple.quicktime.{name.replace('__', '.')}".encode() for name in items]
    keys = box(
        b"keys",
        bytes(4),
        struct.pack(">I", len(names)),
        *(struct.pack(">I4s", 8 + len(n), b"mdta") + n for n in names),
    )
    values = [
        box(struct.pack(">I", n), box(b"data", struct.pack(">II", 1, 0), text.encode()))
        for n, text in enumerate(items.values(), 1)
    ]
    return box(b"meta", handler(b"mdta", b""), keys, box(b"ilst", *values))


def loci(place: str) -> bytes:
    """A place as 3GPP has it: 53.7997 north, 1.5333 west."""
    where = struct.pack(">iii", int(-1.5333 * 65536), int(53.7997 * 65536), 0)
    return box(b"loci", bytes(6), place.encode() + b"\0", b"\0", where, b"earth\0\0")


def three_gpp(name: bytes, text: str) -> bytes:
    """A text as 3GPP has it."""
    return box(name, bytes(4), b"\x15\xc7", text.encode() + b"\0")


def quicktime(name: bytes, text: str) -> bytes:
    """A text as QuickTime has it."""
    return box(b"\xa9" + name, struct.pack(">HH", len(text.encode()), 0), text.encode())


SOUND = bytes(range(256)) * 8
TIMES = bytes(4) + MADE + MADE


def film(
    *labels: bytes,
    brand: bytes | None = b"mp42",
    boxer: Boxer = box,
    first: str = "moov",
    in_track: Iterable[bytes] = (),
    more_tracks: Iterable[bytes] = (),
    loose: Iterable[bytes] = (),
    name: bytes = b"microphone of Alma Testwright",
    counted: bool = False,
) -> bytes:
    """A film with these labels, its boxes written by `boxer`, and `first` before the other."""
    media = box(
        b"mdia",
        box(b"mdhd", TIMES, bytes(12)),
        handler(b"soun", name, counted=counted),
        box(b"minf", handler(b"alis", name, counted=counted), box(b"smhd", bytes(8))),
    )
    track = box(b"trak", box(b"tkhd", TIMES, bytes(72)), media, *in_track)
    moov = boxer(b"moov", box(b"mvhd", TIMES, bytes(88)), track, *more_tracks, *labels)
    mdat = boxer(b"mdat", SOUND)
    start = box(b"ftyp", brand, bytes(4), brand) if brand else box(b"wide")
    parts = [moov, mdat] if first == "moov" else [mdat, moov]
    return b"".join([start, *parts, *loose])


def data_track(body: bytes, at: int, kind: bytes = b"meta") -> bytes:
    """A track of data whose one sample, this body, is at a place of the file."""
    table = box(
        b"stbl",
        box(b"stsd", bytes(8)),
        box(b"stts", bytes(8)),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
        box(b"stsz", struct.pack(">IIII", 0, 0, 1, len(body))),
        box(b"stco", struct.pack(">III", 0, 1, at)),
    )
    media = box(b"mdia", box(b"mdhd", TIMES, bytes(12)), handler(kind, b""), box(b"minf", table))
    return box(b"trak", box(b"tkhd", TIMES, bytes(72)), media)
