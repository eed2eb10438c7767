"""Number the names of what a page of a PDF is drawn with.

A program may call them what it likes, and no page shows it (ISO 32000-1, 7.8.3). The same name
becomes the same number in the whole document, so instructions find what they name.
"""

from __future__ import annotations

import re

import pikepdf

from grievances.evidence.sanitiser.pdf_parts.entries import Entry

FONT, PICTURE, COLOUR, MARKS = "/Font", "/XObject", "/ColorSpace", "/Properties"
KINDS = (FONT, PICTURE, "/ExtGState", COLOUR, "/Pattern", "/Shading", MARKS)
USED_BY = {
    "Tf": (FONT, 0),
    "Do": (PICTURE, 0),
    "gs": ("/ExtGState", 0),
    "cs": (COLOUR, 0),
    "CS": (COLOUR, 0),
    "scn": ("/Pattern", -1),
    "SCN": ("/Pattern", -1),
    "sh": ("/Shading", 0),
    "BDC": (MARKS, 1),
}
"""What the name in an instruction is of, and which of its values it is."""
PLAIN = re.compile(
    r"/(?:[A-Za-z]{1,2}_?\d{0,6}(?:_\d{1,6})?|(?:CS|GS|Im|Fm|MC|TT|Sh|Xf|Pr)[pP]?\d{1,6}"
    r"|(?:Default|Device)(?:Gray|RGB|CMYK)|Cal(?:Gray|RGB)|Lab|Pattern|Indexed|G|RGB|CMYK|I"
    r"|(?:Helv|HeBo|HeBO|HeOb|Cour|CoBo|CoBO|CoOb|TiRo|TiBo|TiBI|TiIt|ZaDb|Symb)"
    r"|(?:Font|XObject|ExtGState|ColorSpace|Pattern|Shading|Properties)\d+_)"
)
"""Names that programs count up, those of the format, and ours."""
IN_A_STYLE = re.compile(r"/([^\s()<>\[\]{}/%]+)(?=\s+-?[\d.]+\s+Tf\b)")
"""The name of a font in the looks of a field (12.7.3.3)."""
MOST_DEPTH = 20


class ResourceNames:
    """The new name of each name, by kind."""

    def __init__(self) -> None:
        self._new: dict[tuple[str, str], str] = {}
        self._seen: set[tuple[int, int]] = set()

    def of(self, kind: str, name: str) -> str:
        """Return the new name; one that a program counted up is kept."""
        if PLAIN.fullmatch(name):
            return name
        number = 1 + sum(known == kind for known, _ in self._new)
        return self._new.setdefault((kind, name), f"{kind}{number}_")

    def number(self, thing: object, depth: int = 0) -> None:
        """Number the names in every list of resources of an object and its direct parts."""
        if depth > MOST_DEPTH:
            return
        values: list[object] = []
        if isinstance(thing, pikepdf.Array):
            values = list(thing)
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            values = [value for _, value in thing.items()]
            for key in ("/Resources", "/DR"):
                self._number_list(thing.get(key))
            if isinstance(thing.get("/DA"), pikepdf.String):
                thing["/DA"] = pikepdf.String(self.in_style(str(thing["/DA"])))
        for value in values:
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                self.number(value, depth + 1)

    def _number_list(self, resources: object) -> None:
        if not isinstance(resources, pikepdf.Dictionary):
            return
        for kind in KINDS:
            named: Entry = resources.get(kind)
            if not isinstance(named, pikepdf.Dictionary):
                continue
            for name in [each for each in named.as_dict() if not PLAIN.fullmatch(each)]:
                value = named[name]
                del named[name]
                named[self.of(kind, name)] = value

    def in_style(self, said: str) -> str:
        """Return the looks of a field with the new name of its font."""
        return IN_A_STYLE.sub(lambda found: self.of(FONT, f"/{found[1]}"), said)

    def in_operands(self, operator: str, operands: list[Entry]) -> list[Entry]:
        """Return the values of an instruction with new names."""
        kind, at = USED_BY.get(operator, ("", 0))
        if kind and -len(operands) <= at < len(operands):
            value = operands[at]
            if isinstance(value, pikepdf.Name):
                operands[at] = pikepdf.Name(self.of(kind, str(value)))
        return operands
