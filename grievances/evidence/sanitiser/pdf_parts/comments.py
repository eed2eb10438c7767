"""Keep comments and fields of a PDF, without who wrote them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pikepdf

from grievances.evidence.sanitiser.pdf_parts import entries
from grievances.evidence.sanitiser.pdf_parts.form_fields import HIDDEN
from grievances.evidence.sanitiser.pdf_parts.links import text_of
from grievances.evidence.sanitiser.protocol import Found, note

UNNAMED = "Author"
FONT_IN_STYLE = re.compile(r"font(?:-family)?\s*:[^;]*", re.IGNORECASE)
SIZE = re.compile(r"\d{1,3}(?:\.\d{1,3})?pt")


def keep_only(thing: pikepdf.Object, kept: frozenset[str]) -> None:
    """Drop every entry that is not in the list."""
    for name in list(thing.keys()):
        if name not in kept:
            del thing[name]


def keep_page(page: pikepdf.Object, found: Found, strip: Callable[[object, Found], None]) -> None:
    """Keep what is seen of a page, and its annotations without their writers."""
    if "/Thumb" in page:
        note(found, entries.DROPPED_AS["/Thumb"], "yes")
    keep_only(page, entries.PAGE)
    notes = page.get("/Annots")
    if not isinstance(notes, pikepdf.Array):
        return
    kept = []
    for each in notes:
        kind = str(each.get("/Subtype", "")) if isinstance(each, pikepdf.Dictionary) else ""
        if kind in entries.ANNOTATIONS and not is_hidden(each, kind):
            kept.append(each)
        else:
            note(found, "Left out of the copy", entries.CALLED.get(kind, "an annotation"))
            if isinstance(each, pikepdf.Dictionary):
                tell_writer(each, found)
                strip(each, found)  # For what is found in it.
    page["/Annots"] = pikepdf.Array(kept)


def is_hidden(annotation: pikepdf.Object, kind: str) -> bool:
    """Return whether a comment is neither shown nor printed."""
    flags = annotation.get("/F", 0)
    is_state = "/State" in annotation  # It says that a comment was accepted.
    return kind != "/Widget" and not is_state and isinstance(flags, int) and bool(flags & HIDDEN)


def strip_look(annotation: pikepdf.Object, kind: str) -> None:
    """Take names out of how a comment looks, and words that are shown nowhere."""
    is_elsewhere = kind == "/Popup" or "/State" in annotation
    for name in ("/Contents", "/RC") if is_elsewhere else ():
        if name in annotation:
            del annotation[name]
    if isinstance(annotation.get("/DS"), pikepdf.String):
        annotation["/DS"] = pikepdf.String(
            FONT_IN_STYLE.sub(
                lambda found: " ".join(["font: Helvetica", *SIZE.findall(found[0])]),
                text_of(annotation["/DS"]),
            )
        )


def tell_writer(annotation: pikepdf.Object, found: Found) -> None:
    """Add the name of the person who wrote an annotation."""
    if isinstance(annotation.get("/T"), pikepdf.String):
        note(found, "Comment by", text_of(annotation["/T"]).strip())


def keep_annotation(annotation: pikepdf.Object, kind: str, found: Found) -> None:
    """Keep a comment or a field; replace the name of the person who wrote it."""
    if kind != "/Widget":
        tell_writer(annotation, found)
        strip_look(annotation, kind)
        if "/T" in annotation:
            annotation["/T"] = pikepdf.String(UNNAMED)
    elif "/AP" in annotation and field_kind(annotation) == "/Sig":
        # What is seen of a signature is made of the name in it.
        del annotation["/AP"]
    keep_only(annotation, entries.ANNOTATION)


def field_kind(field: pikepdf.Object) -> str:
    """Return the kind of a field of a form, which its parent may state (12.7.3.1)."""
    for _ in range(20):
        if "/FT" in field:
            return str(field["/FT"])
        parent = field.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return ""
        field = parent
    return ""
