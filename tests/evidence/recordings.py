"""Recordings of every kind, made here: the same sound with labels in different places."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Iterable

from mutagen.apev2 import APEv2
from mutagen.id3 import COMM, ID3, TDRC, TIT2, TPE1, TXXX
from mutagen.ogg import OggPage

from tests.evidence.samples import noise

NAME = "Alma Testwright"
"""The invented person whose name is planted."""
PLACE = "+53.7997-001.5333"
FRAME = b"\xff\xfb\x90\x64" + bytes(413)
"""A silent frame of an MP3 (128 kbit/s, 44.1 kHz)."""
AAC_FRAME = b"\xff\xf1\x50\x80\x03\xff\xfc" + bytes(24)


def id3(version: int = 4, encoding: int = 3) -> bytes:
    """An ID3 label with a title, a person, a date, a comment and a free text."""
    tags = ID3()
    for frame in (
        TIT2(encoding=encoding, text=f"Talk with {NAME}"),
        TPE1(encoding=encoding, text=NAME),
        TDRC(encoding=encoding, text="2026-05-03 14:05"),
        COMM(encoding=encoding, lang="eng", desc="", text=f"comment of {NAME}"),
        TXXX(encoding=encoding, desc="LOCATION", text=PLACE + "/"),
    ):
        tags.add(frame)
    out = io.BytesIO()
    if version == 3:
        tags.update_to_v23()
    tags.save(out, v2_version=version, padding=lambda _: 64)
    return out.getvalue()


def id3v1() -> bytes:
    """An ID3v1 label: 128 bytes at the end."""
    return (
        b"TAG" + b"A title".ljust(30, b"\0") + NAME.encode().ljust(30, b"\0") + bytes(64) + b"\xff"
    )


def ape() -> bytes:
    """An APE label with header and footer."""
    tags, out = APEv2(), io.BytesIO(FRAME * 3)
    tags["Artist"], tags["Comment"] = NAME, f"comment of {NAME}"
    tags.save(out)
    return out.getvalue()[len(FRAME) * 3 :]


def lyrics() -> bytes:
    """A Lyrics3v2 label."""
    body = b"LYRICSBEGIN" + b"IND0000200" + b"AUT%05d" % len(NAME) + NAME.encode()
    return body + b"%06dLYRICS200" % len(body)


def mp3(*before: bytes, behind: Iterable[bytes] = (), between: bytes = b"") -> bytes:
    """An MP3 with these labels around and between its frames."""
    return b"".join([*before, FRAME * 5, between, FRAME * 5, *behind])


def chunk(name: bytes, body: bytes, order: str = "<") -> bytes:
    """A chunk of a RIFF file."""
    return name + struct.pack(order + "I", len(body)) + body + bytes(len(body) % 2)


def wav(*more: bytes, before: Iterable[bytes] = (), behind: bytes = b"") -> bytes:
    """A real WAV with these chunks before and after its sound."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(noise(4000))
    body = out.getvalue()[12:36] + b"".join(before) + out.getvalue()[36:] + b"".join(more)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body + behind


def info(**texts: str) -> bytes:
    """A list of labels of a WAV."""
    parts = [chunk(name.encode(), value.encode() + b"\0") for name, value in texts.items()]
    return chunk(b"LIST", b"INFO" + b"".join(parts))


def bext() -> bytes:
    """A broadcast chunk: description, originator, date."""
    return chunk(
        b"bext",
        b"Talk".ljust(256, b"\0")
        + NAME.encode().ljust(32, b"\0")
        + bytes(32)
        + b"2026-05-03"
        + b"14:05:00"
        + bytes(264),
    )


def caf(*more: bytes, is_open: bool = False) -> bytes:
    """A CAF with labels; `is_open` leaves the length of its sound open."""
    desc = struct.pack(">d4sIIIII", 8000.0, b"lpcm", 0, 2, 1, 1, 16)
    texts = f"artist\0{NAME}\0recorded date\02026\0".encode()
    sound = bytes(4) + noise(2000)
    length = -1 if is_open else len(sound)
    return b"".join(
        [
            b"caff\0\1\0\0",
            caf_chunk(b"desc", desc),
            caf_chunk(b"info", struct.pack(">I", 2) + texts),
            *more,
            b"data",
            struct.pack(">q", length),
            sound,
        ]
    )


def caf_chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a CAF file."""
    return name + struct.pack(">q", len(body)) + body


def comments(*texts: str, vendor: str = "libtest 1.0") -> bytes:
    """A list of comments (Vorbis I 5.2)."""
    said = [vendor.encode(), *(text.encode() for text in texts)]
    parts = [struct.pack("<I", len(each)) + each for each in said]
    return parts[0] + struct.pack("<I", len(texts)) + b"".join(parts[1:])


LABELS = (f"TITLE=Talk with {NAME}", f"artist={NAME}", "DATE=2026-05-03", f"LOCATION={PLACE}")


def ogg(*packets: bytes, serial: int = 7, size: int = 4096, apart: bool = True) -> bytes:
    """A stream of these packets, in pages of about this size; the headers `apart` or together."""
    groups = [packets[:1], packets[1:2], packets[2:]] if apart else [packets]
    pages: list[OggPage] = []
    for group in filter(None, groups):
        pages += OggPage.from_packets(list(group), len(pages), default_size=size)
    for number, page in enumerate(pages):
        page.serial, page.sequence, page.position = serial, number, 0 if number < 2 else 960
    pages[0].first, pages[-1].last = True, True
    return b"".join(page.write() for page in pages)


def opus_packets(*texts: str) -> list[bytes]:
    """The packets of a voice message."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    return [head, b"OpusTags" + comments(*(texts or LABELS)), *(noise(900) for _ in range(4))]


