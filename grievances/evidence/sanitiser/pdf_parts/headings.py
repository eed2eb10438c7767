"""Keep what a PDF says aloud of something shown (ISO 32000-1, 14.7, 14.8).

A heading, a figure or a table may say other words for what is on the page. Those of an element
without anything on a page belong to nothing, and go. Names that a program gave to its elements
become those of the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf

from grievances.evidence.sanitiser.pdf_parts import entries
from grievances.evidence.sanitiser.pdf_parts.entries import Entry

SAID = ("/ActualText", "/Alt", "/E", "/Phoneme")
SAID_BESIDE = ("/Summary", "/Desc")
"""What attributes of an element say (tables 348 and 349)."""
LEVEL = re.compile(r"/H\d{1,2}")
NO_ROLE = pikepdf.Name.NonStruct
MOST_STEPS = 20
MARK = re.compile(rb"/MCID\s+(\d{1,9})\b(?![^>]*>>\s*BDC\s*EMC)")
"""The number of a marked part among instructions, unless nothing is in it."""


class Marks:
    """The numbers of the marked parts of every page and form (14.7.4)."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._of_pages: dict[tuple[int, int], set[int]] = {}
        self._anywhere: set[int] = set()
        for page in pdf.pages:
            contents = page.obj.get("/Contents")
            parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
            streams = [part for part in parts if isinstance(part, pikepdf.Stream)]
            self._of_pages[page.obj.objgen] = _numbers(b"\n".join(map(_read, streams)))
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream) and str(thing.get("/Subtype", "")) == "/Form":
                self._anywhere |= _numbers(_read(thing))
            elif isinstance(thing, pikepdf.Dictionary) and str(thing.get("/Type", "")) != "/MCR":
                number = thing.get("/MCID")  # beside a marked part, in a list of properties
                self._anywhere |= {number} if isinstance(number, int) else set()
        self._all = self._anywhere.union(*self._of_pages.values())

    def has(self, page: object, number: object) -> bool:
        """Return whether a page has a marked part of this number; any page if it is None."""
        known = self._all
        if isinstance(page, pikepdf.Dictionary):
            known = self._anywhere | self._of_pages.get(page.objgen, set())
        return number in known


def _read(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return b""


def _numbers(body: bytes) -> set[int]:
    return {int(each) for each in MARK.findall(body)}


def strip_headings(pdf: pikepdf.Pdf) -> None:
    """Take names and words that belong to nothing out of the structure."""
    tree = pdf.Root.get("/StructTreeRoot")
    if not isinstance(tree, pikepdf.Dictionary):
        return
    found, marks = listed(tree), Marks(pdf)
    shown = [belongs_to_something(each, marks) for each, _ in found]
    for at in range(len(found) - 1, -1, -1):
        parent = found[at][1]
        if shown[at] and parent >= 0:
            shown[parent] = True
    known = {each.objgen for each, _ in found if each.is_indirect}
    for (each, _), is_shown in zip(found, shown, strict=True):
        _strip(each, tree.get("/RoleMap"), is_shown=is_shown)
    for thing in pdf.objects:
        is_element = isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/StructElem"
        if is_element and thing.objgen not in known:
            _strip(thing, tree.get("/RoleMap"), is_shown=belongs_to_something(thing, marks))
    for name in ("/RoleMap", "/ClassMap", "/IDTree", "/Namespaces"):
        if name in tree:
            del tree[name]


def listed(tree: pikepdf.Object) -> list[tuple[pikepdf.Object, int]]:
    """Return every element, each with the place of its parent in the list, or -1."""
    waiting = [(kid, -1) for kid in _kids(tree)]
    found: list[tuple[pikepdf.Object, int]] = []
    known: set[tuple[int, int]] = set()
    while waiting:
        thing, parent = waiting.pop()
        if thing.is_indirect and thing.objgen in known:
            continue
        known.add(thing.objgen)
        found.append((thing, parent))
        waiting += [(kid, len(found) - 1) for kid in _kids(thing)]
    return found


def _parts(thing: pikepdf.Object) -> list[Entry]:
    kids = thing.get("/K")
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _kids(thing: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for each in _parts(thing):
        if isinstance(each, pikepdf.Dictionary) and not is_content(each):
            yield each


def is_content(thing: pikepdf.Object) -> bool:
    """Return whether a part of an element is something on a page, not an element."""
    return "/MCID" in thing or "/Obj" in thing


def belongs_to_something(thing: pikepdf.Object, marks: Marks) -> bool:
    """Return whether an element itself has a marked part or an object of a page."""
    for each in _parts(thing):
        if isinstance(each, int) and marks.has(thing.get("/Pg"), each):
            return True
        if isinstance(each, pikepdf.Dictionary) and is_content(each):
            obj = each.get("/Obj")
            # An object without entries was a field that is not shown.
            if isinstance(obj, pikepdf.Object) and len(obj.keys()):
                return True
            if "/MCID" in each and marks.has(each.get("/Pg", thing.get("/Pg")), each["/MCID"]):
                return True
    return False


def _strip(thing: pikepdf.Object, roles: Entry, *, is_shown: bool) -> None:
    if isinstance(thing.get("/S"), pikepdf.Name):
        thing["/S"] = role_of(thing, roles)
    for name in ("/C", "/NS", "/T", "/ID", *(() if is_shown else SAID)):
        if name in thing:
            del thing[name]
    if "/A" in thing:
        kept = list(_attributes(thing["/A"], is_shown=is_shown))
        thing["/A"] = pikepdf.Array(kept)


def _attributes(stated: Entry, *, is_shown: bool) -> Iterator[Entry]:
    """Yield the attributes of owners that the format knows; numbers of changes go."""
    for each in list(stated) if isinstance(stated, pikepdf.Array) else [stated]:
        if isinstance(each, pikepdf.Dictionary) and str(each.get("/O", "")) in entries.OWNERS:
            for name in () if is_shown else SAID_BESIDE:
                if name in each:
                    del each[name]
            yield each


def role_of(thing: pikepdf.Object, roles: Entry) -> pikepdf.Name:
    """Return the role of an element under the name that the format gives it."""
    space = thing.get("/NS")
    if isinstance(space, pikepdf.Dictionary) and "/RoleMapNS" in space:
        roles = space["/RoleMapNS"]
    role: Entry = thing["/S"]
    for _ in range(MOST_STEPS):
        if str(role) in entries.ROLES or LEVEL.fullmatch(str(role)):
            return pikepdf.Name(str(role))
        if not isinstance(roles, pikepdf.Dictionary) or not isinstance(role, pikepdf.Name):
            return NO_ROLE
        role = roles.get(str(role))
        role = role[0] if isinstance(role, pikepdf.Array) and len(role) else role
    return NO_ROLE
