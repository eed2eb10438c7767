"""A workbook as an OpenDocument spreadsheet (ISO/IEC 26300).

Programs that cost nothing open it.

The libraries for it take seconds for each file, so the few elements that are needed are written
here; LibreOffice and a reader of the format open them in the tests. It has no formula, no link and
no hidden sheet. Plain Python, for the web process.
"""

import io
import zipfile
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from grievances.reports.layout.book import Book, Sheet, Value

MIME = "application/vnd.oasis.opendocument.spreadsheet"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = {
    "office": f"{ODF}office:1.0",
    "table": f"{ODF}table:1.0",
    "text": f"{ODF}text:1.0",
    "style": f"{ODF}style:1.0",
    "fo": f"{ODF}xsl-fo-compatible:1.0",
    "meta": f"{ODF}meta:1.0",
    "config": f"{ODF}config:1.0",
    "manifest": f"{ODF}manifest:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
VERSION = "1.3"
BEGIN = (1980, 1, 1, 0, 0, 0)
"""The time of every part: the same figures give the same bytes."""
WIDE, NARROW = "11cm", "4.5cm"

for prefix, space in SPACES.items():
    register_namespace(prefix, space)


def write_open_document(book: Book) -> bytes:
    """Return a workbook as an OpenDocument spreadsheet."""
    parts = {
        "content.xml": _content(book),
        "meta.xml": _meta(book),
        "settings.xml": _settings(book),
        "META-INF/manifest.xml": _manifest(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        # The kind of the file comes first and is not compressed.
        file.writestr(zipfile.ZipInfo("mimetype", BEGIN), MIME, zipfile.ZIP_STORED)
        for name, root in parts.items():
            words = tostring(root, encoding="utf-8", xml_declaration=True)
            file.writestr(zipfile.ZipInfo(name, BEGIN), words, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"


def _add(parent: Element, name: str, words: str = "", **attributes: str) -> Element:
    """Add an element.

    An underscore in the name of an attribute becomes a colon or a hyphen.

    Returns:
        The new element, for its own children.
    """
    given = {_name(key.replace("__", ":").replace("_", "-")): v for key, v in attributes.items()}
    found = SubElement(parent, _name(name), given)
    found.text = words or None
    return found


def _root(name: str) -> Element:
    return Element(_name(name), {_name("office:version"): VERSION})


def _content(book: Book) -> Element:
    root = _root("office:document-content")
    styles = _add(root, "office:automatic-styles")
    for name, width in (("wide", WIDE), ("narrow", NARROW)):
        style = _add(styles, "style:style", style__name=name, style__family="table-column")
        _add(style, "style:table-column-properties", style__column_width=width)
    for name, weight in (("head", "bold"), ("body", "normal")):
        style = _add(styles, "style:style", style__name=name, style__family="table-cell")
        _add(style, "style:table-cell-properties", fo__wrap_option="wrap")
        _add(style, "style:text-properties", fo__font_weight=weight)
    spreadsheet = _add(_add(root, "office:body"), "office:spreadsheet")
    for sheet in book.sheets:
        _sheet(spreadsheet, sheet)
    ranges = _add(spreadsheet, "table:database-ranges")
    for number, sheet in enumerate(book.sheets, 1):
        if sheet.rows:
            first, last = len(sheet.above) + 2, len(sheet.above) + 2 + len(sheet.rows)
            column = _letters(len(sheet.headings))
            place = f"'{sheet.name}'.A{first}:'{sheet.name}'.{column}{last}"
            _add(
                ranges,
                "table:database-range",
                table__name=f"Table{number}",
                table__target_range_address=place,
                table__contains_header="true",
            )
    return root


def _letters(number: int) -> str:
    """Return the letters of a column, counted from 1."""
    before, last = divmod(number - 1, 26)
    return f"{_letters(before) if before else ''}{chr(ord('A') + last)}"


def _sheet(parent: Element, sheet: Sheet) -> None:
    table = _add(parent, "table:table", table__name=sheet.name)
    _add(table, "table:table-column", table__style_name="wide")
    rest = len(sheet.headings) - 1
    if rest:
        style = "wide" if rest == 1 else "narrow"
        repeated = str(rest)
        _add(
            table,
            "table:table-column",
            table__style_name=style,
            table__number_columns_repeated=repeated,
        )
    _cell(_add(table, "table:table-row"), sheet.title, "head")
    for words in sheet.above:
        _cell(_add(table, "table:table-row"), words, "body")
    if not sheet.rows:
        return
    heading = _add(_add(table, "table:table-header-rows"), "table:table-row")
    for words in sheet.headings:
        _cell(heading, words, "head")
    for values in sheet.rows:
        row = _add(table, "table:table-row")
        for value in values:
            _cell(row, value, "body")


def _cell(row: Element, value: Value, style: str) -> None:
    words = value if isinstance(value, str) else f"{value:g}" if value % 1 else str(int(value))
    if isinstance(value, str):
        kind = {"office__value_type": "string"}
    else:
        kind = {"office__value_type": "float", "office__value": words}
    cell = _add(row, "table:table-cell", table__style_name=style, **kind)
    _add(cell, "text:p", words)


def _meta(book: Book) -> Element:
    root = _root("office:document-meta")
    about = _add(root, "office:meta")
    _add(about, "dc:title", book.title)
    _add(about, "dc:language", "en-GB")
    return root


def _settings(book: Book) -> Element:
    """Return what a program shows at first: the headings of each table stay in view."""
    root = _root("office:document-settings")
    views = _add(
        _add(root, "office:settings"), "config:config-item-set", config__name="ooo:view-settings"
    )
    view = _add(
        _add(views, "config:config-item-map-indexed", config__name="Views"),
        "config:config-item-map-entry",
    )
    tables = _add(view, "config:config-item-map-named", config__name="Tables")
    for sheet in book.sheets:
        entry = _add(tables, "config:config-item-map-entry", config__name=sheet.name)
        place = str(len(sheet.above) + 2)
        for name, kind, value in (
            ("VerticalSplitMode", "short", "2"),
            ("VerticalSplitPosition", "int", place),
            ("ActiveSplitRange", "short", "2"),
            ("PositionBottom", "int", place),
        ):
            _add(entry, "config:config-item", value, config__name=name, config__type=kind)
    return root


def _manifest() -> Element:
    root = Element(_name("manifest:manifest"), {_name("manifest:version"): VERSION})
    kinds = {"/": MIME, **dict.fromkeys(("content.xml", "meta.xml", "settings.xml"), "text/xml")}
    for path, kind in kinds.items():
        _add(root, "manifest:file-entry", manifest__full_path=path, manifest__media_type=kind)
    return root
