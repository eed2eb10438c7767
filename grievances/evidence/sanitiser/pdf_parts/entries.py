"""What may stay in a PDF: entries of the document, of pages and of annotations.

Source: ISO 32000-1, tables 28, 30, 164 and 166 to 190.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Entry: TypeAlias = Any
"""A value in a PDF: of what kind, only its own type tells when it is read."""


def names(words: str) -> frozenset[str]:
    """Return the words of a text as names of a PDF."""
    return frozenset(f"/{word}" for word in words.split())


CATALOG = names(
    "Type Version Pages PageLabels Names Dests ViewerPreferences PageLayout PageMode Outlines "
    "AcroForm StructTreeRoot MarkInfo Lang OutputIntents OCProperties"
)
TRAILER = names("Root Size ID Info Prev XRefStm")
PAGE = names(
    "Type Parent Resources MediaBox CropBox BleedBox TrimBox ArtBox Contents Rotate Group Annots "
    "StructParents Tabs UserUnit Dur Trans"
)
ANNOTATION = names(
    "Type Subtype Rect Contents P F AP AS Border C StructParent OC A Dest H QuadPoints BS BE RD CL "
    "L LE LL LLE Cap IC DA DS Q Vertices InkList Name Sy T CA IRT RT State StateModel Popup Parent "
    "Open IT MK FT Ff V DV Opt MaxLen TI I Kids TU OverlayText Repeat"
)
"""Entries of annotations and of the fields that are drawn as annotations."""
ANNOTATIONS = names(
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
DROPPED = names(
    "Metadata OpenAction AA JS JavaScript PieceInfo AF EF EmbeddedFiles XFA LastModified Thumb "
    "Collection Perms DSS Legal Requirements SpiderInfo Extensions UserProperties CreatorInfo OPI "
    "Alternates Measure PtData CreationDate ModDate ChangedBy RichMediaContent RichMediaSettings "
    "ClassMap IDTree URLS PresSteps Threads SV Lock DV Author Creator Producer Company Manager"
)
"""Entries that go wherever they are.

