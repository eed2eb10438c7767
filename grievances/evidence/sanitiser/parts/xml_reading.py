"""Reading XML that may be hostile: a parser that refuses entities."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from xml.parsers import expat

from grievances.evidence.sanitiser.parts import allow_list as allowed
from grievances.evidence.sanitiser.protocol import Unfit

MOST_NAMES = 4_096
"""Names of elements and attributes that are remembered."""


class MalformedXml(ValueError):
    """The part is no XML, so nothing can be said of it."""


@lru_cache(MOST_NAMES)
def bare_name(name: str) -> str:
    """Return a name without its prefix, in small letters."""
    return name.rpartition(":")[2].lower()


def new_parser() -> expat.XMLParserType:
    """Return a parser that refuses declared entities and reads nothing from elsewhere."""

    def refuse(*_: object) -> None:
        raise Unfit("BOMB")

    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.EntityDeclHandler = refuse
    return parser


def root_of(head: bytes) -> str:
    """Return the local name of the first element; empty when this is not XML."""
    roots: list[str] = []
    parser = new_parser()
    parser.StartElementHandler = lambda tag, _: roots.append(bare_name(tag))
    with suppress(expat.ExpatError):
        parser.Parse(head, False)
    return roots[0] if roots else ""


def space_of(head: bytes) -> str:
    """Return the namespace of the first element; empty when it has none."""
    roots: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, _: roots.append(tag)
    with suppress(expat.ExpatError):
        parser.Parse(head, False)
    return roots[0].rpartition(" ")[0] if roots else ""


class Spaces:
    """The prefixes of namespaces that are not of these formats.

    A prefix is foreign from where it is declared to the end of the part, or until it is declared
    otherwise.
    """

    def __init__(self) -> None:
        self._foreign: set[str] = set()

    def learn(self, attributes: list[tuple[str, str]]) -> None:
        """Note the prefixes that an element declares."""
        for attribute, value in attributes:
            space, _, prefix = attribute.partition(":")
            if space == "xmlns" and prefix:
                if allowed.SPACES.match(value):
                    self._foreign.discard(prefix)
                else:
                    self._foreign.add(prefix)

    def is_foreign(self, name: str) -> bool:
        """Return whether the name of an element or of an attribute has a foreign prefix."""
        prefix, colon, _ = name.partition(":")
        # With the prefix `xhtml` a program states who or what a paragraph is about (RDFa).
        return bool(colon) and (prefix in self._foreign or prefix == "xhtml")
