"""Elements and attributes of office documents that no reader shows, and that go.

They tell of people, devices, programs and folders. All names are in small letters and without a
prefix. Sources: ECMA-376 parts 1 and 4, [MS-DOCX], [MS-XLSX], [MS-PPTX], OpenDocument 1.3 part 3.
"""

from __future__ import annotations

import re
from functools import lru_cache

from grievances.evidence.sanitiser.parts import allow_list as allowed
from grievances.evidence.sanitiser.parts import person_fields, typed_names
from grievances.evidence.sanitiser.parts.named_places import VML
from grievances.evidence.sanitiser.parts.xml_reading import MOST_NAMES, bare_name

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
    "model", "calculatedmembers", "modeltables", "modelrelationships", "modeltimegroupings",
    "msform", "scriptlink", "sourceconnection", "activetabtoplevelentity", "cacheduniquenames",
    "webextension", "webextensionref", "pivottableuisettings", "slicercacheolaplevelname",
    "filtercolumn", "connection", "scenarios", "fieldcodes", "data-source", "queries",
    "table-representations",
    "modifyverifier",
    "schema-definition", "filter-condition", "filter-and", "filter-or",
    "database-source-sql", "database-source-table", "database-source-query", "source-service",
})  # fmt: skip
"""Elements that go with all that is in them, wherever they are."""
OF_INK = frozenset({"annotation", "annotationxml"})
"""Elements of drawings with a pen that say who wrote, and what was recognised."""
ATTRIBUTES = frozenset({
    "gfxdata", "securitydescriptor", "uidlastsave", "documentid", "ddeservice", "ddetopic",
    "dde-application", "dde-topic", "dde-item", "codename", "macro", "fmlamacro", "customlist",
    "invalidurl", "lastvalue", "tgtframe", "doclocation", "matchingname", "frame-name",
    "application-data", "filter-options", "annote", "database-name", "alias", "tag",
    "data-field", "data-binding-xpath", "data-binding-prefix-mappings",
    "data-binding-store-item-id", "placeholder-doc-part-id", "althref", "equationxml", "bmk",
    "paper-tray-name", "target-frame-name", "target-frame", "detail-fields", "master-fields",
    "xforms-list-source", "xforms-submission", "bind", "connection-name", "class-names", "phldrt",
    "string-value-phonetic", "key1-phonetic", "key2-phonetic", "likes",
    "protection-key", "protection-key-digest-algorithm", "protection-key-digest-algorithm-2",
})  # fmt: skip
"""Attributes that go from every element."""
PROTECTING = (
    "sheetprotection", "protectedrange", "workbookprotection", "documentprotection",
    "writeprotection", "chartsheetprotection",
)  # fmt: skip
KEYS = (
    "password", "hash", "salt", "algorithmname", "spincount",
    *(f"{of}{key}" for of in ("", "workbook", "revisions")
      for key in ("password", "hashvalue", "saltvalue", "algorithmname", "spincount")),
)  # fmt: skip
"""What is kept of a password: with it the person's other passwords could be tried."""
OF_ONE_ELEMENT = frozenset({
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
    *((element, key) for element in VML for key in ("target", "class")),
    *((element, "src") for element in ("fill", "image", "imagedata", "stroke")),
    *((element, key) for element in ("cm", "reply") for key in ("tags", "title")),
    *((element, "c") for element in "bdemns"),
    *((f"{kind}-style", "title") for kind in
      ("number", "currency", "percentage", "date", "time", "boolean", "text")),
    ("hyperlink", "display"),
    ("guide", "name"),
    ("objectlink", "fieldcodes"),
    ("objectembed", "fieldcodes"),
    ("cachefield", "propertyname"),
    ("pivotfield", "uniquememberproperty"),
    ("datafield", "uniquename"),
    ("header", "uniquename"),
    ("header", "hierarchyname"),
    ("hidden", "value"),
    ("password", "value"),
    ("password", "current-value"),
    ("combobox", "list-source"),
    ("listbox", "list-source"),
    ("database-name", "table-name"),
    ("database-name", "column-name"),
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
    ("property", "string-value"),
    *((element, key) for element in PROTECTING for key in KEYS),
    *((f"area-{shape}", "name") for shape in ("rectangle", "circle", "polygon")),
    *(("bibliography-mark", each) for each in ("note", "url")),
    *(("bibliography-mark", f"custom{number}") for number in range(1, 6)),
    *((f"{index}-mark{end}", key) for index in ("alphabetical-index", "toc", "user-index")
      for end in ("", "-start") for key in ("string-value", "key1", "key2")),
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
WITH_CONDITION = frozenset({
    "hidden-paragraph", "section", "database-next", "database-row-select", "variable-set",
    "listitem", "list-item", "vanish", "sheet", "sld", "text-properties",
})  # fmt: skip
"""Elements of which only one side is shown, or whose words are hidden."""
SHOWN_AS = ("displaytext", "display-text")
HIDDEN_STATES = frozenset({"hidden", "veryHidden"})
MADE_WITH = frozenset({"application", "appversion"})
"""What stays of the properties: charts are drawn as that program drew them."""
CONDITIONAL = frozenset({"hidden-paragraph", "section", "database-next", "database-row-select"})
"""Fields of OpenDocument with a condition that is computed anew."""
UNWRAPPED = frozenset({"text:conditional-text", "text:hidden-text"})
"""Fields of OpenDocument of which the words shown stay, without what they hide."""
OWN_TABLES = ("'file:", "'http:", "'https:", "'smb:")
"""How the name of a table from another file begins (OpenDocument)."""


def is_dropped(element: str, attribute: str) -> bool:
    """Return whether an attribute of an element goes."""
    return attribute in ATTRIBUTES or (element, attribute) in OF_ONE_ELEMENT


def as_it_was(
    element: str, attributes: list[tuple[str, str]], shown: set[str]
) -> list[tuple[str, str]]:
    """Return the attributes of a field with its condition as it turned out.

    A condition compares with texts that no page shows. A hidden variable has one, unless it is in
    `shown`.
    """
    said = dict(attributes)
    if element in CONDITIONAL and "text:condition" in said:
        is_true = said.get("text:is-hidden") == "true" or said.get("text:display") == "condition"
        said["text:condition"] = "ooow:1" if is_true else "ooow:0"
    if element in {"listitem", "list-item"}:
        shown_as = next((v for k, v in attributes if bare_name(k) in SHOWN_AS), "")
        for name in [each for each in said if shown_as and bare_name(each) == "value"]:
            said[name] = shown_as  # Of a choice the words are shown, and its value is not.
    is_hidden = said.get("text:display") == "none" and said.get("text:name") not in shown
    if element == "variable-set" and is_hidden:
        for name in ("office:string-value", "text:formula"):
            said.pop(name, None)
    return list(said.items())


def hidden_words(element: str, attributes: list[tuple[str, str]]) -> str:
    """Return what an element hides that a reader can bring back; else empty.

    These are words of the person who wrote, so they stay, and are told.
    """
    said = {bare_name(key): value for key, value in attributes}
    if element == "vanish" and said.get("val", "1") not in {"0", "false", "off"}:
        return "hidden text"
    if element == "sheet" and said.get("state") in HIDDEN_STATES:
        return said.get("name", "")
    if element == "sld" and said.get("show") in {"0", "false"}:
        return "a hidden slide"
    return "hidden text" if said.get("display") == "none" and element != "variable-set" else ""


VALUE = re.compile(
    r"true|false|[\d.,:+TZE-]*|Microsoft (?:Office )?(?:Excel|Word|PowerPoint)(?: Online)?"
)
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
    return name == "config-item" or name in MADE_WITH


def is_left_out(element: str, attributes: list[tuple[str, str]]) -> bool:
    """Return whether an element goes by its name, or by what it is called."""
    if element in ELEMENTS:
        return True
    if element == "table":
        return any(
            key == "table:name" and value.startswith(OWN_TABLES) for key, value in attributes
        )
    if element in {"filter", "filters"}:  # Of a pivot table; those of a column go with it.
        return any(key in {"fld", "count"} for key, _ in attributes)
    # Excel keeps there who published a sheet, their address and folder.
    return element == "definedname" and any(
        key == "name" and value.startswith("HTML_") for key, value in attributes
    )


def without_program(key: str, action: str) -> str:
    """Return the action of a click or the program of an object, if it is known.

    Source: ECMA-376 part 1, 21.1.2.3.5.
    """
    if key == "appname":
        return action if action in {"xl", "Calc"} else "xl"
    if key == "progid":
        return action if PROGRAM.fullmatch(action) else "Package"
    return (
        "ppaction://noaction"
        if action.startswith(("ppaction://macro", "ppaction://program"))
        else action
    )


@lru_cache(MOST_NAMES)
def is_unremarkable(element: str, attribute: str) -> bool:
    """Return whether an attribute can name a person or lead somewhere only by a path.

    Most attributes are like that, so this saves most of the time.
    """
    key = bare_name(attribute)
    special = key in allowed.PERSON_KEYS | {"href", "id", "ed", "action", "progid", "appname"}
    special = special or is_dropped(element, key)
    special = special or (element == "definedname" and key in allowed.NAME_NOTES)
    special = special or typed_names.may_name(element, attribute, key)
    return not (special or key.startswith("rsid") or person_fields.names_person(element, key))
