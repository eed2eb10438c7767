"""Documents with a name planted in one place each, made here: Office and OpenDocument.

They stand for kinds of places; `test_documents_clean` tries each in variations.
"""
# ruff: noqa: E501 - the table of places is read line by line

from __future__ import annotations

import base64
import io
import re
import struct
import zipfile
from collections.abc import Callable

from tests.evidence import samples
from tests.evidence.pdf_documents import in_info
from tests.evidence.planted import ACCOUNT, MINE, WHO, WORDS, picture

OFFICE = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "docx": ("word/document.xml", f"{OFFICE}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OFFICE}.presentationml.presentation.main+xml"),
}
BODY = {
    "docx": f"<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:body>"
    "</w:document>",
    "xlsx": f"<workbook><sheets><sheet name='{WORDS}'/></sheets></workbook>",
    "pptx": f"<p:presentation><a:t>{WORDS}</a:t></p:presentation>",
}
SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "vt": "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
    "p": "p",
    "VL": "VL",
    "xlink": "http://www.w3.org/1999/xlink",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    **{
        each: f"urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"
        for each in ("office", "text", "meta", "config", "manifest", "style")
    },
}
"""The namespace of each prefix that is used here."""
ROOTS = {
    "Types": "http://schemas.openxmlformats.org/package/2006/content-types",
    "Relationships": "http://schemas.openxmlformats.org/package/2006/relationships",
}
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
Parts = dict[str, bytes]


def text(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def office_parts(kind: str, more: dict[str, str | bytes] | None = None) -> Parts:
    """The parts of a small Word, Excel or PowerPoint file, with others added."""
    main, content_type = MAIN[kind]
    given = {name: text(body) for name, body in (more or {}).items()}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="application/xml"/>' for name in given
    )
    folder, _, last = main.rpartition("/")
    own = "".join(
        f'<Relationship Id="p{number}" Type="x" Target="/{name}"/>'
        for number, name in enumerate(given)
        if not name.endswith(".rels")
    )
    return {
        "[Content_Types].xml": f'<Types><Override PartName="/{main}" ContentType='
        f'"{content_type}"/>{overrides}</Types>'.encode(),
        "_rels/.rels": f'<Relationships><Relationship Id="r1" Type="officeDocument" Target="{main}"'
        "/></Relationships>".encode(),
        main: BODY[kind].encode(),
        f"{folder}/_rels/{last}.rels": f"<Relationships>{own}</Relationships>".encode(),
        **given,
    }


def open_parts(more: dict[str, str | bytes] | None = None) -> Parts:
    """The parts of a small OpenDocument text, with others added."""
    given = {name: text(body) for name, body in (more or {}).items()}
    entries = "".join(f'<manifest:file-entry manifest:full-path="{name}"/>' for name in given)
    return {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content><text:p>{WORDS}</text:p>"
        "</office:document-content>".encode(),
        "META-INF/manifest.xml": f"<manifest:manifest>{entries}</manifest:manifest>".encode(),
        **given,
    }


def with_namespaces(parts: Parts) -> Parts:
    """The same parts as programs that read namespaces want them."""
    out = {}
    for name, body in parts.items():
        start = re.match(rb"<((?:\w+:)?([\w-]+))", body)
        if start:
            used = sorted({each.decode() for each in re.findall(rb"[</ ](\w+):\w", body)})
            given = "".join(f' xmlns:{each}="{SPACES[each]}"' for each in used if each in SPACES)
            given += f' xmlns="{ROOTS[start[2].decode()]}"' if start[2].decode() in ROOTS else ""
            body = start[0] + given.encode() + body[start.end() :]
            body = body.replace(b" xmlns:w='w'", b"")
        for kind in (b"officeDocument", b"hyperlink", b"attachedTemplate"):
            body = body.replace(b'Type="' + kind + b'"', b'Type="' + RELATED.encode() + kind + b'"')
        out[name] = body
    return out


def pack(parts: Parts) -> bytes:
    return samples.package(parts)


