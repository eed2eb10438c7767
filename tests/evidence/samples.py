"""Made-up files of every kind: harmless ones, ones that give something away, hostile ones."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pikepdf
from PIL import Image
from pillow_heif import register_heif_opener

register_heif_opener()

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test file that every virus scanner reports, and which does nothing."""
TEXT = "What I wrote down that evening. Rota: café, 7 pm.\n".encode()
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"


def box(name: bytes, *content: bytes) -> bytes:
    """One box of a recording (ISO/IEC 14496-12)."""
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), name) + body


MADE = (1_700_000_000 + 2_082_844_800).to_bytes(4, "big")
"""14 November 2023, counted from 1904."""


def recording(sound: bytes = bytes(range(256)) * 40) -> bytes:
    """A film as a phone writes it: with the place, the maker and the times of making it."""
    place = box(b"\xa9xyz", b"\0\x12\x15\xc7+53.7997-001.5333/")
    label = box(b"meta", bytes(4), b"PLANTED-MAKER of the phone")
    times = bytes(4) + MADE + MADE
    name = box(b"udta", box(b"name", b"PLANTED-TRACK"))
    media = box(b"mdia", box(b"mdhd", times, bytes(12)))
    track = box(b"trak", box(b"tkhd", times, bytes(72)), media, name)
    film = box(b"moov", box(b"mvhd", times, bytes(88)), track, box(b"udta", place), label)
    return box(b"ftyp", b"mp42", bytes(4), b"mp42isom") + film + box(b"mdat", sound)


def photo(kind: str = "JPEG", size: tuple[int, int] = (320, 200)) -> bytes:
    """A picture that says who took it, where and with what."""
    picture = Image.radial_gradient("L").resize(size).convert("RGB")
    exif = picture.getexif()
    exif[0x010F], exif[0x013B] = "PLANTED-PHONE", "PLANTED-ARTIST"
    exif[0x8825] = {1: "N", 2: (53.0, 47.0, 59.0), 3: "W", 4: (1.0, 32.0, 0.0)}
    out = io.BytesIO()
    picture.save(out, kind, exif=exif, **({"comment": b"PLANTED-NOTE"} if kind == "JPEG" else {}))
    return out.getvalue()


def claiming(body: bytes, side: int) -> bytes:
    """A HEIC picture that says it is side x side pixels large (its `ispe` box, ISO 23008-12)."""
    at = body.index(b"ispe") + 8
    return body[:at] + struct.pack(">II", side, side) + body[at + 8 :]


def pages(count: int = 3) -> bytes:
    """A TIFF of several pages, as a scanner writes it."""
    sheets = [Image.new("RGB", (40, 40), (n * 40, 0, 0)) for n in range(count)]
    out = io.BytesIO()
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:], software="PLANTED-SCANNER")
    return out.getvalue()


