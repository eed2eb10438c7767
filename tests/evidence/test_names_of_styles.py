"""Names that a person typed for styles, bookmarks and ranges are gone, and all still fits."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import NamedStyle
from openpyxl.workbook.defined_name import DefinedName

from grievances.evidence.sanitiser.parts.typed_names import TypedNames, is_of_programs
from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.documents import Parts, excel, odt, pack, slides, word
from tests.evidence.planted import ACCOUNT, WHO

ONE = ACCOUNT.replace(".", "_")
"""The name as one word, as bookmarks and ranges must be."""


def typed_word() -> bytes:
    document = docx.Document()
    style = document.styles.add_style(f"Notes of {WHO}", WD_STYLE_TYPE.PARAGRAPH)
    style.font.bold = True
    document.add_paragraph("Heard", style="Heading 1")
    paragraph = document.add_paragraph("in bold", style=style)
    for tag in (f'bookmarkStart w:id="1" w:name="{ONE}"', 'bookmarkEnd w:id="1"'):
        paragraph._p.append(parse_xml(f"<w:{tag} {nsdecls('w')}/>"))
    link = f"<w:hyperlink {nsdecls('w')} w:anchor='{ONE}'><w:r><w:t>up</w:t></w:r></w:hyperlink>"
    paragraph._p.append(parse_xml(link))
    code = f"<w:r {nsdecls('w')}><w:instrText> PAGEREF {ONE} \\h </w:instrText></w:r>"
    paragraph._p.append(parse_xml(code))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def typed_sheet() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["B1"] = 2, 3, f'=SUM({ONE})+LEN("{"x" * 3}")'
    book.defined_names[ONE] = DefinedName(ONE, attr_text="Sheet!$A$1:$A$2")
    book.add_named_style(NamedStyle(name=f"Style of {WHO}"))
    sheet["A1"].style = f"Style of {WHO}"
    sheet.sheet_properties.codeName = ONE
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def part(body: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return package.read(name).decode()


def test_a_word_file_looks_the_same_under_other_names() -> None:
    original = typed_word()
    report, copy = cleaned(original)
    assert names_in(original)
    assert (report.code, names_in(copy)) == ("cleaned", [])
    document = docx.Document(io.BytesIO(copy))
    heading, paragraph = document.paragraphs
    assert heading.style
    assert paragraph.style
    assert (heading.style.name, paragraph.style.font.bold) == ("Heading 1", True)
    written = part(copy, "word/document.xml")
    (mark,) = re.findall(r'bookmarkStart [^>]*w:name="([^"]+)"', written)
    assert re.findall(r'anchor="([^"]+)"', written) == [mark]
    assert f"PAGEREF {mark} " in written


def test_a_sheet_computes_the_same_under_other_names() -> None:
    original = typed_sheet()
    report, copy = cleaned(original)
    assert names_in(original) or ONE in part(original, "xl/workbook.xml")
    assert (report.code, names_in(copy), ONE in part(copy, "xl/workbook.xml")) == (
        "cleaned",
        [],
        False,
    )
    book = openpyxl.load_workbook(io.BytesIO(copy))
    (name,) = book.defined_names
    assert book.active["B1"].value == f'=SUM({name})+LEN("xxx")'
    assert book.defined_names[name].attr_text == "Sheet!$A$1:$A$2"
    assert book.active["A1"].style.startswith("Style")


OPEN_SHEET = (
    f"<office:document-content><style:style style:name='{ACCOUNT}' style:display-name='{WHO}'/>"
    f"<text:p text:style-name='{ACCOUNT}'><text:bookmark text:name='{WHO}'/>"
    f"<text:a xlink:href='#{WHO}'>up</text:a><draw:frame draw:name='{WHO}'/></text:p>"
    f"<table:table-cell table:formula='of:=SUM({ONE})'/><text:section text:name='{WHO}'/>"
    f"<table:named-range table:name='{ONE}'/></office:document-content>"
)
PLACES: dict[str, Callable[[], Parts]] = {
    "OpenDocument": odt("content.xml", OPEN_SHEET),
    "styles of OpenDocument": odt(
        "styles.xml",
        f"<office:document-styles><style:master-page style:name='{WHO}'/>"
        f"<draw:gradient draw:name='{WHO}'/></office:document-styles>",
    ),
    "style": word(
        "word/styles2.xml",
        f"<w:styles><w:style w:styleId='{ACCOUNT}'><w:name w:val='{WHO}'/>"
        f"<w:aliases w:val='{WHO}'/><w:basedOn w:val='{ACCOUNT}'/></w:style></w:styles>",
    ),
    "latent style": word(
        "word/styles2.xml",
        f"<w:styles><w:latentStyles><w:lsdException w:name='{WHO}'/></w:latentStyles></w:styles>",
    ),
    "list": word(
        "word/numbering2.xml",
        f"<w:numbering><w:abstractNum><w:name w:val='{WHO}'/><w:styleLink w:val='{ACCOUNT}'/>"
        "</w:abstractNum></w:numbering>",
    ),
    "field of a form": word(
        "word/footer8.xml", f"<w:ftr><w:ffData><w:name w:val='{WHO}'/></w:ffData></w:ftr>"
    ),
    "field of a style": word(
        "word/footer8.xml", f'<w:ftr><w:instrText> STYLEREF "{WHO}" </w:instrText></w:ftr>'
    ),
    "picture": word("word/footer8.xml", f"<w:ftr><wp:docPr id='1' name='{WHO}'/></w:ftr>"),
    "theme": word(
        "word/theme/t2.xml", f"<a:theme name='{WHO}'><a:clrScheme name='{WHO}'/></a:theme>"
    ),
    "range in a chart": excel(
        "xl/charts/c.xml", f"<c:chartSpace><c:f>{ACCOUNT}</c:f></c:chartSpace>"
    ),
    "cell style": excel(
        "xl/styles2.xml",
        f"<styleSheet><cellStyles><cellStyle name='{WHO}'/></cellStyles>"
        f"<tableStyles defaultTableStyle='{WHO}'><tableStyle name='{WHO}'/></tableStyles>"
        "</styleSheet>",
    ),
    "scenario": excel(
        "xl/worksheets/s9.xml",
        f"<worksheet><scenarios><scenario name='{WHO}'/></scenarios></worksheet>",
    ),
    "slide": slides("ppt/slides/s1.xml", f"<p:sld><p:cSld name='{WHO}'/></p:sld>"),
    "show": slides("ppt/p2.xml", f"<p:presentation><p:custShow name='{WHO}'/></p:presentation>"),
}
LEARNT = {
    "range in a chart": f"<workbook><definedNames><definedName name='{ACCOUNT}'>A1</definedName>"
    "</definedNames></workbook>"
}


@pytest.mark.parametrize("place", PLACES)
def test_no_typed_name_is_left(place: str) -> None:
    parts = PLACES[place]()
    if place in LEARNT:
        parts["xl/workbook3.xml"] = LEARNT[place].encode()
    body = pack(parts)
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body)
    assert (report.code, names_in(copy)) == ("cleaned", [])


def test_links_and_formulas_of_opendocument_lead_where_they_led() -> None:
    copy = part(cleaned(pack(PLACES["OpenDocument"]()))[1], "content.xml")
    said = dict(re.findall(r'(\w+:[a-z-]+)="([^"]+)"', copy))
    assert said["xlink:href"] == "#" + re.findall(r'bookmark text:name="([^"]+)"', copy)[0]
    assert said["table:formula"] == f"of:=SUM({said['table:name']})"
    assert said["text:style-name"] == re.findall(r' style:name="([^"]+)"', copy)[0]


@pytest.mark.parametrize(
    "name", ["heading 1", "Heading_20_1", "List Bullet 2", "TOC 3", "Table Grid", "Text_20_body"]
)
def test_names_of_programs_are_kept(name: str) -> None:
    assert is_of_programs(name)
    assert TypedNames().renamed("Style", name) == name


def test_one_name_is_always_replaced_alike_and_two_never() -> None:
    names = TypedNames()
    assert names.renamed("Style", WHO) == names.renamed("Style", WHO)
    assert len({names.renamed("Mark", f"{WHO} {number}") for number in range(50)}) == 50


def test_a_name_is_not_taken_for_one_that_a_program_counted_up() -> None:
    names = TypedNames()
    for typed in ("_x0000_AmaraOkafor", "__Annotation__Amara_Okafor"):
        assert "Amara" not in names.renamed("Mark", typed)
    for counted in ("_x0000_s1026", "__Annotation__12_34"):
        assert names.renamed("Mark", counted) == counted
