"""What documents keep for themselves and show on no page: caches, conditions, embedded fonts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.documents import (
    Parts,
    excel,
    odt,
    office_parts,
    pack,
    unpack,
    word,
)
from tests.evidence.planted import ACCOUNT, WHO, WORDS


def content(inner: str) -> Callable[[], Parts]:
    return odt("content.xml", f"<office:document-content>{inner}</office:document-content>")


def field(instruction: str, result: str = WORDS) -> str:
    """A foot of a page with one field, and what it showed last."""
    said = instruction.replace("&", "&amp;").replace("<", "&lt;")
    begin, middle, end = (
        f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in ("begin", "separate", "end")
    )
    return (
        f"<w:ftr><w:p>{begin}<w:r><w:instrText>{said}</w:instrText></w:r>{middle}"
        f"<w:r><w:t>{result}</w:t></w:r>{end}</w:p></w:ftr>"
    )


def linked(inner: str) -> Callable[[], Parts]:
    return excel("xl/externalLinks/externalLink2.xml", f"<externalLink>{inner}</externalLink>")


def cached(inner: str) -> Callable[[], Parts]:
    body = f"<pivotCacheDefinition refreshedBy='x'>{inner}</pivotCacheDefinition>"
    return excel("xl/pivotCache/pivotCacheDefinition1.xml", body)


VALUE = f"<values><value t='str'><val>{WHO}</val></value></values>"
PLACES: dict[str, Callable[[], Parts]] = {
    "cells of a linked workbook": linked(
        "<externalBook><sheetDataSet><sheetData><row r='1'><cell r='A1' t='str'>"
        f"<v>{WHO}</v></cell></row></sheetData></sheetDataSet></externalBook>"
    ),
    "names in a linked workbook": linked(
        f"<externalBook><sheetNames><sheetName val='{WHO}'/></sheetNames><definedNames>"
        f"<definedName name='{ACCOUNT}' refersTo='={WHO}!A1'/></definedNames></externalBook>"
    ),
    "values of another program": linked(
        f"<ddeLink><ddeItems><ddeItem name='{ACCOUNT}'>{VALUE}</ddeItem></ddeItems></ddeLink>"
    ),
    "objects of another program": linked(
        f"<oleLink progId='x'><oleItems><oleItem name='{WHO}'/></oleItems></oleLink>"
    ),
    "values of a pivot table": cached(
        f"<cacheFields><cacheField name='c'><sharedItems><s v='{WHO}'/></sharedItems></cacheField>"
        "</cacheFields>"
    ),
    "pivot table of a server": cached(
        f"<cacheHierarchies><cacheHierarchy uniqueName='[{ACCOUNT}]' caption='{WHO}'/>"
        f"</cacheHierarchies><kpis><kpi uniqueName='{WHO}'/></kpis>"
    ),
    "strings of a data model": excel(
        "xl/metadata.xml",
        f"<metadata><metadataStrings><s v='{WHO}'/></metadataStrings></metadata>",
    ),
    "embedded font": lambda: office_parts(
        "docx",
        {
            "word/footer8.xml": f"<w:ftr><w:rFonts w:ascii='{WHO}' w:hAnsi='{WHO}'/></w:ftr>",
            "word/fontTable.xml": f"<w:fonts><w:font w:name='{WHO}'><w:altName w:val='{ACCOUNT}'/>"
            "<w:embedRegular r:id='r1'/></w:font></w:fonts>",
        },
    ),
    "embedded font of OpenDocument": odt(
        "styles.xml",
        f"<office:document-styles><style:font-face style:name='{WHO}' svg:font-family='{WHO}'>"
        "<svg:font-face-src/></style:font-face>"
        f"<style:text-properties style:font-name='{WHO}'/></office:document-styles>",
    ),
    "variable on no page": content(
        f"<text:user-field-decls><text:user-field-decl text:name='{ACCOUNT}' "
        f"office:string-value='{WHO}'/></text:user-field-decls>"
    ),
    "other branch of a condition": content(
        f"<text:p><text:conditional-text text:condition='ooow:x==&quot;{WHO}&quot;' "
        f"text:string-value-if-true='{WHO}'>{WORDS}</text:conditional-text></text:p>"
    ),
    "hidden text": content(
        f"<text:p>{WORDS}<text:hidden-text text:is-hidden='true' text:string-value='{WHO}'>"
        f"{WHO}</text:hidden-text></text:p>"
    ),
    "values of another program in a sheet": content(
        f"<table:dde-links><table:dde-link><text:p>{WHO}</text:p></table:dde-link></table:dde-links>"
    ),
    "members of a pivot table": content(
        f"<table:data-pilot-members><table:data-pilot-member table:name='{WHO}'/>"
        "</table:data-pilot-members>"
    ),
    "entry of an index": content(
        f"<text:p><text:alphabetical-index-mark text:string-value='{WHO}' text:key1='{WHO}'/>"
        f"<text:bibliography-mark text:note='{WHO}'>x</text:bibliography-mark></text:p>"
    ),
    "text in a setting that is a number": odt(
        "settings.xml",
        "<office:document-settings><config:config-item config:type='boolean'>"
        f"{WHO}</config:config-item></office:document-settings>",
    ),
    "names beside a link and a picture": content(
        f"<text:p><text:a office:name='{WHO}' office:title='{WHO}' xlink:href='http://e.org'>x"
        f"</text:a><draw:area-circle office:name='{WHO}'/></text:p>"
    ),
}
FIELDS = (
    'IF "{0}" = "x" "a" "b"', 'QUOTE "{0}"', 'TC "{0}"', 'XE "{0}"', 'TA \\l "{0}"', "CITATION {0}",
    'COMPARE "{0}" = "x"', '= "{0}"', 'HYPERLINK "http://e.org" \\o "{0}" \\t "{0}"',
    'INDEX \\f "{0}"', 'TOC \\o "1-3" \\b "{0}"', 'DATE \\@ "{0}"', 'EMBED "{0}"', 'PAGE \\* "{0}"',
    'FORMTEXT "{0}"', '\\x "{0}"', '"{0}"', 'MACROBUTTON {0} Click', 'SEQ "{0}"',
)  # fmt: skip
"""Instructions that show nothing of this on the page."""
PLACES |= {f"field {each}": word("word/footer8.xml", field(each.format(WHO))) for each in FIELDS}


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_left_that_a_document_keeps_and_does_not_show(place: str) -> None:
    parts = PLACES[place]()
    body = pack(parts)
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body)
    left = [each for each in names_in(copy) if "MACROBUTTON" not in place or each == WHO]
    assert (report.code, left) == ("cleaned", [])
    seen = any(WORDS.encode() in part for part in parts.values())
    assert any(WORDS.encode() in part for part in unpack(copy).values()) == seen


@pytest.mark.parametrize(
    "instruction",
    [
        'DATE \\@ "d MMMM yyyy"', "PAGE \\* MERGEFORMAT", "= SUM(ABOVE)",
        'TOC \\o "1-3" \\h \\z \\u',
        "EMBED Excel.Sheet.12", 'HYPERLINK "https://www.gov.uk/"', "SEQ Figure \\* ARABIC",
        "EQ \\f(1,2)", "NUMPAGES", 'SAVEDATE \\@ "dd/MM/yyyy HH:mm"', "= A1*2 \\# 0.00",
    ],
)  # fmt: skip
def test_what_a_page_needs_of_a_field_stays(instruction: str) -> None:
    report, copy = cleaned(pack(word("word/footer8.xml", field(instruction))()))
    assert report.code == "cleaned"
    said = unpack(copy)["word/footer8.xml"].decode().replace("&lt;", "<")
    assert f">{instruction}<" in said.replace("> ", ">").replace(" <", "<")


def test_a_cell_keeps_its_value_when_its_formula_reads_another_workbook() -> None:
    cells = (
        "<c r='A1'><f>[1]Rota!A1</f><v>7</v></c><c r='A2'><f>SUM(A1:A1)</f><v>8</v></c>"
        "<c r='A3'><f t='shared' ref='A3:A4' si='0'>'[1]My rota'!A1</f><v>9</v></c>"
        "<c r='A4'><f t='shared' si='0'/><v>10</v></c><c r='A5'><f>Table1[2024]</f><v>11</v></c>"
    )
    sheet = f"<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>"
    report, copy = cleaned(pack(excel("xl/worksheets/sheet9.xml", sheet)()))
    said = unpack(copy)["xl/worksheets/sheet9.xml"].decode()
    assert report.code == "cleaned"
    assert [f"<v>{value}</v>" in said for value in (7, 8, 9, 10, 11)] == [True] * 5
    assert said.count("</f>") + said.count("<f/>") == 2
    assert "SUM(A1:A1)" in said
    assert "Table1[2024]" in said
