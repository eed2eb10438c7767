"""What no reader sees in a document: words of no cell, readings, keys, made-up values."""
# ruff: noqa: E501 - the table of places is read line by line

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
import pytest

from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.documents import (
    RELATED,
    Parts,
    excel,
    odt,
    office_parts,
    pack,
    slides,
    unpack,
    word,
)
from tests.evidence.planted import WHO, WORDS

STRINGS = (
    f"<sst count='2' uniqueCount='4'><si><t>{WHO}</t></si><si><t>{WORDS}</t></si>"
    f"<si><r><t>Alma</t></r><r><t xml:space='preserve'> Testwright</t></r></si>"
    f"<si><t>MORE</t><rPh sb='0' eb='1'><t>{WHO}</t></rPh><phoneticPr fontId='1'/></si></sst>"
)


def sheet(cells: str, row: str = "") -> str:
    return f"<worksheet><sheetData><row r='1'{row}>{cells}</row></sheetData></worksheet>"


USED = sheet("<c r='A1' t='s'><v>1</v></c><c r='B1' t='s'><v> 3 </v></c><c r='C1'><v>0</v></c>")


def book(cells: str, strings: str = STRINGS) -> Parts:
    return office_parts(
        "xlsx", {"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": cells}
    )


def settings(inner: str) -> Callable[[], Parts]:
    return odt("settings.xml", f"<office:document-settings>{inner}</office:document-settings>")


def content(inner: str) -> Callable[[], Parts]:
    return odt("content.xml", f"<office:document-content>{inner}</office:document-content>")


