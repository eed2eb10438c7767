"""What programs write for themselves in a document, beside what a reader sees."""
# ruff: noqa: E501 - the table of places is read line by line

from __future__ import annotations

import re

import pytest

from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.documents import Parts, excel, odt, office_parts, pack, slides, word
from tests.evidence.documents import unpack as unpacked
from tests.evidence.planted import ACCOUNT, WHO

PATH = f"C:\\Users\\{ACCOUNT}\\x.xlsx"

IN_WORD = {
    "title of a field": f"<w:sdt><w:sdtPr><w:alias w:val='{WHO}'/></w:sdtPr></w:sdt>",
    "placeholder of a field": f"<w:sdtPr><w:placeholder><w:docPart w:val='{WHO}'/></w:placeholder></w:sdtPr>",
    "last choice": f"<w:comboBox w:lastValue='{WHO}'/>",
    "user of the program": f'<w:instrText> USERNAME "{WHO}" </w:instrText>',
    "author": f"<w:fldSimple w:instr=' AUTHOR \"{WHO}\" '/>",
    "library of citations": f'<w:instrText> ADDIN ZOTERO_ITEM {{"uri":"http://zotero.invalid/users/{ACCOUNT}"}} </w:instrText>',
    "database": f'<w:instrText> DATABASE \\c "User ID={ACCOUNT}" </w:instrText>',
    "help of a field": f"<w:ffData><w:helpText w:val='{WHO}'/><w:statusText w:val='{WHO}'/></w:ffData>",
    "title of a picture": f"<v:shape id='{WHO}'><v:imagedata o:title='{WHO}'/></v:shape>",
    "line to sign": f"<o:signatureline o:suggestedsigner='{WHO}' o:suggestedsigneremail='{ACCOUNT}@x.invalid'/>",
    "marked name": f"<w:smartTag w:uri='urn:{ACCOUNT}' w:element='{ACCOUNT}'/>",
    "moved text": f"<w:moveFromRangeStart w:author='x' w:name='{WHO}'/>",
    "part of a glossary": f"<w:docPartPr><w:name w:val='{WHO}'/><w:category><w:name w:val='{WHO}'/></w:category></w:docPartPr>",
    "frame": f"<w:hyperlink w:tgtFrame='{WHO}' w:docLocation='{WHO}'/>",
}
IN_SETTINGS = {
    "captions": f"<w:captions><w:caption w:name='{WHO}'/></w:captions>",
    "library of schemas": f"<sl:schemaLibrary><sl:schema sl:manifestLocation='{PATH}' sl:uri='urn:{ACCOUNT}'/></sl:schemaLibrary>",
    "types of marks": f"<w:smartTagType w:namespaceuri='urn:{ACCOUNT}' w:name='x'/>",
}
IN_SHEETS = {
    "part that may be changed": f"<protectedRange name='{WHO}'><securityDescriptor>{ACCOUNT}</securityDescriptor></protectedRange>",
    "properties of a sheet": f"<customProperties><customPr name='{WHO}'/></customProperties>",
    "sources of a sum": f"<dataConsolidate><dataRefs><dataRef name='{WHO}'/></dataRefs></dataConsolidate>",
    "macro of a button": f"<controls><control name='{WHO}'><controlPr macro='[0]!{ACCOUNT}'/></control></controls>",
}
IN_BOOKS = {
    "group of functions": f"<functionGroups><functionGroup name='{WHO}'/></functionGroups>",
    "published sheets": f"<webPublishObjects><webPublishObject destinationFile='x' title='{WHO}'/></webPublishObjects>",
    "name of the publisher": f"<definedNames><definedName name='HTML_Name' hidden='1'>\"{WHO}\"</definedName></definedNames>",
}
IN_SLIDES = {
    "name of a sound": f"<p:stSnd><p:snd name='{WHO}.wav'/></p:stSnd>",
    "name of a moment": f"<p14:bmkLst><p14:bmk name='{WHO}'/></p14:bmkLst>",
    "macro of a click": f"<a:hlinkClick action='ppaction://macro?name={ACCOUNT}'/>",
    "name of an object": f"<p:oleObj name='{WHO}'/>",
}
IN_OPEN = {
    "line to sign": f"<loext:signatureline loext:suggested-signer-name='{WHO}' loext:signing-instructions='{WHO}'/>",
    "field": f"<loext:content-control loext:alias='{WHO}' loext:tag='{WHO}'/>",
    "connection": f"<office:dde-source office:dde-topic='{ACCOUNT}' office:dde-item='{WHO}'/>",
    "stored sheet of another file": f"<table:table table:name=\"'file:///home/{ACCOUNT}/x.ods'#$S\"><text:p>{WHO}</text:p></table:table>",
    "source of a sheet": f"<table:table-source table:filter-options='{WHO}'/>",
    "source of a range": f"<table:database-source-sql table:sql-statement='{ACCOUNT}'/>",
    "source of a pivot table": f"<table:data-pilot-table table:name='{ACCOUNT}' table:application-data='{WHO}'/>",
    "form": f"<form:form form:command='{ACCOUNT}' form:datasource='{ACCOUNT}' form:filter='{WHO}'/>",
    "script": f"<text:script>{WHO}</text:script>",
    "merged letter": f"<text:database-display text:database-name='{ACCOUNT}' text:table-name='{ACCOUNT}'>x</text:database-display>",
    "note to a source": f"<text:bibliography-mark text:annote='{WHO}'>x</text:bibliography-mark>",
    "description with a path": f"<svg:desc>{PATH}</svg:desc>",
    "name of a comment": f"<office:annotation office:name='{WHO}'/>",
    "shown pages": f"<presentation:settings presentation:show='{WHO}'/>",
}
PARTS = {
    "theme": word("word/theme/theme1.xml", f"<a:theme><thm15:themeFamily name='{WHO}'/></a:theme>"),
    "table": excel("xl/tables/t1.xml", f"<table comment='{WHO}'><tableColumn uniqueName='{WHO}'/></table>"),
    "addresses of another book": excel("xl/externalLinks/e1.xml", f"<externalLink><externalBook><x:alternateUrls driveId='{ACCOUNT}'/></externalBook></externalLink>"),
    "view of one person": excel("xl/namedSheetViews/n1.xml", f"<namedSheetViews><namedSheetView name='{WHO}'/></namedSheetViews>"),
    "book of a chart": excel("xl/charts/c1.xml", f"<c:chartSpace><c:pivotSource><c:name>[{ACCOUNT}.xlsx]S</c:name></c:pivotSource></c:chartSpace>"),
    "macro of a drawing": excel("xl/drawings/d1.xml", f"<xdr:wsDr><xdr:sp macro='[0]!{ACCOUNT}'/></xdr:wsDr>"),
    "older button": excel("xl/drawings/v1.vml", f"<xml><x:ClientData><x:FmlaMacro>[0]!{ACCOUNT}</x:FmlaMacro><x:ScriptText>{WHO}</x:ScriptText></x:ClientData></xml>"),
    "layout": slides("ppt/slideLayouts/l1.xml", f"<p:sldLayout matchingName='{WHO}'/>"),
    **{f"{each} (Word)": word("word/footer8.xml", f"<w:ftr>{body}</w:ftr>") for each, body in IN_WORD.items()},
    **{f"{each} (settings)": word("word/settings.xml", f"<w:settings>{body}</w:settings>") for each, body in IN_SETTINGS.items()},
    **{f"{each} (sheet)": excel("xl/worksheets/s9.xml", f"<worksheet>{body}</worksheet>") for each, body in IN_SHEETS.items()},
    **{f"{each} (book)": excel("xl/book2.xml", f"<workbook>{body}</workbook>") for each, body in IN_BOOKS.items()},
    **{f"{each} (slides)": slides("ppt/slides/s9.xml", f"<p:sld>{body}</p:sld>") for each, body in IN_SLIDES.items()},
    **{f"{each} (OpenDocument)": odt("content.xml", f"<office:document-content>{body}</office:document-content>") for each, body in IN_OPEN.items()},
}  # fmt: skip


