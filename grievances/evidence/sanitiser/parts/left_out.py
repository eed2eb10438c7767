"""Elements and attributes of office documents that no reader shows, and that go.

They tell of people, devices, programs and folders. All names are in small letters and without a
prefix. Sources: ECMA-376 parts 1 and 4, [MS-DOCX], [MS-XLSX], [MS-PPTX], OpenDocument 1.3 part 3.
"""

from __future__ import annotations

import re

from grievances.evidence.sanitiser.parts.xml_reading import bare_name

ELEMENTS = frozenset({
    "rsids", "rsid", "docvars", "docvar", "mailmerge", "attachedtemplate", "attachedschema",
    "savethroughxslt", "abspath", "filesharing", "customworkbookviews", "customworkbookview",
    "customsheetviews", "embedregular", "embedbold", "embeditalic", "embedbolditalic",
    "embeddedfontlst", "custdatalst", "custdata", "databinding", "presenceinfo", "webpublishing",
    "webpublishitems", "revisionptr", "flddata", "bindata", "font-face-src", "scripts",
    "event-listeners", "printer-settings", "metadata-link", "annotationxml", "tag",
    "securitydescriptor", "activewritingstyle", "htmlpubpr", "webpr", "inksource", "smarttagpr",
    "customxmlpr", "meta",
    "signatureline", "captions", "autocaptions", "docid", "schemalibrary", "smarttagtype",
    "smarttagtypes", "smarttags", "docpartcategory", "helptext", "statustext", "entrymacro",
    "exitmacro", "frameset", "sectiontitle", "customproperties", "datarefs", "functiongroups",
    "webpublishobjects", "xmlcolumnpr", "alternateurls",
    "fmlamacro", "scripttext", "scriptextended", "scriptlocation", "pivotsource", "script",
    "connection-resource", "section-source", "table-source", "cell-range-source",
    "externalreferences", "dde-links", "data-pilot-members", "altname",
    "cachehierarchies", "kpis", "tuplecache", "measuregroups", "dimensions",
    "database-source-sql", "database-source-table", "database-source-query", "source-service",
})  # fmt: skip
"""Elements that go with all that is in them, wherever they are."""
ATTRIBUTES = frozenset({
    "gfxdata", "securitydescriptor", "uidlastsave", "documentid", "ddeservice", "ddetopic",
    "dde-application", "dde-topic", "dde-item", "codename", "macro", "fmlamacro", "customlist",
    "invalidurl", "lastvalue", "tgtframe", "doclocation", "matchingname", "frame-name",
    "application-data", "filter-options", "annote", "database-name", "alias", "tag",
    "data-field", "data-binding-xpath", "data-binding-prefix-mappings",
    "data-binding-store-item-id", "placeholder-doc-part-id",
})  # fmt: skip
"""Attributes that go from every element."""
OF_ONE_ELEMENT = frozenset({
    ("slicer", "caption"),
    ("timeline", "caption"),
    ("item", "n"),
    ("cachefield", "caption"),
    ("pagefield", "cap"),
    ("pivothierarchy", "caption"),
    ("filter", "description"),
    ("imagedata", "title"),
    ("fill", "title"),
    ("stroke", "title"),
    ("param", "name"),
    ("param", "value"),
    ("shape", "target"),
    ("shape", "class"),
    ("customxml", "uri"),
    ("smarttag", "uri"),
    ("oleobject", "link"),
    ("table", "comment"),
    ("numberingchange", "original"),
    ("title", "val"),
    ("desc", "val"),
    ("placeholder", "description"),
    ("a", "name"),
    ("a", "title"),
    ("a", "target-frame-name"),
    ("object-ole", "class-id"),
    ("section", "protection-key"),
    ("property", "string-value"),
    *((f"area-{shape}", "name") for shape in ("rectangle", "circle", "polygon")),
    *(("bibliography-mark", each) for each in ("note", "url")),
    *(("bibliography-mark", f"custom{number}") for number in range(1, 6)),
    *((f"{index}-mark", key) for index in ("alphabetical-index", "toc", "user-index")
      for key in ("string-value", "key1", "key2")),
    ("tablecolumn", "uniquename"),
    ("description", "val"),
    ("form", "command"),
    ("form", "datasource"),
    ("form", "filter"),
    ("form", "order"),
    ("form", "target-frame"),
    ("database-display", "table-name"),
    ("database-next", "table-name"),
    ("database-row-select", "table-name"),
    ("database-row-number", "table-name"),
    ("database-display", "column-name"),
})  # fmt: skip
"""Attributes that go from one element, though others need one of that name."""
UNWRAPPED = frozenset({"text:conditional-text", "text:hidden-text"})
"""Fields of OpenDocument of which the words shown stay, without what they hide."""
OWN_TABLES = ("'file:", "'http:", "'https:", "'smb:")
"""How the name of a table from another file begins (OpenDocument)."""