They tell of people, devices, places and times, or hold files or programs.
"""
MARKED = names("MCID Lang ActualText Alt E Type Subtype Attached BBox")
"""What is kept beside a marked part of a page (14.6)."""
INTENT = names("Type S OutputConditionIdentifier DestOutputProfile")
"""What is kept of what the colours are meant for (14.11.5)."""
INTENDED = names("GTS_PDFX GTS_PDFA1 ISO_PDFE1")
OWNERS = names(
    "Layout List PrintField Table Artifact FENote ARIA-1.1 XML-1.00 HTML-3.20 HTML-4.01 HTML-5.00 "
    "OEB-1.00 RTF-1.05 CSS-1 CSS-1.00 CSS-2 CSS-2.00 CSS-3"
)
"""Owners of attributes of headings that the format knows (table 342)."""
LAYERS = names("OCG OCMD")
RESOURCES = names("Font ExtGState Pattern Image Form")
"""Types of what a page is drawn with, which can have any name."""
DROPPED_AS = {
    "/Thumb": "A small picture of a page",
    "/PieceInfo": "Private data of a program",
    "/XFA": "A second form behind the pages",
}
"""What some of these are called for the person who added the file."""
PROGRAMS = names(
    "JavaScript Launch SubmitForm ImportData GoToE GoToR Rendition RichMediaExecute Sound Movie "
    "Thread GoTo3DView ResetForm Hide"
)
"""Actions that do more than turn a page or open a link (12.6.4)."""
ON_PAGE = names("Contents Title V DV Alt ActualText E TU Opt OverlayText Lang CA RC AC DA")
"""Entries whose text a reader shows: comments, headings, fields, descriptions."""
SPOKEN = names("Alt TU Title")
"""Descriptions and bookmarks that programs fill with the path of a file."""
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
MAPS = names(
    "Font XObject ExtGState ColorSpace Pattern Shading Properties Dests CharProcs RoleMap "
    "Colorants Solidities DotGain AP DR"
)
"""Entries whose value has names of its own for what is in it, such as fonts."""
STANDARD = names(
    # Documents, pages, trees and headings (7.5 to 7.9, 12.3, 14.7, 14.8)
    "Type Version Pages PageLabels Names Dests ViewerPreferences PageLayout PageMode Outlines "
    "AcroForm StructTreeRoot MarkInfo Lang OutputIntents OCProperties Root Size ID Info Prev "
    "XRefStm Parent Resources MediaBox CropBox BleedBox TrimBox ArtBox Contents Rotate Group "
    "Annots StructParents Tabs UserUnit Dur Trans Kids Count Limits Nums First Last Next "
    "Title Dest A C F S P St D SE K Pg Alt E ActualText R ParentTree ParentTreeNextKey "
    "RoleMap Marked Suspects UserProperties Stm StmOwn Obj MCID HideToolbar HideMenubar "
    "HideWindowUI FitWindow CenterWindow DisplayDocTitle NonFullScreenPageMode Direction "
    "ViewArea ViewClip PrintArea PrintClip PrintScaling Duplex PickTrayByPDFSize "
    "PrintPageRange NumCopies O Placement WritingMode BackgroundColor BorderColor BorderStyle "
    "BorderThickness Color Padding SpaceBefore SpaceAfter StartIndent EndIndent TextIndent "
    "TextAlign BBox Width Height BlockAlign InlineAlign TBorderStyle TPadding LineHeight "
    "BaselineShift TextDecorationColor TextDecorationThickness TextDecorationType RubyAlign "
    "RubyPosition GlyphOrientationVertical ColumnCount ColumnGap ColumnWidths ListNumbering "
    "RowSpan ColSpan Scope Summary Role Checked checked Desc NS Namespaces RoleMapNS "
    # Streams, pictures, forms and colours (7.3.8, 8.6 to 8.11)
    "Length Filter DecodeParms DL N Extends Index W Subtype FormType Matrix Ref StructParent "
    "OC ColorSpace BitsPerComponent Intent ImageMask Mask Decode Interpolate SMask "
    "SMaskInData Matte Predictor Colors Columns EarlyChange EndOfLine EncodedByteAlign Rows "
    "EndOfBlock BlackIs1 DamagedRowsBeforeError JBIG2Globals ColorTransform Alternate Range "
    "WhitePoint BlackPoint Gamma Colorants Process Components MixingHints Solidities "
    "PrintingOrder DotGain PatternType PaintType TilingType XStep YStep ExtGState Shading "
    "ShadingType Background AntiAlias Domain Coords Function Extend BitsPerCoordinate "
    "BitsPerFlag VerticesPerRow FunctionType Encode Order BitsPerSample Functions Bounds C0 "
    "C1 CS I G LW LC LJ ML RI OP op OPM Font BG BG2 UCR UCR2 TR TR2 HT FL SM SA BM CA ca AIS "
    "TK BC HalftoneType Frequency Angle SpotFunction AccurateScreens TransferFunction Xsquare "
    "Ysquare OCGs Name Usage Export Print View Zoom PageElement Language ViewState PrintState "
    "ExportState Preferred BaseState ON OFF AS ListMode RBGroups Locked Event Category "
    "Configs VE min max XObject Pattern ProcSet Properties "
    # Fonts (9)
    "BaseFont FirstChar LastChar Widths FontDescriptor Encoding ToUnicode FontBBox FontMatrix "
    "CharProcs BaseEncoding Differences DescendantFonts CIDSystemInfo Registry Ordering "
    "Supplement DW DW2 W2 CIDToGIDMap CMapName WMode UseCMap FontName FontFamily FontStretch "
    "FontWeight Flags ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH "
    "AvgWidth MaxWidth MissingWidth FontFile FontFile2 FontFile3 CharSet Style Panose FD "
    "CIDSet Length1 Length2 Length3 "
    # Annotations, fields and actions (12.5 to 12.7)
    "Rect NM AP Border T Popup RC Subj IRT RT IT ExData QuadPoints BS BE RD CL L LE LL LLE "
    "LLO Cap CP CO IC DA DS Q Vertices InkList Sy State StateModel Open MK FT Ff V DV Opt "
    "MaxLen TI TU OverlayText RO Repeat H X B URI IsMap Base Fields NeedAppearances SigFlags "
    "DR AC IX IF SW FB PA Dm M Di SS OutputConditionIdentifier DestOutputProfile RF Fo EP TP "
    "Width2 Height2"
)
"""Keys that ISO 32000-1 knows.

What is under any other is private to a program, its name too.
"""
TAGS = names(
    "Span P H H1 H2 H3 H4 H5 H6 Artifact OC Document Part Art Sect Div BlockQuote Caption TOC TOCI "
    "Index NonStruct Private L LI Lbl LBody Table TR TH TD THead TBody TFoot Quote Note Reference "
    "BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form ReversedChars Clip "
    "Tx PlacedPDF"
)
"""Tags of marked parts of a page (14.8.4); any other is replaced by `Span`."""
ROLES = TAGS | names("DocumentFragment Aside Title FENote Sub Em Strong")
"""Roles of headings and the like, those of ISO 32000-2 among them (14.8.4)."""