def unpack(body: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return {name: package.read(name) for name in package.namelist()}


def film() -> bytes:
    label = samples.box(b"meta", bytes(4), WHO.encode())
    header = samples.box(b"mvhd", bytes(100))
    return samples.box(b"ftyp", b"isom") + samples.box(b"moov", header, label)


def metafile() -> bytes:
    """A Windows drawing ([MS-EMF]) whose description and comment name a person."""
    said = WHO.encode("utf-16-le")
    said += bytes(-len(said) % 4)
    note = WHO.encode().ljust(16, b"\0")
    comment = struct.pack("<III", 70, 12 + len(note), len(note)) + note
    end = struct.pack("<IIIII", 14, 20, 0, 16, 20)
    size = 108 + len(said)
    head = struct.pack("<II", 1, size) + bytes(32) + b" EMF" + struct.pack("<I", 0x10000)
    head += struct.pack("<IIHHII", size + len(comment) + len(end), 3, 1, 0, len(WHO), 108)
    return head.ljust(108, b"\0") + said + comment + end


def link(target: str, kind: str = "hyperlink") -> str:
    return (
        f'<Relationships><Relationship Id="r9" Type="{kind}" Target="{target}" '
        'TargetMode="External"/></Relationships>'
    )


def author(kind: str = "docx") -> dict[str, str | bytes]:
    return {
        "docProps/core.xml": f"<cp:coreProperties><dc:creator>{WHO}</dc:creator></cp:coreProperties>"
    }


def word(name: str, body: str | bytes) -> Callable[[], Parts]:
    return lambda: office_parts("docx", {name: body})


def excel(name: str, body: str | bytes) -> Callable[[], Parts]:
    return lambda: office_parts("xlsx", {name: body})


def slides(name: str, body: str | bytes) -> Callable[[], Parts]:
    return lambda: office_parts("pptx", {name: body})


def odt(name: str, body: str | bytes) -> Callable[[], Parts]:
    return lambda: open_parts({name: body})


NOTE = (
    f"<comments><authors><author>{WHO}</author></authors><commentList><comment ref='A1' "
    f"authorId='0'><text><r><t>{WHO}:</t></r><r><t>see rota</t></r></text></comment></commentList>"
    "</comments>"
)
SIGNED = (
    f"<Signature><X509Data><X509SubjectName>CN={WHO}, O=Example</X509SubjectName></X509Data>"
    f"<SignatureComments>Signed by {WHO}</SignatureComments></Signature>"
)
SHARED = (
    "<p:properties><documentManagement><UserInfo><DisplayName>"
    f"{WHO}</DisplayName></UserInfo></documentManagement></p:properties>"
)
PRINTER = f"\\\\PRN\\{WHO} desk".encode("utf-16-le")
VERSION = {
    "VersionList.xml": f'<VL:version-list><VL:version-entry dc:creator="{WHO}"/></VL:version-list>'
}
PLACES: dict[str, Callable[[], Parts]] = {
    "properties": word("docProps/core.xml", f"<cp:coreProperties><dc:creator>{WHO}</dc:creator></cp:coreProperties>"),
    "company": word("docProps/app.xml", f"<Properties><Company>{WHO}</Company></Properties>"),
    "own properties": word("docProps/custom.xml", f"<Properties><property><vt:lpwstr>{WHO}</vt:lpwstr></property></Properties>"),
    "comment": word("word/comments.xml", f"<w:comments><w:comment w:author='{WHO}' w:initials='AT'/></w:comments>"),
    "tracked change": word("word/footer9.xml", f"<w:ftr><w:del w:author='{WHO}'/></w:ftr>"),
    "change of a style": word("word/styles.xml", f"<w:styles><w:rPrChange w:author='{WHO}'/></w:styles>"),
    "people": word("word/people.xml", f"<w15:people><w15:person w15:author='{WHO}'><w15:presenceInfo w15:userId='{WHO}'/></w15:person></w15:people>"),
    "variables": word("word/settings.xml", f"<w:settings><w:docVars><w:docVar w:name='x' w:val='{WHO}'/></w:docVars></w:settings>"),
    "mail merge": word("word/settings.xml", f"<w:settings><w:mailMerge><w:query w:val='{WHO}'/></w:mailMerge></w:settings>"),
    "organisation's XML": word("customXml/item1.xml", SHARED),
    "XML of one's own that looks like ours": word("customXml/item2.xml", f"<document><by>{WHO}</by></document>"),
    "XML of another namespace": word("own/item1.xml", f"<metadata xmlns='urn:own:x'><by>{WHO}</by></metadata>"),
    "marked name": word("word/footer8.xml", f"<w:ftr><w:smartTag><w:smartTagPr><w:attr w:name='ID' w:val='{WHO}'/></w:smartTagPr></w:smartTag></w:ftr>"),
    "marked XML": word("word/footer8.xml", f"<w:ftr><w:customXml><w:customXmlPr><w:attr w:name='by' w:val='{WHO}'/></w:customXmlPr></w:customXml></w:ftr>"),
    "namespace in a folder": word("word/footer8.xml", f"<w:ftr xmlns:me='file:///C:/Users/{ACCOUNT}/x'/>"),
    "own cloud at a port": word("word/_rels/document.xml.rels", link(f"https://x-my.sharepoint.com:443/personal/{ACCOUNT}/d")),
    "own folder of another site": word("word/_rels/document.xml.rels", link(f"https://intranet.invalid/sites/personal/{ACCOUNT}/d")),
    "account in an address": word("word/_rels/document.xml.rels", link(f"https://{ACCOUNT}:x@intranet.invalid/d")),
    "signature": word("_xmlsignatures/sig1.xml", SIGNED),
    "linked folder": word("word/_rels/document.xml.rels", link(MINE)),
    "linked home": word("word/_rels/document.xml.rels", link(f"../../home/{ACCOUNT}/x.odt")),
    "linked template": word("word/_rels/settings.xml.rels", link(f"\\\\srv\\{ACCOUNT}\\n.dotx", "attachedTemplate")),
    "own cloud": word("word/_rels/document.xml.rels", link(f"https://x-my.sharepoint.com/personal/{ACCOUNT}/d")),
    "field": word("word/header3.xml", f"<w:hdr><w:instrText> LINK \"C:\\Users\\{ACCOUNT}\\x.xlsx\"</w:instrText></w:hdr>"),
    "description of a picture": word("word/footnotes.xml", f"<w:footnotes><pic:cNvPr descr='C:\\Users\\{ACCOUNT}\\p.png'/></w:footnotes>"),
    "XML comment": word("word/numbering.xml", f"<w:numbering><!-- {WHO} --></w:numbering>"),
    "PNG": word("word/media/image1.png", picture("PNG")),
    "WebP": word("word/media/image1.webp", picture("WEBP")),
    "TIFF": word("word/media/image1.tiff", picture("TIFF")),
    "JPEG": word("word/media/image1.jpeg", picture("JPEG")),
    "drawing": word("word/media/image1.emf", metafile()),
    "film": slides("ppt/media/media1.mp4", film()),
    "sheet inside": word("word/embeddings/Sheet.xlsx", pack(office_parts("xlsx", author()))),
    "three deep": slides("ppt/embeddings/a.docx", pack(office_parts("docx", {"word/embeddings/b.xlsx": pack(office_parts("xlsx", {"xl/media/c.png": picture("PNG")}))}))),
    "PDF inside": lambda: office_parts("docx", {"word/embeddings/a.pdf": in_info()}),
    "thumbnail": word("docProps/thumbnail.jpeg", picture("JPEG")),
    "glossary": word("word/glossary/document.xml", f"<w:glossaryDocument><w:ins w:author='{WHO}'/></w:glossaryDocument>"),
    "note in a sheet": excel("xl/comments1.xml", NOTE),
    "threaded note": excel("xl/persons/person.xml", f"<personList><person displayName='{WHO}' id='{{1}}' userId='{WHO}'/></personList>"),
    "shared workbook": excel("xl/revisions/userNames.xml", f"<users><userInfo name='{WHO}'/></users>"),
    "scenario": excel("xl/worksheets/sheet4.xml", f"<worksheet><scenarios><scenario name='x' user='{WHO}' comment='Created by {WHO} on 1/2/2026'/></scenarios></worksheet>"),
    "personal view": excel("xl/worksheets/sheet1.xml", f"<worksheet><customSheetViews><x name='{WHO}'/></customSheetViews></worksheet>"),
    "file sharing": excel("xl/worksheets/sheet2.xml", f"<worksheet><fileSharing userName='{WHO}'/></worksheet>"),
    "linked workbook": excel("xl/externalLinks/_rels/externalLink1.xml.rels", link(f"file:///C:\\Users\\{ACCOUNT}\\rota.xlsx", "externalLinkPath")),
    "printer": excel("xl/printerSettings/printerSettings1.bin", PRINTER),
    "connection": excel("xl/connections.xml", f"<connections><connection connection='User ID={WHO}'/></connections>"),
    "pivot": excel("xl/pivotCache/p1.xml", f"<pivotCacheDefinition refreshedBy='{WHO}'/>"),
    "rows of a pivot table": excel("xl/pivotCache/r1.xml", f"<pivotCacheRecords><r><s v='{WHO}'/></r></pivotCacheRecords>"),
    "who may change": excel("xl/worksheets/sheet3.xml", f"<worksheet><protectedRange securityDescriptor='{WHO}'/></worksheet>"),
    "author of slides": slides("ppt/commentAuthors.xml", f"<p:cmAuthorLst><p:cmAuthor name='{WHO}' initials='AT'/></p:cmAuthorLst>"),
    "new author of slides": slides("ppt/authors.xml", f"<p188:authorLst><p188:author name='{WHO}' userId='{WHO}'/></p188:authorLst>"),
    "tag of slides": slides("ppt/tags/tag1.xml", f"<p:tagLst><p:tag name='X' val='{WHO}'/></p:tagLst>"),
    "meta": odt("meta.xml", f"<office:document-meta><meta:initial-creator>{WHO}</meta:initial-creator></office:document-meta>"),
    "meta in the text": odt("content.xml", f"<office:document-content><office:meta><meta:user-defined>{WHO}</meta:user-defined></office:meta></office:document-content>"),
    "initials": odt("content.xml", f"<office:document-content><office:annotation><dc:creator>{WHO}</dc:creator><meta:creator-initials>{WHO}</meta:creator-initials></office:annotation></office:document-content>"),
    "newer initials": odt("content.xml", f"<office:document-content><office:annotation><loext:sender-initials>{WHO}</loext:sender-initials></office:annotation></office:document-content>"),
    "versions": lambda: open_parts({**VERSION, "Versions/Version1": pack(open_parts())}),
    "object inside": odt("Object 1/meta.xml", f"<m><meta:initial-creator>{WHO}</meta:initial-creator></m>"),
    "printer of LibreOffice": odt("settings.xml", f"<office:document-settings><config:config-item config:type='string'>{WHO}</config:config-item></office:document-settings>"),
    "setting without a type": odt("settings.xml", f"<office:document-settings><config:config-item config:name='PrinterName'>{WHO}</config:config-item></office:document-settings>"),
    "picture in the text": odt("content.xml", f"<office:document-content><office:binary-data>{base64.b64encode(picture('PNG')).decode()}</office:binary-data></office:document-content>"),
    "link in OpenDocument": odt("styles.xml", f"<office:document-styles><text:a xlink:href='{MINE}'/></office:document-styles>"),
    "signature of OpenDocument": odt("META-INF/documentsignatures.xml", f"<document-signatures>{SIGNED}</document-signatures>"),
    "unknown part": odt("made-by/x.dat", WHO.encode()),
    "unknown XML": odt("x/y.xml", f"<who>{WHO}</who>"),
    "path of a part": odt("../../home/alma/x.xml", "<office:document-styles/>"),
}  # fmt: skip
"""Packages with a name in one place each."""
