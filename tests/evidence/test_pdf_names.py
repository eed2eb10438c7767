"""PDF: names that a program gives to what it draws with are numbered, and what is seen stays."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Name, Stream, String

from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.pdf_documents import entry, page, saved
from tests.evidence.planted import ACCOUNT, WHO, WORDS

Changed = Callable[[pikepdf.Pdf], None]
OWN = Name(f"/{ACCOUNT}")
BOX = [0, 0, 9, 9]
SEEN = f"BT /F1 9 Tf 9 9 Td ({WORDS}) Tj ET"
FONT = {"Type": Name.Font, "Subtype": Name.Type1, "BaseFont": Name.Helvetica}


def drawn(instructions: str = "", **resources: Any) -> Changed:
    """A page with words, and with these instructions and resources."""

    def change(document: pikepdf.Pdf) -> None:
        first = document.pages[0].obj
        first.Contents = Stream(document, f"{instructions}\n{SEEN}".encode())
        fonts = entry(F1=document.make_indirect(entry(**FONT)))
        first.Resources = entry(**{"Font": fonts, **resources})

    return change


def form(document: pikepdf.Pdf, body: str = "0 0 5 5 re f", **said: Any) -> Stream:
    stated = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": BOX, **said}
    return Stream(document, body.encode(), **stated)


def placed(instructions: str, make: Callable[[pikepdf.Pdf], Any], kind: str) -> Changed:
    """A page that draws with something that has a typed name."""

    def change(document: pikepdf.Pdf) -> None:
        drawn(instructions, **{kind: entry(**{ACCOUNT: make(document)})})(document)

    return change


def font(document: pikepdf.Pdf) -> None:
    drawn()(document)
    first = document.pages[0].obj
    first.Resources.Font = entry(**{ACCOUNT: document.make_indirect(entry(**FONT))})
    first.Contents = Stream(document, SEEN.replace("/F1", f"/{ACCOUNT}").encode())


def noted(**said: Any) -> Changed:
    """A page with one annotation."""

    def change(document: pikepdf.Pdf) -> None:
        drawn()(document)
        one = document.make_indirect(entry(**{"Type": Name.Annot, "Rect": BOX, **said}))
        document.pages[0].obj.Annots = Array([one])
        if said.get("Subtype") == Name.Widget:
            fields = entry(Fields=[one], DA=f"/{ACCOUNT} 9 Tf")
            fields.DR = entry(Font=entry(**{ACCOUNT: entry(**FONT)}))
            document.Root.AcroForm = fields

    return change


def ticked(document: pikepdf.Pdf) -> None:
    looks = entry(**{ACCOUNT: form(document), "Off": form(document)})
    said = {"FT": Name.Btn, "T": "x", "AS": OWN, "V": OWN, "AP": entry(N=looks), "Opt": [WHO]}
    noted(Subtype=Name.Widget, **said)(document)


def glyphs(document: pikepdf.Pdf) -> None:
    drawn()(document)
    coded = entry(Type=Name.Encoding, Differences=[65, OWN, Name.A])
    box = {"FontBBox": BOX, "FontMatrix": [1, 0, 0, 1, 0, 0], "Widths": [9]}
    one = entry(Type=Name.Font, Subtype=Name.Type3, Name=OWN, FirstChar=65, LastChar=65, **box)
    one.Encoding, one.CharProcs = coded, entry(**{ACCOUNT: Stream(document, b"9 0 d0")})
    document.pages[0].obj.Resources.Font.F2 = document.make_indirect(one)


def described(**said: Any) -> Changed:
    def change(document: pikepdf.Pdf) -> None:
        drawn()(document)
        name = document.pages[0].obj.Resources.Font.F1
        for key, value in said.items():
            name[f"/{key}"] = value

    return change


def heading(**said: Any) -> Changed:
    """An element that leads to a marked part."""

    def change(document: pikepdf.Pdf) -> None:
        drawn("/P <</MCID 0>> BDC 0 0 5 5 re f EMC /P <</MCID 1>> BDC EMC")(document)
        stated = {"Type": Name.StructElem, "S": Name.P, "Pg": document.pages[0].obj, **said}
        tree = entry(Type=Name.StructTreeRoot, K=document.make_indirect(entry(**stated)))
        document.Root.StructTreeRoot = document.make_indirect(tree)

    return change


def root(**said: Any) -> Changed:
    def change(document: pikepdf.Pdf) -> None:
        drawn()(document)
        for key, value in said.items():
            document.Root[f"/{key}"] = value

    return change


def layered(document: pikepdf.Pdf) -> None:
    usage = entry(PageElement=entry(Subtype=OWN), User=entry(Name=WHO))
    layer = document.make_indirect(entry(Type=Name.OCG, Name="L", Usage=usage, Intent=OWN))
    drawn(f"/OC /{ACCOUNT} BDC 0 0 5 5 re f EMC", Properties=entry(**{ACCOUNT: layer}))(document)
    shown = entry(ON=[layer], AS=[entry(Event=OWN, Category=[OWN], OCGs=[layer])])
    document.Root.OCProperties = entry(OCGs=[layer], D=shown)


def printed(document: pikepdf.Pdf) -> None:
    program = Stream(document, f"% {WHO}".encode(), Subtype=Name.PS)
    drawn("/P1 Do", XObject=entry(P1=program))(document)


TILE = {"PatternType": 1, "PaintType": 1, "TilingType": 1, "BBox": BOX, "XStep": 2, "YStep": 2}
SHADE = {"ShadingType": 2, "ColorSpace": Name.DeviceGray, "Coords": BOX}
RAMP = {"FunctionType": 2, "Domain": [0, 1], "N": 1}
PLACES: dict[str, Changed] = {
    "font": font,
    "picture": placed(f"/{ACCOUNT} Do", form, "XObject"),
    "picture in a picture": placed(
        f"/{ACCOUNT} Do",
        lambda d: form(d, f"/{ACCOUNT} Do", Resources=entry(XObject=entry(**{ACCOUNT: form(d)}))),
        "XObject",
    ),
    "state": placed(f"/{ACCOUNT} gs", lambda _: entry(CA=1), "ExtGState"),
    "colours": placed(
        f"/{ACCOUNT} cs 1 scn", lambda _: [Name.CalGray, entry(WhitePoint=[1, 1, 1])], "ColorSpace"
    ),
    "pattern": placed(
        f"/Pattern cs /{ACCOUNT} scn", lambda d: Stream(d, b"0 0 1 1 re f", **TILE), "Pattern"
    ),
    "shading": placed(
        f"/{ACCOUNT} sh", lambda _: entry(**SHADE, Function=entry(**RAMP)), "Shading"
    ),
    "list of properties": placed(
        f"/P /{ACCOUNT} BDC 0 0 5 5 re f EMC", lambda _: entry(MCID=0), "Properties"
    ),
    "layer": layered,
    "box to tick": ticked,
    "field": noted(Subtype=Name.Widget, FT=Name.Tx, T="x", V="x", DA=f"/{ACCOUNT} 9 Tf"),
    "list to choose from": noted(
        Subtype=Name.Widget, FT=Name.Ch, T="x", V=WHO, Opt=[[WHO, "Seen"]]
    ),
    "glyphs": glyphs,
    "glyphs of a font elsewhere": described(Encoding=entry(Differences=[200, OWN])),
    "font elsewhere": described(BaseFont=OWN),
    "older name of a font": described(Name=OWN),
    "description of a font": described(
        FontDescriptor=entry(FontName=OWN, FontFamily=WHO, CharSet=f"/{WHO}", Flags=4)
    ),
    "collection of signs": described(
        CIDSystemInfo=entry(Registry=WHO, Ordering=WHO, Supplement=0)
    ),
    "unknown encoding": described(Encoding=OWN),
    "kinds of resources": drawn(ProcSet=[OWN]),
    "words of nothing": drawn(f"/P <</MCID 7 /ActualText ({WHO})>> BDC EMC"),
    "words of a span of nothing": drawn(f"/Span <</ActualText ({WHO})>> BDC q Q EMC"),
    "unknown instruction": drawn(f"BX ({WHO}) /{ACCOUNT} foo EX"),
    "value too many": drawn(f"({WHO}) q Q"),
    "value of nothing": lambda document: drawn(f"{SEEN} [({WHO})] 0 g")(document),
    "unknown intent": drawn(f"/{ACCOUNT} ri"),
    "entries of an inline picture": drawn(
        f"BI /W 1 /H 1 /BPC 8 /CS /G /DP <</Author ({WHO})>> ID a EI"
    ),
    "heading of a part that no page has": heading(K=99, ActualText=WHO, Alt=WHO),
    "heading of an empty part": heading(K=1, ActualText=WHO),
    "heading of a part elsewhere": heading(K=entry(Type=Name.MCR, MCID=98), Alt=WHO),
    "hidden comment": noted(Subtype=Name.FreeText, F=2, Contents=WHO),
    "words of a window": noted(Subtype=Name.Popup, Contents=WHO),
    "accepted by": noted(Subtype=Name.Text, F=30, State="Accepted", Contents=f"Accepted by {WHO}"),
    "look of a comment": noted(Subtype=Name.FreeText, Contents="x", DS=f"font: {WHO} 12pt"),
    "stamp": noted(Subtype=Name.Stamp, Name=OWN),
    "state of a comment": noted(Subtype=Name.Text, State=WHO, StateModel=WHO),
    "named action": noted(Subtype=Name.Link, A=entry(S=Name.Named, N=OWN)),
    "action that hides": noted(Subtype=Name.Link, A=entry(S=Name.Hide, T=WHO)),
    "unknown action": noted(Subtype=Name.Link, A=entry(S=OWN)),
    "mode of the pages": root(PageMode=OWN, PageLayout=OWN),
    "what a reader prefers": root(ViewerPreferences=entry(Direction=OWN, PrintScaling=OWN)),
    "program for a printer": printed,
}  # fmt: skip


def made(change: Changed) -> bytes:
    document = page()
    change(document)
    return saved(document)


@pytest.mark.parametrize("place", PLACES)
def test_no_name_is_left_that_no_page_of_a_pdf_shows(place: str) -> None:
    body = made(PLACES[place])
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body, "pdf")
    assert (report.code, names_in(copy)) == ("cleaned", [])
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert document.check_pdf_syntax() == []
        assert WORDS.encode() in document.pages[0].obj.Contents.read_bytes()


def copied(change: Changed) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(cleaned(made(change), "pdf")[1]))


KINDS = {"font": "Font", "picture": "XObject", "state": "ExtGState", "pattern": "Pattern",
         "colours": "ColorSpace", "shading": "Shading",
         "list of properties": "Properties"}  # fmt: skip


@pytest.mark.parametrize("place", KINDS)
def test_an_instruction_still_finds_what_it_names(place: str) -> None:
    with copied(PLACES[place]) as document:
        first = document.pages[0].obj
        named = {name.encode() for name in first.Resources[f"/{KINDS[place]}"].as_dict()}
        body = first.Contents.read_bytes()
        assert any(name + b" " in body or name + b"\n" in body for name in named)


def test_a_box_is_still_ticked() -> None:
    with copied(ticked) as document:
        (box,) = document.pages[0].obj.Annots
        assert str(box.AS) in box.AP.N
        assert box.AS == box.V


def test_a_choice_still_shows_what_was_chosen() -> None:
    with copied(PLACES["list to choose from"]) as document:
        (field,) = document.pages[0].obj.Annots
        assert (str(field.V), [str(each) for each in field.Opt]) == ("Seen", ["Seen"])


@pytest.mark.parametrize(
    "name",
    [
        "ArialMT",
        "TimesNewRomanPS-BoldItalicMT",
        "ABCDEF+Calibri-Light",
        "STSong-Light",
        "CourierNew",
    ],
)
def test_a_usual_font_keeps_its_name(name: str) -> None:
    with copied(described(BaseFont=Name(f"/{name}"))) as document:
        assert str(document.pages[0].obj.Resources.Font.F1.BaseFont) == f"/{name}"


def test_letters_keep_their_names_and_maps_of_characters_theirs() -> None:
    coded = entry(Differences=[1, Name.eacute, Name("/Alpha"), Name("/uni0175"), Name("/g12")])
    with copied(described(Encoding=coded)) as document:
        kept = document.pages[0].obj.Resources.Font.F1.Encoding.Differences
        assert [str(each) for each in kept][1:] == ["/eacute", "/Alpha", "/uni0175", "/g12"]
    for known in ("Identity-H", "UniGB-UCS2-H", "90ms-RKSJ-V", "GBK-EUC-H", "WinAnsiEncoding"):
        with copied(described(Encoding=Name(f"/{known}"))) as document:
            assert str(document.pages[0].obj.Resources.Font.F1.Encoding) == f"/{known}"


def test_words_that_stand_for_something_drawn_stay() -> None:
    said = f"/Span <</ActualText ({WORDS})>> BDC {SEEN} EMC"
    with copied(drawn(said)) as document:
        assert f"/ActualText ({WORDS})".encode() in document.pages[0].obj.Contents.read_bytes()
    with copied(heading(K=0, ActualText=WORDS)) as document:
        assert document.Root.StructTreeRoot.K.ActualText == String(WORDS)
