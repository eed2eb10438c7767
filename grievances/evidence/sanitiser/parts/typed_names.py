"""Replace names that a person typed for styles, bookmarks and ranges.

No page shows them. Each is replaced by a kind and a number, the same wherever it is used, so links,
formulas and looks stay. Names that every program gives are kept. Sources: ECMA-376 part 1, 17 to
20; OpenDocument 1.3 part 3, 19.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from grievances.evidence.sanitiser.parts import pivot_tables
from grievances.evidence.sanitiser.parts.field_codes import plain
from grievances.evidence.sanitiser.parts.named_places import (
    COLUMN,
    FONT,
    FORMULAS,
    KEY,
    LOOK,
    MARK,
    NAMED,
    OBJECT,
    OPEN_LOOKS,
    OPEN_NAMED,
    OPEN_OBJECTS,
    OPEN_RANGES,
    OPEN_STYLES,
    RANGE,
    STYLE,
    STYLE_OF,
    VML,
)

OF_PROGRAMS = re.compile(
    r"(?:normal|standard|default|default-style|title|subtitle|caption|header|footer|signature|list|"
    r"index|graphics|frame|heading|emphasis|strong|quote|intense ?quote|intense ?emphasis|"
    r"subtle ?emphasis|subtle ?reference|intense ?reference|book ?title|hyperlink|"
    r"followed ?hyperlink|no ?spacing|list ?paragraph|table ?grid|table ?normal|normal ?table|"
    r"no ?list|normal ?\(web\)|plain ?text|macro|macro ?text|"
    r"body ?text(?: (?:indent|first indent))?|body ?text ?\d|text ?body|"
    r"comma(?: ?\[0\])?|currency(?: ?\[0\])?|percent|good|bad|neutral|"
    r"input|output|note|total|calculation|check ?cell|linked ?cell|warning ?text|explanatory ?text|"
    r"default ?paragraph ?font|(?:heading|toc|index|list|list ?bullet|list ?number|list ?continue|"
    r"level|contents|outline|accent|numbering)[ _]?\d{1,2}|list ?(?:bullet|number|continue)|"
    r"(?:heading|title|body ?text|header|footer|quote|subtitle|intense ?quote|macro ?text|"
    r"body ?text ?\d) ?char|heading ?\d ?char|(?:foot|end)note(?: ?(?:text|reference|symbol))?|"
    r"annotation ?(?:text|reference|subject)|balloon ?text|page ?number|line ?number|comment ?"
    r"(?:text|reference|subject)|table ?(?:contents|heading|of ?figures)|internet ?link|"
    r"(?:light|medium|colorful|dark) ?(?:shading|list|grid) ?\d?(?:[ -]?accent ?\d)?|\d\d% ?- ?"
    r"accent\d|(?:table|pivot|(?:time)?slicer)style(?:light|medium|dark|other)\d{1,2}|"
    r"(?:list|grid) ?table ?\d ?"
    r"(?:light|dark|colorful)?(?:[ -]*accent ?\d)?|plain ?table ?\d|table ?grid ?light|"
    r"office theme|office|illustration|table|text|drawing|figure|layout|background|"
    r"backgroundobjects|controls|"
    r"measurelines|bullet[ _]symbols|numbering[ _]symbols|"
    r"footnote[ _]characters|index[ _]link)",
    re.IGNORECASE,
)
"""Names that programs give to styles, sequences and layers."""
AUTOMATIC = re.compile(
    r"(?:id|list|ct|br|ctx|ts|tg|t|cnv|canvas|timestamp|context|inkSrc|refid|control)\d+|"
    r"_(?:Toc|Ref|Hlk)\d+|_GoBack|(?:M?(?:P|T|L|N|gr|pr|dp)|fr|ta|co|ro|ce|PM|pm|WWNum|Sect|page)\d+"
    r"|_xlnm\.\w+|standard|Standard|true|false|on|off|\d+|_x0000_[a-z]+\d+|__Annotation__[\d_]+|(?:hdr|ftr|dtd)\d+"
)
"""Names that programs count up."""
FIELD = re.compile(r"(\b(?:REF|PAGEREF|NOTEREF|GOTOBUTTON|SEQ)\s+\"?)([^\s\"\\]+)", re.IGNORECASE)
PLACE_IN_LINK = re.compile(r"(\\l\s+\"?)([^\s\"\\]+)", re.IGNORECASE)
STYLE_IN_FIELD = re.compile(r"(\bSTYLEREF\s+\"?)([^\"\\]+?)(?=\"|\\|\s*$)", re.IGNORECASE)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\[[^\]]*\]|[^\W\d][\w.]*(?!\w*[(!])")
"""Parts of a formula: a text, a sheet, a column, or perhaps a range."""

FORMULA_ELEMENTS = frozenset({
    "f", "formula", "formula1", "formula2", "definedname", "calculatedcolumnformula",
    "totalsrowformula",
})  # fmt: skip
LOOK_OF_PROGRAMS = re.compile(
    r"(?:urn:microsoft\.com|http://schemas\.microsoft\.com)/office/officeart/\d{4}/\d+/"
    r"(?:layout|quickstyle|colors)/\w+(?:#\d+)?|urn:diagrams\.loki3\.com/\w+(?:\+Icon)?|list|"
    r"process|cycle|hierarchy|relationship|matrix|pyramid|picture|officeonline|convert|other|"
    r"simple|3D|main|mainScheme|colorful|dark|accent\d|callout|revTx|"
    r"(?:align|asst|bg|conFg|dkBg|fg|ln|node|parChTrans|sibTrans|solid|tr|venn)"
    r"(?:Acc|Align|Bg|Fg|Follow|Img|Node|Place|Shp|Sib|Trans|[012]D)*\d{0,2}"
)
"""Layouts, styles and kinds of SmartArt of programs (ECMA-376 part 1, 21.4)."""
LOOKS_OF_ART = frozenset(
    [
        *((f"{look}def{end}", "uniqueid") for look in ("layout", "style", "colors")
          for end in ("", "hdr")),
        *(("prset", f"{look}{end}id") for look in ("lo", "qs", "cs") for end in ("type", "cat")),
        ("cat", "type"), ("stylelbl", "name"), ("layoutnode", "stylelbl"),
        ("prset", "presstylelbl"),
    ]
)  # fmt: skip
FONT_NAMES = ("name", "typeface", "font-family")
EMBEDDED = frozenset({
    "embedregular", "embedbold", "embeditalic", "embedbolditalic", "font-face-src",
})  # fmt: skip
"""Elements that say that the font before them is in the document."""
INSTRUCTIONS = frozenset({"instrtext", "delinstrtext"})


@dataclass
class TypedNames:
    """The new name of each name in one document.

    `ranges` are known before formulas are read, and `columns` too; `shown` are the variables that a
    page shows, `sheets` the tables of OpenDocument, and `fonts` those that were embedded, which the
    copy has not.
    """

    new: dict[tuple[str, str], str] = field(default_factory=dict)
    ranges: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    sheets: set[str] = field(default_factory=set)
    fonts: set[str] = field(default_factory=set)
    last_font: set[str] = field(default_factory=set)
    is_embedded: bool = False

    def learn(self, element: str, attributes: list[tuple[str, str]]) -> None:
        """Note the names of ranges and variables, which formulas use."""
        said = {key.rpartition(":")[2]: value for key, value in attributes}
        if element in {"font", "font-face"}:
            self.last_font = {said.get(key, "") for key in FONT_NAMES} - {""}
            self.fonts |= self.last_font if self.is_embedded else set()
        if element == "table":
            self.sheets |= {value for key, value in attributes if key == "table:name"}
        if element in EMBEDDED:
            self.fonts |= self.last_font
        self.is_embedded = element == "embeddedfont"
        if element in {"user-field-get", "variable-get"}:
            self.shown |= {value for key, value in attributes if key == "text:name"}
        if element in pivot_tables.COLUMNS:
            self.columns.add(said.get("name", ""))
        is_range = element == "definedname" or element in OPEN_RANGES
        is_variable = element.endswith("-decl") and element != "dde-connection-decl"
        if is_range or is_variable:
            self.ranges |= {
                value.lower() for key, value in attributes if key.rpartition(":")[2] == "name"
            }

    def is_unshown(self, element: str, attributes: list[tuple[str, str]]) -> bool:
        """Return whether a field of OpenDocument is on no page, as a hidden text is."""
        if element == "hidden-text":
            return ("text:is-hidden", "false") not in attributes
        names = {value for key, value in attributes if key == "text:name"}
        return element == "user-field-decl" and self.shown.isdisjoint(names)

    def value(self, element: str, parent: str, attribute: str, value: str) -> str | None:
        """Return the value of an attribute with new names; None when it names nothing."""
        key = attribute.rpartition(":")[2].lower()
        if attribute in {"style:display-name", "draw:display-name"}:
            return value if is_of_programs(value) else self.renamed(STYLE, value)
        if key in FORMULAS or (element == "fldsimple" and key == "instr"):
            is_field = key == "instr"
            return self.instruction(plain(value)) if is_field else self.formula(value)
        if key == "href" and value.startswith("#") and "|" not in value:
            return "#" + self.renamed(MARK, value[1:])
        if key == "type" and value.startswith("#") and element in VML:
            return "#" + self.renamed(OBJECT, value[1:])
        if key == "pages" and element == "show":
            return ",".join(self.renamed(OBJECT, each) for each in value.split(","))
        kind = kind_of(element, parent, attribute, key)
        if kind in {COLUMN, KEY, LOOK}:
            return value if self._is_known(kind, value) else self.renamed(OBJECT, value)
        return self.renamed(kind, value) if kind else None

    def _is_known(self, kind: str, value: str) -> bool:
        if kind == LOOK:
            return bool(LOOK_OF_PROGRAMS.fullmatch(value))
        return value in (self.columns if kind == COLUMN else pivot_tables.KEYS)

    def renamed(self, kind: str, value: str) -> str:
        """Return the new name of a name; one that a program gave is kept."""
        if not value or is_of_programs(value) or AUTOMATIC.fullmatch(value):
            return value
        if kind == RANGE:
            value = value.lower()
        if value.lower() in self.ranges:
            kind, value = RANGE, value.lower()
        numbered = sum(known == kind for known, _ in self.new)
        return self.new.setdefault((kind, value), f"{kind}{numbered + 1}_")

    def font(self, value: str) -> str:
        """Return the new name of a font that was embedded."""
        return self.renamed(FONT, value)

    def formula(self, text: str) -> str:
        """Return a formula with new names of ranges."""
        if not self.ranges:
            return text
        return QUOTED.sub(
            lambda part: (
                self.renamed(RANGE, part[0]) if part[0].lower() in self.ranges else part[0]
            ),
            text,
        )

    def instruction(self, text: str) -> str:
        """Return the instruction of a field with new names of bookmarks and styles."""

        def marked(found: re.Match[str]) -> str:
            return found[1] + self.renamed(MARK, found[2])

        def styled(found: re.Match[str]) -> str:
            return found[1] + self.renamed(STYLE, found[2])

        return STYLE_IN_FIELD.sub(styled, PLACE_IN_LINK.sub(marked, FIELD.sub(marked, text)))


def kind_of(element: str, parent: str, attribute: str, key: str) -> str:
    """Return what an attribute names; empty when it names nothing."""
    if key == "val" and (element in STYLE_OF or element == "aliases"):
        return STYLE
    if (element, attribute, parent) in {("s", "v", "shareditems"), ("s", "v", "metadatastrings")}:
        return OBJECT
    if kind := kind_of_table(element, key, parent):
        return kind
    if element == "name" and key == "val":
        return {
            "style": STYLE,
            "abstractnum": OBJECT,
            "ffdata": MARK,
            "docpartpr": OBJECT,
            "category": OBJECT,
        }.get(parent, "")
    if (element, key) in NAMED and not attribute.startswith(("style:", "text:", "table:", "draw:")):
        return NAMED[element, key]
    if attribute == "draw:name" and element in OPEN_LOOKS:
        return STYLE
    if attribute == "table:name":
        is_look = STYLE if element == "table-template" else ""
        return RANGE if element in OPEN_RANGES else OBJECT if element in OPEN_OBJECTS else is_look
    is_style = ":" in attribute and (key.endswith("style-name") or key in OPEN_STYLES)
    return STYLE if is_style else OPEN_NAMED.get(attribute, "")


def kind_of_table(element: str, key: str, parent: str) -> str:
    """Return what an attribute of a slicer, a data type or SmartArt names; else empty."""
    if (element, key) in pivot_tables.STYLED:
        return STYLE
    if (element, key) in pivot_tables.SOURCES:
        return COLUMN
    if (element, key) in LOOKS_OF_ART:
        return LOOK
    is_type = (element, key) == ("s", "t") and parent in {"rvstructures", "spbstructures"}
    if is_type or (element, key) in pivot_tables.OF_DATA_TYPES:
        return KEY
    return OBJECT if (element, key) in pivot_tables.NAMED else ""


def may_name(element: str, attribute: str, key: str) -> bool:
    """Return whether an attribute of an element can hold such a name or a formula."""
    is_value = key == "val" and element in {*STYLE_OF, "aliases", "name"}
    is_other = (
        key in FORMULAS
        or (element in VML and key == "type")
        or (element, key) == ("show", "pages")
        or (element, key) in {("s", "v"), ("s", "t")}
        or key in {"instr", "display-name"}
    )
    return is_value or is_other or bool(kind_of(element, "", attribute, key))


def is_of_programs(name: str) -> bool:
    """Return whether programs give this name to a style, a sequence or a layer."""
    return bool(OF_PROGRAMS.fullmatch(name.replace("_20_", " ").strip()))
