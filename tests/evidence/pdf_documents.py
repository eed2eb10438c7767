"""PDF files with a name in one place each."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf

from tests.evidence.planted import MINE, WHO, WORDS, picture


def page(**entries: Any) -> pikepdf.Pdf:
    """A PDF of one page with words on it; entries of the page are added."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    document.pages[0].obj.Contents = pikepdf.Stream(document, f"BT ({WORDS}) Tj ET".encode())
    for name, value in entries.items():
        document.pages[0].obj[f"/{name}"] = value
    return document


def saved(document: pikepdf.Pdf, **trailer: Any) -> bytes:
    out = io.BytesIO()
    document.save(out, compress_streams=False, **trailer)
    return out.getvalue()


def entry(**entries: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary({f"/{name}": value for name, value in entries.items()})


def annotated(subtype: str, **entries: Any) -> bytes:
    """A PDF with one annotation that its writer's name is in."""
    document = page()
    note = entry(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(f"/{subtype}"), Rect=[9, 9, 30, 30], **entries
    )
    document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(note)])
    return saved(document)


def pinned() -> bytes:
    document = page()
    body = entry(F=pikepdf.Stream(document, WHO.encode()))
    file = entry(Type=pikepdf.Name.Filespec, F="diary.txt", EF=body)
    note = entry(Subtype=pikepdf.Name.FileAttachment, Rect=[9, 9, 30, 30], FS=file, T=WHO)
    document.pages[0].obj.Annots = pikepdf.Array([note])
    return saved(document)


def enclosed_in_pdf() -> bytes:
    document = page()
    document.attachments[f"{WHO}.txt"] = WHO.encode()
    return saved(document)


def signed_pdf() -> bytes:
    document = page()
    value = entry(Type=pikepdf.Name.Sig, Name=WHO, Location="Leeds", Contents=WHO, ByteRange=[0, 1])
    look = pikepdf.Stream(document, f"BT (Signed by {WHO}) Tj ET".encode())
    field = entry(FT=pikepdf.Name.Sig, T="Signature1", V=value, AP=entry(N=look),
                  Subtype=pikepdf.Name.Widget, Rect=[0, 0, 9, 9])  # fmt: skip
    field = document.make_indirect(field)
    document.Root.AcroForm = entry(Fields=[field], SigFlags=3)
    document.pages[0].obj.Annots = pikepdf.Array([field])
    return saved(document)


def in_info() -> bytes:
    document = page()
    document.docinfo["/Author"] = WHO
    with document.open_metadata() as history:
        history["dc:creator"] = [WHO]
    return saved(document)


def with_root(**entries: Any) -> bytes:
    document = page()
    for name, value in entries.items():
        document.Root[f"/{name}"] = value
    return saved(document)


def with_photo() -> bytes:
    document = page()
    raw = pikepdf.Stream(document, picture("JPEG"))
    kinds = {"Subtype": pikepdf.Name.Image, "Filter": pikepdf.Name.DCTDecode}
    for name, value in {**kinds, "Width": 64, "Height": 48}.items():
        raw[f"/{name}"] = value
    document.pages[0].obj.Resources = entry(XObject=entry(P=raw))
    return saved(document)


def drawn_by(document: pikepdf.Pdf) -> pikepdf.Pdf:
    drawing = pikepdf.Stream(
        document, b"", Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9], Author=WHO
    )
    document.pages[0].obj.Resources = entry(XObject=entry(P=document.make_indirect(drawing)))
    return document


PDF_PLACES: dict[str, Callable[[], bytes]] = {
    "info and history": in_info,
    "comment": lambda: annotated("Text", Contents="A note", T=WHO),
    "name of a comment": lambda: annotated("Highlight", NM=WHO, RC=f"<p>{WHO}</p>"),
    "pinned file": pinned,
    "enclosed file": enclosed_in_pdf,
    "signature": signed_pdf,
    "private data": lambda: saved(page(PieceInfo=entry(Program=entry(Private=WHO)))),
    "thumbnail": lambda: saved(page(Thumb=entry(Title=WHO))),
    "film": lambda: annotated("Screen", T=WHO),
    "link to a folder": lambda: annotated("Link", A=entry(S=pikepdf.Name.URI, URI=MINE)),
    "link to a file": lambda: annotated("Link", A=entry(S=pikepdf.Name.GoToR, F=MINE)),
    "base of links": lambda: with_root(URI=entry(Base=MINE)),
    "unknown in the document": lambda: with_root(MadeBy=WHO),
    "unknown on a page": lambda: saved(page(MadeBy=WHO)),
    "layers": lambda: with_root(
        OCProperties=entry(OCGs=[entry(Usage=entry(CreatorInfo=entry(Creator=WHO)))])
    ),
    "properties of text": lambda: with_root(
        StructTreeRoot=entry(
            K=entry(A=entry(O=pikepdf.Name.UserProperties, P=[entry(N="By", V=WHO)]))
        )
    ),
    "end of the file": lambda: saved(page()).replace(
        b"trailer <<", f"trailer << /By ({WHO})".encode(), 1
    ),
    "author of a drawing": lambda: saved(drawn_by(page())),
    "author of layers": lambda: with_root(OCProperties=entry(OCGs=[], D=entry(Creator=WHO))),
    "photo": with_photo,
}
"""PDFs with a name in one place each."""
