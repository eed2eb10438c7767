"""Tell elements and attributes of these formats from those of other programs."""

from __future__ import annotations

from grievances.evidence.sanitiser.parts import allow_list as allowed


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
