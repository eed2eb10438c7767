"""What may stay in an office document, and what in it names a person.

A part is judged by the first element in it, not by its name, because a name can be anything. What
is not listed here goes. Sources: ECMA-376 parts 1 and 4, [MS-DOCX], [MS-XLSX], [MS-PPTX],
OpenDocument 1.3 part 3. All names are in small letters and without a prefix.
"""

from __future__ import annotations

import re

WORD = frozenset(
    [
        "document",
        "glossarydocument",
        "styles",
        "numbering",
        "settings",
        "websettings",
        "fonts",
        "theme",
        "footnotes",
        "endnotes",
        "hdr",
        "ftr",
        "comments",
        "commentsex",
        "commentsids",
        "commentsextensible",
    ]
)
EXCEL = frozenset(
    [
        "workbook",
        "worksheet",
        "chartsheet",
        "dialogsheet",
        "sst",
        "stylesheet",
        "calcchain",
        "table",
        "threadedcomments",
        "personlist",
        "pivottabledefinition",
        "pivotcachedefinition",
        "slicers",
        "slicercachedefinition",
        "timelines",
        "timelinecachedefinition",
        "metadata",
        "formcontrolpr",
        "wsdr",
        "rvdata",
        "rvstructures",
        "rvtypesinfo",
        "richvaluerels",
        "supportingpropertybags",
        "supportingpropertybagstructure",
    ]
)
POWERPOINT = frozenset(
    [
        "presentation",
        "presentationpr",
        "viewpr",
        "tblstylelst",
        "sld",
        "sldlayout",
        "sldmaster",
        "notes",
        "notesmaster",
        "handoutmaster",
        "cmlst",
        "cmauthorlst",
        "authorlst",
    ]
)
DRAWINGS = frozenset(
    [
        "xml",
        "drawing",
        "chartspace",
        "chartstyle",
        "colorstyle",
        "usershapes",
        "themeoverride",
        "datamodel",
        "layoutdef",
        "styledef",
        "colorsdef",
        "ink",
    ]
)
"""Charts, SmartArt, ink and older drawings (VML, whose first element is `xml`)."""
OPEN_DOCUMENT = frozenset(["document-content", "document-styles", "document-settings", "math"])
KEPT = WORD | EXCEL | POWERPOINT | DRAWINGS | OPEN_DOCUMENT
EMPTIED = frozenset({"coreproperties", "properties", "document-meta"})
"""Properties of the document.

Programs expect them to be there; so the element stays, and what is in it goes.
"""
NAMING = ("workbook", "document-content", "document-styles", "fonts", "presentation",
          "table", "pivotcachedefinition")  # fmt: skip
"""First elements of parts that name ranges, variables, columns and fonts."""
PROGRAMS = frozenset(["macrosheet", "ocx", "libraries", "library", "module"])
"""Parts that are programs: old Excel macros, controls, LibreOffice Basic."""

KEPT_BY_NAME = frozenset({"content.xml", "styles.xml"})
"""Parts of OpenDocument whose first element other programs write differently."""
EMPTIED_BY_NAME = re.compile(r"^(docprops/.+|(.+/)?meta)\.xml$")

LEFT_OUT = (
    (re.compile(r"^(manifest\.rdf|layout-cache|configurations2/.*|objectreplacements/.*)$"), ""),
    (re.compile(r"tablepreview\d*\.svm$"), ""),
    (re.compile(r"signature|\.sigs$"), "A signature"),
    (re.compile(r"^versions?(list|/)"), "Earlier versions of the text"),
    (re.compile(r"revisions/"), "Names and earlier values of a shared workbook"),
    (re.compile(r"pivotcacherecords"), "Rows that a pivot table keeps and does not show"),
    (re.compile(r"printersettings"), "Settings of a printer"),
    (re.compile(r"^customxml/"), "Properties of the organisation"),
    (re.compile(r"thumbnail"), "A small picture of the first page"),
)
"""What the person who added the file is told of a part that was left out.

Nothing is said of settings of the program and of what it draws again by itself.
"""

