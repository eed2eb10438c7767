"""What may stay in a PDF: entries of the document, of pages and of annotations.

Source: ISO 32000-1, tables 28, 30, 164 and 166 to 190.
"""

from __future__ import annotations


def _names(words: str) -> frozenset[str]:
    return frozenset(f"/{word}" for word in words.split())


CATALOG = _names(
    "Type Version Pages PageLabels Names Dests ViewerPreferences PageLayout PageMode Outlines "
    "AcroForm StructTreeRoot MarkInfo Lang OutputIntents OCProperties"
)
TRAILER = _names("Root Size ID Info Prev XRefStm")
PAGE = _names(
    "Type Parent Resources MediaBox CropBox BleedBox TrimBox ArtBox Contents Rotate Group Annots "
    "StructParents Tabs UserUnit Dur Trans"
)
ANNOTATION = _names(
    "Type Subtype Rect Contents P F AP AS Border C StructParent OC A Dest H QuadPoints BS BE RD CL "
    "L LE LL LLE Cap IC DA DS Q Vertices InkList Name Sy T CA IRT RT State StateModel Popup Parent "
    "Open IT MK FT Ff V DV Opt MaxLen TI I Kids TU OverlayText Repeat"
)
"""Entries of annotations and of the fields that are drawn as annotations."""
ANNOTATIONS = _names(
    "Text Link FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut "
    "Stamp Caret Ink Popup Widget Watermark Redact"
)
"""Annotations that are drawn or written; those with files, films and sounds go."""
CALLED = {
    "/FileAttachment": "a file pinned to a page",
    "/Sound": "a recording pinned to a page",
    "/Movie": "a film pinned to a page",
    "/Screen": "a film pinned to a page",
    "/RichMedia": "a film pinned to a page",
}
DROPPED = _names(
    "Metadata OpenAction AA JS JavaScript PieceInfo AF EF EmbeddedFiles XFA LastModified Thumb "
    "Collection Perms DSS Legal Requirements SpiderInfo Extensions UserProperties CreatorInfo OPI "
    "Alternates Measure PtData CreationDate ModDate ChangedBy RichMediaContent RichMediaSettings "
    "ClassMap IDTree URLS PresSteps Threads SV Lock Author Creator Producer Company Manager"
)
"""Entries that go wherever they are.

They tell of people, devices, places and times, or hold files or programs.
"""
MARKED = _names("MCID Lang ActualText Alt E Type Subtype Attached BBox")
"""What is kept beside a marked part of a page (14.6)."""
INTENT = _names("Type S OutputConditionIdentifier DestOutputProfile")
LAYERS = _names("OCG OCMD")
RESOURCES = _names("Font ExtGState Pattern Image Form")
"""Types of what a page is drawn with, which can have any name."""
DROPPED_AS = {
    "/Thumb": "A small picture of a page",
    "/PieceInfo": "Private data of a program",
    "/XFA": "A second form behind the pages",
}
"""What some of these are called for the person who added the file."""
PROGRAMS = _names(
    "JavaScript Launch SubmitForm ImportData GoToE GoToR Rendition RichMediaExecute Sound Movie "
    "Thread GoTo3DView ResetForm"
)
"""Actions that do more than turn a page or open a link (12.6.4)."""
ON_PAGE = _names("Contents Title V DV Alt ActualText E TU Opt OverlayText Lang CA RC AC DA")
"""Entries whose text a reader shows: comments, headings, fields, descriptions."""
OF_A_SIGNATURE = {
    "/Name": "Name in a signature",
    "/Location": "Place in a signature",
    "/Reason": "Reason in a signature",
    "/ContactInfo": "Name in a signature",
}
TOLD = {
    "/Author": "Author",
    "/Title": "Title",
    "/Subject": "Subject",
    "/Keywords": "Keywords",
    "/Creator": "Program",
    "/Producer": "Program that made the PDF",
    "/CreationDate": "Made on",
    "/ModDate": "Changed on",
    "/Company": "Organisation",
    "/Manager": "Manager",
    "/Trapped": "Printing",
}
