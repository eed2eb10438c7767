"""PDF: its particulars, programs and enclosed files are taken out; its pages stay as they are."""

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
"""Actions that do something besides turning a page or opening a link (ISO 32000-1 12.6.4)."""
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
    """Take out what is not page. A PDF with a password, or a broken one, stays without a copy."""
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
    """What the PDF says besides its pages, in plain words."""
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
    """Drop particulars and programs from one object and what lies directly in it."""
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
    """Whether an object is an action that does more than turn a page or open a link."""
    return isinstance(thing, pikepdf.Dictionary) and str(thing.get("/S", "")) in PROGRAMS


def strip_picture(stream: pikepdf.Stream) -> None:
    """A photo in a PDF is a JPEG as the camera wrote it, place and device included."""
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