ENTRY = "<config:config-item-map-named config:name='Tables'><config:config-item-map-entry config:name='{}'/></config:config-item-map-named>"
PLACES: dict[str, Callable[[], Parts]] = {
    "strings of no cell": lambda: book(USED),
    "strings without a sheet": lambda: office_parts("xlsx", {"xl/strings.xml": STRINGS}),
    "reading in a cell": lambda: book(sheet(f"<c r='A1' t='inlineStr'><is><t>x</t><rPh><t>{WHO}</t></rPh></is></c>")),
    "reading in a note": excel("xl/comments1.xml", f"<comments><commentList><comment ref='A1'><text><t>x</t><rPh><t>{WHO}</t></rPh></text></comment></commentList></comments>"),
    "key of a table": content(f"<table:table table:name='S' table:protected='true' table:protection-key='{WHO}'/>"),
    "key of a spreadsheet": content(f"<office:spreadsheet table:structure-protected='true' table:protection-key='{WHO}'/>"),
    "key of tracked changes": content(f"<text:tracked-changes text:protection-key='{WHO}'/>"),
    "algorithm of a key": content(f"<table:table table:protection-key-digest-algorithm='{WHO}'/>"),
    "key of a sheet": excel("xl/worksheets/sheet2.xml", f"<worksheet><sheetProtection sheet='1' algorithmName='{WHO}' hashValue='{WHO}' saltValue='{WHO}' password='{WHO}'/></worksheet>"),
    "key of a range": excel("xl/worksheets/sheet2.xml", f"<worksheet><protectedRanges><protectedRange name='r' sqref='A1' hashValue='{WHO}' password='{WHO}'/></protectedRanges></worksheet>"),
    "key of a workbook": excel("xl/book.xml", f"<workbook><workbookProtection lockStructure='1' workbookHashValue='{WHO}' workbookSaltValue='{WHO}' workbookPassword='{WHO}' revisionsPassword='{WHO}' revisionsHashValue='{WHO}'/></workbook>"),
    "key of a document": word("word/settings.xml", f"<w:settings><w:documentProtection w:edit='forms' w:enforcement='1' w:hash='{WHO}' w:salt='{WHO}' w:hashValue='{WHO}' w:saltValue='{WHO}'/><w:writeProtection w:hash='{WHO}'/></w:settings>"),
    "key of slides": slides("ppt/x.xml", f"<p:presentation><p:modifyVerifier hashData='{WHO}' saltData='{WHO}'/></p:presentation>"),
    "web division": word("word/webSettings.xml", f"<w:webSettings><w:divs><w:div w:id='{WHO}'><w:bodyDiv w:val='1'/></w:div></w:divs></w:webSettings>"),
    "in a web division": word("word/footer8.xml", f"<w:ftr><w:p><w:pPr><w:divId w:val='{WHO}'/></w:pPr></w:p></w:ftr>"),
    "extension of a workbook": excel("xl/book.xml", f"<workbook><extLst><ext uri='{WHO}'/></extLst></workbook>"),
    "extension of a shape": slides("ppt/slides/s9.xml", f"<p:sld><a:extLst><a:ext uri='urn:{WHO}'><a:t>x</a:t></a:ext></a:extLst></p:sld>"),
    "language": word("word/footer8.xml", f"<w:ftr><w:lang w:val='{WHO}' w:eastAsia='{WHO}' w:bidi='{WHO}'/></w:ftr>"),
    "language of a theme": word("word/settings.xml", f"<w:settings><w:themeFontLang w:val='{WHO}' w:bidi='{WHO}'/></w:settings>"),
    "language of slides": slides("ppt/slides/s9.xml", f"<p:sld><a:rPr lang='{WHO}' altLang='{WHO}'/></p:sld>"),
    "language of XML": slides("ppt/slides/s9.xml", f"<p:sld xml:lang='{WHO}'/>"),
    "language of OpenDocument": content(f"<style:text-properties fo:language='{WHO}' fo:country='{WHO}' fo:script='{WHO}' style:language-asian='{WHO}' style:country-complex='{WHO}' style:rfc-language-tag='{WHO}'/>"),
    "language of a number": content(f"<number:date-style number:language='{WHO}' number:country='{WHO}' number:transliteration-language='{WHO}'/>"),
    "animation": slides("ppt/slides/s9.xml", f"<p:sld><p:animEffect filter='{WHO}' prLst='{WHO}'/></p:sld>"),
    "animation, with a known one": slides("ppt/slides/s9.xml", f"<p:sld><p:animEffect filter='wipe({WHO})'/></p:sld>"),
    "view of a sheet": settings(ENTRY.format(WHO)),
    "set of settings": settings(f"<config:config-item-set config:name='{WHO}'/>"),
    "name of a setting": settings(f"<config:config-item config:type='int' config:name='{WHO}'>1</config:config-item>"),
    "list of views": settings(f"<config:config-item-map-indexed config:name='{WHO}'><config:config-item-map-entry/></config:config-item-map-indexed>"),
    "list of settings": settings(f"<config:config-item-map-named config:name='{WHO}'><config:config-item-map-entry/></config:config-item-map-named>"),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_name_is_left_where_no_reader_looks(place: str) -> None:
    body = pack(PLACES[place]())
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body)
    assert (report.code, names_in(copy)) == ("cleaned", [])


