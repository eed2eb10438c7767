"""Redraw pictures from their pixels, within limits, and keep nothing else of them."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable
from typing import IO

from PIL import ExifTags, Image, ImageSequence

from grievances.evidence.sanitiser import plain_words, remaining_values
from grievances.evidence.sanitiser.plain_words import printable
from grievances.evidence.sanitiser.protocol import Found, Unfit

MOST_PIXELS = 120_000_000
"""Limit of pixels of the original.

The largest pictures of common phones have fewer, a decompression bomb has more.
"""
MOST_OF_A_JPEG = 220_000_000
"""Limit of pixels of a JPEG.

A JPEG is read at a half, a quarter or an eighth of its size. So even the pictures of phones with
200 million pixels take little memory.
"""
MOST_OF = defaultdict(lambda: MOST_PIXELS, JPEG=MOST_OF_A_JPEG)
"""Limit of pixels that are drawn, by format."""
COPY_PIXELS = 20_000_000
"""Limit of pixels of the copy.

A long screenshot stays legible, and memory stays bounded.
"""
SMOOTH_PIXELS = 60_000_000
"""Up to this many pixels the copy is scaled to its exact limit.

Above, it is reduced in whole steps.
"""
MOST_FRAMES = 120
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP")
SECOND_PICTURE = "MPO"
"""Pillow's name for a JPEG with further pictures behind the first (CIPA DC-007).

Phones and cameras write it for gain maps, depth, monitor pictures and pairs. It is a JPEG.
"""
ALONE = ("JPEG", "HEIF", "AVIF")
"""Formats of which one picture is drawn, as JPEG.

It is the first picture of a burst; thumbnails are not drawn.
"""
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The transposition that turns a picture upright, by EXIF orientation.

The orientation says how the camera was held (EXIF 2.32, Orientation).
"""
TOLD = {
    "Make": "Maker of the device",
    "Model": "Model of the device",
    "Software": "Program",
    "DateTime": "Changed on",
    "DateTimeOriginal": "Taken on",
    "Artist": "Made by",
    "Copyright": "Copyright",
    "ImageDescription": "Description",
    "BodySerialNumber": "Serial number",
    "LensModel": "Lens",
    "CameraOwnerName": "Owner",
    "HostComputer": "Computer",
    "XPAuthor": "Author",
    "UserComment": "Comment",
    "DateTimeDigitized": "Taken on",
    "CameraSerialNumber": "Serial number",
    "LensSerialNumber": "Serial number",
    "LensMake": "Lens",
    "XPComment": "Comment",
    "XPTitle": "Title",
    "XPSubject": "Subject",
    "XPKeywords": "Keywords",
    "ImageUniqueID": "Number of the picture",
}
DATES = {"Changed on", "Taken on"}
OTHER = {
    "xmp": "Editing history (XMP)",
    "XML:com.adobe.xmp": "Editing history (XMP)",
    "photoshop": "Editing history (Photoshop)",
    "comment": "Comment",
    "icc_profile": "Colour profile",
}


RAW_PROFILE = "Raw profile type "
"""How ImageMagick names a label that it writes in hexadecimal."""


