"""Number the colours that a program named (ISO 32000-1, 8.6.6 and 10.5.6).

No page shows the name of a colour. A screen draws it with the colours that are stated beside it;
only the names of the colours of print mean something themselves.
"""

from __future__ import annotations

import pikepdf

from grievances.evidence.sanitiser.pdf_parts import entries

PROCESS = entries.names("Cyan Magenta Yellow Black Red Green Blue Gray All None Default")
"""Colours of print, and what means all or none of them."""
BY_NAME = ("/Colorants", "/Solidities", "/DotGain")
"""Entries whose value has a key for each colour."""
IN_ORDER = ("/PrintingOrder", "/Components")
"""Entries whose value lists colours."""
OF_A_HALFTONE = frozenset({"/Type", "/HalftoneType"})
SPOTS = entries.names(
    "SimpleDot InvertedSimpleDot DoubleDot InvertedDoubleDot CosineDot Double InvertedDouble "
    "Line LineX LineY Round Ellipse EllipseA InvertedEllipseA EllipseB EllipseC InvertedEllipseC "
    "Square Cross Rhomboid Diamond"
)
"""Shapes of the dots of print (table 128)."""


class Colorants:
    """The new name of each colour in one PDF."""

    def __init__(self) -> None:
        self._new: dict[str, str] = {}

    def number(self, thing: object, depth: int = 0) -> None:
        """Rename the colours in one object and in its direct parts."""
        if depth > 20:
            return
        values: list[object] = []
        if isinstance(thing, pikepdf.Array):
            self._space(thing)
            values = list(thing)
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            self._entries(thing)
            values = [value for _, value in thing.items()]
        for value in values:
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                self.number(value, depth + 1)

    def _space(self, space: pikepdf.Array) -> None:
        kind = space[0] if len(space) > 1 else None
        if kind == pikepdf.Name.Separation and isinstance(space[1], pikepdf.Name):
            space[1] = self._renamed(str(space[1]))
        elif kind == pikepdf.Name.DeviceN and isinstance(space[1], pikepdf.Array):
            self._list(space[1])

    def _entries(self, thing: pikepdf.Object) -> None:
        for key in BY_NAME:
            if isinstance(thing.get(key), pikepdf.Dictionary):
                self._keys(thing[key], frozenset())
        for key in IN_ORDER:
            if isinstance(thing.get(key), pikepdf.Array):
                self._list(thing[key])
        if thing.get("/HalftoneType") == 5:
            if "/HalftoneName" in thing:
                del thing["/HalftoneName"]
            self._keys(thing, OF_A_HALFTONE)
        spot = thing.get("/SpotFunction")
        if isinstance(spot, pikepdf.Name | pikepdf.Array) and not is_known_spot(spot):
            thing["/SpotFunction"] = pikepdf.Name.SimpleDot

    def _list(self, names: pikepdf.Object) -> None:
        for at, name in enumerate(list(names)):
            if isinstance(name, pikepdf.Name):
                names[at] = self._renamed(str(name))

    def _keys(self, thing: pikepdf.Object, kept: frozenset[str]) -> None:
        for name, value in list(thing.items()):
            new = name if name in kept else str(self._renamed(name))
            if new != name:
                del thing[name]
                thing[new] = value

    def _renamed(self, name: str) -> pikepdf.Name:
        if name in PROCESS or name in self._new.values():
            return pikepdf.Name(name)
        return pikepdf.Name(self._new.setdefault(name, f"/Colour{len(self._new) + 1}"))


def is_known_spot(spot: pikepdf.Object) -> bool:
    """Return whether the shape of a dot, or each in a list, is one of the format's."""
    names = list(spot) if isinstance(spot, pikepdf.Array) else [spot]
    return all(str(name) in SPOTS for name in names)
