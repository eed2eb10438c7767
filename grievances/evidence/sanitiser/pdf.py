"""Remove names, programs and enclosed files from a PDF, and keep its pages.

The document, its pages and its annotations keep only the entries of an allow-list (`pdf_parts.
entries`); from everything else the entries that tell of a person or a device go. Source: ISO
32000-1.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

import pikepdf

from grievances.evidence.sanitiser import enclosed
from grievances.evidence.sanitiser.jpeg_segments import strip_jp2, strip_jpeg
from grievances.evidence.sanitiser.pdf_parts import (
    comments,
    entries,
    font_names,
    fonts,
    form_fields,
    glyph_names,
    links,
    pages,
    private,
    unshown,
)
from grievances.evidence.sanitiser.pdf_parts.links import text_of
from grievances.evidence.sanitiser.pdf_parts.resource_names import ResourceNames
from grievances.evidence.sanitiser.plain_words import date
from grievances.evidence.sanitiser.protocol import Found, Unfit, note

MOST_OBJECTS = 500_000
PICTURE_BYTES = 40 * 1024 * 1024


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Copy the pages of a PDF, and nothing else of it.

    Returns:
        `cleaned`, or `failed` for a PDF that has a password or is broken; it stays without a copy.

    Raises:
        Unfit: The PDF has more than MOST_OBJECTS objects, or a program is enclosed in it.
    """
    try:
        pdf = pikepdf.open(io.BufferedReader(original, 1 << 20))  # type: ignore[type-var]
    except (pikepdf.PasswordError, pikepdf.PdfError):
        return "failed"
    with pdf:
        if len(pdf.objects) > MOST_OBJECTS:
            raise Unfit("TOO_MANY_PARTS")
        tell(pdf, found)
        _strip_all(pdf, found)
        out = io.BufferedWriter(copy, 1 << 16)
        pdf.save(out, deterministic_id=True)
        out.flush()
        out.detach()
    return "cleaned"


def _strip_all(pdf: pikepdf.Pdf, found: Found) -> None:
    for thing in pdf.objects:
        strip(thing, found)
    comments.keep_only(pdf.Root, entries.CATALOG)
    unshown.strip_unshown(pdf)
    private.number_layers(pdf, found)
    private.number_destinations(pdf)
    private.number_fields(pdf)
    form_fields.number_choices(pdf)
    maps, names = private.Maps(pdf), ResourceNames()
    for thing in pdf.objects:
        private.strip_private(thing, maps)
        names.number(thing)
    pages.strip_drawings(pdf, names)
    fonts.strip_texts(pdf)
    font_names.number_fonts(pdf)
    glyph_names.number_glyphs(pdf)
    _strip_trailer(pdf)
    pdf.remove_unreferenced_resources()


def _strip_trailer(pdf: pikepdf.Pdf) -> None:
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    if "/ID" in pdf.trailer:
        # Both halves: the first would link the copy with its original (14.4).
        del pdf.trailer["/ID"]
    comments.keep_only(pdf.trailer, entries.TRAILER)


def tell(pdf: pikepdf.Pdf, found: Found) -> None:
    """Add what the PDF contains besides its pages, in plain words."""
    for name, value in pdf.docinfo.items():
        if str(value).strip():
            said = text_of(value)
            is_date = name in {"/CreationDate", "/ModDate"}
            note(found, entries.TOLD.get(name, "Property"), date(said) if is_date else said)
    if "/Metadata" in pdf.Root:
        note(found, "Editing history (XMP)", "yes")
        tell_history(pdf, found)
    names = pdf.Root.get("/Names")
    opens = isinstance(pdf.Root.get("/OpenAction"), pikepdf.Dictionary)
    runs = isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names
    if opens or runs or "/AA" in pdf.Root:
        note(found, "Actions that run when it is opened", "yes")


