"""Places in a document that no reader shows, and that no program is known to need."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from tests.evidence.cleaned_documents import cleaned, names_in
from tests.evidence.documents import Parts, excel, odt, office_parts, open_parts, pack, slides, word
from tests.evidence.pdf_documents import entry, page, saved, with_root
from tests.evidence.planted import ACCOUNT, WHO, WORDS

OTHER = "xmlns:me='urn:me'"
SENDER = "".join(f"<text:{f}>{WHO}</text:{f}>" for f in ("author-name", "sender-lastname"))


def in_lists() -> Parts:
    """A Word file whose lists of parts and relationships say who wrote them."""
    parts = office_parts("docx")
    for name, body in parts.items():
        if name.endswith(".rels"):
            parts[name] = body.replace(b"<Relationship ", f"<Relationship by='{WHO}' ".encode())
    types = parts["[Content_Types].xml"]
    extra = f"<Types by='{WHO}'><Default Extension='{ACCOUNT}' ContentType='x/{ACCOUNT}'/>"
    parts["[Content_Types].xml"] = types.replace(b"<Types>", extra.encode())
    return parts


def in_manifest() -> Parts:
    parts = open_parts()
    said = f"<manifest:manifest by='{WHO}'><me:key {OTHER}>{WHO}</me:key>"
    parts["META-INF/manifest.xml"] = said.encode() + b"</manifest:manifest>"
    return parts


PLACES: dict[str, Callable[[], Parts]] = {
    "element of another program": word(
        "word/footer8.xml", f"<w:ftr {OTHER}><me:by>{WHO}</me:by></w:ftr>"
    ),
    "element of another program without a prefix": word(
        "word/footer8.xml", f"<w:ftr><w:p><by xmlns='urn:me'>{WHO}</by></w:p></w:ftr>"
    ),
    "attribute of another program": word("word/footer8.xml", f"<w:ftr {OTHER} me:by='{WHO}'/>"),
    "extension of slides": slides(
        "ppt/slides/s1.xml",
        f"<p:sld><p:extLst><p:ext uri='x'><me:by {OTHER} me:n='{WHO}'/></p:ext></p:extLst></p:sld>",
    ),
    "lists of parts": in_lists,
    "manifest": in_manifest,
    "notes of a defined name": excel(
        "xl/workbook2.xml",
        f"<workbook><definedNames><definedName name='X' comment='{WHO}' statusBar='{WHO}'>A1"
        "</definedName></definedNames></workbook>",
    ),
    "place in the foot of a sheet": excel(
        "xl/worksheets/s9.xml",
        "<worksheet><headerFooter><oddFooter>&amp;LC:\\Users\\"
        f"{ACCOUNT}\\a.xlsx</oddFooter></headerFooter></worksheet>",
    ),
    "link to another program": excel(
        "xl/externalLinks/externalLink1.xml",
        f"<externalLink><ddeLink ddeService='{ACCOUNT}' ddeTopic='{ACCOUNT}'/></externalLink>",
    ),
    "reaction to a comment": word(
        "word/commentsExtensible.xml",
        f"<w16cex:commentsExtensible><cr:user userId='x' userName='{WHO}' name='{WHO}'/>"
        "</w16cex:commentsExtensible>",
    ),
    "tag of a field": word(
        "word/footer8.xml",
        f"<w:ftr><w:sdt><w:sdtPr><w:tag w:val='{WHO}'/></w:sdtPr></w:sdt></w:ftr>",
    ),
    "language check": word(
        "word/settings.xml",
        f"<w:settings><w:activeWritingStyle w:appName='{WHO}'/></w:settings>",
    ),
    "published slides": slides(
        "ppt/presProps.xml", f"<p:presentationPr><p:htmlPubPr title='{WHO}'/></p:presentationPr>"
    ),
    "ink": word(
        "word/ink/ink1.xml",
        f"<inkml:ink><inkml:annotationXML><who>{WHO}</who></inkml:annotationXML></inkml:ink>",
    ),
    "sender of a page": odt(
        "content.xml",
        f"<office:document-content><text:p>{SENDER}</text:p></office:document-content>",
    ),
    "own file's name": odt(
        "content.xml",
        f"<office:document-content><text:file-name>/home/{ACCOUNT}/a.odt</text:file-name>"
        "</office:document-content>",
    ),
    "account of a database": odt(
        "content.xml",
        f"<office:document-content><db:login db:user-name='{WHO}'/></office:document-content>",
    ),
    "statement about a paragraph": odt(
        "content.xml",
        f"<office:document-content><text:p xhtml:content='{WHO}'>x</text:p>"
        "</office:document-content>",
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_no_name_is_left_in_a_hidden_place_of_a_package(place: str) -> None:
    body = pack(PLACES[place]())
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body)
    assert (report.code, names_in(copy)) == ("cleaned", [])


def drawn(instructions: str, **resources: Any) -> bytes:
    document = page()
    body = f"{instructions}\nBT ({WORDS}) Tj ET"
    document.pages[0].obj.Contents = pikepdf.Stream(document, body.encode())
    document.pages[0].obj.Resources = entry(**resources)
    return saved(document)


INTENT = entry(S=pikepdf.Name.GTS_PDFX, Info=WHO, OutputCondition=WHO, RegistryName=WHO)
HEADING = entry(Type=pikepdf.Name.StructElem, S=pikepdf.Name.P, T=WHO)
PDF_PLACES: dict[str, Callable[[], bytes]] = {
    "marked part": lambda: drawn(f"/Artifact << /By ({WHO}) /MCID 0 >> BDC EMC"),
    "marked place": lambda: drawn(f"/X << /By ({WHO}) >> DP"),
    "properties of a page": lambda: drawn("", Properties=entry(MC0=entry(By=WHO))),
    "output intent": lambda: with_root(OutputIntents=[INTENT]),
    "heading": lambda: with_root(StructTreeRoot=entry(K=HEADING)),
}


@pytest.mark.parametrize("place", PDF_PLACES)
def test_no_name_is_left_in_a_hidden_place_of_a_pdf(place: str) -> None:
    body = PDF_PLACES[place]()
    assert names_in(body), "the test names no one"
    report, copy = cleaned(body, "pdf")
    assert (report.code, names_in(copy)) == ("cleaned", [])
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert WORDS.encode() in document.pages[0].obj.Contents.read_bytes()