def clean(
    original: IO[bytes], copy: IO[bytes], found: Found, formats: tuple[str, ...] = FORMATS
) -> str:
    """Redraw the picture.

    Returns:
        `cleaned`, or `failed` where Pillow cannot open the picture.

    Raises:
        Unfit: The picture has too many pixels.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit is stricter, and has a code
    try:
        picture = Image.open(original, formats=formats)
    except OSError:
        # Pillow cannot draw this kind, or the file is broken: the original is kept, without a copy.
        return "failed"
    kind = "JPEG" if picture.format == SECOND_PICTURE else picture.format or ""
    sought: Found = []
    pixels, most = picture.width * picture.height, MOST_OF[kind]
    if pixels > MOST_OF_A_JPEG:
        raise Unfit("TOO_MANY_PIXELS")
    found.extend(tell(picture, sought))
    if pixels > most and kind in ALONE:
        return "failed"  # A real picture of a phone: the original is kept, without a copy.
    frames = getattr(picture, "n_frames", 1) if kind not in ALONE else 1
    if frames > MOST_FRAMES or frames * pixels > most:
        raise Unfit("TOO_MANY_PIXELS")
    drawn = _drawn(picture, kind, frames)
    return save(drawn, kind, picture.info.get("duration", 100), copy, found, sought)


def save(
    drawn: list[Image.Image],
    kind: str,
    duration: object,
    copy: IO[bytes],
    found: Found,
    sought: Found,
) -> str:
    """Write the frames, and look again for the values sought.

    `duration` is in milliseconds.

    Returns:
        `cleaned`, or `failed` when one of the values is left.
    """
    raw = encoded(drawn, kind, duration)
    search = remaining_values.Search(sought)
    search.feed(raw)
    left = search.remaining()
    found[:0] = remaining_values.told(left)
    copy.write(raw)
    return "failed" if left else "cleaned"


def encoded(drawn: list[Image.Image], kind: str, duration: object) -> bytes:
    """Return the frames in the original's format.

    A bitmap becomes a PNG, a phone's format becomes a JPEG. `duration` is in milliseconds.
    """
    first, rest, out = drawn[0], drawn[1:], io.BytesIO()
    if kind in ALONE:
        first.convert("L" if first.mode == "L" else "RGB").save(out, "JPEG", quality=88)
    elif kind == "TIFF":
        pages = {"save_all": True, "append_images": rest}
        first.save(out, "TIFF", compression="tiff_deflate", **pages)
    elif kind in {"GIF", "WEBP"}:
        options = {"append_images": rest, "duration": duration, "loop": 0} if rest else {}
        first.save(out, kind, save_all=bool(rest), **options)
    else:
        first.save(out, "PNG")
    return out.getvalue()


def _drawn(picture: Image.Image, kind: str, frames: int) -> list[Image.Image]:
    if kind == "JPEG":
        picture.draft("RGB", _bounded(picture.size))
    sheets = [picture] if kind in ALONE else ImageSequence.Iterator(picture)
    return [bare(frame) for frame in sheets][:frames]


def bare(frame: Image.Image) -> Image.Image:
    """Return the pixels alone, upright, and at most COPY_PIXELS of them."""
    frame.load()  # Before the question: a turned TIFF turns itself as it loads (Pillow 13).
    held = frame.getexif().get(ExifTags.Base.Orientation, 1)
    seen: Image.Image = frame
    if seen.mode in {"P", "PA", "1", "CMYK", "YCbCr", "LAB", "HSV"}:
        seen = seen.convert("RGBA" if "transparency" in seen.info else "RGB")
    small = _bounded(seen.size)
    if seen.width * seen.height > SMOOTH_PIXELS:
        # In whole steps, because a second picture of nearly the full size does not fit into memory.
        seen = seen.reduce(-(-seen.width // small[0]))
    elif small != seen.size:
        seen = seen.resize(small, Image.Resampling.BILINEAR)
    if held in UPRIGHT:
        seen = seen.transpose(UPRIGHT[held])
    only = Image.new(seen.mode, seen.size)
    only.paste(seen)
    return only


def tell(picture: Image.Image, sought: Found) -> Found:
    """Return what the picture contains besides its pixels, in plain words.

    The same values as the file has them are added to `sought`.
    """
    found: Found = []
    exif = picture.getexif()
    for tag, value in {**exif, **exif.get_ifd(ExifTags.IFD.Exif)}.items():
        what = TOLD.get(ExifTags.TAGS.get(tag, ""))
        words = exif_text(value) if what else ""
        if what and words:
            found.append((what, plain_words.date(words) if what in DATES else words))
            sought.append((what, words))
    where = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if where:
        found.insert(0, ("Where it was taken", _place(where)))
    for name, value in picture.info.items():
        if str(name).startswith(RAW_PROFILE):
            found.append(("Editing history (EXIF)", "yes"))
        elif name in OTHER:
            found.append((OTHER[name], printable(value) if name == "comment" else "yes"))
        elif isinstance(value, str) and name not in {"version"}:
            found.append((f"Text: {name}", printable(value)))
            sought.append((f"Text: {name}", printable(value)))
    return found


def exif_text(value: object) -> str:
    """Return the text of an EXIF tag, which Windows writes in UTF-16 (tags XP...)."""
    raw = bytes(value) if isinstance(value, tuple) and all(map(_is_byte, value)) else value
    if not isinstance(raw, bytes):
        return printable(raw)
    is_wide = len(raw) >= 4 and raw[1:2] == b"\0" and raw[3:4] == b"\0"
    for mark in (b"ASCII\0\0\0", b"UNICODE\0", b"JIS\0\0\0\0\0"):
        raw = raw.removeprefix(mark)
    return printable(raw.decode("utf-16-le", "replace") if is_wide else raw)


def _is_byte(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < 256


def _place(where: dict[int, object]) -> str:
    try:
        north, east = (_degrees(where[2]), _degrees(where[4]))
        north = -north if where.get(1) in {"S", b"S"} else north
        east = -east if where.get(3) in {"W", b"W"} else east
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return "yes"
    return plain_words.place(north, east)


def _degrees(parts: object) -> float:
    if not isinstance(parts, Iterable):
        raise TypeError
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600


def _bounded(size: tuple[int, int]) -> tuple[int, int]:
    scale = (COPY_PIXELS / max(1, size[0] * size[1])) ** 0.5
    return size if scale >= 1 else (max(1, int(size[0] * scale)), max(1, int(size[1] * scale)))
