"""Rewrite one XML part as it streams by, without the names and places in it.

Text, comments and tracked changes stay. The names beside them are replaced, whatever the part is.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from grievances.evidence.sanitiser.parts import allow_list as allowed
from grievances.evidence.sanitiser.parts import left_out, own_places, person_fields, typed_names
from grievances.evidence.sanitiser.parts.field_codes import FieldCodes
from grievances.evidence.sanitiser.parts.part_rules import ESCAPES, Attributes, Rules, started
from grievances.evidence.sanitiser.parts.plain_values import OF_PROGRAMS, is_of_no_program, rule_of
from grievances.evidence.sanitiser.parts.sheets.cell_formulas import CellFormulas, within
from grievances.evidence.sanitiser.parts.sheets.shared_strings import CELLS, LIST
from grievances.evidence.sanitiser.parts.xml_reading import (
    MalformedXml,
    Spaces,
    bare_name,
    new_parser,
)
from grievances.evidence.sanitiser.plain_words import date
from grievances.evidence.sanitiser.protocol import Found, Unfit, note

UNNAMED = "Author"
DATES = frozenset({"Made on", "Changed on"})
WRITERS = frozenset({"Author", "Last changed by", "Named beside a comment or change"})
NOTES = frozenset({"comment", "annotation"})
"""Elements of a note, which programs begin with the name of its writer."""
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TEXT_IN_FORMULA = re.compile(r'"(?:[^"]|"")*"')
MOST_DEPTH = 2_000
FLUSH_SIGNS = 64 * 1024


def rewrite(
    pieces: Iterable[bytes], sink: Callable[[bytes], object], found: Found, rules: Rules
) -> None:
    """Write the part without names and places to `sink`, and add what was found.

    Raises:
        MalformedXml: The part is not XML.
    """
    rewriting = _Rewriting(sink, found, rules)
    parser = new_parser()
    parser.StartElementHandler = rewriting.start
    parser.EndElementHandler = rewriting.end
    parser.CharacterDataHandler = rewriting.text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise MalformedXml from None
    rewriting.flush()


@dataclass
class _Rewriting:
    sink: Callable[[bytes], object]
    found: Found
    rules: Rules
    out: list[str] = field(default_factory=lambda: [DECLARATION])
    size: int = 0
    path: list[str] = field(default_factory=list)
    said: str = ""
    is_open: bool = False
    is_list: bool = False
    skipped: int = 0
    is_hidden_name: set[str] = field(default_factory=set)
    notes: int = 0
    held: list[str] | None = None
    formulas: CellFormulas = field(default_factory=CellFormulas)
    note_authors: list[str] = field(default_factory=list)
    spaces: Spaces = field(default_factory=Spaces)

    def __post_init__(self) -> None:
        self.rules.strings.restart()
        self.codes = FieldCodes(lambda text: self._without_path(self.rules.names.instruction(text)))

    def start(self, tag: str, flat: list[str]) -> None:
        """Write the start of an element, or begin to leave it out.

        Raises:
            Unfit: The elements are inside each other too often.
        """
        name = bare_name(tag)
        said: Attributes = list(zip(flat[::2], flat[1::2], strict=True))
        self.path.append(tag)
        self.spaces.learn(said)
        self.said = ""
        self.notes += name in NOTES
        self.is_list |= name == LIST
        if name in CELLS:
            self.rules.strings.begin(name, said)
        if len(self.path) > MOST_DEPTH:
            raise Unfit("TOO_MANY_PARTS")
        if self.skipped or self._is_left_out(name, said):
            self.skipped += 1
            self._attributes(name, said)  # For what is found in them.
            return
        if name in left_out.WITH_CONDITION:
            note(self.found, "Hidden words that stay in it", left_out.hidden_words(name, said))
            said = left_out.as_it_was(name, said, self.rules.names.shown)
        attributes = said if self.rules.rewrite is None else self.rules.rewrite(name, said)
        if attributes is None:
            self.skipped += 1
            return
        self._open(tag, name, attributes)

    def _open(self, tag: str, name: str, attributes: Attributes) -> None:
        kept = self._attributes(name, attributes)
        if name == "definedname":
            self.is_hidden_name = {"1", "true"} & {v for key, v in attributes if key == "hidden"}
        if name == "f" and bare_name(self.path[-2]) == "c":
            self.formulas.begin(started(tag, kept), dict(kept).get("si", ""))
            return
        self._close_tag()
        if tag in left_out.UNWRAPPED:
            return
        if name == "fldchar":
            self._write_instruction(tag, attributes)
        self._write(started(tag, kept))
        self.is_open = True
        if name == "binary-data":
            self.held = []

    def end(self, tag: str) -> None:
        """Write the end of an element, unless it is left out."""
        name = bare_name(tag)
        if name in {"author", "creator"} and self.said:
            self.note_authors.append(self.said)
        if self.said:
            self._tell(name)
        self.path.pop()
        self.notes -= name in NOTES
        if self.skipped:
            self.skipped -= 1
            return
        if tag in left_out.UNWRAPPED:
            return
        if self.formulas.pieces is not None:
            self._write_formula(tag)
            return
        if self.held is not None and name == "binary-data":
            self._write_enclosed()
        if self._is_author_element(tag) and self.said:
            self._close_tag()
            self._write(UNNAMED)
        self._write("/>" if self.is_open else f"</{tag}>")
        self.is_open = False
        self.said = ""

    def text(self, text: str) -> None:
        """Write text; the name of an author is held back until its element ends."""
        tag = self.path[-1]
        if self.held is not None:
            self.held.append(text)
            return
        if self.formulas.pieces is not None:
            self.formulas.pieces.append(text)
            return
        is_author = self._is_author_element(tag)
        first, self.said = not self.said, (self.said + text)[:400]
        if self.skipped or is_author:
            return
        if bare_name(tag) in typed_names.INSTRUCTIONS:
            text = self.codes.take(text)
        elif bare_name(tag) in allowed.PATH_ELEMENTS:
            text = self._without_path(self._with_new_names(bare_name(tag), text))
        elif left_out.is_value(self.path):
            text = text if left_out.VALUE.fullmatch(text.strip()) else ""
        elif first and self.notes:
            named = [value for what, value in self.found if what in WRITERS]
            text = person_fields.without_writer(text, [*self.note_authors, *named], UNNAMED)
        self._close_tag()
        self._write(text.translate(ESCAPES))

    def flush(self) -> None:
        """Send what has been written."""
        self.sink("".join(self.out).encode())
        self.out, self.size = [], 0

    def _is_left_out(self, name: str, attributes: Attributes) -> bool:
        if self.rules.is_emptied and len(self.path) > 1:
            return name not in left_out.MADE_WITH
        if name in left_out.OF_INK and bare_name(self.path[0]) == "ink":
            return True
        if self.is_list and self.rules.strings.is_unread(self.path):
            return True
        if name == "rph" and not self.is_list and not self.rules.strings.is_cell_read:
            return True
        if name in OF_PROGRAMS and is_of_no_program(name, attributes, self.rules.names.sheets):
            return True
        if left_out.is_left_out(name, attributes) or self.spaces.is_foreign(self.path[-1]):
            return True
        if any(key == "xmlns" and not allowed.SPACES.match(value) for key, value in attributes):
            return ":" not in self.path[-1]
        if self.rules.names.is_unshown(name, attributes) or name in allowed.BARE_WITHOUT:
            return name not in allowed.BARE_WITHOUT
        return any(self._points_nowhere(attribute, value) for attribute, value in attributes)

    def _points_nowhere(self, attribute: str, value: str) -> bool:
        if bare_name(attribute) == "href":
            return self.rules.is_gone(value)
        return ":" in attribute and value in self.rules.gone

    def _attributes(self, name: str, attributes: Attributes) -> Attributes:
        is_bare = self.rules.is_emptied and len(self.path) == 1
        kept = []
        for attribute, value in attributes:
            rule = rule_of(name, attribute)
            if rule and not rule.fullmatch(value):
                continue
            new: str | None = value
            is_plain = (
                left_out.is_unremarkable(name, attribute) and "/" not in value and "\\" not in value
            )
            is_plain = is_plain and value not in self.rules.names.fonts
            if is_bare or not is_plain or value in self.rules.gone:
                new = self._value(name, attribute, value)
                stays = attribute.startswith("xmlns") or bare_name(attribute) == "version"
                new = None if is_bare and not stays else new
            if new is not None and not self.spaces.is_foreign(attribute):
                kept.append((attribute, new))
        return kept

    def _value(self, name: str, attribute: str, value: str) -> str | None:
        key = bare_name(attribute)
        if attribute.startswith("xmlns"):
            return own_places.without_path(value) if own_places.LOCAL_PATH.match(value) else value
        if key.startswith("rsid") or left_out.is_dropped(name, key):
            return None
        if key in {"action", "progid", "appname"}:
            return left_out.without_program(key, value)
        if name == "definedname" and key in allowed.NAME_NOTES:
            return None
        if person_fields.names_person(name, key):
            self._person(value)
            return UNNAMED if value else value
        if (key == "ed" and name == "permstart") or self._points_nowhere(attribute, value):
            return None
        if key in allowed.PERSON_KEYS or (key == "id" and name in {"person", "author"}):
            return self.rules.same_person(value)
        if value in self.rules.names.fonts:
            return self.rules.names.font(value)
        parent = bare_name(self.path[-2]) if len(self.path) > 1 else ""
        renamed = self.rules.names.value(name, parent, attribute, value)
        if renamed is not None:
            return self._without_path(renamed)
        if key == "href" and value and not own_places.PLAIN_LINK.match(value):
            return self._inner_link(value)
        return value if key in allowed.NO_PATH else self._without_path(value)

    def _person(self, value: str) -> None:
        if value.strip() and value != UNNAMED:
            note(self.found, "Named beside a comment or change", value)

    def _inner_link(self, value: str) -> str:
        if self.rules.is_inside(value):
            return self.rules.renamed(value)
        note(self.found, "Link to a folder", own_places.account_in(value) or value)
        return "#"

    def _without_path(self, value: str) -> str:
        new = own_places.without_path(value)
        if new != value:
            note(self.found, "Link to a folder", own_places.account_in(value) or value)
        return new

    def _with_new_names(self, name: str, text: str) -> str:
        if name not in typed_names.FORMULA_ELEMENTS:
            return text
        if name == "definedname" and self.is_hidden_name:
            text = TEXT_IN_FORMULA.sub('""', text)  # A name that no list shows holds the text.
        return self.rules.names.formula(within(name, text))

    def _is_author_element(self, tag: str) -> bool:
        # With the prefix `text` it is a field, and its text is on the page.
        name = bare_name(tag)
        if tag.startswith("text:"):
            return name in allowed.SENDER_FIELDS
        return name in person_fields.AUTHOR_ELEMENTS

    def _tell(self, name: str) -> None:
        if name == "v":
            self.rules.strings.take(self.said)
        value = self.said.strip()
        if not value:
            return
        in_list = len(self.path) > 1 and bare_name(self.path[-2]) == "vector"
        if self.skipped and name in allowed.TOLD and not in_list:
            what = allowed.TOLD[name]
            note(self.found, what, date(value) if what in DATES else value)
        elif self._is_author_element(self.path[-1]):
            self._person(value)

    def _write_formula(self, tag: str) -> None:
        """Write the formula of a cell, unless it reads another file."""
        said = self.formulas.end()
        if said is not None:
            self._close_tag()
            said = self._without_path(self.rules.names.formula(said)).translate(ESCAPES)
            self._write(f"{self.formulas.start}>{said}</{tag}>")

    def _write_enclosed(self) -> None:
        """Write a file that is part of the XML in base64, cleaned."""
        held, self.held = "".join(self.held or ()), None
        try:
            raw = base64.b64decode(held)
        except binascii.Error:
            return
        clean = self.rules.enclosed(raw) if self.rules.enclosed else None
        if clean:
            self._close_tag()
            self._write(base64.b64encode(clean).decode())

    def _write_instruction(self, tag: str, attributes: Attributes) -> None:
        """Write what a field says, as a whole, before it goes on."""
        kinds = [value for key, value in attributes if bare_name(key) == "fldchartype"]
        said = self.codes.said("".join(kinds)).translate(ESCAPES)
        deleted = any(bare_name(each) == "del" for each in self.path)
        element = tag[: -len("fldChar")] + ("delInstrText" if deleted else "instrText")
        if said:
            self._write(f'<{element} xml:space="preserve">{said}</{element}>')

    def _close_tag(self) -> None:
        if self.is_open:
            self._write(">")
            self.is_open = False

    def _write(self, text: str) -> None:
        self.out.append(text)
        self.size += len(text)
        if self.size > FLUSH_SIGNS:
            self.flush()