SPACES = re.compile(
    r"https?://(schemas\.openxmlformats\.org|schemas\.microsoft\.com|purl\.oclc\.org/ooxml"
    r"|www\.w3\.org|openoffice\.org|purl\.org/dc)/|urn:(oasis|openoffice|schemas-microsoft-com"
    r"|org:documentfoundation):|[^:]*$",
    re.IGNORECASE,
)
"""Namespaces of these formats: a part whose first element has another is left out."""
OWN_XML = re.compile(r"(^|/)customxml/")
"""The folder of XML of an organisation in a document of Office."""
SENDER_FIELDS = frozenset(
    [
        "author-name",
        "author-initials",
        *(
            f"sender-{what}"
            for what in (
                "firstname",
                "lastname",
                "initials",
                "title",
                "position",
                "email",
                "phone-private",
                "fax",
                "company",
                "phone-work",
                "street",
                "city",
                "postal-code",
                "country",
                "state-or-province",
            )
        ),
    ]
)
"""Fields that a program fills with the account of the writer.

OpenDocument 1.3 part 3, 7.3.
"""
PATH_ELEMENTS = frozenset(
    [
        "instrtext",
        "delinstrtext",
        "f",
        "formula",
        "definedname",
        "formula1",
        "formula2",
        "calculatedcolumnformula",
        "totalsrowformula",
        "ddelink",
        "ddeservice",
        "file-name",
        "desc",
        "title",
        "template-name",
        "fieldcodes",
        *(f"{page}{end}" for page in ("odd", "even", "first") for end in ("header", "footer")),
    ]
)
"""Elements with a formula, an instruction or a place, which can name a file."""
ATTRIBUTES_OF_LISTS = {
    "relationship": frozenset({"id", "type", "target", "targetmode"}),
    "relationships": frozenset(),
    "types": frozenset(),
    "override": frozenset({"partname", "contenttype"}),
    "default": frozenset({"extension", "contenttype"}),
    "manifest": frozenset({"version"}),
    "file-entry": frozenset({"full-path", "media-type", "version", "size"}),
}
"""What is kept of the elements of a list of parts; other elements of it go."""
NAME_NOTES = frozenset({"comment", "description", "help", "statusbar", "custommenu"})
"""What Excel keeps beside a defined name (ECMA-376 part 1, 18.2.5)."""
PERSON_KEYS = frozenset(["personid", "authorid", "mentionpersonid"])
"""Attributes that point to a person by a number that may be theirs everywhere."""
NO_PATH = frozenset(
    ["target", "partname", "full-path", "contenttype", "type", "media-type", "formatcode"]
)
"""Attributes that are addresses inside the package, or no addresses at all."""
PLAIN_SETTINGS = frozenset(["boolean", "short", "int", "long", "double", "datetime"])
"""Types of settings that hold no text (OpenDocument 1.3 part 3, 19.35)."""
BARE_WITHOUT = frozenset(["pivotcachedefinition", "pagesetup", "oleobj", "oleobject", "blip", "a"])
"""Elements that can do without the part to which they point."""

TOLD = {
    "creator": "Author",
    "initial-creator": "Author",
    "lastmodifiedby": "Last changed by",
    "printed-by": "Printed by",
    "created": "Made on",
    "creation-date": "Made on",
    "modified": "Changed on",
    "date": "Changed on",
    "title": "Title",
    "subject": "Subject",
    "keywords": "Keywords",
    "description": "Description",
    "company": "Organisation",
    "manager": "Manager",
    "application": "Program",
    "generator": "Program",
    "totaltime": "Minutes of editing",
    "x509subjectname": "Signed by",
    "displayname": "Shared with",
    "user-defined": "Property",
    "lpwstr": "Property",
    "lpstr": "Property",
}
"""What is told of the text of an element in a part that is emptied or left out."""
