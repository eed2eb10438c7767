"""PDF: what no page shows of fields, headings and colours names no one in the copy."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.pdf_documents import entry, page, saved
from tests.evidence.planted import ACCOUNT, WHO, WORDS

Changed = Callable[[pikepdf.Pdf], None]
OWN = Name(f"/{ACCOUNT}")
BOX = [9, 9, 30, 30]


def made(change: Changed) -> bytes:
    document = page()
    document.pages[0].obj.Resources = entry()
    change(document)
    return saved(document)


def field(**said: Any) -> Changed:
    """A field of a form that is on no page."""

    def change(document: pikepdf.Pdf) -> None:
        one = entry(**{"FT": Name.Tx, "T": "x", **said})
        one = document.make_indirect(one)
        document.Root.AcroForm = entry(Fields=[one], CO=[one])

    return change


def direct(**said: Any) -> Changed:
    """A field that is written in the list of them."""
    return spoken(AcroForm=entry(Fields=[entry(**{"FT": Name.Tx, "T": "x", **said})]))


def in_circles(document: pikepdf.Pdf) -> None:
    one = document.make_indirect(entry(FT=Name.Tx, T=WHO))
    one.Kids = Array([one] * 9)
    document.Root.AcroForm = entry(Fields=[one, Name.X, 1])


def widget(**said: Any) -> Changed:
    """A field on the page, in a group, with a heading that leads to it."""

    def change(document: pikepdf.Pdf) -> None:
        first = document.pages[0].obj
        shown = {"FT": Name.Tx, "T": "x", "Rect": BOX, "Subtype": Name.Widget, **said}
        one = document.make_indirect(entry(**shown))
        group = document.make_indirect(entry(T=WHO, TU=WHO, Kids=[one]))
        one.Parent, first.Annots = group, Array([one])
        document.Root.AcroForm = entry(Fields=[group])
        figure = entry(Type=Name.StructElem, S=Name.Form, K=entry(Type=Name.OBJR, Obj=one))
        tree = entry(Type=Name.StructTreeRoot, K=document.make_indirect(figure))
        document.Root.StructTreeRoot = document.make_indirect(tree)

    return change


def tagged(root: Any = None, **said: Any) -> Changed:
    """A heading, and what the list of headings says."""

    def change(document: pikepdf.Pdf) -> None:
        noted("/P <</MCID 0>> BDC 0 0 9 9 re f EMC")(document)
        first = entry(**{"Type": Name.StructElem, "S": Name.P, **said})
        tree = entry(Type=Name.StructTreeRoot, K=document.make_indirect(first), **(root or {}))
        document.Root.StructTreeRoot = document.make_indirect(tree)

    return change


def intent(**said: Any) -> Changed:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OutputIntents = Array([entry(**{"S": Name.GTS_PDFA1, **said})])

    return change


def tint(**said: Any) -> Dictionary:
    return entry(FunctionType=2, Domain=[0, 1], N=1, C0=[0.0], C1=[1.0], **said)


def coloured(space: list[Any]) -> Changed:
    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.Resources = entry(ColorSpace=entry(C=space))

    return change


def halftoned(**said: Any) -> Changed:
    def change(document: pikepdf.Pdf) -> None:
        one = document.make_indirect(entry(Type=Name.Halftone, **said))
        document.pages[0].obj.Resources = entry(ExtGState=entry(G=entry(HT=one)))

    return change


def spoken(**said: Any) -> Changed:
    def change(document: pikepdf.Pdf) -> None:
        for name, value in said.items():
            document.Root[f"/{name}"] = value

    return change


def noted(instructions: str) -> Changed:
    def change(document: pikepdf.Pdf) -> None:
        body = f"{instructions}\nBT ({WORDS}) Tj ET".encode()
        document.pages[0].obj.Contents = pikepdf.Stream(document, body)

    return change


SEPARATED = [Name.Separation, OWN, Name.DeviceGray, tint()]
PLACES: dict[str, Changed] = {
    **{f"{key} of a field on no page": field(**{key: WHO}) for key in ("T", "TU", "TM", "DV", "V")},
    "choices of a field on no page": field(Opt=[WHO]),
    "field among the form's entries": direct(T=WHO, TU=WHO),
    "field inside a field": direct(Kids=[entry(T=WHO, TU=WHO)]),
    "field in circles": in_circles,
    "hidden field": widget(F=2, V=WHO, TU=WHO),
    "field without a size": widget(Rect=[9, 9, 9, 9], V=WHO, TU=WHO),
    "group of fields": widget(V="x"),
    "list of numbers of headings": tagged({"IDTree": entry(Names=[String(WHO), entry()])}),
    "map of roles": tagged({"RoleMap": entry(**{ACCOUNT: Name.P})}, S=OWN),
    "role without a map": tagged(S=OWN),
    "role in circles": tagged({"RoleMap": entry(**{ACCOUNT: OWN})}, S=OWN),
    "map of classes": tagged({"ClassMap": entry(**{ACCOUNT: entry(O=Name.Layout)})}, C=OWN),
    "classes of a heading": tagged(C=[OWN, 1]),
    **{f"{key} of nothing": tagged(**{key: WHO}) for key in ("ActualText", "Alt", "E")},
    "Alt of nothing inside": tagged(Alt=WHO, K=[entry(Type=Name.StructElem, S=Name.P)]),
    "attributes of an owner": tagged(A=entry(O=OWN, Summary=WHO)),
    "attributes of an owner in a list": tagged(A=[entry(O=OWN, Summary=WHO), 0]),
    "summary of nothing": tagged(A=entry(O=Name.Table, Summary=WHO)),
    "namespace": tagged({"Namespaces": [entry(NS=f"urn:{ACCOUNT}", RoleMapNS=entry(X=OWN))]}),
    "identifier of the output": intent(OutputConditionIdentifier=WHO),
    "information on the output": intent(S=Name.ISO_PDFE1, Info=WHO, OutputCondition=WHO),
    "kind of the output": intent(S=Name(f"/GTS_{ACCOUNT}")),
    "colorant": coloured(SEPARATED),
    "colorant inside": coloured([Name.Indexed, SEPARATED, 1, String("ab")]),
    "colorants": coloured([Name.DeviceN, [Name.Cyan, OWN], Name.DeviceCMYK, tint(),
        entry(Colorants=entry(**{ACCOUNT: SEPARATED}),
              MixingHints=entry(Solidities=entry(**{ACCOUNT: 1}), PrintingOrder=[OWN]),
              Process=entry(ColorSpace=Name.DeviceCMYK, Components=[OWN]))]),
    "colorant of a halftone": halftoned(HalftoneType=5, **{ACCOUNT: entry(HalftoneType=1)}),
    "name of a halftone": halftoned(HalftoneType=1, HalftoneName=WHO),
    "function of a halftone": halftoned(HalftoneType=1, SpotFunction=OWN),
    "names of functions": coloured([Name.Separation, Name.Black, Name.DeviceGray,
        tint(Functions=entry(**{ACCOUNT: tint()}))]),
    "language": spoken(Lang=WHO),
    "private language": spoken(Lang="en-x-" + ACCOUNT),
    "language of a heading": tagged(Lang=WHO, K=0),
    "language among instructions": noted(f"/P <</MCID 0 /Lang ({WHO})>> BDC EMC"),
    "language among instructions as a name": noted(f"/P <</Lang/{ACCOUNT}>> BDC EMC"),
    "language among instructions in hex": noted(f"/P <</Lang<{WHO.encode().hex()}>>> BDC EMC"),
    "key of a number": spoken(ViewerPreferences=entry(**{ACCOUNT: 1})),
    "path in a bookmark": lambda document: bookmarked(document, f"C:\\Users\\{ACCOUNT}\\a.docx"),
}  # fmt: skip


def bookmarked(document: pikepdf.Pdf, title: str) -> None:
    first = document.make_indirect(entry(Title=title, Dest=[document.pages[0].obj, Name.Fit]))
    outlines = document.make_indirect(entry(Type=Name.Outlines, First=first, Last=first, Count=1))
    first.Parent, document.Root.Outlines = outlines, outlines


@pytest.mark.parametrize("place", PLACES)
def test_no_name_is_left_in_what_no_page_of_a_pdf_shows(place: str) -> None:
    body = made(PLACES[place])
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body, "pdf")
    assert (report.code, names_in(copy)) == ("cleaned", [])
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert document.check_pdf_syntax() == []
        assert WORDS.encode() in document.pages[0].obj.Contents.read_bytes()


def copied(change: Changed) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(cleaned(made(change), "pdf")[1]))


def test_a_field_on_a_page_keeps_what_it_says_and_its_place_in_the_form() -> None:
    with copied(widget(V="VALUE", TU="HELP")) as document:
        (group,) = document.Root.AcroForm.Fields
        (shown,) = group.Kids
        (on_page,) = document.pages[0].obj.Annots
        assert shown.objgen == on_page.objgen
        assert (str(shown.V), str(shown.TU)) == ("VALUE", "HELP")


def test_what_stands_for_something_shown_is_still_read_aloud() -> None:
    said = {key: f"SAY-{key}" for key in ("ActualText", "Alt", "E")}
    inner = entry(Type=Name.StructElem, S=Name.Span, K=entry(Type=Name.MCR, MCID=0))
    for kept in (0, inner, [inner]):
        with copied(tagged({"RoleMap": entry(Mine=Name.H1)}, S=Name.Mine, K=kept, **said)) as copy:
            heading = copy.Root.StructTreeRoot.K
            assert {key: str(heading[f"/{key}"]) for key in said} == said
            assert heading.S == Name.H1


def test_a_bookmark_stays_because_readers_show_it() -> None:
    with copied(lambda document: bookmarked(document, WORDS)) as document:
        assert str(document.Root.Outlines.First.Title) == WORDS


def test_a_colour_keeps_what_it_is_drawn_with() -> None:
    with copied(coloured(SEPARATED)) as document:
        kind, name, instead, function = document.pages[0].obj.Resources.ColorSpace.C
        assert (kind, name, instead) == (Name.Separation, Name.Colour1, Name.DeviceGray)
        assert function.FunctionType == 2
    with copied(coloured([Name.DeviceN, [Name.Cyan, Name.Black], Name.DeviceCMYK, tint()])) as copy:
        assert list(copy.pages[0].obj.Resources.ColorSpace.C[1]) == [Name.Cyan, Name.Black]


@pytest.mark.parametrize("tag", ["en-GB", "cy", "zh-Hant-TW", "es-419", ""])
def test_a_language_stays(tag: str) -> None:
    with copied(spoken(Lang=tag)) as document:
        assert str(document.Root.Lang) == tag


@pytest.mark.parametrize("said", ["sRGB IEC61966-2.1", "FOGRA39", "CGATS TR 001", "Custom"])
def test_a_registered_output_stays(said: str) -> None:
    with copied(intent(OutputConditionIdentifier=said)) as document:
        assert str(document.Root.OutputIntents[0].OutputConditionIdentifier) == said
