"""PDF: every place that the format leaves to a program or a maker is empty in the copy."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Name, Stream, String
from PIL import ImageCms

from grievances.evidence.sanitiser.parts.colour_profiles import plain_profile
from grievances.evidence.sanitiser.pdf_parts import cff
from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.pdf_documents import entry, page, saved
from tests.evidence.planted import ACCOUNT, WHO, WORDS

Changed = Callable[[pikepdf.Pdf], None]


def drawn(instructions: str, change: Changed = lambda _: None) -> bytes:
    """A page with these instructions, and changed once more."""
    document = page()
    body = f"{instructions}\nBT ({WORDS}) Tj ET"
    document.pages[0].obj.Contents = Stream(document, body.encode())
    document.pages[0].obj.Resources = entry()
    change(document)
    return saved(document)


def profile() -> bytes:
    """A colour profile with a maker and a private text."""
    raw = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    count = int.from_bytes(raw[128:132])
    table = struct.iter_unpack(">4sII", raw[132 : 132 + 12 * count])
    tags = [(name, raw[start : start + length]) for name, start, length in table]
    said = b"text\0\0\0\0" + WHO.encode() + b"\0\0"
    tags += [(b"dmnd", said), (b"mine", said), (b"targ", said)]
    rows, body, at = [], b"", 132 + 12 * len(tags)
    for name, content in tags:
        rows.append(struct.pack(">4sII", name, at + len(body), len(content)))
        body += content + bytes(-len(content) % 4)
    whole = raw[4:128] + len(tags).to_bytes(4) + b"".join(rows) + body + WHO.encode()
    return (len(whole) + 4).to_bytes(4) + whole


def coloured(document: pikepdf.Pdf) -> None:
    stream = document.make_indirect(Stream(document, profile()))
    stream.N = 3
    document.pages[0].obj.Resources = entry(ColorSpace=entry(C=[Name.ICCBased, stream]))


def intended(document: pikepdf.Pdf) -> None:
    stream = document.make_indirect(Stream(document, profile()))
    intent = entry(S=Name.GTS_PDFA1, DestOutputProfile=stream)
    document.Root.OutputIntents = Array([intent])


def form(**private: object) -> Changed:
    """A drawing inside the page, with keys of a program."""

    def change(document: pikepdf.Pdf) -> None:
        inner = document.make_indirect(Stream(document, b"q Q"))
        inner.Subtype, inner.BBox = Name.Form, Array([0, 0, 1, 1])
        for key, value in private.items():
            inner["/" + key.replace("__", ".")] = value
        document.pages[0].obj.Resources = entry(XObject=entry(F=inner))

    return change


def reached(*, is_old: bool) -> Changed:
    """A link to a place that was given a person's name."""

    def change(document: pikepdf.Pdf) -> None:
        first = document.pages[0].obj
        place = Array([first, Name.Fit])
        by: pikepdf.Object = String(WHO)
        if is_old:
            document.Root.Dests, by = entry(**{ACCOUNT: place}), Name(f"/{ACCOUNT}")
        else:
            document.Root.Names = entry(Dests=entry(Kids=[entry(Names=[String(WHO), place])]))
        action = entry(S=Name.GoTo, D=by)
        first.Annots = Array([entry(Subtype=Name.Link, Rect=[0, 0, 1, 1], A=action)])

    return change


def asked(document: pikepdf.Pdf) -> None:
    field = document.make_indirect(
        entry(Subtype=Name.Widget, FT=Name.Tx, T=WHO, TM=WHO, V=WORDS, Rect=[0, 0, 1, 1])
    )
    document.pages[0].obj.Annots = Array([field])
    document.Root.AcroForm = entry(Fields=[field])


def lettered(key: str, body: bytes) -> Changed:
    """A font with a file."""

    def change(document: pikepdf.Pdf) -> None:
        file = document.make_indirect(Stream(document, body))
        font = entry(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.X)
        if key == "ToUnicode":
            font.ToUnicode = file
        else:
            font.FontDescriptor = entry(Type=Name.FontDescriptor, FontName=Name.X, **{key: file})
        document.pages[0].obj.Resources = entry(Font=entry(F=font))

    return change


def heading(**said: str) -> Changed:
    """A heading that says this."""

    def change(document: pikepdf.Pdf) -> None:
        figure = entry(Type=Name.StructElem, S=Name.Figure, **said)
        root = entry(Type=Name.StructTreeRoot, K=document.make_indirect(figure))
        document.Root.StructTreeRoot = document.make_indirect(root)

    return change


def filled(**said: str) -> Changed:
    """A field that says this."""

    def change(document: pikepdf.Pdf) -> None:
        field = document.make_indirect(entry(FT=Name.Tx, T="x", V="KEEP", **said))
        document.Root.AcroForm = entry(Fields=[field])

    return change


def letters() -> bytes:
    """A TrueType font whose table of names has a person."""
    tables = {b"glyf": b"G" * 8, b"name": WHO.encode().ljust(16), b"mine": WHO.encode().ljust(16)}
    at, rows = 12 + 16 * len(tables), b""
    for name, body in tables.items():
        rows += struct.pack(">4sIII", name, 0, at, len(body))
        at += len(body)
    head = b"\0\1\0\0" + len(tables).to_bytes(2) + bytes(6)
    return head + rows + b"".join(tables.values())