def wide_png(width: int, height: int) -> bytes:
    """A real PNG of so many pixels, made without having them in memory: RGB, one colour."""
    packer, packed = zlib.compressobj(1), []
    for _ in range(height):
        packed.append(packer.compress(bytes(1 + 3 * width)))
    packed.append(packer.flush())
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = [_chunk(b"IHDR", header), _chunk(b"IDAT", b"".join(packed)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def wide_jpeg(width: int, height: int) -> bytes:
    """A real JPEG of so many pixels: grey, one colour."""
    out = io.BytesIO()
    Image.new("L", (width, height)).save(out, "JPEG")
    return out.getvalue()


def _chunk(name: bytes, body: bytes) -> bytes:
    """A piece of a PNG (RFC 2083)."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bomb_png(side: int = 40_000) -> bytes:
    """A small file that unpacks to side x side pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + _chunk(b"IEND", b"")
    )  # fmt: skip


def pdf() -> bytes:
    """A page with a photo, an author, a script that runs on opening and an enclosed file."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    document.docinfo["/Author"] = "PLANTED-AUTHOR"
    with document.open_metadata() as history:
        history["dc:creator"] = ["PLANTED-HISTORY"]
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS="app.alert('PLANTED-SCRIPT')"
    )
    document.attachments["PLANTED-ENCLOSED.txt"] = b"PLANTED-ENCLOSED"
    raw = photo()
    picture = pikepdf.Stream(document, raw)
    for name, value in {
        "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 320,
        "/Height": 200, "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8,
        "/Filter": pikepdf.Name.DCTDecode,
    }.items():  # fmt: skip
        picture[name] = value
    page = document.pages[0]
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
    page.obj.Contents = pikepdf.Stream(
        document, b"q 100 0 0 100 0 0 cm /P Do Q BT (KEEP-THIS-PAGE) Tj ET"
    )
    page.obj.Annots = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
                A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="PLANTED-PROGRAM.exe"),
            )
        ]
    )  # fmt: skip
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def locked_pdf() -> bytes:
    """A PDF with a password."""
    document = pikepdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(owner="x", user="y"))
    return out.getvalue()


def package(parts: dict[str, bytes], **options: Any) -> bytes:
    """A ZIP of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, body in parts.items():
            box.writestr(name, body, **options)
    return out.getvalue()


def word(**more: bytes) -> bytes:
    """A Word document with an author, a comment's author and a photo."""
    parts = {
        "[Content_Types].xml": f'<Types><Override ContentType="{WORD}"/></Types>'.encode(),
        "_rels/.rels": b'<Relationships><Relationship Id="r1" Target="word/document.xml"/>'
        b'<Relationship Id="r2" Type="x/thumbnail" Target="docProps/thumbnail.jpeg"/>'
        b"</Relationships>",
        "word/document.xml": b"<w:document><w:ins w:id='1' w:author=\"PLANTED-CHANGER\">"
        b"<w:t>KEEP-THESE-WORDS</w:t></w:ins></w:document>",
        "word/media/image1.jpeg": photo(),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{CORE}" xmlns:dc="d"><dc:creator>'
        "PLANTED-AUTHOR</dc:creator></cp:coreProperties>".encode(),
        "docProps/app.xml": b"<Properties><Company>PLANTED-COMPANY</Company></Properties>",
        "docProps/thumbnail.jpeg": photo(),
    }
    return package({**parts, **{name.replace("__", "/"): body for name, body in more.items()}})


def sheet() -> bytes:
    """An Excel sheet with a comment, and the folder it was saved in."""
    types = b"<Types><Override ContentType='application/vnd.openxmlformats.sheet+xml'/></Types>"
    comment = b"<comments><authors><author>PLANTED-NOTER</author></authors><t>KEEP-THESE-WORDS</t>"
    return package(
        {
            "[Content_Types].xml": types,
            "xl/workbook.xml": b"<workbook><x15ac:absPath url='C:\\PLANTED-FOLDER'/></workbook>",
            "xl/comments1.xml": comment + b"</comments>",
            "xl/comments/comment2.xml": comment + b"</comments>",
        }
    )


def macro_word() -> bytes:
    """A Word document that says it has macros."""
    types = f'<Types><Override ContentType="{MACRO_WORD}"/></Types>'.encode()
    return package({"[Content_Types].xml": types, "word/document.xml": b"<w:document/>"})


def hidden_macro_word() -> bytes:
    """A Word document that says nothing and has macros all the same."""
    return word(**{"word__vbaProject.bin": b"x"})


def zip_bomb() -> bytes:
    """A Word document one part of which unpacks to 30 MB."""
    return word(**{"word__styles.xml": b"\0" * 30_000_000})


def text_document() -> bytes:
    """An OpenDocument text with an author."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        box.writestr("content.xml", "<x>KEEP-THESE-WORDS<dc:creator>PLANTED-NOTER</dc:creator></x>")
        box.writestr(
            "meta.xml", "<m><meta:initial-creator>PLANTED-AUTHOR</meta:initial-creator></m>"
        )
    return out.getvalue()


def message(attached: bytes = b"", name: str = "notes.txt") -> bytes:
    """An email, with something attached."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.invalid", "b@example.invalid", "Rota"
    mail.set_content("See the rota.\n")
    if attached:
        mail.add_attachment(attached, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def outlook(*, with_macros: bool = False) -> bytes:
    """The outline of an Outlook message: the storage of the older Office, with its own mark."""
    mark = "__properties_version1.0" if not with_macros else "_VBA_PROJECT"
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + mark.encode("utf-16-le") + b"\0" * 600
    )


def with_second_picture(size: tuple[int, int] = (320, 200)) -> bytes:
    """A JPEG as phones write it, with a smaller second picture behind the first (MPF)."""
    picture = Image.radial_gradient("L").resize(size).convert("RGB")
    exif, out = picture.getexif(), io.BytesIO()
    exif[0x013B] = "PLANTED-ARTIST"
    second = Image.linear_gradient("L").resize((size[0] // 4, size[1] // 4)).convert("RGB")
    picture.save(out, "MPO", save_all=True, append_images=[second], exif=exif, quality=75)
    return out.getvalue()


def noise(size: int) -> bytes:
    """So many bytes that no program packs and no kind claims."""
    return random.Random(7).randbytes(size)


ACCEPTED: dict[str, Callable[[], bytes]] = {
    "jpeg": photo,
    "png": lambda: photo("PNG"),
    "webp": lambda: photo("WEBP"),
    "tiff": pages,
    "pdf": pdf,
    "office": word,
    "opendocument": text_document,
    "text": lambda: TEXT,
    "email": lambda: message(TEXT),
    "outlook": outlook,
    "video": recording,
    "mp3": lambda: b"ID3\x04\0\0\0\0\0\0" + 5 * (b"\xff\xfb\x90\x64" + bytes(413)),
    "amr": lambda: b"#!AMR\n" + noise(2000),
}
"""One file of each kind that is taken, by the kind's code."""

REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "program": ("KIND_NOT_ACCEPTED", lambda: b"MZ\x90\0" + bytes(300)),
    "web page": ("KIND_NOT_ACCEPTED", lambda: b"<!doctype html><script>alert(1)</script>"),
    "script": ("KIND_NOT_ACCEPTED", lambda: b"<script>alert(1)</script>"),
    "drawing": ("KIND_NOT_ACCEPTED", lambda: b"<svg xmlns='x' onload='alert(1)'/>"),
    "rtf": ("KIND_NOT_ACCEPTED", lambda: b"{\\rtf1\\ansi hello}"),
    "unknown": ("KIND_NOT_ACCEPTED", lambda: b"\0\1\2" + noise(500)),
    "text, then bytes": ("KIND_NOT_ACCEPTED", lambda: TEXT * 6000 + b"\0\1"),
    "archive": ("ARCHIVE", lambda: package({"a.txt": b"x"})),
    "broken package": ("FILE_BROKEN", lambda: word()[:-30]),
    "old Office": ("OLD_OFFICE", lambda: outlook(with_macros=True)),
    "macros": ("MACROS", macro_word),
    "hidden macros": ("MACROS", hidden_macro_word),
    "email with a program": ("MACROS", lambda: message(b"MZ\x90\0", "rota.pdf")),
    "email with macros": ("MACROS", lambda: message(macro_word(), "rota.docx")),
    "zip bomb": ("BOMB", zip_bomb),
    "picture bomb": ("TOO_MANY_PIXELS", bomb_png),
    "picture and archive": ("TWO_KINDS", lambda: photo() + package({"a.txt": b"x"})),
    "PDF and archive": ("TWO_KINDS", lambda: pdf() + package({"a.js": b"x"})),
    "picture and page": (
        "TWO_KINDS",
        lambda: b"GIF89a/*" + b"\0" * 40 + b"*/=1;<script>alert(1)</script>",
    ),
    "text and PDF": ("TWO_KINDS", lambda: b"notes\n" + pdf()),
    "recording and archive": ("TWO_KINDS", lambda: recording() + package({"a.txt": b"x"})),
}
"""Files that are not taken, with the code they are refused with."""