@pytest.mark.parametrize("place", PARTS)
def test_no_name_is_left_in_what_a_program_writes_for_itself(place: str) -> None:
    body = pack(PARTS[place]())
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body)
    assert (report.code, names_in(copy)) == ("cleaned", [])


def field(*pieces: str, shown: str = "KEEP", end: str = "separate") -> str:
    """A field of Word whose instruction is in several runs."""

    def char(kind: str) -> str:
        return f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>"

    code = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in pieces)
    result = char("separate") + f"<w:r><w:t>{shown}</w:t></w:r>" if end == "separate" else ""
    return char("begin") + code + result + char("end")


def said(*fields: str) -> str:
    """What the instructions in the copy of a Word file say, all together."""
    parts: Parts = office_parts(
        "docx", {"word/footer8.xml": f"<w:ftr><w:p>{''.join(fields)}</w:p></w:ftr>"}
    )
    report, copy = cleaned(pack(parts))
    assert (report.code, names_in(copy)) == ("cleaned", [])
    footer = unpacked(copy)["word/footer8.xml"].decode()
    assert footer.count("<w:t>KEEP</w:t>") == sum(each.count("KEEP") for each in fields)
    return " ".join(
        re.sub(
            r"<[^>]*>", "", "".join(re.findall(r"<w:instrText.*?</w:instrText>", footer))
        ).split()
    )