def vorbis_packets() -> list[bytes]:
    """The packets of an Ogg Vorbis sound; the headers are enough to judge it."""
    head = b"\x01vorbis" + struct.pack("<IBIIIIBB", 0, 1, 44100, 0, 0, 0, 0xB8, 1)
    return [head, b"\x03vorbis" + comments(*LABELS) + b"\1", b"\x05vorbis" + noise(500), noise(300)]


def theora_packets() -> list[bytes]:
    """The packets of an Ogg Theora film."""
    head = b"\x80theora\3\2\1" + bytes(32)
    return [head, b"\x81theora" + comments(*LABELS), b"\x82theora" + noise(500), noise(300)]


def speex_packets() -> list[bytes]:
    """The packets of an Ogg Speex sound."""
    return [b"Speex   1.2".ljust(80, b"\0"), comments(*LABELS), noise(300)]


def flac_in_ogg_packets() -> list[bytes]:
    """The packets of FLAC in Ogg."""
    stream = b"\0\0\0\x22" + bytes(34)
    body = comments(*LABELS)
    return [
        b"\x7fFLAC\1\0" + struct.pack(">H", 2) + b"fLaC" + stream,
        b"\x04" + len(body).to_bytes(3) + body,
        b"\x86" + (len(NAME) + 4).to_bytes(3) + bytes(4) + NAME.encode(),
        b"\xff\xf8" + noise(300),
    ]


def flac_block(code: int, body: bytes) -> bytes:
    """A block of FLAC before the sound."""
    return bytes([code]) + len(body).to_bytes(3) + body


def flac(*order: str, before: bytes = b"", behind: bytes = b"") -> bytes:
    """A FLAC with labels in this order."""
    known = {
        "comments": flac_block(4, comments(*LABELS)),
        "picture": flac_block(6, struct.pack(">II", 3, 0) + NAME.encode() + bytes(40)),
        "application": flac_block(2, b"riff" + NAME.encode()),
        "padding": flac_block(1, bytes(100)),
        "seek": flac_block(3, bytes(18)),
        "cue": flac_block(5, NAME.encode().ljust(396, b"\0")),
    }
    blocks = [
        flac_block(0, bytes(10) + b"\x0a\xc4\x42\xf0" + bytes(20)),
        *(known[n] for n in order),
    ]
    blocks[-1] = bytes([blocks[-1][0] | 0x80]) + blocks[-1][1:]
    return before + b"fLaC" + b"".join(blocks) + b"\xff\xf8\x69\x0c" + noise(600) + behind


def element(code: int, *content: bytes, width: int = 0, is_open: bool = False) -> bytes:
    """An element of Matroska; `width` is how many bytes say its length."""
    body = b"".join(content)
    raw = code.to_bytes((code.bit_length() + 7) // 8)
    width = width or next(n for n in range(1, 9) if len(body) < (1 << 7 * n) - 1)
    length = (1 << 7 * width) - 1 if is_open else len(body)
    return raw + (length | 1 << 7 * width).to_bytes(width) + body


def matroska(
    order: tuple[str, ...] = ("seek", "info", "tracks", "tags", "attached", "chapters", "cluster"),
    *,
    width: int = 0,
    live: bool = False,
    crc: bool = False,
) -> bytes:
    """A WebM or MKV with its parts in this order; `live` leaves lengths open."""
    text = NAME.encode()

    def tag(name: str, value: str, *more: bytes) -> bytes:
        return element(
            0x67C8, element(0x45A3, name.encode()), element(0x4487, value.encode()), *more
        )

    nested = tag("COMPOSER", NAME, tag("COMMENT", f"deep inside, {NAME}"))
    check = element(0xBF, bytes(4)) if crc else b""
    block = element(0xA3, b"\x81\0\0\x80" + noise(700))
    made = int((1_700_000_000 - 978_307_200) * 1e9).to_bytes(8, signed=True)
    known = {
        "seek": element(
            0x114D9B74,
            element(0x4DBB, element(0x53AB, b"\x12\x54\xc3\x67"), element(0x53AC, b"\0")),
        ),
        "info": element(
            0x1549A966,
            check,
            element(0x2AD7B1, b"\x0f\x42\x40"),
            element(0x7BA9, b"Talk, " + text),
            element(0x4D80, b"libtest"),
            element(0x5741, b"recorder of " + text),
            element(0x4461, made),
            element(0x73A4, noise(16)),
            element(0x7384, text + b".mkv"),
            width=width,
        ),
        "tracks": element(
            0x1654AE6B,
            check,
            element(
                0xAE,
                element(0xD7, b"\1"),
                element(0x73C5, b"\1"),
                element(0x83, b"\2"),
                element(0x536E, b"microphone of " + text),
                element(0x86, b"A_OPUS"),
                element(0x258688, text),
                element(0xE1, element(0x9F, b"\1")),
            ),
        ),
        "tags": element(
            0x1254C367,
            element(0x7373, element(0x63C0), tag("ARTIST", NAME), nested, tag("LOCATION", PLACE)),
        ),
        "attached": element(
            0x1941A469,
            element(
                0x61A7,
                element(0x466E, text + b".jpg"),
                element(0x4660, b"image/jpeg"),
                element(0x465C, text),
            ),
        ),
        "chapters": element(
            0x1043A770, element(0x45B9, element(0xB6, element(0x80, element(0x85, text))))
        ),
        "void": element(0xEC, text),
        "cluster": element(0x1F43B675, check, element(0xE7, b"\0"), block, is_open=live),
    }
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    return head + element(0x18538067, *(known[name] for name in order), is_open=live, width=8)