def tell_history(pdf: pikepdf.Pdf, found: Found) -> None:
    """Add the authors that the editing history names."""
    try:
        with pdf.open_metadata() as history:
            for name in (
                "dc:creator",
                "pdfaid:author",
                "xmpRights:Owner",
                "photoshop:AuthorsPosition",
            ):
                said = history.get(name) or []
                for value in [said] if isinstance(said, str) else said:
                    note(found, "Author", str(value))
    except Exception:  # noqa: BLE001 - a history that cannot be read goes like every other
        return


def strip(thing: object, found: Found, depth: int = 0) -> None:
    """Drop what tells of people and devices from one object and its direct parts."""
    if depth > 20:
        return
    if isinstance(thing, pikepdf.Stream):
        strip_picture(thing)
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        strip_entries(thing, found, depth)
    elif isinstance(thing, pikepdf.Array):
        for value in list(thing):
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                strip(value, found, depth + 1)


def strip_entries(thing: pikepdf.Object, found: Found, depth: int) -> None:
    """Drop entries of one dictionary, and go on to its direct parts."""
    tell_file(thing, found)
    tell_signature(thing, found)
    kind = str(thing.get("/Subtype", ""))
    pages.strip_notes(thing)
    if str(thing.get("/Type", "")) == "/Page":
        comments.keep_page(thing, found, strip)
    elif kind in entries.ANNOTATIONS and "/Rect" in thing:
        comments.keep_annotation(thing, kind, found)
    all_goes = is_program(thing) or is_signature(thing) or is_property(thing)
    for name, value in list(thing.items()):
        if all_goes or (name in entries.DROPPED and not is_resource(name, value)):
            if name in entries.DROPPED_AS:
                note(found, entries.DROPPED_AS[name], "yes")
            del thing[name]
        elif name in {"/URI", "/Base"} and isinstance(value, pikepdf.String):
            links.strip_link(thing, name, value, found)
        elif name in entries.SPOKEN and isinstance(value, pikepdf.String):
            links.strip_path(thing, name, value, found)
        elif name in {"/F", "/UF"} and isinstance(value, pikepdf.String):
            del thing[name]
        elif isinstance(value, pikepdf.Object) and not value.is_indirect:
            strip(value, found, depth + 1)


def tell_file(thing: pikepdf.Object, found: Found) -> None:
    """Say that a file is enclosed; it goes with `/EF`, after it was judged.

    Raises:
        Unfit: It is a program.
    """
    files = thing.get("/EF")
    if not isinstance(files, pikepdf.Dictionary):
        return
    name = text_of(thing.get("/UF") or thing.get("/F") or "a file")
    note(found, "Files enclosed", name)
    for body in files.as_dict().values():
        if isinstance(body, pikepdf.Stream):
            enclosed.refuse_if_program(name, stream_bytes(body))


def tell_signature(thing: pikepdf.Object, found: Found) -> None:
    """Say what a signature says of the person."""
    if not is_signature(thing):
        return
    note(found, "A signature", "yes")
    for name, what in entries.OF_A_SIGNATURE.items():
        if isinstance(thing.get(name), pikepdf.String):
            note(found, what, text_of(thing[name]))


def is_signature(thing: object) -> bool:
    """Return whether a dictionary is the value of a signature field (12.8.1)."""
    return isinstance(thing, pikepdf.Dictionary) and (
        "/ByteRange" in thing or str(thing.get("/Type", "")) in {"/Sig", "/DocTimeStamp"}
    )


def is_program(thing: object) -> bool:
    """Return whether an object is an action that does more than open a page or a link."""
    return isinstance(thing, pikepdf.Dictionary) and str(thing.get("/S", "")) in entries.PROGRAMS


def is_resource(name: str, value: object) -> bool:
    """Return whether a short name is that of a font, a picture or the like on a page."""
    if len(name) > 4 or not isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return False
    kinds = {str(value.get(each, "")) for each in ("/Type", "/Subtype")}
    return not entries.RESOURCES.isdisjoint(kinds)


