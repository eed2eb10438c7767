"""Notes of programs in what a page is drawn with (ISO 32000-1, 14.6)."""

from __future__ import annotations

import re

import pikepdf

from grievances.evidence.sanitiser.pdf_parts import entries, known_values
from grievances.evidence.sanitiser.pdf_parts.entries import Entry
from grievances.evidence.sanitiser.pdf_parts.resource_names import COLOUR, PLAIN, ResourceNames

NOTED = re.compile(rb"<<(.*?)>>\s*(?:BDC|DP)\b", re.DOTALL)
NAME = re.compile(rb"/[A-Za-z]\w*")
ANY_NAME = re.compile(rb"/[^\s()<>\[\]{}/%]+")
TEXT = re.compile(rb"\((?:[^()\\]|\\.)*+\)|<[0-9A-Fa-f\s]*+>", re.DOTALL)
WORD = re.compile(rb"(?<![/\w#.-])[A-Za-z'\"][A-Za-z0-9*]*")
ALONE = re.compile(rb"(?:\x01|\]|>>)\s*(?:[-+.\d]+\s+)*([A-Za-z'\"]+|\Z)")
AFTER_A_TEXT = frozenset(
    {b"Tj", b"TJ", b"'", b'"', b"d", b"BDC", b"DP", b"true", b"false", b"null"}
)
"""What follows a text, a list or a dictionary that is shown."""
TAGGED = re.compile(rb"(/[^\s/<>()\[\]{}%]+)\s*(?:BMC\b|<<|/[^\s/<>()\[\]{}%]+\s+BDC\b)")
REMARK = re.compile(rb"%|\b(?:MP|DP|BX)\b")
ALONE_WORDS = "b B b* B* BT EMC ET f F f* h n q Q s S T* W W*"
WITH_ONE = "BMC CS cs Do G g gs i j J M ri sh Tc Tj TJ TL Tr Ts Tw Tz w '"
WITH_TWO = "BDC d d0 l m Td TD Tf"
WITH_SIX = "c cm d1 Tm"
OPERANDS = {
    **dict.fromkeys(ALONE_WORDS.split(), 0),
    **dict.fromkeys(WITH_ONE.split(), 1),
    **dict.fromkeys(WITH_TWO.split(), 2),
    **dict.fromkeys(("RG", "rg", '"'), 3),
    **dict.fromkeys(("K", "k", "re", "v", "y"), 4),
    **dict.fromkeys(WITH_SIX.split(), 6),
    **dict.fromkeys(("SC", "sc", "SCN", "scn"), 33),
}
"""How many values an instruction has at most (annex A).

Instructions that mark a place for a program are not among them (tables 320 and 32), nor are those
that no reader knows.
"""
SHOWS_TEXT = frozenset({"Tj", "TJ", "'", '"'})
DRAWN_BY = "Do sh f F f* b B b* B* s S"
SHOWS = SHOWS_TEXT | frozenset(DRAWN_BY.split())
"""Instructions that draw something."""
KNOWN_NAMES = frozenset(
    name.encode() for name in entries.TAGS | entries.MARKED | known_values.INTENTS
)
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


def strip_drawings(pdf: pikepdf.Pdf, renamed: ResourceNames) -> None:
    """Take the notes of programs out of every page, form, pattern and glyph."""
    for page in pdf.pages:
        contents = page.obj.get("/Contents")
        parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        streams = [part for part in parts if isinstance(part, pikepdf.Stream)]
        if any(has_notes(part) for part in streams):
            page.obj["/Contents"] = pdf.make_stream(without_notes(page, renamed))
    for thing in pdf.objects:
        glyphs = thing.get("/CharProcs") if isinstance(thing, pikepdf.Dictionary) else None
        drawn = list(glyphs.as_dict().values()) if isinstance(glyphs, pikepdf.Dictionary) else []
        streams_of: list[Entry] = [thing, *drawn]
        for each in streams_of:
            if is_drawing(each, is_glyph=each is not thing) and has_notes(each):
                each.write(without_notes(each, renamed))


def shown_texts(body: bytes) -> bytes:
    """Return the texts of a drawing in one, without what moves their letters."""
    return b"".join(found[1:-1] for found in TEXT.findall(body) if found.startswith(b"("))


def is_drawing(thing: object, *, is_glyph: bool) -> bool:
    """Return whether a stream is a list of instructions: a form, a pattern or a glyph."""
    if not isinstance(thing, pikepdf.Stream):
        return False
    return is_glyph or str(thing.get("/Subtype", "")) == "/Form" or thing.get("/PatternType") == 1


