"""Made-up recordings; clean one, and read what the cleaner told."""

from __future__ import annotations

import io
from collections.abc import Callable

from grievances.evidence.sanitiser.protocol import Found
from tests.evidence import film_recordings
from tests.evidence import recordings as made
from tests.evidence.recordings import NAME
from tests.evidence.samples import box, noise

Cleaner = Callable[..., str]


def cleaned(clean: Cleaner, body: bytes) -> tuple[bytes, Found]:
    """The copy, with what was told; the name is in the original and nowhere in the copy."""
    found: Found = []
    copy = io.BytesIO()
    assert clean(io.BytesIO(body), copy, found) == "cleaned", found
    raw = copy.getvalue()
    for spelt in (NAME.encode(), NAME.encode("utf-16-le"), NAME.encode("utf-16-be")[1:]):
        assert spelt not in raw
    assert b"53.7997" not in raw
    return raw, found


def told(found: Found) -> dict[str, str]:
    return dict(reversed(found))


MP3S = {
    "ID3v2.4": lambda: made.mp3(made.id3()),
    "ID3v2.3 in UTF-16": lambda: made.mp3(made.id3(3, encoding=1)),
    "two labels before": lambda: made.mp3(made.id3(), made.id3(3, encoding=1)),
    "a label between frames": lambda: made.mp3(between=made.id3()),
    "APE between frames": lambda: made.mp3(between=made.ape()),
    "ID3v1": lambda: made.mp3(behind=[made.id3v1()]),
    "APE, then ID3v1": lambda: made.mp3(behind=[made.ape(), made.id3v1()]),
    "ID3v1, then APE": lambda: made.mp3(behind=[made.id3v1(), made.ape()]),
    "lyrics, then ID3v1": lambda: made.mp3(behind=[made.lyrics(), made.id3v1()]),
    "APE before": lambda: made.mp3(made.ape()),
    "all": lambda: made.mp3(made.id3(), behind=[made.ape(), made.lyrics(), made.id3v1()]),
}


WAVS = {
    "info behind": lambda: made.wav(made.info(IART=NAME, INAM="Talk", ICRD="2026-05-03")),
    "info before": lambda: made.wav(before=[made.info(IART=NAME)]),
    "names in small letters": lambda: made.wav(made.info(iart=NAME)),
    "ID3 inside": lambda: made.wav(made.chunk(b"id3 ", made.id3())),
    "ID3 INSIDE": lambda: made.wav(made.chunk(b"ID3 ", made.id3(3, 1))),
    "broadcast": lambda: made.wav(before=[made.bext()]),
    "XML": lambda: made.wav(made.chunk(b"iXML", f"<BWFXML><NOTE>{NAME}</NOTE></BWFXML>".encode())),
    "XMP": lambda: made.wav(made.chunk(b"_PMX", f"<x>{NAME}</x>".encode())),
    "unknown": lambda: made.wav(made.chunk(b"zzzz", NAME.encode())),
    "labels of marks": lambda: made.wav(
        made.chunk(b"LIST", b"adtl" + made.chunk(b"labl", bytes(4) + NAME.encode()))
    ),
    "junk": lambda: made.wav(made.chunk(b"JUNK", NAME.encode())),
    "behind the end": lambda: made.wav(behind=made.id3v1()),
}


FILMS = {
    "iTunes": lambda **o: film_recordings.film(
        box(
            b"udta",
            film_recordings.itunes(
                (b"\xa9nam", "Talk"), (b"\xa9ART", NAME), (b"\xa9day", "2026-05-03T14:05:00Z")
            ),
        ),
        **o,
    ),
    "iTunes beside": lambda **o: film_recordings.film(
        film_recordings.itunes((b"\xa9ART", NAME)), **o
    ),
    "iPhone": lambda **o: film_recordings.film(
        film_recordings.keyed(
            make="Apple",
            model="iPhone 13",
            author=NAME,
            location__ISO6709=made.PLACE + "+031.2/",
            creationdate="2026-05-03T15:05:00+0100",
        ),
        **o,
    ),
    "QuickTime": lambda **o: film_recordings.film(
        box(
            b"udta",
            film_recordings.quicktime(b"xyz", made.PLACE + "/"),
            film_recordings.quicktime(b"ART", NAME),
            film_recordings.quicktime(b"mod", "iPhone 13"),
        ),
        **o,
    ),
    "3GPP": lambda **o: film_recordings.film(
        box(
            b"udta",
            film_recordings.loci("Home of " + NAME),
            film_recordings.three_gpp(b"auth", NAME),
            film_recordings.three_gpp(b"titl", "Talk"),
        ),
        **o,
    ),
    "in the track": lambda **o: film_recordings.film(
        in_track=[
            box(b"udta", box(b"name", NAME.encode())),
            film_recordings.itunes((b"\xa9ART", NAME)),
        ],
        **o,
    ),
    "beside the film": lambda **o: film_recordings.film(
        loose=[
            film_recordings.itunes((b"\xa9ART", NAME)),
            box(b"uuid", noise(16), NAME.encode()),
            box(b"free", NAME.encode()),
        ],
        **o,
    ),
    "unknown box": lambda **o: film_recordings.film(
        box(b"SDLN", NAME.encode()), loose=[box(b"sefd", NAME.encode())], **o
    ),
    "Windows": lambda **o: film_recordings.film(
        box(b"udta", box(b"Xtra", NAME.encode("utf-16-le"))), **o
    ),
}