KEPT: dict[str, tuple[Callable[[], Parts], str, list[str]]] = {
    "strings": (lambda: book(USED), "xl/sharedStrings.xml", [WORDS, "MORE", "count="]),
    "reading that is shown": (
        lambda: book(sheet("<c r='A1' t='s' ph='1'><v>3</v></c>")), "xl/sharedStrings.xml", ["<rPh"],
    ),
    "readings of a row": (
        lambda: book(sheet("<c r='A1' t='s'><v>3</v></c>", " ph='1'")), "xl/sharedStrings.xml", ["<rPh"],
    ),
    "protection": (
        excel("xl/worksheets/sheet2.xml", "<worksheet><sheetProtection sheet='1' objects='1' hashValue='x'/></worksheet>"),
        "xl/worksheets/sheet2.xml", ['sheet="1"', 'objects="1"'],
    ),
    "protected table": (content("<table:table table:name='S' table:protected='true' table:protection-key='x'/>"), "content.xml", ['table:protected="true"']),
    "division": (word("word/webSettings.xml", "<w:webSettings><w:divs><w:div w:id='1234567'><w:marLeft w:val='0'/></w:div></w:divs></w:webSettings>"), "word/webSettings.xml", ['w:id="1234567"', "marLeft"]),
    "extensions": (
        excel("xl/book.xml", "<workbook><extLst><ext uri='{140A7094-0E35-4892-8432-C4D2E57EDEB5}'><x>1</x></ext><ext uri='http://schemas.microsoft.com/office/x/1'/><ext uri='http://schemas.openxmlformats.org/x'/></extLst></workbook>"),
        "xl/book.xml", ["140A7094", "microsoft.com", "openxmlformats"],
    ),
    "size of a shape": (slides("ppt/slides/s9.xml", "<p:sld><a:xfrm><a:ext cx='1' cy='2'/></a:xfrm></p:sld>"), "ppt/slides/s9.xml", ['cx="1"']),
    "languages": (
        word("word/footer8.xml", "<w:ftr><w:lang w:val='en-GB' w:eastAsia='zh-Hant-TW' w:bidi='x-none'/><a:rPr lang='cy-GB'/><a:rPr lang='ca-ES-valencia'/><a:rPr lang='es-419'/></w:ftr>"),
        "word/footer8.xml", ["en-GB", "zh-Hant-TW", "x-none", "cy-GB", "ca-ES-valencia", "es-419"],
    ),
    "languages of OpenDocument": (
        content("<style:text-properties fo:language='none' fo:country='GB' fo:script='Latn' style:rfc-language-tag='sr-Latn-RS'/>"),
        "content.xml", ['"none"', '"GB"', '"Latn"', "sr-Latn-RS"],
    ),
    "animations": (
        slides("ppt/slides/s9.xml", "<p:sld><p:animEffect filter='barn(inVertical)'/><p:animEffect filter='fade'/><p:animEffect filter='wheel(4)'/><p:animEffect filter='image' prLst='opacity: 0.5'/></p:sld>"),
        "ppt/slides/s9.xml", ["barn(inVertical)", "fade", "wheel(4)", "opacity: 0.5"],
    ),
    "views": (
        lambda: {**settings(f"<config:config-item-set config:name='ooo:view-settings'>{ENTRY.format('My rota')}<config:config-item config:name='HorizontalSplitMode' config:type='short'>2</config:config-item></config:config-item-set>")(), "content.xml": b"<office:document-content><table:table table:name='My rota'/></office:document-content>"},
        "settings.xml", ["ooo:view-settings", "Tables", "My rota", "HorizontalSplitMode", ">2<"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", KEPT)
def test_what_a_reader_needs_of_it_stays(what: str) -> None:
    make, part, wanted = KEPT[what]
    report, copy = cleaned(pack(make()))
    said = unpack(copy)[part].decode()
    assert (report.code, [each for each in wanted if each not in said]) == ("cleaned", [])


LISTED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def as_excel_writes(body: bytes) -> Parts:
    """The parts of a workbook with its words in one list, and one more that no cell has."""
    parts, words = unpack(body), list[bytes]()

    def listed(found: re.Match[bytes]) -> bytes:
        words.append(found[1])
        return b't="s"><v>%d</v></c>' % (len(words) - 1)

    for name in [each for each in parts if each.startswith("xl/worksheets/sheet")]:
        cell = rb't="inlineStr"><is><t>([^<]*)</t></is></c>'
        parts[name] = re.sub(cell, listed, parts[name])
    words.append(WHO.encode())
    rels, types = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
    where = f'<Relationship Type="{RELATED}sharedStrings" Target="sharedStrings.xml" Id="s"/></R'
    kind = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{LISTED}"/></Types>'
    parts[rels] = parts[rels].replace(b"</R", where.encode())
    parts[types] = parts[types].replace(b"</Types>", kind.encode())
    inside = b"".join(b"<si><t>%b</t></si>" % each for each in words)
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="%b">%b</sst>' % (space, inside)
    return parts


def test_every_cell_has_the_same_words_where_strings_were_emptied() -> None:
    made, out = openpyxl.Workbook(), io.BytesIO()
    for number in range(40):
        made.active.append([f"word {number}", number, f"word {number % 3}"])
    made.create_sheet("Second").append(["word 7", "other"])
    made.save(out)
    body = pack(as_excel_writes(out.getvalue()))
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body)
    assert (report.code, names_in(copy)) == ("cleaned", [])
    before, after = (openpyxl.load_workbook(io.BytesIO(each)) for each in (body, copy))
    for each in before:
        assert list(after[each.title].values) == list(each.values)
    assert "word 39" in str(list(after["Sheet"].values))
