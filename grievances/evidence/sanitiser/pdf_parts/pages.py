"""Notes of programs in what a page is drawn with (ISO 32000-1, 14.6)."""

from __future__ import annotations

import re

import pikepdf

from grievances.evidence.sanitiser.pdf_parts import entries, languages
from grievances.evidence.sanitiser.pdf_parts.entries import Entry

NOTED = re.compile(rb"<<(.*?)>>\s*(?:BDC|DP)\b", re.DOTALL)
NAME = re.compile(rb"/[A-Za-z]\w*")
TAGGED = re.compile(rb"(/[^\s/<>()\[\]{}%]+)\s*(?:BMC\b|<<|/[^\s/<>()\[\]{}%]+\s+BDC\b)")
REMARK = re.compile(rb"%|\b(?:MP|DP|BX)\b")
PLACES_OF_PROGRAMS = frozenset({"MP", "DP", "BX", "EX"})
"""Instructions that mark a place for a program (tables 320 and 32)."""
OF_A_PICTURE = frozenset(
    [
        "/BPC",
        "/BitsPerComponent",
        "/CS",
        "/ColorSpace",
        "/D",
        "/Decode",
        "/DP",
        "/DecodeParms",
        "/F",
        "/Filter",
        "/H",
        "/Height",
        "/IM",
        "/ImageMask",
        "/I",
        "/Interpolate",
        "/W",
        "/Width",
        "/Intent",
        "/L",
        "/Length",
    ]
)
"""What a picture among the instructions may state (table 93)."""


def strip_drawings(pdf: pikepdf.Pdf) -> None:
    """Take the notes of programs out of every page, form, pattern and glyph."""
    for page in pdf.pages:
        contents = page.obj.get("/Contents")
        parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        streams = [part for part in parts if isinstance(part, pikepdf.Stream)]
        if any(has_notes(part) for part in streams):
            page.obj["/Contents"] = pdf.make_stream(without_notes(page))
    for thing in pdf.objects:
        glyphs = thing.get("/CharProcs") if isinstance(thing, pikepdf.Dictionary) else None
        drawn = list(glyphs.as_dict().values()) if isinstance(glyphs, pikepdf.Dictionary) else []
        streams_of: list[Entry] = [thing, *drawn]
        for each in streams_of:
            if is_drawing(each, is_glyph=each is not thing) and has_notes(each):
                each.write(without_notes(each))


def is_drawing(thing: object, *, is_glyph: bool) -> bool:
    """Return whether a stream is a list of instructions: a form, a pattern or a glyph."""
    if not isinstance(thing, pikepdf.Stream):
        return False
    return is_glyph or str(thing.get("/Subtype", "")) == "/Form" or thing.get("/PatternType") == 1


def has_notes(stream: pikepdf.Stream) -> bool:
    """Return whether a drawing has remarks, or notes beside its marked parts."""
    try:
        body = stream.read_bytes()
    except pikepdf.PdfError:
        return False
    if REMARK.search(body) or b" ID" in body or b"\nID" in body:
        return True
    if any(name.decode("latin-1") not in entries.TAGS for name in TAGGED.findall(body)):
        return True
    kept = {name.encode() for name in entries.MARKED}
    noted = (name for found in NOTED.finditer(body) for name in NAME.findall(found[1]))
    return any(name not in kept for name in noted) or bool(languages.ODD.search(body))


def without_notes(drawing: Entry) -> bytes:
    """Return the instructions of a drawing without remarks and notes of programs."""
    kept: list[Entry] = []
    for instruction in pikepdf.parse_content_stream(drawing):
        operator = str(instruction.operator)
        if operator in PLACES_OF_PROGRAMS:
            continue
        if operator in {"BDC", "BMC"}:
            kept.append((plain_tag(instruction.operands), instruction.operator))
        elif isinstance(instruction, pikepdf.ContentStreamInlineImage):
            kept.append(plain_picture(instruction))
        else:
            kept.append(instruction)
    return pikepdf.unparse_content_stream(kept)


def plain_tag(operands: Entry) -> list[object]:
    """Return the tag of a marked part, and what readers use of the notes beside it."""
    tag, *notes = list(operands)
    for each in notes:
        strip_marked(each)
    return [tag if str(tag) in entries.TAGS else pikepdf.Name.Span, *notes]


def plain_picture(instruction: pikepdf.ContentStreamInlineImage) -> object:
    """Return a picture among the instructions with what readers use of its entries."""
    image: Entry = instruction.iimage
    if all(name in OF_A_PICTURE for name in image.obj.as_dict()):
        return instruction
    stated = [
        each
        for name, value in image.obj.items()
        for each in ((pikepdf.Name(name), value) if name in OF_A_PICTURE else ())
    ]
    pixels = image._data  # noqa: SLF001 - the library makes such a picture of this alone
    plain = pikepdf.PdfInlineImage(image_data=pixels, image_object=tuple(stated))
    return ([plain], instruction.operator)


def strip_marked(thing: object) -> None:
    """Keep of the notes beside a marked part only what readers use."""
    if isinstance(thing, pikepdf.Dictionary) and str(thing.get("/Type", "")) not in entries.LAYERS:
        for name in [each for each in thing.as_dict() if each not in entries.MARKED]:
            del thing[name]
        languages.strip_language(thing)


def strip_notes(thing: pikepdf.Object) -> None:
    """Drop notes from properties of a page, and from headings."""
    noted = thing.get("/Properties")
    if isinstance(noted, pikepdf.Dictionary):
        for each in noted.as_dict().values():
            strip_marked(each)
    is_heading = str(thing.get("/Type", "")) == "/StructElem" or {"/S", "/P", "/K"} <= set(thing)
    for name in ("/T", "/ID") if is_heading else ():
        if name in thing:
            del thing[name]
