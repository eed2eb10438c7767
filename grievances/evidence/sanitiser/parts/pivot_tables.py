"""What pivot tables, slicers and types of cells keep and do not show.

Sources: ECMA-376 part 1, 18.10; [MS-XLSX] 2.4 to 2.6.
"""

from __future__ import annotations

from grievances.evidence.sanitiser.parts.xml_reading import bare_name

DEFINITION = "pivotcachedefinition"
READ_ANEW = {"saveData": "0", "refreshOnLoad": "1"}
ABOUT_ROWS = frozenset({"savedata", "refreshonload", "recordcount"})

NAMED = frozenset({
    ("slicer", "name"), ("slicer", "cache"), ("timeslicer", "name"), ("timeline", "name"),
    ("timeline", "cache"), ("slicercachedefinition", "name"), ("timelinecachedefinition", "name"),
    ("pivottable", "name"), ("state", "filterpivotname"), ("level", "uniquename"),
    ("level", "sourcecaption"), ("i", "n"), ("i", "c"), ("p", "n"), ("selection", "n"),
    ("pagefield", "name"), ("member", "name"), ("filter", "name"),
})  # fmt: skip
"""Attributes that name these, or an item of a server, by element."""
SOURCES = frozenset({
    ("slicercachedefinition", "sourcename"), ("timelinecachedefinition", "sourcename"),
})  # fmt: skip
"""Attributes that name the column that is filtered, which has its name in a cell."""
COLUMNS = frozenset({"tablecolumn", "cachefield"})
"""Elements whose name is that of a column."""
STYLED = frozenset({
    ("slicer", "style"), ("timeline", "style"), ("slicerstyle", "name"), ("timelinestyle", "name"),
    ("slicerstyles", "defaultslicerstyle"), ("timelinestyles", "defaulttimelinestyle"),
})  # fmt: skip
"""Attributes that name the style of a slicer."""
OF_DATA_TYPES = frozenset({
    ("k", "n"), ("key", "name"), ("flag", "name"), ("type", "name"), ("metadatatype", "name"),
    ("futuremetadata", "name"),
})  # fmt: skip
"""Attributes that name a value of a data type, beside the kind of it in `s`."""
KEYS = frozenset(
    [
        "XLDAPR",
        "XLMDX",
        "XLRICHVALUE",
        "_localImage",
        "_webimage",
        "_error",
        "_linkedentity",
        "_linkedentity2",
        "_linkedentitycore",
        "_linkedentity2core",
        "_hyperlink",
        "_formattednumber",
        "_sourceattribution",
        "_array",
        "_entity",
        "_imageurl",
        "_searchfeedback",
        "_rvRel:LocalImageIdentifier",
        "CalcOrigin",
        "Text",
        "WebImageIdentifier",
        "Address",
        "MoreImagesAddress",
        "ComputedImage",
        "ImageHeight",
        "ImageWidth",
        "Sizing",
        "Attribution",
        "Formula",
        "errorType",
        "ErrorType",
        "subType",
        "colOffset",
        "rwOffset",
        "propagated",
        "field",
        "Url",
        "Friendly",
        "_Self",
        "_DisplayString",
        "_Flags",
        "_Format",
        "_SubLabel",
        "_Attribution",
        "_Icon",
        "_Display",
        "_CanonicalPropertyNames",
        "_ClassificationId",
        "_ViewInfo",
        "_Provider",
        "_External",
        "%EntityServiceId",
        "%EntityId",
        "%EntityCulture",
        "%EntityDomainId",
        "%IsRefreshable",
        "%DataProviderExternalLinkLogo",
        "%DataProviderExternalLink",
        "%DataRetrievedTime",
        "%ProviderInfo",
        "%EntitySubDomainId",
        "%OutdatedReason",
        "%ClassificationId",
        "%PropertyOrder",
        "^Order",
        "TitleProperty",
        "SubTitleProperty",
        "ExcludeFromFile",
        "ExcludeFromCalcComparison",
        "ShowInCardView",
        "ShowInDotNotation",
        "ShowInAutoComplete",
    ]
)
"""Names that the program itself gives to values of data types."""


def without_rows(element: str, attributes: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the attributes of a pivot table that has to read its rows anew.

    The rows that it kept are left out (ECMA-376 part 1, 18.10.1.67).
    """
    if element != DEFINITION:
        return attributes
    kept = [each for each in attributes if bare_name(each[0]) not in ABOUT_ROWS]
    return [*kept, *READ_ANEW.items()]