def compact() -> bytes:
    """A compact font (CFF) with a name and a notice."""

    def index(*items: bytes) -> bytes:
        places = [1]
        for item in items:
            places.append(places[-1] + len(item))
        return len(items).to_bytes(2) + b"\1" + bytes(places) + b"".join(items)

    notice = b"\x1c" + (391).to_bytes(2) + b"\x01"
    return b"\1\0\4\1" + index(WHO.encode()) + index(notice) + index(WHO.encode()) + b"\0\0"


TYPE1 = f"%!PS-AdobeFont-1.0: X\n% {WHO}\n/Notice ({WHO}) readonly def currentfile eexec\n\1\2"
MAP = (
    f"%!PS\n%%Title: {WHO}\n/CMapName /{ACCOUNT} def 1 begincodespacerange <00> <FF> "
    "endcodespacerange 2 beginbfchar <01> <0041> <02> <0042> endbfchar "
    "1 beginbfrange <03> <04> [<0041> <0042>] endbfrange"
)
PLACES: dict[str, Callable[[], bytes]] = {
    "remark": lambda: drawn(f"% by {WHO}\nq Q"),
    "remark behind an instruction": lambda: drawn(f"q %{WHO}\r Q"),
    "tag": lambda: drawn(f"/{ACCOUNT} BMC EMC"),
    "tag with properties": lambda: drawn(f"/{ACCOUNT} << /MCID 0 >> BDC EMC"),
    "place": lambda: drawn(f"/{ACCOUNT} MP"),
    "picture among instructions": lambda: drawn(
        f"q BI /W 2 /H 2 /BPC 8 /CS /G /X ({WHO}) ID abcd EI Q"
    ),
    "colour profile": lambda: drawn("/C cs", coloured),
    "profile of the output": lambda: drawn("", intended),
    "file of a figure": lambda: drawn("/F Do", form(PTEX__FileName=String(f"/home/{ACCOUNT}/f"))),
    "private name": lambda: drawn("/F Do", form(By=Name(f"/{ACCOUNT}"))),
    "private list": lambda: drawn("/F Do", form(App=Array([String(WHO)]))),
    "private entries": lambda: drawn("/F Do", form(App=entry(Font=entry(User=WHO)))),
    "remark in a form": lambda: drawn("/F Do", form()).replace(b"q Q", f"%{ACCOUNT}".encode()),
    "name of a destination": lambda: drawn("", reached(is_old=False)),
    "older name of a destination": lambda: drawn("", reached(is_old=True)),
    "name of a field": lambda: drawn("", asked),
    "Type 1 font": lambda: drawn("", lettered("FontFile", TYPE1.encode("latin-1"))),
    "TrueType font": lambda: drawn("", lettered("FontFile2", letters())),
    "compact font": lambda: drawn("", lettered("FontFile3", compact())),
    "number of a heading": lambda: drawn("", heading(ID=WHO)),
    "path beside a heading": lambda: drawn("", heading(Alt=f"C:\\Users\\{ACCOUNT}\\a.png")),
    "value of an empty field": lambda: drawn("", filled(DV=WHO)),
    "character map": lambda: drawn("", lettered("ToUnicode", MAP.encode())),
}


@pytest.mark.parametrize("place", PLACES)
def test_no_name_is_left_in_a_private_place_of_a_pdf(place: str) -> None:
    body = PLACES[place]()
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body, "pdf")
    assert (report.code, names_in(copy)) == ("cleaned", [])
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert document.check_pdf_syntax() == []
        assert WORDS.encode() in document.pages[0].obj.Contents.read_bytes()


@pytest.mark.parametrize("is_old", [True, False])
def test_a_link_still_leads_to_its_place(is_old: bool) -> None:
    _, copy = cleaned(drawn("", reached(is_old=is_old)), "pdf")
    with pikepdf.open(io.BytesIO(copy)) as document:
        name = document.pages[0].obj.Annots[0].A.D
        known, place = document.Root.Names.Dests.Names
        assert (name, place[0].objgen) == (known, document.pages[0].obj.objgen)


def test_a_field_keeps_what_was_filled_in() -> None:
    _, copy = cleaned(drawn("", asked), "pdf")
    with pikepdf.open(io.BytesIO(copy)) as document:
        (field,) = document.Root.AcroForm.Fields
        assert (str(field.V), str(field["/T"])) == (WORDS, "Field 1")


def test_a_character_map_still_says_the_same_letters() -> None:
    _, copy = cleaned(drawn("/F 1 Tf", lettered("ToUnicode", MAP.encode())), "pdf")
    with pikepdf.open(io.BytesIO(copy)) as document:
        said = document.pages[0].obj.Resources.Font.F.ToUnicode.read_bytes()
    for kept in (b"<01> <0041>\n<02> <0042>", b"<03> <04> [ <0041> <0042> ]", b"<00> <FF>"):
        assert kept in said


def test_a_profile_turns_colours_as_before() -> None:
    plain = plain_profile(profile())
    before, after = (
        ImageCms.ImageCmsProfile(io.BytesIO(each)).profile for each in (profile(), plain)
    )
    assert before.red_primary == after.red_primary
    assert before.media_white_point == after.media_white_point
    assert WHO.encode() not in plain
    assert plain_profile(b"no profile") == b""


def test_a_broken_compact_font_is_left_alone() -> None:
    assert cff.plain(b"\1\0\4") == b"\1\0\4"
    assert cff.plain(compact()[:20]) == compact()[:20]
