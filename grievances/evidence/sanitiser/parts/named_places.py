"""The attributes of office documents that hold a name which a person typed.

Sources: ECMA-376 part 1, 17 to 21, and part 4, 19; OpenDocument 1.3 part 3, 19.
"""

from __future__ import annotations

STYLE, MARK, RANGE, OBJECT, FONT = "Style", "Mark", "Range", "Object", "Font"
"""What a name is called anew."""
COLUMN, KEY, LOOK = "Column", "Key", "Look"
"""Names that stay where a column, a data type or a known look has them."""
STYLE_OF = frozenset({
    "pstyle", "rstyle", "tblstyle", "tablestyle", "basedon", "next", "link", "numstylelink",
    "stylelink", "defaulttablestyle", "clickandtypestyle",
})  # fmt: skip
"""Elements of Word whose value is the name of a style."""
VML = frozenset({
    "shape", "shapetype", "rect", "roundrect", "line", "polyline", "oval", "arc", "curve", "image",
    "group", "background",
})  # fmt: skip
"""Elements of older drawings, whose `id` is the name that a person gave."""
LOOKS = frozenset({"theme", "clrscheme", "fontscheme", "fmtscheme", "custclr", "themefamily"})
NAMED = {
    ("style", "styleid"): STYLE,
    ("lsdexception", "name"): STYLE,
    ("cellstyle", "name"): STYLE,
    ("tablestyle", "name"): STYLE,
    ("tablestyleinfo", "name"): STYLE,
    ("pivottablestyleinfo", "name"): STYLE,
    ("tablestyles", "defaulttablestyle"): STYLE,
    ("tablestyles", "defaultpivotstyle"): STYLE,
    ("tblstyle", "stylename"): STYLE,
    ("bookmarkstart", "name"): MARK,
    ("hyperlink", "anchor"): MARK,
    ("definedname", "name"): RANGE,
    ("worksheetsource", "name"): RANGE,
    ("pivottabledefinition", "name"): OBJECT,
    ("scenario", "name"): OBJECT,
    ("custshow", "name"): OBJECT,
    ("section", "name"): OBJECT,
    ("bmktgt", "bmkname"): OBJECT,
    **{
        (element, f"{part}cellstyle"): STYLE
        for element in ("table", "tablecolumn")
        for part in ("headerrow", "data", "totalsrow")
    },
    **{
        ("pivottabledefinition", f"{part}style"): STYLE
        for part in ("pivottable", "page", "vacated")
    },
    **{(element, key): OBJECT for element in VML for key in ("id", "spid")},
    **{("rel", key): OBJECT for key in ("idsrc", "iddest", "idcntr")},
    ("r", "idref"): OBJECT,
    ("proxy", "idref"): OBJECT,
    ("objectembed", "shapeid"): OBJECT,
    ("objectlink", "shapeid"): OBJECT,
    ("rangeset", "name"): RANGE,
    **{(element, "name"): OBJECT for element in ("layoutnode", "foreach", "choose", "if", "else")},
    ("foreach", "ref"): OBJECT,
    ("prset", "presname"): OBJECT,
    ("constr", "forname"): OBJECT,
    ("constr", "refforname"): OBJECT,
    ("rule", "forname"): OBJECT,
    ("csld", "name"): OBJECT,
    ("docpr", "name"): OBJECT,
    ("movefromrangestart", "name"): MARK,
    ("movetorangestart", "name"): MARK,
    ("annotation", "name"): MARK,
    ("annotation", "parent-name"): MARK,
    ("annotation-end", "name"): MARK,
    ("docpart", "val"): OBJECT,
    ("default", "val"): OBJECT,
    ("alias", "val"): OBJECT,
    ("oleobject", "shapeid"): OBJECT,
    ("control", "shapeid"): OBJECT,
    ("control", "name"): OBJECT,
    ("oleobj", "name"): OBJECT,
    ("smarttag", "element"): OBJECT,
    ("customxml", "element"): OBJECT,
    ("protectedrange", "name"): OBJECT,
    ("snd", "name"): OBJECT,
    ("wavaudiofile", "name"): OBJECT,
    ("bmk", "name"): OBJECT,
    ("show", "name"): OBJECT,
    ("settings", "show"): OBJECT,
    ("dde-connection-decl", "name"): OBJECT,
    ("dde-source", "name"): OBJECT,
    **{
        (element, f"{use}{each}-name" if use else "name"): MARK
        for each in ("header", "footer", "date-time")
        for element, use in (
            ("page", "use-"),
            ("notes", "use-"),
            ("handout-master", "use-"),
            (f"{each}-decl", ""),
        )
    },
    ("cnvpr", "name"): OBJECT,
    ("control", "spid"): OBJECT,
    ("pageitem", "name"): OBJECT,
    **{(element, "name"): OBJECT for element in LOOKS},
}
"""Attributes of Office that name something, by element."""
OPEN_NAMED = {
    "style:name": STYLE, "text:style-name": STYLE, "draw:layer": OBJECT, "text:name": MARK,
    "text:ref-name": MARK, "draw:name": OBJECT, "draw:chain-next-name": OBJECT,
    "form:name": OBJECT, "form:id": OBJECT, "draw:control": OBJECT, "form:for": OBJECT,
    "text:index-name": MARK, "table:content-validation-name": OBJECT,
    "text:caption-sequence-name": MARK, "draw:copy-of": OBJECT, "presentation:start-page": OBJECT,
    "table:template-name": STYLE, "draw:display-name": STYLE,
}  # fmt: skip
"""Attributes of OpenDocument that name something, whatever the element."""
OPEN_STYLES = frozenset({
    "master-page-name", "page-layout-name", "fill-gradient-name", "fill-hatch-name",
    "fill-image-name", "opacity-name", "marker-start", "marker-end", "stroke-dash",
    "stroke-dash-names", "presentation-page-layout-name", "condition-style-name",
    "leader-text-style", "style-override", "text-line-through-text-style",
})  # fmt: skip
"""Attributes of OpenDocument that lead to a style, by another ending."""
OPEN_LOOKS = frozenset({
    "gradient", "lineargradient", "radialgradient", "hatch", "fill-image", "marker",
    "stroke-dash", "opacity",
})  # fmt: skip
"""Styles of OpenDocument that have the attribute `draw:name`."""
OPEN_OBJECTS = frozenset({"content-validation", "data-pilot-table"})
OPEN_RANGES = frozenset({"named-range", "named-expression", "database-range"})
FORMULAS = frozenset({
    "formula", "expression", "location", "fmlalink", "fmlarange", "fmlagroup", "fmlatxbx",
    "linkedcell", "listfillrange", "textlink", "cellrange", "linked-cell", "source-cell-range",
})  # fmt: skip
"""Attributes that hold a formula or a place in a sheet."""