@pytest.mark.parametrize(
    ("pieces", "left"),
    [
        ((" HYPERLINK &quot;C:", f"\\\\Users\\\\{ACCOUNT}", "\\\\a.docx&quot; "), "HYPERLINK"),
        ((" INCLUDETEXT ", f"&quot;{ACCOUNT}.docx&quot;"), "INCLUDETEXT"),
        ((" AUT", "HOR ", f"&quot;{WHO}&quot;"), "AUTHOR"),
        ((" PAG", "E "), "PAGE"),
        ((' TOC \\o "1-3" ',), 'TOC \\o "1-3"'),
    ],
)
@pytest.mark.parametrize("end", ["separate", "end"])
def test_an_instruction_in_pieces_is_judged_as_a_whole(
    pieces: tuple[str, ...], left: str, end: str
) -> None:
    assert said(field(*pieces, end=end)).startswith(left)


def test_a_field_in_a_field_is_judged_by_itself() -> None:
    inner = field(f" AUTHOR {ACCOUNT} ")
    outer = field(" IF ", shown="KEEP").replace(
        "</w:instrText></w:r>",
        f"</w:instrText></w:r>{inner}<w:r><w:instrText> = 1 </w:instrText></w:r>",
        1,
    )
    assert said(outer) == "IF AUTHOR = 1"


def test_what_follows_a_field_in_a_field_is_no_field_of_its_own() -> None:
    inner = field(" PAGE ")
    whole = field(" AUTHOR ").replace(
        "</w:instrText></w:r>",
        f"</w:instrText></w:r>{inner}<w:r><w:instrText> {ACCOUNT} </w:instrText></w:r>",
        1,
    )
    assert said(whole) == "AUTHOR PAGE"


def test_a_word_that_is_no_field_goes() -> None:
    assert said(field(f" {ACCOUNT} ")) == ""


def test_a_box_that_is_not_ticked_stays_so() -> None:
    body = "<w:ftr><w:ffData><w:checkBox><w:default w:val='0'/></w:checkBox></w:ffData></w:ftr>"
    _, copy = cleaned(pack(office_parts("docx", {"word/footer8.xml": body})))
    assert b'<w:default w:val="0"' in unpacked(copy)["word/footer8.xml"]
