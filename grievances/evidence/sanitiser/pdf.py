"""Remove document properties, programs and enclosed files from a PDF.

Its pages stay as they are.
"""

from __future__ import annotations

import io
from typing import IO, Any

import pikepdf

from grievances.evidence.sanitiser.jpeg_segments import strip_jpeg
from grievances.evidence.sanitiser.protocol import Found, Unfit

DROPPED = (
    "/Metadata", "/OpenAction", "/AA", "/JS", "/JavaScript", "/PieceInfo", "/AF", "/EmbeddedFiles",
    "/XFA", "/LastModified", "/Collection",
)  # fmt: skip
PROGRAMS = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR",
            "/Rendition", "/RichMediaExecute")  # fmt: skip
"""Actions that do more than turn a page or open a link (ISO 32000-1 12.6.4)."""
TOLD = {
    "/Author": "Author",
    "/Title": "Title",
    "/Subject": "Subject",
    "/Keywords": "Keywords",
    "/Creator": "Program",
    "/Producer": "Program that made the PDF",
    "/CreationDate": "Made on",
    "/ModDate": "Changed on",
    "/Company": "Organisation",
}
MOST_OBJECTS = 500_000
PICTURE_BYTES = 40 * 1024 * 1024


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Remove everything that is not page content, and return `cleaned` or `failed`.

    `failed` is for a PDF that has a password or is broken; it stays without a copy.

    Raises:
        Unfit: The PDF has more than MOST_OBJECTS objects.
    """
    try:
        pdf = pikepdf.open(io.BufferedReader(original, 1 << 20))  # type: ignore[type-var]
    except (pikepdf.PasswordError, pikepdf.PdfError):
        return "failed"
    with pdf:
        if len(pdf.objects) > MOST_OBJECTS:
            raise Unfit("TOO_MANY_PARTS")
        found.extend(tell(pdf))
        for name in list(pdf.attachments):
            del pdf.attachments[name]
        for thing in pdf.objects:
            strip(thing)
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        pdf.remove_unreferenced_resources()
        out = io.BufferedWriter(copy, 1 << 16)
        pdf.save(out, deterministic_id=True)
        out.flush()
    return "cleaned"


def tell(pdf: pikepdf.Pdf) -> Found:
    """Return what the PDF contains besides its pages, in plain words."""
    found = [
        (TOLD[name], str(value))
        for name, value in pdf.docinfo.items()
        if name in TOLD and str(value).strip()
    ]
    if "/Metadata" in pdf.Root:
        found.append(("Editing history (XMP)", "yes"))
    if pdf.attachments:
        found.append(("Files enclosed", str(len(pdf.attachments))))
    names: Any = pdf.Root.get("/Names", {})
    if "/OpenAction" in pdf.Root or "/AA" in pdf.Root or "/JavaScript" in names:
        found.append(("Actions that run when it is opened", "yes"))
    return found


def strip(thing: Any, depth: int = 0) -> None:
    """Drop properties and programs from one object and its direct parts."""
    if depth > 20:
        return
    if isinstance(thing, pikepdf.Stream):
        strip_picture(thing)
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        program = is_program(thing)
        for name, value in list(thing.items()):
            if program or name in DROPPED:
                del thing[name]
            elif isinstance(value, pikepdf.Object) and not value.is_indirect:
                strip(value, depth + 1)
    elif isinstance(thing, pikepdf.Array):
        for value in list(thing):
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                strip(value, depth + 1)


def is_program(thing: Any) -> bool:
    """Tell whether an object is an action of PROGRAMS."""
    return isinstance(thing, pikepdf.Dictionary) and str(thing.get("/S", "")) in PROGRAMS


def strip_picture(stream: pikepdf.Stream) -> None:
    """Remove hidden details from a photo in a PDF.

    Such a photo is a JPEG as the camera wrote it, place and device included.
    """
    filters: Any = stream.get("/Filter")
    parms: Any = stream.get("/DecodeParms")
    if filters not in (pikepdf.Name.DCTDecode, pikepdf.Array([pikepdf.Name.DCTDecode])):
        return
    if int(stream.get("/Length", 0)) > PICTURE_BYTES:
        return
    raw = stream.read_raw_bytes()
    bare = strip_jpeg(raw)
    if bare != raw:
        stream.write(bare, filter=filters, decode_parms=parms)