def has_notes(stream: pikepdf.Stream) -> bool:
    """Return whether a drawing has notes, stray values or typed names."""
    try:
        body = stream.read_bytes()
    except pikepdf.PdfError:
        return False
    if REMARK.search(body) or b" ID" in body or b"\nID" in body or b"ActualText" in body:
        return True
    if any(name.decode("latin-1") not in entries.TAGS for name in TAGGED.findall(body)):
        return True
    if has_stray_values(body):
        return True
    kept = {name.encode() for name in entries.MARKED}
    noted = (name for found in NOTED.finditer(body) for name in NAME.findall(found[1]))
    return any(name not in kept for name in noted) or bool(known_values.ODD.search(body))


def has_stray_values(body: bytes) -> bool:
    """Return whether instructions have values that belong to none, or typed names."""
    bare = TEXT.sub(b" \x01 ", body)
    words = set(WORD.findall(bare)) - AFTER_A_TEXT
    if any(word.decode("latin-1") not in OPERANDS for word in words):
        return True
    if any(word not in AFTER_A_TEXT for word in ALONE.findall(bare)):
        return True
    unknown = set(ANY_NAME.findall(bare)) - KNOWN_NAMES
    return any(not PLAIN.fullmatch(name.decode("latin-1")) for name in unknown)


def without_notes(drawing: Entry, renamed: ResourceNames) -> bytes:
    """Return the instructions of a drawing without remarks and notes of programs."""
    kept: list[Entry] = []
    marks: list[tuple[Entry, bool]] = []
    for instruction in pikepdf.parse_content_stream(drawing):
        operator = str(instruction.operator)
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            kept.append(plain_picture(instruction, renamed))
        elif operator in OPERANDS:
            operands = plain_operands(operator, list(instruction.operands))
            operands = renamed.in_operands(operator, operands)
            if operator in {"BDC", "BMC"}:
                operands = plain_tag(operands)
                marks.append((operands, False))
            elif operator == "EMC" and marks:
                unsay(*marks.pop())
            kept.append((operands, instruction.operator))
        if marks and (operator in SHOWS or operator not in OPERANDS):
            marks = [(each, True) for each, _ in marks]
    return pikepdf.unparse_content_stream(kept)


def plain_operands(operator: str, operands: list[Entry]) -> list[Entry]:
    """Return the values that an instruction has, without what was written before them."""
    count = OPERANDS[operator]
    kept = operands[len(operands) - count :] if 0 < count < len(operands) else operands
    if operator not in SHOWS_TEXT:
        kept = [each for each in kept if not isinstance(each, pikepdf.String)]
    elif operator == "TJ" and kept and isinstance(kept[0], pikepdf.Array):
        kept = [pikepdf.Array([each for each in kept[0] if not isinstance(each, pikepdf.Name)])]
    if operator == "ri" and kept and str(kept[0]) not in known_values.INTENTS:
        kept = [pikepdf.Name.RelativeColorimetric]
    return kept if count else []


def unsay(operands: Entry, is_shown: bool) -> None:  # noqa: FBT001 - a pair from a list of them
    """Take away what a marked part says if nothing is drawn in it."""
    if is_shown or len(operands) < 2 or not isinstance(operands[1], pikepdf.Dictionary):
        return
    for name in ("/ActualText", "/Alt", "/E", "/MCID"):
        if name in operands[1]:
            del operands[1][name]


def plain_tag(operands: Entry) -> list[Entry]:
    """Return the tag of a marked part, and what readers use of the notes beside it."""
    tag, *notes = list(operands) or [pikepdf.Name.Span]
    for each in notes:
        strip_marked(each)
    return [tag if str(tag) in entries.TAGS else pikepdf.Name.Span, *notes]


def plain_picture(instruction: pikepdf.ContentStreamInlineImage, renamed: ResourceNames) -> object:
    """Return a picture among the instructions with what readers use of its entries."""
    image: Entry = instruction.iimage
    stated = []
    for name, value in image.obj.items():
        if name not in OF_A_PICTURE:
            continue
        if name in {"/CS", "/ColorSpace"} and isinstance(value, pikepdf.Name):
            value = pikepdf.Name(renamed.of(COLOUR, str(value)))  # noqa: PLW2901 - the same entry
        if name in {"/DP", "/DecodeParms"} and isinstance(value, pikepdf.Dictionary):
            for key in [each for each in value.as_dict() if each not in entries.STANDARD]:
                del value[key]
        stated += [pikepdf.Name(name), value]
    pixels = image._data  # noqa: SLF001 - the library makes such a picture of this alone
    plain = pikepdf.PdfInlineImage(image_data=pixels, image_object=tuple(stated))
    return ([plain], instruction.operator)


def strip_marked(thing: object) -> None:
    """Keep of the notes beside a marked part only what readers use."""
    if isinstance(thing, pikepdf.Dictionary) and str(thing.get("/Type", "")) not in entries.LAYERS:
        for name in [each for each in thing.as_dict() if each not in entries.MARKED]:
            del thing[name]
        known_values.strip_language(thing)


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
