"""Rewrite Word, Excel, PowerPoint and OpenDocument files without hidden details.

These files are packages of parts. Only parts of an allow-list stay (`parts.allow_list`). Text,
comments and tracked changes stay; the names beside them are removed. What is inside goes through
the same judgement and the same cleaner as if it had come alone. Source: ECMA-376 part 2 (packages),
OpenDocument 1.3 part 2.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from grievances.evidence.sanitiser import enclosed
from grievances.evidence.sanitiser.parts import allow_list as allowed
from grievances.evidence.sanitiser.parts import own_places, pivot_tables, xml_parts, xml_reading
from grievances.evidence.sanitiser.parts.part_rules import (
    Attributes,
    PartNames,
    Rules,
    is_plain_name,
    source_of,
)
from grievances.evidence.sanitiser.parts.sheets.shared_strings import LIST, SharedStrings
from grievances.evidence.sanitiser.parts.typed_names import TypedNames
from grievances.evidence.sanitiser.parts.xml_reading import bare_name
from grievances.evidence.sanitiser.protocol import Found, Unfit, note
from grievances.evidence.sanitiser.structure.packages import (
    MIMETYPE,
    PIECE_BYTES,
    TYPES,
    head,
    refuse,
)

PLACES = {"kept": 0, "emptied": 1}
"""The order of parts by what becomes of them."""


def clean(original: IO[bytes], copy: IO[bytes], found: Found) -> str:
    """Rewrite the package.

    Returns:
        `cleaned`.

    Raises:
        Unfit: The package is broken, a bomb or no document, has macros, or something inside it is
            refused or cannot be cleaned.
    """
    try:
        package = zipfile.ZipFile(io.BufferedReader(original, 1 << 18))  # type: ignore[type-var]
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise Unfit("FILE_BROKEN") from None
    with package:
        refuse(package)
        document = Document(package, found)
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as out:
            for name in document.in_order():
                try:
                    document.write(name, out)
                except xml_reading.MalformedXml:
                    note(found, "Could not be read inside it", name)
                    raise Unfit("failed") from None
    return "cleaned"


@dataclass
class Document:
    """One package, and what becomes of each part.

    `fates` has `kept` (as it is), `xml`, `emptied` or `enclosed` for each part that stays. `gone`
    has the ids of removed relationships by the part they start from.
    """

    package: zipfile.ZipFile
    found: Found
    fates: dict[str, str] = field(default_factory=dict)
    gone: dict[str, set[str]] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    typed: TypedNames = field(default_factory=TypedNames)
    parts: PartNames = field(default_factory=PartNames)
    strings: SharedStrings = field(default_factory=SharedStrings)

    def __post_init__(self) -> None:
        self._learn_spelling()
        for part in self.package.infolist():
            fate = self._fate(part.filename)
            if fate:
                self.fates[part.filename] = fate
        self.kept = {self.parts.known(name) for name in self.fates}
        for name in [each for each in self.fates if each.lower().endswith(".rels")]:
            source = source_of(self.parts.known(name))
            if source and source not in self.kept:
                del self.fates[name]
            else:
                self._find_gone(name)
        for name, fate in self.fates.items():
            if fate == "xml" and xml_reading.root_of(head(self.package, name)) in allowed.NAMING:
                self._learn_names(name)

    def _learn_spelling(self) -> None:
        """Note how parts are called here, before the first name of one is read.

        Raises:
            Unfit: Two parts have the same name, as names are compared in such a package.
        """
        names = [name for name in self.package.namelist() if not name.endswith("/")]
        lists = [name for name in names if name.lower() == TYPES]
        self.parts = PartNames(names, is_open=not lists)
        for name in lists:
            self._each_start(name, self.parts.learn)
        if len(self.parts.names) != len(names):
            raise Unfit("FILE_BROKEN")

    def in_order(self) -> list[str]:
        """Return the parts that stay, in the order of the copy.

        The kind of an OpenDocument file is its first part (OpenDocument 1.3 part 2, 3.3). Then come
        the properties: notes can begin with the names in them. The words of a workbook are last:
        its sheets say which are in a cell.
        """

        def place(name: str) -> int:
            fate = self.fates[name]
            root = xml_reading.root_of(head(self.package, name)) if fate == "xml" else ""
            return 3 if root == LIST else PLACES.get(fate, 2)

        return sorted(self.fates, key=place)

    def write(self, name: str, out: zipfile.ZipFile) -> None:
        """Write one part into the copy."""
        fate = self.fates[name]
        entry = zipfile.ZipInfo(self.parts.of(name), (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_STORED if fate == "kept" else zipfile.ZIP_DEFLATED
        if fate == "kept":
            out.writestr(entry, head(self.package, name).strip())
        elif fate == "enclosed":
            body = enclosed.clean(name, self._whole(name), self.found)
            if body is not None:
                out.writestr(entry, body)
        else:
            entry.file_size = self.package.getinfo(name).file_size
            with out.open(entry, "w", force_zip64=True) as sink:
                self._rewrite(name, sink.write, self.found, is_emptied=fate == "emptied")

    def _rewrite(self, name: str, sink, found: Found, *, is_emptied: bool) -> None:  # type: ignore[no-untyped-def]
        source = self.parts.known(name)
        rules = Rules(
            gone=frozenset(self.gone.get(source, ())),
            is_gone=lambda address: self._is_gone(source, address),
            is_inside=lambda address: self._is_inside(source, address),
            renamed=lambda address: self._renamed(source, address),
            rewrite=self._rewriting(name),
            enclosed=lambda raw: enclosed.clean(name, raw, found),
            is_emptied=is_emptied,
            people=self.people,
            names=self.typed,
            strings=self.strings,
        )
        xml_parts.rewrite(self._pieces(name), sink, found, rules)

    def _fate(self, name: str) -> str:
        """Return what becomes of a part; empty when it is left out."""
        known = self.parts.known(name)
        low = known.lower()
        with enclosed.inside(name):
            enclosed.refuse_program(known, b"")
        if not is_plain_name(known):
            return ""
        if low in {TYPES, "meta-inf/manifest.xml"}:
            return "xml"
        if low == MIMETYPE:
            return "kept"
        first = head(self.package, name)
        with enclosed.inside(name):
            enclosed.refuse_program(known, first)
        root = xml_reading.root_of(first)
        fate = self._fate_of_xml(low, root, first) if root else self._fate_of_other(name)
        if not fate:
            self._tell_left_out(name, root)
        return fate

    def _fate_of_xml(self, low: str, root: str, first: bytes) -> str:
        if root in allowed.PROGRAMS:
            raise Unfit("MACROS")
        if root == "relationships":
            return "xml" if low.endswith(".rels") else ""
        if allowed.OWN_XML.search(low) or not allowed.SPACES.match(xml_reading.space_of(first)):
            return ""
        if root in allowed.EMPTIED or allowed.EMPTIED_BY_NAME.match(low):
            return "emptied"
        is_known = root in allowed.KEPT or posixpath.basename(low) in allowed.KEPT_BY_NAME
        return "xml" if is_known else ""

    def _fate_of_other(self, name: str) -> str:
        """Return "" for a part that goes, or `enclosed` for one to be judged like a file."""
        is_picture_of_page = re.match(r"(docprops/|thumbnails/)", self.parts.known(name).lower())
        if is_picture_of_page or enclosed.kind_of(self._whole(name)) in {"", "email"}:
            return ""
        return "enclosed"

    def _tell_left_out(self, name: str, root: str) -> None:
        """Say that a part was left out, and find the names in it, to look for them later."""
        low = self.parts.known(name).lower()
        said = (what for pattern, what in allowed.LEFT_OUT if pattern.search(low))
        what = next(said, "Left out of the copy")
        if what and (what != "Left out of the copy" or self.package.getinfo(name).file_size):
            note(self.found, what, "yes" if what != "Left out of the copy" else name)
        if root:
            try:
                self._rewrite(name, len, self.found, is_emptied=True)
            except (xml_reading.MalformedXml, Unfit):
                return

    def _find_gone(self, name: str) -> None:
        """Note the relationships that start from a part and lead nowhere now."""
        source, gone = source_of(self.parts.known(name)), set()

        def look(element: str, attributes: Attributes) -> Attributes:
            said = {bare_name(key): value for key, value in attributes}
            if element == "relationship" and self._leads_nowhere(source, said):
                gone.add(said.get("id", ""))
            return attributes

        xml_parts.rewrite(self._pieces(name), len, [], Rules(rewrite=look))
        self.gone[source] = gone

    def _learn_names(self, name: str) -> None:
        """Note the names of ranges, before a formula that uses one is written."""
        self._each_start(name, self.typed.learn)

    def _each_start(self, name: str, look: Callable[[str, Attributes], object]) -> None:
        """Look at the start of each element of a part, as far as it is XML."""
        parser = xml_reading.new_parser()
        parser.StartElementHandler = lambda tag, flat: look(
            bare_name(tag), list(zip(flat[::2], flat[1::2], strict=True))
        )
        with suppress(expat.ExpatError):
            for piece in self._pieces(name):
                parser.Parse(piece, False)

    def _leads_nowhere(self, source: str, said: dict[str, str]) -> bool:
        target = said.get("target", "")
        if said.get("targetmode", "").lower() == "external":
            return False
        if not target or target.startswith("#"):
            return False
        return self.parts.at(source, target) not in self.kept

    def _rewriting(self, name: str):  # type: ignore[no-untyped-def]
        low = self.parts.known(name).lower()
        if low.endswith(".rels"):
            source = source_of(self.parts.known(name))
            return lambda element, said: self._relationship(source, element, said)
        if low == TYPES:
            return lambda element, said: self._type(element, said, "partname")
        if low == "meta-inf/manifest.xml":
            return lambda element, said: self._type(element, said, "full-path")
        if xml_reading.root_of(head(self.package, name)) == pivot_tables.DEFINITION:
            return pivot_tables.without_rows
        return None

    def _type(self, element: str, attributes: Attributes, key: str) -> Attributes | None:
        """Return what a list of parts says of one, or None for a part that was left out.

        Raises:
            Unfit: The package is encrypted.
        """
        if element == "encryption-data":
            raise Unfit("FILE_BROKEN")
        said = next((v for a, v in attributes if bare_name(a) == key), "")
        path = self.parts.known(said).lstrip("/")
        is_there = not path or path in self.kept
        is_folder = path.endswith("/") and any(each.startswith(path) for each in self.kept)
        listed = self._of_a_list(element, attributes) if is_there or is_folder else None
        return listed and [(a, self.parts.of(v) if bare_name(a) == key else v) for a, v in listed]

    def _of_a_list(self, element: str, attributes: Attributes) -> Attributes | None:
        """Return what is kept of an element of a list of parts; None if nothing is."""
        kept = allowed.ATTRIBUTES_OF_LISTS.get(element)
        if kept is None or (element == "default" and not self._is_used(attributes)):
            return None
        return [
            (name, value)
            for name, value in attributes
            if name.startswith("xmlns") or bare_name(name) in kept
        ]

    def _is_used(self, attributes: Attributes) -> bool:
        """Return whether a part that stays has this ending."""
        said = {bare_name(key): value.lower() for key, value in attributes}
        return any(name.endswith(f".{said.get('extension', '')}") for name in self.kept)

    def _relationship(self, source: str, element: str, attributes: Attributes) -> Attributes | None:
        said = {bare_name(key): value for key, value in attributes}
        attributes = self._of_a_list(element, attributes) or []
        if element != "relationship":
            return attributes if element == "relationships" else None
        if said.get("id", "") in self.gone.get(source, ()) and self._leads_nowhere(source, said):
            return None
        target = said.get("target", "")
        if said.get("targetmode", "").lower() == "external":
            target = self._outside(said.get("type", ""), target)
        elif not target.startswith("#"):
            target = self.parts.of(target.partition("#")[0])
        return [(key, target if bare_name(key) == "target" else value) for key, value in attributes]

    def _outside(self, kind: str, target: str) -> str:
        """Return the address of something outside, without a person's own folder."""
        if kind.lower().endswith("hyperlink") and own_places.PLAIN_LINK.match(target):
            return own_places.without_account(target)
        note(self.found, "Link to a folder", own_places.account_in(target) or target)
        return "Normal.dotm" if kind.lower().endswith("attachedtemplate") else "removed"

    def _is_gone(self, source: str, address: str) -> bool:
        """Return whether an address in an OpenDocument part is of one that was left out."""
        path = self.parts.at(source, address)
        return self.parts.is_name(path) and not self._is_inside(source, address)

    def _is_inside(self, source: str, address: str) -> bool:
        """Return whether an address is of a part, or of a folder of parts, that stays."""
        path = self.parts.at(source, address)
        return path in {"", *self.kept} or any(each.startswith(f"{path}/") for each in self.kept)

    def _renamed(self, source: str, address: str) -> str:
        """Return an address in a part, with the new name of the part there."""
        path, mark, place = address.partition("#")
        said = self.parts.said(source, address)
        new = self.parts.of(said)
        return (path if new == said else new) + mark + place

    def _pieces(self, name: str) -> Iterator[bytes]:
        with self.package.open(name) as source:
            while piece := source.read(PIECE_BYTES):
                yield piece

    def _whole(self, name: str) -> bytes:
        with self.package.open(name) as source:
            raw = source.read(enclosed.MOST_BYTES + 1)
        if len(raw) > enclosed.MOST_BYTES:
            raise Unfit("BOMB")
        return raw
