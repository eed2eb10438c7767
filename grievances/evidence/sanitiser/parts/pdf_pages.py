"""Notes of programs in what a page is drawn with (ISO 32000-1, 14.6)."""

from __future__ import annotations

import re
from typing import Any

import pikepdf

from grievances.evidence.sanitiser.parts import pdf_entries as entries

NOTED = re.compile(rb"<<(.*?)>>\s*(?:BDC|DP)\b", re.DOTALL)
NAME = re.compile(rb"/[A-Za-z]\w*")
MOST_BYTES = 8 * 1024 * 1024
"""A longer drawing is not read instruction by instruction."""


def strip_drawings(pdf: pikepdf.Pdf) -> None:
    """Take the notes of programs out of every page and form of a PDF."""
    for page in pdf.pages:
        contents = page.obj.get("/Contents")
        parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        streams = [part for part in parts if isinstance(part, pikepdf.Stream)]
        if any(has_notes(part) for part in streams):
            page.obj["/Contents"] = pdf.make_stream(without_notes(page))
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Stream) or str(thing.get("/Subtype", "")) != "/Form":
            continue
        if has_notes(thing):
            thing.write(without_notes(thing))


def has_notes(stream: pikepdf.Stream) -> bool:
    """Tell whether a drawing has notes beside its marked parts."""
    try:
        body = stream.read_bytes()
    except pikepdf.PdfError:
        return False
    if len(body) > MOST_BYTES:
        return False
    kept = {name.encode() for name in entries.MARKED}
    noted = (name for found in NOTED.finditer(body) for name in NAME.findall(found[1]))
    return any(name not in kept for name in noted)


def without_notes(drawing: Any) -> bytes:
    """Return the instructions of a drawing without the notes beside its marked parts."""
    kept = []
    for instruction in pikepdf.parse_content_stream(drawing):
        if str(instruction.operator) in {"BDC", "DP"}:
            for operand in instruction.operands:
                strip_marked(operand)
        kept.append(instruction)
    return pikepdf.unparse_content_stream(kept)


def strip_marked(thing: Any) -> None:
    """Keep of the notes beside a marked part only what readers use."""
    if isinstance(thing, pikepdf.Dictionary) and str(thing.get("/Type", "")) not in entries.LAYERS:
        for name in [each for each in thing.as_dict() if each not in entries.MARKED]:
            del thing[name]


def strip_notes(thing: Any) -> None:
    """Drop notes from properties of a page, output intents and headings."""
    noted = thing.get("/Properties")
    if isinstance(noted, pikepdf.Dictionary):
        for each in noted.as_dict().values():
            strip_marked(each)
    if str(thing.get("/S", "")).startswith("/GTS_"):
        for name in [each for each in thing.as_dict() if each not in entries.INTENT]:
            del thing[name]
    if str(thing.get("/Type", "")) == "/StructElem" and "/T" in thing:
        del thing["/T"]