def is_dropped(element: str, attribute: str) -> bool:
    """Return whether an attribute of an element goes."""
    return attribute in ATTRIBUTES or (element, attribute) in OF_ONE_ELEMENT


VALUE = re.compile(r"true|false|[\d.,:+TZE-]*")
"""What a setting or a value that holds no text says."""
PROGRAM = re.compile(
    r"Excel\.(?:Sheet(?:BinaryMacroEnabled|MacroEnabled)?|Chart|CSV|OpenDocumentSpreadsheet|Addin)"
    r"(?:\.\d+)?|Word\.(?:Document(?:MacroEnabled)?|Picture|RTF|OpenDocumentText|Template)(?:\.\d+)?"
    r"|PowerPoint\.(?:Show|Slide|OpenDocumentPresentation|Template)(?:MacroEnabled)?(?:\.\d+)?"
    r"|Visio\.Drawing(?:\.\d+)?|Equation(?:\.\d|\.DSMT\d)|Package2?|Packager(?: Shell Object)?"
    r"|AcroExch\.Document(?:\.(?:\d+|DC))?|Acrobat\.Document(?:\.(?:\d+|DC))?|MSGraph(?:\.Chart"
    r"(?:\.\d+)?)?|Paint\.Picture|PBrush|WordPad\.Document\.\d|StaticMetafile|StaticDib|htmlfile"
    r"|Outlook\.FileAttach|MSProject\.Project\.\d+|opendocument\.\w{4,7}Document\.1"
    r"|Forms\.[A-Z]\w{2,13}\.1",
    re.IGNORECASE,
)
"""Names of programs that objects are of."""


def is_value(path: list[str]) -> bool:
    """Return whether an element has a value of which only numbers stay.

    These are settings of OpenDocument and what Excel keeps of the data type of a cell.
    """
    name = bare_name(path[-1])
    if name in {"v", "fb"}:
        return len(path) > 1 and bare_name(path[-2]) in {"rv", "spb"}
    return name == "config-item"


def is_left_out(element: str, attributes: list[tuple[str, str]]) -> bool:
    """Return whether an element goes by its name, or by what it is called."""
    if element in ELEMENTS:
        return True
    if element == "table":
        return any(
            key == "table:name" and value.startswith(OWN_TABLES) for key, value in attributes
        )
    # Excel keeps there who published a sheet, their address and folder.
    return element == "definedname" and any(
        key == "name" and value.startswith("HTML_") for key, value in attributes
    )


def without_program(key: str, action: str) -> str:
    """Return the action of a click or the program of an object, if it is known.

    Source: ECMA-376 part 1, 21.1.2.3.5.
    """
    if key == "progid":
        return action if PROGRAM.fullmatch(action) else "Package"
    return (
        "ppaction://noaction"
        if action.startswith(("ppaction://macro", "ppaction://program"))
        else action
    )