def is_property(thing: object) -> bool:
    """Return whether a dictionary has properties that a program attached (14.7.5.4)."""
    return isinstance(thing, pikepdf.Dictionary) and str(thing.get("/O", "")) == "/UserProperties"


def strip_picture(stream: pikepdf.Stream) -> None:
    """Remove hidden details from a photo in a PDF.

    Such a photo is a JPEG as the camera wrote it, place and device included. It is not drawn anew,
    because its size and colours are stated elsewhere in the PDF.

    Raises:
        Unfit: The photo is larger than PICTURE_BYTES.
    """
    filters: Any = stream.get("/Filter")
    parms: Any = stream.get("/DecodeParms")
    last: Any = filters[-1] if isinstance(filters, pikepdf.Array) and len(filters) else filters
    if last not in (pikepdf.Name.DCTDecode, pikepdf.Name.JPXDecode):
        return
    if isinstance(filters, pikepdf.Array) and len(filters) > 1:
        parms = parms[-1] if isinstance(parms, pikepdf.Array) else None
        raw = unwrapped(stream)
    else:
        raw = stream.read_raw_bytes()
    if len(raw) > PICTURE_BYTES:
        raise Unfit("TOO_MANY_PARTS")
    bare = strip_jpeg(raw) if last == pikepdf.Name.DCTDecode else strip_jp2(raw)
    if bare != raw or isinstance(filters, pikepdf.Array):
        stream.write(bare, filter=last, decode_parms=parms)


def unwrapped(stream: pikepdf.Stream) -> bytes:
    """Return a picture out of the further filters around it."""
    raw, filters = stream.read_raw_bytes(), list(stream.Filter)
    with pikepdf.new() as other:
        around = pikepdf.Stream(other, raw)
        around.Filter = pikepdf.Array(filters[:-1])
        parms = stream.get("/DecodeParms")
        if isinstance(parms, pikepdf.Array):
            around.DecodeParms = pikepdf.Array(list(parms)[: len(filters) - 1])
        return around.read_bytes()


def stream_bytes(stream: pikepdf.Stream) -> bytes:
    """Return a stream decoded; as it is where its filters are unknown."""
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return stream.read_raw_bytes()


def pieces(source: BinaryIO) -> Iterator[tuple[str, bytes, bool]]:
    """Yield (where, bytes, whether they are words on a page) for everything in a PDF.

    This is for looking again. The text of a page is there as its program wrote it.
    """
    with pikepdf.open(source) as pdf:
        yield from _texts("the end", pdf.trailer, "")
        for number, thing in enumerate(pdf.objects, 1):
            where = f"object {number}"
            if isinstance(thing, pikepdf.Stream):
                is_form = str(thing.get("/Subtype", "")) == "/Form"
                is_data = "/Type" in thing or "/Subtype" in thing or "/Length1" in thing
                body = stream_bytes(thing)
                yield where, body, is_form or not is_data
                if is_form or not is_data:
                    yield where, pages.shown_texts(body), True
            yield from _texts(where, thing, "")


def _texts(
    where: str, thing: object, key: str, depth: int = 0
) -> Iterator[tuple[str, bytes, bool]]:
    """Yield the texts and names of one object and of its direct parts."""
    if depth > 20 or not isinstance(thing, pikepdf.Object):
        return
    if isinstance(thing, pikepdf.String):
        yield where, bytes(thing) + b"\n" + text_of(thing).encode(), key in entries.ON_PAGE
    elif isinstance(thing, pikepdf.Name):
        yield where, str(thing).encode(), False
    elif isinstance(thing, pikepdf.Array):
        for each in thing:
            if isinstance(each, pikepdf.Object) and not each.is_indirect:
                yield from _texts(where, each, key, depth + 1)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for name, value in thing.items():
            yield where, name.encode(), False
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                yield from _texts(where, value, name, depth + 1)
