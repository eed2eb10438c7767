"""Drop the words in a PDF that the format does not know.

Readers take no notice of it, so a program can write anything there. Source: ISO 32000-1, tables 28,
62, 95, 150, 152, 162, 164 to 190 and 212.
"""

from __future__ import annotations

import re

import pikepdf

from grievances.evidence.sanitiser.pdf_parts import entries
from grievances.evidence.sanitiser.pdf_parts.entries import Entry, names

BOXES = names("MediaBox CropBox BleedBox TrimBox ArtBox")
MODES = names("UseNone UseOutlines UseThumbs FullScreen UseOC UseAttachments")
COLOURS = names("DeviceGray DeviceRGB DeviceCMYK CalGray CalRGB Lab Pattern")
INTENTS = names("AbsoluteColorimetric RelativeColorimetric Saturation Perceptual")
LINES = names("Square Circle Diamond OpenArrow ClosedArrow None Butt ROpenArrow RClosedArrow Slash")
ICONS = names(
    "Comment Key Note Help NewParagraph Paragraph Insert Check Checkmark Circle Cross CrossHairs "
    "RightArrow RightPointer Star UpArrow UpLeftArrow Approved Experimental NotApproved AsIs Sold "
    "Expired NotForPublicRelease Confidential Final Departmental ForComment TopSecret Draft "
    "ForPublicRelease"
)
ACTIONS = names("GoTo URI Named SetOCGState Trans")
STYLES = names(
    "S D B I U R r A a C Split Blinds Box Wipe Dissolve Glitter Fly Push Cover Uncover Fade "
    "Transparency Alpha Luminosity"
)
"""Looks of borders, of numbers of pages, of turning a page, of groups and masks."""
VALUES = {
    "/PageMode": MODES,
    "/NonFullScreenPageMode": MODES,
    "/PageLayout": names(
        "SinglePage OneColumn TwoColumnLeft TwoColumnRight TwoPageLeft TwoPageRight"
    ),
    "/Direction": names("L2R R2L"),
    "/PrintScaling": names("None AppDefault"),
    "/Duplex": names("Simplex DuplexFlipShortEdge DuplexFlipLongEdge"),
    **dict.fromkeys(("/ViewArea", "/ViewClip", "/PrintArea", "/PrintClip"), BOXES),
    "/Tabs": names("R C S A W"),
    "/Name": ICONS,
    "/N": names("NextPage PrevPage FirstPage LastPage"),
    "/S": ACTIONS | STYLES | entries.ROLES | entries.INTENDED,
    "/CS": COLOURS,
    "/RI": INTENTS,
    "/Intent": INTENTS | names("View Design All"),
    "/IT": names(
        "FreeText FreeTextCallout FreeTextTypeWriter LineArrow LineDimension PolygonCloud "
        "PolyLineDimension PolygonDimension InsertText Replace Strikeout Arrow"
    ),
    "/Event": names("View Print Export"),
    "/BaseState": names("ON OFF Unchanged"),
    "/ListMode": names("AllPages VisiblePages"),
    "/H": names("N I O P T"),
    "/RT": names("R Group"),
    "/Sy": names("P None"),
    "/CP": names("Inline Top"),
    "/LE": LINES,
    "/FontStretch": names(
        "UltraCondensed ExtraCondensed Condensed SemiCondensed Normal SemiExpanded Expanded "
        "ExtraExpanded UltraExpanded"
    ),
}
"""The words that each entry may have, where its value is a word."""
KNOWN_STATES = (
    "Marked Unmarked Accepted Rejected Cancelled Completed None Review Migration Migrated"
)
STATES = frozenset(KNOWN_STATES.split())
"""States of a comment, and their models (table 171)."""
LISTED = {
    "/Category": names("Language Export Zoom Print View"),
    "/State": names("ON OFF Toggle"),
}
"""Entries whose value is a list with words among others."""
OF_A_COMMENT = ("/State", "/StateModel")
PAGE_PARTS = names("HF FG BG L")
"""What a layer is on a page (table 102)."""
ENCODINGS = names("WinAnsiEncoding MacRomanEncoding MacExpertEncoding StandardEncoding Identity")
CHARACTER_MAP = re.compile(
    r"/(?:Identity|[A-Z0-9][A-Za-z0-9]{0,11}(?:-[A-Z0-9][A-Za-z0-9]{1,8}){0,3})-[HV]"
)
"""Names of maps of characters that every reader has (table 118)."""
LEVEL = re.compile(r"/H\d{1,2}")
LANGUAGE = re.compile(r"(?:[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?)?", re.IGNORECASE)
"""A language, perhaps with a script and a country; other pieces can be anything."""
ODD = re.compile(
    rb"/Lang\b(?!\s*\((?:[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?)?\))", re.IGNORECASE
)
"""An entry among instructions whose value is no language, or otherwise spelt."""


def strip_values(thing: pikepdf.Object) -> None:
    """Drop each word of one dictionary that the format does not know."""
    for key, value in list(thing.items()):
        if isinstance(value, pikepdf.Name):
            if not is_known(key, str(value)):
                del thing[key]
        elif key in LISTED and isinstance(value, pikepdf.Array):
            thing[key] = pikepdf.Array([each for each in list(value) if is_listed(key, each)])
        elif key in OF_A_COMMENT and isinstance(value, pikepdf.String) and str(value) not in STATES:
            del thing[key]
    if "/ProcSet" in thing:
        del thing["/ProcSet"]  # No reader has used it for twenty years (14.2).
    part: Entry = thing.get("/PageElement")
    if isinstance(part, pikepdf.Dictionary) and str(part.get("/Subtype", "")) not in PAGE_PARTS:
        del thing["/PageElement"]
    heading: Entry = thing.get("/SE")  # what a bookmark leads to
    if isinstance(heading, pikepdf.Dictionary) and str(heading.get("/Type", "")) != "/StructElem":
        del thing["/SE"]


def is_listed(key: str, value: object) -> bool:
    """Return whether a list may have this value."""
    return not isinstance(value, pikepdf.Name) or str(value) in LISTED[key]


def is_known(key: str, value: str) -> bool:
    """Return whether an entry may have this word."""
    if key == "/Encoding":
        return value in ENCODINGS or bool(CHARACTER_MAP.fullmatch(value))
    is_level = key == "/S" and bool(LEVEL.fullmatch(value))
    return key not in VALUES or value in VALUES[key] or is_level


def strip_language(thing: pikepdf.Object) -> None:
    """Drop an entry `Lang` that has no language."""
    said = thing.get("/Lang")
    is_text = isinstance(said, pikepdf.String)
    is_language = is_text and LANGUAGE.fullmatch(str(said))
    if "/Lang" in thing and not is_language and not isinstance(said, pikepdf.Dictionary):
        del thing["/Lang"]
